"""How many people do those who hire aim at, week by week?

At the heads as typed, or at as many more or fewer as there is more or less work than today.
"""

from __future__ import annotations

import numpy as np

from sim.domain.contacts.demand import week_factor
from sim.plan.seats import whose_people
from sim.plan.work_of_contact import handle_s
from sim.scenario.scenario import Scenario


def hiring_targets(scenario: Scenario, heads: np.ndarray) -> np.ndarray:
    """[week, group] people that orders aim at, of `heads` [week, group] wanted on the floor."""
    aims = heads.copy()
    for week in range(len(heads)):
        now = scenario.in_week(week)
        for g, (name, group) in enumerate(now.spec.agents.items()):
            if group.people and group.people.hiring and group.people.hiring.follows == "demand":
                aims[week, g] *= _work_against_today(scenario, now, name, week)
    return aims


def _work_against_today(scenario: Scenario, now: Scenario, group: str, week: int) -> float:
    """Expected work of new issues that a group may take ÷ that of a mean week of today."""
    expected, today = 0.0, 0.0
    todays = whose_people(scenario, group)
    for type_ in now.types_of(group):
        season = week_factor(now.spec.contacts[type_].volume, week, now.event_factors(type_))
        expected += now.weekly_contacts(type_) * season * handle_s(now, group, type_)
    for type_ in todays.types_of(group):
        today += todays.weekly_contacts(type_) * handle_s(todays, group, type_)
    return expected / today if today else 1.0

"""What leavers cost: memo lines. Recruiting and classes are booked as people come, not as they go.

What is lost to learning shows in service and is booked nowhere.
"""

from __future__ import annotations

import numpy as np

from sim.domain.agents.learning import lost_weeks
from sim.domain.agents.leaving import LeaverCost, cost_of_leaver
from sim.domain.study.costs import HOURS_PER_WEEK
from sim.metrics.terms import Lines
from sim.scenario.scenario import Scenario
from sim.weeks.counts import Tally


def leaver_costs(scenario: Scenario) -> dict[str, LeaverCost]:
    """Group → what one of its leavers costs, of groups that have people."""
    costs, found = scenario.spec.costs, {}
    for name, group in scenario.spec.agents.items():
        if group.people:
            week_wages = HOURS_PER_WEEK * group.wage * (1 + costs.on_cost)
            lost = lost_weeks(group.people.learning)
            found[name] = cost_of_leaver(costs.recruiting, costs.class_weeks, lost, week_wages)
    return found


def turnover_lines(scenario: Scenario, tally: Tally) -> Lines:
    """The memo lines of leavers, as if each were replaced; none where nobody is a person."""
    lines: Lines = {}
    for name, one in leaver_costs(scenario).items():
        left = tally.people["left"][:, :, scenario.groups.index(name)]
        for part, cost in (("replacing", one.booked), ("learning", one.learning)):
            line = f"memo:turnover:{part}"
            lines[line] = lines.get(line, np.zeros(left.shape)) - cost * left
    return lines

"""Who could be on duty, and how do people come, learn and go? The part that is known beforehand.

A group's roster is a list of posts. Where only heads are typed, the posts of a day stand in a ring:
so many as the plan has on the floor come one after another, and the next ones are those who would
be there, but are on leave, in training or in meetings. Each day the ring begins elsewhere, so all
work as much. With shifts each post has those of the roster (roster.py), and whole days away. What
is not known beforehand (who holds a post, who is sick) is in weeks/workforce.py.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.core.clock import CELLS_PER_DAY, CELLS_PER_WEEK, DAYS_PER_WEEK
from sim.core.quantiles import GOLDEN_SECTION
from sim.domain.agents.engagement import NO_LOADS, Loads, Reactions, compile_engagement
from sim.domain.agents.hiring import HiringSpec
from sim.domain.agents.learning import Learning, compile_learning
from sim.domain.agents.leaving import Leaving, base_hazard, steady_tenure
from sim.domain.agents.rostering import round_half_up
from sim.plan.anchors import Anchors
from sim.plan.seats import roster_of, todays_group
from sim.plan.weekly_seats import SeatsOfWeeks
from sim.scenario.people_spec import PeopleSpec
from sim.scenario.scenario import Scenario


class Rostered(NamedTuple):
    """Who is in the roster of a week, and who of them is planned to be away."""

    rostered: np.ndarray  # int8 [post, 672]
    away: np.ndarray  # int8 [post, 672]


class GroupStaffing(NamedTuple):
    """The people of a group, as far as they are known beforehand."""

    name: str
    spec: PeopleSpec
    first: int  # row of its first post
    last: int  # row after its last post
    today: int  # people on the floor today
    heads: np.ndarray  # int64 [week] people wanted on the floor
    hired_for: np.ndarray  # int64 [week] people that orders aim at
    by_attrition: np.ndarray  # bool [week] whether fewer are wanted only as people leave
    class_weeks: int
    turnover: float  # today's leavers a year ÷ heads: who hires reckons with them
    ahead: float  # people ordered beyond those wanted, so that these are there on average
    sick: float  # probability of being sick on a day
    shrinkage: float  # share of time in the roster: sickness, leave, training, meetings
    shifts: np.ndarray | None  # int8 [post of the roster, 672] at work; None without shifts
    leaving: Leaving
    todays_leaving: Leaving
    todays_hiring: HiringSpec | None  # before the horizon; afterwards it is that of `spec`
    learning: Learning
    reacts: Reactions
    todays_loads: Loads
    tenure: np.ndarray  # [week] shares of today's people by weeks on the floor
    is_still: bool  # the pilot: as many as today, and nobody comes or goes

    def hiring_in(self, week: int) -> HiringSpec | None:
        """How vacancies are filled in a week; before the horizon as today."""
        return self.todays_hiring if week < 0 else self.spec.hiring

    def reacts_in(self, week: int) -> Reactions:
        """How people react in a week; before the horizon without what lifts them since."""
        return self.reacts._replace(lift=0.0) if week < 0 else self.reacts

    def leaving_in(self, week: int) -> Leaving:
        """How people leave in a week; before the horizon as today."""
        return self.todays_leaving if week < 0 else self.leaving

    def wanted(self, week: int) -> int:
        """People wanted on the floor in a week; before the horizon as many as today."""
        return self._in(self.heads, week)

    def aim(self, week: int) -> int:
        """People that orders aim at, to be on the floor in a week."""
        return self._in(self.hired_for, week)

    def _in(self, people: np.ndarray, week: int) -> int:
        return self.today if week < 0 else int(people[min(week, len(people) - 1)])


def staffing_of(
    scenario: Scenario, seats: SeatsOfWeeks, anchors: Anchors
) -> list[GroupStaffing | None]:
    """[group] its people, as the scenario of a week has them; None where seats are no people."""
    return [
        _group(scenario, anchors, seats, g) if spec.people else None
        for g, spec in enumerate(scenario.spec.agents.values())
    ]


def _group(scenario: Scenario, anchors: Anchors, seats: SeatsOfWeeks, g: int) -> GroupStaffing:
    name = scenario.groups[g]
    group, of_today = scenario.spec.agents[name], todays_group(scenario, name)
    spec, todays = group.people, of_today.people
    assert spec is not None
    assert todays is not None
    hazard = base_hazard(group.turnover, spec.early_leaving)
    todays_hazard = base_hazard(of_today.turnover, todays.early_leaving)
    tenure = steady_tenure(todays_hazard, todays.early_leaving)
    rows = seats.warm_up.first_seat[g : g + 2].tolist()
    loads = Loads(*anchors.loads[name]) if name in anchors.loads else None
    shifts, shrinkage = None, group.away
    if group.shifts is not None:
        roster = roster_of(scenario, name, anchors.volume)
        shifts = roster.present.astype(np.int8) * (seats.warm_up.closed[g] == 0)
        shrinkage = roster.away(shrinkage)
    return GroupStaffing(
        name=name,
        spec=spec,
        first=rows[0],
        last=rows[1],
        today=todays.heads,
        heads=round_half_up(seats.heads[:, g]),
        hired_for=round_half_up(seats.hired_for[:, g]),
        by_attrition=seats.not_paid_off[:, g] > 0,
        class_weeks=math.ceil(scenario.spec.costs.class_weeks),
        turnover=of_today.turnover,
        ahead=anchors.ahead.get(name, 0.0),
        sick=min(spec.sickness, shrinkage),
        shrinkage=shrinkage,
        shifts=shifts,
        leaving=Leaving(hazard, spec.early_leaving),
        todays_leaving=Leaving(todays_hazard, todays.early_leaving),
        todays_hiring=todays.hiring,
        learning=compile_learning(spec.learning, todays.learning, tenure),
        reacts=compile_engagement(
            spec.reacts, loads, spec.coaching - todays.coaching, spec.autonomy - todays.autonomy
        ),
        todays_loads=loads or NO_LOADS,
        tenure=tenure,
        is_still=loads is None,
    )


def rostered(staffing: GroupStaffing, level: np.ndarray, week: int) -> Rostered:
    """The roster of a week by posts, where the plan has `level` [672] on the floor on average.

    Sickness is not planned: with today's sickness the level is what comes.
    """
    days = week * DAYS_PER_WEEK + np.arange(CELLS_PER_WEEK) // CELLS_PER_DAY
    if staffing.shifts is None:
        return _ring(staffing, level, days, max(1, staffing.wanted(week)))
    at_work = staffing.shifts[_as_rostered(staffing, len(staffing.shifts))]
    planned_away = 1 - (1 - staffing.shrinkage) / (1 - staffing.sick)
    place = (np.arange(len(at_work))[:, None] + days) * GOLDEN_SECTION % 1.0
    return Rostered(at_work, at_work * (place < planned_away))


def _ring(staffing: GroupStaffing, level: np.ndarray, days: np.ndarray, heads: int) -> Rostered:
    planned = np.minimum(heads, round_half_up(level / (1 - staffing.sick)))
    in_roster = np.minimum(heads, round_half_up(level / (1 - staffing.shrinkage)))
    in_roster = np.maximum(in_roster, planned)
    begins = np.floor(days * GOLDEN_SECTION % 1.0 * heads).astype(np.int64)
    place = (_as_rostered(staffing, heads)[:, None] - begins) % heads
    is_in = place < in_roster
    return Rostered(is_in.astype(np.int8), (is_in & (place >= planned)).astype(np.int8))


def _as_rostered(staffing: GroupStaffing, heads: int) -> np.ndarray:
    """[post] whose place in the roster it has: posts beyond the heads work as others do."""
    post = np.arange(staffing.last - staffing.first)
    spare = max(1, len(post) - heads)
    return np.where(post < heads, post, (post - heads) * max(1, heads // spare) % heads)

"""How busy will people be? What can be said of a scenario before it is simulated.

Expected load is the work of all contacts, redials and repeats included, shared out along their
routes as Erlang A says. Offers come on top, and those who give up take their work away.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core.clock import CELLS_PER_HOUR, SECONDS_PER_HOUR
from sim.domain.agents.rostering import LevelTable, seat_hours_per_week
from sim.plan.over_the_day import total
from sim.plan.seats import compile_levels, expected_loads, fill_seats
from sim.plan.weekly_seats import seats_of_weeks
from sim.plan.work_profile import profile_of_work
from sim.plan.workload import Load
from sim.scenario.hints import said_of
from sim.scenario.scenario import Scenario

LEAST_OCCUPANCY, MOST_OCCUPANCY = 0.40, 1.00


class GroupOutlook(NamedTuple):
    """An average week of one group."""

    group: str
    fewest_seats: int
    """The fewest while any is on duty."""
    most_seats: int
    seat_hours: float
    """Hours on duty in the week, by the plan."""
    paid_hours: float
    load_hours: float
    load_erlangs: float
    """Mean work under way while contacts come."""
    is_first_choice: bool
    """Whether any contact tries this group first; else its load is what others leave."""
    is_planned: bool
    """Whether the program made its seats for a service level: then being idle is no mistake."""

    @property
    def occupancy(self) -> float | None:
        """Expected load ÷ hours on duty; None without load or hours."""
        return self.load_hours / self.seat_hours if self.seat_hours and self.load_hours else None

    @property
    def may_be_idle(self) -> bool:
        """Whether little to do hints at a mistake: not with planned seats, nor for mere helpers."""
        return self.is_first_choice and not self.is_planned and self.load_hours > 0


class Outlook(NamedTuple):
    """What can be said of a scenario before it is simulated."""

    groups: list[GroupOutlook]
    warnings: list[str]

    @property
    def occupancy(self) -> float | None:
        """Expected load of all ÷ hours on duty of all."""
        seat_hours = sum(group.seat_hours for group in self.groups)
        load_hours = sum(group.load_hours for group in self.groups)
        return load_hours / seat_hours if seat_hours and load_hours else None


def outlook(scenario: Scenario) -> Outlook:
    """Return seats, paid hours, load and occupancy of an average week, and what is odd.

    They are those of the first week, as without days closed by date; a warning that only the last
    week brings, by initiatives, says so.
    """
    found = _in_week(scenario, 0)
    if len(scenario.in_its_weeks) == 1 and seats_of_weeks(scenario).are_the_same:
        return found
    last = _in_week(scenario, scenario.spec.horizon.n_weeks - 1).warnings
    later = [f"in the end {one}" for one in last if one not in found.warnings]
    return found._replace(warnings=[*found.warnings, *later])


def _in_week(scenario: Scenario, week: int) -> Outlook:
    one, seats = scenario.in_week(week), seats_of_weeks(scenario)
    if one is not scenario:
        fill_seats(one, seats.usual[week])
    found = _outlook(one, seats.usual_hours[week])
    unseated = np.sum([levels.level.sum(axis=1) for levels in seats.usual], axis=0) == 0
    nobody = [name for name, never in zip(scenario.groups, unseated, strict=True) if never]
    warnings = [f"{name} gets no seats: give it positions, or leave it out" for name in nobody]
    return found._replace(warnings=[*warnings, *found.warnings, *said_of(scenario)])


def _outlook(scenario: Scenario, paid: np.ndarray) -> Outlook:
    levels = compile_levels(scenario)
    on_duty = seat_hours_per_week(levels)
    loads = expected_loads(scenario)
    groups = [
        _group(scenario, name, levels.level[g], float(paid[g]), float(on_duty[g]), loads[name])
        for g, name in enumerate(scenario.groups)
    ]
    return Outlook(groups, [*_odd_groups(groups), *_unmanned(scenario, levels)])


def _group(
    scenario: Scenario,
    name: str,
    seats: np.ndarray,
    paid_hours: float,
    seat_hours: float,
    load: Load,
) -> GroupOutlook:
    contacts = load.contacts
    positions = scenario.spec.agents[name].positions
    load_hours = total(contacts, load.handle_s) / SECONDS_PER_HOUR
    busy_hours = np.count_nonzero(contacts) / CELLS_PER_HOUR
    manned = seats[seats > 0]
    return GroupOutlook(
        name,
        int(manned.min()) if len(manned) else 0,
        int(seats.max()),
        seat_hours,
        paid_hours,
        load_hours,
        load_hours / busy_hours if busy_hours else 0.0,
        any(scenario.routes_of(type_)[:1] == [name] for type_ in scenario.types),
        positions is not None and positions.meet is not None,
    )


def _odd_groups(groups: list[GroupOutlook]) -> list[str]:
    warnings = []
    for group in groups:
        if not group.most_seats:
            continue
        if group.occupancy is not None and group.occupancy > MOST_OCCUPANCY:
            warnings.append(
                f"{group.group} has more work than hours ({group.occupancy:.0%}):"
                " queues will be long, or customers will give up"
            )
        elif group.may_be_idle and (group.occupancy or 0.0) < LEAST_OCCUPANCY:
            warnings.append(
                f"{group.group} is idle most of the time ({group.occupancy:.0%}):"
                " check the volume per week and the seats"
            )
    return warnings


def _unmanned(scenario: Scenario, levels: LevelTable) -> list[str]:
    """Contacts that come while no group that may take them has a seat."""
    warnings = []
    for type_ in scenario.types:
        groups = [scenario.groups.index(name) for name in scenario.routes_of(type_)]
        nobody = levels.level[groups].sum(axis=0) == 0
        share = float(profile_of_work(scenario, type_)[nobody].sum())
        if share > 0 and not nobody.all():
            warnings.append(
                f"nobody is on duty for {share:.1%} of the contacts of {type_}:"
                " change its opening hours, or the positions"
            )
    return warnings

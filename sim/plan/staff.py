"""How many people does a center need, on which shifts, and what do they cost?

Seats first: as many as meet the service level in every interval. Then people: seats after
shrinkage, or the fewest paid hours of legal shifts that fill them. Beside it stands what is typed,
and the level that it reaches. All in closed form: nothing is played.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.core.clock import CELLS_PER_HOUR
from sim.core.erlang import Goal
from sim.domain.study.costs import HOURS_PER_WEEK
from sim.plan.requirement import MEAN_DAY, goal_of, level_reached, seats_that_meet
from sim.plan.roster import Roster, make_roster
from sim.plan.seats import compile_levels, expected_loads, paid_hours_per_week, posts_needed
from sim.plan.workload import Load
from sim.scenario.group_spec import WAYS_TO_STAFF, GroupSpec
from sim.scenario.load import again
from sim.scenario.scenario import Scenario
from sim.scenario.spec import ONE_GROUP

_PLANNED = "positions={meet: service_level, replan: true}"


class GroupStaff(NamedTuple):
    """What one group needs in an average week, and what it has. Cells are from the start."""

    group: str
    goal: Goal
    load: Load
    interval_cells: int
    seats: np.ndarray  # int64 [672] that meet the goal on the days that are expected
    on_mean_day: np.ndarray  # int64 [672] that would, were each day as busy as the mean
    by_erlang_c: np.ndarray  # int64 [672] that would on those days, did nobody give up
    heads: int  # people who fill the seats
    paid_hours: float  # of them, a week; 0 where they are a vendor's
    roster: Roster | None  # of their shifts; None without shifts
    wage: float | None  # with on-costs, per paid hour; None where a vendor fills the seats
    typed_seats: np.ndarray  # int64 [672] as the scenario has them
    typed_heads: int | None  # None where seats are typed
    typed_paid_hours: float
    reached: float  # the service level at those seats

    @property
    def seat_hours(self) -> float:
        """Hours on duty in a week, of the seats needed."""
        return float(self.seats.sum()) / CELLS_PER_HOUR


def staff_of(scenario: Scenario) -> list[GroupStaff]:
    """What each group needs, if all of them are staffed to meet their service levels.

    Groups that no contact tries first are left out: nothing says how many they should be.
    """
    groups = [group for group in scenario.groups if scenario.is_tried_first(group)]
    planned = again(scenario, [text for group in groups for text in _sets(scenario, group)])
    levels, loads = compile_levels(planned), expected_loads(planned)
    typed, typed_loads = compile_levels(scenario), expected_loads(scenario)
    paid = paid_hours_per_week(scenario, typed).tolist()
    found = []
    for group in groups:
        g, spec = scenario.groups.index(group), scenario.spec.agents[group]
        seats, load = levels.level[g], loads[group]
        endless = load._replace(impatience_per_s=0.0)
        roster = _roster(scenario, group, seats)
        hours = float(seats.sum()) / CELLS_PER_HOUR / (1 - spec.away)
        heads = math.ceil(hours / HOURS_PER_WEEK - 1e-9)
        found.append(
            GroupStaff(
                group=group,
                goal=goal_of(scenario, group),
                load=load,
                interval_cells=scenario.spec.horizon.interval_cells,
                seats=seats,
                on_mean_day=_while(seats, seats_that_meet(planned, group, load, MEAN_DAY)),
                by_erlang_c=_while(seats, seats_that_meet(planned, group, endless)),
                heads=heads if roster is None else len(roster.present),
                paid_hours=_paid(spec, hours, roster),
                roster=roster,
                wage=None if spec.paid else spec.wage * (1 + scenario.spec.costs.on_cost),
                typed_seats=typed.level[g],
                typed_heads=spec.employed,
                typed_paid_hours=paid[g],
                reached=level_reached(scenario, group, typed_loads[group], typed.level[g]),
            )
        )
    return found


def _paid(spec: GroupSpec, hours: float, roster: Roster | None) -> float:
    if spec.paid:
        return 0.0
    return hours if roster is None else float(roster.paid_hours.sum())


def _sets(scenario: Scenario, group: str) -> list[str]:
    """What makes a group one whose seats are planned by the scenario itself."""
    is_named = group != ONE_GROUP or scenario.tree.node(("agents", group)) is not None
    path = f"agents.{group}" if is_named else "agents"
    typed = scenario.spec.agents[group].staffed_by
    nulls = [f"{path}.{key}=null" for key in WAYS_TO_STAFF if key == typed != "positions"]
    return [*nulls, f"{path}.{_PLANNED}"]


def _while(seats: np.ndarray, others: np.ndarray) -> np.ndarray:
    return np.where(seats > 0, others, 0)


def _roster(scenario: Scenario, group: str, seats: np.ndarray) -> Roster | None:
    """Legal shifts that fill the seats, with the fewest paid hours that were found."""
    spec, first_cell = scenario.spec.agents[group], scenario.spec.horizon.first_cell_of_week
    if spec.shifts is None:
        return None
    needed = np.roll(posts_needed(spec, seats), first_cell)
    return make_roster(needed, spec.shifts).rolled(-first_cell)

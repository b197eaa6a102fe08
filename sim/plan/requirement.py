"""How many seats does it take to meet the service level, and which level do given seats reach?

By Erlang A, integrated over days busier and quieter than expected, interval by interval. What the
contacts of a week are is in workload.py.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from sim.core.clock import CELL_MS, MS_PER_SECOND
from sim.core.erlang import Goal, agents_needed, erlang_a
from sim.plan.workload import Load, rate_factors
from sim.scenario.scenario import Scenario

MEAN_DAY = (1.0,)
_MOST_THAT_CAN_BE_MET = 0.9999


def goal_of(scenario: Scenario, group: str) -> Goal:
    """The strictest target of the types that a group serves."""
    targets = [scenario.spec.contacts[t].service_level for t in scenario.types_of(group)]
    strictest = max(targets, key=lambda t: (t.target, -t.within))
    target = min(strictest.target, _MOST_THAT_CAN_BE_MET)
    return Goal(target, strictest.within, strictest.definition)


def seats_that_meet(
    scenario: Scenario, group: str, load: Load, factors: Sequence[float] | None = None
) -> np.ndarray:
    """int64 [672] fewest seats that meet the group's goal, by interval.

    `factors` on the arrival rate are equally likely; without them those of the scenario's days.
    """
    contacts = load.contacts
    interval_cells = scenario.spec.horizon.interval_cells
    shift = scenario.spec.horizon.first_cell_of_week % interval_cells
    by_interval = np.roll(contacts, shift).reshape(-1, interval_cells)
    # Opening within an interval needs the seats of an interval that is all as busy as its rest.
    open_cells = np.maximum(1, (by_interval > 0).sum(axis=1))
    per_interval = by_interval.sum(axis=1) * (interval_cells / open_cells)
    goal = goal_of(scenario, group)
    likely = rate_factors(scenario, group) if factors is None else factors
    interval_s = interval_cells * CELL_MS / MS_PER_SECOND

    safety = None

    @cache
    def needed(contacts_in_interval: float, handle_s: float, impatience: float) -> int:
        nonlocal safety
        patience_s = 1 / impatience if impatience else math.inf
        rates = tuple(contacts_in_interval / interval_s * f for f in likely)
        weights = (1.0,) * len(likely)
        agents = agents_needed(rates, weights, handle_s, patience_s, goal, safety)
        load = contacts_in_interval / interval_s * handle_s
        if load > 0:
            safety = (agents - load) / math.sqrt(load)  # much the same in every interval
        return agents

    means = [
        _in_intervals(value, by_interval, shift) for value in (load.handle_s, load.impatience_per_s)
    ]
    rows = zip(per_interval.tolist(), *means, strict=True)
    seats = np.array([needed(round(n, 6), *of_interval) for n, *of_interval in rows])
    return np.roll(np.repeat(seats, interval_cells), -shift)


def _in_intervals(value: float | np.ndarray, contacts: np.ndarray, shift: int) -> list[float]:
    """A value by interval: the mean of its cells by their contacts [interval, cell]."""
    if isinstance(value, float):
        return [value] * len(contacts)
    cells = np.roll(value, shift).reshape(contacts.shape)
    total = contacts.sum(axis=1)
    means = np.divide((cells * contacts).sum(axis=1), total, out=cells[:, 0], where=total > 0)
    return means.tolist()


def level_reached(scenario: Scenario, group: str, load: Load, seats: np.ndarray) -> float:
    """The service level of a group at `seats` [672], over the week; nan where nothing comes.

    Contacts that come while nobody is on duty wait in vain.
    """
    goal, cell_s = goal_of(scenario, group), CELL_MS / MS_PER_SECOND
    factors, within_s = rate_factors(scenario, group), goal.within_s

    @cache
    def met_and_counted(
        agents: int, per_cell: float, handle_s: float, impatience: float
    ) -> tuple[float, float]:
        patience_s = 1 / impatience if impatience else math.inf
        met = counted = 0.0
        for coming in (per_cell * factor / len(factors) for factor in factors):
            queue = erlang_a(agents, coming * len(factors) / cell_s, handle_s, patience_s, within_s)
            of_met, of_counted = queue.met_and_counted(goal.definition)
            met += coming * of_met
            counted += coming * of_counted
        return met, counted

    rows = np.broadcast_arrays(load.handle_s, load.impatience_per_s, load.contacts)[:2]
    contacts = np.round(load.contacts, 6)
    cells = zip(*(row.tolist() for row in (seats, contacts, *rows)), strict=True)
    found = [met_and_counted(*cell) if cell[0] else (0.0, cell[1]) for cell in cells if cell[1]]
    met, counted = np.sum(found, axis=0) if found else (0.0, 0.0)
    return float(met / counted) if counted else math.nan

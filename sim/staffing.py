"""How many seats does each group fill in each interval of the week?

`positions: {meet: service_level}` by Erlang A, integrated over days busier and quieter than
expected; `heads` by the square-root rule. Both are made from the file in which they stand, with
its volumes (redials and repeats included), and stay as they are in variants of it, unless a
variant says `replan: true`: so a comparison is at the same seats. Offers are not staffed for.
"""

from __future__ import annotations

import math
from functools import cache
from weakref import WeakKeyDictionary

import numpy as np

from sim.domain.demand import by_cell, gamma_shape
from sim.domain.handling import mean_handle_s
from sim.domain.pricing import HOURS_PER_WEEK
from sim.domain.rostering import (
    LevelTable,
    round_half_up,
    square_root_spread,
)
from sim.erlang import agents_needed, contacts_per_issue
from sim.quantiles import gamma_quantile
from sim.scenario import Scenario
from sim.units import CELL_MS, CELLS_PER_HOUR, CELLS_PER_WEEK, MS_PER_SECOND

_FLOAT_NOISE = 1e-9  # 14 ÷ 0.7 is 20 heads, not 21
_NODES = 5  # quantile nodes at which the arrival rate is integrated


_compiled: WeakKeyDictionary[Scenario, LevelTable] = WeakKeyDictionary()
_met: dict[tuple[str, str], np.ndarray] = {}


def compile_levels(scenario: Scenario) -> LevelTable:
    """Seats on duty by group and cell of the week from the start of the horizon, made once."""
    if scenario not in _compiled:
        _compiled[scenario] = _compile_levels(scenario)
    return _compiled[scenario]


def keep_seats(scenario: Scenario, of: Scenario) -> None:
    """Give a scenario the seats of another, whatever its own numbers would plan."""
    _compiled[scenario] = compile_levels(of)


def _compile_levels(scenario: Scenario) -> LevelTable:
    n_groups = len(scenario.groups)
    level = np.zeros((n_groups, CELLS_PER_WEEK), np.int64)
    closed = np.ones((n_groups, CELLS_PER_WEEK), np.int64)
    for g, group in enumerate(scenario.groups):
        open_cells = np.zeros(CELLS_PER_WEEK, bool)
        for type_ in (*scenario.types_of(group), *scenario.sells_for(group)):
            open_cells |= scenario.opening(type_)
        closed[g] = ~open_cells
        level[g] = np.where(open_cells, planned_seats(scenario, group), 0)
    first_seat = np.concatenate([[0], np.cumsum(level.max(axis=1))]).astype(np.int64)
    return LevelTable(level, closed, first_seat)


def planned_seats(scenario: Scenario, group: str) -> np.ndarray:
    """[672] seats by cell from the start of the horizon, before opening hours are applied."""
    spec = scenario.spec.agents[group]
    maker = scenario.maker_of_seats(group)
    interval_cells = scenario.spec.horizon.interval_cells
    if spec.heads is not None:
        cells = scenario.as_of(maker, _spread_heads(maker, group, spec.heads, spec.shrinkage))
    else:
        positions = spec.positions
        assert positions is not None  # a group has either heads or positions
        if positions.seats is None:
            if (maker.hash, group) not in _met:  # variants share the seats of their base
                _met[maker.hash, group] = _meet_service_level(maker, group)
            met = scenario.as_of(maker, _met[maker.hash, group])
            cells = round_half_up(positions.scale * met)
        elif isinstance(positions.seats, list):
            seats = by_cell(np.array(positions.seats), interval_cells)
            assert seats is not None  # its length was checked on loading
            cells = scenario.from_start(round_half_up(positions.scale * seats))
        else:
            seats = float(positions.seats)  # type: ignore[arg-type]
            cells = round_half_up(np.full(CELLS_PER_WEEK, positions.scale * seats))
    return cells


def paid_hours_per_week(scenario: Scenario, levels: LevelTable) -> np.ndarray:
    """[group] hours paid in a week: seat hours with shrinkage, or 40 for each head.

    Where a seat must be filled whenever contacts come, few heads work more than 40 hours each, and
    are paid for it.
    """
    seat_hours = levels.level.sum(axis=1) / CELLS_PER_HOUR
    paid = []
    for g, group in enumerate(scenario.groups):
        spec = scenario.spec.agents[group]
        worked = float(seat_hours[g]) / (1 - spec.shrinkage)
        paid.append(max(worked, spec.heads * HOURS_PER_WEEK) if spec.heads else worked)
    return np.array(paid)


def seats_by_interval(scenario: Scenario) -> tuple[np.ndarray, np.ndarray]:
    """[group, interval of the week from the start of the horizon] seats, and heads to schedule.

    Most seats within the interval; heads are seats ÷ (1 − shrinkage), rounded up to whole ones.
    """
    level = compile_levels(scenario).level
    seats = level.reshape(len(level), -1, scenario.spec.horizon.interval_cells).max(axis=2)
    shrinkage = np.array([scenario.spec.agents[group].shrinkage for group in scenario.groups])
    heads = np.ceil(seats / (1 - shrinkage)[:, None] - _FLOAT_NOISE).astype(np.int64)
    return seats, heads


def expected_load(scenario: Scenario, group: str) -> tuple[np.ndarray, float, float]:
    """Contacts [672] for which the group is the first choice; their mean handling and impatience.

    Volumes count redials and repeats. Handling in seconds, impatience in givings-up per second.
    """
    contacts = np.zeros(CELLS_PER_WEEK)
    work, impatience = 0.0, 0.0
    for type_ in scenario.types_of(group):
        if scenario.routes_of(type_)[0] != group:
            continue
        spec = scenario.spec.contacts[type_]
        volume = scenario.weekly_contacts(type_)
        if spec.volume.counts == "first" and spec.resolution:
            volume *= contacts_per_issue(spec.resolution.first_contact, spec.resolution.comes_back)
        by_cells = volume * scenario.profile(type_)
        contacts += by_cells
        factor = scenario.serves(group)[type_].handle
        work += by_cells.sum() * factor * mean_handle_s(*scenario.handling(type_))
        if spec.patience and spec.patience.mean_s > 0:
            impatience += by_cells.sum() / spec.patience.mean_s
    total = contacts.sum()
    return contacts, work / total if total else 0.0, impatience / total if total else 0.0


def _meet_service_level(scenario: Scenario, group: str) -> np.ndarray:
    """[672] fewest seats that meet the strictest target of the types served, by interval."""
    contacts, handle_s, impatience = expected_load(scenario, group)
    interval_cells = scenario.spec.horizon.interval_cells
    shift = scenario.spec.horizon.first_cell_of_week % interval_cells
    by_interval = np.roll(contacts, shift).reshape(-1, interval_cells)
    # Who opens within an interval needs the seats of an interval that is all as busy as its rest.
    open_cells = np.maximum(1, (by_interval > 0).sum(axis=1))
    per_interval = by_interval.sum(axis=1) * (interval_cells / open_cells)
    targets = [scenario.spec.contacts[t].service_level for t in scenario.types_of(group)]
    strictest = max(targets, key=lambda t: (t.target, -t.within))
    factors = rate_factors(scenario, group)
    interval_s = interval_cells * CELL_MS / MS_PER_SECOND
    patience_s = 1 / impatience if impatience else math.inf

    safety = None

    @cache
    def needed(contacts_in_interval: float) -> int:
        nonlocal safety
        rates = tuple(contacts_in_interval / interval_s * f for f in factors)
        weights = (1.0,) * len(factors)
        agents = agents_needed(
            rates, weights, handle_s, patience_s, min(strictest.target, 0.9999),
            strictest.within, strictest.definition, safety,
        )  # fmt: skip
        load = contacts_in_interval / interval_s * handle_s
        if load > 0:
            safety = (agents - load) / math.sqrt(load)  # much the same in every interval
        return agents

    seats = np.array([needed(round(float(n), 6)) for n in per_interval])
    return np.roll(np.repeat(seats, interval_cells), -shift)


def rate_factors(scenario: Scenario, group: str) -> tuple[float, ...]:
    """Equally likely factors on the arrival rate: busyness of day and half hour, forecast error."""
    variances = [1 + (scenario.spec.forecast_error or 0.0) ** 2]
    busiest = max(
        (scenario.spec.contacts[t].volume.busyness for t in scenario.types_of(group)),
        key=lambda b: (b.day, b.interval) if b else (0, 0),
    )
    if busiest:
        variances += [1 + busiest.day**2, 1 + busiest.interval**2]
    cv = math.sqrt(math.prod(variances) - 1)
    shape = gamma_shape(cv)
    if not shape:
        return (1.0,)
    nodes = [gamma_quantile(shape, (i + 0.5) / _NODES) / shape for i in range(_NODES)]
    return tuple(node * _NODES / sum(nodes) for node in nodes)


def _spread_heads(scenario: Scenario, group: str, heads: int, shrinkage: float) -> np.ndarray:
    """[672] seats whose hours add up to those of the heads after shrinkage."""
    contacts, handle_s, _ = expected_load(scenario, group)
    interval_cells = scenario.spec.horizon.interval_cells
    interval_s = interval_cells * CELL_MS / MS_PER_SECOND
    load = contacts.reshape(-1, interval_cells).sum(axis=1) * handle_s / interval_s
    intervals = heads * HOURS_PER_WEEK * (1 - shrinkage) * CELLS_PER_HOUR / interval_cells
    return np.repeat(square_root_spread(load, intervals), interval_cells).astype(np.int64)

"""How many seats does each group fill in each interval of the week?

`positions: {meet: service_level}` by Erlang A, integrated over days busier and quieter than
expected; `heads` by the square-root rule; people with shifts by a roster, which covers what meets
the service level as far as so many can. All are made from the file in which they stand, with
the contacts that come there (redials and repeats included), and stay as they are in variants of
it, unless a variant says `replan: true`: so a comparison is at the same seats. More seats mean
fewer redials, so plan and load are found together. Seats that meet a level have the time for offers
that are made whatever the state (offer_load.py); heads are as many as were typed.

Groups that plan their own seats plan for all contacts that come to them first. Contacts that groups
with given seats pass on come to the next group on top.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from sim.core.clock import CELL_MS, CELLS_PER_HOUR, CELLS_PER_WEEK, MS_PER_SECOND
from sim.domain.agents.rostering import (
    LevelTable,
    PositionsSpec,
    nobody_has_a_post,
    round_half_up,
    square_root_spread,
)
from sim.domain.contacts.demand import by_cell
from sim.domain.study.costs import HOURS_PER_WEEK
from sim.plan.offer_load import with_offers
from sim.plan.requirement import seats_that_meet
from sim.plan.roster import Roster, make_roster
from sim.plan.workload import (
    Load,
    Shared,
    Today,
    contacts_of,
    load_of,
    shared,
    today_of,
)
from sim.scenario.group_spec import GroupSpec
from sim.scenario.scenario import Scenario

_FLOAT_NOISE = 1e-9  # 14 ÷ 0.7 is 20 heads, not 21
_MOST_ROUNDS = 20
_FREE_ROUNDS = 3  # later ones only add to the load, so that two plans do not take turns

Solved = Mapping[str, list[float]]
"""The pilot's new issues ÷ typed contacts by type and interval from Monday, as in the anchors."""


class Made(NamedTuple):
    """What a scenario makes the seats of one group from."""

    load: Load
    met: np.ndarray | None
    """[672] seats that meet the service level, by cell from the start; None for heads."""


_compiled: WeakKeyDictionary[Scenario, dict[str, LevelTable]] = WeakKeyDictionary()
_kept: WeakKeyDictionary[Scenario, Scenario] = WeakKeyDictionary()
_filled: WeakKeyDictionary[Scenario, LevelTable] = WeakKeyDictionary()
_planned: dict[tuple[str, str], dict[str, Made]] = {}
_rosters: dict[tuple[str, int, int, bytes], Roster] = {}


def compile_levels(scenario: Scenario, solved: Solved | None = None) -> LevelTable:
    """Seats on duty by group and cell of the week from the start of the horizon, made once.

    Without what the pilot solved, new issues are those of the closed form. What initiatives change
    from week to week is not in it: that is in weekly_seats.py.
    """
    scenario = whose_seats(scenario)
    if scenario in _filled:
        return _filled[scenario]
    made = _compiled.setdefault(scenario, {})
    key = seats_key(scenario, solved)
    if key not in made:
        level, is_open = _level(scenario, solved), open_cells(scenario)
        rows = numbered(np.maximum(level.max(axis=1), posts(scenario)))
        made[key] = LevelTable(level, (~is_open).astype(np.int64), rows, nobody_has_a_post())
    return made[key]


def posts(scenario: Scenario, most: Sequence[int] | None = None) -> np.ndarray:
    """int64 [group] posts of groups whose people come and go one by one; 0 for others.

    `most` [group] people are there to be in some week, where they are more than the heads.
    """
    class_weeks = math.ceil(scenario.spec.costs.class_weeks)
    found = np.zeros(len(scenario.groups), np.int64)
    for g, (name, spec) in enumerate(scenario.spec.agents.items()):
        today = todays_group(scenario, name)
        for one in (spec, today):  # before the horizon people are hired as today
            if spec.people and one.people:
                heads = max(spec.people.heads, today.people.heads if today.people else 0)
                heads = max(heads, most[g]) if most is not None else heads
                found[g] = max(found[g], one.people.posts(heads, one.turnover, class_weeks))
    return found


def todays_group(scenario: Scenario, name: str) -> GroupSpec:
    """A group in the first file of the `based_on` chain in which it has people one by one."""
    return whose_people(scenario, name).spec.agents[name]


def whose_people(scenario: Scenario, name: str) -> Scenario:
    """The first file of the `based_on` chain in which a group has people one by one."""
    groups = ((one, one.spec.agents.get(name)) for one in scenario.lineage)
    return next((one for one, group in groups if group and group.people), scenario)


def numbered(most: np.ndarray) -> np.ndarray:
    """int64 [group + 1] rows of the seats of each group, from the most seats of each."""
    return np.concatenate([[0], np.cumsum(most)]).astype(np.int64)


def keep_seats(scenario: Scenario, of: Scenario) -> None:
    """Give a scenario the seats of another, in all weeks, whatever its own numbers would plan."""
    _kept[scenario] = whose_seats(of)


def whose_seats(scenario: Scenario) -> Scenario:
    """The scenario whose seats it keeps; itself unless it was given another's."""
    return _kept.get(scenario, scenario)


def fill_seats(scenario: Scenario, levels: LevelTable) -> None:
    """Give a scenario these seats, as where initiatives have made it in a week."""
    _filled[scenario] = levels


def seats_key(scenario: Scenario, solved: Solved | None) -> str:
    """What of the pilot's solution the seats depend on: nothing where today's center makes them."""
    makers = [scenario.maker_of_seats(g) for g in scenario.groups if _is_made(scenario, g)]
    types = {t for m in makers for t in m.types if today_of(m, t) not in (None, m)}
    return str({t: solved[t] for t in sorted(types) if t in solved} if solved else {})


def _is_made(scenario: Scenario, group: str) -> bool:
    spec = scenario.spec.agents[group]
    return spec.employed is not None or (
        spec.positions is not None and spec.positions.seats is None
    )


def open_cells(scenario: Scenario, week: int = -1) -> np.ndarray:
    """[group, 672] whether any type that the group serves, or sells for, is open.

    In a week of the horizon also by date; before it, as in a week without closed days.
    """
    is_open = np.zeros((len(scenario.groups), CELLS_PER_WEEK), bool)
    for g, group in enumerate(scenario.groups):
        for type_ in (*scenario.types_of(group), *scenario.handed_to(group)):
            is_open[g] |= scenario.opening_in(type_, week)
    return is_open


def _level(scenario: Scenario, solved: Solved | None) -> np.ndarray:
    """[group, 672] seats on duty."""
    seats = [planned_seats(scenario, group, solved) for group in scenario.groups]
    return np.where(open_cells(scenario), np.array(seats, np.int64).reshape(-1, CELLS_PER_WEEK), 0)


def planned_seats(scenario: Scenario, group: str, solved: Solved | None = None) -> np.ndarray:
    """[672] seats by cell from the start of the horizon, before opening hours are applied."""
    if not _is_made(scenario, group):
        positions = scenario.spec.agents[group].positions
        assert positions is not None  # a group has either heads or positions
        return _given_seats(scenario, positions)
    maker = scenario.maker_of_seats(group)
    return _made_seats(scenario, group, maker, _plans(maker, solved)[group])


def _given_seats(scenario: Scenario, positions: PositionsSpec) -> np.ndarray:
    if isinstance(positions.seats, list):
        seats = by_cell(np.array(positions.seats), scenario.spec.horizon.interval_cells)
        assert seats is not None  # its length was checked on loading
        return scenario.from_start(round_half_up(positions.scale * seats))
    seats = float(positions.seats)  # type: ignore[arg-type]
    return round_half_up(np.full(CELLS_PER_WEEK, positions.scale * seats))


def _made_seats(scenario: Scenario, group: str, maker: Scenario, made: Made) -> np.ndarray:
    """[672] seats of a group, of what a scenario made for it."""
    spec = scenario.spec.agents[group]
    if spec.shifts is not None:
        roster = _rostered(scenario, group, maker, made)
        return round_half_up(roster.present.sum(axis=0) * (1.0 - roster.away(spec.away)))
    if spec.employed is not None:
        return scenario.as_of(maker, _spread_heads(maker, made.load, spec.employed, spec.away))
    assert spec.positions is not None
    assert made.met is not None
    return round_half_up(spec.positions.scale * scenario.as_of(maker, made.met))


def roster_of(scenario: Scenario, group: str, solved: Solved | None = None) -> Roster:
    """The roster of a group with shifts, made once; `solved` as for `compile_levels`.

    It is to cover the seats that meet the service level, and those who are away.
    """
    scenario = whose_seats(scenario)
    maker = scenario.maker_of_seats(group)
    return _rostered(scenario, group, maker, _plans(maker, solved)[group])


def _rostered(scenario: Scenario, group: str, maker: Scenario, made: Made) -> Roster:
    spec, first_cell = scenario.spec.agents[group], scenario.spec.horizon.first_cell_of_week
    assert spec.people is not None
    assert spec.shifts is not None
    assert made.met is not None
    is_open = open_cells(scenario)[scenario.groups.index(group)]
    needed = posts_needed(spec, np.where(is_open, scenario.as_of(maker, made.met), 0))
    typed = str({name: one.model_dump_json() for name, one in spec.shifts.items()})
    key = (typed, spec.people.heads, first_cell, needed.tobytes())
    if key not in _rosters:
        found = make_roster(np.roll(needed, first_cell), spec.shifts, spec.people.heads)
        _rosters[key] = found.rolled(-first_cell)
    return _rosters[key]


def posts_needed(spec: GroupSpec, seats: np.ndarray) -> np.ndarray:
    """int64 [cell] people at work by their shifts so that `seats` [cell] are filled on average."""
    at_work = float(np.mean([shift.at_work for shift in (spec.shifts or {}).values()]))
    there = (1.0 - spec.away) / at_work
    return np.ceil(seats / there - _FLOAT_NOISE).astype(np.int64)


def _plans(maker: Scenario, solved: Solved | None) -> dict[str, Made]:
    """What a scenario makes the seats of its groups from, solved once."""
    key = (maker.hash, seats_key(maker, solved))
    if key not in _planned:
        _planned[key] = _solve(maker, solved)
    return _planned[key]


def _solve(maker: Scenario, solved: Solved | None) -> dict[str, Made]:
    """Plan for a load, and find the load at that plan, until the plan stays as it is."""
    own = [g for g in maker.groups if _is_made(maker, g) and maker.maker_of_seats(g) is maker]
    planned = frozenset(map(maker.groups.index, own))
    is_open = open_cells(maker)
    seats = np.zeros(is_open.shape, np.int64)
    for g, group in enumerate(maker.groups):
        if g not in planned:
            seats[g] = np.where(is_open[g], planned_seats(maker, group, solved), 0)
    today, plans = _todays(maker), {}
    contacts = contacts_of(maker, None, today, solved or {})
    for round_ in range(_MOST_ROUNDS):
        coming = shared(maker, seats, contacts, planned).reaching
        before = seats.copy()
        for group in own:
            g = maker.groups.index(group)
            plans[group] = _made(maker, group, coming[g])
            seats[g] = np.where(is_open[g], _wished(maker, group, plans[group]), 0)
        at_seats = contacts_of(maker, seats, today, solved or {})
        if round_ >= _FREE_ROUNDS:
            at_seats = np.maximum(at_seats, contacts)
        if np.array_equal(seats, before) or np.array_equal(at_seats, contacts):
            break
        contacts = at_seats
    for group in own:  # a variant may have shifts where its base has none
        load, met = plans[group]
        if maker.spec.agents[group].people is not None and met is None:
            offered = with_offers(maker, group, coming[maker.groups.index(group)], load)
            plans[group] = Made(load, seats_that_meet(maker, group, offered))
    return plans


def _wished(maker: Scenario, group: str, made: Made) -> np.ndarray:
    """[672] seats at which the load is found: with shifts those needed, whatever a roster makes."""
    if maker.spec.agents[group].shifts is not None:
        assert made.met is not None
        return made.met
    return _made_seats(maker, group, maker, made)


def _made(maker: Scenario, group: str, coming: np.ndarray) -> Made:
    """What a group's seats are made from, of the contacts [type, cell] that come to it."""
    load = load_of(maker, group, coming)
    spec = maker.spec.agents[group]
    if spec.employed is not None and spec.shifts is None:
        return Made(load, None)
    return Made(load, seats_that_meet(maker, group, with_offers(maker, group, coming, load)))


def _todays(scenario: Scenario) -> dict[str, Today]:
    """Type → the center that its typed volume counts, where that is not the scenario itself."""
    found, known = {}, {}
    for type_ in scenario.types:
        today = today_of(scenario, type_)
        if today is not None and today is not scenario:
            if today not in known:
                levels = compile_levels(today).level
                contacts = contacts_of(today, levels, _todays(today), {})
                known[today] = Today(today, shared(today, levels, contacts).gone)
            found[type_] = known[today]
    return found


def expected_contacts(scenario: Scenario) -> np.ndarray:
    """[type, 672] contacts of an average week, redials and repeats included, in closed form."""
    return contacts_of(scenario, compile_levels(scenario).level, _todays(scenario), {})


def expected_loads(scenario: Scenario) -> dict[str, Load]:
    """What each group has to do in an average week, what others leave to it included."""
    seats = compile_levels(scenario).level
    found: Shared = shared(scenario, seats, expected_contacts(scenario))
    done = found.reaching - found.passed_on
    return {g: load_of(scenario, g, done[i]) for i, g in enumerate(scenario.groups)}


def paid_hours_per_week(
    scenario: Scenario,
    levels: LevelTable,
    heads: np.ndarray | None = None,
    solved: Solved | None = None,
) -> np.ndarray:
    """[group] hours paid in a week: seat hours with shrinkage, or those of each head.

    A vendor is paid for no hours of ours, whatever it is paid for: 0.

    People with shifts are paid for their shifts, unpaid lunch apart, and others for 40 hours.

    Where a seat must be filled whenever contacts come, few heads work more than 40 hours each, and
    are paid for it. `heads` [group] are others than those typed, also a part of one.
    """
    seat_hours = levels.level.sum(axis=1) / CELLS_PER_HOUR
    groups = scenario.spec.agents
    paid = np.zeros(len(groups))
    for g, (group, spec) in enumerate(groups.items()):
        employed = float(spec.employed or 0) if heads is None else float(heads[g])
        if spec.paid is not None:
            continue
        if spec.shifts is not None:
            paid[g] = employed * float(roster_of(scenario, group, solved).paid_hours.mean())
        else:
            worked = float(seat_hours[g]) / (1 - spec.away)
            paid[g] = max(worked, employed * HOURS_PER_WEEK)
    return paid


def seats_by_interval(
    scenario: Scenario, solved: Solved | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """[group, interval of the week from the start of the horizon] seats, and heads to schedule.

    Most seats within the interval; heads are seats ÷ (1 − shrinkage), rounded up to whole ones; of
    people with shifts those at work by their roster.
    """
    level = compile_levels(scenario, solved).level
    seats = level.reshape(len(level), -1, scenario.spec.horizon.interval_cells).max(axis=2)
    shrinkage = np.array([scenario.spec.agents[group].away for group in scenario.groups])
    heads = np.ceil(seats / (1 - shrinkage)[:, None] - _FLOAT_NOISE).astype(np.int64)
    for g, (group, spec) in enumerate(scenario.spec.agents.items()):
        if spec.shifts is not None:
            at_work = roster_of(scenario, group, solved).present.sum(axis=0)
            heads[g] = at_work.reshape(seats.shape[1], -1).max(axis=1)
    return seats, heads


def _spread_heads(scenario: Scenario, load_: Load, heads: int, shrinkage: float) -> np.ndarray:
    """[672] seats whose hours add up to those of the heads after shrinkage."""
    interval_cells = scenario.spec.horizon.interval_cells
    interval_s = interval_cells * CELL_MS / MS_PER_SECOND
    if isinstance(load_.handle_s, np.ndarray):
        work = (load_.contacts * load_.handle_s).reshape(-1, interval_cells).sum(axis=1)
    else:
        work = load_.contacts.reshape(-1, interval_cells).sum(axis=1) * load_.handle_s
    load = work / interval_s
    intervals = heads * HOURS_PER_WEEK * (1 - shrinkage) * CELLS_PER_HOUR / interval_cells
    return np.repeat(square_root_spread(load, intervals), interval_cells).astype(np.int64)

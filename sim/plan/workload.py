"""How many contacts come to each group, cell by cell, before anything is simulated?

A typed volume that counts all contacts is that of the scenario which typed it, *today*: its load
is what was typed. A variant has today's new issues and its own contacts per issue.
Customers who give up redial in the same cell, so that busy days are busier still. Unsolved issues
come back spread like the typed week.
Where the pilot has solved today's new issues, these stand in the place of the closed form's.

Contacts try the groups of their route in turn, the earlier opened (`after`) first. A contact that
still waits when the next one opens goes on to it, as Erlang A says. Blocked contacts are left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from sim.core.clock import CELL_MS, CELLS_PER_WEEK, MS_PER_SECOND
from sim.core.overflow import Fates, fates
from sim.core.quantiles import gamma_quantile
from sim.domain.contacts.demand import gamma_shape
from sim.language.by_interval import single
from sim.plan.over_the_day import mixed, over_the_day
from sim.plan.returning import returning_in, returning_over_the_day
from sim.plan.work_of_contact import handle_s
from sim.plan.work_profile import profile_of_work
from sim.scenario.scenario import Scenario

_CELL_S = CELL_MS / MS_PER_SECOND
_FACTORS = 5  # quantiles at which the arrival rate is integrated
_MOST_ROUNDS = 30
_ROUNDS_OF_REDIALS = 4
"""How often redials of busy days are added and days recomputed. 30 rounds would move contacts by
another .2 %, where 1 in 6 gives up."""
_CLOSE_ENOUGH = 1e-4


class Shared(NamedTuple):
    """Contacts of a week by the group that they come to, from the start of the horizon."""

    reaching: np.ndarray  # [group, type, cell] contacts that come to the group
    passed_on: np.ndarray  # [group, type, cell] those of them that go on to the next
    gone: np.ndarray  # [type, cell] share of contacts that end without an answer


class Load(NamedTuple):
    """What one group has to do in a week."""

    contacts: np.ndarray  # [cell] from the start of the horizon
    handle_s: float | np.ndarray  # mean; [cell] where numbers are typed by time of day
    impatience_per_s: float | np.ndarray  # mean rate of giving up; the same


def counts_all(scenario: Scenario, type_: str) -> bool:
    """Whether the typed volume of a type is not its new issues, so that it is anchored.

    It holds redials and repeats, and lacks what today's bot keeps. A bot that comes later takes of
    what was typed.
    """
    spec = scenario.spec.contacts[type_]
    counted = spec.volume.counts == "all" and spec.volume.per_week != 0
    first = next(s for s in scenario.lineage if type_ in s.spec.contacts)
    bot = spec.self_service and first.spec.contacts[type_].self_service
    return counted and bool(spec.redial or spec.resolution or bot)


def today_of(scenario: Scenario, type_: str) -> Scenario | None:
    """The scenario whose center the typed volume of a type counts; None: nobody counts repeats."""
    if not counts_all(scenario, type_):
        return None
    older = (s for s in scenario.lineage if type_ in s.spec.contacts and counts_all(s, type_))
    return next(older, scenario)


def typed_contacts(scenario: Scenario, type_: str) -> np.ndarray:
    """[672] typed contacts of an average week, from the start of the horizon."""
    return scenario.weekly_contacts(type_) * profile_of_work(scenario, type_)


# --- sharing ------------------------------------------------------------------------------------


def shared(
    scenario: Scenario,
    seats: np.ndarray,
    contacts: np.ndarray,
    planned: frozenset[int] = frozenset(),
) -> Shared:
    """Share contacts [type, cell] among the groups at seats [group, cell].

    Groups that are yet to be planned pass nothing on: they shall do their own work.
    """
    n_groups, n_types = len(scenario.groups), len(scenario.types)
    routes = [_route(scenario, type_) for type_ in scenario.types]
    reaching = np.zeros((n_groups, n_types, CELLS_PER_WEEK))
    passed_on, given_up = np.zeros_like(reaching), np.zeros_like(reaching)
    depth = max((len(route) for route in routes), default=1)
    for _ in range(depth):
        after = _next(routes, seats, planned, n_groups)
        reaching = _reaching(routes, seats, planned, contacts, passed_on)
        for g in range(n_groups):
            if reaching[g].any() and g not in planned:
                share = _fates_at(scenario, g, seats[g], reaching[g], after[g])
                passed_on[g], given_up[g] = (reaching[g] * part for part in share)
    lost = given_up.sum(axis=0)
    gone = np.divide(lost, contacts, out=np.zeros_like(lost), where=contacts > 0)
    return Shared(reaching, passed_on, np.minimum(gone, 1.0))


def load_of(scenario: Scenario, group: str, contacts: np.ndarray) -> Load:
    """The work of contacts [type, cell] for a group that handles them."""
    types = [scenario.types.index(type_) for type_ in scenario.types_of(group)]
    by_type = contacts.sum(axis=1)
    total = float(by_type[types].sum())
    if not total:
        return Load(np.zeros(CELLS_PER_WEEK), 0.0, 0.0)
    if len(scenario.at_times) > 1:
        names, coming = [scenario.types[t] for t in types], contacts[types]
        handle = [over_the_day(scenario, lambda at, n=n: handle_s(at, group, n)) for n in names]
        rates = [over_the_day(scenario, lambda at, n=n: _impatience(at, n)) for n in names]
        return Load(contacts.sum(axis=0), mixed(coming, handle), mixed(coming, rates))
    scenario = scenario.at_times[0][1]
    work = sum(by_type[t] * handle_s(scenario, group, scenario.types[t]) for t in types)
    impatience = sum(by_type[t] / _patience_s(scenario, scenario.types[t]) for t in types)
    return Load(contacts.sum(axis=0), float(work) / total, float(impatience) / total)


def _route(scenario: Scenario, type_: str) -> list[tuple[int, float]]:
    """Groups with the seconds after which each is open to a contact, the earliest first."""
    found = [
        (scenario.groups.index(group), scenario.serves(group)[type_].after)
        for group in scenario.routes_of(type_)
        if type_ in scenario.serves(group)
    ]
    return sorted(found, key=lambda one: one[1])


def _on_duty(seats: np.ndarray, planned: frozenset[int], g: int) -> np.ndarray:
    return np.ones(CELLS_PER_WEEK, bool) if g in planned else seats[g] > 0


def _next(
    routes: list[list[tuple[int, float]]],
    seats: np.ndarray,
    planned: frozenset[int],
    n_groups: int,
) -> np.ndarray:
    """[group, type, cell] seconds at a group until the next one on duty opens; inf: none."""
    until = np.full((n_groups, len(routes), CELLS_PER_WEEK), np.inf)
    for t, route in enumerate(routes):
        for place, (g, opened) in enumerate(route):
            for other, opens in reversed(route[place + 1 :]):
                until[g, t, _on_duty(seats, planned, other)] = opens - opened
    return until


def _reaching(
    routes: list[list[tuple[int, float]]],
    seats: np.ndarray,
    planned: frozenset[int],
    contacts: np.ndarray,
    passed_on: np.ndarray,
) -> np.ndarray:
    """[group, type, cell] contacts of each group: a contact tries the first one on duty.

    While none is on duty it waits for the first of its route.
    """
    reaching = np.zeros_like(passed_on)
    for t, route in enumerate(routes):
        coming, nobody_yet = contacts[t].copy(), np.ones(CELLS_PER_WEEK, bool)
        for g, _ in route:
            on_duty = _on_duty(seats, planned, g)
            reaching[g, t] = np.where(on_duty, coming, 0.0)
            coming = np.where(on_duty, passed_on[g, t], coming)
            nobody_yet &= ~on_duty
        if route:
            reaching[route[0][0], t][nobody_yet] = contacts[t][nobody_yet]
    return reaching


def _fates_at(
    scenario: Scenario, g: int, seats: np.ndarray, reaching: np.ndarray, until_s: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """[type, cell] shares that a group passes on, and that give up there, busy days and quiet."""
    group = scenario.groups[g]
    shares = np.zeros_like(reaching), np.zeros_like(reaching)
    coming = reaching.any(axis=0)
    rows = [
        _rows_of(part, group, np.flatnonzero(coming & cells), seats, reaching, until_s)
        for cells, part in scenario.at_times
        if (coming & cells).any()
    ]
    if not rows:
        return shares
    per_s, until, on_duty, mean_s = (
        np.concatenate(column) for column in list(zip(*rows, strict=True))[:4]
    )
    patience_s, balk = rows[0].patience_s, rows[0].balk
    if len(rows) > 1:
        patience_s = np.concatenate([np.broadcast_to(r.patience_s, r.per_s.shape) for r in rows])
        balk = np.concatenate([np.broadcast_to(r.balk, r.per_s.shape) for r in rows])
    parts = [(r.part, len(r.per_s)) for r in rows]
    found, rates = _on_days(parts, group, per_s, lambda rate: fates(
        on_duty, rate, mean_s, patience_s, balk, until
    ))  # fmt: skip
    of_days = ([f.passed_on for f in found], [f.gone for f in found])
    for share, of_day in zip(shares, of_days, strict=True):
        lost = (rates * of_day).sum(axis=0)
        total = rates.sum(axis=0)
        mean = np.divide(lost, total, out=np.zeros_like(lost), where=total > 0)
        first = 0
        for r in rows:
            share[:, r.cells] = mean[first + r.place].T
            first += len(r.per_s)
    return shares


class _Rows(NamedTuple):
    """Queues of a group that differ, at a time of the day."""

    per_s: np.ndarray  # [row, type] contacts
    until_s: np.ndarray  # [row, type]
    seats: np.ndarray  # [row]
    handle_s: np.ndarray  # [row] mean
    patience_s: np.ndarray  # [type]
    balk: np.ndarray  # [type]
    part: Scenario  # as it is then
    cells: np.ndarray  # in which these queues are
    place: np.ndarray  # of each cell its row


def _rows_of(
    scenario: Scenario,
    group: str,
    cells: np.ndarray,
    seats: np.ndarray,
    reaching: np.ndarray,
    until_s: np.ndarray,
) -> _Rows:
    """The queues in cells in which the scenario is the same."""
    n_types = len(scenario.types)
    distinct = np.concatenate([reaching.round(9), until_s, seats[None]])[:, cells]
    rows, place = np.unique(distinct, axis=1, return_inverse=True)
    per_s, until = rows[:n_types].T / _CELL_S, rows[n_types:-1].T
    means_s = np.array(
        [
            handle_s(scenario, group, type_) if type_ in scenario.serves(group) else 0.0
            for type_ in scenario.types
        ]
    )
    mean_s = per_s @ means_s / np.maximum(per_s.sum(axis=1), 1e-300)
    patience_s = np.array([_patience_s(scenario, type_) for type_ in scenario.types])
    balk = np.array([spec.balk for spec in scenario.spec.contacts.values()])
    place = np.reshape(place, -1)
    return _Rows(per_s, until, rows[-1], mean_s, patience_s, balk, scenario, cells, place)


def _on_days(
    parts: list[tuple[Scenario, int]],
    group: str,
    per_s: np.ndarray,
    fates_at: Callable[[np.ndarray], Fates],
) -> tuple[list[Fates], np.ndarray]:
    """Fates and rates [day, row, type] on days quieter and busier than an average one, `per_s`.

    New issues follow the day, and their redials come on the same day. Unsolved issues come back on
    any day. `parts`: the scenario of so many rows, one after the other.
    """
    days = np.array(rate_factors(parts[0][0], group))[:, None, None]
    rates = per_s * days
    found = [fates_at(rate) for rate in rates]
    for _ in range(_ROUNDS_OF_REDIALS if len(days) > 1 else 0):
        gone = np.array([f.gone for f in found])
        at_once, repeats = returning_in(parts, gone)
        tries = 1.0 / (1.0 - at_once)
        come_back = np.clip((repeats * (1.0 - gone) * tries).mean(axis=0), 0.0, 1.0)
        if (tries == 1.0).all() and not come_back.any():
            break
        first = (1.0 - come_back) * days + come_back
        rates = per_s * first * tries / (first * tries).mean(axis=0)
        found = [fates_at(rate) for rate in rates]
    return found, rates


def _come_to_agents(scenario: Scenario, type_: str) -> float:
    """New issues that come to agents sooner or later ÷ new issues of the volume."""
    spec = scenario.spec.contacts[type_]
    bot, resolution = spec.self_service, spec.resolution
    if not bot:
        return 1.0
    later = bot.met * bot.claimed * (single(resolution.comes_back) if resolution else 0.0)
    return scenario.rebound(type_) * (1.0 - bot.kept + later)


def _patience_s(scenario: Scenario, type_: str) -> float:
    patience = scenario.spec.contacts[type_].patience
    return patience.mean_s if patience else math.inf


def _impatience(scenario: Scenario, type_: str) -> float:
    return 1.0 / max(_patience_s(scenario, type_), 1e-6)


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
    nodes = [gamma_quantile(shape, (i + 0.5) / _FACTORS) / shape for i in range(_FACTORS)]
    return tuple(node * _FACTORS / sum(nodes) for node in nodes)


# --- contacts per issue -------------------------------------------------------------------------


class Today(NamedTuple):
    """The scenario that a typed volume counts, at its seats."""

    scenario: Scenario
    gone: np.ndarray  # [type, cell] share of its contacts that end without an answer


def contacts_of(
    scenario: Scenario,
    seats: np.ndarray | None,
    today: Mapping[str, Today],
    solved: Mapping[str, list[float]],
) -> np.ndarray:
    """[type, cell] contacts of an average week at seats [group, cell]; None: nobody gives up.

    `today` is given for the types of which the scenario is not itself today. `solved` holds the
    pilot's new issues ÷ typed contacts by interval from Monday, of none, some or all types.
    """
    contacts = np.array([typed_contacts(scenario, type_) for type_ in scenario.types])
    grows = [
        t
        for t, type_ in enumerate(scenario.types)
        if type_ in today or scenario.spec.contacts[type_].volume.counts == "first"
    ]
    grows = [t for t in grows if contacts[t].any()]
    if not grows:
        return contacts
    new = contacts.copy()
    for t in grows:
        type_ = scenario.types[t]
        new[t] *= over_the_day(scenario, lambda s, name=type_: _come_to_agents(s, name))
        if type_ in today:
            new[t] *= _new_share(scenario, type_, today[type_])
            of_today = today[type_].scenario
            came = over_the_day(of_today, lambda s, name=type_: _come_to_agents(s, name))
            new[t] /= scenario.as_of(of_today, came) if isinstance(came, np.ndarray) else came
    gone = np.zeros_like(contacts)
    for _ in range(_MOST_ROUNDS):
        before = contacts.sum()
        for t in grows:
            contacts[t] = _with_returns(scenario, scenario.types[t], new[t], gone[t])
        if seats is None or abs(contacts.sum() - before) < _CLOSE_ENOUGH * before:
            break
        gone = shared(scenario, seats, contacts).gone
    for t in grows:
        type_ = scenario.types[t]
        if type_ in today and type_ in solved:
            contacts[t] *= _correction(today[type_], type_, solved[type_], new[t], contacts[t])
    return contacts


def _with_returns(scenario: Scenario, type_: str, new: np.ndarray, gone: np.ndarray) -> np.ndarray:
    """[cell] contacts of new issues: redials in the same cell, repeats like the typed week."""
    at_once, repeats = returning_over_the_day(scenario, type_, gone)
    per_cell = 1.0 / (1.0 - at_once)
    unsolved = repeats * (1.0 - gone) * per_cell
    profile = profile_of_work(scenario, type_)
    again = (unsolved * new).sum() / max(1.0 - (unsolved * profile).sum(), 1e-9)
    return (new + profile * again) * per_cell


def _new_share(scenario: Scenario, type_: str, today: Today) -> np.ndarray:
    """[cell] new issues ÷ typed contacts today, the inverse of `_with_returns`.

    Where nothing was typed today the share is that of the whole week.
    """
    typed, new = _new_today(today, type_)
    overall = new.sum() / max(typed.sum(), 1e-300)
    share = np.divide(new, typed, out=np.full_like(new, overall), where=typed > 0)
    return scenario.as_of(today.scenario, share)


def _new_today(today: Today, type_: str) -> tuple[np.ndarray, np.ndarray]:
    """[cell] typed contacts, and the new issues among them in closed form."""
    typed = typed_contacts(today.scenario, type_)
    gone = today.gone[today.scenario.types.index(type_)]
    at_once, repeats = returning_over_the_day(today.scenario, type_, gone)
    first = typed * (1.0 - at_once)
    answered = typed * (1.0 - gone)
    again = repeats * answered.sum() if isinstance(repeats, float) else repeats @ answered
    new = np.maximum(first - profile_of_work(today.scenario, type_) * again, 0.0)
    return typed, new * max(first.sum() - again, 0.0) / max(new.sum(), 1e-300)


def _correction(
    today: Today, type_: str, solved: list[float], new: np.ndarray, contacts: np.ndarray
) -> float:
    """Factor on contacts: the pilot's share of new issues, moved as the closed form says.

    So a variant that changes nothing has the typed load, whatever the pilot found.
    """
    typed, new_today = _new_today(today, type_)
    by_cell = np.repeat(solved, CELLS_PER_WEEK // len(solved))
    found = float((typed * today.scenario.from_start(by_cell)).sum() / typed.sum())
    closed = float(new_today.sum() / typed.sum())
    here = float(new.sum() / contacts.sum())
    if min(found, closed, here) <= 0.0 or here + found - closed <= 0.0:
        return 1.0
    return found / closed * here / (here + found - closed)

"""Contacts in numbers: demand, patience, redials, handling, resolution, routing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.core.clock import CELL_MS, CELLS_PER_WEEK, MS_PER_SECOND, seconds_to_ms
from sim.core.moments import name_of, type_of
from sim.core.tables import NOBODY, rows_by_name, table
from sim.domain.contacts.demand import (
    BUSYNESS,
    LISTED,
    LISTED_BLOCK,
    NOT_GIVEN,
    DemandTable,
    gamma_shape,
    week_factor,
)
from sim.domain.contacts.handling import HANDLING_OF_TYPE, HandlingTable
from sim.domain.contacts.history import HISTORY_OF_TYPE
from sim.domain.contacts.opening import closed_cells
from sim.domain.contacts.patience import FOR_EVER_MS, PATIENCE_OF_TYPE
from sim.domain.contacts.redials import REDIALS_OF_TYPE, UNLIMITED
from sim.domain.contacts.resolution import RESOLUTION_OF_TYPE
from sim.domain.contacts.routing import NOT_DEFERRED, LegQueue, RoutingTable, compile_routing
from sim.domain.contacts.transfers import TRANSFER_OF_TYPE
from sim.domain.offers.policies import PolicySpec
from sim.language.duration_spec import compile_duration
from sim.plan.anchors import Anchors
from sim.scenario.scenario import Scenario
from sim.scenario.with_specialists import handling_by_specialists, resolved_by_specialists


def _listed_calls(scenario: Scenario) -> np.recarray:
    calls = [
        (round(call.at * MS_PER_SECOND), t, call)
        for t, spec in enumerate(scenario.spec.contacts.values())
        for call in spec.volume.calls or []
    ]
    calls.sort(key=lambda one: one[:2])
    seen = [0] * len(scenario.types)  # a call is named by its number within its type
    rows = []
    for at_ms, t, call in calls:
        segment = scenario.segments.index(call.segment) if call.segment else 0
        patience = call.patience
        rows.append(
            {
                "at_ms": at_ms,
                "name": name_of(t, at_ms // CELL_MS, segment, LISTED_BLOCK, seen[t]),
                "talk_ms": _ms_if_given(call.talk),
                "patience_ms": FOR_EVER_MS if patience is None else round(patience * MS_PER_SECOND),
                "offer_ms": _ms_if_given(call.offer_talk),
            }
        )
        seen[t] += 1
    return rows_by_name(LISTED, rows)


def _ms_if_given(seconds: float | None) -> int:
    return NOT_GIVEN if seconds is None else seconds_to_ms(seconds)


def _rows_by_type(calls: np.ndarray, types: int) -> tuple[np.ndarray, np.ndarray]:
    """Where each type's listed calls begin in the second array, and their rows."""
    type_ = np.array([type_of(int(name)) for name in calls["name"]], np.int64)
    first = np.searchsorted(np.sort(type_), np.arange(types))
    return first.astype(np.int64), np.argsort(type_, kind="stable").astype(np.int64)


def _expected(scenario: Scenario, anchors: Anchors, first_cell: int, cells: int) -> np.ndarray:
    """[type, cell] new issues to be expected in the cells of a span."""
    expected = np.zeros((len(scenario.types), cells))
    cell = np.arange(first_cell, first_cell + cells)
    week = np.maximum(cell // CELLS_PER_WEEK, 0)  # a warm-up looks like the first week
    first = max(first_cell // CELLS_PER_WEEK, 0)
    weeks = range(first, max(first_cell + cells - 1, 0) // CELLS_PER_WEEK + 1)
    for t, type_ in enumerate(scenario.types):
        volume = scenario.spec.contacts[type_].volume
        if volume.per_week is None:
            continue
        events = scenario.event_factors(type_)
        by_week = np.array([week_factor(volume, w, events) for w in weeks])
        by_interval = anchors.volume.get(type_, [1.0]) if volume.counts == "all" else [1.0]
        new = np.repeat(by_interval, CELLS_PER_WEEK // len(by_interval))
        profile = (scenario.profile(type_) * scenario.from_start(new))[cell % CELLS_PER_WEEK]
        new = scenario.weekly_contacts(type_) * scenario.rebound(type_)
        expected[t] = new * profile * by_week[week - first]
        if not scenario.comes_at_any_hour(type_):
            expected[t, closed_cells(scenario.closed_days(type_), first_cell, cells)] = 0.0
    return expected


def _demand(scenario: Scenario, calls: np.recarray) -> DemandTable:
    """The demand without the expected issues, which differ from span to span."""
    types = scenario.types
    busyness = [spec.volume.busyness for spec in scenario.spec.contacts.values()]
    return DemandTable(
        0,
        np.zeros((len(types), 0)),
        np.array([scenario.shares(type_) for type_ in types]),
        table(
            BUSYNESS,
            len(types),
            day=[gamma_shape(b.day) if b else 0.0 for b in busyness],
            interval=[gamma_shape(b.interval) if b else 0.0 for b in busyness],
        ),
        np.array([_comes_back(scenario, type_) for type_ in types]),
        np.array([_typed(scenario, type_) for type_ in types]),
        _closed(scenario),
        calls,
        *_rows_by_type(calls, len(types)),
    )


def _closed(scenario: Scenario) -> np.ndarray:
    """Bool [type, day of the horizon] on which nobody comes; no days where no type has one."""
    by_type = [
        scenario.closed_days(type_)[: 0 if scenario.comes_at_any_hour(type_) else None]
        for type_ in scenario.types
    ]
    closed = np.zeros((len(by_type), max(map(len, by_type))), bool)
    for t, days in enumerate(by_type):
        closed[t, : len(days)] = days
    return closed


def _comes_back(scenario: Scenario, type_: str) -> np.ndarray:
    """[672] bool: whether a customer who is due again comes then, or waits for another day.

    She comes while it is open. But where all contacts were typed, redials and repeats included,
    she does not come in a cell for which none was typed: the week would have more than was typed.
    """
    volume = scenario.spec.contacts[type_].volume
    opening = scenario.opening(type_) | scenario.comes_at_any_hour(type_)
    if not volume.per_week or volume.counts == "first":
        return opening
    return opening & (_typed(scenario, type_) > 0.0)


def _typed(scenario: Scenario, type_: str) -> np.ndarray:
    """[672] the profile; 1 while open for listed calls, and where the profile is 0 all week."""
    profile = scenario.profile(type_)
    is_listed = scenario.spec.contacts[type_].volume.calls is not None
    return scenario.opening(type_).astype(float) if is_listed or not profile.any() else profile


Rows = Callable[[Scenario], list[dict[str, Any]]]
"""What makes the rows of a table by type, of a scenario as it is at a time of day."""


def _over_the_day(scenario: Scenario, row: np.dtype, rows: Rows) -> np.recarray:
    """[type, cell of the week from the start of the horizon]; a single column if nothing varies."""
    parts = [(cells, rows_by_name(row, rows(part))) for cells, part in scenario.at_times]
    if len(parts) == 1:
        return parts[0][1].reshape(-1, 1).view(np.recarray)
    table = np.empty((len(parts[0][1]), CELLS_PER_WEEK), row).view(np.recarray)
    for cells, of_part in parts:
        table[:, cells] = of_part[:, None]
    return table


def _patience(scenario: Scenario) -> np.recarray:
    def rows(at_time: Scenario) -> list[dict[str, Any]]:
        types = at_time.spec.contacts.values()
        return [{"wait": compile_duration(one.patience), "balk": one.balk} for one in types]

    return _over_the_day(scenario, PATIENCE_OF_TYPE, rows)


def _redials(scenario: Scenario) -> np.recarray:
    return _over_the_day(scenario, REDIALS_OF_TYPE, _rows_of_redials)


def _rows_of_redials(scenario: Scenario) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for spec in scenario.spec.contacts.values():
        redial = spec.redial
        attempts = redial.attempts if redial else 1
        rows.append(
            {
                "probability": redial.probability if redial else 0.0,
                "attempts": UNLIMITED if attempts == "unlimited" else attempts,
                "delay": compile_duration(redial.delay if redial else None),
            }
        )
    return rows


def _rows_of_handling(scenario: Scenario) -> list[dict[str, Any]]:
    parts = [scenario.handling(type_) for type_ in scenario.types]
    if _hands_on(scenario):
        parts += [handling_by_specialists(scenario, type_) for type_ in scenario.types]
    return [
        {
            "talk": compile_duration(talk),
            "hold_share": hold.share if hold else 0.0,
            "hold": compile_duration(hold.duration if hold else None),
            "wrap_up": compile_duration(wrap_up),
        }
        for talk, hold, wrap_up in parts
    ]


def _hands_on(scenario: Scenario) -> bool:
    return any(spec.transfer for spec in scenario.spec.contacts.values())


def _handling(scenario: Scenario) -> HandlingTable:
    types = _over_the_day(scenario, HANDLING_OF_TYPE, _rows_of_handling)
    factor = np.ones((len(scenario.groups), len(scenario.types)))
    for g, group in enumerate(scenario.groups):
        for type_, serves in scenario.serves(group).items():
            factor[g, scenario.types.index(type_)] = serves.handle * scenario.harder(type_)
    if _hands_on(scenario):
        of_specialists = [scenario.harder(type_) for type_ in scenario.types]
        factor = np.hstack([factor, np.tile(of_specialists, (len(factor), 1))])
    return HandlingTable(types, factor)


def _transfers(scenario: Scenario) -> np.recarray:
    rows = []
    for type_, contact in scenario.spec.contacts.items():
        spec = contact.transfer
        asks_again = spec.told_again if spec else 0.0
        rows.append(
            {
                "group": scenario.groups.index(spec.to) if spec else NOBODY,
                "share": spec.share if spec else 0.0,
                "resolves": resolved_by_specialists(scenario, type_),
                "hand_over_ms": seconds_to_ms(spec.hand_over) if spec and spec.hand_over else 0,
                "asks_again_ms": round(asks_again * MS_PER_SECOND),
            }
        )
    return rows_by_name(TRANSFER_OF_TYPE, rows)


def _history(scenario: Scenario) -> np.recarray:
    specs = [contact.history for contact in scenario.spec.contacts.values()]
    return rows_by_name(
        HISTORY_OF_TYPE,
        [
            {
                "unknown": 1.0 - spec.known if spec else 0.0,
                "asks_again_ms": round(spec.asks_again * MS_PER_SECOND) if spec else 0,
            }
            for spec in specs
        ],
    )


def _resolution(scenario: Scenario) -> np.recarray:
    return _over_the_day(scenario, RESOLUTION_OF_TYPE, _rows_of_resolution)


def _rows_of_resolution(scenario: Scenario) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for type_, spec in scenario.spec.contacts.items():
        resolution = spec.resolution
        rows.append(
            {
                "first_contact": scenario.first_contact(type_),
                "comes_back": resolution.comes_back if resolution else 0.0,
                "delay": compile_duration(resolution.delay if resolution else None),
            }
        )
    return rows


def _routing(scenario: Scenario) -> RoutingTable:
    types, groups = scenario.types, scenario.groups
    serves = [
        {types.index(type_): spec for type_, spec in scenario.serves(group).items()}
        for group in groups
    ]
    routes = [[groups.index(g) for g in scenario.routes_of(type_)] for type_ in types]
    segments = scenario.segments or ["everyone"]
    head_start = np.zeros((len(types), len(segments)), np.int64)
    for t, spec in enumerate(scenario.spec.contacts.values()):
        for segment, seconds in spec.head_start.items():
            head_start[t, segments.index(segment)] = round(seconds * MS_PER_SECOND)
    transfers = [
        LegQueue(groups.index(spec.transfer.to), spec.transfer.priority, NOT_DEFERRED)
        if spec.transfer
        else None
        for spec in scenario.spec.contacts.values()
    ]
    queues = [_queue(scenario, offer.policy) for offer in scenario.spec.offers.values()]
    deferred = [spec.deferred for spec in scenario.spec.contacts.values()]
    reserve = [spec.reserve if spec else NOT_DEFERRED for spec in deferred]
    lines = scenario.spec.lines or 1 << 60
    return compile_routing(serves, routes, transfers, queues, reserve, head_start, lines)


def _queue(scenario: Scenario, policy: PolicySpec) -> LegQueue | None:
    """The queue where candidates wait for the agent of another leg; None if there is none."""
    if policy.group is None:
        return None
    reserve = policy.kept_free if policy.place == "called later" else NOT_DEFERRED
    return LegQueue(scenario.groups.index(policy.group), policy.priority or 1, reserve)

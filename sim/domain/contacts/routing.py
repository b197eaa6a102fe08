"""Which group answers a contact, and which contact does a freed agent take?

A contact goes to the first group, in the type's order of preference, that has a free agent. A
freed agent takes, among the waiting that its group may take now, the lowest priority number
first, then the one that has waited longest. `after` opens a group to a contact once it has
waited that long; a head start counts as waiting.

A contact handed on to specialists, or for a product, waits in a queue of its own, which one group
takes from. Deferred work waits in such a queue too, but is taken only while agents are idle: while
more than `reserve` of the group are free, the one idle longest takes the oldest piece.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, NamedTuple

import numpy as np
from pydantic import Field

from sim.core.clock import MS_PER_SECOND
from sim.core.rules import rule
from sim.language.block import Block, decision, outcome
from sim.language.evidence import TYPED
from sim.language.fields import Duration, Fraction

NOT_DEFERRED = -1


class ServesSpec(Block):
    """How a group serves one contact type."""

    main_key: ClassVar[str] = "priority"

    priority: Annotated[int, Field(ge=1, le=1000)] = decision(1, evidence=TYPED)
    """Lower numbers are taken first; equal numbers by waiting time."""
    handle: Annotated[Fraction, Field(gt=0, le=10)] = outcome(1.0, better="less", evidence=TYPED)
    """Handling time of this group relative to the type's."""
    after: Duration = decision(0.0, evidence=TYPED)
    """Only contacts that have waited this long."""


class LegQueue(NamedTuple):
    """The queue of contacts that go on in another leg: to specialists, or for a product."""

    group: int
    priority: int
    reserve: int  # NOT_DEFERRED, or agents who must stay free


class RoutingTable(NamedTuple):
    """Which groups serve a queue: a type's; after these that of each type's specialists; then a
    product's. Padded with -1.
    """

    groups_of: np.ndarray  # int64 [queue, place] groups in the queue's order of preference
    queues_of: np.ndarray  # int64 [group, place] queues in the group's order of priority
    priority: np.ndarray  # int64 [group, place] priority of queues_of
    after_ms: np.ndarray  # int64 [group, queue]
    deferred_of: np.ndarray  # int64 [group, place] queues of deferred work
    reserve: np.ndarray  # int64 [group, queue] agents who must stay free
    head_start_ms: np.ndarray  # int64 [type, segment]
    lines: int  # most customers inside the center (waiting or talking)


def compile_routing(
    serves: list[dict[int, ServesSpec]],
    routes: list[list[int]],
    transfers: list[LegQueue | None],
    products: list[LegQueue | None],
    reserve_of_type: list[int],
    head_start_ms: np.ndarray,
    lines: int,
) -> RoutingTable:
    """The routing table: `serves` has types with specs by group, `routes` has groups by type.

    `transfers` are the queues of specialists by type, None where nothing is handed on to any.
    `reserve_of_type` is NOT_DEFERRED for what agents take at once; a group that serves nothing else
    needs nobody free. `head_start_ms` is int64 [type, segment].
    """
    n_types, n_groups = len(routes), len(serves)
    legs = [*transfers, *products]
    queues: list[list[tuple[int, int]]] = [[] for _ in range(n_groups)]  # (priority, queue)
    deferred: list[list[int]] = [[] for _ in range(n_groups)]
    after_ms = np.zeros((n_groups, n_types + len(legs)), np.int64)
    reserve = np.zeros_like(after_ms)
    for g, types in enumerate(serves):
        for t, spec in types.items():
            if reserve_of_type[t] == NOT_DEFERRED:
                queues[g].append((spec.priority, t))
                after_ms[g, t] = round(spec.after * MS_PER_SECOND)
            else:
                deferred[g].append(t)
    for queue, leg in enumerate(legs, start=n_types):
        if leg is not None and leg.reserve == NOT_DEFERRED:
            queues[leg.group].append((leg.priority, queue))
        elif leg is not None:
            deferred[leg.group].append(queue)
            reserve[leg.group, queue] = leg.reserve
    for g in range(n_groups):
        for queue in deferred[g]:
            if queue < n_types and queues[g]:
                reserve[g, queue] = reserve_of_type[queue]
    in_order = [sorted(of_group) for of_group in queues]
    return RoutingTable(
        _padded([*routes, *([leg.group] if leg else [] for leg in legs)], 1),
        _padded([[queue for _, queue in of_group] for of_group in in_order], 1),
        _padded([[priority for priority, _ in of_group] for of_group in in_order], 1),
        after_ms,
        _padded(deferred, 0),
        reserve,
        head_start_ms,
        lines,
    )


def _padded(rows: list[list[int]], least: int) -> np.ndarray:
    width = max(least, *(len(row) for row in rows)) if rows else least
    padded = np.full((len(rows), width), -1, np.int64)
    for i, row in enumerate(rows):
        padded[i, : len(row)] = row
    return padded


@rule
def may_take(after_ms, group, queue, waited_ms):
    """Whether a contact that counts as having waited this long is open to the group.

    It takes a column, not the table, because the reference engine asks it of everyone who waits.
    """
    return waited_ms >= after_ms[group, queue]


@rule
def priority_of(table, group, queue):
    """The priority of a queue that the group takes from."""
    place = 0
    while table.queues_of[group, place] != queue:
        place += 1
    return table.priority[group, place]


@rule
def queue_of_product(table, product):
    """The queue of contacts that go on in another leg for the product."""
    return 2 * len(table.head_start_ms) + product


@rule
def product_of_queue(table, queue):
    """The product for which a contact goes on; below 0 in the queue of a type or of specialists."""
    return queue - 2 * len(table.head_start_ms)


@rule
def queue_of_specialists(table, type_):
    """The queue of contacts of the type that are handed on because they were not solved."""
    return len(table.head_start_ms) + type_

"""Which group answers a contact, and which contact does a freed agent take?

A contact goes to the first group, in the type's order of preference, that has a free agent. A
freed agent takes, among the waiting that its group may take now, the lowest priority number
first, then the one that has waited longest. `after` opens a group to a contact once it has
waited that long; a head start counts as waiting.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, NamedTuple

import numpy as np
from pydantic import Field

from sim.block import Block, decision, outcome
from sim.rule import rule
from sim.units import MS_PER_SECOND, Duration, Fraction


class ServesSpec(Block):
    """How a group serves one contact type."""

    main_key: ClassVar[str] = "priority"

    priority: Annotated[int, Field(ge=1, le=1000)] = decision(1, evidence="typed")
    """Lower numbers are taken first; equal numbers by waiting time."""
    handle: Annotated[Fraction, Field(gt=0, le=10)] = outcome(1.0, evidence="typed")
    """Handling time of this group relative to the type's."""
    after: Duration = decision(0.0, evidence="typed")
    """Only contacts that have waited this long."""


class RoutingTable(NamedTuple):
    """Who serves whom. Rows are padded with -1."""

    groups_of: np.ndarray  # int64 [type, place] groups in the type's order of preference
    types_of: np.ndarray  # int64 [group, place] types in the group's order of priority
    priority: np.ndarray  # int64 [group, place] priority of types_of
    after_ms: np.ndarray  # int64 [group, type]
    head_start_ms: np.ndarray  # int64 [type, segment]
    lines: int  # most customers inside the center (waiting or talking)


def compile_routing(
    serves: list[dict[int, ServesSpec]],
    routes: list[list[int]],
    head_start_ms: np.ndarray,
    lines: int,
) -> RoutingTable:
    """Serving by group (type → spec) and routes by type (groups) to padded arrays."""
    n_types, n_groups = len(routes), len(serves)
    width = max((len(s) for s in serves), default=0)
    types_of = np.full((n_groups, max(width, 1)), -1, np.int64)
    priority = np.zeros_like(types_of)
    after_ms = np.zeros((n_groups, n_types), np.int64)
    for g, types in enumerate(serves):
        in_order = sorted(types, key=lambda t: (types[t].priority, t))
        for place, t in enumerate(in_order):
            types_of[g, place] = t
            priority[g, place] = types[t].priority
            after_ms[g, t] = round(types[t].after * MS_PER_SECOND)
    groups_of = np.full((n_types, max((len(r) for r in routes), default=1)), -1, np.int64)
    for t, groups in enumerate(routes):
        groups_of[t, : len(groups)] = groups
    return RoutingTable(groups_of, types_of, priority, after_ms, head_start_ms, lines)


@rule
def may_take(table, group, type_, waited_ms):
    """Whether a contact that counts as having waited this long is open to the group."""
    return waited_ms >= table.after_ms[group, type_]

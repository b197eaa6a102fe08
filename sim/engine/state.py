"""What an engine is given and what it leaves: only columns cross a week."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core.clock import CELL_MS
from sim.core.tables import CLOSED, CONTACT, GROUP, People, blank, blank_seats, table
from sim.domain.contacts.demand import Fortune, open_blocks
from sim.engine.arrivals import deal
from sim.plan.plan import Plan


class Carry(NamedTuple):
    """What crosses from one span of time to the next."""

    contacts: np.ndarray  # [contact] CONTACT: open ones, whatever their phase
    seats: np.ndarray  # SEAT
    groups: np.ndarray  # GROUP


class Span(NamedTuple):
    """What an engine leaves of a span: every contact it touched, and the overtime."""

    contacts: np.ndarray  # CONTACT
    seats: np.ndarray  # SEAT
    groups: np.ndarray  # GROUP
    overtime_ms: np.ndarray  # int64 [group, cell of the span]

    def carry(self) -> Carry:
        """What the next span starts with."""
        return Carry(self.contacts[self.contacts.phase != CLOSED], self.seats, self.groups)


class Arrivals(NamedTuple):
    """First contacts of a span, in order."""

    at_ms: np.ndarray  # int64 [arrival]
    name: np.ndarray  # int64 [arrival]: of the issue, by moments.py


def nothing_yet(plan: Plan) -> Carry:
    """The start of a horizon: nobody inside, nobody on duty."""
    seats_by_group = np.diff(plan.levels.first_seat)
    groups = table(GROUP, len(seats_by_group), closed=1, counted_ms=start_ms(plan))
    return Carry(blank(CONTACT, 0), blank_seats(seats_by_group), groups)


def first_contacts(plan: Plan, fortune: Fortune, people: People) -> Arrivals:
    """The arrivals of the plan's span; the same for both engines."""
    expected = plan.demand.expected.sum() * max(
        open_blocks(plan.universe, segment) for segment in range(len(plan.universe))
    )
    room = int(expected * 1.2 + 8 * np.sqrt(expected)) + len(plan.demand.listed) + 64
    factor = np.empty(len(plan.demand.expected))
    while True:
        at_ms, name = np.empty(room, np.int64), np.empty(room, np.int64)
        n = deal(plan, fortune, people, factor, at_ms, name)
        if n >= 0:
            return Arrivals(at_ms[:n], name[:n])
        room *= 2


def start_ms(plan: Plan) -> int:
    """When the plan's span starts."""
    return plan.demand.first_cell * CELL_MS


def end_ms(plan: Plan) -> int:
    """When the plan's span has ended."""
    return (plan.demand.first_cell + plan.demand.expected.shape[1]) * CELL_MS

"""What an engine is given and what it leaves: only columns cross a week."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core.clock import CELL_MS
from sim.core.tables import (
    CLOSED,
    CONTACT,
    GROUP,
    NOBODY,
    PLACE,
    People,
    blank,
    blank_seats,
    table,
)
from sim.domain.contacts.demand import Fortune, open_blocks
from sim.engine.arrivals import deal
from sim.engine.steps.chats import PARTS
from sim.plan.plan import Plan


class Carry(NamedTuple):
    """What crosses from one span of time to the next."""

    contacts: np.ndarray  # [contact] CONTACT: open ones, whatever their phase
    seats: np.ndarray  # SEAT
    groups: np.ndarray  # GROUP
    places: np.ndarray  # PLACE, as many for each seat


class Span(NamedTuple):
    """What an engine leaves of a span: every contact it touched, and the overtime."""

    contacts: np.ndarray  # CONTACT
    seats: np.ndarray  # SEAT
    groups: np.ndarray  # GROUP
    places: np.ndarray  # PLACE, as many for each seat
    overtime_ms: np.ndarray  # int64 [group, cell of the span]
    desk_ms: np.ndarray  # int64 [group, part, cell of the span] time of agents in chats

    def carry(self) -> Carry:
        """What the next span starts with."""
        goes_on = self.contacts.phase != CLOSED
        contacts, places = self.contacts[goes_on], self.places.copy()
        for column in (places.contact, contacts.brought_by):
            is_given = column != NOBODY
            if is_given.any():
                row_then = np.cumsum(goes_on) - 1
                column[is_given] = row_then[column[is_given]]
        return Carry(contacts, self.seats, self.groups, places)


class Arrivals(NamedTuple):
    """First contacts of a span, in order."""

    at_ms: np.ndarray  # int64 [arrival]
    name: np.ndarray  # int64 [arrival]: of the issue, by moments.py


def nothing_yet(plan: Plan) -> Carry:
    """The start of a horizon: nobody inside, nobody on duty."""
    seats_by_group = np.diff(plan.levels.first_seat)
    groups = table(GROUP, len(seats_by_group), closed=1, counted_ms=start_ms(plan))
    return Carry(blank(CONTACT, 0), blank_seats(seats_by_group), groups, table(PLACE, 0))


def places_for(plan: Plan, carry: Carry) -> np.ndarray:
    """[place] PLACE with what was left in them, and room for as many chats as the plan allows."""
    n_seats = len(carry.seats)
    width = max(plan.chats.most, int(carry.seats.chats.max(initial=0)))
    places = table(PLACE, n_seats * width, contact=NOBODY)
    if len(carry.places) == len(places):
        return carry.places.copy()
    taken = np.flatnonzero(carry.places.contact != NOBODY)  # by seat, in the order of their numbers
    seat = taken // max(1, len(carry.places) // max(1, n_seats))
    number = np.arange(len(taken)) - np.searchsorted(seat, seat)
    places[seat * width + number] = carry.places[taken]
    return places


def blank_desk_ms(plan: Plan, places: np.ndarray) -> np.ndarray:
    """Room for the time of agents at desks and ringing: int64 [group, part, cell of the span]."""
    is_used = len(places) > 0 or (plan.callbacks.above_ms >= 0).any()
    cells = plan.demand.expected.shape[1] if is_used else 0
    return np.zeros((len(plan.levels.level), PARTS, cells), np.int64)


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

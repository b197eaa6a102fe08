"""What the reference engine looks up: waiting contacts, free agents, and which of them match.

Nothing here lets time pass. Every question is answered by looking at all there is, so that it can
be read at a glance; the compiled engine keeps lines in order instead.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import simpy

from sim.core.tables import BUSY, CONTACT, FREE, NOBODY, blank
from sim.domain.agents.rostering import is_present, next_on_duty_ms
from sim.domain.contacts.patience import FOR_EVER_MS
from sim.domain.contacts.routing import may_take, priority_of
from sim.domain.offers import policies
from sim.engine.state import Carry, places_for
from sim.engine.steps.chats import can_be_interrupted, has_room, is_written, work_at
from sim.engine.steps.contact import duty_ends, may_answer
from sim.plan.plan import Plan


class Columns(NamedTuple):
    """The columns of contacts that this engine reads, each [row]."""

    name: np.ndarray
    queue: np.ndarray
    type: np.ndarray
    leg: np.ndarray
    phase: np.ndarray
    until_ms: np.ndarray
    joined_ms: np.ndarray
    group: np.ndarray
    seat: np.ndarray


class Floor:
    """The tables of the center at a moment, and questions about them. Rows are of contacts."""

    def __init__(self, plan: Plan, carry: Carry, env: simpy.Environment) -> None:
        self.plan, self.env = plan, env
        self.contacts = carry.contacts
        self.rows = len(carry.contacts)
        self.seats, self.groups = carry.seats.copy(), carry.groups.copy()
        self.state, self.seat_group = self.seats.state, self.seats.group
        self.idle_since_ms, self.chats = self.seats.idle_since_ms, self.seats.chats
        self.places = places_for(plan, carry)
        cells = plan.demand.expected.shape[1]
        self.overtime_ms = np.zeros((len(self.groups), cells), np.int64)
        self.waiting: list[dict[int, simpy.Event]] = [{} for _ in plan.routing.groups_of]
        self.inside = 0
        self._make_room(2 * self.rows + 1024)

    # Seats -------------------------------------------------------------------------------------

    def seats_in(self, group: int, state: int) -> list[int]:
        """Seats of a group in this state, lowest number first."""
        first, last = self.plan.levels.first_seat[group : group + 2]
        return (first + np.flatnonzero(self.state[first:last] == state)).tolist()

    def is_on_shift(self, seat: int) -> bool:
        """Whether whoever fills the seat is on shift now."""
        return bool(is_present(self.plan.levels, seat, int(self.env.now)))

    def longest_idle(self, group: int) -> int:
        """The free agent of the group who has been idle longest; then the lower number."""
        return min(self.seats_in(group, FREE), key=self._idle_since)

    def set_to_work(self, seat: int) -> None:
        """The agent takes one more contact: she is no longer free, or already is in chats."""
        self.state[seat] = BUSY
        self.groups[int(self.seat_group[seat])].busy += 1

    def seat_with_room(self, group: int, row: int) -> int | None:
        """The agent of the group with the fewest chats, for longest, who has room for this one.

        While seats are owed, as many of those with the fewest take none, so that they can leave. At
        closing all still serve who waits.
        """
        most = int(self.plan.chats.types[int(self.columns.type[row])].most)
        suitable = [
            seat
            for seat in self.seats_in(group, BUSY)
            if self.chats[seat] < most
            and has_room(self.plan, self.contacts, self.seats, self.places, seat)
        ]
        suitable.sort(key=lambda seat: (self.chats[seat], *self._idle_since(seat)))
        owed = 0 if self.groups[group].closed else int(self.groups[group].owed)
        return suitable[owed] if owed < len(suitable) else None

    def _idle_since(self, seat: int) -> tuple[int, int]:
        return int(self.idle_since_ms[seat]), seat

    # Which agents answer ----------------------------------------------------------------------

    def free_seat(self, row: int) -> int | None:
        """The agent idle longest of the first of its groups with one who may answer it now.

        For a chat that may be one with room beside others, if nobody who waits for her comes first.
        """
        for group in self.groups_of(row):
            if not may_answer(self.plan, self.contacts, row, group, self.env.now):
                continue
            if self.seats_in(group, FREE):
                return self.longest_idle(group)
            if self.is_written(row):
                first, seat = self.next_waiting(group), self.seat_with_room(group, row)
                is_next = first is None or self._order(group, row) <= self._order(group, first)
                if seat is not None and is_next:
                    return seat
        return None

    def seat_to_interrupt(self, row: int) -> int | None:
        """An agent who puts an email aside for this contact: of the first group that has one, who
        began last, then the higher seat. While seats are owed, whoever finishes leaves instead; and
        at the end of duty nobody begins anything.
        """
        for group in self.groups_of(row):
            stays = not self.groups[group].owed or self.groups[group].closed
            if not stays or duty_ends(self.plan, self.groups, group, self.env.now):
                continue
            if not may_answer(self.plan, self.contacts, row, group, self.env.now):
                continue
            at_work = [seat for seat in self.seats_in(group, BUSY) if self._may_stop(seat)]
            if at_work:
                return max(at_work, key=self._idle_since)
        return None

    def _may_stop(self, seat: int) -> bool:
        row = int(work_at(self.seats, self.places, seat)) if len(self.places) else NOBODY
        return row != NOBODY and bool(
            can_be_interrupted(self.plan, self.contacts, row, self.env.now)
        )

    def is_written(self, row: int) -> bool:
        """Whether an agent may have other contacts beside this one."""
        return bool(is_written(self.plan, self.contacts, row))

    def next_waiting(self, group: int, as_of_ms: int | None = None) -> int | None:
        """Lowest priority number, then oldest, then lower name."""
        suitable = self._open_to(group, int(self.env.now) if as_of_ms is None else as_of_ms)
        return min(suitable, key=lambda row: self._order(group, row), default=None)

    def _order(self, group: int, row: int) -> tuple[int, int, int]:
        """By what an agent of the group chooses among contacts: the least comes first."""
        priority = priority_of(self.plan.routing, group, self.columns.queue[row])
        return (int(priority), *self._age_of(row))

    def expected_wait_ms(self, row: int) -> int:
        """The wait of a caller for whom nobody is free: those ahead of her whom her groups may take
        and herself × mean handling ÷ seats on duty there; with none, the time until there is one.
        """
        groups, now = self.groups_of(row), int(self.env.now)
        seats = sum(int(self.groups[group].level) for group in groups)
        if seats == 0:
            opens = [int(next_on_duty_ms(self.plan.levels, group, now)) for group in groups]
            return min(opens, default=FOR_EVER_MS) - now
        queues = {queue for group in groups for queue in self._queues_of(group)}
        ahead = sum(len(self.waiting[queue]) for queue in queues)
        handle_ms = int(self.plan.callbacks[int(self.columns.type[row])].handle_ms)
        return (ahead + 1) * handle_ms // seats

    def next_deferred(self, group: int) -> int | None:
        """The oldest deferred work for which the group has agents idle enough; then lower name."""
        routing, idle = self.plan.routing, len(self.seats_in(group, FREE))
        queues = [q for q in routing.deferred_of[group].tolist() if q >= 0]
        suitable = [
            row for q in queues if idle > routing.reserve[group, q] for row in self.waiting[q]
        ]
        return min(suitable, key=self._age_of, default=None)

    def _age_of(self, row: int) -> tuple[int, int]:
        return int(self.columns.joined_ms[row]), int(self.columns.name[row])

    def state_of(self, group: int) -> policies.GroupState:
        """What the group looks like to an agent of it who ends a talk."""
        waiting = self._open_to(group, int(self.env.now))
        ages_ms = [int(self.env.now) - int(self.columns.joined_ms[row]) for row in waiting]
        in_system = int(self.groups[group].busy) + len(waiting)
        oldest_ms = max(ages_ms, default=policies.NOBODY_WAITS_MS)
        return policies.GroupState(
            in_system, int(self.groups[group].level), len(waiting), oldest_ms
        )

    def _open_to(self, group: int, now: int) -> list[int]:
        """Waiting contacts that the group may take now."""
        after_ms, joined_ms = self.plan.routing.after_ms, self.columns.joined_ms
        return [
            row
            for queue in self._queues_of(group)
            for row in self.waiting[queue]
            if may_take(after_ms, group, queue, now - joined_ms[row])
        ]

    def groups_of(self, row: int) -> list[int]:
        """Groups that serve the contact, in the order in which they are asked."""
        return [g for g in self.plan.routing.groups_of[self.columns.queue[row]].tolist() if g >= 0]

    def _queues_of(self, group: int) -> list[int]:
        return [q for q in self.plan.routing.queues_of[group].tolist() if q >= 0]

    def opens_late(self, row: int, group: int) -> bool:
        """Whether the group helps out only after the contact has waited."""
        return bool(self.plan.routing.after_ms[group, self.columns.queue[row]] > 0)

    def line_of(self, row: int) -> dict[int, simpy.Event]:
        """Contacts in the queue of this one: row → the event by which a wait ends."""
        return self.waiting[int(self.columns.queue[row])]

    # Rows --------------------------------------------------------------------------------------

    def new_row(self) -> int:
        """The row of a contact that is new."""
        if self.rows == len(self.contacts):
            self._make_room(2 * self.rows)
        self.rows += 1
        return self.rows - 1

    def _make_room(self, room: int) -> None:
        contacts = blank(CONTACT, room)
        contacts[: len(self.contacts)] = self.contacts
        self.contacts = contacts
        # A column asked for once is far cheaper than a cell of a row asked for each time.
        self.columns = Columns(*(np.asarray(contacts[name]) for name in Columns._fields))

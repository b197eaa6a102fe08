"""Everything that changes while the fast engine plays, and how it is written to.

Tables grow by making the world anew with more room; all else is changed in place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core.moments import (
    DUE_AGAIN,
    END_OF_TALK,
    END_OF_WORK,
    FIRST_LEG,
    GIVING_UP,
    OVERFLOW,
    SEATS_CHANGE,
    rank,
)
from sim.core.rules import routine, rule
from sim.core.tables import (
    AWAY,
    BUSY,
    CONTACT,
    DUE_LATER,
    FREE,
    NOT_YET,
    OFFERING,
    PUT_ASIDE,
    PUT_BY,
    RINGING,
    STAYING,
    TALKING,
    TO_BE_CALLED,
    WAITING,
    WITH_BOT,
    People,
    blank,
)
from sim.domain.channels.chat import MOST_CHATS
from sim.domain.contacts.patience import FOR_EVER_MS
from sim.engine.calendar import Calendar, empty_calendar, schedule
from sim.engine.queues import Lines, empty_lines, join_idle, join_waiting, remove, with_room
from sim.engine.state import Carry, blank_desk_ms, places_for
from sim.engine.steps.callbacks import book_ringing
from sim.engine.steps.chats import has_room, takes_line
from sim.engine.steps.contact import NO_MOMENT, opens_at_ms
from sim.plan.plan import Plan

ROWS, INSIDE, NEXT_ARRIVAL, NEXT_CHANGE = range(4)


class World(NamedTuple):
    """Everything that changes while the loop runs."""

    contacts: np.ndarray  # CONTACT
    people: People
    seats: np.ndarray  # SEAT
    groups: np.ndarray  # GROUP
    waiting: Lines  # a line per queue, over rows of contacts
    idle: Lines  # a line per group, over seats
    ready: Lines  # a line per group and number of open chats, over seats with room for another one
    places: np.ndarray  # PLACE, as many for each seat
    desk_ms: np.ndarray  # [group, part, cell of the span] time of agents in chats
    calendar: Calendar
    overtime_ms: np.ndarray  # [group, cell of the span]
    deferred_ms: np.ndarray  # [group] when deferred work was last to be looked for
    counters: np.ndarray  # ROWS, INSIDE, NEXT_ARRIVAL, NEXT_CHANGE


def open_world(plan: Plan, people: People, carry: Carry, arrivals: int) -> World:
    """What the last span left, with room for so many arrivals and what follows from them."""
    carried = len(carry.contacts)
    places = places_for(plan, carry)
    room = carried + int(arrivals * 1.5) + 64
    contacts = blank(CONTACT, room)
    contacts[:carried] = carry.contacts
    cells = plan.demand.expected.shape[1]
    n_groups = len(carry.groups)
    world = World(
        contacts,
        people,
        carry.seats.copy(),
        carry.groups.copy(),
        empty_lines(len(plan.routing.groups_of), room),
        empty_lines(n_groups, len(carry.seats)),
        empty_lines(n_groups * (plan.chats.most + 1), len(carry.seats)),
        places,
        blank_desk_ms(plan, places),
        empty_calendar(_calendar_room(plan, room)),
        np.zeros((n_groups, cells), np.int64),
        np.full(n_groups, NOT_YET),
        np.zeros(4, np.int64),
    )
    world.counters[ROWS] = carried
    return world


def _calendar_room(plan: Plan, rows: int) -> int:
    """The most moments there can be.

    A contact has at most one end of service, one stale deadline and its overflows in there; a
    group has one look for deferred work. As a chat begins and ends, those beside it end at another
    time, and what was foreseen stays; so it is in each round of a conversation.
    """
    overflows = int((plan.routing.after_ms > 0).sum(axis=0).max(initial=0))
    lapsed = 2 * MOST_CHATS + 3 if plan.chats.most else 0
    rounds = int(plan.messages.rounds.max(initial=1))
    return rows * (2 + (overflows + lapsed) * rounds) + 2 + len(plan.routing.deferred_of)


def more_room(plan: Plan, world: World) -> World:
    """The same world with room for twice the contacts."""
    room = 2 * len(world.contacts)
    contacts = blank(CONTACT, room)
    contacts[: len(world.contacts)] = world.contacts
    calendar = world.calendar.with_room(_calendar_room(plan, room))
    return world._replace(
        contacts=contacts, calendar=calendar, waiting=with_room(world.waiting, room)
    )


@rule
def expect(world, at_ms, kind, row):
    """Enter a moment of a contact."""
    contact = world.contacts[row]
    schedule(world.calendar, at_ms, rank(kind, contact.name, contact.leg), row)


@rule
def set_to_work(world, seat):
    """The agent takes one more contact: she is no longer free, or already is in chats."""
    group = world.seats[seat].group
    if world.seats[seat].state == FREE:
        remove(world.idle, group, seat)
        world.seats[seat].state = BUSY
    world.groups[group].busy += 1


@rule
def line_of_ready(plan, seats, seat):
    """The line of agents of this one's group who have as many chats."""
    return seats[seat].group * (plan.chats.most + 1) + seats[seat].chats


@rule
def join_ready(plan, world, seat):
    """Whoever has room for another chat waits for one, if she is in any."""
    if has_room(plan, world.contacts, world.seats, world.places, seat):
        join_idle(world.ready, line_of_ready(plan, world.seats, seat), world.seats, seat)


@rule
def leave_ready(plan, world, seat):
    """The agent's chats are about to change."""
    if has_room(plan, world.contacts, world.seats, world.places, seat):
        remove(world.ready, line_of_ready(plan, world.seats, seat), seat)


@rule
def stop_waiting(world, row):
    """The contact leaves its line."""
    remove(world.waiting, world.contacts[row].queue, row)


@rule
def expect_end_of_waiting(plan, world, row, gives_up_ms, now_ms):
    """Enter when patience ends and when further groups open to a waiting contact."""
    if gives_up_ms != NO_MOMENT and gives_up_ms < FOR_EVER_MS:
        expect(world, gives_up_ms, GIVING_UP, row)
    groups_of = plan.routing.groups_of
    queue = world.contacts[row].queue
    for place in range(groups_of.shape[1]):
        group = groups_of[queue, place]
        if group < 0:
            break
        if plan.routing.after_ms[group, queue] > 0:
            opens_ms = opens_at_ms(plan, world.contacts, row, group)
            if opens_ms >= now_ms:
                expect(world, opens_ms, OVERFLOW, row)


@rule
def expect_change(plan, world):
    """Enter the next change of level."""
    change = world.counters[NEXT_CHANGE]
    if change < len(plan.changes):
        schedule(
            world.calendar,
            plan.changes[change].at_ms,
            rank(SEATS_CHANGE, plan.changes[change].group, FIRST_LEG),
            change,
        )
        world.counters[NEXT_CHANGE] = change + 1


@routine
def resume(plan, world, carried, now_ms):
    """Put what was carried over back into lines and calendar."""
    contacts = world.contacts
    for row in range(carried):
        phase, until_ms = contacts[row].phase, contacts[row].until_ms
        if phase in (WAITING, TALKING, OFFERING):
            world.counters[INSIDE] += takes_line(plan, contacts, row)
        if phase in (DUE_LATER, WITH_BOT, AWAY):
            expect(world, until_ms, DUE_AGAIN, row)
        elif phase == WAITING:
            join_waiting(world.waiting, contacts, row)
            expect_end_of_waiting(plan, world, row, until_ms, now_ms)
        elif phase == TO_BE_CALLED:
            join_waiting(world.waiting, contacts, row)
            expect_end_of_waiting(plan, world, row, NO_MOMENT, now_ms)
        elif phase == PUT_ASIDE:
            join_waiting(world.waiting, contacts, row)
        elif phase == PUT_BY:
            join_waiting(world.waiting, contacts, row)
            expect(world, until_ms, GIVING_UP, row)
        elif phase == TALKING:
            expect(world, until_ms, END_OF_TALK, row)
        elif phase != STAYING:
            expect(world, until_ms, END_OF_WORK, row)
        if phase == RINGING and contacts[row].leg == FIRST_LEG:
            book_ringing(plan, contacts, world.desk_ms, row, now_ms)
    for seat in range(len(world.seats)):
        if world.seats[seat].state == FREE:
            join_idle(world.idle, world.seats[seat].group, world.seats, seat)
        join_ready(plan, world, seat)
    expect_change(plan, world)

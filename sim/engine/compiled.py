"""The fast engine: one event loop in machine code.

The next moment is the earlier of the next arrival and the first in the calendar; at the same
millisecond arrivals come last but for deferred work (moments.py). The loop keeps the waiting
contacts (a line per queue) and the free agents (a line per group); what is done at a moment is in
events.py, what happens to a contact in steps/.
"""

from __future__ import annotations

from sim.core.moments import (
    ARRIVAL,
    DEFERRED,
    DUE_AGAIN,
    END_OF_TALK,
    END_OF_WORK,
    FIRST_LEG,
    GIVING_UP,
    OVERFLOW,
    kind_of,
    rank,
)
from sim.core.rules import routine
from sim.core.tables import PUT_BY, TO_BE_CALLED, WAITING, People
from sim.domain.contacts.demand import Fortune
from sim.engine.calendar import has_moment, is_before, take_first
from sim.engine.deferred import look_for_deferred_work, on_idle
from sim.engine.desks import book_desks
from sim.engine.events import (
    fill_up,
    is_plainly_due,
    on_arrival,
    on_done,
    on_end_of_talk,
    on_end_of_work,
    on_giving_up,
    on_other_due,
    on_overflow,
)
from sim.engine.levels import on_change
from sim.engine.next_up import a_chat_waits
from sim.engine.state import Arrivals, Carry, Span, end_ms, first_contacts, start_ms
from sim.engine.steps.chats import has_lapsed
from sim.engine.steps.contact import NO_MOMENT, count_overtime, enter
from sim.engine.steps.second_legs import expire
from sim.engine.steps.self_service import meet_bot
from sim.engine.world import (
    NEXT_ARRIVAL,
    ROWS,
    expect,
    more_room,
    open_world,
    resume,
    stop_waiting,
)
from sim.plan.plan import Plan

MOST_ROWS_A_MOMENT = 2
FIRST_ARRIVAL = rank(ARRIVAL, 0, FIRST_LEG)  # in the order of a millisecond
LAST_OF_ALL = (1 << 63) - 1


def simulate(plan: Plan, fortune: Fortune, people: People, carry: Carry) -> Span:
    """Play the plan's span from what the last one left."""
    return play_arrivals(plan, fortune, first_contacts(plan, fortune, people), people, carry)


def play_arrivals(
    plan: Plan, fortune: Fortune, arrivals: Arrivals, people: People, carry: Carry
) -> Span:
    """Play these first contacts, and what was left."""
    world = open_world(plan, people, carry, len(arrivals.at_ms))
    resume(plan, world, len(carry.contacts), start_ms(plan))
    look_for_deferred_work(plan, world, start_ms(plan))
    while not run_events(plan, fortune, arrivals, world, end_ms(plan)):
        world = more_room(plan, world)
    finish(plan, world, end_ms(plan))
    contacts = world.contacts[: world.counters[ROWS]]
    return Span(contacts, world.seats, world.groups, world.places, world.overtime_ms, world.desk_ms)


@routine
def run_events(plan, fortune, arrivals, world, end_ms):
    """Run to the end of the span; False if the rows of contacts ran out: make room, call again."""
    contacts, calendar, counters = world.contacts, world.calendar, world.counters
    room = len(contacts)
    n_arrivals = len(arrivals.at_ms)
    has_chats = len(world.places) > 0
    # An arrival that is blocked or balks takes two rows: its own and that of its redial.
    while counters[ROWS] + MOST_ROWS_A_MOMENT <= room:
        arrival = counters[NEXT_ARRIVAL]
        limit_ms = arrivals.at_ms[arrival] if arrival < n_arrivals else end_ms - 1
        limit_rank = FIRST_ARRIVAL if arrival < n_arrivals else LAST_OF_ALL
        is_done, comes = False, False
        if has_moment(calendar) and is_before(calendar, limit_ms, limit_rank):
            now_ms, row = calendar.moments[0].at_ms, calendar.moments[0].row
            kind = kind_of(calendar.moments[0].rank)
            take_first(calendar)
            if kind == END_OF_TALK:
                if not has_chats or not has_lapsed(contacts, row, kind, now_ms):
                    is_done = on_end_of_talk(plan, world, row, now_ms)
            elif kind == END_OF_WORK:
                if not has_chats or not has_lapsed(contacts, row, kind, now_ms):
                    is_done = on_end_of_work(plan, world, row, now_ms)
            elif kind == GIVING_UP:
                if contacts[row].phase == WAITING and contacts[row].until_ms == now_ms:
                    on_giving_up(plan, world, row, now_ms)
                elif contacts[row].phase == PUT_BY:
                    stop_waiting(world, row)
                    expire(contacts, row, now_ms)
            elif kind == DUE_AGAIN:
                comes = is_plainly_due(contacts, row)
                if not comes:
                    on_other_due(plan, world, row, now_ms)
            elif kind == OVERFLOW:
                if contacts[row].phase in (WAITING, TO_BE_CALLED):
                    on_overflow(plan, world, row, now_ms)
            elif kind == DEFERRED:
                on_idle(plan, world, row, now_ms)
            else:
                on_change(plan, world, row, now_ms)
        elif arrival < n_arrivals:
            counters[NEXT_ARRIVAL] = arrival + 1
            now_ms = limit_ms
            row = counters[ROWS]
            counters[ROWS] = row + 1
            enter(plan, fortune, contacts, row, arrivals.name[arrival], now_ms)
            ends_ms = meet_bot(plan, world.people, contacts, row, now_ms)
            comes = ends_ms == NO_MOMENT
            if not comes:
                expect(world, ends_ms, DUE_AGAIN, row)
        else:
            return True
        if is_done:
            on_done(plan, world, row, now_ms)
        elif comes:
            on_arrival(plan, world, row, now_ms)
        if has_chats and a_chat_waits(plan, world):
            fill_up(plan, world, now_ms)
    return False


@routine
def finish(plan, world, end_ms):
    """Count overtime, and book the time of agents in chats, up to the end of the span."""
    first_cell = plan.demand.first_cell
    for group in range(len(world.groups)):
        count_overtime(world.overtime_ms, world.groups, group, end_ms, first_cell)
    book_desks(plan, world, end_ms)

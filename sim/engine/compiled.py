"""The fast engine: one event loop in machine code.

The next moment is the earlier of the next arrival and the first in the calendar; at the same
millisecond arrivals come last but for deferred work (moments.py). The loop keeps the waiting
contacts (a line per queue) and the free agents (a line per group). What is done at a moment is in
coming.py, ending.py and levels.py, what follows it in what_follows.py, what happens to a contact in
steps/.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

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
from sim.core.rules import renamed, routine
from sim.core.tables import PUT_BY, TO_BE_CALLED, WAITING, People
from sim.domain.contacts.demand import Fortune
from sim.engine.answering import fill_up
from sim.engine.calendar import has_moment, is_before, take_first
from sim.engine.coming import is_plainly_due, on_arrival, on_new_issue, on_other_due, on_overflow
from sim.engine.deferred import look_for_deferred_work, on_idle
from sim.engine.desks import book_desks
from sim.engine.ending import on_end_of_talk, on_end_of_work, on_giving_up
from sim.engine.levels import on_change
from sim.engine.next_up import a_chat_waits
from sim.engine.state import Arrivals, Carry, Span, end_ms, first_contacts, start_ms
from sim.engine.steps.calls_only import may_be_more, of_calls_only
from sim.engine.steps.chats import has_lapsed
from sim.engine.steps.contact import count_overtime, enter
from sim.engine.steps.second_legs import expire
from sim.engine.what_follows import COMES, NOTHING, follow_up
from sim.engine.world import (
    NEXT_ARRIVAL,
    ROWS,
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
    is_more = bool(np.any(plan.more_than_calls))
    play, as_taken = loop(is_more), plan if is_more else of_calls_only(plan)
    begin(as_taken, world, len(carry.contacts), start_ms(plan))
    while not play(as_taken, fortune, arrivals, world, end_ms(plan)):
        world = more_room(plan, world)
    contacts = world.contacts[: world.counters[ROWS]]
    return Span(contacts, world.seats, world.groups, world.places, world.overtime_ms, world.desk_ms)


def loop(is_more: bool) -> Callable[..., Any]:
    """The loop for contacts that may be more than calls, or for calls only."""
    return play_all_channels if is_more else play_calls


@routine
def begin(plan, world, carried, now_ms):
    """Go on with what was carried over; a list may have come with the span."""
    resume(plan, world, carried, now_ms)
    look_for_deferred_work(plan, world, now_ms)


def run_events(plan, fortune, arrivals, world, end_ms):
    """Run to the end of the span; False if the rows of contacts ran out: make room, call again."""
    contacts, calendar, counters = world.contacts, world.calendar, world.counters
    room = len(contacts)
    n_arrivals = len(arrivals.at_ms)
    has_chats = may_be_more(plan) and len(world.places) > 0
    # An arrival that is blocked or balks takes two rows: its own and that of its redial.
    while counters[ROWS] + MOST_ROWS_A_MOMENT <= room:
        arrival = counters[NEXT_ARRIVAL]
        limit_ms = arrivals.at_ms[arrival] if arrival < n_arrivals else end_ms - 1
        limit_rank = FIRST_ARRIVAL if arrival < n_arrivals else LAST_OF_ALL
        then = NOTHING
        if has_moment(calendar) and is_before(calendar, limit_ms, limit_rank):
            now_ms, row = calendar.moments[0].at_ms, calendar.moments[0].row
            kind = kind_of(calendar.moments[0].rank)
            take_first(calendar)
            if kind == END_OF_TALK:
                if not has_chats or not has_lapsed(contacts, row, kind, now_ms):
                    then = on_end_of_talk(plan, world, row, now_ms)
            elif kind == END_OF_WORK:
                if not has_chats or not has_lapsed(contacts, row, kind, now_ms):
                    then = on_end_of_work(plan, world, row, now_ms)
            elif kind == GIVING_UP:
                if contacts[row].phase == WAITING and contacts[row].until_ms == now_ms:
                    then = on_giving_up(plan, world, row, now_ms)
                elif contacts[row].phase == PUT_BY:
                    stop_waiting(world, row)
                    expire(contacts, row, now_ms)
            elif kind == DUE_AGAIN:
                if is_plainly_due(contacts, row):
                    then = COMES
                else:
                    then = on_other_due(plan, world, row, now_ms)
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
            then = on_new_issue(plan, world, row, now_ms)
        else:
            finish(plan, world, end_ms)
            return True
        if then == COMES:
            then = on_arrival(plan, world, row, now_ms)
        follow_up(plan, world, row, now_ms, then)
        if has_chats and a_chat_waits(plan, world):
            fill_up(plan, world, now_ms)
    return False


play_calls = routine(renamed(run_events, "play_calls"))
play_all_channels = routine(renamed(run_events, "play_all_channels"))


@routine
def finish(plan, world, end_ms):
    """Count overtime, and book the time of agents in chats, up to the end of the span."""
    first_cell = plan.demand.first_cell
    for group in range(len(world.groups)):
        count_overtime(world.overtime_ms, world.groups, group, end_ms, first_cell)
    if len(world.places) > 0:
        book_desks(plan, world, end_ms)

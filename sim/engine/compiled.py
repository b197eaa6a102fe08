"""The fast engine: one event loop in machine code.

The next moment is the earlier of the next arrival and the first in the calendar; at the same
millisecond arrivals come last but for deferred work (moments.py). The loop keeps the waiting
contacts (a line per queue) and the free agents (a line per group); what happens to a contact is in
steps/.
"""

from __future__ import annotations

import numpy as np

from sim.core.moments import (
    ARRIVAL,
    CALL_LEG,
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
from sim.core.rules import routine, rule
from sim.core.tables import (
    BUSY,
    FREE,
    NOBODY,
    NOT_YET,
    OFF_DUTY,
    OFFERING,
    PUT_BY,
    RINGING,
    WAITING,
    WITH_BOT,
    People,
)
from sim.domain.agents.rostering import is_present
from sim.domain.contacts.demand import Fortune
from sim.domain.offers.policies import NOBODY_WAITS_MS, GroupState
from sim.domain.offers.second_legs import CALLED_LATER, HERE
from sim.engine.calendar import has_moment, is_before, schedule, take_first
from sim.engine.next_up import free_group, next_deferred, next_waiting, state_of
from sim.engine.queues import END, join_idle, join_waiting, longest_idle, remove
from sim.engine.state import Arrivals, Carry, Span, end_ms, first_contacts, start_ms
from sim.engine.steps.contact import (
    NO_MOMENT,
    arrive,
    balk,
    block,
    close,
    count_overtime,
    duty_ends,
    end_talk,
    enter,
    follow,
    give_up,
    next_contact_ms,
    offer,
    start_talk,
    wait,
    way_of,
    wrap_up,
)
from sim.engine.steps.second_legs import (
    end_ringing,
    expire,
    hand_on,
    is_worth_a_call,
    put_by,
    start_call,
    start_selling,
)
from sim.engine.steps.self_service import leave_bot, meet_bot
from sim.engine.world import (
    INSIDE,
    NEXT_ARRIVAL,
    ROWS,
    expect,
    expect_change,
    expect_end_of_waiting,
    more_room,
    open_world,
    resume,
    set_to_work,
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
    while not run_events(plan, fortune, arrivals, world, end_ms(plan)):
        world = more_room(plan, world)
    finish(world, end_ms(plan), plan.demand.first_cell)
    contacts = world.contacts[: world.counters[ROWS]]
    return Span(contacts, world.seats, world.groups, world.overtime_ms)


@routine
def run_events(plan, fortune, arrivals, world, end_ms):
    """Run to the end of the span; False if the rows of contacts ran out: make room, call again."""
    contacts, calendar, counters = world.contacts, world.calendar, world.counters
    room = len(contacts)
    n_arrivals = len(arrivals.at_ms)
    # An arrival that is blocked or balks takes two rows: its own and that of its redial.
    while counters[ROWS] + MOST_ROWS_A_MOMENT <= room:
        arrival = counters[NEXT_ARRIVAL]
        limit_ms = arrivals.at_ms[arrival] if arrival < n_arrivals else end_ms - 1
        limit_rank = FIRST_ARRIVAL if arrival < n_arrivals else LAST_OF_ALL
        if has_moment(calendar) and is_before(calendar, limit_ms, limit_rank):
            now_ms, row = calendar.moments[0].at_ms, calendar.moments[0].row
            kind = kind_of(calendar.moments[0].rank)
            take_first(calendar)
            if kind == END_OF_TALK:
                _on_end_of_talk(plan, world, row, now_ms)
            elif kind == END_OF_WORK:
                _on_end_of_work(plan, world, row, now_ms)
            elif kind == GIVING_UP:
                if contacts[row].phase == WAITING:
                    stop_waiting(world, row)
                    give_up(contacts, row, now_ms)
                    _on_customer_gone(plan, world, row, now_ms)
                elif contacts[row].phase == PUT_BY:
                    stop_waiting(world, row)
                    expire(contacts, row, now_ms)
            elif kind == DUE_AGAIN:
                if contacts[row].phase != WITH_BOT:
                    _on_arrival(plan, world, row, now_ms)
                else:
                    _on_end_of_session(plan, world, row, now_ms)
            elif kind == OVERFLOW:
                if contacts[row].phase == WAITING:
                    _on_overflow(plan, world, row, now_ms)
            elif kind == DEFERRED:
                _on_idle(plan, world, row, now_ms)
            else:
                _on_change(plan, world, row, now_ms)
        elif arrival < n_arrivals:
            counters[NEXT_ARRIVAL] = arrival + 1
            row = counters[ROWS]
            counters[ROWS] = row + 1
            enter(plan, fortune, contacts, row, arrivals.name[arrival], limit_ms)
            ends_ms = meet_bot(plan, world.people, contacts, row, limit_ms)
            if ends_ms == NO_MOMENT:
                _on_arrival(plan, world, row, limit_ms)
            else:
                expect(world, ends_ms, DUE_AGAIN, row)
        else:
            return True
    return False


@routine
def finish(world, end_ms, first_cell):
    """Count overtime up to the end of the span."""
    for group in range(len(world.groups)):
        count_overtime(world.overtime_ms, world.groups, group, end_ms, first_cell)


@rule
def _on_arrival(plan, world, row, now_ms):
    """The contact is answered at once, or is blocked, balks or waits."""
    contacts = world.contacts
    if not arrive(plan, world.people, contacts, row, now_ms):
        return
    if world.counters[INSIDE] >= plan.routing.lines:
        block(contacts, row, now_ms)
        _expect_next_contact(plan, world, row, now_ms)
        return
    group = free_group(plan, world, row, now_ms)
    if group != END:
        world.counters[INSIDE] += 1
        _answer(plan, world, row, longest_idle(world.idle, group), now_ms)
        return
    if balk(plan, contacts, row, now_ms):
        _expect_next_contact(plan, world, row, now_ms)
        return
    world.counters[INSIDE] += 1
    gives_up_ms = wait(plan, contacts, row, now_ms)
    join_waiting(world.waiting, contacts, row)
    expect_end_of_waiting(plan, world, row, gives_up_ms, now_ms)


@routine
def _on_end_of_session(plan, world, row, now_ms):
    """The bot keeps the contact, or it goes on to agents."""
    if leave_bot(world.contacts, row, now_ms):
        _expect_next_contact(plan, world, row, now_ms)
    else:
        _on_arrival(plan, world, row, now_ms)


@rule
def _on_overflow(plan, world, row, now_ms):
    """A waiting contact has become open to a further group."""
    group = free_group(plan, world, row, now_ms)
    if group != END:
        stop_waiting(world, row)
        _answer(plan, world, row, longest_idle(world.idle, group), now_ms)


@rule
def _answer(plan, world, row, seat, now_ms):
    """A free agent takes the contact."""
    set_to_work(world, seat)
    _talk(plan, world, row, seat, now_ms)


@rule
def _talk(plan, world, row, seat, now_ms):
    """The conversation starts; in a second leg that is the offer."""
    group = world.seats[seat].group
    if world.contacts[row].leg == FIRST_LEG:
        ends_ms = start_talk(plan, world.contacts, row, now_ms, group, seat)
        expect(world, ends_ms, END_OF_TALK, row)
    else:
        _sell(plan, world, row, seat, now_ms)


@routine
def _sell(plan, world, row, seat, now_ms):
    """The offer of a second leg starts."""
    group = world.seats[seat].group
    ends_ms = start_selling(plan, world.people, world.contacts, row, now_ms, group, seat)
    expect(world, ends_ms, END_OF_WORK, row)


@rule
def _on_end_of_talk(plan, world, row, now_ms):
    """Resolved? An offer? Then wrap-up."""
    contacts = world.contacts
    group = contacts[row].group
    moment = GroupState(0, 0, 0, NOBODY_WAITS_MS)
    if len(plan.offers.products) > 0:
        moment = state_of(plan, world, group, now_ms)
    product = end_talk(plan, world.people, contacts, row, now_ms, moment)
    if product != NOBODY and way_of(plan, product) == HERE:
        ends_ms = offer(plan, world.people, contacts, row, now_ms, product)
        expect(world, ends_ms, END_OF_WORK, row)
        return
    if product != NOBODY:
        _go_on_elsewhere(plan, world, row, now_ms, product)
    _on_hanging_up(plan, world, row, now_ms)


@routine
def _go_on_elsewhere(plan, world, row, now_ms, product):
    """The offer is left to another leg: now by specialists, or later by an idle agent."""
    leg = world.counters[ROWS]
    world.counters[ROWS] = leg + 1
    if way_of(plan, product) == CALLED_LATER:
        too_old_ms = put_by(plan, world.contacts, leg, row, now_ms, product)
        join_waiting(world.waiting, world.contacts, leg)
        expect(world, too_old_ms, GIVING_UP, leg)
        _expect_deferred_work(plan, world, plan.legs[product].group, now_ms)
        return
    hand_on(plan, world.contacts, leg, row, now_ms, product)
    group = free_group(plan, world, leg, now_ms)
    if group != END and not duty_ends(plan, world.groups, group, now_ms):
        seat = longest_idle(world.idle, group)
        set_to_work(world, seat)
        _sell(plan, world, leg, seat, now_ms)
    else:
        gives_up_ms = wait(plan, world.contacts, leg, now_ms)
        join_waiting(world.waiting, world.contacts, leg)
        expect_end_of_waiting(plan, world, leg, gives_up_ms, now_ms)


@rule
def _on_end_of_work(plan, world, row, now_ms):
    """The end of an offer, of wrap-up or of ringing."""
    if world.contacts[row].phase == OFFERING:
        _on_hanging_up(plan, world, row, now_ms)
    elif world.contacts[row].phase == RINGING:
        ends_ms = end_ringing(plan, world.people, world.contacts, row, now_ms)
        if ends_ms != NO_MOMENT:
            expect(world, ends_ms, END_OF_WORK, row)
        else:
            _on_free(plan, world, np.int64(world.contacts[row].seat), now_ms)
    else:
        close(world.contacts, row)
        _on_free(plan, world, np.int64(world.contacts[row].seat), now_ms)


@rule
def _on_hanging_up(plan, world, row, now_ms):
    """The customer leaves, the agent wraps up."""
    ends_ms = wrap_up(plan, world.contacts, row, now_ms)
    if world.contacts[row].leg != CALL_LEG and not world.contacts[row].handed_on:
        _on_customer_gone(plan, world, row, now_ms)
    if ends_ms != NO_MOMENT:
        expect(world, ends_ms, END_OF_WORK, row)
    else:
        _on_free(plan, world, np.int64(world.contacts[row].seat), now_ms)


@rule
def _on_customer_gone(plan, world, row, now_ms):
    """A line is free again; the customer may come back."""
    world.counters[INSIDE] -= 1
    _expect_next_contact(plan, world, row, now_ms)


@rule
def _expect_next_contact(plan, world, row, now_ms):
    """A contact that was never inside, or no longer is, may come back."""
    due_ms = next_contact_ms(plan, world.contacts, row, now_ms)
    if due_ms != NO_MOMENT:
        later = world.counters[ROWS]
        world.counters[ROWS] = later + 1
        follow(plan, world.contacts, later, row, due_ms)
        expect(world, due_ms, DUE_AGAIN, later)


@rule
def _on_free(plan, world, seat, now_ms):
    """A freed agent leaves if a seat is owed, else takes a waiting contact, else idles.

    At closing the waiting are still served: then owed seats leave when nobody waits for them.
    """
    group = world.seats[seat].group
    row = END
    if not duty_ends(plan, world.groups, group, now_ms):
        row = next_waiting(plan, world, group, now_ms)
    owed = world.groups[group].owed
    if owed > 0 and (row == END or not world.groups[group].closed):
        count_overtime(world.overtime_ms, world.groups, group, now_ms, plan.demand.first_cell)
        world.groups[group].owed = owed - 1
        world.groups[group].busy -= 1
        world.seats[seat].state = OFF_DUTY
    elif row == END:
        world.groups[group].busy -= 1
        world.seats[seat].state = FREE
        world.seats[seat].idle_since_ms = now_ms
        join_idle(world.idle, world.seats, seat)
        _expect_deferred_work(plan, world, group, now_ms)
    else:
        stop_waiting(world, row)
        _talk(plan, world, row, seat, now_ms)


@rule
def _expect_deferred_work(plan, world, group, now_ms):
    """If agents are idle enough, look once all else at this moment is done."""
    if plan.routing.deferred_of.shape[1] > 0 and world.deferred_ms[group] != now_ms:
        _look_for_deferred_work(plan, world, group, now_ms)


@routine
def _look_for_deferred_work(plan, world, group, now_ms):
    if next_deferred(plan, world, group) != END:
        world.deferred_ms[group] = now_ms
        schedule(world.calendar, now_ms, rank(DEFERRED, group, FIRST_LEG), group)


@routine
def _on_idle(plan, world, group, now_ms):
    """The agents idle longest take up deferred work, oldest first."""
    world.deferred_ms[group] = NOT_YET
    row = next_deferred(plan, world, group)
    while row != END:
        stop_waiting(world, row)
        if is_worth_a_call(plan, world.people, world.contacts, row, now_ms):
            seat = longest_idle(world.idle, group)
            set_to_work(world, seat)
            ends_ms = start_call(plan, world.contacts, row, now_ms, group, seat)
            expect(world, ends_ms, END_OF_WORK, row)
        row = next_deferred(plan, world, group)


@rule
def _on_change(plan, world, change, now_ms):
    """Seats come or go by the plan: free ones go first, from the highest; busy ones later.

    Of those that come, seats on shift are first; of those that go, seats whose shift is over.
    """
    expect_change(plan, world)
    seats, groups = world.seats, world.groups
    group = plan.changes[change].group
    difference = plan.changes[change].level - groups[group].level
    count_overtime(world.overtime_ms, groups, group, now_ms, plan.demand.first_cell)
    groups[group].level = plan.changes[change].level
    groups[group].closed = plan.changes[change].closed
    if difference > 0:
        cancelled = min(difference, groups[group].owed)
        groups[group].owed -= cancelled
        difference -= cancelled
        for on_shift in (True, False):
            seat = plan.levels.first_seat[group]
            while difference > 0 and seat < plan.levels.first_seat[group + 1]:
                if seats[seat].state == OFF_DUTY and _is(plan, seat, now_ms, on_shift):
                    seats[seat].state = BUSY
                    groups[group].busy += 1
                    _on_free(plan, world, seat, now_ms)
                    difference -= 1
                seat += 1
    elif difference < 0:
        for on_shift in (False, True):
            seat = plan.levels.first_seat[group + 1] - 1
            while difference < 0 and seat >= plan.levels.first_seat[group]:
                if seats[seat].state == FREE and _is(plan, seat, now_ms, on_shift):
                    remove(world.idle, group, seat)
                    seats[seat].state = OFF_DUTY
                    difference += 1
                seat -= 1
        groups[group].owed -= difference
        _serve_with_who_stayed(plan, world, group, now_ms)


@rule
def _is(plan, seat, now_ms, on_shift):
    """Whether the seat is on shift, or is not, as asked."""
    return is_present(plan.levels, seat, now_ms) == on_shift


@rule
def _serve_with_who_stayed(plan, world, group, now_ms):
    """Agents freed at the moment of a drop took nothing; those who stay take contacts now."""
    row = next_waiting(plan, world, group, now_ms)
    while world.idle.ends[group].length > 0 and row != END:
        stop_waiting(world, row)
        _answer(plan, world, row, longest_idle(world.idle, group), now_ms)
        row = next_waiting(plan, world, group, now_ms)

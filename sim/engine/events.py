"""What the fast engine does at each moment: who is answered, who takes whom, and who leaves.

What happens to the contact itself is in steps/.
"""

from __future__ import annotations

import numpy as np

from sim.core.moments import (
    CALL_LEG,
    DUE_AGAIN,
    END_OF_WORK,
    FIRST_LEG,
    GIVING_UP,
    SECOND_LEG,
    WINDOW_LEG,
)
from sim.core.rules import routine, rule
from sim.core.tables import (
    AWAY,
    DUE_LATER,
    FREE,
    HANDING_OVER,
    NOBODY,
    OFF_DUTY,
    OFFERING,
    RINGING,
    TO_BE_CALLED,
    WITH_BOT,
)
from sim.domain.offers.policies import NOBODY_WAITS_MS, GroupState
from sim.domain.offers.second_legs import CALLED_LATER, HERE
from sim.engine.deferred import expect_deferred_work, expect_deferred_work_of
from sim.engine.desks import begin, end_of_phase, go_on, leave_chat
from sim.engine.next_up import (
    expected_wait_ms,
    free_seat,
    next_waiting,
    seat_to_interrupt,
    seat_with_room,
    state_of,
)
from sim.engine.queues import END, join_idle, join_waiting
from sim.engine.steps.callbacks import (
    answers_call,
    has_callbacks,
    is_due_back,
    ring_back,
    takes_callback,
    try_again,
    wait_to_be_called,
)
from sim.engine.steps.chats import (
    close_window,
    is_email,
    is_written,
    leave_window,
    leaves_window,
    open_window,
    other_chats,
    put_aside,
    takes_line,
    wait_for_ever,
    work_at,
)
from sim.engine.steps.contact import (
    NO_MOMENT,
    arrive,
    balk,
    block,
    close,
    count_overtime,
    duty_ends,
    end_talk,
    follow,
    give_up,
    next_contact_ms,
    offer,
    start_talk,
    wait,
    way_of,
    wrap_up,
)
from sim.engine.steps.messages import (
    await_answer,
    go_on_writing,
    is_in_conversation,
    is_to_go_on,
    write_again,
)
from sim.engine.steps.second_legs import (
    end_ringing,
    hand_on,
    put_by,
    start_selling,
)
from sim.engine.steps.self_service import end_session, is_announcement, meet_bot
from sim.engine.steps.selling import is_kept_by_bot, product_to_offer
from sim.engine.steps.transfers import (
    end_advice,
    give_up_beside_agent,
    is_to_be_transferred,
    is_with_specialists,
    start_advice,
    transfer,
)
from sim.engine.world import (
    INSIDE,
    ROWS,
    expect,
    expect_end_of_waiting,
    set_to_work,
    stop_waiting,
)


@rule
def on_arrival(plan, world, row, now_ms):
    """The contact is answered at once, or is blocked, balks or waits."""
    contacts = world.contacts
    if not arrive(plan, world.people, contacts, row, now_ms):
        return
    if is_email(plan, contacts, row):
        _put_in_tray(plan, world, row, now_ms)
        return
    line = takes_line(plan, contacts, row)
    if line and world.counters[INSIDE] >= plan.routing.lines:
        block(contacts, row, now_ms)
        _expect_next_contact(plan, world, row, now_ms)
        return
    seat = _find_seat(plan, world, row, now_ms)
    if seat != END:
        world.counters[INSIDE] += line
        answer(plan, world, row, seat, now_ms)
        return
    if balk(plan, contacts, row, now_ms):
        _expect_next_contact(plan, world, row, now_ms)
        return
    if has_callbacks(plan, contacts, row):
        expected_ms = expected_wait_ms(plan, world, row, now_ms)
        if takes_callback(plan, contacts, row, expected_ms):
            _keep_place(plan, world, row, now_ms)
            return
    world.counters[INSIDE] += line
    gives_up_ms = wait(plan, contacts, row, now_ms)
    join_waiting(world.waiting, contacts, row)
    expect_end_of_waiting(plan, world, row, gives_up_ms, now_ms)


@rule
def _keep_place(plan, world, row, now_ms):
    """She hangs up, and is called when her turn comes."""
    wait_to_be_called(world.contacts, row)
    join_waiting(world.waiting, world.contacts, row)
    expect_end_of_waiting(plan, world, row, NO_MOMENT, now_ms)


@routine
def on_other_due(plan, world, row, now_ms):
    """The end of a session, the next message, a call back, or who says that she leaves."""
    if world.contacts[row].phase == WITH_BOT:
        _on_end_of_session(plan, world, row, now_ms)
    elif world.contacts[row].phase == AWAY:
        _on_next_message(plan, world, row, now_ms)
    elif is_due_back(world.contacts, row):
        _on_next_call(plan, world, row, now_ms)
    else:
        _on_announcement(plan, world, row, now_ms)


@rule
def is_plainly_due(contacts, row):
    """Whether she comes again, as she came first: a redial or a repeat."""
    if contacts[row].phase != DUE_LATER or is_due_back(contacts, row):
        return False
    return not is_announcement(contacts, row)


@rule
def _on_next_call(plan, world, row, now_ms):
    """She was not reached before; she is called again as soon as somebody is free."""
    wait_to_be_called(world.contacts, row)
    seat = _find_seat(plan, world, row, now_ms)
    if seat != END:
        answer(plan, world, row, seat, now_ms)
    else:
        _keep_place(plan, world, row, now_ms)


@rule
def _on_next_message(plan, world, row, now_ms):
    """The customer answers: whoever is free goes on with it, or she waits."""
    write_again(world.contacts, row, now_ms)
    seat = _find_seat(plan, world, row, now_ms)
    if seat != END:
        answer(plan, world, row, seat, now_ms)
        return
    join_waiting(world.waiting, world.contacts, row)
    expect_end_of_waiting(plan, world, row, NO_MOMENT, now_ms)


@rule
def _on_end_of_ringing_back(plan, world, row, now_ms):
    """She answers, and talks; or is called again later; or that was the last time."""
    contacts = world.contacts
    if answers_call(plan, contacts, row):
        seat = np.int64(contacts[row].seat)
        world.counters[INSIDE] += 1
        start_talk(plan, contacts, row, now_ms, world.seats[seat].group, seat)
        begin(plan, world, row, seat, now_ms)
        return
    seat = np.int64(contacts[row].seat)
    due_ms = try_again(plan, contacts, row, now_ms)
    if due_ms != NO_MOMENT:
        expect(world, due_ms, DUE_AGAIN, row)
    else:
        _expect_next_contact(plan, world, row, now_ms)
    on_free(plan, world, seat, now_ms)


@rule
def _put_in_tray(plan, world, row, now_ms):
    """Deferred work waits for an agent who is idle enough; one may be, once all else is done."""
    wait_for_ever(world.contacts, row)
    join_waiting(world.waiting, world.contacts, row)
    expect_deferred_work_of(plan, world, row, now_ms)


@rule
def _find_seat(plan, world, row, now_ms):
    """Who takes a contact now: an agent who is free, or puts an email aside for it."""
    seat = free_seat(plan, world, row, now_ms)
    if seat == END and len(world.places) > 0:
        seat = seat_to_interrupt(plan, world, row, now_ms)
        if seat != END:
            _interrupt(plan, world, seat, now_ms)
    return seat


@routine
def _interrupt(plan, world, seat, now_ms):
    """An agent puts her email aside; another group may have time for it."""
    row = work_at(world.seats, world.places, seat)
    put_aside(plan, world.contacts, world.seats, world.places, world.desk_ms, row, now_ms)
    world.groups[world.seats[seat].group].busy -= 1
    join_waiting(world.waiting, world.contacts, row)
    expect_deferred_work_of(plan, world, row, now_ms)


@rule
def _on_end_of_session(plan, world, row, now_ms):
    """The bot keeps the contact, after an offer perhaps, or it goes on to agents."""
    if not is_kept_by_bot(world.contacts, row):
        on_arrival(plan, world, row, now_ms)
        return
    ends_ms = end_session(plan, world.people, world.contacts, row, now_ms)
    if ends_ms == NO_MOMENT:
        _expect_next_contact(plan, world, row, now_ms)
    else:
        expect(world, ends_ms, DUE_AGAIN, row)


@rule
def _on_announcement(plan, world, row, now_ms):
    """A customer says that she leaves: to the bot, or to agents."""
    ends_ms = meet_bot(plan, world.people, world.contacts, row, now_ms)
    if ends_ms == NO_MOMENT:
        on_arrival(plan, world, row, now_ms)
    else:
        expect(world, ends_ms, DUE_AGAIN, row)


@routine
def on_overflow(plan, world, row, now_ms):
    """A waiting contact has become open to a further group."""
    seat = _find_seat(plan, world, row, now_ms)
    if seat != END:
        stop_waiting(world, row)
        answer(plan, world, row, seat, now_ms)


@rule
def answer(plan, world, row, seat, now_ms):
    """An agent who is free, or has room for a chat, takes the contact."""
    set_to_work(world, seat)
    _talk(plan, world, row, seat, now_ms)


@rule
def _talk(plan, world, row, seat, now_ms):
    """The conversation starts."""
    contacts = world.contacts
    is_call_back = contacts[row].phase == TO_BE_CALLED
    if is_call_back or contacts[row].leg != FIRST_LEG or is_in_conversation(plan, contacts, row):
        _talk_otherwise(plan, world, row, seat, now_ms)
        return
    start_talk(plan, contacts, row, now_ms, world.seats[seat].group, seat)
    begin(plan, world, row, seat, now_ms)


@routine
def _talk_otherwise(plan, world, row, seat, now_ms):
    """A call back, the next round of a conversation, an empty window, or a second leg."""
    group, contacts = world.seats[seat].group, world.contacts
    if contacts[row].phase == TO_BE_CALLED:
        ring_back(plan, contacts, world.desk_ms, row, now_ms, group, seat)
    elif contacts[row].leg == FIRST_LEG:
        go_on_writing(plan, contacts, row, now_ms, group, seat)
    elif contacts[row].leg == WINDOW_LEG:
        open_window(plan, contacts, row, now_ms, group, seat)
    else:
        _meet_specialist(plan, world, row, seat, now_ms)
        return
    begin(plan, world, row, seat, now_ms)


@routine
def _meet_specialist(plan, world, row, seat, now_ms):
    """A second leg starts: an offer, or what the first agent did not solve."""
    contacts, group = world.contacts, world.seats[seat].group
    if is_with_specialists(plan, contacts, row):
        first = start_advice(plan, contacts, row, now_ms, group, seat)
        if first != NOBODY:
            expect(world, contacts[first].until_ms, END_OF_WORK, first)
    else:
        start_selling(plan, world.people, contacts, row, now_ms, group, seat)
    begin(plan, world, row, seat, now_ms)


@rule
def on_end_of_talk(plan, world, row, now_ms):
    """Resolved? A transfer? An offer? Then wrap-up. Returns whether the agent is done with it."""
    contacts = world.contacts
    end_of_phase(plan, world, row, now_ms)
    if contacts[row].leg != FIRST_LEG or is_to_go_on(contacts, row):
        _on_other_end_of_talk(plan, world, row, now_ms)
        return False
    end_talk(plan, contacts, row, other_chats(world.seats, contacts[row].seat))
    if is_to_be_transferred(plan, contacts, row, now_ms):
        _transfer(plan, world, row, now_ms)
        return False
    moment = GroupState(0, 0, 0, NOBODY_WAITS_MS)
    if len(plan.offers.products) > 0:
        moment = state_of(plan, world, contacts[row].group, now_ms)
    product = product_to_offer(plan, world.people, contacts, row, now_ms, moment)
    if product != NOBODY and way_of(plan, product) == HERE:
        offer(plan, world.people, contacts, row, now_ms, product)
        go_on(plan, world, row, now_ms)
        return False
    if product != NOBODY:
        _go_on_elsewhere(plan, world, row, now_ms, product)
    return _hang_up(plan, world, row, now_ms)


@routine
def _on_other_end_of_talk(plan, world, row, now_ms):
    """The end of an empty window, of advice, or of a round of a conversation."""
    contacts = world.contacts
    if contacts[row].leg == SECOND_LEG:
        end_advice(plan, contacts, row)
        _on_hanging_up(plan, world, row, now_ms)
        return
    if contacts[row].leg == WINDOW_LEG:
        close_window(contacts, row, now_ms)
    else:
        expect(world, await_answer(plan, contacts, row, now_ms), DUE_AGAIN, row)
    on_done(plan, world, row, now_ms)


@routine
def _go_on_elsewhere(plan, world, row, now_ms, product):
    """The offer is left to another leg: now by specialists, or later by an idle agent."""
    leg = world.counters[ROWS]
    world.counters[ROWS] = leg + 1
    if way_of(plan, product) == CALLED_LATER:
        too_old_ms = put_by(plan, world.contacts, leg, row, now_ms, product)
        join_waiting(world.waiting, world.contacts, leg)
        expect(world, too_old_ms, GIVING_UP, leg)
        expect_deferred_work(plan, world, plan.legs[product].group, now_ms)
        return
    hand_on(plan, world.contacts, leg, row, now_ms, product)
    _go_on(plan, world, leg, now_ms)


@routine
def _transfer(plan, world, row, now_ms):
    """The contact goes on to specialists; the agent wraps up, or stays until one answers."""
    leg = world.counters[ROWS]
    world.counters[ROWS] = leg + 1
    stays = transfer(plan, world.contacts, leg, row, now_ms)
    _go_on(plan, world, leg, now_ms)
    if not stays:
        _on_hanging_up(plan, world, row, now_ms)


@routine
def _go_on(plan, world, leg, now_ms):
    """A second leg is answered at once, or waits."""
    seat = _find_seat(plan, world, leg, now_ms)
    if seat != END and not duty_ends(plan, world.groups, world.seats[seat].group, now_ms):
        set_to_work(world, seat)
        _meet_specialist(plan, world, leg, seat, now_ms)
    else:
        gives_up_ms = wait(plan, world.contacts, leg, now_ms)
        join_waiting(world.waiting, world.contacts, leg)
        expect_end_of_waiting(plan, world, leg, gives_up_ms, now_ms)


@rule
def on_end_of_work(plan, world, row, now_ms):
    """The end of an offer, of handing over, of wrap-up or of ringing; whether the agent is done."""
    end_of_phase(plan, world, row, now_ms)
    if world.contacts[row].phase in (OFFERING, HANDING_OVER):
        return _hang_up(plan, world, row, now_ms)
    if world.contacts[row].phase == RINGING:
        _on_end_of_ringing(plan, world, row, now_ms)
        return False
    close(world.contacts, row)
    return True


@routine
def _on_end_of_ringing(plan, world, row, now_ms):
    """She who is called back answers, or not; so does a lead."""
    if world.contacts[row].leg == FIRST_LEG:
        _on_end_of_ringing_back(plan, world, row, now_ms)
        return
    ends_ms = end_ringing(plan, world.people, world.contacts, row, now_ms)
    if ends_ms != NO_MOMENT:
        go_on(plan, world, row, now_ms)
    else:
        on_done(plan, world, row, now_ms)


@routine
def _on_hanging_up(plan, world, row, now_ms):
    """The customer leaves, the agent wraps up, or is free."""
    if _hang_up(plan, world, row, now_ms):
        on_done(plan, world, row, now_ms)


@rule
def _hang_up(plan, world, row, now_ms):
    """The customer leaves, the agent wraps up; returns whether she has nothing to wrap up."""
    ends_ms = wrap_up(plan, world.contacts, row, now_ms)
    if world.contacts[row].leg != CALL_LEG and not world.contacts[row].handed_on:
        on_customer_gone(plan, world, row, now_ms)
    if ends_ms == NO_MOMENT:
        return True
    go_on(plan, world, row, now_ms)
    return False


@routine
def on_giving_up(plan, world, row, now_ms):
    """Patience ends before an answer. Of a chat the window may stay open, and waits on."""
    contacts = world.contacts
    stop_waiting(world, row)
    give_up(contacts, row, now_ms)
    if leaves_window(plan, contacts, row):
        window = world.counters[ROWS]
        world.counters[ROWS] = window + 1
        leave_window(contacts, window, row, now_ms)
        join_waiting(world.waiting, contacts, window)
        expect_end_of_waiting(plan, world, window, NO_MOMENT, now_ms)
    on_customer_gone(plan, world, row, now_ms)
    if contacts[row].leg == SECOND_LEG:
        first = give_up_beside_agent(contacts, row, now_ms)
        if first != NOBODY:
            _on_hanging_up(plan, world, first, now_ms)


@rule
def on_customer_gone(plan, world, row, now_ms):
    """A line is free again; the customer may come back."""
    world.counters[INSIDE] -= takes_line(plan, world.contacts, row)
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
def on_done(plan, world, row, now_ms):
    """A contact is over: its agent is free, unless she has other chats."""
    seat = np.int64(world.contacts[row].seat)
    if is_written(plan, world.contacts, row) and leave_chat(plan, world, row, seat, now_ms) > 0:
        world.groups[world.seats[seat].group].busy -= 1
        return
    on_free(plan, world, seat, now_ms)


@rule
def on_free(plan, world, seat, now_ms):
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
        join_idle(world.idle, group, world.seats, seat)
        expect_deferred_work(plan, world, group, now_ms)
    else:
        stop_waiting(world, row)
        _talk(plan, world, row, seat, now_ms)


@routine
def fill_up(plan, world, now_ms):
    """Agents in chats who have room for another one take who waits first, if it is a chat.

    Asked after every event: a chat may have closed, or a call that came before may have gone. To
    whom a group opens at this very moment, it does at a moment of its own.
    """
    for group in range(len(world.groups)):
        if duty_ends(plan, world.groups, group, now_ms):
            continue
        row = next_waiting(plan, world, group, now_ms - 1)
        while row != END and is_written(plan, world.contacts, row):
            seat = seat_with_room(plan, world, group, row)
            if seat == END:
                break
            stop_waiting(world, row)
            answer(plan, world, row, seat, now_ms)
            row = next_waiting(plan, world, group, now_ms - 1)

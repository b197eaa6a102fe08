"""Who takes whom: an agent for a contact that comes, a contact for an agent who is free."""

from __future__ import annotations

from sim.core.moments import END_OF_WORK, FIRST_LEG, WINDOW_LEG
from sim.core.rules import routine, rule
from sim.core.tables import FREE, NOBODY, OFF_DUTY, TO_BE_CALLED
from sim.engine.deferred import expect_deferred_work, expect_deferred_work_of
from sim.engine.desks import begin
from sim.engine.next_up import free_seat, next_waiting, seat_to_interrupt, seat_with_room
from sim.engine.queues import END, join_idle, join_waiting
from sim.engine.steps.callbacks import is_called_back, ring_back
from sim.engine.steps.calls_only import may_be_more
from sim.engine.steps.chats import is_written, open_window, put_aside, work_at
from sim.engine.steps.contact import count_overtime, duty_ends, start_talk
from sim.engine.steps.messages import go_on_writing, is_in_conversation
from sim.engine.steps.second_legs import start_selling
from sim.engine.steps.transfers import is_with_specialists, start_advice
from sim.engine.world import expect, set_to_work, stop_waiting


@rule
def find_seat(plan, world, row, now_ms):
    """Who takes a contact now: an agent who is free, or puts an email aside for it."""
    seat = free_seat(plan, world, row, now_ms)
    if may_be_more(plan) and seat == END and len(world.places) > 0:
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
def answer(plan, world, row, seat, now_ms):
    """An agent who is free, or has room for a chat, takes the contact."""
    set_to_work(world, seat)
    _talk(plan, world, row, seat, now_ms)


@rule
def _talk(plan, world, row, seat, now_ms):
    """The conversation starts."""
    contacts = world.contacts
    goes_on = is_called_back(plan, contacts, row) or is_in_conversation(plan, contacts, row)
    if goes_on or contacts[row].leg != FIRST_LEG:
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
        meet_specialist(plan, world, row, seat, now_ms)
        return
    begin(plan, world, row, seat, now_ms)


@routine
def meet_specialist(plan, world, row, seat, now_ms):
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

"""How the fast engine keeps the ends of service: of a call once, of chats whenever they change."""

from __future__ import annotations

from sim.core.rules import routine, rule
from sim.engine.steps.chats import (
    begin_phase,
    bring_forward,
    end_phase,
    first_place,
    is_written,
    keep_pace,
    kind_of_end,
    place_of,
    sit_down,
    stand_up,
)
from sim.engine.world import expect, join_ready, leave_ready


@rule
def begin(plan, world, row, seat, now_ms):
    """Service by an agent begins."""
    if is_written(plan, world.contacts, row):
        _join_chats(plan, world, row, seat, now_ms)
    else:
        _expect_end(world, row)


@rule
def go_on(plan, world, row, now_ms):
    """The next phase of service begins."""
    if is_written(plan, world.contacts, row):
        _go_on_in_chat(plan, world, row, now_ms)
    else:
        _expect_end(world, row)


@rule
def end_of_phase(plan, world, row, now_ms):
    """A phase of service ends."""
    if is_written(plan, world.contacts, row):
        end_phase(plan, world.contacts, world.seats, world.places, world.desk_ms, row, now_ms)


@rule
def _expect_end(world, row):
    """Enter the end of the phase."""
    expect(world, world.contacts[row].until_ms, kind_of_end(world.contacts[row].phase), row)


@routine
def _join_chats(plan, world, row, seat, now_ms):
    """A chat begins, and those beside it go on at another speed."""
    leave_ready(plan, world, seat)
    sit_down(plan, world.contacts, world.seats, world.places, world.desk_ms, seat, row, now_ms)
    join_ready(plan, world, seat)
    _keep_pace(plan, world, seat, row, now_ms)


@routine
def leave_chat(plan, world, row, seat, now_ms):
    """A chat is over, and those beside it go on at another speed; returns how many are left."""
    leave_ready(plan, world, seat)
    stand_up(world.seats, world.places, seat, row, now_ms)
    join_ready(plan, world, seat)
    _keep_pace(plan, world, seat, row, now_ms)
    return world.seats[seat].chats


@routine
def _go_on_in_chat(plan, world, row, now_ms):
    begin_phase(world.contacts, world.seats, world.places, row, now_ms)
    seat = world.contacts[row].seat
    place = place_of(world.seats, world.places, seat, row)
    keep_pace(plan, world.contacts, world.seats, world.places, place, now_ms)
    _expect_end(world, row)


@rule
def _keep_pace(plan, world, seat, new_row, now_ms):
    """Enter the ends of all chats that moved, and that of one that is new."""
    seats, places = world.seats, world.places
    for place in range(first_place(seats, places, seat), first_place(seats, places, seat + 1)):
        moved = keep_pace(plan, world.contacts, seats, places, place, now_ms)
        if moved or (places[place].contact == new_row):
            _expect_end(world, places[place].contact)


@routine
def book_desks(plan, world, now_ms):
    """Book the time of all agents in chats until now."""
    for seat in range(len(world.seats)):
        bring_forward(plan, world.contacts, world.seats, world.places, world.desk_ms, seat, now_ms)

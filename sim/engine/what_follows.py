"""What follows a moment: the customer hangs up and may come back, the agent is free.

Many moments come to the same. Each says which of these it is, and the loop does it in one place:
what stands there once is compiled once.
"""

from __future__ import annotations

import numpy as np

from sim.core.moments import CALL_LEG, DUE_AGAIN
from sim.core.rules import rule
from sim.engine.answering import on_free
from sim.engine.desks import go_on, leave_chat
from sim.engine.steps.chats import is_written, takes_line
from sim.engine.steps.contact import NO_MOMENT, follow, next_contact_ms, wrap_up
from sim.engine.world import INSIDE, ROWS, expect

# COMES: to agents, as it came first.
NOTHING, COMES, HANGS_UP, GONE, DONE, GONE_AND_DONE = range(6)


@rule
def follow_up(plan, world, row, now_ms, then):
    """Do what follows of a moment for its contact and its agent."""
    if then == HANGS_UP:
        then = hang_up(plan, world, row, now_ms)
    if then in (GONE, GONE_AND_DONE):
        expect_next_contact(plan, world, row, now_ms)
    if then in (DONE, GONE_AND_DONE):
        on_done(plan, world, row, now_ms)


@rule
def hang_up(plan, world, row, now_ms):
    """The customer leaves, the agent wraps up; returns what follows."""
    ends_ms = wrap_up(plan, world.contacts, row, now_ms)
    is_done = ends_ms == NO_MOMENT
    if not is_done:
        go_on(plan, world, row, now_ms)
    if world.contacts[row].leg == CALL_LEG or world.contacts[row].handed_on:
        return DONE if is_done else NOTHING
    world.counters[INSIDE] -= takes_line(plan, world.contacts, row)
    return GONE_AND_DONE if is_done else GONE


@rule
def expect_next_contact(plan, world, row, now_ms):
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

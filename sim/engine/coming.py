"""A contact comes to agents, for the first time or again: it is answered, waits or goes."""

from __future__ import annotations

from sim.core.moments import DUE_AGAIN
from sim.core.rules import routine, rule
from sim.core.tables import AWAY, DUE_LATER, WITH_BOT
from sim.engine.answering import answer, find_seat
from sim.engine.deferred import expect_deferred_work_of
from sim.engine.next_up import expected_wait_ms
from sim.engine.queues import END, join_waiting
from sim.engine.steps.callbacks import has_callbacks, is_due_back, takes_callback, wait_to_be_called
from sim.engine.steps.calls_only import may_be_more
from sim.engine.steps.chats import is_email, takes_line, wait_for_ever
from sim.engine.steps.contact import NO_MOMENT, arrive, balk, block, wait
from sim.engine.steps.messages import write_again
from sim.engine.steps.self_service import end_session, is_announcement, meet_bot
from sim.engine.steps.selling import is_kept_by_bot
from sim.engine.what_follows import COMES, GONE, NOTHING
from sim.engine.world import INSIDE, expect, expect_end_of_waiting, stop_waiting


@rule
def on_new_issue(plan, world, row, now_ms):
    """A bot takes it, if there is one, or it comes to agents; returns what follows."""
    ends_ms = NO_MOMENT
    if may_be_more(plan):
        ends_ms = meet_bot(plan, world.people, world.contacts, row, now_ms)
    if ends_ms == NO_MOMENT:
        return COMES
    expect(world, ends_ms, DUE_AGAIN, row)
    return NOTHING


@rule
def on_arrival(plan, world, row, now_ms):
    """The contact is answered at once, or is blocked, balks or waits; returns what follows."""
    contacts = world.contacts
    if not arrive(plan, world.people, contacts, row, now_ms):
        return NOTHING
    if is_email(plan, contacts, row):
        _put_in_tray(plan, world, row, now_ms)
        return NOTHING
    line = takes_line(plan, contacts, row)
    if line and world.counters[INSIDE] >= plan.routing.lines:
        block(contacts, row, now_ms)
        return GONE
    seat = find_seat(plan, world, row, now_ms)
    if seat != END:
        world.counters[INSIDE] += line
        answer(plan, world, row, seat, now_ms)
        return NOTHING
    if balk(plan, contacts, row, now_ms):
        return GONE
    if has_callbacks(plan, contacts, row):
        expected_ms = expected_wait_ms(plan, world, row, now_ms)
        if takes_callback(plan, contacts, row, expected_ms):
            wait_to_be_called(contacts, row)
            _wait_to_the_end(plan, world, row, now_ms)
            return NOTHING
    world.counters[INSIDE] += line
    gives_up_ms = wait(plan, contacts, row, now_ms)
    join_waiting(world.waiting, contacts, row)
    expect_end_of_waiting(plan, world, row, gives_up_ms, now_ms)
    return NOTHING


@rule
def _put_in_tray(plan, world, row, now_ms):
    """Deferred work waits for an agent who is idle enough; one may be, once all else is done."""
    wait_for_ever(world.contacts, row)
    join_waiting(world.waiting, world.contacts, row)
    expect_deferred_work_of(plan, world, row, now_ms)


@rule
def is_plainly_due(contacts, row):
    """Whether she comes again, as she came first: a redial or a repeat."""
    if contacts[row].phase != DUE_LATER or is_due_back(contacts, row):
        return False
    return not is_announcement(contacts, row)


@routine
def on_other_due(plan, world, row, now_ms):
    """The end of a session, the next message, a call back, or who says that she leaves.

    Returns what follows.
    """
    contacts = world.contacts
    if contacts[row].phase == WITH_BOT:
        return _on_end_of_session(plan, world, row, now_ms)
    if contacts[row].phase == AWAY:
        write_again(contacts, row, now_ms)
    elif is_due_back(contacts, row):
        wait_to_be_called(contacts, row)
    else:
        return on_new_issue(plan, world, row, now_ms)  # she says that she leaves
    _comes_without_hurry(plan, world, row, now_ms)
    return NOTHING


@rule
def _on_end_of_session(plan, world, row, now_ms):
    """The bot keeps the contact, after an offer perhaps, or it goes on to agents."""
    if not is_kept_by_bot(world.contacts, row):
        return COMES
    ends_ms = end_session(plan, world.people, world.contacts, row, now_ms)
    if ends_ms == NO_MOMENT:
        return GONE
    expect(world, ends_ms, DUE_AGAIN, row)
    return NOTHING


@rule
def _comes_without_hurry(plan, world, row, now_ms):
    """Whoever is free takes it, or it waits until somebody is: nobody gives up."""
    seat = find_seat(plan, world, row, now_ms)
    if seat != END:
        answer(plan, world, row, seat, now_ms)
    else:
        _wait_to_the_end(plan, world, row, now_ms)


@rule
def _wait_to_the_end(plan, world, row, now_ms):
    join_waiting(world.waiting, world.contacts, row)
    expect_end_of_waiting(plan, world, row, NO_MOMENT, now_ms)


@routine
def on_overflow(plan, world, row, now_ms):
    """A waiting contact has become open to a further group."""
    seat = find_seat(plan, world, row, now_ms)
    if seat != END:
        stop_waiting(world, row)
        answer(plan, world, row, seat, now_ms)

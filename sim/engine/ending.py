"""A phase of service ends, or patience: what is next for the contact?"""

from __future__ import annotations

import numpy as np

from sim.core.moments import DUE_AGAIN, FIRST_LEG, GIVING_UP, SECOND_LEG, WINDOW_LEG
from sim.core.rules import routine, rule
from sim.core.tables import HANDING_OVER, NOBODY, OFFERING, RINGING
from sim.domain.offers.policies import NOBODY_WAITS_MS, GroupState
from sim.domain.offers.second_legs import CALLED_LATER, HERE
from sim.engine.answering import find_seat, meet_specialist, on_free
from sim.engine.deferred import expect_deferred_work
from sim.engine.desks import begin, end_of_phase, go_on
from sim.engine.next_up import state_of
from sim.engine.queues import END, join_waiting
from sim.engine.steps.callbacks import answers_call, try_again
from sim.engine.steps.chats import (
    close_window,
    leave_window,
    leaves_window,
    other_chats,
    takes_line,
)
from sim.engine.steps.contact import (
    NO_MOMENT,
    close,
    duty_ends,
    end_talk,
    give_up,
    offer,
    start_talk,
    wait,
    way_of,
)
from sim.engine.steps.messages import await_answer, is_to_go_on
from sim.engine.steps.second_legs import end_ringing, hand_on, put_by
from sim.engine.steps.selling import product_to_offer
from sim.engine.steps.transfers import (
    end_advice,
    give_up_beside_agent,
    is_to_be_transferred,
    transfer,
)
from sim.engine.what_follows import DONE, GONE, HANGS_UP, NOTHING, follow_up
from sim.engine.world import INSIDE, ROWS, expect, expect_end_of_waiting, set_to_work, stop_waiting


@rule
def on_end_of_talk(plan, world, row, now_ms):
    """Resolved? A transfer? An offer? Then wrap-up. Returns what follows."""
    contacts = world.contacts
    end_of_phase(plan, world, row, now_ms)
    if contacts[row].leg != FIRST_LEG or is_to_go_on(plan, contacts, row):
        return _on_other_end_of_talk(plan, world, row, now_ms)
    end_talk(plan, contacts, row, other_chats(world.seats, contacts[row].seat))
    if is_to_be_transferred(plan, contacts, row, now_ms):
        return _transfer(plan, world, row, now_ms)
    moment = GroupState(0, 0, 0, NOBODY_WAITS_MS)
    if len(plan.offers.products) > 0:
        moment = state_of(plan, world, contacts[row].group, now_ms)
    product = product_to_offer(plan, world.people, contacts, row, now_ms, moment)
    if product != NOBODY and way_of(plan, product) == HERE:
        offer(plan, world.people, contacts, row, now_ms, product)
        go_on(plan, world, row, now_ms)
        return NOTHING
    if product != NOBODY:
        _go_on_elsewhere(plan, world, row, now_ms, product)
    return HANGS_UP


@routine
def _on_other_end_of_talk(plan, world, row, now_ms):
    """The end of an empty window, of advice, or of a round of a conversation."""
    contacts = world.contacts
    if contacts[row].leg == SECOND_LEG:
        end_advice(plan, contacts, row)
        return HANGS_UP
    if contacts[row].leg == WINDOW_LEG:
        close_window(contacts, row, now_ms)
    else:
        expect(world, await_answer(plan, contacts, row, now_ms), DUE_AGAIN, row)
    return DONE


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
    return NOTHING if stays else HANGS_UP


@routine
def _go_on(plan, world, leg, now_ms):
    """A second leg is answered at once, or waits."""
    seat = find_seat(plan, world, leg, now_ms)
    if seat != END and not duty_ends(plan, world.groups, world.seats[seat].group, now_ms):
        set_to_work(world, seat)
        meet_specialist(plan, world, leg, seat, now_ms)
    else:
        gives_up_ms = wait(plan, world.contacts, leg, now_ms)
        join_waiting(world.waiting, world.contacts, leg)
        expect_end_of_waiting(plan, world, leg, gives_up_ms, now_ms)


@rule
def on_end_of_work(plan, world, row, now_ms):
    """The end of an offer, of handing over, of wrap-up or of ringing; returns what follows."""
    end_of_phase(plan, world, row, now_ms)
    if world.contacts[row].phase in (OFFERING, HANDING_OVER):
        return HANGS_UP
    if world.contacts[row].phase == RINGING:
        return _on_end_of_ringing(plan, world, row, now_ms)
    close(world.contacts, row)
    return DONE


@routine
def _on_end_of_ringing(plan, world, row, now_ms):
    """She who is called back answers, or not; so does a lead."""
    if world.contacts[row].leg == FIRST_LEG:
        return _on_end_of_ringing_back(plan, world, row, now_ms)
    ends_ms = end_ringing(plan, world.people, world.contacts, row, now_ms)
    if ends_ms == NO_MOMENT:
        return DONE
    go_on(plan, world, row, now_ms)
    return NOTHING


@rule
def _on_end_of_ringing_back(plan, world, row, now_ms):
    """She answers, and talks; or is called again later; or that was the last time."""
    contacts = world.contacts
    if answers_call(plan, contacts, row):
        seat = np.int64(contacts[row].seat)
        world.counters[INSIDE] += 1
        start_talk(plan, contacts, row, now_ms, world.seats[seat].group, seat)
        begin(plan, world, row, seat, now_ms)
        return NOTHING
    seat = np.int64(contacts[row].seat)
    due_ms = try_again(plan, contacts, row, now_ms)
    on_free(plan, world, seat, now_ms)
    if due_ms == NO_MOMENT:
        return GONE
    expect(world, due_ms, DUE_AGAIN, row)
    return NOTHING


@rule
def on_giving_up(plan, world, row, now_ms):
    """Patience ends before an answer; the customer is gone."""
    contacts = world.contacts
    stop_waiting(world, row)
    give_up(contacts, row, now_ms)
    world.counters[INSIDE] -= takes_line(plan, contacts, row)
    if contacts[row].leg == SECOND_LEG or leaves_window(plan, contacts, row):
        _on_other_giving_up(plan, world, row, now_ms)
    return GONE


@routine
def _on_other_giving_up(plan, world, row, now_ms):
    """Of a chat the window stays open, and waits on; who stayed beside a second leg hangs up."""
    contacts = world.contacts
    if contacts[row].leg == SECOND_LEG:
        first = give_up_beside_agent(contacts, row, now_ms)
        if first != NOBODY:
            follow_up(plan, world, first, now_ms, HANGS_UP)
        return
    window = world.counters[ROWS]
    world.counters[ROWS] = window + 1
    leave_window(contacts, window, row, now_ms)
    join_waiting(world.waiting, contacts, window)
    expect_end_of_waiting(plan, world, window, NO_MOMENT, now_ms)

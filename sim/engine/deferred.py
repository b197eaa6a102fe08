"""Work that can wait: the fast engine takes it up when agents are idle and all else is done."""

from __future__ import annotations

from sim.core.moments import DEFERRED, FIRST_LEG, rank
from sim.core.rules import routine, rule
from sim.core.tables import NOT_YET, PUT_ASIDE, PUT_BY
from sim.engine.calendar import schedule
from sim.engine.desks import begin
from sim.engine.next_up import may_take_deferred, next_deferred
from sim.engine.queues import END, longest_idle
from sim.engine.steps.chats import take_up_again
from sim.engine.steps.contact import start_talk
from sim.engine.steps.second_legs import is_worth_a_call, start_call
from sim.engine.world import set_to_work, stop_waiting


@rule
def expect_deferred_work(plan, world, group, now_ms):
    """If agents are idle enough, look once all else at this moment is done."""
    if world.deferred_ms[group] != now_ms and may_take_deferred(plan, world, group):
        world.deferred_ms[group] = now_ms
        schedule(world.calendar, now_ms, rank(DEFERRED, group, FIRST_LEG), group)


@routine
def look_for_deferred_work(plan, world, now_ms):
    """Look in every group, as the span begins: a list may have come with it."""
    for group in range(len(world.groups)):
        expect_deferred_work(plan, world, group, now_ms)


@rule
def expect_deferred_work_of(plan, world, row, now_ms):
    """Look in every group that serves this work."""
    groups_of = plan.routing.groups_of
    queue = world.contacts[row].queue
    for place in range(groups_of.shape[1]):
        if groups_of[queue, place] < 0:
            break
        expect_deferred_work(plan, world, groups_of[queue, place], now_ms)


@routine
def on_idle(plan, world, group, now_ms):
    """The agents idle longest take up deferred work, oldest first."""
    world.deferred_ms[group] = NOT_YET
    contacts = world.contacts
    row = next_deferred(plan, world, group)
    while row != END:
        stop_waiting(world, row)
        is_lead = contacts[row].phase == PUT_BY
        if not is_lead or is_worth_a_call(plan, world.people, contacts, row, now_ms):
            seat = longest_idle(world.idle, group)
            set_to_work(world, seat)
            if is_lead:
                start_call(plan, contacts, row, now_ms, group, seat)
            elif contacts[row].phase == PUT_ASIDE:
                take_up_again(contacts, row, now_ms, group, seat)
            else:
                start_talk(plan, contacts, row, now_ms, group, seat)
            begin(plan, world, row, seat, now_ms)
        row = next_deferred(plan, world, group)

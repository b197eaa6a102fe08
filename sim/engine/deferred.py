"""Work that can wait: the fast engine takes it up when agents are idle and all else is done."""

from __future__ import annotations

from sim.core.moments import DEFERRED, END_OF_WORK, FIRST_LEG, rank
from sim.core.rules import routine, rule
from sim.core.tables import NOT_YET
from sim.engine.calendar import schedule
from sim.engine.next_up import next_deferred
from sim.engine.queues import END, longest_idle
from sim.engine.steps.second_legs import is_worth_a_call, start_call
from sim.engine.world import expect, set_to_work, stop_waiting


@rule
def expect_deferred_work(plan, world, group, now_ms):
    """If agents are idle enough, look once all else at this moment is done."""
    if plan.routing.deferred_of.shape[1] > 0 and world.deferred_ms[group] != now_ms:
        _look_for_deferred_work(plan, world, group, now_ms)


@routine
def _look_for_deferred_work(plan, world, group, now_ms):
    if next_deferred(plan, world, group) != END:
        world.deferred_ms[group] = now_ms
        schedule(world.calendar, now_ms, rank(DEFERRED, group, FIRST_LEG), group)


@routine
def on_idle(plan, world, group, now_ms):
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

"""Seats that come and go by the plan, in the fast engine."""

from __future__ import annotations

from sim.core.rules import rule
from sim.core.tables import BUSY, FREE, OFF_DUTY
from sim.domain.agents.rostering import is_present
from sim.engine.answering import answer, on_free
from sim.engine.next_up import next_waiting
from sim.engine.queues import END, longest_idle, remove
from sim.engine.steps.contact import count_overtime
from sim.engine.world import expect_change, stop_waiting


@rule
def on_change(plan, world, change, now_ms):
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
                    on_free(plan, world, seat, now_ms)
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
        answer(plan, world, row, longest_idle(world.idle, group), now_ms)
        row = next_waiting(plan, world, group, now_ms)

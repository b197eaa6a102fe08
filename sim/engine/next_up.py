"""Find the agent for a contact and the contact for an agent; tell how busy a group is."""

from __future__ import annotations

from sim.core.rules import rule
from sim.domain.offers.policies import NOBODY_WAITS_MS, GroupState
from sim.engine.queues import END
from sim.engine.steps.contact import may_answer


@rule
def free_group(plan, world, row, now_ms):
    """The first group, in the queue's order of preference, with a free agent who may answer."""
    groups_of = plan.routing.groups_of
    queue = world.contacts[row].queue
    for place in range(groups_of.shape[1]):
        group = groups_of[queue, place]
        if group < 0:
            break
        if world.idle.ends[group].first != END and may_answer(
            plan, world.contacts, row, group, now_ms
        ):
            return group
    return END


@rule
def next_waiting(plan, world, group, now_ms):
    """The waiting contact that the group takes next: priority, then waiting time, then name."""
    contacts, routing = world.contacts, plan.routing
    best = END
    best_priority = 0
    for place in range(routing.queues_of.shape[1]):
        queue = routing.queues_of[group, place]
        if queue < 0 or (best != END and routing.priority[group, place] > best_priority):
            break
        row = world.waiting.ends[queue].first
        if row == END or not may_answer(plan, contacts, row, group, now_ms):
            continue
        if best == END or _is_older(contacts, row, best):
            best = row
            best_priority = routing.priority[group, place]
    return best


@rule
def next_deferred(plan, world, group):
    """The oldest deferred work for which the group has agents idle enough."""
    contacts, routing = world.contacts, plan.routing
    best = END
    for place in range(routing.deferred_of.shape[1]):
        queue = routing.deferred_of[group, place]
        if queue < 0:
            break
        row = world.waiting.ends[queue].first
        if row == END or world.idle.ends[group].length <= routing.reserve[queue]:
            continue
        if best == END or _is_older(contacts, row, best):
            best = row
    return best


@rule
def _is_older(contacts, row, other):
    """Whether it has waited longer; ties by name."""
    if contacts[row].joined_ms != contacts[other].joined_ms:
        return contacts[row].joined_ms < contacts[other].joined_ms
    return contacts[row].name < contacts[other].name


@rule
def state_of(plan, world, group, now_ms):
    """What the group looks like: how busy it is, whether contacts wait for it, and for how long."""
    routing = plan.routing
    waiting = 0
    oldest_ms = NOBODY_WAITS_MS
    for place in range(routing.queues_of.shape[1]):
        queue = routing.queues_of[group, place]
        if queue < 0:
            break
        row = world.waiting.ends[queue].first
        if row != END and may_answer(plan, world.contacts, row, group, now_ms):
            oldest_ms = max(oldest_ms, now_ms - world.contacts[row].joined_ms)
        if routing.after_ms[group, queue] == 0:
            waiting += world.waiting.ends[queue].length
        else:
            while row != END and may_answer(plan, world.contacts, row, group, now_ms):
                waiting += 1
                row = world.waiting.links[row].after
    in_system = world.groups[group].busy + waiting
    return GroupState(in_system, world.groups[group].level, waiting, oldest_ms)

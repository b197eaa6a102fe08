"""Find the agent for a contact and the contact for an agent; tell how busy a group is.

An agent in chats has room for another one as long as none of them forbids it. She takes the first
of all who wait for her if it is a chat: while a call comes before, she keeps free for it.
"""

from __future__ import annotations

import numpy as np

from sim.core.rules import routine, rule
from sim.core.tables import NOBODY, NOT_YET
from sim.domain.agents.rostering import next_on_duty_ms
from sim.domain.channels.deferred import is_deferrable
from sim.domain.contacts.patience import FOR_EVER_MS
from sim.domain.contacts.routing import priority_of
from sim.domain.offers.policies import NOBODY_WAITS_MS, GroupState
from sim.engine.queues import END, longest_idle
from sim.engine.steps.chats import can_be_interrupted, is_written, work_at
from sim.engine.steps.contact import duty_ends, may_answer


@rule
def free_seat(plan, world, row, now_ms):
    """The agent idle longest of the first group, in the queue's order of preference, with one who
    may answer; for a chat also who has the fewest, and has had so few for longest.
    """
    groups_of = plan.routing.groups_of
    queue = world.contacts[row].queue
    for place in range(groups_of.shape[1]):
        group = groups_of[queue, place]
        if group < 0:
            break
        if not may_answer(plan, world.contacts, row, group, now_ms):
            continue
        if world.idle.ends[group].first != END:
            return longest_idle(world.idle, group)
        if is_written(plan, world.contacts, row):
            seat = _seat_beside_others(plan, world, group, row, now_ms)
            if seat != END:
                return seat
    return END


@rule
def a_chat_waits(plan, world):
    """Whether anybody waits who may be a chat: in the line of such a type, or handed on."""
    for queue in range(len(world.waiting.ends)):
        if world.waiting.ends[queue].length == 0:
            continue
        type_ = min(queue, len(plan.chats.types) - 1)
        is_type = queue == type_
        if not is_type or (
            plan.chats.types[type_].most > 0 and not is_deferrable(plan.deferred, type_)
        ):
            return True
    return False


@routine
def _seat_beside_others(plan, world, group, row, now_ms):
    """An agent in chats with room for this one, if nobody who waits for her comes before it."""
    first = next_waiting(plan, world, group, now_ms)
    if first != END and comes_before(plan, world.contacts, group, first, row):
        return np.int64(END)
    return seat_with_room(plan, world, group, row)


@routine
def seat_with_room(plan, world, group, row):
    """The agent of the group with the fewest chats who has room for this one.

    While seats are owed, as many of those with the fewest take none, so that they can leave. At
    closing all still serve who waits.
    """
    owed = 0 if world.groups[group].closed else world.groups[group].owed
    first = group * (plan.chats.most + 1)
    for line in range(first + 1, first + plan.chats.types[world.contacts[row].type].most):
        seat = world.ready.ends[line].first
        while seat != END:
            if owed == 0:
                return np.int64(seat)
            owed -= 1
            seat = world.ready.links[seat].after
    return np.int64(END)


@routine
def seat_to_interrupt(plan, world, row, now_ms):
    """An agent who puts an email aside for this contact: of the first group that has one, who began
    last, then the higher seat. While seats are owed, whoever finishes leaves instead; at the end of
    duty nobody begins anything.
    """
    groups_of, first_seat = plan.routing.groups_of, plan.levels.first_seat
    queue = world.contacts[row].queue
    best, best_since_ms = np.int64(END), NOT_YET
    for place in range(groups_of.shape[1]):
        group = groups_of[queue, place]
        if group < 0 or best != END:
            break
        stays = world.groups[group].owed == 0 or world.groups[group].closed
        if not stays or duty_ends(plan, world.groups, group, now_ms):
            continue
        if not may_answer(plan, world.contacts, row, group, now_ms):
            continue
        for seat in range(first_seat[group], first_seat[group + 1]):
            work, since_ms = (
                work_at(world.seats, world.places, seat),
                world.seats[seat].idle_since_ms,
            )
            if work == NOBODY or since_ms < best_since_ms:
                continue
            if can_be_interrupted(plan, world.contacts, work, now_ms):
                best, best_since_ms = np.int64(seat), since_ms
    return best


@rule
def comes_before(plan, contacts, group, row, other):
    """Whether an agent of the group takes a contact before another one."""
    priority = priority_of(plan.routing, group, contacts[row].queue)
    others = priority_of(plan.routing, group, contacts[other].queue)
    if priority != others:
        return priority < others
    return _is_older(contacts, row, other)


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


@routine
def expected_wait_ms(plan, world, row, now_ms):
    """The wait of a caller for whom nobody is free: those ahead of her whom her groups may take and
    herself × mean handling ÷ seats on duty there; with none, the time until there is one.
    """
    groups_of, queues_of = plan.routing.groups_of, plan.routing.queues_of
    queue = world.contacts[row].queue
    ahead, seats, opens_ms = 0, 0, FOR_EVER_MS
    for place in range(groups_of.shape[1]):
        group = groups_of[queue, place]
        if group < 0:
            break
        seats += world.groups[group].level
        opens_ms = min(opens_ms, next_on_duty_ms(plan.levels, group, now_ms))
        for other in range(queues_of.shape[1]):
            if queues_of[group, other] < 0:
                break
            if _is_first_to_serve(groups_of[queue], place, queues_of, queues_of[group, other]):
                ahead += world.waiting.ends[queues_of[group, other]].length
    if seats == 0:
        return opens_ms - now_ms
    return (ahead + 1) * plan.callbacks[world.contacts[row].type].handle_ms // seats


@rule
def _is_first_to_serve(groups, place, queues_of, queue):
    """Whether no group before this place serves the queue, so that nobody is counted twice."""
    for before in range(place):
        for other in range(queues_of.shape[1]):
            if queues_of[groups[before], other] == queue:
                return False
    return True


@rule
def may_take_deferred(plan, world, group):
    """Whether the group has agents idle enough for deferred work that waits."""
    routing, idle = plan.routing, world.idle.ends[group].length
    for place in range(routing.deferred_of.shape[1]):
        queue = routing.deferred_of[group, place]
        if queue < 0:
            break
        if idle > routing.reserve[group, queue] and world.waiting.ends[queue].length > 0:
            return True
    return False


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
        if row == END or world.idle.ends[group].length <= routing.reserve[group, queue]:
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

"""Time of agents in a span: on duty, and in each part of handling, by week and interval.

Time is counted where it passes: what is worked on when a week ends is a part of two weeks.
"""

from __future__ import annotations

from sim.core.clock import CELL_MS, CELLS_PER_WEEK, MS_PER_WEEK
from sim.core.rules import routine, rule
from sim.core.tables import NOT_YET, STAYING
from sim.engine.steps.chats import ALL, HOLD, IN_CHATS, OFFER, TALK, WRAP_UP, is_written


@routine
def count_time(tally, plan, contacts, start_ms, end_ms):
    """Handling time within the span, by week and interval, of contacts closed or still open.

    That of agents in chats and emails is counted at their desks.
    """
    interval_ms = MS_PER_WEEK // len(tally.handled)
    first_ms = max(start_ms, 0)
    for row in range(len(contacts)):
        contact = contacts[row]
        if contact.answered_ms == NOT_YET or is_written(plan, contacts, row):
            continue
        handled_ms = contact.talk_ms + contact.hold_ms + contact.hand_over_ms
        handled_ms += contact.offer_ms + contact.wrap_up_ms
        from_ms = max(contact.answered_ms, first_ms)
        to_ms = min(contact.answered_ms + handled_ms, end_ms)
        if contact.phase == STAYING:
            to_ms = end_ms
        _add_parts(tally.time, contact, from_ms, to_ms)
        while from_ms < to_ms:
            edge_ms = min(to_ms, (from_ms // interval_ms + 1) * interval_ms)
            interval = from_ms % MS_PER_WEEK // interval_ms
            tally.handled[interval, contact.group].handling_ms += edge_ms - from_ms
            from_ms = edge_ms


@routine
def count_desks(tally, desk_ms, first_cell):
    """Time of agents in chats and emails by week and interval; a warm-up is not counted.

    `desk_ms` is [group, part, cell of the span].
    """
    interval_cells = CELLS_PER_WEEK // len(tally.handled)
    for group in range(len(desk_ms)):
        for cell in range(max(0, -first_cell), desk_ms.shape[2]):
            week, cell_of_week = divmod(first_cell + cell, CELLS_PER_WEEK)
            parts = desk_ms[group, :, cell]
            spent_ms = parts[TALK] + parts[HOLD] + parts[OFFER] + parts[WRAP_UP]
            counts = tally.time[week, group]
            counts.talk_ms += parts[TALK]
            counts.hold_ms += parts[HOLD]
            counts.offer_ms += parts[OFFER]
            counts.wrap_up_ms += parts[WRAP_UP]
            counts.chats_ms += parts[ALL]
            counts.in_chats_ms += parts[IN_CHATS]
            counts.off_the_line_ms += spent_ms - parts[WRAP_UP]
            tally.handled[cell_of_week // interval_cells, group].handling_ms += spent_ms


@rule
def _add_parts(time, contact, from_ms, to_ms):
    """Add what of each part of handling lies within a stretch, in the weeks in which it passes."""
    hold_ms = contact.answered_ms + contact.talk_ms  # when each part begins
    hand_over_ms = hold_ms + contact.hold_ms
    offer_ms = hand_over_ms + contact.hand_over_ms
    if contact.phase == STAYING:
        offer_ms = to_ms
    wrap_up_ms = offer_ms + contact.offer_ms
    while from_ms < to_ms:
        week = from_ms // MS_PER_WEEK
        edge_ms = min(to_ms, (week + 1) * MS_PER_WEEK)
        counts = time[week, contact.group]
        counts.talk_ms += _shared(contact.answered_ms, hold_ms, from_ms, edge_ms)
        counts.hold_ms += _shared(hold_ms, hand_over_ms, from_ms, edge_ms)
        beside_ms = _shared(hand_over_ms, offer_ms, from_ms, edge_ms)
        counts.talk_ms += beside_ms
        counts.off_the_line_ms += beside_ms
        counts.offer_ms += _shared(offer_ms, wrap_up_ms, from_ms, edge_ms)
        counts.wrap_up_ms += max(0, edge_ms - max(wrap_up_ms, from_ms))
        from_ms = edge_ms


@rule
def _shared(start_ms, stop_ms, from_ms, to_ms):
    """How long a part from start to stop lies within a stretch."""
    return max(0, min(stop_ms, to_ms) - max(start_ms, from_ms))


@routine
def count_duty(tally, level, overtime_ms, first_cell):
    """Scheduled and overtime seat time by week and interval; a warm-up is not counted.

    `level` is that of a LevelTable, `overtime_ms` [group, cell of the span].
    """
    interval_cells = CELLS_PER_WEEK // len(tally.handled)
    for group in range(len(overtime_ms)):
        for cell in range(max(0, -first_cell), len(overtime_ms[group])):
            week, cell_of_week = divmod(first_cell + cell, CELLS_PER_WEEK)
            scheduled_ms = level[group, (first_cell + cell) % level.shape[1]] * CELL_MS
            overtime = overtime_ms[group, cell]
            time = tally.time[week, group]
            time.scheduled_ms += scheduled_ms
            time.overtime_ms += overtime
            interval = cell_of_week // interval_cells
            tally.handled[interval, group].on_duty_ms += scheduled_ms + overtime

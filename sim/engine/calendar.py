"""What happens next: a binary heap of moments, by time and then by rank.

Most moments lead to another one (the end of talk to the end of wrap-up), so a moment that is taken
leaves its place to the next one scheduled: that takes one way through the heap, not two.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core.rules import routine, rule
from sim.core.tables import blank, record

MOMENT = record(at_ms=np.int64, rank=np.int64, row=np.int64)
SIZE, TAKEN = range(2)


class Calendar(NamedTuple):
    """Moments to come."""

    moments: np.recarray  # MOMENT, as a heap
    counters: np.ndarray  # SIZE, TAKEN

    def with_room(self, room: int) -> Calendar:
        """The same calendar with room for more moments."""
        larger = empty_calendar(room)
        larger.moments[: len(self.moments)] = self.moments
        larger.counters[:] = self.counters
        return larger


def empty_calendar(room: int) -> Calendar:
    """A calendar with room for so many moments."""
    return Calendar(blank(MOMENT, room), np.zeros(2, np.int64))


@rule
def has_moment(calendar):
    """Whether anything is to come; closes the gap at the top if a moment was taken."""
    if calendar.counters[TAKEN]:
        calendar.counters[TAKEN] = 0
        size = calendar.counters[SIZE] - 1
        calendar.counters[SIZE] = size
        last = calendar.moments[size]
        if size > 0:
            _sink(calendar.moments, size, last.at_ms, last.rank, last.row)
    return calendar.counters[SIZE] > 0


@rule
def is_before(calendar, at_ms, rank):
    """Whether the first moment precedes another."""
    first_ms = calendar.moments[0].at_ms
    return first_ms < at_ms or (first_ms == at_ms and calendar.moments[0].rank < rank)


@rule
def take_first(calendar):
    """The first moment counts as gone; its place goes to the next one scheduled, if any."""
    calendar.counters[TAKEN] = 1


@routine
def schedule(calendar, at_ms, rank, row):
    """Enter a moment; the calendar must have room for it."""
    if calendar.counters[TAKEN]:
        calendar.counters[TAKEN] = 0
        _sink(calendar.moments, calendar.counters[SIZE], at_ms, rank, row)
        return
    heap = calendar.moments
    i = calendar.counters[SIZE]
    calendar.counters[SIZE] = i + 1
    while i > 0:
        parent = (i - 1) >> 1
        above_ms = heap[parent].at_ms
        if above_ms < at_ms or (above_ms == at_ms and heap[parent].rank <= rank):
            break
        _put(heap, i, above_ms, heap[parent].rank, heap[parent].row)
        i = parent
    _put(heap, i, at_ms, rank, row)


@routine
def _sink(heap, size, at_ms, rank, row):
    """Put a moment at the top and let earlier ones rise above it."""
    i = 0
    child = 1
    while child < size:
        right = child + 1
        child_ms = heap[child].at_ms
        if right < size:
            right_ms = heap[right].at_ms
            if right_ms < child_ms or (
                right_ms == child_ms and heap[right].rank < heap[child].rank
            ):
                child = right
                child_ms = right_ms
        if at_ms < child_ms or (at_ms == child_ms and rank <= heap[child].rank):
            break
        _put(heap, i, child_ms, heap[child].rank, heap[child].row)
        i = child
        child = 2 * i + 1
    _put(heap, i, at_ms, rank, row)


@rule
def _put(heap, i, at_ms, rank, row):
    heap[i].at_ms = at_ms
    heap[i].rank = rank
    heap[i].row = row

"""What happens next: a binary heap of moments, by time and then by rank."""

from typing import NamedTuple

import numpy as np

from sim.rule import routine, rule
from sim.tables import blank, record

MOMENT = record(at_ms=np.int64, rank=np.int64, row=np.int64)


class Calendar(NamedTuple):
    """Moments to come."""

    moments: np.recarray  # MOMENT, as a heap
    size: np.ndarray  # [0]: how many


def empty_calendar(room: int) -> Calendar:
    """A calendar with room for so many moments."""
    return Calendar(blank(MOMENT, room), np.zeros(1, np.int64))


@routine
def schedule(calendar, at_ms, rank, row):
    """Enter a moment."""
    heap = calendar.moments
    i = calendar.size[0]
    calendar.size[0] = i + 1
    while i > 0:
        parent = (i - 1) >> 1
        above_ms = heap[parent].at_ms
        if above_ms < at_ms or (above_ms == at_ms and heap[parent].rank <= rank):
            break
        _put(heap, i, above_ms, heap[parent].rank, heap[parent].row)
        i = parent
    _put(heap, i, at_ms, rank, row)


@routine
def drop_first(calendar):
    """Take the first moment out."""
    heap = calendar.moments
    size = calendar.size[0] - 1
    calendar.size[0] = size
    at_ms, rank, row = heap[size].at_ms, heap[size].rank, heap[size].row
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

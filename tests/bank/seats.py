"""How many agents were there? Two answers from the services recorded, neither of them staffing."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from .calls import DAY_S, HALF_HOUR_S, HALF_HOURS, WEEKDAYS, Call, days_by_weekday
from .facts import shifts

LONGEST_PAUSE_S = 900  # between two calls of an agent who is still on duty: our choice


def agents_seen(calls: list[Call]) -> np.ndarray:
    """[weekday, half hour] mean number of different agents who served in it, however briefly.

    Agents who are not named count as one. Answered calls of which neither start nor duration was
    recorded count nowhere.
    """
    seen = {
        (call.day, half_hour, call.agent)
        for call in calls
        if call.served
        for half_hour in range(
            call.start_s // HALF_HOUR_S, min(call.end_s // HALF_HOUR_S, HALF_HOURS - 1) + 1
        )
    }
    table = np.zeros((len(WEEKDAYS), HALF_HOURS))
    for day, half_hour, _ in seen:
        table[day.weekday(), half_hour] += 1
    return table / np.array(days_by_weekday(calls))[:, None]


def manned(calls: list[Call], longest_pause_s: int = LONGEST_PAUSE_S) -> np.ndarray:
    """[weekday, half hour] mean number of agents on duty at a moment.

    On duty: from a first to a last call without a longer pause than this between two calls.
    """
    seconds = np.zeros((len(WEEKDAYS), HALF_HOURS))
    for (day, _), shift in shifts(calls).items():
        start_s, end_s = shift[0].start_s, shift[0].end_s
        for before, after in pairwise(shift):
            if after.start_s - max(end_s, before.end_s) > longest_pause_s:
                _spread(seconds[day.weekday()], start_s, end_s)
                start_s = after.start_s
            end_s = max(end_s, after.end_s)
        _spread(seconds[day.weekday()], start_s, end_s)
    return seconds / HALF_HOUR_S / np.array(days_by_weekday(calls))[:, None]


def _spread(seconds: np.ndarray, start_s: int, end_s: int) -> None:
    """Add the seconds from start to end to their half hours."""
    while start_s < min(end_s, DAY_S):
        half_hour = start_s // HALF_HOUR_S
        until_s = min(end_s, (half_hour + 1) * HALF_HOUR_S)
        seconds[half_hour] += until_s - start_s
        start_s = until_s


def whole_seats(agents: np.ndarray, came: np.ndarray) -> np.ndarray:
    """Rounded half up, and at least 1 where calls came; [weekday, half hour] int."""
    return np.where(came, np.maximum(1, np.floor(agents + 0.5)), 0).astype(int)

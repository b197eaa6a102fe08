"""From tables of contacts to sums by period of a day that starts empty, and to its quantities.

What arrives is counted by the period in which it arrives, time by the period in which it passes;
after the last period comes the drain.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.clock import MS_PER_MINUTE
from sim.core.tables import ANSWERED, BALKED, CLOSED, GAVE_UP

from .cases import Case
from .measure import PLACE, Quantity, Sums
from .scenarios import cycle_minutes

COLUMNS = (
    "days", "staffed", "arrived", "answered", "gave_up", "waited", "wait", "wait_answered",
    "answered_in_time", "gave_up_in_time", "gave_up_now", "queue_time", "busy_time", "queue_at_end", "busy_at_end",
)  # fmt: skip


def sums_of(contacts: np.recarray, case: Case, staffed_ms: int) -> np.ndarray:
    """[period or drain, COLUMNS] of a week of days; `staffed_ms` are its seats on duty."""
    closed = contacts[(contacts.phase == CLOSED) & (contacts.type == 0)]
    cycle_ms = cycle_minutes(case.params) * MS_PER_MINUTE
    opened_ms = closed.arrived_ms // cycle_ms * cycle_ms
    answered = closed.outcome == ANSWERED
    arrived = (closed.arrived_ms - opened_ms) / MS_PER_MINUTE
    until = (np.where(answered, closed.answered_ms, closed.left_ms) - opened_ms) / MS_PER_MINUTE
    done = np.where(answered, until + closed.talk_ms / MS_PER_MINUTE, until)
    told = arrived, until, done, answered, np.isin(closed.outcome, (GAVE_UP, BALKED))
    delta = case.params["delta"]
    ends = [delta * (p + 1) for p in range(len(case.seats))] + [float(cycle_minutes(case.params))]
    starts = [0.0, *ends[:-1]]
    sums = [_period(told, case, start, end) for start, end in zip(starts, ends, strict=True)]
    for period in sums:
        period["days"] = case.plan.cycles_per_week
    sums[0]["staffed"] = staffed_ms / MS_PER_MINUTE
    return np.array([[float(period.get(column, 0)) for column in COLUMNS] for period in sums])


def _period(told: Any, case: Case, start: float, end: float) -> dict[str, float]:
    """Sums of one period; the last one's end is when the next day starts."""
    arrived, until, done, answered, gave_up = told
    mine = (arrived >= start) & (arrived < end)
    wait = (until - arrived)[mine]
    return {
        "arrived": mine.sum(),
        "answered": (mine & answered).sum(),
        "gave_up": (mine & gave_up).sum(),
        "waited": (wait > 0).sum(),
        "wait": wait.sum(),
        "wait_answered": wait[answered[mine]].sum(),
        "answered_in_time": (answered[mine] & (wait <= case.within + 1e-9)).sum(),
        "gave_up_in_time": (gave_up[mine] & (wait <= case.within + 1e-9)).sum(),
        "gave_up_now": (gave_up & (until >= start) & (until < end)).sum(),
        "queue_time": _overlap(arrived, until, start, end),
        "busy_time": _overlap(until, done, start, end),
        "queue_at_end": ((arrived < end) & (until > end)).sum(),
        "busy_at_end": ((until <= end) & (done > end)).sum(),
    }


def _overlap(since: np.ndarray, until: np.ndarray, start: float, end: float) -> float:
    return np.maximum(0.0, np.minimum(until, end) - np.maximum(since, start)).sum()


def _in_day(s: Sums, column: str) -> np.ndarray:
    return s.by_class(column)[..., :-1].sum(axis=-1)


def _in_drain(s: Sums, column: str) -> np.ndarray:
    return s.by_class(column)[..., -1]


def _at_close(s: Sums, column: str) -> np.ndarray:
    return s.by_class(column)[..., -2] / _days(s)


def _days(s: Sums) -> np.ndarray:
    return s.by_class("days")[..., 0]


def _minutes(s: Sums) -> np.ndarray:
    return s.case.params["delta"] * _days(s)


SHOWN: dict[str, Quantity] = {
    "arrivals": lambda s: s.arrived / _days(s),
    "abandoned": lambda s: _in_day(s, "gave_up_now") / _days(s),
    "busy_time": lambda s: _in_day(s, "busy_time") / _days(s),
    "qtime": lambda s: _in_day(s, "queue_time") / _days(s),
    "agent_time": lambda s: s.staffed / _days(s),
    "end_q": lambda s: _at_close(s, "queue_at_end"),
    "end_busy": lambda s: _at_close(s, "busy_at_end"),
    "occ_raw": lambda s: _in_day(s, "busy_time") / s.staffed,
    "good": lambda s: s.answered_in_time / _days(s),
    "sl_offered": lambda s: s.answered_in_time / s.arrived,
    "sl_answered": lambda s: s.answered_in_time / s.answered,
    "sl_exshort": lambda s: s.answered_in_time / (s.arrived - s.gave_up_in_time),
    "sl_both": lambda s: (s.answered_in_time + s.gave_up_in_time) / s.arrived,
    "asa": lambda s: s.wait_answered / s.answered,
    "drain_qtime": lambda s: _in_drain(s, "queue_time") / _days(s),
    "drain_busy": lambda s: _in_drain(s, "busy_time") / _days(s),
    "abandoned_all": lambda s: s.gave_up / _days(s),
    "served_all": lambda s: s.answered / _days(s),
    "p_ab_all": lambda s: s.gave_up / s.arrived,
    "asa_all": lambda s: s.wait / s.arrived,
    "period_p_ab": lambda s: s.gave_up_now / s.arrived,  # both by the clock
    "period_sl_offered": lambda s: s.answered_in_time / s.arrived,
    "period_mean_busy": lambda s: s.busy_time / _minutes(s),
    "period_p_wait": lambda s: s.waited / s.arrived,
    "period_lq": lambda s: s.queue_time / _minutes(s),
}


def measured(name: str, sums: Sums) -> np.ndarray:
    """A quantity by its name in the reference, with the period in its list."""
    places = PLACE.findall(name)
    return SHOWN[PLACE.sub("", name)](sums.of(int(places[0])) if places else sums)

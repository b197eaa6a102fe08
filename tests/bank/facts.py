"""Facts of January 1999: volume, mix, handling, patience, busyness, and how it went."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from itertools import groupby, pairwise

import numpy as np

from .calls import HALF_HOURS, HIGH, REGULAR, TYPES, WEEKDAYS, Call, days_by_weekday

IN_TIME_S = 20
HEAD_START_S = 90
HEAD_START_FROM = datetime.date(1999, 1, 13)
SPANS = {"Sun-Thu": (6, 0, 1, 2, 3), "Fri": (4,), "Sat": (5,)}


def counts(calls: Iterable[Call], days: list) -> np.ndarray:
    """[day, half hour] calls."""
    table = np.zeros((len(days), HALF_HOURS))
    row = {day: i for i, day in enumerate(days)}
    for call in calls:
        table[row[call.day], call.half_hour] += 1
    return table


def profile(calls: list[Call]) -> dict[str, np.ndarray]:
    """By type [weekday, half hour]: calls on an average day."""
    days = sorted({call.day for call in calls})
    weekday = np.array([day.weekday() for day in days])
    tables = {t: counts((c for c in calls if c.type_ == t), days) for t in TYPES}
    return {
        t: np.array([table[weekday == w].mean(axis=0) for w in range(len(WEEKDAYS))])
        for t, table in tables.items()
    }


def how_it_went(calls: list[Call]) -> dict[str, float]:
    """Calls, share that gave up, mean wait of all, share answered within 20 s of all."""
    n = len(calls)
    return {
        "calls": n,
        "abandoned": sum(not c.answered for c in calls) / n,
        "wait_s": sum(c.wait_s for c in calls) / n,
        "within_20_s": sum(c.answered and c.wait_s <= IN_TIME_S for c in calls) / n,
    }


def course(calls: list[Call]) -> list[dict[str, float | str]]:
    """How it went over the day, by half hour in which calls came in."""
    by_weekday = days_by_weekday(calls)
    rows: list[dict[str, float | str]] = []
    for span, weekdays in SPANS.items():
        n_days = sum(by_weekday[w] for w in weekdays)
        for half_hour in range(HALF_HOURS):
            inside = [c for c in calls if c.half_hour == half_hour and c.day.weekday() in weekdays]
            if inside:
                went = how_it_went(inside)
                went["calls"] /= n_days
                rows.append({"days": span, "start": clock(half_hour), **went})
    return rows


def clock(half_hour: int) -> str:
    """0 … 47 → 00:00 … 23:30."""
    return f"{half_hour // 2:02d}:{'30' if half_hour % 2 else '00'}"


def handling(calls: list[Call], *, zeros: bool = True) -> tuple[float, float]:
    """Mean in seconds and coefficient of variation of the service of answered calls.

    With `zeros` the work adds up to what was done; without, calls of 0 s are left out.
    """
    service_s = np.array([c.service_s for c in calls if c.answered and (zeros or c.service_s)])
    return float(service_s.mean()), float(service_s.std(ddof=1) / service_s.mean())


def patience_s(calls: list[Call]) -> float:
    """Mean of exponential patience by maximum likelihood: all waiting ÷ givings-up."""
    return sum(c.wait_s for c in calls) / sum(not c.answered for c in calls)


def share_high(calls: list[Call]) -> float:
    """Share of high-priority customers, among those who queued.

    Customers are identified while they queue: of those answered at once nearly all have
    priority 0, whoever they are. Queueing itself does not depend on the head start.
    """
    queued = [c for c in calls if c.wait_s]
    return sum(c.priority == HIGH for c in queued) / len(queued)


def put_ahead(calls: list[Call]) -> dict[str, float]:
    """Share of high-priority callers who were answered before a regular one already waiting.

    Among pairs of banking calls that waited together and were answered; before and since the
    day from which there is a head start, and by whether the second came within 90 s.
    """
    pairs: dict[str, list[bool]] = {"before": [], "since": [], "since_but_later": []}
    waited = sorted(
        (c for c in calls if c.type_ == TYPES[0] and c.answered and c.wait_s),
        key=lambda c: (c.day, c.queued_s),
    )
    for _, group in groupby(waited, key=lambda c: c.day):
        day = list(group)
        for first in (c for c in day if c.priority == REGULAR):
            left_s = first.queued_s + first.wait_s
            for second in day:
                if second.priority == HIGH and first.queued_s <= second.queued_s < left_s:
                    when = "since" if first.day >= HEAD_START_FROM else "before"
                    late = second.queued_s - first.queued_s >= HEAD_START_S
                    if not (late and when == "before"):
                        pairs[when + "_but_later" * late].append(
                            second.queued_s + second.wait_s < left_s
                        )
    return {name: sum(ahead) / len(ahead) for name, ahead in pairs.items()}


def identified_customers(calls: list[Call]) -> tuple[int, int]:
    """Different customers identified: high priority, and others. Who never queued is missing."""
    named = [c for c in calls if c.customer]
    high = {c.customer for c in named if c.priority == HIGH}
    return len(high), len({c.customer for c in named} - high)


def after_call_s(calls: list[Call]) -> tuple[float, float]:
    """Mean in seconds and cv of the pause between two calls of an agent, if the next one waited.

    Only calls that were already waiting when the agent's last one ended.
    """
    pauses = np.array(
        [
            after.start_s - before.end_s
            for shift in shifts(calls).values()
            for before, after in pairwise(shift)
            if after.wait_s and after.queued_s < before.end_s <= after.start_s
        ]
    )
    return float(pauses.mean()), float(pauses.std(ddof=1) / pauses.mean())


def shifts(calls: list[Call]) -> dict[tuple, list[Call]]:
    """By (day, agent): the calls she served, in the order of their starts."""

    def who(call: Call) -> tuple:
        return call.day, call.agent

    def order(call: Call) -> tuple:
        return *who(call), call.start_s

    served = sorted((c for c in calls if c.agent and c.served and c.service_s), key=order)
    return {key: list(group) for key, group in groupby(served, key=who)}


def busyness(calls: list[Call], type_: str) -> tuple[float, float]:
    """Coefficients of variation of a type's factor of a day and a half hour, by moments.

    Var N = Λ + Λ²·cv², with its own Λ for each weekday (and half hour), pooled over them. The
    factor of a half hour is what its counts vary more than the factor of the day explains.
    """
    days = sorted({call.day for call in calls})
    table = counts((c for c in calls if c.type_ == type_), days)
    weekday = np.array([day.weekday() for day in days])
    by_day = _excess(table.sum(axis=1, keepdims=True), weekday)
    by_half_hour = (1 + _excess(table, weekday)) / (1 + by_day) - 1
    return by_day**0.5, max(by_half_hour, 0.0) ** 0.5


def _excess(table: np.ndarray, weekday: np.ndarray) -> float:
    """cv² of the factor on the counts [day, part of the day], at least 0."""
    above, scale = 0.0, 0.0
    for w in np.unique(weekday):
        same = table[weekday == w]
        n, mean, variance = len(same), same.mean(axis=0), same.var(axis=0, ddof=1)
        above += (n - 1) * float((variance - mean).sum())
        scale += (n - 1) * float((mean**2 - variance / n).sum())
    return max(above / scale, 0.0)

"""What did the people of a group bear this week? Half hours without a breath, offers, anger.

A half hour is hot where hardly anybody of the group is free (a logistic step, domain/agents/
engagement.py). The mean of a day hides the peaks that wear people out, so half hours are judged one
by one; of groups too small for that, the four hours around each.
"""

from __future__ import annotations

import numpy as np

from sim.core.clock import CELLS_PER_HOUR, CELLS_PER_WEEK, MS_PER_HOUR, MS_PER_MINUTE
from sim.core.rules import routine
from sim.core.tables import ANSWERED, NOT_YET
from sim.domain.agents.engagement import SMALL_GROUP, Loads, heat
from sim.engine.steps.experience import felt_wait_ms

LATE_MS = 5 * MS_PER_MINUTE  # whoever waited longer, as it is felt, is angry
HOURS_AROUND = 4
MILLION = 1_000_000


def loads_of(counts: np.void) -> Loads:
    """The loads of a group in a week, of its PEOPLE_COUNTS; without contacts there is no load."""
    contacts = max(1, int(counts["contacts"]))
    return Loads(
        float(counts["hot_millionths"] / MILLION),
        float(counts["with_offer"] / contacts),
        float(counts["angry"] / contacts),
    )


def hot_hours(handling_ms: np.ndarray, on_duty_ms: np.ndarray) -> float:
    """Share of half hours on duty that are hot, of [interval of the week] ms of a group."""
    by_half_hour = max(1, len(handling_ms) * CELLS_PER_HOUR // (2 * CELLS_PER_WEEK))
    handling, on_duty = (
        one.reshape(-1, by_half_hour).sum(axis=1).astype(float) for one in (handling_ms, on_duty_ms)
    )
    is_on = on_duty > 0
    if not is_on.any():
        return 0.0
    hours = MS_PER_HOUR * CELLS_PER_WEEK / CELLS_PER_HOUR / len(on_duty)
    if on_duty[is_on].mean() < SMALL_GROUP * hours:
        handling, on_duty = _around(handling), _around(on_duty)
    shares = (handling[is_on] / on_duty[is_on]).tolist()
    return sum(heat(share) for share in shares) / len(shares)


def _around(by_interval: np.ndarray) -> np.ndarray:
    """Sums over the four hours around each interval; the week is a circle."""
    width = HOURS_AROUND * len(by_interval) * CELLS_PER_HOUR // CELLS_PER_WEEK
    half = width // 2
    return np.sum([np.roll(by_interval, shift) for shift in range(-half, width - half)], axis=0)


@routine
def count_loads(deferred, contacts, from_ms, counts):
    """Add to `counts` [group] PEOPLE_COUNTS the answered contacts that ended since `from_ms`."""
    for row in range(len(contacts)):
        contact = contacts[row]
        if contact.outcome != ANSWERED or contact.left_ms == NOT_YET or contact.left_ms < from_ms:
            continue
        of_group = counts[contact.group]
        of_group.contacts += 1
        of_group.with_offer += contact.product >= 0
        waited_ms = contact.waited_ms + felt_wait_ms(deferred, contact)
        of_group.angry += contact.resolved == 0 or waited_ms > LATE_MS

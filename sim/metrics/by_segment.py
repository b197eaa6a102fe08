"""Metrics of one customer segment: does the center treat all segments alike?

Each has the numerator and the denominator of the metric with the same name, counted by segment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.core.clock import MS_PER_SECOND
from sim.core.statistics import Sample
from sim.domain.customers.customers import left_within_a_year
from sim.weeks.counts import (
    CUSTOMER_COUNTS,
    ENDINGS,
    OF_ANSWERED,
    OF_GIVEN_UP,
    OF_HIGH,
    OF_IN_SERVICE,
    OF_OFFERED,
    OF_OPEN,
    OF_WAIT_MS,
    SALE_OFFERED,
    Tally,
)

EVERYONE = "everyone"
"""The only segment of a scenario without customers."""


class _Segment(NamedTuple):
    """Sums by replication of one segment."""

    counts: np.ndarray  # [replication, SEGMENT_COUNTS]
    endings: np.ndarray  # [replication, ENDINGS]
    offers: np.ndarray  # [replication]
    customers: np.ndarray  # [replication, CUSTOMER_COUNTS], summed over weeks

    @property
    def ended(self) -> np.ndarray:
        """[replication] contacts whose wait is over."""
        return self.counts[:, OF_OFFERED] - self.counts[:, OF_OPEN]


def _wait(s: _Segment) -> Sample:
    return Sample(s.counts[:, OF_WAIT_MS] / MS_PER_SECOND, s.ended)


def _abandonment(s: _Segment) -> Sample:
    return Sample(s.counts[:, OF_GIVEN_UP], s.ended)


def _resolution(s: _Segment) -> Sample:
    solved = [ENDINGS.index(ending) for ending in ("at_first_contact", "after_repeats")]
    return Sample(s.endings[:, solved].sum(axis=1), s.endings.sum(axis=1))


def _offer_rate(s: _Segment) -> Sample:
    return Sample(s.offers, s.counts[:, OF_ANSWERED] - s.counts[:, OF_IN_SERVICE])


def _csat(s: _Segment) -> Sample:
    return Sample(s.counts[:, OF_HIGH], s.endings.sum(axis=1))


def _churn(s: _Segment) -> Sample:
    left, active = (s.customers[:, CUSTOMER_COUNTS.index(name)] for name in ("left", "active"))
    return Sample(left, active, left_within_a_year)


BY_SEGMENT: dict[str, Callable[[_Segment], Sample]] = {
    "wait": _wait,
    "abandonment": _abandonment,
    "resolution": _resolution,
    "offer_rate": _offer_rate,
    "csat": _csat,
    "churn": _churn,
}
"""By the name of the metric."""


def by_segment(segments: list[str], tally: Tally) -> dict[str, dict[str, Sample]]:
    """Segment → metric → samples [replication], of a tally of several replications."""
    counts, endings = tally.segments.sum(axis=1), tally.endings.sum(axis=1)
    offers = tally.sales[..., SALE_OFFERED].sum(axis=(1, 2))
    customers = tally.customers.sum(axis=1)
    return {
        name: {
            metric: measure(
                _Segment(*(part[:, s] for part in (counts, endings, offers, customers)))
            )
            for metric, measure in BY_SEGMENT.items()
        }
        for s, name in enumerate(segments or [EVERYONE])
    }

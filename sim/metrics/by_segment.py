"""Metrics of one customer segment: does the center treat all segments alike?

Each has the numerator and the denominator of the metric with the same name, counted by segment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.core.clock import MS_PER_SECOND
from sim.core.statistics import Sample
from sim.domain.customers.customers import AFTER_REPEATS, AT_FIRST_CONTACT, left_within_a_year
from sim.weeks.counts import Tally

EVERYONE = "everyone"
"""The only segment of a scenario without customers."""


class _Segment(NamedTuple):
    """Counts of one segment, by replication and week."""

    counts: np.ndarray  # [replication, week] SEGMENT_COUNTS
    customers: np.ndarray  # [replication, week] CUSTOMER_COUNTS
    sales: np.ndarray  # [replication, week, product] SALE_COUNTS
    endings: np.ndarray  # [replication, week, ENDINGS]

    def count(self, name: str) -> np.ndarray:
        """[replication] a count of SEGMENT_COUNTS, added over weeks."""
        return self.counts[name].sum(axis=1)

    def ended(self) -> np.ndarray:
        """[replication] contacts whose wait is over."""
        return self.count("offered") - self.count("open")

    def issues(self) -> np.ndarray:
        """[replication] issues that ended."""
        return self.endings.sum(axis=(1, 2))


def _wait(s: _Segment) -> Sample:
    return Sample(s.count("wait_ms") / MS_PER_SECOND, s.ended())


def _abandonment(s: _Segment) -> Sample:
    return Sample(s.count("gave_up"), s.ended())


def _resolution(s: _Segment) -> Sample:
    solved = s.endings[..., [AT_FIRST_CONTACT, AFTER_REPEATS]]
    return Sample(solved.sum(axis=(1, 2)), s.issues())


def _offer_rate(s: _Segment) -> Sample:
    by_agents = s.sales["offered"] - s.sales["offered_by_bot"]
    return Sample(by_agents.sum(axis=(1, 2)), s.count("answered") - s.count("in_service"))


def _csat(s: _Segment) -> Sample:
    return Sample(s.count("issues_high"), s.issues())


def _churn(s: _Segment) -> Sample:
    left, active = s.customers["left"].sum(axis=1), s.customers["active"].sum(axis=1)
    return Sample(left, active, left_within_a_year)


def _sent_to_bot(s: _Segment) -> Sample:
    return Sample(s.count("met_bot"), s.issues())


def _out_of_bot(s: _Segment) -> Sample:
    return Sample(s.count("left_bot"), s.count("met_bot"))


BY_SEGMENT: dict[str, Callable[[_Segment], Sample]] = {
    "wait": _wait,
    "abandonment": _abandonment,
    "resolution": _resolution,
    "offer_rate": _offer_rate,
    "csat": _csat,
    "churn": _churn,
    "sent_to_bot": _sent_to_bot,
    "out_of_bot": _out_of_bot,
}
"""By the name of the metric."""


def by_segment(segments: list[str], tally: Tally) -> dict[str, dict[str, Sample]]:
    """Segment → metric → samples [replication], of a tally of several replications."""
    found = {}
    for i, name in enumerate(segments or [EVERYONE]):
        s = _Segment(
            tally.segments[:, :, i],
            tally.customers[:, :, i],
            tally.sales[:, :, :, i],
            tally.endings[:, :, i],
        )
        found[name] = {metric: measure(s) for metric, measure in BY_SEGMENT.items()}
    return found

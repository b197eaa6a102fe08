"""The weeks over which a sum is told: the first year, and the pace at the end of the horizon.

The first year includes what changes cost once; the pace leaves it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sim.core.clock import DAYS_PER_WEEK, WEEKS_PER_YEAR
from sim.core.fiscal import By, Period, periods
from sim.core.statistics import Sample
from sim.metrics.registry import METRICS, Facts, weeks_of
from sim.scenario.scenario import Scenario

SEASON_WEEKS = 13
LEAST_WEEKS_FOR_A_PACE = 26
FIRST_YEAR = slice(0, WEEKS_PER_YEAR)


def first_year(facts: Facts) -> Facts:
    """The facts of weeks 1 to 52, or of all weeks where fewer were played."""
    weeks = facts.ledger.paid_hours.shape[1]
    return facts if weeks <= WEEKS_PER_YEAR else weeks_of(facts, FIRST_YEAR)


def first_year_text(length_weeks: float) -> str:
    """The time of the first figure in words; it is a sum of weeks that were played, never scaled.

    >>> first_year_text(104), first_year_text(4), first_year_text(3 / 7)
    ('in the first year', 'in the first 4 weeks', 'in the first 3 days')
    """
    if length_weeks >= WEEKS_PER_YEAR:
        return "in the first year"
    days = round(length_weeks * DAYS_PER_WEEK)
    n, unit = (days, "day") if days % DAYS_PER_WEEK else (days // DAYS_PER_WEEK, "week")
    return f"in the first {unit}" if n == 1 else f"in the first {n} {unit}s"


def fiscal_periods(scenario: Scenario, by: By) -> list[Period]:
    """The fiscal periods of a scenario's horizon, in order."""
    spec = scenario.spec
    start, n_weeks = spec.horizon.start, spec.horizon.n_weeks
    return periods(start, n_weeks, spec.finance.fiscal_year_start, by)


class Span(NamedTuple):
    """How a sum over the horizon is told by one figure: multiply by `factor`, add `words`."""

    factor: float
    words: str


def span_of(length_weeks: float) -> Span:
    """The mean of a year where the horizon is longer, else the sum of what was played.

    >>> span_of(104), span_of(26)
    (Span(factor=0.5, words='a year'), Span(factor=1.0, words='in the first 26 weeks'))
    """
    if length_weeks > WEEKS_PER_YEAR:
        return Span(WEEKS_PER_YEAR / length_weeks, "a year")
    return Span(1.0, first_year_text(length_weeks))


class Pace(NamedTuple):
    """The last weeks of a horizon without one-off costs, and how many such spans make a year."""

    facts: Facts
    times: float

    def samples(self) -> Mapping[str, Sample]:
        """By metric, the sums of money [replication] that a year of such weeks would bring."""
        found = {}
        for name in money_sums():
            sample = METRICS[name].measure(self.facts)
            found[name] = sample._replace(numerators=self.times * np.asarray(sample.numerators))
        return found


def pace_at_the_end(facts: Facts) -> Pace | None:
    """The last 52 weeks where the horizon has 104, else the last 13; none under 26 weeks."""
    weeks = facts.ledger.paid_hours.shape[1]
    if weeks < LEAST_WEEKS_FOR_A_PACE:
        return None
    last = pace_weeks(weeks)
    at_end = weeks_of(facts, slice(weeks - last, weeks))
    return Pace(at_end._replace(ledger=at_end.ledger.recurring()), WEEKS_PER_YEAR / last)


def pace_weeks(weeks: int) -> int:
    """How many weeks at the end of such a horizon make the pace."""
    return WEEKS_PER_YEAR if weeks >= 2 * WEEKS_PER_YEAR else SEASON_WEEKS


def pace_note(weeks: int) -> str:
    """A sentence that says which weeks the pace is made of."""
    if weeks >= 2 * WEEKS_PER_YEAR:
        return "the pace at the end is the last 52 weeks; one-off costs are not in it"
    return "the pace at the end is the last 13 weeks × 4, season included; one-off costs are not"


def money_sums() -> list[str]:
    """The metrics that are sums of money."""
    return [name for name, one in METRICS.items() if one.unit == "money" and one.adds_up]

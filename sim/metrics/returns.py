"""What the one-off costs of a scenario return: its cash, minus the baseline's, by months.

Cash is contribution and what is kept, with one-off costs in the week in which they are paid.
Nothing after the horizon is counted; economic value does that. Net present value, payback and
internal rate are those of sim/core/returns.py.
"""

from __future__ import annotations

from math import nan
from typing import NamedTuple

import numpy as np

from sim.core.returns import by_month, discounted, in_months, month_ends, monthly_rate, payback
from sim.metrics.registry import Facts, metric

HALF_A_CENT = 0.005


class CashFlows(NamedTuple):
    """Differences from the baseline; what comes week by week falls at the end of its month."""

    months: np.ndarray
    """[flow] months from the start: the ends of months, and the starts of weeks with payments."""
    cash: np.ndarray
    """[replication, flow] with one-off costs when they are paid."""
    accrual: np.ndarray
    """[replication, flow] the result, with one-off costs as they are written off."""
    paid: np.ndarray
    """[replication, flow] one-off costs in `cash`, above 0."""

    @property
    def invested(self) -> np.ndarray:
        """[replication] all one-off costs."""
        return self.paid.sum(axis=1)

    @property
    def has_investment(self) -> bool:
        """Whether more is paid once than in the baseline."""
        return bool(self.invested.mean() >= HALF_A_CENT)

    @property
    def first_payment(self) -> float:
        """Months from the start to the first payment; 0 without payments."""
        (paying,) = np.nonzero((self.paid >= HALF_A_CENT).any(axis=0))
        return float(self.months[paying[0]]) if len(paying) else 0.0

    def discounted(self, per_year: float) -> np.ndarray:
        """[replication, flow] cash in money of the start, at a discount rate a year."""
        return discounted(self.cash, self.months, monthly_rate(per_year))


def cash_flows(facts: Facts) -> CashFlows:
    """The cash flows of a run minus those of its baseline; zeros where it is its own."""
    length = facts.scenario.spec.horizon.length_weeks
    one, two = facts.baseline, facts.ledger
    paid = two.paid_once - one.paid_once
    running = two.cash + two.kept - one.cash - one.kept + paid
    accrued = two.contribution + two.kept - one.contribution - one.kept
    (paying,) = np.nonzero((abs(paid) >= HALF_A_CENT).any(axis=0))
    ends, days = month_ends(length), np.array([in_months(week) for week in paying.tolist()])
    months = np.union1d(ends, days)
    at_end, at_day = np.searchsorted(months, ends), np.searchsorted(months, days)
    cash, accrual, once = (np.zeros((len(paid), len(months))) for _ in range(3))
    once[:, at_day] = paid[:, paying]
    cash[:, at_end] = by_month(running, length)
    accrual[:, at_end] = by_month(accrued, length)
    return CashFlows(months, cash - once, accrual, once)


@metric("money", "higher", of="pair", estimator="level")
def npv(f):
    """Cash within the horizon, minus the baseline's, discounted to the start by months: a payment
    made once falls at the start of its week, all else at the end of its month.
    """
    return cash_flows(f).discounted(f.scenario.spec.finance.discount_rate).sum(axis=1)


@metric("share", "higher", of="pair", estimator="ratio")
def roi(f):
    """Cash within the horizon, minus the baseline's, undiscounted ÷ one-off costs beyond the
    baseline's; n/a without any.
    """
    flows = cash_flows(f)
    return flows.cash.sum(axis=1), flows.invested if flows.has_investment else 0 * flows.invested


@metric("months", "lower", of="pair", estimator="level")
def months_to_payback(f):
    """Months from the first payment until summed cash, minus the baseline's, is back at 0 for good;
    n/a without one-off costs, or if a replication does not pay back within the horizon.
    """
    flows = cash_flows(f)
    if not flows.has_investment:
        return np.full(len(flows.cash), nan)
    found = [payback(cash, flows.months) for cash in flows.cash]
    return np.array([nan if at is None else max(0.0, at - flows.first_payment) for at in found])

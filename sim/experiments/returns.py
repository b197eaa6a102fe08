"""What one-off costs return against the baseline, and in how many replications they pay."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core.returns import internal_rate, payback
from sim.core.statistics import Estimate, difference, estimate, share_of
from sim.metrics.returns import CashFlows, cash_flows
from sim.runs.run import Run


class Return(NamedTuple):
    """What the one-off costs of a scenario bring within the horizon."""

    flows: CashFlows
    discounted: np.ndarray
    """[replication, flow] cash in money of the start."""
    invested: float
    written_off_later: float
    """The part that is written off after the horizon, so that the result does not bear it."""
    npv: Estimate
    roi: Estimate
    """Undiscounted."""
    payback: float | None
    """Months from the first payment, of the mean cash; None: not within the horizon."""
    discounted_payback: float | None
    """The same of discounted cash."""
    rate: float | None
    """Internal rate a month, of the mean cash; None where it is not unique."""
    positive: Estimate
    """Share of the replications with an NPV above 0: how often one year goes well, by luck."""

    @property
    def times_positive(self) -> int:
        """Replications with an NPV above 0."""
        return round(self.positive.value * self.positive.replications)


def return_of(base: Run, run: Run) -> Return | None:
    """What `run` returns against `base`; both are held `against` the base.

    None where it has no more one-off costs than the base.
    """
    flows = cash_flows(run.facts)
    if not flows.has_investment:
        return None
    discounted = flows.discounted(run.scenario.spec.finance.discount_rate)
    by_replication = discounted.sum(axis=1)
    later = (run.ledger.paid_ahead - base.ledger.paid_ahead).sum(axis=1)
    mean = flows.cash.mean(axis=0)
    return Return(
        flows,
        discounted,
        float(flows.invested.mean()),
        float(later.mean()),
        difference(base.samples["npv"], run.samples["npv"]),
        estimate(run.samples["roi"]),
        _since(flows, payback(mean, flows.months)),
        _since(flows, payback(discounted.mean(axis=0), flows.months)),
        internal_rate(np.round(mean, 2), flows.months),  # what is no cent is rounding
        share_of(int((by_replication > 0).sum()), len(by_replication)),
    )


def _since(flows: CashFlows, at: float | None) -> float | None:
    return None if at is None else max(0.0, at - flows.first_payment)

"""Value: what customers and sales are worth at the end, and all money discounted to the start."""

from __future__ import annotations

import math

import numpy as np

from sim.core.clock import MONTHS_PER_YEAR, WEEKS_PER_YEAR
from sim.domain.customers.customers import at_times_the_hazard, lifetime_value, monthly_churn
from sim.domain.customers.loyalty import without_programme
from sim.metrics.registry import Facts, metric
from sim.plan.of_customers import factors_today
from sim.scenario.scenario import Scenario


@metric("money", "higher", estimator="level")
def value_at_end(f):
    """Discounted base margin, for ever after the horizon, of customers active at its end, less the
    rewards of a loyalty programme, if it goes on as at the end.
    """
    return value_by_segment(f).sum(axis=1)


def value_by_segment(f: Facts) -> np.ndarray:
    """[replication, segment] `value_at_end`; nan where it is infinite."""
    last = f.tally.customers[:, -1]
    value = np.zeros(last.shape)
    at_end = f.scenario.at_the_end.spec
    weeks = f.tally.customers.shape[1]
    for s, (name, spec) in enumerate(at_end.customers.items()):
        rate = spec.churn.rate if spec.churn else 0.0
        discount, programme = at_end.finance.discount_rate, at_end.loyalty
        there = last["active"][:, s] + last["joined"][:, s] - last["left"][:, s]
        more = without_programme(f.scenario.root.spec.loyalty, name)
        more /= factors_today(f.scenario).churn
        value[:, s] = _added_by_holding(f, s, spec.margin, at_times_the_hazard(rate, more))
        if programme is None or not programme.rewards(name) or programme.first_week >= weeks:
            value[:, s] += _worth(there, spec.margin, at_times_the_hazard(rate, more), discount)
            continue
        loyal = f.tally.loyalty["responding"][:, -1, s]
        for some, factor in ((loyal, programme.churn_factor), (there - loyal, 1.0)):
            churn = at_times_the_hazard(rate, more * factor)
            value[:, s] += _worth(some, spec.margin - programme.reward, churn, discount)
    return value


def _added_by_holding(f: Facts, segment: int, margin: float, churn: float) -> np.ndarray:
    """[replication] value of holders above that of as many who hold nothing.

    They leave at the holders' hazard until they leave or give the product up, then at that of
    others: `churn`, as of holding nothing. Of several products each is valued as if alone.
    """
    at_end = f.scenario.at_the_end.spec
    discount = at_end.finance.discount_rate
    alone, added = lifetime_value(margin, churn, discount), np.zeros(len(f.tally.holders))
    for p, spec in enumerate(at_end.offers.values()):
        if spec.holders is None or spec.holders.churn_factor == 1.0 or not math.isfinite(alone):
            continue
        leaves = monthly_churn(at_times_the_hazard(churn, spec.holders.churn_factor))
        gives_up = monthly_churn(spec.margin_lost_per_year)
        month = (1 - leaves) / (1 + discount) ** (1 / MONTHS_PER_YEAR)
        holding = (margin + month * gives_up * alone) / (1 - month * (1 - gives_up))
        added += f.tally.holders[:, -1, segment, p] * (holding - alone)
    return added


def _worth(customers: np.ndarray, *margin: float) -> np.ndarray:
    """[replication] customers × lifetime value; nan where that is infinite, as nobody leaves."""
    value = lifetime_value(*margin)
    return customers * value if math.isfinite(value) else np.where(customers == 0, 0.0, math.nan)


@metric("money", "higher", estimator="level")
def sold_value_at_end(f):
    """Discounted recurring margin, after the horizon, of products that customers then have."""
    scenario = f.scenario.at_the_end.spec
    discount = scenario.finance.discount_rate
    segments = list(scenario.customers.values()) or [None]
    total = np.zeros(len(f.tally.sales))
    weeks = f.tally.sales.shape[1]
    for p, spec in enumerate(scenario.offers.values()):
        sales, ended = f.tally.sales[:, :, p], f.tally.ended[:, :weeks, p]
        later = f.tally.ended["bought"][:, weeks:, p]
        kept = (sales["accepted"] - sales["returned"] - ended["bought"]).sum(axis=1)
        lost = (sales["downgraded"] - ended["downgraded"]).sum(axis=1)
        per_month = spec.added_by(spec.recurring.per_month) if spec.recurring else 0.0
        loss = spec.downgrade.loss if spec.downgrade else 0.0
        of_buyers = (
            spec.holders.churn_factor / factors_today(f.scenario).churn if spec.holders else 1.0
        )
        for s, segment in enumerate(segments):
            rate = segment.churn.rate if segment and segment.churn else 0.0
            total -= _worth(lost[:, s], loss, rate, discount)
            if not spec.discount_weeks:
                lost_per_year = spec.lost_per_year(at_times_the_hazard(rate, of_buyers))
                total += _worth(kept[:, s], per_month, lost_per_year, discount)
                continue
            for weeks_left, customers in enumerate(later[:, :, s].T, start=1):
                total += _worth(customers, per_month, rate, discount, weeks_left)
    return total


@metric("money", "higher", estimator="level")
def economic_value(f):
    """Cash of the result within the horizon + both values at its end, discounted to the start; it
    means something only as a difference.
    """
    flows = f.ledger.cash + f.ledger.kept - f.baseline.kept
    at_end = value_at_end(f) + sold_value_at_end(f)
    return present_value(flows, at_end, f.scenario)


def present_value(flows: np.ndarray, at_end: np.ndarray, scenario: Scenario) -> np.ndarray:
    """[replication, …] value at the start, of flows [replication, week, …] and a value at the end.

    Σ flow·(1 + i)^(−w/52) + value·(1 + i)^(−W/52), with w the week from 0, i the discount rate a
    year and W the weeks of the horizon.
    """
    interest = 1 + scenario.spec.finance.discount_rate
    weeks = np.arange(flows.shape[1]) / WEEKS_PER_YEAR
    length = scenario.spec.horizon.length_weeks / WEEKS_PER_YEAR
    return np.einsum("w,rw...->r...", interest**-weeks, flows) + at_end * interest**-length

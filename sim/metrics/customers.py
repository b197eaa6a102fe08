"""What customers think and say, who of them leaves, and the margin of those who stay."""

from __future__ import annotations

import numpy as np

from sim.domain.customers.customers import left_within_a_year
from sim.domain.customers.surveys import SCORES
from sim.metrics.registry import Facts, metric


@metric("share", "higher", "82 % top box of non-complaint contacts (SQM Group)", estimator="ratio")
def csat(f):
    """Issues scored 4 or 5 (true scores) ÷ issues closed."""
    return f.count("issues_high"), f.count("issues")


@metric("share", "higher", estimator="ratio")
def csat_contact(f):
    """Answered contacts scored 4 or 5 (true scores) ÷ answered contacts closed."""
    return f.count("scored_high"), f.count("scored")


@metric("points", "higher", "+35 after two calls, −27 unresolved (SQM Group)", estimator="ratio")
def nps(f):
    """100 × (promoters − detractors) ÷ issues closed."""
    return 100 * (f.count("promoters") - f.count("detractors")), f.count("issues")


@metric("share", "higher", estimator="ratio")
def csat_surveyed(f):
    """Answered surveys that score 4 or 5 ÷ surveys answered."""
    return f.count("surveyed_4") + f.count("surveyed_5"), _responses(f)


@metric("share", "higher", estimator="ratio")
def csat_corrected(f):
    """Answered surveys that score 4 or 5 ÷ surveys answered, each weighted by 1 over the response
    rate of its score; right only as far as response rates are known.
    """
    surveys = f.scenario.spec.surveys
    weights = {n: 1 / surveys.response_to(n) if surveys else 0.0 for n in range(1, SCORES + 1)}
    weighted = {n: weight * f.count(f"surveyed_{n}") for n, weight in weights.items()}
    return weighted[4] + weighted[5], sum(weighted.values())


@metric("points", "higher", estimator="ratio")
def nps_surveyed(f):
    """100 × (promoters − detractors) among surveys answered ÷ surveys answered."""
    sides = f.count("surveyed_promoters") - f.count("surveyed_detractors")
    return 100 * sides, _responses(f)


@metric("share", "neither", "e-mail 10–30 %, SMS 15–35 %", estimator="ratio")
def response_rate(f):
    """Surveys answered ÷ invitations."""
    return _responses(f), f.count("invited")


def _responses(f: Facts) -> np.ndarray:
    """[replication] surveys answered."""
    return sum(
        (f.count(f"surveyed_{score}") for score in range(1, SCORES + 1)),
        np.zeros(len(f.tally.contacts)),
    )


@metric("points", "lower", "repeats, transfers and waiting drive it (CEB); weak", estimator="ratio")
def effort(f):
    """Effort index, 1 to 7, of issues ÷ issues closed."""
    return f.count("effort_thousandths") / 1000, f.count("issues")


@metric("customers", "higher", estimator="level")
def customers(f):
    """Customers at the end."""
    last = f.tally.customers[:, -1]
    return (last["active"] + last["joined"] - last["left"]).sum(axis=-1).astype(float)


@metric("share", "lower", curve=left_within_a_year, estimator="ratio")
def churn(f):
    """Share of customers who leave within a year: 1 − (1 − leavers ÷ customer-weeks)^52."""
    left, active = f.customers("left"), f.customers("active")
    return left.sum(axis=(1, 2)), active.sum(axis=(1, 2))


@metric("customers", "lower", estimator="sum")
def left_for_service(f):
    """Customers who left because of service, and would have stayed without what went wrong."""
    return f.customers("left_for_service").sum(axis=(1, 2))


@metric("customers", "higher", estimator="sum")
def stayed_for_service(f):
    """Customers who would have left, had service been no better than the reference contact."""
    return f.customers("stayed_for_service").sum(axis=(1, 2))


@metric("customers", "higher", of="lists", estimator="sum")
def kept_by_calls(f):
    """Customers whom calls from a list kept, less those whom they drove away."""
    kept = f.customers("kept_by_calls") - f.customers("lost_by_calls")
    return kept.sum(axis=(1, 2))


@metric("customers", "neither", of="save desk", estimator="sum")
def announced(f):
    """Customers who announced that they will leave."""
    return f.customers("announced").sum(axis=(1, 2))


@metric("share", "higher", "45–73 % say vendors", of="save desk", estimator="ratio")
def save_rate(f):
    """Customers saved ÷ customers who announced that they will leave and whose issue closed."""
    saved, lost = (f.customers(name).sum(axis=(1, 2)) for name in ("saved", "lost_at_desk"))
    return saved, saved + lost


@metric("money", "higher", estimator="sum")
def base_margin(f):
    """Base margin of customers within the horizon; never income of the center."""
    return f.money("kept:margin:")

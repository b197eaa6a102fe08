"""Margin, cost, contribution and result, and the cost of a contact or of a solved issue."""

from __future__ import annotations

from sim.core.clock import MS_PER_HOUR
from sim.metrics.registry import metric


@metric("money", "higher", estimator="sum")
def result(f):
    """Contribution + retained margin; the contribution alone without a baseline."""
    return contribution(f) + retained_margin(f)


@metric("money", "higher", estimator="sum")
def contribution(f):
    """Margin of sales and of paid contacts − operating cost; the base margin of customers is not
    in it.
    """
    return f.money("margin:", "cost:")


@metric("money", "higher", estimator="sum")
def retained_margin(f):
    """Base margin of customers less the discounts and rewards that keep them, minus the same of
    the baseline.
    """
    return f.money("kept:") - f.baseline.kept.sum(axis=1)


@metric("money", "higher", estimator="sum")
def revenue(f):
    """Prices of sales that were kept, and of paid contacts."""
    return f.money("memo:revenue:")


@metric("money", "higher", estimator="sum")
def margin(f):
    """Margin of sales, less returns and what would have been bought anyway, + margin of paid
    contacts.
    """
    return f.money("margin:")


@metric("money", "lower", estimator="sum")
def cost(f):
    """Operating cost."""
    return -f.money("cost:")


@metric("money", "lower", estimator="sum")
def hiring_and_training(f):
    """Cost of replacing leavers, and of preparing them to sell."""
    return -f.money("cost:hiring", "cost:training", "cost:preparation")


@metric("money", "lower", "phone 8–15 USD (gurusup), 10–25 (aicxstack); weak", estimator="ratio")
def cost_per_contact(f):
    """Operating cost ÷ answered."""
    return -f.money("cost:"), f.count("answered")


@metric("money", "lower", estimator="ratio")
def cost_per_resolved(f):
    """Operating cost ÷ issues solved."""
    return -f.money("cost:"), f.count("issues_resolved")


@metric("money", "higher", estimator="ratio")
def margin_per_contact(f):
    """Margin ÷ answered."""
    return f.money("margin:"), f.count("answered")


@metric("money", "higher", estimator="ratio")
def margin_per_agent_hour(f):
    """Margin ÷ hours on duty."""
    return f.money("margin:"), f.time_ms("scheduled_ms", "overtime_ms") / MS_PER_HOUR


@metric("share", "lower", estimator="ratio")
def cost_to_revenue(f):
    """Operating cost ÷ revenue; n/a without revenue."""
    return -f.money("cost:"), f.money("memo:revenue:")


@metric("share", "higher", estimator="ratio")
def self_funding(f):
    """Margin ÷ operating cost; 1 is a profit center. Read it beside service."""
    return f.money("margin:"), -f.money("cost:")

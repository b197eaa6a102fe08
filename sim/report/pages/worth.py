"""The worth of a customer, from typed margin, churn and discount rate."""

from __future__ import annotations

from math import isfinite

from sim.domain.customers.customers import lifetime_value
from sim.language.quantities import typeset
from sim.report.amounts import money
from sim.scenario.scenario import Scenario

COLUMNS = ("worth of a customer", "margin a month", "churn, yearly", "discounted, yearly", "worth")
CONVENTION = (
    "worth = margin a month × (1 + i) ÷ (i + c), i and c being the monthly discount rate and"
    " churn: the margin of this month and, for ever, of each later month in which she is still"
    " here, discounted; base margin only, before the cost of serving her and without sales"
)


def worth_rows(scenario: Scenario) -> list[tuple[str, ...]]:
    """A row for each segment that has a margin: `COLUMNS`, money in the scenario's currency."""
    discount = scenario.spec.finance.discount_rate
    rows = []
    for name, segment in scenario.spec.customers.items():
        if not segment.margin:
            continue
        churn = segment.churn.rate if segment.churn else 0.0
        value = lifetime_value(segment.margin, churn, discount)
        worth = money(value) if isfinite(value) else "n/a"
        rates = (typeset(f"{100 * rate:.3g} %") for rate in (churn, discount))
        rows.append((name, f"{segment.margin:,.2f}", *rates, worth))
    return rows

"""The ledger's lines of one product, by customer segment.

Net margin of a sale = κ·M·(1 − g) − commission·M·(1 − g), with M its margin, κ the share of sales
that would not have been made anyway (1 for a discount) and g the share that is returned, as it was
counted. Recurring margin is booked for every week begun, from the week of the sale to the week in
which the customer leaves or gives the product up. A discount with a contract is given for its term
at most.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.core.clock import MONTHS_PER_YEAR, WEEKS_PER_YEAR
from sim.metrics.terms import Lines, by_terms
from sim.scenario.offer_spec import OfferSpec
from sim.scenario.scenario import Scenario
from sim.weeks.counts import Tally


def sales_lines(
    spec: OfferSpec, product: str, sales: np.ndarray, ended: np.ndarray, scenario: Scenario
) -> dict[str, np.ndarray]:
    """[replication, week, segment] amounts by line, of one product.

    `sales` is [replication, week, segment] SALE_COUNTS, and `ended` the same with ENDED_COUNTS;
    `ended` may have weeks after the horizon, which are not booked.
    """
    ended = ended[:, : sales.shape[1]]
    sold, returned = sales["accepted"], sales["returned"]
    kept = sold - returned
    by_agents = kept - sales["kept_by_bot"]  # nobody has a commission for the others
    margin = spec.margin_per_sale
    lines = {
        f"memo:revenue:{product}": spec.price * kept,
        f"margin:{product}:sold": margin * sold,
        f"margin:{product}:returned": -margin * returned,
        f"margin:{product}:sold_anyway": (spec.added_by(margin) - margin) * kept,
        f"cost:commission:{product}": -spec.commission_per_sale * by_agents,
    }
    if spec.recurring:
        months = paying(kept, ended["bought"]) * months_in_a_week(scenario)
        per_month = spec.recurring.per_month
        lines[f"memo:revenue:{product}"] += spec.recurring.price * months
        account = "kept:discount:{}" if spec.is_discount_to_keep else "margin:{}:recurring"
        lines[account.format(product)] = per_month * months
        anyway = spec.added_by(per_month) - per_month
        lines[f"margin:{product}:sold_anyway"] += anyway * months
    if spec.downgrade:
        lost = paying(sales["downgraded"], ended["downgraded"])
        lost = lost * months_in_a_week(scenario)
        lines[f"margin:{product}:downgraded"] = -spec.downgrade.loss * lost
    return lines


def sales_by_segment(scenario: Scenario, tally: Tally, *accounts: str) -> np.ndarray:
    """[replication, week, segment] sum of those lines whose names begin with an account."""
    n, weeks, _, segments = tally.sales.shape
    total = np.zeros((n, weeks, segments))
    for p, product in enumerate(scenario.products):
        sales, ended = tally.sales[:, :, p], tally.ended[:, :, p]
        booked = by_terms(scenario, partial(_of_product, product, sales, ended))
        total += sum(amounts for name, amounts in booked.items() if name.startswith(accounts))
    return total


def _of_product(product: str, sales: np.ndarray, ended: np.ndarray, scenario: Scenario) -> Lines:
    return sales_lines(scenario.spec.offers[product], product, sales, ended, scenario)


def paying(started: np.ndarray, ended: np.ndarray) -> np.ndarray:
    """[replication, week, …] contracts paid in a week: begun by its end, not ended before it."""
    left_before = np.cumsum(ended, axis=1) - ended
    return np.cumsum(started, axis=1) - left_before


def months_in_a_week(scenario: Scenario) -> float:
    """Months in a week, or in the whole horizon where that is shorter than a week."""
    return MONTHS_PER_YEAR / WEEKS_PER_YEAR * min(1.0, scenario.spec.horizon.length_weeks)

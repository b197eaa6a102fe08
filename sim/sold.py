"""What was sold, and what comes monthly of it: when that begins, and when it ends.

A margin lasts as long as she is a customer; a discount ends with its contract, so its end is
counted with its beginning, and counted back of who leaves sooner.
"""

from __future__ import annotations

from sim.counts import (
    SALE_ACCEPTED,
    SALE_DOWNGRADED,
    SALE_OFFERED,
    SALE_PUSHED,
    SALE_RETURNED,
)
from sim.domain.offers import downgrades, is_returned
from sim.rule import rule


@rule
def count_sale(tally, plan, people, contact, week):
    """What became of an offer; what comes monthly of it begins."""
    product = contact.product
    sales = tally.sales[week, product, contact.segment]
    sales[SALE_OFFERED] += 1
    sales[SALE_PUSHED] += contact.pushed
    if contact.accepted:
        sales[SALE_ACCEPTED] += 1
        if is_returned(plan.offers, product, contact.luck):
            sales[SALE_RETURNED] += 1
        else:
            weeks = plan.offers.products[product].discount_weeks
            _begin_margin(tally.ended, people, contact, week, weeks)
    elif downgrades(plan.offers, product, contact.luck):
        sales[SALE_DOWNGRADED] += _begin_loss(tally.ended, people, contact)


@rule
def _begin_margin(ended, people, contact, week, discount_weeks):
    """She pays from now on; a discount ends by itself. Who left during the talk pays nothing."""
    customer, product = contact.customer, contact.product
    if customer >= 0 and not people.rows[customer].active:
        ended[people.rows[customer].left_week, product, contact.segment, 0] += 1
        return
    if customer >= 0:
        people.rows[customer].bought |= 1 << product
    if discount_weeks > 0:
        ended[week + discount_weeks - 1, product, contact.segment, 0] += 1
        if customer >= 0:
            people.full_price_from[customer, product] = week + discount_weeks


@rule
def _begin_loss(ended, people, contact):
    """She takes less from now on, unless she does already or left during the talk."""
    customer, product = contact.customer, contact.product
    if customer < 0:
        return 1
    if (people.rows[customer].downgraded >> product) & 1:
        return 0
    people.rows[customer].downgraded |= 1 << product
    if not people.rows[customer].active:
        ended[people.rows[customer].left_week, product, contact.segment, 1] += 1
    return 1


@rule
def end_margins(people, i, week, ended):
    """She leaves and pays no more for what she bought, nor less for what she downgraded."""
    for product in range(ended.shape[1]):
        ended[week, product, 1] += (people.rows[i].downgraded >> product) & 1
        if not (people.rows[i].bought >> product) & 1:
            continue
        last = people.full_price_from[i, product] - 1
        if last < 0:
            ended[week, product, 0] += 1
        elif last > week:  # sooner than was counted when she got the discount
            ended[week, product, 0] += 1
            ended[last, product, 0] -= 1

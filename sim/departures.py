"""The end of a week: what customers felt becomes memory, and some of them leave."""

from __future__ import annotations

from sim.domain.customers import STAYS, STAYS_FOR_SERVICE, fate
from sim.domain.relationship import moved
from sim.rule import routine


@routine
def end_of_week(churn, relationship, week, customers, first, last, fates, ended):
    """Rows first … last − 1 remember, and stay or leave; what they felt this week is cleared.

    Counts fates [fate], but not who simply stays; `ended` [product, 2] counts what leavers had
    bought, and what they had downgraded. Where nothing depends on the relationship it stays as
    it is.
    """
    for i in range(first, last):
        if not customers[i].active:
            continue
        if customers[i].issues:
            if churn[customers[i].segment].sensitivity != 0.0:
                customers[i].relationship = moved(
                    customers[i].relationship,
                    relationship.newest,
                    customers[i].felt,
                    customers[i].issues,
                )
            customers[i].felt = 0
            customers[i].issues = 0
        what = fate(churn, customers[i], week)
        customers[i].provoked = 0
        if what == STAYS:
            continue
        fates[what] += 1
        if what != STAYS_FOR_SERVICE:
            customers[i].active = 0
            customers[i].left_week = week
            for product in range(len(ended)):
                ended[product, 0] += (customers[i].bought >> product) & 1
                ended[product, 1] += (customers[i].downgraded >> product) & 1

"""The end of a week: what customers felt becomes memory, and some of them leave."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.counts import DESK_ANNOUNCED, DESK_COUNTS, DESK_LOST, DESK_SAVED, DESK_WITHDREW
from sim.dice import CHURN, uniform
from sim.domain.customers import (
    LEAVES,
    LEAVES_FOR_SERVICE,
    STAYS,
    STAYS_FOR_SERVICE,
    fate,
    push_of,
    surely_stays,
)
from sim.domain.relationship import moved
from sim.domain.retention import (
    KEPT,
    NO_DESK,
    REASON,
    SETTLED,
    announces,
    hazard_factor,
    is_saved,
)
from sim.recurring import end_margins
from sim.rule import routine, rule

LAST_WEEK = -1  # before the horizon


class Departures(NamedTuple):
    """What the end of a week does to the customers of a segment."""

    fates: np.ndarray  # int64 [fate]; who simply stays is not counted
    ended: np.ndarray  # int64 [week, product, ENDED_COUNTS]
    at_desk: np.ndarray  # int64 [DESK_COUNTS]
    announcing: np.ndarray  # int64 [DESK_ANNOUNCED of at_desk, and room] rows of customers


def no_departures(ended: np.ndarray, room: int) -> Departures:
    """Of this week nobody has left yet; at most so many can announce it.

    `ended` is written to: it has what ends in all weeks.
    """
    at_desk = np.zeros(len(DESK_COUNTS), np.int64)
    return Departures(np.zeros(4, np.int64), ended, at_desk, np.empty(room, np.int64))


@routine
def end_of_week(churn, relationship, desk, week, people, first, last, counted):
    """Rows first … last − 1 remember, and stay or leave; what they felt this week is cleared.

    Where nothing depends on the relationship it stays as it is. Of nearly everybody it is clear at
    a glance that she stays.
    """
    customers = people.rows
    for i in range(first, last):
        if not customers[i].active or _stays_at_a_glance(churn, customers[i], week):
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
        if customers[i].leaving:
            what = _fate_at_desk(desk, customers, i, counted.at_desk)
        else:
            what = _own_fate(churn, desk, customers, i, week, counted)
        customers[i].provoked = 0
        if what == STAYS:
            continue
        counted.fates[what] += 1
        if what != STAYS_FOR_SERVICE:
            customers[i].active = 0
            customers[i].left_week = week
            end_margins(counted.ended, people, i, week)


@routine
def last_week(churn, desk, people, first, last, counted):
    """Of today's base, rows first … last − 1, some announced last week that they leave."""
    for i in range(first, last):
        what = fate(churn, people.rows[i], LAST_WEEK, 1.0)
        _announces(desk, people.rows, i, LAST_WEEK, what, counted)


@rule
def _stays_at_a_glance(churn, customer, week):
    """Whether nothing happened to her and she would not leave in an ordinary week either."""
    happened = customer.issues | customer.provoked | customer.leaving
    is_bound = customer.bound_until > week
    if happened | customer.raised_weeks | is_bound:  # bits, for one branch is faster than five
        return False
    ordinary = churn[customer.segment].contractual
    u = uniform(customer.luck, CHURN, week)
    return surely_stays(ordinary, push_of(churn, customer), u)


@rule
def _own_fate(churn, desk, customers, i, week, counted):
    """What she decides; who announces that she leaves stays for the time being."""
    what = fate(churn, customers[i], week, hazard_factor(desk, customers[i].raised_weeks))
    if customers[i].raised_weeks > 0:
        customers[i].raised_weeks -= 1
    return STAYS if _announces(desk, customers, i, week, what, counted) else what


@rule
def _announces(desk, customers, i, week, what, counted):
    """Whether that is her fate, and she announces it: then she is on the list of the week."""
    if desk.type == NO_DESK or (what != LEAVES and what != LEAVES_FOR_SERVICE):
        return False
    if not announces(desk, customers[i].luck, week):
        return False
    customers[i].leaving = what
    counted.announcing[counted.at_desk[DESK_ANNOUNCED]] = i
    counted.at_desk[DESK_ANNOUNCED] += 1
    return True


@rule
def _fate_at_desk(desk, customers, i, at_desk):
    """Who announced that she leaves does so, or is saved, once that issue has closed."""
    leaving = customers[i].leaving
    if not leaving & SETTLED:
        return STAYS
    customers[i].leaving = 0
    if not is_saved(leaving):
        at_desk[DESK_LOST] += 1
        return leaving & REASON
    at_desk[DESK_SAVED] += 1
    at_desk[DESK_WITHDREW] += not leaving & KEPT
    customers[i].raised_weeks = desk.raised_weeks
    return STAYS

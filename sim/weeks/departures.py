"""The end of a week: what customers felt becomes memory, and some of them leave."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core.dice import CHURN, uniform
from sim.core.rules import routine, rule
from sim.core.tables import KEPT_BY_REWARD, NEVER
from sim.domain.customers.customers import (
    FATES,
    LEAVES_FOR_SERVICE,
    STAYS,
    STAYS_FOR_SERVICE,
    fate,
    push_of,
    surely_stays,
)
from sim.domain.customers.holders import HolderTable, holder_churn
from sim.domain.customers.loyalty import loyal_factor
from sim.domain.customers.relationship import RelationshipTable, moved
from sim.domain.customers.save_desk import (
    KEPT,
    NO_DESK,
    REASON,
    SETTLED,
    SaveDeskTable,
    announces,
    hazard_factor,
    is_persuaded,
    is_saved,
    luck_of_announcement,
)
from sim.domain.offers.outbound import ListTable, call_factor
from sim.weeks.recurring import end_margins, resume_margins


class Ties(NamedTuple):
    """What decides which customers stay: why they leave, what they remember, what saves or
    rewards them, what they hold, and who was called.
    """

    churn: np.recarray  # [segment] CHURN_OF_SEGMENT
    relationship: RelationshipTable
    desk: SaveDeskTable
    loyalty: np.recarray  # [segment] LOYALTY_OF_SEGMENT
    holders: HolderTable
    lists: ListTable


class Departures(NamedTuple):
    """What the end of a week does to the customers of a segment."""

    counts: np.record  # CUSTOMER_COUNTS
    ended: np.ndarray  # [week, product] ENDED_COUNTS
    announcing: np.ndarray  # int64 [announced in this week, and room] rows of customers
    back: np.ndarray  # int64 [week in which she had left, fate]: kept after all


def no_departures(counts: np.record, ended: np.ndarray, room: int) -> Departures:
    """Departures of a week in which nobody has left yet; at most `room` customers can announce it.

    `counts` is their row of CUSTOMER_COUNTS of this week, and `ended` [week, product] ENDED_COUNTS
    of all weeks; both are written to.
    """
    back = np.zeros((len(ended), len(FATES)), np.int64)
    return Departures(counts, ended, np.empty(room, np.int64), back)


@routine
def end_of_week(ties, week, people, first, last, counted):
    """Rows first … last − 1 remember, and stay or leave; what they felt this week is cleared.

    A customer who announces that she leaves has left, and comes back if she is kept. Where nothing
    depends on the relationship it stays as it is. For nearly all customers a glance is enough to
    see that they stay.
    """
    churn, relationship, desk, loyalty, holders, lists = ties
    customers = people.rows
    for i in range(first, last):
        if not customers[i].active:
            if customers[i].leaving & SETTLED:
                _remembers(churn, relationship, customers, i)
                customers[i].felt = 0
                _settle(desk, people, i, counted)
            continue
        holding = holder_churn(holders, people.holds_until, i, week)
        called = call_factor(
            lists, people.called_until, i, customers[i].segment, customers[i].luck, week
        )
        if holding * called <= 1.0 and _stays_at_a_glance(churn, loyalty, customers[i], week):
            continue
        _remembers(churn, relationship, customers, i)
        raised = holding * hazard_factor(desk, customers[i].raised_weeks)
        rewarded = loyal_factor(loyalty, customers[i], week)
        what = fate(churn, customers[i], week, raised * rewarded * called)
        if (
            rewarded != 1.0
            and _is_here(what)
            and not _is_here(fate(churn, customers[i], week, raised * called))
        ):
            customers[i].left_week = KEPT_BY_REWARD
        if called != 1.0:
            uncalled = fate(churn, customers[i], week, raised * rewarded)
            counted.counts.kept_by_calls += _is_here(what) and not _is_here(uncalled)
            counted.counts.lost_by_calls += _is_here(uncalled) and not _is_here(what)
        if customers[i].raised_weeks > 0:
            customers[i].raised_weeks -= 1
        customers[i].felt = 0
        if what == STAYS:
            continue
        counted.counts.left_for_service += what == LEAVES_FOR_SERVICE
        counted.counts.stayed_for_service += what == STAYS_FOR_SERVICE
        if not _is_here(what):
            counted.counts.left += 1
            customers[i].active = 0
            customers[i].left_week = week
            end_margins(counted.ended, people, i, week)
            _announces(desk, customers, i, week, what, counted)


@routine
def keep_some(people, first, last, share, counted):
    """Keep a share of rows first … last − 1 that have announced it and are not settled.

    This is for the end of a horizon, for their contacts lie beyond it.
    """
    for i in range(first, last):
        leaving = people.rows[i].leaving
        if leaving and not people.rows[i].active:
            luck = luck_of_announcement(people.rows[i].luck, people.rows[i].left_week)
            if is_persuaded(share, luck):
                _comes_back(people, i, leaving, counted)


@rule
def _is_here(what):
    """Whether she is still a customer after this fate."""
    return what in (STAYS, STAYS_FOR_SERVICE)


@rule
def _remembers(churn, relationship, customers, i):
    """Where customers remember, the issues of the week become memory: nothing is felt any more."""
    if customers[i].issues and churn[customers[i].segment].remembers:
        if churn[customers[i].segment].sensitivity != 0.0:
            customers[i].relationship = moved(
                customers[i].relationship,
                relationship.newest,
                customers[i].felt,
                customers[i].issues,
            )
        customers[i].felt = 0
    customers[i].issues = 0


@rule
def _stays_at_a_glance(churn, loyalty, customer, week):
    """Whether nothing happened to her and she would not leave in an ordinary week either."""
    is_bound = customer.bound_until > week
    if customer.issues | customer.raised_weeks | is_bound:  # bits: one branch is faster than three
        return False
    if loyalty[customer.segment].factor > 1.0:
        return False
    ordinary = churn[customer.segment].contractual
    u = uniform(customer.luck, CHURN, week)
    return surely_stays(ordinary, push_of(churn, customer), u)


@rule
def _announces(desk, customers, i, week, what, counted):
    """A customer who leaves may announce it: then she is on the list of the week."""
    if desk.type != NO_DESK and announces(desk, customers[i].luck, week):
        customers[i].leaving = what
        counted.announcing[counted.counts.announced] = i
        counted.counts.announced += 1


@rule
def _settle(desk, people, i, counted):
    """The issue by which she announced it has closed: she has left, or was never gone."""
    leaving = people.rows[i].leaving
    people.rows[i].leaving = 0
    if not is_saved(leaving):
        counted.counts.lost_at_desk += 1
        return
    counted.counts.saved += 1
    counted.counts.withdrew += not leaving & KEPT
    people.rows[i].raised_weeks = desk.raised_weeks
    _comes_back(people, i, leaving, counted)


@rule
def _comes_back(people, i, leaving, counted):
    """All is as if she had not left."""
    left_week = people.rows[i].left_week
    counted.back[left_week, leaving & REASON] += 1
    resume_margins(counted.ended, people, i, left_week)
    people.rows[i].active = 1
    people.rows[i].left_week = NEVER

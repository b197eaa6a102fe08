"""What a span of contacts adds up to: counts and milliseconds, nothing else.

Everything is a whole number, so no order of adding changes a sum, and any number of weeks or
replications can be put together. Money and ratios are made of these later (ledger, metrics).
Contacts are counted where they arrived, issues and sales where the customer left, time where it
passes.
"""

from __future__ import annotations

import numpy as np

from sim.counts import (
    ACCEPTED,
    ANSWERED_IN_TIME,
    ANSWERS,
    BALKS,
    BLOCKS,
    FIRST_ANSWERS,
    FIRST_CONTACTS,
    GIVEN_UP,
    GIVEN_UP_IN_TIME,
    GIVEN_UP_SHORT,
    HELD,
    HOLD_MS,
    LONGEST_COUNTED_S,
    OFFER_MS,
    OFFERED,
    OFFERS,
    OVERTIME,
    SALE_ACCEPTED,
    SALE_DOWNGRADED,
    SALE_OFFERED,
    SALE_PUSHED,
    SALE_RETURNED,
    SCHEDULED,
    SOLVED_AT_FIRST,
    STILL_OPEN,
    TALK_MS,
    WAIT_ANSWERED_MS,
    WAIT_MS,
    WAITED,
    WRAP_UP_MS,
    Tally,
)
from sim.domain.customers import ending_of, provoked_intent
from sim.domain.offers import downgrades, is_returned
from sim.engine.state import Span, end_ms, start_ms
from sim.opinion import count_opinion, waited_ms
from sim.plan import Plan
from sim.rule import routine, rule
from sim.tables import ANSWERED, BALKED, BLOCKED, CLOSED, DUE_LATER, GAVE_UP, WITHDRAWN, People
from sim.units import CELL_MS, CELLS_PER_WEEK, MS_PER_SECOND, MS_PER_WEEK

LOOK_AHEAD = 32
SHORT_MS = 5 * MS_PER_SECOND  # who gives up sooner is counted apart (domain §2.2)


def count_span(tally: Tally, plan: Plan, people: People, span: Span) -> None:
    """Add what a span leaves to the tally; writes what issues provoked to the customers."""
    count_contacts(tally, plan, people, span.contacts)
    count_time(tally, span.contacts, start_ms(plan), end_ms(plan))
    _count_duty(tally, plan, span.overtime_ms)


def count_open(tally: Tally, contacts: np.ndarray) -> None:
    """At the end of the horizon, add the contacts still inside."""
    inside = contacts[(contacts.phase != CLOSED) & (contacts.phase != DUE_LATER)]
    inside = inside[inside.arrived_ms >= 0]
    week = inside.arrived_ms // MS_PER_WEEK
    rows = zip(week.tolist(), inside.type.tolist(), inside.attempt.tolist(), strict=True)
    for at_week, type_, attempt in rows:
        if at_week < len(tally.contacts):
            tally.contacts[at_week, type_, OFFERED] += 1
            tally.contacts[at_week, type_, STILL_OPEN] += 1
            tally.contacts[at_week, type_, FIRST_CONTACTS] += attempt == 1


@routine
def count_contacts(tally, plan, people, contacts):
    """Every contact that closed: what happened, what the customer thought, what was sold."""
    interval_ms = MS_PER_WEEK // len(tally.intervals)
    seen = 0
    for row in range(len(contacts)):
        if row % LOOK_AHEAD == 0:
            seen += _look_up(people, contacts, row, min(row + LOOK_AHEAD, len(contacts)))
        contact = contacts[row]
        if contact.phase != CLOSED or contact.outcome == WITHDRAWN or contact.arrived_ms < 0:
            continue
        week = contact.arrived_ms // MS_PER_WEEK
        interval = contact.arrived_ms % MS_PER_WEEK // interval_ms
        type_ = contact.type
        by_week = tally.contacts[week, type_]
        by_interval = tally.intervals[interval, type_]
        within_ms = plan.within_ms[type_]
        wait_ms = waited_ms(contact)
        tally.waits[type_, min(wait_ms // MS_PER_SECOND, LONGEST_COUNTED_S)] += 1
        _count_service(by_week, contact, wait_ms, within_ms)
        _count_service(by_interval, contact, wait_ms, within_ms)
        left_week = min(contact.left_ms // MS_PER_WEEK, len(tally.contacts) - 1)
        count_opinion(tally.contacts[left_week, type_], plan, people, contact, wait_ms)
        if contact.last:
            answered = contact.outcome == ANSWERED
            ending = ending_of(contact.resolved == 1, answered, contact.attempt)
            tally.endings[left_week, contact.segment, ending] += 1
            if contact.customer >= 0:
                people.rows[contact.customer].provoked += provoked_intent(ending)
        if contact.product >= 0:
            _count_sale(tally.sales[left_week, contact.product, contact.segment], plan, contact)
    return seen


@rule
def _look_up(people, contacts, first, last):
    """Touch the customers of some contacts: fetched side by side, not in turn (a third faster).

    Returns how many of them are active, or the compiler would leave it out.
    """
    seen = 0
    for row in range(first, last):
        if contacts[row].customer >= 0:
            seen += people.rows[contacts[row].customer].active
    return seen


@rule
def _count_sale(sales, plan, contact):
    """What became of an offer."""
    sales[SALE_OFFERED] += 1
    sales[SALE_PUSHED] += contact.pushed
    if contact.accepted:
        sales[SALE_ACCEPTED] += 1
        sales[SALE_RETURNED] += is_returned(plan.offers, contact.product, contact.luck)
    else:
        sales[SALE_DOWNGRADED] += downgrades(plan.offers, contact.product, contact.luck)


@rule
def _count_service(counts, contact, wait_ms, within_ms):
    """What the switch would count of a contact."""
    counts[OFFERED] += 1
    counts[WAIT_MS] += wait_ms
    if contact.attempt == 1:
        counts[FIRST_CONTACTS] += 1
    if wait_ms > 0:
        counts[WAITED] += 1
    if contact.outcome == ANSWERED:
        counts[ANSWERS] += 1
        counts[WAIT_ANSWERED_MS] += wait_ms
        if wait_ms <= within_ms:
            counts[ANSWERED_IN_TIME] += 1
        counts[TALK_MS] += contact.talk_ms
        counts[WRAP_UP_MS] += contact.wrap_up_ms
        if contact.hold_ms > 0:
            counts[HOLD_MS] += contact.hold_ms
            counts[HELD] += 1
        if contact.product >= 0:
            counts[OFFER_MS] += contact.offer_ms
            counts[OFFERS] += 1
            counts[ACCEPTED] += contact.accepted
        if contact.answers == 1:
            counts[FIRST_ANSWERS] += 1
            counts[SOLVED_AT_FIRST] += contact.resolved
    elif contact.outcome == GAVE_UP:
        counts[GIVEN_UP] += 1
        if wait_ms <= within_ms:
            counts[GIVEN_UP_IN_TIME] += 1
        if wait_ms < SHORT_MS:
            counts[GIVEN_UP_SHORT] += 1
    elif contact.outcome == BLOCKED:
        counts[BLOCKS] += 1
    elif contact.outcome == BALKED:
        counts[BALKS] += 1


@routine
def count_time(tally, contacts, start_ms, end_ms):
    """Handling time within the span, by week and interval, of contacts closed or still open."""
    interval_ms = MS_PER_WEEK // len(tally.handled)
    first_ms = max(start_ms, 0)
    for row in range(len(contacts)):
        contact = contacts[row]
        if contact.outcome != ANSWERED:
            continue
        at_ms = contact.answered_ms
        parts = (contact.talk_ms, contact.hold_ms, contact.offer_ms, contact.wrap_up_ms)
        for part in range(4):
            until_ms = at_ms + parts[part]
            _add_time(tally.time, contact.group, part, max(at_ms, first_ms), min(until_ms, end_ms))
            at_ms = until_ms
        from_ms = max(contact.answered_ms, first_ms)
        to_ms = min(at_ms, end_ms)
        while from_ms < to_ms:
            edge_ms = min(to_ms, (from_ms // interval_ms + 1) * interval_ms)
            interval = from_ms % MS_PER_WEEK // interval_ms
            tally.handled[interval, contact.group, 0] += edge_ms - from_ms
            from_ms = edge_ms


@rule
def _add_time(time, group, part, from_ms, to_ms):
    """Spread a stretch of time over the weeks in which it passes."""
    while from_ms < to_ms:
        week = from_ms // MS_PER_WEEK
        edge_ms = min(to_ms, (week + 1) * MS_PER_WEEK)
        time[week, group, part] += edge_ms - from_ms
        from_ms = edge_ms


def _count_duty(tally: Tally, plan: Plan, overtime_ms: np.ndarray) -> None:
    """Scheduled and overtime seat time by week and interval; a warm-up is not counted."""
    cells = np.arange(overtime_ms.shape[1]) + plan.demand.first_cell
    booked = cells >= 0
    cells = cells[booked]
    overtime_ms = overtime_ms[:, booked]
    scheduled_ms = plan.levels.level[:, cells % CELLS_PER_WEEK] * CELL_MS
    interval_cells = CELLS_PER_WEEK // len(tally.handled)
    interval = cells % CELLS_PER_WEEK // interval_cells
    week = cells // CELLS_PER_WEEK
    for g in range(len(overtime_ms)):
        np.add.at(tally.time, (week, g, SCHEDULED), scheduled_ms[g])
        np.add.at(tally.time, (week, g, OVERTIME), overtime_ms[g])
        np.add.at(tally.handled, (interval, g, 1), scheduled_ms[g] + overtime_ms[g])

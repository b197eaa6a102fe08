"""What is counted, by week and by interval: the names of the sums, and room for them.

All sums are whole numbers: counts and milliseconds. `tally.py` fills them in.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core.clock import CELLS_PER_WEEK, SECONDS_PER_HOUR

# Longer waits are counted as this long in the distribution of waits.
LONGEST_COUNTED_S = 4 * SECONDS_PER_HOUR

# Counted by contact type, for a week or an interval of the week. At the end of the horizon a
# contact that waits is open (and open_first, if it is the first of its issue); an answered one may
# be in service.
CONTACT_COUNTS = (
    "offered", "answered", "gave_up", "gave_up_short", "blocked", "balked", "open", "open_first",
    "in_service", "first_contacts", "waited", "wait_ms", "wait_answered_ms", "answered_in_time",
    "gave_up_in_time", "talk_ms", "hold_ms", "offer_ms", "wrap_up_ms", "held", "offers",
    "accepted", "first_answers", "solved_at_first_answer", "scored", "scored_high",
    "issues", "issues_resolved", "issues_high", "promoters", "detractors",
    "effort_thousandths", "invited", "surveyed_1", "surveyed_2", "surveyed_3", "surveyed_4",
    "surveyed_5", "surveyed_promoters", "surveyed_detractors",
)  # fmt: skip
(
    OFFERED, ANSWERS, GIVEN_UP, GIVEN_UP_SHORT, BLOCKS, BALKS, STILL_OPEN, OPEN_FIRST,
    IN_SERVICE, FIRST_CONTACTS, WAITED, WAIT_MS, WAIT_ANSWERED_MS, ANSWERED_IN_TIME,
    GIVEN_UP_IN_TIME, TALK_MS, HOLD_MS, OFFER_MS, WRAP_UP_MS, HELD, OFFERS,
    ACCEPTED, FIRST_ANSWERS, SOLVED_AT_FIRST, SCORED, SCORED_HIGH,
    ISSUES, ISSUES_RESOLVED, ISSUES_HIGH, PROMOTERS, DETRACTORS,
    EFFORT_THOUSANDTHS, INVITATIONS, SURVEYED_1, SURVEYED_2, SURVEYED_3, SURVEYED_4,
    SURVEYED_5, SURVEYED_PROMOTERS, SURVEYED_DETRACTORS,
) = range(len(CONTACT_COUNTS))  # fmt: skip

# Counted by contact type: contacts that go on in another leg, in the week in which that leg began.
LEG_COUNTS = (
    "transfers", "transfer_wait_ms", "transfers_gave_up", "calls", "calls_reached",
)  # fmt: skip
(
    TRANSFERS, TRANSFER_WAIT_MS, TRANSFERS_GIVEN_UP, CALLS, CALLS_REACHED,
) = range(len(LEG_COUNTS))  # fmt: skip

# Counted by product and segment.
SALE_COUNTS = ("offered", "accepted", "returned", "downgraded", "pushed")
SALE_OFFERED, SALE_ACCEPTED, SALE_RETURNED, SALE_DOWNGRADED, SALE_PUSHED = range(len(SALE_COUNTS))
# Customers for whom a monthly margin ended, by product and segment: they left, or the term of their
# discount is over.
ENDED_COUNTS = ("bought", "downgraded")
ENDED_BOUGHT, ENDED_DOWNGRADED = range(len(ENDED_COUNTS))
# Milliseconds by agent group.
TIME_COUNTS = ("talk_ms", "hold_ms", "offer_ms", "wrap_up_ms", "scheduled_ms", "overtime_ms")
TIME_TALK, TIME_HOLD, TIME_OFFER, TIME_WRAP_UP, SCHEDULED, OVERTIME = range(len(TIME_COUNTS))
# Counted by customer segment.
CUSTOMER_COUNTS = (
    "active", "joined", "left", "left_for_service", "stayed_for_service",
    "announced", "saved", "withdrew", "lost_at_desk",
)  # fmt: skip
# The last of them are the save desk's: customers who announced that they leave; of these the kept,
# the kept without an offer, and those who left all the same.
DESK_COUNTS = CUSTOMER_COUNTS[5:]
DESK_ANNOUNCED, DESK_SAVED, DESK_WITHDREW, DESK_LOST = range(len(DESK_COUNTS))
# Customers by segment at the end of a week whom a loyalty programme makes stay more easily, and of
# these those who would have left by then without it.
LOYALTY_COUNTS = ("responding", "kept_by_reward")
# Contacts by customer segment: what a report on fairness needs.
SEGMENT_COUNTS = (
    "offered", "answered", "gave_up", "open", "in_service", "wait_ms", "issues_high",
)  # fmt: skip
(
    OF_OFFERED, OF_ANSWERED, OF_GIVEN_UP, OF_OPEN, OF_IN_SERVICE, OF_WAIT_MS, OF_HIGH,
) = range(len(SEGMENT_COUNTS))  # fmt: skip
# How issues ended, by customer segment.
ENDINGS = ("at_first_contact", "after_repeats", "unresolved", "no_answer")


class Tally(NamedTuple):
    """The sums of one replication; all int64."""

    contacts: np.ndarray  # [week, type, CONTACT_COUNTS]
    intervals: np.ndarray  # [interval of the week, type, CONTACT_COUNTS]
    legs: np.ndarray  # [week, type, LEG_COUNTS]
    waits: np.ndarray  # [type, second]: contacts that waited so long, rounded up, answered or not
    sales: np.ndarray  # [week, product, segment, SALE_COUNTS]
    ended: np.ndarray  # [week, product, segment, ENDED_COUNTS]; also in weeks after the horizon
    time: np.ndarray  # [week, group, TIME_COUNTS]
    handled: np.ndarray  # [interval of the week, group, 2]: ms handling, ms on duty
    customers: np.ndarray  # [week, segment, CUSTOMER_COUNTS]; active at the week's start
    endings: np.ndarray  # [week, segment, ENDINGS]
    segments: np.ndarray  # [week, segment, SEGMENT_COUNTS]
    loyalty: np.ndarray  # [week, segment, LOYALTY_COUNTS]
    holders: np.ndarray  # [week, segment, product] at its end, where they differ from others


class Size(NamedTuple):
    """How large a tally is: the lengths of its axes."""

    weeks: int
    interval_cells: int
    types: int
    segments: int
    products: int
    groups: int
    longest_term: int  # weeks of the longest discount


def blank_tally(size: Size) -> Tally:
    """A tally of this size, with all sums 0."""
    intervals = CELLS_PER_WEEK // size.interval_cells
    return Tally(
        np.zeros((size.weeks, size.types, len(CONTACT_COUNTS)), np.int64),
        np.zeros((intervals, size.types, len(CONTACT_COUNTS)), np.int64),
        np.zeros((size.weeks, size.types, len(LEG_COUNTS)), np.int64),
        np.zeros((size.types, LONGEST_COUNTED_S + 1), np.int64),
        np.zeros((size.weeks, size.products, size.segments, len(SALE_COUNTS)), np.int64),
        np.zeros(
            (size.weeks + size.longest_term, size.products, size.segments, len(ENDED_COUNTS)),
            np.int64,
        ),
        np.zeros((size.weeks, size.groups, len(TIME_COUNTS)), np.int64),
        np.zeros((intervals, size.groups, 2), np.int64),
        np.zeros((size.weeks, size.segments, len(CUSTOMER_COUNTS)), np.int64),
        np.zeros((size.weeks, size.segments, len(ENDINGS)), np.int64),
        np.zeros((size.weeks, size.segments, len(SEGMENT_COUNTS)), np.int64),
        np.zeros((size.weeks, size.segments, len(LOYALTY_COUNTS)), np.int64),
        np.zeros((size.weeks, size.segments, size.products), np.int64),
    )


def stack(tallies: list[Tally]) -> Tally:
    """Tallies side by side: a leading axis of replications."""
    return Tally(*(np.stack(columns) for columns in zip(*tallies, strict=True)))

"""What is counted, by week and by interval: the sums by name, and room for them.

All sums are whole numbers: counts and milliseconds. A sum is a column of a table of counts: the
name and the meaning of each stand here alone. `tally.py` adds to a row, as `counts.offered += 1`,
and metrics read a column, as `contacts["offered"]`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core.clock import CELLS_PER_WEEK, SECONDS_PER_HOUR
from sim.core.tables import record
from sim.domain.customers.customers import ENDINGS

# Longer waits are counted as this long in the distribution of waits.
LONGEST_COUNTED_S = 4 * SECONDS_PER_HOUR


def _counts(*names: str) -> np.dtype:
    """The type of a row of counts; their order is that of columns in files."""
    return record(**dict.fromkeys(names, np.int64))


# Contacts of a type, in a week or in an interval of the week.
CONTACT_COUNTS = _counts(
    "offered",  # contacts that reached the center, those still waiting included
    "answered",  # by an agent, those in service at the end of the horizon included
    "gave_up",  # while they waited
    "gave_up_short",  # of these, within `short_abandonment`
    "blocked",  # found all lines taken
    "balked",  # gave up at once
    "called_back",  # accepted a callback, and whose wait is over
    "off_the_line_ms",  # wait of these: they have hung up
    "not_reached",  # of these, at no attempt
    "open",  # still waited at the end of the horizon, for a call too
    "open_first",  # of these, first contacts of their issues
    "in_service",  # answered, and not over at the end of the horizon
    "first_contacts",  # offered, and the first of their issues
    "waited",  # whose wait is over, and was above 0
    "wait_ms",  # of contacts whose wait is over, answered or not
    "wait_answered_ms",  # of the answered
    "answered_in_time",  # within the time of the service level
    "gave_up_in_time",  # within the same time
    "talk_ms",  # of the answered, without hold
    "hold_ms",
    "offer_ms",  # offer talk and fulfilment, in all legs but calls of ours
    "wrap_up_ms",  # in all legs but calls of ours
    "beside_ms",  # of talk_ms, that of agents beside a specialist who is waited for, or told
    "told_again",  # answered, and told what somebody had heard before
    "held",  # answered, and put on hold
    "offers",  # made, in all legs
    "accepted",  # of these
    "first_answers",  # first answered contacts of their issues, once they are over
    "solved_at_first_answer",  # of these
    "scored",  # answered contacts that closed and have a score
    "scored_high",  # of these, with 4 or 5
    "issues",  # that closed
    "issues_resolved",  # of these
    "issues_high",  # that closed, scored 4 or 5
    "promoters",  # of closed issues
    "detractors",  # of closed issues
    "effort_thousandths",  # effort index of closed issues × 1000
    "invited",  # to a survey, of closed issues
    "surveyed_1",  # surveys answered with this score
    "surveyed_2",
    "surveyed_3",
    "surveyed_4",
    "surveyed_5",
    "surveyed_promoters",  # of surveys answered
    "surveyed_detractors",  # of surveys answered
)

# Contacts of a type that go on in another leg, in the week in which that leg began.
LEG_COUNTS = _counts(
    "transfers",  # second legs whose wait is over
    "transfer_wait_ms",  # of transfers
    "transfers_gave_up",  # of transfers, while they waited
    "calls",  # of ours
    "calls_reached",  # of these
)

# New issues of a type that a bot met: what it kept in the week in which the session began, the rest
# in that in which it came to agents.
SELF_SERVICE_COUNTS = _counts(
    "asked",  # at once for a human, and got one
    "solved",
    "claimed",  # counted as solved by the bot, and not solved
    "escalated",
    "bot_ms",  # sessions, offers included
    "offers",  # made
    "accepted",  # of these
    "in_session",  # at the end of the horizon
)

# Issues of a type, in the week in which they closed. But for `withdrawn`, what closed adds up to
# `issues` of contacts; with what was open, to all that came, or went on after a warm-up.
ISSUE_COUNTS = _counts(
    "solved_by_bot",
    "solved_at_first",  # by an agent, at the customer's first contact
    "solved_at_second",  # tries without an answer and what a bot had claimed included
    "solved_later",
    "claimed",  # counted as solved by the bot, not solved, and she never came back
    "not_solved",  # answered by an agent, and she came no more
    "no_answer",  # never answered by an agent: gave up, balked, or was blocked
    "withdrawn",  # not solved, and the customer had left before she came again
    "open",  # at the end of the horizon, in the last week
)

# Offers of a product to customers of a segment.
SALE_COUNTS = _counts(
    "offered",
    "accepted",
    "returned",  # of these
    "downgraded",  # customers who took less of the product instead
    "pushed",  # offered although the policy had refused
    "offered_by_bot",  # of those offered
    "kept_by_bot",  # of those accepted and not returned, what a bot sold
)

# Customers of a segment for whom a monthly margin of a product ended: they left, or the term of
# their discount is over.
ENDED_COUNTS = _counts(
    "bought",  # of what they had bought
    "downgraded",  # of what they had taken less of: the loss ended
)

# Time of a group of agents.
TIME_COUNTS = _counts(
    "talk_ms",
    "hold_ms",
    "offer_ms",
    "wrap_up_ms",
    "scheduled_ms",  # on duty by the plan
    "overtime_ms",  # on duty beyond it
    "chats_ms",  # of chats, added up
    "in_chats_ms",  # of agents with at least one
    "off_the_line_ms",  # of talk_ms, hold_ms and offer_ms, that in chats and emails, and beside a
    # specialist, whose line it is
)

# Contacts of a group of agents, in all legs: what a vendor may be paid for.
GROUP_COUNTS = _counts(
    "answered",  # in the week in which the leg began, those in service at the end included
    "resolved",  # first legs that solved their issue, in the week in which they ended
)

# Time of a group of agents in an interval of the week.
DUTY_COUNTS = _counts(
    "handling_ms",
    "on_duty_ms",  # overtime included
)

# Customers of a segment.
CUSTOMER_COUNTS = _counts(
    "active",  # at the week's start
    "joined",  # at its end, as all that follow
    "left",
    "left_for_service",  # of these, because of service
    "stayed_for_service",  # would have left, had service been no better than the reference contact
    "kept_by_calls",  # would have left, had we not called them
    "lost_by_calls",  # of those who left, would have stayed, had we not called them
    "announced",  # that they leave, at the save desk
    "saved",  # the desk kept them, in the week in which their issue closed
    "withdrew",  # of these, without an offer
    "lost_at_desk",  # left all the same, in the week in which their issue closed
)

# Customers of a segment whom a loyalty programme makes stay more easily, at the end of a week.
LOYALTY_COUNTS = _counts(
    "responding",
    "kept_by_reward",  # of these, would have left by then without it
)

# Contacts of a segment: what a report on fairness needs.
SEGMENT_COUNTS = _counts(
    "offered",
    "answered",
    "gave_up",  # balking included
    "open",  # still waited at the end of the horizon
    "in_service",  # answered, and not over at the end of the horizon
    "wait_ms",  # of contacts whose wait is over
    "issues_high",  # closed issues scored 4 or 5
    "met_bot",  # new issues that a bot met first, whoever asked for a human included
    "left_bot",  # of these, those that came to agents at once
)


# People of a group in a week.
PEOPLE_COUNTS = _counts(
    "on_floor",  # who hold a post
    "joined",  # came to the floor
    "joined_at_once",  # of these, without a class within the horizon
    "cut",
    "hired",  # began class, or joined at once
    "in_class",
    "left",  # at the week's end
    "tenure_weeks",  # of those on the floor, together
    "engagement_millionths",  # of those on the floor, together
    "rostered_ms",  # time of filled posts in the roster
    "away_ms",  # of it, in leave, training, coaching and meetings
    "sick_ms",  # of the rest
    "hot_millionths",  # share of hot half hours
    "contacts",  # answered, that ended
    "with_offer",  # of these
    "angry",  # of these, unresolved, or answered late
)


class Tally(NamedTuple):
    """The sums of one replication: rows of counts, or plain numbers; all int64."""

    contacts: np.ndarray  # [week, type] CONTACT_COUNTS
    intervals: np.ndarray  # [interval of the week, type] CONTACT_COUNTS
    legs: np.ndarray  # [week, type] LEG_COUNTS
    self_service: np.ndarray  # [week, type] SELF_SERVICE_COUNTS
    issues: np.ndarray  # [week, type] ISSUE_COUNTS
    waits: np.ndarray  # [type, second]: contacts that waited so long, rounded up, answered or not
    sales: np.ndarray  # [week, product, segment] SALE_COUNTS
    ended: np.ndarray  # [week, product, segment] ENDED_COUNTS; also in weeks after the horizon
    time: np.ndarray  # [week, group] TIME_COUNTS
    groups: np.ndarray  # [week, group] GROUP_COUNTS
    handled: np.ndarray  # [interval of the week, group] DUTY_COUNTS
    customers: np.ndarray  # [week, segment] CUSTOMER_COUNTS
    endings: np.ndarray  # [week, segment, ENDINGS]: issues that ended so
    segments: np.ndarray  # [week, segment] SEGMENT_COUNTS
    loyalty: np.ndarray  # [week, segment] LOYALTY_COUNTS
    holders: np.ndarray  # [week, segment, product] at its end, where they differ from others
    people: np.ndarray  # [week, group] PEOPLE_COUNTS; 0 where people are not modelled


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
    weeks, intervals = size.weeks, CELLS_PER_WEEK // size.interval_cells
    paid_weeks = weeks + size.longest_term
    return Tally(
        contacts=np.zeros((weeks, size.types), CONTACT_COUNTS),
        intervals=np.zeros((intervals, size.types), CONTACT_COUNTS),
        legs=np.zeros((weeks, size.types), LEG_COUNTS),
        self_service=np.zeros((weeks, size.types), SELF_SERVICE_COUNTS),
        issues=np.zeros((weeks, size.types), ISSUE_COUNTS),
        waits=np.zeros((size.types, LONGEST_COUNTED_S + 1), np.int64),
        sales=np.zeros((weeks, size.products, size.segments), SALE_COUNTS),
        ended=np.zeros((paid_weeks, size.products, size.segments), ENDED_COUNTS),
        time=np.zeros((weeks, size.groups), TIME_COUNTS),
        groups=np.zeros((weeks, size.groups), GROUP_COUNTS),
        handled=np.zeros((intervals, size.groups), DUTY_COUNTS),
        customers=np.zeros((weeks, size.segments), CUSTOMER_COUNTS),
        endings=np.zeros((weeks, size.segments, len(ENDINGS)), np.int64),
        segments=np.zeros((weeks, size.segments), SEGMENT_COUNTS),
        loyalty=np.zeros((weeks, size.segments), LOYALTY_COUNTS),
        holders=np.zeros((weeks, size.segments, size.products), np.int64),
        people=np.zeros((weeks, size.groups), PEOPLE_COUNTS),
    )


def stack(tallies: list[Tally]) -> Tally:
    """Tallies side by side: a leading axis of replications."""
    return Tally(*(np.stack(columns) for columns in zip(*tallies, strict=True)))


def plain(counts: np.ndarray) -> np.ndarray:
    """[…, count] a view of rows of counts as plain numbers, in their order; others as they are."""
    return counts if counts.dtype.names is None else counts[..., None].view(np.int64, np.ndarray)

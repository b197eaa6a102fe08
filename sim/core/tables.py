"""The tables that engines leave: columns with unit and meaning. The table is the interface.

Everything downstream (satisfaction, ledger, metrics) reads these columns and never an engine.
A table is an array of rows with named columns: `contacts[row].until_ms` is one value, and
`contacts.until_ms` a column; both run as machine code and as plain Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

# Phases of a contact. PUT_BY is a lead that waits for an idle agent; PUT_ASIDE an email that an
# agent had begun; TO_BE_CALLED a caller who hung up and keeps her place; STAYING an agent who has a
# customer wait for a specialist, HANDING_OVER one who tells her; AWAY
# a customer who will answer a message.
(
    DUE_LATER, WAITING, TALKING, OFFERING, WRAPPING, CLOSED, PUT_BY, RINGING, WITH_BOT, PUT_ASIDE,
    TO_BE_CALLED, STAYING, HANDING_OVER, AWAY,
) = range(14)  # fmt: skip

# Outcomes of a contact; three are those of a call of ours. KEPT_BY_BOT: no agent ever saw it.
# NOBODY_THERE: an empty window, which an agent opened.
(
    OPEN, ANSWERED, GAVE_UP, BLOCKED, BALKED, WITHDRAWN, REACHED, NOT_REACHED, EXPIRED,
    KEPT_BY_BOT, NOBODY_THERE,
) = range(11)  # fmt: skip

# What became of a new issue in front of agents. CLAIMED_BY_BOT: counted as solved, and not solved.
NO_BOT, ASKED_FOR_HUMAN, SOLVED_BY_BOT, CLAIMED_BY_BOT, ESCALATED = range(5)

# States of a seat.
OFF_DUTY, FREE, BUSY = range(3)

NOBODY = -1
NOT_YET = -(1 << 62)  # times before the horizon (in a warm-up) are negative


def record(**columns: DTypeLike) -> np.dtype:
    """The type of a row: columns by name, each a number or a row of its own."""
    return np.dtype((np.record, np.dtype(list(columns.items()), align=True)))


def blank(row: np.dtype, rows: int) -> np.recarray:
    """[rows] with room for values, not initialised."""
    return np.empty(rows, row).view(np.recarray)


def table(row: np.dtype, rows: int, **columns: object) -> np.recarray:
    """[rows] filled column by column; a single value is repeated, a column left out is 0."""
    filled = np.zeros(rows, row).view(np.recarray)
    for name, values in columns.items():
        filled[name] = values
    return filled


def rows_by_name(row: np.dtype, rows: Sequence[Mapping[str, object]]) -> np.recarray:
    """[row] of the values of each row by the names of its columns.

    Raises ValueError where a column is missing, or is none of the row.
    """
    names = row.names or ()
    for one in rows:
        if odd := set(names) ^ one.keys():
            raise ValueError(f"columns of a row of {', '.join(names)}: {', '.join(sorted(odd))}")
    filled = [tuple(one[name] for name in names) for one in rows]
    return np.array(filled, row).view(np.recarray)


# One row per leg of a contact, an attempt to reach the center; nearly all have a single leg.
# Times are ms since the start.
CONTACT = record(
    name=np.int64,  # packed name of the issue (moments.name_of)
    luck=np.uint64,  # 64 bits from which the issue's dice are made
    until_ms=np.int64,  # when the phase ends: due, gives up, end of talk, offer, wrap-up; while put
    # aside: how much is left to do
    arrived_ms=np.int64,  # when it reached agents (of what a bot kept: the bot), was handed on, or
    # was put by
    joined_ms=np.int64,  # since when it counts as waiting: arrival less the head start
    answered_ms=np.int64,  # when an agent took it, or NOT_YET
    left_ms=np.int64,  # when the customer hung up or gave up, or NOT_YET
    waited_ms=np.int64,  # wait in earlier legs, and for answers to later messages, as it is felt
    talk_ms=np.int64,  # duration of talk, without hold; of ringing in a call of ours. Of a phase of
    # a chat that still lasts these four say the work, as if it were alone
    hold_ms=np.int64,  # duration of hold
    hand_over_ms=np.int64,  # for how long its agent stayed for a specialist, and handed over to her
    offer_ms=np.int64,  # duration of offer talk and fulfilment
    wrap_up_ms=np.int64,  # duration of after-contact work
    customer=np.int32,  # row in the table of customers, or NOBODY where they are not modelled
    attempt=np.int32,  # 1 for the first contact of an issue
    beyond=np.int32,  # what earlier contacts of the issue added to satisfaction however they ended,
    # in millionths
    answers=np.int32,  # answered contacts of the issue, this one included
    unanswered=np.int32,  # contacts in a row without an answer, this one included while open
    listed=np.int32,  # row in the scenario's list of calls, or -1: drawn
    seat=np.int32,  # seat that answered, or NOBODY
    brought_by=np.int32,  # row of the leg whose agent stays until this one is answered, or NOBODY
    type=np.int16,  # contact type: channel and reason
    queue=np.int16,  # where it waits: its type's, that of specialists, or of the product that it
    # was handed on for
    group=np.int16,  # agent group that answered, or NOBODY
    product=np.int16,  # product offered, or NOBODY
    segment=np.int8,  # customer segment
    leg=np.int8,  # FIRST_LEG … WINDOW_LEG (moments.py)
    rounds=np.int8,  # of a conversation by messages, those that are left after this one
    rung=np.int8,  # how often she is called back, the next time included; 0 if she is not
    phase=np.int8,  # DUE_LATER … AWAY
    outcome=np.int8,  # OPEN … NOBODY_THERE
    bot=np.int8,  # NO_BOT … ESCALATED
    held=np.int8,  # 1 if put on hold in an earlier leg
    told_again=np.int8,  # 1 if she told an agent what another, or a bot, had heard before
    handed_on=np.int8,  # 1 if it went on in a second leg
    resolved=np.int8,  # 1 if answered and the issue was solved
    accepted=np.int8,  # 1 if the offer was accepted
    pushed=np.int8,  # 1 if the policy had refused the offer
    last=np.int8,  # 1 if the issue closed with this contact
)

# One row per customer, by segment, then block of today's count, then number in the block. 64 bytes,
# as computers fetch memory: the weekly look at everybody waits for nothing else.
CUSTOMER = record(
    luck=np.uint64,  # 64 bits from which her dice are made
    felt=np.int64,  # of issues closed this week, in millionths: intent to leave above the ordinary
    # in points; or, where she remembers, what service added to her satisfaction
    owns=np.int64,  # one bit per product
    bought=np.int64,  # one bit per product sold to her since the start, and kept
    downgraded=np.int64,  # one bit per product that she took less of
    relationship=np.float32,  # what she remembers of her issues; 0 is the reference contact
    disposition=np.float32,  # what she adds to satisfaction, whatever happens
    bound_churn=np.float32,  # factor on her hazard of leaving while bound
    issues=np.int16,  # how many issues closed this week
    bound_until=np.int16,  # week in which her contract ends, 0 without
    left_week=np.int16,  # week after which she left, NEVER or KEPT_BY_REWARD
    joined_week=np.int16,  # week of joining, 0 for today's base
    segment=np.int8,
    active=np.int8,  # 1 while a customer
    leaving=np.int8,  # how far her announced leaving is (domain/customers/save_desk.py), or 0
    raised_weeks=np.int8,  # weeks for which her hazard stays raised, because she was saved
)
NEVER = -1
KEPT_BY_REWARD = -2  # without the loyalty programme she would have left

# One row per seat, by group. Who fills it, and how well she works, is in STAFF.
SEAT = record(
    idle_since_ms=np.int64,  # meaningful while FREE; in chats, since when there are so many
    booked_ms=np.int64,  # until when the time of her chats is booked, and their work done
    group=np.int64,
    chats=np.int64,  # open chats, or an email; 0 in a call
    state=np.int8,  # OFF_DUTY, FREE, BUSY
)

# Places for chats and emails, by seat: as many each as the chat with the most may have.
PLACE = record(
    contact=np.int64,  # its row, or NOBODY: empty
    work=np.int64,  # left in its phase at full speed, in millionths of a ms
    hold=np.int64,  # of it, what comes last while it is held
    talked_ms=np.int64,  # passed in talk, hold not included
    began_ms=np.int64,  # when the phase began
    speed=np.int64,  # in millionths
)

# One row per seat: how the person who fills it in a week differs from the mean of today's contacts.
STAFF = record(
    handle=np.float64,  # factor on talk, hold and wrap-up
    resolves=np.float64,  # added to the probability that an issue is solved
    accepts=np.float64,  # factor on the probability that an offer is accepted
    pleases=np.float64,  # added to the latent satisfaction
)

# One row per agent group: what it carries over from week to week, beside seats and contacts.
GROUP = record(
    level=np.int64,  # seats on duty by the plan
    owed=np.int64,  # busy seats that leave when they finish
    busy=np.int64,  # contacts in hand: a call of an agent, an email, or each of her chats
    counted_ms=np.int64,  # until when overtime has been counted
    closed=np.int64,  # 1 while every type that the group serves is closed
)


class People(NamedTuple):
    """The customers, and by product: when and how often each declined, until when she pays, and
    until when she holds it. By list: when she was put on it, and how long its call has an effect.
    """

    rows: np.recarray  # CUSTOMER
    declined_ms: np.ndarray  # int64 [customer, product]: last declined, or NOT_YET
    exposures: np.ndarray  # int16 [customer, product]: how often declined
    margin_until: np.ndarray  # int16 [customer, product]: first week after it; 0: no end in sight
    holds_until: np.ndarray  # int16 [customer, product]: first week after it; no products where it
    # makes no difference to hold one
    listed_week: np.ndarray  # int16 [customer, list]: when she was last put on it
    called_until: np.ndarray  # int16 [customer, list]: first week without the effect of its call


def blank_seats(seats_by_group: np.ndarray) -> np.recarray:
    """[seat] SEAT of all groups in order, off duty; `seats_by_group` is int64 [group]."""
    group = np.repeat(np.arange(len(seats_by_group)), seats_by_group)
    return table(SEAT, len(group), group=group)

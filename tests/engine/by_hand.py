"""What a row should be, drawn by hand: every column of every contact. Times are minutes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.core.moments import CALL_LEG, FIRST_LEG, SECOND_LEG, cell_of, segment_of, type_of
from sim.core.tables import (
    ANSWERED,
    BALKED,
    BLOCKED,
    CLOSED,
    ESCALATED,
    EXPIRED,
    GAVE_UP,
    KEPT_BY_BOT,
    NO_BOT,
    NOBODY,
    NOT_REACHED,
    NOT_YET,
    REACHED,
    SOLVED_BY_BOT,
)

from .worlds import CELL_MS, MINUTE_MS

CLOSED_ROW = {
    "arrived": None,
    "joined": None,  # the arrival, unless given
    "answered": None,
    "left": None,
    "until": None,
    "waited": 0,
    "talk": 0,
    "hold": 0,
    "hand_over": 0,
    "offer": 0,
    "wrap_up": 0,
    "customer": NOBODY,
    "attempt": 1,
    "answers": 0,
    "unanswered": 0,
    "listed": 0,
    "seat": NOBODY,
    "brought_by": NOBODY,
    "type": 0,
    "queue": None,  # that of the type, unless given
    "segment": 0,
    "group": NOBODY,
    "product": NOBODY,
    "leg": FIRST_LEG,
    "phase": CLOSED,
    "bot": NO_BOT,
    "rounds": 0,
    "rung": 0,
    "held": 0,
    "told_again": 0,
    "handed_on": 0,
    "resolved": 0,
    "accepted": 0,
    "pushed": 0,
    "last": 1,
}
TIMES = (
    "arrived", "joined", "answered", "left", "until", "waited", "talk", "hold", "offer", "wrap_up",
    "hand_over",
)  # fmt: skip


def answered(listed: int, arrived: float, at: float, talk: float, **more: Any) -> dict[str, Any]:
    """A contact that an agent answered at `at`, solved unless said otherwise. Minutes."""
    row = {"resolved": 1, "answers": 1, "seat": 0, "group": 0, "outcome": ANSWERED} | more
    left = at + talk + row.get("hold", 0) + row.get("hand_over", 0) + row.get("offer", 0)
    until = left + row.get("wrap_up", 0)
    times = {"arrived": arrived, "answered": at, "left": left, "until": until, "talk": talk}
    return CLOSED_ROW | times | {"listed": listed} | row


def gave_up(listed: int, arrived: float, left: float, **more: Any) -> dict[str, Any]:
    """A contact that gave up. Minutes."""
    times = {"arrived": arrived, "left": left, "until": left, "listed": listed}
    return CLOSED_ROW | times | {"unanswered": 1, "outcome": GAVE_UP} | more


def blocked(listed: int, arrived: float, **more: Any) -> dict[str, Any]:
    """A contact that found all lines taken."""
    return gave_up(listed, arrived, arrived, outcome=BLOCKED) | more


def balked(listed: int, arrived: float, **more: Any) -> dict[str, Any]:
    """A contact that left at once."""
    return gave_up(listed, arrived, arrived, outcome=BALKED) | more


def kept(listed: int, arrived: float, left: float, **more: Any) -> dict[str, Any]:
    """A contact that a bot kept, and solved unless said otherwise. Minutes."""
    row = {"outcome": KEPT_BY_BOT, "bot": SOLVED_BY_BOT, "unanswered": 0, "resolved": 1}
    return gave_up(listed, arrived, left, **row | more)


ON = {"handed_on": 1, "last": 0}
"""What a first leg says more when the contact goes on in a second."""


def second_leg(listed: int, joined: float, on: float, at: float, **more: Any) -> dict[str, Any]:
    """A second leg from `on`, answered by specialists at `at`; one type and one product. Minutes."""
    row = {"leg": SECOND_LEG, "joined": joined, "queue": 2, "product": 0, "group": 1} | more
    return answered(listed, on, at, 0, **row)


def advice(listed: int, joined: float, on: float, at: float, talk: float, **more: Any):
    """A second leg from `on`, in which a specialist solves what was handed on. Minutes."""
    row = {"leg": SECOND_LEG, "joined": joined, "queue": 1, "group": 1} | more
    return answered(listed, on, at, talk, **row)


def second_leg_gave_up(
    listed: int, joined: float, on: float, left: float, **more: Any
) -> dict[str, Any]:
    """A second leg that gave up: the issue is solved and answered all the same. Minutes."""
    row = {"leg": SECOND_LEG, "joined": joined, "queue": 2, "unanswered": 0} | more
    return gave_up(listed, on, left, **{"answers": 1, "resolved": 1} | row)


def lead(listed: int, put_by: float, at: float, ring: float, **more: Any) -> dict[str, Any]:
    """A call of ours at `at` that somebody answered. Minutes."""
    row = {"leg": CALL_LEG, "queue": 2, "outcome": REACHED, "last": 0, "product": 0} | more
    return answered(listed, put_by, at, ring, **row)


def not_reached(listed: int, put_by: float, at: float, ring: float, **more: Any) -> dict[str, Any]:
    """A call of ours that nobody answered. Minutes."""
    return lead(listed, put_by, at, ring, **{"outcome": NOT_REACHED, "product": NOBODY} | more)


def expired(listed: int, put_by: float, left: float, **more: Any) -> dict[str, Any]:
    """A lead that grew too old. Minutes."""
    row = {"leg": CALL_LEG, "last": 0, "outcome": EXPIRED} | more
    return second_leg_gave_up(listed, put_by, put_by, left, **row)


def assert_rows(contacts: np.recarray, expected: Sequence[dict[str, Any]]) -> None:
    """Every column of every contact; expected by place in the list, attempt and leg."""
    order = np.lexsort((contacts.leg, contacts.attempt, contacts.listed))
    contacts = contacts[order].view(np.recarray)
    assert [(c.listed, c.attempt, c.leg) for c in contacts] == [
        (row["listed"], row["attempt"], row["leg"]) for row in expected
    ]
    for contact, row in zip(contacts, expected, strict=True):
        if row["joined"] is None:
            row = row | {"joined": row["arrived"]}
        if row["queue"] is None:
            row = row | {"queue": row["type"]}
        for column, value in row.items():
            is_time = column in TIMES
            found = contact[f"{column}_ms" if is_time else column]
            if is_time:
                value = NOT_YET if value is None else round(value * MINUTE_MS)
            assert found == value, f"call {row['listed']}, attempt {row['attempt']}: {column}"
        name = int(contact.name)
        assert (type_of(name), segment_of(name)) == (contact.type, contact.segment)
        if contact.attempt == 1 and contact.leg == FIRST_LEG and contact.bot != ESCALATED:
            assert cell_of(name) == contact.arrived_ms // CELL_MS
    for name in np.unique(contacts.name):
        assert len(np.unique(contacts.luck[contacts.name == name])) == 1


ONE = {"g": {"positions": 1}}
TWO = {"g": {"positions": 2}}
HANDLING = ("talk_ms", "hold_ms", "offer_ms", "wrap_up_ms")


def overtime_min(played, group=0):
    """Overtime of a group in minutes; the tally must say the same as the cells."""
    minutes = played.overtime_ms[group].sum() / MINUTE_MS
    assert played.tally.time["overtime_ms"][:, group].sum() / MINUTE_MS == minutes
    return minutes


def counted(played, type_=0):
    """Counts of a type over the horizon, by name."""
    return summed(played.tally.contacts[:, type_])


def summed(counts):
    """Every column of a table of counts by its name, added over all rows."""
    return {name: int(counts[name].sum()) for name in counts.dtype.names}


def handled_min(played):
    """Minutes of talk, hold, offers and wrap-up over the horizon, by group."""
    by_part = [(played.tally.time[part].sum(axis=0) / MINUTE_MS).tolist() for part in HANDLING]
    return [list(of_group) for of_group in zip(*by_part, strict=True)]


def sold_of_first(played):
    """How often the first product was offered to the first segment over the horizon, and sold."""
    counts = summed(played.tally.sales[:, 0, 0])
    return counts["offered"], counts["accepted"]


def callers(played):
    """Rows of the customers who call, in the order of the list."""
    order = np.argsort(played.contacts.listed, kind="stable")
    return played.contacts.customer[order].tolist()

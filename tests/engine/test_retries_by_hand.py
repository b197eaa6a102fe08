"""Timelines drawn by hand: trying again and coming back. Every column, both engines.

In the drawings a digit is minutes, ▒ waiting, █ talk, ▓ offer, ░ wrap-up, ✗ giving up.
"""

from typing import NamedTuple

import numpy as np
import pytest

from sim.core.tables import BALKED, DUE_LATER, NOT_YET, WAITING
from sim.domain.contacts.redials import when_open_ms

from .by_hand import (
    ONE,
    answered,
    assert_rows,
    blocked,
    counted,
    gave_up,
)
from .worlds import (
    CELLS_PER_WEEK,
    MINUTE_MS,
    call,
    constant,
    listed,
    quarters,
    world,
)


def test_attempts_are_limited(play):
    """Three attempts: nobody is on duty.

    t  0 2  5 7 10 12
    0  ▒▒✗
             ▒▒✗
                 ▒▒✗      the last
    """
    redial = {"probability": 1.0, "delay": constant(3), "attempts": 3}
    played = play(world({"a": listed(call(0, 1, 2), redial=redial)}, {"g": quarters(0, 0, 1)}))
    assert_rows(
        played.contacts,
        [gave_up(0, 0, 2, last=0), gave_up(0, 5, 7, attempt=2, unanswered=2, last=0)]
        + [gave_up(0, 10, 12, attempt=3, unanswered=3)],
    )
    counts = counted(played)
    assert (counts["offered"], counts["first_contacts"], counts["gave_up"]) == (3, 1, 3)
    assert (counts["issues"], counts["issues_resolved"]) == (1, 0)


def test_the_first_attempt_counts(play):
    """One attempt is no redial at all.

    t  0 2
    0  ▒▒✗
    """
    redial = {"probability": 1.0, "delay": constant(3), "attempts": 1}
    played = play(world({"a": listed(call(0, 1, 2), redial=redial)}, {"g": quarters(0)}))
    assert_rows(played.contacts, [gave_up(0, 0, 2)])


def test_a_redial_comes_after_who_is_freed_and_before_who_arrives(play):
    """At 6 the agent is freed, the redial is due and another arrives.

    t  0 1 3  6 7 8
    0  ██████
    1   ▒▒✗   █         patience 2, tries again after 3
    2         ▒█
    """
    redial = {"probability": 1.0, "delay": constant(3), "attempts": 4}
    type_ = listed(call(0, 6), call(1, 1, 2), call(6, 1), redial=redial)
    played = play(world({"a": type_}, ONE))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 6), gave_up(1, 1, 3, last=0)]
        + [answered(1, 6, 6, 1, attempt=2), answered(2, 6, 7, 1)],
    )


def test_who_is_due_as_patience_ends_finds_the_line_free(play):
    """Two lines. At 4 one gives up and another, blocked at 2, is due again.

    t  0   4 6   10
    0  ██████████
    1   ▒▒▒✗ ✗           patience 3; blocked at 6
    2    ✗ ▒▒▒▒▒▒█
    """
    redial = {"probability": 1.0, "delay": constant(2), "attempts": 2}
    type_ = listed(call(0, 10), call(1, 1, 3), call(2, 1), redial=redial)
    played = play(world({"a": type_}, ONE, lines=2))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 10), gave_up(1, 1, 4, last=0)]
        + [blocked(1, 6, attempt=2, unanswered=2), blocked(2, 2, last=0)]
        + [answered(2, 4, 10, 1, attempt=2)],
    )


def test_the_blocked_and_the_balking_try_again(play):
    """One line, then nobody free.

    t  0   4 5  8
    0  █████
    1   ✗  ✗   █        blocked at 1 and 4... one minute after each, to 8
    """
    redial = {"probability": 1.0, "delay": constant(3), "attempts": "unlimited"}
    what = world({"a": listed(call(0, 5), call(1, 1), redial=redial)}, ONE, lines=1)
    rows = [answered(0, 0, 0, 5), blocked(1, 1, last=0)]
    again = [blocked(1, 4, attempt=2, unanswered=2, last=0), answered(1, 7, 7, 1, attempt=3)]
    assert_rows(play(what).contacts, rows + again)
    what = world({"a": listed(call(0, 5), call(1, 1), redial=redial, balk=1.0)}, ONE)
    for row in (rows[1], again[0]):
        row["outcome"] = BALKED
    assert_rows(play(what).contacts, rows + again)


NEARLY_NEVER_SOLVED = {"first_contact": 0.0, "comes_back": 0.99}


@pytest.mark.parametrize("calls", range(130, 138))
def test_hundreds_who_are_blocked_try_again(play, calls):
    """One line, nobody on duty: one waits, the others are blocked, and again six hours later.

    t  0                360
    0  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒…
    1   ✗                ✗
    2    ✗                ✗
    …
    """
    redial = {"probability": 1.0, "delay": constant(360), "attempts": 2}
    type_ = listed(*(call(at, 1) for at in range(calls)), redial=redial)
    played = play(world({"a": type_}, {"g": {"positions": 0}}, lines=1))
    first, *others = played.contacts[np.argsort(played.contacts.listed, kind="stable")]
    assert (first.phase, first.arrived_ms) == (WAITING, 0)
    expected = []
    for at in range(1, calls):
        expected += [blocked(at, at, last=0), blocked(at, at + 360, attempt=2, unanswered=2)]
    assert_rows(np.array(others).view(np.recarray), expected)


def test_an_unsolved_issue_comes_back(play):
    """Nothing is ever solved, and she comes back five hours after each conversation.

    t  0 2     302 304     604 606     906 908     1208 1210
    0  ██      ██          ██          ██          ██          the next is due tomorrow
    """
    resolution = NEARLY_NEVER_SOLVED | {"delay": constant(300)}
    played = play(world({"a": listed(call(0, 2), resolution=resolution)}, ONE))
    still = played.carries[-1].contacts
    assert (still.phase.tolist(), still.attempt.tolist()) == ([DUE_LATER], [6])
    assert still.until_ms.tolist() == [1510 * MINUTE_MS]
    assert still.arrived_ms.tolist() == [NOT_YET]
    assert_rows(
        played.contacts[:5],
        [answered(0, 302 * i, 302 * i, 2, attempt=i + 1, answers=i + 1, resolved=0, last=0)
         for i in range(5)],
    )  # fmt: skip
    counts = counted(played)
    assert (counts["offered"], counts["answered"], counts["first_answers"]) == (5, 5, 1)
    assert counts["issues"] == counts["solved_at_first_answer"] == counts["open"] == 0


def test_an_answer_resets_the_attempts(play):
    """Two attempts in a row; agents are on duty in the second and fourth quarter only.

    t  0 2     15     25    31 33    46    56    62 64    77 79
    0  ▒▒✗     ██████       ▒▒✗      ██████      ▒▒✗      ▒▒✗
    a  1       2            3        4           5        6, the last
    """
    redial = {"probability": 1.0, "delay": constant(13), "attempts": 2}
    resolution = NEARLY_NEVER_SOLVED | {"delay": constant(6)}
    type_ = listed(call(0, 10, 2), redial=redial, resolution=resolution)
    played = play(world({"a": type_}, {"g": quarters(0, 1, 0, 1, 0)}))
    unsolved = {"resolved": 0, "last": 0}
    assert_rows(
        played.contacts,
        [gave_up(0, 0, 2, last=0)]
        + [answered(0, 15, 15, 10, attempt=2, answers=1, **unsolved)]
        + [gave_up(0, 31, 33, attempt=3, answers=1, last=0)]
        + [answered(0, 46, 46, 10, attempt=4, answers=2, **unsolved)]
        + [gave_up(0, 62, 64, attempt=5, answers=2, last=0)]
        + [gave_up(0, 77, 79, attempt=6, answers=2, unanswered=2)],
    )


def reopened(play, hours, *, at=0.0, **more):
    """Hours at which 40 calls come again that give up 5 min after `at` and are due 15 min later."""
    redial = {"probability": 1.0, "delay": constant(15), "attempts": 2}
    type_ = listed(*[call(at, 0, 5) for _ in range(40)], redial=redial, open=hours)
    horizon = {"weeks": 2, "interval": "15 min", **more}
    contacts = play(world({"a": type_}, {"g": {"positions": 0}}, horizon=horizon)).contacts
    again = contacts[contacts.attempt == 2].arrived_ms / (60 * MINUTE_MS)
    assert len(np.unique(again)) == len(again) == 40
    return again


def test_who_is_due_while_closed_comes_on_the_next_open_day(play):
    """Due at 00:20; open until 00:15, from 06:00 to 07:00 and from 08:00 to 10:00: evenly."""
    again = reopened(play, "Mon 00:00-00:15, Mon 06:00-07:00, Mon 08:00-10:00")
    assert all(((again >= 6) & (again < 7)) | ((again >= 8) & (again < 10)))
    assert 6 <= (again < 7).sum() <= 21  # a third of 40, within 2.6 standard deviations
    assert (again >= 9).any()


@pytest.mark.parametrize(
    ("hours", "first", "last"),
    [
        ("Mon 00:00-00:15, Wed 09:00-12:00, Thu 08:00-20:00", 57, 60),
        ("Mon 00:00-00:15, Tue 22:00-24:00, Wed 00:00-06:00", 46, 54),  # past midnight
        ("Mon 00:00-00:15, Tue 12:00-24:00, Wed 00:00-24:00, Thu 00:00-24:00", 36, 48),
    ],
)
def test_a_day_of_another_length(play, hours, first, last):
    """No sooner than it opens, not on the day after, over all of it."""
    again = reopened(play, hours)
    assert all((again >= first) & (again < last))
    assert again.min() < first + (last - first) / 4
    assert again.max() > last - (last - first) / 4


def test_the_next_open_day_may_be_in_the_next_week(play):
    """The horizon starts on a Saturday; due on Saturday at 00:20, open on Saturday only."""
    again = reopened(play, "Sat 00:00-00:15, Sat 09:00-13:00", start="2027-01-09")
    assert all((again >= 9) & (again < 13))
    again = reopened(play, "Sat 00:00-00:15, Fri 09:00-13:00", start="2027-01-09")
    assert all((again >= 6 * 24 + 9) & (again < 6 * 24 + 13))
    again = reopened(play, "Sat 00:00-00:15", start="2027-01-09")
    assert all((again >= 7 * 24) & (again < 7 * 24 + 0.25))


class Hours(NamedTuple):
    """What `when_open_ms` reads of a DemandTable."""

    comes_back: np.ndarray
    typed: np.ndarray
    closed: np.ndarray


def test_they_come_as_that_day_was_typed():
    """Three in four in the first of two hours, on a Tuesday; of the Monday that is over, nobody."""
    typed = np.zeros((1, CELLS_PER_WEEK))
    typed[0, 32:40] = 1.0  # Monday 08:00 to 10:00
    typed[0, 96 + 36 : 96 + 40], typed[0, 96 + 40 : 96 + 44] = 3.0, 1.0  # Tuesday 09:00 to 11:00
    due_ms = 40 * 15 * MINUTE_MS + 7
    open_ = Hours(typed > 0, typed, np.zeros((1, 0), bool))
    hours = np.array(
        [
            when_open_ms(open_, 0, due_ms, np.uint64(luck), 1) / (60 * MINUTE_MS)
            for luck in range(4000)
        ]
    )
    assert all((hours >= 33) & (hours < 35))
    assert (hours < 34).mean() == pytest.approx(0.75, abs=0.02)
    for hour, place in ((33.5, 0.375), (34.5, 0.875)):
        assert (hours < hour).mean() == pytest.approx(place, abs=0.024)

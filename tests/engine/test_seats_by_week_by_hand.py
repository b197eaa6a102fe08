"""Timelines drawn by hand: seats that an initiative takes or brings at the start of a week.

In the drawings 0 is the first moment of the second week; the digits are minutes before and after
it, ▒ waiting, █ talk. The rule is that of any other level that moves. Every column, both engines.
"""

import pytest

from sim.core.clock import CELLS_PER_WEEK
from sim.core.tables import FREE, OFF_DUTY

from .by_hand import answered, assert_rows, overtime_min
from .worlds import call, listed, loaded, play_cut, world

MONDAY = 7 * 24 * 60


@pytest.fixture
def play(tmp_path, engine):
    """Play two weeks; with other seats from the second one on. Times count from its start."""

    def played(before, after, *calls):
        from_monday = [call(MONDAY + at, talk) for at, talk in calls]
        other = {"from_week": 2, "set": {"agents": {"g": {"positions": after}}}}
        typed = world(
            {"a": listed(*from_monday)},
            {"g": {"positions": before}},
            horizon={"weeks": 2, "interval": "15 min"},
            initiatives={"other-seats": other},
        )
        return play_cut(loaded(tmp_path, typed), engine, [CELLS_PER_WEEK])

    return played


def on_monday(listed, arrived, at, talk, seat=0):
    """A call that was answered, in minutes from the start of the second week."""
    return answered(listed, MONDAY + arrived, MONDAY + at, talk, seat=seat)


def test_free_seats_leave_first_and_of_these_the_highest(play):
    """Three seats become two at 0, while seat 2 is busy: seat 1 leaves, not seat 2.

    t  -9 -8 -7      0   1   2   5   6
    0   █████                            seat 0, to -4
    1     █████                          seat 1, to -3
    2        ███████████████████████     seat 2, to 6
    3                    ████████        seat 0, to 5
    4                        2▒▒▒█       seat 0 at 5: seat 1 has left
    """
    played = play(3, 2, (-9, 5), (-8, 5), (-7, 13), (1, 4), (2, 1))
    rows = [on_monday(0, -9, -9, 5), on_monday(1, -8, -8, 5, 1), on_monday(2, -7, -7, 13, 2)]
    assert_rows(played.contacts, [*rows, on_monday(3, 1, 1, 4), on_monday(4, 2, 5, 1)])
    assert overtime_min(played) == 0
    assert played.carries[-1].seats.state.tolist() == [FREE, OFF_DUTY, FREE]


def test_when_all_are_busy_the_next_to_finish_leaves(play):
    """Two seats become one at 0; one is owed, and paid by the first to finish, at 5.

    t  -10      0  1   5      20
    0   ██████████████████████████       seat 0, to 20
    1     -5 ██████████                  seat 1, to 5: leaves
    2              1▒▒▒▒▒▒▒▒▒▒████       seat 0 at 20
    """
    played = play(2, 1, (-10, 30), (-5, 10), (1, 4))
    rows = [on_monday(0, -10, -10, 30), on_monday(1, -5, -5, 10, 1), on_monday(2, 1, 20, 4)]
    assert_rows(played.contacts, rows)
    assert overtime_min(played) == 5
    overtime_ms = played.tally.time["overtime_ms"][:, 0].tolist()
    assert overtime_ms == [0, 5 * 60_000]  # in the week in which it passes
    assert played.carries[0].groups.owed.tolist() == [0]
    assert played.carries[-1].seats.state.tolist() == [FREE, OFF_DUTY]


def test_who_is_freed_at_the_moment_of_the_drop_takes_nothing(play):
    """Seat 1 is free at 0 and leaves, though call 2 waits.

    t  -10     -3  0         20
    0   ████████████████████████       seat 0, to 20
    1    -5 ███████                    seat 1, to 0: leaves
    2         ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒████   seat 0 at 20
    """
    played = play(2, 1, (-10, 30), (-5, 5), (-3, 4))
    rows = [on_monday(0, -10, -10, 30), on_monday(1, -5, -5, 5, 1), on_monday(2, -3, 20, 4)]
    assert_rows(played.contacts, rows)
    assert overtime_min(played) == 0


def test_a_rise_takes_the_waiting_at_once(play):
    """One seat becomes two at 0.

    t  -10    -4    0
    0   █████████████████████   seat 0, to 20
    1          ▒▒▒▒▒██████      seat 1 at 0
    """
    played = play(1, 2, (-10, 30), (-4, 6))
    assert_rows(played.contacts, [on_monday(0, -10, -10, 30), on_monday(1, -4, 0, 6, 1)])
    assert len(played.carries[0].seats) == 2  # its row was there from the start
    assert played.carries[0].seats.state[1] == OFF_DUTY

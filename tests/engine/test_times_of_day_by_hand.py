"""Numbers by quarter of an hour, drawn by hand: each phase has the number of its own beginning."""

import numpy as np

from sim.core.tables import ESCALATED, GAVE_UP

from .by_hand import ONE, answered, assert_rows, gave_up
from .times_of_day import at, by_quarter
from .worlds import CELL_MS, MINUTE_MS, call, constant, listed, play_day, world


def mean_by_quarter(*means: str) -> dict:
    """A constant duration whose length alternates by quarter."""
    return constant(1) | {"mean": by_quarter(*means)}


def test_a_talk_has_the_length_of_the_quarter_in_which_it_begins(play):
    """The second begins within the first quarter, the third, which came in it, after it.

    t  0         10        20   24
    0  ██████████
    1          ▒▒██████████          arrives 8
    2              ▒▒▒▒▒▒▒▒████      arrives 12
    """
    type_ = listed(call(0), call(8), call(12), talk=mean_by_quarter("10 min", "4 min"))
    rows = [answered(0, 0, 0, 10), answered(1, 8, 10, 10), answered(2, 12, 20, 4)]
    assert_rows(play(world({"a": type_}, ONE)).contacts, rows)


def test_wrap_up_has_the_length_of_the_quarter_in_which_it_begins(play):
    """Both talks begin in the first quarter; the second wrap-up begins in the next.

    t  0    5 6     12   17 20
    0  █████░
    1               █████░░░
    """
    type_ = listed(call(0), call(12), wrap_up=mean_by_quarter("1 min", "3 min"))
    rows = [answered(0, 0, 0, 5, wrap_up=1), answered(1, 12, 12, 5, wrap_up=3)]
    assert_rows(play(world({"a": type_}, ONE)).contacts, rows)


def test_hold_has_the_share_and_the_length_of_when_it_begins(tmp_path, engine):
    """Talks of 5 min from 0 and from 12: holds would begin at 5 and at 17, where all are held."""
    held = {}
    for name, mean in (("same", "2 min"), ("longer", by_quarter("2 min", "4 min"))):
        hold = {"share": by_quarter(0.0, 1.0), "mean": mean}
        what = world({"a": listed(call(0), call(12), hold=hold)}, ONE)
        held[name] = play_day(tmp_path, what, engine).contacts.hold_ms
    assert held["same"][0] == held["longer"][0] == 0
    assert held["same"][1] > 0
    assert abs(int(held["longer"][1]) - 2 * int(held["same"][1])) <= 1


def test_patience_is_that_of_the_quarter_of_arrival(play):
    """Nobody is there: all give up after 8 or 2 min, many of them in the quarter after."""
    volume = {"per_week": 4000, "counts": "first", "profile": "flat", "busyness": "none"}
    patience = mean_by_quarter("8 min", "2 min")
    quiet = {"talk": constant(5), "redial": "none", "resolution": "none"}
    what = world({"a": {"volume": volume, "patience": patience} | quiet}, {"g": {"positions": 0}})
    rows = play(what).contacts
    rows = rows[rows.outcome == GAVE_UP]
    expected = np.where(rows.arrived_ms // CELL_MS % 2 == 0, 8, 2) * MINUTE_MS
    assert (rows.left_ms - rows.arrived_ms == expected).all()
    in_the_next = rows.left_ms // CELL_MS != rows.arrived_ms // CELL_MS
    assert in_the_next.sum() > 50
    assert (~in_the_next).sum() > 50


def test_who_tries_again_is_decided_by_the_quarter_of_arrival(play):
    """Of three who give up, only who came in the second quarter calls again.

    t  0    5  8   12   17   20  23   33
    1       ▒▒▒✗
    2              ▒▒▒▒▒✗             came in the first quarter
    3                        ▒▒▒✗     and again at 33
    """
    redial = {"probability": by_quarter(0.0, 1.0, 0.0), "delay": constant(10)}
    calls = [call(0, 60), call(5, 1, 3), call(12, 1, 5), call(20, 1, 3)]
    rows = play(world({"a": listed(*calls, redial=redial)}, ONE)).contacts
    tried = sorted((int(c.listed), int(c.attempt), int(c.arrived_ms) // MINUTE_MS) for c in rows)
    assert tried == [(0, 1, 0), (1, 1, 5), (2, 1, 12), (3, 1, 20), (3, 2, 33)]


def test_an_issue_is_solved_or_not_by_the_quarter_of_arrival(play):
    """Both talks end in the second quarter; who came in the first is not helped, and comes back.

    t  0        12   17   22       48
    0           █████
    1              ▒▒█████              arrives 15
    0                              █████  comes back 31 min after 17
    """
    resolution = {
        "first_contact": by_quarter(0.0, 1.0),
        "comes_back": by_quarter(1.0, 0.0),
        "delay": constant(31),
    }
    type_ = listed(call(12), call(15), resolution=resolution)
    rows = [
        answered(0, 12, 12, 5, resolved=0, last=0),
        answered(0, 48, 48, 5, attempt=2, answers=2),
        answered(1, 15, 17, 5),
    ]
    assert_rows(play(world({"a": type_}, ONE)).contacts, rows)


def test_whom_a_bot_hands_on_has_the_numbers_of_when_agents_see_her(play):
    """She comes to the bot in the first quarter, and to agents in the second, where all is solved.

    t  8        18   23
    0  ♦♦♦♦♦♦♦♦♦♦█████
    """
    bot = {"eligible": 1.0, "solved": 0.0, "claimed": 0.0, "human_option": "none"}
    bot |= {"time": constant(10), "asks_again": "0 s"}
    solved = {"first_contact": by_quarter(0.0, 1.0), "comes_back": 0.5}
    type_ = listed(call(8), resolution=solved, self_service=bot)
    rows = play(world({"a": type_}, ONE)).contacts
    assert_rows(rows, [answered(0, 18, 18, 5, bot=ESCALATED)])


def test_balking_is_decided_by_the_quarter_of_arrival(play):
    """The only agent talks for an hour; who comes in the second quarter leaves at once."""
    calls = [call(0, 60), call(5, 1, 3), call(20, 1, 3)]
    rows = play(world({"a": listed(*calls, balk=by_quarter(0.0, 1.0))}, ONE)).contacts
    waited = {int(c.listed): (int(c.left_ms) - int(c.arrived_ms)) // MINUTE_MS for c in rows}
    assert (waited[1], waited[2]) == (3, 0)


def test_a_list_of_a_week_is_that_of_its_day(play):
    """672 values from Monday: a day that begins on Monday has the first 96 of them."""
    of_week = [*["10 min"] * 96, *["4 min"] * 576]
    talk = constant(1) | {"mean": of_week}
    assert_rows(
        play(world({"a": listed(call(0), talk=talk)}, ONE)).contacts, [answered(0, 0, 0, 10)]
    )


def test_a_horizon_that_begins_on_another_day_has_the_values_of_its_weekdays(play):
    """A Tuesday has the second 96 values of a week, from its midnight."""
    of_week = [*["10 min"] * 96, *["4 min"] * 95, "7 min", *["10 min"] * 480]
    talk = constant(1) | {"mean": of_week}
    horizon = {"days": 1, "interval": "15 min", "start": "2027-01-05"}
    what = world({"a": listed(call(0), call(23 * 60 + 45), talk=talk)}, ONE, horizon=horizon)
    assert_rows(play(what).contacts, [answered(0, 0, 0, 4), answered(1, 1425, 1425, 7)])


def test_the_oracle_reads_a_list_by_quarter():
    """What the laws of random worlds compare with."""
    assert at((1.0, 2.0) * 48, 16 * MINUTE_MS) == 2.0
    assert at(3.0, 16 * MINUTE_MS) == 3.0


def test_who_gives_up_is_told_as_ever(play):
    """A list changes no other column."""
    calls = [call(0, 60), call(5, 1, 3)]
    type_ = listed(*calls, talk=mean_by_quarter("10 min", "4 min"))
    rows = play(world({"a": type_}, ONE)).contacts
    assert_rows(rows, [answered(0, 0, 0, 60), gave_up(1, 5, 8)])

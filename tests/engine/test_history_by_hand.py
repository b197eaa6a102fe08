"""Timelines drawn by hand: who comes again tells it again, unless the agent sees what went before.

In the drawings a digit is minutes, █ talk, ▒ waiting, ✗ giving up, ♦ the bot.
"""

import pytest

from sim.core.tables import CLAIMED_BY_BOT

from .by_hand import ON, advice, answered, assert_rows, counted, gave_up, kept
from .worlds import MINUTE_MS, call, constant, listed, quarters, world

UNKNOWN = {"known": "0%", "asks_again": "2 min"}
COMES_BACK = {"first_contact": 0.0, "comes_back": 0.99, "delay": constant(300)}
SOLVES = COMES_BACK | {"first_contact": 1.0}
ONE = {"g": {"positions": 1}}
UNSOLVED = ON | {"resolved": 0}


def told_again(played):
    """How often customers told it again, and minutes of talk."""
    counts = counted(played)
    return counts["told_again"], counts["talk_ms"] / MINUTE_MS


def came(played, until_min):
    """Contacts that came before some minute, in order."""
    arrived_ms = played.contacts.arrived_ms
    return played.contacts[(arrived_ms >= 0) & (arrived_ms < until_min * MINUTE_MS)]


def comes_again(history):
    """A call at 0 that nobody solves, nor any later one."""
    type_ = listed(call(0, 3), resolution=COMES_BACK, **({"history": history} if history else {}))
    return world({"a": type_}, ONE)


def test_who_comes_again_tells_it_again(play):
    """Unsolved at 3, she comes again at 303, and at 608, since that talk is 2 minutes longer.

    t  0  3   303  308   608  613
    0  ███    █████      █████
    """
    played = play(comes_again(UNKNOWN))
    rows = came(played, 900)
    assert rows.arrived_ms.tolist() == [0, 303 * MINUTE_MS, 608 * MINUTE_MS]
    assert (rows.talk_ms // MINUTE_MS).tolist() == [3, 5, 5]
    assert rows.told_again.tolist() == [0, 1, 1]
    # Two more come at 913 and 1218.
    assert told_again(played) == (4, 23)


@pytest.mark.parametrize("history", [None, {"known": "100%", "asks_again": "2 min"}])
def test_an_agent_who_sees_what_went_before_asks_nothing(play, history):
    """At 0, 303, 606, 909 and 1212, for 3 minutes each; with no history the talk typed has it."""
    played = play(comes_again(history))
    assert (came(played, 1440).talk_ms == 3 * MINUTE_MS).all()
    assert told_again(played) == (0, 15)


def test_who_got_no_answer_has_told_nobody(play):
    """She gives up at 2, and tries again at 12 for the first time that anybody listens.

    t  0 2   5   12
    0  █████
    1  ▒▒✗       ███
    """
    redial = {"probability": 1.0, "delay": constant(10), "attempts": 2}
    type_ = listed(call(0, 5), call(0, 3, 2), redial=redial, history=UNKNOWN, resolution=SOLVES)
    played = play(world({"a": type_}, ONE))
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 5),
            gave_up(1, 0, 2, last=0),
            answered(1, 12, 12, 3, attempt=2),
        ],
    )
    assert told_again(played) == (0, 8)


def test_an_answer_long_ago_is_history(play):
    """Unsolved at 3; at 303 nobody is there, she gives up, and tells it again at 315.

    t  0  3    303 305   315
    0  ███     ▒▒✗       █████
    """
    redial = {"probability": 1.0, "delay": constant(10), "attempts": 2}
    type_ = listed(call(0, 3, 2), redial=redial, history=UNKNOWN, resolution=COMES_BACK)
    there = quarters(1, *[0] * 20, 1)
    played = play(world({"a": type_}, {"g": there}))
    assert_rows(
        played.contacts[:3],
        [
            answered(0, 0, 0, 3, resolved=0, last=0),
            gave_up(0, 303, 305, attempt=2, answers=1, last=0),
            answered(0, 315, 315, 5, attempt=3, answers=2, told_again=1, resolved=0, last=0),
        ],
    )


def test_what_a_bot_heard_is_history(play):
    """It claims at 2 that her issue is solved; at 302 she tells an agent.

    t  0  2   302
    0  ♦♦♦♦   █████
    """
    bot = {
        "eligible": 1.0, "solved": 0.0, "claimed": 1.0, "human_option": "none",
        "time": constant(2), "asks_again": "7 min", "easy": 1.0,
    }  # fmt: skip
    type_ = listed(call(0, 3), self_service=bot, history=UNKNOWN, resolution=SOLVES)
    played = play(world({"a": type_}, ONE))
    assert_rows(
        played.contacts,
        [
            kept(0, 0, 2, bot=CLAIMED_BY_BOT, resolved=0, last=0),
            answered(0, 302, 302, 5, attempt=2, told_again=1),
        ],
    )


def test_in_a_contact_that_is_handed_on_both_legs_say_so(play):
    """Nobody solves it at 0, nor at 307. Only the contact counts what its customer told again.

    t  0  3   307  312
    0  ███    █████
       └──████     └──████   the specialist, whom she tells nothing twice
    """
    transfer = {
        "to": "experts", "share": 1.0, "resolves": 0.0, "talk": constant(4), "asks_again": "0 s",
    }  # fmt: skip
    type_ = listed(call(0, 3), history=UNKNOWN, resolution=COMES_BACK, transfer=transfer)
    agents = {"g": {"serves": ["a"], "positions": 1}, "experts": {"positions": 1, "serves": []}}
    played = play(world({"a": type_}, agents))
    assert_rows(
        came(played, 600),
        [
            answered(0, 0, 0, 3, **UNSOLVED),
            advice(0, 0, 3, 3, 4, seat=1, resolved=0, last=0),
            answered(0, 307, 307, 5, attempt=2, answers=2, told_again=1, **UNSOLVED),
            advice(0, 307, 312, 312, 4, attempt=2, answers=2, told_again=1, seat=1, resolved=0,
                   last=0),
        ],
    )  # fmt: skip
    # She comes again at 616, 925 and 1234.
    assert told_again(played) == (4, 3 + 4 * 5 + 5 * 4)

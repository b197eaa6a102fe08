"""Timelines drawn by hand: bots in front of agents. Every column, both engines.

In the drawings a digit is minutes, ♦ the bot, ▒ waiting, █ talk, ▓ offer, ✗ giving up.
"""

import numpy as np
import pytest

from sim.core.clock import MS_PER_WEEK
from sim.core.tables import (
    ASKED_FOR_HUMAN,
    CLAIMED_BY_BOT,
    CLOSED,
    ESCALATED,
    KEPT_BY_BOT,
    NO_BOT,
    NOT_YET,
    WITH_BOT,
    WITHDRAWN,
)
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.weeks.play import play as play_horizon

from .by_hand import (
    ON,
    ONE,
    answered,
    assert_rows,
    blocked,
    counted,
    gave_up,
    kept,
    second_leg,
    summed,
)
from .worlds import MINUTE_MS, call, constant, listed, loaded, product, world

BOT = {
    "eligible": 1.0,
    "solved": 0.0,
    "claimed": 0.0,
    "human_option": "none",
    "time": constant(2),
    "asks_again": "0 s",
}
SOLVES, CLAIMS = BOT | {"solved": 1.0}, BOT | {"claimed": 1.0}
ASKS_AGAIN = BOT | {"asks_again": "1 min"}
COMES_BACK = {"first_contact": 1.0, "comes_back": 0.999, "delay": constant(5)}


def sessions(played, type_=0):
    """Counts of a type's bot over the horizon, by name, but those that are 0; time in minutes."""
    counts = summed(played.tally.self_service[:, type_])
    counts["bot_ms"] /= MINUTE_MS
    return {name: n for name, n in counts.items() if n}


def test_a_bot_solves(play):
    """Both calls at once: it is never busy, and needs no agent.

    t  0 1 2 3
    0  ♦♦♦♦
    1    ♦♦♦♦
    """
    type_ = listed(call(0, 3), call(1, 3), self_service=SOLVES)
    played = play(world({"a": type_}, {"g": {"positions": 0}}))
    assert_rows(played.contacts, [kept(0, 0, 2), kept(1, 1, 3)])
    assert sessions(played) == {"solved": 2, "bot_ms": 4}
    counts = counted(played)
    assert counts["offered"] == counts["answered"] == counts["first_contacts"] == 0
    assert counts["first_answers"] == counts["wait_ms"] == played.tally.waits.sum() == 0
    assert (counts["issues"], counts["issues_resolved"], counts["scored"]) == (2, 2, 2)
    assert played.tally.time["talk_ms"].sum() == 0


def test_a_bot_claims_falsely_and_she_comes_back_to_an_agent(play):
    """It says at 2 that her issue is solved; at 7 she calls again, and no bot is in between.

    t  0  2    7  10
    0  ♦♦♦♦
               ███
    """
    type_ = listed(call(0, 3), self_service=CLAIMS, resolution=COMES_BACK)
    played = play(world({"a": type_}, ONE))
    claimed = kept(0, 0, 2, bot=CLAIMED_BY_BOT, resolved=0, last=0)
    assert_rows(played.contacts, [claimed, answered(0, 7, 7, 3, attempt=2)])
    assert sessions(played) == {"claimed": 1, "bot_ms": 2}
    counts = counted(played)
    assert (counts["offered"], counts["first_contacts"], counts["first_answers"]) == (1, 0, 1)
    assert (counts["issues"], counts["issues_resolved"], counts["scored"]) == (1, 1, 2)


def test_who_does_not_come_back_is_not_solved(play):
    """A claim that nobody contradicts is an issue that is not solved.

    t  0  2
    0  ♦♦♦♦
    """
    played = play(world({"a": listed(call(0, 3), self_service=CLAIMS)}, ONE))
    assert_rows(played.contacts, [kept(0, 0, 2, bot=CLAIMED_BY_BOT, resolved=0)])
    counts = counted(played)
    assert (counts["issues"], counts["issues_resolved"]) == (1, 0)


@pytest.mark.parametrize(("bot", "more"), [(BOT, 0), (ASKS_AGAIN, 1)])
def test_a_bot_hands_on(play, bot, more):
    """Patience and wait begin at 2, as she comes to agents; asked again, she talks a minute more.

    t  0 1 2   5   8 9
    0  ♦♦♦♦▒▒▒▒███(█)
    1    ████████          of another type, without a bot
    """
    types = {"a": listed(call(0, 3, 4), self_service=bot), "b": listed(call(1, 4))}
    played = play(world(types, ONE))
    first = answered(0, 2, 5, 3 + more, bot=ESCALATED)
    assert_rows(played.contacts, [first, answered(1, 1, 1, 4, type=1)])
    assert sessions(played) == {"escalated": 1, "bot_ms": 2}
    assert sessions(played, 1) == {}
    counts = counted(played)
    assert (counts["offered"], counts["first_contacts"], counts["first_answers"]) == (1, 1, 1)
    assert counts["wait_ms"] == 3 * MINUTE_MS
    assert played.tally.time["talk_ms"].sum() == (7 + more) * MINUTE_MS


def test_a_bot_takes_no_line(play):
    """One line, which is taken when she is handed on.

    t  0  2  4
    0  ████████
    1  ♦♦♦♦✗
    """
    types = {"a": listed(call(0, 3), self_service=BOT), "b": listed(call(0, 4))}
    played = play(world(types, ONE, lines=1))
    assert_rows(played.contacts, [blocked(0, 2, bot=ESCALATED), answered(1, 0, 0, 4, type=1)])
    assert sessions(played) == {"escalated": 1, "bot_ms": 2}


def test_who_asks_for_a_human_gets_one(play):
    """At once, and nobody asks again what no bot was told.

    t  0   3
    0  ████
    """
    bot = ASKS_AGAIN | {"human_option": 1.0}
    played = play(world({"a": listed(call(0, 3), self_service=bot)}, ONE))
    assert_rows(played.contacts, [answered(0, 0, 0, 3, bot=ASKED_FOR_HUMAN)])
    assert sessions(played) == {"asked": 1}


def test_who_redials_meets_no_bot(play):
    """Nobody is on duty: handed on at 2, she gives up at 4, and at 7 she waits at once.

    t  0  2 4  7 9
    0  ♦♦♦♦▒▒✗
               ▒▒✗
    """
    redial = {"probability": 1.0, "delay": constant(3), "attempts": 2}
    type_ = listed(call(0, 3, 2), self_service=BOT, redial=redial)
    played = play(world({"a": type_}, {"g": {"positions": 0}}))
    first = gave_up(0, 2, 4, bot=ESCALATED, last=0)
    assert_rows(played.contacts, [first, gave_up(0, 7, 9, attempt=2, unanswered=2)])
    assert sessions(played) == {"escalated": 1, "bot_ms": 2}


def test_handed_on_after_closing_she_waits_for_nobody(play):
    """Open until 15; the agent has gone when the bot hands her on at 16.

    t  14  16   19
    0  ♦♦♦♦▒▒▒▒▒✗
    """
    type_ = listed(call(14, 3, 3), self_service=BOT, open="Mon 00:00-00:15")
    played = play(world({"a": type_}, ONE))
    assert_rows(played.contacts, [gave_up(0, 16, 19, bot=ESCALATED)])


@pytest.mark.parametrize("bot", [SOLVES, CLAIMS, BOT], ids=["solves", "claims", "hands on"])
def test_a_session_outlasts_the_horizon(play, bot):
    """A minute before midnight. It is no contact of the day, and no session of a bill."""
    played = play(world({"a": listed(call(24 * 60 - 1, 3), self_service=bot)}, ONE))
    [one] = played.contacts
    came_ms = NOT_YET if bot is BOT else (24 * 60 - 1) * MINUTE_MS
    assert (one.phase, one.arrived_ms, one.left_ms) == (WITH_BOT, came_ms, NOT_YET)
    assert one.until_ms == (24 * 60 + 1) * MINUTE_MS
    assert sessions(played) == {"in_session": 1}
    assert not any(counted(played).values())


def test_specialists_meet_who_was_failed_by_a_bot(play):
    """Handed on by the bot, then by an agent: what she thinks of it is that of the whole contact.

    t  0  2   5   9
    0  ♦♦♦♦███
              ▓▓▓▓      specialists
    """
    policy = {"offer": "specialist", "group": "sales"}
    agents = {"g": {"positions": 1, "serves": ["a"]}, "sales": {"positions": 1, "serves": []}}
    scored = {}
    for effect in (0, -3):
        what = world(
            {"a": listed(*(call(at, 3) for at in range(0, 300, 10)), self_service=BOT)},
            agents,
            offers={"p": product(offer=policy, returns=0)},
            experience={"failed_bot": effect},
        )
        played = play(what)
        rows = []
        for n in range(30):
            at = 10 * n + 2
            rows.append(answered(n, at, at, 3, bot=ESCALATED, **ON))
            leg = second_leg(n, at, at + 3, at + 3, offer=4, accepted=1, seat=1, bot=ESCALATED)
            rows.append(leg)
        assert_rows(played.contacts, rows)
        assert sessions(played) == {"escalated": 30, "bot_ms": 60}
        counts = counted(played)
        scored[effect] = counts["scored_high"], counts["issues_high"]
    assert scored[0] > (20, 20) > (5, 5) > scored[-3]


def test_who_has_left_calls_no_bot(tmp_path, engine):
    """The only customer leaves at the end of the first week; her call of the second does not come.

    week 1 ┆ 2
    0  ♦♦  ┆
    1      ┆ (♦♦)
    """
    calls = [call(0, 3), call(MS_PER_WEEK / MINUTE_MS + 1, 3)]
    what = world(
        {"a": listed(*calls, self_service=SOLVES)},
        ONE,
        horizon={"weeks": 2, "interval": "15 min"},
        customers={
            "count": 1,
            "margin": "10 per month",
            "churn": {"rate": "99.9999999999% per year", "due_to_service": 0},
        },
    )
    planner = Planner(loaded(tmp_path, what), UNANCHORED)
    played = play_horizon(planner, 11, 0, engine=engine, keep_contacts=True)
    assert played.people.rows.left_week[0] == 0
    first, second = np.concatenate(played.contacts).view(np.recarray)
    assert (first.outcome, first.phase) == (KEPT_BY_BOT, CLOSED)
    assert (second.outcome, second.bot, second.arrived_ms) == (WITHDRAWN, NO_BOT, NOT_YET)
    assert played.tally.self_service["solved"].tolist() == [[1], [0]]

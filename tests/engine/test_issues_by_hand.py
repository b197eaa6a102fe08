"""Where issues end, drawn by hand: each ending once, and what is still open. Both engines.

In the drawings a digit is minutes, ♦ the bot, ▒ waiting, █ talk, ▓ offer, ░ wrap-up, ✗ giving up.
"""

import pytest

from sim.core.clock import MS_PER_WEEK
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.weeks.play import play as play_horizon

from .by_hand import ONE, summed
from .worlds import MINUTE_MS, call, constant, listed, loaded, product, quarters, world

NOBODY_THERE = {"g": {"positions": 0}}
NEVER_SOLVED = {"first_contact": 0.0, "comes_back": 0.0}
COMES_BACK = {"first_contact": 0.0, "comes_back": 0.99, "delay": constant(300)}
BOT = {
    "eligible": 1.0,
    "solved": 0.0,
    "claimed": 0.0,
    "human_option": "none",
    "time": constant(2),
    "asks_again": "0 s",
}
CLAIMS = BOT | {"claimed": 1.0}
MIDNIGHT = 24 * 60


def tries(attempts):
    """Everybody who had no answer tries again after three minutes, up to so many attempts."""
    return {"probability": 1.0, "delay": constant(3), "attempts": attempts}


def ends(played, type_=0):
    """How the issues of a type ended, by name, but for ways in which none did."""
    counts = summed(played.tally.issues[:, type_])
    return {name: n for name, n in counts.items() if n}


def test_agents_solve_at_the_first_second_and_fourth_contact(play):
    """One line; who is blocked tries again after 3.

    t  0 1  4  7  10   20 21 22   24
    0  ███████████
    1    ✗  ✗  ✗  ██
    2                  ███████
    3                     ✗       ██
    """
    calls = call(0, 10), call(1, 1), call(20, 2), call(21, 1)
    type_ = listed(*calls, redial=tries("unlimited"))
    played = play(world({"a": type_}, ONE, lines=1))
    assert ends(played) == {"solved_at_first": 2, "solved_at_second": 1, "solved_later": 1}


@pytest.mark.parametrize(
    ("bot", "ending"), [(BOT | {"solved": 1.0}, "solved_by_bot"), (CLAIMS, "claimed")]
)
def test_a_bot_keeps_an_issue(play, bot, ending):
    """Solved or not, she never comes back."""
    assert ends(play(world({"a": listed(call(0, 3), self_service=bot)}, ONE))) == {ending: 1}


def test_who_comes_back_from_a_bot_is_at_her_second_contact(play):
    """It claims at 2 that her issue is solved; at 302 an agent solves it, or nobody is there.

    t  0  2   302
    0  ♦♦♦♦   ███
    """
    solves = COMES_BACK | {"first_contact": 1.0}
    type_ = listed(call(0, 3, 2), self_service=CLAIMS, resolution=solves)
    assert ends(play(world({"a": type_}, ONE))) == {"solved_at_second": 1}
    assert ends(play(world({"a": type_}, NOBODY_THERE))) == {"no_answer": 1}


def test_nobody_answers(play):
    """Two attempts, one line; one is blocked and then gives up, the other is blocked at last.

    t  0   2     5
    0  ▒▒▒▒✗     ✗
    1    ✗     ▒▒▒▒✗       due at 4
    """
    type_ = listed(call(0, 1, 2), call(1, 1, 2), redial=tries(2))
    played = play(world({"a": type_}, NOBODY_THERE, lines=1))
    assert ends(played) == {"no_answer": 2}


def test_an_agent_did_not_solve_it(play):
    """She comes no more; another comes back when nobody is there, and gives up."""
    type_ = listed(call(0, 3), resolution=NEVER_SOLVED)
    assert ends(play(world({"a": type_}, ONE))) == {"not_solved": 1}
    type_ = listed(call(0, 3, 2), resolution=COMES_BACK)
    played = play(world({"a": type_}, {"g": quarters(1, 0)}))
    assert ends(played) == {"not_solved": 1}


def test_who_waits_talks_or_is_due_at_the_end_is_open(play):
    """One is in service at midnight, one waits, one was not solved and is due tomorrow."""
    late = listed(call(MIDNIGHT - 2, 5), call(MIDNIGHT - 1, 5))
    due = listed(call(MIDNIGHT - 10, 3), resolution=COMES_BACK)
    played = play(world({"a": late, "b": due}, ONE))
    assert ends(played) == {"open": 2}
    assert ends(played, 1) == {"open": 1}


def test_who_is_due_again_while_the_agent_wraps_up_is_one_issue(play):
    """She hung up at 23:53; wrap-up lasts over midnight, and she comes again tomorrow."""
    type_ = listed(call(MIDNIGHT - 10, 3), wrap_up=constant(20), resolution=COMES_BACK)
    played = play(world({"a": type_}, ONE))
    assert len(played.carries[-1].contacts) == 2
    assert ends(played) == {"open": 1}


@pytest.mark.parametrize(
    ("patience", "found"), [(20, {"open": 2}), (2, {"open": 1, "solved_at_first": 1})]
)
def test_a_contact_handed_on_is_one_issue(play, patience, found):
    """All wrap up over midnight; the only specialist makes an offer to the first until then.

    The second is open while she waits for the specialist. If she gives up, her issue has closed:
    it was solved before.
    """
    calls = call(MIDNIGHT - 10, 1, offer=60), call(MIDNIGHT - 9, 1)
    type_ = listed(*calls, wrap_up=constant(20), patience=constant(patience))
    agents = {"g": {"positions": 2, "serves": ["a"]}, "sales": {"positions": 1, "serves": []}}
    policy = {"offer": "specialist", "group": "sales"}
    played = play(world({"a": type_}, agents, offers={"p": product(offer=policy)}))
    assert ends(played) == found
    assert summed(played.tally.legs)["transfers_gave_up"] == found.get("solved_at_first", 0)


def test_an_empty_window_is_no_issue(play):
    """She gives up a chat, whose window an agent closes over midnight."""
    concurrency = {"most": 1, "speeds": [1], "solves_less": 0}
    type_ = listed(
        call(MIDNIGHT - 10, 9),
        call(MIDNIGHT - 9, 5, 2),
        channel="chat",
        concurrency=concurrency,
        silent={"share": 1.0, "wasted": "5 min"},
    )
    played = play(world({"a": type_}, ONE))
    assert ends(played) == {"solved_at_first": 1, "no_answer": 1}


def test_in_a_session_at_the_end_is_open(play):
    """A minute before midnight she meets the bot."""
    played = play(world({"a": listed(call(MIDNIGHT - 1, 3), self_service=BOT)}, ONE))
    assert ends(played) == {"open": 1}


def test_who_has_left_comes_no_more(tmp_path, engine):
    """The only customer leaves at the end of the first week, with a call due in the second.

    The call that she would have made then for something else is no issue.
    """
    last_minutes = MS_PER_WEEK / MINUTE_MS - 10
    resolution = COMES_BACK | {"delay": constant(30)}
    what = world(
        {"a": listed(call(last_minutes, 3), call(last_minutes + 100, 3), resolution=resolution)},
        ONE,
        horizon={"weeks": 2, "interval": "15 min"},
        customers={
            "count": 1,
            "margin": "10 per month",
            "churn": {"rate": "99.9999999999% per year", "due_to_service": 0},
        },
    )
    planner = Planner(loaded(tmp_path, what), UNANCHORED)
    played = play_horizon(planner, 11, 0, engine=engine)
    assert ends(played) == {"withdrawn": 1}
    assert played.tally.issues["withdrawn"].tolist() == [[0], [1]]
    assert played.tally.contacts["issues"].sum() == 0

"""Timelines drawn by hand: unsolved issues that are handed on to specialists, cold and warm.

In the drawings a digit is minutes, ▒ waiting, █ talk, ═ the first agent stays, ░ wrap-up,
✗ giving up.
"""

import pytest

from sim.core.tables import GAVE_UP

from .by_hand import (
    ON,
    advice,
    answered,
    assert_rows,
    counted,
    gave_up,
    handled_min,
    second_leg_gave_up,
    summed,
)
from .worlds import MINUTE_MS, call, constant, listed, quarters, world

UNSOLVED = ON | {"resolved": 0}
NEVER_BACK = {"first_contact": 0.0, "comes_back": 0.0}


def handing_on(*calls, talk=4, wrap_up=1, more=None, **transfer):
    """A type whose agents solve nothing and hand everything on to specialists, who do."""
    given = {"to": "experts", "share": 1.0, "resolves": 1.0, "talk": constant(talk)} | transfer
    spec = listed(*calls, wrap_up=constant(wrap_up), **more or {})
    return {"a": spec | {"resolution": NEVER_BACK, "transfer": given}}


def center(desk=1, experts=1, serves=None):
    """A front desk, and experts behind it."""
    at_desk, experts = (
        one if isinstance(one, dict) else {"positions": one} for one in (desk, experts)
    )
    serves = serves or []
    return {"g": {"serves": ["a"], **at_desk}, "experts": {"serves": serves, **experts}}


def legs(played):
    """What was counted of legs: how many, their wait in minutes, and how many gave up."""
    found = summed(played.tally.legs)
    return (
        found["transfers"],
        found["transfer_wait_ms"] / MINUTE_MS,
        found["transfers_gave_up"],
    )


def test_a_cold_transfer(play):
    """The first agent wraps up; the specialist hears it all again, for a minute.

    t  0  3 4  7 8    13
    0  ███░
       └──█████           the specialist
    1   ▒▒▒███░
           └──▒█████      waits for her
    """
    type_ = handing_on(call(0, 3), call(1, 3), asks_again="1 min")
    played = play(world(type_, center()))
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, wrap_up=1, **UNSOLVED),
            advice(0, 0, 3, 3, 5, seat=1),
            answered(1, 1, 4, 3, wrap_up=1, **UNSOLVED),
            advice(1, 1, 7, 8, 5, seat=1, waited=3),
        ],
    )
    assert handled_min(played) == [[6, 0, 0, 2], [10, 0, 0, 0]]
    assert legs(played) == (2, 1, 0)
    counts = counted(played)
    assert (counts["offered"], counts["answered"], counts["issues"]) == (2, 2, 2)
    assert (counts["first_answers"], counts["solved_at_first_answer"]) == (2, 2)
    assert (counts["talk_ms"], counts["beside_ms"]) == (16 * MINUTE_MS, 0)
    assert played.tally.groups["resolved"].tolist() == [[0, 2]]


def test_a_warm_transfer(play):
    """The first agent stays until the specialist answers, and for two minutes more.

    t  0  3 5 6  9 10 12 13    17
    0  ███══░
       └──███████              the specialist: 2 + 5
    1   ▒▒▒▒▒███═══░
             └──▒███████
    """
    type_ = handing_on(call(0, 3), call(1, 3), talk=5, hand_over="2 min")
    played = play(world(type_, center()))
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, wrap_up=1, hand_over=2, **UNSOLVED),
            advice(0, 0, 3, 3, 7, seat=1),
            answered(1, 1, 6, 3, wrap_up=1, hand_over=3, **UNSOLVED),
            advice(1, 1, 9, 10, 7, seat=1, waited=5),
        ],
    )
    assert handled_min(played) == [[11, 0, 0, 2], [14, 0, 0, 0]]
    time = summed(played.tally.time[:, 0])
    assert time["off_the_line_ms"] == 5 * MINUTE_MS  # it is the specialist's line, or a wait
    counts = counted(played)
    assert (counts["talk_ms"], counts["beside_ms"]) == (25 * MINUTE_MS, 5 * MINUTE_MS)
    assert legs(played) == (2, 1, 0)


def test_giving_up_beside_the_first_agent(play):
    """Patience starts anew, and the agent is freed when it ends: she wraps up.

    t  0  3 4  6 7   9
    0  ███═░
       └──██████           1 + 5
    1  ████══✗░
    """
    patience = {"patience": constant(2)}
    type_ = handing_on(call(0, 3), call(0, 4), talk=5, hand_over="1 min", more=patience)
    played = play(world(type_, center(desk=2)))
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, wrap_up=1, hand_over=1, **UNSOLVED),
            advice(0, 0, 3, 3, 6, seat=2),
            answered(1, 0, 0, 4, wrap_up=1, hand_over=2, seat=1, **UNSOLVED),
            second_leg_gave_up(1, 0, 4, 6, queue=1, resolved=0, outcome=GAVE_UP),
        ],
    )
    assert legs(played) == (2, 2, 1)
    counts = counted(played)
    assert (counts["gave_up"], counts["issues"], counts["issues_resolved"]) == (0, 2, 1)
    assert (counts["first_answers"], counts["solved_at_first_answer"]) == (2, 1)


def test_who_is_not_helped_comes_back_to_the_front_desk(play):
    """She was answered, and comes back in ten minutes as after any unsolved contact. Not again.

    t  0  3 4  7          17 19
    0  ███░
       └──████
                          ▒▒✗    the desk has gone home
    """
    resolution = {"first_contact": 0.0, "comes_back": 0.98, "delay": constant(10)}
    impatient = {"patience": constant(2)}
    type_ = handing_on(call(0, 3, patience=2), resolves=0.0, asks_again="0 s", more=impatient)
    type_["a"]["resolution"] = resolution
    played = play(world(type_, center(desk=quarters(1, 0))))
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, wrap_up=1, **UNSOLVED),
            advice(0, 0, 3, 3, 4, seat=1, resolved=0, last=0),
            gave_up(0, 17, 19, attempt=2, unanswered=1, answers=1),
        ],
    )
    counts = counted(played)
    assert (counts["first_answers"], counts["solved_at_first_answer"]) == (1, 0)


def test_nobody_is_handed_on_to_a_group_off_duty(play):
    """Experts begin at minute 15: until then an unsolved issue stays unsolved.

    t  0  3 4        14   17 18
    0  ███░
    1                ███░      ends at 17: handed on
                       └──█████
    """
    type_ = handing_on(call(0, 3), call(14, 3), asks_again="1 min")
    played = play(world(type_, center(experts=quarters(0, 1))))
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, wrap_up=1, resolved=0),
            answered(1, 14, 14, 3, wrap_up=1, **UNSOLVED),
            advice(1, 14, 17, 17, 5, seat=1),
        ],
    )
    assert counted(played)["issues_resolved"] == 1


def test_an_expert_who_answers_herself_hands_nothing_on(play):
    """She is who there is: what she does not solve at once stays unsolved.

    t  0  3
    0  ███░        the only agent of the desk
    1  ███░        an expert helps out
    """
    serves = {"a": {"priority": 1}}
    type_ = handing_on(call(0, 3), call(0, 3), asks_again="0 s", share=1.0)
    played = play(world(type_, center(serves=serves, experts=2)))
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, wrap_up=1, **UNSOLVED),
            advice(0, 0, 3, 3, 4, seat=2),
            answered(1, 0, 0, 3, wrap_up=1, resolved=0, seat=1, group=1),
        ],
    )


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_share_that_is_handed_on(play, share):
    type_ = handing_on(*(call(10 * n, 3) for n in range(6)), share=share)
    played = play(world(type_, center()))
    assert legs(played)[0] == 6 * share

"""Timelines drawn by hand: callers who hang up and are called back. Every column, both engines.

In the drawings a digit is minutes, ┈ waiting to be called, ☎ ringing, ▒ waiting, █ talk.
"""

import numpy as np
import pytest

from sim.core.tables import DUE_LATER, NOT_REACHED, NOT_YET, TO_BE_CALLED

from .by_hand import ONE, answered, assert_rows, counted, gave_up, handled_min
from .worlds import MINUTE_MS, call, listed, loaded, play_cut, quarters, world

BACK = {
    "above": "3 min",
    "accepted": 1.0,
    "reached": 1.0,
    "attempts": 2,
    "ring": "1 min",
    "retry": "30 min",
}
NEVER_REACHED = BACK | {"reached": 0.0}


def calls(*each, callback=None):
    """Listed calls of five minutes, unless told otherwise, that are called back."""
    return listed(*each, callback=callback or BACK)


def test_a_caller_is_called_when_her_turn_comes(play):
    """(0 + 1) × 5 min ÷ 1 is more than 3 min, so she is offered it; her wait ends as she answers.

    A  ██████████ 0 → 10
    B   ┈┈┈┈┈┈┈┈┈☎███ 1, rung at 10, 11 → 14
    """
    played = play(world({"a": calls(call(0, 10), call(1, 3))}, ONE))
    assert_rows(played.contacts, [answered(0, 0, 0, 10), answered(1, 1, 11, 3, rung=1)])
    assert handled_min(played) == [[14, 0, 0, 0]]
    counts = counted(played)
    assert (counts["called_back"], counts["not_reached"], counts["answered"]) == (1, 0, 2)
    assert counts["wait_ms"] == counts["off_the_line_ms"] == 10 * MINUTE_MS


@pytest.mark.parametrize(("above", "rung"), [("299 s", 1), ("300 s", 0)])
def test_it_is_offered_above_a_wait_to_be_expected(play, above, rung):
    played = play(
        world({"a": calls(call(0, 10), call(1, 3), callback=BACK | {"above": above})}, ONE)
    )
    assert sorted(played.contacts.rung.tolist()) == [0, rung]


def test_the_wait_to_be_expected_counts_who_is_ahead_and_who_is_there(play):
    """Two agents, five minutes a call: 2.5 min for the first who waits, 5 for the second, then 7.5."""
    back = BACK | {"above": "6 min"}
    each = [call(0, 9), call(0, 9), call(1, 1), call(2, 1), call(3, 1)]
    played = play(world({"a": calls(*each, callback=back)}, {"g": {"positions": 2}}))
    by_call = played.contacts[np.argsort(played.contacts.listed)]
    assert by_call.rung.tolist() == [0, 0, 0, 0, 1]


def test_her_place_is_kept_among_those_who_wait(play):
    """
    A  ██████████ 0 → 10
    B   ┈┈┈┈┈┈┈┈┈☎█ 1, rung at 10, 11 → 12
    C    ▒▒▒▒▒▒▒▒▒▒▒█ 2, taken at 12
    """
    contacts = {"a": calls(call(0, 10), call(1, 1)), "b": listed(call(2, 1))}
    agents = {"g": {"positions": 1, "serves": {"a": 1, "b": 1}}}
    played = play(world(contacts, agents))
    rows = [answered(0, 0, 0, 10), answered(1, 1, 11, 1, rung=1), answered(2, 2, 12, 1, type=1)]
    assert_rows(played.contacts, rows)


def test_who_is_never_reached_ends_without_an_answer(play):
    """
    A  ██████████ 0 → 10
    B   ┈┈┈┈┈┈┈┈┈☎ 1, rung at 10 and at 41
    """
    played = play(world({"a": calls(call(0, 10), call(1, 3), callback=NEVER_REACHED)}, ONE))
    unreached = {"rung": 2, "outcome": NOT_REACHED, "group": 0, "seat": 0}
    rows = [answered(0, 0, 0, 10), gave_up(1, 1, 42, until=42, **unreached)]
    assert_rows(played.contacts, rows)
    assert handled_min(played) == [[12, 0, 0, 0]]
    counts = counted(played)
    assert (counts["offered"], counts["answered"], counts["not_reached"]) == (2, 1, 1)
    assert counts["gave_up"] == counts["open"] == 0


def test_the_second_call_comes_before_who_came_later(play):
    """At 41 the agent talks until 45 with D, who came at 40; C came at 42, after B."""
    contacts = {
        "a": calls(call(0, 10), call(1, 3), callback=NEVER_REACHED),
        "b": listed(call(40, 5), call(42, 2)),
    }
    played = play(world(contacts, {"g": {"positions": 1, "serves": {"a": 1, "b": 1}}}))
    b = played.contacts[(played.contacts.listed == 1)][0]
    c = played.contacts[(played.contacts.listed == 3)][0]
    assert b.left_ms == 46 * MINUTE_MS
    assert c.answered_ms == 46 * MINUTE_MS


def test_a_caller_who_hung_up_takes_no_line(play):
    """One line: B's call at 1 finds A on it, so B is blocked; with two, C finds one free."""
    each = [call(0, 10), call(1, 3), call(2, 3)]
    played = play(world({"a": calls(*each)}, ONE, lines=2))
    assert counted(played)["blocked"] == 0
    assert counted(play(world({"a": calls(*each)}, ONE, lines=1)))["blocked"] == 2


def test_before_opening_the_time_until_it_is_what_counts(play):
    """Nobody is there until 15: at 5 she waits 10 min, at 13 only 2."""
    each = [call(5, 1), call(13, 1)]
    back = BACK | {"above": "5 min"}
    played = play(world({"a": calls(*each, callback=back)}, {"g": quarters(0, 1)}))
    rows = [answered(0, 5, 16, 1, rung=1), answered(1, 13, 17, 1)]
    assert_rows(played.contacts, rows)


def test_at_the_end_of_the_horizon_all_are_open_who_were_not_reached(play):
    """In the queue, and between two calls."""
    each = [call(0, 1430), call(1, 5), call(1425, 2)]
    played = play(world({"a": calls(*each, callback=NEVER_REACHED)}, ONE))
    by_call = played.contacts[np.argsort(played.contacts.listed)]
    assert by_call.phase.tolist()[1:] == [DUE_LATER, DUE_LATER]
    assert (by_call.answered_ms[1:] == NOT_YET).all()
    assert counted(played)["open"] == 2
    longer = play(world({"a": calls(call(0, 1500), call(1, 5))}, ONE))
    assert TO_BE_CALLED in longer.contacts.phase.tolist()
    assert counted(longer)["open"] == 1


@pytest.mark.parametrize("cuts", [(1,), (1, 2, 3)])
def test_callbacks_across_a_cut(tmp_path, engine, cuts):
    """Rung at 14:30 until 15:30, between calls at 30 and 45."""
    each = [call(0, 14.5), call(1, 5), call(2, 5), call(44, 3)]
    back = BACK | {"reached": 0.3, "attempts": 3, "retry": "12 min"}
    scenario = loaded(tmp_path, world({"a": calls(*each, callback=back)}, ONE))
    whole, cut = play_cut(scenario, engine), play_cut(scenario, engine, cuts)
    for name in whole.contacts.dtype.names:
        assert np.array_equal(whole.contacts[name], cut.contacts[name]), name
    for one, two in zip(whole.tally, cut.tally, strict=True):
        assert np.array_equal(one, two)
    assert whole.contacts.rung.max() > 1

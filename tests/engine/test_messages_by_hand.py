"""Timelines drawn by hand: conversations by messages. Every column, both engines.

Three rounds of equal parts, and the customer answers ten minutes after each. In the drawings a
digit is minutes, █ talk, · the customer is away, ▒ she waits, ▓ offer or wrap-up.
"""

import numpy as np
import pytest

from sim.core.tables import AWAY, TALKING, WAITING

from .by_hand import ONE, answered, assert_rows, counted, gave_up, handled_min
from .worlds import (
    ENGINES,
    MINUTE_MS,
    assert_same_end,
    call,
    constant,
    listed,
    loaded,
    play_cut,
    product,
    quarters,
    world,
)

HOW = {"rounds": 3, "answers_after": constant(10), "reads": "0 s", "usual_wait": "30 s"}


def messages(*calls, most=2, speeds=(1, 0.5), patience="none", **more):
    """Listed conversations, of which an agent may work on two at once."""
    concurrency = {"most": most, "speeds": list(speeds), "solves_less": 0}
    how = HOW | {key: more.pop(key) for key in list(more) if key in HOW}
    spec = listed(*calls, channel="messaging", concurrency=concurrency, messaging=how, **more)
    return spec | {"patience": patience}


def serving(*types):
    """One agent, who takes who has waited longest."""
    return {"g": {"positions": 1, "serves": dict.fromkeys(types, 1)}}


def conversation(number, arrived, at, talk, last, until, **more):
    """A conversation first answered at `at`, whose last message came at `last`. Minutes."""
    row = {"joined": last, "left": until, "until": until}
    return answered(number, arrived, at, talk, **row | more)


def test_three_rounds(play):
    """Six minutes of talk in three parts; while she is away nobody has it in hand.

    0 2         12 14        24 26
    ██··········██···········██
    """
    played = play(world({"a": messages(call(0, 6))}, ONE))
    assert_rows(played.contacts, [conversation(0, 0, 0, 6, 24, 26)])
    assert handled_min(played) == [[6, 0, 0, 0]]
    counts = counted(played)
    assert (counts["answered"], counts["wait_ms"], counts["talk_ms"]) == (1, 0, 6 * MINUTE_MS)
    assert (counts["issues"], counts["issues_resolved"]) == (1, 1)
    assert played.tally.time["chats_ms"].sum() == 6 * MINUTE_MS


def test_the_agent_reads_what_was_written(play):
    """A minute more in each round but the first.

    0 2         12  15       25  28
    ██··········███··········███
    """
    played = play(world({"a": messages(call(0, 6), reads="1 min")}, ONE))
    assert_rows(played.contacts, [conversation(0, 0, 0, 8, 25, 28)])


@pytest.mark.parametrize(("talk", "parts"), [(7, (2, 2, 3)), (1, (0, 0, 1))])
def test_parts_are_whole_and_add_up(play, talk, parts):
    """Of 7 or 1 ms the last round has what is left over."""
    typed = call(0, 1) | {"talk": f"{talk / 1000} s"}
    played = play(world({"a": messages(typed)}, ONE))
    assert played.contacts.talk_ms.tolist() == [sum(parts)]
    assert played.contacts.left_ms.tolist() == [20 * MINUTE_MS + talk]


def test_meanwhile_the_agent_takes_calls(play):
    """A call from 3 to 8; the answer at 12 finds her free.

    m  ██··········██·········██
    c     █████
    """
    contacts = {"m": messages(call(0, 6)), "c": listed(call(3, 5))}
    played = play(world(contacts, serving("m", "c")))
    rows = [conversation(0, 0, 0, 6, 24, 26), answered(1, 3, 3, 5, type=1)]
    assert_rows(played.contacts, rows)


def test_a_later_message_waits_and_is_felt(play):
    """A call from 11 to 16: her second message of 12 waits for 4 minutes, which add to the first 0.

    m  ██··········▒▒▒▒██·········██
    c             █████
    """
    contacts = {"m": messages(call(0, 6)), "c": listed(call(11, 5))}
    played = play(world(contacts, serving("m", "c")))
    rows = [conversation(0, 0, 0, 6, 28, 30, waited=4), answered(1, 11, 11, 5, type=1)]
    assert_rows(played.contacts, rows)
    assert counted(played)["wait_ms"] == 0  # that of the first answer


def test_the_wait_is_felt_like_a_shorter_one_of_a_call(play):
    """Of 4 minutes where a minute is usual 2 minutes are felt, as 30 s of a call are usual."""
    contacts = {"m": messages(call(0, 6), usual_wait="1 min"), "c": listed(call(11, 5))}
    played = play(world(contacts, serving("m", "c")))
    waited = played.contacts.waited_ms[played.contacts.type == 0]
    assert waited.tolist() == [2 * MINUTE_MS]


def test_only_open_hours_are_waited(play):
    """She answers at 0:12; the center is closed from 0:15 to 1:00, so she waits 3 minutes more."""
    hours = "Mon-Sun 00:00-00:15, Mon-Sun 01:00-02:00"
    contacts = {"m": messages(call(0, 4), rounds=2, open=hours), "c": listed(call(11, 5))}
    agents = {"g": {"serves": ["m", "c"]} | quarters(1, 0, 0, 0, 1)}
    played = play(world(contacts, agents))
    row = conversation(0, 0, 0, 4, 12, 62, waited=3)
    assert_rows(played.contacts, [row, answered(1, 11, 11, 5, type=1)])


def test_nobody_gives_up_a_conversation_that_has_begun(play):
    """Her patience of 14 would have ended in the midst of her second wait.

    c  █           ████████          until 1, and from 12 to 20
    m  ▒██··········▒▒▒▒▒▒▒██        at 1, 3, 13, 20 and 22
    """
    contacts = {
        "c": listed(call(0, 1), call(12, 8)),
        "m": messages(call(0, 4, 14), rounds=2),
    }
    played = play(world(contacts, serving("c", "m")))
    rows = [
        answered(0, 0, 0, 1),
        conversation(1, 0, 1, 4, 13, 22, waited=7, type=1),
        answered(2, 12, 12, 8),
    ]
    assert_rows(played.contacts, rows)


def test_whoever_waits_for_a_first_answer_may_give_up(play):
    """Nobody is there, and her patience is 5 minutes."""
    played = play(world({"m": messages(call(0, 4, 5))}, {"g": {"positions": 0}}))
    assert_rows(played.contacts, [gave_up(0, 0, 5)])


def test_two_at_once_share_an_agent_while_both_are_worked_on(play):
    """B comes at 1, when A has a minute left of its first round: both go at half speed until 3.

    A  ███··········██             0 → 3, 13 → 15
    B   ███··········█             1 → 4: one minute of two by 3; away to 14
    """
    played = play(world({"m": messages(call(0, 4), call(1, 3), rounds=2)}, ONE))
    # B: 1.5 a round. 1 → 3 does 1 of it, alone until 3.5; its answer comes at 13.5, beside A, who
    # has 1.5 left then: both at half speed. B needs 3 minutes beside it, and so does A: 16.5.
    rows = [
        conversation(0, 0, 0, 3 + 3.5, 13, 16.5),
        conversation(1, 1, 1, 2.5 + 3, 13.5, 16.5),
    ]
    assert_rows(played.contacts, rows)
    assert handled_min(played) == [[7, 0, 0, 0]]


def test_offer_and_wrap_up_follow_the_last_round(play):
    """An offer of 3 minutes, and 2 of wrap-up.

    ██··········██▓▓▓▓▓
    """
    spec = messages(call(0, 4, offer=3), rounds=2, wrap_up=constant(2))
    played = play(world({"m": spec}, ONE, offers={"p": product(returns=0)}))
    row = conversation(0, 0, 0, 4, 12, 19, left=17, offer=3, wrap_up=2, product=0, accepted=1)
    assert_rows(played.contacts, [row])
    assert handled_min(played) == [[4, 0, 3, 2]]


def test_another_agent_goes_on(play):
    """Seat 0 is on duty until 0:15, and group h from then on: it has the last round.

    0 2         12 14        24 26
    ██··········██···········██
    """
    agents = {
        "g": {"serves": ["m"]} | quarters(1, 0),
        "h": {"serves": ["m"]} | quarters(0, 1, 1),
    }
    played = play(world({"m": messages(call(0, 6))}, agents))
    assert_rows(played.contacts, [conversation(0, 0, 0, 6, 24, 26, group=1, seat=1)])
    assert [sum(parts) for parts in handled_min(played)] == [4, 2]
    assert played.overtime_ms.sum() == 0


def test_unsolved_she_writes_anew(play):
    """A repeat is a conversation of its own, in as many rounds."""
    again = {"first_contact": 0.0, "comes_back": 0.99, "delay": constant(600)}
    played = play(world({"m": messages(call(0, 4), rounds=2, resolution=again)}, ONE))
    rows = played.contacts[played.contacts.left_ms > 0]
    assert rows.attempt.tolist() == [1, 2, 3]
    assert rows.arrived_ms.tolist() == [0, 614 * MINUTE_MS, 1228 * MINUTE_MS]
    assert (rows.talk_ms == 4 * MINUTE_MS).all()


def test_a_specialist_may_put_her_on_hold(play):
    """What is handed on after the last round is one stretch of work, its hold included."""
    transfer = {
        "to": "experts", "share": 1.0, "resolves": 1.0, "talk": constant(4), "wrap_up": "none",
        "hold": {"share": 1.0, "mean": "2 min"}, "asks_again": "0 s",
    }  # fmt: skip
    unsolved = {"first_contact": 0.0, "comes_back": 0.0}
    spec = messages(call(0, 4), rounds=2, resolution=unsolved, transfer=transfer)
    agents = {"g": {"serves": ["m"], "positions": 1}, "experts": {"serves": [], "positions": 1}}
    played = play(world({"m": spec}, agents))
    first, second = played.contacts
    assert (first.talk_ms, first.hold_ms, first.left_ms) == (4 * MINUTE_MS, 0, 14 * MINUTE_MS)
    assert (second.answered_ms, second.talk_ms) == (14 * MINUTE_MS, 4 * MINUTE_MS)
    assert second.hold_ms > 0
    assert second.left_ms == second.answered_ms + second.talk_ms + second.hold_ms


@pytest.mark.parametrize("engine", ENGINES)
def test_across_the_edge_of_a_span(tmp_path, engine):
    """Cut while she is away, while she waits, and while she is answered: nothing changes."""
    contacts = {"m": messages(call(7, 12), call(8, 6)), "c": listed(call(20, 15), call(42, 30))}
    scenario = loaded(tmp_path, world(contacts, serving("m", "c")))
    whole, found = play_cut(scenario, engine), set()
    for cut in range(1, 9):
        played = play_cut(scenario, engine, (cut,))
        assert_same_end(whole, played)
        carried = played.carries[0].contacts
        found |= set(carried.phase[carried.type == 0].tolist())
    assert {AWAY, TALKING, WAITING} <= found


def test_answers_take_what_was_typed_and_are_each_their_own(tmp_path):
    """The mean of 400 is 20 minutes, and no two of a conversation are alike."""
    calls = [call(i / 10, 0.1) for i in range(200)]
    delay = {"mean": "20 min", "distribution": "exponential"}
    spec = messages(*calls, answers_after=delay)
    rows = play_cut(
        loaded(tmp_path, world({"m": spec}, {"g": {"positions": 300}})), "compiled"
    ).contacts
    away_min = (rows.left_ms - rows.arrived_ms - rows.talk_ms) / MINUTE_MS
    assert away_min.mean() == pytest.approx(40, abs=4 * 20 * np.sqrt(2 / 200))
    # Of two independent ones the variance is twice that of one; of two alike four times.
    assert away_min.var() / 400 == pytest.approx(2, abs=0.8)

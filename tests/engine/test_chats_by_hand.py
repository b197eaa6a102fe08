"""Timelines drawn by hand: several chats at once. Every column, both engines.

With two chats open each goes at half speed, unless said otherwise. In the drawings a digit is
minutes, ▒ waiting, █ talk, ▓ offer or wrap-up, ✗ giving up.
"""

import numpy as np
import pytest

from sim.core.moments import WINDOW_LEG
from sim.core.tables import NOBODY_THERE
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.weeks.play import play as play_horizon

from .by_hand import ON, ONE, TWO, answered, assert_rows, counted, gave_up, handled_min, second_leg
from .worlds import (
    ENGINES,
    MINUTE_MS,
    call,
    constant,
    listed,
    loaded,
    play_cut,
    product,
    quarters,
    world,
)


def chats(*calls, most=2, speeds=(1, 0.5), **more):
    """Listed chats, of which an agent may have two."""
    concurrency = {"most": most, "speeds": list(speeds), "solves_less": 0}
    concurrency |= more.pop("concurrency", {})
    concurrency = {key: value for key, value in concurrency.items() if value is not None}
    return listed(*calls, channel="chat", concurrency=concurrency, **{"silent": "none"} | more)


def serving(*types):
    """One agent, who takes who has waited longest."""
    return {"g": {"positions": 1, "serves": dict.fromkeys(types, 1)}}


def in_chats_min(played, group=0):
    """Minutes of chats, added up, and of agents in at least one."""
    time = played.tally.time[:, group]
    return time["chats_ms"].sum() / MINUTE_MS, time["in_chats_ms"].sum() / MINUTE_MS


def test_the_trace(play):
    """Two minutes alone, 2.5 beside another at 0.6 each, 2.5 alone again.

    A  █████████████████████████████ 7
    B          ██████████ 4.5
    """
    played = play(world({"a": chats(call(0, 6), call(2, 1.5), speeds=(1, 0.6))}, ONE))
    assert_rows(played.contacts, [answered(0, 0, 0, 7), answered(1, 2, 2, 2.5)])
    assert in_chats_min(played) == (9.5, 7)
    assert handled_min(played) == [[7, 0, 0, 0]]


def test_a_third_chat_waits_until_one_closes(play):
    """
    A  ██████ 0 → 4: one minute alone, 1.5 of work in three
    B    ████ 1 → 6: 1.5 of work beside A until 4, one beside C
    C   ▒▒▒▒█ 2, taken at 4: one beside B until 6, one alone until 7
    """
    played = play(world({"a": chats(call(0, 2.5), call(1, 2.5), call(2, 2))}, ONE))
    rows = [answered(0, 0, 0, 4), answered(1, 1, 1, 5), answered(2, 2, 4, 3)]
    assert_rows(played.contacts, rows)
    assert handled_min(played) == [[7, 0, 0, 0]]
    assert in_chats_min(played) == (12, 7)


def test_the_agent_with_fewest_chats_is_first_then_who_had_so_few_for_longest(play):
    """A to seat 0, B to seat 1, C to seat 0: both have one, she for longer; D to seat 1."""
    calls = [call(0, 2), call(1, 2), call(1.5, 1), call(1.75, 1)]
    played = play(world({"a": chats(*calls)}, TWO))
    by_call = np.argsort(played.contacts.listed)
    assert played.contacts.seat[by_call].tolist() == [0, 1, 0, 1]


def test_a_chat_keeps_its_speed_where_it_is_fixed_at_the_start(play):
    """A at full speed to its end; B began beside it and keeps half, though alone from 3 on."""
    played = play(world({"a": chats(call(0, 3), call(1, 2), concurrency={"fixed": True})}, ONE))
    assert_rows(played.contacts, [answered(0, 0, 0, 3), answered(1, 1, 1, 4)])
    assert handled_min(played) == [[5, 0, 0, 0]]
    assert in_chats_min(played) == (7, 5)


def test_three_speeds(play):
    """One minute alone, one beside B, then three at a quarter each: C's minute takes four."""
    speeds = (1, 0.5, 0.25)
    played = play(
        world({"a": chats(call(0, 3), call(1, 2), call(2, 1), most=3, speeds=speeds)}, ONE)
    )
    # At 6: A has 0.5 left, B has 0.5; both are done at 7.
    rows = [answered(0, 0, 0, 7), answered(1, 1, 1, 6), answered(2, 2, 2, 4)]
    assert_rows(played.contacts, rows)
    assert in_chats_min(played) == (17, 7)
    assert sum(handled_min(played)[0]) == pytest.approx(7)


def test_a_slowdown_is_one_over_one_plus_it_for_each_further_chat(play):
    """1 ÷ 1.25 with two: a minute of work takes 1.25."""
    two = {"speeds": None, "slowdown": 0.25}
    played = play(world({"a": chats(call(0, 2), call(1, 1), concurrency=two)}, ONE))
    assert_rows(played.contacts, [answered(0, 0, 0, 2.25), answered(1, 1, 1, 1.25)])


# --- phases --------------------------------------------------------------------------------------


def test_offer_and_wrap_up_are_work_beside_other_chats(play):
    """
    A  ██▓▓▓▓▓ talk 0 → 2, offer of 2 → 5 (beside B from 3), wrap-up of 1 → 7
    B     ████▓▓ 3 → 6: talk of 1.5; offer of 1 → 7.5, alone from 7; wrap-up of 1 → 8.5
    """
    calls = [call(0, 2, offer=2), call(3, 1.5, offer=1)]
    contacts = {"a": chats(*calls, wrap_up=constant(1))}
    played = play(world(contacts, ONE, offers={"p": product()}))
    rows = [
        answered(0, 0, 0, 2, offer=3, wrap_up=2, product=0, accepted=1),
        answered(1, 3, 3, 3, offer=1.5, wrap_up=1, product=0, accepted=1),
    ]
    assert_rows(played.contacts, rows)
    assert handled_min(played) == [[3.5, 0, 3, 2]]


def test_hold_comes_last_in_talk(play):
    """What is left of talk and hold at 2, and all of B's, goes at half speed until one is done."""
    held = {"share": 1.0, "mean": "1 min"}
    played = play(world({"a": chats(call(0, 3), hold=held), "b": chats(call(2, 9))}, ONE))
    alone = play(world({"a": chats(call(0, 3), hold=held), "b": chats(call(30, 9))}, ONE))
    a, other = (one.contacts[one.contacts.listed == 0][0] for one in (played, alone))
    assert other.talk_ms == 3 * MINUTE_MS
    assert other.hold_ms > 0
    assert a.talk_ms == 4 * MINUTE_MS
    assert a.hold_ms == 2 * other.hold_ms
    assert handled_min(played)[0][1] == other.hold_ms / MINUTE_MS


def test_a_second_leg_of_a_chat_is_a_chat(play):
    """One specialist makes both offers of two minutes.

    A  ██▓▓▓ handed on at 2, alone → 3, beside B → 5
    B   ██▓▓▓ 1, handed on at 3, beside A → 5, alone → 6
    """
    handed_on = product(offer={"offer": "specialist", "group": "s"}, talk=constant(2))
    agents = {"g": {"positions": 2, "serves": ["a"]}, "s": {"positions": 1, "serves": []}}
    a = chats(call(0, 2), call(1, 2))
    played = play(world({"a": a}, agents, offers={"p": handed_on}))
    rows = [
        answered(0, 0, 0, 2, **ON),
        second_leg(0, 0, 2, 2, offer=3, seat=2, accepted=1),
        answered(1, 1, 1, 2, seat=1, **ON),
        second_leg(1, 1, 3, 3, offer=3, seat=2, accepted=1),
    ]
    assert_rows(played.contacts, rows)
    assert handled_min(played) == [[4, 0, 0, 0], [0, 0, 4, 0]]


# --- calls beside chats --------------------------------------------------------------------------


def test_while_a_call_waits_no_chat_that_came_later_is_taken(play):
    """
    chat A  ██████ 0 → 4
    call B    ▒▒▒▒██ 1, taken at 4 → 6
    chat C     ▒▒▒▒▒▒██ 2, taken at 6 → 8, though there was room
    """
    contacts = {"chat": chats(call(0, 4), call(2, 2)), "voice": listed(call(1, 2))}
    played = play(world(contacts, serving("chat", "voice")))
    rows = [
        answered(0, 0, 0, 4),
        answered(1, 1, 4, 2, type=1),
        answered(2, 2, 6, 2),
    ]
    assert_rows(played.contacts, rows)


def test_a_chat_that_comes_before_is_taken_while_a_call_waits(play):
    """
    chat A  ███████ 0 → 6: two alone, four beside C at half speed; call B waits until 6
    chat C    ████ 2 → 6, before B by its priority
    """
    contacts = {"chat": chats(call(0, 4), call(2, 2)), "voice": listed(call(1, 2))}
    agents = {"g": {"positions": 1, "serves": {"chat": 1, "voice": 2}}}
    played = play(world(contacts, agents))
    rows = [
        answered(0, 0, 0, 6),
        answered(1, 1, 6, 2, type=1),
        answered(2, 2, 2, 4),
    ]
    assert_rows(played.contacts, rows)


def test_a_chat_is_taken_as_soon_as_the_call_before_it_gives_up(play):
    """
    chat A  █████ 0 → 5: alone until 3, then beside C
    call B    ▒✗ 1 → 3
    chat C    ▒█ 2, taken at 3 → 5
    """
    contacts = {"chat": chats(call(0, 4), call(2, 1)), "voice": listed(call(1, 2, patience=2))}
    played = play(world(contacts, serving("chat", "voice")))
    rows = [
        answered(0, 0, 0, 5),
        gave_up(1, 1, 3, type=1),
        answered(2, 2, 3, 2),
    ]
    assert_rows(played.contacts, rows)


def test_a_call_blocks_chats(play):
    """The agent of a call has no room: the chat waits until it is over."""
    contacts = {"chat": chats(call(1, 2)), "voice": listed(call(0, 3))}
    played = play(world(contacts, serving("chat", "voice")))
    assert_rows(played.contacts, [answered(0, 0, 0, 3, type=1), answered(1, 1, 3, 2)])


def test_a_chat_of_one_at_a_time_takes_nobody_beside_it(play):
    """The one who has it open may have no other, of whatever type."""
    contacts = {"alone": chats(call(0, 3), most=1, speeds=[1]), "two": chats(call(1, 2))}
    played = play(world(contacts, serving("alone", "two")))
    assert_rows(played.contacts, [answered(0, 0, 0, 3), answered(1, 1, 3, 2, type=1)])


def test_chats_take_no_telephone_line(play):
    contacts = {"chat": chats(call(0, 9), call(1, 1)), "voice": listed(call(2, 1), call(2.5, 1))}
    agents = {"g": {"positions": 2, "serves": ["chat", "voice"]}}
    played = play(world(contacts, agents, lines=1))
    counts = counted(played, 0), counted(played, 1)
    assert [c["blocked"] for c in counts] == [0, 1]


# --- groups and seats ----------------------------------------------------------------------------


def test_a_group_that_helps_late_takes_a_chat_beside_another(play):
    """The helper has a chat of her own; A's second waits 2 min for her, at 3."""
    contacts = {"a": chats(call(0, 9), call(0.5, 9), call(1, 1)), "b": chats(call(0, 4))}
    agents = {
        "g": {"positions": 1, "serves": ["a"]},
        "helper": {"positions": 1, "serves": {"b": {}, "a": {"after": "2 min"}}},
    }
    played = play(world(contacts, agents))
    late = played.contacts[played.contacts.arrived_ms == MINUTE_MS][0]
    assert (late.answered_ms, late.group) == (3 * MINUTE_MS, 1)
    assert late.left_ms == 5 * MINUTE_MS


def test_whoever_has_fewest_chats_takes_none_while_a_seat_is_owed(play):
    """At 15 one of two has to go: she with one chat, not she with two, gets no more.

    seat 0  A and C; seat 1  B. At 16 chat D waits for seat 0, where A closes at 18.
    """
    calls = [call(10, 20), call(11, 20), call(12, 2), call(16, 1)]
    played = play(world({"a": chats(*calls)}, {"g": quarters(2, 1)}))
    by_call = played.contacts[np.argsort(played.contacts.listed)]
    assert by_call.seat[:3].tolist() == [0, 1, 0]
    c, d = by_call[2], by_call[3]
    assert c.left_ms == 16 * MINUTE_MS
    assert (d.answered_ms, d.seat) == (16 * MINUTE_MS, 1 if c.left_ms > 16 * MINUTE_MS else 0)


def test_at_closing_all_serve_who_still_waits(play):
    """Both seats are owed at 15, when the last type closes; D is taken beside another chat."""
    calls = [call(10, 8), call(11, 8), call(12, 8), call(13, 8), call(14, 1)]
    contacts = {"a": chats(*calls, open="mon-sun 00:00-00:15")}
    played = play(world(contacts, {"g": quarters(2, 0)}))
    last = played.contacts[played.contacts.listed == 4][0]
    firsts = played.contacts[played.contacts.listed < 4]
    assert last.answered_ms == firsts.left_ms.min() > 15 * MINUTE_MS


# --- empty windows -------------------------------------------------------------------------------


def window(listed_, joined, left_open, at, talk, **more):
    """An empty window that an agent took at `at` and closed after so long. Minutes."""
    row = {
        "leg": WINDOW_LEG,
        "joined": joined,
        "outcome": NOBODY_THERE,
        "answers": 0,
        "resolved": 0,
    }
    return answered(listed_, left_open, at, talk, **row | {"last": 0} | more)


SILENT = {"silent": {"share": 1.0, "wasted": "1 min"}}


def test_whoever_gives_up_silently_leaves_a_window_that_takes_time(play):
    """
    A  ██████ 0 → 6
    B   ▒▒✗   1 → 3; its window keeps the place: 6 → 7
    C     ▒▒▒ 4, taken at 7 → 9
    """
    a = chats(call(0, 6), call(1, 5, patience=2), call(4, 2), most=1, speeds=[1], **SILENT)
    played = play(world({"a": a}, ONE))
    rows = [
        answered(0, 0, 0, 6),
        gave_up(1, 1, 3),
        window(1, 1, 3, 6, 1),
        answered(2, 4, 7, 2),
    ]
    assert_rows(played.contacts, rows)
    counts = counted(played)
    assert (counts["offered"], counts["answered"], counts["gave_up"]) == (3, 2, 1)
    assert counts["talk_ms"] == 8 * MINUTE_MS
    assert handled_min(played) == [[9, 0, 0, 0]]


def test_a_window_is_one_of_several_chats(play):
    """Beside A from 4: its minute takes two."""
    a = chats(call(0, 8), call(1, 3), call(2, 5, patience=1), **SILENT)
    played = play(world({"a": a}, ONE))
    rows = [
        answered(0, 0, 0, 12),
        answered(1, 1, 1, 6),
        gave_up(2, 2, 3),
        window(2, 2, 3, 7, 2),
    ]
    assert_rows(played.contacts, rows)


# --- where a play is cut ------------------------------------------------------------------------


def test_a_chat_across_a_cut_is_what_it_was(tmp_path, engine):
    """Cut at 15 and at 30: nothing is done to open chats there, and their time is counted once."""
    a = chats(call(13, 7.3), call(14, 6.1), call(29, 3.7), call(29.5, 1), **SILENT)
    scenario = loaded(tmp_path, world({"a": a}, ONE))
    whole, cut = play_cut(scenario, engine), play_cut(scenario, engine, (1, 2))
    assert len(cut.carries[0].contacts) == 2
    assert (cut.carries[0].seats.chats == 2).all()
    for name in whole.contacts.dtype.names:
        assert np.array_equal(whole.contacts[name], cut.contacts[name]), name
    for part in whole.tally.time.dtype.names:
        assert np.array_equal(whole.tally.time[part], cut.tally.time[part]), part
    assert np.array_equal(whole.tally.handled, cut.tally.handled)
    spent = whole.tally.time
    parts = ("talk_ms", "hold_ms", "offer_ms", "wrap_up_ms")
    assert sum(spent[part].sum() for part in parts) == spent["in_chats_ms"].sum()


@pytest.mark.parametrize(("first", "then"), [(3, 1), (1, 3)])
def test_an_initiative_changes_how_many_chats_there_may_be(tmp_path, first, then):
    """From the second week; whoever has more open ends them, and desks find room for more."""
    chat = {
        "channel": "chat",
        "volume": {"per_week": 2500, "profile": "flat", "counts": "first"},
        "handle": "40 min",
        "open": "always",
        "patience": "none",
        "redial": "none",
        "concurrency": first,
    }
    patch = {"contacts": {"chat": {"concurrency": {"most": then}}}}
    more = {"horizon": {"weeks": 3}, "initiatives": {"a": {"from_week": 2, "set": patch}}}
    planner = Planner(
        loaded(tmp_path, world({"chat": chat}, {"g": {"positions": 12}}, **more)), UNANCHORED
    )
    fast, plain = (play_horizon(planner, 1, 0, engine=engine) for engine in ENGINES)
    for one, two in zip(fast.tally, plain.tally, strict=True):
        assert np.array_equal(one, two)
    time = fast.tally.time[:, 0]
    at_once = (time["chats_ms"] / time["in_chats_ms"]).tolist()
    alone, several = (at_once[2], at_once[0]) if then == 1 else (at_once[0], at_once[2])
    assert alone == 1.0
    assert several > 1.1

"""Timelines drawn by hand: queues, ties, priorities and groups. Every column, both engines.

In the drawings a digit is minutes, ▒ waiting, █ talk, ▓ offer, ░ wrap-up, ✗ giving up.
"""

import numpy as np
import pytest

from sim.core.tables import FREE, NOBODY, NOT_YET, TALKING, WAITING

from .by_hand import (
    HANDLING,
    ONE,
    TWO,
    answered,
    assert_rows,
    balked,
    callers,
    counted,
    gave_up,
    handled_min,
    overtime_min,
)
from .reference_cases import cases
from .worlds import (
    MINUTE_MS,
    call,
    constant,
    listed,
    product,
    world,
)

# --- one queue ---------------------------------------------------------------------------------


def test_first_come_first_served(play):
    """One agent takes the oldest.

    t  0    5    8 9
    0  █████
    1   ▒▒▒▒███         arrives 1
    2    ▒▒▒▒▒▒█        arrives 2
    """
    played = play(world({"a": listed(call(0, 5), call(1, 3), call(2, 1))}, ONE))
    assert_rows(played.contacts, [answered(0, 0, 0, 5), answered(1, 1, 5, 3), answered(2, 2, 8, 1)])
    counts = counted(played)
    assert counts["offered"] == counts["answered"] == counts["first_contacts"] == 3
    assert counts["waited"] == 2
    assert counts["wait_ms"] == counts["wait_answered_ms"] == 10 * MINUTE_MS
    assert counts["talk_ms"] == 9 * MINUTE_MS
    assert played.tally.time["scheduled_ms"][0, 0] == 24 * 60 * MINUTE_MS
    assert overtime_min(played) == 0


def test_giving_up(play):
    """Who gives up is out of the queue.

    t  0   4 56
    0  ██████
    1   ▒▒▒✗           patience 3
    2    ▒▒▒▒█         patience 10
    """
    played = play(world({"a": listed(call(0, 5), call(1, 3, 3), call(2, 1, 10))}, ONE))
    assert_rows(played.contacts, [answered(0, 0, 0, 5), gave_up(1, 1, 4), answered(2, 2, 5, 1)])
    counts = counted(played)
    assert (counts["offered"], counts["answered"], counts["gave_up"]) == (3, 2, 1)
    assert counts["wait_ms"] - counts["wait_answered_ms"] == 3 * MINUTE_MS


def test_patience_that_ends_as_an_agent_is_freed_is_answered(play):
    """An agent is freed before anybody gives up.

    t  0    5  8
    0  █████
    1   ▒▒▒▒███        patience 4, to the very moment
    """
    played = play(world({"a": listed(call(0, 5), call(1, 3, 4))}, ONE))
    assert_rows(played.contacts, [answered(0, 0, 0, 5), answered(1, 1, 5, 3)])


def test_of_two_whose_patience_ends_as_one_agent_is_freed_one_gives_up(play):
    """The older is answered; the other gives up at that moment.

    t  0    5  8
    0  █████
    1   ▒▒▒▒███        patience 4
    2    ▒▒▒✗          patience 3
    """
    played = play(world({"a": listed(call(0, 5), call(1, 3, 4), call(2, 3, 3))}, ONE))
    assert_rows(played.contacts, [answered(0, 0, 0, 5), answered(1, 1, 5, 3), gave_up(2, 2, 5)])


def test_who_arrives_as_the_agent_is_freed_does_not_wait(play):
    """An agent is freed before anybody arrives.

    t  0    5  8
    0  █████
    1       ███        arrives 5, patience 0
    """
    played = play(world({"a": listed(call(0, 5), call(5, 3, 0))}, ONE))
    assert_rows(played.contacts, [answered(0, 0, 0, 5), answered(1, 5, 5, 3)])


def test_the_waiting_precede_who_arrives_as_the_agent_is_freed(play):
    """The one freed agent is gone before the arrival.

    t  0    5  8  11
    0  █████
    1   ▒▒▒▒███
    2       ▒▒▒███     arrives 5
    """
    played = play(world({"a": listed(call(0, 5), call(1, 3), call(5, 3))}, ONE))
    assert_rows(played.contacts, [answered(0, 0, 0, 5), answered(1, 1, 5, 3), answered(2, 5, 8, 3)])


def test_patience_0_leaves_at_once_unless_somebody_is_free(play):
    """Nobody free: gives up as it arrives.

    t  0    56
    0  █████           patience 0, but the agent is free
    1   ✗              patience 0
    2       █          arrives 5, patience 0
    """
    played = play(world({"a": listed(call(0, 5, 0), call(1, 5, 0), call(5, 1, 0))}, ONE))
    assert_rows(played.contacts, [answered(0, 0, 0, 5), gave_up(1, 1, 1), answered(2, 5, 5, 1)])
    assert counted(played)["gave_up_short"] == 1


def test_patience_0_of_the_type(play):
    """A constant patience of 0 s is that of every caller who is drawn.

    t  0    5
    0  █████
    1   ✗✗             tries again at 3
    """
    redial = {"probability": 1.0, "delay": constant(2), "attempts": 2}
    type_ = listed(call(0, 5), call(1, 5, 0), redial=redial)
    played = play(world({"a": type_}, ONE))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 5), gave_up(1, 1, 1, last=0)]
        + [gave_up(1, 3, 3, attempt=2, unanswered=2)],
    )


def test_balking_leaves_at_once_where_waiting_would_start(play):
    """Everybody balks who would have to wait.

    t  0    56
    0  █████
    1   ✗              balks
    2       █          arrives 5
    """
    played = play(world({"a": listed(call(0, 5), call(1, 5), call(5, 1), balk=1.0)}, ONE))
    assert_rows(played.contacts, [answered(0, 0, 0, 5), balked(1, 1), answered(2, 5, 5, 1)])
    assert counted(played)["balked"] == 1


def test_wrap_up_keeps_the_agent_but_not_the_customer(play):
    """The customer leaves at the end of talk, the agent is free after wrap-up.

    t  0  3  6  9  12
    0  ███░░░
    1   ▒▒▒▒▒███░░░
    """
    type_ = listed(call(0, 3), call(1, 3), wrap_up=constant(3))
    played = play(world({"a": type_}, ONE))
    assert_rows(played.contacts, [answered(0, 0, 0, 3, wrap_up=3), answered(1, 1, 6, 3, wrap_up=3)])
    assert handled_min(played) == [[6, 0, 0, 6]]


def test_hold_lengthens_the_conversation(play):
    """Hold stands between talk and wrap-up; nobody gives up on hold.

    t  0  3  3+h
    0  ███▒▒▒▒         all are held, patience 1
    1   ▒▒▒▒▒▒█
    """
    calls = (call(0, 3, 1), call(1, 3))
    type_ = listed(*calls, hold={"share": 1.0, "mean": "10 min"})
    contacts = play(world({"a": type_}, ONE)).contacts
    held = contacts.hold_ms.tolist()
    assert min(held) > MINUTE_MS
    assert contacts.answered_ms.tolist() == [0, 3 * MINUTE_MS + held[0]]
    assert contacts.left_ms.tolist() == [3 * MINUTE_MS + held[0], 6 * MINUTE_MS + sum(held)]
    assert contacts.until_ms.tolist() == contacts.left_ms.tolist()


# --- ties between agents, and names ------------------------------------------------------------


def test_of_calls_at_one_moment_the_lower_name_comes_first(play):
    """Types come in the order of the file, whatever the order of the list.

    t  0  3  6
    a  ███
    b  ▒▒▒███
    """
    contacts = {"a": listed(call(0, 3)), "b": listed(call(0, 3))}
    played = play(world(contacts, ONE))
    first, second = played.contacts
    assert (first.type, first.answered_ms, second.type, second.answered_ms) == (
        0, 0, 1, 3 * MINUTE_MS,
    )  # fmt: skip


def test_of_agents_freed_at_one_moment_the_lower_name_is_freed_first(play):
    """Call 1 ends before call 2 at minute 10, so its agent takes the older of the waiting.

    t  0 23     10 13
    0  ██                 seat 0
    1   █████████         seat 1
    2     ███████         seat 0
    3       ▒▒▒▒▒███      seat 1
    4        ▒▒▒▒███      seat 0
    """
    calls = (call(0, 2), call(1, 9), call(3, 7), call(5, 3), call(6, 3))
    played = play(world({"a": listed(*calls)}, TWO))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 2), answered(1, 1, 1, 9, seat=1), answered(2, 3, 3, 7)]
        + [answered(3, 5, 10, 3, seat=1), answered(4, 6, 10, 3)],
    )


def test_the_end_of_wrap_up_precedes_the_end_of_talk(play):
    """Of two agents freed at 10, the one after wrap-up is freed first, whatever the names.

    t    0     7  10 13
    a0   ██████████          seat 0
    b0    ██████░░░          seat 1
    a1       ▒▒▒▒▒▒███       seat 1
    a2        ▒▒▒▒▒███       seat 0
    """
    contacts = {
        "a": listed(call(0, 10), call(5, 3), call(6, 3)),
        "b": listed(call(1, 6), wrap_up=constant(3)),
    }
    played = play(world(contacts, TWO))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 10), answered(1, 1, 1, 6, wrap_up=3, seat=1, type=1)]
        + [answered(2, 5, 10, 3, seat=1), answered(3, 6, 10, 3)],
    )


def test_of_free_agents_the_one_idle_longest_answers(play):
    """Seat 1 is idle since 2, seat 0 since 4, seat 2 all day.

    t  0123456  9
    0  ████            seat 0
    1   █              seat 1
    2       █          seat 2, idle since 0
    3        ██        seat 1, idle since 2
    4         █        seat 0, idle since 4
    5            █     seat 2, idle since 6
    """
    calls = (call(0, 4), call(1, 1), call(5, 1), call(6, 2), call(7, 1), call(9, 1))
    played = play(world({"a": listed(*calls)}, {"g": {"positions": 3}}))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 4), answered(1, 1, 1, 1, seat=1), answered(2, 5, 5, 1, seat=2)]
        + [answered(3, 6, 6, 2, seat=1), answered(4, 7, 7, 1), answered(5, 9, 9, 1, seat=2)],
    )
    idle_since = played.carries[-1].seats.idle_since_ms / MINUTE_MS
    assert idle_since.tolist() == [8, 8, 10]
    assert played.carries[-1].seats.state.tolist() == [FREE] * 3


# --- priorities, groups, overflow --------------------------------------------------------------


def test_priority_precedes_age(play):
    """The agent serves a before b.

    t   0    5 7 9
    a0  █████
    b1   ▒▒▒▒▒▒██
    a2      ▒██
    """
    contacts = {"a": listed(call(0, 5), call(4, 2)), "b": listed(call(1, 2))}
    played = play(world(contacts, {"g": {"positions": 1, "serves": ["a", "b"]}}))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 5), answered(1, 1, 7, 2, type=1), answered(2, 4, 5, 2)],
    )


def test_priority_is_the_number_not_the_order(play):
    """b has the lower number although it stands second.

    t   0    5 7 9
    a0  █████
    a1   ▒▒▒▒▒▒██
    b2      ▒██
    """
    contacts = {"a": listed(call(0, 5), call(1, 2)), "b": listed(call(4, 2))}
    agents = {"g": {"positions": 1, "serves": {"a": 2, "b": 1}}}
    played = play(world(contacts, agents))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 5), answered(1, 1, 7, 2), answered(2, 4, 5, 2, type=1)],
    )


def test_equal_priorities_go_by_age(play):
    """Both types have priority 1.

    t   0    5 7 9
    a0  █████
    b1   ▒▒▒▒██
    a2      ▒▒▒██
    """
    contacts = {"a": listed(call(0, 5), call(4, 2)), "b": listed(call(1, 2))}
    agents = {"g": {"positions": 1, "serves": {"a": 1, "b": 1}}}
    played = play(world(contacts, agents))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 5), answered(1, 1, 5, 2, type=1), answered(2, 4, 7, 2)],
    )


def test_a_head_start_counts_as_waiting(play):
    """Gold counts as having waited 5 minutes when it arrives.

    t         0    5 7 9
    0 plain   █████
    1 plain    ▒▒▒▒▒▒██
    2 gold       ▒▒██        joined at -2
    """
    segments = {"plain": {"count": 10, "churn": "none"}, "gold": {"count": 10, "churn": "none"}}
    calls = (call(0, 5, segment="plain"), call(1, 2, segment="plain"), call(3, 2, segment="gold"))
    type_ = listed(*calls, head_start={"gold": "5 min"})
    played = play(world({"a": type_}, ONE, customers=segments))
    who = callers(played)
    assert min(who[:2]) >= 0 and max(who[:2]) < 10 <= who[2] < 20
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 5, customer=who[0]), answered(1, 1, 7, 2, customer=who[1])]
        + [answered(2, 3, 5, 2, joined=-2, segment=1, customer=who[2])],
    )


def test_a_contact_goes_to_the_first_group_with_a_free_agent(play):
    """Routes give the order of preference, not the order of the groups.

    t  0    5
    0  █████        second
    1   ████        first
    2    ▒▒▒█       second or first: both are freed at 5, first for the lower name
    """
    contacts = {"a": listed(call(0, 5), call(1, 4), call(2, 1), routes=["second", "first"])}
    played = play(world(contacts, {"first": {"positions": 1}, "second": {"positions": 1}}))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 5, group=1, seat=1), answered(1, 1, 1, 4)]
        + [answered(2, 2, 5, 1, group=1, seat=1)],
    )


def overflow(first_call, *more, patience=None):
    """Two groups of one agent; the second serves a after 2 minutes, and b at once."""
    contacts = {"a": listed(first_call, *more), "b": listed(call(0, 1))}
    agents = {
        "first": {"positions": 1, "serves": ["a"]},
        "second": {"positions": 1, "serves": {"b": 1, "a": {"priority": 1, "after": "2 min"}}},
    }
    return world(contacts, agents)


def test_a_second_group_opens_after_a_while(play):
    """The second group's agent is free from 1, and takes the waiting one at its age of 2.

    t   0 2  5
    a0  █████           first
    b1  █               second
    a2  ·▒▒███          second, at 3
    """
    played = play(overflow(call(0, 5), call(1, 3)))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 5), answered(1, 0, 0, 1, type=1, group=1, seat=1)]
        + [answered(2, 1, 3, 3, group=1, seat=1)],
    )


def test_as_the_second_group_opens_a_freed_agent_of_the_first_is_quicker(play):
    """The first group's agent is freed at the moment at which the second opens.

    t   0  3  6
    a0  ███             first
    a2   ▒▒███          first
    """
    played = play(overflow(call(0, 3), call(1, 3)))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 3), answered(1, 0, 0, 1, type=1, group=1, seat=1)]
        + [answered(2, 1, 3, 3)],
    )


def test_the_second_group_opens_before_patience_ends(play):
    """At minute 3 the second group opens and patience ends: answered.

    t   0 2  5
    a0  █████           first
    a2   ▒▒███          second; patience 2
    a3      ✗           patience 0
    """
    played = play(overflow(call(0, 5), call(1, 3, 2), call(4, 3, 0)))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 5), answered(1, 0, 0, 1, type=1, group=1, seat=1)]
        + [answered(2, 1, 3, 3, group=1, seat=1), gave_up(3, 4, 4)],
    )


def test_an_agent_takes_nothing_that_is_not_open_to_her_group(play):
    """The second agent stays idle at minute 1 although somebody waits; at 4 an older one waits.

    t   0 2  5
    a0  ██████████       first
    a2   ▒▒█             second at 3, freed at 4
    a3    ▒▒             second at 4: its age is 2
    """
    played = play(overflow(call(0, 10), call(1, 1), call(2, 1)))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 10), answered(1, 0, 0, 1, type=1, group=1, seat=1)]
        + [answered(2, 1, 3, 1, group=1, seat=1), answered(3, 2, 4, 1, group=1, seat=1)],
    )


def test_the_factor_of_a_group_lengthens_drawn_handling(play):
    """The group needs twice the time for talk and wrap-up.

    t  0         10  12
    0  ██████████░░
    """
    agents = {"g": {"positions": 1, "serves": {"a": {"priority": 1, "handle": "200%"}}}}
    played = play(world({"a": listed(call(0), wrap_up=constant(1))}, agents))
    assert_rows(played.contacts, [answered(0, 0, 0, 10, wrap_up=2)])


# --- the end of the horizon --------------------------------------------------------------------


def test_who_is_inside_at_the_end_has_been_answered_or_still_waits(play):
    """The day ends at 1440.

    t  1430   1440
    0  ███████│██       talks
    1     ▒▒▒▒│▒        waits
    """
    calls = (call(1430, 20), call(1435, 1, 30))
    played = play(world({"a": listed(*calls)}, ONE))
    still = played.carries[-1].contacts
    assert still.phase.tolist() == [TALKING, WAITING]
    assert still.until_ms.tolist() == [1450 * MINUTE_MS, 1465 * MINUTE_MS]
    assert still.seat.tolist() == [0, NOBODY]
    counts = counted(played)
    assert (counts["offered"], counts["open"], counts["answered"]) == (2, 1, 1)
    assert (counts["in_service"], counts["answered_in_time"]) == (1, 1)
    assert counts["talk_ms"] == 20 * MINUTE_MS
    assert played.tally.time["talk_ms"][0, 0] == 10 * MINUTE_MS


def test_an_end_of_talk_at_the_end_of_the_horizon_is_outside(play):
    """A week is [start, end): what ends at its end belongs to the next."""
    played = play(world({"a": listed(call(1430, 10))}, ONE))
    still = played.carries[-1].contacts
    assert still.phase.tolist() == [TALKING]
    assert still.until_ms.tolist() == [1440 * MINUTE_MS]


# --- the exact traces --------------------------------------------------------------------------

UNIT_MIN = 30


def traced_calls(case, cls):
    """The contacts of a class, in units of half an hour."""
    rows = []
    for contact in case["contacts"]:
        if contact.get("cls", "A") == cls:
            patience = contact.get("patience")
            rows.append(
                call(
                    contact["arrival"] * UNIT_MIN,
                    contact.get("service", contact.get("stage1", 0)) * UNIT_MIN,
                    None if patience is None else patience * UNIT_MIN,
                    contact["stage2"] * UNIT_MIN if "stage2" in contact else None,
                )
            )
    return rows


def traced_agents(case):
    """Every agent as a group of one, on duty in her shift."""
    groups = {}
    for agent in case["agents"]:
        start, end = (int(edge * UNIT_MIN) // 15 for edge in agent["shift"])
        seats = [1 if start <= quarter < end else 0 for quarter in range(96)]
        groups[f"agent-{agent['id']}"] = {
            "positions": seats,
            "serves": dict.fromkeys(agent["skills"], 1),
        }
    return groups


@pytest.mark.parametrize("case", cases("trace_"))
def test_exact_traces(play, case):
    """The hand-computed traces, exact to the millisecond; one unit is half an hour."""
    classes = sorted({contact.get("cls", "A") for contact in case["contacts"]})
    contacts = {cls: listed(*traced_calls(case, cls)) for cls in classes}
    for type_ in contacts.values():
        type_["service_level"] = {"target": "80%", "within": f"{case.get('T', 1) * UNIT_MIN} min"}
    offers = {}
    if "cross_sell" in case:
        policy = {"offer": "below-system-threshold", "threshold": case["cross_sell"]["threshold"]}
        offers = {"p": product(offer=policy)}
    played = play(world(contacts, traced_agents(case), offers=offers))
    units = UNIT_MIN * MINUTE_MS
    found = played.contacts[np.argsort(played.contacts.arrived_ms)]
    assert len(found) == len(case["expected"])
    for contact, expected in zip(found, case["expected"], strict=True):
        if expected.get("outcome") == "abandoned":
            assert contact.left_ms == round(expected["time"] * units)
            assert contact.left_ms - contact.arrived_ms == round(expected["wait"] * units)
            assert contact.answered_ms == NOT_YET
            continue
        assert contact.answered_ms == round(expected["start"] * units)
        assert contact.left_ms == contact.until_ms == round(expected["end"] * units)
        if "wait" in expected:
            assert contact.answered_ms - contact.arrived_ms == round(expected["wait"] * units)
        if "agent" in expected:
            assert contact.group == contact.seat == expected["agent"] - 1
        if "offered" in expected:
            assert (contact.product == 0) == (contact.accepted == 1) == expected["offered"]
    assert_aggregates(played, case.get("aggregates", {}), units)


def assert_aggregates(played, expected, units):
    """The sums of a trace."""
    counts = counted(played)
    waited = counts["wait_ms"] / units
    busy = sum(played.tally.time[part].sum(axis=0) for part in HANDLING) / units
    early = counts["answered_in_time"]
    found = {
        "offered": counts["offered"],
        "answered": counts["answered"],
        "abandoned": counts["gave_up"],
        "asa": counts["wait_answered_ms"] / units / counts["answered"],
        "asa_all": waited / counts["offered"],
        "sl_offered": early / counts["offered"],
        "sl_answered": early / counts["answered"],
        "sl_exshort": early / (counts["offered"] - counts["gave_up_in_time"]),
        "sl_both": (early + counts["gave_up_in_time"]) / counts["offered"],
        "busy_time": busy.sum(),
        "busy_agent1": busy[0],
        "busy_agent2": busy[-1],
        "overtime_agent2": overtime_min(played, -1) * MINUTE_MS / units,
        "offers": counts["offers"],
        "revenue": counts["accepted"] * 10,
    }
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=1e-9), name

"""Timelines drawn by hand: every column of every contact, by both engines.

In the drawings a digit is minutes, ▒ waiting, █ talk, ▓ offer, ░ wrap-up, ✗ giving up.
"""

import numpy as np
import pytest

from sim.counts import CONTACT_COUNTS, OVERTIME, SCHEDULED
from sim.tables import BALKED, DUE_LATER, FREE, NOBODY, NOT_YET, OFF_DUTY, TALKING, WAITING

from .reference_cases import cases
from .worlds import (
    MINUTE_MS,
    answered,
    assert_rows,
    balked,
    blocked,
    call,
    constant,
    gave_up,
    listed,
    product,
    quarters,
    world,
)

ONE = {"g": {"positions": 1}}
TWO = {"g": {"positions": 2}}


def overtime_min(played, group=0):
    """Overtime of a group in minutes; the tally must say the same as the cells."""
    minutes = played.overtime_ms[group].sum() / MINUTE_MS
    assert played.tally.time[:, group, OVERTIME].sum() / MINUTE_MS == minutes
    return minutes


def counted(played, type_=0):
    """Counts of a type over the horizon, by name."""
    counts = played.tally.contacts[:, type_].sum(axis=0).tolist()
    return dict(zip(CONTACT_COUNTS, counts, strict=True))


def callers(played):
    """Rows of the customers who call, in the order of the list."""
    order = np.argsort(played.contacts.listed, kind="stable")
    return played.contacts.customer[order].tolist()


# --- one queue -----------------------------------------------------------------------------------


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
    assert played.tally.time[0, 0, SCHEDULED] == 24 * 60 * MINUTE_MS
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
    assert played.tally.time[0, 0, :4].tolist() == [6 * MINUTE_MS, 0, 0, 6 * MINUTE_MS]


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


# --- ties between agents, and names --------------------------------------------------------------


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


# --- priorities, groups, overflow ----------------------------------------------------------------


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


# --- seats that come and go ----------------------------------------------------------------------


def test_free_seats_leave_first_and_of_these_the_highest(play):
    """Three seats become two at 15, while seat 2 is busy: seat 1 leaves, not seat 2.

    t  0  3    15    20  22
    0  █████                   seat 0
    1   █████                  seat 1
    2    ████████████████████  seat 2, to 22
    3            16 ████       seat 0, to 20
    4             17▒▒▒█       seat 0 at 20: seat 1 has left
    """
    calls = (call(0, 5), call(1, 5), call(2, 20), call(16, 4), call(17, 1))
    played = play(world({"a": listed(*calls)}, {"g": quarters(3, 2)}))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 5), answered(1, 1, 1, 5, seat=1), answered(2, 2, 2, 20, seat=2)]
        + [answered(3, 16, 16, 4), answered(4, 17, 20, 1)],
    )
    assert overtime_min(played) == 0
    assert played.carries[-1].seats.state.tolist() == [FREE, OFF_DUTY, FREE]


def test_when_all_are_busy_the_next_to_finish_leaves(play):
    """Two seats become one at 15; one seat is owed, and paid by the first to finish.

    t  0         15   20    26 30
    0  ███████████████████           seat 0, to 20: leaves
    1   █████████████████████████    seat 1, to 26
    2               16▒▒▒▒▒▒▒▒▒▒████ seat 1
    """
    calls = (call(0, 20), call(1, 25), call(16, 4))
    played = play(world({"a": listed(*calls)}, {"g": quarters(2, 1)}))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 20), answered(1, 1, 1, 25, seat=1), answered(2, 16, 26, 4, seat=1)],
    )
    assert overtime_min(played) == 5
    assert played.carries[-1].seats.state.tolist() == [OFF_DUTY, FREE]
    assert played.carries[-1].groups.owed.tolist() == [0]


def test_a_rise_cancels_what_is_owed(play):
    """Two seats become one at 15 and two again at 30: nobody leaves.

    t  0      15      30  35  40
    0  █████████████████████████     seat 0, to 40
    1   ████████████████████         seat 1, to 35: stays
    2                  32▒▒▒███      seat 1
    """
    calls = (call(0, 40), call(1, 34), call(32, 3))
    played = play(world({"a": listed(*calls)}, {"g": quarters(2, 1, 2)}))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 40), answered(1, 1, 1, 34, seat=1), answered(2, 32, 35, 3, seat=1)],
    )
    assert overtime_min(played) == 15


def test_a_rise_beyond_what_is_owed_takes_the_waiting(play):
    """One seat is owed from 15; at 30 two more are on duty, so one new seat comes.

    t  0     15     30   40
    0  ██████████████████    seat 0, to 40
    1   █████████████████    seat 1, to 40
    2          20▒▒▒▒██      seat 2 at 30
    3           21▒▒▒▒▒▒▒█   seat 2 at 33
    """
    calls = (call(0, 40), call(1, 39), call(20, 3), call(21, 1))
    played = play(world({"a": listed(*calls)}, {"g": quarters(2, 1, 3)}))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 40), answered(1, 1, 1, 39, seat=1)]
        + [answered(2, 20, 30, 3, seat=2), answered(3, 21, 33, 1, seat=2)],
    )
    assert overtime_min(played) == 15


def test_an_agent_freed_at_the_end_of_duty_takes_nothing(play):
    """Duty ends at 15, as the talk does; the waiting one waits for the next duty.

    t  0      15     30
    0  ███████               to 15
    1     10▒▒▒▒▒▒▒▒▒███     at 30
    """
    calls = (call(0, 15), call(10, 3))
    played = play(world({"a": listed(*calls)}, {"g": quarters(1, 0, 1)}))
    assert_rows(played.contacts, [answered(0, 0, 0, 15), answered(1, 10, 30, 3)])
    assert overtime_min(played) == 0


def test_of_two_agents_the_one_freed_as_a_seat_goes_takes_nothing(play):
    """Two seats become one at 15, as the first talk ends.

    t  0      15  20  23
    0  ███████               seat 0, to 15: leaves
    1   █████████████        seat 1, to 20
    2     10▒▒▒▒▒▒▒▒▒███     seat 1
    """
    calls = (call(0, 15), call(1, 19), call(10, 3))
    played = play(world({"a": listed(*calls)}, {"g": quarters(2, 1)}))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 15), answered(1, 1, 1, 19, seat=1), answered(2, 10, 20, 3, seat=1)],
    )
    assert overtime_min(played) == 0


def test_a_seat_that_comes_as_patience_ends_answers(play):
    """Duty starts at 15; at that moment patience ends.

    t  0     15 18
    0    5▒▒▒███     patience 10
    1    6▒▒▒✗       patience 9
    """
    played = play(world({"a": listed(call(5, 3, 10), call(6, 3, 9))}, {"g": quarters(0, 1)}))
    assert_rows(played.contacts, [answered(0, 5, 15, 3), gave_up(1, 6, 15)])


def test_who_waits_at_closing_is_still_served(play):
    """The center closes at 15. The busy agent stays for the waiting, and is paid overtime.

    t  0    15  20   23  24
    0  ████████████          to 20
    1    5▒▒▒▒▒▒▒▒███        at 20
    2     6▒▒▒▒✗             patience 10
    3      7▒▒▒▒▒▒▒▒▒▒█      at 23
    """
    calls = (call(0, 20), call(5, 3), call(6, 3, 10), call(7, 1))
    played = play(world({"a": listed(*calls, open="Mon-Sun 00:00-00:15")}, ONE))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 20), answered(1, 5, 20, 3), gave_up(2, 6, 16), answered(3, 7, 23, 1)],
    )
    assert overtime_min(played) == 9
    assert played.tally.time[0, 0, SCHEDULED] == 15 * MINUTE_MS
    assert played.carries[-1].seats.state.tolist() == [OFF_DUTY]


def test_an_agent_freed_as_the_center_closes_serves_the_waiting(play):
    """At 15 the talk ends and the center closes, while one waits: served, as overtime.

    t  0     15  18
    0  ████████          to 15
    1     10▒▒▒███       at 15
    """
    type_ = listed(call(0, 15), call(10, 3), open="Mon-Sun 00:00-00:15")
    played = play(world({"a": type_}, ONE))
    assert_rows(played.contacts, [answered(0, 0, 0, 15), answered(1, 10, 15, 3)])
    assert overtime_min(played) == 3


def test_after_closing_agents_leave_when_nobody_waits(play):
    """Two are busy at 15 and one waits: the first freed serves it, the second leaves.

    t  0    15  18 20  22
    0  █████████████          seat 0, to 18: takes the waiting one
    1   ██████████████        seat 1, to 20: leaves
    2     10▒▒▒▒▒▒████        seat 0
    """
    type_ = listed(call(0, 18), call(1, 19), call(10, 4), open="Mon-Sun 00:00-00:15")
    played = play(world({"a": type_}, TWO))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 18), answered(1, 1, 1, 19, seat=1), answered(2, 10, 18, 4)],
    )
    assert overtime_min(played) == 3 + 5 + 4
    assert played.carries[-1].seats.state.tolist() == [OFF_DUTY, OFF_DUTY]


# --- lines ---------------------------------------------------------------------------------------


def test_who_finds_all_lines_taken_is_blocked(play):
    """Two lines: one talking, one waiting.

    t  0    5 7
    0  █████
    1   ▒▒▒▒██
    2    ✗          blocked
    3       ▒▒█     at 5 the talk has ended, so a line is free
    4        ✗      blocked
    """
    calls = (call(0, 5), call(1, 2), call(2, 1), call(5, 1), call(6, 1))
    played = play(world({"a": listed(*calls)}, ONE, lines=2))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 5), answered(1, 1, 5, 2), blocked(2, 2)]
        + [answered(3, 5, 7, 1), blocked(4, 6)],
    )
    assert counted(played)["blocked"] == 2


def test_wrap_up_takes_no_line_and_an_offer_does(play):
    """One line. An offer follows the talk; then wrap-up.

    t  0  3  5    9 10
    0  ███▓▓░░░░░
    1    ✗              blocked: talk
    2     ✗             blocked: offer
    3      ▒▒▒▒▒███▓▓   arrives 5, as the offer ends; waits for the agent
    """
    calls = (call(0, 3, offer=2), call(2, 3), call(4, 3), call(5, 3, offer=2))
    type_ = listed(*calls, wrap_up=constant(5))
    played = play(world({"a": type_}, ONE, lines=1, offers={"p": product()}))
    sold = {"offer": 2, "wrap_up": 5, "product": 0, "accepted": 1}
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 3, **sold), blocked(1, 2), blocked(2, 4), answered(3, 5, 10, 3, **sold)],
    )


def test_a_line_is_free_again_as_patience_ends(play):
    """Two lines. At 4 one gives up and another arrives.

    t  0   4  6
    0  ██████
    1   ▒▒▒✗
    2      ▒▒█
    """
    played = play(world({"a": listed(call(0, 6), call(1, 1, 3), call(4, 1))}, ONE, lines=2))
    assert_rows(played.contacts, [answered(0, 0, 0, 6), gave_up(1, 1, 4), answered(2, 4, 6, 1)])


# --- trying again --------------------------------------------------------------------------------


def test_attempts_are_limited(play):
    """Three attempts: nobody is on duty.

    t  0 2  5 7 10 12
    0  ▒▒✗
             ▒▒✗
                 ▒▒✗      the last
    """
    redial = {"probability": 1.0, "delay": constant(3), "attempts": 3}
    played = play(world({"a": listed(call(0, 1, 2), redial=redial)}, {"g": quarters(0, 0, 1)}))
    assert_rows(
        played.contacts,
        [gave_up(0, 0, 2, last=0), gave_up(0, 5, 7, attempt=2, unanswered=2, last=0)]
        + [gave_up(0, 10, 12, attempt=3, unanswered=3)],
    )
    counts = counted(played)
    assert (counts["offered"], counts["first_contacts"], counts["gave_up"]) == (3, 1, 3)
    assert (counts["issues"], counts["issues_resolved"]) == (1, 0)


def test_the_first_attempt_counts(play):
    """One attempt is no redial at all.

    t  0 2
    0  ▒▒✗
    """
    redial = {"probability": 1.0, "delay": constant(3), "attempts": 1}
    played = play(world({"a": listed(call(0, 1, 2), redial=redial)}, {"g": quarters(0)}))
    assert_rows(played.contacts, [gave_up(0, 0, 2)])


def test_a_redial_comes_after_who_is_freed_and_before_who_arrives(play):
    """At 6 the agent is freed, the redial is due and another arrives.

    t  0 1 3  6 7 8
    0  ██████
    1   ▒▒✗   █         patience 2, tries again after 3
    2         ▒█
    """
    redial = {"probability": 1.0, "delay": constant(3), "attempts": 4}
    type_ = listed(call(0, 6), call(1, 1, 2), call(6, 1), redial=redial)
    played = play(world({"a": type_}, ONE))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 6), gave_up(1, 1, 3, last=0)]
        + [answered(1, 6, 6, 1, attempt=2), answered(2, 6, 7, 1)],
    )


def test_the_blocked_and_the_balking_try_again(play):
    """One line, then nobody free.

    t  0   4 5  8
    0  █████
    1   ✗  ✗   █        blocked at 1 and 4... one minute after each, to 8
    """
    redial = {"probability": 1.0, "delay": constant(3), "attempts": "unlimited"}
    what = world({"a": listed(call(0, 5), call(1, 1), redial=redial)}, ONE, lines=1)
    rows = [answered(0, 0, 0, 5), blocked(1, 1, last=0)]
    again = [blocked(1, 4, attempt=2, unanswered=2, last=0), answered(1, 7, 7, 1, attempt=3)]
    assert_rows(play(what).contacts, rows + again)
    what = world({"a": listed(call(0, 5), call(1, 1), redial=redial, balk=1.0)}, ONE)
    for row in (rows[1], again[0]):
        row["outcome"] = BALKED
    assert_rows(play(what).contacts, rows + again)


NEARLY_NEVER_SOLVED = {"first_contact": 0.0, "comes_back": 0.99}


@pytest.mark.parametrize("calls", range(117, 125))
def test_hundreds_who_are_blocked_try_again(play, calls):
    """One line, nobody on duty: one waits, the others are blocked, and again six hours later.

    t  0                360
    0  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒…
    1   ✗                ✗
    2    ✗                ✗
    …
    """
    redial = {"probability": 1.0, "delay": constant(360), "attempts": 2}
    type_ = listed(*(call(at, 1) for at in range(calls)), redial=redial)
    played = play(world({"a": type_}, {"g": {"positions": 0}}, lines=1))
    first, *others = played.contacts[np.argsort(played.contacts.listed, kind="stable")]
    assert (first.phase, first.arrived_ms) == (WAITING, 0)
    expected = []
    for at in range(1, calls):
        expected += [blocked(at, at, last=0), blocked(at, at + 360, attempt=2, unanswered=2)]
    assert_rows(np.array(others).view(np.recarray), expected)


def test_an_unsolved_issue_comes_back(play):
    """Nothing is ever solved, and she comes back five hours after each conversation.

    t  0 2     302 304     604 606     906 908     1208 1210
    0  ██      ██          ██          ██          ██          the next is due tomorrow
    """
    resolution = NEARLY_NEVER_SOLVED | {"delay": constant(300)}
    played = play(world({"a": listed(call(0, 2), resolution=resolution)}, ONE))
    still = played.carries[-1].contacts
    assert (still.phase.tolist(), still.attempt.tolist()) == ([DUE_LATER], [6])
    assert still.until_ms.tolist() == [1510 * MINUTE_MS]
    assert still.arrived_ms.tolist() == [NOT_YET]
    assert_rows(
        played.contacts[:5],
        [answered(0, 302 * i, 302 * i, 2, attempt=i + 1, answers=i + 1, resolved=0, last=0)
         for i in range(5)],
    )  # fmt: skip
    counts = counted(played)
    assert (counts["offered"], counts["answered"], counts["first_answers"]) == (5, 5, 1)
    assert counts["issues"] == counts["solved_at_first_answer"] == counts["open"] == 0


def test_an_answer_resets_the_attempts(play):
    """Two attempts in a row; agents are on duty in the second and fourth quarter only.

    t  0 2     15     25    31 33    46    56    62 64    77 79
    0  ▒▒✗     ██████       ▒▒✗      ██████      ▒▒✗      ▒▒✗
    a  1       2            3        4           5        6, the last
    """
    redial = {"probability": 1.0, "delay": constant(13), "attempts": 2}
    resolution = NEARLY_NEVER_SOLVED | {"delay": constant(6)}
    type_ = listed(call(0, 10, 2), redial=redial, resolution=resolution)
    played = play(world({"a": type_}, {"g": quarters(0, 1, 0, 1, 0)}))
    unsolved = {"resolved": 0, "last": 0}
    assert_rows(
        played.contacts,
        [gave_up(0, 0, 2, last=0)]
        + [answered(0, 15, 15, 10, attempt=2, answers=1, **unsolved)]
        + [gave_up(0, 31, 33, attempt=3, answers=1, last=0)]
        + [answered(0, 46, 46, 10, attempt=4, answers=2, **unsolved)]
        + [gave_up(0, 62, 64, attempt=5, answers=2, last=0)]
        + [gave_up(0, 77, 79, attempt=6, answers=2, unanswered=2)],
    )


def test_who_is_due_while_closed_comes_in_the_first_two_open_hours(play):
    """Due at 00:20; the center is open until 00:15 and from 06:00 to 07:00 and 08:00 to 10:00."""
    redial = {"probability": 1.0, "delay": constant(15), "attempts": 2}
    hours = "Mon 00:00-00:15, Mon 06:00-07:00, Mon 08:00-10:00"
    calls = [call(0, 0, 5) for _ in range(40)]
    type_ = listed(*calls, redial=redial, open=hours)
    contacts = play(world({"a": type_}, {"g": {"positions": 0}})).contacts
    again = contacts[contacts.attempt == 2].arrived_ms / (60 * MINUTE_MS)
    assert len(again) == 40
    assert all(((again >= 6) & (again < 7)) | ((again >= 8) & (again < 9)))
    assert 10 < (again < 7).sum() < 30
    assert len(np.unique(again)) == 40


# --- offers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "policy",
    ["while-nobody-waits", {"offer": "while-waiting", "at_most": 0}]
    + [{"offer": "below-system-threshold", "threshold": 1}],
)
def test_an_offer_is_made_while_nobody_waits(play, policy):
    """One agent.

    t  0  3    7 9  10  14
    0  ███▓▓▓▓
    1       ▒▒▒██             no offer: call 2 waits
    2          ▒▒█▓▓▓▓        arrives 8
    """
    calls = (call(0, 3, offer=4), call(5, 2, offer=4), call(8, 1, offer=4))
    played = play(world({"a": listed(*calls)}, ONE, offers={"p": product(offer=policy)}))
    sold = {"offer": 4, "product": 0, "accepted": 1}
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 3, **sold), answered(1, 5, 7, 2), answered(2, 8, 9, 1, **sold)],
    )
    assert played.tally.sales[0, 0, 0, :2].tolist() == [2, 2]
    counts = counted(played)
    assert (counts["offers"], counts["accepted"], counts["offer_ms"]) == (2, 2, 8 * MINUTE_MS)


def test_patience_that_ends_with_the_talk_still_counts_as_waiting(play):
    """The end of talk precedes giving up: no offer, so the agent is freed and answers.

    t  0    5 7
    0  █████           no offer
    1   ▒▒▒▒██▓        patience 4
    """
    offers = {"p": product(offer="while-nobody-waits", talk=constant(1))}
    played = play(world({"a": listed(call(0, 5), call(1, 2, 4))}, ONE, offers=offers))
    sold = {"offer": 1, "product": 0, "accepted": 1}
    assert_rows(played.contacts, [answered(0, 0, 0, 5), answered(1, 1, 5, 2, **sold)])


def test_who_arrives_as_the_talk_ends_does_not_count_yet(play):
    """The end of talk precedes arrivals: the offer is made, the arrival waits for it.

    t  0    5 6
    0  █████▓
    1       ▒█▓
    """
    offers = {"p": product(offer="while-nobody-waits", talk=constant(1))}
    played = play(world({"a": listed(call(0, 5), call(5, 1))}, ONE, offers=offers))
    sold = {"offer": 1, "product": 0, "accepted": 1}
    assert_rows(played.contacts, [answered(0, 0, 0, 5, **sold), answered(1, 5, 6, 1, **sold)])


@pytest.mark.parametrize(
    ("at_most", "offers"), [(-2, [0]), (-1, [0, 1]), (0, [0, 1, 2]), (1, [0, 1, 2, 3])]
)
def test_the_number_in_system_decides(play, at_most, offers):
    """Three agents; the number in system at each end of talk, less three: -2, -1, 0, 1.

    t  0 2 10 12   20 22  30 32
    0  ██                               one busy
    1       ███ (10-12), 2: (11-60)     two busy
    3                (20-22), 4: (21-80) three busy
    5                       30 ▒▒ …     call 6 waits while call 5 talks
    """
    calls = [call(0, 2), call(10, 2), call(11, 49), call(20, 2), call(21, 59)]
    calls += [call(30, 2), call(31, 1)]
    policy = {"offer": "while-waiting", "at_most": at_most}
    products = {"p": product(offer=policy, talk=constant(1))}
    played = play(world({"a": listed(*calls)}, {"g": {"positions": 3}}, offers=products))
    made = {int(c.listed) for c in played.contacts if c.product == 0}
    at_issue = [0, 1, 3, 5]
    assert made & set(at_issue) == {at_issue[i] for i in offers}


def test_waiting_contacts_count_only_when_open_to_the_group(play):
    """Call 1 waits, but not yet for the second group, whose agent may offer.

    t   0   3
    a0  ██████████           first
    b1  ███▓                 second: a2 is open to it from 6 only
    a2    ▒▒▒▒               second at 6
    """
    contacts = {"a": listed(call(0, 10), call(2, 1)), "b": listed(call(0, 3, offer=1))}
    agents = {
        "first": {"positions": 1, "serves": ["a"]},
        "second": {"positions": 1, "serves": {"b": 1, "a": {"priority": 1, "after": "4 min"}}},
    }
    offers = {"p": product(during=["b"], offer="while-nobody-waits")}
    played = play(world(contacts, agents, offers=offers))
    sold = {"offer": 1, "product": 0, "accepted": 1}
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 10), answered(1, 0, 0, 3, type=1, group=1, seat=1, **sold)]
        + [answered(2, 2, 6, 1, group=1, seat=1)],
    )


def test_owed_seats_count_in_the_system_and_not_on_duty(play):
    """Two seats become one at 15: two in system, one on duty, so no offer at 16.

    t  0     15 16      40
    0  ████████              no offer, leaves
    1   █████████████████▓   offer at 40: one in system, one on duty
    """
    calls = (call(0, 16, offer=1), call(1, 39, offer=1))
    offers = {"p": product(offer="while-nobody-waits")}
    played = play(world({"a": listed(*calls)}, {"g": quarters(2, 1)}, offers=offers))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 16), answered(1, 1, 1, 39, seat=1, offer=1, product=0, accepted=1)],
    )


def test_at_most_by_segment(play):
    """Gold is offered although one waits, plain is not.

    t         0  3 4 6 7
    0 gold    ███▓
    1 plain    ▒▒▒██             call 2 waits
    2 gold       ▒▒▒█▓
    """
    segments = {"plain": {"count": 99, "churn": "none"}, "gold": {"count": 99, "churn": "none"}}
    calls = (call(0, 3, segment="gold"), call(1, 2), call(3, 1, segment="gold"))
    policy = {"offer": "while-waiting", "at_most": {"plain": 0, "gold": 1}}
    offers = {"p": product(offer=policy, talk=constant(1))}
    played = play(world({"a": listed(*calls)}, ONE, customers=segments, offers=offers))
    who = callers(played)
    sold = {"offer": 1, "product": 0, "accepted": 1, "segment": 1}
    rows = [answered(0, 0, 0, 3, customer=who[0], **sold), answered(1, 1, 4, 2, customer=who[1])]
    rows.append(answered(2, 3, 6, 1, customer=who[2], **sold))
    assert_rows(played.contacts, rows)
    assert 99 <= who[0] < 198 and 0 <= who[1] < 99 and 99 <= who[2] < 198


def test_a_declined_offer_takes_its_time(play):
    """Nobody accepts; fulfilment is only for those who do.

    t  0  3  5 6
    0  ███▓▓
    1    ▒▒▒▒█▓▓
    """
    offers = {"p": product(acceptance=0.0, fulfilment=constant(10), talk=constant(2))}
    played = play(world({"a": listed(call(0, 3), call(2, 1))}, ONE, offers=offers))
    asked = {"offer": 2, "product": 0, "accepted": 0}
    assert_rows(played.contacts, [answered(0, 0, 0, 3, **asked), answered(1, 2, 5, 1, **asked)])
    assert played.tally.sales[0, 0, 0, :2].tolist() == [2, 0]


def test_fulfilment_follows_an_accepted_offer(play):
    """Offer talk 2, fulfilment 10.

    t  0  3  5         15
    0  ███▓▓▓▓▓▓▓▓▓▓▓▓
    """
    offers = {"p": product(fulfilment=constant(10), talk=constant(2))}
    played = play(world({"a": listed(call(0, 3))}, ONE, offers=offers))
    sold = {"offer": 12, "product": 0, "accepted": 1}
    assert_rows(played.contacts, [answered(0, 0, 0, 3, **sold)])


def test_the_first_product_that_suits_is_offered(play):
    """p is never due, q is not for this type, r suits, s comes too late."""
    offers = {
        "p": product(offer="never"),
        "q": product(during=["b"]),
        "r": product(),
        "s": product(),
    }
    contacts = {"a": listed(call(0, 3)), "b": listed(call(20, 3))}
    played = play(world(contacts, ONE, offers=offers))
    sold = {"offer": 4, "accepted": 1}
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, product=2, **sold),
            answered(1, 20, 20, 3, type=1, product=1, **sold),
        ],
    )


def test_no_offer_on_an_unsolved_issue_unless_told(play):
    """Nothing is solved, nobody comes back: an offer only with on_unresolved.

    t  0  3  4
    0  ███▓
    """
    resolution = {"first_contact": 0.0, "comes_back": 0.0}
    contacts = {"a": listed(call(0, 3, offer=1), resolution=resolution)}
    played = play(world(contacts, ONE, offers={"p": product()}))
    assert_rows(played.contacts, [answered(0, 0, 0, 3, resolved=0)])
    played = play(world(contacts, ONE, offers={"p": product(on_unresolved=True)}))
    sold = {"offer": 1, "product": 0, "accepted": 1, "resolved": 0}
    assert_rows(played.contacts, [answered(0, 0, 0, 3, **sold)])


ALONE = {"all": {"count": 1, "churn": "none"}}


def test_nobody_buys_twice(play):
    """There is one customer; she buys p, then q, then nothing.

    t  0  3  10 13  20 23
    0  ███▓  ███▓   ███
    """
    calls = [call(at, 3, offer=1) for at in (0, 10, 20)]
    offers = {"p": product(), "q": product()}
    played = play(world({"a": listed(*calls)}, ONE, customers=ALONE, offers=offers))
    sold = {"offer": 1, "accepted": 1, "customer": 0}
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 3, product=0, **sold), answered(1, 10, 10, 3, product=1, **sold)]
        + [answered(2, 20, 20, 3, customer=0)],
    )
    assert played.people.rows.owns.tolist() == [0b11]


def test_who_holds_it_is_not_offered_it(play):
    """Everybody has p from the first day."""
    offers = {"p": product(held=1.0), "q": product()}
    played = play(world({"a": listed(call(0, 3))}, ONE, customers=ALONE, offers=offers))
    assert_rows(played.contacts, [answered(0, 0, 0, 3, customer=0, offer=4, product=1, accepted=1)])
    played = play(world({"a": listed(call(0, 3))}, ONE, offers={"p": product(held=1.0)}))
    assert_rows(played.contacts, [answered(0, 0, 0, 3)])


def test_who_declined_is_left_alone_for_a_while(play):
    """She declines at 3; the cool-down of 30 minutes ends at 33.

    t  0  3   20 23   32 34
    0  ███▓
    1         ███             20 minutes after: no offer
    2                 ██▓     31 minutes after
    """
    calls = [call(0, 3, offer=1), call(20, 3, offer=1), call(32, 2, offer=1)]
    offers = {"p": product(acceptance=0.0, cool_down="30 min")}
    played = play(world({"a": listed(*calls)}, ONE, customers=ALONE, offers=offers))
    asked = {"offer": 1, "product": 0, "customer": 0}
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 3, **asked), answered(1, 20, 20, 3, customer=0)]
        + [answered(2, 32, 32, 2, **asked)],
    )
    assert played.people.declined_ms.tolist() == [[34 * MINUTE_MS]]


def test_wrap_up_follows_the_offer(play):
    """The agent is free after talk, offer and wrap-up.

    t  0  3 5 6  9 11
    0  ███▓▓░
    1    ▒▒▒▒▒███▓▓░
    """
    calls = (call(0, 3, offer=2), call(1, 3, offer=2))
    type_ = listed(*calls, wrap_up=constant(1))
    played = play(world({"a": type_}, ONE, offers={"p": product()}))
    sold = {"offer": 2, "wrap_up": 1, "product": 0, "accepted": 1}
    assert_rows(played.contacts, [answered(0, 0, 0, 3, **sold), answered(1, 1, 6, 3, **sold)])
    assert played.tally.time[0, 0, :4].tolist() == [6 * MINUTE_MS, 0, 4 * MINUTE_MS, 2 * MINUTE_MS]


# --- the end of the horizon ----------------------------------------------------------------------


def test_what_is_open_at_the_end_is_counted_as_open(play):
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
    assert (counts["offered"], counts["open"], counts["answered"]) == (2, 2, 0)
    assert played.tally.time[0, 0, 0] == 10 * MINUTE_MS


def test_an_end_of_talk_at_the_end_of_the_horizon_is_outside(play):
    """A week is [start, end): what ends at its end belongs to the next."""
    played = play(world({"a": listed(call(1430, 10))}, ONE))
    still = played.carries[-1].contacts
    assert still.phase.tolist() == [TALKING]
    assert still.until_ms.tolist() == [1440 * MINUTE_MS]


# --- the exact traces ----------------------------------------------------------------------------

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
    busy = played.tally.time[:, :, :4].sum(axis=(0, 2)) / units
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

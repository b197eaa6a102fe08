"""Timelines drawn by hand: seats that come and go, closing, lines. Every column, both engines.

In the drawings a digit is minutes, ▒ waiting, █ talk, ▓ offer, ░ wrap-up, ✗ giving up.
"""

from sim.core.tables import FREE, OFF_DUTY

from .by_hand import ONE, TWO, answered, assert_rows, blocked, counted, gave_up, overtime_min
from .worlds import (
    MINUTE_MS,
    call,
    constant,
    listed,
    product,
    quarters,
    world,
)

# --- seats that come and go --------------------------------------------------------------------


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
    assert played.tally.time["scheduled_ms"][0, 0] == 15 * MINUTE_MS
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


# --- lines -------------------------------------------------------------------------------------


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

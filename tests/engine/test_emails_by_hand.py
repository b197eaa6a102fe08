"""Timelines drawn by hand: emails, taken up when agents are idle. Every column, both engines.

In the drawings a digit is minutes, ▒ waiting, █ work, ♪ a call, ┆ put aside.
"""

import numpy as np
import pytest

from sim.core.moments import SECOND_LEG
from sim.core.tables import BUSY, NOT_YET, PUT_ASIDE, WAITING

from .by_hand import ONE, TWO, answered, assert_rows, counted, handled_min
from .worlds import MINUTE_MS, call, constant, listed, loaded, play_cut, product, quarters, world

ALWAYS = {"open": "always"}


def emails(*calls, reserve=0, interruptible=False, **more):
    """Listed emails, which wait until agents are idle."""
    deferred = {"reserve": reserve, "interruptible": interruptible}
    return listed(*calls, channel="email", deferred=deferred, **more)


def mixed(mail, *calls):
    return {"mail": mail, "voice": listed(*calls)}


def test_emails_are_taken_one_after_the_other(play):
    """Nothing else is served here, so nobody must stay free, whatever the reserve."""
    mail = emails(call(0, 3), call(1, 2), call(1.5, 4), reserve=5)
    played = play(world({"mail": mail}, ONE))
    rows = [answered(0, 0, 0, 3), answered(1, 1, 3, 2), answered(2, 1.5, 5, 4)]
    assert_rows(played.contacts, rows)
    assert handled_min(played) == [[9, 0, 0, 0]]
    assert played.tally.time["chats_ms"].sum() == 0


def test_an_email_waits_until_more_are_free_than_must_be(play):
    """
    mail A  █████ 0 → 5, for both are free
    call B   ♪♪♪ 1 → 4
    mail C    ▒▒▒██ 2; at 4 one is free, at 5 both are
    """
    played = play(world(mixed(emails(call(0, 5), call(2, 2), reserve=1), call(1, 3)), TWO))
    rows = [
        answered(0, 0, 0, 5),
        answered(1, 1, 1, 3, type=1, seat=1),
        answered(2, 2, 5, 2, seat=1),
    ]
    assert_rows(played.contacts, rows)


def test_a_call_waits_for_an_email_that_is_not_put_aside(play):
    """Both are one agent's; what waits while a call does is taken after it."""
    played = play(world(mixed(emails(call(0, 5), call(0.5, 1)), call(1, 2)), ONE))
    rows = [answered(0, 0, 0, 5), answered(1, 0.5, 7, 1), answered(2, 1, 5, 2, type=1)]
    assert_rows(played.contacts, rows)


def test_an_email_put_aside_keeps_its_place_and_what_is_left(play):
    """
    mail A  █┆┆████ 0 → 1, aside for B, 3 → 7
    call B   ♪♪ 1 → 3
    mail C  ▒▒▒▒▒▒▒█ 0.5, behind A
    """
    mail = emails(call(0, 5), call(0.5, 1), interruptible=True)
    played = play(world(mixed(mail, call(1, 2)), ONE))
    rows = [
        answered(0, 0, 0, 5, left=7, until=7),
        answered(1, 0.5, 7, 1),
        answered(2, 1, 1, 2, type=1),
    ]
    assert_rows(played.contacts, rows)
    assert handled_min(played) == [[8, 0, 0, 0]]
    assert counted(played)["talk_ms"] == 6 * MINUTE_MS


def test_who_began_last_puts_hers_aside(play):
    """Seat 1 began at 1, seat 0 at 0: the call at 2 is seat 1's, the one at 3 seat 0's."""
    mail = emails(call(0, 9), call(1, 9), interruptible=True)
    played = play(world(mixed(mail, call(2, 4), call(3, 4)), TWO))
    rows = [
        answered(0, 0, 0, 9, left=12, until=12, seat=1),
        answered(1, 1, 1, 9, left=15, until=15, seat=0),
        answered(2, 2, 2, 4, type=1, seat=1),
        answered(3, 3, 3, 4, type=1, seat=0),
    ]
    # A is older: seat 1, free at 6, takes it up with 6 left; B has 8 left for seat 0 at 7.
    assert_rows(played.contacts, rows)


def test_another_group_goes_on_with_what_was_put_aside(play):
    """Both of the other group are free; she whose email it was talks."""
    contacts = mixed(emails(call(0, 5), interruptible=True), call(2, 9))
    agents = {
        "g": {"positions": 1, "serves": ["voice", "mail"]},
        "late": {**quarters(0, 0, 1), "serves": ["mail"]},
    }
    contacts["voice"] = listed(call(31, 9))
    contacts["mail"] = emails(call(28, 5), interruptible=True, routes=["g", "late"])
    played = play(world(contacts, agents))
    rows = [
        answered(0, 28, 28, 5, group=1, seat=1),
        answered(1, 31, 31, 9, type=1),
    ]
    assert_rows(played.contacts, rows)
    assert handled_min(played) == [[3 + 9, 0, 0, 0], [2, 0, 0, 0]]


def test_emails_come_at_night_and_wait_for_the_morning(play):
    """Nobody is there from 60 to 120. Open hours count: 10 before 60, 8 after 120."""
    hours = {"open": "Mon-Sun 00:00-01:00, Mon-Sun 02:00-04:00"}
    mail = emails(call(50, 2), call(70, 2), service_level={"within": "20 min"}, **hours)
    contacts = mixed(mail, call(49, 79, patience=0))
    contacts["voice"] |= hours
    seats = quarters(1, 1, 1, 1, 0, 0, 0, 0, 1)
    played = play(world(contacts, {"g": seats}))
    rows = [
        answered(0, 49, 49, 79, type=1),
        answered(1, 50, 128, 2),
        answered(2, 70, 130, 2),
    ]
    assert_rows(played.contacts, rows)
    assert counted(played)["answered_in_time"] == 2
    # The same in calendar time would be late: 78 and 60 minutes.
    late = mail | {"service_level": {"within": "17 min"}}
    assert counted(play(world(contacts | {"mail": late}, {"g": seats})))["answered_in_time"] == 1


def test_an_email_that_nobody_reads_stays_open(play):
    """And so does one that is put aside: neither is ever given up."""
    mail = emails(call(0, 30), call(2, 5), interruptible=True)
    played = play(world(mixed(mail, call(1, 2000)), ONE))
    open_ = played.contacts[played.contacts.type == 0]
    assert open_.phase.tolist() == [PUT_ASIDE, WAITING]
    assert open_.until_ms[0] == 29 * MINUTE_MS
    assert open_.answered_ms.tolist() == [0, NOT_YET]
    counts = counted(played)
    assert (counts["offered"], counts["in_service"], counts["open"]) == (2, 1, 1)


def test_the_older_of_two_kinds_is_first(play):
    contacts = {
        "mail": emails(call(2, 1)),
        "forms": emails(call(1, 1)),
        "voice": listed(call(0, 5)),
    }
    played = play(world(contacts, ONE))
    rows = [
        answered(0, 0, 0, 5, type=2),
        answered(1, 1, 5, 1, type=1),
        answered(2, 2, 6, 1),
    ]
    assert_rows(played.contacts, rows)


def test_nobody_puts_an_email_aside_as_duty_ends(play):
    """A customer is handed on at 15 sharp, when one of two specialists has to go: both go on reading.

    mail  ██████ 10 → 40, and she leaves
    mail   ████████ 11 → 51
    A       ██▒▒▒▒▒▒▓ 12 → 15, handed on, taken at 51
    """
    contacts = {
        "a": listed(call(12, 3)),
        "mail": emails(call(10, 30), call(11, 40), interruptible=True),
    }
    agents = {
        "g": {"positions": 1, "serves": ["a"]},
        "s": {**quarters(2, 1), "serves": ["mail"]},
    }
    sold = product(offer={"offer": "specialist", "group": "s"}, during=["a"])
    played = play(world(contacts, agents, offers={"p": sold}))
    mails = played.contacts[played.contacts.type == 1]
    handed_on = played.contacts[played.contacts.leg == SECOND_LEG][0]
    assert (mails.left_ms // MINUTE_MS).tolist() == [40, 51]
    assert handed_on.answered_ms == 51 * MINUTE_MS
    assert (played.carries[-1].seats.state != BUSY).all()


def test_wrap_up_of_an_email_is_not_put_aside(play):
    mail = emails(call(0, 2), interruptible=True) | {"wrap_up": constant(3)}
    played = play(world(mixed(mail, call(4, 1)), ONE))
    assert_rows(played.contacts, [answered(0, 0, 0, 2, wrap_up=3), answered(1, 4, 5, 1, type=1)])


@pytest.mark.parametrize("cuts", [(1,), (1, 2), (2, 3)])
def test_emails_across_a_cut(tmp_path, engine, cuts):
    """Put aside at 14, taken up again at 16 or later: its work is done once."""
    mail = emails(call(10, 12), call(11, 9), call(28, 5), interruptible=True)
    scenario = loaded(tmp_path, world(mixed(mail, call(14, 3), call(29, 4)), ONE))
    whole, cut = play_cut(scenario, engine), play_cut(scenario, engine, cuts)
    for name in whole.contacts.dtype.names:
        assert np.array_equal(whole.contacts[name], cut.contacts[name]), name
    for one, two in zip(whole.tally, cut.tally, strict=True):
        assert np.array_equal(one, two)
    assert whole.contacts.talk_ms[whole.contacts.type == 0].sum() == 26 * MINUTE_MS
    assert handled_min(whole) == [[33, 0, 0, 0]]

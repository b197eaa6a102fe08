"""Timelines drawn by hand: contacts that are handed on, and leads that are called later.

In the drawings a digit is minutes, ▒ waiting, █ talk, ▓ offer, ░ wrap-up, ♪ ringing, ✗ giving up.
"""

import numpy as np
import pytest

from sim.core.dice import ACCEPTANCE, split, uniform, word
from sim.core.moments import FIRST_LEG, SECOND_LEG
from sim.core.tables import WITHDRAWN
from sim.domain.customers.customers import AT_FIRST_CONTACT

from .by_hand import (
    ON,
    ONE,
    answered,
    assert_rows,
    counted,
    expired,
    handled_min,
    lead,
    not_reached,
    overtime_min,
    second_leg,
    second_leg_gave_up,
    sold_of_first,
    summed,
)
from .worlds import MINUTE_MS, call, constant, listed, product, quarters, world

SOLD = {"accepted": 1}


def specialist(policy=None, **more):
    """A product that is sold by the second group."""
    return product(offer={"offer": "specialist", "group": "sales"} | (policy or {}), **more)


def follow_up(policy=None, **more):
    """A product for which the agents themselves call later: after two minutes of ringing."""
    given = {"offer": "follow-up", "group": "g", "reserve": 1, "reached": 1.0, "ring": "2 min"}
    return product(offer=given | (policy or {}), **more)


def selling(of_service=1, of_sales=1, **serves):
    """Service agents and specialists, who answer nothing else unless told."""
    sales = {"serves": serves or [], "positions": of_sales}
    if isinstance(of_sales, dict):
        sales = {"serves": serves or [], **of_sales}
    return {"g": {"positions": of_service, "serves": ["a"]}, "sales": sales}


def legs(played):
    """What was counted of legs, by name."""
    return summed(played.tally.legs)


def test_a_free_specialist_answers_at_once(play):
    """The first agent wraps up and takes the next caller; the specialist wraps up as well.

    t  0  3 4  7 8    12
    0  ███░
       └──▓▓▓▓░           specialist
    1   ▒▒▒███░
           └──▒▓▓▓▓░      waits for the specialist
    """
    type_ = listed(call(0, 3), call(1, 3), wrap_up=constant(1))
    played = play(world({"a": type_}, selling(), offers={"p": specialist()}))
    sold = SOLD | {"offer": 4, "wrap_up": 1, "seat": 1}
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, wrap_up=1, **ON),
            second_leg(0, 0, 3, 3, **sold),
            answered(1, 1, 4, 3, wrap_up=1, **ON),
            second_leg(1, 1, 7, 8, waited=3, **sold),
        ],
    )
    assert handled_min(played) == [[6, 0, 0, 2], [0, 0, 8, 2]]
    counts = counted(played)
    assert (counts["offered"], counts["answered"], counts["offers"]) == (2, 2, 2)
    assert (counts["scored"], counts["issues"], counts["wait_ms"]) == (2, 2, 3 * MINUTE_MS)
    assert counts["offer_ms"] + counts["wrap_up_ms"] == 12 * MINUTE_MS
    assert legs(played) == {
        "transfers": 2, "transfer_wait_ms": MINUTE_MS, "transfers_gave_up": 0,
        "calls": 0, "calls_reached": 0,
    }  # fmt: skip
    assert sold_of_first(played) == (2, 2)


def test_giving_up_on_the_specialist(play):
    """Patience starts anew; the issue stays solved, and nobody redials.

    t  0  3 4 5   9
    0  ███▓▓▓▓▓▓▓▓
    1  ████▒▒✗             patience 2, though she had waited for nobody before
    2      █████▓▓▓▓       the tie with the freed specialist is answered
    """
    calls = (call(0, 3, offer=6), call(0, 4), call(4, 5, offer=4))
    redial = {"probability": 1.0, "delay": constant(5), "attempts": 4}
    type_ = listed(*calls, patience=constant(2), redial=redial)
    played = play(world({"a": type_}, selling(3), offers={"p": specialist()}))
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, **ON),
            second_leg(0, 0, 3, 3, offer=6, seat=3, **SOLD),
            answered(1, 0, 0, 4, seat=1, **ON),
            second_leg_gave_up(1, 0, 4, 6),
            answered(2, 4, 4, 5, seat=2, **ON),
            second_leg(2, 4, 9, 9, offer=4, seat=3, **SOLD),
        ],
    )
    counts = counted(played)
    assert (counts["gave_up"], counts["issues_resolved"], counts["scored"]) == (0, 3, 3)
    assert (counts["offers"], counts["accepted"]) == (2, 2)
    found = legs(played)
    assert (found["transfers"], found["transfers_gave_up"]) == (3, 1)
    assert found["transfer_wait_ms"] == 2 * MINUTE_MS
    assert played.tally.endings[0, 0, AT_FIRST_CONTACT] == played.tally.endings.sum() == 3


def test_a_specialist_freed_as_patience_ends_answers(play):
    """The end of work precedes giving up.

    t  0  3   6
    0  ███▓▓▓
    1  ████▒▒▓▓▓▓     patience 2
    """
    type_ = listed(call(0, 3, offer=3), call(0, 4), patience=constant(2))
    played = play(world({"a": type_}, selling(2), offers={"p": specialist()}))
    rows = [answered(0, 0, 0, 3, **ON), second_leg(0, 0, 3, 3, offer=3, seat=2, **SOLD)]
    rows += [answered(1, 0, 0, 4, seat=1, **ON), second_leg(1, 0, 4, 6, offer=4, seat=2, **SOLD)]
    assert_rows(played.contacts, rows)


def test_the_oldest_contact_is_sold_to_first(play):
    """Call 1 came before call 2, was handed on later, and is taken first.

    t  0 2   5   9  12 13 14
    0  ██▓▓▓▓▓▓▓▓▓▓
    1   ████████▒▒▒▓
    2     ██▒▒▒▒▒▒▒▒▓
    """
    calls = (call(0, 2, offer=10), call(1, 8, offer=1), call(3, 2, offer=1))
    played = play(world({"a": listed(*calls)}, selling(2), offers={"p": specialist()}))
    sold = SOLD | {"seat": 2}
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 2, **ON),
            second_leg(0, 0, 2, 2, offer=10, **sold),
            answered(1, 1, 1, 8, seat=1, **ON),
            second_leg(1, 1, 9, 12, offer=1, **sold),
            answered(2, 3, 3, 2, **ON),
            second_leg(2, 3, 5, 13, offer=1, **sold),
        ],
    )


@pytest.mark.parametrize(("priority", "first"), [(1, "sale"), (2, "b"), (3, "b")])
def test_priority_among_what_specialists_take(play, priority, first):
    """Specialists serve b with priority 2; b waits since 0, call 1 came at 1.

    t   0  3      10
    b0  ██████████
    b1  ▒▒▒▒▒▒▒▒▒▒         10, or after the offer
    a2   ██▒▒▒▒▒▒▒▓▓▓▓     10, or after b1
    """
    contacts = {"b": listed(call(0, 10), call(0, 5)), "a": listed(call(1, 2))}
    agents = selling(1, 1, b={"priority": 2})
    offers = {"p": specialist(during=["a"], policy={"priority": priority})}
    played = play(world(contacts, agents, offers=offers))
    at = {"sale": {"sale": 10, "b": 14}, "b": {"sale": 15, "b": 10}}[first]
    row = {"seat": 1, "group": 1}
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 10, **row),
            answered(1, 0, at["b"], 5, **row),
            answered(2, 1, 1, 2, type=1, **ON),
            second_leg(2, 1, 3, at["sale"], type=1, queue=4, offer=4, seat=1, **SOLD),
        ],
    )


def test_nobody_is_handed_on_to_who_is_off_duty(play):
    """Specialists leave at 15: at 14 one is handed on, at 15 sharp nobody, nor is an offer made.

    t  0             14 15 18
    0  ██████████████▓▓▓▓         3 minutes of overtime
    1  ███████████████            no offer
    """
    agents = selling(2, quarters(1, 0))
    played = play(
        world({"a": listed(call(0, 14), call(0, 15))}, agents, offers={"p": specialist()})
    )
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 14, **ON),
            second_leg(0, 0, 14, 14, offer=4, seat=2, **SOLD),
            answered(1, 0, 0, 15, seat=1),
        ],
    )
    assert overtime_min(played, 1) == 3


def test_handed_on_as_one_of_two_specialists_leaves(play):
    """Both are free at 15, when one leaves: who stays answers one, the other waits.

    t  0              15  19
    0  ███████████████▓▓▓▓
    1  ███████████████▒▒▒▒▓▓▓▓
    """
    agents = selling(2, quarters(2, 1))
    played = play(
        world({"a": listed(call(0, 15), call(0, 15))}, agents, offers={"p": specialist()})
    )
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 15, **ON),
            second_leg(0, 0, 15, 15, offer=4, seat=2, **SOLD),
            answered(1, 0, 0, 15, seat=1, **ON),
            second_leg(1, 0, 15, 19, offer=4, seat=2, **SOLD),
        ],
    )
    assert overtime_min(played, 1) == 0


def test_handed_on_as_a_specialist_comes(play):
    """At 15 sharp the talk ends and the specialist's duty begins: she answers at once."""
    agents = selling(1, quarters(0, 1))
    played = play(world({"a": listed(call(0, 15))}, agents, offers={"p": specialist()}))
    row = second_leg(0, 0, 15, 15, offer=4, seat=1, **SOLD)
    assert_rows(played.contacts, [answered(0, 0, 0, 15, **ON), row])


def test_specialists_work_while_the_types_are_open_in_which_they_sell(play):
    """They answer nothing themselves; the type closes at 1 o'clock, and so do they."""
    open_ = {"open": "Mon-Sun 00:00-01:00"}
    played = play(world({"a": listed(call(0, 3), **open_)}, selling(), offers={"p": specialist()}))
    levels = played.plans[0].levels
    assert levels.level[:, :96].sum(axis=1).tolist() == [4, 4]
    assert levels.closed[1, :96].tolist() == [0] * 4 + [1] * 92


def test_a_transfer_keeps_its_line(play):
    """Two lines: while the second leg goes on, a third customer is blocked.

    t  0  3  5  7
    0  ███▓▓▓▓
    1   ███████
    2      ✗ 5      blocked
    """
    calls = (call(0, 3), call(1, 9), call(5, 1))
    played = play(world({"a": listed(*calls)}, selling(3), offers={"p": specialist()}, lines=2))
    assert [int(c.outcome) for c in played.contacts if c.listed == 2] == [3]


def test_the_odds_of_specialists(play):
    """Acceptance of 30 % with odds of 2 is .6/1.3; every issue meets the luck it always meets."""
    contacts = {"a": listed(*(call(5 * n, 1) for n in range(200)))}
    more = {"acceptance": {"everyone": 0.3, "effects": "none"}}
    offers = {"p": specialist(policy={"acceptance_odds": 2}, **more)}
    played = play(world(contacts, selling(), offers=offers))
    sold = played.contacts[played.contacts.leg == SECOND_LEG]
    luck = [uniform(split(c.luck, np.uint64(word("p"))), ACCEPTANCE, 0) for c in sold]
    assert sold.accepted.tolist() == [int(u < 0.6 / 1.3) for u in luck]
    assert 0 < sold.accepted.sum() < 200
    here = play(world(contacts, ONE, offers={"p": product(**more)}))
    assert here.contacts.accepted.tolist() == [int(u < 0.3) for u in luck]


def test_patience_of_a_second_leg_has_its_own_luck(play):
    """Both waits of a contact end at random, and not after the same time."""
    calls = [{"at": f"{n} s", "talk": "1 s"} for n in range(40)]
    type_ = {"volume": {"calls": calls}, "patience": {"mean": "1 min"}}
    contacts = {"a": listed() | type_}
    played = play(world(contacts, selling(9), offers={"p": specialist(talk=constant(60))}))
    second = played.contacts[(played.contacts.leg == SECOND_LEG) & (played.contacts.outcome == 2)]
    waited_ms = second.left_ms - second.arrived_ms
    assert len(np.unique(waited_ms)) == len(second) > 30
    assert 30_000 < waited_ms.mean() < 90_000  # a mean of a minute, with an error of 10 s


def test_an_idle_agent_calls_a_lead(play):
    """Two agents; one must stay free. The one idle longest calls, after two minutes of ringing.

    t  0  3 4 6   10 11
    0  ███░                seat 0; the lead is put by at 3
         └·♪♪▓▓▓▓░         seat 1, idle since 0, when seat 0 is free as well
    1       ███░           comes at 5 to seat 0
              └··♪♪▓▓▓▓░   put by at 8; 11, when both are free; seat 0 has been idle longest
    """
    type_ = listed(call(0, 3), call(5, 3), wrap_up=constant(1))
    played = play(world({"a": type_}, {"g": {"positions": 2}}, offers={"p": follow_up()}))
    sold = SOLD | {"offer": 4, "wrap_up": 1}
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, wrap_up=1),
            lead(0, 3, 4, 2, seat=1, **sold),
            answered(1, 5, 5, 3, wrap_up=1),
            lead(1, 8, 11, 2, seat=0, **sold),
        ],
    )
    assert handled_min(played)[0] == [10, 0, 8, 4]
    counts, found = counted(played), legs(played)
    assert (counts["offered"], counts["answered"], counts["offers"]) == (2, 2, 2)
    assert (counts["scored"], counts["issues"], counts["talk_ms"]) == (2, 2, 6 * MINUTE_MS)
    assert (counts["wrap_up_ms"], counts["offer_ms"]) == (2 * MINUTE_MS, 0)
    assert (found["calls"], found["calls_reached"], found["transfers"]) == (2, 2, 0)
    assert sold_of_first(played) == (2, 2)


def test_all_else_comes_first_at_a_moment(play):
    """At 4 an agent is freed and call 1 arrives: then only one is free, and nobody calls.

    t  0  3 4   9
    0  ███░
         └······♪♪▓▓▓▓    9, when seat 1 is free again
    1      █████
    """
    offers = {"p": follow_up(during=["a"])}
    contacts = {"a": listed(call(0, 3), wrap_up=constant(1)), "b": listed(call(4, 5))}
    played = play(world(contacts, {"g": {"positions": 2}}, offers=offers))
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, wrap_up=1),
            lead(0, 3, 9, 2, queue=4, offer=4, wrap_up=1, seat=0, **SOLD),
            answered(1, 4, 4, 5, type=1, seat=1),
        ],
    )


def test_nobody_answers_our_call(play):
    """The lead is dropped after the ringing, and the agent is free at once.

    t  0  3 4 5 6 7  9  11
    0  ███
         └♪♪♪♪               seat 1
    1      ████              seat 0
              └··♪♪♪♪        put by at 6, oldest at 7
    2      ▒▒████            seat 1 is free at 5
                └···♪♪♪♪
    """
    type_ = listed(call(0, 3), call(4, 2), call(4, 2))
    offers = {"p": follow_up(policy={"reached": 0.0})}
    played = play(world({"a": type_}, {"g": {"positions": 2}}, offers=offers))
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3),
            not_reached(0, 3, 3, 2, seat=1),
            answered(1, 4, 4, 2),
            not_reached(1, 6, 7, 2, seat=0),
            answered(2, 4, 5, 2, seat=1),
            not_reached(2, 7, 9, 2, waited=1, seat=1),
        ],
    )
    assert not any(summed(played.tally.sales).values())
    assert (legs(played)["calls"], legs(played)["calls_reached"]) == (3, 0)


def test_a_lead_grows_too_old(play):
    """One agent is never more than one: the lead is dropped five minutes after it was put by.

    t  0  3    8
    0  ███
         └·····✗
    """
    offers = {"p": follow_up(policy={"keep": "5 min"})}
    played = play(world({"a": listed(call(0, 3))}, {"g": quarters(1, 2)}, offers=offers))
    assert_rows(played.contacts, [answered(0, 0, 0, 3), expired(0, 3, 8)])
    assert legs(played)["calls"] == 0


def test_a_lead_is_called_when_more_agents_come(play):
    """The second seat is filled at 15.

    t  0  3           15 17
    0  ███
         └············♪♪▓▓▓▓    seat 0
    """
    played = play(
        world({"a": listed(call(0, 3))}, {"g": quarters(1, 2)}, offers={"p": follow_up()})
    )
    row = lead(0, 3, 15, 2, offer=4, seat=0, **SOLD)
    assert_rows(played.contacts, [answered(0, 0, 0, 3), row])


@pytest.mark.parametrize("accepts", [1.0, 0.0])
def test_who_bought_meanwhile_is_not_called(play, accepts):
    """There is one customer; she called twice. She buys in our first call, or is called again.

    t  0  3 4 6   10
    0  ███
         └·♪♪▓▓▓▓           seat 0, idle since 3
    1   ███
          └······♪♪▓▓▓▓     seat 1; dropped if she bought. There is no cool-down
    """
    alone = {"all": {"count": 1, "churn": "none"}}
    offers = {"p": follow_up(acceptance=accepts, cool_down="0 s")}
    calls = listed(call(0, 3), call(1, 3))
    played = play(world({"a": calls}, {"g": {"positions": 2}}, customers=alone, offers=offers))
    her = {"customer": 0, "accepted": int(accepts), "offer": 4}
    again = lead(1, 4, 10, 2, seat=1, **her)
    dropped = expired(1, 4, 10, customer=0, outcome=WITHDRAWN, until=4 + 7 * 24 * 60)
    rows = [answered(0, 0, 0, 3, customer=0), lead(0, 3, 4, 2, seat=0, **her)]
    rows += [answered(1, 1, 1, 3, customer=0, seat=1), dropped if accepts else again]
    assert_rows(played.contacts, rows)


def test_a_second_leg_is_an_experience_of_its_own(play):
    """Being handed on, and the second wait, count in the opinion of the contact, once."""
    calls = [call(3 * n, 1) for n in range(300)]
    more = {"experience": {"transfer": -9, "causal_discount": {"transfer": 0.5}}}
    happy, sad = (
        counted(play(world({"a": listed(*calls)}, agents, offers={"p": offer}, **more)))
        for agents, offer in ((ONE, product(offer="never")), (selling(), specialist()))
    )
    assert happy["scored"] == sad["scored"] == 300
    assert happy["scored_high"] > 200
    assert sad["scored_high"] < 10
    unhurt = {"experience": {"transfer": -9, "causal_discount": {"transfer": 1.0}}}
    offers = {"p": specialist(talk={"mean": "1 s"}, acceptance=1.0)}
    same = counted(play(world({"a": listed(*calls)}, selling(), offers=offers, **unhurt)))
    assert same["scored_high"] > 200


def test_the_first_agents_do_as_if_nothing_were_offered(play):
    """Never offering and handing on differ in nothing that happens at the first agents."""
    type_ = listed(*(call(n, 2) for n in range(60)), wrap_up=constant(1))
    handed = play(world({"a": type_}, selling(2), offers={"p": specialist()}))
    never = play(world({"a": type_}, {"g": {"positions": 2}}, offers={"p": product(offer="never")}))
    first = handed.contacts[handed.contacts.leg == FIRST_LEG]
    for column in ("answered_ms", "left_ms", "until_ms", "talk_ms", "wrap_up_ms", "seat"):
        assert (first[column] == never.contacts[column]).all()
    assert first.handed_on.all()

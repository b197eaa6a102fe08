"""Timelines drawn by hand: policies and products. Every relevant column, both engines.

In the drawings a digit is minutes, ▒ waiting, █ talk, ▓ offer. A week has 10,080 minutes.
"""

import numpy as np
import pytest

from sim.core.tables import ANSWERED, CLOSED
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.weeks.play import play as play_horizon

from .by_hand import ONE, TWO, answered, assert_rows, callers, counted, summed
from .worlds import (
    MINUTE_MS,
    call,
    constant,
    listed,
    loaded,
    play_cut,
    product,
    world,
)

WEEK = 7 * 24 * 60
ALONE = {"all": {"count": 1, "churn": "none"}}


def sales(played, product=0, segment=0):
    """What was counted of a product, by name, over the horizon."""
    return summed(played.tally.sales[:, product, segment])


def blind(acceptance):
    """This acceptance, whoever she is and whatever happened."""
    return {"everyone": acceptance, "effects": "none"}


# --- queue-age -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("at_most", "is_made"), [("2 min", True), ("119 s", False)])
def test_queue_age_looks_at_the_oldest(play, at_most, is_made):
    """At 3 call 1 is 2 minutes old and call 2 is 1 minute old: the older one decides.

    t  0  3 4 6 7 8
    0  ███▓             if 2 minutes are tolerated, else all is a minute earlier
    1   ▒▒▒██           call 2 is 4 minutes old: no offer
    2    ▒▒▒▒█▓         nobody waits
    """
    calls = (call(0, 3), call(1, 2), call(2, 1))
    policy = {"offer": "queue-age", "at_most": at_most}
    products = {"p": product(offer=policy, talk=constant(1))}
    played = play(world({"a": listed(*calls)}, ONE, offers=products))
    sold = {"offer": 1, "product": 0, "accepted": 1, "pushed": 0}
    made = sold if is_made else {}
    later = 1 if is_made else 0
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, **made),
            answered(1, 1, 3 + later, 2),
            answered(2, 2, 5 + later, 1, **sold),
        ],
    )
    assert counted(played)["offers"] == 1 + is_made


def test_queue_age_is_that_of_contacts_open_to_the_group(play):
    """Call 2 is old, but not yet for the second group, whose agent may offer.

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
    offers = {"p": product(during=["b"], offer={"offer": "queue-age", "at_most": "0 s"})}
    played = play(world(contacts, agents, offers=offers))
    sold = {"offer": 1, "product": 0, "accepted": 1}
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 10), answered(1, 0, 0, 3, type=1, group=1, seat=1, **sold)]
        + [answered(2, 2, 6, 1, group=1, seat=1)],
    )


def test_who_arrives_as_the_talk_ends_has_no_age_yet(play):
    """The end of talk precedes arrivals, and giving up: who would do so then is still waiting.

    t  0  3 4 5 10  14 15
    0  ███▓                  call 1 arrives at 3: not there yet
    1     ▒█▓
    2           ████         call 3 is 3 minutes old, and that is her patience: no offer
    3            ▒▒▒█▓       freed at 14, the agent answers before she gives up
    """
    calls = (call(0, 3), call(3, 1), call(10, 4), call(11, 1, 3))
    offers = {"p": product(talk=constant(1), offer={"offer": "queue-age", "at_most": "1 s"})}
    played = play(world({"a": listed(*calls)}, ONE, offers=offers))
    sold = {"offer": 1, "product": 0, "accepted": 1}
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, **sold),
            answered(1, 3, 4, 1, **sold),
            answered(2, 10, 10, 4),
            answered(3, 11, 14, 1, **sold),
        ],
    )


# --- expected value ------------------------------------------------------------------------------

# M_net = 100 (no returns, no commission, all incremental), offer talk 2, no fulfilment, k = 10:
# EV = a·110 − 2ω − 10 with ω = 0, 15 and 45: a* = .09, .36, .91.
PRICED = {
    "offer": "expected-value",
    "minute": {"free": "0 per minute", "full": "15 per minute", "queue": "45 per minute"},
    "annoyance": 10,
}
SURE = {"margin": 100, "price": 100, "returns": 0, "commission": 0, "incremental": 1.0}


@pytest.mark.parametrize(
    ("acceptance", "made"),
    [(0.08, []), (0.10, [0]), (0.35, [0]), (0.37, [0, 1]), (0.90, [0, 1]), (0.92, [0, 1, 3])],
)
def test_expected_value_in_three_states(play, acceptance, made):
    """Two agents: call 0 ends while the other is free, call 1 at full, call 3 while 5 waits.

    t  0  3    10 12    20    30  33
    0  ███                             one free
    1            ██  (10-12), 2: (11-20) full
    3                         ███ (30-33), 4: (30-60), 5: from 31 waits
    """
    calls = [call(0, 3), call(10, 2), call(11, 9), call(30, 3), call(30, 30), call(31, 1)]
    p = SURE | {"offer": PRICED, "talk": constant(2), "acceptance": blind(acceptance)}
    played = play(world({"a": listed(*calls)}, TWO, offers={"p": product(**p)}))
    offered = {int(c.listed) for c in played.contacts if c.product == 0}
    assert offered & {0, 1, 3} == set(made)
    for c in played.contacts:
        assert c.offer_ms == (2 * MINUTE_MS if c.product == 0 else 0)
        assert not c.pushed


def test_expected_value_counts_fulfilment_and_net_margin(play):
    """One agent, at full ω = 15, k = 10. Talk 2, fulfilment 3: EV = a·(M_net − 45 + 10) − 40.

    M = 100, returns 20 %, commission 10 %, incremental 90 %: M_net = .8·(90 − 10) = 64.
    With a = 1 EV = 64 − 35 − 40 < 0, though 100 − 40 > 0. At κ = 100 % and M = 115:
    M_net = .8·(115 − 11.5) = 82.8, EV = 7.8 > 0.

    t  0  3    8
    0  ███▓▓▓▓▓
    """
    money = {"price": 200, "returns": 0.2, "commission": 0.1}
    timed = {"offer": PRICED, "talk": constant(2), "fulfilment": constant(3)}
    poor = product(**money, **timed, margin=100, incremental=0.9, acceptance=blind(1.0))
    played = play(world({"a": listed(call(0, 3))}, ONE, offers={"p": poor}))
    assert_rows(played.contacts, [answered(0, 0, 0, 3)])
    rich = product(**money, **timed, margin=115, incremental=1.0, acceptance=blind(1.0))
    played = play(world({"a": listed(call(0, 3))}, ONE, offers={"p": rich}))
    sold = {"offer": 5, "product": 0, "accepted": 1}
    assert_rows(played.contacts, [answered(0, 0, 0, 3, **sold)])


def test_waiting_lowers_what_an_offer_is_worth(play):
    """Acceptance 10 % after 30 s, wait −2: odds × 2.25 at once, × (1.5/4)² after 3 minutes.

    Minutes are free, k = 10: EV = a·110 − 10, a* = 9.1 %; at once a = 20 %, after 3 minutes 1.5 %.

    t  0  3 5  8 9
    0  █████████▓▓      seat 0
    1  ███▓▓            seat 1
    2    ▒▒▒███         waited 3 minutes: no offer
    """
    calls = (call(0, 9), call(0, 3), call(2, 3))
    acceptance = {"everyone": 0.10, "effects": {"first_contact": 0, "wait": -2, "fatigue": 0}}
    price = dict.fromkeys(("free", "full", "queue"), "0 per minute")
    policy = {"offer": "expected-value", "minute": price, "annoyance": 10}
    p = product(**SURE, acceptance=acceptance, offer=policy, talk=constant(2))
    played = play(world({"a": listed(*calls)}, TWO, offers={"p": p}))
    bought = [int(c.accepted) for c in played.contacts[np.argsort(played.contacts.listed)]]
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 9, offer=2, product=0, accepted=bought[0]),
            answered(1, 0, 0, 3, offer=2, product=0, accepted=bought[1], seat=1),
            answered(2, 2, 5, 3, seat=1),
        ],
    )


# --- the next best offer -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p", "q", "best"),
    [
        ((0.2, 100), (0.1, 150), 0),  # 20 against 15
        ((0.2, 100), (0.1, 250), 1),  # 20 against 25
        ((0.2, 100), (0.4, 50), 0),  # alike: the first in the file
    ],
)
def test_the_largest_expected_margin_is_offered(play, p, q, best):
    """Acceptance × net margin decides, not the order of the file.

    t  0  3  5
    0  ███▓▓
    """
    offers = {
        name: product(**SURE | {"margin": margin}, acceptance=blind(a), talk=constant(2))
        for name, (a, margin) in {"p": p, "q": q}.items()
    }
    played = play(world({"a": listed(call(0, 3))}, ONE, offers=offers))
    contact = played.contacts[0]
    assert (contact["product"], contact.offer_ms) == (best, 2 * MINUTE_MS)
    assert sales(played, best)["offered"] == 1
    assert sales(played, 1 - best)["offered"] == 0


def test_the_best_offer_that_is_due(play):
    """q is worth more but only while nobody waits; p always.

    t  0  3  5  8 9 10
    0  ███▓▓                 p: call 1 waits
    1    ▒▒▒███▓             q: nobody waits
    """
    p = product(**SURE | {"margin": 10}, talk=constant(2))
    q = product(**SURE, talk=constant(1), offer="while-nobody-waits")
    played = play(world({"a": listed(call(0, 3), call(2, 3))}, ONE, offers={"p": p, "q": q}))
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, offer=2, product=0, accepted=1),
            answered(1, 2, 5, 3, offer=1, product=1, accepted=1),
        ],
    )


def test_what_she_has_or_declined_leaves_room_for_the_next(play):
    """She buys p, declines q, is then asked for nothing, and for q once it has cooled down.

    Who never accepts q is expected to bring nothing with it, so p comes first.

    t  0  3  10 13 20 23  41 44
    0  ███▓  ███▓  ███    ███▓
             └─ 30 minutes ─┘
    """
    calls = [call(at, 3, offer=1) for at in (0, 10, 20, 41)]
    p = product(**SURE | {"margin": 2})
    q = product(**SURE, acceptance=blind(0.0), cool_down="30 min")
    offers = {"q": q, "p": p}
    played = play(world({"a": listed(*calls)}, ONE, customers=ALONE, offers=offers))
    asked = {"offer": 1, "product": 0, "accepted": 0, "customer": 0}
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, offer=1, product=1, accepted=1, customer=0),
            answered(1, 10, 10, 3, **asked),
            answered(2, 20, 20, 3, customer=0),
            answered(3, 41, 41, 3, **asked),
        ],
    )
    assert played.people.rows.owns.tolist() == [0b10]
    assert played.people.declined_ms[0, 0] == 44 * MINUTE_MS
    assert played.people.exposures.tolist() == [[2, 0]]


# --- what agents make of it ----------------------------------------------------------------------


def test_pushed_offers_are_those_that_the_policy_refused(play):
    """Commission 20 % is twice the fair one, over_offer 100 %: all that is refused is pushed.

    t  0  3 4  7 8
    0  ███▓             pushed: call 1 waits
    1    ▒▒███▓         due: nobody waits
    """
    p = product(
        offer="while-nobody-waits", talk=constant(1), commission=0.2, conduct={"over_offer": 1.0}
    )
    played = play(world({"a": listed(call(0, 3), call(2, 3))}, ONE, offers={"p": p}))
    sold = {"offer": 1, "product": 0, "accepted": 1}
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 3, pushed=1, **sold), answered(1, 2, 4, 3, pushed=0, **sold)],
    )
    assert (sales(played)["offered"], sales(played)["pushed"]) == (2, 1)


def test_agents_who_do_not_comply(play):
    """Compliance 0 %: what is due is not made; what is refused is pushed, if it pays.

    t  0  3 4  7
    0  ███▓
    1    ▒▒███
    """
    conduct = {"compliance": 0.0, "over_offer": 1.0}
    p = product(offer="while-nobody-waits", talk=constant(1), commission=0.2, conduct=conduct)
    calls = listed(call(0, 3), call(2, 3))
    played = play(world({"a": calls}, ONE, offers={"p": p}))
    pushed = {"offer": 1, "product": 0, "accepted": 1, "pushed": 1}
    assert_rows(played.contacts, [answered(0, 0, 0, 3, **pushed), answered(1, 2, 4, 3, pushed=0)])
    p |= {"commission": 0.1}
    played = play(world({"a": calls}, ONE, offers={"p": p}))
    assert_rows(played.contacts, [answered(0, 0, 0, 3), answered(1, 2, 3, 3)])
    assert not any(sales(played).values())


@pytest.mark.parametrize(
    "unfit",
    [
        {"offer": "never"},
        {"candidates": 0.0},
        {"during": ["b"]},
        {"held": 1.0},
        {"needs": ["q"]},
    ],
)
def test_only_what_suits_is_pushed(play, unfit):
    """Nobody pushes what is never offered, makes no sense here, or she may not have.

    t  0  3
    0  ███
    """
    p = product(
        commission=0.2,
        conduct={"over_offer": 1.0},
    )
    p |= {"offer": {"offer": "below-system-threshold", "threshold": 0}} | unfit
    offers = {"p": p, "q": product(offer="never", held=1e-9)}
    contacts = {"a": listed(call(0, 3)), "b": listed(call(100, 3))}
    played = play(world(contacts, ONE, customers=ALONE, offers=offers))
    first = played.contacts[played.contacts.listed == 0][0]
    assert (first["product"], first.offer_ms, first.pushed) == (-1, 0, 0)


def test_only_on_solved_issues_is_anything_pushed(play):
    """Nothing is solved; with on_unresolved it is pushed."""
    resolution = {"first_contact": 0.0, "comes_back": 0.0}
    contacts = {"a": listed(call(0, 3), resolution=resolution)}
    p = product(commission=0.2, conduct={"over_offer": 1.0}, talk=constant(1))
    p |= {"offer": {"offer": "below-system-threshold", "threshold": 0}}
    played = play(world(contacts, ONE, offers={"p": p}))
    assert_rows(played.contacts, [answered(0, 0, 0, 3, resolved=0, pushed=0)])
    played = play(world(contacts, ONE, offers={"p": p | {"on_unresolved": True}}))
    sold = {"offer": 1, "product": 0, "accepted": 1, "pushed": 1, "resolved": 0}
    assert_rows(played.contacts, [answered(0, 0, 0, 3, **sold)])


# --- who may have it -----------------------------------------------------------------------------


def test_an_upsell_needs_what_it_builds_on(play):
    """up needs p: not at 0, for she buys p only then; it is worth more, so it comes next.

    t  0  3  10 13  20 23
    0  ███▓  ███▓   ███
    """
    calls = [call(at, 3, offer=1) for at in (0, 10, 20)]
    up = product(kind="upsell", needs=["p"], **SURE | {"margin": 1000})
    offers = {"up": up, "p": product(**SURE)}
    played = play(world({"a": listed(*calls)}, ONE, customers=ALONE, offers=offers))
    sold = {"offer": 1, "accepted": 1, "customer": 0}
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, product=1, **sold),
            answered(1, 10, 10, 3, product=0, **sold),
            answered(2, 20, 20, 3, customer=0),
        ],
    )
    assert played.people.rows.owns.tolist() == [0b11]


@pytest.mark.parametrize("customers", [ALONE, None])
def test_an_upsell_to_who_holds_it_from_the_first_day(play, customers):
    """Everybody has p; so also where customers are not modelled.

    t  0  3
    0  ███▓
    """
    up = product(kind="upsell", needs=["p"], talk=constant(1))
    what = world({"a": listed(call(0, 3))}, ONE, offers={"p": product(held=1.0), "up": up})
    played = play(what | ({"customers": customers} if customers else {}))
    sold = {"offer": 1, "product": 1, "accepted": 1, "customer": 0 if customers else -1}
    assert_rows(played.contacts, [answered(0, 0, 0, 3, **sold)])


def test_who_declines_an_upsell_may_take_less(play):
    """Everybody declines and changes to a cheaper plan.

    t  0  3
    0  ███▓
    """
    downgrade = {"share": 1.0, "loss": "5 per month"}
    up = product(kind="upsell", downgrade=downgrade, acceptance=blind(0.0), talk=constant(1))
    played = play(world({"a": listed(call(0, 3))}, ONE, customers=ALONE, offers={"up": up}))
    asked = {"offer": 1, "product": 0, "accepted": 0, "customer": 0}
    assert_rows(played.contacts, [answered(0, 0, 0, 3, **asked)])
    assert sales(played) == {
        "offered": 1, "accepted": 0, "returned": 0, "downgraded": 1, "pushed": 0,
        "offered_by_bot": 0, "kept_by_bot": 0,
    }  # fmt: skip
    assert played.people.rows.downgraded.tolist() == [1]
    assert played.people.rows.owns.tolist() == [0]


def test_a_product_for_one_segment(play):
    """p is for gold: plain is not offered it.

    t        0  3  10 13
    0 gold   ███▓
    1 plain        ███
    """
    segments = {"plain": {"count": 9, "churn": "none"}, "gold": {"count": 9, "churn": "none"}}
    calls = (call(0, 3, segment="gold"), call(10, 3, segment="plain"))
    offers = {"p": product(to=["gold"], talk=constant(1))}
    played = play(world({"a": listed(*calls)}, ONE, customers=segments, offers=offers))
    who = callers(played)
    sold = {"offer": 1, "product": 0, "accepted": 1, "customer": who[0], "segment": 1}
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 3, **sold), answered(1, 10, 10, 3, customer=who[1])],
    )
    assert sales(played, segment=1)["accepted"] == 1


@pytest.mark.parametrize("cuts", [[], [7 * 96]])
def test_a_decline_is_remembered_across_the_end_of_a_week(tmp_path, engine, cuts):
    """She declines 7 minutes before the week ends; the cool-down is an hour.

    t  −10 −7   W   20 23   54 57
    0  ███▓     |
    1           |   ███             30 minutes after: no offer
    2           |           ███▓    64 minutes after
    """
    calls = [call(WEEK - 10, 3, offer=1), call(WEEK + 20, 3, offer=1), call(WEEK + 54, 3, offer=1)]
    offers = {"p": product(acceptance=blind(0.0), cool_down="60 min")}
    what = world({"a": listed(*calls)}, ONE, customers=ALONE, offers=offers)
    scenario = loaded(tmp_path, what | {"horizon": {"weeks": 2, "interval": "15 min"}})
    played = play_cut(scenario, engine, cuts)
    asked = {"offer": 1, "product": 0, "customer": 0}
    assert_rows(
        played.contacts,
        [
            answered(0, WEEK - 10, WEEK - 10, 3, **asked),
            answered(1, WEEK + 20, WEEK + 20, 3, customer=0),
            answered(2, WEEK + 54, WEEK + 54, 3, **asked),
        ],
    )
    assert played.people.declined_ms.tolist() == [[(WEEK + 57) * MINUTE_MS]]
    assert played.people.exposures.tolist() == [[2]]
    assert played.tally.sales["offered"][:, 0, 0].tolist() == [1, 1]


def test_an_offer_that_crosses_the_end_of_a_week_is_counted_where_it_ends(tmp_path, engine):
    """Talk ends 2 minutes before the week does, the offer takes 5.

    t  −5 −2 W  3
    0  ███▓▓|▓▓▓
    """
    offers = {"p": product(talk=constant(5))}
    what = world({"a": listed(call(WEEK - 5, 3))}, ONE, customers=ALONE, offers=offers)
    scenario = loaded(tmp_path, what | {"horizon": {"weeks": 2, "interval": "15 min"}})
    played = play_cut(scenario, engine, [7 * 96])
    sold = {"offer": 5, "product": 0, "accepted": 1, "customer": 0}
    assert_rows(played.contacts, [answered(0, WEEK - 5, WEEK - 5, 3, **sold)])
    assert played.tally.sales["accepted"][:, 0, 0].tolist() == [0, 1]
    assert played.tally.time["offer_ms"][:, 0].tolist() == [2 * MINUTE_MS, 3 * MINUTE_MS]


def test_tenure_opens_an_offer_in_its_week(tmp_path, engine):
    """Today's customers from the first day; who joined, once two weeks have passed.

    Everybody who may have it is asked and accepts, so every solved contact before a purchase
    tells whether she might.
    """
    hours = {
        "volume": {"per_week": 300, "counts": "first", "busyness": "none"},
        "talk": constant(2),
    }
    quiet = {key: "none" for key in ("hold", "wrap_up", "redial", "resolution", "patience")}
    customers = {"count": 60, "churn": "none", "acquisition": {"per_month": 130}}
    what = world(
        {"a": hours | quiet},
        {"g": {"positions": 9}},
        customers=customers,
        offers={"p": product(tenure_from="14 d", talk=constant(1))},
        horizon={"weeks": 5},
    )
    left = play_horizon(
        Planner(loaded(tmp_path, what), UNANCHORED), 1, 0, engine=engine, keep_contacts=True
    )
    contacts = np.concatenate(left.contacts).view(np.recarray)
    contacts = contacts[(contacts.outcome == ANSWERED) & (contacts.phase == CLOSED)]
    contacts = contacts[np.argsort(contacts.answered_ms, kind="stable")]
    joined = left.people.rows.joined_week
    has, refused, opened = set(), 0, 0
    for c in contacts:
        week = (c.answered_ms + c.talk_ms) // (WEEK * MINUTE_MS)
        since = joined[c.customer]
        may = c.customer not in has and (since == 0 or week - since >= 2)
        assert (c["product"] == 0) == may, (int(c.customer), int(since), int(week))
        refused += since > 0 and week - since < 2
        opened += since > 0 and may
        if may:
            has.add(c.customer)
    assert refused > 30
    assert opened > 20

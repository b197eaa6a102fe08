"""Worlds that differ in one thing of selling: what is changed changes, and no luck elsewhere.

The luck of a product in an issue is whether the product makes sense there, whether the agent
complies or pushes, whether she would accept, how long offer and fulfilment take, and whether the
sale is returned. It is written down here from the dice, for every issue and customer of a world,
and compared by the issue's own luck, which is made of names.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from sim.domain.offers.acceptance import propensity, seen_acceptance
from sim.domain.offers.offers import (
    complies,
    downgrades,
    fulfilment_ms,
    is_candidate,
    is_returned,
    offer_talk_ms,
    owns_at_start,
    product_luck,
    pushes,
)
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Plan, Planner
from sim.weeks.counts import plain

from .engine.worlds import assert_same_people, assert_same_rows, assert_same_tally, product
from .test_worlds import Week, accepted_by_issue, assert_same_draws, assert_same_luck_of_customers
from .test_worlds import center as plain_center

POLICIES = [
    "never",
    "always",
    "while-nobody-waits",
    {"offer": "while-waiting", "at_most": {"plain": -2, "gold": 3}},
    {"offer": "random", "share": 0.5},
    {"offer": "queue-age", "at_most": "30 s"},
    {"offer": "below-system-threshold", "threshold": 5},
    {"offer": "expected-value", "annoyance": 2},
    {"offer": "always", "seen_from": "30%"},
]


def center() -> dict[str, Any]:
    """The center of test_worlds with three products, everything random in each switched on."""
    what = plain_center()
    common = {
        "candidates": 0.6,
        "acceptance": {"everyone": 0.3, "spread": 1.0, "targeting": 0.7},
        "talk": {"mean": "90 s", "cv": 0.7},
        "fulfilment": {"mean": "2 min", "cv": 0.7},
        "conduct": {"compliance": 0.8, "over_offer": 0.4},
        "commission": 0.2,
        "cool_down": "1 h",
    }
    what["offers"] = {
        "p": product(**common, held=0.2),
        "q": product(**common, held=0.1, kind="upsell", needs=["p"])
        | {"downgrade": {"share": 0.5, "loss": "5 per month"}},
        "r": product(**common),
    }
    return what


@pytest.fixture
def week(tmp_path):
    """Return a function that plays a week of a world."""
    return lambda what, *sets: Week(tmp_path, what, *sets)


@pytest.fixture
def base(week):
    """Return a week of the center."""
    return week(center())


def plan_of(week: Week) -> Plan:
    """The tables of a world."""
    return Planner(week.scenario, UNANCHORED).plan(0, 4)


def luck_of_product(week: Week, name: str, n: int = 120) -> dict[int, tuple]:
    """Luck of an issue → all that is dealt to a product in it, of so many issues."""
    plan, p = plan_of(week), week.scenario.products.index(name)
    offers = plan.offers
    dealt = {}
    for luck in np.unique(week.first().luck)[:n]:
        own = np.uint64(product_luck(offers, p, luck))
        dealt[int(luck)] = (
            bool(is_candidate(offers, p, luck)),
            bool(complies(offers, p, luck)),
            bool(pushes(offers, p, luck)),
            bool(is_returned(offers, p, luck)),
            bool(downgrades(offers, p, luck)),
            bool(owns_at_start(offers, p, luck)),
            int(offer_talk_ms(offers, p, luck)),
            int(fulfilment_ms(offers, p, luck)),
            float(propensity(own)),
            float(seen_acceptance(plan.acceptance, p, -1.0, own)),
        )
    return dealt


def owners_at_start(week: Week, name: str) -> list[bool]:
    """Who has the product on day one, by customer."""
    offers, p = plan_of(week).offers, week.scenario.products.index(name)
    return [bool(owns_at_start(offers, p, luck)) for luck in week.played.people.rows.luck[:120]]


def assert_same_luck_of_products(one: Week, other: Week, *names: str) -> None:
    """These products are dealt the same in every issue, and are owned by the same customers."""
    for name in names:
        mine = luck_of_product(one, name)
        assert mine == luck_of_product(other, name), name
        assert owners_at_start(one, name) == owners_at_start(other, name), name
        if name == "q":  # the one with everything
            assert all(len(set(values)) > 1 for values in zip(*mine.values(), strict=True))


def assert_same_acceptance(one: Week, other: Week, name: str, least: int) -> None:
    """Who has never been asked before and meets both worlds accepts in both or in neither.

    With the same first answer; what wait and resolution shift is switched off by the caller.
    """
    mine, theirs = accepted_by_issue(one, name), accepted_by_issue(other, name)
    both = mine.keys() & theirs.keys()
    assert len(both) > least
    assert all(mine[issue] == theirs[issue] for issue in both)


def steady() -> dict[str, Any]:
    """The center where acceptance is that of the customer alone, whatever happened."""
    what = center()
    for spec in what["offers"].values():
        spec["acceptance"]["effects"] = "none"
    return what


# --- one product's policy ------------------------------------------------------------------------


@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_a_policy_moves_no_luck(week, base, policy):
    """Names, moments, customers, talk, candidates and every product's luck stay."""
    what = center()
    what["offers"]["p"]["offer"] = policy
    other = week(what)
    assert base.dealt() == other.dealt()
    assert_same_draws(base, other, 1000)
    assert_same_luck_of_customers(base, other)
    assert_same_luck_of_products(base, other, "p", "q", "r")


@pytest.mark.parametrize("policy", POLICIES[2:6], ids=str)
def test_a_policy_moves_no_acceptance(week, policy):
    """Whoever is offered a product in the same issue of both worlds decides alike."""
    one = week(steady())
    what = steady()
    what["offers"]["p"]["offer"] = policy
    other = week(what)
    assert_same_acceptance(one, other, "p", 50)
    assert_same_acceptance(one, other, "r", 50)
    assert accepted_by_issue(one, "p").keys() != accepted_by_issue(other, "p").keys()


# --- more and fewer products ---------------------------------------------------------------------


@pytest.mark.parametrize("gone", ["p", "r"])
def test_without_one_product_the_others_keep_their_luck(week, gone):
    """Two products, in front or behind; the one that stays is dealt as before."""
    what = steady()
    del what["offers"]["q"]
    both = week(what)
    less = copy.deepcopy(what)
    del less["offers"][gone]
    stays = "r" if gone == "p" else "p"
    one = week(less)
    assert both.dealt() == one.dealt()
    assert_same_draws(both, one, 1000)
    assert_same_luck_of_customers(both, one)
    assert_same_luck_of_products(both, one, stays)
    assert_same_acceptance(both, one, stays, 100)
    assert (both.contacts["product"] == both.scenario.products.index(gone)).sum() > 50


def test_the_order_of_the_file_is_no_luck(week):
    """Products turned round: the same luck, the same customers have them."""
    what, turned = steady(), steady()
    turned["offers"] = dict(reversed(turned["offers"].items()))
    one, other = week(what), week(turned)
    assert one.dealt() == other.dealt()
    assert_same_luck_of_products(one, other, "p", "q", "r")
    for name in ("p", "r"):
        assert_same_acceptance(one, other, name, 100)


# --- worlds that are equal to the bit ------------------------------------------------------------


def assert_same_world(one: Week, other: Week) -> None:
    """Every table, to the bit."""
    assert_same_rows(one.contacts, other.contacts, "contacts")
    assert_same_people(one.played.people, other.played.people)
    assert np.array_equal(one.played.people.exposures, other.played.people.exposures)
    assert_same_tally(one.played.tally, other.played.tally)
    assert_same_rows(one.played.carry.seats, other.played.carry.seats, "seats")
    assert_same_rows(one.played.carry.groups, other.played.carry.groups, "groups")


@pytest.mark.parametrize(
    "conduct",
    [
        {"compliance": 1.0},
        {"over_offer": 0.0},
        {"compliance": 1.0, "over_offer": 0.0, "fair_commission": 0.01},
        {"over_offer": 1.0, "fair_commission": 0.2},  # nobody pays more than what is fair
    ],
    ids=str,
)
def test_conduct_that_asks_nothing_equals_none(week, conduct):
    """Compliance 100 % and nothing pushed: as if the key were left out."""
    what, without = center(), center()
    for name in what["offers"]:
        del without["offers"][name]["conduct"]
        what["offers"][name]["conduct"] = conduct
    with_ = week(what)
    assert not with_.contacts.pushed.any()
    assert_same_world(with_, week(without))


def test_never_equals_no_offers_with_every_option(week):
    """Three products that are never offered, with all that a product may say, and none at all."""
    what, none = center(), center()
    for spec in what["offers"].values():
        spec |= {"offer": "never", "held": 0.0, "contract": "52 wk", "tenure_from": "7 d"}
    what["offers"]["r"]["margin"] = {"per_month": 4, "price": "12 per month"}
    none["offers"] = {}
    one, other = week(what), week(none)
    assert_same_rows(one.contacts, other.contacts, "contacts")
    assert_same_rows(one.played.people.rows, other.played.people.rows, "people")
    for name in ("sales", "ended", "holders"):
        assert not plain(getattr(one.played.tally, name)).any()
    assert not one.played.people.exposures.any()
    by_product = {name: getattr(other.played.tally, name) for name in ("sales", "ended", "holders")}
    assert_same_tally(one.played.tally._replace(**by_product), other.played.tally)
    assert_same_rows(one.played.carry.seats, other.played.carry.seats, "seats")
    assert_same_rows(one.played.carry.groups, other.played.carry.groups, "groups")


def test_a_product_that_is_never_offered_is_not_there(week):
    """Beside p, r `never` equals r left out, in every column but the width of tables."""
    what, without = center(), center()
    for world in (what, without):
        del world["offers"]["q"]
    what["offers"]["r"] |= {"offer": "never"}
    del without["offers"]["r"]
    one, other = week(what), week(without)
    assert_same_rows(one.contacts, other.contacts, "contacts")
    assert_same_rows(one.played.people.rows, other.played.people.rows, "people")
    assert not plain(one.played.tally.sales[:, 1]).any()
    assert np.array_equal(one.played.tally.sales[:, :1], other.played.tally.sales)


def test_a_candidate_of_nothing_is_offered_nothing(week):
    """Candidates 0 % equals never; nor is anything pushed on who is none."""
    what, never = center(), center()
    for name in what["offers"]:
        what["offers"][name]["candidates"] = 0.0
        never["offers"][name]["offer"] = "never"
    assert_same_world(week(what), week(never))


# --- shares only add -----------------------------------------------------------------------------


def test_higher_acceptance_only_adds_buyers(week):
    """Of first offers to a customer, who accepts at 20 % also accepts at 40 %."""
    few, many = steady(), steady()
    for what, share in ((few, 0.2), (many, 0.4)):
        what["offers"] = {"p": what["offers"]["p"]}
        what["offers"]["p"]["acceptance"]["everyone"] = share
    one, other = accepted_by_issue(week(few), "p"), accepted_by_issue(week(many), "p")
    both = one.keys() & other.keys()
    assert len(both) > 200
    assert all(one[issue] <= other[issue] for issue in both)
    assert sum(one[issue] for issue in both) < sum(other[issue] for issue in both)

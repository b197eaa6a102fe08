"""What is offered to whom, what agents make of the policy, and what becomes of the sale."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy import stats

from sim.core.dice import MARGIN_ENDS, uniform
from sim.core.errors import ScenarioError
from sim.core.tables import NOT_YET
from sim.domain.customers.satisfaction import (
    ExperienceSpec,
    Happened,
    compile_experience,
    encounter,
    log_wait,
)
from sim.domain.offers.offers import (
    ConductSpec,
    complies,
    downgrades,
    fulfilment_ms,
    is_candidate,
    is_eligible,
    is_returned,
    offer_talk_ms,
    owns_at_start,
    product_luck,
    pushed_share,
    pushes,
    weeks_paid,
)
from sim.language.duration_spec import DurationSpec, compile_duration
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Plan, Planner
from sim.scenario.offer_spec import OfferSpec

from .products import STEADY, WEEK_MS, lucks, offer_table

ISSUES = 4000
LONG_AGO = 1 << 20


def chosen(rule, table, product=0, n=ISSUES) -> set[np.uint64]:
    """Which of so many lucks the rule says yes to."""
    return {luck for luck in lucks(n) if rule(table, product, luck)}


# --- shares --------------------------------------------------------------------------------------

SHARES = [
    ("candidates", is_candidate),
    ("held", owns_at_start),
    ("compliance", complies),
    ("pushed", pushes),
    ("returns", is_returned),
    ("downgrades", downgrades),
]


@pytest.mark.parametrize(("column", "rule"), SHARES)
def test_shares_are_met_and_nested(column, rule):
    """0 is nobody, 1 is all, .4 within four errors, and who is in at .4 is in at .7."""
    table = offer_table(*({column: share, "key": 5} for share in (0.0, 0.4, 0.7, 1.0)))
    nobody, some, more, all_ = (chosen(rule, table, p) for p in range(4))
    assert (len(nobody), len(all_)) == (0, ISSUES)
    assert len(some) / ISSUES == pytest.approx(0.4, abs=4 * math.sqrt(0.24 / ISSUES))
    assert some < more


@pytest.mark.parametrize(("column", "rule"), SHARES)
def test_products_have_luck_of_their_own(column, rule):
    """Two products at .5: in both is a quarter, within four errors."""
    both = chosen(rule, offer_table({column: 0.5}), 0)
    table = offer_table({column: 0.5}, {column: 0.5})
    assert chosen(rule, table, 0) == both
    both &= chosen(rule, table, 1)
    assert len(both) / ISSUES == pytest.approx(0.25, abs=4 * math.sqrt(0.1875 / ISSUES))


def test_the_questions_have_luck_of_their_own():
    """Any two shares of one half agree in a quarter of the issues, within four errors."""
    table = offer_table({column: 0.5 for column, _ in SHARES})
    sets = [chosen(rule, table) for _, rule in SHARES]
    for i, one in enumerate(sets):
        for other in sets[:i]:
            assert len(one & other) / ISSUES == pytest.approx(
                0.25, abs=4 * math.sqrt(0.1875 / ISSUES)
            )


def test_the_luck_of_a_product_is_in_its_name():
    """Another key, other luck; the place in the file is nothing."""
    table = offer_table({"key": 5}, {"key": 6})
    swapped = offer_table({"key": 6}, {"key": 5})
    luck = lucks(1)[0]
    assert product_luck(table, 0, luck) == product_luck(swapped, 1, luck)
    assert product_luck(table, 0, luck) != product_luck(table, 1, luck)


# --- who may have it -----------------------------------------------------------------------------


def eligible(table, product=0, *, owns=0, declined_ms=NOT_YET, now_ms=0, weeks=LONG_AGO) -> bool:
    """Whether she may be offered it."""
    return bool(is_eligible(table, product, owns, declined_ms, now_ms, weeks))


@given(st.integers(0, 7), st.integers(0, 6), st.integers(0, 2))
@STEADY
def test_needs_and_no_second_sale(owns, needs, product):
    """All that it needs, and not yet itself."""
    needs &= ~(1 << product)
    table = offer_table(*({"needs": needs if p == product else 0} for p in range(3)))
    has_all = all(owns >> p & 1 for p in range(3) if needs >> p & 1)
    assert eligible(table, product, owns=owns) == (has_all and not owns >> product & 1)


@given(st.integers(0, 200), st.integers(0, 200))
@STEADY
def test_tenure(weeks, asked):
    """From so many whole weeks on."""
    assert eligible(offer_table({"tenure_weeks": asked}), weeks=weeks) == (weeks >= asked)


@given(st.integers(0, 10**9), st.integers(0, 2 * 10**9), st.integers(0, 10**9))
@STEADY
def test_cool_down(declined_ms, later_ms, cool_down_ms):
    """Not before so long after a decline; at once where nothing was declined."""
    table = offer_table({"cool_down_ms": cool_down_ms})
    now_ms = declined_ms + later_ms
    assert eligible(table, declined_ms=declined_ms, now_ms=now_ms) == (later_ms >= cool_down_ms)
    assert eligible(table, now_ms=now_ms)


def test_a_decline_in_a_warm_up_counts():
    """Times before the horizon are negative."""
    table = offer_table({"cool_down_ms": WEEK_MS})
    assert not eligible(table, declined_ms=-1000, now_ms=WEEK_MS - 1001)
    assert eligible(table, declined_ms=-1000, now_ms=WEEK_MS - 1000)


# --- what agents make of the policy --------------------------------------------------------------


@pytest.mark.parametrize(
    ("commission", "share"),
    [(0.0, 0), (0.05, 0), (0.10, 0), (0.15, 0.1), (0.18, 0.16), (0.20, 0.2), (0.5, 0.2)],
)
def test_pushing_grows_with_the_commission(commission, share):
    """None at the fair one of 10 %, all of over_offer at twice that or more, linear between."""
    conduct = ConductSpec.model_validate({"over_offer": "20%"})
    assert pushed_share(conduct, commission) == pytest.approx(share, abs=1e-12)


@given(st.floats(0, 1), st.floats(0.01, 1), st.floats(0, 1), st.floats(0, 1))
@STEADY
def test_pushing_is_a_share_and_never_falls(over_offer, fair, one, other):
    """Between 0 and over_offer; a higher commission pushes no less; a higher fair one no more."""
    spec = ConductSpec.model_validate({"over_offer": over_offer, "fair_commission": fair})
    low, high = (pushed_share(spec, c) for c in sorted((one, other)))
    assert 0 <= low <= high <= over_offer
    fairer = ConductSpec.model_validate({"over_offer": over_offer, "fair_commission": 1.0})
    assert pushed_share(fairer, one) <= pushed_share(spec, one)


def test_left_out_agents_do_as_the_policy_says():
    """Compliance 100 %, nothing pushed at any commission."""
    conduct = ConductSpec()
    assert conduct.compliance == 1
    assert pushed_share(conduct, 1.0) == 0


# --- time ----------------------------------------------------------------------------------------


def test_offer_and_fulfilment_take_the_typed_time():
    """Means of 90 s (cv .7) and 120 s (cv .7) within four errors; without fulfilment no time."""
    talk = compile_duration(DurationSpec.model_validate({"mean": "90 s", "cv": 0.7}))
    work = compile_duration(DurationSpec.model_validate({"mean": "120 s", "cv": 0.7}))
    none = compile_duration(None)
    table = offer_table({"talk": talk, "fulfilment": work}, {"talk": talk, "fulfilment": none})
    drawn = np.array(
        [[rule(table, 0, u) for rule in (offer_talk_ms, fulfilment_ms)] for u in lucks(ISSUES)]
    )
    for found, mean in zip(drawn.mean(axis=0), (90_000, 120_000), strict=True):
        assert found == pytest.approx(mean, rel=4 * 0.7 / math.sqrt(ISSUES))
    assert abs(np.corrcoef(drawn.T)[0, 1]) < 4 / math.sqrt(ISSUES)
    assert {int(fulfilment_ms(table, 1, u)) for u in lucks(20)} == {0}


# --- what a scenario says ------------------------------------------------------------------------

CENTER: dict[str, Any] = {
    "name": "center",
    "customers": {
        "standard": {"count": 100, "churn": "none"},
        "premium": {"count": 100, "churn": "none"},
    },
    "contacts": {
        "service": {"volume": "100 per week", "handle": "5 min"},
        "complaint": {"volume": "10 per week", "handle": "5 min"},
    },
    "agents": {"g": {"positions": 2}},
}


@pytest.fixture
def plan_of(scenario_of):
    """Compile the plan of the center with these products."""

    def make(**products: Any) -> Plan:
        offers = {name: {"price": 100, "margin": 50} | spec for name, spec in products.items()}
        scenario = scenario_of(CENTER | {"offers": offers})
        return Planner(scenario, UNANCHORED).plan(0, 4)

    return make


def test_during_and_to(plan_of):
    """Left out: every contact type and every segment."""
    offers = plan_of(p={}, q={"during": ["complaint"], "to": ["premium"]}).offers
    assert offers.during.tolist() == [[True, True], [False, True]]
    assert offers.to.tolist() == [[True, True], [False, True]]


def test_defaults_of_a_product(plan_of):
    """Talk 90 s, fulfilment 120 s, returns 8 %, cool-down 90 d, all customers."""
    offers = plan_of(p={}).offers
    row = offers.products[0]
    assert (row.candidates, row.held, row.returns, row.downgrades) == (0.4, 0, 0.08, 0)
    assert (row.compliance, row.pushed, row.needs, row.tenure_weeks) == (1, 0, 0, 0)
    assert (row.talk_minutes, row.fulfilment_minutes) == (1.5, 2)
    assert row.cool_down_ms == 90 * 24 * 3600 * 1000
    assert not row.on_unresolved
    assert offers.worth.tolist() == [[pytest.approx(0.92 * (0.8 * 50 - 5))] * 2]


def test_conduct_downgrade_contract_and_needs(plan_of):
    """Commission 15 % of a fair 10 %: half of over_offer is pushed."""
    conduct = {"compliance": "90%", "over_offer": "20%"}
    downgrade = {"share": "3%", "loss": "5 per month"}
    more = {"kind": "upsell", "downgrade": downgrade, "contract": "52 wk", "tenure_from": "90 d"}
    offers = plan_of(
        p={}, q={"needs": ["p"], "conduct": conduct, "commission": "15%"} | more
    ).offers
    row = offers.products[1]
    assert (row.needs, row.compliance, row.downgrades) == (0b01, 0.9, 0.03)
    assert row.pushed == pytest.approx(0.1)
    assert (row.bound_weeks, row.bound_churn) == (52, 1.0)
    assert row.tenure_weeks == 13  # 90 days end in the 13th


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"to": ["gold"]}, "gold"),
        ({"during": ["sales"]}, "sales"),
        ({"needs": ["q"]}, "'q'"),
        ({"needs": ["p"]}, "p"),
        ({"downgrade": {"share": "3%", "loss": "5 per month"}}, "no downgrade"),
        ({"acceptance": {"gold": "10%"}}, "gold"),
        ({"policy": {"offer": "while-waiting", "at_most": {"gold": 1}}}, "gold"),
        ({"acceptance": {"everyone": "10%", "effects": {"reasons": {"sales": 1}}}}, "sales"),
        ({"conduct": {"fair_commission": 0}}, "fair_commission"),
        ({"conduct": {"compliance": "110%"}}, "compliance"),
    ],
)
def test_names_and_shares_are_checked(plan_of, typed, told):
    """Nobody is offered a thing that does not exist."""
    with pytest.raises(ScenarioError, match=told):
        plan_of(p=typed)


@pytest.mark.parametrize("lost", [0.05, 0.2, 0.6])
def test_a_margin_ends_after_the_least_weeks_that_its_luck_allows(lost):
    """The least n with (1 − p)ⁿ below the uniform; so it is geometric, with mean 1/p."""
    keeps = (1 - lost) ** (1 / 52)
    table = offer_table({"ends": 1 - keeps})
    weeks = np.array([weeks_paid(table, 0, luck) for luck in lucks(4000)])
    u = np.array([uniform(product_luck(table, 0, luck), MARGIN_ENDS, 0) for luck in lucks(4000)])
    assert (keeps**weeks < u).all()
    assert (u <= keeps ** (weeks - 1)).all()
    standard_error = math.sqrt(keeps) / (1 - keeps) / math.sqrt(4000)
    assert abs(weeks.mean() - 1 / (1 - keeps)) < 4.5 * standard_error
    assert weeks_paid(offer_table({}), 0, lucks(1)[0]) == 0
    assert weeks_paid(offer_table({"discount_weeks": 12}), 0, lucks(1)[0]) == 12


# --- what the customer thinks of it --------------------------------------------------------------


def feels(*, offered=1, accepted=0, pushed=0, resolved=1) -> float:
    """Effect on the latent score of an offer in a contact answered after 30 s, first attempt."""
    table = compile_experience(ExperienceSpec())
    told = (bool(flag) for flag in (offered, accepted, pushed, resolved))
    return encounter(table, Happened(log_wait(0.5), False, False, False, False, *told, False))


def share_satisfied(latent: float) -> float:
    """Top two of five: above the third cut point."""
    return float(stats.norm.cdf(1.1750 + latent))


def test_an_offer_leaves_its_mark():
    """88 % without; −3 points declined, +2 accepted; less when unsolved, whatever she says."""
    assert feels(offered=0) == pytest.approx(0, abs=1e-12)
    assert share_satisfied(0) == pytest.approx(0.88, abs=5e-4)
    assert share_satisfied(feels()) == pytest.approx(0.85, abs=1e-3)
    assert share_satisfied(feels(accepted=1)) == pytest.approx(0.90, abs=1e-3)
    assert feels() == pytest.approx(-0.1386)
    assert feels(accepted=1) == pytest.approx(0.1066)
    for accepted in (0, 1):
        unsolved = feels(accepted=accepted, resolved=0) - feels(accepted=accepted)
        assert unsolved == pytest.approx(-0.30)
        assert feels(accepted=accepted, pushed=1) < feels(accepted=accepted)


def test_incremental_has_no_meaning_for_who_is_kept():
    """A retention offer that types it is refused; it counts with all that it brings."""
    offer = {"kind": "retention", "price": 0, "margin": {"per_month": -2}}
    assert OfferSpec.model_validate(offer).added_share == 1.0
    with pytest.raises(ValidationError, match="not incremental"):
        OfferSpec.model_validate(offer | {"incremental": "50%"})

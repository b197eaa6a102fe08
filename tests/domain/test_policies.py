"""When agents offer: worked examples, and each policy as a rule."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.core.errors import ScenarioError
from sim.domain.customers.customers import lifetime_value
from sim.domain.offers.policies import (
    NOBODY_WAITS_MS,
    POLICIES,
    GroupState,
    PolicySpec,
    Stakes,
    expected_value,
    is_due,
    is_worth_it,
    minute_price,
    needs_sight,
)
from sim.scenario.offer_spec import OfferSpec

from .products import MS_PER_SECOND, STEADY, lucks, policy_table

SOME_LUCK = lucks(1)[0]
ALL_FREE = GroupState(in_system=1, on_duty=10, waiting=0, oldest_ms=NOBODY_WAITS_MS)
ONE_FREE = GroupState(in_system=9, on_duty=10, waiting=0, oldest_ms=NOBODY_WAITS_MS)
FULL = GroupState(in_system=10, on_duty=10, waiting=0, oldest_ms=NOBODY_WAITS_MS)
ONE_WAITS = GroupState(in_system=11, on_duty=10, waiting=1, oldest_ms=20 * MS_PER_SECOND)
MANY_WAIT = GroupState(in_system=30, on_duty=10, waiting=20, oldest_ms=200 * MS_PER_SECOND)
MOMENTS = [ALL_FREE, ONE_FREE, FULL, ONE_WAITS, MANY_WAIT]

moments = st.builds(
    lambda busy, duty, waiting, age: GroupState(
        busy + waiting, duty, waiting, age if waiting else NOBODY_WAITS_MS
    ),
    st.integers(1, 60), st.integers(0, 50), st.integers(0, 50), st.integers(0, 10**7),
)  # fmt: skip
money = st.floats(0, 500)
minutes = st.floats(0, 30)


def due(table, moment, product=0, segment=0, luck=SOME_LUCK) -> bool:
    """Whether the policy says: offer now."""
    return bool(is_due(table, product, segment, luck, moment))


def due_at(table, segment=0) -> list[bool]:
    """Whether it says so at each of MOMENTS."""
    return [due(table, moment, segment=segment) for moment in MOMENTS]


# --- what an offer is worth ----------------------------------------------------------------------


def product_spec(**typed) -> OfferSpec:
    """Price 120, margin 25 %, so 30 a sale; returns 8 %, commission 10 %, incremental 80 %."""
    return OfferSpec.model_validate({"price": 120, "margin": "25%"} | typed)


@pytest.mark.parametrize(
    ("typed", "m_net"),
    [
        ({"incremental": "100%"}, 24.84),
        ({}, 19.32),
        ({"margin": 30}, 19.32),
        ({"incremental": "100%", "commission": 0, "returns": 0}, 30.0),
        ({"incremental": 0}, -2.76),  # commission on sales that would have come anyway
        ({"returns": "100%"}, 0.0),
    ],
)
def test_net_margin_of_a_sale(typed, m_net):
    """M_net = κ·M(1 − g) − commission·M(1 − g), at M = 30."""
    assert product_spec(**typed).worth(0.15, 0.10) == pytest.approx(m_net, abs=1e-9)


def test_present_value_of_recurring_margin():
    """m = 4, c = .02 and i = .008 a month, first payment now: 144."""
    churn_per_year, discount_per_year = 1 - 0.98**12, 1.008**12 - 1
    assert lifetime_value(4, churn_per_year, discount_per_year) == pytest.approx(144, abs=1e-9)
    for_ever = {"per_month": 4, "churn": "0% per year"}
    monthly = {"margin": for_ever, "returns": 0, "commission": 0, "incremental": 1}
    worth = product_spec(**monthly).worth(churn_per_year, discount_per_year)
    assert worth == pytest.approx(144, abs=1e-9)


@pytest.mark.parametrize(("churn", "keeps"), [({}, 0.8), ({"churn": "5% per month"}, 0.95**12)])
def test_who_gives_a_product_up_pays_no_more(churn, keeps):
    """20 % a year unless typed, beside those who leave: each month keeps .98 of .8^(1/12)."""
    churn_per_year, discount_per_year = 1 - 0.98**12, 1.008**12 - 1
    monthly = {"margin": {"per_month": 4} | churn, "returns": 0, "commission": 0, "incremental": 1}
    worth = product_spec(**monthly).worth(churn_per_year, discount_per_year)
    left = 0.98 * keeps ** (1 / 12) / 1.008
    assert worth == pytest.approx(sum(4 * left**month for month in range(3000)), abs=1e-9)


def test_nobody_gives_up_a_discount():
    """It has a term, so a churn beside it is refused."""
    with pytest.raises(ValidationError, match="nobody gives up a discount"):
        product_spec(margin={"per_month": -4, "churn": "20% per year"})
    assert product_spec(margin={"per_month": -4}).margin_lost_per_year == 0.0


def test_a_discount_is_given_to_all_who_accept_it():
    """Whatever share of sales is incremental: 4 a month cost 144 in all."""
    churn_per_year, discount_per_year = 1 - 0.98**12, 1.008**12 - 1
    discount = {"margin": {"per_month": -4}, "returns": 0, "commission": 0, "incremental": 0.6}
    worth = product_spec(**discount).worth(churn_per_year, discount_per_year)
    assert worth == pytest.approx(-144, abs=1e-9)
    assert product_spec(incremental=0.6).added_by(10.0) == 6.0


@pytest.mark.parametrize(("per_month", "months"), [(-4, 12), (4, 2000)])
def test_a_contract_ends_a_discount_and_no_margin(per_month, months):
    """Bound for 52 weeks: twelve payments less, but who pays goes on paying."""
    churn_per_year, discount_per_year = 1 - 0.98**12, 1.008**12 - 1
    expected = sum(per_month * (0.98 / 1.008) ** month for month in range(months))
    churn = {"churn": "0% per year"} if per_month > 0 else {}
    offer = {"margin": {"per_month": per_month} | churn, "contract": "52 wk", "returns": 0}
    worth = product_spec(**offer, commission=0, incremental=1).worth(
        churn_per_year, discount_per_year
    )
    assert worth == pytest.approx(expected, abs=1e-9)


def breakeven_acceptance(worth, talk, work, minute, k) -> float:
    """a* = (τω + k)/(M_net − τ_f·ω + k), in minutes: an offer pays from it on; inf: never."""
    sale = worth - work * minute + k
    return (talk * minute + k) / sale if sale > 0 else math.inf


@pytest.mark.parametrize(
    ("m_net", "fulfilment", "minute", "share"),
    [
        (19.32, 2, 0.836, 0.0966),
        (19.32, 2, 3.75, 0.4972),
        (30, 0, 0.836, 0.0575),
        (30, 0, 3.75, 0.2008),
    ],
)
def test_worked_break_even_acceptance(m_net, fulfilment, minute, share):
    """τ = 1.5, k = .5: 9.7 % and 49.7 %; 5.75 % and 20.1 % with the usual things left out."""
    threshold = breakeven_acceptance(m_net, 1.5, fulfilment, minute, 0.5)
    assert threshold == pytest.approx(share, abs=5e-5)
    stakes = Stakes(m_net, 0.5, 1.5, fulfilment)
    assert expected_value(threshold, stakes, minute) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("acceptance", "minute", "value"),
    [
        (0.15, 0.0, 0.15 * 19.82 - 0.5),
        (0.15, 0.836, 0.15 * (19.32 - 1.672 + 0.5) - 1.254 - 0.5),
        (0.15, 3.75, 0.15 * (19.32 - 7.5 + 0.5) - 5.625 - 0.5),
        (0.0, 0.836, -1.754),
        (1.0, 0.836, 19.32 - 1.672 - 1.254),
    ],
)
def test_worked_expected_value(acceptance, minute, value):
    """EV = a·(M_net − τ_f·ω + k) − τ·ω − k at M_net 19.32, τ = 1.5, τ_f = 2, k = .5."""
    assert expected_value(acceptance, Stakes(19.32, 0.5, 1.5, 2.0), minute) == pytest.approx(value)


@given(st.floats(0, 1), money, minutes, minutes, st.floats(0, 20), st.floats(0, 20))
@STEADY
def test_break_even_is_where_the_expected_value_changes_sign(a, worth, talk, work, minute, k):
    """Above a* an offer pays, below it does not; a* = ∞ where no sale ever pays."""
    threshold = breakeven_acceptance(worth, talk, work, minute, k)
    value = expected_value(a, Stakes(worth, k, talk, work), minute)
    near = 1e-9 * (1 + worth + (talk + work) * minute + k)
    if threshold == math.inf:
        assert worth - work * minute + k <= near
        assert value <= near
    elif a > threshold:
        assert value >= -near
    else:
        assert value <= near


# --- the policies --------------------------------------------------------------------------------


@given(moments)
@STEADY
def test_never_and_always(moment):
    """Whatever the state."""
    table = policy_table("never", "always")
    assert not due(table, moment, 0)
    assert due(table, moment, 1)


@given(moments, st.integers(0, 1))
@STEADY
def test_while_nobody_waits(moment, segment):
    """K = c: the number in system, this one included, is at most the agents on duty."""
    short, long = (
        policy_table("while-nobody-waits"),
        policy_table({"offer": "while-waiting", "at_most": 0}),
    )
    wanted = moment.in_system <= moment.on_duty
    assert due(short, moment, segment=segment) == due(long, moment, segment=segment) == wanted


@given(moments, st.integers(-5, 5), st.integers(-5, 5))
@STEADY
def test_while_waiting_by_segment(moment, standard, premium):
    """TP[c + w], with a w for each segment, or one for both."""
    by_segment = policy_table(
        {"offer": "while-waiting", "at_most": {"standard": standard, "premium": premium}}
    )
    for segment, at_most in enumerate((standard, premium)):
        wanted = moment.in_system <= moment.on_duty + at_most
        assert due(by_segment, moment, segment=segment) == wanted
        one_for_all = policy_table({"offer": "while-waiting", "at_most": at_most})
        assert due(one_for_all, moment, segment=segment) == wanted


@pytest.mark.parametrize(
    ("at_most", "wanted"),
    [
        (-9, [1, 0, 0, 0, 0]),
        (-2, [1, 0, 0, 0, 0]),
        (-1, [1, 1, 0, 0, 0]),
        (0, [1, 1, 1, 0, 0]),
        (1, [1, 1, 1, 1, 0]),
        (20, [1, 1, 1, 1, 1]),
        (-10, [0, 0, 0, 0, 0]),
    ],
)
def test_while_waiting_counts_free_agents_and_the_waiting(at_most, wanted):
    """−2: while two others are free, 0: while nobody waits, 1: while at most one waits."""
    assert due_at(policy_table({"offer": "while-waiting", "at_most": at_most})) == wanted


def test_a_segment_that_is_not_named_gets_no_offer():
    """at_most by segment names standard only."""
    table = policy_table({"offer": "while-waiting", "at_most": {"standard": 50}})
    assert due_at(table, segment=0) == [1, 1, 1, 1, 1]
    assert due_at(table, segment=1) == [0, 0, 0, 0, 0]


@given(moments, st.floats(0, 100))
@STEADY
def test_below_system_threshold(moment, threshold):
    """Absolute TP[K], any K from 0 up, whoever is on duty."""
    table = policy_table({"offer": "below-system-threshold", "threshold": threshold})
    assert due(table, moment) == (moment.in_system <= threshold)


@given(moments)
@STEADY
def test_a_threshold_of_0_is_never(moment):
    """This one is in the system: nothing is at most 0."""
    assert not due(policy_table({"offer": "below-system-threshold", "threshold": 0}), moment)


@pytest.mark.parametrize(
    ("at_most", "wanted"),
    [
        ("0 s", [1, 1, 1, 0, 0]),
        ("19 s", [1, 1, 1, 0, 0]),
        ("20 s", [1, 1, 1, 1, 0]),
        ("199 s", [1, 1, 1, 1, 0]),
        ("200 s", [1, 1, 1, 1, 1]),
    ],
)
def test_queue_age(at_most, wanted):
    """While the oldest waiting contact is at most so old, or nobody waits."""
    table = policy_table({"offer": "queue-age", "at_most": at_most})
    assert due_at(table) == wanted


def test_queue_age_by_segment():
    """Premium tolerates an older queue."""
    at_most = {"standard": "10 s", "premium": "1 min"}
    table = policy_table({"offer": "queue-age", "at_most": at_most})
    assert due_at(table, segment=0) == [1, 1, 1, 0, 0]
    assert due_at(table, segment=1) == [1, 1, 1, 1, 0]


def test_queue_age_0_is_not_while_nobody_waits():
    """Who joined at this very moment is 0 s old: at most 0 s, but she waits."""
    just_now = GroupState(in_system=11, on_duty=10, waiting=1, oldest_ms=0)
    table = policy_table({"offer": "queue-age", "at_most": "0 s"}, "while-nobody-waits")
    assert due(table, just_now, 0)
    assert not due(table, just_now, 1)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8, 1.0])
def test_random_offers_its_share_whatever_the_state(share):
    """φ of 4,000 issues within four standard errors, the same ones in every state."""
    table = policy_table({"offer": "random", "share": share})
    made = [
        {luck for luck in lucks(4000) if due(table, moment, luck=luck)}
        for moment in (ALL_FREE, MANY_WAIT)
    ]
    assert made[0] == made[1]
    assert len(made[0]) / 4000 == pytest.approx(
        share, abs=4 * math.sqrt(share * (1 - share) / 4000)
    )


def test_more_random_offers_only_add_some():
    """Who is offered at 30 % is also offered at 80 %."""
    table = policy_table({"offer": "random", "share": 0.3}, {"offer": "random", "share": 0.8})
    few, many = ({luck for luck in lucks(1000) if due(table, FULL, p, luck=luck)} for p in (0, 1))
    assert few < many


# --- expected value ------------------------------------------------------------------------------


def worth_it(table, moment, seen, worth=19.32, talk=1.5, work=2.0) -> bool:
    """Whether the policy wants it made to who seems to accept with this probability."""
    stakes = Stakes(worth, table.annoyance[0, 0], talk, work)
    return bool(is_worth_it(table, 0, seen, stakes, moment))


@pytest.mark.parametrize(
    ("moment", "price"),
    [(ALL_FREE, 0.0), (ONE_FREE, 0.0), (FULL, 0.836), (ONE_WAITS, 3.75), (MANY_WAIT, 3.75)],
)
def test_the_price_of_a_minute(moment, price):
    """Nothing while another agent is free, a handled minute while none is, else a contact."""
    assert minute_price(0.0, 0.836, 3.75, moment) == price


@pytest.mark.parametrize(
    ("moment", "threshold"),
    [(ONE_FREE, 0.5 / 19.82), (FULL, 1.754 / 18.148), (ONE_WAITS, 6.125 / 12.32)],
)
def test_expected_value_in_its_three_states(moment, threshold):
    """With the default prices, and k = .5, a* is 2.5 % while one is free, 9.7 % at full, 49.7 % with a queue."""
    table = policy_table("expected-value")
    assert due(table, moment)
    assert needs_sight(table, 0)
    assert not worth_it(table, moment, threshold - 1e-6)
    assert worth_it(table, moment, threshold + 1e-6)


def test_expected_value_0_is_not_worth_it():
    """EV must be above 0: a talk of no cost to who never accepts."""
    table = policy_table({"offer": "expected-value", "annoyance": 0})
    assert not worth_it(table, ALL_FREE, 0.0)
    assert worth_it(table, ALL_FREE, 1e-9)


def test_typed_prices_and_annoyance():
    """ω 1, 2 and 3, k = 2, M_net 10, τ = τ_f = 1: a* is 3/11, 4/10 and 5/9."""
    price = {"free": "1 per minute", "full": "2 per minute", "queue": "3 per minute"}
    table = policy_table({"offer": "expected-value", "minute": price, "annoyance": 2})
    for moment, threshold in ((ALL_FREE, 3 / 11), (FULL, 4 / 10), (MANY_WAIT, 5 / 9)):
        assert not worth_it(table, moment, threshold - 1e-9, 10, 1, 1)
        assert worth_it(table, moment, threshold + 1e-9, 10, 1, 1)


@given(moments, st.floats(0, 1), st.floats(0, 1), money)
@STEADY
def test_seen_from(moment, seen, least, worth):
    """Any policy but expected-value asks only this of the customer, and only if it is typed."""
    table = policy_table({"offer": "always", "seen_from": least})
    assert bool(needs_sight(table, 0)) == (least > 0)
    assert worth_it(table, moment, seen, worth) == (seen >= least)
    assert worth_it(policy_table("always"), moment, seen, worth)


# --- what a scenario may say ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ({"offer": "random"}, "needs share"),
        ({"offer": "while-waiting"}, "needs at_most"),
        ({"offer": "queue-age"}, "needs at_most"),
        ({"offer": "below-system-threshold"}, "needs threshold"),
        ({"offer": "always", "at_most": 0}, "always has no at_most"),
        ({"offer": "while-nobody-waits", "at_most": 0}, "has no at_most"),
        ({"offer": "always", "annoyance": 1}, "always has no annoyance"),
        (
            {"offer": "random", "share": "50%", "minute": {"free": "0 per minute"}},
            "random has no minute",
        ),
        ({"offer": "never", "seen_from": "10%"}, "never has no seen_from"),
        ({"offer": "expected-value", "share": "50%"}, "expected-value has no share"),
    ],
)
def test_a_policy_takes_its_own_keys_and_no_others(scenario_of, policy, told):
    """Each mistake is told at its place."""
    content = {
        "name": "a",
        "contacts": {"a": {"volume": "100 per week", "handle": "5 min"}},
        "agents": {"g": {"positions": 2}},
        "offers": {"p": {"price": 10, "margin": 5, "policy": policy}},
    }
    with pytest.raises(ScenarioError, match=told):
        scenario_of(content)


def test_every_policy_is_named_where_one_is_chosen():
    """The words stand in a table; the description of the key lists them for whoever reads it."""
    described = PolicySpec.described_fields()["offer"].description or ""
    assert [word for word in POLICIES if word not in described] == []
    assert POLICIES.keys() == {one.word for one in POLICIES.values()}

"""Does she buy? The logit, her own propensity, and how well the center sees it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from sim.domain.offers.acceptance import (
    acceptance,
    central_logit,
    contact_logit,
    correlation_seen,
    is_accepted,
    propensity,
    seen_acceptance,
)

from .products import STEADY, acceptance_table, lucks

HALF_MINUTE = 0.5
CUSTOMERS = 4000


def logit(share: float) -> float:
    """ln(a / (1 − a))."""
    return math.log(share / (1 - share))


def share_of(log_odds: float) -> float:
    """The inverse of `logit`."""
    return 1 / (1 + math.exp(-log_odds))


def accepts(table, *, first=True, wait=HALF_MINUTE, declined=0, segment=0, type_=0) -> float:
    """Acceptance of product 0 in such a contact, of whom spread does not touch."""
    at = contact_logit(table, 0, segment, type_, first, float(wait), declined)
    return acceptance(table, 0, at, lucks(1)[0])


# --- the contact ---------------------------------------------------------------------------------


@given(st.floats(0.001, 0.999), st.floats(-2, 2), st.floats(-2, 2), st.floats(-2, 2))
@settings(STEADY, max_examples=50)
def test_the_reference_contact_shows_what_was_typed(typed, first, wait, fatigue):
    """Solved at its first answer after 30 s, never asked before: whatever the effects."""
    effects = {"first_contact": first, "wait": wait, "fatigue": fatigue}
    table = acceptance_table({"everyone": typed, "effects": effects})
    assert accepts(table) == pytest.approx(typed, rel=1e-12)


def test_acceptance_by_segment():
    """Segments that are not named have that of everyone."""
    table = acceptance_table({"everyone": 0.13, "premium": 0.21})
    assert accepts(table, segment=0) == pytest.approx(0.13)
    assert accepts(table, segment=1) == pytest.approx(0.21)


@pytest.mark.parametrize("declined", [0, 1, 3])
@pytest.mark.parametrize("wait", [0.0, 0.5, 4.0, 60.0])
@pytest.mark.parametrize("first", [True, False])
def test_effects_are_differences_on_the_logit(first, wait, declined):
    """Defaults: −.6 unless first, −.15 per ln-minute from 30 s, ln .7 per exposure."""
    found = accepts(acceptance_table(0.15), first=first, wait=wait, declined=declined)
    expected = logit(0.15) - (0 if first else 0.6)
    expected += -0.15 * (math.log(1 + wait) - math.log(1.5)) + declined * math.log(0.7)
    assert logit(found) == pytest.approx(expected, abs=1e-4 * (1 + declined))  # ln .7 is rounded


def test_waiting_less_than_half_a_minute_sells_better():
    """At once: the odds are (1 / 1.5)^−.15 = 1.063 of those after 30 s."""
    found = accepts(acceptance_table(0.15), wait=0)
    assert found / (1 - found) / (0.15 / 0.85) == pytest.approx(1.5**0.15)


def test_reasons_shift_their_own_contact_type():
    """A complaint takes 1.2 off the logit, service nothing."""
    typed = {"everyone": 0.2, "effects": {"reasons": {"complaint": -1.2}}}
    table = acceptance_table(typed, types=("service", "complaint"))
    assert accepts(table, type_=0) == pytest.approx(0.2)
    assert logit(accepts(table, type_=1)) == pytest.approx(logit(0.2) - 1.2)


def test_without_effects_every_contact_is_alike():
    """effects: none."""
    table = acceptance_table({"everyone": 0.15, "effects": None})
    assert accepts(table, first=False, wait=30, declined=4) == pytest.approx(0.15, rel=1e-12)


@pytest.mark.parametrize(("typed", "found"), [(0.0, 0), (1.0, 1)])
def test_certain_acceptance_stays_certain(typed, found):
    """0 and 100 % whatever the effects, the spread and the customer."""
    table = acceptance_table({"everyone": typed, "spread": 2.0})
    at = contact_logit(table, 0, 0, 0, False, 30.0, 3)
    for luck in lucks(100):
        chance = acceptance(table, 0, at, luck)
        assert chance == found
        assert bool(is_accepted(chance, luck)) == bool(found)
        assert seen_acceptance(table, 0, at, luck) == pytest.approx(found, abs=1e-15)


@pytest.mark.parametrize("chance", [0.0, 0.05, 0.5, 1.0])
def test_offers_are_accepted_with_their_probability(chance):
    """Of 4,000 issues within four standard errors."""
    sold = sum(bool(is_accepted(chance, luck)) for luck in lucks(CUSTOMERS))
    error = math.sqrt(chance * (1 - chance) / CUSTOMERS)
    assert sold / CUSTOMERS == pytest.approx(chance, abs=4 * error)


@given(st.floats(0, 1), st.floats(0, 1))
@settings(STEADY, max_examples=30)
def test_who_buys_at_some_probability_buys_at_any_higher_one(one, other):
    """The same luck: acceptance only grows."""
    few, many = (
        {luck for luck in lucks(100) if is_accepted(chance, luck)}
        for chance in sorted((one, other))
    )
    assert few <= many


# --- her own propensity --------------------------------------------------------------------------


@given(st.floats(0.001, 0.999), st.floats(0.01, 3))
@settings(STEADY, max_examples=20)
def test_spread_keeps_the_mean(mean, spread):
    """∫ logistic(m + spread·z) φ(z) dz is the typed mean, by adaptive quadrature."""
    middle = central_logit(mean, spread)
    found, _ = integrate.quad(
        lambda z: share_of(middle + spread * z) * stats.norm.pdf(z), -12, 12, epsabs=1e-12
    )
    assert found == pytest.approx(mean, rel=1e-6)


@pytest.mark.parametrize(("mean", "spread"), [(0.02, 3.0), (0.02, 5.0), (0.13, 4.5)])
def test_blind_sees_the_mean_at_any_spread(mean, spread):
    """Spread may be up to 10: what a blind center sees is still everyone's mean."""
    table = acceptance_table({"everyone": mean, "spread": spread})
    found = seen_acceptance(table, 0, table.logit[0, 0], lucks(1)[0])
    assert found == pytest.approx(mean, rel=0.01)


def test_without_spread_nobody_differs():
    """Spread 0: the middle is the mean."""
    assert share_of(central_logit(0.13, 0.0)) == pytest.approx(0.13, rel=1e-14)
    table = acceptance_table(0.13)
    assert {acceptance(table, 0, logit(0.13), luck) for luck in lucks(20)} == {
        acceptance(table, 0, logit(0.13), lucks(1)[0])
    }


def propensities(n: int = CUSTOMERS) -> np.ndarray:
    """Those of so many customers."""
    return np.array([propensity(luck) for luck in lucks(n)])


def test_propensity_is_standard_normal():
    """By Kolmogorov and Smirnov; the same customer has always the same."""
    assert stats.kstest(propensities(), "norm").pvalue > 0.01
    assert np.array_equal(propensities(50), propensities(50))


@pytest.mark.parametrize(("mean", "spread"), [(0.13, 0.8), (0.15, 2.0), (0.7, 1.0)])
def test_customers_show_the_typed_mean_and_their_spread(mean, spread):
    """The logits have the typed standard deviation; the mean acceptance is the typed one."""
    table = acceptance_table({"everyone": mean, "spread": spread})
    at = contact_logit(table, 0, 0, 0, True, HALF_MINUTE, 0)
    chances = np.array([acceptance(table, 0, at, luck) for luck in lucks(CUSTOMERS)])
    error = chances.std() / math.sqrt(CUSTOMERS)
    assert chances.mean() == pytest.approx(mean, abs=4 * error)
    logits = np.log(chances / (1 - chances))
    assert logits.std() == pytest.approx(spread, rel=4 / math.sqrt(2 * CUSTOMERS))


# --- what the center sees of it ------------------------------------------------------------------


def seen(mean: float, spread: float, targeting: float, n: int = CUSTOMERS):
    """(acceptance, acceptance as seen) of so many customers in the reference contact."""
    table = acceptance_table({"everyone": mean, "spread": spread, "targeting": targeting})
    at = contact_logit(table, 0, 0, 0, True, HALF_MINUTE, 0)
    pairs = [(acceptance(table, 0, at, u), seen_acceptance(table, 0, at, u)) for u in lucks(n)]
    return np.array(pairs).T


@pytest.mark.parametrize(("mean", "spread"), [(0.13, 0.8), (0.15, 0.0), (0.5, 1.5)])
def test_blind_sees_everyones_mean(mean, spread):
    """Targeting 50 %: the same for all, the typed mean."""
    _, as_seen = seen(mean, spread, 0.5, 50)
    assert np.ptp(as_seen) == 0
    assert as_seen[0] == pytest.approx(mean, rel=2e-3)


@pytest.mark.parametrize("spread", [0.0, 0.8, 3.0])
def test_perfect_sight_sees_her_own(spread):
    """Targeting 100 %."""
    own, as_seen = seen(0.13, spread, 1.0, 200)
    np.testing.assert_allclose(as_seen, own, rtol=1e-9)


def concordance(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Share of disjoint pairs of customers of whom both say the same is the higher, and its error.

    Disjoint pairs are independent, so the error is that of a share.
    """
    same = (one[::2] > one[1::2]) == (other[::2] > other[1::2])
    return same.mean(), math.sqrt(same.mean() * (1 - same.mean()) / len(same))


@pytest.mark.parametrize("targeting", [0.5001, 0.7, 0.85, 0.99])
def test_targeting_is_the_area_under_the_curve(targeting):
    """Of two random customers the likelier one seems likelier with this probability."""
    own, as_seen = seen(0.13, 0.8, targeting, 2 * CUSTOMERS)
    found, error = concordance(own, as_seen)
    assert error < 0.008
    assert found == pytest.approx(targeting, abs=4 * error)


def test_the_score_is_correlated_so_that_pairs_agree_as_often():
    """P(same order) = ½ + asin(ρ)/π for normal scores."""
    for targeting in (0.5, 0.6, 0.75, 0.9, 1.0):
        agree = 0.5 + math.asin(correlation_seen(targeting)) / math.pi
        assert agree == pytest.approx(targeting, abs=1e-9)


def test_sight_grows_between_blind_and_perfect():
    """Error of what is seen falls, its spread grows; its mean is the typed one throughout."""
    errors, spreads = [], []
    for targeting in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        own, as_seen = seen(0.13, 0.8, targeting)
        errors.append(((own - as_seen) ** 2).mean())
        spreads.append(as_seen.std())
        error = max(as_seen.std() / math.sqrt(CUSTOMERS), 1e-4)
        assert as_seen.mean() == pytest.approx(0.13, abs=4 * error)
    assert errors == sorted(errors, reverse=True)
    assert spreads == sorted(spreads)
    assert errors[-1] == pytest.approx(0, abs=1e-20)


@pytest.mark.parametrize("targeting", [0.6, 0.8, 0.95])
def test_what_is_seen_is_right_on_average(targeting):
    """Calibrated: of those who seem to accept so likely, as many do (by tenths, four errors)."""
    own, as_seen = seen(0.2, 1.0, targeting, 2 * CUSTOMERS)
    for tenth in np.array_split(np.argsort(as_seen), 10):
        error = own[tenth].std() / math.sqrt(len(tenth))
        assert own[tenth].mean() == pytest.approx(as_seen[tenth].mean(), abs=4 * error + 1e-4)

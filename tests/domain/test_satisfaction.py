"""Satisfaction, recommending, effort and surveys: exact by the distribution.

What is expected comes from the standard library's normal distribution, never from the code.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from sim.core.dice import luck_of
from sim.domain.customers import satisfaction as asked
from sim.domain.customers import surveys
from sim.domain.customers.satisfaction import CausalDiscountSpec, ExperienceSpec, compile_experience
from sim.domain.customers.surveys import SurveySpec, compile_surveys

PHI = NormalDist().cdf
TABLE = compile_experience(ExperienceSpec())
# P(5), P(4), …, P(1) of the reference contact
REFERENCE = (0.55, 0.33, 0.07, 0.03, 0.02)
N = 60_000


def latents(
    table=TABLE, wait=0.5, *, resolved=True, attempt=1, held=False, handed_on=False, offer=None,
    pushed=False, answered=True, failed_bot=False, told_again=False,
):  # fmt: skip
    """The latents of satisfaction and of recommending, without what customer and mood add."""
    accepted = offer == "accepted"
    felt = asked.log_wait(wait)
    happened = asked.Happened(
        felt,
        not answered,
        held,
        told_again,
        handed_on,
        offer is not None,
        accepted,
        pushed,
        resolved,
        failed_bot,
    )
    shared = asked.encounter(table, happened)
    how = (table, shared, resolved, not answered, attempt)
    return asked.satisfaction(*how), asked.recommendation(*how)


def top_two(**what) -> float:
    """P(score of 4 or 5), exactly."""
    return PHI(latents(**what)[0] - asked.CUT_3)


def net_promoters(**what) -> tuple[float, float]:
    """P(promoter) and P(detractor), exactly."""
    latent = latents(**what)[1]
    return PHI(latent - asked.PROMOTER_CUT), PHI(asked.DETRACTOR_CUT - latent)


# --- satisfaction ---------------------------------------------------------------------------------


def test_scores_of_the_reference_contact():
    """Resolved at the first attempt after 30 s: .55, .33, .07, .03, .02."""
    assert latents() == (0.0, 0.0)
    cuts = (asked.CUT_1, asked.CUT_2, asked.CUT_3, asked.CUT_4)
    below = [0.0, *(PHI(cut) for cut in cuts), 1.0]
    shares = np.diff(below)[::-1]
    assert shares == pytest.approx(REFERENCE, abs=4e-5)  # cut points have four decimals


@pytest.mark.parametrize(
    ("what", "points"),
    [
        ({}, 0.88),
        ({"wait": 5.0}, 0.80),
        ({"resolved": False}, 0.45),
        ({"attempt": 2}, 0.73),  # −15 points
        ({"held": True}, 0.82),  # −6, the discount in them
        ({"offer": "declined"}, 0.85),
        ({"offer": "accepted"}, 0.90),
        ({"answered": False, "resolved": False}, 0.15),
    ],
)
def test_calibration(what, points):
    """Top-2 of worked examples, to a hundredth of a point."""
    assert top_two(**what) == pytest.approx(points, abs=1e-4)


def test_an_offer_on_an_unresolved_issue_and_a_pushed_one():
    """Both add −.30 to what the offer does anyway."""
    plain = latents(resolved=False, offer="declined")[0]
    assert plain == pytest.approx(-1.3006 - 0.1386 - 0.30)
    assert latents(offer="declined", pushed=True)[0] == pytest.approx(-0.1386 - 0.30)


def test_a_bot_that_failed_annoys_whoever_answers_then():
    """Who gets no answer either is annoyed by both."""
    assert latents(failed_bot=True)[0] == pytest.approx(-0.25)
    unanswered = {"answered": False, "resolved": False}
    worse = latents(failed_bot=True, **unanswered)[0] - latents(**unanswered)[0]
    assert worse == pytest.approx(-0.25)


def test_telling_it_again_takes_3_points_wherever_somebody_answers():
    """On top of what the repeat does; who got no answer told nobody."""
    assert 100 * (top_two() - top_two(told_again=True)) == pytest.approx(3, abs=0.05)
    unanswered = {"answered": False, "resolved": False}
    assert latents(told_again=True, **unanswered) == latents(**unanswered)


def test_a_resolution_is_worth_43_points():
    """The slope within contacts is .43 points a point, not the 1 of a rule of thumb."""
    assert 100 * (top_two() - top_two(resolved=False)) == pytest.approx(43, abs=0.01)


def test_hold_is_discounted_once():
    """The typed effect is what surveys see; half of it is causal, and with 0% all of it."""
    full = compile_experience(ExperienceSpec(causal_discount=CausalDiscountSpec(hold=0.0)))
    assert TABLE.held == -0.2596
    assert full.held == -0.5192
    seen = PHI(latents(full, held=True)[0] - asked.CUT_3)
    assert 1 - seen / 0.88 == pytest.approx(0.15, abs=0.01)  # "15 % lower"
    reset = [name for name in TABLE._fields if name != "held"]
    assert [getattr(full, n) for n in reset] == [getattr(TABLE, n) for n in reset]


# --- recommending ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "points"),
    [({}, 48), ({"attempt": 2}, 35), ({"resolved": False}, -27)],
)
def test_net_promoter_score(what, points):
    """Domain §5.2: reference +48, two calls 35, unresolved −27."""
    promoters, detractors = net_promoters(**what)
    assert 100 * (promoters - detractors) == pytest.approx(points, abs=0.06)


def test_promoters_and_detractors_of_the_reference():
    """60 % and 12 %."""
    assert net_promoters() == pytest.approx((0.60, 0.12), abs=1e-4)


@pytest.mark.parametrize("what", [{"wait": 5.0}, {"held": True}, {"offer": "declined"}])
def test_other_effects_on_recommending_are_four_fifths(what):
    """Where nothing was read apart, recommending moves by .8 of satisfaction."""
    satisfied, recommends = latents(**what)
    assert recommends == pytest.approx(0.8 * satisfied)
    assert satisfied < 0


# --- simulated ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lives():
    """60 000 issues: 30 % unresolved, the rest like the reference; luck, score and side of each."""
    lucks = [luck_of(5, 1, "lives", i) for i in range(N)]
    unresolved = np.arange(N) % 10 < 3
    scores, sides = np.empty(N, int), np.empty(N, int)
    for i, luck in enumerate(lucks):
        satisfied, recommends = latents(resolved=not unresolved[i])
        feeling = asked.disposition(luck) + asked.mood(luck, 1)
        scores[i], sides[i] = asked.score(satisfied + feeling), asked.promotes(recommends + feeling)
    return lucks, unresolved, scores, sides


def test_simulated_scores(lives):
    """Shares of the five scores of the resolved, within four standard errors."""
    _, unresolved, scores, _ = lives
    resolved = scores[~unresolved]
    for score, share in zip((5, 4, 3, 2, 1), REFERENCE, strict=True):
        error = math.sqrt(share * (1 - share) / len(resolved))
        assert abs((resolved == score).mean() - share) < 4 * error


def test_simulated_net_promoter_score_and_its_variance(lives):
    """Var = (p + d − (p − d)²)/n, over 420 groups of 100; its own standard error is 7 %."""
    _, unresolved, _, sides = lives
    groups = sides[~unresolved].reshape(-1, 100).mean(axis=1)
    assert len(groups) == 420
    promoters, detractors = net_promoters()
    variance = (promoters + detractors - (promoters - detractors) ** 2) / 100
    assert abs(groups.mean() - 0.48) < 4 * math.sqrt(variance / 420)
    assert groups.var(ddof=1) == pytest.approx(variance, rel=4 * math.sqrt(2 / 419))


# --- surveys --------------------------------------------------------------------------------------

SURVEYS = compile_surveys(SurveySpec())


def mixture() -> np.ndarray:
    """P(score 1 … 5) with 30 % unresolved, exactly."""
    cuts = (asked.CUT_1, asked.CUT_2, asked.CUT_3, asked.CUT_4)
    shares = np.zeros(5)
    for share, resolved in ((0.7, True), (0.3, False)):
        latent = latents(resolved=resolved)[0]
        shares += share * np.diff([0.0, *(PHI(cut - latent) for cut in cuts), 1.0])
    return shares


def test_surveys_of_a_center_with_30_percent_unresolved():
    """True 75.1 %, surveyed 71.4 %, 16.2 % answer, corrected 75.1 %."""
    shares = mixture()
    answered = shares * SURVEYS.response
    weighted = answered / SURVEYS.response
    assert shares[3:].sum() == pytest.approx(0.751, abs=5e-4)
    assert answered[3:].sum() / answered.sum() == pytest.approx(0.714, abs=5e-4)
    assert answered.sum() == pytest.approx(0.162, abs=5e-4)
    assert weighted[3:].sum() / weighted.sum() == pytest.approx(0.751, abs=5e-4)


def test_simulated_surveys(lives):
    """The same from dice, within four standard errors; half are invited."""
    lucks, _, scores, _ = lives
    everybody = [surveys.is_invited(SURVEYS, luck) for luck in lucks]
    assert abs(np.mean(everybody) - 0.5) < 4 * 0.5 / math.sqrt(N)
    invited = np.array(everybody)
    answers = np.array([surveys.responds(SURVEYS, luck, s) for luck, s in zip(lucks, scores)])
    answered = scores[invited & answers]
    weights = 1 / SURVEYS.response[answered - 1]
    response = len(answered) / invited.sum()
    assert abs(response - 0.162) < 4 * math.sqrt(0.162 * 0.838 / invited.sum()) + 5e-4
    share = 0.714
    error = math.sqrt(share * (1 - share) / len(answered))
    assert abs((answered >= 4).mean() - share) < 4 * error + 5e-4
    corrected = weights[answered >= 4].sum() / weights.sum()
    error *= math.sqrt((weights**2).mean()) / weights.mean()
    assert abs(corrected - 0.751) < 4 * error + 5e-4


# --- effort ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "index"),
    [
        ((0, 0, 0, 0.0), 1.0),
        ((1, 0, 0, 0.0), 2.5),
        ((0, 1, 0, 0.0), 2.0),
        ((0, 0, 1, 0.0), 2.0),
        ((0, 0, 0, math.e - 1), 1.5),
        ((2, 1, 0, 4.0), 5.0 + 0.5 * math.log(5)),
        ((4, 0, 0, 0.0), 7.0),
        ((3, 2, 1, 60.0), 7.0),
    ],
)
def test_effort_index(what, index):
    """min(7, 1 + 1.5·repeats + transfers + switches + .5·ln(1 + minutes))."""
    *how_often, wait = what
    assert asked.effort(*how_often, asked.log_wait(wait)) == pytest.approx(index)

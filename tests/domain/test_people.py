"""The rules of people: learning, leaving, hiring and engagement, against their formulas."""

import math

import numpy as np
import pytest

from sim.domain.agents.engagement import (
    EngagementSpec,
    Loads,
    compile_engagement,
    engagement_after,
    heat,
    leaving_factor,
    pace_factor,
    quality_shift,
)
from sim.domain.agents.hiring import HiringSpec, ordered
from sim.domain.agents.learning import (
    LearningSpec,
    acceptance_factor,
    compile_learning,
    handle_factor,
    lost_weeks,
    resolution_shift,
    todays_means,
    unlearnt,
)
from sim.domain.agents.leaving import EARLY_WEEKS, base_hazard, cost_of_leaver, steady_tenure

LEARNING = LearningSpec()


def mean_handle(weeks: int) -> float:
    return 1 + 0.4 * sum(unlearnt(8.0, week) for week in range(weeks)) / weeks


def test_a_newcomer_takes_so_much_longer_over_her_first_weeks():
    """1 + (m₀ − 1)(τ/T)(1 − e^(−T/τ)): 1.1977 over 13 weeks, 1.1183 over 26."""
    assert mean_handle(13) == pytest.approx(1.1977, abs=5e-5)
    assert mean_handle(26) == pytest.approx(1.1183, abs=5e-5)


def test_a_newcomer_loses_so_many_weeks_of_work():
    """∫(1 − 1/m(t))dt = τ·ln m₀ = 2.692 weeks; none where there is nothing to learn."""
    assert lost_weeks(LEARNING) == pytest.approx(2.692, abs=5e-4)
    weeks = (np.arange(200_000) + 0.5) * 1e-3
    lost = (1 - 1 / (1 + 0.4 * np.exp(-weeks / 8))).sum() * 1e-3
    assert lost_weeks(LEARNING) == pytest.approx(lost, abs=1e-6)
    assert lost_weeks(None) == lost_weeks(LearningSpec(handle=1.0)) == 0


def test_a_leaver_costs_a_quarter_of_a_wage():
    """3,400 + 4·40·23.4 + 8·ln 1.4·40·23.4 = 9,664, which is 25.8 % of a year's 37,440."""
    one = cost_of_leaver(3400, 4, lost_weeks(LEARNING), 40 * 23.4)
    assert one.total == pytest.approx(9664, abs=1)
    assert one.booked == 3400 + 3744
    assert one.total / (18 * 2080) == pytest.approx(0.258, abs=5e-4)


def test_so_many_stay_for_a_year():
    """e^(−.35) = .705, up to leaving at the ends of weeks."""
    assert math.exp(-52 * base_hazard(0.35, 1.0)) == pytest.approx(0.705, abs=1.5e-3)


@pytest.mark.parametrize(("turnover", "mean"), [(0.35, 1.0204), (0.45, 1.0259)])
def test_a_steady_mix_without_early_leaving_is_so_much_slower(turnover, mean):
    """1 + (m₀ − 1)·h/(h + 1/τ) by head, up to leaving at the ends of weeks."""
    tenure = steady_tenure(base_hazard(turnover, 1.0), 1.0)
    by_head = sum(share * (1 + 0.4 * unlearnt(8.0, w)) for w, share in enumerate(tenure.tolist()))
    assert by_head == pytest.approx(mean, abs=1.5e-4)


def test_early_leavers_lower_what_is_left_for_the_others():
    """.35 a year with twice the hazard in the first 13 weeks needs .324, up to whole weeks."""
    hazard = base_hazard(0.35, 2.0)
    assert hazard * 52 == pytest.approx(0.324, abs=1e-3)
    tenure = steady_tenure(hazard, 2.0)
    weekly = np.where(np.arange(len(tenure)) < EARLY_WEEKS, 2 * hazard, hazard)
    assert 52 * float(tenure @ -np.expm1(-weekly)) == pytest.approx(0.35, rel=1e-6)


def test_the_typed_handling_time_is_the_mean_over_contacts():
    """Who is slower answers fewer: 1.0168 by contact, and a mean contact is as typed."""
    tenure = steady_tenure(base_hazard(0.35, 2.0), 2.0)
    learning = compile_learning(LEARNING, LEARNING, tenure)
    assert todays_means(LEARNING, tenure).handle == pytest.approx(1.0168, abs=1e-4)
    left = [unlearnt(8.0, week) for week in range(len(tenure))]
    factors = np.array([handle_factor(learning, one) for one in left])
    contacts = tenure / factors
    assert float(contacts @ factors / contacts.sum()) == pytest.approx(1.0, abs=1e-9)
    shifts = np.array([resolution_shift(learning, one) for one in left])
    assert float(contacts @ shifts / contacts.sum()) == pytest.approx(0.0, abs=1e-9)
    accepts = np.array([acceptance_factor(learning, one) for one in left])
    assert float(contacts @ accepts / contacts.sum()) == pytest.approx(1.0, abs=1e-9)


def test_a_variant_that_learns_faster_is_held_against_todays_mean():
    tenure = steady_tenure(base_hazard(0.35, 1.0), 1.0)
    assisted = LearningSpec(handle=1.264, weeks=8 / 3)
    today = compile_learning(LEARNING, LEARNING, tenure)
    learning = compile_learning(assisted, LEARNING, tenure)
    assert handle_factor(learning, 0.0) == handle_factor(today, 0.0) < 1
    assert handle_factor(learning, 1.0) < handle_factor(today, 1.0)


def reactions(hot: float = 0.0, selling: float = 0.0) -> object:
    return compile_engagement(EngagementSpec(), Loads(hot, selling, 0.1))


def turnover_after(reacts: object, loads: Loads) -> float:
    engagement = 0.6
    for _ in range(400):
        engagement = engagement_after(reacts, loads, engagement)
    return 0.35 * leaving_factor(reacts, engagement)


def test_hot_hours_and_selling_raise_turnover_as_the_domain_says():
    """x .1 → .3 takes 35 % to 39.5 %, offers in 14 % of contacts to 36.5 %."""
    assert turnover_after(reactions(hot=0.1), Loads(0.3, 0.0, 0.1)) == pytest.approx(
        0.3946, abs=1e-4
    )
    assert turnover_after(reactions(), Loads(0.0, 0.14, 0.1)) == pytest.approx(0.365, abs=1e-4)
    assert turnover_after(reactions(hot=0.1), Loads(0.1, 0.0, 0.1)) == pytest.approx(0.35, abs=1e-9)


def test_engagement_goes_a_tenth_of_its_way():
    reacts = reactions(hot=0.1)
    assert engagement_after(reacts, Loads(0.3, 0.0, 0.1), 0.6) == pytest.approx(0.6 - 0.1 * 0.12)
    assert pace_factor(reacts, Loads(0.3, 0.0, 0.1)) == pytest.approx(1.009 / 1.003)
    assert heat(0.90) == 0.5
    assert heat(0.94) == pytest.approx(1 / (1 + math.exp(-2)))


@pytest.mark.parametrize(
    ("expected", "uniform", "hired"),
    [(93.0, 0.0, 7), (94.0, 0.0, 6), (94.1, 0.0, 0), (94.1, 0.2, 6), (104.0, 0.5, 0)],
)
def test_a_class_is_hired_once_it_is_full(expected, uniform, hired):
    assert ordered(HiringSpec(), 100.0, expected, 100, uniform) == hired


def test_classes_have_a_least_and_a_largest_size():
    assert ordered(HiringSpec(at_most=4, at_least=2), 100.0, 90.0, 100, 0.0) == 4
    assert ordered(HiringSpec(at_most=0), 100.0, 90.0, 100, 0.0) == 0
    assert HiringSpec().smallest_class(12) == 2
    assert HiringSpec().smallest_class(500) == 6


def test_coaching_and_autonomy_lift_engagement_against_today():
    """Two hours more are worth .04 of engagement, autonomy what is typed; a tenth of it a week."""
    today = Loads(0.1, 0.0, 0.1)
    reacts = compile_engagement(EngagementSpec(), today, coaching_h=2.0, autonomy=0.05)
    assert reacts.lift == pytest.approx(0.02 * 2 + 0.05)
    assert engagement_after(reacts, today, 0.6) == pytest.approx(0.6 + 0.1 * 0.09)
    deaf = compile_engagement(EngagementSpec(coaching=0.0), today, coaching_h=2.0)
    assert engagement_after(deaf, today, 0.6) == pytest.approx(0.6)
    assert compile_engagement(None, today, 2.0, 0.05).lift == 0.0


def test_engagement_pleases_customers():
    """A tenth less engagement takes .03 from their latent score; today's takes nothing."""
    reacts = compile_engagement(EngagementSpec(), Loads(0.1, 0.0, 0.1))
    assert quality_shift(reacts, 0.5) == pytest.approx(-0.03)
    assert quality_shift(reacts, 0.6) == 0.0

"""What an investment returns: a known case to the cent, and cases drawn by hand."""

import numpy as np
import pytest

from sim.core.returns import (
    by_month,
    changes_sign_once,
    discounted,
    internal_rate,
    month_ends,
    monthly_rate,
    payback,
)
from sim.core.statistics import share_of

MONTHS = np.arange(37.0)
FLOWS = np.array([-200_000.0, *(12_000 * min(1.0, month / 6) for month in range(1, 37))])
"""200 000 are paid, 12 000 a month are earned after a ramp of 6 months, for 36 months."""


def test_the_known_case():
    rate = monthly_rate(0.10)
    assert discounted(FLOWS, MONTHS, rate).sum() == pytest.approx(144_786.92, abs=0.005)
    assert FLOWS.sum() / 200_000 == pytest.approx(1.0100, abs=1e-9)
    assert payback(FLOWS, MONTHS) == pytest.approx(19 + 1 / 6, abs=1e-9)
    assert internal_rate(FLOWS, MONTHS) == pytest.approx(0.03983, abs=5e-6)
    assert payback(discounted(FLOWS, MONTHS, rate), MONTHS) > payback(FLOWS, MONTHS)


def test_at_its_internal_rate_an_investment_is_worth_nothing():
    rate = internal_rate(FLOWS, MONTHS)
    assert discounted(FLOWS, MONTHS, rate).sum() == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("flows", "months"),
    [
        ([-100, 40, 40], None),  # never
        ([-100, 150, -80, 10], None),  # paid back and lost again: it does not stay so
        ([-100, 150, -80, 40], 2.75),  # lost again, and paid back for good
        ([0, 0, 10], 0.0),  # never below 0
        ([0, 0, -60, 30, 60], 3.5),  # paid later
        ([-100, 100, 0], 1.0),
    ],
)
def test_payback_is_when_the_sum_stays_above_zero(flows, months):
    assert payback(flows, range(len(flows))) == months


@pytest.mark.parametrize(
    ("flows", "once"),
    [
        ([-1, 2], True),
        ([0, -1, 0, 2], True),
        ([-1, 2, -3], False),
        ([1, -2], False),
        ([1, 2], False),
        ([-1, -2], False),
        ([0, 0], False),
    ],
)
def test_an_internal_rate_is_given_where_it_is_unique(flows, once):
    assert changes_sign_once(flows) == once
    assert (internal_rate(flows, range(len(flows))) is not None) == once


def test_when_it_is_paid_and_in_what_coins_moves_no_internal_rate():
    """Nor do amounts of millions overflow where hardly anything comes back."""
    one, two = (internal_rate(FLOWS * size, MONTHS + when) for size, when in ((1, 0), (1e6, 7)))
    assert one == pytest.approx(two)
    assert internal_rate([-1e9, 1, 1], [0, 1, 1.3]) < -0.99


def test_an_investment_that_loses_has_a_rate_below_zero():
    assert internal_rate([-100, 50], [0, 1]) == pytest.approx(-0.5)


def test_weeks_are_shared_out_to_months_of_a_third_more_than_four():
    months = by_month(np.ones((2, 13)), 13.0)
    assert months == pytest.approx(np.full((2, 3), 13 / 3))
    week = np.zeros(13)
    week[4] = 12.0  # a third of week 5 lies in the first month
    assert by_month(week, 13.0) == pytest.approx([4.0, 8.0, 0.0])


def test_a_horizon_that_ends_within_a_month_ends_with_a_short_one():
    assert month_ends(6.0) == pytest.approx([1.0, 6 * 12 / 52])
    assert by_month(np.arange(6.0), 6.0).sum() == pytest.approx(15.0)
    assert month_ends(3 / 7) == pytest.approx([36 / 364])
    assert by_month(np.array([5.0]), 3 / 7) == pytest.approx([5.0])


def test_an_interval_of_a_share_stays_inside_and_is_that_of_wilson():
    low, high = share_of(15, 20)[1:3]  # by hand: z² = 3.8415
    assert (low, high) == pytest.approx((0.5313, 0.8881), abs=5e-5)
    assert share_of(20, 20)[:3] == pytest.approx((1.0, 0.8389, 1.0), abs=5e-5)
    assert share_of(0, 20)[1:3] == pytest.approx((0.0, 0.1611), abs=5e-5)

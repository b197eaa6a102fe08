"""When an initiative has how much of its effect."""

from __future__ import annotations

import pytest

from sim.domain.study.initiatives import InitiativeSpec, share_in_effect

WHAT = {"set": {"offers": {}}}


def shares(weeks: int, **typed) -> list[float]:
    spec = InitiativeSpec.model_validate({**WHAT, **typed})
    return [share_in_effect(spec, week) for week in range(-2, weeks)]


def test_nothing_before_it_starts_and_all_at_once():
    """Also in a warm-up, which lies before the first week."""
    assert shares(3) == [0, 0, 1, 1, 1]
    assert shares(4, from_week=3) == [0, 0, 0, 0, 1, 1]


def test_a_ramp_of_six_loses_two_and_a_half():
    """As an investment whose 36 months bring 402 000 of 432 000."""
    ramp = shares(36, ramp="6 wk")
    assert ramp[2:9] == pytest.approx([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1, 1])
    assert 12_000 * sum(ramp) == pytest.approx(402_000)


def test_adoption_is_what_the_ramp_ends_at():
    """A ramp that ends within a week has all of it from that week on."""
    assert shares(4, from_week=2, ramp="2 wk", adoption="80%") == pytest.approx(
        [0, 0, 0, 0.4, 0.8, 0.8]
    )
    assert shares(4, ramp="36 h")[2:] == [1, 1, 1, 1]
    assert shares(4, ramp="10 d")[2:] == pytest.approx([0.7, 1, 1, 1])


@pytest.mark.parametrize(
    ("typed", "is_partial", "is_paid_for"),
    [
        ({}, False, False),
        ({"ramp": "7 d"}, False, False),
        ({"ramp": "8 d", "invest": "1k"}, True, True),
        ({"adoption": 0.9, "run_cost": "1k per month"}, True, True),
    ],
)
def test_partial_and_paid_for(typed, is_partial, is_paid_for):
    """By what is typed."""
    spec = InitiativeSpec.model_validate({**WHAT, **typed})
    assert (spec.is_partial, spec.is_paid_for) == (is_partial, is_paid_for)

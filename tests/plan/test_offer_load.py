"""Planned seats have the time for offers that are made whatever the state."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import sim
from sim.plan.offer_load import offer_s
from sim.plan.seats import planned_seats
from sim.scenario.scenario import Scenario
from tests.metrics.test_ledger import SMALL

OFFER = {
    "price": 120, "margin": "25%", "candidates": "50%", "acceptance": 0.2, "held": "20%",
    "talk": "100 s", "fulfilment": "200 s", "cool_down": "0 d", "offer": "always",
}  # fmt: skip
SOLVED = {"first_contact": "75%", "comes_back": 0}


def center(*offers: dict[str, Any]) -> dict[str, Any]:
    """A line on ordinary days, all of whose seats are planned."""
    service = {
        "volume": {"per_week": 23000, "counts": "first", "profile": "flat", "busyness": "none"},
        "handle": "300 s",
        "resolution": SOLVED,
    }
    named = {f"product-{i}": offer for i, offer in enumerate(offers)}
    more = {"contacts": {"service": service}, "offers": named, "forecast_error": 0}
    customers = {"standard": {"count": 90000}, "premium": {"count": 10000}}
    return SMALL | more | {"customers": customers, "horizon": {"weeks": 1}}


@pytest.mark.parametrize(
    ("change", "seconds"),
    [
        ({}, 0.75 * 0.5 * 0.8 * (100 + 0.2 * 200)),
        ({"offer": "never"}, 0.0),
        ({"offer": {"offer": "random", "share": "40%"}}, 0.4 * 0.75 * 0.5 * 0.8 * 140),
        ({"offer": "while-nobody-waits"}, 0.0),
        ({"on_unresolved": True}, 0.5 * 0.8 * 140),
        ({"conduct": {"compliance": "90%"}}, 0.9 * 0.75 * 0.5 * 0.8 * 140),
        ({"to": ["premium"]}, 0.1 * 0.75 * 0.5 * 0.8 * 140),
        ({"acceptance": {"standard": 0.2, "premium": 0.7}}, 0.3 * (100 + 0.25 * 200)),
        ({"fulfilment": "none"}, 0.3 * 100),
        ({"during": ["service"], "held": 0}, 0.75 * 0.5 * 140),
    ],
)
def test_seconds_of_offers_by_hand(scenario_of, change, seconds):
    """Share solved × candidates × not held × (talk + accepted × fulfilment)."""
    assert offer_s(scenario_of(center(OFFER | change)), "service") == pytest.approx(seconds)


def test_of_several_products_one_is_offered(scenario_of):
    """With the chance that either is, and a length by the chance of each."""
    long = OFFER | {"talk": "300 s", "candidates": "25%"}
    one, other = 0.75 * 0.5 * 0.8, 0.75 * 0.25 * 0.8
    length = (one * 140 + other * 340) / (one + other)
    expected = (1 - (1 - one) * (1 - other)) * length
    assert offer_s(scenario_of(center(OFFER, long)), "service") == pytest.approx(expected)


def test_without_such_offers_the_seats_are_as_they_were(scenario_of):
    """Never offering, or offering in idle time, plans no seat more."""
    without = planned_seats(scenario_of(center()), "line")
    for policy in ("never", "while-nobody-waits"):
        seats = planned_seats(scenario_of(center(OFFER | {"offer": policy})), "line")
        np.testing.assert_array_equal(seats, without)
    always = planned_seats(scenario_of(center(OFFER)), "line")
    assert (always >= without).all()
    assert 1.08 < always.sum() / without.sum() < 1.16  # 42 s more than 300


def test_the_planned_level_comes_out_with_offers(scenario_of):
    """80 % within 20 s, as well as without offers; with the seats of before it is missed by far."""
    levels = {}
    for name, offer in {"never": OFFER | {"offer": "never"}, "always": OFFER}.items():
        levels[name] = service_level(scenario_of(center(offer)))
    assert 0.79 < levels["never"] < 0.85  # whole seats: 36
    assert abs(levels["always"] - 0.80) < 0.02
    seats = planned_seats(scenario_of(center()), "line")[::2].tolist()
    short = center(OFFER) | {"agents": {"line": {"positions": seats, "wage": "20 per hour"}}}
    assert service_level(scenario_of(short)) < levels["always"] - 0.2


def service_level(scenario: Scenario) -> float:
    """Simulated, over three replications."""
    found = sim.run(scenario, workers=1, replications=3).samples["service_level"]
    return float(found.numerators.sum() / found.denominators.sum())

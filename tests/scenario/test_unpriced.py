"""Unpriced: which outcomes a variant types better than its base, without paying for them."""

from __future__ import annotations

import pytest

from sim.scenario.unpriced import improved_outcomes
from tests.metrics.test_ledger import SMALL

BASE = {
    **SMALL,
    "customers": {
        "standard": {"count": 9000, "churn": "14% per year"},
        "premium": {"count": 1000, "churn": "9% per year"},
    },
    "agents": {"line": {"positions": 12, "serves": {"service": {"handle": 1.1}}}},
    "offers": {
        "broadband": {
            "price": 120,
            "margin": "25%",
            "acceptance": {"standard": "13%", "premium": "21%"},
            "contract": {"term": "26 wk", "churn": 0.5},
        }
    },
}


@pytest.mark.parametrize(
    ("better", "worse", "path"),
    [
        (
            "offers.broadband.acceptance.premium=25%",
            "offers.broadband.acceptance.premium=20%",
            "offers.broadband.acceptance.by_segment.premium",
        ),
        (
            "contacts.service.resolution=none",
            "contacts.service.resolution.first_contact=60%",
            "contacts.service.resolution",
        ),
        (
            "customers.standard.churn=none",
            "customers.standard.churn=20% per year",
            "customers.standard.churn",
        ),
        (
            "customers.premium.churn=8% per year",
            "customers.premium.churn=10% per year",
            "customers.premium.churn.rate",
        ),
        (
            "agents.line.serves.service.handle=1",
            "agents.line.serves.service.handle=1.2",
            "agents.line.serves.service.handle",
        ),
        (
            "agents.line.turnover=20% per year",
            "agents.line.turnover=50% per year",
            "agents.line.turnover",
        ),
        (
            "contacts.service.first_contact=80%",
            "contacts.service.first_contact=60%",
            "contacts.service.resolution.first_contact",
        ),
        (
            "contacts.service.handle=300 s",
            "contacts.service.handle=400 s",
            "contacts.service.handling time",
        ),
        (
            "offers.broadband.contract.churn=0.3",
            "offers.broadband.contract.churn=0.8",
            "offers.broadband.contract.churn",
        ),
    ],
)
def test_a_better_outcome_is_unpriced_and_a_worse_one_is_not(scenario_of, better, worse, path):
    """Acceptance by segment, what is switched off, and how long a group needs are outcomes too."""
    base = scenario_of(BASE)
    assert improved_outcomes(base, base) == []
    assert path in improved_outcomes(base, scenario_of(BASE, better))
    assert improved_outcomes(base, scenario_of(BASE, worse)) == []


@pytest.mark.parametrize("serves", [None, ["service"]])
def test_a_group_that_becomes_faster_is_unpriced_however_it_was_typed(scenario_of, serves):
    """Where the base says no handling factor it is 1, whether or not it lists what is served."""
    base = {**BASE, "agents": {"line": {"positions": 12, **({"serves": serves} if serves else {})}}}
    faster, slower = (f"agents.line.serves={{service: {{handle: {h}}}}}" for h in (0.9, 1.1))
    found = improved_outcomes(scenario_of(base), scenario_of(base, faster))
    assert found == ["agents.line.serves.service.handle"]
    assert improved_outcomes(scenario_of(base), scenario_of(base, slower)) == []


def test_decisions_are_not_outcomes(scenario_of):
    """Seats, offers and wages are what the company decides or the world asks."""
    decided = ["agents.line.positions=20", "agents.line.wage=25 per hour"]
    decided += ["offers.broadband.offer=always", "offers.broadband.price=150"]
    assert improved_outcomes(scenario_of(BASE), scenario_of(BASE, *decided)) == []


def test_a_bot_that_solves_and_bills_nothing_is_unpriced(scenario_of):
    """A price, or an initiative that costs something, pays for it; a bot that solves less is no gift."""
    bot, at = "contacts.service.self_service={{eligible: {}}}", "contacts.service.self_service"
    price = f"{at}.price={{per: claimed, amount: 1.50}}"
    base, with_bot = scenario_of(BASE), scenario_of(BASE, bot.format("30%"))
    assert improved_outcomes(base, with_bot) == [at]
    assert improved_outcomes(with_bot, base) == []
    assert improved_outcomes(base, scenario_of(BASE, bot.format("30%"), price)) == []
    assert improved_outcomes(with_bot, scenario_of(BASE, bot.format("20%"))) == []
    grows = "initiatives.it.set={contacts: {service: {self_service: {eligible: 30%}}}}"
    rollout = [bot.format("0%"), grows]
    assert improved_outcomes(base, scenario_of(BASE, *rollout)) == [at]
    paid = scenario_of(BASE, *rollout, "initiatives.it.run_cost=1k per month")
    assert improved_outcomes(base, paid) == []


def test_a_programme_that_gives_nothing_and_keeps_customers_is_unpriced(scenario_of):
    """A reward is what it costs; who responds to none, or responds by leaving, is no gift."""
    base, free = (
        scenario_of(BASE),
        {"responds": "20%", "churn_factor": "80%", "reward": "0 per month"},
    )
    for changed, told in (({}, ["loyalty.churn_factor"]), ({"reward": "1 per month"}, []),
                          ({"responds": 0}, []), ({"churn_factor": "105%"}, [])):  # fmt: skip
        assert improved_outcomes(base, scenario_of(BASE | {"loyalty": free | changed})) == told


@pytest.mark.parametrize("price", [{}, {"invest": "100k", "run_cost": "5k per month"}])
def test_an_initiative_makes_no_contacts_vanish(scenario_of, price):
    """Whatever it costs: nobody serves those who no longer call. More of them are no gift."""
    base = scenario_of(BASE)
    for volume, told in (("1500 per week", ["contacts.service.volume: contacts vanish"]),
                         ("2500 per week", [])):  # fmt: skip
        what = {"contacts": {"service": {"volume": {"per_week": volume}}}}
        bot = {"bot": {"from_week": 2, "set": what, **price}}
        assert improved_outcomes(base, scenario_of({**BASE, "initiatives": bot})) == told

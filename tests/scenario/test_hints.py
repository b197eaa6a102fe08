"""What is said of a scenario: seats that do not follow, slips of the keyboard, what is no lever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.core.errors import ComparisonError, ScenarioError
from sim.experiments.comparison import check_pairable
from sim.language.node import dotted
from sim.plan.seats import compile_levels
from sim.scenario.levers import levers_of
from sim.scenario.load import load
from sim.scenario.planned_seats import unmoved_seats
from sim.scenario.plausible import implausible
from sim.scenario.unpriced import improved_outcomes
from sim.scenario.values import values_of
from tests.cli.terminal import ccprofit

FIELD = Path(__file__).parents[1] / "field"
SCENARIOS = Path(__file__).parents[2] / "scenarios"
BASE = {
    "name": "base",
    "horizon": {"weeks": 4},
    "open": "Mon-Fri 08:00-18:00",
    "contacts": {"service": {"volume": "2000 per week", "handle": "300 s"}},
    "agents": {"line": {"positions": {"meet": "service_level"}}},
    "customers": {
        "standard": {"count": 9000, "margin": "12 per month"},
        "premium": {"count": 1000, "margin": "40 per month"},
    },
    "offers": {"broadband": {"offer": "never", "price": 120, "margin": "25%"}},
}


# --- fractions of a seat -------------------------------------------------------------------------


def test_a_fraction_of_a_seat_is_refused_with_both_its_neighbours():
    """The field's 13.4 seats; 14 are as ever."""
    load(FIELD / "base.yaml")
    with pytest.raises(ScenarioError) as refused:
        load(FIELD / "seats-of-13-4.yaml")
    (problem,) = refused.value.problems
    assert problem.remedy == "write 13 or 14; for part of the day a list or CSV by interval"
    for seats in ("13", "14"):
        load(FIELD / "base.yaml", [f"agents.agents.positions={seats}"])


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [(0.5, "Write 0 or 1;"), ({"seats": 2.25}, "Write 2 or 3;"), (99.999, "Write 99 or 100;")],
)
def test_every_form_of_a_fraction_of_a_seat_is_refused(scenario_of, typed, remedy):
    with pytest.raises(ScenarioError, match=remedy):
        scenario_of({**BASE, "agents": {"line": {"positions": typed}}})


def test_seats_may_be_fractions_of_others(scenario_of):
    """A scale is rounded, as it says."""
    scaled = scenario_of({**BASE, "agents": {"line": {"positions": {"seats": 14, "scale": 0.95}}}})
    assert compile_levels(scaled).level.max() == 13


# --- seats that do not follow --------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "contacts.service.service_level.target=90%",
        "contacts.service.service_level.within=10 s",
        "contacts.service.volume=3000 per week",
        "contacts.service.volume.profile=flat",
        "contacts.service.volume.busyness=none",
        "contacts.service.handle=400 s",
        "contacts.service.patience=100 s",
        "contacts.service.resolution.first_contact=80%",
        "contacts.service.redial=none",
        "contacts.service.open=Mon-Fri 08:00-20:00",
        "open=Mon-Fri 08:00-20:00",
        "forecast_error=none",
    ],
)
def test_what_a_plan_reads_but_does_not_follow_is_said_with_a_remedy_that_works(
    scenario_of, change
):
    """One line; it names the change, and with what it asks for there is nothing left to say."""
    (said,) = unmoved_seats(scenario_of(BASE, change))
    path = change.partition("=")[0]
    assert said.startswith("the seats of line stay as base planned them: they do not follow ")
    assert path.split(".")[-1] in said
    assert "agents.line.positions.replan: true" in said
    assert unmoved_seats(scenario_of(BASE, change, "agents.line.positions.replan=true")) == []


@pytest.mark.parametrize(
    "change",
    [
        "agents.line.wage=20 per hour",
        "agents.line.positions.scale=90%",
        "offers.broadband.offer=always",
        "contacts.service.volume.trend=5% per year",
        "seed=3",
        "agents.line.positions=9",
    ],
)
def test_what_no_plan_reads_needs_no_word(scenario_of, change):
    assert unmoved_seats(scenario_of(BASE, change)) == []


def test_typed_seats_and_today_itself_are_quiet(scenario_of):
    typed = {**BASE, "agents": {"line": {"positions": 12}}}
    assert unmoved_seats(scenario_of(typed, "contacts.service.service_level.target=90%")) == []
    assert unmoved_seats(scenario_of(BASE)) == []


def test_the_only_group_is_named_as_it_was_typed(scenario_of):
    """`agents: {positions: …}` has no name to type."""
    alone = {**BASE, "agents": {"positions": {"meet": "service_level"}}}
    change = "contacts.service.volume=3000 per week"
    (said,) = unmoved_seats(scenario_of(alone, change))
    assert "; agents.positions.replan: true" in said
    assert unmoved_seats(scenario_of(alone, change, "agents.positions.replan=true")) == []


def test_shipped_scenarios_are_quiet():
    """None of them types what it does not get, nor an amount that is a slip."""
    for file in sorted(SCENARIOS.rglob("*.yaml")):
        scenario = load(file)
        assert unmoved_seats(scenario) == []
        assert implausible(scenario) == []


def test_validate_warns_of_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text(json.dumps(BASE), encoding="utf-8")
    assert ccprofit("validate", "base.yaml", "--set", "contacts.service.volume=3000 per week") == 0
    (warning,) = [w for w in capsys.readouterr().out.splitlines() if "do not follow" in w]
    assert warning.startswith("  warning: the seats of line stay as base planned them")


# --- levers --------------------------------------------------------------------------------------


def levers(scenario) -> set[str]:
    return {dotted(value.path) for value in levers_of(scenario)}


def test_a_lever_is_listed_only_where_it_moves_something(scenario_of):
    """A target plans seats, or nothing reads it; so with the price of what nobody offers."""
    planned = levers(scenario_of(BASE))
    typed = levers(scenario_of({**BASE, "agents": {"line": {"positions": 12}}}))
    target, within = (f"contacts.service.service_level.{key}" for key in ("target", "within"))
    assert {target, within} <= planned
    assert target not in typed
    assert within in typed
    assert {p for p in planned if p.startswith("offers.")} == {"offers.broadband.policy.offer"}
    assert "agents.line.positions.replan" not in planned
    assert "agents.line.heads" not in planned
    assert "contacts.service.routes" not in planned


def test_what_is_offered_has_the_levers_of_its_policy(scenario_of):
    offered = levers(
        scenario_of(
            BASE, "offers.broadband.offer=while-waiting", "offers.broadband.policy.at_most=0"
        )
    )
    assert {"offers.broadband.commission", "offers.broadband.policy.at_most"} <= offered
    assert "offers.broadband.policy.threshold" not in offered
    assert "offers.broadband.tenure_from" not in offered


def test_levers_are_decisions(scenario_of):
    scenario = scenario_of(BASE)
    decided = {dotted(v.path) for v in values_of(scenario) if v.is_lever}
    assert levers(scenario) < decided


# --- slips of the keyboard -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("agents.line.wage=1580 per hour", "agents.line.wage: 1580 per hour is unusual: 5 per hour to 80 per hour (proposal of this project: 18;"),
        ("agents.line.shrinkage=3%", "agents.line.shrinkage: 3% is unusual: 10% to 50% (turnella.com, Reynolds: 20"),
        ("contacts.service.handle=6.67 s", "contacts.service.handle: 6.67 s is unusual"),
        ("contacts.service.patience=5 h", "contacts.service.patience.mean: 5 h is unusual"),
        ("costs.licence=12000 per month", "costs.licence: 12000 per month is unusual"),
        ("finance.discount_rate=0.1% per year", "finance.discount_rate: 0.1% per year is unusual"),
        ("offers.broadband.commission=45%", "offers.broadband.commission: 45% is unusual: 0% to 30% (proposal of this project)"),
        ("offers.broadband.margin=150", "offers.broadband.margin: 150 is unusual: above the price of 120"),
    ],
)  # fmt: skip
def test_an_amount_far_from_what_is_usual_is_warned_of(scenario_of, change, said):
    """It names path, value, range and evidence; a scenario without it is quiet."""
    assert implausible(scenario_of(BASE)) == []
    (warning,) = implausible(scenario_of(BASE, change))
    assert warning.startswith(said)


def test_a_point_for_thousands_is_seen_by_what_customers_would_do(scenario_of):
    """640.000 customers are 640, who would call each day of the year."""
    customers = {"count": 640.000, "margin": "12 per month"}
    (warning,) = implausible(
        scenario_of(
            {
                **BASE,
                "customers": customers,
                "contacts": {"service": {"volume": "20000 per week", "handle": "300 s"}},
            }
        )
    )
    assert warning == (
        "customers.count: 640 is unusual: a customer would make 1,625 contacts a year;"
        " 0.02 to 200 (proposal of this project)"
    )


def test_a_margin_a_month_above_the_price_a_month_is_warned_of(scenario_of):
    def told(price: str) -> list[str]:
        margin = {"per_month": 20, "price": price}
        offer = {"offer": "always", "price": 5, "margin": margin}
        return implausible(scenario_of({**BASE, "offers": {"plan": offer}}))

    assert told("25 per month") == []
    assert told("15 per month") == [
        "offers.plan.margin: 20 a month is unusual: above the price of 15"
    ]


@pytest.mark.parametrize(
    "change", ["agents.line.turnover=0% per year", "costs.licence=0 per month"]
)
def test_nothing_at_all_is_no_slip(scenario_of, change):
    assert implausible(scenario_of(BASE, change)) == []


def test_money_of_other_worth_has_other_ranges(scenario_of):
    """1,580 yen an hour is a wage; a handling time of 6.67 s is odd in any currency."""
    yen = {**BASE, "currency": "JPY"}
    assert implausible(scenario_of(yen, "agents.line.wage=1580 per hour")) == []
    assert len(implausible(scenario_of(yen, "contacts.service.handle=6.67 s"))) == 1


# --- contacts that vanish ------------------------------------------------------------------------


def test_contacts_that_vanish_are_named_like_an_unpriced_improvement(scenario_of):
    """Fewer in all, unless somebody serves them as another type, or an initiative pays for it."""
    base = scenario_of(BASE)
    fewer = scenario_of(BASE, "contacts.service.volume=1800 per week")
    assert improved_outcomes(base, fewer) == ["contacts.service.volume: contacts vanish"]
    more = scenario_of(BASE, "contacts.service.volume=2200 per week")
    assert improved_outcomes(base, more) == []
    chat = {"chat": {"volume": "200 per week", "handle": "200 s"}}
    service = {**BASE["contacts"]["service"], "volume": "1800 per week"}
    moved = scenario_of({**BASE, "contacts": {"service": service, **chat}})
    assert improved_outcomes(base, moved) == []


# --- horizons that differ ------------------------------------------------------------------------


def test_horizons_that_differ_are_told_in_weeks_with_a_remedy(scenario_of):
    """A remedy that is accepted, and lets the two be compared."""
    one = scenario_of(BASE)
    two = scenario_of({**BASE, "name": "other", "horizon": {"weeks": 8}})
    with pytest.raises(ComparisonError) as refused:
        check_pairable(one.spec, two.spec)
    assert str(refused.value) == (
        "base and other cannot be compared: they differ in horizon (4 weeks and 8 weeks)."
        " Write horizon.weeks: 4 in other too."
    )
    again = scenario_of({**BASE, "name": "other", "horizon": {"weeks": 8}}, "horizon.weeks=4")
    check_pairable(one.spec, again.spec)


def test_one_with_and_one_without_a_warm_up_are_not_compared(scenario_of):
    """What customers are sold in a warm-up is not booked, so there is less left to sell."""
    one = scenario_of(BASE)
    two = scenario_of({**BASE, "name": "other", "horizon": {"weeks": 4, "warm_up": "2 wk"}})
    with pytest.raises(ComparisonError, match="they differ in warm_up"):
        check_pairable(one.spec, two.spec)

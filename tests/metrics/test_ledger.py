"""Money: the lines add up, people are paid for their hours, the worked examples of the field."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.core.clock import MS_PER_HOUR
from sim.metrics.ledger import book
from sim.plan.seats import compile_levels, paid_hours_per_week
from sim.report.figures.of_comparison import GROUPS
from sim.runs.run import Run
from sim.scenario.scenario import Scenario

SMALL = {
    "name": "small",
    "horizon": {"weeks": 2},
    "replications": 2,
    "open": "Mon-Fri 08:00-20:00",
    "customers": {
        "standard": {"count": 9000, "margin": "12 per month"},
        "premium": {"count": 1000, "margin": "48 per month", "churn": "9% per year"},
    },
    "contacts": {"service": {"volume": "2000 per week", "handle": "348 s"}},
    "agents": {"line": {"positions": {"meet": "service_level"}, "wage": "20 per hour"}},
    "offers": {
        "broadband": {"price": 120, "margin": "25%", "offer": "always", "held": "20%"},
    },
}

QUIET = {"service": {"volume": {"per_week": 20, "counts": "first"}, "handle": "348 s"}}


@pytest.fixture
def run(scenario_of):
    """Two replications of a small center that sells."""
    return sim.run(scenario_of(SMALL), workers=1)


def test_lines_add_up_to_contribution(run):
    """Every line but what is kept and the memo lines is in contribution, once."""
    outside = ("memo:", "kept:")
    added = sum(a for name, a in run.ledger.lines.items() if not name.startswith(outside))
    np.testing.assert_allclose(run.ledger.contribution, added, rtol=1e-12)


def test_labour_is_paid_hours_times_wage(run):
    """Talk, hold, offers, wrap-up, idle and shrinkage are the wage of all paid hours."""
    parts = ("talk", "hold", "offers", "wrap_up", "idle", "shrinkage")
    labour = sum(run.ledger.lines[f"cost:labour:{part}"] for part in parts)
    np.testing.assert_allclose(-labour, 20 * run.ledger.paid_hours, rtol=1e-9)
    scheduled = paid_hours_per_week(run.scenario, compile_levels(run.scenario)).sum()
    overtime = run.tally.time["overtime_ms"].sum(axis=2) / MS_PER_HOUR
    np.testing.assert_allclose(run.ledger.paid_hours, scheduled + overtime, rtol=1e-9)


def test_margin_by_independent_arithmetic(run):
    """M_net = κ·M(1 − g) − commission·M(1 − g), with the sales and returns that happened."""
    sold, returned = (run.tally.sales[what].sum() for what in ("accepted", "returned"))
    kept = sold - returned
    margin = run.samples["margin"].numerators.sum()
    commission = run.ledger.total("cost:commission:").sum()
    assert sold > 50
    assert returned > 0
    assert margin == pytest.approx(30 * kept * 0.8)
    assert commission == pytest.approx(-0.1 * 30 * kept)


def test_worked_cost_per_contact():
    """A paid hour costs 28.092 and 2.652 of those who lead, check and plan; logged 40.132.

    So a contact of 360 s at occupancy .80 costs 5.60, of which 340 s are on the line.
    """
    from sim.domain.study.costs import CostsSpec

    costs = CostsSpec()
    paid_hour = 18 * (1 + costs.on_cost) + costs.overhead + costs.licence * 12 / 2080
    assert paid_hour == pytest.approx(28.092, abs=1e-3)
    assert paid_hour / (1 - 0.30) == pytest.approx(40.132, abs=1e-3)
    assert costs.supervision
    assert costs.quality_and_planning
    supervision = 18 * 1.3 * costs.supervision.wage / costs.supervision.span
    quality = 18 * 1.3 * costs.quality_and_planning.wage / costs.quality_and_planning.span
    assert supervision + quality == pytest.approx(2.184 + 0.468)
    labour = (paid_hour + supervision + quality) / 0.7 / 0.8 * 360 / 3600
    assert labour + costs.telecom * (300 + 40) / 60 == pytest.approx(5.6034, abs=1e-4)


def test_lifetime_value():
    """12.50 a month, 15 % churn a year, 10 % discount is worth 588.1."""
    from sim.domain.customers.customers import lifetime_value

    assert lifetime_value(12.5, 0.15, 0.10) == pytest.approx(588.1, abs=0.05)


def test_never_offering_has_no_revenue(scenario_of):
    """Without offers revenue and margin are 0 and cost to revenue is not a number."""
    scenario = scenario_of(SMALL, "offers.broadband.policy.offer=never")
    samples = sim.run(scenario, workers=1).samples
    assert samples["revenue"].numerators.tolist() == [0, 0]
    assert samples["margin"].numerators.tolist() == [0, 0]


def test_fixed_overhead_does_not_fall_with_heads(scenario_of):
    """A tenth fewer seats save a tenth of the hours, but not the fixed share of overhead."""
    base = sim.run(scenario_of(SMALL), workers=1)
    cut = sim.run(scenario_of(SMALL, "agents.line.positions*=0.9"), workers=1)
    for name in ("overhead", "licences"):
        fixed, by_hours = f"cost:{name}:fixed", f"cost:{name}:by_hours"
        np.testing.assert_array_equal(base.ledger.lines[fixed], cut.ledger.lines[fixed])
        assert (-cut.ledger.lines[by_hours] < -base.ledger.lines[by_hours]).all()


def test_who_is_cut_is_paid_off_once_a_year_at_most(scenario_of):
    """Two weeks of 52 carry 2/52 of four weeks' loaded wage of each head cut; growing costs none."""
    base = sim.run(scenario_of(SMALL), workers=1)
    cut = sim.run(scenario_of(SMALL, "agents.line.positions*=0.8"), workers=1)
    grown = sim.run(scenario_of(SMALL, "agents.line.positions*=1.2"), workers=1)
    hours = [paid_hours_per_week(r.scenario, compile_levels(r.scenario)).sum() for r in (base, cut)]
    heads = (hours[0] - hours[1]) / 40
    due = 4 * 40 * heads * 20 * 1.3
    paid = -cut.ledger.total("cost:severance").sum(axis=1)
    assert paid == pytest.approx(due * 2 / 52)
    assert not base.ledger.total("cost:severance").any()
    assert not grown.ledger.total("cost:severance").any()


def test_who_is_cut_is_paid_off_at_her_own_wage(scenario_of):
    """Not at the mean of those who stay; and who only changes her group is not cut."""
    two = SMALL | {
        "agents": {
            "cheap": {"positions": 6, "wage": "10 per hour", "shrinkage": "0%"},
            "dear": {"positions": 4, "wage": "50 per hour", "shrinkage": "0%"},
        }
    }
    a_seat = 4 * 40 * 1.3 * 2 / 52 / 40  # a week's hour of one seat, written off in two weeks
    hours = paid_hours_per_week(scenario_of(two), compile_levels(scenario_of(two)))[0] / 6

    def severance(*sets: str) -> float:
        ledger = sim.run(scenario_of(two, *sets), replications=1, workers=1).ledger
        return -float(ledger.total("cost:severance").sum())

    assert severance("agents.cheap.positions=3") == pytest.approx(3 * hours * a_seat * 10)
    assert severance("agents.dear.positions=2") == pytest.approx(2 * hours * a_seat * 50)
    assert severance("agents.cheap.positions=8", "agents.dear.positions=2") == 0
    both = severance("agents.cheap.positions=5", "agents.dear.positions=2")
    assert both == pytest.approx(3 * hours * a_seat * (10 + 2 * 50) / 3)


TWO_WAGES = SMALL | {
    "agents": {
        "cheap": {"positions": 6, "wage": "10 per hour", "shrinkage": "0%"},
        "dear": {"positions": 4, "wage": "50 per hour", "shrinkage": "20%"},
    }
}


def test_those_who_lead_check_and_plan_are_paid_in_proportion(scenario_of):
    """1.4 loaded wages for 15 heads and 1 for 50; at the wage of those they stand beside."""
    run = sim.run(scenario_of(TWO_WAGES), workers=1)
    overtime = run.tally.time["overtime_ms"] / MS_PER_HOUR
    hours = paid_hours_per_week(run.scenario, compile_levels(run.scenario)) + overtime
    loaded = 1.3 * (hours @ [10, 50])
    lines = run.ledger.lines
    assert loaded.shape == (2, 2)
    np.testing.assert_allclose(-lines["cost:supervision"], loaded * 1.4 / 15, rtol=1e-9)
    np.testing.assert_allclose(-lines["cost:quality_and_planning"], loaded / 50, rtol=1e-9)
    without = book(
        scenario_of(
            TWO_WAGES, "costs.supervision=none", "costs.quality_and_planning={span: 25, wage: 80%}"
        ),
        run.anchors,
        run.tally,
    )
    assert not without.lines["cost:supervision"].any()
    np.testing.assert_allclose(-without.lines["cost:quality_and_planning"], loaded * 0.032)


def test_fewer_seats_need_fewer_who_lead_them(scenario_of):
    """In proportion, without steps; those who lead are not paid off."""
    base = sim.run(scenario_of(TWO_WAGES), workers=1, replications=1)
    cut = sim.run(scenario_of(TWO_WAGES, "agents.*.positions*=0.5"), workers=1, replications=1)
    scheduled = [paid_hours_per_week(r.scenario, compile_levels(r.scenario)) for r in (base, cut)]
    np.testing.assert_allclose(scheduled[1], scheduled[0] / 2)
    for run in (base, cut):
        per_wage = run.ledger.lines["cost:supervision"] / _loaded_wages(run)
        np.testing.assert_allclose(per_wage, 1.4 / 15, rtol=1e-9)
    unled = scenario_of(TWO_WAGES, "agents.*.positions*=0.5", "costs.supervision=none")
    np.testing.assert_array_equal(
        book(unled, cut.anchors, cut.tally).total("cost:severance"),
        cut.ledger.total("cost:severance"),
    )
    assert cut.ledger.total("cost:severance").any()


def _loaded_wages(run: Run) -> np.ndarray:
    """[replication, week] wages of all paid hours with charges, as negative amounts."""
    parts = ("talk", "hold", "offers", "wrap_up", "idle", "shrinkage")
    return 1.3 * sum(run.ledger.lines[f"cost:labour:{part}"] for part in parts)


def test_a_line_costs_while_it_is_open(run):
    """While customers wait, talk, hold, hear offers and order; not while agents wrap up."""
    talk, hold, offers, wrap_up = (
        run.tally.time[part].sum(axis=2)
        for part in ("talk_ms", "hold_ms", "offer_ms", "wrap_up_ms")
    )
    wait = run.tally.contacts["wait_ms"].sum(axis=2)
    assert (wrap_up > 0).all()
    assert (offers > 0).all()
    minutes = (wait + talk + hold + offers) / 60_000
    np.testing.assert_allclose(-run.ledger.lines["cost:telecom"], 0.02 * minutes, rtol=1e-12)


def test_nobody_is_trained_for_what_she_never_offers(scenario_of):
    """Only those who serve the contacts in which it is offered."""
    two = SMALL | {
        "contacts": SMALL["contacts"] | {"billing": {"volume": "100 per week", "handle": "300 s"}},
        "agents": {
            "line": {"positions": 12, "wage": "20 per hour", "serves": ["service"]},
            "desk": {"positions": 3, "wage": "20 per hour", "serves": ["billing"]},
        },
    }

    def training(*sets: str) -> float:
        ledger = sim.run(scenario_of(two, *sets), replications=1, workers=1).ledger
        return -float(ledger.total("cost:preparation").sum())

    everybody = training()
    assert training("offers.broadband.during=[service]") == pytest.approx(everybody * 12 / 15)
    assert training("offers.broadband.during=[billing]") == pytest.approx(everybody * 3 / 15)
    assert training("offers.broadband.during=[service, billing]") == pytest.approx(everybody)


def test_a_bridge_shows_every_line_once(run):
    """So that its steps add up to the difference in contribution."""
    for name in run.ledger.lines:
        groups = [label for label, accounts in GROUPS.items() if name.startswith(accounts)]
        assert len(groups) == (not name.startswith("memo:")), name


def pays(scenario: Scenario) -> float:
    """Paid hours in a week by the plan."""
    return float(paid_hours_per_week(scenario, compile_levels(scenario)).sum())


def test_heads_are_paid_for_at_least_the_hours_they_work(scenario_of):
    """Three heads who fill a seat round the clock work more than 40 hours each, and are paid."""
    volume = {"per_week": 2000, "profile": "flat"}
    round_the_clock = {
        **SMALL,
        "open": "Mon-Sun 00:00-24:00",
        "contacts": {"service": {"volume": volume, "handle": "100 s"}},
    }
    few = scenario_of({**round_the_clock, "agents": {"line": {"heads": 3, "shrinkage": "25%"}}})
    seat_hours = compile_levels(few).level.sum() / 4
    assert seat_hours >= 168
    assert pays(few) == pytest.approx(seat_hours / 0.75)
    assert pays(few) > 3 * 40
    run = sim.run(few, workers=1)
    paid, overtime = run.ledger.paid_hours, run.tally.time["overtime_ms"].sum(axis=2) / MS_PER_HOUR
    np.testing.assert_allclose(paid, seat_hours / 0.75 + overtime, rtol=1e-9)
    many = scenario_of({**round_the_clock, "agents": {"line": {"heads": 30}}})
    assert pays(many) == pytest.approx(30 * 40, rel=0.01)
    assert pays(many) >= 30 * 40


def test_a_part_of_a_year_carries_its_part_of_preparing_to_sell(scenario_of):
    """Preparing to sell is written off over 52 weeks: four weeks carry 4/52, two years all of it.

    Whoever replaces a leaver is prepared in her week: 35 % of the heads in a year.
    """

    def preparation(horizon: dict, *sets: str) -> np.ndarray:
        few = {"count": 500}  # of many service could not cause a quarter of the churn
        quiet = {**SMALL, "customers": few, "contacts": QUIET, "horizon": horizon}
        scenario = scenario_of(quiet, *sets)
        return sim.run(scenario, workers=1, replications=1).ledger.lines["cost:preparation"][0]

    hours = pays(scenario_of({**SMALL, "contacts": QUIET}))
    everybody = hours / 40 * 8 * 20 * 1.3  # heads × hours × wage × on-cost
    joiners = everybody * 0.35 / 52
    assert preparation({"weeks": 4}).sum() == pytest.approx(-everybody * 4 / 52 - 4 * joiners)
    stays = "agents.line.turnover=0% per year"
    assert preparation({"days": 1}, stays).sum() == pytest.approx(-everybody / 364)
    two_years = preparation({"weeks": 104})
    assert two_years.sum() == pytest.approx(-everybody * 1.7)
    assert two_years[52:] == pytest.approx(-joiners)
    assert not preparation({"weeks": 1}, "offers.broadband.policy.offer=never").any()

"""Each week is booked at the terms of that week: what an initiative makes of wages and prices."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.core.clock import MS_PER_HOUR
from sim.experiments.turning_points import booked
from sim.experiments.weak_numbers import WEAK_NUMBERS
from tests.metrics.test_ledger import SMALL

WEEKS, FROM = 4, 3
BOTH, BEFORE, AFTER = slice(None), slice(0, FROM - 1), slice(FROM - 1, None)
BASE = {
    **SMALL,
    "name": "base",
    "horizon": {"weeks": WEEKS},
    "contacts": {"service": {"volume": "400 per week", "handle": "300 s"}},
    "agents": {"line": {"positions": 3, "wage": "20 per hour"}},
}
TERMS = {
    "agents": {"line": {"wage": "23 per hour", "turnover": "50% per year"}},
    "offers": {"broadband": {"price": 150, "margin": "30%", "commission": "12%"}},
    "customers": {"premium": {"margin": "50 per month"}},
    "costs": {
        **{"on_cost": 0.25, "overtime": 1.5, "overhead": "5 per hour", "licence": "90 per month"},
        **{"fixed": "20%", "telecom": "0.03 per minute", "recruiting": 4000, "class_weeks": 3},
    },
}
ONCE = ("cost:preparation", "cost:severance", "cost:initiatives:it")


@pytest.fixture
def variant_of(scenario_of):
    """A variant of the base with what is given."""

    def make(**more):
        scenario_of(BASE, name="base.yaml")
        return scenario_of({"name": "variant", "based_on": "base.yaml", **more}, name="v.yaml")

    return make


def played(scenario, **how):
    return sim.run(scenario, workers=1, replications=1, **how)


def dated(what: dict, **more) -> dict:
    return {"initiatives": {"it": {"set": what, "from_week": FROM, **more}}}


def test_before_its_week_the_terms_are_the_old_ones_and_from_it_on_the_new(variant_of):
    """Line by line, to the bit, those of the two scenarios typed whole; no count moves."""
    old, new, both = (played(variant_of(**one)) for one in ({}, TERMS, dated(TERMS)))
    for one, other in zip(old.tally, both.tally, strict=True):
        np.testing.assert_array_equal(one, other)
    assert both.ledger.lines.keys() - {"cost:initiatives:it"} == old.ledger.lines.keys()
    for name in old.ledger.lines.keys() - set(ONCE):
        lines = [run.ledger.lines[name] for run in (old, new, both)]
        np.testing.assert_array_equal(lines[2][:, BEFORE], lines[0][:, BEFORE], err_msg=name)
        np.testing.assert_array_equal(lines[2][:, AFTER], lines[1][:, AFTER], err_msg=name)
    moved = [n for n, a in old.ledger.lines.items() if not np.array_equal(a, both.ledger.lines[n])]
    assert {n.split(":")[1] for n in moved} >= {"labour", "broadband", "commission", "telecom"}
    once = [run.ledger.once["cost:preparation"] for run in (old, both)]
    np.testing.assert_array_equal(*once)


def test_wages_and_sales_recounted_to_the_cent(variant_of):
    """20 an hour and 30 % charges before, 23 and 25 % after; sales at 120 and at 150, with 12 %."""
    run = played(variant_of(**dated(TERMS)))
    time = run.tally.time[0, :, 0]
    on_duty, overtime = time["scheduled_ms"], time["overtime_ms"]
    wage, charge, factor = (np.array([a, a, b, b]) for a, b in ((20, 23), (0.3, 0.25), (1.25, 1.5)))
    hours = on_duty / 0.7 / MS_PER_HOUR + factor * overtime / MS_PER_HOUR
    np.testing.assert_allclose(
        -run.ledger.total("cost:labour:")[0], wage * (1 + charge) * hours, atol=0.005, rtol=0
    )
    sold = run.tally.sales["accepted"][0, :, 0].sum(axis=1)
    assert sold.all()
    np.testing.assert_allclose(
        run.ledger.lines["margin:broadband:sold"][0],
        sold * np.array([30, 30, 45, 45]),
        atol=0.005,
        rtol=0,
    )


def test_what_is_paid_by_month_is_paid_at_the_terms_of_the_month(variant_of):
    """Also for what was sold before."""
    monthly = {"offers": {"broadband": {"margin": {"per_month": 6}}}}
    dearer = {"offers": {"broadband": {"margin": {"per_month": 9}}}}
    old, both = (played(variant_of(**{**monthly, **more})) for more in ({}, dated(dearer)))
    line = "margin:broadband:recurring"
    factor = both.ledger.lines[line][0] / old.ledger.lines[line][0]
    assert factor.tolist() == pytest.approx([1, 1, 1.5, 1.5])
    sold = [run.samples["sold_value_at_end"].numerators[0] for run in (old, both)]
    assert sold[1] == pytest.approx(1.5 * sold[0])


def test_a_wage_and_a_margin_move_with_a_ramp(variant_of):
    """From 20 to 23 in three weeks, and from 25 to 31 % of 120."""
    what = {
        "agents": {"line": {"wage": "23 per hour"}},
        "offers": {"broadband": {"margin": "31%"}},
    }
    scenario = variant_of(**dated(what, ramp="3 wk") | {"horizon": {"weeks": 5}})
    in_weeks = [scenario.in_week(week).spec for week in range(5)]
    assert [one.agents["line"].wage for one in in_weeks] == [20, 20, 21, 22, 23]
    margins = [one.offers["broadband"].margin_per_sale for one in in_weeks]
    assert margins == pytest.approx([30, 30, 32.4, 34.8, 37.2])


def test_a_belief_scales_the_terms_of_every_week(variant_of):
    """Half the margin is half of it before and after."""
    (margin,) = (one for one in WEAK_NUMBERS if one.name == "margin of a sale")
    run = played(variant_of(**dated(TERMS)))
    half = booked(margin.times(run.scenario, 0.5), run)
    line = "margin:broadband:sold"
    np.testing.assert_allclose(half.ledger.lines[line], 0.5 * run.ledger.lines[line])


DRIFT = {"wage_drift": "10% per year", "price_drift": "5% per year"}
TWO_YEARS = {"horizon": {"weeks": 106}, "forecast_error": "none"}


def test_wages_and_prices_drift_from_the_53rd_week_on(variant_of):
    """Line by line the years typed whole at what the steps make of them; the third is compounded."""
    quiet = {"contacts": {"service": {"volume": "20 per week"}}, **TWO_YEARS}
    run_cost = {"set": {"contacts": {"service": {"patience": "5 min"}}}, "run_cost": 1000}

    def world(wage, price, **more):
        return variant_of(
            agents={"line": {"wage": f"{wage} per hour"}},
            offers={"broadband": {"price": price}},
            customers={
                "standard": {"margin": f"{price / 10} per month"},
                "premium": {"margin": f"{price / 2} per month"},
            },
            costs={
                **{"overhead": f"{price / 25} per hour", "licence": f"{price} per month"},
                **{"telecom": f"{price / 4000} per minute", "recruiting": 30 * price},
            },
            initiatives={"it": run_cost | {"run_cost": f"{10 * price} per month"}},
            **quiet,
            **more,
        )

    both = played(world(20, 100, finance=DRIFT))
    for weeks, times in ((slice(0, 52), 0), (slice(52, 104), 1), (slice(104, None), 2)):
        typed = played(world(20 * 1.1**times, 100 * 1.05**times))
        for name in both.ledger.lines.keys() - set(ONCE[:2]):
            found, expected = (run.ledger.lines[name][:, weeks] for run in (both, typed))
            np.testing.assert_allclose(found, expected, atol=1e-6, rtol=1e-12, err_msg=name)
    assert [both.scenario.in_week(w).spec.agents["line"].wage for w in (-1, 51, 52)] == [
        20, 20, pytest.approx(22)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "margin"), [("25%", 33), (30, 31.5), ("30", 31.5), ({"per_month": 4}, 4.2)]
)
def test_a_margin_drifts_once_however_it_is_typed(variant_of, typed, margin):
    """A share of the price goes with the price, which is 125.71 here, then 132."""
    offers = {"broadband": {"price": 132 / 1.05, "margin": typed}}
    scenario = variant_of(offers=offers, finance={"price_drift": "5% per year"}, **TWO_YEARS)
    offer = scenario.in_week(60).spec.offers["broadband"]
    found = offer.recurring.per_month if offer.recurring else offer.margin_per_sale
    assert found == pytest.approx(margin)


def test_none_drifts_nowhere(variant_of):
    """The same scenario in all years."""
    scenario = variant_of(finance={"wage_drift": "none"}, **TWO_YEARS)
    assert scenario.in_its_weeks == [scenario]

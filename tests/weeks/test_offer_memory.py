"""What customers remember of offers, and what of it is booked."""

from __future__ import annotations

import math

import numpy as np

import sim
from sim.experiments.turning_points import metrics_of
from tests.engine.by_hand import ONE
from tests.engine.worlds import call, constant, listed, loaded, play_cut, product, world

ALONE = {"all": {"count": 1, "churn": "none"}}
FOR_EVER = {"per_month": 4, "churn": "0% per year"}
QUIET = {key: "none" for key in ("hold", "wrap_up", "redial", "resolution", "patience")}


def center(**more):
    """Six weeks in which 300 customers call often and leave fast."""
    volume = {"per_week": 400, "counts": "first", "busyness": "none"}
    return {
        "name": "faults",
        "horizon": {"weeks": 6},
        "customers": {"count": 300, "churn": {"rate": "95% per year", "due_to_service": 0}},
        "contacts": {"a": {"volume": volume, "talk": "3 min"} | QUIET},
        "agents": {"g": {"positions": 9}},
        "offers": {"p": product(margin=FOR_EVER, price=10, returns=0)},
    } | more


def test_who_bought_in_the_warm_up_does_not_end_a_sale_of_the_horizon(scenario_of):
    """Nothing of a warm-up is booked; so its buyers who leave take no booked margin along."""
    what = center(horizon={"weeks": 6, "warm_up": "7 d"})
    run = sim.run(scenario_of(what), workers=1, replications=1)
    sold, ended = run.tally.sales["accepted"][0, :, 0, 0], run.tally.ended["bought"][0, :, 0, 0]
    assert ended.sum() <= 0.4 * sold.sum()  # of 79 sold at most a few leave; 80 are counted


def test_nobody_is_downgraded_twice(scenario_of):
    """She changes to a cheaper plan once, however often she declines."""
    up = product(
        kind="upsell", acceptance=0.0, cool_down="0 s",
        downgrade={"share": 1.0, "loss": "5 per month"},
    )  # fmt: skip
    run = sim.run(scenario_of(center(offers={"p": up})), workers=1, replications=1)
    worst = 300 * 5 * 12 / 52
    assert (-run.ledger.lines["margin:p:downgraded"] <= worst).all()


def test_an_endless_worth_is_offered(scenario_of):
    """Nobody leaves and nothing is discounted: worth for ever is infinite, and `always` offers.

    The values at the end are no numbers then, and no warning is given of it.
    """
    what = center(finance={"discount_rate": "0% per year"}, horizon={"weeks": 1})
    what["customers"] = {"count": 300, "churn": "none"}
    run = sim.run(scenario_of(what), workers=1, replications=2)
    assert run.tally.sales["offered"].sum() > 100
    samples = run.samples
    assert np.isnan(samples["economic_value"].numerators).all()
    assert np.isfinite(samples["contribution"].numerators).all()
    other = sim.run(scenario_of(what, "costs.licence=200 per month"), workers=1, replications=2)
    differences = sim.compare([run, other]).variants[0].differences
    assert math.isnan(differences["economic_value"].gap.value)
    assert differences["contribution"].gap.value < 0
    assert metrics_of(run) == ["result"]


def test_of_several_one_that_costs_for_ever_is_offered(scenario_of):
    """Whatever it is worth, `always` offers it; the other comes first where both suit."""
    what = center(finance={"discount_rate": "0% per year"}, horizon={"weeks": 1})
    what["customers"] = {"count": 300, "churn": "none"}
    stay = {"kind": "retention", "price": 0, "margin": {"per_month": -3}, "offer": "always"}
    what["offers"]["stay"] = stay | {"candidates": 0.5}
    run = sim.run(scenario_of(what), workers=1, replications=1)
    assert (run.tally.sales["offered"][0, :, :, 0].sum(axis=0) > 50).all()


def test_what_was_returned_is_no_ground_to_build_on(tmp_path):
    """She returned p, so she does not have what up needs."""
    offers = {
        "p": product(returns=1.0, talk=constant(1)),
        "up": product(kind="upsell", needs=["p"], talk=constant(1)),
    }
    calls = listed(call(0, 3), call(10, 3))
    what = world({"a": calls}, ONE, customers=ALONE, offers=offers)
    played = play_cut(loaded(tmp_path, what), "reference")
    assert 1 not in played.contacts["product"].tolist()


def test_a_shorter_contract_does_not_end_a_longer_one(tmp_path):
    """Bound for 52 weeks by p; q binds for one."""
    offers = {
        "p": product(margin=50, contract={"term": "52 wk", "churn": 0.1}),
        "q": product(margin=10, contract={"term": "1 wk", "churn": 0.9}),
    }
    calls = listed(call(0, 3), call(10, 3))
    what = world({"a": calls}, ONE, customers=ALONE, offers=offers)
    played = play_cut(loaded(tmp_path, what), "reference")
    assert played.people.rows.owns.tolist() == [0b11]
    assert played.people.rows.bound_until.tolist() == [52]

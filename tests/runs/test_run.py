"""Replications: the same tables on any number of workers, anchors that hit what was typed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.core.errors import ComparisonError
from sim.core.statistics import estimate
from sim.metrics import METRICS
from tests.metrics.test_ledger import SMALL


def same(one: sim.Run, two: sim.Run) -> bool:
    """Every array of the tallies is the same to the bit."""
    return all(np.array_equal(a, b) for a, b in zip(one.tally, two.tally, strict=True))


@pytest.mark.slow
def test_workers_do_not_matter(scenario_of):
    """One worker, two workers, and the reference engine in two processes give the same tally."""
    scenario = scenario_of(SMALL)
    alone = sim.run(scenario, workers=1)
    assert same(alone, sim.run(scenario, workers=2))
    assert same(alone, sim.run(scenario, workers=2, engine="reference"))


def test_what_a_run_measured_is_kept_with_it(scenario_of):
    """Measured once; a run that differs in anything measures anew, and this one stays as it is."""
    run = sim.run(scenario_of(SMALL), workers=1)
    assert run.samples is run.samples
    cost = run.samples["cost"].numerators
    twice = run.ledger._replace(lines={n: 2 * a for n, a in run.ledger.lines.items()})
    dearer = replace(run, ledger=twice)
    assert dearer.samples["cost"].numerators == pytest.approx(2 * cost)
    assert np.array_equal(run.samples["cost"].numerators, cost)


def test_seeds_matter(scenario_of):
    """Another seed is other luck."""
    scenario = scenario_of(SMALL)
    assert not same(sim.run(scenario, workers=1), sim.run(scenario, workers=1, seed=99))


def test_anchored_volume_shows_what_was_typed(scenario_of):
    """Contacts offered, redials and repeats included, are the typed volume within its error."""
    calm = {**SMALL, "forecast_error": 0, "horizon": {"weeks": 6, "warm_up": "7 d"}}
    calm["contacts"] = {
        "service": {"volume": {"per_week": 2000, "busyness": "none"}, "handle": "348 s"}
    }
    run = sim.run(scenario_of(calm), replications=10)
    offered = estimate(run.samples["offered"])
    assert offered.half_width < 0.02 * 12000
    assert abs(offered.value - 12000) < 0.02 * 12000


def test_anchored_churn_shows_rate_and_share(scenario_of):
    """Leavers a year are the typed rate, and a quarter of the hazard is due to service."""
    busy = {**SMALL, "horizon": {"weeks": 26}}
    busy["customers"] = {"count": 10000, "margin": "12 per month", "churn": "40% per year"}
    run = sim.run(scenario_of(busy), replications=10)
    samples = run.samples
    assert estimate(samples["churn"]).value == pytest.approx(0.40, abs=0.02)
    left = run.tally.customers["left"].sum()
    assert left > 5000
    assert run.tally.customers["left_for_service"].sum() / left == pytest.approx(0.25, abs=0.04)


def test_service_is_irrelevant_where_nothing_is_due_to_it(scenario_of):
    """due_to_service 0: two centers that differ in service keep the same customers to the bit."""
    content = {**SMALL, "customers": {"count": 9000, "churn": {"rate": "30% per year",
                                                              "due_to_service": 0}}}  # fmt: skip
    good = sim.run(scenario_of(content), workers=1)
    bad = sim.run(scenario_of(content, "agents.line.positions*=0.7"), workers=1)
    assert np.array_equal(good.tally.customers, bad.tally.customers)
    assert good.tally.contacts["answered"].sum() > bad.tally.contacts["answered"].sum()


def test_a_scenario_against_itself(scenario_of):
    """Difference exactly 0 with width 0, in every metric."""
    one = sim.run(scenario_of(SMALL))
    two = sim.run(scenario_of(SMALL, "name=twin"), workers=1)
    against = sim.compare([one, two]).variants[0]
    for name, difference in against.differences.items():
        if difference.gap.value == difference.gap.value:
            assert difference.gap.value == 0, name
            assert difference.gap.half_width == 0, name
    assert against.verdict.kind == "practically equal"


def test_runs_that_differ_are_not_compared(scenario_of):
    """Another horizon, currency or seed cannot be paired; the message names the difference."""
    base = sim.run(scenario_of(SMALL), workers=1)
    other = sim.run(scenario_of(SMALL, "horizon.weeks=1", "currency=PLN"), workers=1)
    with pytest.raises(ComparisonError, match=r"currency .*horizon"):
        sim.compare([base, other])


def test_better_outcomes_for_free_are_called_unpriced(scenario_of):
    """A shorter talk that nobody pays for is called unpriced, after the world that it is in."""
    base = sim.run(scenario_of(SMALL), workers=1)
    quick = sim.run(scenario_of(SMALL, "contacts.service.handle=300 s"), workers=1)
    sentence = sim.compare([base, quick]).variants[0].verdict.sentence
    assert sentence.startswith("another world: service handle 348 s → 300 s; unpriced: ")
    slow = sim.run(scenario_of(SMALL, "contacts.service.handle=400 s"), workers=1)
    assert "unpriced" not in sim.compare([base, slow]).variants[0].verdict.sentence


def test_ratios_name_their_denominators():
    """Each metric has a definition; a ratio says by what it is divided."""
    for metric in METRICS.values():
        assert metric.definition.endswith("."), metric.name
        assert (metric.estimator == "ratio") == ("÷" in metric.definition), metric.name

"""What each segment gets: the metrics of all are made of it, and the table says who gets less."""

from __future__ import annotations

import csv

import numpy as np
import pytest

import sim
from sim.experiments.comparison import compare
from sim.metrics.by_segment import BY_SEGMENT, by_segment
from sim.report.pages.broken_down import fairness_sheets
from sim.runs.folder import save_run
from tests.experiments.test_breakeven import TINY

HEAD_START = "contacts.service.head_start={premium: 90 s}"
FEWER = "agents.line.positions*=0.8"


@pytest.fixture
def runs(scenario_of):
    """A day with too few seats; and the same where premium customers go first."""
    plain, fast = scenario_of(TINY, FEWER), scenario_of(TINY, FEWER, HEAD_START)
    return [sim.run(plain, workers=1), sim.run(fast, workers=1)]


def pooled(run):
    """Metric → the sums of all segments."""
    samples = by_segment(run.scenario.segments, run.tally).values()
    return {
        name: [sum(np.asarray(s[name][i], float) for s in samples) for i in (0, 1)]
        for name in BY_SEGMENT
    }


def test_segments_add_up_to_the_metric(runs):
    """Numerators and denominators, replication by replication."""
    for run in runs:
        assert run.tally.segments["offered"].sum() > 1000
        assert run.tally.segments["open"].sum() >= 0
        metrics = run.samples
        for name, (numerators, denominators) in pooled(run).items():
            np.testing.assert_allclose(numerators, metrics[name].numerators, err_msg=name)
            np.testing.assert_array_equal(denominators, metrics[name].denominators, err_msg=name)


def test_who_gains_and_who_loses_from_a_head_start(runs):
    """Premium customers wait less, the others more; exactly nothing of a run against itself."""
    comparison = compare(runs)
    (sheet,) = fairness_sheets(comparison, None)
    assert sheet.columns[:2] == ("metric", "segment")
    rows = {(row[0], row[1]): row[3] for row in sheet.rows[:2]}
    assert rows["wait", "standard"].startswith("+")
    assert rows["", "premium"].startswith("−")
    (same,) = fairness_sheets(compare([runs[0], runs[0]]), None)
    assert {row[3].split("±")[0].strip(" ptms\N{NO-BREAK SPACE}") for row in same.rows} <= {
        "0",
        "0.00",
    }
    (alone,) = fairness_sheets(compare(runs[:1]), None)
    assert alone.columns[2:] == ("value", "± 95 %")


def test_a_segment_that_only_the_variant_has(runs, scenario_of):
    """There is nothing to subtract for what the other does not have."""
    fewer = {**TINY, "customers": {"standard": {"count": 10000, "margin": "12 per month"}}}
    other = sim.run(scenario_of(fewer), workers=1)
    (sheet,) = fairness_sheets(compare([runs[0], other]), None)
    assert {row[1]: row[3] for row in sheet.rows}["premium"] == "–"


def test_without_customers_there_is_everyone(scenario_of, tmp_path):
    """One row a metric, in the results folder too."""
    run = sim.run(scenario_of({**TINY, "customers": {}}), workers=1)
    folder = save_run(run, tmp_path / "results", "ccprofit run", 0.0)
    with (folder / "segments.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["segment"] for row in rows} == {"everyone"}
    assert len(rows) == len(BY_SEGMENT) * run.replications
    wait = [float(row["value"]) for row in rows if row["metric"] == "wait"]
    sample = run.samples["wait"]
    assert wait == pytest.approx((sample.numerators / sample.denominators).tolist())

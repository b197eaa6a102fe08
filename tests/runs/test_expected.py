"""Expected values: met, not met or not decidable; what cannot be expected is told with a remedy."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

import sim
from sim.core.errors import ScenarioError
from sim.core.statistics import estimate
from sim.metrics.check_metrics import check_metrics
from sim.runs.expected import expectations_met
from tests.cli.terminal import ccprofit
from tests.experiments.test_breakeven import TINY


def tiny(**checks):
    """One day of a small center that expects something."""
    return {**TINY, "checks": checks}


@pytest.mark.parametrize(
    ("checks", "place", "what", "remedy"),
    [
        ({"csta": "80% to 84%"}, "checks.csta", "'csta' is not a metric", "did you mean `csat`?"),
        ({"csat": "80 to 84"}, "checks.csat.between", "80 is no share, as csat is", "did you mean 80%?"),
        ({"csat": "1 k to 2 k"}, "checks.csat.between", "1 k is no share, as csat is", "write 82% or 0.82"),
        ({"asa": "20 to 30"}, "checks.asa.between", "20 is no time, as asa is", "write 20 s"),
        ({"asa": {"expected": "25%", "within": "1%"}}, "checks.asa.expected",
         "25% is no time, as asa is", "write 25 s"),
        ({"asa": {"expected": "25 s", "within": 5}}, "checks.asa.within", "5 is no time, as asa is", "write 5 s"),
        ({"nps": "10% to 20%"}, "checks.nps.between", "10% is a share, but nps is measured in points", "write 10"),
        ({"cost": "500k to 540k"}, "checks.cost.between",
         "500k has no time, but cost adds up over the horizon", "write 500k per month"),
        ({"cost": {"expected": "500k per month", "within": "5k per week"}}, "checks.cost.within",
         "5k per week is not in the unit of 500k per month", "write both per month"),
        ({"nps": "10 to 20 per month"}, "checks.nps.between",
         "10 per month is per time, but nps does not add up", "write 10"),
        ({"customers": "9k to 9k per week"}, "checks.customers.between",
         "9k per week is per time, but customers does not add up", "write 9k"),
        ({"offers": "10 min to 20 min"}, "checks.offers.between",
         "10 min is a time, but offers is measured in sales", "write 10 per month"),
    ],
)  # fmt: skip
def test_what_cannot_be_expected_is_told(scenario_of, checks, place, what, remedy):
    """Place, fault and remedy; beside a decision that cannot be made, all at once."""
    scenario = scenario_of({**tiny(**checks), "decide_on": "profit"})
    with pytest.raises(ScenarioError) as refused:
        check_metrics(scenario)
    told = {p.path: (p.what, p.remedy) for p in refused.value.problems}
    assert told["decide_on"][0] == "'profit' is not a metric"
    assert told[place] == (what, remedy)
    assert all(p.place.count(":") == 2 for p in refused.value.problems)


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("84% to 80%", "'84% to 80%' is empty"),
        ("80% or 84%", "'80% or 84%' is not a range"),
        ("25 s to 26 min", "the unit differs within '25 s to 26 min'"),
        ({"expected": "82%"}, "expected stands alone"),
        ({"within": "2%"}, "within stands alone"),
        ({}, "nothing is expected"),
        ({"between": "1 to 2", "expected": 1, "within": 1}, "both between and expected are given"),
        ({"expected": "82%", "within": "-2%"}, "'-2%' is negative"),
    ],
)
def test_what_is_no_range_is_told_on_loading(scenario_of, typed, what):
    """Whatever the metric."""
    with pytest.raises(ScenarioError) as refused:
        scenario_of(tiny(csat=typed))
    assert what in [problem.what for problem in refused.value.problems]


def test_met_not_met_and_not_decidable(scenario_of):
    """By the whole interval: inside, outside, across an end; sums in the time that was typed."""
    run = sim.run(scenario_of(TINY), workers=1)
    samples = run.samples
    csat, cost, wait = (estimate(samples[name]) for name in ("csat", "cost", "wait"))
    assert csat.half_width > 0
    monthly = cost.value * 7 * 52 / 12  # the horizon is a day
    expected = {
        "csat": (f"{csat.low - 0.01} to {csat.high + 0.01}", "met"),
        "csat_contact": ("0.1% to 0.2%", "not met"),
        "wait": (f"{wait.value} s to {wait.value + 999} s", "not decidable"),
        "cost": (f"{monthly * 0.9:.0f} to {monthly * 1.1:.0f} per month", "met"),
        "contribution": ({"expected": "1 per month", "within": "1 per month"}, "not met"),
    }
    same = sim.run(scenario_of(tiny(**{n: typed for n, (typed, _) in expected.items()})), workers=1)
    found = {one.metric: one for one in expectations_met(same)}
    assert {n: one.outcome for n, one in found.items()} == {n: o for n, (_, o) in expected.items()}
    assert found["cost"].found.value == pytest.approx(monthly)
    assert found["cost"].per == "month"
    for one, two in zip(run.tally, same.tally, strict=True):  # never an input
        assert np.array_equal(one, two)


def test_one_replication_decides_nothing(scenario_of):
    """There is no interval."""
    run = sim.run(scenario_of(tiny(csat="0% to 100%")), workers=1, replications=1)
    assert [one.outcome for one in expectations_met(run)] == ["not decidable"]


def test_run_tells(tmp_path, capsys, monkeypatch):
    """In the terminal and as JSON; an unknown metric is bad input before anything is played."""
    monkeypatch.chdir(tmp_path)
    with Path("tiny.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(tiny(csat="0% to 100%", asa={"expected": "900 s", "within": "1 s"}), file)
    assert ccprofit("run", "tiny.yaml") == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "checks expected simulated" in lines
    assert any(line.startswith("csat 0.0 % to 100 %") and line.endswith(" met") for line in lines)
    assert any(
        line.startswith("asa 899.0 s to 901.0 s") and line.endswith(" not met") for line in lines
    )
    assert ccprofit("run", "tiny.yaml", "--json") == 0
    found = json.loads(capsys.readouterr().out)["runs"][0]["checks"]
    assert [(one["metric"], one["outcome"]) for one in found] == [
        ("csat", "met"),
        ("asa", "not met"),
    ]
    assert found[1]["expected"] == [899.0, 901.0]
    assert ccprofit("run", "tiny.yaml", "--set", "checks.cats=80% to 84%") == 2
    assert "checks.cats" in capsys.readouterr().err

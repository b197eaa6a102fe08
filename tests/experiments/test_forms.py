"""Forms of the model: each moves a difference by what typing it would, and a verdict says so."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from ruamel.yaml import YAML

import sim
from sim.core.statistics import Estimate, difference
from sim.domain.customers.customers import lifetime_value
from sim.experiments.comparison import compare
from sim.experiments.few import Few
from sim.experiments.forms import GOES_ON, Seen, Shift, shifts_of
from sim.experiments.judging import Beside, judge_pair
from sim.experiments.lasting import _what_goes_on
from sim.experiments.verdict import WORDINGS, Figures, Other, Under, verdict
from tests.cli.terminal import ccprofit
from tests.experiments.test_breakeven import TINY

REMEMBER = "churn.model: relationship"
WEEKS = {**TINY, "horizon": {"weeks": 4}, "replications": 3}
TYPED = {
    "churn.model: relationship": {"model": "relationship"},
    "churn.beyond_outcome: 0": {"beyond_outcome": 0.0},
    "churn.beyond_outcome: 1": {"beyond_outcome": 1.0},
}


def centers(scenario_of, typed: dict) -> list[sim.Scenario]:
    """Without and with selling; each typed whole, so that it is its own today."""
    idle = {**typed, "offers": {"broadband": {**typed["offers"]["broadband"], "offer": "never"}}}
    return [scenario_of(idle, name="idle.yaml"), scenario_of(typed, name="sell.yaml")]


def with_churn(typed: dict, **keys: object) -> dict:
    """A center in whose segments customers leave in such a form; offers annoy."""
    customers = {
        name: {**spec, "churn": {"rate": "15% per year", **keys}}
        for name, spec in typed["customers"].items()
    }
    return {**typed, "customers": customers, "experience": {"offer_declined": -2}}


def figures(runs: list[sim.Run]) -> list[float]:
    """Differences in the result, in that of the first year, and in value."""
    base, run = (one.against(runs[0]) for one in runs)
    pairs = [
        (base.samples["result"], run.samples["result"]),
        (base.first_year["result"], run.first_year["result"]),
        (base.samples["economic_value"], run.samples["economic_value"]),
    ]
    return [difference(*pair).value for pair in pairs]


@pytest.mark.parametrize("key", TYPED)
def test_a_form_moves_a_difference_by_what_typing_it_does(scenario_of, key):
    """The first two replications, typed in the file and played anew, against those as they are."""
    runs = [sim.run(one, workers=1) for one in centers(scenario_of, with_churn(WEEKS))]
    [shifts] = shifts_of(runs, Few(runs[0], workers=1))
    shift = {one.key: one for one in shifts}[key]
    other = centers(scenario_of, with_churn(WEEKS, **TYPED[key]))
    then = figures([sim.run(one, workers=1, replications=2) for one in other])
    now = figures([run.first(2) for run in runs])
    assert list(shift.by) == pytest.approx(
        [b - a for a, b in zip(now, then, strict=True)], abs=1e-6
    )
    assert abs(shift.by.other) > 1.0


def test_only_other_forms_than_the_typed_one_are_tried(scenario_of):
    """Where customers remember, the weight of what annoys is no question, and no share either."""
    few = {**TINY, "replications": 2}
    tried = {}
    for key in (REMEMBER, "churn.beyond_outcome: 0"):
        scenarios = centers(scenario_of, with_churn(few, **TYPED[key]))
        runs = [sim.run(one, workers=1) for one in scenarios]
        tried[key] = [one.key for one in shifts_of(runs, Few(runs[0], workers=1))[0]]
    assert tried == {
        REMEMBER: ["churn.model: issue"],
        "churn.beyond_outcome: 0": [REMEMBER, "churn.beyond_outcome: 1"],
    }
    nobody = {k: v for k, v in TINY.items() if k != "customers"}
    runs = [sim.run(one, workers=1) for one in centers(scenario_of, nobody)]
    assert shifts_of(runs, Few(runs[0], workers=1)) == [[]]


def test_if_all_goes_on_as_at_the_end(scenario_of):
    """By hand: churn as many times today's as at the end, and what a year then earns more, too."""
    typed = {**with_churn(TINY), "horizon": {"weeks": 26}, "replications": 1}
    typed["customers"] = {"standard": {**typed["customers"]["standard"], "count": 3000}}
    typed["contacts"] = {"service": {"volume": "450 per week", "handle": "348 s"}}
    typed["agents"] = {"line": {"positions": 4, "wage": "20 per hour"}}
    short = {**typed, "agents": {"line": {"positions": 1, "wage": "20 per hour"}}}
    runs = [
        sim.run(scenario_of(one, name=f"{n}.yaml"), workers=1)
        for n, one in enumerate((typed, short))
    ]
    [shifts] = shifts_of(runs, Few(runs[0], workers=1))
    shift = {one.form: one for one in shifts}[GOES_ON]
    hazards, paces = [], []
    for run in runs:
        last = run.tally.customers[:, -13:, 0]
        hazards.append(-math.log(1 - last["left"].sum() / last["active"].sum()))
        paces.append(4 * run.ledger.recurring().contribution[0, -13:].sum())
    rate = 1 - math.exp(math.log(0.85) * hazards[1] / hazards[0])
    end = runs[1].tally.customers[:, -1, 0]
    customers = np.mean(end["active"] + end["joined"] - end["left"])
    lost = customers * (lifetime_value(12, rate, 0.10) - lifetime_value(12, 0.15, 0.10))
    saved = lifetime_value((paces[1] - paces[0]) / 12, rate, 0.10)
    assert shift.by.other == pytest.approx((lost + saved) * 1.1**-0.5, rel=1e-9)
    assert hazards[1] > hazards[0] and saved > 0.0 > lost
    assert shift.by[:2] == (0.0, 0.0)
    runs[1].tally.customers["active"][:, -1] = 0
    assert _what_goes_on(*runs, runs[1].scenario) == 0.0  # none are left
    loyal = {**short, "loyalty": {"reward": "1 per month", "from_week": 2}}
    rewarded = sim.run(scenario_of(loyal, name="loyal.yaml"), workers=1)
    [shifts] = shifts_of([runs[0], rewarded], Few(runs[0], workers=1))
    assert GOES_ON not in [one.form for one in shifts]


# --- verdicts -----------------------------------------------------------------------------------


def sure(value: float, half_width: float = 1_000.0) -> Estimate:
    """An estimate with its interval."""
    return Estimate(value, value - half_width, value + half_width, half_width, 20)


def told(gap: Estimate, *under: Under, other: Estimate | None = None):
    """A verdict on a result, where 50 k matter."""
    beside = None if other is None else Other(other, 50_000.0, WORDINGS["economic_value"])
    return verdict(
        gap, 50_000.0, WORDINGS["result"], figures=Figures(gap), other=beside, under=under,
        currency="EUR",
    )  # fmt: skip


def test_a_form_that_turns_it_divides():
    found = told(
        sure(100_000),
        Under("customers remember", "worse", sure(-80_000)),
        Under("only endings count", "better", sure(120_000)),
    )
    assert found.kind == "divided"
    assert found.sentence == (
        "better, unless customers remember (then worse): earns EUR 100.0 k more in the first year"
        " (forms of the model: −80.0 k to 120.0 k; dice only: 99.0 to 101.0 k)"
    )
    assert found.told.startswith("divided: better, unless customers remember")


def test_a_form_under_which_value_says_the_opposite_divides():
    found = told(sure(100_000), Under("all annoys", "divided", sure(90_000)), other=sure(200_000))
    assert found.kind == "divided"
    assert "unless all annoys (then value says the opposite): earns" in found.sentence


@pytest.mark.parametrize("then", ["practically equal", "undecided"])
def test_a_form_that_only_weakens_is_told(then):
    found = told(sure(100_000), Under("customers remember", then, sure(20_000)))
    assert found.kind == "better"
    assert found.told.startswith(f"better, unless customers remember (then {then}): earns EUR 100")


def test_what_is_equal_may_be_turned_and_what_is_undecided_not():
    equal = told(sure(0), Under("customers remember", "worse", sure(-80_000)))
    assert equal.kind == "divided"
    assert equal.sentence.startswith("practically equal, unless customers remember (then worse): ")
    open_ = told(sure(40_000, 60_000), Under("customers remember", "worse", sure(-80_000)))
    assert (open_.kind, "unless" in open_.sentence) == ("undecided", False)


def test_a_shift_moves_what_is_judged(scenario_of):
    """The interval goes along; both the result and value are judged anew."""
    broadband = {**WEEKS["offers"]["broadband"], "price": 500}
    dear = with_churn({**WEEKS, "offers": {"broadband": broadband}})
    runs = [sim.run(one, workers=1) for one in centers(scenario_of, dear)]
    plain = compare(runs).variants[0]
    gap, value = plain.verdict.difference, plain.money["result"].value.value
    sets = [Shift("it rains", "rain: yes", Seen(-2 * gap, -2 * gap, -2 * value))]
    base, run = (one.against(runs[0]) for one in runs)
    judged = judge_pair(
        base.scenario, run.scenario, plain.differences["result"].gap, plain.first_year_result,
        Beside.of(base, run), sets,
    )  # fmt: skip
    assert plain.verdict.kind == "better"
    assert "unless it rains (then worse)" in judged.sentence
    assert compare(runs, [sets]).variants[0].verdict == judged


def test_a_report_tells_the_forms_that_were_tried(tmp_path, capsys, monkeypatch):
    """They are kept with the comparison; nothing is played for a report."""
    monkeypatch.chdir(tmp_path)
    with (tmp_path / "a.yaml").open("w", encoding="utf-8") as file:
        YAML().dump({**TINY, "name": "a"}, file)
    (tmp_path / "b.yaml").write_text(f"name: b\nbased_on: a.yaml\n{'experience: {wait: -1}'}\n")
    assert ccprofit("compare", "a.yaml", "b.yaml", "--workers", "1") == 0
    sentence = capsys.readouterr().out.split("b — ")[1].split("\n    to believe")[0]
    name = (tmp_path / "results" / "latest").read_text().strip()
    facts = json.loads((tmp_path / "results" / name / "comparison.json").read_text())
    keys = [one["key"] for one in facts["variants"][0]["forms"]]
    assert keys == [REMEMBER, "churn.beyond_outcome: 0", "churn.beyond_outcome: 1"]
    assert "forms of the model" in sentence or "no difference" in sentence
    assert ccprofit("report", name) == 0
    assert " ".join(sentence.split()) in " ".join(capsys.readouterr().out.split())

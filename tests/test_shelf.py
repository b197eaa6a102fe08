"""The shipped scenarios in folders: each loads, is sound, and plays; steps are a path."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.baseline import baseline_of
from sim.experiments.steps import read_steps, scenario_with
from sim.metrics.check_metrics import check_metrics
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.scenario.load import load
from sim.weeks.play import play
from tests.conftest import ROOT

SCENARIOS = ROOT / "scenarios"
FILES = sorted(SCENARIOS.glob("*/*.yaml"))
QUIET_DAY = ["horizon.weeks=null", "horizon.days=1", "contacts.*.volume.per_week*=0.05"]
STEPS = ("pilot@2027-04-05", "sell@2027-10-04", "train@2028-04-03", "solve-at-once@2029-01-01")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_shipped_scenario_plays(file):
    """It asks a question, fits the metrics, and plays a quiet day alike on both engines."""
    scenario = load(file, QUIET_DAY)
    assert scenario.spec.question.endswith("?")
    assert scenario.spec.name == {"today": "path-to-profit"}.get(file.stem, file.stem)
    check_metrics(scenario)
    planner = Planner(scenario, UNANCHORED)
    fast, plain = (play(planner, 1, 0, engine=engine) for engine in ("compiled", "reference"))
    for one, two in zip(fast.tally, plain.tally, strict=True):
        assert np.array_equal(one, two)
    assert fast.tally.contacts["offered"].sum() > 5


def test_the_steps_are_a_path():
    """Each is read at its date, and all of them go together."""
    folder = SCENARIOS / "path-to-profit"
    base = load(folder / "today.yaml")
    typed = [f"{folder / name}.yaml@{date}" for name, date in (one.split("@") for one in STEPS)]
    steps = read_steps(base, typed)
    assert [step.week for step in steps] == [14, 40, 66, 105]
    first = scenario_with(base, steps[:1], steps)
    last = scenario_with(base, steps, steps)
    assert first.in_week(13).spec.offers["tariff"].conduct.compliance == 0.1
    assert last.in_week(155).spec.offers["tariff"].conduct.compliance == 0.85


def test_a_file_that_offers_by_itself_is_its_own_baseline():
    """Its offers are taken away by the key under which they are typed."""
    sells = load(SCENARIOS / "direct-sales-line" / "direct-sales-line.yaml")
    assert not sells.spec.offers["tariff"].policy.is_never
    assert baseline_of(sells, None).scenario.spec.offers["tariff"].policy.is_never

"""Every shipped scenario loads, plays a short horizon on both engines, and agrees."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.expectations import check_metrics
from sim.horizon import play
from sim.pilot import solve_anchors
from sim.plan import Planner
from sim.scenario import load

SCENARIOS = Path(__file__).parent.parent / "scenarios"
FILES = sorted(SCENARIOS.glob("*.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_shipped_scenario(file: Path):
    """It has a question, a first line for editors, and one day alike on both engines."""
    assert file.read_text().startswith("# yaml-language-server: $schema=scenario.schema.json")
    scenario = load(file)
    assert scenario.spec.question.endswith("?")
    check_metrics(scenario)
    weeks = ["horizon.weeks=null"] if scenario.spec.horizon.weeks else []
    short = load(file, [*weeks, "horizon.days=1", "events=[]"])
    planner = Planner(short, solve_anchors(short.root))
    fast = play(planner, 1, 0, keep_contacts=True)
    plain = play(planner, 1, 0, engine="reference", keep_contacts=True)
    for one, two in zip(fast.tally, plain.tally, strict=True):
        assert np.array_equal(one, two)
    order = ["name", "attempt"]
    one, two = (np.sort(r.contacts[0], order=order) for r in (fast, plain))
    assert np.array_equal(one, two)
    assert fast.tally.contacts[..., 0].sum() > 100


def test_my_center_is_short():
    """A strategist's first file has at most 25 lines."""
    assert len((SCENARIOS / "my-center.yaml").read_text().splitlines()) <= 25

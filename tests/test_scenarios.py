"""Every shipped scenario loads, plays a short horizon on both engines, and agrees."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.core.clock import WEEKS_PER_YEAR
from sim.domain.customers.customers import yearly_hazard
from sim.metrics.check_metrics import check_metrics
from sim.plan.plan import Planner
from sim.scenario.load import load
from sim.weeks.pilot import solve_anchors
from sim.weeks.play import play

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
    events = ["events=null"] if scenario.spec.events else []
    short = load(file, [*weeks, "horizon.days=1", *events])
    planner = Planner(short, solve_anchors(short.root))
    fast = play(planner, 1, 0, keep_contacts=True)
    plain = play(planner, 1, 0, engine="reference", keep_contacts=True)
    for one, two in zip(fast.tally, plain.tally, strict=True):
        assert np.array_equal(one, two)
    order = ["name", "attempt"]
    one, two = (np.sort(r.contacts[0], order=order) for r in (fast, plain))
    assert np.array_equal(one, two)
    assert fast.tally.contacts["offered"].sum() > 100


PILOT_LUCK = 0.01  # of itself; what solving the anchors by simulation may miss


def shows(found: np.ndarray, typed: float) -> bool:
    """Whether a mean over replications is what was typed, within four errors and the pilot's."""
    error = found.std(ddof=1) / np.sqrt(len(found))
    assert error < 0.1 * typed
    return abs(found.mean() - typed) < 4 * error + PILOT_LUCK * typed


@pytest.mark.slow
@pytest.mark.parametrize(
    "file", [f for f in FILES if len(load(f).lineage) == 1], ids=lambda f: f.stem
)
def test_todays_center_shows_what_was_typed(file: Path):
    """Volume, churn and the share of it due to service: of every scenario that others stand on."""
    scenario = load(file)
    if scenario.spec.forecast_error:
        scenario = load(file, ["forecast_error=0"])  # a factor on everything, 1 on the mean
    tally = sim.run(scenario, replications=8).tally
    people = tally.customers["active"]
    there = people.sum(axis=2) / people[:, :1].sum(axis=2)  # who left makes no contacts
    for t, type_ in enumerate(scenario.types):
        volume = scenario.spec.contacts[type_].volume
        counted = "offered" if volume.counts == "all" else "first_contacts"
        expected = (volume.per_week * there).sum(axis=1)
        assert shows(tally.contacts[counted][:, :, t].sum(axis=1) / expected, 1.0), type_
    for s, spec in enumerate(scenario.spec.customers.values()):
        if not spec.churn:
            continue
        left, for_service, stayed = (
            tally.customers[name][:, :, s].sum(axis=1)
            for name in ("left", "left_for_service", "stayed_for_service")
        )
        hazard = left / people[:, :, s].sum(axis=1) * WEEKS_PER_YEAR
        assert shows(hazard, yearly_hazard(spec.churn.rate))
        assert shows((for_service - stayed) / left, spec.service_share)


def test_my_center_is_short():
    """A strategist's first file has at most 25 lines."""
    assert len((SCENARIOS / "my-center.yaml").read_text().splitlines()) <= 25

"""Weeks in which numbers vary over the day: closed form and pilot say what is played."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.tables import ANSWERED, CLOSED
from sim.plan.anchors import UNANCHORED
from sim.plan.over_the_day import total
from sim.plan.plan import Planner
from sim.plan.seats import expected_loads
from sim.scenario.scenario import Scenario
from sim.weeks.pilot import solve_anchors
from sim.weeks.play import play

from ..engine.worlds import CELL_MS, loaded

HOURS = 24
WEEKS, REPLICATIONS = 8, 4
BY_HOUR = {
    "talk": {"mean": ["200 s", "400 s"] * 12, "cv": 0.5},
    "hold": {"share": [0.5, 0.1] * 12, "mean": ["60 s", "120 s"] * 12},
    "wrap_up": {"mean": ["30 s", "90 s"] * 12},
    "resolution": {"first_contact": [0.9, 0.5] * 12, "comes_back": 0.6, "delay": "3 h"},
}


def center(folder, seats: int = 14, **more: object) -> Scenario:
    """Contacts all day, and numbers that change every hour."""
    volume = {"per_week": 6000, "profile": "flat", "busyness": "none"} | more.pop("volume", {})
    return loaded(folder, {
        "name": "c",
        "horizon": {"weeks": WEEKS, "interval": "60 min", "warm_up": "7 d"},
        "forecast_error": "none",
        "contacts": {"a": {"volume": volume} | BY_HOUR | more},
        "agents": {"g": {"positions": seats}},
    })  # fmt: skip


def played(scenario: Scenario, anchors) -> np.recarray:
    """All contacts that came within the horizon, of a few replications."""
    planner = Planner(scenario, anchors)
    spans = [
        span
        for n in range(REPLICATIONS)
        for span in play(planner, 5, n, keep_contacts=True).contacts
    ]
    rows = np.concatenate(spans).view(np.recarray)
    return rows[(rows.arrived_ms >= 0) & (rows.phase == CLOSED)]


def test_load_and_contacts_are_those_of_the_closed_form(tmp_path):
    """Nobody gives up: contacts of new issues, and seconds of work, within a percent or two."""
    scenario = center(tmp_path, patience="none", redial="none", volume={"counts": "first"})
    load = expected_loads(scenario)["g"]
    rows = played(scenario, UNANCHORED)
    weeks = WEEKS * REPLICATIONS
    assert len(rows) / weeks == pytest.approx(load.contacts.sum(), rel=0.01)
    work_s = (rows.talk_ms + rows.hold_ms + rows.wrap_up_ms).sum() / 1000 / weeks
    assert work_s == pytest.approx(total(load.contacts, load.handle_s), rel=0.02)
    answered = rows[rows.outcome == ANSWERED]
    is_odd = answered.arrived_ms // (4 * CELL_MS) % 2 == 1
    assert answered.resolved[~is_odd].mean() == pytest.approx(0.9, abs=0.01)
    assert answered.resolved[is_odd].mean() == pytest.approx(0.5, abs=0.01)


def test_a_typed_volume_is_shown(tmp_path):
    """Patience, trying again and solving change every hour; what was typed comes all the same."""
    scenario = center(
        tmp_path,
        patience=["40 s", "300 s"] * 12,
        redial={"probability": [0.1, 0.8] * 12},
        balk=[0.0, 0.2] * 12,
        seats=8,
    )
    anchors = solve_anchors(scenario)
    assert not anchors.gaps
    rows = played(scenario, anchors)
    assert len(rows) / (WEEKS * REPLICATIONS) == pytest.approx(6000, rel=0.015)
    by_hour = np.bincount(rows.arrived_ms // (4 * CELL_MS) % 2)
    assert by_hour / len(rows) == pytest.approx([0.5, 0.5], abs=0.01)

"""One world by every road, played: the same anchors and the same tables, to the byte."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

import sim
from sim.experiments.axes import read_vary
from sim.experiments.sweep import grid_of
from sim.experiments.weak_numbers import WEAK_NUMBERS
from sim.runs.run import Run
from sim.scenario.load import load
from sim.scenario.scenario import Scenario

BY_NAME = {one.name: one for one in WEAK_NUMBERS}
ROOT = {
    "name": "root",
    "horizon": {"weeks": 2},
    "replications": 2,
    "open": "Mon-Fri 09:00-17:00",
    "customers": {
        "count": 4000,
        "margin": "20 per month",
        "churn": {"rate": "20% per year", "due_to_service": "20%"},
        "acquisition": "60 per month",
    },
    "contacts": {"service": {"volume": "900 per week", "handle": "300 s", "patience": "200 s"}},
    "agents": {"positions": {"meet": "service_level"}},
    "offers": {
        "tv": {"offer": "never", "price": 120, "margin": "25%", "acceptance": "12%"},
    },
}
ALWAYS = {"name": "always", "based_on": "root.yaml", "offers": {"tv": {"offer": "always"}}}
ROADS = [
    ("patience", 0.5, "contacts.service.patience", "100 s", "200 s"),
    ("share of churn due to service", 2.0, "customers.churn.due_to_service", "40%", "20%"),
    ("acceptance", 0.5, "offers.tv.acceptance", "6%", "12%"),
]
"""A weak number and a factor on it; the same as a path and a value; what is typed without it."""


def files(folder: Path, root: dict) -> str:
    folder.mkdir()
    (folder / "root.yaml").write_text(json.dumps(root), encoding="utf-8")
    (folder / "always.yaml").write_text(json.dumps(ALWAYS), encoding="utf-8")
    return str(folder / "always.yaml")


def played(scenario: Scenario) -> Run:
    return sim.run(scenario, workers=1)


def assert_same(one: Run, other: Run) -> None:
    assert one.anchors == other.anchors
    for a, b in zip(one.tally, other.tally, strict=True):
        assert a.tobytes() == b.tobytes()
    assert one.ledger.lines.keys() == other.ledger.lines.keys()
    for name, amounts in one.ledger.lines.items():
        assert amounts.tobytes() == other.ledger.lines[name].tobytes(), name


@pytest.mark.parametrize(("name", "factor", "path", "value", "before"), ROADS)
def test_typed_set_swept_and_believed_are_one_world(tmp_path, name, factor, path, value, before):
    """What is typed into the root file, put on all, a point of a sweep, and a belief."""
    root = copy.deepcopy(ROOT)
    block, keys = root, path.split(".")
    for key in keys[:-1]:
        block = block[key]
    assert block[keys[-1]] == before
    block[keys[-1]] = value
    typed = played(load(files(tmp_path / "typed", root)))
    plain = files(tmp_path / "plain", ROOT)
    assert_same(typed, played(load(plain, everywhere=[f"{path}={value}"])))
    grid = grid_of(plain, (), [read_vary(f"{path}={value},{before}")])
    assert_same(typed, played(grid.points[0].scenario))
    assert_same(typed, played(BY_NAME[name].times(load(plain), factor)))
    unmoved = zip(played(load(plain)).tally, typed.tally, strict=True)
    assert any(a.tobytes() != b.tobytes() for a, b in unmoved)

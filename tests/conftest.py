"""What all tests share."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.engine import get_ready
from sim.scenario.load import load
from sim.scenario.scenario import Scenario

ROOT = Path(__file__).parent.parent

get_ready()  # before a test takes a rule


@pytest.fixture
def scenario_of(tmp_path: Path) -> Callable[..., Scenario]:
    """Make a scenario from a dict, by way of a file; JSON is YAML and sooner written."""

    def make(content: dict[str, Any], *sets: str, name: str = "scenario.yaml") -> Scenario:
        file = tmp_path / name
        file.write_text(json.dumps(content, default=str), encoding="utf-8")
        return load(file, sets)

    return make

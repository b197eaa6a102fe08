"""What all tests share."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sim.engine  # noqa: F401  # compiles the rules before a test takes one of them
from sim.scenario import Scenario, load

ROOT = Path(__file__).parent.parent


@pytest.fixture
def scenario_of(tmp_path: Path) -> Callable[..., Scenario]:
    """Make a scenario from a dict, by way of a file; JSON is YAML and sooner written."""

    def make(content: dict[str, Any], *sets: str, name: str = "scenario.yaml") -> Scenario:
        file = tmp_path / name
        file.write_text(json.dumps(content, default=str), encoding="utf-8")
        return load(file, sets)

    return make

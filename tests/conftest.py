"""What all tests share."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.engine import get_ready
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.weeks import first_time

ROOT = Path(__file__).parent.parent

get_ready()  # before a test takes a rule
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each process of a test compiles all modules


def pytest_configure(config: pytest.Config) -> None:
    """Compile once, before the workers start that would all do so."""
    if getattr(config.option, "numprocesses", None):
        for is_more in (False, True):
            first_time.get_loop_ready(is_more)


@pytest.fixture
def scenario_of(tmp_path: Path) -> Callable[..., Scenario]:
    """Make a scenario from a dict, by way of a file; JSON is YAML and sooner written."""

    def make(content: dict[str, Any], *sets: str, name: str = "scenario.yaml") -> Scenario:
        file = tmp_path / name
        file.write_text(json.dumps(content, default=str), encoding="utf-8")
        return load(file, sets)

    return make

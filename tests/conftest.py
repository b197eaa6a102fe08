"""What all tests share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from sim.scenario import Scenario, load

ROOT = Path(__file__).parent.parent


@pytest.fixture
def scenario_of(tmp_path: Path) -> Callable[..., Scenario]:
    """Make a scenario from a dict, by way of a YAML file."""

    def make(content: dict[str, Any], *sets: str, name: str = "scenario.yaml") -> Scenario:
        file = tmp_path / name
        with file.open("w", encoding="utf-8") as stream:
            YAML().dump(content, stream)
        return load(file, sets)

    return make

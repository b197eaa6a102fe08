"""Can the contact center pay for itself? The public Python API.

import sim
baseline = sim.run(sim.load("scenarios/cost-center-baseline.yaml"))
selling = sim.run(sim.load("scenarios/cross-sell-threshold.yaml"))
print(sim.compare([baseline, selling]).variants[0].verdict.sentence)
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sim.core.version import VERSION

_HOMES = {
    "METRICS": "sim.metrics",
    "Comparison": "sim.experiments.comparison",
    "Run": "sim.runs.run",
    "Scenario": "sim.scenario.scenario",
    "ScenarioError": "sim.core.errors",
    "compare": "sim.experiments.comparison",
    "load": "sim.scenario.load",
    "run": "sim.runs.run",
}
__all__ = sorted(_HOMES)
__version__ = VERSION


def __getattr__(name: str) -> Any:
    """Import what is asked for, and only then."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)

"""Can the contact center pay for itself? The public Python API.

import sim
baseline = sim.run(sim.load("scenarios/cost-center-baseline.yaml"))
selling = sim.run(sim.load("scenarios/cross-sell-threshold.yaml"))
print(sim.compare([baseline, selling]).variants[0].verdict.sentence)
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "METRICS": "sim.metrics",
    "Comparison": "sim.comparison",
    "Run": "sim.experiment",
    "Scenario": "sim.scenario",
    "ScenarioError": "sim.errors",
    "compare": "sim.comparison",
    "load": "sim.scenario",
    "run": "sim.experiment",
}
__all__ = sorted(_HOMES)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import what is asked for, and only then."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)

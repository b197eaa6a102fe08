"""Can the contact center pay for itself? The public Python API.

import sim
baseline = sim.run(sim.load("scenarios/cost-center-baseline.yaml"))
selling = sim.run(sim.load("scenarios/cross-sell-threshold.yaml"))
comparison = sim.compare([baseline, selling])
print(comparison.variants[0].verdict.sentence)
table = sim.frame(comparison)  # of pandas; so are sim.frame(selling, "weeks"), and of sweeps
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
    "break_even": "sim.experiments.breakeven",
    "compare": "sim.experiments.comparison",
    "frame": "sim.report.frames",
    "load": "sim.scenario.load",
    "run": "sim.runs.run",
    "take_path": "sim.experiments.path",
    "vary": "sim.experiments.sweep",
}
__all__ = sorted(_HOMES)
__version__ = VERSION


def __getattr__(name: str) -> Any:
    """Import what is asked for, and only then."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)

"""Results as one JSON object, for other programs."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from sim.believe import Beliefs
from sim.comparison import Comparison
from sim.estimate import Estimate, estimate
from sim.expectations import checked
from sim.experiment import Run
from sim.metrics import METRICS, facts_of, label_of, measure
from sim.report.believing import beliefs_as_facts


def runs_as_json(played: list[tuple[Run, Path, bool]]) -> str:
    """Every run with its metrics."""
    runs = [{**_run(run), "folder": str(folder), "reused": r} for run, folder, r in played]
    return json.dumps({"runs": runs}, indent=2, ensure_ascii=False)


def comparison_as_json(
    comparison: Comparison, beliefs: list[Beliefs], folders: list[Path], folder: Path
) -> str:
    """The baseline, each variant's differences, its verdict and what that asks to believe."""
    return json.dumps(
        {**comparison_facts(comparison, beliefs, folders), "folder": str(folder)},
        indent=2,
        ensure_ascii=False,
    )


def comparison_facts(
    comparison: Comparison, beliefs: list[Beliefs], folders: list[Path]
) -> dict[str, Any]:
    """What a comparison found, as plain values."""
    names = [f.name for f in folders]
    variants = []
    for against, believed, name in zip(comparison.variants, beliefs, names[1:], strict=True):
        verdict = {k: _number(v) for k, v in against.verdict._asdict().items()}
        variants.append(
            {
                "scenario": against.run.scenario.spec.name,
                "run": name,
                "verdict": verdict,
                "beliefs": beliefs_as_facts(believed),
                "correlation": _number(against.correlation),
                "variance_ratio": _number(against.variance_ratio),
                "differences": {n: estimate_facts(d.gap) for n, d in against.differences.items()},
            }
        )
    base = {**_run(comparison.base), "run": names[0]}
    return {"baseline": base, "intervals_contain": "dice only", "variants": variants}


def _run(run: Run) -> dict[str, Any]:
    samples = measure(facts_of(run))
    return {
        "scenario": run.scenario.spec.name,
        "seed": run.seed,
        "replications": run.replications,
        "metrics": {
            name: {
                "label": label_of(name, run.scenario),
                "unit": METRICS[name].unit,
                **estimate_facts(estimate(sample)),
            }
            for name, sample in samples.items()
        },
        "checks": [
            {
                "metric": one.metric,
                "per": one.per or None,
                "expected": [one.low, one.high],
                **estimate_facts(one.found),
                "outcome": one.outcome,
            }
            for one in checked(run)
        ],
    }


def estimate_facts(e: Estimate) -> dict[str, Any]:
    """A value with the ends of its interval; null where there is none."""
    return {"value": _number(e.value), "low": _number(e.low), "high": _number(e.high)}


def _number(value: Any) -> Any:
    """JSON has no nan."""
    return None if isinstance(value, float) and not math.isfinite(value) else value

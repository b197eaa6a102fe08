"""What a break-even says in the terminal."""

from __future__ import annotations

from sim.experiments.breakeven import BreakEven


def breakeven_lines(found: BreakEven) -> list[str]:
    """What is held against what, and at which value they are alike."""
    variant, base = found.variant.spec.name, found.base.run.scenario.spec.name
    is_one = len(found.answer.roots) == 1
    verb, joint = ("breaks even at", " =") if is_one else ("break-even of", ":")
    metric = found.metric.replace("_", " ")
    return [
        f"{variant} against {base} ({found.baseline_from})",
        f"{metric} {verb} {found.parameter}{joint} {found.sentence}",
    ]

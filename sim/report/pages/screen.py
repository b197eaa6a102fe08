"""One screen of a comparison: the verdicts, what each asks to believe, and what to know first."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from rich.console import Console
from rich.text import Text

from sim.experiments.comparison import CONTAINS, Comparison
from sim.experiments.turning_points import TurningPoints
from sim.report.pages.terminal import (
    far_from_today,
    print_gaps,
    remarks,
    remarks_of_play,
    verdict_text,
)
from sim.report.pages.turning_points import belief_line

_INDENT = "    "


def print_screen(
    comparison: Comparison, beliefs: Sequence[TurningPoints], console: Console
) -> None:
    """What is typed of today only where the simulation is far from it; a verdict a variant."""
    base = comparison.base
    spec = base.scenario.spec
    console.print(Text.assemble("\nagainst ", (spec.name, "bold"), f": {_played(comparison)}"))
    if far_from_today(base):
        console.print()
        print_gaps(base, console)
    for against, believed in zip(comparison.variants, beliefs, strict=True):
        name = Text(against.run.scenario.spec.name, "bold")
        console.print()
        console.print(Text.assemble(name, f" — {verdict_text(against.verdict)}"))
        line = f"to believe: {belief_line(comparison, against, believed)}"
        for part in wrap(line, console.width - len(_INDENT)):
            console.print(Text(_INDENT + part))
    notes = _notes(comparison)
    if notes:
        console.print()
    for line in notes:
        console.print(Text.assemble(("note ", "yellow"), line))


def _played(comparison: Comparison) -> str:
    """What the intervals are made of."""
    base = comparison.base
    horizon = base.scenario.spec.horizon
    n, unit = (horizon.days, "day") if horizon.days else (horizon.n_weeks, "week")
    length = f"{n} {unit}{'' if n == 1 else 's'}"
    count = f"{base.replications} replication{'' if base.replications == 1 else 's'}"
    intervals = f", paired 95 % intervals ({CONTAINS})" if base.replications > 1 else ""
    return f"{length}, {count}, seed {base.seed}{intervals}"


def _notes(comparison: Comparison) -> list[str]:
    """Each remark once, with those whom it concerns where it does not concern all."""
    runs = (comparison.base, *(against.run for against in comparison.variants))
    found: dict[str, list[str]] = {}
    for run in runs:
        for line in remarks(run) if run is comparison.base else remarks_of_play(run):
            found.setdefault(line, []).append(run.scenario.spec.name)
    return [
        line if len(names) == len(runs) else f"{', '.join(names)}: {line}"
        for line, names in found.items()
    ]

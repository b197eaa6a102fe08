"""A comparison on disk: differences, verdicts and pictures, referring to its runs."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sim.comparison import Comparison
from sim.report.machine import comparison_facts
from sim.report.pictures import draw_comparison
from sim.report.store import new_folder, write_csv, write_json
from sim.report.tidy import comparison_table


def save_comparison(
    comparison: Comparison, folders: list[Path], out: Path, command: str
) -> tuple[Path, list[Path]]:
    """Write the comparison's folder; returns it and its pictures."""
    names = [folder.name for folder in folders]
    digest = hashlib.sha256(" ".join(names).encode()).hexdigest()
    title = f"compare-{comparison.base.scenario.spec.name}"
    with new_folder(out, title, digest) as draft:
        write_csv(draft.path / "comparison.csv", *comparison_table(comparison))
        facts = comparison_facts(comparison, folders)
        write_json(draft.path / "comparison.json", {"command": command, **facts})
        labels = tuple(name.rpartition("-")[2] for name in names)
        pictures = draw_comparison(comparison, draft.path, labels)
    return draft.path, [draft.path / file.name for file in pictures]

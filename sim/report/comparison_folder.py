"""A comparison on disk: differences, verdicts and pictures; it names the folders of its runs."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from sim.core.errors import ComparisonError, Fault
from sim.experiments.comparison import Comparison
from sim.experiments.forms import Shift
from sim.experiments.turning_points import TurningPoints
from sim.report.as_json import comparison_facts, shifts_from_facts
from sim.report.board.page import BOARD, board_page
from sim.report.figures.drawn import drawing
from sim.report.figures.of_comparison import pictures_of
from sim.report.pages.turning_points import beliefs_from_facts
from sim.report.tables import comparison_table, returns_table
from sim.runs.folder import find_kept_run, read_run, write_csv
from sim.runs.kept import KeptRun
from sim.runs.run import Run
from sim.runs.whole_folder import damaged_file, find_kept, new_folder, read_json, sealed, write_json

OF_A_COMPARISON = "comparison.json"
AGAIN = "compare again"


def save_comparison(
    comparison: Comparison,
    beliefs: list[TurningPoints],
    folders: list[Path],
    out: Path,
    command: str,
) -> tuple[Path, list[Path]]:
    """Write the comparison's folder; returns it and its pictures."""
    names = [folder.name for folder in folders]
    digest = hashlib.sha256(" ".join(names).encode()).hexdigest()
    title = f"compare-{comparison.base.scenario.spec.name}"
    with new_folder(out, title, digest) as draft:
        tables = [draft.path / "comparison.csv", draft.path / "returns.csv"]
        write_csv(tables[0], *comparison_table(comparison))
        write_csv(tables[1], *returns_table(comparison))
        facts = comparison_facts(comparison, beliefs, folders)
        trees = [run.scenario.tree for run in _runs_of(comparison)]
        typed = [
            {"file": t.file, "set": t.own_sets, "set_everywhere": t.common_sets} for t in trees
        ]
        facts = sealed({"command": command, **facts, "typed": typed}, tables)
        write_json(draft.path / OF_A_COMPARISON, facts)
        labels = tuple(name.rpartition("-")[2] for name in names)
        pictures = pictures_of(comparison, labels)
        provenance = {"command": command, "runs": _told(names)}
        with drawing(pictures, "f", draft.path) as finished:
            page = board_page(comparison, beliefs, finished, provenance)
        (draft.path / BOARD).write_text(page, encoding="utf-8")
    return draft.path, [draft.path / one.file for one in pictures]


def board_page_again(name: str, comparison: Comparison, out: Path) -> str:
    """The page for a board of a comparison that is kept; its pictures are drawn anew.

    Raises ComparisonError where the folder is that of a run.
    """
    folder = find_kept(name, out, OF_A_COMPARISON)
    if folder is None:
        raise ComparisonError(Fault(f"{name} is no comparison", "name the folder of a comparison"))
    facts = _facts(folder)
    names = [facts["baseline"]["run"], *(variant["run"] for variant in facts["variants"])]
    labels = tuple(one.rpartition("-")[2] for one in names)
    provenance = {"command": facts["command"], "runs": _told(names)}
    with drawing(pictures_of(comparison, labels), "f") as finished:
        return board_page(comparison, read_beliefs(name, out), finished, provenance)


def _told(names: list[str]) -> str:
    return ", ".join(names)


def read_beliefs(name: str, out: Path) -> list[TurningPoints]:
    """The turning points that a comparison keeps, by variant; empty if `name` is a run."""
    folder = find_kept(name, out, OF_A_COMPARISON)
    if folder is None:
        return []
    facts = _facts(folder)
    return [beliefs_from_facts(variant["beliefs"]) for variant in facts["variants"]]


def read_shifts(name: str, out: Path) -> list[list[Shift]]:
    """How other forms of the model move each variant's difference; empty if `name` is a run."""
    folder = find_kept(name, out, OF_A_COMPARISON)
    if folder is None:
        return []
    return [shifts_from_facts(variant["forms"]) for variant in _facts(folder)["variants"]]


def read_result(name: str, out: Path) -> list[KeptRun]:
    """The run that a folder keeps, or the runs of a comparison, the baseline first.

    Raises ComparisonError where the folder is neither, or a run of the comparison is missing.
    """
    if folder := find_kept_run(name, out):
        return [KeptRun(read_run(folder), folder, True)]
    folder = find_kept(name, out, OF_A_COMPARISON)
    if folder is None:
        raise ComparisonError(
            Fault(f"{name} holds no run, comparison or path", "name a folder of them")
        )
    facts = _facts(folder)
    names = [facts["baseline"]["run"], *(variant["run"] for variant in facts["variants"])]
    runs = []
    for run_name, typed in zip(names, facts["typed"], strict=True):
        run_folder = find_kept_run(run_name, folder.parent)
        if run_folder is None:
            raise ComparisonError(Fault(f"{folder}: its run {run_name} is not there", AGAIN))
        sets, everywhere = tuple(typed["set"]), tuple(typed["set_everywhere"])
        run = read_run(run_folder, typed["file"], sets, everywhere)
        runs.append(KeptRun(run, run_folder, True))
    return runs


def _runs_of(comparison: Comparison) -> list[Run]:
    return [comparison.base, *(against.run for against in comparison.variants)]


def _facts(folder: Path) -> dict[str, Any]:
    """The content of comparison.json; raises ComparisonError where a file is damaged."""
    facts = read_json(folder / OF_A_COMPARISON, AGAIN)
    if damaged := damaged_file(folder, facts, OF_A_COMPARISON):
        raise ComparisonError(Fault(f"{folder / damaged} is not as it was written", AGAIN))
    return facts

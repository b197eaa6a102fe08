"""A result that a folder keeps: a run, a comparison or a path. Nothing is played."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from sim.experiments.comparison import Comparison, compare
from sim.experiments.turning_points import TurningPoints
from sim.report.comparison_folder import board_page_again, read_beliefs, read_result, read_shifts
from sim.report.path_folder import Taken, board_of_path, read_path
from sim.runs.kept import told_apart


class KeptResult(NamedTuple):
    """What pages are made of."""

    comparison: Comparison
    """Of a path: the base beside the base after all steps; of a run: it alone."""
    beliefs: list[TurningPoints]
    """By variant; empty for a run."""
    folders: list[Path]
    """Of the runs that are compared."""
    said: list[str]
    """A line for each run that was renamed."""
    path: Taken | None


def read_kept(name: str, out: Path) -> KeptResult:
    """The result in a folder, by its path or its name within `out`.

    Raises ComparisonError where there is none, a run of it is missing, or a file has changed.
    """
    if taken := read_path(name, out):
        folders = [Path(folder) for folder in taken.path.folders]
        return KeptResult(*taken.judged, [folders[0], folders[-1]], [], taken)
    played, said = told_apart(read_result(name, out))
    folders = [one.folder for one in played]
    comparison = compare([one.run for one in played], read_shifts(name, out))
    return KeptResult(comparison, read_beliefs(name, out), folders, said, None)


def board_again(name: str, kept: KeptResult, out: Path) -> str:
    """The page for a board, made anew; raises ComparisonError for a run alone."""
    if kept.path:
        return board_of_path(kept.path, name, out)
    return board_page_again(name, kept.comparison, out)

"""A path on disk: a table, its findings as JSON, a picture, a page; it names its runs' folders."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path as File
from typing import Any, NamedTuple

import numpy as np

from sim.core.errors import ComparisonError, Fault
from sim.core.version import VERSION
from sim.experiments.comparison import Comparison, compare
from sim.experiments.floors import Held, held, read_floors
from sim.experiments.judging import CONTAINS
from sim.experiments.path import (
    CONTRIBUTION,
    RESULT,
    Path,
    Worth,
    answer,
    crossing_of,
    follow,
    route_of,
)
from sim.experiments.steps import read_steps
from sim.experiments.turning_points import TurningPoints
from sim.report.as_json import comparison_facts, estimate_facts, shifts_from_facts
from sim.report.board.page import BOARD, board_page
from sim.report.figures import Footer, Steps, stacked_steps
from sim.report.figures.drawn import Picture, drawing
from sim.report.figures.of_comparison import pictures_of
from sim.report.pages.of_path import path_page
from sim.report.pages.turning_points import beliefs_from_facts
from sim.report.tables import path_table
from sim.runs.folder import find_run, write_csv
from sim.runs.kept import KeptRun
from sim.runs.whole_folder import (
    damaged_file,
    find_kept,
    new_folder,
    read_json,
    sealed,
    write_json,
)
from sim.scenario.load import load
from sim.scenario.scenario import Scenario

OF_A_PATH = "path.json"
AGAIN = "take the path again"


class EndToEnd(NamedTuple):
    """The base beside the base after all steps, judged as `compare` judges."""

    comparison: Comparison
    beliefs: list[TurningPoints]


class Taken(NamedTuple):
    """A path with its floors and its judgement."""

    path: Path
    found: Sequence[Held]
    judged: EndToEnd


class Typed(NamedTuple):
    """What makes the path again from the runs that are kept."""

    base: str
    set: Sequence[str]
    steps: Sequence[str]
    floors: Sequence[str]
    quick: bool


def save_path(taken: Taken, typed: Typed, out: File, command: str) -> File:
    """Write the path's folder, with its page for a board; returns it."""
    path, base = taken.path, taken.path.base
    text = " ".join([*(run.scenario.hash for run in path.runs), str(base.seed), *path.folders])
    digest = hashlib.sha256(text.encode()).hexdigest()
    with new_folder(out, f"{base.scenario.spec.name}-path", digest) as draft:
        table = draft.path / "path.csv"
        write_csv(table, *path_table(path))
        facts = {"version": VERSION, "command": command, **path_facts(path, taken.found)}
        facts |= {"typed": typed._asdict(), "judged": _judgement(taken)}
        write_json(draft.path / OF_A_PATH, sealed(facts, [table]))
        (draft.path / BOARD).write_text(_board(taken, command, draft.path), encoding="utf-8")
    return draft.path


def board_of_path(taken: Taken, name: str, out: File) -> str:
    """The page for a board of a path that is kept; its pictures are drawn anew."""
    folder = find_kept(name, out, OF_A_PATH)
    assert folder is not None  # it was read from there
    return _board(taken, _facts(folder)["command"])


def _board(taken: Taken, command: str, folder: File | None = None) -> str:
    """The page; its pictures are also saved as PNG in the folder, if one is given."""
    path, judged = taken.path, taken.judged
    ends = _labels([path.folders[0], path.folders[-1]])
    pictures = [picture_of_path(path), *pictures_of(judged.comparison, ends)]
    provenance = {"command": command, "runs": ", ".join(path.folders)}
    with drawing(pictures, "f", folder) as finished:
        return board_page(*judged, finished, provenance, path_page(path, taken.found))


def _judgement(taken: Taken) -> dict[str, Any]:
    """What was played to judge the path, so that nobody need play it again."""
    path, judged = taken.path, taken.judged
    folders = [File(path.folders[0]), File(path.folders[-1])]
    (variant,) = comparison_facts(*judged, folders)["variants"]
    return {key: variant[key] for key in ("verdict", "beliefs", "forms")}


def read_path(name: str, out: File) -> Taken | None:
    """The path that a folder keeps, made again from its runs; None if `name` is no path.

    Raises ComparisonError where a run of it is missing, or a file has changed since.
    """
    folder = find_kept(name, out, OF_A_PATH)
    if folder is None:
        return None
    facts = _facts(folder)
    typed, judged = Typed(**facts["typed"]), facts["judged"]
    base = load(typed.base, everywhere=tuple(typed.set))
    route = route_of(base, read_steps(base, typed.steps), quick=typed.quick)

    def kept(scenario: Scenario, replications: int) -> KeptRun:
        found = find_run(scenario, folder.parent, facts["seed"], replications)
        if found is None:
            what = f"{folder}: its run of {scenario.spec.name} is missing or of another program"
            raise ComparisonError(Fault(what, AGAIN))
        return KeptRun(*found, True)

    n, few = facts["replications"], facts["replications_alone_and_last"]
    path = follow(
        route,
        [kept(one, n) for one in route.taken],
        [kept(one, few) for one in route.beside.values()],
    )
    comparison = compare(path.ends, [shifts_from_facts(judged["forms"])])
    beliefs = [beliefs_from_facts(judged["beliefs"])]
    floors = read_floors(base, typed.floors)
    return Taken(path, held(path, floors), EndToEnd(comparison, beliefs))


def _facts(folder: File) -> dict[str, Any]:
    """The content of path.json; raises ComparisonError where a file is damaged."""
    facts = read_json(folder / OF_A_PATH, AGAIN)
    if damaged := damaged_file(folder, facts, OF_A_PATH):
        raise ComparisonError(Fault(f"{folder / damaged} is not as it was written", AGAIN))
    return facts


def _labels(folders: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.rpartition("-")[2] for name in folders)


def picture_of_path(path: Path) -> Picture:
    """Contribution and result by quarter, and what each step adds."""
    base = path.base
    weeks = base.scenario.spec.horizon.length_weeks
    footer = Footer(_labels(path.folders), base.seed, base.replications, CONTAINS, weeks)
    steps = Steps(
        (path.names[0], *(step.name for step in path.steps)),
        tuple(quarter.name for quarter in path.quarters),
        _rows(path, CONTRIBUTION),
        _rows(path, RESULT),
        base.scenario.spec.currency,
    )
    draw = partial(stacked_steps, steps, footer, title=answer(path))
    return Picture("path.png", draw, steps)


def _rows(path: Path, measure: str) -> np.ndarray:
    """[row, replication, quarter]"""
    return np.stack([path.money(row, measure) for row in range(len(path.runs))])


def path_facts(path: Path, found: Sequence[Held]) -> dict[str, Any]:
    """What a path found, as plain values; quarters are counted from 0."""
    base = path.base
    last = len(path.runs) - 1
    return {
        "base": base.scenario.spec.name,
        "runs": list(path.folders),
        "seed": base.seed,
        "replications": base.replications,
        "intervals_contain": CONTAINS,
        "answer": answer(path),
        "quarters": [quarter.name for quarter in path.quarters],
        "crossing": {
            name: crossing_of(path.money(last, name))._asdict() for name in (CONTRIBUTION, RESULT)
        },
        "steps": [
            {
                "step": step.name,
                "typed": step.typed,
                "from": step.starts(base.scenario).isoformat(),
                "week": step.week,
                **_worth(worth),
            }
            for step, worth in zip(path.steps, path.worth, strict=True)
        ],
        "replications_alone_and_last": path.few,
        "held": [_held(one) for one in found],
    }


def _worth(worth: Worth) -> dict[str, Any]:
    returned = worth.returned
    return {
        "result_in_order": estimate_facts(worth.in_order),
        "result_alone": estimate_facts(worth.alone),
        "result_added_last": estimate_facts(worth.last),
        "paid_once": returned.invested if returned else 0.0,
        "payback_months": returned.payback if returned else None,
        "unpriced": list(worth.unpriced),
        "strains_people": worth.strains_people,
        "seats_stay": worth.seats_stay,
        "leaves_work": worth.leaves_work,
    }


def _held(one: Held) -> dict[str, Any]:
    return {
        "what": one.label,
        "metric": one.metric,
        "floor": one.floor.amount if one.floor else None,
        "base": [estimate_facts(e) for e in one.base],
        "all_steps": [estimate_facts(e) for e in one.path],
        "broken_in": one.broken,
    }

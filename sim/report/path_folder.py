"""A path on disk: a table, its findings as JSON, a picture, a page; it names its runs' folders."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path as File
from typing import Any, NamedTuple

import numpy as np

from sim.core.version import VERSION
from sim.experiments.comparison import Comparison
from sim.experiments.floors import Held
from sim.experiments.judging import CONTAINS
from sim.experiments.path import (
    CONTRIBUTION,
    RESULT,
    Path,
    Worth,
    answer,
    crossing_of,
)
from sim.experiments.turning_points import TurningPoints
from sim.report.as_json import estimate_facts
from sim.report.board.page import BOARD, board_page
from sim.report.figures import Footer, Steps, save, stacked_steps
from sim.report.figures.of_comparison import Picture, pictures_of
from sim.report.pages.of_path import path_page
from sim.report.tables import path_table
from sim.runs.folder import write_csv
from sim.runs.whole_folder import new_folder, write_json


class EndToEnd(NamedTuple):
    """The base beside the base after all steps, judged as `compare` judges."""

    comparison: Comparison
    beliefs: list[TurningPoints]


def save_path(path: Path, found: Sequence[Held], judged: EndToEnd, out: File, command: str) -> File:
    """Write the path's folder, with its page for a board; returns it."""
    base = path.base
    text = " ".join([*(run.scenario.hash for run in path.runs), str(base.seed), *path.folders])
    digest = hashlib.sha256(text.encode()).hexdigest()
    with new_folder(out, f"{base.scenario.spec.name}-path", digest) as draft:
        write_csv(draft.path / "path.csv", *path_table(path))
        facts = {"version": VERSION, "command": command, **path_facts(path, found)}
        write_json(draft.path / "path.json", facts)
        picture = picture_of_path(path)
        save(picture.figure, draft.path / picture.file)
        pictures = pictures_of(judged.comparison, _labels(path.folders[:: len(path.folders) - 1]))
        provenance = {"command": command, "runs": ", ".join(path.folders)}
        page = board_page(*judged, [picture, *pictures], provenance, path_page(path, found))
        (draft.path / BOARD).write_text(page, encoding="utf-8")
    return draft.path


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
    return Picture("path.png", stacked_steps(steps, footer, title=answer(path)), steps)


def _rows(path: Path, measure: str) -> np.ndarray:
    """[row, replication, quarter]"""
    return np.stack([path.money(row, measure) for row in range(len(path.runs))])


def path_as_json(path: Path, found: Sequence[Held], folder: File) -> str:
    """The path as one JSON object."""
    facts = {**path_facts(path, found), "folder": str(folder)}
    return json.dumps(facts, indent=2, ensure_ascii=False)


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

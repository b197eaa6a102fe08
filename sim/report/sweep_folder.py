"""A sweep on disk: one tidy table, the findings as JSON, pictures; it names its runs' folders.

    results/20270104-101500-cross-sell-threshold-sweep-3f9c1a/
        points.csv  sweep.json  and pictures: profit-wait, profit-csat, map or dots

The folder has no time stamps, so the tables are the same to the byte however often the sweep was
interrupted.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path
from typing import Any, NamedTuple

from sim.core.errors import ComparisonError, Fault
from sim.core.statistics import estimate
from sim.core.version import VERSION
from sim.experiments.axes import read_vary
from sim.experiments.judging import CONTAINS
from sim.experiments.sweep import Sweep, best, gap, grid_of, judged, sweep
from sim.report.as_json import estimate_facts
from sim.report.figures.of_sweep import draw_sweep
from sim.report.tables import points_table
from sim.runs.folder import find_kept_run, read_run, write_csv
from sim.runs.kept import KeptRun
from sim.runs.whole_folder import find_kept, new_folder, read_json, write_json
from sim.scenario.load import load
from sim.scenario.scenario import Scenario

OF_A_SWEEP = "sweep.json"
AGAIN = "sweep again"


def save_sweep(swept: Sweep, out: Path, command: str) -> tuple[Path, list[Path]]:
    """Write the sweep's folder; returns it and its pictures."""
    hashes = [swept.unswept.scenario.hash, *(p.point.scenario.hash for p in swept.points)]
    text = " ".join([*hashes, str(swept.unswept.seed), str(swept.unswept.replications)])
    digest = hashlib.sha256(text.encode()).hexdigest()
    with new_folder(out, f"{swept.unswept.scenario.spec.name}-sweep", digest) as draft:
        write_csv(draft.path / "points.csv", *points_table(swept))
        facts = {"version": VERSION, "command": command, **sweep_facts(swept)}
        write_json(draft.path / OF_A_SWEEP, facts)
        pictures = draw_sweep(swept, draft.path)
    return draft.path, [draft.path / file.name for file in pictures]


class KeptSweep(NamedTuple):
    """A sweep that was read from its folder, and the command that played it."""

    swept: Sweep
    command: str


def read_sweep(name: str, out: Path) -> KeptSweep | None:
    """The sweep that a folder keeps, measured anew in its runs; None if `name` is something else.

    Raises ComparisonError where a run is missing, or a file or the program has changed since.
    """
    folder = find_kept(name, out, OF_A_SWEEP)
    if folder is None:
        return None
    facts = read_json(folder / OF_A_SWEEP, AGAIN)
    file, sets = facts["files"][-1], tuple(facts["set"])
    unswept = load(file, (), sets)
    base = _kept(folder, facts["run"], unswept)
    is_quick = base.run.scenario.hash != unswept.hash
    grid = grid_of(file, sets, [read_vary(typed) for typed in facts["vary"]], quick=is_quick)
    names = (point["run"] for point in facts["points"])
    pairs = zip(names, grid.points, strict=True)
    points = (_kept(folder, run, point.scenario) for run, point in pairs)
    return KeptSweep(sweep(grid, itertools.chain([base], points)), facts["command"])


def _kept(folder: Path, name: str, scenario: Scenario) -> KeptRun:
    """The run of a scenario, beside the folder of the sweep."""
    found = find_kept_run(name, folder.parent)
    if found is None:
        raise ComparisonError(Fault(f"{folder}: its run {name} is not there", AGAIN))
    tree = scenario.tree
    own, everywhere = tuple(tree.own_sets), tuple(tree.common_sets)
    return KeptRun(read_run(found, tree.file, own, everywhere), found, True)


def sweep_as_json(swept: Sweep, folder: Path) -> str:
    """The sweep as one JSON object."""
    return json.dumps({**sweep_facts(swept), "folder": str(folder)}, indent=2, ensure_ascii=False)


def sweep_facts(swept: Sweep) -> dict[str, Any]:
    """What a sweep found, as plain values."""
    spec, place = swept.unswept.scenario.spec, best(swept, swept.metric)
    return {
        "scenario": spec.name,
        "files": list(swept.unswept.scenario.tree.files),
        "set": list(swept.unswept.scenario.tree.sets),
        "vary": [axis.typed for axis in swept.axes],
        "run": swept.folder,
        "seed": swept.unswept.seed,
        "replications": swept.unswept.replications,
        "decide_on": swept.metric,
        "intervals_contain": CONTAINS,
        "unswept": {n: estimate_facts(estimate(s)) for n, s in swept.samples.items()},
        "points": [_point(swept, place) for place in range(len(swept.points))],
        "best": None if place is None else _best(swept, place),
    }


def _point(swept: Sweep, place: int) -> dict[str, Any]:
    point = swept.points[place]
    named = zip(swept.axes, point.point.values, strict=True)
    return {
        "values": {axis.name: value.text for axis, value in named},
        "run": point.folder,
        "reused": point.reused,
        "unpriced": point.beside.unpriced,
        "metrics": {n: estimate_facts(estimate(s)) for n, s in point.samples.items()},
        "differences": {n: estimate_facts(gap(swept, point, n)) for n in point.samples},
    }


def _best(swept: Sweep, place: int) -> dict[str, Any]:
    verdict = judged(swept, place)
    return {"point": place, "kind": verdict.kind, "sentence": verdict.told}

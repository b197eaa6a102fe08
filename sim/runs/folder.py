"""Results on disk: one folder a run, written beside its name and renamed when complete.

    results/20270104-101500-cost-center-baseline-3f9c1a/
        provenance.json  scenario.yaml  metrics.csv  weeks.csv  months.csv  segments.csv
        intervals.csv  seats.csv  ledger.csv  assumptions.csv  tally.npz

Time stamps live only in provenance.json; everything else is the same to the byte for the same
scenario, seed, replications and program. A run that is already there is found and reused.
"""

from __future__ import annotations

import csv
import datetime
import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from sim.core.errors import ComparisonError, Fault
from sim.core.machine_code import versions
from sim.core.version import VERSION
from sim.language.quantities import number_meant
from sim.metrics.ledger import book
from sim.plan.anchors import Anchors
from sim.runs.program import fingerprint
from sim.runs.run import Run
from sim.runs.tables import (
    assumptions_table,
    intervals_table,
    ledger_table,
    metrics_table,
    months_table,
    seats_table,
    segments_table,
    weeks_table,
)
from sim.runs.whole_folder import (
    damaged_file,
    find_kept,
    is_file,
    new_folder,
    read_json,
    sealed,
    set_aside,
    write_json,
)
from sim.scenario.as_yaml import as_yaml
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.weeks.counts import Tally, blank_tally, plain
from sim.weeks.play import size_of

PROGRAM = fingerprint()  # taken at import: sources may be edited while a run is played
OF_A_RUN, RESOLVED, TALLY = "provenance.json", "scenario.yaml", "tally.npz"
_UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile, zlib.error)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
TABLES = {
    "metrics.csv": metrics_table,
    "weeks.csv": weeks_table,
    "months.csv": months_table,
    "segments.csv": segments_table,
    "intervals.csv": intervals_table,
    "seats.csv": seats_table,
    "ledger.csv": ledger_table,
    "assumptions.csv": assumptions_table,
}


def save_run(run: Run, out: Path, command: str, seconds: float, contacts: bool = False) -> Path:
    """Write a run's folder and return it."""
    with new_folder(out, run.scenario.spec.name, run.scenario.hash) as draft:
        folder = draft.path
        (folder / RESOLVED).write_text(as_yaml(run.scenario), encoding="utf-8")
        for name, table in TABLES.items():
            write_csv(folder / name, *table(run))
        np.savez_compressed(folder / TALLY, **Tally(*map(plain, run.tally))._asdict())
        files = [folder / name for name in (RESOLVED, *TABLES, TALLY)]
        write_json(folder / OF_A_RUN, sealed(_provenance(run, command, seconds), files))
        if contacts:
            from sim.runs.contacts import write_contacts  # pyarrow, only where asked for

            write_contacts(run, folder)
    return draft.path


def find_kept_run(name: str, out: Path) -> Path | None:
    """The folder of a run, by its path or by its name within `out`; None if there is none."""
    return find_kept(name, out, OF_A_RUN)


def find_run(
    scenario: Scenario, out: Path, seed: int, replications: int
) -> tuple[Run, Path] | None:
    """The newest run of exactly this scenario, seed, replications and program, with its folder.

    None where there is none. Damaged folders on the way are set aside.
    """
    wanted = {"hash": scenario.hash, "seed": seed, "replications": replications, **_program()}
    for folder in sorted(out.glob(f"[!.]*-{scenario.hash[:6]}"), reverse=True):
        if not is_file(folder / OF_A_RUN):
            continue
        try:
            provenance = read_json(folder / OF_A_RUN, "")
        except ComparisonError:
            set_aside(folder, OF_A_RUN)
            continue
        if any(provenance.get(key) != value for key, value in wanted.items()):
            continue
        if damaged := damaged_file(folder, provenance, OF_A_RUN):
            set_aside(folder, damaged)
            continue
        try:
            return _read_run(scenario, folder, provenance), folder
        except _UNREADABLE:
            set_aside(folder, TALLY)
    return None


def read_run(
    folder: Path, file: str = "", sets: tuple[str, ...] = (), everywhere: tuple[str, ...] = ()
) -> Run:
    """The run that a folder keeps, of the scenario as it is typed now.

    The scenario is the one that was played or, with `file`, another one that plays the same.
    Raises ComparisonError if its scenario file or the program has changed since, or if one of its
    files is damaged: the message says which.
    """
    provenance = read_json(folder / OF_A_RUN, "run or compare its scenario, and it is played again")
    try:
        played_file = provenance["files"][-1]
        own, common = tuple(provenance["set"]), tuple(provenance["set_everywhere"])
    except (KeyError, IndexError, TypeError):
        raise _damaged(folder, OF_A_RUN, "its scenario") from None
    if not file:
        file, sets, everywhere = played_file, own, common
    for key, value in _program().items():
        if provenance.get(key) != value:
            raise _outdated(folder, "the program" if key == "program" else key, file)
    if damaged := damaged_file(folder, provenance, OF_A_RUN):
        raise _damaged(folder, damaged, file)
    scenario = load(file, sets, everywhere)
    for played in (scenario, scenario.shortened()):
        if played.hash == provenance["hash"]:
            try:
                return _read_run(played, folder, provenance)
            except _UNREADABLE:
                raise _damaged(folder, TALLY, file) from None
    raise _outdated(folder, file, file)


def _damaged(folder: Path, name: str, file: str) -> ComparisonError:
    remedy = f"run or compare {file}, and it is played again"
    return ComparisonError(Fault(f"{folder / name} is not as it was written", remedy))


def _outdated(folder: Path, changed: str, file: str) -> ComparisonError:
    what = f"{folder}: {changed} has changed since this run"
    return ComparisonError(Fault(what, f"run or compare {file}, and it is played again"))


def write_csv(file: Path, header: list[str], rows: Iterable[Iterable[Any]]) -> None:
    """Write one tidy table; numbers as Python prints them, text so that no spreadsheet runs it."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_as_text(cell) for cell in row] for row in rows)


def _as_text(cell: Any) -> Any:
    """A cell as it is; a text that begins like a formula gets an apostrophe before it."""
    is_formula = isinstance(cell, str) and cell[:1] in _FORMULA and number_meant(cell) is None
    return f"'{cell}" if is_formula else cell


def _program() -> dict[str, Any]:
    """What decides a run besides its scenario, seed and replications."""
    return {"program": PROGRAM, "versions": versions()}


def _provenance(run: Run, command: str, seconds: float) -> dict[str, Any]:
    return {
        "version": VERSION,
        **_program(),
        "name": run.scenario.spec.name,
        "hash": run.scenario.hash,
        "seed": run.seed,
        "replications": run.replications,
        "engine": run.engine,
        "command": command,
        "files": list(run.scenario.tree.files),
        "set": list(run.scenario.tree.own_sets),
        "set_everywhere": list(run.scenario.tree.common_sets),
        "anchors": run.anchors._asdict(),
        "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "cpus": os.cpu_count(),
    }


def _read_run(scenario: Scenario, folder: Path, provenance: dict[str, Any]) -> Run:
    anchors = Anchors(**provenance["anchors"])
    like = blank_tally(size_of(scenario))
    with np.load(folder / TALLY) as arrays:
        tally = Tally(*(_by_name(arrays[n], one) for n, one in like._asdict().items()))
    return Run(
        scenario,
        anchors,
        provenance["seed"],
        provenance["replications"],
        provenance["engine"],
        tally,
        book(scenario, anchors, tally),
        [],
    )


def _by_name(numbers: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Plain numbers as they were before `plain`: rows of counts, if that is what the other has."""
    if like.dtype.names is None:
        return numbers
    return numbers.view(like.dtype)[..., 0]

"""Results on disk: one folder a run, written beside its name and renamed when complete.

    results/20270104-101500-cost-center-baseline-3f9c1a/
        provenance.json  scenario.yaml  metrics.csv  weeks.csv  segments.csv  intervals.csv
        ledger.csv  assumptions.csv  tally.npz

Time stamps live only in provenance.json; everything else is the same to the byte for the same
scenario, seed, replications and program. A run that is already there is found and reused.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.anchors import Anchors
from sim.counts import Tally
from sim.errors import ComparisonError
from sim.experiment import Run
from sim.ledger import book
from sim.report.program import fingerprint
from sim.report.tidy import (
    assumptions_table,
    intervals_table,
    ledger_table,
    metrics_table,
    segments_table,
    weeks_table,
)
from sim.scenario import Scenario, load

PROGRAM = fingerprint()  # before anything is played: a rule may be edited meanwhile
LATEST, OF_A_RUN = "latest", "provenance.json"
TABLES = {
    "metrics.csv": metrics_table,
    "weeks.csv": weeks_table,
    "segments.csv": segments_table,
    "intervals.csv": intervals_table,
    "ledger.csv": ledger_table,
    "assumptions.csv": assumptions_table,
}


def save_run(run: Run, out: Path, command: str, seconds: float, contacts: bool = False) -> Path:
    """Write a run's folder and return it."""
    with new_folder(out, run.scenario.spec.name, run.scenario.hash) as draft:
        folder = draft.path
        write_json(folder / OF_A_RUN, _provenance(run, command, seconds))
        (folder / "scenario.yaml").write_text(resolved_yaml(run.scenario), encoding="utf-8")
        for name, table in TABLES.items():
            write_csv(folder / name, *table(run))
        np.savez_compressed(folder / "tally.npz", **run.tally._asdict())
        if contacts:
            from sim.report.contacts import write_contacts  # pandas, only where asked for

            write_contacts(run, folder)
    return draft.path


def find_run(
    scenario: Scenario, out: Path, seed: int, replications: int
) -> tuple[Run, Path] | None:
    """The newest run of exactly this scenario, seed, replications and program, if there is one."""
    for folder in sorted(out.glob(f"*-{scenario.hash[:6]}"), reverse=True):
        try:
            provenance = json.loads((folder / OF_A_RUN).read_text(encoding="utf-8"))
            wanted = (scenario.hash, seed, replications, PROGRAM)
            found = tuple(provenance[k] for k in ("hash", "seed", "replications", "program"))
            if found == wanted:
                return _read_run(scenario, folder, provenance), folder
        except (OSError, KeyError, ValueError):
            continue
    return None


def find_kept(name: str, out: Path, file: str = OF_A_RUN) -> Path | None:
    """The folder of results that was named, by path or by its name within `out`; None if none.

    `latest` is the newest. `file` is what such a folder has.
    """
    if name == LATEST and (out / LATEST).is_file():
        name = (out / LATEST).read_text(encoding="utf-8").strip()
    return next((f for f in (Path(name), out / name) if (f / file).is_file()), None)


def read_run(folder: Path) -> Run:
    """The run that a folder keeps.

    Raises ComparisonError if its scenario file or the program has changed since.
    """
    provenance = json.loads((folder / OF_A_RUN).read_text(encoding="utf-8"))
    file = provenance["files"][-1]
    if provenance.get("program") != PROGRAM:
        raise _outdated(folder, "the program", file)
    scenario = load(file, tuple(provenance["set"]))
    for played in (scenario, scenario.shortened()):
        if played.hash == provenance["hash"]:
            return _read_run(played, folder, provenance)
    raise _outdated(folder, file, file)


def _outdated(folder: Path, changed: str, file: str) -> ComparisonError:
    what = f"{changed} has changed since this run; run or compare {file}, and it is played again"
    return ComparisonError(f"{folder}: {what}")


def resolved_yaml(scenario: Scenario) -> str:
    """The scenario with everything that it is based on, readable again."""
    from ruamel.yaml import YAML

    text = io.StringIO()
    yaml = YAML()
    yaml.width = 100
    yaml.dump(scenario.spec.as_typed(), text)
    return text.getvalue()


@dataclass
class Draft:
    """A folder being written; `path` becomes its final name when it is done."""

    path: Path


@contextmanager
def new_folder(out: Path, name: str, digest: str) -> Iterator[Draft]:
    """A folder under a temporary name; gets its own when all went well, else disappears."""
    out.mkdir(parents=True, exist_ok=True)
    draft = Draft(Path(tempfile.mkdtemp(prefix=".writing-", dir=out)))
    try:
        yield draft
        draft.path.chmod(0o755)
        draft.path = draft.path.rename(_free_name(out, name, digest))
        (out / LATEST).write_text(draft.path.name + "\n", encoding="utf-8")
    except BaseException:
        shutil.rmtree(draft.path, ignore_errors=True)
        raise


def _free_name(out: Path, name: str, digest: str) -> Path:
    now = datetime.datetime.now(datetime.UTC)
    while (final := out / f"{now:%Y%m%d-%H%M%S}-{name}-{digest[:6]}").exists():
        now += datetime.timedelta(seconds=1)
    return final


def write_csv(file: Path, header: list[str], rows: Iterable[Iterable[Any]]) -> None:
    """One tidy table; numbers as Python prints them."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_json(file: Path, content: dict[str, Any]) -> None:
    """One JSON object, indented."""
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _provenance(run: Run, command: str, seconds: float) -> dict[str, Any]:
    return {
        "version": sim.__version__,
        "program": PROGRAM,
        "name": run.scenario.spec.name,
        "hash": run.scenario.hash,
        "seed": run.seed,
        "replications": run.replications,
        "engine": run.engine,
        "command": command,
        "files": list(run.scenario.tree.files),
        "set": list(run.scenario.tree.sets),
        "anchors": run.anchors._asdict(),
        "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "cpus": os.cpu_count(),
    }


def _read_run(scenario: Scenario, folder: Path, provenance: dict[str, Any]) -> Run:
    anchors = Anchors(**provenance["anchors"])
    with np.load(folder / "tally.npz") as arrays:
        tally = Tally(**{name: arrays[name] for name in Tally._fields})
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

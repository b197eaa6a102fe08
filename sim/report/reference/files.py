"""The page of the files of a folder of results."""

from __future__ import annotations

from collections.abc import Mapping

from sim.report.reference.markdown import code, page, table
from sim.runs.files import (
    COMPARISON_FILES,
    CONTACTS_FILE,
    PATH_FILES,
    PICTURES,
    RUN_FILES,
    SWEEP_FILES,
    KeptFile,
)
from sim.runs.whole_folder import LATEST

ABOUT = f"""\
Each run, comparison, sweep and path has a folder of its own in `results`, or where `--out` says:
time, name, and the first digits of a hash. The file `{LATEST}` names the newest. Only
`provenance.json` has a time of the clock; all else is the same to the byte for the same scenario,
seed, replications and program."""


def files_page() -> str:
    """Return the page, a section for each kind of folder."""
    asked_for = {"contacts.parquet or contacts.csv.gz": CONTACTS_FILE, "*.png": PICTURES}
    run = {**RUN_FILES, **asked_for}
    folders = {"a run": run, "a comparison": COMPARISON_FILES}
    folders |= {"a sweep": SWEEP_FILES, "a path": PATH_FILES}
    parts = [part for of, files in folders.items() for part in _section(of, files)]
    return page("Files of a result", ABOUT, *parts)


def _section(of: str, files: Mapping[str, KeptFile]) -> list[str]:
    held = table(("file", "holds"), ((code(name), file.holds) for name, file in files.items()))
    parts = [f"## Of {of}", held]
    for name, file in files.items():
        if file.columns:
            rows = ((code(column), says) for column, says in file.columns.items())
            parts += [f"### {name}", table(("column", "holds"), rows)]
    return parts

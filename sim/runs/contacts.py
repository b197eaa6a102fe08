"""Every contact of a run, one row each, to look at."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import io
from pathlib import Path

import numpy as np

from sim.core.clock import MS_PER_SECOND
from sim.core.tables import CLOSED
from sim.runs.files import CONTACTS_FILE
from sim.runs.run import Run

OUTCOMES = (
    "open", "answered", "gave up", "blocked", "balked", "withdrawn",
    "reached", "not reached", "expired", "kept by a bot", "nobody there",
)  # fmt: skip
TIMES = ("arrived", "answered", "left")
DURATIONS = ("talk", "hold", "offer", "wrap_up")


def write_contacts(run: Run, folder: Path) -> Path:
    """Write Parquet if pyarrow is installed, else gzipped CSV with a fixed time stamp."""
    columns = contact_columns(run)
    if importlib.util.find_spec("pyarrow"):
        import pyarrow  # pyright: ignore[reportMissingImports]
        import pyarrow.parquet  # pyright: ignore[reportMissingImports]

        file = folder / "contacts.parquet"
        pyarrow.parquet.write_table(pyarrow.table(columns), file)
        return file
    file = folder / "contacts.csv.gz"
    with file.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as zipped:
        text = io.TextIOWrapper(zipped, "utf-8", newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*map(_cells, columns.values()), strict=True))
        text.flush()
    return file


def _cells(column: np.ndarray) -> list:
    """Values as CSV holds them: an empty cell for nan."""
    values = column.tolist()
    if column.dtype.kind != "f":
        return values
    return [
        "" if missing else value for value, missing in zip(values, np.isnan(column), strict=True)
    ]


def contact_columns(run: Run) -> dict[str, np.ndarray]:
    """Columns by name, [contact] each, of contacts within the horizon; seconds from its start."""
    parts = [_columns(run, replication, spans) for replication, spans in enumerate(run.contacts)]
    return {name: np.concatenate([part[name] for part in parts]) for name in (parts or [{}])[0]}


def _columns(run: Run, replication: int, spans: list[np.ndarray]) -> dict[str, np.ndarray]:
    scenario = run.scenario
    rows = np.concatenate([span[span.phase == CLOSED] for span in spans[:-1]] + spans[-1:])
    rows = rows[rows["arrived_ms"] >= 0]
    order = np.lexsort((rows["leg"], rows["attempt"], rows["name"], rows["arrived_ms"]))
    rows = rows[order]
    columns = {"replication": np.full(len(rows), replication)}
    columns["issue"] = rows["name"]
    columns["attempt"] = rows["attempt"]
    columns["leg"] = rows["leg"]
    columns["type"] = np.array(scenario.types)[rows["type"]]
    columns["segment"] = np.array(scenario.segments or ["everyone"])[rows["segment"]]
    columns["customer"] = rows["customer"]
    columns["outcome"] = np.array(OUTCOMES)[rows["outcome"]]
    for name in TIMES:
        at_ms = rows[f"{name}_ms"]
        columns[f"{name}_s"] = np.where(at_ms >= 0, at_ms / MS_PER_SECOND, np.nan)
    columns["group"] = np.array([*scenario.groups, ""])[rows["group"]]
    columns["seat"] = rows["seat"]
    for name in DURATIONS:
        columns[f"{name}_s"] = rows[f"{name}_ms"] / MS_PER_SECOND
    columns["resolved"] = rows["resolved"]
    columns["product"] = np.array([*scenario.products, ""])[rows["product"]]
    columns["accepted"] = rows["accepted"]
    columns["last_of_issue"] = rows["last"]
    return {name: columns[name] for name in CONTACTS_FILE.columns}

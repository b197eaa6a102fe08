"""Every contact of a run, one row each, for who wants to look at them."""

from __future__ import annotations

import gzip
import importlib.util
import io
from pathlib import Path

import numpy as np
import pandas as pd

from sim.experiment import Run
from sim.tables import CLOSED, DUE_LATER
from sim.units import MS_PER_SECOND

OUTCOMES = (
    "open", "answered", "gave up", "blocked", "balked", "withdrawn",
    "reached", "not reached", "expired",
)  # fmt: skip
TIMES = ("arrived", "answered", "left")
DURATIONS = ("talk", "hold", "offer", "wrap_up")


def write_contacts(run: Run, folder: Path) -> Path:
    """Parquet where pyarrow is there, else gzipped CSV with a fixed time stamp."""
    frame = contacts_frame(run)
    if importlib.util.find_spec("pyarrow"):
        file = folder / "contacts.parquet"
        frame.to_parquet(file, index=False)
        return file
    file = folder / "contacts.csv.gz"
    with file.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as zipped:
        frame.to_csv(
            io.TextIOWrapper(zipped, "utf-8", newline=""), index=False, lineterminator="\n"
        )
    return file


def contacts_frame(run: Run) -> pd.DataFrame:
    """One row per contact within the horizon; times in seconds from its start."""
    frames = [_frame(run, replication, spans) for replication, spans in enumerate(run.contacts)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _frame(run: Run, replication: int, spans: list[np.ndarray]) -> pd.DataFrame:
    scenario = run.scenario
    rows = np.concatenate([span[span.phase == CLOSED] for span in spans[:-1]] + spans[-1:])
    rows = rows[(rows["arrived_ms"] >= 0) & (rows["phase"] != DUE_LATER)]
    order = np.lexsort((rows["leg"], rows["attempt"], rows["name"], rows["arrived_ms"]))
    rows = rows[order]
    columns: dict[str, object] = {"replication": np.full(len(rows), replication)}
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
    return pd.DataFrame(columns)

"""Tables beside a scenario: a profile or seats by weekday and time of day, as a CSV file.

The first row names the columns: `weekday` (Mon …), `start` (08:30), and one column of values,
named like the contact type or group that refers to the file, or `value`. Times that are left out
are 0. The values replace the file's name, so a resolved scenario stands on its own.
"""

from __future__ import annotations

import csv
from pathlib import Path

from sim.domain.demand import DAYS
from sim.errors import Problem, ScenarioError
from sim.loading import Tree
from sim.units import MINUTES_PER_HOUR, SECONDS_PER_MINUTE, parse_duration

MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR


def inline_files(tree: Tree) -> Tree:
    """Replace the name of every CSV file by its values; raises ScenarioError with all faults."""
    problems: list[Problem] = []
    for parent, key in (
        *((("contacts", name, "volume"), "profile") for name in _names(tree, "contacts")),
        *((("agents", name, "positions"), "meet") for name in _names(tree, "agents")),
        *((("agents", name, "positions"), "seats") for name in _names(tree, "agents")),
        (("agents", "positions"), "meet"),
    ):
        node = tree.node((*parent, key))
        if node is not None and isinstance(node.value, str) and node.value.endswith(".csv"):
            file = tree.folder_of((*parent, key)) / node.value
            try:
                values = read_week(file, column=str(parent[1]), interval_minutes=_interval(tree))
            except ValueError as error:
                what, _, remedy = str(error).partition(" | ")
                problems.append(tree.problem((*parent, key), what, remedy))
            else:
                tree = tree.with_value((*parent, key), values)
    if problems:
        raise ScenarioError(problems, tree.file)
    return tree


def read_week(file: Path, column: str, interval_minutes: int) -> list[float]:
    """Values by interval from Monday 00:00; ValueError "what | remedy" for a faulty file."""
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except OSError:
        raise ValueError(f"there is no file {file} | put it beside the scenario") from None
    header = list(rows[0]) if rows else []
    name = next((c for c in (column, "value") if c in header), None)
    if name is None or not {"weekday", "start"} <= set(header):
        raise ValueError(
            f"{file} needs the columns weekday, start and {column} | name them in its first row"
        )
    per_day = MINUTES_PER_DAY // interval_minutes
    values = [0.0] * (per_day * len(DAYS))
    for i, row in enumerate(rows, start=2):
        try:
            hours, minutes = map(int, row["start"].split(":"))
            day, minute = DAYS.index(row["weekday"]), hours * MINUTES_PER_HOUR + minutes
            value = float(row[name])
        except (ValueError, AttributeError, TypeError):
            raise ValueError(f"{file}:{i}: is not a row | write Mon,08:30,12.5") from None
        if minute % interval_minutes or not 0 <= minute < MINUTES_PER_DAY or not value >= 0:
            raise ValueError(
                f"{file}:{i}: starts between intervals of {interval_minutes} min, or is negative"
                " | use the horizon's interval, and values of 0 or more"
            )
        values[day * per_day + minute // interval_minutes] = value
    return values


def _names(tree: Tree, block: str) -> list[str]:
    node = tree.node((block,))
    return list(node.value) if node is not None and isinstance(node.value, dict) else []


def _interval(tree: Tree) -> int:
    node = tree.node(("horizon", "interval"))
    try:
        seconds = parse_duration(node.value) if node is not None else 1800.0
    except Exception:  # a faulty interval is reported with the other problems of the scenario
        seconds = 1800.0
    return max(1, int(seconds) // SECONDS_PER_MINUTE)

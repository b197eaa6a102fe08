"""The tables of `show`: values with their source, evidence and range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.language.evidence import LEGEND
from sim.language.node import dotted
from sim.report.pages.page import Sheet
from sim.scenario.values import Value, range_of

_WIDEST = 60


def value_rows(values: Sequence[Value], columns: Sequence[str]) -> list[dict[str, Any]]:
    """A row for each value, as plain values by column."""
    return [{column: _cell(value, column) for column in columns} for value in values]


def values_sheet(values: Sequence[Value], columns: tuple[str, ...]) -> Sheet:
    """The same as text."""
    rows = tuple(tuple(map(_short, row.values())) for row in value_rows(values, columns))
    notes = ("", LEGEND) if "evidence" in columns else ()
    return Sheet("", columns, rows, notes, names=len(columns), wraps=False)


def _cell(value: Value, column: str) -> Any:
    match column:
        case "path":
            return dotted(value.path)
        case "range":
            return range_of(value)
        case "evidence":
            return value.evidence.words
        case _:
            return getattr(value, column)


def _short(value: Any) -> str:
    """A value as a cell of a table."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and len(str(value)) > _WIDEST:
        return f"{len(value)} values"
    return " ".join(str(value).split())

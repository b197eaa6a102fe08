"""Profit and loss by fiscal year, quarter and month: of one scenario, and the gap between two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from xlsxwriter.utility import xl_rowcol_to_cell

from sim.report.workbook.drivers import Drivers
from sim.report.workbook.layout import Column, Layout, Row
from sim.report.workbook.paper import Tab

LABEL, ACCOUNT, AMOUNTS = 0, 1, 2
FIRST = 5
LOOK = {"line": ("indent",), "sum": ("sum",), "against": ("bold",), "end": ("end",)}
NOTE = (
    "Costs are negative. A week belongs to the month in which it starts; months hold four or five."
    " Formulas throughout: drivers × inputs, sums as SUM; rounded only in what is shown."
)


class Statement(NamedTuple):
    """A sheet of amounts by row and column of the layout."""

    tab: Tab
    layout: Layout
    amounts: np.ndarray
    """[row, month] with the inputs as typed."""

    def at(self, row: int, column: int = 0) -> str:
        """A reference to the amount in a row and column of the layout; first comes the total."""
        return self.tab.at(FIRST + row, AMOUNTS + column)

    def value(self, row: int, column: int = 0) -> float:
        """That amount with the inputs as typed."""
        return float(self.amounts[row, self.layout.columns[column].months].sum())

    def months(self, row: int) -> str:
        """A reference to the months of a row."""
        first = AMOUNTS + self.layout.first_month
        last = AMOUNTS + len(self.layout.columns) - 1
        return self.tab.block((FIRST + row, first), (FIRST + row, last))

    @property
    def month_names(self) -> str:
        """A reference to the names of the months."""
        return self.months(-2)


def write_profit_and_loss(
    tab: Tab,
    name: str,
    layout: Layout,
    lines: Mapping[str, np.ndarray],
    drivers: Drivers,
    base: Statement | None,
) -> Statement:
    """Write the statement of one scenario; `base` is the baseline's, None of the baseline."""
    amounts = layout.amounts(lines, None if base is None else base.amounts)
    statement = Statement(tab, layout, amounts)

    def source(row: Row, r: int, month: int) -> str | None:
        column = layout.first_month + month
        if row.kind == "line":
            return drivers.formula(row.account, month)
        (kept,) = row.parts
        own = xl_rowcol_to_cell(FIRST + kept, AMOUNTS + column)
        return f"{own}-{(base or statement).at(kept, column)}"

    _write(statement, f"Profit and loss of {name}", source)
    return statement


def write_gap(tab: Tab, name: str, own: Statement, base: Statement, base_name: str) -> Statement:
    """Write a variant's statement less the baseline's."""
    gap = Statement(tab, own.layout, own.amounts - base.amounts)

    def source(row: Row, r: int, month: int) -> str:
        column = own.layout.first_month + month
        return f"{own.at(r, column)}-{base.at(r, column)}"

    _write(gap, f"{name} less {base_name}", source)
    return gap


def _write(statement: Statement, title: str, source: Callable[[Row, int, int], str | None]) -> None:
    """Write head and rows; `source` gives a formula for the month of a row that is no sum."""
    tab, layout = statement.tab, statement.layout
    tab.text(0, 0, title, "title")
    tab.text(1, 0, NOTE, "note")
    tab.texts(
        FIRST - 2, (f"{tab.paper.currency}, mean of replications", "line of the ledger"), "head"
    )
    tab.texts(FIRST - 1, ("weeks", ""), "grey")
    for c, column in enumerate(layout.columns):
        tab.text(FIRST - 2, AMOUNTS + c, column.name, "head", "right")
        weeks = sum(len(one.weeks) for one in layout.months[column.months])
        tab.number(FIRST - 1, AMOUNTS + c, weeks, "grey", "count", *_shade(column))
    for r, row in enumerate(layout.rows):
        looks = (
            LOOK["sum"] if r in layout.groups.values() and row.kind == "line" else LOOK[row.kind]
        )
        tab.text(FIRST + r, LABEL, row.label, *looks)
        tab.text(
            FIRST + r, ACCOUNT, row.account, *(one for one in looks if one != "indent"), "grey"
        )
        _write_row(statement, r, looks, source)
    widths = [34, 27, *(11 if one.kind == "month" else 13 for one in layout.columns)]
    tab.sheet.freeze_panes(FIRST, AMOUNTS)
    tab.shape(widths, head=FIRST, pages=[AMOUNTS, *(AMOUNTS + c for c in _years(layout))])


def _years(layout: Layout) -> list[int]:
    """The first column of months of each fiscal year."""
    starts = [one.months.start for one in layout.columns if one.kind == "year"]
    return [layout.first_month + start for start in starts]


def _write_row(
    statement: Statement,
    r: int,
    looks: tuple[str, ...],
    source: Callable[[Row, int, int], str | None],
) -> None:
    tab, layout = statement.tab, statement.layout
    row = layout.rows[r]
    looks = tuple(one for one in looks if one != "indent")
    for c, column in enumerate(layout.columns):
        cell = FIRST + r, AMOUNTS + c
        look = (*looks, "amount", *_shade(column))
        if row.kind in ("sum", "end"):
            formula = _added(row.parts, AMOUNTS + c)
        elif column.kind != "month":
            first = AMOUNTS + layout.first_month
            a, b = first + column.months.start, first + column.months.stop - 1
            formula = f"SUM({xl_rowcol_to_cell(cell[0], a)}:{xl_rowcol_to_cell(cell[0], b)})"
        else:
            formula = source(row, r, column.months.start)
        if formula is None:
            tab.number(*cell, 0.0, *look)
        else:
            tab.formula(*cell, formula, statement.value(r, c), *look)


def _added(parts: tuple[int, ...], column: int) -> str:
    """A SUM of rows; those that follow one another as one range."""
    cells = [xl_rowcol_to_cell(FIRST + part, column) for part in parts] or ["0"]
    if len(parts) > 1 and parts[-1] - parts[0] == len(parts) - 1:
        return f"SUM({cells[0]}:{cells[-1]})"
    return f"SUM({','.join(cells)})"


def _shade(column: Column) -> tuple[str, ...]:
    """Sums over months stand out."""
    return ("shade",) if column.kind in ("total", "year") else ()

"""The sheet of drivers of one scenario: what each line of its ledger is made of, month by month.

A line is the sum of its drivers × products of inputs. A driver is a count, hours, or whatever the
inputs are paid for; it is negative where the line is a cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sim.experiments.drivers import Set, Terms
from sim.metrics.lines import line_of
from sim.report.workbook.inputs import Inputs
from sim.report.workbook.layout import Layout
from sim.report.workbook.paper import Tab

HEAD = ("line of the ledger", "driver of", "made of", "inputs now")
RATE = HEAD.index("inputs now")
FIRST = 4
NOTE = (
    "line = sum of drivers × product of inputs, at full precision; means over replications."
    " Drivers are what was played (hours, contacts, sales …): they follow no input."
)
FIXED = "no input"


class Drivers(NamedTuple):
    """Where the drivers of a scenario are."""

    tab: Tab
    rows: dict[str, tuple[int, int]]
    """By line, its first and last row."""

    def formula(self, line: str, month: int) -> str | None:
        """A formula for a line in a month (from 0); None where the line is 0."""
        if line not in self.rows:
            return None
        first, last = self.rows[line]
        column = RATE + 1 + month
        if first == last:
            rate, driver = self.tab.at(first, RATE, fixed="column"), self.tab.at(first, column)
            return f"{rate}*{driver}"
        rates = self.tab.block((first, RATE), (last, RATE), fixed="column")
        drivers = self.tab.block((first, column), (last, column), fixed="")
        return f"SUMPRODUCT({rates},{drivers})"


def write_drivers(
    tab: Tab, name: str, lines: Mapping[str, Terms], layout: Layout, inputs: Inputs
) -> Drivers:
    """Write a row for each driver, those of a line one below the other."""
    tab.text(0, 0, f"Drivers of {name}", "title")
    tab.text(1, 0, NOTE, "note")
    tab.texts(FIRST - 1, HEAD[:RATE], "head")
    tab.text(FIRST - 1, RATE, HEAD[RATE], "head", "right")
    for m, month in enumerate(layout.months):
        tab.text(FIRST - 1, RATE + 1 + m, month.name, "head", "right")
    row, rows = FIRST, {}
    for account in (one.account for one in layout.rows if one.kind == "line"):
        terms = lines.get(account, {})
        if terms:
            rows[account] = (row, row + len(terms) - 1)
        for s, amounts in terms.items():
            _write_driver(tab, row, account, s, inputs)
            look = "cents" if np.abs(amounts).max() >= 1 else "small"
            for m, amount in enumerate(amounts.tolist()):
                tab.number(row, RATE + 1 + m, amount, look)
            row += 1
    tab.sheet.freeze_panes(FIRST, RATE + 1)
    widths = [32, 78, 62, 14, *(14 for _ in layout.months)]
    pages = [2, *(RATE + 1 + m for m in range(12, len(layout.months), 12))]
    tab.shape(widths, head=FIRST, pages=pages)
    return Drivers(tab, rows)


def _write_driver(tab: Tab, row: int, account: str, s: Set, inputs: Inputs) -> None:
    paths = " × ".join(inputs.numbers[i].path for i in sorted(s))
    tab.text(row, 0, account)
    tab.text(row, 1, paths or FIXED)
    tab.text(row, 2, line_of(account).made_of, "grey")
    if s:
        tab.formula(row, RATE, inputs.product(s), inputs.product_now(s), "rate")
    else:
        tab.number(row, RATE, 1.0, "rate")

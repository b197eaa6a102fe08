"""The rows and columns of a profit and loss statement, the same for every scenario compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.core.fiscal import Period, periods
from sim.report.figures.of_comparison import GROUPS
from sim.scenario.spec import ScenarioSpec

KEPT = ("kept:",)


class Column(NamedTuple):
    """A column of sums over months that follow one another."""

    name: str
    months: slice
    kind: str
    """total, year, quarter or month."""


class Row(NamedTuple):
    """A row: a line of the ledger, or a sum of rows above it."""

    label: str
    kind: str
    """line, sum, end (a sum that closes a part) or against (less the baseline's)."""
    account: str = ""
    parts: tuple[int, ...] = ()
    """The rows that are added; of `against` the one that is held against the baseline's."""


class Layout(NamedTuple):
    """Rows in order, with the places of those that others refer to."""

    rows: list[Row]
    columns: list[Column]
    months: list[Period]
    groups: dict[str, int]
    """The row of each group of lines, as the bridge names it."""
    contribution: int
    kept: int | None
    """Against the baseline; None where no scenario has customers with a margin."""
    result: int

    @property
    def first_month(self) -> int:
        """The first of the columns that are months."""
        return len(self.columns) - len(self.months)

    def amounts(self, lines: Mapping[str, np.ndarray], base: np.ndarray | None) -> np.ndarray:
        """[row, month] from lines of the ledger [month]; `base` is the baseline's, None its own."""
        found = np.zeros((len(self.rows), len(self.months)))
        for r, row in enumerate(self.rows):
            if row.kind == "line":
                found[r] = lines.get(row.account, 0.0)
            elif row.kind == "against":
                (kept,) = row.parts
                found[r] = found[kept] - (found if base is None else base)[kept]
            else:
                found[r] = found[list(row.parts)].sum(axis=0)
        return found


def columns_of(spec: ScenarioSpec, months: Sequence[Period]) -> list[Column]:
    """The whole horizon, then fiscal years, quarters and months."""
    found = [Column("total", slice(0, len(months)), "total")]
    for kind in ("year", "quarter"):
        first_month = spec.finance.fiscal_year_start
        for one in periods(spec.horizon.start, spec.horizon.n_weeks, first_month, kind):
            within = [m for m, month in enumerate(months) if month.weeks[0] in one.weeks]
            name = f"FY {one.name}" if kind == "year" else one.name
            found.append(Column(name, slice(within[0], within[-1] + 1), kind))
    singly = (Column(one.name, slice(m, m + 1), "month") for m, one in enumerate(months))
    return [*found, *singly]


def layout_of(spec: ScenarioSpec, months: list[Period], accounts: Sequence[str]) -> Layout:
    """The layout for all lines of the ledger that are not 0 in every scenario."""
    rows: list[Row] = []
    groups: dict[str, int] = {}

    def add(row: Row) -> int:
        rows.append(row)
        return len(rows) - 1

    for group, starts in GROUPS.items():
        if starts == KEPT:
            continue
        if (place := _add_group(rows, group, starts, accounts)) is not None:
            groups[group] = place
    margin = [place for group, place in groups.items() if GROUPS[group] == ("margin:",)]
    costs = [place for place in groups.values() if place not in margin]
    cost = add(Row("operating cost", "sum", parts=tuple(costs)))
    contribution = add(Row("contribution", "end", parts=(*margin, cost)))
    kept, ends = None, (contribution,)
    retained = next(group for group, starts in GROUPS.items() if starts == KEPT)
    if (place := _add_group(rows, "kept margin of customers", KEPT, accounts)) is not None:
        kept = add(Row("kept, against the baseline", "against", parts=(place,)))
        groups[retained], ends = kept, (contribution, kept)
    result = add(Row("result", "end", parts=ends))
    columns = columns_of(spec, months)
    return Layout(rows, columns, months, groups, contribution, kept, result)


def _add_group(
    rows: list[Row], group: str, starts: tuple[str, ...], accounts: Sequence[str]
) -> int | None:
    """Add the lines of a group and their sum; the row that stands for it, None without lines."""
    lines = [account for account in accounts if account.startswith(starts)]
    if not lines:
        return None
    if len(lines) == 1:
        rows.append(Row(group, "line", lines[0]))
        return len(rows) - 1
    places = range(len(rows), len(rows) + len(lines))
    rows += [Row(_label(account), "line", account) for account in lines]
    rows.append(Row(group, "sum", parts=tuple(places)))
    return len(rows) - 1


def _label(account: str) -> str:
    """`cost:labour:wrap_up` is `labour, wrap up`."""
    return ", ".join(account.split(":")[1:]).replace("_", " ")

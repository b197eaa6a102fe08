"""Native charts: the result by month, and for each variant the bridge from the baseline's result.

A bridge is made of stacked columns. A column from a to b that crosses 0 has a part on each side, so
gains and losses have two series each; a series without colour holds up what stands clear of 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.report.workbook.layout import Layout
from sim.report.workbook.paper import Tab
from sim.report.workbook.statement import Statement

GAIN, LOSS, TOTAL = "#2E7D32", "#C62828", "#1F3864"
COLOURS = ("#1F3864", "#C55A11", "#2E7D32", "#7030A0", "#806000", "#00707C", "#8B1A4B", "#404040")
HEAD = ("from the baseline to it", "change", "so far", "holds up", "gain", "gain below 0", "loss",
        "loss below 0", "total")  # fmt: skip
CHANGE, SO_FAR, HOLDS, GAIN_UP, GAIN_DOWN, LOSS_UP, LOSS_DOWN, WHOLE = range(1, len(HEAD))
WIDE, HIGH = 760, 330
ROWS_OF_A_CHART = 18
"""Rows of usual height that a chart covers."""
ON_A_PAGE = 3
OF_A_COLUMN = 84
"""Width of a column of a bridge, with its name below."""
BESIDE = len(HEAD) + 1
"""The column right of the tables."""


def write_charts(
    tab: Tab,
    layout: Layout,
    statements: Sequence[tuple[str, Statement]],
    gaps: Sequence[tuple[str, Statement]],
) -> None:
    """Charts of months at the top, then for each variant a table with its bridge beside it."""
    tab.text(0, 0, "Charts: they follow the inputs", "title")
    months = len(layout.months) > 1
    if months:
        wanted = [("Result by fiscal month", "line", statements)]
        wanted += [("Result by fiscal month, less the baseline's", "column", gaps)] if gaps else []
        for k, (title, kind, shown) in enumerate(wanted):
            chart = _by_month(tab, layout, title, kind, shown)
            tab.sheet.insert_chart(2, 0 if k == 0 else BESIDE, chart)
    row, breaks = 2 + (ROWS_OF_A_CHART if months else 0), []
    for i, (name, gap) in enumerate(gaps):
        if i and (i + months) % ON_A_PAGE == 0:
            breaks.append(row)
        _write_bridge(tab, row, name, gap)
        row += max(ROWS_OF_A_CHART, len(layout.groups) + 5)
    tab.sheet.set_h_pagebreaks(breaks)
    tab.shape([34, *[12] * (len(HEAD) - 1)])


def _by_month(
    tab: Tab, layout: Layout, title: str, kind: str, shown: Sequence[tuple[str, Statement]]
) -> Any:
    chart: Any = tab.paper.book.add_chart({"type": kind})
    for i, (name, statement) in enumerate(shown):
        colour = {"color": COLOURS[i % len(COLOURS)]}
        looks = {"line": {**colour, "width": 2}} if kind == "line" else {"fill": colour}
        series = {
            "name": name,
            "categories": f"={statement.month_names}",
            "values": f"={statement.months(layout.result)}",
        }
        chart.add_series({**series, **looks})
    _dress(chart, title, tab.paper.currency)
    chart.set_legend({"position": "bottom"})
    return chart


def _write_bridge(tab: Tab, top: int, name: str, gap: Statement) -> None:
    layout = gap.layout
    tab.text(top, 0, f"{name}: what makes the difference in result, over the horizon", "section")
    tab.text(top + 1, 0, HEAD[0], "head")
    for column, word in enumerate(HEAD[1:], start=1):
        tab.text(top + 1, column, word, "head", "right")
    first, so_far = top + 2, 0.0
    for row, (group, place) in enumerate(layout.groups.items(), start=first):
        change = gap.value(place)
        tab.text(row, 0, group)
        tab.formula(row, CHANGE, gap.at(place), change, "amount")
        _write_column(tab, row, row == first, so_far, change)
        so_far += change
    last = first + len(layout.groups)
    total = gap.value(layout.result)
    tab.text(last, 0, "result, less the baseline's", "end")
    tab.formula(last, CHANGE, gap.at(layout.result), total, "end", "amount")
    tab.formula(last, WHOLE, f"B{last + 1}", total, "end", "amount")
    tab.sheet.insert_chart(top, BESIDE, _bridge(tab, name, first, last), {"y_offset": 3})


def _write_column(tab: Tab, row: int, is_first: bool, before: float, change: float) -> None:
    """The parts of one column of a bridge, from `a` (before) to `b` (after)."""
    n, after = row + 1, before + change
    a, b = "0" if is_first else f"C{n - 1}", f"C{n}"
    tab.formula(row, SO_FAR, f"{a}+B{n}", after, "grey", "amount")
    low, high = min(before, after), max(before, after)
    up, down = max(0.0, high) - max(0.0, low), min(0.0, low) - min(0.0, high)
    tall_up = f"MAX(0,{a},{b})-MAX(0,MIN({a},{b}))"
    tall_down = f"MIN(0,{a},{b})-MIN(0,MAX({a},{b}))"
    is_gain = change >= 0
    held = max(0.0, low) + min(0.0, high)
    cells = (
        (HOLDS, f"MAX(0,MIN({a},{b}))+MIN(0,MAX({a},{b}))", held),
        (GAIN_UP, f"IF(B{n}>=0,{tall_up},0)", up if is_gain else 0.0),
        (GAIN_DOWN, f"IF(B{n}>=0,{tall_down},0)", down if is_gain else 0.0),
        (LOSS_UP, f"IF(B{n}<0,{tall_up},0)", 0.0 if is_gain else up),
        (LOSS_DOWN, f"IF(B{n}<0,{tall_down},0)", 0.0 if is_gain else down),
    )
    for column, formula, value in cells:
        tab.formula(row, column, formula, value, "grey", "amount")


def _bridge(tab: Tab, name: str, first: int, last: int) -> Any:
    width = max(WIDE, OF_A_COLUMN * (last - first + 1))
    chart: Any = tab.paper.book.add_chart({"type": "column", "subtype": "stacked"})
    colours = {HOLDS: None, GAIN_UP: GAIN, GAIN_DOWN: GAIN, LOSS_UP: LOSS, LOSS_DOWN: LOSS,
               WHOLE: TOTAL}  # fmt: skip
    for column, colour in colours.items():
        chart.add_series(
            {
                "name": HEAD[column],
                "categories": f"={tab.block((first, 0), (last, 0))}",
                "values": f"={tab.block((first, column), (last, column))}",
                "fill": {"color": colour} if colour else {"none": True},
                "border": {"none": True},
                "gap": 40,
            }
        )
    _dress(chart, f"{name}: from the baseline's result to its own", tab.paper.currency, width)
    chart.set_legend({"none": True})
    return chart


def _dress(chart: Any, title: str, currency: str, width: float = WIDE) -> None:
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    chart.set_x_axis({"label_position": "low", "num_font": {"size": 9}})
    axis = {"name": currency, "num_format": "#,##0", "major_gridlines": {"visible": True,
            "line": {"color": "#D9D9D9"}}}  # fmt: skip
    chart.set_y_axis(axis)
    chart.set_size({"width": width, "height": HIGH})

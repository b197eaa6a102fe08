"""Every number that has a default: what it is, where it comes from, and whether it was typed."""

from __future__ import annotations

from typing import Any

from sim.experiments.comparison import Comparison
from sim.language.node import dotted
from sim.language.quantities import plain, read_quantity
from sim.report.pages.texts import scenarios_of
from sim.report.workbook.paper import Tab
from sim.scenario.assumptions import Assumption, assumptions_of

HEAD = ("number", "value", "unit", "mark", "evidence of the default", "typed", "in")
FIRST = 4
NOTE = (
    "Defaults of the program and what was typed in their place; where scenarios differ, each once."
)


def write_assumptions(tab: Tab, comparison: Comparison) -> None:
    """A row for each number and value; those of weak evidence in bold."""
    scenarios = scenarios_of(comparison)
    found: dict[tuple[str, str], tuple[Assumption, list[str]]] = {}
    for scenario in scenarios:
        for one in assumptions_of(scenario):
            key = dotted(one.path), repr(one.value)
            found.setdefault(key, (one, []))[1].append(scenario.spec.name)
    tab.text(0, 0, "Assumptions", "title")
    tab.text(1, 0, f"{NOTE} Bold: a default in use, on weak evidence.", "note")
    side = {1: "right", 2: "indent"}
    for column, word in enumerate(HEAD):
        tab.text(FIRST - 1, column, word, "head", *filter(None, [side.get(column)]))
    for row, ((path, _), (one, names)) in enumerate(found.items(), start=FIRST):
        look = ("bold",) if one.is_weak else ()
        tab.text(row, 0, path, "top", *look)
        _write_value(tab, row, one.value)
        told = "typed" if one.overridden else "default"
        tab.text(row, 3, one.mark, "top")
        tab.text(row, 4, one.evidence.words, "wrap")
        tab.text(row, 5, told, "top")
        tab.text(row, 6, "all" if len(names) == len(scenarios) else ", ".join(names), "wrap")
    tab.sheet.freeze_panes(FIRST, 1)
    tab.sheet.autofilter(FIRST - 1, 0, FIRST + max(1, len(found)) - 1, len(HEAD) - 1)
    tab.shape((50, 26, 16, 13, 62, 9, 34), head=FIRST)


def _write_value(tab: Tab, row: int, value: Any) -> None:
    """A quantity as a number and its unit, so that `25%` is 0.25; anything else as text."""
    quantity = read_quantity(value)
    if quantity is None:
        tab.text(row, 1, str(value), "top", "right")
        tab.text(row, 2, "", "top")
        return
    decimals = len(plain(quantity.number).partition(".")[2])
    shown = f"0.{'0' * max(1, decimals)}%" if quantity.suffix == "%" else _decimal(decimals)
    tab.number(row, 1, quantity.amount, "top", shown)
    tab.text(row, 2, quantity.unit, "top", "indent")


def _decimal(decimals: int) -> str:
    return f"#,##0.{'0' * decimals}" if decimals else "#,##0"

"""The sheet of inputs: what is only booked, a cell each, that formulas know by a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import NamedTuple

from sim.experiments.booked_numbers import Number
from sim.experiments.drivers import Set
from sim.experiments.monomials import Products
from sim.language.fields import parse_money
from sim.language.node import dotted
from sim.language.quantities import plain
from sim.report.workbook.paper import Paper, Tab
from sim.runs.run import Run
from sim.scenario.values import values_of

HEAD = ("input", "what it is", "value", "unit", "as typed", "", "least", "most", "typed in")
NAME, SAYS, VALUE, UNIT, TYPED, CHANGED, LEAST, MOST, WHERE = range(len(HEAD))
WIDTHS = (34, 64, 13, 20, 13, 11, 11, 11, 38)
FIRST = 5
"""The first row of inputs."""
HOW = (
    "Change a yellow cell: drivers, profit and loss, bridge and budget follow at once.",
    "Only numbers that change no play are here; `ccprofit compare … --set INPUT=VALUE` gives the"
    " same, with intervals. All others must be played.",
)


class Inputs(NamedTuple):
    """Where the inputs are."""

    numbers: Sequence[Number]
    names: list[str]
    """By which formulas know them."""
    changed: str
    """A reference to the cells that say `changed`."""

    def product(self, s: Set) -> str:
        """A formula for the product of some inputs."""
        return "*".join(self.names[i] for i in sorted(s))

    def product_now(self, s: Set) -> float:
        """The same, as typed."""
        found = 1.0
        for i in sorted(s):
            found *= self.numbers[i].typed.amount
        return found

    def name_of(self, path: str) -> str | None:
        """The name of the input at a path; None where it is none."""
        paths = [one.path for one in self.numbers]
        return self.names[paths.index(path)] if path in paths else None


def write_inputs(tab: Tab, products: Products, runs: Sequence[Run]) -> Inputs:
    """Write the sheet; it is locked, without a password, but for the cells of inputs."""
    paper, sheet = tab.paper, tab.sheet
    tab.text(0, 0, "Inputs", "title")
    for row, line in enumerate(HOW, start=1):
        tab.text(row, 0, line, "note")
    for column, word in enumerate(HEAD):
        side = ["right"] if column in (VALUE, TYPED, LEAST, MOST) else []
        side = ["indent"] if column in (UNIT, CHANGED, WHERE) else side
        tab.text(FIRST - 1, column, word, "head", *side)
    places = _places(runs)
    names = names_for([one.path for one in products.numbers])
    for row, (number, name) in enumerate(zip(products.numbers, names, strict=True), start=FIRST):
        _write_input(tab, row, number, places.get(number.path, ""))
        paper.book.define_name(name, f"={tab.at(row, VALUE, fixed='row column')}")
    last = max(FIRST, FIRST + len(names) - 1)
    sheet.freeze_panes(FIRST, 1)
    sheet.protect("", {"format_columns": True, "format_rows": True, "format_cells": True})
    tab.shape(WIDTHS, head=FIRST)
    return Inputs(products.numbers, names, tab.block((FIRST, CHANGED), (last, CHANGED)))


def names_for(paths: Iterable[str]) -> list[str]:
    """Names that Excel allows, one for each path: `agents_line_wage`."""
    found: list[str] = []
    for path in paths:
        plain_path = re.sub(r"\W", "_", path)
        name, n = plain_path, 1
        while name.lower() in (one.lower() for one in found):
            n += 1
            name = f"{plain_path}_{n}"
        found.append(name)
    return found


def _write_input(tab: Tab, row: int, number: Number, place: str) -> None:
    shown = _format(number)
    now = number.typed.amount
    tab.text(row, NAME, number.path, "top")
    tab.text(row, SAYS, number.says, "wrap")
    tab.high(row, number.says, WIDTHS[SAYS])
    tab.number(row, VALUE, now, "input", "top", shown)
    tab.text(row, UNIT, _unit(number, tab.paper), "top", "indent")
    tab.number(row, TYPED, now, "grey", "top", shown)
    value, typed = (f"{column}{row + 1}" for column in "CE")
    tab.formula(row, CHANGED, f'IF({value}={typed},"","changed")', "", "bold", "top", "indent")
    least, most = (
        None if end is None else number.typed._replace(number=end).amount for end in number.legal
    )
    assert least is not None  # there is always a least
    tab.number(row, LEAST, least, "grey", "top", shown)
    if most is None:
        tab.text(row, MOST, "", "grey")
        legal = {"criteria": ">=", "value": least}
        told = f"at least {plain(least)}"
    else:
        tab.number(row, MOST, most, "grey", "top", shown)
        legal = {"criteria": "between", "minimum": least, "maximum": most}
        told = f"from {plain(least)} to {plain(most)}"
    told = {"error_title": "not legal", "error_message": f"A number {told} is legal here."}
    tab.sheet.data_validation(row, VALUE, row, VALUE, {"validate": "decimal", **legal, **told})
    tab.text(row, WHERE, place, "grey", "top", "indent")


def _format(number: Number) -> str:
    """A number format with the decimals that were typed."""
    decimals = len(plain(number.now).partition(".")[2])
    if number.typed.suffix == "%":
        return f"0.{'0' * max(1, decimals)}%"
    return f"#,##0.{'0' * max(2, decimals)}"


def _unit(number: Number, paper: Paper) -> str:
    """`EUR per hour`; of a share the time that it is of, of a plain number nothing."""
    unit = number.typed.unit
    if number.typed.suffix == "%":
        return f"share {unit}".strip()
    parsers = {getattr(one, "func", None) for one in number.field.metadata}
    is_money = parse_money in parsers or number.keys[-1] == "margin" or unit.startswith("per ")
    return f"{paper.currency} {unit}".strip() if is_money else unit


def _places(runs: Sequence[Run]) -> dict[str, str]:
    """By path, where a number was typed: file, line and column, or that it is a default."""
    found: dict[str, str] = {}
    for run in runs:
        for value in values_of(run.scenario):
            found.setdefault(dotted(value.path), PurePath(value.source).name)
    return found

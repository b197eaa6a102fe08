"""Print pages on a terminal of any width: figures stay whole, text is broken into lines."""

from __future__ import annotations

from textwrap import wrap
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.report.pages.page import Finding, Page, Sheet

WIDEST_NAME, LEAST_HEAD, LEAST_TEXT, GAP = 26, 12, 14, 2
STYLES = {"": "", "good": "green", "bad": "red", "careful": "yellow"}
_INDENT = "    "


def print_page(page: Page, console: Console) -> None:
    """Print a page: title, sentences, tables, notes, remarks."""
    beside = f"  {page.beside}" if page.beside else ""
    console.print(Text.assemble("\n", (page.title, "bold"), beside))
    for line in page.lead:
        console.print(Text(line))
    for i, part in enumerate(page.sheets):
        if i or isinstance(part, Finding) or part.heading:
            console.print()
        if isinstance(part, Finding):
            _print_finding(part, console)
        else:
            print_sheet(part, console)
    if page.notes:
        console.print()
    for line in page.notes:
        console.print(Text(line, "dim"))
    if page.remarks:
        console.print()
    for line in page.remarks:
        console.print(Text.assemble(("note", "yellow"), f" {line}"))


def print_sheet(sheet: Sheet, console: Console) -> None:
    """Print one table under its heading, with its notes."""
    if sheet.heading:
        console.print(Text(sheet.heading, "bold"))
    for line in sheet.lead:
        console.print(Text(line))
    if sheet.rows:
        console.print(_table(sheet, console.width))
    for line in sheet.notes:
        console.print(Text(line, "dim"))


def _print_finding(found: Finding, console: Console) -> None:
    console.print(Text.assemble((found.name, "bold"), f" — {found.text}" if found.text else ""))
    for line in found.details:
        for part in wrap(line, console.width - len(_INDENT)):
            console.print(Text(_INDENT + part))


def _table(sheet: Sheet, room: int) -> Table:
    """A table in which long names and text are broken into lines, and figures never are."""
    table = Table(box=None, pad_edge=False, header_style="bold" if not sheet.wraps else "")
    widths = _widths(sheet, room) if sheet.wraps else [None] * len(sheet.columns)
    for i, (column, width) in enumerate(zip(sheet.columns, widths, strict=True)):
        head = "\n".join(wrap(column, width)) if width else column
        side: Literal["left", "right"] = "left" if sheet.is_text(i) else "right"
        table.add_column(Text(head), width=width, justify=side, overflow="fold")
    tones = sheet.tones or ("",) * len(sheet.rows)
    for (first, *others), tone in zip(sheet.rows, tones, strict=True):
        name = _broken(first, WIDEST_NAME) if sheet.wraps else first
        cells = [Text(cell) for cell in (name, *others)]
        cells[-1].stylize(STYLES[tone])
        table.add_row(*cells)
    return table


def _broken(path: str, width: int) -> str:
    """A dotted path over as many lines as it needs; anything else as it is."""
    if len(path) <= width or " " in path:
        return path
    lines = [""]
    for part in path.replace(".", ". ").split():
        lines += [part] if len(lines[-1] + part) > width else [lines.pop() + part]
    return "\n".join(lines)


def _widths(sheet: Sheet, room: int) -> list[int]:
    longest = [max(map(len, cells)) for cells in zip(*sheet.rows, strict=True)]
    widths = [max(least, min(len(c), LEAST_HEAD)) for c, least in zip(sheet.columns, longest)]
    widths[0] = min(widths[0], WIDEST_NAME)
    if sheet.ends_in_text:
        others = sum(widths[:-1]) + GAP * (len(widths) - 1)
        widths[-1] = min(widths[-1], max(LEAST_TEXT, room - others))
    return widths

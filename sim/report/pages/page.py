"""A page of a report: tables with headings and notes, for the terminal and as Markdown."""

from __future__ import annotations

from textwrap import wrap
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDEST_NAME, LEAST_HEAD, LEAST_TEXT, GAP = 26, 12, 14, 2


class Sheet(NamedTuple):
    """One table: columns of names, then of figures, and perhaps a last one of text."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    ends_in_text: bool = False
    lead: tuple[str, ...] = ()
    """Sentences before the table."""
    names: int = 1
    """How many columns, from the left, are names."""

    def is_text(self, column: int) -> bool:
        """Whether a column is set from the left."""
        is_last = column == len(self.columns) - 1
        return column < self.names or (self.ends_in_text and is_last)


class Page(NamedTuple):
    """What is printed at once."""

    title: str
    lead: tuple[str, ...]
    """Paragraphs before the first table."""
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()


def print_page(page: Page, console: Console) -> None:
    """To a terminal of any width: figures keep together, text wraps."""
    console.print(f"\n{page.title}", markup=False, style="bold")
    for line in page.lead:
        console.print(line, markup=False)
    for sheet in page.sheets:
        print_sheet(sheet, console)
    console.print()
    for line in page.notes:
        console.print(line, markup=False, style="dim")


def as_facts(page: Page) -> dict[str, Any]:
    """The same page as plain values, for one JSON object."""
    return {**page._asdict(), "sheets": [sheet._asdict() for sheet in page.sheets]}


def print_sheet(sheet: Sheet, console: Console) -> None:
    """One table under its heading, with its notes."""
    console.print(f"\n{sheet.heading}", markup=False, style="bold")
    for line in sheet.lead:
        console.print(line, markup=False)
    if sheet.rows:
        console.print(_table(sheet, console.width))
    for line in sheet.notes:
        console.print(line, markup=False, style="dim")


def as_markdown(page: Page) -> str:
    """The same page as Markdown."""
    lines = [f"# {page.title}", ""]
    for text in page.lead:
        lines += [text, ""]
    for sheet in page.sheets:
        lines += [f"## {sheet.heading}", ""]
        lines += [part for text in sheet.lead for part in (text, "")]
        lines += _markdown_rows(sheet)
        lines += [part for text in sheet.notes for part in (text, "")]
    for text in page.notes:
        lines += [text, ""]
    return "\n".join(lines)


def _table(sheet: Sheet, room: int) -> Table:
    """Figures are never broken; long names are, and the text takes what is left."""
    table = Table(box=None, pad_edge=False, header_style="")
    for i, (column, width) in enumerate(zip(sheet.columns, _widths(sheet, room), strict=True)):
        head = "\n".join(wrap(column, width))
        side = "left" if sheet.is_text(i) else "right"
        table.add_column(Text(head), width=width, justify=side, overflow="fold")
    for first, *others in sheet.rows:
        table.add_row(*map(Text, (_broken(first, WIDEST_NAME), *others)))
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


def _markdown_rows(sheet: Sheet) -> list[str]:
    if not sheet.rows:
        return []
    sides = ["---" if sheet.is_text(i) else "---:" for i in range(len(sheet.columns))]
    rows = [sheet.columns, sides, *sheet.rows]
    return [f"| {' | '.join(_escaped(cell) for cell in row)} |" for row in rows] + [""]


def _escaped(cell: str) -> str:
    return " ".join(cell.split("\n")).replace("|", r"\|")

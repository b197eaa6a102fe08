"""A page as data: tables, findings and sentences. From it come terminal and Markdown.

Nothing here knows terminals or colours: see on_terminal.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

_TAG = re.compile("<(?=[a-zA-Z/!?])")
Tone = Literal["", "good", "bad", "careful"]


class Sheet(NamedTuple):
    """One table: columns of names, then of figures, and perhaps a last column of text."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    ends_in_text: bool = False
    lead: tuple[str, ...] = ()
    """Sentences before the table."""
    names: int = 1
    """How many columns, from the left, are names."""
    tones: tuple[Tone, ...] = ()
    """By row, whether its last cell is good or bad news; empty: neither."""
    wraps: bool = True
    """Whether long names and heads are broken into lines, so that many columns fit."""

    def is_text(self, column: int) -> bool:
        """Whether a column is text, and so aligned to the left."""
        is_last = column == len(self.columns) - 1
        return column < self.names or (self.ends_in_text and is_last)


class Finding(NamedTuple):
    """What was found about one scenario, in sentences."""

    name: str
    text: str
    details: tuple[str, ...] = ()


class Page(NamedTuple):
    """One page."""

    title: str
    lead: tuple[str, ...]
    """Paragraphs before the first table."""
    sheets: tuple[Sheet | Finding, ...]
    notes: tuple[str, ...] = ()
    beside: str = ""
    """Stands on the line of the title, after it."""
    remarks: tuple[str, ...] = ()
    """What a reader must know before believing the page."""


def as_markdown(*pages: Page) -> str:
    """Pages as Markdown, each under its title."""
    return "\n".join(line for page in pages for line in _markdown_lines(page))


def _markdown_lines(page: Page) -> list[str]:
    texts = [page.beside.replace("`", r"\`"), *page.lead]
    lines = [f"# {_plain(page.title)}", "", *_paragraphs(text for text in texts if text)]
    for part in page.sheets:
        lines += _finding_lines(part) if isinstance(part, Finding) else _sheet_lines(part)
    return lines + _paragraphs([*page.notes, *(f"Note: {text}" for text in page.remarks)])


def _finding_lines(found: Finding) -> list[str]:
    told = f" — {_plain(found.text)}" if found.text else ""
    return [f"**{_plain(found.name)}**{told}", "", *_paragraphs(f"- {d}" for d in found.details)]


def _sheet_lines(sheet: Sheet) -> list[str]:
    heading = [f"## {_plain(sheet.heading)}", ""] if sheet.heading else []
    return [*heading, *_paragraphs(sheet.lead), *_markdown_rows(sheet), *_paragraphs(sheet.notes)]


def _paragraphs(texts: Iterable[str]) -> list[str]:
    return [part for text in texts for part in (_plain(text), "")]


def _markdown_rows(sheet: Sheet) -> list[str]:
    if not sheet.rows:
        return []
    sides = ["---" if sheet.is_text(i) else "---:" for i in range(len(sheet.columns))]
    rows = [sheet.columns, sides, *sheet.rows]
    return [f"| {' | '.join(_escaped(cell) for cell in row)} |" for row in rows] + [""]


def _escaped(cell: str) -> str:
    return _plain(cell).replace("|", r"\|")


def _plain(text: str) -> str:
    """Text on one line, in which nothing typed begins HTML; backticks are ours, of commands."""
    return _TAG.sub(r"\\<", " ".join(text.split("\n")))

"""Text and JSON on the terminal: plain in pipes and where NO_COLOR is set."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.streams import visible

if TYPE_CHECKING:
    from rich.console import Console

    from sim.report.pages.page import Page, Sheet

PIPE_WIDTH = 120


def say(text: str, *, err: bool = False, **style: Any) -> None:
    """Print a line, in style on a terminal that wants it."""
    click.echo(_styled(text, **style), err=err)


def tell_error(text: str) -> None:
    """Print what went wrong on stderr, its first line in red."""
    head, _, rest = text.partition("\n")
    say(head, err=True, fg="red", bold=True)
    if rest:
        say(rest, err=True)


def say_json(value: Any) -> None:
    """Print one JSON object."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def say_sheet(sheet: Sheet, indent: str = "") -> None:
    """Print a small table in columns as wide as they need; without rich, which loads slowly."""
    rows = [sheet.columns, *sheet.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    sides = ["<" if sheet.is_text(i) else ">" for i in range(len(widths))]
    for number, row in enumerate(rows):
        cells = [f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths)]
        say(f"{indent}{'  '.join(cells).rstrip()}", bold=number == 0)
    for line in sheet.notes:
        say(f"{indent}{line}")


def say_pages(pages: Sequence[Page], markdown: Path | None, *, as_json: bool = False) -> None:
    """Write pages to a Markdown file if one is named; else print them, unless JSON is printed."""
    if markdown is not None:
        from sim.report.pages.page import as_markdown

        markdown.write_text(as_markdown(*pages), encoding="utf-8")
        click.echo(visible(f"written to {markdown}"), err=as_json)
    elif not as_json:
        from sim.report.pages.on_terminal import print_page

        for page in pages:
            print_page(page, console())


def console() -> Console:
    """Where results are printed; plain in pipes."""
    from rich.console import Console

    return Console(
        highlight=False,
        markup=False,
        emoji=False,
        width=None if sys.stdout.isatty() else PIPE_WIDTH,
    )


def _styled(text: str, **style: Any) -> str:
    text = visible(text)
    return text if os.environ.get("NO_COLOR") else click.style(text, **style)

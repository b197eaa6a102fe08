"""Text and JSON on the terminal: plain in pipes and where NO_COLOR is set."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

import click

from sim.cli.streams import visible

NUMBERS = ">"
"""Alignment of a column of numbers; text is `<`."""


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


def say_table(rows: Sequence[Sequence[str]], alignment: str = "", indent: str = "") -> None:
    """Print rows in columns, the first row as their heads; `alignment` as in `<>>`."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    sides = alignment.ljust(len(widths), "<")
    for number, row in enumerate(rows):
        cells = [f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths)]
        say(f"{indent}{'  '.join(cells).rstrip()}", bold=number == 0)


def _styled(text: str, **style: Any) -> str:
    text = visible(text)
    return text if os.environ.get("NO_COLOR") else click.style(text, **style)

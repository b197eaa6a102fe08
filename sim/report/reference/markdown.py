"""Pages in Markdown: a title, where they come from, and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MADE_BY = "Made from the code by `make reference`; do not edit."


def page(title: str, about: str, *parts: str) -> str:
    """Return a page that ends in a line break."""
    return "\n\n".join([f"# {title}", MADE_BY, about, *parts]) + "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a bar within a cell is written so that it stays one."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def code(text: str) -> str:
    """Return a text as code; nothing of nothing."""
    return f"`{text}`" if text else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")

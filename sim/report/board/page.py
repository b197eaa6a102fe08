"""The page for a board as one HTML file: it asks nothing of any other."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from sim.experiments.comparison import Comparison
from sim.experiments.turning_points import TurningPoints
from sim.report.board.content import content_of, headline_of, shown_on_page
from sim.report.board.payload import payload_of
from sim.report.figures.drawn import Finished
from sim.report.pages.page import Page

BOARD = "report.html"
"""The file of the page in the folder of a comparison or a path."""
HERE = Path(__file__).parent
_CODE = re.compile(r"`([^`]+)`")
_SEEN = re.compile(r" \[([\w-]+\.png)\]$")


def board_page(
    comparison: Comparison,
    beliefs: Sequence[TurningPoints],
    pictures: Finished,
    provenance: Mapping[str, str],
    path: Page | None = None,
) -> str:
    """The HTML of a comparison, or of a path: that of the base with the base after all its steps.

    The pictures are waited for last. `provenance` says by what command and of which runs it was
    made, `path` holds the tables of a path.
    """
    payload = payload_of(comparison, provenance["command"])
    return rendered(
        "page.html",
        **content_of(comparison, beliefs, provenance),
        **headline_of(comparison, path),
        **shown_on_page(pictures()),
        path=path,
        js=Markup((HERE / "page.js").read_text(encoding="utf-8")),
        data=_as_script(payload),
        sliders=_sliders(payload),
        to_play=payload["to_play"],
    )


def rendered(template: str, **values: Any) -> str:
    """A template of this folder, in its style; whatever it shows is escaped."""
    room = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    room.filters["prose"] = _prose
    room.filters["linked"] = _linked
    css = Markup((HERE / "page.css").read_text(encoding="utf-8"))
    return room.get_template(template).render(**values, css=css)


def _prose(text: str) -> Markup:
    """A sentence with what stands between backticks as code; all else is escaped."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def _linked(told: Markup, figure_of: Mapping[str, str]) -> Markup:
    """An answer that ends in the file of a picture, with a link to it on this page instead."""
    named = _SEEN.search(told)
    if named is None or named[1] not in figure_of:
        return told
    link = f'<a href="#{figure_of[named[1]]}">see {named[1].removesuffix(".png")}</a>'
    return Markup(f"{told[: named.start()]} ({link})")


def _as_script(payload: Mapping[str, object]) -> Markup:
    """JSON that ends no script element and begins no comment, whatever names people type."""
    text = json.dumps(payload, separators=(",", ":"), allow_nan=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def _sliders(payload: Mapping[str, Any]) -> list[tuple[str, list[tuple[int, dict[str, Any]]]]]:
    """The numbers by block of the file, each with its place; the discount rate comes last."""
    numbers: list[tuple[int, dict[str, Any]]] = list(enumerate(payload["numbers"]))
    if payload["rate"]:
        numbers.append((len(numbers), payload["rate"]))
    blocks: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for i, one in numbers:
        blocks.setdefault(one["path"].partition(".")[0], []).append((i, one))
    return list(blocks.items())

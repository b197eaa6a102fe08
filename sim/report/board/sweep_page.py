"""The page of a sweep as one HTML file: its table and its pictures, with their data."""

from __future__ import annotations

from collections.abc import Sequence

from sim.core.machine_code import versions
from sim.core.version import VERSION
from sim.report.board.along_number import sheet_along
from sim.report.board.content import Shown
from sim.report.board.page import rendered
from sim.report.figures.drawn import Picture, drawn
from sim.report.pages.page import Page


def sweep_board_page(page: Page, pictures: Sequence[Picture], command: str) -> str:
    """The HTML of a sweep: what `page` says, with the pictures of its points."""
    shown = [
        Shown(f"p-{i}", one.drawing, sheet_along(one.shows), "")
        for i, one in enumerate(drawn(pictures, "f"))
    ]
    used = ", ".join(f"{name} {version}" for name, version in versions().items())
    provenance = {"command": command, "program": f"ccprofit {VERSION}; {used}"}
    return rendered("sweep.html", page=page, pictures=shown, provenance=provenance)

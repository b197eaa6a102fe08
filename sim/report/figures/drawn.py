"""Draw pictures for a folder and a page at once: each is laid out once, and many side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.figure import Figure

from sim.core.workers import CAN_START, processes
from sim.report.figures.canvas import house_style, save
from sim.report.figures.inline_svg import Drawing, as_drawing
from sim.report.figures.measure import freeze_layout

MANY = 12
"""So many pictures take longer to draw than other processes to start."""


class Picture(NamedTuple):
    """A picture that can be drawn: the name of its file, its figure, and what it shows."""

    file: str
    draw: Callable[[], Figure]
    """A function of this package with plain data, so that another process can call it."""
    shows: Any
    """What the figure is drawn from."""


class Drawn(NamedTuple):
    """A picture as a page holds it."""

    file: str
    drawing: Drawing
    shows: Any


Task = tuple[Callable[[], Figure], str, Path | None]
"""Draws a figure; the ids within its drawing; the file of its PNG."""
Finished = Callable[[], list[Drawn]]
"""Waits until pictures are drawn."""


@contextmanager
def drawing(
    pictures: Sequence[Picture], ids: str, folder: Path | None = None
) -> Iterator[Finished]:
    """Begin to draw for a page, and as PNG in the folder if one is given.

    Many are drawn by other processes, while the caller goes on. Ids within the drawings begin with
    `ids` and the number of the picture.
    """
    tasks = [
        (one.draw, f"{ids}{i}", folder / one.file if folder else None)
        for i, one in enumerate(pictures)
    ]

    def finished(drawings: Iterable[Drawing]) -> list[Drawn]:
        each = zip(pictures, drawings, strict=True)
        return [Drawn(one.file, drawing, one.shows) for one, drawing in each]

    workers = min(os.cpu_count() or 1, len(tasks) // (MANY // 2))
    if len(tasks) < MANY or workers < 2 or not CAN_START:
        yield lambda: finished(map(_drawn, tasks))
        return
    with processes(workers, __name__) as pool:
        begun = pool.map(_drawn, tasks)
        yield lambda: finished(_or_here(begun, tasks))


def _or_here(begun: Iterator[Drawing], tasks: Sequence[Task]) -> list[Drawing]:
    """What other processes have drawn; where none can be started, drawn here."""
    try:
        return list(begun)
    except BrokenProcessPool:
        return [_drawn(task) for task in tasks]


def drawn(pictures: Sequence[Picture], ids: str, folder: Path | None = None) -> list[Drawn]:
    """The same, at once."""
    with drawing(pictures, ids, folder) as finished:
        return finished()


def _drawn(task: Task) -> Drawing:
    draw, ids, file = task
    figure = draw()
    with house_style():
        freeze_layout(figure)
    if file:
        save(figure, file)
    return as_drawing(figure, ids)

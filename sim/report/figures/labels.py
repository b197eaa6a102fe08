"""Write names beside points so that none covers another."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import cos, pi, sin

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cbook import STEP_LOOKUP_MAP
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from sim.report.figures.canvas import INK
from sim.report.figures.measure import boxes_of, freeze_layout, wrapped

_SIZE = 9.0
_DISTANCES = (9.0, 16.0, 26.0, 38.0, 52.0, 68.0, 86.0, 106.0, 128.0)
_DIRECTIONS = 16


def label_points(
    figure: Figure,
    axes: Axes,
    points: Sequence[tuple[float, float]],
    names: Sequence[str],
    *,
    room_points: float = 150.0,
) -> None:
    """Write each name near its point, off the other names, points and intervals.

    Points nearest to others choose first. A name that had to move away is tied to its point by a
    thin line. Fixes the layout of the figure.
    """
    freeze_layout(figure)
    texts = ["\n".join(wrapped(figure, name, room_points, size=_SIZE)) for name in names]
    places = [(float(x), float(y)) for x, y in axes.transData.transform(points)]
    pixels = figure.dpi / 72.0
    frame = axes.get_window_extent()
    taken: list[tuple[Bbox, float]] = [(_around(x, y, 6 * pixels), 8.0) for x, y in places]
    taken += [(box, 1.0) for box in _thin_boxes(figure, axes, pixels)]
    crowded = sorted(range(len(names)), key=lambda i: _nearest(places, i))
    for i in crowded:
        width, height = _measure(figure, texts[i], pixels)
        box, distance = min(
            _candidates(places[i], width, height, pixels),
            key=lambda candidate: _cost(candidate[0], candidate[1], taken, frame),
        )
        taken.append((box, 8.0))
        _write(figure, axes, texts[i], places[i], box, tied=distance > _DISTANCES[1])


def _measure(figure: Figure, text: str, pixels: float) -> tuple[float, float]:
    probe = figure.text(0, 0, text, size=_SIZE)
    box = boxes_of(figure, [probe])[0]
    probe.remove()
    return box.width + 4 * pixels, box.height + 2 * pixels


def _candidates(
    place: Sequence[float], width: float, height: float, pixels: float
) -> Iterator[tuple[Bbox, float]]:
    """Boxes round the point, nearest first, each touching its circle from outside."""
    for distance in _DISTANCES:
        for k in range(_DIRECTIONS):
            angle = 2 * pi * k / _DIRECTIONS
            x = place[0] + distance * pixels * cos(angle) + (cos(angle) - 1) * width / 2
            y = place[1] + distance * pixels * sin(angle) + (sin(angle) - 1) * height / 2
            yield Bbox.from_bounds(x, y, width, height), distance


def _cost(box: Bbox, distance: float, taken: Sequence[tuple[Bbox, float]], frame: Bbox) -> float:
    """What is bad about a place: overlap in square pixels first, then leaving the axes, then
    distance.
    """
    overlap = sum(weight * _shared(box, other) for other, weight in taken)
    outside = box.width * box.height - _shared(box, frame)
    return 10.0 * overlap + 100.0 * outside + distance**1.5


def _shared(one: Bbox, other: Bbox) -> float:
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return width * height if width > 0 and height > 0 else 0.0


def _around(x: float, y: float, radius: float) -> Bbox:
    return Bbox.from_bounds(x - radius, y - radius, 2 * radius, 2 * radius)


def _thin_boxes(figure: Figure, axes: Axes, pixels: float) -> list[Bbox]:
    """Interval lines and level or upright lines, as boxes wide enough to keep text off them.

    The treads and risers of a staircase are such lines, too.
    """
    boxes = []
    for line in axes.lines:
        corners = STEP_LOOKUP_MAP[line.get_drawstyle()](*line.get_data())
        for ends in pairwise(line.get_transform().transform(np.column_stack(corners))):
            box = Bbox([np.min(ends, axis=0), np.max(ends, axis=0)])
            if (box.width == 0.0) != (box.height == 0.0):
                boxes.append(box.padded(2 * pixels))
    for path_collection in axes.collections:
        for path in path_collection.get_paths():
            box = path.get_extents(axes.transData)
            boxes.append(box.padded(2 * pixels))
    return boxes


def _nearest(places: Sequence[Sequence[float]], i: int) -> float:
    x, y = places[i]
    others = [abs(x - u) + abs(y - v) for k, (u, v) in enumerate(places) if k != i]
    return min(others, default=0.0)


def _write(
    figure: Figure, axes: Axes, text: str, place: Sequence[float], box: Bbox, *, tied: bool
) -> None:
    to_figure = figure.transFigure.inverted()
    x, y = to_figure.transform(((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
    figure.text(x, y, text, size=_SIZE, color=INK, ha="center", va="center", zorder=6)
    if tied:
        end = (min(max(place[0], box.x0), box.x1), min(max(place[1], box.y0), box.y1))
        ends = axes.transData.inverted().transform([place, end])
        axes.plot(ends[:, 0], ends[:, 1], color=INK, lw=0.7, alpha=0.6, label="_tie", zorder=2)

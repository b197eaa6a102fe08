"""Measure text: how wide a line is, and where it must be broken."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Bbox

_POINTS_PER_INCH = 72.0


_HALVINGS = 7


def wrapped(
    figure: Figure, text: str, room_points: float, *, size: float, bold: bool = False
) -> list[str]:
    """The text in lines no wider than `room_points`; a wider word is cut."""
    lines: list[str] = []
    for word in text.split(" "):
        candidate = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(figure, candidate, size, bold) <= room_points:
            lines[-1] = candidate
            continue
        lines.extend(_pieces(figure, word, room_points, size, bold))
    return lines or [""]


def balanced(
    figure: Figure, text: str, room_points: float, *, size: float, bold: bool = False
) -> list[str]:
    """As few lines as `wrapped` needs, but of similar width, so that no word is left over."""
    lines = wrapped(figure, text, room_points, size=size, bold=bold)
    if len(lines) == 1 or text_width(figure, lines[-1], size, bold) > room_points / 3:
        return lines
    low, high = room_points / len(lines), room_points
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        narrower = wrapped(figure, text, middle, size=size, bold=bold)
        if len(narrower) > len(lines) or " ".join(narrower) != " ".join(lines):
            low = middle
        else:
            high, lines = middle, narrower
    return lines


def text_width(figure: Figure, text: str, size: float, bold: bool = False) -> float:
    """Width of one line of text in points: of its words, and of the blanks between them."""
    words = text.split(" ")
    pixels = sum(_width_in_pixels(word, size, bold, figure.dpi) for word in words)
    pixels += (len(words) - 1) * _width_in_pixels(" ", size, bold, figure.dpi)
    return pixels * _POINTS_PER_INCH / figure.dpi


@lru_cache(maxsize=10_000)  # lines are broken by trial, and the same words come again
def _width_in_pixels(text: str, size: float, bold: bool, dpi: float) -> float:
    font = FontProperties(size=size, weight="bold" if bold else "normal")
    pixels, _, _ = RendererAgg(1, 1, dpi).get_text_width_height_descent(text, font, ismath=False)
    return pixels


def lay_out(figure: Figure) -> None:
    """Give the axes their places, as far as these are not frozen; nothing is drawn."""
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.execute(figure)


def freeze_layout(figure: Figure) -> None:
    """Lay the axes out once and keep them there, so that labels can be placed by their size."""
    lay_out(figure)
    figure.set_layout_engine("none")


def boxes_of(figure: Figure, artists: Sequence) -> list[Bbox]:
    """Boxes of the artists in display units, as they stand in the frozen layout."""
    renderer = _agg(figure).get_renderer()
    return [artist.get_window_extent(renderer) for artist in artists]


def _agg(figure: Figure) -> FigureCanvasAgg:
    canvas = figure.canvas
    return canvas if isinstance(canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)


def _pieces(figure: Figure, word: str, room_points: float, size: float, bold: bool) -> list[str]:
    """One word, cut (at a hyphen where it has one) until each piece fits."""
    if text_width(figure, word, size, bold) <= room_points or len(word) < 4:
        return [word]
    fits = max(
        (n for n in range(1, len(word)) if text_width(figure, word[:n], size, bold) <= room_points),
        default=1,
    )
    hyphen = word.rfind("-", 1, fits) + 1
    cut, mark = (hyphen, "") if hyphen else (max(1, fits - 1), "-")
    return [word[:cut] + mark, *_pieces(figure, word[cut:], room_points, size, bold)]

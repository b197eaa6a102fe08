"""A map of two parameters: where a scenario gains against itself as it is, and where it loses."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from sim.report.figures.canvas import GREY, INK, Footer, in_house_style, new_sheet, no_grid
from sim.report.figures.measure import lay_out, text_width
from sim.report.figures.scales import Scale
from sim.report.figures.service_heatmap import BLUES, ORANGES, is_dark

_NUMBER_SIZES = (9.0, 8.0, 7.0)
_HATCH = "////"
_LETTERS_PER_INCH = 10.0


class Plane(NamedTuple):
    """Differences from the unswept scenario, [up, across] in the unit of `scale`, ascending."""

    across: str
    up: str
    across_labels: tuple[str, ...]
    up_labels: tuple[str, ...]
    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    scale: Scale
    scenario: str
    across_short: str = ""
    """Its name in sentences; by default the last key of `across`."""
    up_short: str = ""

    @property
    def clear(self) -> NDArray[np.bool_]:
        """Whether the interval of a cell excludes 0."""
        return (self.low > 0.0) | (self.high < 0.0)


@in_house_style
def difference_map(plane: Plane, footer: Footer) -> Figure:
    """Draw the map: blue is better, orange worse, hatched if the interval contains 0."""
    scale = plane.scale
    n_up, n_across = plane.value.shape
    subtitle = f"difference in {scale.name}, {scale.unit}, from {plane.scenario} as it is; " + (
        "hatched where its interval (paired, 95 % for all cells together) contains 0"
    )
    figure = new_sheet(
        plane_title(plane),
        subtitle,
        footer,
        width_in=float(np.clip(0.85 * n_across + 2.6, 9.6, 14.5)),
        body_in=float(np.clip(0.5 * n_up + 1.3, 3.2, 9.0)),
    )
    axes = figure.add_subplot()
    most = float(np.nanmax(np.abs(plane.value))) if np.isfinite(plane.value).any() else 0.0
    norm = Normalize(-(most or 1.0), most or 1.0)
    colours = _hues(scale.sign)
    edges = np.arange(n_across + 1), np.arange(n_up + 1)
    mesh = axes.pcolormesh(*edges, np.ma.masked_invalid(plane.value), cmap=colours, norm=norm,
                           edgecolors="white", linewidth=1.2)  # fmt: skip
    for up, across in zip(*np.nonzero(~plane.clear), strict=True):
        cell = Rectangle((across, up), 1, 1, fill=False, hatch=_HATCH, ec=GREY, lw=0, zorder=2)
        axes.add_patch(cell)
    bar = figure.colorbar(mesh, ax=axes, pad=0.012, fraction=0.03, format=scale.ticks())
    bar.ax.tick_params(labelsize=9)
    bar.outline.set_visible(False)
    _dress(axes, plane)
    lay_out(figure)
    _number_cells(figure, axes, plane, colours, norm)
    return figure


def plane_title(plane: Plane) -> str:
    """The finding: in how many cells the scenario clearly gains, and the best of them."""
    sides = plane.scale.sign * np.sign(plane.value) * plane.clear
    n, better, worse = plane.value.size, int((sides > 0).sum()), int((sides < 0).sum())
    if plane.scale.sign == 0 or not (better or worse):
        return f"No clear difference in {plane.scale.name} from {plane.scenario} in any of {n}"
    if not better:
        return (
            f"Nowhere better in {plane.scale.name} than {plane.scenario}: worse in {worse} of {n}"
        )
    up, across = np.unravel_index(np.nanargmax(plane.scale.sign * plane.value), plane.value.shape)
    where = f"{_short(plane.across_short, plane.across)}{plane.across_labels[across]}, "
    where += f"{_short(plane.up_short, plane.up)}{plane.up_labels[up]}"
    amount = f"{plane.scale.write(float(plane.value[up, across]))} {plane.scale.unit}"
    return f"Better in {better} of {n}, worse in {worse}; best at {where}: {amount}"


def _short(name: str, path: str) -> str:
    """A name before its value; by default the last key of its path."""
    name = name or path.rpartition(".")[2]
    return name if name.endswith("=") else f"{name}="


def _in_lines(path: str, room_in: float) -> str:
    """A path in lines that fit the height of the axes, broken after its dots."""
    lines = [""]
    for part in path.replace(".", ". ").split():
        fits = len(lines[-1] + part) <= max(12, room_in * _LETTERS_PER_INCH)
        lines += [lines.pop() + part] if fits or not lines[-1] else [part]
    return "\n".join(lines)


def _hues(sign: int) -> LinearSegmentedColormap:
    """Colours from dark orange over near white to dark blue; reversed if less is better."""
    colours = [*ORANGES, "#F7F7F7", *BLUES]
    return LinearSegmentedColormap.from_list("difference", colours[:: -1 if sign < 0 else 1])


def _dress(axes: Axes, plane: Plane) -> None:
    no_grid(axes)
    axes.set_xticks(np.arange(len(plane.across_labels)) + 0.5, plane.across_labels)
    axes.set_yticks(np.arange(len(plane.up_labels)) + 0.5, plane.up_labels)
    axes.set_xlabel(plane.across)
    axes.set_ylabel(_in_lines(plane.up, axes.get_window_extent().height / axes.figure.dpi))
    if max(map(len, plane.across_labels)) * len(plane.across_labels) > 110:
        axes.tick_params(axis="x", labelrotation=40)


def _number_cells(figure: Figure, axes: Axes, plane: Plane, colours, norm: Normalize) -> None:
    """Write the difference into each cell, if the widest number fits."""
    room = axes.get_window_extent().width / plane.value.shape[1] * 72.0 / figure.dpi - 4.0
    texts = {cell: plane.scale.write(float(plane.value[cell])) for cell in
             zip(*np.nonzero(np.isfinite(plane.value)), strict=True)}  # fmt: skip
    widest = max(texts.values(), key=len, default="")
    size = next((s for s in _NUMBER_SIZES if text_width(figure, widest, s) <= room), None)
    if size is None:
        return
    for cell, text in texts.items():
        dark = is_dark(colours(norm(plane.value[cell])))
        unclear = not plane.clear[cell]
        axes.text(
            cell[1] + 0.5,
            cell[0] + 0.5,
            text,
            size=size,
            ha="center",
            va="center",
            color="white" if dark else INK,
            zorder=4,
            bbox={"fc": "white", "ec": "none", "pad": 1.0, "alpha": 0.8} if unclear else None,
        )

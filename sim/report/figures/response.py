"""The deciding metric along a number: what each value gains against the scenario as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.figures.canvas import (
    INK,
    Footer,
    Interval,
    colour_of,
    dash_of,
    in_house_style,
    marker_of,
    new_sheet,
)
from sim.report.figures.scales import Scale
from sim.report.figures.ticks import few_ticks

_MOST_PANELS_IN_A_ROW = 3
_MOST_LABELS = 12


class ResponsePoint(NamedTuple):
    """One value: where it stands, how it is written, and what it changes, in the drawn unit."""

    at: float
    text: str
    label: str
    """Its name in titles: `at_most=4`, `random 20%`."""
    difference: Interval
    unpriced: bool = False


class Response(NamedTuple):
    """Points in the order of their number; `is_alone`: its number is not that of other curves."""

    name: str
    parameter: str
    points: tuple[ResponsePoint, ...]
    is_alone: bool = False


@in_house_style
def metric_along(curves: Sequence[Response], footer: Footer, scale: Scale, scenario: str) -> Figure:
    """Curves of one number in one panel, else a panel each; hollow where it could be 0."""
    subtitle = (
        f"difference in {scale.name} from {scenario} as it is; bars are paired 95 % intervals that"
        " hold together, hollow where they contain 0"
    )
    figure = new_sheet(response_title(curves, scale, scenario), subtitle, footer, body_in=4.6)
    panels = [[curve] for curve in curves] if any(c.is_alone for c in curves) else [list(curves)]
    columns = min(_MOST_PANELS_IN_A_ROW, len(panels))
    rows = -(-len(panels) // columns)
    grid: list[Axes] = figure.subplots(rows, columns, squeeze=False, sharey=True).ravel().tolist()
    order = 0
    for axes, panel in zip(grid, panels, strict=False):
        axes.axhline(0.0, color=INK, lw=1.0, zorder=1)
        for curve in panel:
            draw_response(axes, order, curve)
            order += 1
        _dress(axes, panel, _MOST_LABELS // columns)
    for axes in grid[len(panels) :]:
        axes.remove()
    few_ticks(grid[0].yaxis, scale.ticks())
    for row in range(rows):
        grid[row * columns].set_ylabel(f"difference in {scale.name}, {scale.unit}")
    return figure


def response_title(curves: Sequence[Response], scale: Scale, scenario: str) -> str:
    """The finding: the best point if it is clearly better."""
    points = [point for curve in curves for point in curve.points]
    clear = [point for point in points if point.difference.excludes_zero]
    if scale.sign == 0 or not clear:
        return f"No clear difference in {scale.name} from {scenario}"
    best = max(clear, key=lambda point: scale.sign * point.difference.value)
    if scale.sign * best.difference.value < 0.0:
        if len(clear) == len(points):
            return f"Every value is worse in {scale.name} than {scenario} as it is"
        return f"No value is clearly better in {scale.name} than {scenario} as it is"
    lead = "Unpriced: " if best.unpriced else ""
    amount = f"{scale.write(best.difference.value)} {scale.unit}"
    return f"{lead}{scale.name} is best at {best.label}: {amount} from {scenario} as it is"


def draw_response(axes: Axes, order: int, curve: Response) -> None:
    """The points with their intervals, hollow where these contain 0, and straight lines between."""
    colour = colour_of(order)
    xs = [point.at for point in curve.points]
    ys = [point.difference.value for point in curve.points]
    label = curve.name or "_points"
    axes.plot(xs, ys, color=colour, ls=dash_of(order), lw=1.6, alpha=0.7, zorder=2, label=label)
    for point in curve.points:
        d = point.difference
        if d.known:
            axes.plot([point.at] * 2, [d.low, d.high], color=colour, lw=1.8, alpha=0.5, zorder=2)
        face = colour if d.excludes_zero else "white"
        axes.plot(
            [point.at], [d.value], marker_of(order), ms=7, mfc=face, mec=colour, mew=1.5, zorder=3
        )


def _dress(axes: Axes, panel: Sequence[Response], most_labels: int) -> None:
    """The values as they were typed, as far as there is room."""
    texts = {point.at: point.text for curve in panel for point in curve.points}
    places = sorted(texts)
    step = -(-len(places) // max(2, most_labels))
    shown = places[::step]
    axes.set_xticks(shown, [texts[at] for at in shown])
    name = panel[0].name if panel[0].is_alone else ""
    axes.set_xlabel(f"{panel[0].parameter}: {name}" if name else panel[0].parameter)
    axes.grid(True, axis="both")
    axes.margins(x=0.06, y=0.12)
    if len(panel) > 1:
        axes.legend(loc="best")

"""The differences of a variant along one weakly known number, as far as they were played."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FormatStrFormatter

from sim.report.figures.canvas import GREY, INK, LOSS, Footer, in_house_style, new_sheet
from sim.report.figures.response import Response, ResponsePoint, draw_response
from sim.report.figures.scales import Scale
from sim.report.figures.ticks import few_ticks

_WIDTH_IN, _PANEL_IN = 4.8, 1.15
_LEFT_IN, _RIGHT_IN, _ABOVE_IN, _BELOW_IN = 0.75, 0.2, 0.35, 0.55
_ROOM = 0.4
"""Beside the points: how much of their height an interval may take before the frame cuts it."""


class BeliefPanel(NamedTuple):
    """The points of one metric, in the drawn unit."""

    scale: Scale
    points: tuple[ResponsePoint, ...]
    replications: tuple[int, ...]
    """Of each point."""
    turns: tuple[float, ...]
    """Where the difference changes its sign."""
    turns_text: str
    """`below 11 % and above 40 %`; empty without a turn."""


class BeliefCurve(NamedTuple):
    """One number and what differences do along it."""

    number: str
    axis: str
    """The number with its unit."""
    typed: float
    low: float
    high: float
    """The ends of its plausible range."""
    panels: tuple[BeliefPanel, ...]


@in_house_style
def belief_curve(curve: BeliefCurve, footer: Footer, scenario: str) -> Figure:
    """A small panel for each metric, one below the other; the page says how to read them."""
    rows = len(curve.panels)
    body_in = rows * (_ABOVE_IN + _PANEL_IN) + _BELOW_IN
    subtitle = f"differences from {scenario}"
    figure = new_sheet(belief_title(curve), subtitle, footer, width_in=_WIDTH_IN, body_in=body_in)
    place = _place(figure)
    panels = figure.subplots(rows, 1, squeeze=False, sharex=True, gridspec_kw=place)
    grid: list[Axes] = panels.ravel().tolist()
    for order, (axes, panel) in enumerate(zip(grid, curve.panels, strict=True)):
        axes.axvspan(curve.low, curve.high, color=GREY, alpha=0.13, lw=0, zorder=0)
        axes.axvline(curve.typed, color=INK, lw=1.2, ls=":", zorder=1)
        axes.axhline(0.0, color=INK, lw=1.0, zorder=1)
        draw_response(axes, order, Response("", curve.axis, panel.points))
        for turn in panel.turns:
            axes.plot([turn], [0.0], "D", ms=8, mfc="white", mec=LOSS, mew=2.0, zorder=4)
        _frame(axes, panel.points)
        few_ticks(axes.yaxis, panel.scale.ticks(), most=4)
        axes.set_title(f"{panel.scale.name}, {panel.scale.unit}", loc="left", size=9.5)
        axes.grid(True, axis="y")
    few_ticks(grid[-1].xaxis, FormatStrFormatter("%g"), most=6)
    grid[-1].set_xlabel(curve.axis)
    return figure


def _place(figure: Figure) -> dict[str, float]:
    """Where panels fit: all pictures are alike, and to lay out each takes as long as drawing."""
    engine = figure.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)  # of every new sheet
    _, bottom, _, body = engine.get()["rect"]
    height_in = figure.get_figheight()
    figure.set_layout_engine("none")
    return {
        "left": _LEFT_IN / _WIDTH_IN,
        "right": 1.0 - _RIGHT_IN / _WIDTH_IN,
        "bottom": bottom + _BELOW_IN / height_in,
        "top": bottom + body - _ABOVE_IN / height_in,
        "hspace": _ABOVE_IN / _PANEL_IN,
    }


def belief_title(curve: BeliefCurve) -> str:
    """The finding: where each metric turns, or what it stays between; better if that is sure."""
    return f"{curve.number}: {'; '.join(_found(panel) for panel in curve.panels)}"


def _found(panel: BeliefPanel) -> str:
    scale = panel.scale
    if panel.turns:
        return f"{scale.name} turns {panel.turns_text}"
    values = sorted(point.difference.value for point in panel.points)
    ends = f"{scale.write(values[0])} to {scale.write(values[-1])} {scale.unit}"
    if values[0] * values[-1] <= 0.0:
        return f"{scale.name} {ends}"
    known = [point.difference for point in panel.points if point.difference.known]
    if not known or not all(e.excludes_zero for e in known):
        return f"{scale.name} keeps its sign, {ends}"
    more, less = ("better", "worse") if scale.sign else ("higher", "lower")
    return f"{scale.name} stays {more if values[0] * (scale.sign or 1) > 0.0 else less}, {ends}"


def _frame(axes: Axes, points: Sequence[ResponsePoint]) -> None:
    """Show every point and 0; long intervals are cut, as two replications say little."""
    values = [0.0, *(point.difference.value for point in points)]
    ends = [end for p in points if p.difference.known for end in p.difference[1:]]
    room = _ROOM * (max(values) - min(values))
    low = max(min(values) - room, min([*values, *ends]))
    high = min(max(values) + room, max([*values, *ends]))
    air = 0.08 * (high - low)
    if high > low:
        axes.set_ylim(low - air, high + air)

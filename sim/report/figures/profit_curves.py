"""Result against wait or CSAT along a parameter: what each value gives for what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import FormatStrFormatter

from sim.report.amounts import money, money_range
from sim.report.figures.canvas import (
    COLOURS,
    DASHES,
    INK,
    Footer,
    Interval,
    in_house_style,
    marker_of,
    new_sheet,
)
from sim.report.figures.labels import label_points
from sim.report.figures.ticks import MoneyTicks, ShareTicks, few_ticks

_PALE = 0.3
_PIECES = 12


class Across(NamedTuple):
    """The metric on the horizontal axis."""

    name: str
    unit: Literal["s", "share"]
    label: str
    better: Literal["higher", "lower"]


class CurvePoint(NamedTuple):
    """One value of the parameter; result in the scenario's currency.

    Where it stands, with the two ends of the interval of its paired difference from the unswept
    scenario (nan for that itself). `gain` is its paired difference in result, with
    intervals that hold together for all points; only it decides the title.
    """

    label: str
    at: Interval
    result: Interval
    gain: Interval | None = None
    unpriced: bool = False


class Curve(NamedTuple):
    """Points in the order of their number; a single point is drawn without a line."""

    name: str
    points: tuple[CurvePoint, ...]


@in_house_style
def profit_curves(
    curves: Sequence[Curve],
    unswept: CurvePoint,
    across: Across,
    footer: Footer,
    *,
    parameter: str,
    currency: str = "EUR",
    over: str = "a year",
) -> Figure:
    """The curves with the unswept scenario; pale points are beaten on both axes by another."""
    traded = "less wait" if across.better == "lower" else f"more {across.name}"
    subtitle = (
        f"along {parameter}; bars: 95 % intervals of the difference from the ring, paired; "
        f"pale: another point has more result and {traded}"
    )
    figure = new_sheet(
        curves_title(curves, unswept, f"{currency} {over}"), subtitle, footer, body_in=5.0
    )
    axes = figure.add_subplot()
    points = [point for curve in curves for point in curve.points]
    beaten = {place for place in range(len(points)) if is_dominated(points, place, across.better)}
    place = 0
    for order, curve in enumerate(curves):
        _draw_curve(axes, order, curve, {i - place for i in beaten})
        place += len(curve.points)
    _draw_unswept(axes, unswept)
    _dress(axes, across, f"{currency} {over}")
    if sum(len(curve.points) > 1 for curve in curves) > 1:
        axes.legend(loc="best")
    labelled = [*_labelled(curves), (unswept, f"{unswept.label} as it is")]
    label_points(
        figure,
        axes,
        [(point.at.value, point.result.value) for point, _ in labelled],
        [name for _, name in labelled],
    )
    return figure


def is_dominated(
    points: Sequence[CurvePoint], place: int, better: Literal["higher", "lower"]
) -> bool:
    """Whether another point beats this one on one axis and at least equals it on the other."""
    sign = -1.0 if better == "lower" else 1.0
    values = [(sign * point.at.value, point.result.value) for point in points]
    at, earned = values[place]
    return any(o[0] >= at and o[1] >= earned and o != (at, earned) for o in values)


def curves_title(curves: Sequence[Curve], unswept: CurvePoint, unit: str) -> str:
    """The finding: the best point that clearly earns more, if there is one."""
    points = [point for curve in curves for point in curve.points]
    clear = [(p, p.gain) for p in points if p.gain is not None and p.gain.excludes_zero]
    if not clear:
        return f"No clear difference in result from {unswept.label}"
    best, gain = max(clear, key=lambda one: one[0].result.value)
    if gain.value < 0.0:
        if len(clear) == len(points):
            return f"Every point earns less than {unswept.label} as it is"
        return f"No point clearly earns more than {unswept.label} as it is"
    lead = "Unpriced: " if best.unpriced else ""
    amount = money(gain.value, half_width=gain.half_width)
    more = f"{amount} {unit} more than {unswept.label}"
    return f"{lead}{best.label} earns {more} ({money_range(gain.low, gain.high)})"


def _labelled(curves: Sequence[Curve]) -> list[tuple[CurvePoint, str]]:
    """The ends of each curve and its best point."""
    found = []
    for curve in curves:
        best = max(curve.points, key=lambda point: point.result.value)
        for point in dict.fromkeys((curve.points[0], best, curve.points[-1])):
            is_end = point in (curve.points[0], curve.points[-1])
            found.append((point, point.label if is_end else f"{point.label} (earns most)"))
    return found


def _draw_curve(axes: Axes, order: int, curve: Curve, beaten: set[int]) -> None:
    colour = COLOURS[order % len(COLOURS)]
    xs = [point.at.value for point in curve.points]
    ys = [point.result.value for point in curve.points]
    if len(curve.points) > 1:
        dash = DASHES[order % len(DASHES)]
        label = curve.name or "points"
        axes.plot(xs, ys, color=colour, lw=1.6, ls=dash, alpha=0.6, zorder=2,
                  label=label)  # fmt: skip
        axes.add_collection(_pieces(xs, ys), autolim=False)
    for place, point in enumerate(curve.points):
        pale = _PALE if place in beaten else 1.0
        axes.errorbar(
            [point.at.value],
            [point.result.value],
            xerr=_ends(point.at),
            yerr=_ends(point.result),
            fmt=marker_of(order),
            color=(colour, pale),
            ecolor=(colour, 0.5 * pale),
            elinewidth=1.4,
            markersize=7,
            markeredgecolor="white",
            markeredgewidth=0.8,
            label=f"_{point.label}",
            zorder=3,
        )


def _pieces(xs: list[float], ys: list[float]) -> LineCollection:
    """The line again, invisible and in short pieces, so that names are placed beside it."""
    at = np.linspace(0.0, len(xs) - 1.0, _PIECES * (len(xs) - 1) + 1)
    line = np.column_stack([np.interp(at, range(len(v)), v) for v in (xs, ys)])
    return LineCollection(list(np.stack([line[:-1], line[1:]], axis=1)), alpha=0.0)


def _draw_unswept(axes: Axes, unswept: CurvePoint) -> None:
    axes.plot(
        [unswept.at.value],
        [unswept.result.value],
        "o",
        color="white",
        markersize=11,
        markeredgecolor=INK,
        markeredgewidth=1.6,
        label="_as it is",
        zorder=2.5,
    )


def _ends(interval: Interval) -> list[list[float]] | None:
    if not interval.known:
        return None
    return [[interval.value - interval.low], [interval.high - interval.value]]


def _dress(axes: Axes, across: Across, unit: str) -> None:
    axes.grid(True, axis="both")
    axes.margins(x=0.14, y=0.16)
    ticks = ShareTicks() if across.unit == "share" else FormatStrFormatter("%g")
    few_ticks(axes.xaxis, ticks)
    few_ticks(axes.yaxis, MoneyTicks())
    axes.set_xlabel(across.label + ("; right is better" if across.better == "higher"
                                    else "; left is better"))  # fmt: skip
    axes.set_ylabel(f"result, {unit}")

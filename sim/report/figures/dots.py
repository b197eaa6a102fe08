"""Dots for values that are words: what each is worth against the scenario as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.figure import Figure

from sim.report.figures.canvas import (
    COLOURS,
    GAIN,
    GREY,
    INK,
    LOSS,
    Footer,
    Interval,
    in_house_style,
    new_sheet,
)
from sim.report.figures.measure import wrapped
from sim.report.figures.scales import Scale
from sim.report.figures.ticks import few_ticks

_ROW_IN = 0.42


class Dot(NamedTuple):
    """One point: its difference from the unswept scenario, in the drawn unit."""

    label: str
    difference: Interval
    unpriced: bool = False


@in_house_style
def differences_as_dots(dots: Sequence[Dot], footer: Footer, scale: Scale, scenario: str) -> Figure:
    """One row for each point, in the order typed; hollow where the interval contains 0."""
    subtitle = f"difference in {scale.name} from {scenario} as it is; lines are paired 95 % "
    subtitle += "intervals that hold together, hollow where they contain 0"
    body = max(2.2, _ROW_IN * len(dots) + 1.1)
    figure = new_sheet(dots_title(dots, scale, scenario), subtitle, footer, body_in=body)
    axes = figure.add_subplot()
    axes.axvline(0.0, color=INK, lw=1.0, zorder=1)
    for row, dot in enumerate(dots):
        d = dot.difference
        colour = _colour(d, scale.sign)
        if d.known:
            axes.plot([d.low, d.high], [row, row], color=colour, lw=2.0, alpha=0.6, zorder=2)
        face = colour if d.excludes_zero else "white"
        axes.plot([d.value], [row], "o", ms=9, mfc=face, mec=colour, mew=1.6, zorder=3)
        axes.annotate(
            scale.write(d.value), (d.value, row), xytext=(0, 8), textcoords="offset points",
            ha="center", size=9, color=INK, bbox={"fc": "white", "ec": "none", "pad": 0.5},
        )  # fmt: skip
    names = [f"{dot.label} (unpriced)" if dot.unpriced else dot.label for dot in dots]
    names = ["\n".join(wrapped(figure, name, 190.0, size=10)) for name in names]
    axes.set_yticks(range(len(dots)), names)
    axes.set_ylim(len(dots) - 0.4, -0.8)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.margins(x=0.1)
    few_ticks(axes.xaxis, scale.ticks())
    axes.set_xlabel(f"difference in {scale.name}, {scale.unit}")
    return figure


def dots_title(dots: Sequence[Dot], scale: Scale, scenario: str) -> str:
    """The finding: which points are clearly better or worse, if any."""
    better = [dot for dot in dots if _side(dot.difference) * scale.sign > 0]
    worse = [dot for dot in dots if _side(dot.difference) * scale.sign < 0]
    if not better and not worse:
        return f"No clear difference in {scale.name} from {scenario}"
    parts = [
        f"{_who(some, dots)} {'is' if len(some) == 1 else 'are'} {word}"
        for some, word in ((better, "better"), (worse, "worse"))
        if some
    ]
    unpriced = "Unpriced: " if any(dot.unpriced for dot in better) else ""
    return f"{unpriced}{', '.join(parts)} in {scale.name} than {scenario}"


def _who(some: Sequence[Dot], dots: Sequence[Dot]) -> str:
    return some[0].label if len(some) == 1 else f"{len(some)} of {len(dots)}"


def _side(interval: Interval) -> int:
    if not interval.excludes_zero:
        return 0
    return 1 if interval.value > 0 else -1


def _colour(interval: Interval, sign: int) -> str:
    side = _side(interval) * sign
    if not interval.excludes_zero:
        return GREY
    return COLOURS[0] if sign == 0 else GAIN if side > 0 else LOSS

"""The steps of a path by quarter: how far the center is from zero, and what each step adds."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.core.statistics import t_quantile
from sim.report.figures.canvas import (
    GREY,
    INK,
    SLATE,
    Footer,
    colour_of,
    in_house_style,
    new_sheet,
)
from sim.report.figures.ticks import MoneyTicks, few_ticks

_MOST_LABELS = 13
_BAR_WIDTH = 0.62


class Steps(NamedTuple):
    """Money by quarter, of shape (rows, replications, quarters).

    The first row is the base, each further one has one more step.
    """

    names: tuple[str, ...]
    """The base, then the steps."""
    quarters: tuple[str, ...]
    contribution: NDArray[np.float64]
    result: NDArray[np.float64]
    currency: str = "EUR"

    @property
    def gained(self) -> NDArray[np.float64]:
        """[step, quarter] what each adds to the mean result, in this order."""
        return np.diff(self.result.mean(axis=1), axis=0)


@in_house_style
def stacked_steps(steps: Steps, footer: Footer, *, title: str) -> Figure:
    """Above, the level of the base and with all steps; below, what each step adds to the result.

    Bars go up for what a step adds and down for what it takes away; the line is their sum.
    """
    figure = new_sheet(
        title,
        f"{steps.currency} by 13 weeks. Above: the level, a profit center at 0 or more. Below: what"
        " each step adds to the result, in this order. Bands: 95 % intervals of means",
        footer,
        body_in=6.4,
    )
    above, below = figure.subplots(2, 1, sharex=True)
    _draw_levels(above, steps)
    _draw_steps(below, steps)
    for axes, what in ((above, "level"), (below, "added to the result")):
        axes.set_ylabel(f"{what}, {steps.currency}")
        axes.axhline(0.0, color=SLATE, lw=1.2, zorder=3)
        axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=4, handlelength=2)
    few_ticks(above.yaxis, MoneyTicks())
    few_ticks(below.yaxis, MoneyTicks(signed=True))
    below.set_xlim(-0.5, len(steps.quarters) - 0.5)
    _name_quarters(below, steps.quarters)
    return figure


def _draw_levels(axes: Axes, steps: Steps) -> None:
    """Contribution of the base and with all steps; their result where it is another."""
    at = np.arange(len(steps.quarters))
    base, every = steps.contribution[0], steps.contribution[-1]
    axes.plot(at, base.mean(axis=0), color=GREY, ls=(0, (5, 1.5)), marker="o", ms=4, lw=1.8,
              label=f"contribution of {steps.names[0]}")  # fmt: skip
    _draw_mean(axes, every, "contribution with all steps", colour_of(0), "s")
    if not np.array_equal(every, steps.result[-1]):
        _draw_mean(axes, steps.result[-1], "result with all steps", INK, "D")


def _draw_steps(axes: Axes, steps: Steps) -> None:
    """Bars upon one another, those that take away below 0; the sum with its band."""
    at = np.arange(len(steps.quarters))
    up, down = np.zeros(len(at)), np.zeros(len(at))
    for order, (name, gained) in enumerate(zip(steps.names[1:], steps.gained, strict=True), 1):
        bottom = np.where(gained >= 0, up, down)
        axes.bar(
            at, gained, _BAR_WIDTH, bottom=bottom, color=colour_of(order), alpha=0.7, label=name
        )
        up, down = up + np.maximum(gained, 0.0), down + np.minimum(gained, 0.0)
    _draw_mean(axes, steps.result[-1] - steps.result[0], "all steps", INK, "D")


def _draw_mean(
    axes: Axes, values: NDArray[np.float64], label: str, colour: str, marker: str
) -> None:
    """A line of means, with the interval of each."""
    at, mean = np.arange(values.shape[1]), values.mean(axis=0)
    half = half_width(values)
    if np.isfinite(half).all():
        axes.fill_between(at, mean - half, mean + half, color=colour, alpha=0.2, lw=0, zorder=4)
    axes.plot(at, mean, color=colour, marker=marker, ms=5, lw=2.0, label=label, zorder=5)


def half_width(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """[replication, quarter] → by quarter of the interval of the mean; nan of one replication."""
    n = len(values)
    if n == 1:
        return np.full(values.shape[1], np.nan)
    return t_quantile(0.975, n - 1) * values.std(axis=0, ddof=1) / np.sqrt(n)


def _name_quarters(axes: Axes, quarters: Sequence[str]) -> None:
    """Every name, or every second or third if there are many."""
    every = -(-len(quarters) // _MOST_LABELS)
    at = range(0, len(quarters), every)
    axes.set_xticks(list(at), [quarters[i].replace(" ", "\n") for i in at])

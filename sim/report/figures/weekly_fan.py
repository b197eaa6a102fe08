"""A metric week by week: its median, its spread, and dated events."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.core.statistics import t_quantile
from sim.report.amounts import money, money_range
from sim.report.figures.canvas import (
    GREY,
    SLATE,
    Footer,
    Interval,
    colour_of,
    dash_of,
    in_house_style,
    new_sheet,
)
from sim.report.figures.measure import freeze_layout, text_width
from sim.report.figures.ticks import MoneyTicks, few_ticks

LEAST_FOR_QUANTILES = 20
LEAST_FOR_RANGE = 10
MOST_BANDS = 3


class WeeklySeries(NamedTuple):
    """One scenario's metric: `values` of shape (replications, weeks), nan where not measured."""

    name: str
    values: NDArray[np.float64]


class Event(NamedTuple):
    """A dated event: its name and its weeks, counted from 1."""

    name: str
    weeks: tuple[int, ...]


@in_house_style
def weekly_fan(
    series: Sequence[WeeklySeries],
    footer: Footer,
    *,
    metric: str = "result",
    unit: str = "EUR",
    difference: Interval | None = None,
    events: Sequence[Event] = (),
    unpriced: bool = False,
) -> Figure:
    """Median and band of each scenario by week; the first scenario is the baseline.

    The band holds 80 % of at least 20 replications, or all of at least 10. Fewer replications
    support no quantile, so each is a line of its own. More than three scenarios are shown by their
    medians alone. `difference` (paired, over all weeks, variant minus baseline) decides the title.
    The lower panel shows the sum since week 1; of variants, the paired difference of sums.
    """
    weeks = np.arange(1, series[0].values.shape[1] + 1)
    figure = new_sheet(
        weekly_title(series, metric, difference, unit=unit, unpriced=unpriced),
        f"{metric}, {unit} a week; {_reading(series)}; below: {_summed(series)}",
        footer,
        body_in=5.8,
    )
    axes, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    for order, one in enumerate(series):
        _draw_series(axes, order, one, weeks, spread=len(series) <= MOST_BANDS)
    axes.set_xlim(0.5, weeks[-1] + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(14, integer=True, min_n_ticks=1))
    few_ticks(axes.yaxis, MoneyTicks())
    axes.set_ylabel(f"{metric}, {unit}")
    _draw_sums(below, series, weeks)
    few_ticks(below.yaxis, MoneyTicks(signed=len(series) > 1), most=5)
    below.set_xlabel("week")
    below.set_ylabel("summed up")
    bottom, top = axes.get_ylim()
    if bottom < 0 < top:
        axes.axhline(0.0, color=SLATE, lw=1.0, zorder=1)
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.01, 1.0),
        ncols=2 if len(series) > 1 else 1,
        handlelength=3,
    )
    _mark_events(figure, axes, events)
    return figure


def band_of(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Low and high end by week, if there are enough replications; else None.

    The q-quantile of n values is taken at rank q·(n + 1), which lies inside the sample for both
    ends of the 80 % band from 9 values on and inside all but its outermost from 20.
    """
    n = values.shape[0]
    if n < LEAST_FOR_RANGE:
        return None
    if n < LEAST_FOR_QUANTILES:
        return values.min(axis=0), values.max(axis=0)
    low, high = np.quantile(values, (0.1, 0.9), axis=0, method="weibull")
    return low, high


def weekly_title(
    series: Sequence[WeeklySeries],
    metric: str,
    difference: Interval | None,
    *,
    unit: str = "EUR",
    unpriced: bool = False,
) -> str:
    """The finding over all weeks if its interval excludes zero; neutral otherwise."""
    n_weeks = series[0].values.shape[1]
    if len(series) == 1:
        return f"{_capital(metric)} of {series[0].name} by week"
    if len(series) > 2 or difference is None:
        return f"{_capital(metric)} by week in {len(series)} scenarios"
    baseline, variant = series
    if difference == (0.0, 0.0, 0.0):
        return f"No difference in {metric} between {baseline.name} and {variant.name}"
    if not difference.excludes_zero:
        return f"No clear difference in {metric} between {baseline.name} and {variant.name}"
    amount = money(abs(difference.value), half_width=difference.half_width)
    ends = sorted(abs(end) for end in (difference.low, difference.high))
    name = f"unpriced: {metric}" if unpriced else metric
    return (
        f"{_capital(name)} is {amount} {unit} {'higher' if difference.value > 0 else 'lower'} "
        f"with {variant.name} than with {baseline.name} over {n_weeks} weeks ({money_range(*ends)})"
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _reading(series: Sequence[WeeklySeries]) -> str:
    n = min(one.values.shape[0] for one in series)
    if len(series) > MOST_BANDS:
        return "median of the replications"
    if n >= LEAST_FOR_QUANTILES:
        return "line: median, band: the middle 80 % of replications"
    if n >= LEAST_FOR_RANGE:
        return "line: median, band: lowest to highest replication"
    return "each line is one replication" if n > 1 else "one replication"


def _draw_series(
    axes: Axes, order: int, series: WeeklySeries, weeks: NDArray[np.int64], *, spread: bool
) -> None:
    """Median and band, or every replication where there are too few for a band."""
    colour, dash, marker = colour_of(order), dash_of(order), _dot(weeks)
    band = band_of(series.values) if spread else None
    if spread and band is None:
        for i, row in enumerate(series.values):
            label = series.name if i == 0 else f"_replication {i}"
            axes.plot(
                weeks, row, color=colour, ls=dash, lw=1.2, alpha=0.75, label=label, marker=marker
            )
        return
    if band is not None:
        axes.fill_between(weeks, *band, color=colour, alpha=0.16, lw=0, label="_band")
        for edge in band:
            axes.plot(weeks, edge, color=colour, ls=dash, lw=0.6, alpha=0.5, label="_edge")
    median = np.median(series.values, axis=0)
    axes.plot(weeks, median, color=colour, ls=dash, lw=2.2, label=series.name, marker=marker)


def _summed(series: Sequence[WeeklySeries]) -> str:
    if len(series) == 1:
        return "summed up from week 1, mean"
    return f"difference from {series[0].name} summed up, mean and paired 95 % interval of each week"


def _draw_sums(axes: Axes, series: Sequence[WeeklySeries], weeks: NDArray[np.int64]) -> None:
    """Draw sums since week 1: of variants the paired differences, of one scenario its own."""
    base = series[0].values
    alone = len(series) == 1
    for order, one in enumerate(series):
        if order == 0 and not alone:
            continue
        mean, half = sums_of(one.values if alone else one.values - base)
        colour = colour_of(order)
        if np.isfinite(half).all():
            axes.fill_between(weeks, mean - half, mean + half, color=colour, alpha=0.16, lw=0)
        axes.plot(weeks, mean, color=colour, ls=dash_of(order), lw=2.0, marker=_dot(weeks))
    axes.axhline(0.0, color=SLATE, lw=1.0, zorder=1)


def sums_of(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """[replication, week] → by week, the mean of the sum since week 1, and its half-width.

    The half-width is nan where there is one replication.
    """
    sums = np.cumsum(values, axis=1)
    n = len(sums)
    if n == 1:
        return sums[0], np.full(sums.shape[1], np.nan)
    return sums.mean(axis=0), t_quantile(0.975, n - 1) * sums.std(axis=0, ddof=1) / np.sqrt(n)


def _dot(weeks: NDArray[np.int64]) -> str | None:
    """A marker for a line of one week, which has no length; else None."""
    return "o" if weeks.size == 1 else None


def _mark_events(figure: Figure, axes: Axes, events: Sequence[Event]) -> None:
    """Mark the events, with their names in rows above the data so that none covers another."""
    if not events:
        return
    bottom, top = axes.get_ylim()
    freeze_layout(figure)
    points_per_week = (
        axes.get_window_extent().width * 72.0 / figure.dpi / np.diff(axes.get_xlim())[0]
    )
    last_week = axes.get_xlim()[1]
    row_ends: list[float] = []
    placed: list[tuple[Event, float, int]] = []
    for event in sorted(events, key=lambda event: min(event.weeks)):
        width = (text_width(figure, event.name, 8.5) + 8.0) / points_per_week
        start = max(0.5, min(min(event.weeks) - 0.4, last_week - width))
        row = next((r for r, end in enumerate(row_ends) if end <= start), len(row_ends))
        row_ends[row : row + 1] = [start + width]
        placed.append((event, start, row))
    step = (top - bottom) * 0.065
    axes.set_ylim(bottom, top + step * (len(row_ends) + 0.3))
    for event, start, row in placed:
        level = top + step * (len(row_ends) - row - 0.4)
        axes.vlines(min(event.weeks), bottom, level, color=GREY, ls=":", lw=1.0, zorder=1)
        if len(event.weeks) > 1:
            axes.axvspan(
                min(event.weeks) - 0.5, max(event.weeks) + 0.5, color=GREY, alpha=0.08, lw=0
            )
        axes.text(
            start, level, event.name, size=8.5, color=SLATE, va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )  # fmt: skip

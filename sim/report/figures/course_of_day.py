"""The course of the day: the simulated center beside the real one."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter, StrMethodFormatter
from numpy.typing import NDArray

from sim.report.amounts import SPACE, clock
from sim.report.figures.canvas import (
    INK,
    SLATE,
    Footer,
    colour_of,
    dash_of,
    in_house_style,
    marker_of,
    new_sheet,
)
from sim.report.figures.ticks import MoneyTicks, ShareTicks, few_ticks

Bounds = NDArray[np.float64] | None


class Course(NamedTuple):
    """One line over the day: values of shape (intervals,), nan when closed, and perhaps a band.

    An observed course is drawn as markers, a simulated one as a line. Shares are 0..1, waits are in
    seconds, volumes in contacts per interval.
    """

    name: str
    values: NDArray[np.float64]
    low: Bounds = None
    high: Bounds = None
    observed: bool = False


class Panel(NamedTuple):
    """One small multiple: what is measured, its unit (`count`, `share` or `s`) and its courses."""

    label: str
    unit: str
    courses: tuple[Course, ...]


@in_house_style
def course_of_day(
    panels: Sequence[Panel],
    footer: Footer,
    *,
    band: str = "",
    start_minute: int = 0,
    interval_minutes: int = 30,
) -> Figure:
    """Up to four panels, two a row, over the same hours; `band` says what the bands contain."""
    figure = new_sheet(day_title(panels), _subtitle(panels, band), footer, body_in=_height(panels))
    n_columns = min(2, len(panels))
    n_rows = -(-len(panels) // n_columns)
    grid: list[Axes] = (
        figure.subplots(n_rows, n_columns, squeeze=False, sharex=True).ravel().tolist()
    )
    n_intervals = panels[0].courses[0].values.size
    middles = np.asarray(
        start_minute + (np.arange(n_intervals) + 0.5) * interval_minutes, dtype=np.float64
    )
    shown = _open_hours(panels)
    for axes, panel in zip(grid, panels, strict=False):
        for order, course in enumerate(panel.courses):
            _draw_course(axes, order, course, middles)
        _dress(axes, panel)
    for axes in grid[len(panels) :]:
        axes.remove()
    first, last = (start_minute + edge * interval_minutes for edge in shown)
    for place, axes in enumerate(grid[: len(panels)]):
        axes.set_xlim(first, last)
        axes.set_xticks(_hours(first, last), [clock(m) for m in _hours(first, last)], size=9)
        axes.tick_params(labelbottom=place + n_columns >= len(panels))
    handles, names = _legend(grid[: len(panels)])
    grid[0].legend(
        handles, names, loc="lower left", bbox_to_anchor=(-0.01, 1.16), ncols=4, borderaxespad=0.0
    )
    return figure


def inside_band(panels: Sequence[Panel]) -> tuple[int, int]:
    """How many observed points lie inside the band of the panel's first course with one, and of
    how many that can be compared.
    """
    inside = total = 0
    for panel in panels:
        bands = [course for course in panel.courses if course.low is not None]
        for course in panel.courses:
            if not course.observed or not bands:
                continue
            low, high = np.asarray(bands[0].low), np.asarray(bands[0].high)
            comparable = np.isfinite(course.values) & np.isfinite(low) & np.isfinite(high)
            within = (course.values >= low) & (course.values <= high)
            inside += int((within & comparable).sum())
            total += int(comparable.sum())
    return inside, total


def day_title(panels: Sequence[Panel]) -> str:
    """How many observed points the simulated band holds; without a band, the courses shown."""
    names = list(dict.fromkeys(course.name for panel in panels for course in panel.courses))
    inside, total = inside_band(panels)
    if not total:
        return f"Course of the day: {' and '.join(names) if len(names) < 3 else ', '.join(names)}"
    observed = next(c.name for panel in panels for c in panel.courses if c.observed)
    simulated = next(c.name for panel in panels for c in panel.courses if c.low is not None)
    return f"{inside} of {total} points of {observed} lie inside the band of {simulated}"


def _subtitle(panels: Sequence[Panel], band: str) -> str:
    courses = [course for panel in panels for course in panel.courses]
    observed = any(course.observed for course in courses)
    banded = any(course.low is not None for course in courses)
    parts = [
        "by time of day",
        "markers: observed, lines: simulated" if observed else "",
        f"band: {band}" if banded and band else "",
    ]
    return "; ".join(part for part in parts if part)


def _height(panels: Sequence[Panel]) -> float:
    return 5.6 if len(panels) > 2 else 3.6


def _open_hours(panels: Sequence[Panel]) -> tuple[int, int]:
    """First and one past the last interval in which any course has a value."""
    known = np.any([np.isfinite(c.values) for panel in panels for c in panel.courses], axis=0)
    at = np.flatnonzero(known)
    return (int(at[0]), int(at[-1]) + 1) if at.size else (0, known.size)


def _hours(first: float, last: float) -> list[float]:
    step = next(s for s in (60, 120, 180, 240, 360) if (last - first) / s <= 8 or s == 360)
    return [float(m) for m in range(int(-(-first // step)) * step, int(last) + 1, step)]


def _draw_course(axes: Axes, order: int, course: Course, middles: NDArray[np.float64]) -> None:
    colour = colour_of(order)
    if course.low is not None and course.high is not None:
        axes.fill_between(
            middles, course.low, course.high, color=colour, alpha=0.18, lw=0, label="_band"
        )
    if course.observed:
        axes.plot(
            middles, course.values, marker_of(order), color=colour, ms=5, mec="white", mew=0.6,
            label=course.name, zorder=3,
        )  # fmt: skip
        return
    axes.plot(middles, course.values, color=colour, ls=dash_of(order), label=course.name)
    alone = np.isfinite(course.values) & ~_has_neighbour(course.values)
    axes.plot(middles[alone], course.values[alone], ".", color=colour, label="_alone")


def _has_neighbour(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the value before or after is known, so that a line can show this one."""
    known = np.concatenate(([False], np.isfinite(values), [False]))
    return known[:-2] | known[2:]


def _dress(axes: Axes, panel: Panel) -> None:
    axes.set_title(panel.label, loc="left", size=10.5, weight="bold", color=SLATE, pad=5)
    axes.set_ylim(0.0, 1.04 * axes.get_ylim()[1])
    if panel.unit == "share" and axes.get_ylim()[1] > 0.75:
        axes.set_ylim(0.0, 1.03)
    if axes.get_ylim()[1] <= 0.0 or not _any_known(panel):
        axes.set_ylim(0.0, 1.0)
    few_ticks(axes.yaxis, _ticks_of(panel.unit), most=5)
    axes.tick_params(axis="x", pad=9)
    if not _any_known(panel):
        axes.text(0.5, 0.5, "no values", transform=axes.transAxes, ha="center", color=INK)


def _any_known(panel: Panel) -> bool:
    return any(bool(np.isfinite(course.values).any()) for course in panel.courses)


def _legend(grid: Sequence[Axes]) -> tuple[list, list[str]]:
    """Every name once, whichever panel shows it."""
    found: dict[str, object] = {}
    for axes in grid:
        for handle, name in zip(*axes.get_legend_handles_labels(), strict=True):
            found.setdefault(name, handle)
    return list(found.values()), list(found)


def _ticks_of(unit: str) -> Formatter:
    """How an axis of `count`, `share` or `s` is written."""
    if unit == "share":
        return ShareTicks()
    return StrMethodFormatter(f"{{x:.4g}}{SPACE}s") if unit == "s" else MoneyTicks()

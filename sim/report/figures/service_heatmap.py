"""When the target is missed: service level by weekday and time of day."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, Colormap, ListedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.report.amounts import clock, percent, percent_digits, percent_exact
from sim.report.figures.canvas import GREY, INK, Footer, in_house_style, new_sheet, no_grid
from sim.report.figures.measure import freeze_layout, lay_out, text_width

ORANGES = ("#8F2D04", "#D9722B", "#F2A86F", "#FBDCC4")  # far below the target … just below
BLUES = ("#D6E7F5", "#9CC9E6", "#4D94CC", "#084F99")  # just at the target … full
_CLOSED = "#EDEFF1"
_NUMBER_SIZES = (9.0, 8.0, 7.0)
_NOUNS = {15: "quarter hours", 30: "half hours", 60: "hours"}


class WeekOfService(NamedTuple):
    """Service level by weekday and interval of the day.

    `levels`: shares 0..1, shape (days, intervals), nan where closed or without contacts; each a
    ratio of sums over weeks and replications. The first column starts at `start_minute` of the
    day. `definition` names what was measured ("answered within 20 s, of offered").
    """

    levels: NDArray[np.float64]
    days: tuple[str, ...]
    target: float
    definition: str
    start_minute: int = 0
    interval_minutes: int = 30
    scenario: str = ""


@in_house_style
def service_level_heatmap(week: WeekOfService, footer: Footer) -> Figure:
    """Cells whose hue changes exactly at the target, with their percentages where these fit."""
    week = open_hours_only(week)
    n_days, n_intervals = week.levels.shape
    who = f"{week.scenario}: " if week.scenario else ""
    figure = new_sheet(
        heatmap_title(week),
        f"{who}service level in %, {week.definition}; blue meets {percent_exact(week.target)}, "
        "orange misses it, grey is closed or without contacts",
        footer,
        width_in=float(np.clip(0.27 * n_intervals + 2.0, 9.6, 14.5)),
        body_in=max(2.6, 0.46 * n_days + 0.9),
    )
    axes = figure.add_subplot()
    colours, norm = hues(week.target)
    edges = np.arange(n_intervals + 1), np.arange(n_days + 1)
    cells = np.ma.masked_invalid(week.levels)
    mesh = axes.pcolormesh(
        *edges, cells, cmap=colours, norm=norm, edgecolors="white", linewidth=1.2
    )
    bar = figure.colorbar(mesh, ax=axes, pad=0.012, fraction=0.03, spacing="uniform")
    bar.set_ticks(list(norm.boundaries), labels=[percent_exact(edge) for edge in norm.boundaries])
    bar.ax.tick_params(labelsize=9)
    bar.outline.set_visible(False)
    _dress(axes, week)
    lay_out(figure)
    if _number_cells(figure, axes, week):
        freeze_layout(figure)  # numbers within cells move nothing
    return figure


def open_hours_only(week: WeekOfService) -> WeekOfService:
    """The week without the hours before the first opening and after the last closing."""
    open_columns = np.flatnonzero(np.isfinite(week.levels).any(axis=0))
    if not open_columns.size:
        return week
    first, last = int(open_columns[0]), int(open_columns[-1])
    return week._replace(
        levels=week.levels[:, first : last + 1],
        start_minute=week.start_minute + first * week.interval_minutes,
    )


def heatmap_title(week: WeekOfService) -> str:
    """The finding: how many open intervals miss the target, and the worst of them."""
    noun = _NOUNS.get(week.interval_minutes, f"{week.interval_minutes}-minute intervals")
    n_open = int(np.isfinite(week.levels).sum())
    if not n_open:
        return f"No contacts in any of the {noun} of the week"
    n_below = int((week.levels < week.target).sum())
    day, interval = np.unravel_index(np.nanargmin(week.levels), week.levels.shape)
    when = clock(week.start_minute + int(interval) * week.interval_minutes)
    lowest = f"{week.days[day]} {when} ({percent(week.levels[day, interval])})"
    if not n_below:
        return f"Target met in all {n_open} {noun}; lowest {lowest}"
    return f"Below target in {n_below} of {n_open} {noun}; worst {lowest}"


def hues(target: float) -> tuple[Colormap, BoundaryNorm]:
    """Four oranges below the target, four blues from it on; exactly the target is blue."""
    below = [target * part for part in (0.0, 0.6, 0.8, 0.92)]
    above = [target + (1.0 - target) * part for part in (0.0, 0.25, 0.5, 0.75)]
    if target >= 1.0:
        edges, colours = [*below, 1.0, 1.0 + 1e-6], (*ORANGES, BLUES[-1])
    elif target <= 0.0:
        edges, colours = [*above, 1.0], BLUES
    else:
        edges, colours = [*below, *above, 1.0], (*ORANGES, *BLUES)
    colour_map = ListedColormap(colours, name="service level").with_extremes(bad=_CLOSED)
    return colour_map, BoundaryNorm(edges, len(colours))


def _dress(axes: Axes, week: WeekOfService) -> None:
    n_days, n_intervals = week.levels.shape
    no_grid(axes)
    axes.set_facecolor(_CLOSED)
    axes.invert_yaxis()
    axes.set_yticks(np.arange(n_days) + 0.5, week.days)
    per_tick = max(60, 60 * int(np.ceil(n_intervals * week.interval_minutes / 60 / 14)))
    minutes = week.start_minute + np.arange(n_intervals + 1) * week.interval_minutes
    at = [i for i, minute in enumerate(minutes) if minute % per_tick == 0] or [0]
    axes.set_xticks(at, [clock(minutes[i]) for i in at])


def _number_cells(figure: Figure, axes: Axes, week: WeekOfService) -> bool:
    """Percentages in the cells; where they do not fit, a dot in each cell below the target.

    Returns whether they fit.
    """
    box = axes.get_window_extent()
    room = box.width / week.levels.shape[1] * 72.0 / figure.dpi - 3.0
    widest = max(
        (percent_digits(x) for x in week.levels[np.isfinite(week.levels)]), key=len, default=""
    )
    size = next((s for s in _NUMBER_SIZES if text_width(figure, widest, s) <= room), None)
    colours, norm = hues(week.target)
    for day, interval in np.argwhere(np.isfinite(week.levels)):
        level = float(week.levels[day, interval])
        dark = is_dark(colours(norm(level)))
        if size is not None:
            axes.text(
                interval + 0.5,
                day + 0.5,
                percent_digits(level),
                size=size,
                ha="center",
                va="center",
                color="white" if dark else INK,
            )
        elif level < week.target:
            axes.plot(interval + 0.5, day + 0.5, ".", ms=3, color="white" if dark else INK)
    if size is None:
        axes.set_xlabel("a dot marks each interval below the target", color=GREY, size=9)
    return size is not None


def is_dark(colour: tuple[float, float, float, float]) -> bool:
    """Whether white text is easier to read on a colour than dark text."""
    red, green, blue, _ = colour
    return 0.299 * red + 0.587 * green + 0.114 * blue < 0.5

"""Cash since the start against the baseline: one-off costs, and when they are paid back."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.report.amounts import money
from sim.report.figures.canvas import (
    GREY,
    INK,
    SLATE,
    Footer,
    Interval,
    colour_of,
    dash_of,
    in_house_style,
    new_sheet,
)
from sim.report.figures.ticks import MoneyTicks, few_ticks
from sim.report.figures.weekly_fan import sums_of

_ROOM_BELOW = 0.2
"""Room below 0 for the words at the mark, as a share of the height above 0."""
_LATE = 0.8
"""Share of the horizon from which the words stand to the left of the mark."""


class CashCourse(NamedTuple):
    """Cash of one scenario minus that of the baseline, by the time at which it flows."""

    name: str
    baseline: str
    months: NDArray[np.float64]
    """[flow] months from the start."""
    cash: NDArray[np.float64]
    """[replication, flow] in `currency`."""
    discounted: NDArray[np.float64]
    """[replication, flow] the same in money of the start."""
    paid: NDArray[np.float64]
    """[flow] the mean one-off costs in `cash`, above 0."""
    npv: Interval
    paid_back: float | None
    """Months from the start; None: not within the horizon."""
    since: float = 0.0
    """Months until the first payment."""
    currency: str = "EUR"
    unpriced: bool = False


@in_house_style
def cumulative_cash(course: CashCourse, footer: Footer) -> Figure:
    """The sum of cash by month with its paired interval, also discounted, and the payback."""
    figure = new_sheet(cash_title(course), _reading(course), footer)
    axes = figure.add_subplot()
    _draw(axes, course, course.cash, "cash", order=1, paid=course.paid)
    rates = np.divide(
        course.discounted.mean(axis=0),
        course.cash.mean(axis=0),
        out=np.ones_like(course.months),
        where=course.cash.mean(axis=0) != 0,
    )
    _draw(axes, course, course.discounted, "discounted", order=0, paid=course.paid * rates)
    axes.axhline(0.0, color=SLATE, lw=1.0, zorder=1)
    axes.set_xlim(0.0, course.months[-1])
    if course.paid_back is not None:
        _mark(axes, course.paid_back, course.paid_back - course.since)
    axes.xaxis.set_major_locator(MaxNLocator(14, integer=True, min_n_ticks=1))
    few_ticks(axes.yaxis, MoneyTicks(signed=True))
    axes.set_xlabel("month")
    axes.set_ylabel(f"cash since the start, {course.currency}")
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, handlelength=3)
    return figure


def cash_title(course: CashCourse) -> str:
    """The finding: when one-off costs are paid back, and their NPV if its sign is clear."""
    amount = f"{money(float(course.paid.sum()))} {course.currency}"
    name = f"Unpriced: {course.name}" if course.unpriced else course.name
    back = f"{name} does not earn back its {amount} within {course.months[-1]:.3g} months"
    if course.paid_back is not None:
        back = f"{name} earns back its {amount} in {course.paid_back - course.since:.1f} months"
    npv = course.npv
    if not npv.excludes_zero:
        return f"{back}; whether its NPV is above 0 is not clear"
    return f"{back}; NPV {money(npv.value, half_width=npv.half_width, signed=True)}"


def _reading(course: CashCourse) -> str:
    spread = "mean and paired 95 % interval of each month" if len(course.cash) > 1 else "one play"
    return (
        f"Cash since the start minus that of {course.baseline}, {course.currency}; {spread};"
        " drops are what is paid once"
    )


def _draw(
    axes: Axes,
    course: CashCourse,
    cash: NDArray[np.float64],
    label: str,
    *,
    order: int,
    paid: NDArray[np.float64],
) -> None:
    """Draw one course: evenly within a month, straight down at one-off costs."""
    mean, half = sums_of(cash)
    months = np.repeat(course.months, 2)
    line = np.column_stack([mean + paid, mean]).ravel()
    months, line = np.r_[0.0, months], np.r_[0.0, line]
    colour = colour_of(order)
    if np.isfinite(half).all():
        band = np.r_[0.0, np.repeat(half, 2)]
        axes.fill_between(months, line - band, line + band, color=colour, alpha=0.16, lw=0)
    axes.plot(months, line, color=colour, ls=dash_of(1 - order), lw=2.0, label=label)


def _mark(axes: Axes, at: float, after: float) -> None:
    """Mark the month in which the sum of cash is back at 0."""
    axes.plot([at], [0.0], marker="o", color=INK, ms=7, zorder=5, label="_payback")
    bottom, top = axes.get_ylim()
    axes.set_ylim(min(bottom, -_ROOM_BELOW * top), top)
    is_late = at > _LATE * axes.get_xlim()[1]
    axes.annotate(
        f"paid back\nafter {after:.1f} months", (at, 0.0),
        xytext=(-10, 14) if is_late else (10, -34), ha="right" if is_late else "left",
        textcoords="offset points", size=9.5, color=INK,
        arrowprops={"arrowstyle": "-", "color": GREY, "lw": 0.8},
    )  # fmt: skip

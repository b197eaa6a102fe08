"""The week's seats by group, and how many heads to schedule so that they are filled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.report.figures.canvas import INK, Footer, colour_of, in_house_style, new_sheet
from sim.report.figures.days import over_days

_PANEL_IN = 2.1


class GroupSeats(NamedTuple):
    """One group: seats and heads to schedule by interval of the week, Monday 00:00 first."""

    name: str
    seats: NDArray[np.int64]
    heads: NDArray[np.int64]


@in_house_style
def seats_of_week(groups: Sequence[GroupSeats], days: Sequence[str], footer: Footer) -> Figure:
    """A panel for each group: filled are the seats, the line is heads to schedule."""
    subtitle = (
        "by interval of the week; heads to schedule: seats ÷ (1 − shrinkage), rounded up"
        " to whole heads"
    )
    body = max(3.0, _PANEL_IN * len(groups) + 0.8)
    figure = new_sheet(seats_title(groups), subtitle, footer, body_in=body)
    grid: list[Axes] = figure.subplots(len(groups), 1, squeeze=False, sharex=True).ravel().tolist()
    for order, (axes, group) in enumerate(zip(grid, groups, strict=True)):
        edges = np.linspace(0.0, len(days), len(group.seats) + 1)
        colour = colour_of(order)
        axes.stairs(group.seats, edges, fill=True, color=colour, alpha=0.45, label="seats on duty")
        axes.stairs(group.heads, edges, color=INK, lw=1.2, label="heads to schedule")
        axes.set_ylim(0, max(1.0, 1.12 * float(group.heads.max(initial=0))))
    over_days(grid, [group.name for group in groups], days, 2)
    return figure


def seats_title(groups: Sequence[GroupSeats]) -> str:
    """The finding: the most heads to be scheduled at once, and in which group."""
    most = max(groups, key=lambda group: int(group.heads.max(initial=0)))
    seats, heads = (int(column.max(initial=0)) for column in (most.seats, most.heads))
    seat = "seat" if seats == 1 else "seats"
    return f"{most.name}: at most {seats} {seat}, for which {heads} heads are to be scheduled"

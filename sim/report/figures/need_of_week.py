"""The week's load by group, the seats that it needs, and who is there for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.report.figures.canvas import INK, Footer, colour_of, in_house_style, new_sheet
from sim.report.figures.days import over_days

_PANEL_IN = 2.3


class GroupNeed(NamedTuple):
    """One group by interval of the week, Monday 00:00 first."""

    name: str
    erlangs: NDArray[np.float64]
    needed: NDArray[np.int64]
    there: NDArray[np.float64]
    """On duty: by the roster, less those away; without shifts the seats typed."""
    whose: str
    """`roster` or `typed`."""


@in_house_style
def need_of_week(groups: Sequence[GroupNeed], days: Sequence[str], footer: Footer) -> Figure:
    """A panel for each group: filled is the load, lines are seats needed and seats there."""
    subtitle = "by interval of the week: work under way, seats that meet the service level, seats"
    body = max(3.0, _PANEL_IN * len(groups) + 0.8)
    figure = new_sheet(need_title(groups), f"{subtitle} there", footer, body_in=body)
    grid: list[Axes] = figure.subplots(len(groups), 1, squeeze=False, sharex=True).ravel().tolist()
    for order, (axes, group) in enumerate(zip(grid, groups, strict=True)):
        edges = np.linspace(0.0, len(days), len(group.needed) + 1)
        colour = colour_of(order)
        axes.stairs(
            group.erlangs, edges, fill=True, color=colour, alpha=0.35, label="load, erlangs"
        )
        axes.stairs(group.needed, edges, color=INK, lw=1.2, label="seats needed")
        axes.stairs(group.there, edges, color=colour, lw=1.4, label=f"seats by {group.whose}")
        most = max(float(group.needed.max(initial=0)), float(group.there.max(initial=0)))
        axes.set_ylim(0, max(1.0, 1.12 * most))
    over_days(grid, [group.name for group in groups], days, 3)
    return figure


def need_title(groups: Sequence[GroupNeed]) -> str:
    """The finding: of the group with the most seats, how many hours are there for those needed."""
    most = max(groups, key=lambda group: int(group.needed.max(initial=0)))
    hours = 7 * 24 / len(most.needed)
    needed, there = (float(seats.sum()) * hours for seats in (most.needed, most.there))
    who = "the roster" if most.whose == "roster" else "what is typed"
    return f"{most.name}: {needed:,.0f} seat hours needed a week, {there:,.0f} there by {who}"

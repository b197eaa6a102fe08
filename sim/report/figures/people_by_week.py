"""The people of each scenario by week: how many are there, how they feel, and what they bear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.report.amounts import percent_exact
from sim.report.figures.canvas import Footer, colour_of, dash_of, in_house_style, new_sheet
from sim.report.figures.ticks import ShareTicks, few_ticks

_BODY_IN = 6.2
_END_WEEKS = 13


class PeopleCourse(NamedTuple):
    """Means over replications by week, of all groups whose people are typed one by one."""

    name: str
    on_floor: NDArray[np.float64]
    engagement: NDArray[np.float64]
    """Share, added over people ÷ people."""
    hot_half_hours: NDArray[np.float64]
    """Share of half hours on duty, weighted by people."""


@in_house_style
def people_by_week(courses: Sequence[PeopleCourse], footer: Footer) -> Figure:
    """A panel each for people on the floor, engagement and hot half hours; a line a scenario."""
    subtitle = "means over replications by week; who is in class is not on the floor"
    figure = new_sheet(people_title(courses), subtitle, footer, body_in=_BODY_IN)
    panels: list[Axes] = figure.subplots(3, 1, sharex=True).tolist()
    for order, one in enumerate(courses):
        weeks = np.arange(1, len(one.on_floor) + 1)
        values = (one.on_floor, one.engagement, one.hot_half_hours)
        for axes, by_week in zip(panels, values, strict=True):
            axes.plot(weeks, by_week, color=colour_of(order), ls=dash_of(order), label=one.name)
    labels = ("people on the floor", "engagement", "hot half hours")
    for axes, label in zip(panels, labels, strict=True):
        axes.set_ylabel(label)
    panels[0].yaxis.set_major_locator(MaxNLocator(4, integer=True))
    for axes in panels[1:]:
        few_ticks(axes.yaxis, ShareTicks(), most=4)
    panels[2].set_ylim(bottom=0.0)
    panels[2].set_xlim(0.5, len(courses[0].on_floor) + 0.5)
    panels[2].xaxis.set_major_locator(MaxNLocator(14, integer=True, min_n_ticks=1))
    panels[2].set_xlabel("week")
    panels[0].legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, handlelength=3)
    return figure


def people_title(courses: Sequence[PeopleCourse]) -> str:
    """Engagement at the end: of the baseline, and of the scenario that differs most from it."""
    ends = [float(one.engagement[-_END_WEEKS:].mean()) for one in courses]
    said = [percent_exact(round(end, 2)) for end in ends]
    if len(courses) == 1:
        return f"Engagement in {courses[0].name} is {said[0]} at the end"
    most = max(range(1, len(ends)), key=lambda i: abs(ends[i] - ends[0]))
    return (
        f"Engagement at the end: {said[most]} in {courses[most].name},"
        f" {said[0]} in {courses[0].name}"
    )

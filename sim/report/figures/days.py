"""Axes over the days of a week, one panel above the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.report.figures.canvas import SLATE


def over_days(grid: Sequence[Axes], names: Sequence[str], days: Sequence[str], most: int) -> None:
    """Name panels and days, part the days by lines, and put a legend of `most` columns on top."""
    for axes, name in zip(grid, names, strict=True):
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.set_ylabel(name)
        for day in range(1, len(days)):
            axes.axvline(day, color=SLATE, lw=0.5, alpha=0.4, zorder=1)
    grid[-1].set_xlim(0, len(days))
    grid[-1].set_xticks(np.arange(len(days)) + 0.5, days)
    grid[-1].tick_params(axis="x", length=0)
    grid[0].legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=most)

"""Where issues end, by channel and scenario: solved by whom, at which contact, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.amounts import SPACE
from sim.report.figures.canvas import (
    COLOURS,
    GREY,
    INK,
    Footer,
    Interval,
    in_house_style,
    new_sheet,
)
from sim.report.figures.measure import wrapped
from sim.report.figures.ticks import ShareTicks, few_ticks

_ROW_IN = 0.4
_BAR = 0.74
_BETWEEN_CHANNELS = 0.9
_NARROWEST_LABELLED = 0.025
_NAME_POINTS = 150.0
_LEAST_TOLD = 0.001

WAYS = {
    "solved by bot": COLOURS[2],
    "by agent, 1st contact": COLOURS[0],
    "by agent, 2nd contact": "#5BA3D0",
    "by agent, 3rd or later": "#B5D6EA",
    "claimed by bot, unsolved": COLOURS[4],
    "unsolved, came no more": COLOURS[1],
    "never answered": GREY,
}
"""How an issue may end, from left to right, and its colour: blue is solved by agents."""
_DARK = (COLOURS[0], COLOURS[1], COLOURS[2], GREY)


class IssuesOf(NamedTuple):
    """Issues of a channel in a scenario, means over replications."""

    scenario: str
    channel: str
    ended: tuple[float, ...]
    """That closed within the horizon, by WAYS."""
    open: float
    """At its end."""

    @property
    def closed(self) -> float:
        """However they ended."""
        return sum(self.ended)

    @property
    def shares(self) -> tuple[float, ...]:
        """Of those that closed, by WAYS."""
        return tuple(n / self.closed for n in self.ended)


class Solves(NamedTuple):
    """The share of closed issues that are solved, over all channels; the baseline comes first."""

    scenario: str
    share: float
    more: Interval | None = None
    """Than in the baseline."""


@in_house_style
def where_issues_end(
    issues: Sequence[IssuesOf], solving: Sequence[Solves], footer: Footer
) -> Figure:
    """A bar for each scenario, in the order given, under the name of each channel."""
    subtitle = (
        "In % of the issues that closed within the horizon, by channel. Right: how many closed, and"
        " how many were still open at its end; means of replications"
    )
    channels = list(dict.fromkeys(one.channel for one in issues))
    rows = len(issues) + _BETWEEN_CHANNELS * len(channels)
    figure = new_sheet(solved_title(solving), subtitle, footer, body_in=_ROW_IN * rows + 1.0)
    axes = figure.add_subplot()
    at, names = 0.0, []
    for channel in channels:
        _write(axes, 0.005, at, channel, weight="bold", ha="left")
        at += _BETWEEN_CHANNELS
        for one in issues:
            if one.channel == channel:
                _draw_bar(axes, at, one)
                names.append((at, "\n".join(wrapped(figure, one.scenario, _NAME_POINTS, size=9.5))))
                at += 1.0
    for x, head in zip(_COLUMNS, ("closed", "open"), strict=True):
        _write(axes, x, 0.0, head, ha="right", color=GREY)
    axes.set_yticks([y for y, _ in names], [name for _, name in names])
    axes.set_ylim(at - 0.4, -0.6)
    axes.set_xlim(0.0, 1.0)
    axes.grid(False)
    few_ticks(axes.xaxis, ShareTicks(), most=5)
    occurring = [w for i, w in enumerate(WAYS) if any(one.ended[i] for one in issues)]
    for way in occurring:
        axes.plot([], [], "s", ms=9, color=WAYS[way], label=way)
    axes.legend(
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        ncols=-(-len(occurring) // 2),
        columnspacing=1.2,
        handletextpad=0.3,
    )
    return figure


_COLUMNS = (1.09, 1.17)
"""Where the two columns of numbers end, right of the bars."""


def solved_title(solving: Sequence[Solves]) -> str:
    """The finding: who solves most more or less than the baseline, if that is certain."""
    base, *variants = solving
    far = {
        one: abs(one.more.value)
        for one in variants
        if one.more is not None and one.more.excludes_zero
    }
    told = f"{100 * base.share:.1f}{SPACE}%"
    if max(far.values(), default=0.0) < _LEAST_TOLD:
        return f"No scenario clearly solves more or less than {base.scenario}: {told} of its issues"
    most = max(far, key=far.__getitem__)
    return (
        f"{most.scenario} solves {100 * most.share:.1f}{SPACE}% of its issues,"
        f" {base.scenario} {told}"
    )


def _draw_bar(axes: Axes, at: float, issues: IssuesOf) -> None:
    """Upon one another from the left, with whole percents where there is room for them."""
    left = 0.0
    for share, colour in zip(issues.shares, WAYS.values(), strict=True):
        axes.barh(at, share, _BAR, left=left, color=colour, edgecolor="white", linewidth=1.0)
        if share >= _NARROWEST_LABELLED:
            ink = "white" if colour in _DARK else INK
            _write(axes, left + share / 2, at, f"{100 * share:.0f}", ha="center", color=ink)
        left += share
    for x, number in zip(_COLUMNS, (issues.closed, issues.open), strict=True):
        _write(axes, x, at, f"{number:,.0f}".replace(",", SPACE), ha="right", color=INK)


def _write(
    axes: Axes,
    x: float,
    at: float,
    text: str,
    *,
    ha: str,
    color: str = INK,
    weight: str = "normal",
) -> None:
    axes.text(x, at, text, va="center", size=9, ha=ha, color=color, weight=weight)

"""What is sold against what is lost: margin of sales and value of customers, by segment."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.amounts import money
from sim.report.figures.canvas import (
    GAIN,
    INK,
    LOSS,
    SLATE,
    Footer,
    Interval,
    in_house_style,
    new_sheet,
)
from sim.report.figures.measure import wrapped
from sim.report.figures.ticks import MoneyTicks, few_ticks

_ROW_IN = 0.62
_BAR = 0.36
_PALE = 0.5


class Exchange(NamedTuple):
    """What a scenario changes against the baseline in one segment, over the horizon.

    `sold`: margin of what was sold, less commission. `value`: base margin of customers within the
    horizon and their discounted value at its end. `net`: the sum of both, paired.
    """

    scenario: str
    segment: str
    sold: Interval
    value: Interval
    net: Interval


@in_house_style
def sold_against_lost(exchanges: Sequence[Exchange], footer: Footer, *, currency: str) -> Figure:
    """Two bars for each scenario and segment, in the order given; a gain is green."""
    subtitle = (
        f"Difference from the baseline, {currency} over the horizon and in the value of customers "
        "at its end; whiskers are paired 95 % intervals, hollow bars could be zero"
    )
    body = max(2.4, _ROW_IN * len(exchanges) + 1.2)
    figure = new_sheet(exchange_title(exchanges), subtitle, footer, body_in=body)
    axes = figure.add_subplot()
    for row, exchange in enumerate(exchanges):
        _draw_bar(axes, row - _BAR / 2, exchange.sold, 1.0)
        _draw_bar(axes, row + _BAR / 2, exchange.value, _PALE)
    axes.axvline(0.0, color=INK, lw=1.0, zorder=3)
    names = [f"{one.scenario}: {one.segment}" for one in exchanges]
    axes.set_yticks(
        range(len(names)), ["\n".join(wrapped(figure, n, 170.0, size=9.5)) for n in names]
    )
    axes.set_ylim(len(exchanges) - 0.4, -0.6)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.margins(x=0.14)
    few_ticks(axes.xaxis, MoneyTicks(signed=True))
    axes.set_xlabel(f"difference from the baseline, {currency}")
    for colour, what in (
        (SLATE, "upper bar: margin sold, less commission"),
        ((SLATE, _PALE), "lower bar: value of customers"),
        (GAIN, "gain"),
        (LOSS, "loss"),
    ):
        axes.plot([], [], "s", ms=9, color=colour, label=what)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4, columnspacing=1.2)
    return figure


def exchange_title(exchanges: Sequence[Exchange]) -> str:
    """The finding: where more is lost than sold, if that is clear."""
    losing = [one for one in exchanges if one.net.excludes_zero and one.net.value < 0]
    if len(losing) == 1:
        one = losing[0]
        return f"{one.scenario} loses more value of {one.segment} customers than it sells to them"
    if losing:
        return (
            f"In {len(losing)} of {len(exchanges)} segments more value of customers is lost "
            "than sold"
        )
    if all(one.net.excludes_zero for one in exchanges):
        return "More is sold than value of customers lost, in every segment"
    return "No segment clearly loses more value of customers than is sold to it"


def _draw_bar(axes: Axes, at: float, amount: Interval, strength: float) -> None:
    """The colour of a gain or a loss, paler for the value of customers."""
    certain = amount.excludes_zero
    colour = LOSS if amount.value < 0 else GAIN
    axes.barh(
        at,
        amount.value,
        _BAR * 0.9,
        facecolor=(colour, strength) if certain else "white",
        edgecolor=colour,
        linewidth=1.4,
        zorder=2,
    )
    if amount.known and amount.high > amount.low:
        ends = [[amount.value - amount.low], [amount.high - amount.value]]
        axes.errorbar([amount.value], [at], xerr=ends, fmt="none", ecolor=INK, capsize=3, zorder=4)
    gains = amount.value >= 0
    outer = (amount.high if gains else amount.low) if amount.known else amount.value
    axes.annotate(
        money(amount.value, signed=True, half_width=amount.half_width if amount.known else 0.0),
        (outer, at),
        xytext=(5 if gains else -5, 0),
        textcoords="offset points",
        ha="left" if gains else "right",
        va="center",
        size=9,
        color=INK,
    )

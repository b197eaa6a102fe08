"""The profit bridge: which lines of the ledger carry the difference in the result."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from sim.report.amounts import money, money_range
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
from sim.report.figures.measure import boxes_of, freeze_layout, wrapped
from sim.report.figures.ticks import MoneyTicks, few_ticks

NEGLIGIBLE = 0.01
_ROOM_FOR_BARS = 4.0
_BAR_WIDTH = 0.62


class LineGroup(NamedTuple):
    """Ledger lines that belong together, and by how much the variant changes them (gains > 0)."""

    label: str
    difference: Interval


class Bridge(NamedTuple):
    """From the baseline's result to the variant's, in `currency` over a time.

    The differences of `groups` add up to `total.value`; intervals are paired by replication.
    Where several variants meet one baseline, `total` has the interval the verdict was read from.
    """

    baseline: str
    variant: str
    baseline_result: float
    variant_result: float
    groups: tuple[LineGroup, ...]
    total: Interval
    currency: str = "EUR"
    over: str = "a year"
    unpriced: bool = False
    basis: str = ""  # "at the same seats", "at the same service"


@in_house_style
def profit_bridge(bridge: Bridge, footer: Footer) -> Figure:
    """A waterfall from the baseline's result to the variant's.

    Where the totals would dwarf the steps (a cost center of −6.2 M that gains 41 k), the bars start
    at the baseline: the axis then shows differences from it and the totals stand as text.
    """
    groups = fold_negligible(bridge.groups)
    figure = new_sheet(
        bridge_title(bridge), _subtitle(bridge), footer, width_in=max(9.6, 1.05 * (len(groups) + 2))
    )
    axes = figure.add_subplot()
    ground = 0.0 if totals_dwarf(bridge, groups) else bridge.baseline_result
    steps = tuple(accumulate((g.difference.value for g in groups), initial=ground))
    _draw_ends(axes, bridge, ground, len(groups))
    for at, (group, start) in enumerate(zip(groups, steps, strict=False), start=1):
        _draw_step(axes, at, start, group.difference)
    for at, level in enumerate(steps):
        axes.hlines(
            level, at + _BAR_WIDTH / 2, at + 1 - _BAR_WIDTH / 2, color="#9AA5B1", lw=1.0, zorder=1
        )
    _dress(figure, axes, bridge, groups, differences_only=ground == 0.0)
    return figure


def fold_negligible(groups: Sequence[LineGroup]) -> tuple[LineGroup, ...]:
    """The groups, with those below 1 % of the largest difference folded into `other` at the end.

    A group whose interval reaches further than that is kept: it is uncertain, not small. The
    interval of `other` adds the ends of its parts, which is never narrower than the paired
    interval of their sum.
    """
    largest = max((abs(group.difference.value) for group in groups), default=0.0)
    small = [group for group in groups if _reach(group.difference) < NEGLIGIBLE * largest]
    if len(small) < 2:
        return tuple(groups)
    other = Interval(
        *(float(sum(ends)) for ends in zip(*(g.difference for g in small), strict=True))
    )
    return (*(g for g in groups if g not in small), LineGroup("other", other))


def totals_dwarf(bridge: Bridge, groups: Sequence[LineGroup]) -> bool:
    """Whether bars from zero to the totals would leave the steps unreadable."""
    levels = tuple(accumulate((group.difference.value for group in groups), initial=0.0))
    span = max(levels) - min(levels)
    totals = max(abs(bridge.baseline_result), abs(bridge.variant_result))
    return totals > _ROOM_FOR_BARS * span


def bridge_title(bridge: Bridge) -> str:
    """The finding: by how much the result differs, if the interval excludes zero."""
    total = bridge.total
    unpriced = "Unpriced: " if bridge.unpriced else ""
    if total == (0.0, 0.0, 0.0):
        return f"No difference in the result between {bridge.baseline} and {bridge.variant}"
    if not total.excludes_zero:
        return f"No clear difference in the result between {bridge.baseline} and {bridge.variant}"
    more, sign = ("more", 1.0) if total.value > 0 else ("less", -1.0)
    amount = money(abs(total.value), half_width=total.half_width)
    ends = sorted((sign * total.low, sign * total.high))
    return (
        f"{unpriced}{bridge.variant} earns {amount} {bridge.currency} {more} {bridge.over} "
        f"than {bridge.baseline} ({money_range(*ends)})"
    )


def _subtitle(bridge: Bridge) -> str:
    basis = f" {bridge.basis}" if bridge.basis else ""
    reading = "whiskers are 95 % intervals, hollow bars could be zero"
    if not bridge.total.known:
        reading = "no intervals: hollow bars could be zero"
    return f"What changes in the result, {bridge.currency} {bridge.over}{basis}; {reading}"


def _reach(difference: Interval) -> float:
    ends = (difference.low, difference.high) if difference.known else ()
    return max(abs(end) for end in (difference.value, *ends))


def _draw_ends(axes: Axes, bridge: Bridge, ground: float, n_groups: int) -> None:
    """The bars of the two totals; from the baseline upward, the first has no height."""
    total = bridge.total
    end = ground + total.value if ground == 0.0 else bridge.variant_result
    start_height = 0.0 if ground == 0.0 else ground
    axes.bar([0, n_groups + 1], [start_height, end], _BAR_WIDTH, color=SLATE, label="totals")
    if total.known:
        _whisker(
            axes, n_groups + 1, end, end - total.value + total.low, end - total.value + total.high
        )
    top = end - total.value + total.high if total.known else end
    first = "start" if ground == 0.0 else money(bridge.baseline_result)
    last = _signed(total) if ground == 0.0 else money(end)
    _label(axes, 0, max(start_height, 0.0), first, INK)
    _label(axes, n_groups + 1, max(end, top, 0.0), last, INK)


def _draw_step(axes: Axes, at: int, start: float, difference: Interval) -> None:
    """One floating bar, its whisker and its signed amount."""
    colour = GAIN if difference.value >= 0 else LOSS
    certain = difference.excludes_zero
    axes.bar(
        at,
        difference.value,
        _BAR_WIDTH,
        bottom=start,
        color=colour if certain else "white",
        edgecolor=colour,
        linewidth=1.6,
        label="step",
    )
    top = max(start, start + difference.value)
    if difference.known:
        _whisker(
            axes, at, start + difference.value, start + difference.low, start + difference.high
        )
        top = max(top, start + difference.high)
    _label(axes, at, top, _signed(difference), colour if difference.value else INK)


def _whisker(axes: Axes, at: int, level: float, low: float, high: float) -> None:
    if high > low:
        ends = [[level - low], [high - level]]
        axes.errorbar([at], [level], ends, fmt="none", ecolor=INK, elinewidth=1.4, capsize=4)


def _label(axes: Axes, at: int, top: float, text: str, colour: str) -> None:
    axes.annotate(
        text,
        (at, top),
        xytext=(0, 4),
        textcoords="offset points",
        ha="center",
        weight="bold",
        color=colour,
    )


def _signed(difference: Interval) -> str:
    width = difference.half_width if difference.known else 0.0
    return money(difference.value, signed=True, half_width=width)


def _dress(
    figure: Figure,
    axes: Axes,
    bridge: Bridge,
    groups: Sequence[LineGroup],
    *,
    differences_only: bool,
) -> None:
    """Add names under the bars, the zero line, units on the axis, and room for labels."""
    ends = (
        (bridge.baseline, money(bridge.baseline_result)),
        (bridge.variant, money(bridge.variant_result)),
    )
    if not differences_only:
        ends = ((bridge.baseline,), (bridge.variant,))
    names = (ends[0], *((group.label,) for group in groups), ends[1])
    room = figure.get_figwidth() * 72.0 * 0.88 / len(names) - 4.0
    labels = [
        "\n".join(line for part in parts for line in wrapped(figure, part, room, size=9))
        for parts in names
    ]
    axes.set_xticks(range(len(names)), labels, size=9)
    axes.set_xlim(-0.6, len(names) - 0.4)
    axes.axhline(0.0, color=INK, lw=1.0, zorder=1.5)
    few_ticks(axes.yaxis, MoneyTicks(signed=differences_only))
    what = f"difference from {bridge.baseline}" if differences_only else "result"
    axes.set_ylabel(
        "\n".join(wrapped(figure, f"{what}, {bridge.currency} {bridge.over}", 300, size=10.5))
    )
    bottom, top = axes.dataLim.y0, axes.dataLim.y1
    if bottom == top:
        axes.set(ylim=(-1.0, 1.0), yticks=[0.0])
    else:
        air = 0.09 * (top - bottom)
        axes.set_ylim(bottom - air * (bottom < 0.0), top + air)
    _lift_off_zero(figure, axes)


def _lift_off_zero(figure: Figure, axes: Axes) -> None:
    """Move amounts that the zero line would cross to above it; this fixes the layout."""
    freeze_layout(figure)
    zero = axes.transData.transform((0.0, 0.0))[1]
    labels = [text for text in axes.texts if isinstance(text, Annotation)]
    for label, box in zip(labels, boxes_of(figure, labels), strict=True):
        if box.y0 - 1.0 < zero < box.y1 + 1.0:
            label.xy = (label.xy[0], 0.0)

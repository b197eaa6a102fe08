"""Result against CSAT, as differences from the baseline: what each scenario gives for what."""

from collections.abc import Sequence
from math import nan
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.amounts import money, percent_exact
from sim.report.figures.canvas import (
    INK,
    SLATE,
    Footer,
    Interval,
    colour_of,
    in_house_style,
    marker_of,
    new_sheet,
)
from sim.report.figures.labels import label_points
from sim.report.figures.scales import SignedTicks
from sim.report.figures.ticks import MoneyTicks, few_ticks

_POINTS = 100.0


class Outcome(NamedTuple):
    """A scenario: CSAT as a share 0..1, result in the scenario's currency.

    `csat_gain` and `result_gain` are its paired differences from the baseline (None for the
    baseline itself); they are what is drawn, and only they decide the title. With several
    scenarios, pass intervals that hold together (Holm). `unpriced`: an outcome was improved without
    paying for it.
    """

    name: str
    csat: Interval
    result: Interval
    csat_gain: Interval | None = None
    result_gain: Interval | None = None
    unpriced: bool = False


@in_house_style
def profit_against_csat(
    outcomes: Sequence[Outcome], footer: Footer, *, currency: str = "EUR", over: str = "a year"
) -> Figure:
    """Scenarios by what they change in CSAT (right is better) and result (up is better).

    The baseline comes first and stands where nothing changes.
    """
    subtitle = f"differences from {outcomes[0].name}; lines are paired 95 % intervals"
    if len(outcomes) > 1:
        subtitle += "; no scenario beats those on the staircase on both"
    figure = new_sheet(frontier_title(outcomes), subtitle, footer, body_in=5.0)
    axes = figure.add_subplot()
    places = [_differences(outcome, outcomes[0]) for outcome in outcomes]
    axes.axhline(0.0, color=SLATE, lw=0.8, zorder=1)
    axes.axvline(0.0, color=SLATE, lw=0.8, zorder=1)
    best = sorted((places[i] for i in non_dominated(outcomes)), key=lambda at: at[0].value)
    if len(best) > 1:
        axes.plot(
            [csat.value for csat, _ in best],
            [result.value for _, result in best],
            drawstyle="steps-pre",
            color=SLATE,
            lw=1.6,
            alpha=0.55,
            label="frontier",
            zorder=1.5,
        )
    for order, outcome in enumerate(outcomes):
        _draw_point(axes, order, outcome.name, *places[order])
    _dress(axes, f"{currency} {over}", outcomes[0])
    names = [_label(order, outcome) for order, outcome in enumerate(outcomes)]
    label_points(figure, axes, [(csat.value, earned.value) for csat, earned in places], names)
    return figure


def non_dominated(outcomes: Sequence[Outcome]) -> tuple[int, ...]:
    """Indices of outcomes that no other beats on one axis and at least equals on the other."""
    points = [(outcome.csat.value, outcome.result.value) for outcome in outcomes]
    return tuple(
        place
        for place, (csat, result) in enumerate(points)
        if not any(
            other[0] >= csat and other[1] >= result and other != (csat, result) for other in points
        )
    )


def frontier_title(outcomes: Sequence[Outcome]) -> str:
    """The finding, as far as the paired differences are clear."""
    if len(outcomes) == 1:
        return f"Contribution and CSAT of {outcomes[0].name}"
    baseline, *variants = outcomes
    both = [v for v in variants if _sign(v.result_gain) > 0 and _sign(v.csat_gain) > 0]
    traded = [v for v in variants if _sign(v.result_gain) * _sign(v.csat_gain) < 0]
    if both:
        verb = f"beat{_s(both)}"
        return f"{_who(both, variants)} {verb} {baseline.name} on both result and CSAT"
    if traded:
        paid = [v for v in traded if _sign(v.result_gain) > 0]
        earns, loses = ("result", "CSAT") if paid else ("CSAT", "result")
        some = paid or traded
        return f"{_who(some, variants)} trade{_s(some)} {loses} for {earns} against {baseline.name}"
    if all(v.result_gain == v.csat_gain == (0.0, 0.0, 0.0) for v in variants):
        return f"No difference from {baseline.name} in result or CSAT"
    clear = [v for v in variants if _sign(v.result_gain) or _sign(v.csat_gain)]
    if not clear:
        return f"No clear difference from {baseline.name} in result or CSAT"
    return f"No scenario clearly beats {baseline.name} on both result and CSAT"


def _sign(gain: Interval | None) -> int:
    """−1 or 1 where the sign is certain, else 0."""
    if gain is None or not gain.excludes_zero:
        return 0
    return 1 if gain.value > 0 else -1


def _who(found: Sequence[Outcome], among: Sequence[Outcome]) -> str:
    unpriced = "Unpriced: " if any(outcome.unpriced for outcome in found) else ""
    who = found[0].name if len(found) == 1 else f"{len(found)} of {len(among)} scenarios"
    return unpriced + who


def _s(found: Sequence[Outcome]) -> str:
    return "s" if len(found) == 1 else ""


def _label(order: int, outcome: Outcome) -> str:
    if order == 0:
        return f"{outcome.name} (baseline)"
    return f"{outcome.name} (unpriced)" if outcome.unpriced else outcome.name


def _differences(outcome: Outcome, base: Outcome) -> tuple[Interval, Interval]:
    """From the baseline, with paired intervals where there are any: CSAT in points, money."""
    csat = outcome.csat_gain or _gap(outcome.csat, base.csat)
    earned = outcome.result_gain or _gap(outcome.result, base.result)
    return Interval(*(_POINTS * end for end in csat)), earned


def _gap(level: Interval, base: Interval) -> Interval:
    return Interval(level.value - base.value, nan, nan)


def _draw_point(axes: Axes, order: int, name: str, csat: Interval, result: Interval) -> None:
    """A marker with its two intervals; the baseline is larger and dark-edged."""
    axes.errorbar(
        [csat.value],
        [result.value],
        xerr=_ends(csat),
        yerr=_ends(result),
        fmt=marker_of(order),
        color=colour_of(order),
        ecolor=(colour_of(order), 0.55),
        elinewidth=1.6,
        markersize=11 if order == 0 else 8,
        markeredgecolor=INK if order == 0 else "white",
        markeredgewidth=1.6 if order == 0 else 0.8,
        label=name,
        zorder=3,
    )


def _ends(interval: Interval) -> list[list[float]] | None:
    if not interval.known:
        return None
    return [[interval.value - interval.low], [interval.high - interval.value]]


def _dress(axes: Axes, unit: str, base: Outcome) -> None:
    axes.grid(True, axis="both")
    axes.margins(x=0.16, y=0.16)
    for axis, limits, least in (
        (axes.xaxis, axes.get_xlim(), 1.0),
        (axes.yaxis, axes.get_ylim(), 1.0),
    ):
        centre, span = sum(limits) / 2, max(limits[1] - limits[0], least)
        axis.set_view_interval(centre - span / 2, centre + span / 2, ignore=True)
    few_ticks(axes.xaxis, SignedTicks())
    few_ticks(axes.yaxis, MoneyTicks(signed=True))
    csat, earned = percent_exact(base.csat.value), money(base.result.value)
    axes.set_xlabel(
        f"difference in CSAT (share of closed issues scored 4 or 5), points; baseline: {csat}"
    )
    axes.set_ylabel(f"difference in result, {unit}\nbaseline: {earned}")

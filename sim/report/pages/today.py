"""How well the scenario describes the center: typed figures of today beside simulated ones."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.core.clock import CELLS_PER_DAY, CELLS_PER_HOUR, WEEKS_PER_YEAR
from sim.core.statistics import Estimate, Sample, estimate
from sim.domain.contacts.opening import DAYS
from sim.domain.study.today import parse_service_level
from sim.language.quantities import typeset
from sim.metrics import METRICS, definition_of
from sim.report.amounts import money, percent_exact
from sim.runs.run import Run

LARGE_GAP = 0.10
"""Of a typed figure; a larger gap is marked."""
LARGE_POINTS = 0.05
"""The same for shares, as a difference."""


class Gap(NamedTuple):
    """One figure as text: typed, simulated, its half-width, and by how much both differ."""

    name: str
    typed: str
    simulated: str
    half_width: str
    gap: str
    is_large: bool
    """Whether the gap is large and the typed figure lies outside the interval, so it is no luck."""


def gaps(run: Run) -> list[Gap]:
    """Every figure that the scenario types of today, beside the simulated one.

    With initiatives no gap counts as large, as they have changed the center since.
    """
    today = run.scenario.spec.today
    found_of = {name: estimate(sample) for name, sample in run.samples.items()}
    length = run.scenario.spec.horizon.length_weeks
    calls = run.facts.on_the_spot()  # what a switch knows of
    found_of |= {name: estimate(METRICS[name].measure(calls)) for name in ("service_level", "aht")}
    found: list[Gap] = []
    if today.service_level:
        share, within = parse_service_level(today.service_level)
        name = f"service level within {within:g} s, {definition_of(run.scenario)}"
        found.append(_share(name, share, found_of["service_level"]))
    for name, metric in (("abandoned", "abandonment"), ("occupancy", "occupancy"),
                         ("csat", "csat"), ("first_contact", "fcr")):  # fmt: skip
        typed = getattr(today, name)
        if typed is not None:
            found.append(_share(name.replace("_", " "), typed, found_of[metric]))
    if today.churn is not None:
        found.append(_share("churn within a year", today.churn, found_of["churn"]))
    for name, metric, form in (("wait", "asa", "{:.0f} s"), ("handle", "aht", "{:.0f} s"),
                               ("nps", "nps", "{:+.0f}")):  # fmt: skip
        typed = getattr(today, name)
        if typed is not None:
            found.append(_amount(name, typed, found_of[metric], form))
    if today.volume is not None:
        offered = found_of["offered"].times(1 / length)
        found.append(_amount("contacts a week", today.volume, offered, "{:,.0f}"))
    if today.annual_cost is not None and length >= 1:  # days are not all alike
        found.append(_cost(today.annual_cost, found_of["cost"].times(WEEKS_PER_YEAR / length)))
    typed_volumes = [(t, s.volume) for t, s in run.scenario.spec.contacts.items()]
    for i, (name, volume) in enumerate(typed_volumes):
        if volume.per_week and volume.counts == "all" and run.scenario.root is run.scenario:
            offered = run.tally.contacts["offered"][:, :, i].sum(axis=1) / length
            e = estimate(Sample(offered))
            found.append(_amount(f"{name}: contacts a week", volume.per_week, e, "{:,.0f}"))
    found += _by_interval(run)
    if run.scenario.spec.initiatives:
        return [gap._replace(is_large=False) for gap in found]
    return found


def _by_interval(run: Run) -> list[Gap]:
    """The interval of each type that misses its typed contacts most, if the pilot left any."""
    found = []
    for name, left in run.anchors.gaps.items() if run.scenario.root is run.scenario else ():
        number, typed, simulated = max(left, key=lambda one: abs(one[2] - one[1]))
        cell = int(number) * run.scenario.spec.horizon.interval_cells
        day, of_day = divmod(cell, CELLS_PER_DAY)
        hour, of_hour = divmod(of_day, CELLS_PER_HOUR)
        when = f"{DAYS[day].title()} {hour:02}:{of_hour * 60 // CELLS_PER_HOUR:02}"
        others = f", and {len(left) - 1} other intervals" if len(left) > 1 else ""
        seen = Estimate(simulated, math.nan, math.nan, math.nan, 0)
        found.append(_amount(f"{name}: {when}{others}", typed, seen, "{:,.0f}"))
    return found


def _share(name: str, typed: float, e: Estimate) -> Gap:
    found, width = (f"{100 * share:.1f}" for share in (e.value, e.half_width))
    points = e.value - typed
    return Gap(
        name, percent_exact(typed), typeset(f"{found} %"), f"{width} pt" if e.has_interval else "",
        typeset(f"{100 * points:+.1f} points"), _is_large(abs(points) > LARGE_POINTS, typed, e),
    )  # fmt: skip


def _amount(name: str, typed: float, e: Estimate, form: str) -> Gap:
    before, after = (typeset(form.format(figure)) for figure in (typed, e.value))
    width = form.replace("+", "").format(e.half_width) if e.has_interval else ""
    return Gap(name, before, after, width, *_relative(typed, e))


def _cost(typed: float, e: Estimate) -> Gap:
    width = money(e.half_width) if e.has_interval else ""
    simulated = money(e.value, half_width=e.half_width)
    return Gap("annual cost", money(typed), simulated, width, *_relative(typed, e))


def _relative(typed: float, e: Estimate) -> tuple[str, bool]:
    """The gap in percent, and whether it is large."""
    change = e.value / typed - 1 if typed else math.nan
    return typeset(f"{change:+.0%}"), _is_large(abs(change) > LARGE_GAP, typed, e)


def _is_large(goes_far: bool, typed: float, e: Estimate) -> bool:
    """Whether a large gap is more than luck; without an interval it counts as more."""
    return goes_far and not (e.has_interval and e.low <= typed <= e.high)

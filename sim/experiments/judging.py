"""Judge a pair of runs by the deciding metric, and by all else that a verdict must see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.core.clock import WEEKS_PER_YEAR
from sim.core.statistics import Estimate, difference, estimate
from sim.experiments.figures import RESULT, VALUE, ThreeFigures, gaps_of_money
from sim.experiments.forms import Shift, moved
from sim.experiments.verdict import (
    WORDINGS,
    Context,
    Direction,
    Figures,
    LeftUndone,
    Other,
    Under,
    Verdict,
    Wording,
    judge_both,
    over_horizon,
    verdict,
    wording,
)
from sim.language.parsers import parse_number, parse_rate, parse_share
from sim.language.quantities import typeset
from sim.metrics import METRICS, label_of, other_measure
from sim.metrics.periods import first_year_text
from sim.runs.run import Run
from sim.scenario.check_initiatives import not_reached
from sim.scenario.other_world import other_world
from sim.scenario.scenario import Scenario
from sim.scenario.unpriced import improved_outcomes

CONTAINS = "dice only"
MATTERS_FROM = {"money": "50k per year", "share": 0.01, "points": 1}
"""By unit, the least difference that matters, where none is typed."""
SAME_HOURS = 0.005
"""Paid hours that differ by a smaller share are the same seats: overtime moves them a little."""
BUSIER = 0.005
"""The rise of occupancy, as a share, from which people count as busier."""
IDLER = 0.03
"""The fall of occupancy, as a share, from which seats did not follow what a bot takes over."""
LEFT_UNDONE = 0.01
"""The share of contacts from which work is left undone, beyond what the base leaves."""
IN_HAND_DAYS = 3.0
"""A center may have as many contacts in hand as come in these days: a weekend's emails."""


class Beside(NamedTuple):
    """What a verdict must see of a pair of runs beside the metric that decides."""

    money: dict[str, ThreeFigures]
    basis: str
    unpriced: bool
    strains_people: bool
    seats_stay: bool
    leaves_work: LeftUndone

    @classmethod
    def of(cls, base: Run, run: Run) -> Beside:
        """Of two runs that are both held `against` the first."""
        return cls(
            gaps_of_money(base, run),
            basis(base, run),
            bool(improved_outcomes(base.scenario, run.scenario)),
            strains_people(base, run),
            seats_stay(base, run),
            leaves_work(base, run),
        )


def judge_pair(
    base: Scenario,
    variant: Scenario,
    gap: Estimate,
    first: Estimate,
    beside: Beside,
    shifts: Sequence[Shift] = (),
) -> Verdict:
    """The verdict on a variant, by its paired difference in the deciding metric.

    `gap` is the difference over the horizon, `first` that of the first year. `shifts` say how other
    forms of the model would move both.
    """
    metric = base.spec.decide_on
    matters_from, other = threshold(base, metric), _other(metric, base, beside)
    better: Direction = "lower" if METRICS[metric].better == "lower" else "higher"
    words = words_for(metric, base, variant)
    factor = 1.0 if metric in beside.money else words.factor

    def under(shift: Shift) -> Under:
        there = other
        if other is not None and shift.by.other is not None:
            there = other._replace(gap=moved(other.gap, shift.by.other))
        kind = judge_both(moved(gap, shift.by.gap), matters_from, better, there)
        return Under(shift.form, kind, moved(first, shift.by.first).times(factor))

    return verdict(
        gap,
        matters_from,
        words,
        better=better,
        figures=_figures(metric, base, first, beside),
        other=other,
        under=[under(shift) for shift in shifts],
        currency=base.spec.currency,
        context=Context(
            contains=CONTAINS,
            basis=beside.basis,
            unpriced=beside.unpriced,
            strains_people=beside.strains_people,
            seats_stay=beside.seats_stay,
            leaves_work=beside.leaves_work,
            world=not_alike(metric, base, variant),
            not_judged=not_reached(variant.spec),
        ),
    )


def _figures(metric: str, base: Scenario, first: Estimate, beside: Beside) -> Figures | None:
    if metric not in beside.money:
        return None
    weeks = base.spec.horizon.length_weeks
    pace = beside.money[metric].pace
    return Figures(first, first_year_text(weeks), pace, min(1.0, WEEKS_PER_YEAR / weeks))


def _other(metric: str, base: Scenario, beside: Beside) -> Other | None:
    """The other sum that the verdict looks at: value if money decides, the result if value does."""
    result, weeks = beside.money[RESULT], base.spec.horizon.length_weeks
    if metric == VALUE:
        when = f" {first_year_text(weeks)}"
        return Other(result.first, threshold(base, RESULT), WORDINGS[RESULT], when)
    if metric not in beside.money or result.value is None:
        return None
    return Other(result.value, threshold(base, VALUE), WORDINGS[VALUE])


def threshold(scenario: Scenario, metric: str) -> float:
    """`matters_from` in the unit of a metric.

    "50k per year" is a sum over the horizon of what adds up, and the amount of one year of value.
    """
    spec, measured = scenario.spec, METRICS[metric]
    typed = spec.matters_from if metric in _alike(spec.decide_on) else None
    if typed is None:
        is_amount_per_contact = measured.unit == "money" and measured.estimator == "ratio"
        typed = 0 if is_amount_per_contact else MATTERS_FROM.get(measured.unit, 0)
    if isinstance(typed, str) and " per " in typed:
        weeks = spec.horizon.length_weeks if measured.adds_up else WEEKS_PER_YEAR
        return over_horizon(parse_rate(typed, "year"), "year", weeks)
    return parse_share(typed) if measured.unit == "share" else parse_number(typed)


def _alike(decide_on: str) -> tuple[str, ...]:
    """Metrics to which the `matters_from` of the deciding one applies as well."""
    is_money = METRICS[decide_on].unit == "money" and METRICS[decide_on].estimator != "ratio"
    return (decide_on, RESULT, VALUE) if is_money else (decide_on,)


def basis(base: Run, run: Run) -> str:
    """What two runs have in common: their seats or their service; else how paid hours differ.

    Where a vendor fills seats, hours on duty are told, for nobody knows what it pays its people.
    """
    change, of_what = _change_of_hours(base, run)
    if abs(change) < SAME_HOURS:
        return "at the same seats"
    if _serve_alike(base, run):
        return "at the same service"
    return f"with {typeset(f'{change:+.0%}')} {of_what}"


def _serve_alike(base: Run, run: Run) -> bool:
    """Whether both answer as many in time, to a point, and mean the same by it."""
    levels = [estimate(r.samples["service_level"]).value for r in (base, run)]
    is_alike = not other_measure("service_level", base.scenario, run.scenario)
    return is_alike and abs(levels[1] - levels[0]) < 0.01


def strains_people(base: Run, run: Run) -> bool:
    """Whether fewer hours are paid, people are busier or paid less, and nobody reacts to it.

    Where people are typed one by one they react to the load, but to no wage. A vendor's people are
    the vendor's.
    """
    busier = difference(base.samples["occupancy"], run.samples["occupancy"]).value
    fewer = _change_of_hours(base, run)[0] < -SAME_HOURS
    is_strain = (fewer or busier > BUSIER) and not _react(run.scenario)
    return is_strain or _pays_less(base.scenario, run.scenario)


def seats_stay(base: Run, run: Run) -> bool:
    """Whether bots meet more than in the base, and agents idle more instead of being fewer.

    With fewer hours at the same service seats did follow: a smaller group is less busy.
    """
    met = [r.tally.segments["met_bot"].sum() for r in (base, run)]
    idler = -difference(base.samples["occupancy"], run.samples["occupancy"]).value
    followed = _change_of_hours(base, run)[0] < -SAME_HOURS and _serve_alike(base, run)
    return bool(met[1] > met[0] and idler >= IDLER) and not followed


def leaves_work(base: Run, run: Run) -> LeftUndone:
    """Whether the run leaves clearly more contacts unanswered, or not answered to the end, or less.

    Nobody gives up an email, or a conversation by messages. What waits at the end of the horizon is
    no issue that has closed, so it is in no figure of customers: starving such work would win.
    """
    more = _left_undone(run) - _left_undone(base)
    if abs(more) <= LEFT_UNDONE:
        return ""
    return "more" if more > 0 else "less"


def _left_undone(run: Run) -> float:
    """Contacts that are open at the end, beyond those that came last ÷ contacts."""
    contacts = run.tally.contacts  # [replication, week, type]
    left = (contacts["open"] + contacts["in_service"]).sum(axis=1).mean(axis=0)
    came = contacts["offered"].sum(axis=1).mean(axis=0)
    in_hand = came * IN_HAND_DAYS / (7 * run.scenario.spec.horizon.length_weeks)
    return float(np.maximum(0.0, left - in_hand).sum() / max(1.0, came.sum()))


def _react(scenario: Scenario) -> bool:
    """Whether the people of every group of ours react to their load."""
    groups = [group for group in scenario.spec.agents.values() if group.paid is None]
    return all(group.people is not None and group.people.reacts is not None for group in groups)


def _pays_less(base: Scenario, variant: Scenario) -> bool:
    """Whether a group of ours has a lower wage in the end."""
    before, after = (
        {name: one.wage for name, one in s.at_the_end.spec.agents.items() if one.paid is None}
        for s in (base, variant)
    )
    return any(after[name] < before[name] for name in before.keys() & after.keys())


def _change_of_hours(base: Run, run: Run) -> tuple[float, str]:
    """By which share hours differ, and which hours: those paid, or with a vendor those on duty."""
    has_vendor = any(
        group.paid for r in (base, run) for s in r.scenario.in_its_weeks
        for group in s.spec.agents.values()
    )  # fmt: skip
    if has_vendor:
        all_hours = [r.tally.time["scheduled_ms"].sum(axis=(1, 2)) for r in (base, run)]
    else:
        all_hours = [r.ledger.paid_hours.sum(axis=1) for r in (base, run)]
    before, after = (float(np.mean(hours)) for hours in all_hours)
    change = after / before - 1 if before else 0.0
    return change, "hours on duty" if has_vendor else "paid hours"


def not_alike(metric: str, base: Scenario, variant: Scenario) -> list[str]:
    """What differs besides decisions: facts of the world, and how the metric is measured."""
    return other_world(base, variant) + other_measure(metric, base, variant)


def words_for(metric: str, *scenarios: Scenario) -> Wording:
    """The wording of a difference in a metric."""
    unit = METRICS[metric].unit
    label = label_of(metric, *scenarios)
    if unit == "money" and METRICS[metric].estimator == "sum":
        return wording(metric, "money", label=label)
    if unit == "money":
        return wording(metric, scenarios[0].spec.currency, label=label)
    in_points = unit == "share"
    return wording(metric, "points" if in_points else unit, 100.0 if in_points else 1.0, label)

"""Forms of the model: other ways in which people may react, each as legitimate as the default.

Two forms may differ by more than any number within its range does. So each is held against the
form that is typed: it is played with few replications, and moves what a verdict is read from by
the paired difference of the two.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.core.clock import WEEKS_PER_YEAR
from sim.core.statistics import Estimate, difference
from sim.domain.agents.engagement import MOST_OF_SLOPE, SLOPES
from sim.domain.customers.customers import ChurnSpec, yearly_hazard
from sim.experiments.few import Few
from sim.experiments.figures import RESULT, VALUE, has_value
from sim.experiments.weak_number import ALL, changed, throughout
from sim.metrics import METRICS
from sim.metrics.periods import money_sums
from sim.plan.seats import keep_seats
from sim.runs.run import Run
from sim.scenario.people_spec import PeopleSpec
from sim.scenario.scenario import Scenario

LAST_WEEKS, SHORTEST = 13, 26
MOST_OF_A_WEEK = 0.999  # share of a segment that leaves in a week


CHURN = ("customers", ALL, "churn")
PEOPLE = ("agents", ALL, "people")


class Form(NamedTuple):
    """One other way to react."""

    if_so: str
    """As a verdict speaks of it: better, unless …"""
    key: str
    """What would be typed for it."""
    of: Callable[[Any], Any]
    """What `path` leads to, in this form; unchanged where the form is the one that is typed."""
    path: tuple[str, ...] = CHURN


def _remembering(churn: ChurnSpec) -> ChurnSpec:
    return churn.model_copy(update={"model": "relationship"})


def _by_issue(churn: ChurnSpec) -> ChurnSpec:
    return churn.model_copy(update={"model": "issue"})


def _weighing(weight: float) -> Callable[[ChurnSpec], ChurnSpec]:
    """Only where single issues count, as customers who remember weigh everything anyway."""

    def of(churn: ChurnSpec) -> ChurnSpec:
        update = {"beyond_outcome": weight} if churn.model == "issue" else {}
        return churn.model_copy(update=update)

    return of


def _unmoved(people: PeopleSpec | None) -> PeopleSpec | None:
    return people and people.model_copy(update={"reacts": None})


def _moved_most(people: PeopleSpec | None) -> PeopleSpec | None:
    """Every slope at the end of its range."""
    if people is None or people.reacts is None:
        return people
    slopes = {key: MOST_OF_SLOPE * getattr(people.reacts, key) for key in SLOPES}
    return people.model_copy(update={"reacts": people.reacts.model_copy(update=slopes)})


PLAYED = (
    Form("customers remember", "churn.model: relationship", _remembering),
    Form("customers count single issues only", "churn.model: issue", _by_issue),
    Form("only how an issue ends drives customers away", "churn.beyond_outcome: 0", _weighing(0.0)),
    Form("all that annoys drives customers away", "churn.beyond_outcome: 1", _weighing(1.0)),
    Form("agents do not mind the load", "people.reacts: none", _unmoved, PEOPLE),
    Form("agents mind it 2.5 times as much", "people.reacts, 2.5 times", _moved_most, PEOPLE),
)
SERVICE_STAYS = "service stays for good as it is at the end"


class Seen(NamedTuple):
    """What a verdict is read from, as plain paired differences."""

    gap: float
    """Of the deciding metric, over the horizon."""
    first: float
    """Of the deciding metric, in the first year where it adds up."""
    other: float | None
    """Of value beside a result, of the result beside value; None where there is none."""


class Shift(NamedTuple):
    """By how much a form moves what a verdict is read from."""

    form: str
    key: str
    by: Seen


def moved(e: Estimate, by: float) -> Estimate:
    """An estimate that lies elsewhere, with the same width."""
    return e._replace(value=e.value + by, low=e.low + by, high=e.high + by)


def shifts_of(runs: Sequence[Run], few: Few) -> list[list[Shift]]:
    """For each run but the first, what every form that applies would make of its difference."""
    metric = runs[0].scenario.spec.decide_on
    n = few.replications
    now = [run.first(n) for run in runs]
    forms = {
        form: [_in_form(run.scenario, form) for run in runs]
        for form in PLAYED
        if any(_in_form(run.scenario, form).hash != run.scenario.hash for run in runs)
    }
    few(*(scenario for scenarios in forms.values() for scenario in scenarios))
    found: list[list[Shift]] = [[] for _ in runs[1:]]
    for form, scenarios in forms.items():
        base, *variants = few(*scenarios)
        for shifts, before, variant in zip(found, now[1:], variants, strict=True):
            by = _minus(_seen(metric, base, variant), _seen(metric, now[0], before))
            shifts.append(Shift(form.if_so, form.key, by))
    for shifts, run in zip(found, runs[1:], strict=True):
        if lasting := _if_service_stays(metric, runs[0], run):
            shifts.append(Shift(SERVICE_STAYS, "", lasting))
    return found


def _in_form(scenario: Scenario, form: Form) -> Scenario:
    """The scenario and all that it is based on, in this form; its seats stay."""
    other = throughout(scenario, lambda spec: changed(spec, [*form.path], form.of))
    keep_seats(other, scenario)
    return other


def _seen(metric: str, base: Run, run: Run) -> Seen:
    base, run = base.against(base), run.against(base)
    gap = difference(base.samples[metric], run.samples[metric]).value
    first = _first(metric, base, run) if METRICS[metric].adds_up else gap
    if metric == VALUE:
        return Seen(gap, first, _first(RESULT, base, run))
    if metric not in money_sums() or not has_value(base):
        return Seen(gap, first, None)
    return Seen(gap, first, difference(base.samples[VALUE], run.samples[VALUE]).value)


def _first(metric: str, base: Run, run: Run) -> float:
    return difference(base.first_year[metric], run.first_year[metric]).value


def _minus(one: Seen, two: Seen) -> Seen:
    has_other = one.other is not None and two.other is not None
    other = one.other - two.other if has_other else None  # type: ignore[operator]
    return Seen(one.gap - two.gap, one.first - two.first, other)


def _if_service_stays(metric: str, base: Run, run: Run) -> Seen | None:
    """If churn went on after the horizon as in its last quarter; nothing is played.

    A value at the end takes the churn typed for today, in the baseline as well as in the variant.
    In this form the variant's is as many times that as it is the baseline's in the last weeks.
    None where the horizon is short, value infinite, or where members of a loyalty programme, or
    holders of a product, are valued already at their own churn.
    """
    is_short = base.scenario.spec.horizon.length_weeks < SHORTEST
    has_programme = any(_values_members(one.scenario.at_the_end) for one in (base, run))
    is_of_value = metric == VALUE or metric in money_sums()
    if is_short or has_programme or not is_of_value or not has_value(base):
        return None
    scenario, before, after = run.scenario, _hazards_at_end(base), _hazards_at_end(run)
    for name in before.keys() & after.keys():
        if before[name] > 0.0:
            ratio = after[name] / before[name]
            path = ["customers", name, "churn"]
            scenario = throughout(
                scenario, lambda spec, r=ratio, p=path: changed(spec, p, lambda c: _faster(c, r))
            )
    facts = run.against(base).facts
    there, here = (
        METRICS[VALUE].measure(facts._replace(scenario=one)) for one in (scenario, run.scenario)
    )
    by = difference(here, there).value
    if not math.isfinite(by):
        return None
    return Seen(by, by, 0.0) if metric == VALUE else Seen(0.0, 0.0, by)


def _values_members(scenario: Scenario) -> bool:
    """Whether some customers are valued at a churn of their own."""
    holders = [offer.holders for offer in scenario.spec.offers.values() if offer.holders]
    return bool(scenario.spec.loyalty) or any(one.churn_factor != 1.0 for one in holders)


def _hazards_at_end(run: Run) -> dict[str, float]:
    """Segment → hazard of leaving in a week, over the last 13; finite though all may have left."""
    counts = run.tally.customers[:, -LAST_WEEKS:]
    active, left = (n.sum(axis=(0, 1)).astype(float) for n in (counts["active"], counts["left"]))
    share = np.divide(left, active, out=np.zeros_like(left), where=active > 0)
    hazards = -np.log1p(-np.minimum(share, MOST_OF_A_WEEK))
    return dict(zip(run.scenario.segments, hazards.tolist(), strict=True))


def _faster(churn: ChurnSpec, times: float) -> ChurnSpec:
    """Churn at so many times its hazard, and at most so that a customer stays for a week."""
    hazard = min(yearly_hazard(churn.rate) * times, WEEKS_PER_YEAR)
    return churn.model_copy(update={"rate": -math.expm1(-hazard)})

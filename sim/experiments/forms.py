"""Forms of the model: other ways in which people may react, each as legitimate as the default.

Two forms may differ by more than any number within its range does. So each is held against the
form that is typed: it is played with few replications, and moves what a verdict is read from by
the paired difference of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sim.core.statistics import Estimate, difference
from sim.domain.agents.engagement import MOST_OF_SLOPE, SLOPES
from sim.domain.customers.customers import ChurnSpec
from sim.experiments.few import Few
from sim.experiments.figures import RESULT, VALUE, has_value
from sim.experiments.lasting import if_it_goes_on
from sim.experiments.weak_number import ALL, changed, throughout
from sim.metrics import METRICS
from sim.metrics.periods import money_sums
from sim.plan.seats import keep_seats
from sim.runs.run import Run
from sim.scenario.people_spec import PeopleSpec
from sim.scenario.scenario import Scenario

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
GOES_ON = "all goes on as at the end"


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
        by = if_it_goes_on(runs[0], run) if _knows_value(metric, runs[0]) else None
        if by is not None:
            shifts.append(
                Shift(GOES_ON, "", Seen(by, by, 0.0) if metric == VALUE else Seen(0.0, 0.0, by))
            )
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
    if not _knows_value(metric, base):
        return Seen(gap, first, None)
    return Seen(gap, first, difference(base.samples[VALUE], run.samples[VALUE]).value)


def _knows_value(metric: str, base: Run) -> bool:
    """Whether value decides, or stands beside the money that does."""
    return metric in money_sums() and has_value(base)


def _first(metric: str, base: Run, run: Run) -> float:
    return difference(base.first_year[metric], run.first_year[metric]).value


def _minus(one: Seen, two: Seen) -> Seen:
    has_other = one.other is not None and two.other is not None
    other = one.other - two.other if has_other else None  # type: ignore[operator]
    return Seen(one.gap - two.gap, one.first - two.first, other)

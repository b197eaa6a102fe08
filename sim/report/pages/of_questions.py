"""The questions that boards ask, each with a sentence that is computed, or what would answer it.

A question is answered for each variant that can tell something about it. What no variant tells, and
what the model does not have at all, comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from sim.core.errors import ComparisonError, Fault
from sim.core.fiscal import Period
from sim.core.statistics import Sample, difference, estimate
from sim.experiments.closing import level_line
from sim.experiments.comparison import Against, Comparison
from sim.experiments.forms import GOES_ON
from sim.experiments.same_service import Serving
from sim.experiments.turning_points import TurningPoints
from sim.metrics import METRICS
from sim.metrics.by_segment import by_segment
from sim.metrics.periods import FIRST_YEAR, first_year_text, fiscal_periods
from sim.report.amounts import money
from sim.report.pages.of_comparison import same_service_lines
from sim.report.pages.page import Finding, Page
from sim.report.pages.people import people_line
from sim.report.pages.returns import return_line
from sim.report.pages.sheets import gap_text
from sim.report.pages.texts import difference_text, value_text

SERVICE = ("service_level", "abandonment", "csat")
FEWER_HOURS = -0.02
"""A variant with a smaller share of paid hours than this takes people out."""
BENCHMARK = "UK calls cost GBP 5.58 in 2024 and 6.26 to 6.55 in 2023 (ContactBabel)"
MOST_NAMED = 3
MOST_SUSTAINABLE = 0.85
"""Occupancy above which people wear out, by the benchmark of that metric."""
PEOPLE = "people.png"
MODEL_DOES_NOT_SAY = "This model does not say"


class Asked(NamedTuple):
    """What one variant's answer is made of."""

    comparison: Comparison
    against: Against
    beliefs: TurningPoints | None
    """None where none were tried."""
    serving: Serving

    def gap(self, metric: str) -> str:
        """A paired difference with its interval, in words."""
        found = self.against.differences[metric]
        return difference_text(metric, found.variant, found.gap)

    @property
    def when(self) -> str:
        """The time of the first figure."""
        return first_year_text(self.comparison.base.scenario.spec.horizon.length_weeks)


class Question(NamedTuple):
    """A question, how it is answered of a variant, and what would answer it where none can."""

    text: str
    answer: Callable[[Asked], str]
    """Returns nothing where the variant does not tell."""
    otherwise: str
    picture: str = ""
    """The picture of a comparison that shows it; `<variant>` is the variant's name."""


def questions_page(
    comparison: Comparison, beliefs: Sequence[TurningPoints], serving: Serving
) -> Page:
    """A finding for each question, those without an answer last.

    Raises ComparisonError for a run alone: the answers are differences.
    """
    if not comparison.variants:
        name = comparison.base.scenario.spec.name
        remedy = "compare it with a variant, and name that comparison"
        raise ComparisonError(Fault(f"{name} is a run alone, and answers are differences", remedy))
    tried = beliefs or [None] * len(comparison.variants)
    asked = [
        Asked(comparison, against, believed, serving)
        for against, believed in zip(comparison.variants, tried, strict=True)
    ]
    answered, unanswered = [], []
    for question in QUESTIONS:
        details = tuple(_answers(question, asked))
        if details:
            answered.append(Finding(question.text, "", details))
        else:
            unanswered.append(Finding(question.text, f"{MODEL_DOES_NOT_SAY} {question.otherwise}."))
    base = comparison.base.scenario.spec.name
    notes = ("Intervals are 95 %, of the dice alone; pictures lie in the comparison's folder.",)
    return Page(f"what boards ask, against {base}", (), (*answered, *unanswered), notes)


def _answers(question: Question, asked: Sequence[Asked]) -> list[str]:
    lines = []
    for one in asked:
        name = one.against.run.scenario.spec.name
        if said := question.answer(one):
            seen = question.picture.replace("<variant>", name)
            if question.picture == PEOPLE and not one.against.run.scenario.has_people:
                seen = ""
            lines.append(f"{name}: {said}{f' [{seen}]' if seen else ''}")
    return lines


def _pays_for_itself(one: Asked) -> str:
    """From which quarter on the mean gain stays at 0 or above, to the end."""
    base = one.comparison.base
    gained = one.against.run.weekly_result - base.against(base).weekly_result
    quarters = fiscal_periods(base.scenario, "quarter")
    means = [_in(gained, quarter).mean() for quarter in quarters]
    stays = len(means)
    while stays and means[stays - 1] >= 0:
        stays -= 1
    total = estimate(Sample(gained.sum(axis=1), None))
    told = f"its result is {gap_text(total)} over the horizon"
    if stays == len(means):
        return f"{told}; the last quarter loses too"
    since = (
        "every quarter gains" if stays == 0 else f"each quarter from {quarters[stays].name} gains"
    )
    if len(means) - stays > 1:
        first, last = (gap_text(estimate(Sample(_in(gained, quarters[q])))) for q in (stays, -1))
        since += f", {first} in {quarters[stays].name} and {last} in {quarters[-1].name}"
    paid = return_line(one.against)
    return f"{told}; {since}{f'; {paid}' if paid else ''}"


def _in(gained: np.ndarray, quarter: Period) -> np.ndarray:
    """[replication, week] → [replication] of a quarter."""
    return gained[:, list(quarter.weeks)].sum(axis=1)


def _is_profit_center(one: Asked) -> str:
    return level_line(one.against.run)


def _how_wrong(one: Asked) -> str:
    """At which acceptance the deciding difference turns."""
    if one.beliefs is None or not _sells(one):
        return ""
    metric = one.comparison.base.scenario.spec.decide_on
    for found in one.beliefs.found:
        if found.name == "acceptance" and metric in found.flips:
            flip = found.flips[metric]
            if flip is None:
                now = value_text("acceptance", one.against.differences["acceptance"].variant)
                return (
                    f"{now} of offers are accepted; the verdict's figure keeps its sign from"
                    f" {found.low} to {found.high} of what is typed"
                )
            return f"it turns where {found.sentence.format(f'{flip.side} {flip.at}')}"
    for found in one.beliefs.found:
        if found.name == "incremental share of sales" and (flip := found.flips.get(metric)):
            said = found.sentence.format(f"{flip.side} {flip.at}")
            return (
                f"by sales that come about alone: it turns where {said}; what acceptance does"
                " to queues is told by `compare … --believe`"
            )
    return ""


def _sells(one: Asked) -> bool:
    return one.against.differences["offers"].variant.value > 0


def _loses_customers(one: Asked) -> str:
    if not _sells(one) or not one.comparison.base.scenario.spec.customers:
        return ""
    left = one.gap("left_for_service")
    return (
        f"customers who leave for service: {left}; churn {one.gap('churn')}; csat {one.gap('csat')}"
    )


def _cash_or_value(one: Asked) -> str:
    result = one.against.money["result"]
    value = f", and {gap_text(result.value)} of value" if result.value else ""
    pace = f", {gap_text(result.pace)} a year at the end" if result.pace else ""
    return f"{gap_text(result.first)} {one.when}{pace}{value}"


def _taken_out(one: Asked) -> str:
    hours = one.against.differences["paid_hours"]
    if _vendors(one):  # their hours are not ours, though nobody was taken out
        return ""
    if not hours.base.value or hours.gap.value / hours.base.value > FEWER_HOURS:
        return ""
    service = ", ".join(f"{name.replace('_', ' ')} {one.gap(name)}" for name in SERVICE)
    same = same_service_lines(one.comparison, one.against, one.serving)
    return "; ".join([one.against.verdict.told, service, *same])


def _outsourced(one: Asked) -> str:
    vendors = _vendors(one)
    return f"with {', '.join(vendors)}: {one.against.verdict.told}" if vendors else ""


def _vendors(one: Asked) -> list[str]:
    groups = one.against.run.scenario.spec.agents.items()
    return [name for name, group in groups if group.paid]


def _bot_pays(one: Asked) -> str:
    """What a bot claims and solves, what its vendor bills, and what became of the seats."""
    run = one.against.run
    if not run.tally.segments["met_bot"].any():
        return ""
    found = one.against.differences
    claims, solves, each = (
        value_text(name, found[name].variant)
        for name in ("bot_claims", "bot_solves", "bot_cost_per_solved")
    )
    first = run.ledger.of_weeks(FIRST_YEAR)
    billed = estimate(Sample(-first.total("cost:self_service:").sum(axis=1)))
    currency = one.comparison.base.scenario.spec.currency
    bill = f"{currency} {money(billed.value, half_width=billed.half_width)} are billed {one.when}"
    return (
        f"it counts {claims} of its sessions as solved, and solves {solves}; {bill}, {each} for"
        f" each issue that it solves; paid hours {one.gap('paid_hours')}, occupancy"
        f" {one.gap('occupancy')}; {one.against.verdict.told}"
    )


def _people_bear_it(one: Asked) -> str:
    beside = people_line(one.against)
    if beside:
        return f"{beside}; occupancy {one.gap('occupancy')}"
    found = one.against.differences["occupancy"]
    before, after = (value_text("occupancy", e) for e in (found.base, found.variant))
    told = METRICS["occupancy"].benchmark
    verdict = "not sustainable: " if found.variant.value > MOST_SUSTAINABLE else ""
    seats = "agents are seats here: nobody tires, and nobody leaves because of it"
    return f"{verdict}occupancy {after} instead of {before} ({told}); {seats}"


def _cost_per_contact(one: Asked) -> str:
    spec = one.comparison.base.scenario.spec
    found = one.against.differences["cost_per_contact"]
    before, after = (value_text("cost_per_contact", e) for e in (found.base, found.variant))
    return f"{spec.currency} {after} a contact instead of {before}; beside it, weakly: {BENCHMARK}"


def _treated_worse(one: Asked) -> str:
    """The segment whose satisfaction falls most, where there are several."""
    base, run = one.comparison.base, one.against.run
    if len(base.scenario.segments) < 2:
        return ""
    before = by_segment(base.scenario.segments, base.tally)
    after = by_segment(run.scenario.segments, run.tally)
    gaps = {
        name: difference(before[name]["csat"], after[name]["csat"])
        for name in before
        if name in after
    }
    by_fall = sorted(gaps, key=lambda segment: gaps[segment].value)
    name, next_ = by_fall[0], gaps[by_fall[1]] if len(by_fall) > 1 else None
    if not gaps[name].value < 0:
        return "nobody's CSAT falls"
    told = difference_text("csat", estimate(after[name]["csat"]), gaps[name])
    if next_ and next_.low <= gaps[name].high:
        return f"no segment clearly more than others; most of all {name}: CSAT {told}"
    return f"{name}: CSAT {told}, the most of all segments"


def _pilot_first(one: Asked) -> str:
    """The number whose turning point lies within what it might well be."""
    if one.beliefs is None:
        return ""
    metric = one.comparison.base.scenario.spec.decide_on
    near = [
        found.sentence.format(f"{flip.side} {flip.at}")
        for found in one.beliefs.found
        if (flip := found.flips.get(metric)) and flip.is_plausible
    ]
    if near:
        return f"what tells whether {near[0]}: there it turns"
    if reacts := _forms_that_turn(one):
        return f"how customers react: value says the opposite if {' or if '.join(reacts)}"
    needed = one.against.verdict.replications_needed
    if one.against.verdict.kind == "undecided" and needed:
        return f"nothing yet: play about {needed} replications more"
    resting = one.beliefs.resting
    if resting and resting.now.value and resting.at_worst.value * resting.now.value < 0:
        return "no single number turns it, but all at once do: measure those booked"
    told = "none of the numbers that were tried turns it alone"
    if not one.beliefs.untried:
        return told
    first, more = one.beliefs.untried[:MOST_NAMED], len(one.beliefs.untried) - MOST_NAMED
    others = f" and {more} more" if more > 0 else ""
    return f"{told}; not tried: {', '.join(first)}{others} (`compare … --believe`)"


def _forms_that_turn(one: Asked) -> list[str]:
    """Ways in which customers may react that turn the sign of value."""
    value = one.against.money["result"].value
    if value is None:
        return []
    return [
        shift.form
        for shift in one.against.shifts
        if shift.form != GOES_ON
        and shift.by.other is not None
        and value.value * (value.value + shift.by.other) < 0
    ]


QUESTIONS = (
    Question(
        "Does it pay for itself, and from which quarter?",
        _pays_for_itself,
        "",
        "weeks-<variant>.png",
    ),
    Question(
        "Is it, or can it be, a profit center?", _is_profit_center, "", "bridge-<variant>.png"
    ),
    Question(
        "How wrong may conversion be?",
        _how_wrong,
        "of these variants: none sells otherwise than its base, or nothing was tried"
        " (`compare … --believe`)",
    ),
    Question(
        "Do we lose customers because we sell to them?",
        _loses_customers,
        "of these variants: none sells otherwise than its base, or no customers are typed",
        "sold-against-lost.png",
    ),
    Question("Cash this year, or value some day?", _cash_or_value, "", "bridge-<variant>.png"),
    Question(
        "What if we take out one in ten?",
        _taken_out,
        "of these variants: compare one with `heads` or `positions: {scale: 90%}`",
    ),
    Question(
        "Do our people bear it?",
        _people_bear_it,
        "",
        PEOPLE,
    ),
    Question("Is our cost per contact good?", _cost_per_contact, ""),
    Question("Who is treated worse?", _treated_worse, "with one segment: type several"),
    Question(
        "What should be piloted first?",
        _pilot_first,
        "where nothing was tried: `compare … --believe`",
    ),
    Question(
        "Should we outsource?",
        _outsourced,
        "of these variants: whoever made this can compare one whose seats a vendor fills"
        " (`agents.G.paid`)",
    ),
    Question(
        "Is 80 % in 20 seconds right?",
        lambda one: "",
        "in a comparison; whoever made this can play `ccprofit sweep"
        " scenarios/service-level-worth.yaml --vary"
        " contacts.service.service_level.target=50%,60%,70%,80%,90%,95%`",
    ),
    Question(
        "What if volumes rise by 30 %?",
        lambda one: "",
        "until whoever made this plays `ccprofit compare … --set 'contacts.*.volume*=1.3'`",
    ),
    Question(
        "Does the bot pay, and do we believe its vendor?",
        _bot_pays,
        "of these variants: whoever made this can compare one with a bot in front of agents"
        " (`contacts.T.self_service`)",
        "issues.png",
    ),
)

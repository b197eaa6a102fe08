"""The pictures of a run and of a comparison: which numbers go into which figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import get_args

import numpy as np
from matplotlib.figure import Figure

from sim.core.statistics import Estimate, Sample, estimate, holm_differences
from sim.domain.contacts.opening import DAYS
from sim.experiments.comparison import Against, Comparison, exchanges, line_differences
from sim.experiments.figures import RESULT
from sim.experiments.judging import CONTAINS
from sim.metrics import definition_of, level_by_interval
from sim.metrics.ledger import COMING_AND_GOING, SUPPORT
from sim.metrics.people import MILLION
from sim.metrics.periods import first_year_text
from sim.plan.seats import seats_by_interval
from sim.report.figures import (
    Bridge,
    CashCourse,
    Event,
    Exchange,
    Footer,
    GroupSeats,
    Interval,
    IssuesOf,
    LineGroup,
    Outcome,
    PeopleCourse,
    Solves,
    WeeklySeries,
    WeekOfService,
    cumulative_cash,
    people_by_week,
    profit_against_csat,
    profit_bridge,
    save,
    seats_of_week,
    service_level_heatmap,
    sold_against_lost,
    weekly_fan,
    where_issues_end,
)
from sim.report.figures.drawn import Picture
from sim.runs.run import Run
from sim.scenario.contact_spec import ContactSpec

# Ledger lines as the bridge groups them.
GROUPS = {
    "margin sold": ("margin:",),
    "commission": ("cost:commission:",),
    "leads": ("cost:leads:",),
    "labour": ("cost:labour:",),
    "outsourcing": ("cost:outsourcing:",),
    "bots": ("cost:self_service:",),
    "hiring, training, severance": COMING_AND_GOING,
    "supervision, quality, planning": SUPPORT,
    "overhead and licences": ("cost:overhead:", "cost:licences:"),
    "telecom": ("cost:telecom",),
    "initiatives": ("cost:initiatives:",),
    "retained margin": ("kept:",),
}

# Counts of issues as the ways in which they end group them; those that solve come first.
ENDED = (
    ("solved_by_bot",),
    ("solved_at_first",),
    ("solved_at_second",),
    ("solved_later",),
    ("claimed",),
    ("not_solved", "withdrawn"),
    ("no_answer",),
)
N_SOLVED = 4


def draw_run(run: Run, folder: Path, label: str) -> list[Path]:
    """The pictures of one run: service level and seats over the week, people by week."""
    weeks = run.scenario.spec.horizon.length_weeks
    footer = Footer((label,), run.seed, run.replications, CONTAINS, weeks)
    planned = footer._replace(contains="by the plan, before anything is played")
    return [
        save(service_level_heatmap(_week(run), footer), folder / "service-level.png"),
        save(seats_of_week(_seats(run), DAYS, planned), folder / "seats.png"),
        *(save(one.draw(), folder / one.file) for one in _people_of([run], footer)),
    ]


def pictures_of(comparison: Comparison, labels: tuple[str, ...]) -> list[Picture]:
    """The pictures of a comparison of runs with these labels."""
    return list(_pictures(comparison, labels))


def _pictures(comparison: Comparison, labels: tuple[str, ...]) -> Iterator[Picture]:
    """Profit against CSAT and sold against lost for all, a bridge and a fan each, heat maps."""
    base = comparison.base
    currency = base.scenario.spec.currency
    weeks = base.scenario.spec.horizon.length_weeks
    footer = Footer(labels, base.seed, base.replications, CONTAINS, weeks)
    outcomes = _outcomes(comparison)
    draw = partial(profit_against_csat, outcomes, footer, currency=currency, over=_when(base))
    yield Picture("profit-csat.png", draw, outcomes)
    selling = _exchanges(comparison)
    if selling:
        draw = partial(sold_against_lost, selling, footer, currency=currency)
        yield Picture("sold-against-lost.png", draw, selling)
    for against in comparison.variants:
        name = against.run.scenario.spec.name
        bridge = _bridge(comparison, against)
        yield Picture(f"bridge-{name}.png", partial(profit_bridge, bridge, footer), bridge)
        if base.scenario.spec.horizon.n_weeks > 1:
            series = _series(comparison, against)
            yield Picture(f"weeks-{name}.png", _fan(comparison, against, footer), series)
        if course := _cash(comparison, against):
            yield Picture(f"cash-{name}.png", partial(cumulative_cash, course, footer), course)
    runs = (base, *(a.run for a in comparison.variants))
    if _tells_where_issues_end(runs):
        issues = _issues_of(runs)
        draw = partial(where_issues_end, issues, _solving(runs), footer)
        yield Picture("issues.png", draw, issues)
    yield from _people_of(runs, footer)
    for run in runs:
        week = _week(run)
        file = f"service-level-{run.scenario.spec.name}.png"
        yield Picture(file, partial(service_level_heatmap, week, footer), week)


def _people_of(runs: Sequence[Run], footer: Footer) -> Iterator[Picture]:
    """People by week, where a run has any, over several weeks."""
    courses = [_people(run) for run in runs if run.scenario.has_people]
    if courses and runs[0].scenario.spec.horizon.n_weeks > 1:
        yield Picture("people.png", partial(people_by_week, courses, footer), courses)


def _tells_where_issues_end(runs: Sequence[Run]) -> bool:
    """Whether bots or specialists solve issues, or there are channels; else metrics tell it."""
    types = [spec for run in runs for spec in run.scenario.spec.contacts.values()]
    has_channels = len({spec.channel for spec in types}) > 1
    return (
        has_channels or any(run.scenario.has_bot for run in runs) or any(t.transfer for t in types)
    )


def _issues_of(runs: Sequence[Run]) -> list[IssuesOf]:
    """By channel, then by run: how issues ended, in the mean of replications; if any did."""
    channels = ContactSpec.model_fields["channel"].annotation
    found = []
    for channel in get_args(channels):
        for run in runs:
            specs = run.scenario.spec.contacts.values()
            types = [t for t, spec in enumerate(specs) if spec.channel == channel]
            mean = {
                name: float(counts[..., types].sum()) / run.replications
                for name, counts in _by_name(run).items()
            }
            ended = tuple(sum(mean[name] for name in names) for names in ENDED)
            if any(ended):
                name = run.scenario.spec.name
                found.append(IssuesOf(name, channel, ended, mean["open"]))
    return found


def _solving(runs: Sequence[Run]) -> list[Solves]:
    """By run, solved issues ÷ closed issues; differences from the first are certain together."""
    samples = []
    for run in runs:
        counts = {name: column.sum(axis=(1, 2)) for name, column in _by_name(run).items()}
        solved, closed = (
            np.sum([counts[name] for names in ways for name in names], axis=0)
            for ways in (ENDED[:N_SOLVED], ENDED)
        )
        samples.append(Sample(solved.astype(float), closed.astype(float)))
    gaps = [None, *map(_interval, holm_differences(samples[0], samples[1:]))]
    return [
        Solves(run.scenario.spec.name, estimate(sample).value, gap)
        for run, sample, gap in zip(runs, samples, gaps, strict=True)
    ]


def _by_name(run: Run) -> dict[str, np.ndarray]:
    """Counts of issues [replication, week, type] by name."""
    issues = run.tally.issues
    return {name: issues[name] for name in issues.dtype.names or ()}


def _people(run: Run) -> PeopleCourse:
    """Means by week over replications."""
    people = run.tally.people  # [replication, week, group]
    there = people["on_floor"].sum(axis=(0, 2))
    hot = (people["hot_millionths"] * people["on_floor"]).sum(axis=(0, 2))
    feel = people["engagement_millionths"].sum(axis=(0, 2))
    at_least_one = np.maximum(1, there)
    return PeopleCourse(
        run.scenario.spec.name,
        there / run.replications,
        feel / at_least_one / MILLION,
        hot / at_least_one / MILLION,
    )


def _when(base: Run) -> str:
    return first_year_text(base.scenario.spec.horizon.length_weeks)


def _interval(e: Estimate) -> Interval:
    return Interval(e.value, e.low, e.high)


def _bridge(comparison: Comparison, against: Against) -> Bridge:
    base = comparison.base
    groups = line_differences(base, against.run, GROUPS)
    if not any(run.scenario.spec.initiatives for run in (base, against.run)):
        del groups["initiatives"]
    if not base.scenario.segments:
        del groups["retained margin"]
    return Bridge(
        base.scenario.spec.name,
        against.run.scenario.spec.name,
        estimate(base.first_year[RESULT]).value,
        estimate(against.run.first_year[RESULT]).value,
        tuple(LineGroup(label, _interval(gap)) for label, gap in groups.items()),
        _interval(against.first_year_result),
        currency=base.scenario.spec.currency,
        over=_when(base),
        unpriced=against.verdict.sentence.startswith("unpriced"),
    )


def _exchanges(comparison: Comparison) -> list[Exchange]:
    """An exchange for each variant that sells more or less than the baseline, and each segment."""
    found = []
    for against in comparison.variants:
        by_segment = exchanges(comparison.base, against.run)
        if any(one.sold.value for one in by_segment):
            name = against.run.scenario.spec.name
            found += [
                Exchange(name, one.segment, *(_interval(e) for e in (one.sold, one.value, one.net)))
                for one in by_segment
            ]
    return found


def _outcomes(comparison: Comparison) -> list[Outcome]:
    base = comparison.base
    outcomes = [
        Outcome(
            base.scenario.spec.name,
            _interval(comparison.metrics["csat"]),
            _interval(estimate(base.first_year[RESULT])),
        )
    ]
    for against in comparison.variants:
        d = against.differences
        outcomes.append(
            Outcome(
                against.run.scenario.spec.name,
                _interval(d["csat"].variant),
                _interval(estimate(against.run.first_year[RESULT])),
                csat_gain=_interval(d["csat"].gap),
                result_gain=_interval(against.first_year_result),
                unpriced=against.verdict.sentence.startswith("unpriced"),
            )
        )
    return outcomes


def _fan(comparison: Comparison, against: Against, footer: Footer) -> Callable[[], Figure]:
    spec = comparison.base.scenario.spec
    series = _series(comparison, against)
    dated = against.run.scenario.spec.events
    events = [Event(name, tuple(event.weeks)) for name, event in dated.items()]
    gap = _interval(against.differences[RESULT].gap)
    return partial(weekly_fan, series, footer, unit=spec.currency, difference=gap, events=events)


def _series(comparison: Comparison, against: Against) -> list[WeeklySeries]:
    return [
        WeeklySeries(run.scenario.spec.name, run.weekly_result)
        for run in (comparison.base, against.run)
    ]


def _cash(comparison: Comparison, against: Against) -> CashCourse | None:
    """The cash of a variant by months; None without one-off costs."""
    found, spec = against.returned, comparison.base.scenario.spec
    if found is None:
        return None
    flows = found.flows
    back = None if found.payback is None else found.payback + flows.first_payment
    return CashCourse(
        against.run.scenario.spec.name,
        spec.name,
        flows.months,
        flows.cash,
        found.discounted,
        flows.paid.mean(axis=0),
        _interval(found.npv),
        back,
        flows.first_payment,
        currency=spec.currency,
        unpriced=against.verdict.sentence.startswith("unpriced"),
    )


def _seats(run: Run) -> list[GroupSeats]:
    """Seats and heads of each group, from Monday 00:00."""
    seats, heads = seats_by_interval(run.scenario, run.anchors.volume)
    shift = run.scenario.spec.horizon.start.weekday() * seats.shape[1] // len(DAYS)
    seats, heads = (np.roll(column, shift, axis=1) for column in (seats, heads))
    names = run.scenario.groups
    return [GroupSeats(name, seats[g], heads[g]) for g, name in enumerate(names)]


def _week(run: Run) -> WeekOfService:
    """[day, interval] the service level of those who wait on the spot, summed over types, weeks and
    replications.
    """
    facts, spec = run.facts.on_the_spot(), run.scenario.spec
    met, counted = level_by_interval(facts)
    levels = np.full(len(met), np.nan)
    np.divide(met, counted, out=levels, where=counted > 0)
    first_day = spec.horizon.start.weekday()
    days = [DAYS[(first_day + i) % 7] for i in range(7)]
    typed = [spec.contacts[run.scenario.types[t]].service_level for t in facts.types]
    strictest = max(typed, key=lambda level: level.target)
    are_alike = len({level.within for level in typed}) == 1
    within = (
        f"within {strictest.within:g} s" if are_alike else "within the time typed for each type"
    )
    by_day = levels.reshape(7, -1)
    order = np.roll(np.arange(7), first_day)
    return WeekOfService(
        by_day[order],
        tuple(days[i] for i in order),
        strictest.target,
        f"answered {within}, {definition_of(run.scenario)}",
        interval_minutes=int(spec.horizon.interval) // 60,
        scenario=spec.name,
    )

"""Scenarios against a baseline: paired differences, intervals, and one verdict each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.core.errors import ComparisonError, Fault
from sim.core.statistics import Estimate, Sample, difference, estimate, holm_differences, pairing
from sim.experiments.figures import RESULT, ThreeFigures, first_year_gaps
from sim.experiments.forms import Shift
from sim.experiments.judging import Beside, judge_pair
from sim.experiments.returns import Return, return_of
from sim.experiments.verdict import Verdict
from sim.metrics import METRICS, present_value, value_by_segment
from sim.metrics.check_metrics import check_metrics
from sim.metrics.periods import FIRST_YEAR
from sim.metrics.sales import sales_by_segment
from sim.runs.run import Run
from sim.scenario.scenario import Scenario
from sim.scenario.spec import ScenarioSpec


class Difference(NamedTuple):
    """One metric of a variant beside the baseline."""

    metric: str
    base: Estimate
    variant: Estimate
    gap: Estimate


class Against(NamedTuple):
    """One variant against the baseline."""

    run: Run
    differences: dict[str, Difference]
    money: dict[str, ThreeFigures]
    """Differences of the metrics that are sums of money, by metric."""
    first_year_result: Estimate
    """Where the result decides, its interval holds for all variants together (Holm)."""
    verdict: Verdict
    shifts: Sequence[Shift]
    """How other forms of the model would move its differences; empty where none was tried."""
    correlation: float  # of the deciding metric, between paired replications
    variance_ratio: float  # variance of the paired difference ÷ that of independent runs
    returned: Return | None
    """What one-off costs return; None where the variant pays no more once than the baseline."""


class Comparison(NamedTuple):
    """A baseline and its variants."""

    base: Run
    metrics: dict[str, Estimate]  # of the baseline
    variants: list[Against]


def compare(runs: list[Run], shifts: Sequence[Sequence[Shift]] = ()) -> Comparison:
    """Compare runs with the first one.

    `shifts` say, for each variant, how other forms of the model would move its difference
    (`forms.shifts_of`). Raises ComparisonError, naming what differs, if runs cannot be paired.
    """
    base, *variants = (run.against(runs[0]) for run in runs)
    check_metrics(base.scenario)
    for run in variants:
        _check_comparable(base, run)
    metric = base.scenario.spec.decide_on
    samples = [run.samples for run in (base, *variants)]
    gaps = holm_differences(samples[0][metric], [s[metric] for s in samples[1:]])
    firsts = first_year_gaps(metric, base, [run.first_year for run in variants]) or gaps
    against = []
    shifts = shifts or [()] * len(variants)
    for run, sample, gap, first, by in zip(
        variants, samples[1:], gaps, firsts, shifts, strict=True
    ):
        differences = {
            name: Difference(
                name,
                estimate(samples[0][name]),
                estimate(sample[name]),
                difference(samples[0][name], sample[name]),
            )
            for name in METRICS
        }
        pair = pairing(samples[0][metric], sample[metric])
        beside = Beside.of(base, run)
        judged = judge_pair(base.scenario, run.scenario, gap, first, beside, by)
        earned = first if metric == RESULT else beside.money[RESULT].first
        how_paired = pair.correlation, pair.variance_ratio
        returned = return_of(base, run)
        against.append(
            Against(run, differences, beside.money, earned, judged, by, *how_paired, returned)
        )
    return Comparison(base, {n: estimate(s) for n, s in samples[0].items()}, against)


def ignored_wishes(scenarios: list[Scenario]) -> list[str]:
    """A sentence for each variant's `decide_on` or `matters_from` that the baseline overrules."""
    base, *variants = scenarios
    return [
        f"{variant.spec.name}: its {key} is not used: all are judged as {base.spec.name} says"
        for variant in variants
        for key in ("decide_on", "matters_from")
        if getattr(variant.spec, key) != getattr(base.spec, key)
    ]


def are_alike(measured: list[dict[str, Sample]]) -> bool:
    """Whether several runs have the same value of every metric in every replication."""
    first, *others = measured
    return bool(others) and all(
        np.array_equal(first[name].numerators, other[name].numerators, equal_nan=True)
        for other in others
        for name in METRICS
    )


def line_differences(
    base: Run, run: Run, groups: dict[str, tuple[str, ...]]
) -> dict[str, Estimate]:
    """Paired differences of groups of ledger lines in the first year."""
    one, two = (r.ledger.of_weeks(FIRST_YEAR) for r in (base, run))
    return {
        label: difference(
            Sample(one.total(*accounts).sum(axis=1)), Sample(two.total(*accounts).sum(axis=1))
        )
        for label, accounts in groups.items()
    }


class Exchange(NamedTuple):
    """What a variant sells to a segment, and by how much the segment's base value changes."""

    segment: str
    sold: Estimate
    value: Estimate  # base margin within the horizon, less discounts, + value at its end
    net: Estimate


def exchanges(base: Run, run: Run) -> list[Exchange]:
    """Paired differences in money, discounted to the start, of each segment that both have."""
    found = []
    for segment in base.scenario.segments:
        if segment in run.scenario.segments:
            (sold, value), (sold_too, value_too) = (_of_segment(r, segment) for r in (base, run))
            pairs = ((sold, sold_too), (value, value_too), (sold + value, sold_too + value_too))
            gaps = (difference(Sample(before), Sample(after)) for before, after in pairs)
            found.append(Exchange(segment, *gaps))
    return found


def _of_segment(run: Run, segment: str) -> tuple[np.ndarray, np.ndarray]:
    """[replication] margin sold to one segment, and its base margin and value at the end."""
    scenario, tally = run.scenario, run.tally
    at = scenario.segments.index(segment)
    sold, discounts = (
        sales_by_segment(scenario, tally, *accounts)[..., at]
        for accounts in (("margin:", "cost:"), ("kept:",))
    )
    kept = run.ledger.total(f"kept:margin:{segment}", f"kept:reward:{segment}") + discounts
    at_end = value_by_segment(run.facts)[:, at]
    nothing = np.zeros(len(at_end))
    return present_value(sold, nothing, scenario), present_value(kept, at_end, scenario)


def check_pairable(one: ScenarioSpec, two: ScenarioSpec) -> None:
    """Raise ComparisonError where runs of two scenarios could not be paired."""
    pairs = {**_of_horizon(one, two), "seed": (one.seed, two.seed)}
    pairs["replications"] = (one.replications, two.replications)
    _raise_if_differing(one.name, two.name, pairs)


def _check_comparable(base: Run, run: Run) -> None:
    one, two = base.scenario.spec, run.scenario.spec
    pairs = {**_of_horizon(one, two), "seed": (base.seed, run.seed)}
    pairs["replications"] = (base.replications, run.replications)
    _raise_if_differing(one.name, two.name, pairs)


def _of_horizon(one: ScenarioSpec, two: ScenarioSpec) -> dict[str, tuple[Any, Any]]:
    return {
        "currency": (one.currency, two.currency),
        "horizon": (_length(one), _length(two)),
        "warm_up": (one.horizon.warm_up, two.horizon.warm_up),
        "start": (one.horizon.start, two.horizon.start),
        "interval": (one.horizon.interval, two.horizon.interval),
    }


def _length(spec: ScenarioSpec) -> str:
    """How long the horizon is, as a file says it."""
    n, unit = (spec.horizon.days, "day") if spec.horizon.days else (spec.horizon.n_weeks, "week")
    return f"{n} {unit}{'' if n == 1 else 's'}"


def _raise_if_differing(one: str, two: str, pairs: dict[str, tuple[Any, Any]]) -> None:
    differing = [f"{name} ({a} and {b})" for name, (a, b) in pairs.items() if a != b]
    if differing:
        names = [name for name, (a, b) in pairs.items() if a != b]
        remedy = f"let both have the same {' and '.join(names)}"
        if "horizon" in pairs and pairs["horizon"][0] != pairs["horizon"][1]:
            n, unit = pairs["horizon"][0].split()
            remedy = f"write horizon.{unit.rstrip('s')}s: {n} in {two} too"
        what = f"{one} and {two} cannot be compared: they differ in {', '.join(differing)}"
        raise ComparisonError(Fault(what, remedy))

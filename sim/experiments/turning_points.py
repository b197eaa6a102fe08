"""What must one believe for a verdict to hold: at which value of each number does it flip?

Numbers that enter only the ledger are booked anew on the tallies that are there, which is exact:
every sum is affine in them. The others are played at both ends of what they might well be, with few
replications, and say so; where a sign differs there, the turn between is looked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from sim.core.statistics import Estimate, Sample, difference, without_interval
from sim.experiments.comparison import Comparison
from sim.experiments.few import Few
from sim.experiments.figures import VALUE, has_value
from sim.experiments.roots import Answer, Root, find_roots
from sim.experiments.weak_numbers import WEAK_NUMBERS, WeakNumber, needs_play
from sim.language.quantities import plain
from sim.metrics import METRICS
from sim.metrics.ledger import book
from sim.plan.seats import keep_seats
from sim.runs.run import Run
from sim.scenario.scenario import Scenario

TOLERANCE = 0.05
"""Of what is played: a turn to 5 % of where it is looked for, and told with two digits."""
NEGLIGIBLE = 0.01
DIGITS = 4
"""Decimals of a factor that is played, so that nearly the same one is not played again."""
Samples = dict[str, Sample]


class Flip(NamedTuple):
    """Where the difference in a metric changes its sign."""

    side: str
    """`less than` or `more than`: beyond which it has the other sign."""
    at: str
    low: str
    high: str
    """The ends of its interval; empty where it reaches further than was looked."""
    is_plausible: bool
    """Whether that lies within what the number might well be."""


class TurningPoint(NamedTuple):
    """One number, and what hangs on it."""

    name: str
    sentence: str
    now: str
    low: str
    high: str
    evidence: str
    how: str
    """`booked anew`, exactly; or `played, 4 replications`."""
    flips: dict[str, Flip | None]
    """By metric: the one that decides, and economic value; None: the sign never changes."""


class AtWorst(NamedTuple):
    """How much of a difference rests on the numbers that are booked."""

    metric: str
    now: Estimate
    at_worst: Estimate
    """With each of them at that end of its range which leaves least of the difference."""


class TurningPoints(NamedTuple):
    """What one variant asks its reader to believe."""

    found: list[TurningPoint]
    resting: AtWorst | None
    """None where nothing that is booked matters."""
    untried: list[str]
    """Names of numbers that only play could tell of."""


def metrics_of(base: Run) -> list[str]:
    """The deciding metric, and economic value where there are customers, and it is finite."""
    value = [VALUE] if has_value(base) else []
    return list(dict.fromkeys([base.scenario.spec.decide_on, *value]))


def turning_points(base: Run, variant: Run, few: Few | None = None) -> TurningPoints:
    """Every number that matters for a variant; without `few` those that need no playing."""
    names = metrics_of(base)
    found, worst, untried = [], [], []
    for belief, hang in _all_hanging(base, variant, few):
        if hang is None:
            untried.append(belief.name)
        elif hang.matters():
            found.append(hang.found())
            end = hang.worse_end(names[0])
            if hang.few is None and belief.how == "ledger" and hang.moves(names[0], end):
                worst.append((belief, end))
    resting = _resting(base, variant, names[0], worst) if worst else None
    return TurningPoints(found, resting, untried)


def _all_hanging(
    base: Run, variant: Run, few: Few | None
) -> Iterator[tuple[WeakNumber, _Hanging | None]]:
    """The numbers that there are; without what hangs on it where that would have to be played."""
    names, pair = metrics_of(base), (base, variant)
    few_of = (base.first(few.replications), variant.first(few.replications)) if few else pair
    for belief in WEAK_NUMBERS:
        values = belief.values(variant.scenario.spec)
        if not values or (belief.only_for and names[0] not in belief.only_for):
            continue
        if not needs_play(belief, [run.scenario for run in pair]):
            yield belief, _Hanging(belief, pair, values, names, None)
        elif any(belief.touches(run.scenario) for run in pair):
            yield belief, _Hanging(belief, few_of, values, names, few) if few else None


class _Hanging:
    """What hangs on one number of a pair of runs; x is in times what is typed."""

    def __init__(
        self,
        belief: WeakNumber,
        pair: tuple[Run, Run],
        values: list[float],
        metrics: list[str],
        few: Few | None,
    ) -> None:
        self.belief, self.pair, self.values, self.metrics = belief, pair, values, metrics
        self.few = few
        self.known: dict[float, tuple[Samples, Samples]] = {}
        least, most = belief.search
        bounded = belief.is_share or belief.is_part
        self.span = least, min(most, 1.0 / self._largest()) if bounded else most
        mean = sum(values) / len(values) if belief.is_share else 1.0
        self.plausible = belief.low / mean, belief.high / mean

    def _largest(self) -> float:
        """The largest value that is typed in either run, whatever its initiatives make of it."""
        scenarios = [week for run in self.pair for week in run.scenario.in_its_weeks]
        return max(value for one in scenarios for value in self.belief.values(one.spec))

    def gap(self, metric: str, x: float) -> Estimate:
        """The paired difference of a metric."""
        base, variant = self._samples(x)
        return difference(base[metric], variant[metric])

    def matters(self) -> bool:
        """Whether a plausible change moves some difference by more than 1 % of itself."""
        return any(self.moves(metric, x) for metric in self.metrics for x in self._ends())

    def moves(self, metric: str, x: float) -> bool:
        """Whether a difference that there is moves by more than 1 % of itself."""
        now, then = self.gap(metric, 1.0).value, self.gap(metric, x).value
        return now != 0.0 and abs(then - now) > NEGLIGIBLE * abs(now)

    def worse_end(self, metric: str) -> float:
        """That end of the plausible range which leaves least of the difference."""
        sign = np.sign(self.gap(metric, 1.0).value)
        return min(self._ends(), key=lambda x: sign * self.gap(metric, x).value)

    def found(self) -> TurningPoint:
        """The number with its flips, in words."""
        low, high = (self._shown(x) for x in self.plausible)
        how = f"played, {self.few.replications} replications" if self.few else "booked anew"
        flips = {metric: self._flip(metric) for metric in self.metrics}
        about = self.belief.name, self.belief.sentence, self._shown(1.0), low, high
        return TurningPoint(*about, self.belief.evidence.words, how, flips)

    def _ends(self) -> list[float]:
        """The plausible range, as far as it is legal."""
        ends = [min(max(x, self.span[0]), self.span[1]) for x in self.plausible]
        return [math.floor(x * 10**DIGITS) / 10**DIGITS for x in ends] if self.few else ends

    def scenarios_to_play(self) -> list[Scenario]:
        """All that its ends need, so that they can be played side by side."""
        return [
            self.belief.times(run.scenario, x)
            for x in self._ends()
            for run in self.pair
            if self.few and x != 1.0 and self.belief.touches(run.scenario)
        ]

    def _flip(self, metric: str) -> Flip | None:
        now = self.gap(metric, 1.0).value
        roots = self._roots_within(metric, now) if self.few else self._roots(metric, now)
        if now == 0.0 or not roots:
            return None
        nearest = min(roots, key=lambda root: abs(root.value - 1.0))
        low, high = ("" if end is None else self._shown(end) for end in (nearest.low, nearest.high))
        side = "less than" if nearest.value < 1.0 else "more than"
        least, most = self.plausible
        is_plausible = least <= nearest.value <= most
        return Flip(side, self._shown(nearest.value), low, high, is_plausible)

    def _roots(self, metric: str, now: float) -> list[Root]:
        """Where the difference changes its sign, within and beyond what the number might be."""
        answer = find_roots(lambda x: self.gap(metric, x), *self.span)
        return [root for root in answer.roots if _changes_sign(answer, root.value, now)]

    def _roots_within(self, metric: str, now: float) -> list[Root]:
        """The same of what is played: between the typed number and an end with another sign."""
        turned = [x for x in self._ends() if self.gap(metric, x).value * now < 0.0]
        return [
            root
            for x in turned
            for root in find_roots(
                lambda at: without_interval(self.gap(metric, at)),
                *sorted((x, 1.0)),
                points=2,
                tolerance=TOLERANCE,
            ).roots
        ]

    def _samples(self, x: float) -> tuple[Samples, Samples]:
        if x not in self.known:
            is_affine = self.belief.how == "ledger" and self.few is None and x not in (0.0, 1.0)
            self.known[x] = self._between(x) if is_affine else self._at(x)
        return self.known[x]

    def _at(self, x: float) -> tuple[Samples, Samples]:
        base, variant = (self._run(run, x) for run in self.pair)
        return self._measured(base, base), self._measured(variant, base)

    def _run(self, run: Run, x: float) -> Run:
        if x == 1.0 or (self.few and not self.belief.touches(run.scenario)):
            return run
        scenario = self.belief.times(run.scenario, x)
        return self.few(scenario)[0] if self.few else booked(scenario, run)

    def _measured(self, run: Run, base: Run) -> Samples:
        facts = run.against(base).facts
        return {metric: METRICS[metric].measure(facts) for metric in self.metrics}

    def _between(self, x: float) -> tuple[Samples, Samples]:
        """What is affine in x, from its values at 0 and at 1."""
        none, typed = self._samples(0.0), self._samples(1.0)
        base, variant = (
            {metric: _mixed(zero[metric], one[metric], x) for metric in self.metrics}
            for zero, one in zip(none, typed, strict=True)
        )
        return base, variant

    def _shown(self, x: float) -> str:
        """Of a share its value where all are alike; else in percent of what is typed."""
        is_alike = self.belief.is_share and max(self.values) == min(self.values)
        share = x * self.values[0] if is_alike else x
        n = 2 if self.few else 3
        if is_alike or not self.belief.is_share:
            return f"{with_digits(100 * share, n)} %"
        return f"× {with_digits(x, n)}"


def with_digits(x: float, n: int) -> str:
    """The first n digits that matter, written out."""
    return plain(float(f"{x:.{n}g}"))


def booked(scenario: Scenario, run: Run) -> Run:
    """What was played, with another number in the books; no seat depends on what is only booked."""
    keep_seats(scenario, run.scenario)
    ledger = book(scenario, run.anchors, run.tally)
    return replace(run, scenario=scenario, ledger=ledger)


def _mixed(zero: Sample, one: Sample, x: float) -> Sample:
    columns: list[Any] = []
    for a, b in zip(zero[:2], one[:2], strict=True):
        if a is None or b is None:
            columns.append(None)
        else:
            columns.append(np.asarray(a) + x * (np.asarray(b) - np.asarray(a)))
    return Sample(*columns)._replace(curve=one.curve)


def _changes_sign(answer: Answer, root: float, now: float) -> bool:
    """Whether the difference has the other sign beyond a root, seen from what is typed."""
    beyond = [e.value for x, e in answer.evaluated if (x < root if root < 1.0 else x > root)]
    return any(value * now < 0.0 for value in beyond)


def beliefs_of(comparison: Comparison, few: Few | None = None) -> list[TurningPoints]:
    """What the verdict on each variant asks to believe; without `few` only what is booked."""
    base, runs = comparison.base, [one.run for one in comparison.variants]
    if few:
        hanging = [hang for run in runs for _, hang in _all_hanging(base, run, few)]
        few(*(one for hang in hanging if hang for one in hang.scenarios_to_play()))
    return [turning_points(base, run, few) for run in runs]


def _resting(
    base: Run, variant: Run, metric: str, worst: list[tuple[WeakNumber, float]]
) -> AtWorst:
    """The difference as it is, and with every number at its worse end at once, booked anew."""
    at_worst = []
    for played in (base, variant):
        scenario = played.scenario
        for belief, x in worst:
            scenario = belief.times(scenario, x)
        at_worst.append(booked(scenario, played))
    return AtWorst(metric, _gap(metric, base, variant), _gap(metric, *at_worst))


def _gap(metric: str, base: Run, variant: Run) -> Estimate:
    one, two = (run.against(base).samples[metric] for run in (base, variant))
    return difference(one, two)

"""What must one believe for a verdict to hold: at which value of each number does it turn?

A number that enters only the ledger is booked anew on the counts of the run. That is exact, as
every sum is affine in it. Any other number is played at both ends of its plausible range, with few
replications, and the report says so. If the sign of the difference changes on the way to an end, a
search finds the value at which it does. An end at which one replication leaves the difference far
from a turn is not played with a second.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from sim.core.statistics import Estimate, Sample, difference
from sim.experiments.comparison import Comparison
from sim.experiments.few import Few
from sim.experiments.figures import VALUE, has_value
from sim.experiments.forms import moved
from sim.experiments.played_curve import TIMES, PlayedCurve, PlayedPoint
from sim.experiments.roots import Answer, Root, crossing, find_roots
from sim.experiments.weak_number import WeakNumber
from sim.experiments.weak_numbers import WEAK_NUMBERS, needs_play
from sim.language.quantities import plain
from sim.metrics import METRICS
from sim.metrics.ledger import book
from sim.plan.seats import keep_seats
from sim.runs.run import Run
from sim.scenario.scenario import Scenario

TOLERANCE = 0.05
"""Accuracy of a turning point that is played, as a share of the range that is searched."""
NEGLIGIBLE = 0.01
"""A number matters if it moves the difference by more than this share of it."""
FAR = 0.25
"""An end takes less than this from a difference in one replication: a second one would have to take
seven times as much for a turn."""
DIGITS = 4
"""Decimals of a factor that is played, so that nearly equal ones are not played twice."""
Samples = dict[str, Sample]


class Flip(NamedTuple):
    """Where the difference in a metric changes its sign."""

    side: str
    """`less than` or `more than`: where the difference has the other sign."""
    at: str
    low: str
    high: str
    """The ends of its interval; empty where an end lies beyond the range that was searched."""
    is_plausible: bool
    """Whether the flip lies within the plausible range of the number."""


class TurningPoint(NamedTuple):
    """One weakly known number, and where it turns the differences."""

    name: str
    sentence: str
    now: str
    low: str
    high: str
    evidence: str
    how: str
    """`booked anew`, exactly; or `played, 2 replications; …`."""
    flips: dict[str, Flip | None]
    """By metric, the deciding one and economic value; None: the sign never changes."""
    curve: PlayedCurve | None = None
    """The differences behind it; None where nothing was to be played."""


class AtWorst(NamedTuple):
    """A difference with all booked numbers at their worse ends."""

    metric: str
    now: Estimate
    at_worst: Estimate
    """Each number at that end of its range which leaves least of the difference."""


class TurningPoints(NamedTuple):
    """What must be believed for the verdict on one variant to hold."""

    found: list[TurningPoint]
    resting: AtWorst | None
    """None where no booked number matters."""
    untried: list[str]
    """Names of numbers that would have to be played, and were not."""


def metrics_of(base: Run) -> list[str]:
    """The deciding metric, and economic value where it is finite and customers are typed."""
    value = [VALUE] if has_value(base) else []
    return list(dict.fromkeys([base.scenario.spec.decide_on, *value]))


def turning_points(base: Run, variant: Run, few: Few | None = None) -> TurningPoints:
    """Every number that matters for a variant; without `few` only those that need no play."""
    names = metrics_of(base)
    found, worst, untried = [], [], []
    for belief, hang in _all_hanging(base, variant, few):
        if hang is None:
            untried.append(belief.name)
        elif hang.matters():
            found.append(hang.found(keeps_points=few is not None))
            end = hang.worse_end(names[0])
            if hang.few is None and belief.how == "ledger" and hang.moves(names[0], end):
                worst.append((belief, end))
    resting = _resting(base, variant, names[0], worst) if worst else None
    return TurningPoints(found, resting, untried)


def _all_hanging(
    base: Run, variant: Run, few: Few | None
) -> Iterator[tuple[WeakNumber, _Hanging | None]]:
    """Yield each number that the variant types; with None if it would have to be played."""
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
    """How the differences of a pair of runs depend on one number; x is a factor on its value."""

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
        self.first: dict[float, tuple[Samples, Samples]] = {}
        """The same by one replication, of what is played."""
        least, most = belief.search
        bounded = belief.is_share or belief.is_part
        self.span = least, min(most, 1.0 / self._largest()) if bounded else most
        mean = sum(values) / len(values) if belief.is_share else 1.0
        self.plausible = belief.low / mean, belief.high / mean

    def _largest(self) -> float:
        """The largest value of the number in either run, in any week."""
        scenarios = [week for run in self.pair for week in run.scenario.in_its_weeks]
        return max(value for one in scenarios for value in self.belief.values(one.spec))

    def gap(self, metric: str, x: float) -> Estimate:
        """The paired difference of a metric with the number at x times its value."""
        if self._is_far(x):
            return moved(self.gap(metric, 1.0), self._shift(metric, x))
        base, variant = self._samples(x)
        return difference(base[metric], variant[metric])

    def matters(self) -> bool:
        """Whether the number moves any of the differences within its plausible range."""
        return any(self.moves(metric, x) for metric in self.metrics for x in self._ends())

    def moves(self, metric: str, x: float) -> bool:
        """Whether a difference that is not 0 moves by more than NEGLIGIBLE of itself."""
        now, then = self.gap(metric, 1.0).value, self.gap(metric, x).value
        return now != 0.0 and abs(then - now) > NEGLIGIBLE * abs(now)

    def worse_end(self, metric: str) -> float:
        """The end of the plausible range that leaves least of the difference."""
        sign = np.sign(self.gap(metric, 1.0).value)
        return min(self._ends(), key=lambda x: sign * self.gap(metric, x).value)

    def found(self, *, keeps_points: bool = False) -> TurningPoint:
        """The number with its flips in words, and as a curve if that is asked for."""
        low, high = (self._shown(x) for x in self.plausible)
        how = f"played, {_replications(self.few.replications)}" if self.few else "booked anew"
        turns = {metric: self._turns(metric) for metric in self.metrics}
        flips = {metric: self._flip(roots) for metric, roots in turns.items()}
        about = self.belief.name, self.belief.sentence, self._shown(1.0), low, high
        curve = self._curve(turns) if keeps_points else None
        return TurningPoint(*about, self.belief.evidence.words, how, flips, curve)

    def _curve(self, turns: dict[str, list[Root]]) -> PlayedCurve:
        """All that was played; of what is booked, the typed value, both ends and the turns."""
        points = {}
        for metric, roots in turns.items():
            booked_at = {1.0, *self._ends(), *(root.value for root in roots)}
            factors = self.known.keys() | self.first.keys() if self.few else booked_at
            points[metric] = tuple(self._point(metric, x) for x in sorted(factors))
        typed, low, high = (self._in_unit(x) for x in (1.0, *self.plausible))
        turns_at = {m: tuple(self._in_unit(r.value) for r in roots) for m, roots in turns.items()}
        return PlayedCurve(self._unit, typed, low, high, points, turns_at)

    def _point(self, metric: str, x: float) -> PlayedPoint:
        e, is_once = self.gap(metric, x), self._is_far(x)
        ends = (e.low, e.high) if e.has_interval and not is_once else (None, None)
        return PlayedPoint(self._in_unit(x), e.value, *ends, 1 if is_once else e.replications)

    def _ends(self) -> list[float]:
        """The ends of the plausible range, as far as it is legal."""
        ends = [min(max(x, self.span[0]), self.span[1]) for x in self.plausible]
        return [math.floor(x * 10**DIGITS) / 10**DIGITS for x in ends] if self.few else ends

    def scenarios_to_play(self) -> list[Scenario]:
        """The scenarios at both ends, so that they can be played side by side."""
        return self._scenarios(self._ends())

    def scenarios_to_repeat(self) -> list[Scenario]:
        """What needs more than one replication, once that has been played."""
        return self._scenarios(x for x in self._ends() if not self._is_far(x))

    def _scenarios(self, factors: Iterable[float]) -> list[Scenario]:
        return [
            self.belief.times(run.scenario, x)
            for x in factors
            for run in self.pair
            if self.few and x != 1.0 and self.belief.touches(run.scenario)
        ]

    def _is_far(self, x: float) -> bool:
        """Whether one replication at an end leaves every difference far from a turn."""
        if self.few is None or self.few.replications == 1 or x == 1.0 or x not in self._ends():
            return False
        now = {metric: self.gap(metric, 1.0).value for metric in self.metrics}
        return all(-self._shift(m, x) * gap <= FAR * gap * gap for m, gap in now.items())

    def _shift(self, metric: str, x: float) -> float:
        """By how much one replication moves a difference."""
        then, now = (
            difference(base[metric], variant[metric])
            for base, variant in (self._first(x), self._first(1.0))
        )
        return then.value - now.value

    def _first(self, x: float) -> tuple[Samples, Samples]:
        if x not in self.first:
            self.first[x] = self._measured_at(x, 1)
        return self.first[x]

    def _turns(self, metric: str) -> list[Root]:
        """Where the difference changes its sign; nowhere if it is 0 as typed."""
        now = self.gap(metric, 1.0).value
        if now == 0.0:
            return []
        return self._roots_within(metric, now) if self.few else self._roots(metric, now)

    def _flip(self, roots: list[Root]) -> Flip | None:
        """The change of sign that is nearest to the typed number, in words."""
        if not roots:
            return None
        root = min(roots, key=lambda root: abs(root.value - 1.0))
        low, high = ("" if end is None else self._shown(end) for end in (root.low, root.high))
        side = "less than" if root.value < 1.0 else "more than"
        least, most = self.plausible
        return Flip(side, self._shown(root.value), low, high, least <= root.value <= most)

    def _roots(self, metric: str, now: float) -> list[Root]:
        """Where the difference changes its sign, within the plausible range and beyond it."""
        answer = find_roots(lambda x: self.gap(metric, x), *self.span)
        return [root for root in answer.roots if _changes_sign(answer, root.value, now)]

    def _roots_within(self, metric: str, now: float) -> list[Root]:
        """The same if it is played: between the typed number and an end with another sign."""
        turned = [x for x in self._ends() if self.gap(metric, x).value * now < 0.0]

        def gap(x: float) -> float:
            return self.gap(metric, round(x, DIGITS)).value

        return [
            Root(crossing(gap, x, 1.0, TOLERANCE * abs(x - 1.0)), None, None, False) for x in turned
        ]

    def _samples(self, x: float) -> tuple[Samples, Samples]:
        if x not in self.known:
            is_affine = self.belief.how == "ledger" and self.few is None and x not in (0.0, 1.0)
            self.known[x] = self._between(x) if is_affine else self._measured_at(x)
        return self.known[x]

    def _measured_at(self, x: float, replications: int | None = None) -> tuple[Samples, Samples]:
        base, variant = (self._run(run, x, replications) for run in self.pair)
        return self._measured(base, base), self._measured(variant, base)

    def _run(self, run: Run, x: float, replications: int | None = None) -> Run:
        if x == 1.0 or (self.few and not self.belief.touches(run.scenario)):
            return run.first(replications or run.replications)
        scenario = self.belief.times(run.scenario, x)
        if self.few is None:
            return booked(scenario, run)
        return self.few(scenario, replications=replications)[0]

    def _measured(self, run: Run, base: Run) -> Samples:
        facts = run.against(base).facts
        return {metric: METRICS[metric].measure(facts) for metric in self.metrics}

    def _between(self, x: float) -> tuple[Samples, Samples]:
        """The samples at x, which are affine in x, from those at 0 and at 1."""
        none, typed = self._samples(0.0), self._samples(1.0)
        base, variant = (
            {metric: _mixed(zero[metric], one[metric], x) for metric in self.metrics}
            for zero, one in zip(none, typed, strict=True)
        )
        return base, variant

    @property
    def _unit(self) -> str:
        """A share is told as its value, if it is the same everywhere; else as a factor."""
        if not self.belief.is_share:
            return "% of what is typed"
        return "%" if max(self.values) == min(self.values) else TIMES

    def _in_unit(self, x: float) -> float:
        if self._unit == TIMES:
            return x
        return 100.0 * x * (self.values[0] if self._unit == "%" else 1.0)

    def _shown(self, x: float) -> str:
        text = with_digits(self._in_unit(x), 2 if self.few else 3)
        return f"× {text}" if self._unit == TIMES else f"{text} %"


def with_digits(x: float, n: int) -> str:
    """A number with n significant digits, without an exponent."""
    return plain(float(f"{x:.{n}g}"))


def _replications(n: int) -> str:
    return "1 replication" if n == 1 else f"{n} replications; 1 where it stays far from a turn"


def booked(scenario: Scenario, run: Run) -> Run:
    """The run, booked anew with the scenario's numbers; its seats stay, as they depend on none."""
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
    """Whether the difference has the other sign beyond a root, seen from the typed value (1)."""
    beyond = [e.value for x, e in answer.evaluated if (x < root if root < 1.0 else x > root)]
    return any(value * now < 0.0 for value in beyond)


def beliefs_of(comparison: Comparison, few: Few | None = None) -> list[TurningPoints]:
    """For each variant, what must be believed; without `few` only numbers that are booked."""
    base, runs = comparison.base, [one.run for one in comparison.variants]
    if few:
        hanging = [hang for run in runs for _, hang in _all_hanging(base, run, few)]
        played = [hang for hang in hanging if hang]
        few(*(one for hang in played for one in hang.scenarios_to_play()), replications=1)
        few(*(one for hang in played for one in hang.scenarios_to_repeat()))
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

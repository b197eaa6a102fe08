"""Find the values x at which a difference D(x) changes its sign, with few evaluations.

Nothing here knows of scenarios; breakeven.py asks. Each evaluation of D plays a scenario. D is a
fixed function of x, as the dice are the same for every x.

D is evaluated on a grid first, then ever closer to each change of sign by the Illinois method
(Dowell and Jarratt, 1971): a secant that halves the weight of an end that has stayed.

The interval of a root is the paired interval of D, inverted: all x around the root at which the
interval of D(x) contains 0. Its ends are found in the same way, each as the x at which the nearer
end of D's interval is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import floor, log10
from typing import NamedTuple

import numpy as np

from sim.core.statistics import Estimate

GRID_POINTS = 9
TOLERANCE = 0.005  # of the range
LITTLE = 0.25
"""Of the smaller difference at the ends of a search."""
_MOST_STEPS = 40

Difference = Callable[[float], Estimate]


class Root(NamedTuple):
    """A value at which there is no difference, with the ends of its interval."""

    value: float
    low: float | None
    """None: the interval reaches below the range."""
    high: float | None
    """None: the interval reaches above the range."""
    has_interval: bool
    between: tuple[float, float] | None = None
    """Of whole numbers, the two neighbours at which D has opposite signs."""


class Answer(NamedTuple):
    """The roots between two values, and all that was evaluated, in ascending order of x."""

    low: float
    high: float
    roots: tuple[Root, ...]
    evaluated: tuple[tuple[float, Estimate], ...]


def find_roots(
    difference: Difference,
    low: float,
    high: float,
    *,
    whole: bool = False,
    points: int = GRID_POINTS,
    tolerance: float = TOLERANCE,
) -> Answer:
    """Find a root for every change of sign between neighbours of a grid.

    `points` is the size of the grid, `tolerance` the accuracy as a share of the range. With `whole`
    only whole numbers are evaluated.
    """
    search = _Search(difference, 1.0 if whole else tolerance * (high - low), whole)
    grid = list(dict.fromkeys(search.near(x) for x in np.linspace(low, high, points)))
    values = [search.at(x).value for x in grid]
    found = [(x, x) for i, x in enumerate(grid) if values[i] == 0.0 and _ends_a_plateau(values, i)]
    for (a, b), (one, two) in zip(pairwise(grid), pairwise(values), strict=True):
        if one * two < 0.0:
            found.append(search.narrowed(a, b, lambda e: e.value))
    roots = [search.root(a, b) for a, b in sorted(found)]
    return Answer(low, high, tuple(roots), search.evaluated())


def crossing(difference: Callable[[float], float], a: float, b: float, tolerance: float) -> float:
    """Where a difference with opposite signs at a and b is 0: one root, without an interval.

    By the same secant. It ends once little is left of the difference and the zero of the secant
    has moved by less than the tolerance: another x beyond it would only show the other sign.
    """
    at = {x: difference(x) for x in (a, b)}
    weights, little = dict(at), LITTLE * min(map(abs, at.values()))
    stayed, best = None, _zero(a, b, at)
    for _ in range(_MOST_STEPS):
        x = _zero(a, b, weights)
        at[x] = weights[x] = difference(x)
        if at[x] == 0.0:
            return x
        kept = b if (at[x] > 0.0) == (at[a] > 0.0) else a
        if stayed == kept:
            weights[kept] /= 2.0
        stayed, (a, b) = kept, sorted((x, kept))
        before, best = best, _zero(a, b, at)
        if b - a <= tolerance or (abs(at[x]) <= little and abs(best - before) <= tolerance):
            break
    return best


def _zero(a: float, b: float, at: dict[float, float]) -> float:
    """Where the straight line through two values is 0."""
    return a - at[a] * (b - a) / (at[b] - at[a])


def _ends_a_plateau(values: list[float], i: int) -> bool:
    """Whether a neighbour of a value without a difference has one."""
    return any(value != 0.0 for value in values[max(0, i - 1) : i + 2])


class _Search:
    """Evaluates D, and remembers every x at which it has."""

    def __init__(self, difference: Difference, tolerance: float, whole: bool) -> None:
        self._difference, self._tolerance, self._whole = difference, tolerance, whole
        self._known: dict[float, Estimate] = {}

    def near(self, x: float) -> float:
        """The nearest x that is evaluated: a whole number, or one with few digits."""
        return float(round(x)) if self._whole else rounded_to(x, self._tolerance / 1000.0)

    def at(self, x: float) -> Estimate:
        """D(x), evaluated at most once."""
        if x not in self._known:
            self._known[x] = self._difference(x)
        return self._known[x]

    def evaluated(self) -> tuple[tuple[float, Estimate], ...]:
        """Each x with its D(x), in ascending order."""
        return tuple(sorted(self._known.items()))

    def narrowed(
        self, a: float, b: float, part: Callable[[Estimate], float]
    ) -> tuple[float, float]:
        """Narrow the bracket of a change of sign to the tolerance; (x, x) where D is exactly 0."""
        weights = {a: part(self.at(a)), b: part(self.at(b))}
        stayed = None
        for _ in range(_MOST_STEPS):
            if b - a <= self._tolerance:
                break
            x = self._between(a, b, weights[a], weights[b])
            if x is None:
                break
            value = part(self.at(x))
            if value == 0.0:
                return x, x
            kept, moved = (b, "a") if (value > 0.0) == (weights[a] > 0.0) else (a, "b")
            if stayed == kept:
                weights[kept] /= 2.0
            stayed, weights[x] = kept, value
            a, b = (x, b) if moved == "a" else (a, x)
        return a, b

    def _between(self, a: float, b: float, at_a: float, at_b: float) -> float | None:
        """The secant's zero, moved a little towards the farther end so that the bracket closes."""
        x = a - at_a * (b - a) / (at_b - at_a)
        over = 0.45 * self._tolerance
        x += over if b - x > x - a else -over
        found = self.near(min(max(x, a + over), b - over))
        if not a < found < b:
            found = self.near((a + b) / 2.0)
        return found if a < found < b else None

    def root(self, a: float, b: float) -> Root:
        """The root in a bracket, with its interval."""
        one, two = self.at(a), self.at(b)
        value = a if a == b else a - one.value * (b - a) / (two.value - one.value)
        between = (a, b) if self._whole and a < b else None
        if not (one.has_interval and two.has_interval):
            return Root(value, None, None, False, between)
        return Root(value, self._end(a, b, -1), self._end(b, a, 1), True, between)

    def _end(self, start: float, other: float, side: int) -> float | None:
        """Where the interval of D stops containing 0, on one side (−1 or 1) of a root."""
        inside, outside = start, start
        if _side(self.at(start)):
            if self._whole:
                return start
            inside = other
        else:
            for x in sorted(self._known, reverse=side < 0):
                if side * (x - start) > 0.0 and outside == start:
                    inside, outside = (x, start) if not _side(self.at(x)) else (inside, x)
            if outside == start:
                return None
        sign = _side(self.at(outside))
        near, far = sorted((inside, outside))
        a, b = self.narrowed(near, far, lambda e: e.low if sign > 0 else e.high)
        if self._whole:
            return b if side < 0 else a
        one, two = ((e.low if sign > 0 else e.high) for e in (self.at(a), self.at(b)))
        return a if a == b or one == two else a - one * (b - a) / (two - one)


def rounded_to(x: float, step: float) -> float:
    """A number rounded to the decimal digit of a step."""
    return round(float(x), -floor(log10(step)))


def answer_text(answer: Answer, write: Callable[[float], str], contains: str, better: int) -> str:
    """Say what was found; `write` shows a value with its unit, `better` is −1 if less is better."""
    span = f"[{write(answer.low)}, {write(answer.high)}]"
    if not answer.roots:
        return f"none in {span}: {_throughout(answer, write, better)}"
    texts = [_root_text(root, answer, write, contains) for root in answer.roots]
    if len(texts) > 1:
        return f"several in {span}: {', '.join(texts[:-1])} and {texts[-1]}"
    signs = [better * np.sign(e.value) for _, e in (answer.evaluated[0], answer.evaluated[-1])]
    words = {-1.0: "worse", 1.0: "better", 0.0: ""}
    sides = zip((words[float(s)] for s in signs), ("below", "above"), strict=True)
    where = " and ".join(f"{word} {side}" for word, side in sides if word)
    return f"{texts[0]}{f'; {where}' if where else ''}"


def _throughout(answer: Answer, write: Callable[[float], str], better: int) -> str:
    estimates = [e for _, e in answer.evaluated]
    if all(e.value == 0.0 for e in estimates):
        return "no difference anywhere"
    word = "better" if better * estimates[0].value > 0 else "worse"
    unsure = [x for x, e in answer.evaluated if not _side(e)]
    if not all(e.has_interval for e in estimates):
        return f"{word} everywhere by estimate, without intervals"
    if not unsure:
        return f"{word} everywhere"
    return f"{word} everywhere by estimate, but undecided at {write(unsure[0])}" + (
        f" to {write(unsure[-1])}" if len(unsure) > 1 else ""
    )


def _root_text(root: Root, answer: Answer, write: Callable[[float], str], contains: str) -> str:
    value = write(root.value)
    if root.between:
        value = f"between {write(root.between[0])} and {write(root.between[1])}"
    if not root.has_interval:
        return value
    low = f"below {write(answer.low)}" if root.low is None else write(root.low)
    high = f"above {write(answer.high)}" if root.high is None else write(root.high)
    return f"{value} ({contains}: {low} to {high})"


def _side(e: Estimate) -> int:
    """The side of 0 on which an interval lies (−1, 1); 0 where it contains 0, or is missing."""
    if not e.has_interval:
        return 0
    return 1 if e.low > 0.0 else -1 if e.high < 0.0 else 0

"""A level that a metric should reach: contribution 0 (a profit center), a service level of 80 %."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from pydantic_core import PydanticCustomError

from sim.core.statistics import Estimate, Sample, estimate
from sim.experiments.axes import refuse
from sim.experiments.roots import Answer, Root
from sim.experiments.rounding import rounded
from sim.experiments.verdict import over_horizon
from sim.language.parsers import parse_duration, parse_number, parse_rate, parse_share
from sim.metrics import METRICS
from sim.metrics.check_metrics import deciding
from sim.scenario.scenario import Scenario

AGAINST_A_BASELINE = ("result", "retained_margin")
"""Metrics whose level depends on the baseline."""
ONLY_AS_DIFFERENCE = ("economic_value", *(n for n, one in METRICS.items() if one.of == "pair"))
"""Metrics that mean something only as a difference from a baseline."""


class Level(NamedTuple):
    """The level that a metric should reach."""

    metric: str
    typed: str
    amount: float
    """In the unit of the metric; if the metric adds up, over the whole horizon."""

    def gap(self, sample: Sample) -> Estimate:
        """By how much the metric lies above the level, with its interval."""
        e = estimate(sample)
        value, low, high = (part - self.amount for part in e[:3])
        return e._replace(value=value, low=low, high=high)


def read_level(scenario: Scenario, metric: str, typed: str) -> Level:
    """Read a level as typed; raises ScenarioError, with a remedy, where it cannot be read."""
    if metric in ONLY_AS_DIFFERENCE or metric not in deciding():
        can = [name for name in deciding() if name not in ONLY_AS_DIFFERENCE]
        what = f"{metric} has no level to be reached"
        refuse("--metric", metric, what, f"these have: {', '.join(can)}")
    try:
        return Level(metric, typed, amount_of(scenario, metric, typed))
    except PydanticCustomError as error:
        refuse("--level", typed, str(error), (error.context or {})["remedy"])


def amount_of(scenario: Scenario, metric: str, typed: str) -> float:
    """Read an amount of a metric as typed, in its unit.

    Raises PydanticCustomError, with a remedy, where it cannot be read.
    """
    one = METRICS[metric]
    if typed.strip() == "0":
        return 0.0
    if one.adds_up:
        weeks = scenario.spec.horizon.length_weeks
        return over_horizon(parse_rate(typed, "year"), "year", weeks)
    if one.unit == "share":
        return parse_share(typed)
    return parse_duration(typed) if one.unit == "s" else parse_number(typed)


def level_text(
    level: Level, answer: Answer, parameter: str, write: Callable[[float], str], contains: str
) -> str:
    """Say at which value the level is reached; `write` shows a value with its unit."""
    better = -1 if METRICS[level.metric].better == "lower" else 1
    if answer.roots:
        found = [_reached(root, answer, better, write, contains) for root in answer.roots]
        return f"reaches {level.typed} at {parameter} {' and '.join(found)}"
    span = f"{write(answer.low)} to {write(answer.high)}"
    gaps = [better * e.value for _, e in answer.evaluated]
    if all(gap >= 0 for gap in gaps):
        return f"is {level.typed} or better for every {parameter} from {span}"
    nearest = int(np.argmax(gaps))
    x, e = answer.evaluated[nearest]
    reached = _shown(level, e.value + level.amount)
    return (
        f"does not reach {level.typed} for any {parameter} from {span}:"
        f" it comes nearest at {write(x)}, with {reached}"
    )


def _reached(
    root: Root, answer: Answer, better: int, write: Callable[[float], str], contains: str
) -> str:
    """The value at which the level is reached; of two whole numbers, the one that reaches it."""
    if root.between:
        gaps = dict(answer.evaluated)
        return f"= {write(next(x for x in root.between if better * gaps[x].value >= 0))}"
    if not root.has_interval:
        return f"= {write(root.value)}"
    low = f"below {write(answer.low)}" if root.low is None else write(root.low)
    high = f"above {write(answer.high)}" if root.high is None else write(root.high)
    return f"= {write(root.value)} ({contains}: {low} to {high})"


def _shown(level: Level, value: float) -> str:
    one = METRICS[level.metric]
    if one.unit == "share":
        return f"{100 * value:.1f} %"
    return rounded(value)

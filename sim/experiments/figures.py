"""Every sum of money as three figures: the first year, the pace at the end, and value.

Gains of selling fade, as a customer buys a product once. Gains of keeping customers grow. So no
figure alone says what a change is worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.core.statistics import Estimate, Sample, difference, estimate, holm_differences
from sim.metrics import METRICS
from sim.metrics.periods import money_sums
from sim.runs.run import Run

VALUE = "economic_value"
RESULT = "result"


class ThreeFigures(NamedTuple):
    """A sum of money, or a difference in one."""

    first: Estimate
    """Weeks 1 to 52, or those that were played."""
    pace: Estimate | None
    """A year's amount at the end of the horizon; None where the horizon is too short."""
    value: Estimate | None
    """Economic value; only of a difference in result."""


def levels_of_money(run: Run) -> dict[str, ThreeFigures]:
    """The figures of one run, by metric; without value, which means nothing without a baseline."""
    return {
        name: ThreeFigures(
            estimate(run.first_year[name]),
            estimate(run.pace[name]) if name in run.pace else None,
            None,
        )
        for name in money_sums()
    }


def gaps_of_money(base: Run, run: Run) -> dict[str, ThreeFigures]:
    """Paired differences by metric; `base` and `run` are both held `against` the baseline."""
    return {
        name: ThreeFigures(
            difference(base.first_year[name], run.first_year[name]),
            difference(base.pace[name], run.pace[name]) if name in run.pace else None,
            difference(base.samples[VALUE], run.samples[VALUE])
            if name == RESULT and has_value(base)
            else None,
        )
        for name in money_sums()
    }


def has_value(run: Run) -> bool:
    """Whether the scenario has customers, and their value is finite."""
    is_finite = np.isfinite(run.samples[VALUE].numerators).all()
    return bool(run.scenario.segments) and bool(is_finite)


def first_year_gaps(
    metric: str, base: Run, first_years: Sequence[Mapping[str, Sample]]
) -> list[Estimate] | None:
    """Differences in the first year, with intervals that hold together (Holm).

    None where the metric does not add up.
    """
    if not METRICS[metric].adds_up:
        return None
    return holm_differences(base.first_year[metric], [first[metric] for first in first_years])

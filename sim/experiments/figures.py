"""Every sum of money as three figures: the first year, the pace at the end, and value.

Gains of selling fade, for a product is sold to a customer once; gains of keeping customers grow.
So no figure alone says what a change is worth.
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
    """A year, at the end of the horizon; None where it is too short."""
    value: Estimate | None
    """Discounted, with what the end leaves behind: of a difference in result alone."""


def levels_of_money(run: Run) -> dict[str, ThreeFigures]:
    """Of one run, by metric; a value says nothing without a baseline."""
    return {
        name: ThreeFigures(
            estimate(run.first_year[name]),
            estimate(run.pace[name]) if name in run.pace else None,
            None,
        )
        for name in money_sums()
    }


def gaps_of_money(base: Run, run: Run) -> dict[str, ThreeFigures]:
    """Paired differences of a run, and a baseline, that are held against it; by metric."""
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
    """Whether there are customers, and their value is finite."""
    is_finite = np.isfinite(run.samples[VALUE].numerators).all()
    return bool(run.scenario.segments) and bool(is_finite)


def first_year_gaps(
    metric: str, base: Run, first_years: Sequence[Mapping[str, Sample]]
) -> list[Estimate] | None:
    """Differences in the first year that hold together (Holm); None of what does not add up."""
    if not METRICS[metric].adds_up:
        return None
    return holm_differences(base.first_year[metric], [first[metric] for first in first_years])

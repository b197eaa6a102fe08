"""Tidy tables of comparisons, sweeps, paths and break-evens, each as a header and rows.

sim/runs/files.py says what their columns hold; the tables of a run are in sim/runs/tables.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.core.statistics import Sample, estimate
from sim.experiments.breakeven import BreakEven
from sim.experiments.comparison import Comparison
from sim.experiments.path import MEASURES, Path, estimates
from sim.experiments.sweep import Sweep, gap
from sim.metrics import METRICS
from sim.runs.files import COMPARISON_FILES, PATH_FILES, SWEEP_FILES
from sim.runs.tables import Table, number_or_nothing


def comparison_table(comparison: Comparison) -> Table:
    """A row for each variant and metric, beside the baseline."""

    def rows() -> Iterator[list[Any]]:
        for against in comparison.variants:
            for name, d in against.differences.items():
                numbers = (d.base.value, d.variant.value, *d.gap[:3])
                yield [
                    against.run.scenario.spec.name,
                    name,
                    METRICS[name].unit,
                    *map(number_or_nothing, numbers),
                ]

    return list(COMPARISON_FILES["comparison.csv"].columns), rows()


def returns_table(comparison: Comparison) -> Table:
    """A row for each time at which cash falls, of every variant with one-off costs."""

    def rows() -> Iterator[list[Any]]:
        for against in comparison.variants:
            if (found := against.returned) is None:
                continue
            flows, name = found.flows, against.run.scenario.spec.name
            sums = np.cumsum(flows.cash, axis=1)
            for i, month in enumerate(flows.months.tolist()):
                means = (part[:, i].mean() for part in (flows.cash, flows.accrual))
                summed = estimate(Sample(sums[:, i]))[:3]
                worth = found.discounted[:, : i + 1].sum(axis=1).mean()
                yield [name, month, *map(number_or_nothing, (*means, *summed, worth))]

    return list(COMPARISON_FILES["returns.csv"].columns), rows()


def points_table(swept: Sweep) -> Table:
    """One row per point and metric; `difference` is from the unswept scenario, paired."""

    def rows() -> Iterator[list[Any]]:
        for point in swept.points:
            values = [value.text for value in point.point.values]
            for name, sample in point.samples.items():
                numbers = (*estimate(sample)[:3], *gap(swept, point, name)[:3])
                yield [*values, name, METRICS[name].unit, *map(number_or_nothing, numbers)]

    measured = SWEEP_FILES["points.csv"].columns
    return [*(axis.name for axis in swept.axes), *measured], rows()


def path_table(path: Path) -> Table:
    """Money by quarter, of the base and with each step added."""

    def rows() -> Iterator[list[Any]]:
        for row, name in enumerate(path.names):
            for measure in MEASURES:
                found = estimates(path.money(row, measure))
                for quarter, e in zip(path.quarters, found, strict=True):
                    numbers = map(number_or_nothing, e[:3])
                    yield [name, measure, quarter.name, quarter.weeks.start + 1, *numbers]

    return list(PATH_FILES["path.csv"].columns), rows()


def evaluated_table(found: BreakEven) -> Table:
    """One row per value that was played, in ascending order."""

    def rows() -> Iterator[list[Any]]:
        for x, e in found.answer.evaluated:
            yield [x, *map(number_or_nothing, e[:3])]

    return [found.parameter, "difference", "low", "high"], rows()


def roots_table(found: BreakEven) -> Table:
    """One row per value at which there is no difference, with the ends of its interval."""

    def rows() -> Iterator[list[Any]]:
        for root in found.answer.roots:
            ends = (root.low, root.high)
            yield [root.value, *("" if end is None else end for end in ends)]

    return [found.parameter, "low", "high"], rows()

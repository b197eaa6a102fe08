"""Tables of money by fiscal month, quarter or year, and of value at the end."""

from __future__ import annotations

import numpy as np

from sim.core.fiscal import By
from sim.core.statistics import Sample, difference, estimate
from sim.experiments.comparison import Comparison
from sim.metrics.periods import fiscal_periods
from sim.report.pages.page import Sheet
from sim.report.pages.sheets import amount_texts, columns_of, gap_text, in_chunks
from sim.runs.run import Run

OF_THE_END = ("value_at_end", "sold_value_at_end")
NOTE_ON_WEEKS = "A week belongs to the month in which it starts; months hold four or five."
NOTE_ON_THE_END = (
    "Discounted margins after the horizon, at its end; the base margin of customers is no income of"
    " the center: only its difference means anything."
)


def period_sheets(comparison: Comparison, by: By, width: int | None) -> list[Sheet]:
    """The result by fiscal period: sums over the weeks that start in it."""
    spec = comparison.base.scenario.spec
    found = fiscal_periods(comparison.base.scenario, by)
    sheets = []
    for chunk in in_chunks(comparison, width):
        rows = []
        for period in found:
            weeks = list(period.weeks)
            own, *others = (
                Sample(run.weekly_result[:, weeks].sum(axis=1))
                for run in (comparison.base, *(against.run for against in chunk))
            )
            cells = [gap_text(difference(own, other)) for other in others]
            values = amount_texts(estimate(own), alone=not chunk)
            rows.append((period.name, str(len(weeks)), *values, *cells))
        first, *columns = columns_of(by, comparison, chunk)
        heading = f"result by fiscal {by}, {spec.currency} as booked"
        sheets.append(Sheet(heading, (first, "weeks", *columns), tuple(rows), (NOTE_ON_WEEKS,)))
    return sheets


def end_sheets(comparison: Comparison, width: int | None) -> list[Sheet]:
    """The values at the end of the horizon, of customers and of what was sold."""
    spec = comparison.base.scenario.spec
    sheets = []
    for chunk in in_chunks(comparison, width):
        own = _of_the_end(comparison.base)
        theirs = [_of_the_end(against.run) for against in chunk]
        rows = tuple(
            (
                label,
                *amount_texts(estimate(sample), alone=not chunk),
                *(gap_text(difference(sample, other[label])) for other in theirs),
            )
            for label, sample in own.items()
        )
        heading = f"value at the end, {spec.currency}"
        columns = columns_of("", comparison, chunk)
        sheets.append(Sheet(heading, columns, rows, (NOTE_ON_THE_END,)))
    return sheets


def _of_the_end(run: Run) -> dict[str, Sample]:
    at_end = [np.asarray(run.samples[name].numerators) for name in OF_THE_END]
    return {"customers' value at end": Sample(at_end[0]), "sold value at end": Sample(at_end[1])}

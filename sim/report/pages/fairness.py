"""The fairness table: what each customer segment gets, and what a variant changes for it."""

from __future__ import annotations

from sim.core.statistics import difference, estimate
from sim.experiments.comparison import Comparison
from sim.metrics import label_of
from sim.metrics.by_segment import BY_SEGMENT, by_segment
from sim.report.pages.page import Sheet
from sim.report.pages.sheets import columns_of, in_chunks
from sim.report.pages.texts import difference_text, says_something, value_text, width_text


def fairness_sheets(comparison: Comparison, width: int | None) -> list[Sheet]:
    """Metrics of each segment: the baseline's values, and the variants' paired differences."""
    base = comparison.base
    own = by_segment(base.scenario.segments, base.tally)
    sheets = []
    for chunk in in_chunks(comparison, width):
        theirs = [by_segment(a.run.scenario.segments, a.run.tally) for a in chunk]
        rows = []
        for metric in BY_SEGMENT:
            if not says_something(metric, comparison):
                continue
            for i, segment in enumerate(own):
                one = own[segment][metric]
                e = estimate(one)
                cells = [value_text(metric, e)] + ([] if chunk else [width_text(metric, e)])
                for other in theirs:
                    two = other[segment][metric] if segment in other else None
                    cells.append(
                        "–"
                        if two is None
                        else difference_text(metric, estimate(two), difference(one, two))
                    )
                name = "" if i else label_of(metric)
                rows.append((name, segment, *cells))
        first, *others = columns_of("metric", comparison, chunk)
        sheets.append(Sheet("fairness", (first, "segment", *others), tuple(rows), names=2))
    return sheets

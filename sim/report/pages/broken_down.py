"""Metrics by customer segment (the fairness table) and by contact type: the baseline's values, and
what each variant changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sim.core.statistics import Sample, difference, estimate
from sim.experiments.comparison import Comparison
from sim.metrics import label_of
from sim.metrics.by_segment import BY_SEGMENT, by_segment
from sim.metrics.by_type import BY_TYPE, by_type
from sim.report.amounts import ABSENT
from sim.report.pages.page import Sheet
from sim.report.pages.sheets import columns_of, in_chunks
from sim.report.pages.texts import difference_text, says_something, value_text, width_text
from sim.runs.run import Run

ByPart = dict[str, dict[str, Sample]]
"""Part of the whole → metric → samples [replication]."""


def fairness_sheets(comparison: Comparison, width: int | None) -> list[Sheet]:
    """What each customer segment gets."""
    return _sheets("fairness", "segment", comparison, width, BY_SEGMENT, _by_segment)


def type_sheets(comparison: Comparison, width: int | None) -> list[Sheet]:
    """What happens to each contact type; no sheet where all has one type."""
    if len(comparison.base.scenario.types) < 2:
        return []
    return _sheets("by contact type", "type", comparison, width, BY_TYPE, _by_type)


def types_of_run(run: Run) -> list[Sheet]:
    """A row for each contact type, where there are several."""
    found = by_type(run.facts)
    if len(found) < 2:
        return []
    columns = ("contact type", *(label_of(metric) for metric in BY_TYPE))
    rows = tuple(
        (name, *(value_text(m, estimate(one[m])) if m in one else ABSENT for m in BY_TYPE))
        for name, one in found.items()
    )
    return [Sheet("", columns, rows, wraps=False)]


def _by_segment(run: Run) -> ByPart:
    return by_segment(run.scenario.segments, run.tally)


def _by_type(run: Run) -> ByPart:
    return by_type(run.facts)


def _sheets(
    heading: str,
    part: str,
    comparison: Comparison,
    width: int | None,
    metrics: Iterable[str],
    broken_down: Callable[[Run], ByPart],
) -> list[Sheet]:
    own = broken_down(comparison.base)
    sheets = []
    for chunk in in_chunks(comparison, width):
        theirs = [broken_down(against.run) for against in chunk]
        rows = []
        for metric in metrics:
            if not says_something(metric, comparison):
                continue
            having = [name for name in own if metric in own[name]]
            for i, name in enumerate(having):
                one = own[name][metric]
                e = estimate(one)
                cells = [value_text(metric, e)] + ([] if chunk else [width_text(metric, e)])
                cells += [
                    _differs(metric, one, other.get(name, {}).get(metric)) for other in theirs
                ]
                rows.append(("" if i else label_of(metric), name, *cells))
        first, *others = columns_of("metric", comparison, chunk)
        sheets.append(Sheet(heading, (first, part, *others), tuple(rows), names=2))
    return sheets


def _differs(metric: str, one: Sample, two: Sample | None) -> str:
    if two is None:
        return ABSENT
    return difference_text(metric, estimate(two), difference(one, two))

"""The page of a sweep: a row for each point, then the verdict on the best point."""

from __future__ import annotations

from sim.core.statistics import estimate
from sim.experiments.axes import listed
from sim.experiments.judging import CONTAINS
from sim.experiments.sweep import Sweep, best, gap, has_no_effect, indistinct, judged
from sim.metrics import label_of
from sim.report.pages.page import Page, Sheet
from sim.report.pages.remarks import played_text, remarks
from sim.report.pages.texts import difference_text, value_text, width_text

_MOST_NAMED = 6


def sweep_page(swept: Sweep, beside: tuple[str, ...]) -> Page:
    """The deciding metric and those `beside` it at each point, then the best points."""
    spec = swept.unswept.scenario.spec
    table = _table(swept, (swept.metric, *(n for n in beside if n != swept.metric)))
    reused = sum(point.reused for point in swept.points) + swept.reused
    runs = len(swept.points) + 1
    notes = [*_best_lines(swept), f"{runs} runs: {runs - reused} played, {reused} reused"]
    if has_no_effect(swept):
        notes.append(f"{' and '.join(axis.name for axis in swept.axes)} has no effect")
    lead = f"differences from it as it is: {played_text(swept.unswept)}"
    sheets = (table._replace(notes=tuple(notes)),)
    remarked = tuple(remarks(swept.unswept))
    return Page(spec.name, (lead,), sheets, beside=spec.question, remarks=remarked)


def _table(swept: Sweep, names: tuple[str, ...]) -> Sheet:
    columns = [axis.short for axis in swept.axes]
    cells = []
    for name in names:
        e = estimate(swept.samples[name])
        head = "difference" if name == swept.metric else ""
        columns += [label_of(name, swept.unswept.scenario), head]
        cells += [value_text(name, e), f"± {width_text(name, e)}" if e.has_interval else ""]
    rows: list[tuple[str, ...]] = [("as it is", *[""] * (len(swept.axes) - 1), *cells)]
    for point in swept.points:
        cells = []
        for name in names:
            e = estimate(point.samples[name])
            cells += [value_text(name, e), difference_text(name, e, gap(swept, point, name))]
        rows.append((*(value.label for value in point.point.values), *cells))
    words = 0 if all(axis.is_numeric for axis in swept.axes) else len(swept.axes)
    return Sheet("", tuple(columns), tuple(rows), names=words, wraps=False)


def _best_lines(swept: Sweep) -> list[str]:
    place = best(swept, swept.metric)
    if place is None:
        return [f"{swept.metric} has no value at any point"]
    label = swept.points[place].point.label
    of = f"best by {swept.metric} of {len(swept.points)} points, judged together"
    lines = [f"{of}: {label} — {judged(swept, place).told}"]
    like = [point.point.label for point in indistinct(swept, place, swept.metric)]
    if like:
        more = len(like) - _MOST_NAMED
        named = listed([*like[:_MOST_NAMED], f"{more} more"] if more > 0 else like)
        lines.append(f"not to be told apart from it: {named} (paired, {CONTAINS})")
    return lines

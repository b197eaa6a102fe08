"""All metrics with the half-widths of their intervals, as numbers."""

from __future__ import annotations

from math import isfinite

from sim.core.statistics import Estimate
from sim.experiments.comparison import Comparison
from sim.experiments.judging import CONTAINS
from sim.metrics import METRICS, label_of
from sim.metrics.labels import repeated
from sim.metrics.registry import Unit
from sim.report.pages.texts import NOISE, scenarios_of, without_noise
from sim.report.workbook.paper import Tab

FIRST = 5
LOOK: dict[Unit, str] = {"share": "share", "money": "amount", "s": "tenth", "points": "tenth",
                         "months": "tenth"}  # fmt: skip
OF_A_VARIANT = ("value", "difference", "±", "from", "to")


def write_metrics(tab: Tab, comparison: Comparison) -> None:
    """A row for each metric: the baseline, then each variant and its paired difference."""
    base = comparison.base
    tab.text(0, 0, "Metrics over the horizon", "title")
    note = (
        f"Paired 95 % intervals ({CONTAINS}); they hold for the inputs as typed, whatever changes."
    )
    tab.text(1, 0, note, "note")
    tab.texts(FIRST - 1, ("metric", "unit"), "head")
    for k, word in enumerate(("value", "±"), start=2):
        tab.text(FIRST - 1, k, word, "head", "right")
    tab.text(FIRST - 2, 2, base.scenario.spec.name, "section")
    for i, against in enumerate(comparison.variants):
        first = _first_of(i)
        tab.text(FIRST - 2, first, against.run.scenario.spec.name, "section")
        for k, word in enumerate(OF_A_VARIANT):
            tab.text(FIRST - 1, first + k, word, "head", "right")
    for row, name in enumerate(_shown(comparison), start=FIRST):
        _write_metric(tab, row, name, comparison)
    tab.sheet.freeze_panes(FIRST, 2)
    firsts = [_first_of(i) for i in range(len(comparison.variants))]
    n = _first_of(len(firsts)) - 2
    tab.shape([44, 10, *[13] * n], head=FIRST, pages=[2, *firsts[2::2]])


def _shown(comparison: Comparison) -> list[str]:
    """Metrics that some scenario has; the service level once."""
    alike = repeated(*scenarios_of(comparison))
    return [
        name
        for name, e in comparison.metrics.items()
        if name not in alike
        and any(
            isfinite(one.value)
            for one in (e, *(a.differences[name].variant for a in comparison.variants))
        )
    ]


def _first_of(i: int) -> int:
    """The first column of a variant."""
    return 4 + i * len(OF_A_VARIANT)


def _write_metric(tab: Tab, row: int, name: str, comparison: Comparison) -> None:
    unit = METRICS[name].unit
    look = LOOK.get(unit, "count")
    if unit == "money" and METRICS[name].estimator == "ratio":
        look = "cents"
    tab.text(row, 0, label_of(name, *scenarios_of(comparison)))
    tab.text(row, 1, tab.paper.currency if unit == "money" else unit, "grey")
    _write_estimate(tab, row, 2, comparison.metrics[name], look, ends=False)
    for i, against in enumerate(comparison.variants):
        found = against.differences[name]
        first = _first_of(i)
        tab.number(row, first, found.variant.value, look, "shade")
        gap = without_noise(found.gap, found.variant.value)
        _write_estimate(tab, row, first + 1, gap, look, ends=True)


def _write_estimate(tab: Tab, row: int, first: int, e: Estimate, look: str, *, ends: bool) -> None:
    parts = (e.value, e.half_width, *((e.low, e.high) if ends else ()))
    for k, part in enumerate(parts):
        tab.number(row, first + k, 0.0 if abs(part) < NOISE else part, look)

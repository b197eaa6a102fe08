"""Sums of money as three figures: the first year, the pace at the end, and value."""

from __future__ import annotations

from collections.abc import Mapping

from sim.core.statistics import Estimate
from sim.experiments.comparison import Comparison
from sim.experiments.figures import ThreeFigures, levels_of_money
from sim.metrics import label_of
from sim.metrics.periods import first_year_text, pace_note
from sim.report.amounts import ABSENT
from sim.report.pages.page import Sheet
from sim.report.pages.sheets import gap_text
from sim.report.pages.texts import value_text, width_text
from sim.runs.run import Run
from sim.scenario.scenario import Scenario

SHOWN = ("revenue", "margin", "cost", "contribution", "retained_margin", "result")
ALONE = SHOWN[:4]
"""Metrics that mean something without a baseline."""


def money_sheets(comparison: Comparison) -> list[Sheet]:
    """A sheet for the baseline, or for a run alone, and one of differences for each variant."""
    base = comparison.base
    sheets = [_sheet(base.scenario.spec.name, base.scenario, levels_of_money(base), ALONE)]
    for against in comparison.variants:
        name = f"{against.run.scenario.spec.name}: differences"
        sheets.append(_sheet(name, base.scenario, against.money, SHOWN, is_gap=True))
    return sheets


def level_sheet(run: Run) -> Sheet:
    """The figures of one run alone."""
    return _sheet("", run.scenario, levels_of_money(run), ALONE)


def _sheet(
    heading: str,
    scenario: Scenario,
    found: Mapping[str, ThreeFigures],
    names: tuple[str, ...],
    *,
    is_gap: bool = False,
) -> Sheet:
    spec = scenario.spec
    has_pace = any(found[name].pace for name in names)
    rows = []
    for name in names:
        figures = found[name]
        cells = [figures.first, *([figures.pace] if has_pace else [])]
        cells += [figures.value] if is_gap else []
        rows.append((label_of(name, scenario), *(_text(name, e, is_gap) for e in cells)))
    columns = [f"money, {spec.currency}", first_year_text(spec.horizon.length_weeks)]
    columns += ["pace at the end, a year"] if has_pace else []
    columns += ["value"] if is_gap else []
    notes = (pace_note(spec.horizon.n_weeks) + ".",) if has_pace else ()
    return Sheet(heading, tuple(columns), tuple(rows), notes, wraps=False)


def _text(name: str, e: Estimate | None, is_gap: bool) -> str:
    if e is None:
        return ABSENT
    if is_gap:
        return gap_text(e)
    text, width = value_text(name, e), width_text(name, e)
    return f"{text} ± {width}" if width else text

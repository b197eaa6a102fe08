"""The pages of `report`: one for each reader, and one with the most important metrics of all.

All are made of the same replications, and only from what the results folder keeps.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.core.fiscal import By
from sim.experiments.comparison import Comparison
from sim.experiments.judging import CONTAINS
from sim.experiments.turning_points import TurningPoints
from sim.report.pages.assumptions import assumption_sheet
from sim.report.pages.broken_down import fairness_sheets, type_sheets
from sim.report.pages.forms import form_sheets
from sim.report.pages.money import money_sheets
from sim.report.pages.page import Page, Sheet
from sim.report.pages.people import leaver_sheets, people_line, people_sheets
from sim.report.pages.periods import end_sheets, period_sheets
from sim.report.pages.remarks import remarks
from sim.report.pages.returns import return_sheets
from sim.report.pages.sheets import metric_sheets, statement_sheets, when
from sim.report.pages.texts import check_texts
from sim.report.pages.turning_points import belief_sheet
from sim.report.pages.views import CXO, VIEWS
from sim.runs.expected import expectations_met


def page_of(
    comparison: Comparison,
    view: str,
    width: int | None = None,
    *,
    beliefs: Sequence[TurningPoints] = (),
    by: By | None = None,
) -> Page:
    """The page of a reader; without a width (Markdown) all variants stand side by side.

    A run alone is a comparison without variants. The turning points `beliefs`, one for each
    variant, open the page. `by` sets the fiscal periods of the pages of finance and people; left
    out: quarters, and months of the people of a run alone.
    """
    boxes = [
        sheet
        for against, believed in zip(comparison.variants, beliefs, strict=bool(beliefs))
        for sheet in (
            *form_sheets(comparison, against),
            belief_sheet(comparison, against, believed),
        )
    ]
    return Page(
        _title(comparison, view),
        tuple(_lead(comparison)),
        (*boxes, *_sheets(comparison, view, width, by), assumption_sheet(comparison)),
        tuple(_notes(comparison)),
    )


def _sheets(comparison: Comparison, view: str, width: int | None, by: By | None) -> list[Sheet]:
    if view == CXO:
        heads = {one.title: one.head for one in VIEWS.values()}
        figures = metric_sheets("figures", comparison, heads, width)
        money = money_sheets(comparison)
        parts = [*type_sheets(comparison, width), *fairness_sheets(comparison, width)]
        return [*_checks(comparison), *money, *figures, *parts]
    one = VIEWS[view]
    sheets = metric_sheets("figures", comparison, {"": one.metrics}, width)
    sheets[-1] = sheets[-1]._replace(notes=one.notes)
    if view == "cfo":
        over_time = [
            *period_sheets(comparison, by or "quarter", width),
            *end_sheets(comparison, width),
        ]
        money = [*money_sheets(comparison), *return_sheets(comparison, width)]
        sheets = [*money, *statement_sheets(comparison, width), *over_time, *sheets]
    if view == "chro":
        periods = people_sheets(comparison, by or ("quarter" if comparison.variants else "month"))
        sheets = [*periods, *leaver_sheets(comparison), *sheets]
    if view == "coo":
        sheets += type_sheets(comparison, width)
    if view == "cmo":
        sheets += fairness_sheets(comparison, width)
    return sheets


def _checks(comparison: Comparison) -> list[Sheet]:
    """The table of the baseline's `checks:`, if it has any."""
    rows = tuple(
        check_texts(one, comparison.base.scenario) for one in expectations_met(comparison.base)
    )
    columns = ("check", "expected", "simulated", "outcome")
    heading = f"checks of {comparison.base.scenario.spec.name}"
    return [Sheet(heading, columns, rows, ends_in_text=True)] if rows else []


def _title(comparison: Comparison, view: str) -> str:
    reader = "all views (CXO)" if view == CXO else VIEWS[view].title
    names = [against.run.scenario.spec.name for against in comparison.variants]
    base = comparison.base.scenario.spec.name
    return f"{', '.join(names)} against {base}: {reader}" if names else f"{base}: {reader}"


def _lead(comparison: Comparison) -> list[str]:
    runs = [against.run for against in comparison.variants] or [comparison.base]
    lines = list(dict.fromkeys(run.scenario.spec.question for run in runs))
    for against in comparison.variants:
        lines.append(f"{against.run.scenario.spec.name}: {against.verdict.told}")
        if beside := people_line(against):
            lines.append(f"{against.run.scenario.spec.name}: {beside}")
    return [line for line in lines if line]


def _notes(comparison: Comparison) -> list[str]:
    base = comparison.base
    weeks = base.scenario.spec.horizon.length_weeks
    kind = "paired differences" if comparison.variants else "values"
    notes = [
        f"Money in {base.scenario.spec.currency}; sums are those {when(comparison)}."
        f" {kind.capitalize()} with 95 % intervals ({CONTAINS}) from"
        f" {base.replications} replications of {weeks:.3g} weeks, seed {base.seed}."
    ]
    if comparison.variants:
        notes.append("Columns of variants are differences from the first column.")
    for run in (base, *(against.run for against in comparison.variants)):
        notes += [f"{run.scenario.spec.name}: {line}." for line in remarks(run)]
    return notes

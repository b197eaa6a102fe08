"""The workbook of a comparison, or of a run alone, as one file."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from sim.core.version import VERSION
from sim.experiments.comparison import Comparison
from sim.experiments.monomials import Products, products_of
from sim.experiments.turning_points import TurningPoints
from sim.report.workbook.assumptions import write_assumptions
from sim.report.workbook.budget import write_budget
from sim.report.workbook.charts import write_charts
from sim.report.workbook.drivers import write_drivers
from sim.report.workbook.inputs import write_inputs
from sim.report.workbook.layout import Layout, layout_of
from sim.report.workbook.metrics import write_metrics
from sim.report.workbook.paper import Paper, Tab
from sim.report.workbook.statement import Statement, write_gap, write_profit_and_loss
from sim.report.workbook.summary import Live, Summary


def write_workbook(comparison: Comparison, beliefs: Sequence[TurningPoints], file: Path) -> None:
    """Write `report.xlsx`; the turning points `beliefs` are one for each variant, or none.

    A run alone is a comparison without variants.
    """
    runs = [comparison.base, *(one.run for one in comparison.variants)]
    names = [run.scenario.spec.name for run in runs]
    spec = runs[0].scenario.spec
    products = products_of(runs)
    layout = layout_of(spec, products.months, products.lines)
    paper = Paper(spec.currency)
    _describe(paper, comparison)
    summary, charts, inputs_tab = map(paper.tab, ("Summary", "Charts", "Inputs"))
    statement_tabs = [paper.tab(f"P&L {name}") for name in names]
    gap_tabs = [paper.tab(f"Gap {name}") for name in names[1:]]
    budget, metrics, assumptions = map(paper.tab, ("Budget request", "Metrics", "Assumptions"))
    inputs = write_inputs(inputs_tab, products, runs)
    drivers = [
        write_drivers(paper.tab(f"Drivers {name}"), name, lines, layout, inputs)
        for name, lines in zip(names, products.of, strict=True)
    ]
    statements = _statements(statement_tabs, names, layout, products, drivers)
    pairs = zip(gap_tabs, names[1:], statements[1:], strict=True)
    gaps = [write_gap(tab, name, own, statements[0], names[0]) for tab, name, own in pairs]
    Summary(summary, comparison).write(beliefs, Live(inputs, statements, gaps))
    named = zip(names, statements, strict=True), zip(names[1:], gaps, strict=True)
    write_charts(charts, layout, *map(list, named))
    write_budget(budget, comparison, inputs, products)
    write_metrics(metrics, comparison)
    write_assumptions(assumptions, comparison)
    paper.save(file)


def _statements(
    tabs: Sequence[Tab], names: Sequence[str], layout: Layout, products: Products, drivers: Sequence
) -> list[Statement]:
    found: list[Statement] = []
    for i, (tab, name) in enumerate(zip(tabs, names, strict=True)):
        base = found[0] if found else None
        lines = products.amounts(i, {})
        found.append(write_profit_and_loss(tab, name, layout, lines, drivers[i], base))
    return found


def _describe(paper: Paper, comparison: Comparison) -> None:
    """Properties of the file; its date is that of the horizon, so that it is always the same."""
    spec = comparison.base.scenario.spec
    start = datetime.datetime.combine(spec.horizon.start, datetime.time())
    told = {
        "title": spec.question or spec.name,
        "comments": f"ccprofit {VERSION}",
        "created": start,
    }
    paper.book.set_properties(told)
    paper.book.set_calc_mode("auto")

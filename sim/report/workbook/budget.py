"""The budget request: what each scenario asks for by fiscal year, as capex, opex and FTE.

Requests are above 0. Capex is what is paid once, in the year of payment; the profit and loss writes
it off over 52 weeks. An FTE is 40 paid hours a week, overtime included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from xlsxwriter.utility import xl_rowcol_to_cell

from sim.core.fiscal import Period, periods
from sim.domain.study.costs import HOURS_PER_WEEK
from sim.experiments.comparison import Comparison
from sim.experiments.drivers import Set, Terms
from sim.experiments.monomials import Products
from sim.report.workbook.inputs import Inputs
from sim.report.workbook.paper import Tab
from sim.runs.run import Run

FIRST = 4
Driver = tuple[str, dict[int, float]]
"""The name of an input, and months paid by the first week of each fiscal month."""
OTHER = "training for offers, severance"
NOTES = (
    "Requests are above 0. Capex: paid once, in the year in which it is paid. Opex: run cost of"
    " initiatives. FTE: 40 paid hours a week, overtime included, mean over the weeks of the year.",
    "What an initiative changes in hours, sales and customers is in the profit and loss.",
)


def write_budget(tab: Tab, comparison: Comparison, inputs: Inputs, products: Products) -> None:
    """A block for each scenario; means over replications, by fiscal year."""
    spec = comparison.base.scenario.spec
    first_month = spec.finance.fiscal_year_start
    years = periods(spec.horizon.start, spec.horizon.n_weeks, first_month, "year")
    tab.text(0, 0, "Budget request", "title")
    for row, note in enumerate(NOTES, start=1):
        tab.text(row, 0, note, "note")
    row = FIRST
    runs = [comparison.base, *(one.run for one in comparison.variants)]
    for run, lines in zip(runs, products.of, strict=True):
        block = _Block(tab, inputs, years, row)
        row = block.write(run, comparison.base, _run_costs(lines, inputs, products.months)) + 1
    tab.sheet.freeze_panes(0, 1)
    tab.shape([38, 26, *(16 for _ in years), 16])


def _run_costs(
    lines: Mapping[str, Terms], inputs: Inputs, months: Sequence[Period]
) -> dict[str, Driver]:
    """By initiative whose run cost is an input, what that is multiplied by."""
    found = {}
    for i, number in enumerate(inputs.numbers):
        block, name, *rest = number.path.split(".")
        driver = lines.get(f"cost:initiatives:{name}", {}).get(Set([i]))
        if block == "initiatives" and rest == ["run_cost"] and driver is not None:
            starts = [one.weeks[0] for one in months]
            found[name] = inputs.names[i], dict(zip(starts, (-driver).tolist(), strict=True))
    return found


class _Block:
    """The rows of one scenario, one below the other."""

    def __init__(self, tab: Tab, inputs: Inputs, years: Sequence[Period], row: int) -> None:
        self.tab, self.inputs, self.years, self.row = tab, inputs, years, row

    def write(self, run: Run, base: Run, run_costs: Mapping[str, Driver]) -> int:
        """Write all rows; returns the next that is free. `run_costs` are those of inputs."""
        spec = run.scenario.spec
        self.tab.text(self.row, 0, spec.name, "section")
        names = [f"FY {one.name}" for one in self.years]
        self.tab.texts(self.row + 1, ("", "kind"), "head")
        for column, name in enumerate((*names, "total"), start=2):
            self.tab.text(self.row + 1, column, name, "head", "right")
        self.row += 2
        capex, opex = [], []
        for name, initiative in spec.initiatives.items():
            starts = self._in_year(initiative.from_week - 1)
            once = self.inputs.name_of(f"initiatives.{name}.invest")
            capex.append(self._line(name, "capex", starts * initiative.invest, once, starts))
            line = f"cost:initiatives:{name}"
            running = self._by_year(run.ledger.once[line] - run.ledger.lines[line])
            monthly, driver = run_costs.get(name, (None, {}))
            months = [sum(driver.get(week, 0.0) for week in one.weeks) for one in self.years]
            opex.append(self._line(name, "opex", running, monthly, np.array(months)))
        others = self._by_year(run.ledger.paid_once) - sum(
            self._in_year(one.from_week - 1) * one.invest for one in spec.initiatives.values()
        )
        capex.append(self._line(OTHER, "paid once, inputs as typed", others))
        self._sum("capex and what else is paid once", capex)
        self._sum("opex of initiatives", opex)
        self._fte(run, base)
        return self.row

    def _line(
        self,
        label: str,
        kind: str,
        amounts: np.ndarray,
        name: str | None = None,
        times: np.ndarray | None = None,
    ) -> tuple[int, np.ndarray]:
        """A row of amounts by year; as so many `times` the input of a name, where there is one."""
        self.tab.texts(self.row, (label, kind), "indent")
        amounts = np.where(np.abs(amounts) < 0.005, 0.0, amounts)
        for y, amount in enumerate(amounts.tolist()):
            if name is None or times is None:
                self.tab.number(self.row, 2 + y, amount, "amount")
            else:
                self.tab.formula(self.row, 2 + y, f"{name}*{float(times[y])!r}", amount, "amount")
        total = float(amounts.sum())
        self._across(total, "amount")
        self.row += 1
        return self.row - 1, amounts

    def _sum(self, label: str, lines: Sequence[tuple[int, np.ndarray]]) -> None:
        """The sum of rows that were written."""
        added = sum((amounts for _, amounts in lines), np.zeros(len(self.years)))
        self.tab.texts(self.row, (label, ""), "sum")
        for y, amount in enumerate(added.tolist()):
            cells = ",".join(xl_rowcol_to_cell(row, 2 + y) for row, _ in lines) or "0"
            self.tab.formula(self.row, 2 + y, f"SUM({cells})", amount, "sum", "money")
        self._across(float(added.sum()), "sum", "money")
        self.row += 1

    def _across(self, total: float, *looks: str) -> None:
        a, b = (xl_rowcol_to_cell(self.row, c) for c in (2, 1 + len(self.years)))
        self.tab.formula(self.row, 2 + len(self.years), f"SUM({a}:{b})", total, *looks, "shade")

    def _fte(self, run: Run, base: Run) -> None:
        weeks = np.array([len(one.weeks) for one in self.years])
        own, theirs = (self._by_year(one.ledger.paid_hours) for one in (run, base))
        found = (
            ("FTE", own / weeks / HOURS_PER_WEEK),
            ("FTE, less the baseline's", (own - theirs) / weeks / HOURS_PER_WEEK),
        )
        for label, amounts in found:
            self.tab.texts(self.row, (label, "FTE"), "indent")
            for y, amount in enumerate(amounts.tolist()):
                self.tab.number(self.row, 2 + y, amount, "tenth")
            self.row += 1

    def _in_year(self, week: int) -> np.ndarray:
        """[year] 1 in the year of a week."""
        return np.array([float(week in one.weeks) for one in self.years])

    def _by_year(self, weekly: np.ndarray) -> np.ndarray:
        """[year] sums of [replication, week], means over replications."""
        return np.array([weekly[:, list(one.weeks)].sum(axis=1).mean() for one in self.years])

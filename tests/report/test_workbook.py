"""The workbook: numbers are numbers, sums add up, and recalculated it is the ledger booked anew."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import sim
from sim.experiments.comparison import Comparison, compare
from sim.experiments.monomials import Products, by_month, moved, products_of
from sim.experiments.turning_points import beliefs_of
from sim.report.workbook import inputs as inputs_sheet
from sim.report.workbook import statement as statement_sheet
from sim.report.workbook.layout import Layout, layout_of
from sim.report.workbook.paper import quoted, title_like
from sim.report.workbook.workbook import write_workbook
from sim.scenario.load import load
from tests.cli.terminal import ccprofit
from tests.experiments.test_breakeven import TINY
from tests.experiments.test_drivers import SHIPPED, SMALLER

SOFFICE = shutil.which("soffice")
CENT = 0.01
QUESTION = "=1+1"
LONG_NAME = "a-name-as-long-as-a-name-may-be-which-no-sheet-can-hold-so"
BOT = {"from_week": 9, "invest": "9k", "run_cost": "900 per month",
       "set": {"contacts": {"service": {"handle": "300 s"}}}}  # fmt: skip


def played(folder: Path) -> list:
    """Today, a variant that sells, and one that buys a bot and is called almost the same."""
    small = {
        **TINY,
        "name": "today",
        "question": QUESTION,
        "currency": '"€=1',
        "replications": 2,
        "horizon": {"weeks": 30, "start": "2027-01-04"},
        "contacts": {"service": {"volume": "300 per week", "handle": "348 s"}},
        "finance": {"fiscal_year_start": 4},
        "offers": {"broadband": {**TINY["offers"]["broadband"], "offer": "never"}},
    }
    sells = {"offers": {"broadband": TINY["offers"]["broadband"]}}
    worlds = [small, {**small, **sells, "name": LONG_NAME + "-1"},
              {**small, "name": LONG_NAME + "-2", "initiatives": {"bot": BOT}}]  # fmt: skip
    runs = []
    for i, world in enumerate(worlds):
        file = folder / f"{i}.yaml"
        file.write_text(json.dumps(world), encoding="utf-8")
        runs.append(sim.run(load(file), workers=1))
    return runs


class Made:
    """A workbook with what it was made of."""

    def __init__(self, folder: Path) -> None:
        self.comparison: Comparison = compare(played(folder))
        variants = [one.run for one in self.comparison.variants]
        self.runs = [self.comparison.base, *variants]
        self.products: Products = products_of(self.runs)
        self.file = folder / "board.xlsx"
        write_workbook(self.comparison, beliefs_of(self.comparison), self.file)
        self.formulas = openpyxl.load_workbook(self.file)
        self.values = openpyxl.load_workbook(self.file, data_only=True)
        spec = self.comparison.base.scenario.spec
        self.layout: Layout = layout_of(spec, self.products.months, self.products.lines)
        self.statements = [s for s in self.values.sheetnames if s.startswith("P&L")]
        self.gaps = [s for s in self.values.sheetnames if s.startswith("Gap")]

    def amounts(self, sheet) -> np.ndarray:
        """[row, column] of a statement."""
        first = statement_sheet.FIRST + 1
        rows = sheet.iter_rows(
            first, first + len(self.layout.rows) - 1, statement_sheet.AMOUNTS + 1,
            statement_sheet.AMOUNTS + len(self.layout.columns), values_only=True,
        )  # fmt: skip
        return np.array(list(rows), float)

    def true(self, runs: list) -> list[np.ndarray]:
        """By scenario, [row, column] of the ledgers that are booked."""
        found: list[np.ndarray] = []
        for run in runs:
            lines = by_month(run.ledger, self.layout.months)
            found.append(self.layout.amounts(lines, found[0] if found else None))
        return [
            np.stack([one[:, c.months].sum(axis=1) for c in self.layout.columns], axis=1)
            for one in found
        ]


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Made:
    """Written once for all tests that read it."""
    return Made(tmp_path_factory.mktemp("workbook"))


def test_numbers_are_numbers_and_text_is_text(made):
    """No text looks like a number, nothing typed became a formula, no cell shows an error."""
    looks_like_one = re.compile(r"[-+−]?[\d.,]+\s*%?")
    typed = 0
    for sheet in made.formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type == "s":
                    assert not looks_like_one.fullmatch(cell.value.strip()), (sheet.title, cell)
                    typed += cell.value == QUESTION
                if cell.data_type == "f":
                    assert cell.value != QUESTION
                assert cell.data_type != "e"
    assert typed >= 1


def test_every_formula_holds_the_value_that_it_has(made):
    """What viewers show without reckoning is what the ledger says, in each row and column."""
    true = made.true(made.runs)
    for name, amounts in zip(made.statements, true, strict=True):
        assert np.abs(made.amounts(made.values[name]) - amounts).max() < 0.005, name
    base, *others = true
    for name, amounts in zip(made.gaps, others, strict=True):
        assert np.abs(made.amounts(made.values[name]) - (amounts - base)).max() < 0.005, name


def test_results_are_those_of_the_comparison(made):
    """Contribution and result over the horizon are the metrics' means."""
    for name, run in zip(made.statements, made.runs, strict=True):
        amounts = made.amounts(made.values[name])
        for metric in ("contribution", "result"):
            true = np.mean(run.samples[metric].numerators)
            assert amounts[getattr(made.layout, metric), 0] == pytest.approx(true, abs=0.005)


def test_months_add_up_to_quarters_and_years(made):
    """Each month is in one quarter and one year; the fiscal year ends in March."""
    kinds = [column.kind for column in made.layout.columns]
    assert kinds.count("year") == 2
    assert kinds.count("quarter") == 3
    assert [c.name for c in made.layout.columns if c.kind == "year"] == ["FY 2026/27", "FY 2027/28"]
    for name in (*made.statements, *made.gaps):
        amounts = made.amounts(made.values[name])
        for kind in ("year", "quarter", "month"):
            parts = [c for c, one in enumerate(kinds) if one == kind]
            np.testing.assert_allclose(amounts[:, parts].sum(axis=1), amounts[:, 0], atol=1e-6)


def test_statements_are_formulas_throughout(made):
    """Amounts are typed nowhere but where a scenario has no such line at all."""
    for name, lines in zip(made.statements, made.products.of, strict=True):
        first = statement_sheet.FIRST + 1
        for r, row in enumerate(made.layout.rows):
            for c in range(len(made.layout.columns)):
                cell = made.formulas[name].cell(first + r, statement_sheet.AMOUNTS + 1 + c)
                is_month = made.layout.columns[c].kind == "month"
                is_empty = row.kind == "line" and not lines.get(row.account)
                assert (cell.data_type == "f") != (is_month and is_empty), cell


def test_a_driver_is_what_its_input_pays_for(made):
    """The driver of the wage in the line of talk is hours of talk."""
    (wage,) = (i for i, n in enumerate(made.products.numbers) if n.path == "agents.line.wage")
    for run, lines in zip(made.runs, made.products.of, strict=True):
        ((s, hours),) = lines["cost:labour:talk"].items()
        assert s == {wage}
        talked = run.tally.time["talk_ms"].sum(axis=(1, 2)).mean() / 3_600_000
        assert -hours.sum() == pytest.approx(talked, rel=1e-9)


def test_inputs_have_names_and_refuse_what_is_not_legal(made):
    """Each input is one unlocked cell with a name, its typed value and a validation."""
    sheet = made.formulas["Inputs"]
    paths = [n.path for n in made.products.numbers]
    assert {"agents.line.wage", "initiatives.bot.invest", "initiatives.bot.run_cost"} <= set(paths)
    assert sheet.protection.sheet
    checks = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    for i, number in enumerate(made.products.numbers):
        cell = sheet.cell(inputs_sheet.FIRST + 1 + i, inputs_sheet.VALUE + 1)
        assert cell.value == pytest.approx(number.typed.amount)
        assert not cell.protection.locked
        name = made.formulas.defined_names[number.path.replace(".", "_")]
        assert name.attr_text == f"'Inputs'!${cell.column_letter}${cell.row}"
        assert checks[cell.coordinate].type == "decimal"
        least, most = number.legal
        assert least <= number.now
        assert most is None or most >= number.now


def test_budget_asks_for_what_an_initiative_costs(made):
    """Nine thousand once in the year in which it starts; the run cost of the weeks that are left."""
    sheet = made.values["Budget request"]
    rows = [[c.value for c in row] for row in sheet.iter_rows()]
    (invest,) = (row for row in rows if row[:2] == ["bot", "capex"])
    (running,) = (row for row in rows if row[:2] == ["bot", "opex"])
    assert invest[2:5] == pytest.approx([9000, 0, 9000])
    weeks = 30 - 8
    assert running[4] == pytest.approx(900 * weeks * 12 / 52)
    fte = [row for row in rows if row[0] == "FTE"]
    paid = made.runs[0].ledger.paid_hours[:, 13:].mean() / 40
    assert fte[0][3] == pytest.approx(paid)


def test_metrics_have_half_widths_as_numbers(made):
    """The sheet holds value, difference and interval of a metric as the comparison does."""
    rows = {row[0].value: [c.value for c in row] for row in made.values["Metrics"].iter_rows()}
    told = rows["contribution"]
    found = made.comparison.variants[0].differences["contribution"]
    true = [found.base.value, found.base.half_width, found.variant.value, *found.gap[:1],
            found.gap.half_width, found.gap.low, found.gap.high]  # fmt: skip
    assert told[2:9] == pytest.approx(true)


@pytest.mark.parametrize(
    ("wanted", "taken", "title"),
    [
        ("P&L a", set(), "P&L a"),
        ("a/b*c?d:e[f]g\\h", set(), "a-b-c-d-e-f-g-h"),
        ("History", {"history"}, "History 2"),
        ("'quoted'", set(), "quoted"),
        ("x" * 40, set(), "x" * 31),
        ("X" * 40, {"x" * 31, "x" * 29 + " 2"}, "X" * 29 + " 3"),
    ],
)
def test_titles_of_sheets_are_legal_and_unique(wanted, taken, title):
    """At most 31 characters, none that Excel forbids, each once in upper and lower case."""
    assert title_like(wanted, taken) == title


def test_a_title_with_an_apostrophe_is_quoted():
    """As formulas want it."""
    assert quoted("it's") == "'it''s'"


@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice Calc (soffice)")
def test_recalculated_it_is_the_ledger_booked_anew(made, tmp_path):
    """Three inputs changed at once: every amount of every statement, as `--set` would book it."""
    wanted = {"agents.line.wage": 31.5, "offers.broadband.price": 175.0,
              "initiatives.bot.run_cost": 1800.0}  # fmt: skip
    point = {n: wanted[n.path] for n in made.products.numbers if n.path in wanted}
    assert len(point) == 3
    book = openpyxl.load_workbook(made.file)
    for i, number in enumerate(made.products.numbers):
        if number in point:
            cell = book["Inputs"].cell(inputs_sheet.FIRST + 1 + i, inputs_sheet.VALUE + 1)
            cell.value = number.typed._replace(number=point[number]).amount
    again = recalculated(book, tmp_path)
    true = made.true([moved(run, point) for run in made.runs])
    for name, amounts in zip(made.statements, true, strict=True):
        assert np.abs(made.amounts(again[name]) - amounts).max() < CENT, name
        assert np.abs(made.amounts(made.values[name]) - amounts).max() > 1.0, name
    for name, amounts in zip(made.gaps, true[1:], strict=True):
        assert np.abs(made.amounts(again[name]) - (amounts - true[0])).max() < CENT, name
    summary = [c.value for row in again["Summary"].iter_rows() for c in row]
    assert "3 inputs changed: sums follow, intervals do not" in summary
    result = float(true[1][made.layout.result, 0])
    assert any(isinstance(x, float) and abs(x - result) < CENT for x in summary)
    check_bridge(again, true, made.layout)
    budget = [[c.value for c in row] for row in again["Budget request"].iter_rows()]
    (running,) = (row for row in budget if row[:2] == ["bot", "opex"])
    assert running[4] == pytest.approx(1800 * (30 - 8) * 12 / 52)


def check_bridge(book, true: list[np.ndarray], layout: Layout) -> None:
    """The last level of each bridge is the difference in result."""
    rows = [[c.value for c in row] for row in book["Charts"].iter_rows()]
    ends = [i for i, row in enumerate(rows) if row[0] == "result, less the baseline's"]
    for end, amounts in zip(ends, true[1:], strict=True):
        gap = amounts[layout.result, 0] - true[0][layout.result, 0]
        assert rows[end - 1][2] == pytest.approx(gap, abs=CENT)


def recalculated(book, folder: Path):
    """The values of a workbook that LibreOffice has read, reckoned and written."""
    source = folder / "in" / "changed.xlsx"
    source.parent.mkdir()
    book.save(source)  # without values, so that all must be reckoned
    profile = (folder / "profile").as_uri()
    command = [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", folder, source], check=True, capture_output=True)
    return openpyxl.load_workbook(folder / source.name, data_only=True)


@pytest.mark.parametrize("name", ["direct-sales-line/direct-sales-line", "save-desk/save-desk"])
def test_lines_of_other_centers_are_products_too(name):
    """Leads, discounts and recurring margins: all inputs moved at once, as the ledger books them."""
    customers = [] if "direct" in name else ["customers.*.count*=0.05"]
    run = sim.run(load(SHIPPED / f"{name}.yaml", everywhere=[*SMALLER, *customers]),
                  replications=2, workers=1)  # fmt: skip
    found = products_of([run])
    dice = np.random.default_rng(5)
    point = {n: n.low + (n.high - n.low) * dice.random() for n in found.numbers}
    values = {n.path: n.typed._replace(number=x).amount for n, x in point.items()}
    told, true = found.amounts(0, values), by_month(moved(run, point).ledger, found.months)
    assert told.keys() == true.keys()
    for line, amounts in true.items():
        assert np.abs(told[line] - amounts).max() < 0.005, line


def test_report_writes_it(tmp_path, scenario_of, capsys):
    """`report RUN --xlsx FILE`, of a run alone."""
    scenario = scenario_of({**TINY, "replications": 1})
    assert ccprofit("run", scenario.tree.file, "--out", str(tmp_path / "r")) == 0
    file = tmp_path / "board.xlsx"
    assert ccprofit("report", "latest", "--out", str(tmp_path / "r"), "--xlsx", str(file)) == 0
    capsys.readouterr()
    names = openpyxl.load_workbook(file).sheetnames
    assert names[:4] == ["Summary", "Charts", "Inputs", "P&L tiny"]
    assert not any(name.startswith("Gap") for name in names)

"""Reports: every figure is on somebody's page, the pages say what was compared, nothing is played."""

from __future__ import annotations

import datetime
import json
import re
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from ruamel.yaml import YAML

import sim
from sim.core.fiscal import periods
from sim.experiments.comparison import compare
from sim.metrics import METRICS
from sim.report.pages.of_report import page_of
from sim.report.pages.on_terminal import print_page
from sim.report.pages.page import Page, Sheet, as_markdown
from sim.report.pages.periods import end_sheets, period_sheets
from sim.report.pages.sheets import statement, statement_sheets
from sim.report.pages.views import VIEWS
from tests.cli.terminal import ccprofit
from tests.experiments.test_breakeven import TINY

NEVER = "offers.broadband.policy.offer=never"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A folder with a comparison of two scenarios and its runs."""
    folder = tmp_path_factory.mktemp("kept")
    sells = {**TINY, "name": "cross-sell-threshold"}
    with (folder / "cost-center-baseline.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(
            {**TINY, "name": "cost-center-baseline"}
            | {"offers": {"broadband": TINY["offers"]["broadband"] | {"offer": "never"}}},
            file,
        )
    with (folder / "cross-sell-threshold.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(sells, file)
    out = folder / "results"
    files = [str(folder / "cost-center-baseline.yaml"), str(folder / "cross-sell-threshold.yaml")]
    assert ccprofit("compare", *files, "--out", str(out), "--workers", "1") == 0
    return out


@pytest.fixture(scope="module")
def comparison(kept):
    """The same comparison."""
    from sim.report.comparison_folder import read_result

    return compare([run for run, *_ in read_result(names(kept)["compare"], kept)])


def names(out):
    """Folders of results by what they are."""
    return {re.split("-", f.name, maxsplit=2)[2].rsplit("-", 1)[0].split("-")[0]: f.name
            for f in out.iterdir() if f.is_dir()}  # fmt: skip


def cells(sheets: list[Sheet]) -> dict[str, list[str]]:
    """Rows by their first cell."""
    return {
        row[0]: [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row[1:]]
        for s in sheets
        for row in s.rows
    }


def test_every_metric_is_in_a_view():
    """A new metric needs a reader; no view names what there is not, or the same twice."""
    shown = [name for view in VIEWS.values() for name in view.metrics]
    assert set(shown) == set(METRICS)
    for view in VIEWS.values():
        assert len(view.metrics) == len(set(view.metrics))


@pytest.mark.parametrize("view", [*VIEWS, "cxo"])
@pytest.mark.parametrize("width", [80, 120])
def test_pages_fit_the_terminal(comparison, view, width):
    """No line is longer than the terminal is wide, no figure is cut or broken over two lines."""
    screen = StringIO()
    console = Console(width=width, file=screen)
    print_page(page_of(comparison, view, width), console)
    text = screen.getvalue().replace("\N{NO-BREAK SPACE}", " ")
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    for sheet in page_of(comparison, view, width).sheets:
        for row in sheet.rows:
            for cell in row[1:-1]:
                assert cell.replace("\N{NO-BREAK SPACE}", " ") in text


def test_the_statement_adds_up(comparison):
    """Each line of contribution is in exactly one group, so the groups add up to it; with what is
    kept they add up to the result.
    """
    groups = statement(comparison)
    *parts, contribution, kept, result = groups.values()
    for line in comparison.variants[0].run.ledger.lines:
        hits = sum(line.startswith(part) for part in parts)
        assert hits == (0 if line.startswith(("memo:", "kept:")) else 1), line
        assert line.startswith(contribution) == (hits == 1)
        assert line.startswith(result) == (line.startswith(kept) or hits == 1)
    rows = cells(statement_sheets(comparison, None))
    assert list(rows)[-3:] == ["contribution", "retained margin, less discounts", "result"]


def test_the_bridge_adds_up(comparison):
    """So do the groups of its picture."""
    from sim.report.figures.of_comparison import GROUPS

    for line in comparison.variants[0].run.ledger.lines:
        hits = sum(line.startswith(part) for part in GROUPS.values())
        assert hits == (0 if line.startswith("memo:") else 1), line


def test_sums_are_those_of_the_time_played(comparison):
    """Of one day they are that day's, never scaled; what is only a difference has no level."""
    rows = cells(list(page_of(comparison, "coo").sheets))
    offered = comparison.metrics["offered"].value
    assert rows["offered"][0] == f"{offered:,.0f}"
    assert rows["abandonment"][0] == f"{100 * comparison.metrics['abandonment'].value:.1f} %"
    assert rows["occupancy"][-1].startswith("75–85 % is sustainable")
    money = cells(list(page_of(comparison, "cfo").sheets))
    assert money["economic value, 0.143 weeks"][0] == "−"
    assert money["revenue"][0] == "0.00"
    assert money["revenue"][1].startswith("+")
    notes = " ".join(page_of(comparison, "cfo").notes)
    assert "sums are those in the first day." in notes
    assert "dice only" in notes


def test_the_page_that_holds_them_together(comparison):
    """The head of each view under its title, and the verdict that compare gave."""
    page = page_of(comparison, "cxo")
    first = [row[0] for sheet in page.sheets for row in sheet.rows]
    assert [f"– {view.title}" for view in VIEWS.values()] == [
        r for r in first if r.startswith("– ")
    ]
    sentence = comparison.variants[0].verdict.told
    assert any(sentence in line for line in page.lead)
    assert page.title == "cross-sell-threshold against cost-center-baseline: all views (CXO)"


def test_the_people_page_says_what_is_not_simulated(comparison):
    """Seats do not react; only people do."""
    notes = " ".join(n for sheet in page_of(comparison, "chro").sheets for n in sheet.notes)
    assert "has the turnover that was typed, however busy it is" in notes


def test_a_run_alone(comparison):
    """Values with half-widths, and no word of differences."""
    page = page_of(compare([comparison.base]), "cfo")
    assert page.title == "cost-center-baseline: finance (CFO)"
    assert page.sheets[-2].columns == ("metric", "value", "± 95 %", "benchmark")
    assert cells(list(page.sheets))["economic value, 0.143 weeks"][0] == "as a difference only"
    assert "differences" not in " ".join(page.notes)


def test_checks_of_the_baseline_are_shown(scenario_of):
    """On the page that holds the views together, where there are any."""
    run = sim.run(scenario_of({**TINY, "checks": {"csat": "0% to 100%"}}), workers=1)
    (sheet,) = [s for s in page_of(compare([run]), "cxo").sheets if s.heading.startswith("checks")]
    assert [row[0] for row in sheet.rows] == ["csat"]
    assert sheet.rows[0][3] == "met"


def test_many_variants_are_shown_in_turn(comparison):
    """As many at once as fit; side by side where the width does not matter."""
    many = comparison._replace(variants=comparison.variants * 3)
    columns = [sheet.columns for sheet in page_of(many, "coo", 80).sheets]
    assert [len(c) for c in columns] == [4, 4, 4, 3]
    assert len(page_of(many, "coo").sheets[0].columns) == 6


def test_markdown():
    """Headings, aligned columns, escaped bars."""
    sheet = Sheet(
        "figures", ("metric", "value", "benchmark"), (("a|b", "1", "x"),), ("note",), True
    )
    assert as_markdown(Page("title", ("lead",), (sheet,), ("end",))).splitlines() == [
        "# title", "", "lead", "", "## figures", "",
        "| metric | value | benchmark |", "| --- | ---: | --- |", "| a\\|b | 1 | x |", "",
        "note", "", "end", "",
    ][:-1]  # fmt: skip


def test_the_command_reads_and_plays_nothing(kept, tmp_path, capsys):
    """By name or path, of a run or a comparison; the folder stays as it is."""
    before = sorted(f.name for f in kept.rglob("*"))
    found = names(kept)
    assert ccprofit("report", found["compare"], "--out", str(kept), "--view", "chro") == 0
    assert (
        "cross-sell-threshold against cost-center-baseline: people (CHRO)"
        in capsys.readouterr().out
    )
    assert ccprofit("report", str(kept / found["cross"])) == 0
    assert "cross-sell-threshold: all views (CXO)" in capsys.readouterr().out
    file = tmp_path / "board.md"
    assert ccprofit("report", str(kept / found["compare"]), "--markdown", str(file)) == 0
    assert file.read_text(encoding="utf-8").startswith(
        "# cross-sell-threshold against cost-center-baseline: all views (CXO)"
    )
    assert ccprofit("report", str(kept / found["compare"]), "--json", "--view", "cfo") == 0
    facts = json.loads(capsys.readouterr().out.split("\n", 1)[1])
    (variant,) = facts["variants"]
    numbers = [variant["differences"]["result"], facts["segments"]["cross-sell-threshold"]]
    numbers.append(facts["result_by_quarter"]["cross-sell-threshold"])
    assert all(isinstance(n, float | int | None) for n in leaves_of(numbers))
    quarters = facts["result_by_quarter"]["cost-center-baseline"].values()
    total = facts["baseline"]["metrics"]["result"]["value"]
    assert sum(one["value"] for one in quarters) == pytest.approx(total)
    assert sorted(f.name for f in kept.rglob("*")) == before


def leaves_of(facts: Any) -> list[Any]:
    """Values within lists and mappings."""
    if isinstance(facts, dict | list):
        within = facts.values() if isinstance(facts, dict) else facts
        return [leaf for one in within for leaf in leaves_of(one)]
    return [facts]


def test_what_is_no_result_is_told(kept, capsys):
    """Exit code 2 with a remedy."""
    assert ccprofit("report", "nothing", "--out", str(kept)) == 2
    assert "nothing holds no run, comparison or path" in capsys.readouterr().err
    assert ccprofit("report", "nothing", "--view", "ceo") == 2


@pytest.mark.parametrize(
    ("first_month", "by", "names"),
    [
        (
            1,
            "month",
            {"Jan 2027": (0, 1, 2, 3), "Feb 2027": (4, 5, 6, 7), "Mar 2027": (8, 9, 10, 11, 12)},
        ),
        (1, "quarter", {"Q1 2027": tuple(range(13))}),
        (4, "quarter", {"Q4 2026/27": tuple(range(13))}),
        (2, "year", {"2026/27": (0, 1, 2, 3), "2027/28": tuple(range(4, 13))}),
        (3, "quarter", {"Q4 2026/27": tuple(range(8)), "Q1 2027/28": (8, 9, 10, 11, 12)}),
    ],
)
def test_fiscal_periods(first_month, by, names):
    """13 weeks from Monday 2027-01-04; Mondays of February are 1, 8, 15 and 22."""
    found = periods(datetime.date(2027, 1, 4), 13, first_month, by)
    assert {p.name: p.weeks for p in found} == names


def test_a_week_belongs_to_the_month_in_which_it_starts():
    """Monday 28 December 2026 is last year's, whatever of it lies in January."""
    (one, two) = periods(datetime.date(2026, 12, 28), 2, 1, "year")
    assert (one.name, two.name) == ("2026", "2027")


def test_periods_add_up(scenario_of):
    """Months, quarters and years each add up to the contribution of the horizon."""
    weeks = {"start": datetime.date(2027, 1, 25), "weeks": 3}
    fiscal = {"finance": {"fiscal_year_start": 2}}
    run = sim.run(scenario_of({**TINY, **fiscal, "horizon": weeks, "replications": 2}), workers=1)
    total = run.ledger.contribution.sum()
    for by in ("month", "quarter", "year"):
        found = periods(weeks["start"], 3, 2, by)
        assert sum(run.ledger.contribution[:, list(p.weeks)].sum() for p in found) == pytest.approx(
            total
        )
        (sheet,) = period_sheets(compare([run]), by, None)
        assert [row[:2] for row in sheet.rows] == [(p.name, str(len(p.weeks))) for p in found]
    assert [p.name for p in found] == ["2026/27", "2027/28"]


def test_what_the_end_leaves_behind(comparison):
    """What was sold once leaves nothing at the end; customers do."""
    (sheet,) = end_sheets(comparison, None)
    rows = cells([sheet])
    assert rows["sold value at end"][0] == "0"
    assert rows["customers' value at end"][0] != "0"
    page = page_of(comparison, "cfo", by="month")
    (by_month,) = [sheet for sheet in page.sheets if sheet.heading.startswith("result by fiscal")]
    assert [row[0] for row in by_month.rows] == ["Jan 2027"]


def test_the_page_for_a_board_is_written_and_written_again(kept, tmp_path):
    """The folder of a comparison holds it; `report --html` makes the same of what is kept."""
    folder, again = kept / names(kept)["compare"], tmp_path / "again.html"
    assert ccprofit("report", folder.name, "--html", str(again), "--out", str(kept)) == 0
    assert again.read_text(encoding="utf-8") == (folder / "report.html").read_text(encoding="utf-8")
    run = names(kept)["cross"]
    assert ccprofit("report", run, "--html", str(again), "--out", str(kept)) == 2

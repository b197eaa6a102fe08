"""What the CHRO sees: who is there month by month, what a leaver costs, people beside customers."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

import sim
from sim.core.errors import ScenarioError
from sim.experiments.comparison import Comparison, compare
from sim.experiments.floors import read_floors
from sim.experiments.turning_points import beliefs_of
from sim.report.as_json import comparison_facts
from sim.report.figures.of_comparison import draw_run
from sim.report.pages.of_comparison import comparison_pages
from sim.report.pages.of_report import page_of
from sim.report.pages.on_terminal import print_page
from sim.report.pages.page import Page, as_markdown
from sim.runs.tables import months_table, weeks_table
from sim.scenario.load import load

CENTER = """\
name: center
contacts: {service: {volume: 900 per week, handle: 6 min, patience: 3 min}}
agents:
  people: {heads: 12, hiring: {lead: 1, every: 2, at_least: 1}}
  turnover: 300% per year
open: Mon-Fri 08:00-18:00
horizon: {weeks: 9}
finance: {fiscal_year_start: 4}
replications: 2
"""
FEWER = """\
name: fewer
based_on: center.yaml
agents: {people: {heads: 10, learning: {handle: 120%}}}
"""
SEATS = """\
name: seats
contacts: {service: {volume: 100 per week, handle: 6 min}}
agents: {positions: 3}
open: Mon-Fri 08:00-18:00
horizon: {weeks: 1}
replications: 2
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A center with people, a variant with fewer, and a center of seats."""
    folder = tmp_path_factory.mktemp("people")
    found = {}
    for name, text in (("center", CENTER), ("fewer", FEWER), ("seats", SEATS)):
        (folder / f"{name}.yaml").write_text(text)
        found[name] = str(folder / f"{name}.yaml")
    return found


@pytest.fixture(scope="module")
def comparison(files: dict[str, str]) -> Comparison:
    """The variant beside the center."""
    return compare([sim.run(load(files[name]), workers=1) for name in ("center", "fewer")])


@pytest.fixture(scope="module")
def of_seats(files: dict[str, str]) -> Comparison:
    """A center of seats beside itself."""
    run = sim.run(load(files["seats"]), workers=1)
    return compare([run, run])


def columns(page: Page, heading: str) -> dict[str, list[str]]:
    """Columns of the table whose heading begins so, by their head."""
    (sheet,) = [s for s in page.sheets if s.heading.startswith(heading)]
    return dict(zip(sheet.columns, map(list, zip(*sheet.rows, strict=True)), strict=True))


def test_a_run_alone_is_told_by_month(comparison):
    """Weeks of January and February are 4 each; sums add up to those of the run, within rounding."""
    page, run = page_of(compare([comparison.base]), "chro"), comparison.base
    there, borne = columns(page, "who is there"), columns(page, "what they bear")
    assert there["month"] == borne["month"] == ["Jan 2027", "Feb 2027", "Mar 2027"]
    counts = run.tally.people[:, :, 0]
    assert float(there["headcount"][0]) == pytest.approx(
        counts["on_floor"][:, :4].mean(), abs=0.051
    )
    for name, count in (("leavers", "left"), ("joiners", "joined"), ("cut", "cut")):
        by_month = [counts[count][:, w].sum(axis=1).mean() for w in np.split(np.arange(9), [4, 8])]
        assert list(map(float, there[name])) == pytest.approx(by_month, abs=0.051), name
    in_class = [counts["in_class"][:, w].sum(axis=1).mean() for w in np.split(np.arange(9), [4, 8])]
    hours = [float(cell.replace(",", "")) for cell in borne["training"]]
    assert hours == pytest.approx([40 * people for people in in_class], abs=0.51)
    assert counts["left"].sum() > 5
    assert sum(hours) > 0


def test_compared_runs_are_told_by_quarter_each_with_its_own(comparison):
    """Unless periods are asked for."""
    page = page_of(comparison, "chro")
    assert columns(page, "center: who is there")["quarter"] == ["Q4 2026/27"]
    cut = comparison.variants[0].run.tally.people["cut"][:, 0, 0].mean()
    assert cut > 0
    assert columns(page, "fewer: who is there")["cut"] == [f"{cut:.1f}"]
    by_month = page_of(comparison, "chro", by="month")
    assert columns(by_month, "fewer: who is there")["cut"] == [f"{cut:.1f}", "0.0", "0.0"]


def test_a_leaver_costs_what_the_memo_says(comparison):
    """Leavers × 9,664, booked nowhere; who takes 1.2 times as long at first loses 1.5 weeks."""
    run, variant = comparison.base, comparison.variants[0].run
    left = run.tally.people["left"].sum(axis=(1, 2))
    lost = 8 * np.log([1.4, 1.2]) * 40 * 23.4
    np.testing.assert_allclose(run.samples["cost_of_turnover"].numerators, left * (7144 + lost[0]))
    np.testing.assert_allclose(
        variant.samples["cost_of_turnover"].numerators,
        variant.tally.people["left"].sum(axis=(1, 2)) * (7144 + lost[1]),
    )
    (alone,) = [
        s for s in page_of(compare([run]), "chro").sheets if s.heading == "cost of a leaver"
    ]
    told = alone.lead[0].replace("\N{NO-BREAK SPACE}", " ")
    assert told.startswith("A leaver costs about EUR 9.66 k, of which 7.14 k is booked")
    assert "2.7 weeks of work are lost" in told
    (both,) = [s for s in page_of(comparison, "chro").sheets if s.heading == "cost of a leaver"]
    assert [line.partition(":")[0] for line in both.lead] == ["center", "fewer"]
    assert "1.5 weeks of work are lost" in both.lead[1]


@pytest.mark.parametrize("by", ["month", "quarter"])
def test_the_page_fits_eighty_columns(comparison, by):
    """No figure is cut or broken, also where a fiscal year begins in April."""
    screen = StringIO()
    page = page_of(comparison, "chro", 80, by=by)
    print_page(page, Console(width=80, file=screen))
    text = screen.getvalue().replace("\N{NO-BREAK SPACE}", " ")
    assert max(map(len, text.splitlines())) <= 80
    told = [s for s in page.sheets if "who is there" in s.heading or "they bear" in s.heading]
    assert len(told) == 4
    for sheet in told:
        for row in sheet.rows:
            cells = " +".join(re.escape(cell) for cell in row).replace("\N{NO-BREAK SPACE}", " ")
            assert re.search(f"^{cells}$", text, re.MULTILINE), row


def test_weeks_and_months_are_files(comparison):
    """A month's ratio is that of its sums; a month's sum is that of its weeks."""

    def values(table: Any) -> dict[tuple[Any, str, int], float]:
        header, rows = table
        assert header[1:] == ["metric", "replication", "value"]
        return {(when, name, r): value for when, name, r, value in rows if value != ""}

    weeks, months = (values(table(comparison.base)) for table in (weeks_table, months_table))
    for r in range(2):
        assert months["Feb 2027", "leavers", r] == sum(
            weeks[week, "leavers", r] for week in range(5, 9)
        )
        people = comparison.base.tally.people[r, 4:8, 0]
        assert months["Feb 2027", "engagement", r] == pytest.approx(
            people["engagement_millionths"].sum() / 1e6 / people["on_floor"].sum()
        )
    assert {when for when, _, _ in months} == {"Jan 2027", "Feb 2027", "Mar 2027"}


def test_people_stand_beside_customers(comparison):
    """Below the verdict, in Markdown, in JSON, and in the lead of a report."""
    (against,) = comparison.variants
    d = against.differences["engagement"]
    told = f"engagement {100 * d.variant.value:.1f} % instead of {100 * d.base.value:.1f} % ("
    beliefs = beliefs_of(comparison, None)
    (screen,) = comparison_pages(comparison, beliefs)
    line = screen.sheets[-1].details[0].replace("\N{NO-BREAK SPACE}", " ")
    assert line.startswith("customers and people: csat ")
    assert told in line
    assert "turnover " in line
    assert told in as_markdown(screen).replace("\N{NO-BREAK SPACE}", " ")
    assert told in page_of(comparison, "cxo").lead[-1].replace("\N{NO-BREAK SPACE}", " ")
    folders = [Path("of-center"), Path("of-fewer")]
    (facts,) = comparison_facts(comparison, beliefs, folders)["variants"]
    assert facts["customers_and_people"]["engagement"] == {
        "baseline": d.base.value, "value": d.variant.value, "difference": d.gap.value,
    }  # fmt: skip
    assert list(facts["customers_and_people"]) == ["csat", "engagement", "turnover"]


def test_people_by_week_are_a_picture_of_a_run(comparison, of_seats, tmp_path):
    """Beside service level and seats, where there are people."""
    drawn = [draw_run(one.base, tmp_path, "label") for one in (comparison, of_seats)]
    assert [[file.name for file in files] for files in drawn] == [
        ["service-level.png", "seats.png", "people.png"],
        ["service-level.png", "seats.png"],
    ]


def test_seats_are_told_as_ever(of_seats):
    """Nothing of people where nobody is one."""
    (screen,) = comparison_pages(of_seats, beliefs_of(of_seats, None))
    page = page_of(of_seats, "chro")
    assert "customers and people" not in str(screen)
    facts = comparison_facts(of_seats, beliefs_of(of_seats, None), [Path("one"), Path("two")])
    assert "customers_and_people" not in facts["variants"][0]
    assert {s.heading for s in page.sheets} == {"figures", "assumptions on weak evidence"}
    named = {row[0] for sheet in page.sheets for row in sheet.rows}
    assert not named & {"cut", "engagement", "training hours"}
    assert "hiring and training" in named
    assert not [line for line in of_seats.base.ledger.lines if line.startswith("memo:turnover")]


def test_floors_of_people_need_people(files):
    """How people feel may be a floor of a path where they are one by one."""
    (floor,) = read_floors(load(files["center"]), ["engagement=55%"])
    assert floor.is_broken_by(0.54)
    assert not floor.is_broken_by(0.56)
    (floor,) = read_floors(load(files["center"]), ["turnover=40%"])
    assert floor.is_broken_by(0.41)
    with pytest.raises(ScenarioError, match="only of people one by one"):
        read_floors(load(files["seats"]), ["engagement=55%"])

"""What a new user meets first: one screen, one bar, a first look that promises no year."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.core.errors import ScenarioError
from sim.domain.customers.customers import lifetime_value
from sim.metrics.periods import span_of
from sim.report.pages.first_look import growing_with_time, told_too_early
from sim.report.pages.worth import worth_rows
from sim.runs.kept import Bar
from sim.scenario.load import load
from tests.cli.terminal import ccprofit
from tests.cli.test_compare import BASE

TWO_GROUPS = """\
name: two-groups
horizon: {weeks: 1}
replications: 2
open: Mon-Fri 08:00-18:00
lines: 4
customers:
  standard: {count: 900, margin: 12 per month, churn: 20% per year}
  business: {count: 100, margin: 60 per month, churn: 5% per year}
contacts:
  service: {volume: {per_week: 300, counts: first}, handle: 348 s}
  orders: {volume: {per_week: 100, counts: first}, handle: 200 s}
agents:
  line: {heads: 5, serves: [service], shrinkage: 30%}
  desk: {positions: 2, serves: [orders], shrinkage: 20%}
offers: {broadband: {price: 120, margin: 25%, offer: always}}
"""


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder with a base, a variant of it, and a center of two groups."""
    write_centers(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_centers(folder: Path) -> None:
    """Write the three."""
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    variant = "name: never\nbased_on: base.yaml\noffers: {broadband: {offer: never}}\n"
    (folder / "never.yaml").write_text(variant, encoding="utf-8")
    (folder / "two.yaml").write_text(TWO_GROUPS, encoding="utf-8")


@pytest.fixture(scope="session")
def told_before(tmp_path_factory) -> tuple[Path, dict[tuple[str, ...], str]]:
    """A folder with the same, and what comparing them printed there, by further arguments."""
    folder = tmp_path_factory.mktemp("compared")
    write_centers(folder)
    return folder, {}


@pytest.fixture
def compared(told_before, monkeypatch, capsys) -> Callable[..., str]:
    """What comparing the variant with the base prints; the same is compared and drawn only once."""
    folder, told = told_before
    monkeypatch.chdir(folder)

    def out(*more: str) -> str:
        if more not in told:
            capsys.readouterr()
            assert ccprofit("compare", "base.yaml", "never.yaml", "--workers", "1", *more) == 0
            told[more] = capsys.readouterr().out
        return told[more]

    return out


def test_compare_ends_in_one_screen(compared):
    """Verdict, a line of what must be believed, where the pictures are; tables with --full."""
    screen = compared()
    assert len(screen.splitlines()) <= 24
    assert "\nnever — " in screen
    assert "    to believe: one at a time, it " in screen
    assert "pictures, tables and report.html in results/" in screen
    assert "abandonment" not in screen
    full = compared("--full")
    assert "abandonment" in full
    assert "what you must believe: never" in full
    for text in (screen, full):
        assert not ("all at once" in text.lower() and "one at a time" not in text.lower())
    shared = [line for line in screen.splitlines() if line.startswith(("never", "    to"))]
    assert all(line in full for line in shared)


def test_figures_of_today_stand_on_the_screen_only_where_they_are_missed(here, capsys):
    """The table typed | simulated | gap, and the note."""
    for typed, is_far in (("wait: 10 min", True), ("volume: 300 per week", False)):
        (here / "base.yaml").write_text(f"{BASE}today: {{{typed}}}\n", encoding="utf-8")
        sets = ("--set", "contacts.service.volume=300 per week", "--replications", "6")
        assert ccprofit("compare", "base.yaml", "never.yaml", "--workers", "1", *sets) == 0
        screen = capsys.readouterr().out
        assert ("typed" in screen) == is_far
        assert ("far from today's" in screen) == is_far


def test_less_than_a_year_is_never_told_as_a_year(here, capsys):
    """Not by compare, not by its tables, not by report, not by a sweep."""
    sets = ["--quick", "--workers", "1", "--set", "horizon.weeks=52"]
    assert ccprofit("compare", "base.yaml", "never.yaml", *sets, "--full") == 0
    out = capsys.readouterr().out.replace("churn within a year", "")  # a share, not a sum
    assert "in the first 4 weeks" in out
    assert " a year" not in out
    name = (here / "results" / "latest").read_text(encoding="utf-8").strip()
    assert ccprofit("report", name, "--view", "coo") == 0
    page = capsys.readouterr().out
    assert "sums are those in the first 4 weeks." in page
    assert " a year" not in page
    assert ccprofit("sweep", "base.yaml", *sets, "--vary", "offers.broadband.price=60,120") == 0
    assert " a year" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("weeks", "words", "factor"),
    [(52, "in the first year", 1.0), (104, "a year", 0.5), (4, "in the first 4 weeks", 1.0),
     (1, "in the first week", 1.0), (1 / 7, "in the first day", 1.0),
     (3 / 7, "in the first 3 days", 1.0), (51, "in the first 51 weeks", 1.0)],
)  # fmt: skip
def test_sums_are_told_over_the_time_that_was_played(weeks, words, factor):
    """By one figure: the mean a year of several years; of less what was played, never scaled."""
    assert span_of(weeks) == (factor, words)


def test_a_first_look_warns_where_margins_recur_or_stocks_grow(here):
    """Not where all is paid at once, and not where the year is played."""
    sold = load("base.yaml")
    assert told_too_early(sold) == []
    assert told_too_early(load("two.yaml")) == []
    monthly = ["offers.broadband.margin={per_month: 4}"]
    (line,) = told_too_early(load("base.yaml", monthly))
    assert "in the first week" in line
    assert "broadband is paid for month by month" in line
    assert told_too_early(load("base.yaml", [*monthly, "horizon.weeks=52"])) == []
    assert told_too_early(load("base.yaml", [*monthly, "offers.broadband.policy=never"])) == []
    grows = {
        "referral={}": "customers who are referred stay for years",
        "customers.churn={rate: 10% per year, model: relationship}": "what customers remember",
        "contacts.service.volume.trend=10% per year": "the volume grows or falls",
    }
    for assignment, words in grows.items():
        assert any(words in one for one in growing_with_time(load("base.yaml", [assignment])))


def test_every_name_by_a_star(here):
    """In every group, and in the one without a name; `*=` and `+=` as well."""
    two = load("two.yaml", ["agents.*.shrinkage=38%", "contacts.*.volume*=1.1"]).spec
    assert [group.shrinkage for group in two.agents.values()] == [0.38, 0.38]
    assert [c.volume.per_week for c in two.contacts.values()] == pytest.approx([330, 110])
    typed = ["agents.line.shrinkage=38%", "agents.desk.shrinkage=38%"]
    assert load("two.yaml", typed).spec.agents == two.agents
    alone = load("base.yaml", ["customers.*.margin+=1", "agents.*.shrinkage=38%"]).spec
    assert [segment.margin for segment in alone.customers.values()] == [13.0]
    assert alone.agents["line"].shrinkage == 0.38


@pytest.mark.parametrize(
    "typed", ["initiatives.*.run_cost=1", "offers.broadband.*=3", "agents.line.*.heads=3"]
)
def test_a_star_that_stands_for_nothing_is_refused(here, typed):
    """As a path that leads nowhere is."""
    with pytest.raises(ScenarioError) as refused:
        load("two.yaml", [typed])
    assert len(refused.value.problems) == 1


def test_a_star_within_a_sweep(here, capsys):
    """As show prints the path."""
    vary = "agents.*.shrinkage=20%,40%"
    assert ccprofit("sweep", "two.yaml", "--vary", vary, "--workers", "1") == 0
    assert "agents.*.shrinkage" in (next((here / "results").glob("*sweep*/points.csv"))).read_text()


@pytest.mark.parametrize(("factor", "heads"), [("1.1", 6), ("0.9", 5), ("1.3", 7), ("1.2", 6)])
def test_heads_are_rounded_to_whole_ones_and_it_is_said(here, capsys, factor, heads):
    """Half up; nothing is said where nothing was rounded."""
    assert load("two.yaml", [f"agents.line.heads*={factor}"]).spec.agents["line"].heads == heads
    assert ccprofit("validate", "two.yaml", "--set", f"agents.line.heads*={factor}") == 0
    exact = 5 * float(factor)
    told = f"agents.line.heads: {exact:g} is rounded to {heads}" if exact != heads else ""
    assert capsys.readouterr().err.strip() == told


def test_a_fraction_that_is_typed_is_still_refused(here):
    """Only what was calculated is rounded."""
    with pytest.raises(ScenarioError):
        load("two.yaml", ["agents.line.heads=5.5"])


def test_run_keeps_seats_and_heads_to_schedule(here, capsys):
    """By interval and group; heads are seats over presence, rounded up; blocked contacts shown."""
    assert ccprofit("run", "two.yaml", "--workers", "1", "--figures") == 0
    out = capsys.readouterr().out
    assert "\nblocked " in out
    (folder,) = (f for f in (here / "results").iterdir() if f.is_dir())
    assert (folder / "seats.png").is_file()
    with (folder / "seats.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7 * 48 * 2
    present = {"line": 0.7, "desk": 0.8}
    for row in rows:
        exact = int(row["seats"]) / present[row["group"]]
        assert int(row["heads_to_schedule"]) == math.ceil(exact - 1e-9)
    by_time = {(r["weekday"], r["start"], r["group"]): int(r["seats"]) for r in rows}
    assert by_time["Mon", "08:00", "desk"] == 2
    assert by_time["Mon", "07:30", "desk"] == by_time["Sun", "12:00", "desk"] == 0
    hours = sum(seats for (*_, group), seats in by_time.items() if group == "line") / 2
    assert hours == pytest.approx(5 * 40 * 0.7, abs=0.5)
    assert ccprofit("run", "base.yaml", "--workers", "1") == 0
    assert "blocked" not in capsys.readouterr().out


def test_run_tells_the_worth_of_a_customer_with_its_convention(here, capsys):
    """Margin a month, churn, discount rate, worth, and the formula."""
    rows = {row[0]: row[1:] for row in worth_rows(load("two.yaml"))}
    assert rows.keys() == {"standard", "business"}
    margin, churn, discount, worth = (text.replace("\N{NO-BREAK SPACE}", " ") for text in
                                      rows["standard"])  # fmt: skip
    assert (margin, churn, discount) == ("12.00", "20 %", "10 %")
    assert worth == f"{lifetime_value(12, 0.20, 0.10):.0f}"
    assert ccprofit("run", "two.yaml", "--workers", "1") == 0
    told = capsys.readouterr().out
    assert "worth = margin a month × (1 + i) ÷ (i + c)" in told
    assert worth_rows(load("two.yaml", ["customers.*.margin=0 per month"])) == []


def test_one_bar_over_all_scenarios(here):
    """In weeks of all of them; what is kept already is taken out, so time left is of what is left."""
    seen = []
    bar = Bar(lambda *told: seen.append(told), [10, 4, 6])
    one, _, other = (bar.part(name) for name in ("my-center", "never", "two-groups"))
    one(3, 10)
    other(2, 6)
    bar.leave_out(4)
    one(10, 10)
    assert seen == [("my-center", 3, 20), ("two-groups", 5, 20), ("my-center", 12, 16)]

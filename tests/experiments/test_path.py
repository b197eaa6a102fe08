"""A path: steps as typed, money by 13 weeks, and a file that is the same to the cent."""

from __future__ import annotations

import datetime
import json
import re

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from sim.cli import main
from sim.core.errors import ScenarioError
from sim.experiments.floors import held, read_floors
from sim.experiments.path import (
    CONTRIBUTION,
    RESULT,
    RETAINED,
    answer,
    by_quarter,
    crossing_of,
    follow,
    quarters_of,
    route_of,
)
from sim.experiments.steps import as_files, read_steps, scenario_with
from sim.report.pages.of_path import path_page
from sim.runs.kept import play_unkept
from sim.scenario.load import load
from tests.metrics.test_ledger import SMALL
from tests.report.test_board import read

BASE = {
    **SMALL,
    "name": "base",
    "horizon": {"start": "2027-01-04", "weeks": 30},
    "contacts": {"service": {"volume": "300 per week", "handle": "348 s"}},
    "offers": {
        "broadband": {"price": 120, "margin": "25%", "offer": "never", "held": "20%"},
    },
    "initiatives": {
        "talk": {
            "from_week": 20,
            "invest": "1k",
            "set": {"contacts": {"service": {"handle": "300 s"}}},
        }
    },
}
SELL = {
    "name": "sell",
    "based_on": "base.yaml",
    "question": "Is it worth it?",
    "offers": {"broadband": {"offer": "always"}},
}
TRAIN = {
    "name": "train",
    "based_on": "sell.yaml",
    "initiatives": {
        "training": {
            "from_week": 2,
            "invest": "500",
            "set": {"offers": {"broadband": {"acceptance": {"everyone": "40%"}}}},
        }
    },
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The base and its steps, in the folder in which one stands."""
    for content in (BASE, SELL, TRAIN):
        (tmp_path / f"{content['name']}.yaml").write_text(json.dumps(content))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def walked(*typed: str, sets: tuple[str, ...] = ()):
    """A path of the base, played."""
    base = load("base.yaml", everywhere=sets)
    route = route_of(base, read_steps(base, typed))
    taken, beside = (
        [play_unkept(one, workers=1) for one in some]
        for some in (route.taken, route.beside.values())
    )
    return follow(route, taken, beside)


# --- steps ----------------------------------------------------------------------------------------


def test_a_step_is_what_its_file_itself_types(folder):
    """Not what it is based on, nor its name and question; the date is a week of the horizon."""
    base = load("base.yaml")
    (step,) = read_steps(base, ["sell.yaml@2027-02-03"])
    assert step.initiatives == {
        "sell": {"from_week": 5, "set": {"offers": {"broadband": {"offer": "always"}}}}
    }
    assert step.starts(base) == datetime.date(2027, 2, 1)
    assert read_steps(base, ["sell.yaml"])[0].week == 1
    assert read_steps(base, ["sell.yaml@7"])[0].week == 7


def test_initiatives_of_a_step_begin_as_many_weeks_later(folder):
    """Week 2 of a step that begins in week 10 is week 11; its price comes along."""
    (step,) = read_steps(load("base.yaml"), ["train.yaml@10"])
    assert step.initiatives["training"]["from_week"] == 11
    assert step.initiatives["training"]["invest"] == "500"
    assert "train" not in step.initiatives


def test_an_initiative_of_the_base_keeps_its_week_unless_it_is_dated(folder):
    """The path begins without it."""
    base = load("base.yaml")
    own, dated = (read_steps(base, [text]) for text in ("talk", "talk@2027-03-01"))
    assert (own[0].week, dated[0].week) == (20, 9)
    assert not scenario_with(base, [], own).spec.initiatives
    assert scenario_with(base, dated, dated).spec.initiatives["talk"].from_week == 9


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["sell.yaml@soon"], "'soon' is neither a date nor a week"),
        (["sell.yaml@31"], "31 is not in the horizon"),
        (["sell.yaml@2026-12-30"], "The horizon is 2027-01-04 to 2027-08-01, 30 weeks"),
        (["tolk"], "Did you mean `talk`?"),
        (["sell.yaml", "sell.yaml@5"], "sell is a step already"),
        (["nothing.yaml"], "nothing.yaml changes nothing of its own"),
    ],
)
def test_what_no_step_can_be_is_refused(folder, typed, told):
    """With a remedy, and naming the step as it was typed."""
    (folder / "nothing.yaml").write_text("name: nothing\nbased_on: base.yaml\n")
    with pytest.raises(ScenarioError) as refused:
        read_steps(load("base.yaml"), typed)
    assert told in str(refused.value)
    assert f"STEP {typed[-1]}" in str(refused.value)


def test_steps_that_do_not_go_together_are_named(folder):
    """Two steps that change one thing: the second is told, by what was typed."""
    later = {**SELL, "name": "later", "offers": {"broadband": {"offer": "while-nobody-waits"}}}
    (folder / "later.yaml").write_text(json.dumps(later))
    base = load("base.yaml")
    with pytest.raises(ScenarioError) as refused:
        route_of(base, read_steps(base, ["sell.yaml@3", "later.yaml@9"]))
    assert "later.yaml@9: initiatives.later.set.offers.broadband.policy" in str(refused.value)
    assert "sell changes" in str(refused.value)
    assert "let one of them change it" in str(refused.value).lower()


# --- quarters and levels --------------------------------------------------------------------------


def test_quarters_are_thirteen_weeks_from_the_start():
    """Named by their middle; the last may be shorter."""
    quarters = quarters_of(datetime.date(2028, 1, 3), 30)
    assert [one.name for one in quarters] == ["Q1 2028", "Q2 2028", "Q3 2028"]
    sums = by_quarter(np.arange(60.0).reshape(2, 30), quarters)
    assert sums[0].tolist() == [78.0, 247.0, 110.0]
    many = [one.name for one in quarters_of(datetime.date(2028, 1, 3), 520)]
    assert len(set(many)) == 40


def test_a_crossing_is_where_the_mean_stays_above_zero():
    """What falls below again has not crossed yet; each replication has a crossing of its own."""
    values = np.array([[-3.0, 5, -1, 1], [-3, -1, 3, 1], [-3, -3, -3, -1]])
    crossing = crossing_of(values)
    assert crossing.first == 3
    assert (crossing.times, crossing.replications) == (2, 3)
    assert (crossing.earliest, crossing.latest) == (2, 3)
    assert crossing_of(-np.ones((2, 3)))[:2] == (None, 0)
    assert crossing_of(np.zeros((2, 3)))[:2] == (0, 2)


# --- played ---------------------------------------------------------------------------------------


def test_the_written_file_is_the_last_row_to_the_cent(folder):
    """By quarter, in contribution and result; what is written is based on what is there."""
    path = walked("sell.yaml@5", "talk@8", "train.yaml@15")
    base = load("base.yaml")
    steps = read_steps(base, ["sell.yaml@5", "talk@8", "train.yaml@15"])
    (folder / "plans").mkdir()
    files = as_files(base, steps, folder / "plans" / "all.yaml")
    for file, text in files.items():
        file.write_text(text)
    before, all_ = (sim.run(load(file), workers=1) for file in files)
    all_ = all_.against(before)
    for measure, weekly in (
        (CONTRIBUTION, all_.ledger.contribution),
        (RESULT, all_.weekly_result),
    ):
        again = by_quarter(weekly, path.quarters)
        assert path.money(3, measure) == pytest.approx(again, abs=0.005)
    assert path.money(0, CONTRIBUTION) == pytest.approx(
        by_quarter(before.ledger.contribution, path.quarters), abs=0.005
    )


def test_rows_and_steps_add_up(folder):
    """Before a step's week customers do not differ; in order they add up to all; ends are known."""
    path = walked("sell.yaml@14", "train.yaml@15")
    assert not path.money(2, RETAINED)[:, 0].any()
    assert path.money(2, RETAINED).any()
    total = (path.money(2, RESULT) - path.money(0, RESULT)).sum(axis=1).mean()
    first, second = path.worth
    assert first.in_order.value + second.in_order.value == pytest.approx(total, abs=0.005)
    assert first.alone.value == pytest.approx(first.in_order.value, abs=0.005)
    assert second.last.value == pytest.approx(second.in_order.value, abs=0.005)
    assert second.alone.value == pytest.approx(-500 * 15 / 52)  # whom nobody offers, none persuades
    assert first.returned is not None  # people are trained before they offer
    assert second.returned.invested == pytest.approx(500)
    assert "does not become a profit center by these steps: in Q3 2027 it earns" in answer(path)


def test_a_path_that_leads_to_a_profit_center_says_since_when(folder):
    """A margin that pays for everything from the quarter on in which it is sold."""
    path = walked(
        "sell.yaml@14", sets=("offers.broadband.margin=9000", "offers.broadband.price=9k")
    )
    assert answer(path) == (
        "base becomes a profit center: from Q2 2027 on its contribution stays at 0 or more"
        " (in 2 of 2 replications, Q2 2027)"
    )


def test_what_falls_back_below_zero_is_told(folder):
    """A margin that pays for everything in the second quarter, and is gone in the third."""
    cheap = "name: cheap\noffers: {broadband: {margin: 2}}\n"
    (folder / "cheap.yaml").write_text(cheap)
    dear = ("offers.broadband.margin=9000", "offers.broadband.price=9k")
    told = answer(walked("sell.yaml@14", "cheap.yaml@27", sets=dear))
    assert told.startswith("base does not become a profit center by these steps: in Q3 2027")
    assert ", after 1 of 3 quarters at 0 or more; nor does" in told


def test_a_center_that_was_one_may_cease_to_be_one(folder):
    """Who stops selling at a margin that paid for everything."""
    dear = {"offer": "always", "margin": 9000, "price": 9000}
    base = {**BASE, "offers": {"broadband": {**BASE["offers"]["broadband"], **dear}}}
    (folder / "base.yaml").write_text(json.dumps(base))
    (folder / "stop.yaml").write_text("name: stop\noffers: {broadband: {offer: never}}\n")
    assert answer(walked("stop.yaml@14")) == (
        "base was a profit center, and is none with these steps: in Q3 2027 it earns back 0 %"
    )


def test_floors_are_held_or_broken_by_quarter(folder):
    """CSAT by segment and occupancy are always told; a floor of 100 % is broken everywhere."""
    path = walked("sell.yaml@14")
    base = path.base.scenario
    found = {
        one.label: one for one in held(path, read_floors(base, ["csat=100%", "occupancy=99%"]))
    }
    assert list(found) == ["csat of standard", "csat of premium", "occupancy"]
    assert found["csat of premium"].broken == [0, 1, 2]
    assert found["occupancy"].broken == []
    assert found["occupancy"].floor.words == "at most 99%"
    page = path_page(path, list(found.values()), 80)
    assert "broken in 3 of 3 quarters, first in Q1 2027" in str(page)
    for typed, told in (("csat", "names no amount"), ("result=1", "adds up"), ("x=1", "no")):
        with pytest.raises(ScenarioError, match=told):
            read_floors(base, [typed])


def test_a_path_from_python_is_that_of_the_command(folder):
    """Its sentence, and a table of pandas; what goes wrong names the step."""
    found = sim.take_path("base.yaml", ["sell.yaml@14"], set=["horizon.weeks=20"], workers=1)
    again = walked("sell.yaml@14", sets=("horizon.weeks=20",))
    assert found.sentence == answer(again)
    assert found.few == 2
    table = sim.frame(found)
    last = table[(table["with"] == "+ sell") & (table["measure"] == RESULT)]
    assert last["value"].tolist() == pytest.approx(again.money(1, RESULT).mean(axis=0).tolist())
    with pytest.raises(ScenarioError, match=r"STEP sell\.yaml@99"):
        sim.take_path("base.yaml", ["sell.yaml@99"])


def test_the_command_keeps_tables_and_says_how_to_check_it(folder):
    """One JSON object on stdout; the comparison that equals the last row on stderr."""
    sets = ["--set", "horizon.weeks=14", "--set", "initiatives.talk.from_week=3"]
    typed = ["path", "base.yaml", "sell.yaml@3", "--json", "--write", "all.yaml", *sets]
    found = CliRunner().invoke(main, [*typed, "--workers", "1"])
    assert found.exit_code == 0, found.output
    facts = json.loads(found.stdout)
    assert "ccprofit compare base.yaml all.yaml" in found.stderr
    assert facts["steps"][0]["week"] == 3
    kept = (folder / facts["folder"] / "path.csv").read_text().splitlines()
    assert kept[0] == "with,measure,quarter,week,value,low,high"
    assert len(kept) == 1 + 2 * 3 * 2
    assert (folder / facts["folder"] / "path.png").is_file()
    assert (folder / "all.yaml").read_text().startswith("name: all\nbased_on: base.yaml\n")
    page = (folder / facts["folder"] / "report.html").read_text()
    assert facts["answer"] in read(page).text
    rows = [line.split(",") for line in kept[1:]]
    base, sell = (
        sum(float(row[4]) for row in rows if row[:2] == [name, RESULT])
        for name in ("base", "'+ sell")
    )
    again = CliRunner().invoke(main, ["report", facts["folder"]])
    assert facts["answer"] in " ".join(again.stdout.split())
    again = CliRunner().invoke(main, ["report", facts["folder"], "--html", "again.html"])
    assert (again.exit_code, again.stdout) == (0, "")
    assert (folder / "again.html").read_text() == page
    assert result_on(page) == pytest.approx(sell - base, abs=0.01)


def result_on(page: str) -> float:
    """The difference in result over the horizon that a page's coefficients give as it was typed."""
    script = re.search(r'id="drivers">(.*?)</script>', page)
    assert script
    facts = json.loads(script[1])
    moved = [(one["now"] - one["r"]) / (one["s"] - one["r"]) for one in facts["numbers"]]
    (variant,) = facts["variants"]
    terms = zip(variant["sets"], variant["whole"], strict=True)
    return sum(np.mean(amounts) * np.prod([moved[i] for i in some]) for some, amounts in terms)

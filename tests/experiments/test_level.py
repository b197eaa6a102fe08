"""At which value of a parameter does a scenario reach a level?"""

from __future__ import annotations

import json

import pytest

import sim
from sim.core.errors import ScenarioError
from sim.core.statistics import estimate
from sim.experiments.breakeven import break_even
from sim.experiments.closing import closers, level_line
from sim.scenario.load import load
from tests.cli.terminal import ccprofit
from tests.experiments.test_breakeven import TINY

SELLS = ["offers.broadband.policy=always"]


@pytest.fixture
def tiny(tmp_path):
    """A day of selling, alone in its file."""
    file = tmp_path / "tiny.yaml"
    file.write_text(json.dumps({k: v for k, v in TINY.items() if k != "based_on"}))
    return str(file)


def test_a_profit_center_against_arithmetic(tiny):
    """Contribution is linear in the price: two plays tell where it is 0."""
    path = "offers.broadband.price"
    found = break_even(
        tiny, path, between="0:100000", set=SELLS, metric="contribution", level="0", workers=1
    )
    ends = [
        estimate(sim.run(load(tiny, everywhere=[*SELLS, f"{path}={x}"]), workers=1).samples["contribution"])
        for x in (100, 1100)
    ]  # fmt: skip
    exact = 100 - ends[0].value * 1000 / (ends[1].value - ends[0].value)
    assert 100 < exact < 100_000
    (root,) = found.answer.roots
    assert root.value == pytest.approx(exact, rel=0.01)
    assert found.sentence.startswith(f"reaches 0 at {path} = ")
    assert found.base.run.scenario.spec.name == found.variant.spec.name


def test_of_whole_numbers_the_least_that_reaches_it(tiny):
    """One seat fewer does not."""
    path = "agents.line.positions"
    found = break_even(tiny, path, between="1:30", metric="service_level", level="80%", workers=1)
    least = int(found.sentence.rpartition("= ")[2])
    assert f"reaches 80% at {path} = {least}" in found.sentence
    level = {
        n: estimate(sim.run(load(tiny, everywhere=[f"{path}={n}"]), workers=1).samples["service_level"]).value
        for n in (least - 1, least)
    }  # fmt: skip
    assert level[least - 1] < 0.80 <= level[least]


def test_what_is_never_reached_says_how_near_it_comes(tiny):
    """And what is reached everywhere says that."""
    path, how = "offers.broadband.price", {"workers": 1, "metric": "abandonment"}
    (none,) = [break_even(tiny, path, between="100:200", level="0.0001%", **how).sentence]
    assert none.startswith(f"does not reach 0.0001% for any {path} from 100 to 200")
    assert break_even(tiny, path, between="100:200", level="100%", **how).sentence.startswith(
        f"is 100% or better for every {path}"
    )


@pytest.mark.parametrize(
    ("metric", "level", "remedy"),
    [
        ("economic_value", "0", "these have: "),
        ("offered", "0", "these have: "),
        ("contribution", "5000", "year"),
        ("service_level", "80", "80%"),
        ("asa", "20", "unit: s"),
    ],
)
def test_what_is_no_level_is_refused_with_a_remedy(tiny, metric, level, remedy):
    """Of what adds up a level has a time; of a share it is one."""
    with pytest.raises(ScenarioError) as raised:
        break_even(tiny, "offers.broadband.price", metric=metric, level=level)
    (problem,) = raised.value.problems
    assert remedy in problem.remedy


def test_the_command_says_it(tiny, tmp_path, capsys):
    """In words and as JSON."""
    args = ("breakeven", tiny, "agents.line.positions", "--between", "1:30", "--out",
            str(tmp_path / "out"), "--metric", "service_level", "--level", "80%", "--workers", "1")  # fmt: skip
    assert ccprofit(*args) == 0
    out = capsys.readouterr().out
    assert "tiny (as it is)" in out
    assert "service level reaches 80% at agents.line.positions = " in out
    assert ccprofit(*args, "--json") == 0
    assert json.loads(capsys.readouterr().out)["level"] == "80%"


# --- what would close the gap ---------------------------------------------------------------------


def test_what_would_close_the_gap_closes_it(tiny):
    """Typed into the file and played anew, the margin makes contribution 0."""
    run = sim.run(load(tiny, everywhere=SELLS), workers=1)
    closer = next(one for one in closers(run) if one.what == "margin a sale of broadband")
    assert closer.now == 30
    typed = f"offers.broadband.margin={closer.needed}"
    again = sim.run(load(tiny, everywhere=[*SELLS, typed]), workers=1)
    assert estimate(again.samples["contribution"]).value == pytest.approx(0, abs=1e-6)
    assert "of margin a sale of broadband instead of 30" in level_line(run)


@pytest.mark.parametrize(
    ("margin", "words"),
    [("25%", "no profit center; it would be one with "), (200_000, ": a profit center")],
)
def test_a_level_is_told(tiny, margin, words):
    """Of a run alone that of contribution; a baseline's own result is the same."""
    run = sim.run(load(tiny, everywhere=[*SELLS, f"offers.broadband.margin={margin}"]), workers=1)
    line = level_line(run)
    assert words in line
    assert line.startswith("contribution ")
    assert "result" not in line
    assert " and result " in level_line(run.against(run))


def test_nothing_closes_the_gap_of_a_center_that_sells_nothing(tiny):
    """Not even unpaid agents, where seats and lines cost something."""
    line = level_line(sim.run(load(tiny, everywhere=["offers.broadband.policy=never"]), workers=1))
    assert line.endswith("no profit center, and no margin or wage alone would make it one")


def test_a_margin_that_offers_weigh_is_not_only_booked(tiny):
    """By expected value another margin makes other offers, so nothing is said of it."""
    weighed = ["offers.broadband.policy=expected-value"]
    run = sim.run(load(tiny, everywhere=weighed), workers=1)
    assert run.facts.sales("accepted").sum() > 0
    assert not [one for one in closers(run) if one.what.startswith("margin")]

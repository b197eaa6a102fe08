"""Break-even: the search on functions whose roots are known, and the command on linear money."""

from __future__ import annotations

import json
import math

import pytest

import sim
from sim.core.errors import ScenarioError
from sim.core.statistics import Estimate, difference
from sim.experiments.parameter import range_of
from sim.experiments.roots import GRID_POINTS, answer_text, find_roots
from sim.scenario.load import load
from tests.cli.terminal import ccprofit
from tests.metrics.test_ledger import SMALL

TINY = {**SMALL, "name": "tiny", "horizon": {"days": 1}, "replications": 4}


def around(f, half_width: float = 0.0):
    """A difference with an interval of a fixed width; remembers where it was asked."""
    asked = []

    def difference_at(x: float) -> Estimate:
        asked.append(x)
        return Estimate(f(x), f(x) - half_width, f(x) + half_width, half_width, 5)

    difference_at.asked = asked
    return difference_at


def plain(x: float) -> str:
    """A value as the sentence shows it."""
    return f"{x:.4g}"


def told(f, low: float, high: float, half_width: float = 0.0, better: int = 1, **others) -> str:
    """The sentence for a function."""
    return answer_text(
        find_roots(around(f, half_width), low, high, **others), plain, "dice only", better
    )


# --- the search ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "root"),
    [
        (lambda x: x - 73.3, 73.3),
        (lambda x: 73.3 - x, 73.3),
        (lambda x: x**3 - 20.0**3, 20.0),
        (lambda x: math.exp(x / 30.0) - 10.0, 30.0 * math.log(10.0)),
        (lambda x: math.copysign(1.0, x - 41.7), 41.7),
        (lambda x: (x - 60.0) ** 3, 60.0),
    ],
)
def test_roots_are_found_to_half_a_percent_of_the_range(f, root):
    """Straight, bent, a step and a flat crossing; each x is asked once, and few of them."""
    asked = around(f)
    answer = find_roots(asked, 0.0, 100.0)
    [found] = answer.roots
    assert abs(found.value - root) <= 0.5
    assert len(asked.asked) == len(set(asked.asked)) <= GRID_POINTS + 12
    assert [x for x, _ in answer.evaluated] == sorted(asked.asked)


def test_the_interval_of_a_root_is_that_of_the_difference_inverted():
    """D = 2 (x − 40) ± 10: all x between 35 and 45; falling as well as rising."""
    for sign in (1.0, -1.0):
        [root] = find_roots(around(lambda x: sign * 2.0 * (x - 40.0), 10.0), 0.0, 100.0).roots  # noqa: B023
        assert root.value == pytest.approx(40.0, abs=0.5)
        assert root.low == pytest.approx(35.0, abs=0.5)
        assert root.high == pytest.approx(45.0, abs=0.5)


def test_an_interval_that_reaches_the_edge_says_so():
    """D = (x − 40) ± 50 contains 0 from below 0 to 90; ± 70 nowhere ends."""
    text = told(lambda x: x - 40.0, 0.0, 100.0, 50.0)
    assert text == "40 (dice only: below 0 to 90); worse below and better above"
    assert "(dice only: below 0 to above 100)" in told(lambda x: x - 40.0, 0.0, 100.0, 70.0)


def test_several_roots():
    """12 and 31 of a parabola."""
    text = told(lambda x: (x - 12.0) * (x - 31.0), 0.0, 40.0)
    assert text == "several in [0, 40]: 12 (dice only: 12 to 12) and 31 (dice only: 31 to 31)"


def test_none():
    """Better or worse everywhere, clearly or by estimate; which is which depends on the metric."""
    assert told(lambda x: 5.0, 0.0, 8.0) == "none in [0, 8]: better everywhere"
    assert told(lambda x: -5.0, 0.0, 8.0) == "none in [0, 8]: worse everywhere"
    assert told(lambda x: -5.0, 0.0, 8.0, better=-1) == "none in [0, 8]: better everywhere"
    assert told(lambda x: 0.0, 0.0, 8.0) == "none in [0, 8]: no difference anywhere"
    assert told(lambda x: x + 0.5, 0.0, 8.0, 2.0) == (
        "none in [0, 8]: better everywhere by estimate, but undecided at 0 to 1"
    )


def test_a_difference_that_starts_at_nothing():
    """Without candidates there is nothing to gain: 0 is a root, at the edge."""
    assert told(lambda x: 3.0 * x, 0.0, 8.0) == "0 (dice only: below 0 to 0); better above"


def test_without_intervals_the_value_stands_alone():
    """One replication gives no interval."""
    answer = find_roots(lambda x: Estimate(x - 3.0, math.nan, math.nan, math.nan, 1), 0.0, 8.0)
    assert answer_text(answer, plain, "dice only", 1) == "3; worse below and better above"
    assert not answer.roots[0].has_interval


def test_whole_numbers_are_never_halved():
    """Between −2 and −1, found by whole numbers alone."""
    asked = around(lambda x: x + 1.5, 2.0)
    answer = find_roots(asked, -100.0, 300.0, whole=True)
    assert all(x == int(x) for x in asked.asked)
    assert answer.roots[0].between == (-2.0, -1.0)
    assert (answer.roots[0].low, answer.roots[0].high) == (-3.0, 0.0)
    text = answer_text(answer, plain, "dice only", 1)
    assert text == "between -2 and -1 (dice only: -3 to 0); worse below and better above"


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def files(scenario_of, tmp_path) -> tuple[str, str]:
    """Today, and a variant that sells but pays a licence in wages."""
    never = {**TINY, "name": "today"}
    never["offers"] = {"broadband": {"price": 120, "margin": "25%", "offer": "never"}}
    scenario_of(never, name="today.yaml")
    sells = {
        "name": "sells",
        "based_on": "today.yaml",
        "offers": {"broadband": {"offer": "always"}},
    }
    sells["agents"] = {"line": {"wage": "20.05 per hour"}}
    (tmp_path / "sells.yaml").write_text(json.dumps(sells))
    return str(tmp_path / "today.yaml"), str(tmp_path / "sells.yaml")


def answered(capsys, tmp_path, *args: str) -> dict:
    """The JSON of a call that succeeds."""
    code = ccprofit("breakeven", *args, "--out", str(tmp_path / "out"), "--workers", "1", "--json")
    printed = capsys.readouterr()
    assert code == 0, printed.err
    return json.loads(printed.out)


def test_a_price_against_arithmetic(files, tmp_path, capsys):
    """The result is linear in the price, so two ends tell where it crosses the baseline."""
    today, sells = files
    found = answered(capsys, tmp_path, sells, "offers.broadband.price", "--between", "0:2000")
    base, *ends = (
        sim.run(load(*what), workers=1)
        for what in ((today,), *((sells, [f"offers.broadband.price={x}"]) for x in (0, 2000)))
    )
    ends = [
        difference(*(run.against(base).samples["result"] for run in (base, end))) for end in ends
    ]
    exact = -ends[0].value * 2000 / (ends[1].value - ends[0].value)
    assert 0 < exact < 2000
    assert found["between"] == [0.0, 2000.0]
    [root] = found["roots"]
    assert root["value"] == pytest.approx(exact, abs=0.005 * 2000)
    assert (root["low"] or 0) < root["value"] < (root["high"] or 2000)
    assert found["baseline"] == "today"
    assert found["baseline_from"].startswith("based_on ")
    assert (tmp_path / "out" / found["evaluated"][0]["run"] / "provenance.json").is_file()


def test_runs_are_found_again(files, tmp_path, capsys):
    """The second call plays nothing, and says the same."""
    args = ("breakeven", files[1], "offers.broadband.price", "--between", "0:2000")
    args += ("--out", str(tmp_path / "out"))
    assert ccprofit(*args) == 0
    first = [line for line in capsys.readouterr().out.splitlines() if line]
    count = len(list((tmp_path / "out").glob("2*")))
    assert ccprofit(*args) == 0
    second = [line for line in capsys.readouterr().out.splitlines() if line]
    assert first[:2] == second[:2]
    assert first[1].startswith("result breaks even at offers.broadband.price = ")
    assert len(list((tmp_path / "out").glob("2*"))) == count
    assert f"{count} runs in " in second[-1]
    assert f", {count} of them reused" in second[-1]


def test_ranges_come_from_the_lever_or_the_value_or_the_option(files, tmp_path, capsys):
    """Levers keep their percent, shares end at 100 %, `--between` takes the typed unit over."""
    _, sells = files
    found = answered(capsys, tmp_path, sells, "offers.broadband.commission")
    assert (found["between"], found["unit"]) == ([0.0, 30.0], "%")
    found = answered(capsys, tmp_path, sells, "offers.broadband.incremental")
    assert found["between"] == [0.0, 1.0]
    found = answered(capsys, tmp_path, sells, "agents.line.wage", "--between", "10:24")
    assert (found["between"], found["unit"]) == ([10.0, 24.0], "per hour")
    assert 10 < found["roots"][0]["value"] < 24


@pytest.mark.parametrize("between", ["5:40", "0.05:0.4"])
def test_a_range_without_its_percent_is_refused_by_what_was_meant(scenario_of, between):
    """The one that holds the typed number; the remedy is accepted."""
    path = "offers.broadband.commission"
    scenario = scenario_of(TINY, f"{path}=10%")
    with pytest.raises(ScenarioError, match="Write 5%:40%"):
        range_of(scenario, path, between)
    assert range_of(scenario, path, "5%:40%")[:2] == (5, 40)


def test_whole_numbers_of_a_policy(files, tmp_path, capsys):
    """at_most takes whole numbers from its lever, without being told."""
    policy = "offers.broadband.policy={offer: while-waiting, at_most: 0}"
    args = (files[1], "offers.broadband.policy.at_most", "--set", policy)
    found = answered(capsys, tmp_path, *args)
    assert found["between"] == [-5, 5]
    assert all(entry["at"] == int(entry["at"]) for entry in found["evaluated"])


def test_the_baseline_is_the_scenario_without_offers_where_it_has_no_base(
    scenario_of, tmp_path, capsys
):
    """Also where the policy had numbers that `never` does not know."""
    content = {
        **TINY,
        "offers": {
            "broadband": {
                **TINY["offers"]["broadband"],
                "offer": {"offer": "while-waiting", "at_most": 1},
            }
        },
    }
    scenario_of(content, name="tiny.yaml")
    file = str(tmp_path / "tiny.yaml")
    found = answered(capsys, tmp_path, file, "offers.broadband.price")
    assert found["baseline_from"] == "itself, offers never"
    assert ccprofit("breakeven", file, "offers.broadband.price", "--set", "offers.broadband.policy.offer=never",
                    "--set", "offers.broadband.policy.at_most=null") == 2  # fmt: skip
    assert "it is its own baseline" in capsys.readouterr().err


def test_a_baseline_that_is_named(files, tmp_path, capsys):
    """Against itself a scenario breaks even at the value it has."""
    _, sells = files
    found = answered(capsys, tmp_path, sells, "offers.broadband.price", "--base", sells)
    assert found["baseline_from"] == f"--base {sells}"
    [root] = found["roots"]
    assert (root["value"], root["has_interval"]) == (120.0, True)
    assert set(found) == {
        "scenario", "baseline", "baseline_from", "metric", "level", "parameter", "unit", "between",
        "roots", "intervals_contain", "seed", "replications", "baseline_run", "evaluated", "answer",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("offers.broadband.prize",), "did you mean `offers.broadband.price`?"),
        (("offers.broadband.policy.offer",), "is not a number. write --between"),
        (("offers.broadband.price", "--between", "5"), "write low:high"),
        (("offers.broadband.price", "--between", "9:5"), "write 5:9"),
        (("offers.broadband.margin", "--between", "1:5"), "write 1%:5%"),
        (("offers.broadband.price", "--between", "-5:9"), "is negative"),
        (("offers.broadband.price", "--base", "nothing.yaml"), "there is no such file"),
    ],
)
def test_bad_input_is_exit_code_2(files, tmp_path, capsys, args, told):
    """With a remedy, before anything is played."""
    assert ccprofit("breakeven", files[1], *args, "--out", str(tmp_path / "out")) == 2
    assert told.lower() in capsys.readouterr().err.lower()
    assert not (tmp_path / "out").exists()

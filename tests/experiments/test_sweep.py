"""Sweeps: every point is the `--set` variant to the bit, and nothing is played twice."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.core.errors import ComparisonError, ScenarioError
from sim.experiments.axes import read_vary
from sim.experiments.sweep import best, gap, grid_of, indistinct, judged, sweep
from sim.metrics import METRICS
from sim.report.figures.of_sweep import curves_of
from sim.report.sweep_folder import save_sweep
from sim.report.tables import points_table
from sim.runs.folder import find_run, save_run
from sim.runs.kept import KeptRun
from sim.scenario.load import load
from sim.weeks.pilot import solve_anchors
from tests.cli.terminal import ccprofit
from tests.metrics.test_ledger import SMALL
from tests.runs.test_run import same

TINY = {**SMALL, "name": "tiny", "horizon": {"days": 1}, "replications": 4}
PRICE = "offers.broadband.price=60,120,180"


@pytest.fixture
def tiny(scenario_of, tmp_path) -> str:
    """The file of one day of a small center that sells."""
    scenario_of(TINY, name="tiny.yaml")
    return str(tmp_path / "tiny.yaml")


def simply(scenario: sim.Scenario) -> KeptRun:
    """Play, and keep nothing."""
    return KeptRun(sim.run(scenario, workers=1), Path("none"), False)


def swept(file: str, *varied: str, sets: tuple[str, ...] = ()):
    """A sweep of a file."""
    grid = grid_of(file, sets, [read_vary(text) for text in varied])
    return sweep(grid, map(simply, grid.scenarios))


def in_pipe(capsys, *args: str) -> str:
    """What a command prints; it must succeed."""
    assert ccprofit(*args) == 0, capsys.readouterr().err
    return capsys.readouterr().out


# --- points -------------------------------------------------------------------------------------


def test_points_equal_the_set_variant_to_the_bit(tiny):
    """Also with operators, with a fixed `--set`, and with two parameters."""
    fixed = "offers.broadband.acceptance=20%"
    axes = [read_vary("agents.line.positions*=0.8:1:0.2"), read_vary(PRICE)]
    grid = grid_of(tiny, [fixed], axes)
    assert len(grid.points) == 6
    point = grid.points[1]
    assert point.label == "positions*=0.8, price=120"
    typed = [fixed, "agents.line.positions*=0.8", "offers.broadband.price=120"]
    other = load(tiny, typed[1:], [fixed])  # what is fixed is about the world of all points
    assert point.scenario.hash == other.hash
    assert same(sim.run(point.scenario, workers=1), sim.run(other, workers=1))


def test_the_value_as_it_is_makes_no_difference(tiny):
    """Exactly 0, width 0, in every metric that has a value; the others do make one."""
    result = swept(tiny, PRICE)
    for name in METRICS:
        difference = gap(result, result.points[1], name)
        if difference.value == difference.value:
            assert (difference.value, difference.half_width) == (0.0, 0.0), name
    assert gap(result, result.points[0], "contribution").value < 0
    assert gap(result, result.points[2], "contribution").value > 0


@pytest.mark.parametrize("quick", [False, True])
def test_points_over_a_fact_have_a_today_of_their_own(tiny, quick):
    """A swept volume is typed into the root: anchors and planned seats follow it."""
    volume = read_vary("contacts.service.volume=1000:3000:1000 per week")
    grid = grid_of(tiny, [], [volume], quick=quick)
    for point, value in zip(grid.points, (1000, 2000, 3000), strict=True):
        typed = load(tiny, everywhere=[f"contacts.service.volume={value} per week"])
        typed = typed.shortened() if quick else typed
        assert point.scenario.hash == typed.hash
        assert solve_anchors(point.scenario) == solve_anchors(typed)
    hours = [sim.run(p.scenario, workers=1).ledger.paid_hours.mean() for p in grid.points]
    assert hours[0] < 0.7 * hours[2]


@pytest.mark.parametrize("quick", [False, True])
def test_points_over_a_decision_inherit_anchors_and_seats(tiny, quick):
    """A swept price neither re-anchors nor plans seats."""
    grid = grid_of(tiny, [], [read_vary(PRICE)], quick=quick)
    anchors = [solve_anchors(point.scenario.root) for point in grid.points]
    assert all(found == solve_anchors(grid.unswept.root) for found in anchors)


def test_seats_made_elsewhere_are_another_scenario(tiny):
    """The same spec with seats of its own and with those of its root: not one hash for two."""
    more = "contacts.service.volume=4000 per week"
    inherits = load(tiny, [more])
    makes = load(tiny, [more, "agents.line.positions={meet: service_level}"])
    assert inherits.spec == makes.spec
    assert inherits.hash != makes.hash
    assert load(tiny, [more]).hash == inherits.hash


def test_a_point_that_cannot_be_paired_is_refused_before_playing(tiny):
    """Horizon, currency, seed and replications belong to all points."""
    for varied in ("horizon.days=1,2", "currency=EUR,PLN", "seed=1,2", "replications=2,3"):
        with pytest.raises(ComparisonError, match=varied.partition("=")[0].partition(".")[0]):
            grid_of(tiny, [], [read_vary(varied)])


def test_problems_name_the_option_and_the_nearest_name(tiny):
    """The same fault of all points is told once, two bad values twice."""
    with pytest.raises(ScenarioError) as refused:
        grid_of(tiny, [], [read_vary("offers.broadband.prize=1:9:1")])
    [problem] = refused.value.problems
    assert problem.place == "--vary offers.broadband.prize=1"
    assert "did you mean `offers.broadband.price`?" in problem.remedy
    with pytest.raises(ScenarioError) as refused:
        grid_of(tiny, [], [read_vary("offers.broadband.policy=nevr,always,allways")])
    assert len(refused.value.problems) == 2


# --- what is found ------------------------------------------------------------------------------


def test_best_and_what_is_as_good(tiny):
    """The highest price earns most; a value that does not matter is as good as any."""
    result = swept(tiny, PRICE)
    assert best(result, "contribution") == 2
    assert judged(result, 2).sentence.startswith("earns EUR")
    assert judged(result, 1).kind == "practically equal"
    idle = swept(tiny, "finance.discount_rate=5% per year,10% per year")
    assert [point.point.label for point in indistinct(idle, 0, "contribution")] == [
        "discount_rate=10% per year"
    ]


def test_an_outcome_typed_better_is_unpriced(tiny):
    """And one typed worse is not."""
    result = swept(tiny, "offers.broadband.acceptance=5%,60%")
    assert [point.beside.unpriced for point in result.points] == [False, True]
    assert judged(result, 1).sentence.startswith("unpriced: ")


def test_points_table_is_tidy(tiny):
    """One row for each point and metric; values, and differences with the paired interval."""
    result = swept(tiny, "agents.line.positions*=0.8,1", PRICE)
    header, rows = points_table(result)
    rows = list(rows)
    assert header[:4] == ["agents.line.positions*=", "offers.broadband.price", "metric", "unit"]
    assert len(rows) == 6 * len(METRICS)
    [row] = [row for row in rows if row[:3] == ["0.8", "180", "contribution"]]
    named = dict(zip(header, row, strict=True))
    base = np.mean(result.samples["contribution"].numerators)
    assert named["value"] - base == pytest.approx(named["difference"])
    assert named["difference_low"] < named["difference"] < named["difference_high"]


@pytest.mark.parametrize(
    ("varied", "drawn"),
    [
        ((PRICE,), ["profit-csat", "profit-wait", "result"]),
        (("offers.broadband.policy=never,always",), ["dots"]),
        ((PRICE, "agents.line.positions*=0.9,1"), ["map"]),
        (
            (PRICE, "offers.broadband.policy=never,always"),
            ["profit-csat", "profit-wait", "result"],
        ),
        ((PRICE, "offers.broadband.policy={offer: random, share: 0%:100%:50%}"), ["map"]),
    ],
)
def test_the_pictures_fit_what_was_varied(tiny, tmp_path, varied, drawn):
    """Curves along one number, a map for two, dots for words."""
    _, pictures = save_sweep(swept(tiny, *varied), tmp_path / "out", "test")
    assert sorted(file.stem for file in pictures) == drawn
    assert all(file.is_file() for file in pictures)


def test_curves_are_by_family_and_by_word(tiny):
    """Two families of policies, each in the order of its number, and a word on its own."""
    families = "{offer: while-waiting, at_most: 0} | {offer: random, share: 100%} | never"
    families += " | {offer: while-waiting, at_most: -3}"
    result = swept(tiny, f"offers.broadband.policy={families}")
    assert curves_of(result) == {"while-waiting": [3, 0], "random": [1], "never": [2]}
    words = swept(tiny, "offers.broadband.policy=never,always", PRICE)
    assert curves_of(words) == {"never": [0, 1, 2], "always": [3, 4, 5]}


# --- stored, reused, resumed --------------------------------------------------------------------


class Interrupted:
    """Plays with the store, and is interrupted after some runs."""

    def __init__(self, out, after: int) -> None:
        self.out, self.left, self.played = out, after, 0

    def __call__(self, scenario: sim.Scenario) -> KeptRun:
        found = find_run(scenario, self.out, scenario.spec.seed, scenario.spec.replications)
        if found:
            return KeptRun(*found, True)
        if self.played == self.left:
            raise KeyboardInterrupt
        run = sim.run(scenario, workers=1)
        self.played += 1
        return KeptRun(run, save_run(run, self.out, "test", 0.0), False)


def test_what_was_interrupted_goes_on_and_gives_the_same_tables(tiny, tmp_path):
    """Killed at the third run; the second call plays only the rest; the bytes are the same.

    The point at the price as it is, is the scenario as it is.
    """
    grid = grid_of(tiny, [], [read_vary(PRICE)])
    with pytest.raises(KeyboardInterrupt):
        sweep(grid, map(Interrupted(tmp_path / "killed", after=2), grid.scenarios))
    rest = Interrupted(tmp_path / "killed", after=99)
    resumed = sweep(grid, map(rest, grid.scenarios))
    assert rest.played == 1
    assert [point.reused for point in resumed.points] == [True, True, False]
    whole = sweep(grid, map(Interrupted(tmp_path / "whole", after=99), grid.scenarios))
    tables = [
        (save_sweep(result, tmp_path / "out", "test")[0] / "points.csv").read_bytes()
        for result in (resumed, whole)
    ]
    assert tables[0] == tables[1]
    again = Interrupted(tmp_path / "killed", after=0)
    assert all(point.reused for point in sweep(grid, map(again, grid.scenarios)).points)


# --- the command --------------------------------------------------------------------------------


def test_the_command_plays_only_what_is_new(tiny, tmp_path, capsys):
    """Three runs, then none, then one more value; 120 is the price as it is."""
    args = ("sweep", tiny, "--out", str(tmp_path / "out"), "--workers", "1")
    first = in_pipe(capsys, *args, "--vary", "offers.broadband.price=60,180")
    assert "3 runs: 3 played, 0 reused" in first
    assert "best by result of 2 points, judged together: price=180" in first
    assert "wait" in first
    assert "csat" in first
    assert "3 runs: 0 played, 3 reused" in in_pipe(
        capsys, *args, "--vary", "offers.broadband.price=60,180"
    )
    more = in_pipe(capsys, *args, "--vary", "offers.broadband.price=60:240:60", "--metric", "nps")
    assert "5 runs: 1 played, 4 reused" in more
    assert "nps" in more
    assert "csat" not in more


def test_json_is_one_object_and_the_folder_holds_what_it_says(tiny, tmp_path, capsys):
    """Points with values, metrics, differences and the folder of their run."""
    out = tmp_path / "out"
    text = in_pipe(capsys, "sweep", tiny, "--vary", PRICE, "--out", str(out), "--json")
    found = json.loads(text)
    assert found["vary"] == [PRICE]
    assert found["best"]["point"] == 2
    assert [point["values"] for point in found["points"]] == [
        {"offers.broadband.price": price} for price in ("60", "120", "180")
    ]
    middle = found["points"][1]
    assert middle["differences"]["contribution"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert (out / middle["run"] / "provenance.json").is_file()
    folder = tmp_path / found["folder"]
    assert folder.name.rpartition("-")[0].endswith("-tiny-sweep")
    assert sorted(file.name for file in folder.iterdir()) == [
        "points.csv", "profit-csat.png", "profit-wait.png", "result.png", "sweep.json",
    ]  # fmt: skip
    with (folder / "points.csv").open(newline="") as lines:
        assert len(list(csv.DictReader(lines))) == 3 * len(METRICS)
    assert json.loads((folder / "sweep.json").read_text())["points"] == found["points"]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--vary", "offers.broadband.prize=1,2"), "did you mean `offers.broadband.price`?"),
        (("--vary", "offers.broadband.price=9:1:1"), "Write 1:9:1."),
        (("--vary", PRICE, "--metric", "csta"), "Did you mean `csat`?"),
        (("--vary", "a=1,2", "--vary", "b=1,2", "--vary", "c=1,2"), "once or twice"),
        ((), "--vary"),
    ],
)
def test_bad_input_is_exit_code_2_and_nothing_is_written(tiny, tmp_path, capsys, args, told):
    """With a remedy."""
    assert ccprofit("sweep", tiny, "--out", str(tmp_path / "out"), *args) == 2
    assert told.lower() in capsys.readouterr().err.lower()
    assert not (tmp_path / "out").exists()

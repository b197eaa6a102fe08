"""Curves of what was played to tell what must be believed: each point is a difference that is."""

from __future__ import annotations

import json
import re
from math import nan

import pytest

import sim
from sim.core.statistics import difference
from sim.experiments.comparison import compare
from sim.experiments.few import Few
from sim.experiments.turning_points import booked, turning_points
from sim.experiments.weak_numbers import WEAK_NUMBERS
from sim.metrics import METRICS
from sim.report.as_json import comparison_facts
from sim.report.board.along_number import sheet_along
from sim.report.board.page import board_page
from sim.report.comparison_folder import OF_A_COMPARISON, read_beliefs
from sim.report.figures.belief_curve import BeliefCurve, BeliefPanel, belief_title
from sim.report.figures.canvas import Interval
from sim.report.figures.of_beliefs import MOST_CURVES, pictures_of_beliefs
from sim.report.figures.response import ResponsePoint
from sim.report.figures.scales import scale_of_metric
from sim.report.pages.turning_points import beliefs_as_facts
from sim.runs.whole_folder import sealed, write_json
from sim.scenario.load import load
from tests.experiments.test_breakeven import TINY
from tests.experiments.test_turning_points import COSTLY, NEVER

ACCEPTANCE = "offers.broadband.acceptance"
SETS = {"never": [COSTLY, NEVER], "sells": [COSTLY]}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Two scenarios of a day: without and with selling."""
    folder = tmp_path_factory.mktemp("curves")
    for name in SETS:
        (folder / f"{name}.yaml").write_text(json.dumps({**TINY, "name": name}), encoding="utf-8")
    return lambda name: folder / f"{name}.yaml"


def played(file, *sets, **how):
    """The pair; `sets` are about the world, as those of `compare` are."""
    return [sim.run(load(file(name), own, sets), workers=1, **how) for name, own in SETS.items()]


def gap(pair, metric="result"):
    """The paired difference."""
    one, two = (run.against(pair[0]).samples[metric] for run in pair)
    return difference(one, two)


@pytest.fixture(scope="module")
def pair(file):
    """The pair as it is typed."""
    return played(file)


@pytest.fixture(scope="module")
def believed(pair):
    """What must be believed, with what needs play played."""
    return turning_points(*pair, Few(pair[0], workers=1))


def curve_of(believed, name):
    """The curve of a number."""
    return {one.name: one for one in believed.found}[name].curve


def test_each_point_is_what_set_plays(file, pair, believed):
    """Typed and played anew: the difference and its interval; once, what one replication moves."""
    curve = curve_of(believed, "acceptance")
    typed = pair[1].scenario.spec.offers["broadband"].acceptance.everyone
    twice, once = ([run.first(n) for run in pair] for n in (2, 1))
    assert {point.replications for point in curve.points["result"]} == {1, 2}
    for metric, points in curve.points.items():
        for point in points:
            n = point.replications
            anew = played(file, f"{ACCEPTANCE}={typed * point.at / 100!r}", replications=n)
            e = gap(anew, metric)
            if n == 2:
                assert (point.value, point.low, point.high) == pytest.approx(e[:3], abs=1e-6)
            else:
                moved = e.value - gap(once, metric).value
                assert point.value == pytest.approx(gap(twice, metric).value + moved, abs=1e-6)
                assert (point.low, point.high) == (None, None)


def test_the_turn_lies_between_points_of_both_signs(believed):
    """Of all that was played; what is told is what is marked."""
    turned = 0
    for one in believed.found:
        for metric, turns in one.curve.turns.items():
            assert (one.flips[metric] is None) == (turns == ())
            values = [p.value for p in one.curve.points[metric] if one.how.startswith("played")]
            if turns and values:
                turned += 1
                assert min(values) < 0 < max(values)
    assert turned


def test_what_is_booked_is_kept_at_its_ends_and_where_it_turns(pair, believed):
    """Exactly, with all replications."""
    curve = curve_of(believed, "incremental share of sales")
    points = {round(point.at, 6): point for point in curve.points["result"]}
    assert {50.0, 80.0, 100.0} <= points.keys()
    (turn,) = curve.turns["result"]
    assert points[round(turn, 6)].value == pytest.approx(0, abs=0.01 * abs(points[80.0].value))
    belief = next(b for b in WEAK_NUMBERS if b.name == "incremental share of sales")
    anew = [booked(belief.times(run.scenario, 0.5 / 0.8), run) for run in pair]
    point = points[50.0]
    assert (point.value, point.low, point.high) == pytest.approx(gap(anew)[:3])
    assert (curve.unit, curve.typed, point.replications) == ("%", pytest.approx(80.0), 4)


def test_points_survive_the_folder_and_stand_on_the_page(pair, believed, tmp_path):
    """Written, read, equal; a curve with its table for each number played, the largest first."""
    comparison = compare(pair)
    facts = comparison_facts(comparison, [believed], [tmp_path, tmp_path])
    write_json(tmp_path / OF_A_COMPARISON, sealed(facts, []))
    assert read_beliefs(str(tmp_path), tmp_path) == [believed]
    page = board_page(comparison, [believed], list, {"command": "compare"})
    (block,) = re.findall(r'<div class="curves">(.*?)</article>', page, re.DOTALL)
    pictures = pictures_of_beliefs(comparison, believed)
    names = [one.shows.number for one in pictures]
    assert re.findall(r"<h5>(.*?): ", block) == names
    assert len(names) == min(MOST_CURVES, len([f for f in believed.found if "played" in f.how]))
    assert block.count("<svg") == block.count("The picture as a table") == len(names)
    values = [[p.value for p in curve_of(believed, n).points["result"]] for n in names]
    moved = [max(one) - min(one) for one in values]
    assert moved == sorted(moved, reverse=True)
    shown = dict(zip(names, pictures, strict=True))["acceptance"].shows
    points = curve_of(believed, "acceptance").points["result"]
    assert [p.difference.value for p in shown.panels[0].points] == [p.value for p in points]
    rows = sheet_along(shown).rows
    assert [row[-1] for row in rows] == [str(p.replications) for p in points]
    assert "100 % (typed)" in [row[0] for row in rows]


def test_nothing_is_kept_where_nothing_was_to_be_played(pair):
    """Without --believe: no points in the folder, no curve on the page."""
    beliefs = turning_points(*pair)
    assert beliefs.found
    assert all("curve" not in one for one in beliefs_as_facts(beliefs)["found"])
    assert pictures_of_beliefs(compare(pair), beliefs) == []


def title(metric, *values, turns=(), text="", half=0.1):
    """The title of a curve with such points; the first was played once, so has no interval."""
    scale = scale_of_metric(METRICS[metric], "EUR", 1.0)
    points = tuple(
        ResponsePoint(i, "", "", Interval(v, *((v - half, v + half) if i else (nan, nan))))
        for i, v in enumerate(values)
    )
    panel = BeliefPanel(scale, points, (1,) * len(points), turns, text)
    return belief_title(BeliefCurve("patience", "", 1.0, 0.0, 2.0, (panel,))).replace("\xa0", " ")


def test_a_title_is_the_finding():
    """Where it turns; else whether it stays better, whatever better is, if all intervals say so."""
    assert title("result", 3e3, -1e3, turns=(0.5,), text="below 50 %") == (
        "patience: result turns below 50 %"
    )
    assert title("result", 3e3, 1e3) == "patience: result stays better, +1 k to +3 k EUR a year"
    assert title("wait", 3, 1).startswith("patience: wait stays worse, +1 to +3")
    assert title("wait", -3, -1).startswith("patience: wait stays better, −3 to −1")
    assert title("wait", -3, -1, half=2).startswith("patience: wait keeps its sign, −3 to −1")
    assert title("wait", -3).startswith("patience: wait keeps its sign")
    assert title("wait", 0, 0) == "patience: wait 0 to 0 s"

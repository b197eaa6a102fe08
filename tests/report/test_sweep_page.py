"""The page of a sweep that is kept: its table and its pictures with their data; nothing is played."""

from __future__ import annotations

import json
import shutil

import pytest

from sim.experiments.sweep import gaps
from sim.report.amounts import money
from sim.report.board.along_number import sheet_along
from sim.report.board.sweep_page import sweep_board_page
from sim.report.figures.of_sweep import pictures_of_sweep
from sim.report.pages.of_sweep import sweep_page
from sim.report.sweep_folder import read_sweep
from tests.cli.terminal import ccprofit
from tests.experiments.test_breakeven import TINY
from tests.report.test_board import EVIL, read

PRICES = ("--vary", "offers.broadband.price=60,180")


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> str:
    """A day of a small center that sells; an enemy asks the question."""
    file = tmp_path_factory.mktemp("sweep") / "tiny.yaml"
    file.write_text(json.dumps({**TINY, "question": EVIL}), encoding="utf-8")
    return str(file)


@pytest.fixture(scope="module")
def out(file, tmp_path_factory):
    """Results with a sweep of two prices, of three replications."""
    results = tmp_path_factory.mktemp("results")
    args = ("--out", str(results), "--workers", "1", "--replications", "3")
    assert ccprofit("sweep", file, *PRICES, *args) == 0
    return results


def test_report_says_what_the_sweep_said(out, tmp_path, capsys):
    """The same differences; the page holds them with a table below each picture."""
    before = sorted(out.iterdir())
    html = tmp_path / "sweep.html"
    assert ccprofit("report", "latest", "--out", str(out), "--html", str(html)) == 0
    told = capsys.readouterr().out
    assert "best by result of 2 points, judged together: price=180" in told
    assert sorted(out.iterdir()) == before
    page = html.read_text(encoding="utf-8")
    reader = read(page)
    tags = [tag for tag, _ in reader.found]
    assert tags.count("svg") == tags.count("figure") == page.count("The picture as a table") == 3
    assert "script" not in tags
    assert EVIL in " ".join(reader.text)
    ids = [attrs["id"] for _, attrs in reader.found if "id" in attrs]
    assert len(ids) == len(set(ids))
    kept = read_sweep("latest", out)
    for e in gaps(kept.swept, "result"):
        assert money(e.value, signed=True) in page
    facts = json.loads(next(out.glob("*/sweep.json")).read_text(encoding="utf-8"))
    assert kept.command == facts["command"]
    assert ccprofit("report", "latest", "--out", str(out), "--json") == 0
    again = json.loads(capsys.readouterr().out)
    for one, two in zip(again["points"], facts["points"], strict=True):
        assert (one["differences"], one["run"]) == (two["differences"], two["run"])


def test_a_run_that_is_gone_and_pages_that_a_sweep_has_not(out, tmp_path, capsys):
    """Each error says what to do."""
    out = shutil.copytree(out, tmp_path / "results")
    assert ccprofit("report", "latest", "--out", str(out), "--questions") == 2
    assert "leave out" in capsys.readouterr().err
    facts = json.loads(next(out.glob("*/sweep.json")).read_text(encoding="utf-8"))
    shutil.rmtree(out / facts["points"][1]["run"])
    assert ccprofit("report", "latest", "--out", str(out)) == 2
    assert "is not there. Sweep again." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("varied", "names"),
    [
        (["offers.broadband.policy=never,always"], 1),
        (["offers.broadband.price=60,180", "offers.broadband.commission=0,1"], 2),
    ],
)
def test_a_quick_sweep_of_words_or_of_two_numbers(file, tmp_path, capsys, varied, names):
    """Dots and a map have a table, too: the value or values, the difference, its interval."""
    args = [text for one in varied for text in ("--vary", one)]
    assert ccprofit("sweep", file, *args, "--quick", "--out", str(tmp_path), "--workers", "1") == 0
    capsys.readouterr()
    swept, command = read_sweep("latest", tmp_path)
    (picture,) = pictures_of_sweep(swept)
    rows = sheet_along(picture.shows).rows
    assert len(rows) == len(swept.points)
    for row, point, e in zip(rows, swept.points, gaps(swept, "result"), strict=True):
        labels = tuple(value.label for value in point.point.values)
        assert row[: names + 1] == (*labels, money(e.value, signed=True))
    read(sweep_board_page(sweep_page(swept, ()), [picture], command))

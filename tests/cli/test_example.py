"""The gallery in results/example is what its command makes today: tables and sentences."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from sim.cli.example import MADE, make_example
from tests.report.test_board import read

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "results" / "example"
FOLDER = re.compile(r"\d{8}-\d{6}-")


def told(page: Path) -> list[str]:
    """The texts of a page, without the hours at which its runs were kept."""
    texts = (text.strip() for text in read(page.read_text(encoding="utf-8")).text)
    return [FOLDER.sub("", text) for text in texts if text and not text.startswith("ccprofit 0")]


@pytest.mark.slow
def test_it_says_what_its_command_makes(tmp_path):
    """Sentences and tables are the same; numbers to the ninth digit, as processors may differ."""
    make_example(ROOT / "scenarios" / "path-to-profit", tmp_path)
    assert sorted(file.name for file in SHIPPED.iterdir()) == sorted(MADE)
    assert told(tmp_path / "report.html") == told(SHIPPED / "report.html")
    for name in ("path.md", "questions.md"):
        assert (tmp_path / name).read_text() == (SHIPPED / name).read_text()
    ours, theirs = (
        list(csv.reader((at / "path.csv").read_text().splitlines())) for at in (tmp_path, SHIPPED)
    )
    assert len(ours) > 1
    assert ours[0] == theirs[0]
    for mine, shipped in zip(ours[1:], theirs[1:], strict=True):
        assert mine[:4] == shipped[:4]
        assert [*map(float, mine[4:])] == pytest.approx([*map(float, shipped[4:])], rel=1e-9)


def test_nothing_in_it_names_a_machine():
    """No path of the disk on which it was made."""
    for name in ("report.html", "path.md", "questions.md"):
        text = (SHIPPED / name).read_text(encoding="utf-8")
        assert not re.findall(r"/(?:home|tmp|work|root|Users)/", text), name
        assert "65 weeks, 3 replications" in text or name == "questions.md"

"""Whatever is typed at any key: it is taken, or the remedy means the quantity that was typed.

Each key of `every-key.yaml` that holds one value gets each of the spellings, one at a time. A
remedy that names a number is typed in its turn: it must be taken, and say what was said before.
"""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from sim.core.errors import Problem
from sim.language.load_tree import load_tree
from sim.language.node import Place
from sim.language.validate import faults
from sim.language.yaml_reader import read_text
from sim.scenario.spec import ScenarioSpec

EVERY_KEY = Path(__file__).parents[1] / "bad_scenarios" / "good" / "every-key.yaml"
TREE = load_tree(str(EVERY_KEY))
KEYS = [
    path
    for path, node in TREE.root.walk()
    if re.match(r"-?\d(?!\d\d\d-)", str(node.value)) and path != ("horizon", "interval")
]
"""Of each value that is a number or begins with one; an interval is one of three, all told."""
# What is typed → what its digits say, read by hand: several where it may be read in several ways.
SPELLINGS = {
    "24000": "24000", "24k": "24000", "24 k": "24000", "24.000": "24000 24",
    "24,000": "24000", "24 000": "24000", "24'000": "24000", "1.200,50": "1200.50",
    "1,200.50": "1200.50", "1,5": "1.5", "4.2": "4.2", "30%": "30 0.3", "30 %": "30 0.3",
    "30": "30", "0.3": "0.3", "-5": "-5", "−5": "-5", "140%": "140 1.4", "4.2%": "4.2 0.042",
    "30 percent": "30 0.3", "30 per cent": "30 0.3", "30 pct": "30 0.3", "1580": "1580",
    "12,50": "12.50", "1.234.567": "1234567", "1,234,567": "1234567", "6.3 M": "6300000",
    "6.3 m": "", "50K": "50000", "$15": "15", "€120": "120", "120 EUR": "120", "EUR 1.2k": "1200",
    "£1,199": "1199", "100/15 min": "100", "$15/hr": "15", "15/hour": "15", "15 per hr": "15",
    "18 EUR/hour": "18", "18 € per hour": "18", "50 per half hour": "50",
    "50 per half-hour": "50", "100 per 15 min": "100", "35000 per year": "35000",
    "35,000 per year": "35000", "35.000 per year": "35000 35", "2900 a month": "2900",
    "100 a day": "100", "100/day": "100", "5 per fortnight": "", "5 pw": "", "14% per year": "14",
    "14%/year": "14", "1,5% per month": "1.5", "14 per year": "14", "0.14 per year": "0.14",
    "6:40": "", "6:75": "", "00:06:40": "", "6 min 40 s": "", "6m40s": "", "90s": "90",
    "1,5 h": "1.5", "5 Std": "", "5 Minuten": "", "24 months": "24", "3 Monate": "",
    "20 sec": "20", "20 secs": "", "0:30": "", "6.67": "6.67", "10 days": "10", "45 m": "",
    "80/20": "", "78% within 20 s": "", "78% in 20 s": "", "7:00": "", "1e3": "1000", "1_000": "1000",
    "1/2": "", "~100": "", "100+": "", "10-20": "", "€12.50 per month": "12.50",
}  # fmt: skip
_LIMIT = re.compile(r"\b(above|below|at least|at most|or more|or less|between|from|multiple|to)\b")


def refusals(typed: dict[tuple, str]) -> dict[tuple, Problem]:
    """What is said of the scenario with all of these typed, by path."""
    tree = TREE
    for path, text in typed.items():
        node = read_text(f"v: {text}", Place(0, 1, 1, "x.yaml"), [])
        tree = tree.with_value(path, node.plain()["v"] if node else text)
    said = faults(ScenarioSpec, tree.root)
    keys = {".".join(map(str, path)): path for path in typed}
    at = {one.path: one for one in said}
    for one in said:  # a block that reads its bare value as another key
        at.setdefault(one.path.rpartition(".")[0], one)
    return {keys[path]: one for path, one in at.items() if path in keys}


def offered(remedy: str) -> list[str]:
    """What a remedy says to type, where it names a number that is no limit."""
    found = re.fullmatch(r"(?:write|did you mean) (.+?)\??", remedy)
    if not re.search(r"\d", remedy) or _LIMIT.search(remedy):
        return []
    assert found, remedy
    return found[1].split(" or ")


@pytest.mark.parametrize("typed", SPELLINGS)
def test_a_remedy_is_taken_and_means_what_was_typed(typed):
    """Or it names no number."""
    assert len(SPELLINGS) >= 60
    assert len(KEYS) >= 100
    said = refusals(dict.fromkeys(KEYS, typed))
    texts = {path: offered(one.remedy) for path, one in said.items()}
    for turn in range(2):
        again = {path: found[turn] for path, found in texts.items() if len(found) > turn}
        still = refusals(again)
        assert not still, [(path, again[path], one.remedy) for path, one in still.items()]
        for path, text in again.items():
            number = re.match(r"[+-]?[\d.]+", text)
            assert number, (path, text)
            suffix = re.match(r"\s*([kKM])\b", text[number.end() :])
            size = {"k": 1000, "K": 1000, "M": 1_000_000}[suffix[1]] if suffix else 1
            means = [Fraction(one) for one in SPELLINGS[typed].split()]
            assert Fraction(number[0]) * size in means, (path, text)

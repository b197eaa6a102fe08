"""Small centers of many kinds, typed in full, and the ways to type the same world otherwise.

A center is a dict as YAML gives it. All that is drawn is drawn from a seed, so every center is
the same in every run.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.runs.run import Run
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.weeks.counts import Tally

Typed = dict[str, Any]
Change = Callable[[Typed], None]
"""Types a center otherwise, in place."""

POLICIES = (
    {"offer": "always"},
    {"offer": "while-nobody-waits"},
    {"offer": "while-waiting", "at_most": 1},
    {"offer": "random", "share": "40%"},
)


def center(seed: int) -> Typed:
    """A center of two contact types, two segments, two groups and a product; a month of it."""
    dice = random.Random(seed)
    model = dice.choice(["issue", "relationship"])

    def contact(volume: int) -> Typed:
        return {
            "volume": {"per_week": f"{volume} per week", "counts": dice.choice(["all", "first"])},
            "shares": {"plain": "70%", "gold": "30%"},
            "talk": {"mean": f"{dice.randrange(120, 480, 30)} s", "cv": "80%"},
            "hold": {"share": "20%", "mean": "90 s"},
            "wrap_up": {"mean": "60 s", "cv": "100%"},
            "patience": {"mean": f"{dice.randrange(120, 600, 60)} s"},
            "redial": {
                "probability": "50%",
                "delay": {"mean": "20 min", "cv": "150%"},
                "attempts": 4,
            },
            "resolution": {
                "first_contact": f"{dice.randrange(60, 90, 5)}%",
                "comes_back": "60%",
                "delay": {"mean": "24 h", "cv": "120%"},
            },
        }

    def segment(count: int, margin: int) -> Typed:
        return {
            "count": count,
            "margin": f"{margin} per month",
            "churn": {"rate": f"{dice.randrange(10, 40, 5)}% per year", "model": model},
            "due_to_service": "25%",
            "acquisition": {"per_month": "8 per month", "cost": 180},
        }

    seats = dice.randrange(3, 7)
    return {
        "name": "center",
        "currency": "EUR",
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "replications": 2,
        "seed": seed + 1,
        "forecast_error": "6%",
        "open": "Mon-Fri 08:00-20:00, Sat 09:00-13:00",
        "customers": {"plain": segment(1400, 12), "gold": segment(600, 40)},
        "contacts": {"service": contact(600), "sales": contact(200)},
        "agents": {
            "first": {
                "serves": {"service": {"priority": 1}, "sales": {"priority": 2}},
                "positions": {"seats": seats},
                "wage": "18 per hour",
                "shrinkage": "30%",
                "turnover": "35% per year",
            },
            "second": {
                "serves": {"service": {"priority": 1, "after": "30 s"}},
                "positions": {"seats": 1},
                "wage": "21 per hour",
                "shrinkage": "30%",
                "turnover": "35% per year",
            },
        },
        "offers": {
            "broadband": {
                "kind": "cross-sell",
                "during": ["service"],
                "candidates": "40%",
                "policy": copy.deepcopy(dice.choice(POLICIES)),
                "talk": {"mean": "90 s", "cv": "70%"},
                "acceptance": {"plain": "15%", "gold": "25%", "spread": 0.8},
                "price": 120,
                "margin": "25%",
                "held": "20%",
                "cool_down": "14 d",
            }
        },
        "costs": {"overhead": "4 per hour"},
        "decide_on": "contribution",
        "matters_from": "50k per year",
    }


def changed(typed: Typed, *changes: Change) -> Typed:
    """A copy with changes."""
    other = copy.deepcopy(typed)
    for change in changes:
        change(other)
    return other


def written(folder: Path, typed: Typed, name: str = "center.yaml") -> Path:
    """Write a center into a file; JSON is YAML and keeps the order of keys."""
    file = folder / name
    file.write_text(json.dumps(typed), encoding="utf-8")
    return file


def scenario(folder: Path, typed: Typed, *sets: str, name: str = "center.yaml") -> Scenario:
    """Write and load a center."""
    return load(written(folder, typed, name), sets)


def played(one: Scenario) -> Run:
    """Play it on one core, so that tests side by side do not wait for one another."""
    return sim.run(one, workers=1)


def assert_same_tables(one: Run, two: Run) -> None:
    """The same counts, the same money and the same anchors, to the bit."""
    for name, first, second in zip(Tally._fields, one.tally, two.tally, strict=True):
        np.testing.assert_array_equal(first, second, err_msg=name)
    assert one.anchors == two.anchors
    assert one.ledger.lines.keys() == two.ledger.lines.keys()
    for line, amounts in one.ledger.lines.items():
        np.testing.assert_array_equal(amounts, two.ledger.lines[line], err_msg=line)


def reordered(typed: Any, keep: tuple[str, ...] = ()) -> Any:
    """The same mapping with its keys in the opposite order, all the way down.

    Below the keys to keep, the order of names means something: priority, or where a row stands.
    """
    if isinstance(typed, dict):
        return {
            key: value if key in keep else reordered(value, keep)
            for key, value in reversed(list(typed.items()))
        }
    return typed

"""Numbers by time of day in minimally different worlds: what is the same plays the same."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.tables import ANSWERED
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner

from .engine.worlds import CELL_MS, assert_same_rows, loaded
from .test_worlds import Week, center

PER_DAY = 48  # intervals of half an hour
TEN = 20  # the interval that begins at 10:00
NUMBERS = {
    "talk": {"mean": "6 min", "cv": 0.8},
    "hold": {"share": 0.3, "mean": "2 min"},
    "wrap_up": {"mean": "1 min"},
    "patience": {"mean": "4 min"},
    "balk": {"": 0.1},
    "redial": {"probability": 0.5},
    "resolution": {"first_contact": 0.7, "comes_back": 0.6},
}
KEYS = [
    ("talk", "mean"), ("hold", "mean"), ("hold", "share"), ("wrap_up", "mean"),
    ("patience", "mean"), ("balk", ""), ("redial", "probability"),
    ("resolution", "first_contact"), ("resolution", "comes_back"),
]  # fmt: skip


def plain_center() -> dict:
    """The center of the other worlds, with balking."""
    what = center()
    what["contacts"]["a"]["balk"] = 0.1
    return what


def by_interval(block: str, key: str, elsewhere: dict[int, object]) -> dict:
    """The center with a number of type a as a list of a day, other in some intervals."""
    what, number = plain_center(), NUMBERS[block][key]
    values = [elsewhere.get(i, number) for i in range(PER_DAY)]
    if key:
        what["contacts"]["a"][block] = what["contacts"]["a"][block] | {key: values}
    else:
        what["contacts"]["a"][block] = values
    return what


def assert_same_weeks(folder, one: dict, two: dict) -> None:
    """Both play the same contacts, to the bit."""
    assert_same_rows(Week(folder, one).contacts, Week(folder, two).contacts, "contacts")


@pytest.mark.parametrize(("block", "key"), KEYS)
def test_a_list_of_one_number_is_that_number(tmp_path, block, key):
    """The plan is that of the plain number, so nothing can differ, and nothing is slower."""
    planned = Planner(loaded(tmp_path, by_interval(block, key, {})), UNANCHORED).plan(0, 96)
    plain = Planner(loaded(tmp_path, plain_center()), UNANCHORED).plan(0, 96)
    for name in ("patience", "redials", "resolution"):
        found, expected = getattr(planned, name), getattr(plain, name)
        assert found.shape == (2, 1)
        assert found.tobytes() == expected.tobytes()
    assert planned.handling.types.tobytes() == plain.handling.types.tobytes()


@pytest.mark.parametrize(("block", "key"), KEYS)
def test_another_number_at_night_changes_nothing(tmp_path, block, key):
    """From 3:00 to 3:30 nobody comes, is answered or wraps up."""
    number = "20 min" if key == "mean" else 0.9
    at_night = by_interval(block, key, {6: number})
    planned = Planner(loaded(tmp_path, at_night), UNANCHORED).plan(0, 96)
    tables = (planned.handling.types, planned.patience, planned.redials, planned.resolution)
    assert {table.shape for table in tables} == {(2, 672)}
    assert_same_weeks(tmp_path, at_night, plain_center())


def test_a_longer_talk_at_ten_is_longer_for_those_who_begin_then(tmp_path):
    """By the factor of the means; the others' dice stay."""
    before = Week(tmp_path, plain_center()).contacts
    after = Week(tmp_path, by_interval("talk", "mean", {TEN: "12 min"})).contacts
    keys = ["luck", "attempt", "leg"]
    names = [{tuple(row) for row in rows[keys].tolist()} for rows in (before, after)]
    both = names[0] & names[1]
    rows = [
        {tuple(c[keys].tolist()): c for c in week if c.outcome == ANSWERED and c.type == 0}
        for week in (before, after)
    ]
    n = {True: 0, False: 0}
    for key in both & rows[0].keys() & rows[1].keys():
        one, two = rows[0][key], rows[1][key]
        was, now = (int(c.answered_ms) // CELL_MS % 96 // 2 == TEN for c in (one, two))
        if was or one.group != two.group:
            continue
        factor = 2 if now else 1
        assert abs(int(two.talk_ms) - factor * int(one.talk_ms)) <= 1
        n[now] += 1
    assert n[False] > 500
    in_both = [k for k in both & rows[0].keys() & rows[1].keys()]
    at_ten = [
        (rows[0][k], rows[1][k])
        for k in in_both
        if all(int(week[k].answered_ms) // CELL_MS % 96 // 2 == TEN for week in rows)
        and rows[0][k].group == rows[1][k].group
    ]
    assert len(at_ten) > 20
    for one, two in at_ten:
        assert abs(int(two.talk_ms) - 2 * int(one.talk_ms)) <= 1


def test_more_are_solved_who_come_at_ten(tmp_path):
    """First contacts that came then are all solved, and none is solved less than before."""
    what = by_interval("resolution", "first_contact", {TEN: 1.0})
    before, after = Week(tmp_path, plain_center()).first("a"), Week(tmp_path, what).first("a")
    at_ten = after.arrived_ms // CELL_MS % 96 // 2 == TEN
    assert after.resolved[at_ten & (after.outcome == ANSWERED)].all()
    solved = dict(zip(before.luck.tolist(), before.resolved.tolist(), strict=True))
    was_answered = dict(zip(before.luck.tolist(), before.outcome.tolist(), strict=True))
    answered = after[after.outcome == ANSWERED]
    same = [c for c in answered if was_answered.get(int(c.luck)) == ANSWERED]
    assert len(same) > 500
    assert all(c.resolved >= solved[int(c.luck)] for c in same)
    assert np.mean([c.resolved for c in same]) > np.mean([solved[int(c.luck)] for c in same])

"""Rosters: covered as told, by legal posts, near the linear bound."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from benchmarks.rosters import week
from sim.domain.agents.shifts import ShiftSpec, parse_starts, work_patterns
from sim.plan.roster import Roster, make_roster


def legal_days(spec: ShiftSpec) -> dict[int, set[bytes]]:
    """Start → its legal patterns of presence."""
    found: dict[int, set[bytes]] = {}
    for start, at_work in work_patterns(spec):
        found.setdefault(start, set()).add(at_work.tobytes())
    return found


def is_legal(row: np.ndarray, spec: ShiftSpec, legal: dict[int, set[bytes]]) -> bool:
    """Whether a post has one start on all of its days, each a legal pattern, and nothing else."""
    for start, patterns in legal.items():
        cells = (96 * np.arange(7)[:, None] + start + np.arange(spec.cells)) % 672
        days = [day for day in range(7) if row[cells[day]].tobytes() in patterns]
        if len(days) == spec.days and row[cells[days]].sum() == row.sum():
            return True
    return False


def look_at(roster: Roster, needed: np.ndarray, shifts: dict[str, ShiftSpec]) -> None:
    """Recount coverage and paid hours, and look at every post."""
    there = np.zeros(672, int)
    legal = {name: legal_days(spec) for name, spec in shifts.items()}
    for row, hours, pattern in zip(roster.present, roster.paid_hours, roster.pattern, strict=True):
        spec = shifts[roster.names[pattern]]
        assert is_legal(row, spec, legal[roster.names[pattern]])
        assert hours == spec.paid_hours_per_week
        there += row
    assert (roster.uncovered == np.maximum(0, needed - there)).all()
    for name, spec in shifts.items():
        count = sum(roster.names[p] == name for p in roster.pattern)
        assert spec.share is None or count <= spec.share * len(roster.pattern) + 1e-9


@pytest.mark.parametrize("number", range(100))
def test_generated_rosters(number):
    """Overnight, part-time, one person, no Sunday, too many: covered, or missing where none can be.

    Small groups here; the large ones are in the benchmark.
    """
    one = week(number, most=8.0)
    roster = make_roster(one.needed, one.shifts, one.heads)
    look_at(roster, one.needed, one.shifts)
    if one.heads is not None:
        assert len(roster.present) == one.heads
        assert roster.uncovered.sum() / 4 >= roster.least_uncovered_hours - 1e-6
        return
    assert roster.paid_hours.sum() >= roster.least_paid_hours - 1e-6
    reached = {
        int(cell) % 672
        for spec in one.shifts.values()
        for start, day in product(parse_starts(spec.starts), range(7))
        for cell in 96 * day + start + np.arange(spec.cells)
    }
    assert set(np.flatnonzero(roster.uncovered)).isdisjoint(reached)


@pytest.mark.parametrize("number", [0, 23, 80])
def test_large_rosters_come_near_the_bound(number):
    """Within 3 % of what split people would cost, where the group is large."""
    one = week(number, most=250.0)
    roster = make_roster(one.needed, one.shifts, one.heads)
    assert len(roster.present) > 50
    assert 0 <= roster.gap < 0.03


def test_the_same_input_gives_the_same_roster():
    """To the bit, in the order of its posts too."""
    one = week(7, most=8.0)
    first, second = (make_roster(one.needed, one.shifts) for _ in range(2))
    assert all((np.array(a) == np.array(b)).all() for a, b in zip(first, second, strict=True))


def test_the_least_is_uncovered():
    """Two people for two days of one hour each, which only two starts reach: by trying all."""
    shift = ShiftSpec.model_validate(
        {"length": "2 h", "starts": "08:00, 10:00, 12:00", "days": 1, "breaks": "none"}
    )
    needed = np.zeros(672, int)
    needed[32:40], needed[96 + 40 : 96 + 48], needed[96 + 48 : 96 + 56] = 2, 3, 1
    best = min(
        sum(np.maximum(0, needed - sum(posts)))
        for posts in product(
            [
                np.isin(np.arange(672), 96 * day + start + np.arange(8))
                for day in range(2)
                for start in (32, 40, 48)
            ],
            repeat=2,
        )
    )
    roster = make_roster(needed, {"short": shift}, heads=2)
    assert roster.uncovered.sum() == best == 32


def test_posts_follow_the_start_of_the_horizon():
    """The week of a study that begins on a Wednesday begins there."""
    one = week(0, most=6.0)
    monday = make_roster(one.needed, one.shifts)
    wednesday = monday.rolled(-2 * 96)
    assert (wednesday.present[:, 0] == monday.present[:, 2 * 96]).all()
    assert (wednesday.needed == np.roll(one.needed, -2 * 96)).all()

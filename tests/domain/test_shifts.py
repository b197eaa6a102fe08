"""Shifts as typed, and every pattern of a day that they allow."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from pydantic import ValidationError

from sim.domain.agents.shifts import ShiftSpec, parse_starts, work_patterns


@pytest.mark.parametrize(
    ("typed", "cells"),
    [
        ("08:00-09:00 every 30 min", [32, 34, 36]),
        ("08:00-09:00", [32, 34, 36]),
        ("08:00, 7:45", [31, 32]),
        ("22:00-01:00 every 60 min", [0, 4, 88, 92]),
        ("08:00-08:50 every 45 min", None),
        ("8", None),
        ("24:00", None),
        ("08:10", None),
        ("08:00-09:00 every 20 min", None),
        ("08:00-09:00 every 0 min", None),
    ],
)
def test_starts(typed, cells):
    """Times and ranges, past midnight too; nothing between quarter hours."""
    if cells is None:
        with pytest.raises(ValidationError):
            ShiftSpec.model_validate({"starts": typed})
    else:
        assert parse_starts(typed) == cells


@pytest.mark.parametrize(
    ("typed", "hours", "patterns"),
    [
        ("8 h", 37.5, 9 * 5 * 9 * 5),
        ({"length": "4 h"}, 20, 9 * 8),
        ({"length": "4 h", "breaks": "none", "days": 6}, 24, 9),
        ({"lunch": "30 min", "breaks": "none"}, 40, 9 * 9),
        ({"length": "24 h", "lunch": "none", "breaks": "none", "days": 7}, 168, 9),
    ],
)
def test_paid_hours_and_patterns(typed, hours, patterns):
    """Unpaid lunch is the only time of a shift that is not paid."""
    spec = ShiftSpec.model_validate(typed)
    assert spec.paid_hours_per_week == hours
    assert sum(1 for _ in work_patterns(spec)) == patterns


@pytest.mark.parametrize(
    "typed",
    ["8 h", {"length": "4 h"}, {"length": "10 h", "lunch": "1 h", "breaks": "4 x 15 min"}],
)
def test_pauses_are_legal(typed):
    """None in the first or last hour; lunch in the middle third; half an hour apart; none lost."""
    spec = ShiftSpec.model_validate(typed)
    lengths = sorted(pause.cells for pause in spec.pauses)
    for _, at_work in work_patterns(spec):
        edges = np.flatnonzero(np.diff(np.concatenate([[1], at_work.astype(int), [1]])))
        runs = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
        assert sorted(last - first for first, last in runs) == lengths
        assert at_work[:4].all() and at_work[-4:].all()
        gaps = [after[0] - before[1] for before, after in pairwise(runs)]
        assert min(gaps, default=2) >= 2
        if spec.cells >= 24:
            lunch = max(runs, key=lambda run: run[1] - run[0])
            assert 3 * lunch[0] >= len(at_work) and 3 * lunch[1] <= 2 * len(at_work)


@pytest.mark.parametrize(
    "typed",
    [
        {"length": "25 h"},
        {"length": "50 min"},
        {"length": "80 min"},
        {"lunch": "20 min"},
        {"breaks": "2 x 10 min"},
        {"days": 8},
        {"share": "at most 130%"},
    ],
)
def test_shifts_that_cannot_be(typed):
    """Too long or short, and what is no whole quarter hour."""
    with pytest.raises(ValidationError):
        ShiftSpec.model_validate(typed)


@pytest.mark.parametrize(
    "typed", [{"length": "4 h", "lunch": "30 min"}, {"length": "3 h", "breaks": "2 x 30 min"}]
)
def test_pauses_without_room(typed):
    """There is no such pattern; the checks of a scenario say so."""
    assert ShiftSpec.model_validate(typed).lunch_and_breaks is None

"""Facts of some weeks alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.metrics import Facts, weeks_of
from sim.metrics.ledger import Ledger
from sim.weeks.counts import Size, blank_tally, stack
from tests.metrics.test_ledger import SMALL

WEEKS = 5


def shapes(weeks: int) -> dict[str, tuple[int, ...]]:
    """Of every array of a tally with so many weeks."""
    tally = blank_tally(Size(weeks, 1, 1, 1, 1, 1, longest_term=0))
    return {name: array.shape for name, array in tally._asdict().items()}


def test_every_array_that_has_weeks_is_cut(scenario_of: Any):
    """A new one that is forgotten would mix all weeks into a metric of some of them."""
    long, short = shapes(WEEKS), shapes(WEEKS - 1)
    weekly = {name for name in long if long[name] != short[name]}
    assert {"contacts", "customers", "loyalty", "holders"} <= weekly
    money = np.zeros((2, WEEKS))
    ledger = Ledger({"cost:telecom": money}, money, money, {}, money)
    tally = stack([blank_tally(Size(WEEKS, 1, 1, 1, 1, 1, longest_term=0))] * 2)
    facts = Facts(scenario_of(SMALL), tally, ledger, ledger, (0,))
    found = weeks_of(facts, slice(1, 3))
    for name, array in found.tally._asdict().items():
        assert array.shape[1] == (2 if name in weekly else long[name][0]), name
    assert found.ledger.total("cost:").shape == found.baseline.paid_hours.shape == (2, 2)

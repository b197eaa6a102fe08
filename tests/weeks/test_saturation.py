"""Counts of a customer that reach the end of their column stay there: none wraps to below 0."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.tables import NOT_YET
from sim.engine import nothing_yet, simulate
from sim.plan.anchors import UNANCHORED
from sim.plan.luck import fortune_of
from sim.plan.plan import Planner
from sim.weeks.counts import blank_tally
from sim.weeks.play import open_people, size_of
from sim.weeks.tally import count_span

MOST = np.iinfo(np.int16).max
DECLINED = {
    "candidates": 1,
    "offer": "always",
    "acceptance": {"everyone": "0%", "effects": "none"},
    "price": 10,
    "margin": "10%",
    "cool_down": "0 d",
    "on_unresolved": True,
}


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_nothing_wraps(scenario_of, engine):
    """One customer at the end of every column, who calls and declines some more."""
    scenario = scenario_of(
        {
            "name": "worn-out",
            "horizon": {"weeks": 1},
            "forecast_error": "none",
            "open": "always",
            "customers": {"count": 1, "margin": "10 per month"},
            "contacts": {
                "calls": {"volume": {"per_week": 40, "counts": "first"}, "handle": "60 s"}
            },
            "agents": {"positions": 3},
            "offers": {"add": DECLINED},
        }
    )
    plan = Planner(scenario, UNANCHORED).plan(0, 672)
    fortune = fortune_of(scenario, 1, 0)
    people = open_people(scenario, plan, fortune)
    people.exposures[:] = MOST - 3
    people.rows.issues[:] = MOST - 3
    span = simulate(plan, fortune, people, nothing_yet(plan), engine)
    count_span(blank_tally(size_of(scenario)), plan, people, span)
    declined = (span.contacts.product >= 0).sum()
    assert declined > 20
    assert people.exposures.tolist() == [[MOST]]
    assert people.declined_ms[0, 0] != NOT_YET
    assert 0 < people.rows.issues[0] <= MOST
    assert people.rows.felt[0] > 0  # half of the calls end unresolved

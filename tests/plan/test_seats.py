"""Seats that follow from volumes, on hours of every shape."""

from __future__ import annotations

import copy

import pytest

from sim.plan.seats import planned_seats
from tests.metrics.test_ledger import SMALL

CENTER = {
    "name": "center",
    "customers": {"count": 9000},
    "contacts": {"service": {"volume": {"per_week": 9000, "profile": "flat"}, "handle": "348 s"}},
    "agents": {"line": {"positions": {"meet": "service_level"}, "wage": "20 per hour"}},
}


@pytest.mark.parametrize("interval", ["15 min", "30 min", "60 min"])
def test_who_opens_within_an_interval_is_as_well_staffed_as_later(scenario_of, interval):
    """Opening at 08:45, the first quarter is as busy as any, and has the seats of any."""
    content = CENTER | {"open": "Mon-Fri 08:45-20:00", "horizon": {"interval": interval}}
    monday = planned_seats(scenario_of(content), "line")[:96]
    assert monday[35] == monday[40] > 10


def test_seats_that_meet_a_level_are_multiplied_in_their_scale(scenario_of):
    """`positions*=0.8` is four fifths of what meets the target, however it is typed."""
    short = copy.deepcopy(SMALL)
    short["agents"]["line"]["positions"] = {"seats": 10}
    for what, sets, scale in (
        (SMALL, ["agents.line.positions*=0.8"], 0.8),
        (SMALL, ["agents.line.positions*=0.8", "agents.line.positions*=50%"], 0.4),
        (short, ["agents.line.positions*=0.8"], 0.8),
    ):
        found = scenario_of(what, *sets).spec.agents["line"].positions
        assert found.scale == pytest.approx(scale)
        assert (found.meet, found.seats) in {("service_level", None), (None, 10)}

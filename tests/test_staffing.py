"""Seats that follow from volumes, on hours of every shape."""

from __future__ import annotations

import pytest

from sim.staffing import planned_seats

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

"""Emails of the night are work of the day; calls are work when they come."""

import numpy as np
import pytest

from sim.plan.outlook import outlook
from sim.plan.work_profile import profile_of_work
from tests.engine.worlds import CELLS_PER_DAY, loaded

FLAT = {"per_week": 960, "profile": "flat", "counts": "first"}
HOURS = {"open": "Mon-Sun 08:00-16:00"}


def center(tmp_path, **mail):
    contacts = {
        "mail": {"channel": "email", "volume": FLAT, "handle": "10 min", **HOURS, **mail},
        "calls": {"volume": FLAT, "handle": "10 min", **HOURS},
    }
    agents = {
        "readers": {"heads": 10, "serves": ["mail"]},
        "callers": {"heads": 10, "serves": ["calls"]},
    }
    world = {"name": "x", "horizon": {"weeks": 1}, "contacts": contacts, "agents": agents}
    return loaded(tmp_path, world)


def test_emails_of_the_night_are_read_by_day(tmp_path):
    scenario = center(tmp_path)
    by_day = np.tile(np.repeat([0.0, 1.0, 0.0], CELLS_PER_DAY // 3), 7)
    assert profile_of_work(scenario, "mail") == pytest.approx(by_day / by_day.sum())
    assert scenario.profile("mail") == pytest.approx(np.full(672, 1 / 672))
    assert profile_of_work(scenario, "calls") == pytest.approx(scenario.profile("calls"))


def test_heads_of_readers_are_all_there_by_day(tmp_path):
    """Nobody is planned for the night, when emails come and nobody reads, nor is that a fault."""
    found = outlook(center(tmp_path))
    readers, callers = found.groups
    assert readers.seat_hours == callers.seat_hours == pytest.approx(10 * 28, rel=0.02)
    assert readers.load_hours == pytest.approx(160 / (1 - 0.3 * 0.6), rel=0.01)  # with repeats
    assert not [one for one in found.warnings if "on duty" in one]

"""What a center needs: seats by Erlang, people by shifts, and the level that given seats reach."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.core.erlang import agents_needed, erlang_a, erlang_c_queue
from sim.plan.requirement import MEAN_DAY, level_reached, seats_that_meet
from sim.plan.seats import compile_levels
from sim.plan.staff import staff_of
from sim.plan.workload import Load

HANDLE_S, PATIENCE_S = 300.0, 120.0
VOLUME = {"per_week": 4000, "profile": "flat", "busyness": "none"}
STEADY = {
    "name": "steady",
    "open": "Mon-Fri 08:00-18:00",
    "forecast_error": "none",
    "customers": {"count": 1000},
    "contacts": {
        "service": {
            "volume": VOLUME,
            "handle": f"{HANDLE_S} s",
            "patience": f"{PATIENCE_S} s",
            "redial": "none",
            "resolution": "none",
        }
    },
    "agents": {"line": {"positions": 30}},
}
PER_S = 4000 / (5 * 10 * 3600)


def with_line(**line):
    """The steady center with other agents."""
    return STEADY | {"agents": {"line": line}}


def one(scenario):
    """The only group."""
    (found,) = staff_of(scenario)
    return found


def test_seats_are_the_fewest_that_meet_the_level(scenario_of):
    """Erlang A says 80 % in 20 s at so many, and less with one fewer; so does the typed level."""
    found = one(scenario_of(STEADY))
    (seats,) = set(found.seats[found.seats > 0].tolist())
    at, below = (
        erlang_a(n, PER_S, HANDLE_S, PATIENCE_S, 20.0).answered_within for n in (seats, seats - 1)
    )
    assert below < 0.8 <= at
    assert np.count_nonzero(found.seats) == 5 * 40
    assert found.reached == pytest.approx(
        erlang_a(30, PER_S, HANDLE_S, PATIENCE_S, 20.0).answered_within, rel=1e-5
    )


def test_without_patience_it_is_erlang_c(scenario_of):
    """Who never gives up waits by Erlang C; on the mean day as on any, where all are alike."""
    found = one(scenario_of(STEADY))
    (seats,) = set(found.by_erlang_c[found.seats > 0].tolist())
    at, below = (
        erlang_c_queue(n, PER_S, HANDLE_S, 20.0).answered_within for n in (seats, seats - 1)
    )
    assert below < 0.8 <= at
    assert (found.on_mean_day == found.seats).all()


def test_busy_and_quiet_days_need_more_than_the_mean_day(scenario_of):
    """The level over equally likely rates is the ratio of expected contacts."""
    content = STEADY | {"forecast_error": "40%"}
    scenario = scenario_of(content)
    found = one(scenario)
    assert found.seats.sum() > found.on_mean_day.sum()
    load, seats = found.load, np.full(672, 30)
    halves = np.where(np.arange(672) % 2, 0.0, load.contacts)
    assert level_reached(scenario, "line", load, seats) == pytest.approx(
        level_reached(scenario, "line", load._replace(contacts=halves), seats), rel=1e-9
    )


def test_heads_are_seats_after_shrinkage(scenario_of):
    """Seat hours ÷ (1 − 25 %) ÷ 40, rounded up; and what so many reach is told of those typed."""
    found = one(scenario_of(with_line(heads=12, shrinkage="25%")))
    hours = found.seats.sum() / 4 / 0.75
    assert found.paid_hours == pytest.approx(hours, rel=1e-12)
    assert found.heads == math.ceil(hours / 40)
    assert found.typed_heads == 12
    assert found.typed_paid_hours == pytest.approx(12 * 40)
    n = int(found.typed_seats.max())
    assert found.reached < erlang_a(n, PER_S, HANDLE_S, PATIENCE_S, 20.0).answered_within + 1e-9


def test_people_with_shifts_get_a_roster_that_fills_the_seats(scenario_of):
    """Posts at work less those away are at least the seats, in every interval."""
    shifts = {"full": {"starts": "08:00-10:00"}, "part": {"length": "5 h", "starts": "08:00-13:00"}}
    line = {"people": {"heads": 5, "shifts": shifts}, "shrinkage": "30%"}
    found = one(scenario_of(with_line(**line)))
    assert found.roster is not None
    there = found.roster.present.sum(axis=0) * (1 - found.roster.away(0.3))
    assert (np.floor(there + 0.5) >= found.seats).all()
    assert found.heads == len(found.roster.present)
    assert found.paid_hours == pytest.approx(found.roster.paid_hours.sum())
    assert found.reached < 0.5


def test_the_heads_that_it_tells_fill_the_seats_when_typed(scenario_of):
    """What is told comes out when it is typed: the same paid hours, and the level is met."""
    shifts = {"full": {"starts": "08:00-10:00"}, "part": {"length": "5 h", "starts": "08:00-13:00"}}
    line = {"people": {"heads": 5, "shifts": shifts}, "shrinkage": "30%"}
    wanted = one(scenario_of(with_line(**line)))
    line["people"]["heads"] = wanted.heads
    scenario = scenario_of(with_line(**line))
    found = one(scenario)
    assert found.typed_paid_hours == pytest.approx(wanted.paid_hours)
    assert (compile_levels(scenario).level[0] >= wanted.seats).all()
    assert found.reached >= 0.8


def test_nobody_on_duty_answers_nobody(scenario_of):
    """Contacts of cells without seats count as offered and missed."""
    scenario = scenario_of(STEADY)
    contacts = np.zeros(672)
    contacts[[40, 41]] = 5.0
    load, seats = Load(contacts, HANDLE_S, 1 / PATIENCE_S), np.zeros(672, int)
    assert level_reached(scenario, "line", load, seats) == 0.0
    seats[40] = 1000
    assert level_reached(scenario, "line", load, seats) == pytest.approx(0.5, abs=1e-9)
    assert math.isnan(level_reached(scenario, "line", load._replace(contacts=contacts * 0), seats))


def test_a_requirement_by_other_days(scenario_of):
    """`factors` are the days: twice the mean needs what twice the contacts need."""
    scenario = scenario_of(STEADY)
    load = one(scenario).load
    twice = seats_that_meet(scenario, "line", load, (2.0,))
    doubled = load._replace(contacts=2 * load.contacts)
    assert (twice == seats_that_meet(scenario, "line", doubled, MEAN_DAY)).all()
    assert twice.max() == agents_needed(
        (2 * PER_S,), (1.0,), HANDLE_S, PATIENCE_S, one(scenario).goal
    )


def test_groups_that_nobody_tries_first_are_left_out(scenario_of):
    """A team to which only others hand on has no need of its own."""
    content = STEADY | {
        "offers": {
            "broadband": {
                "price": 100,
                "margin": 25,
                "policy": {"offer": "specialist", "group": "sales"},
            }
        },
        "agents": {"line": {"positions": 30}, "sales": {"positions": 2, "serves": []}},
    }
    assert [found.group for found in staff_of(scenario_of(content))] == ["line"]

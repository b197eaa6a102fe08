"""People with shifts: seats, paid hours, who is away, and what a scenario says of them."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from sim.core.errors import ScenarioError
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.plan.seats import compile_levels, paid_hours_per_week, roster_of, seats_by_interval
from sim.plan.staffing import rostered
from sim.plan.weekly_seats import seats_of_weeks
from sim.weeks.play import play

SHIFTS = {"full": {"length": "8 h", "starts": "08:00-12:00"}}
FLAT = {"flat": {"length": "12 h", "starts": "08:00", "lunch": "none", "breaks": "none"}}
STILL = {"hiring": "none", "learning": "none", "reacts": "none", "sickness": "0%"}
CENTER = {
    "name": "center",
    "open": "Mon-Fri 08:00-20:00",
    "contacts": {"service": {"volume": {"per_week": 3000, "profile": "flat"}, "handle": "348 s"}},
    "agents": {"line": {"people": {"heads": 16, "shifts": SHIFTS}, "wage": "20 per hour"}},
}


def center(shrinkage="30%", **people):
    """The center with other people."""
    content = copy.deepcopy(CENTER)
    content["agents"]["line"]["people"] |= people
    return content | {"agents": {"line": content["agents"]["line"] | {"shrinkage": shrinkage}}}


def planner_of(scenario):
    """Its plans, where today's loads are known."""
    return Planner(scenario, UNANCHORED._replace(loads={"line": [0.1, 0.0, 0.2]}))


def met(scenario_of):
    """[672] seats that meet the service level."""
    content = copy.deepcopy(CENTER)
    content["agents"]["line"] = {"positions": {"meet": "service_level"}}
    return compile_levels(scenario_of(content)).level[0]


def test_one_flat_shift_of_people_to_whom_nothing_happens_is_positions(scenario_of):
    """Who covers all open hours, never pauses and is never away: the same contacts, to the bit."""
    typed = {"horizon": {"weeks": 2}}
    people = center("0%", shifts=FLAT, **STILL) | typed
    people["agents"]["line"]["turnover"] = "0% per year"
    seats = center() | typed | {"agents": {"line": {"positions": 16}}}
    one, other = (
        play(planner_of(scenario_of(content)), 3, 0, keep_contacts=True).contacts
        for content in (people, seats)
    )
    for mine, theirs in zip(one, other, strict=True):
        for column in mine.dtype.names:
            assert mine[column].tobytes() == theirs[column].tobytes(), column


def test_both_engines_agree_on_shifts(scenario_of):
    """Day and night, with people who come, go and are sick."""
    night = {"night": {"length": "8 h", "starts": "20:00-23:00"}}
    content = center(shifts=SHIFTS | night, heads=30) | {"open": "always", "horizon": {"weeks": 2}}
    content["agents"]["line"]["turnover"] = "200% per year"
    planner = planner_of(scenario_of(content))
    one, other = (
        play(planner, 3, 0, engine=engine, keep_contacts=True).contacts
        for engine in ("compiled", "reference")
    )
    for mine, theirs in zip(one, other, strict=True):
        assert len(mine) > 1000
        for column in mine.dtype.names:
            assert mine[column].tobytes() == theirs[column].tobytes(), column


def test_seats_are_posts_at_work_less_those_away(scenario_of):
    """Breaks of 30 min in 7.5 paid hours and 25 % away are 30 %; all posts are paid."""
    scenario = scenario_of(center())
    roster, levels = roster_of(scenario, "line"), compile_levels(scenario)
    assert 1 - 7 / 7.5 * (1 - roster.away(0.3)) == pytest.approx(0.3, abs=1e-12)
    is_open = levels.closed[0] == 0
    expected = np.floor(roster.present.sum(axis=0) * 0.75 + 0.5)
    assert (levels.level[0] == np.where(is_open, expected, 0)).all()
    assert (roster.needed == np.ceil(met(scenario_of) / 0.75 - 1e-9)).all()
    paid = paid_hours_per_week(scenario, levels)
    assert paid[0] == pytest.approx(37.5 * 16, rel=1e-12)
    assert seats_of_weeks(scenario).paid_hours[0, 0] == pytest.approx(paid[0], rel=1e-12)


def test_each_is_away_as_often_as_typed(scenario_of):
    """Over 52 weeks: 30 % of paid time in all, of which 6 % of the days at work are sickness."""
    planner = planner_of(scenario_of(center()))
    (one,), level = planner.staffing(0), planner.seats.weeks[0].level[0]
    rosters = [rostered(one, level, week) for week in range(52)]
    at_work = sum(int(roster.rostered[:16].sum()) for roster in rosters)
    away = sum(int(roster.away[:16].sum()) for roster in rosters)
    assert at_work == 52 * 16 * 35 * 4
    assert (1 - away / at_work) * (1 - 0.06) == pytest.approx(0.75, abs=0.003)
    by_post = sum(roster.away[:16].sum(axis=1) for roster in rosters) / (52 * 35 * 4)
    assert np.ptp(by_post) < 0.03


def test_heads_are_posts(scenario_of):
    """So many as typed; where they are too few, the roster says where they are missing."""
    scenario = scenario_of(center(heads=9))
    roster = roster_of(scenario, "line")
    assert len(roster.present) == 9
    assert roster.uncovered.any()
    assert (roster.uncovered[compile_levels(scenario).closed[0] == 1] == 0).all()
    _, heads = seats_by_interval(scenario)
    assert 0 < heads.max() <= 9


def test_a_variant_has_the_people_of_its_base(scenario_of):
    """More calls do not move them; heads or shifts typed there do."""
    base, busier, fewer, shorter = (
        scenario_of(CENTER, *sets)
        for sets in (
            (),
            ("contacts.service.volume=4000 per week",),
            ("agents.line.people.heads=9",),
            ("agents.line.people.shifts.full=6 h",),
        )
    )
    assert (compile_levels(busier).level == compile_levels(base).level).all()
    assert len(roster_of(fewer, "line").present) == 9
    assert roster_of(shorter, "line").paid_hours.tolist() == [27.5] * 16


def test_a_variant_may_have_shifts_where_its_base_has_none(scenario_of):
    """Made from the load of the base, as if they stood there."""
    without = center()
    del without["agents"]["line"]["people"]["shifts"]
    scenario_of(without, name="base.yaml")
    variant = scenario_of(
        {"based_on": "base.yaml", "agents": {"line": {"people": {"shifts": SHIFTS}}}}
    )
    typed = roster_of(scenario_of(center(), name="typed.yaml"), "line")
    assert (roster_of(variant, "line").needed == typed.needed).mean() > 0.95
    assert len(roster_of(variant, "line").present) == 16


def test_a_study_may_begin_on_any_day(scenario_of):
    """From a Wednesday on the same week begins on a Wednesday."""
    monday = compile_levels(scenario_of(CENTER)).level
    later = scenario_of(CENTER | {"horizon": {"start": "2027-01-06"}})
    assert (compile_levels(later).level == np.roll(monday, -2 * 96, axis=1)).all()


def test_what_is_resolved_is_read_again(scenario_of):
    """The resolved scenario has the same people."""
    scenario = scenario_of(center(shifts={"part": {"length": "4 h", "starts": "08:00-16:00"}}))
    again = scenario_of(scenario.spec.as_typed())
    assert again.spec.agents["line"].people == scenario.spec.agents["line"].people


@pytest.mark.parametrize(
    ("people", "what"),
    [
        ({"shifts": {"a": {"share": "40%"}, "b": {"share": "40%"}}}, "add up to 80%"),
        ({"shifts": {"a": {"length": "4 h", "lunch": "30 min"}}}, "no room"),
        ({"shifts": {"a": {"breaks": "2 x 45 min"}}}, "breaks take 20.0% of paid time, more than"),
        ({"shifts": {}}, "shifts"),
    ],
)
def test_people_that_cannot_be(scenario_of, people, what):
    """Each is refused with a remedy."""
    with pytest.raises(ScenarioError, match=what):
        scenario_of(center("19%", **people))

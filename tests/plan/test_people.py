"""People with shifts: seats, paid hours, and what a scenario says of them."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from sim.core.errors import ScenarioError
from sim.plan.seats import compile_levels, paid_hours_per_week, roster_of, seats_by_interval
from sim.plan.weekly_seats import seats_of_weeks

CENTER = {
    "name": "center",
    "open": "Mon-Fri 08:00-20:00",
    "contacts": {"service": {"volume": {"per_week": 3000, "profile": "flat"}, "handle": "348 s"}},
    "agents": {"line": {"people": {"heads": {"meet": "service_level"}}, "wage": "20 per hour"}},
}


def center(**people):
    """The center with other people."""
    content = copy.deepcopy(CENTER)
    content["agents"]["line"]["people"] |= people
    return content


FLAT = {"flat": {"length": "12 h", "starts": "08:00", "lunch": "none", "breaks": "none"}}


def with_positions(meet):
    content = copy.deepcopy(CENTER)
    content["agents"]["line"] = {"positions": meet, "wage": "20 per hour"}
    return content


def test_one_flat_shift_without_shrinkage_is_positions(scenario_of):
    """Who covers all open hours, never pauses and is never away, fills the seats that are planned."""
    people = compile_levels(scenario_of(center(shifts=FLAT, shrinkage="none")))
    positions = compile_levels(scenario_of(with_positions({"meet": "service_level"})))
    for one, other in zip(people, positions, strict=True):
        assert (one == other).all()


@pytest.mark.slow
def test_and_plays_the_same_contacts(scenario_of):
    """To the bit."""
    from sim.runs.run import run

    typed = {"horizon": {"weeks": 1}, "replications": 2}
    pair = (center(shifts=FLAT, shrinkage="none"), with_positions({"meet": "service_level"}))
    people, positions = (run(scenario_of(one | typed)) for one in pair)
    for one, other in zip(people.tally, positions.tally, strict=True):
        assert (np.asarray(one) == np.asarray(other)).all()


def test_seats_are_posts_less_those_away(scenario_of):
    """Present × (1 − 20 %), rounded half up, while open; all posts are paid."""
    scenario = scenario_of(center(shrinkage="20%"))
    roster, levels = roster_of(scenario, "line"), compile_levels(scenario)
    is_open = levels.closed[0] == 0
    expected = np.floor(roster.present.sum(axis=0) * 0.8 + 0.5)
    assert (levels.level[0] == np.where(is_open, expected, 0)).all()
    wanted = compile_levels(scenario_of(with_positions({"meet": "service_level"}))).level[0]
    assert (roster.needed == np.ceil(wanted / 0.8 - 1e-9)).all()
    assert (levels.level[0] >= wanted).all()
    paid = paid_hours_per_week(scenario, levels)
    assert paid[0] == pytest.approx(37.5 * len(roster.present), rel=1e-12)
    assert seats_of_weeks(scenario).paid_hours[0, 0] == pytest.approx(paid[0], rel=1e-12)


def test_heads_are_posts(scenario_of):
    """So many as typed; where they are too few, the roster says where they are missing."""
    scenario = scenario_of(center(heads=9))
    roster = roster_of(scenario, "line")
    assert len(roster.present) == 9
    assert roster.uncovered.any()
    assert (roster.uncovered[compile_levels(scenario).closed[0] == 1] == 0).all()
    _, heads = seats_by_interval(scenario)
    assert heads.max() <= 9


def test_a_variant_has_the_people_of_its_base(scenario_of):
    """More calls do not move them; heads typed there do."""
    base = scenario_of(CENTER)
    busier = scenario_of(CENTER, "contacts.service.volume=4000 per week")
    assert (compile_levels(busier).level == compile_levels(base).level).all()
    fewer = scenario_of(CENTER, "agents.line.people.heads=9")
    assert len(roster_of(fewer, "line").present) == 9


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
    ("line", "what"),
    [
        ({"people": {"heads": 9}, "heads": 9}, "both heads and people are given"),
        ({"people": {"heads": 9}, "positions": 9}, "both positions and people are given"),
        ({"people": {"heads": 9}, "shrinkage": "30%"}, "people have a shrinkage of their own"),
        ({"people": {"heads": 9, "shrinkage": {"total": "20%", "leave": "5%"}}}, "both total and leave"),
        ({"people": {"heads": {"number": 9, "meet": "service_level"}}}, "both number and meet"),
        ({"people": {"heads": {}}}, "heads need either a number or meet"),
        ({"people": {"heads": 9, "shrinkage": "95%"}}, "away for 95% of their paid time"),
        ({"people": {"heads": 9, "shifts": {"a": {"share": "40%"}, "b": {"share": "40%"}}}}, "add up to 80%"),
        ({"people": {"heads": 9, "shifts": {"a": {"length": "4 h", "lunch": "30 min"}}}}, "no room"),
    ],
)  # fmt: skip
def test_people_that_cannot_be(scenario_of, line, what):
    """Each is refused with a remedy."""
    with pytest.raises(ScenarioError, match=what):
        scenario_of(CENTER | {"agents": {"line": line}})

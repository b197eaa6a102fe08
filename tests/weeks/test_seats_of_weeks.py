"""Seats and heads that an initiative changes: by week, by a part, by attrition, with severance."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.core.clock import CELLS_PER_WEEK
from sim.experiments.turning_points import booked
from sim.experiments.weak_numbers import WEAK_NUMBERS
from sim.plan.plan import Planner
from sim.plan.seats import compile_levels
from sim.plan.weekly_seats import seats_of_weeks
from sim.weeks.pilot import solve_anchors
from sim.weeks.play import play

DAY = "Mon-Fri 08:00-18:00"
WEEK_HOURS = 50
NOBODY_COMES_BACK = {"redial": "none", "resolution": "none"}
BASE = {
    "name": "base",
    "horizon": {"weeks": 4},
    "replications": 1,
    "open": DAY,
    "contacts": {"service": {"volume": "300 per week", "handle": "300 s", **NOBODY_COMES_BACK}},
    "agents": {"line": {"heads": 4, "wage": "20 per hour"}},
}
FROM = 3


@pytest.fixture
def variant_of(scenario_of):
    """A variant of the base, or of a base with other agents, with what is given."""

    def make(today: dict | None = None, **more):
        scenario_of({**BASE, "agents": {"line": today or BASE["agents"]["line"]}}, name="b.yaml")
        return scenario_of({"name": "variant", "based_on": "b.yaml", **more}, name="v.yaml")

    return make


def line(**what) -> dict:
    return {"agents": {"line": what}}


def dated(what: dict, **more) -> dict:
    return {"initiatives": {"it": {"set": what, "from_week": FROM, **more}}}


def largest(scenario) -> list[int]:
    """The most seats of each week."""
    return [int(one.level.max()) for one in seats_of_weeks(scenario).weeks]


def played(scenario, **how):
    return sim.run(scenario, workers=1, **how)


# --- from its week on ---------------------------------------------------------------------------


@pytest.mark.parametrize("after", [{"heads": 3}, {"heads": 6}, {"shrinkage": "55%"}])
def test_before_its_week_all_is_the_base_and_from_it_on_the_variant(variant_of, after):
    """By counts, in a center where nothing crosses a night."""
    old, new, both = (
        played(variant_of(**one)) for one in ({}, line(**after), dated(line(**after)))
    )
    for name in ("contacts", "time", "legs"):
        counts = [getattr(run.tally, name) for run in (old, new, both)]
        np.testing.assert_array_equal(counts[2][:, :2], counts[0][:, :2])
        np.testing.assert_array_equal(counts[2][:, 2:], counts[1][:, 2:])
        assert name == "legs" or not np.array_equal(counts[0], counts[2])
    hours = [run.ledger.paid_hours for run in (old, new, both)]
    np.testing.assert_array_equal(hours[2][:, :2], hours[0][:, :2])
    np.testing.assert_array_equal(hours[2][:, 2:], hours[1][:, 2:])


@pytest.mark.parametrize("seats", [2, 5])
def test_both_engines_agree_where_seats_come_or_go(variant_of, seats):
    """With customers who redial, return and wait across the step."""
    busy = {"service": {"volume": "900 per week", "redial": {}, "resolution": {}}}
    scenario = variant_of(
        {"positions": 3}, open="Mon-Sun 00:00-24:00", contacts=busy, **dated(line(positions=seats))
    )
    one, two = (played(scenario, engine=engine) for engine in ("compiled", "reference"))
    for left, right in zip(one.tally, two.tally, strict=True):
        np.testing.assert_array_equal(left, right)
    assert one.tally.contacts["gave_up"][0, :, 0].sum() > 0  # some give up


def test_weeks_in_one_piece_where_no_step_falls(variant_of):
    """The seats of an initiative from week 3 on: weeks 1 and 2, 3 and 4 as one each."""
    scenario = variant_of({"positions": 3}, open="Mon-Sun 00:00-24:00", **dated(line(positions=2)))
    planner = Planner(scenario, solve_anchors(scenario))
    weekly, paired = (play(planner, 1, 0, weeks_at_once=n).tally for n in (1, 2))
    for one, other in zip(weekly, paired, strict=True):
        np.testing.assert_array_equal(one, other)
    assert weekly.time["scheduled_ms"][:, 0].tolist() == [n * 168 * 3_600_000 for n in (3, 3, 2, 2)]


def test_a_warm_up_has_todays_seats(variant_of):
    """Whatever the first week has."""
    scenario = variant_of({"positions": 3}, **dated(line(positions=2), from_week=1))
    planner = Planner(scenario, solve_anchors(scenario))
    assert planner.plan(-CELLS_PER_WEEK, CELLS_PER_WEEK).levels.level.max() == 3
    assert planner.plan(0, CELLS_PER_WEEK).levels.level.max() == 2


# --- by a part ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "more", "expected"),
    [
        (7, {"ramp": "3 wk"}, [10, 10, 9, 8, 7]),
        (7, {"ramp": "2 wk"}, [10, 10, 9, 7, 7]),  # 8.5 rounds up
        (13, {"ramp": "2 wk"}, [10, 10, 12, 13, 13]),  # 11.5 too
        (6, {"adoption": "50%"}, [10, 10, 8, 8, 8]),
    ],
)
def test_a_part_is_rounded_half_up(variant_of, after, more, expected):
    """In each cell, between before and after."""
    scenario = variant_of(
        {"positions": 10}, horizon={"weeks": 5}, **dated(line(positions=after), **more)
    )
    assert largest(scenario) == expected
    seats = seats_of_weeks(scenario)
    assert seats.paid_hours[:, 0].tolist() == pytest.approx([n * 50 / 0.7 for n in expected])
    assert {one.first_seat[-1] for one in (seats.warm_up, *seats.weeks)} == {max(expected)}


def test_each_cell_goes_its_own_part(variant_of):
    """A list by interval, of which some cells rise and others fall."""
    before, after = [0] * 16 + [4] * 10 + [2] * 10 + [0] * 12, [0] * 16 + [2] * 10 + [5] * 22
    scenario = variant_of({"positions": before}, **dated(line(positions=after), ramp="2 wk"))
    monday = [one.level[0, 32:72].tolist() for one in seats_of_weeks(scenario).weeks]
    assert monday[1] == [4] * 20 + [2] * 20
    assert monday[2] == [3] * 20 + [4] * 20  # 3.5 rounds up
    assert monday[3] == [2] * 20 + [5] * 20


def test_heads_on_their_way_are_paid_by_the_part(variant_of):
    """From 4 to 2 heads in two weeks: 160, 160, 120, 80 hours, or more where more are on duty."""
    seats = seats_of_weeks(variant_of(**dated(line(heads=2), ramp="2 wk")))
    least = [160, 160, 120, 80]
    paid = np.maximum(least, seats.seat_hours[:, 0] / 0.7)
    assert seats.paid_hours[:, 0].tolist() == pytest.approx(paid)
    more = seats_of_weeks(variant_of(**dated(line(heads=2, shrinkage="80%"), ramp="2 wk")))
    assert more.paid_hours[2, 0] == pytest.approx(max(120, more.seat_hours[2, 0] / 0.45))


# --- planned anew -------------------------------------------------------------------------------


def test_planned_seats_follow_only_where_they_are_planned_anew(variant_of):
    """`replan` plans for all that the initiative changes, as the variant would that says so."""
    met = {"positions": {"meet": "service_level"}}
    longer = {"contacts": {"service": {"handle": "600 s"}}}
    replanned = {**longer, **line(positions={"replan": True})}
    stay, follow = (variant_of(met, **dated(what)) for what in (longer, replanned))
    typed = compile_levels(variant_of(met, **replanned)).level
    before = compile_levels(stay).level
    for week, (one, other) in enumerate(
        zip(seats_of_weeks(stay).weeks, seats_of_weeks(follow).weeks, strict=True)
    ):
        np.testing.assert_array_equal(one.level, before)
        np.testing.assert_array_equal(other.level, typed if week >= 2 else before)
    assert typed.sum() > before.sum()


def test_a_scale_is_on_the_seats_that_are_there(variant_of):
    """Eighty percent of what was planned for today."""
    scenario = variant_of(
        {"positions": {"meet": "service_level"}}, **dated(line(positions={"scale": "50%"}))
    )
    typed, *_, last = (one.level for one in seats_of_weeks(scenario).weeks)
    np.testing.assert_array_equal(last, np.floor(typed * 0.5 + 0.5))


def test_beliefs_keep_the_seats_of_every_week(variant_of):
    """A number that is only booked moves no seat, before or after the step."""
    (turnover,) = (one for one in WEAK_NUMBERS if one.name == "turnover of agents")
    run = played(variant_of(**dated(line(heads=2), by="attrition")))
    other = booked(turnover.times(run.scenario, 2.0), run)
    np.testing.assert_array_equal(other.ledger.paid_hours, run.ledger.paid_hours)
    assert (other.ledger.lines["cost:hiring"] < run.ledger.lines["cost:hiring"]).all()


# --- who goes -----------------------------------------------------------------------------------


def test_who_is_cut_is_paid_off_in_that_week(variant_of):
    """One of four heads: 4 weeks of 40 hours at 20 and 30 % charges, over 52 weeks from then on."""
    run = played(variant_of(**dated(line(heads=3))))
    severance = 4 * 40 * 20 * 1.3
    lines = run.ledger.lines["cost:severance"][0].tolist()
    assert lines == pytest.approx([0, 0, -severance / 52, -severance / 52])
    ahead = run.ledger.paid_ahead[0].tolist()
    assert ahead == pytest.approx([0, 0, severance * 51 / 52, -severance / 52])


def test_from_the_first_week_on_it_is_the_variant_severance_included(variant_of):
    """Where it stands makes no difference."""
    typed, later = (
        played(variant_of(**one)) for one in (line(heads=3), dated(line(heads=3), from_week=1))
    )
    for name, amounts in typed.ledger.lines.items():
        np.testing.assert_array_equal(amounts, later.ledger.lines[name], err_msg=name)
    assert typed.ledger.lines["cost:severance"].any()


def test_by_attrition_seats_fall_as_people_leave(variant_of):
    """A tenth of a hundred seats at a turnover of 104 % a year: 2 % of those who are left a week."""
    many = {"positions": 100, "turnover": "104% per year"}
    what = line(positions=95)
    scenario = variant_of(many, horizon={"weeks": 6}, **dated(what, by="attrition"))
    assert largest(scenario) == [100, 100, 98, 96, 95, 95]  # 98, 96.04, then 94.1 would be left
    fast, slow = (
        played(variant_of(many, horizon={"weeks": 6}, **dated(what, by=by)))
        for by in ("severance", "attrition")
    )
    assert fast.ledger.lines["cost:severance"].sum() < 0
    assert not slow.ledger.lines["cost:severance"].any()
    heads = 50 / 0.7 / 40  # of a seat
    hires = -slow.ledger.lines["cost:hiring"][0] / 3400
    assert hires.tolist() == pytest.approx(
        [heads * n for n in (2.0, 2.0, 0.0, 0.0, 0.78, 1.9)], abs=1e-9
    )


def test_by_attrition_the_leavers_make_up_for_the_fall(variant_of):
    """Hires and fall together are the leavers, and no week hires a negative number."""
    scenario = variant_of(
        {"positions": 8, "turnover": "100% per year"},
        horizon={"weeks": 40},
        **dated(line(positions=5), by="attrition"),
    )
    run = played(scenario)
    hires = -run.ledger.lines["cost:hiring"][0] / 3400
    heads = seats_of_weeks(scenario).paid_hours[:, 0] / 40
    assert (hires >= -1e-9).all()
    assert heads[-1] == pytest.approx(5 * 50 / 0.7 / 40)
    assert hires.sum() == pytest.approx((heads / 52).sum() - (heads[0] - heads[-1]))


def test_who_changes_groups_is_not_paid_off(scenario_of):
    """One group falls as the other rises, in the same week."""
    two = {name: {"positions": 2, "wage": "20 per hour"} for name in ("one", "two")}
    moved = {"agents": {"one": {"positions": 1}, "two": {"positions": 3}}}
    scenario = scenario_of({**BASE, "agents": two, **dated(moved)})
    run = played(scenario)
    assert not run.ledger.lines["cost:severance"].any()
    assert run.tally.time["scheduled_ms"][0].tolist() == [
        [n * WEEK_HOURS * 3_600_000 for n in seats] for seats in ((2, 2), (2, 2), (1, 3), (1, 3))
    ]

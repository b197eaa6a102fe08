"""People in play: the same center without any of it, what was typed comes out, time adds up."""

from pathlib import Path

import numpy as np
import pytest

from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.plan.seats import compile_levels
from sim.scenario.load import load
from sim.weeks.play import play
from sim.weeks.todays_people import todays_ahead
from sim.weeks.workforce import Floor

CENTER = """\
name: center
contacts:
  service: {{volume: 900 per week, handle: 6 min, patience: 3 min, resolution: 70%}}
agents: {agents}
offers: {{broadband: {{price: 20, margin: 25%, acceptance: 20%, offer: always}}}}
open: Mon-Fri 08:00-18:00
horizon: {{weeks: {weeks}}}
"""
ROOT = Path(__file__).parents[2]
PEOPLE_TODAY = ROOT / "scenarios/people/people-today.yaml"
STILL = "{people: {heads: 12, sickness: 0%, learning: none, reacts: none}, turnover: 0% per year}"


def center(folder: Path, agents: str, weeks: int = 2) -> Planner:
    file = folder / "center.yaml"
    file.write_text(CENTER.format(agents=agents, weeks=weeks))
    return Planner(load(file), UNANCHORED._replace(loads={"agents": [0.1, 0.2, 0.3]}))


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_people_to_whom_nothing_happens_are_positions(tmp_path, engine):
    still = center(tmp_path, STILL)
    level = compile_levels(still.scenario).level[0].reshape(7 * 24 * 2, 2)[:, 0].tolist()
    positions = center(tmp_path, f"{{positions: {level}}}")
    people, seats = (
        play(one, 3, 0, engine=engine, keep_contacts=True).contacts for one in (still, positions)
    )
    for one, other in zip(people, seats, strict=True):
        for column in set(one.dtype.names) - {"seat"}:  # others stand in the roster of a day
            assert one[column].tobytes() == other[column].tobytes(), column


def test_both_engines_agree_where_people_come_and_go(tmp_path):
    agents = (
        "{people: {heads: 12, hiring: {lead: 0, every: 1, at_least: 1}}, turnover: 300% per year}"
    )
    planner = center(tmp_path, agents, weeks=10)
    played = [play(planner, 5, 0, engine=e, keep_contacts=True) for e in ("compiled", "reference")]
    for one, other in zip(*(replication.contacts for replication in played), strict=True):
        for column in one.dtype.names:
            assert one[column].tobytes() == other[column].tobytes(), column
    counts = played[0].tally.people
    assert counts["left"].sum() > 2
    assert counts["joined"].sum() > 2
    assert counts["sick_ms"].sum() > 0


SHIFTS = "shifts: {full: {starts: 08:00-10:00}, part: {length: 4 h, starts: 08:00-14:00}}"


@pytest.mark.parametrize("people", ["40", "{heads: 40, " + SHIFTS + "}"])
def test_time_adds_up_by_week(tmp_path, people):
    planner = center(tmp_path, f"{{people: {people}, turnover: 100% per year}}", weeks=8)
    tally = play(planner, 1, 0).tally
    people, on_duty = tally.people[:, 0], tally.time["scheduled_ms"][:, 0]
    worked = people["rostered_ms"] - people["away_ms"] - people["sick_ms"]
    assert (worked == on_duty).all()
    assert (
        people["on_floor"][1:] == (people["on_floor"] - people["left"])[:-1] + people["joined"][1:]
    ).all()
    assert people["away_ms"].min() > 0


def floors(planner: Planner, weeks: int, times: int) -> tuple[np.ndarray, np.ndarray]:
    """[times, week] people on the floor, and leavers, at today's loads."""
    (one,) = planner.staffing(0)
    there, left = np.zeros((times, weeks)), np.zeros((times, weeks))
    for r in range(times):
        floor = Floor(one, 11, r, one.ahead)
        for week in range(weeks):
            floor.begin_week(week)
            there[r, week] = floor.filled
            left[r, week] = floor.end_week(week, one.todays_loads)
    return there, left


@pytest.mark.parametrize("heads", [12, 100])
def test_as_many_are_there_and_leave_as_were_typed(tmp_path, heads):
    """Within 4 standard errors of 60 floors of a year."""
    planner = center(tmp_path, f"{{people: {heads}}}", weeks=52)
    ahead = todays_ahead(planner.staffing(0), ["agents"])
    planner = Planner(planner.scenario, planner.anchors._replace(ahead=ahead))
    there, left = floors(planner, 52, 60)
    error = there.mean(axis=1).std(ddof=1) / np.sqrt(60)
    assert abs(there.mean() - heads) < 4 * error
    assert error < 0.02 * heads
    expected = 0.35 * there.mean() * 60
    assert abs(left.sum() - expected) < 4 * np.sqrt(expected)


def test_the_floor_of_the_shipped_center_is_as_typed():
    """People there, who leave and who come: within 4 standard errors of 20 years."""
    scenario = load(PEOPLE_TODAY)
    planner = Planner(
        scenario, UNANCHORED._replace(loads=dict.fromkeys(scenario.groups, [0.0] * 3))
    )
    for one in filter(None, planner.staffing(0)):
        ahead = todays_ahead([one], [one.name])[one.name]
        there, left, joined = np.zeros((20, 52)), np.zeros((20, 52)), np.zeros((20, 52))
        for r in range(20):
            floor = Floor(one, 11, r, ahead)
            for week in range(52):
                joined[r, week] = floor.begin_week(week)["joined"]
                there[r, week] = floor.filled
                left[r, week] = floor.end_week(week, one.todays_loads)
        error = there.mean(axis=1).std(ddof=1) / np.sqrt(20)
        assert abs(there.mean() - one.today) < 4 * error
        assert error < 0.02 * one.today
        expected = one.turnover * there.mean() * 20
        for came_or_went in (left, joined):
            assert abs(came_or_went.sum() - expected) < 5 * np.sqrt(expected)


def test_who_is_more_than_today_joins_at_once_and_who_is_fewer_is_cut(tmp_path):
    center(tmp_path, "{people: 20}", weeks=3)
    (tmp_path / "center.yaml").rename(tmp_path / "today.yaml")
    for heads, names in ((24, ("joined_at_once", "hired")), (15, ("cut",))):
        file = tmp_path / "variant.yaml"
        file.write_text(f"based_on: today.yaml\nagents: {{people: {{heads: {heads}}}}}\n")
        planner = Planner(load(file), UNANCHORED._replace(loads={"agents": [0.1, 0.2, 0.3]}))
        counts = play(planner, 2, 0).tally.people[0, 0]
        for name in names:
            assert counts[name] >= abs(heads - 20) - 3
        if heads < 20:
            assert counts["on_floor"] == heads


def variant_of_today(folder: Path, people: str, weeks: int = 30) -> Planner:
    """Today has 40 people; the variant says more of them."""
    center(folder, "{people: 40, turnover: 100% per year}", weeks)
    (folder / "center.yaml").rename(folder / "today.yaml")
    (folder / "variant.yaml").write_text(f"based_on: today.yaml\nagents: {{people: {people}}}\n")
    anchors = UNANCHORED._replace(loads={"agents": [0.1, 0.2, 0.3]})
    return Planner(load(folder / "variant.yaml"), anchors)


def test_coaching_takes_time_and_lifts_engagement(tmp_path):
    """An hour is in shrinkage; three take 2 × 12 ÷ (52 × 40) of paid time off the floor."""
    usual, coached = (
        variant_of_today(tmp_path, people) for people in ("{coaching: 1}", "{coaching: 3}")
    )
    hours = [planner.seats.weeks[0].level.sum() / 4 for planner in (usual, coached)]
    assert hours[0] == pytest.approx(40 * 40 * 0.70, rel=0.01)
    assert hours[1] == pytest.approx(40 * 40 * (0.70 - 24 / 2080), rel=0.01)
    assert hours[1] < hours[0]
    (one,), (other,) = (planner.staffing(0) for planner in (usual, coached))
    assert (one.reacts.lift, other.reacts.lift) == (0.0, pytest.approx(0.04))
    assert other.reacts_in(-1).lift == 0.0


@pytest.mark.parametrize("change", ["{hiring: none}", "{early_leaving: 400%}", "{autonomy: 0.08}"])
def test_what_a_variant_changes_begins_with_the_horizon(tmp_path, change):
    """The floor of the first morning is today's: the same people, for as long."""
    today, variant = (
        Floor(variant_of_today(tmp_path, people).staffing(0)[0], 7, 0, 0.0)
        for people in ("{coaching: 1}", change)
    )
    assert today.filled > 30
    assert today.posts.tobytes() == variant.posts.tobytes()


def there_by_week(planner: Planner, times: int) -> np.ndarray:
    """[times, week] people on the floor at today's loads, with what is solved for today."""
    ahead = todays_ahead(planner.staffing(-1), ["agents"])["agents"]
    weeks = planner.scenario.spec.horizon.n_weeks
    there = np.zeros((times, weeks))
    for r in range(times):
        floor = Floor(planner.staffing(-1)[0], 11, r, ahead)
        for week in range(weeks):
            floor.staffing = planner.staffing(week)[0]
            floor.begin_week(week)
            there[r, week] = floor.filled
            floor.end_week(week, floor.staffing.todays_loads)
    return there


def test_a_cut_does_not_stop_hiring_for_those_who_leave_after_it(tmp_path):
    """Of 40 floors cut from 40 to 30, in the first week or in the 20th, so many are there later."""
    center(tmp_path, "{people: 40}", weeks=60)
    (tmp_path / "center.yaml").rename(tmp_path / "today.yaml")
    at_once = "agents: {people: {heads: 30}}"
    later = "initiatives: {cut: {from_week: 20, set: {agents: {people: {heads: 30}}}}}"
    for text, first in ((at_once, 0), (later, 19)):
        (tmp_path / "variant.yaml").write_text(f"based_on: today.yaml\n{text}\n")
        anchors = UNANCHORED._replace(loads={"agents": [0.1, 0.2, 0.3]})
        planner = Planner(load(tmp_path / "variant.yaml"), anchors)
        there = there_by_week(planner, 40)
        assert (there[:, first] <= 30).all()
        if first:
            assert there[:, :first].mean() > 35
        for week in range(first + 11, first + 40):
            assert there[:, week].mean() == pytest.approx(30.5, abs=1.2), (first, week)


def test_typed_classes_come_as_planned_and_nobody_else(tmp_path):
    """Of 40 floors of 40 people nobody is replaced, until 12 come from their class."""
    planner = variant_of_today(tmp_path, "{hiring: {classes: [{week: 5, people: 12}]}}", weeks=40)
    (staffing,) = planner.staffing(0)
    floor = Floor(staffing, 11, 0, 0.0)
    coming = sum(one.people for one in floor.classes)
    came = []
    for week in range(40):
        came.append(floor.begin_week(week)["joined"])
        floor.end_week(week, staffing.todays_loads)
    weeks_until = 4 + staffing.class_weeks
    assert came[weeks_until] >= 12
    assert sum(came) == coming + 12
    assert sum(came[weeks_until + 1 :]) == 0


def test_hiring_may_follow_demand(tmp_path):
    """With 30 % more contacts, 40 people become 52; with as many as today they stay 40."""
    people = "{people: {heads: 40, hiring: {follows: demand}}, turnover: 100% per year}"
    for factor, heads in ((1.0, 40), (1.3, 52), (0.8, 32)):
        center(tmp_path, people, weeks=80)
        (tmp_path / "center.yaml").rename(tmp_path / "today.yaml")
        typed = "based_on: today.yaml\ninitiatives: {growth: {from_week: 2, set: "
        volume = f"{{contacts: {{service: {{volume: {900 * factor:.0f} per week}}}}}}"
        (tmp_path / "variant.yaml").write_text(f"{typed}{volume}}}}}\n")
        anchors = UNANCHORED._replace(loads={"agents": [0.1, 0.2, 0.3]})
        planner = Planner(load(tmp_path / "variant.yaml"), anchors)
        there = there_by_week(planner, 40)
        assert planner.staffing(5)[0].aim(5) == heads
        assert there[:, 50:].mean() == pytest.approx(heads, abs=1.2)
        assert planner.staffing(5)[0].wanted(5) == 40


@pytest.mark.parametrize("people", ["40", "{heads: 40, " + SHIFTS + "}"])
def test_nobody_works_on_a_closed_day_and_all_are_paid(tmp_path, people):
    """Of a closed Wednesday no time is on duty; time still adds up, and pay is as ever."""
    file = tmp_path / "center.yaml"
    typed = CENTER.format(agents=f"{{people: {people}, turnover: 0% per year}}", weeks=2)
    anchors = UNANCHORED._replace(loads={"agents": [0.1, 0.2, 0.3]})
    plays = []
    for closed in ("", "closed: [2027-01-13]\n"):
        dated = typed.replace("horizon: {weeks: 2}", "horizon: {weeks: 2, start: 2027-01-04}")
        file.write_text(dated + closed)
        planner = Planner(load(file), anchors)
        plays.append((planner, play(planner, 1, 0).tally))
    (_, usual), (planner, tally) = plays
    wednesday = planner.seats.levels(1).level[0].reshape(7, -1)[2]
    assert not wednesday.any()
    people_of = tally.people[:, 0]
    worked = people_of["rostered_ms"] - people_of["away_ms"] - people_of["sick_ms"]
    assert (worked == tally.time["scheduled_ms"][:, 0]).all()
    assert tally.time["scheduled_ms"][1, 0] < 0.85 * usual.time["scheduled_ms"][1, 0]
    assert (people_of["on_floor"] == usual.people["on_floor"][:, 0]).all()

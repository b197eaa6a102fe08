"""Worlds that differ in one person: nothing moves but what follows from her."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.core.clock import CELLS_PER_DAY, MS_PER_DAY, MS_PER_WEEK
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.plan.staffing import rostered
from sim.scenario.load import load
from sim.weeks.play import play
from sim.weeks.workers import appear
from sim.weeks.workforce import Floor

CENTER = """\
name: center
contacts:
  service: {{volume: 900 per week, handle: 6 min, patience: 3 min, resolution: 70%}}
agents:
  people:
    heads: {heads}
    hiring: none
    reacts: none
    learning: none
    sickness: {sickness}
    shifts: {{full: {{length: 10 h, starts: 08:00, lunch: none, breaks: none}}}}
  turnover: {turnover} per year
  shrinkage: 20%
open: Mon-Fri 08:00-18:00
horizon: {{weeks: 4}}
"""
WEEKS = 104


def planner_of(folder: Path, heads=20, sickness="6%", turnover="35%") -> Planner:
    """The center with so many people, whose loads of today are known."""
    file = folder / "center.yaml"
    file.write_text(CENTER.format(heads=heads, sickness=sickness, turnover=turnover))
    return Planner(load(file), UNANCHORED._replace(loads={"agents": [0.1, 0.2, 0.3]}))


def history(planner: Planner) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """[week, post] who holds a post and by which luck; [week, post, cell] who is there."""
    (one,) = planner.staffing(0)
    floor = Floor(one, 5, 0, 0.0)
    level = planner.seats.weeks[0].level[0]
    filled, luck, there = [], [], []
    for week in range(WEEKS):
        floor.begin_week(week)
        present = np.zeros((len(floor.posts), 672), np.int8)
        roster = rostered(one, level, week)
        appear(floor.posts, *roster, one.sick, one.reacts, week, present, np.zeros(3, np.int64))
        filled.append(floor.posts.is_filled.copy())
        luck.append(np.where(floor.posts.is_filled, floor.posts.luck, 0))
        there.append(present)
        floor.end_week(week, one.todays_loads)
    return np.array(filled), np.array(luck), np.array(there)


def test_one_more_person_moves_nobody_else(tmp_path):
    """Everyone of the twenty holds her post as long, with the same luck and the same sick days."""
    of_20, of_21 = (history(planner_of(tmp_path, heads)) for heads in (20, 21))
    for one, other in zip(of_20[:2], of_21[:2], strict=True):
        assert (one[:, :20] == other[:, :20]).all()
    assert of_21[0][0].sum() == of_20[0][0].sum() + 1
    was_there = of_20[2][:, :20].reshape(WEEKS, 20, 7, CELLS_PER_DAY).max(axis=3)
    is_there = of_21[2][:, :20].reshape(WEEKS, 20, 7, CELLS_PER_DAY).max(axis=3)
    # Who is planned to be away follows the post, and who is sick the person.
    assert (was_there == is_there).all()


def test_a_little_more_turnover_takes_the_same_people_and_some_more(tmp_path):
    """Whoever leaves at 35 % has left at 40 %, too; whoever stays at 40 % was never touched."""
    usual, more = (history(planner_of(tmp_path, turnover=rate)) for rate in ("35%", "40%"))
    for a_week, another in zip(usual[0], more[0], strict=True):  # so does today's mix of tenures
        assert (another <= a_week).all()
    untouched = (usual[0] == more[0]).all(axis=0)
    assert 0 < np.count_nonzero(~untouched) < 10
    for one, other in zip(usual[1:], more[1:], strict=True):
        assert (one[:, untouched] == other[:, untouched]).all()


def test_a_little_more_sickness_is_more_days_of_the_same_people(tmp_path):
    """Nobody is there on a day at 7 % on which she is sick at 6 %; nothing else differs."""
    usual, more = (history(planner_of(tmp_path, sickness=share)) for share in ("6%", "7%"))
    assert (usual[0] == more[0]).all()
    assert (usual[1] == more[1]).all()
    assert (more[2] <= usual[2]).mean() > 0.99  # a little more is sick, so a little less is leave


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_contacts_are_the_same_until_somebody_more_is_sick(tmp_path, engine):
    """To the byte for those over before that day; later some differ."""
    plays, theres = [], []
    for sickness in ("6%", "6.5%"):
        planner = planner_of(tmp_path, sickness=sickness)
        replication = play(planner, 5, 0, engine=engine, keep_contacts=True)
        plays.append(np.concatenate(replication.contacts))
        theres.append(replication.tally.time["scheduled_ms"][:, 0])
    week = int(np.flatnonzero(theres[0] != theres[1])[0])
    before_ms = week * MS_PER_WEEK - MS_PER_DAY
    one, other = (rows[rows["left_ms"] < before_ms] for rows in plays)
    assert len(one) > 100 * week
    for column in set(one.dtype.names):
        assert one[column].tobytes() == other[column].tobytes(), column
    assert plays[0].tobytes() != plays[1].tobytes()


def test_less_engaged_people_please_less_and_nothing_else_differs(tmp_path):
    """Where people tire and it pleases customers less, contacts are the same to the byte."""
    worlds = []
    for slope in (0, 0.75):
        file = tmp_path / "center.yaml"
        typed = CENTER.format(heads=20, sickness="6%", turnover="0%")
        reacts = f"reacts: {{pace: 0, absence: 0, leaving: 0, quality: {slope}, speed: 0.5}}"
        file.write_text(typed.replace("reacts: none", reacts))
        planner = Planner(load(file), UNANCHORED._replace(loads={"agents": [0.0, 0.0, 0.0]}))
        worlds.append(play(planner, 5, 0, keep_contacts=True))
    one, other = worlds
    for span, another in zip(one.contacts, other.contacts, strict=True):
        for column in span.dtype.names:
            assert span[column].tobytes() == another[column].tobytes(), column
    engagement = one.tally.people["engagement_millionths"][:, 0]
    assert engagement[-1] < engagement[0]
    pleased, less = (w.tally.contacts["scored_high"].sum(axis=1) for w in worlds)
    assert less[0] == pleased[0]  # the first week begins with today's engagement
    assert (less[1:] < pleased[1:]).all()

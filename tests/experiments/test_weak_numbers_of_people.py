"""Numbers of people that nobody knows well: moved in today and in the variant, and played."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.domain.agents.engagement import SLOPES, EngagementSpec
from sim.experiments.weak_numbers import WEAK_NUMBERS, needs_play
from sim.scenario.load import load
from sim.scenario.scenario import Scenario

CENTER = """\
name: center
contacts: {service: {volume: 900 per week, handle: 6 min}}
agents: {AGENTS}
open: Mon-Fri 08:00-18:00
"""
OF_PEOPLE = {one.paths[0].split(".")[-1]: one for one in WEAK_NUMBERS if ".reacts." in one.paths[0]}
(TURNOVER,) = (one for one in WEAK_NUMBERS if one.paths == ("agents.*.turnover",))


def variant(folder: Path, agents: str) -> Scenario:
    """A variant of a center with these agents."""
    (folder / "center.yaml").write_text(CENTER.replace("{AGENTS}", agents))
    (folder / "variant.yaml").write_text(
        "based_on: center.yaml\nagents: {turnover: 40% per year}\n"
    )
    return load(folder / "variant.yaml")


def test_every_slope_is_believed():
    """None is left out, and each may be from none to 2.5 times what is typed."""
    assert set(OF_PEOPLE) == set(SLOPES)
    assert {(one.low, one.high) for one in OF_PEOPLE.values()} == {(0.0, 2.5)}


@pytest.mark.parametrize("slope", SLOPES)
def test_a_slope_moves_today_and_the_variant_alike(tmp_path, slope):
    """Twice the slope on every level of the chain; nothing else of how people react."""
    scenario = variant(tmp_path, "{people: 12}")
    moved = OF_PEOPLE[slope].times(scenario, 2.0)
    typed = EngagementSpec()
    wanted = typed.model_copy(update={slope: 2 * getattr(typed, slope)})
    assert OF_PEOPLE[slope].values(scenario.spec) == [getattr(typed, slope)]
    assert [level.spec.agents["agents"].people.reacts for level in moved.lineage] == [wanted] * 2


@pytest.mark.parametrize("agents", ["{positions: 12}", "{people: {heads: 12, reacts: none}}"])
def test_who_does_not_react_has_no_slopes(tmp_path, agents):
    """Nothing to believe where nothing is typed."""
    spec = variant(tmp_path, agents).spec
    assert [one.values(spec) for one in OF_PEOPLE.values()] == [[]] * len(SLOPES)


def test_turnover_is_played_where_people_leave_one_by_one(tmp_path):
    """For seats it is booked; of people it says who leaves."""
    assert needs_play(TURNOVER, [variant(tmp_path, "{people: 12}")])
    assert not needs_play(TURNOVER, [variant(tmp_path, "{positions: 12}")])

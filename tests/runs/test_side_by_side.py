"""Several runs side by side: each is what it is alone, and none outlives a failure."""

import threading
import time

import pytest

import sim
from sim.core.errors import ScenarioError
from sim.runs.kept import Player
from sim.runs.side_by_side import Crew, side_by_side
from tests.metrics.test_ledger import SMALL
from tests.runs.test_run import same

TINY = {**SMALL, "name": "tiny", "horizon": {"days": 1}, "replications": 3}


def prices(scenario_of, *amounts: int) -> list[sim.Scenario]:
    """The same center with another price each."""
    offer = TINY["offers"]["broadband"]
    worlds = [{**TINY, "offers": {"broadband": {**offer, "price": p}}} for p in amounts]
    return [scenario_of(world, name=f"{n}.yaml") for n, world in enumerate(worlds)]


def test_each_is_what_it_is_alone_and_in_order(scenario_of):
    scenarios = prices(scenario_of, 60, 90, 120)
    together = side_by_side(
        scenarios, lambda one, crew: sim.run(one, workers=2, crew=crew), 3, workers=2
    )
    for scenario, run in zip(scenarios, together, strict=True):
        assert run.scenario is scenario
        assert same(run, sim.run(scenario, workers=1))


def test_no_more_replications_at_once_than_workers(scenario_of):
    """Three runs with one worker: whoever works is alone."""
    at_work, most = [], []

    def play(scenario: sim.Scenario, crew: Crew) -> None:
        for _ in range(3):
            with crew.at_work():
                at_work.append(threading.get_ident())
                most.append(len(at_work))
                at_work.pop()

    list(side_by_side(prices(scenario_of, 60, 90, 120), play, 1, workers=1))
    assert most == [1] * 9


def test_twins_are_played_once(scenario_of, tmp_path):
    """The second finds what the first has kept, however many workers there are."""
    [scenario] = prices(scenario_of, 60)
    player = Player(tmp_path, None, None, "compiled", 4, "test")
    runs = list(player.play_all([scenario, scenario, scenario], lambda *told: None))
    assert [run.reused for run in runs] == [False, True, True]
    assert len({run.folder for run in runs}) == 1


def test_a_failure_ends_all(scenario_of):
    """What has not begun is never begun; a run that waits for a worker gets none."""
    begun, played_on = [], []

    def play(scenario: sim.Scenario, crew: Crew) -> None:
        begun.append(scenario)
        if len(begun) == 1:
            raise ScenarioError([], "broken")
        while not crew.is_over:
            time.sleep(0.001)
        with crew.at_work():
            played_on.append(scenario)

    with pytest.raises(ScenarioError):
        next(side_by_side(prices(scenario_of, 60, 90, 120, 150), play, 4, workers=2))
    assert not played_on
    assert len(begun) < 4

"""Other worlds, played with few replications: a rough guide to numbers that need play."""

from __future__ import annotations

from sim.runs.kept import Advance, Bar
from sim.runs.run import Run, run
from sim.runs.side_by_side import Crew, side_by_side
from sim.scenario.scenario import Scenario
from sim.weeks.pilot import solve_anchors

REPLICATIONS = 2


class Few:
    """Plays scenarios with the luck of a run's first replications; none is played twice."""

    def __init__(self, of: Run, workers: int | None = None, advance: Advance | None = None) -> None:
        self.replications = min(of.replications, REPLICATIONS)
        self._seed, self._workers, self._advance = of.seed, workers, advance
        self._played: dict[str, Run] = {}

    def __call__(self, *scenarios: Scenario) -> list[Run]:
        """The runs of scenarios, in their order; the new ones are played side by side."""
        new = {one.hash: one for one in scenarios if one.hash not in self._played}
        weeks = [self.replications * one.spec.horizon.n_weeks for one in new.values()]
        bar = Bar(self._advance or (lambda label, done, total: None), weeks)

        def play(scenario: Scenario, crew: Crew) -> Run:
            return run(
                scenario,
                replications=self.replications,
                seed=self._seed,
                workers=self._workers,
                anchors=solve_anchors(scenario, self._seed),
                progress=bar.part("what the verdicts ask to believe"),
                crew=crew,
            )

        n = self.replications
        played = side_by_side(list(new.values()), play, n, workers=self._workers)
        self._played |= dict(zip(new, played, strict=True))
        return [self._played[one.hash] for one in scenarios]

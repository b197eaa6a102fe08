"""Other worlds, played with few replications: a rough guide to numbers that need play."""

from __future__ import annotations

from sim.runs.kept import Advance, Bar
from sim.runs.run import Run, run, with_more
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

    def __call__(self, *scenarios: Scenario, replications: int | None = None) -> list[Run]:
        """The runs of scenarios, in their order, with so many replications, all unless told.

        What is new of them is played side by side.
        """
        n = replications or self.replications
        new = {one.hash: one for one in scenarios if self._missing(one, n)}
        weeks = [self._missing(one, n) * one.spec.horizon.n_weeks for one in new.values()]
        bar = Bar(self._advance or (lambda label, done, total: None), weeks)

        def play(scenario: Scenario, crew: Crew) -> Run:
            progress = bar.part("what the verdicts ask to believe")
            how = {"workers": self._workers, "progress": progress, "crew": crew}
            if known := self._played.get(scenario.hash):
                return with_more(known, n, **how)
            anchors = solve_anchors(scenario, self._seed)
            return run(scenario, replications=n, seed=self._seed, anchors=anchors, **how)

        played = side_by_side(list(new.values()), play, n, workers=self._workers)
        self._played |= dict(zip(new, played, strict=True))
        return [self._played[one.hash].first(n) for one in scenarios]

    def _missing(self, scenario: Scenario, replications: int) -> int:
        """How many of its replications have not been played yet."""
        known = self._played.get(scenario.hash)
        return max(0, replications - (known.replications if known else 0))

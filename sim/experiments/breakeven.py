"""The search for a break-even: plays a scenario at a value, and holds it against its baseline."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING, Any

from sim.runs.kept import Player

if TYPE_CHECKING:
    from sim.core.statistics import Estimate
    from sim.experiments.parameter import Range
    from sim.runs.run import Run
    from sim.scenario.scenario import Scenario


class BreakEvenSearch:
    """Plays the scenario at a value of its parameter, and holds it against the baseline."""

    def __init__(
        self,
        variant: Scenario,
        named: str | None,
        sets: tuple[str, ...],
        path: str,
        wanted: Range,
        metric: str,
        quick: bool,
        how: Player,
        progress: Callable[[], AbstractContextManager[Callable[[str, int, int], None]]],
    ) -> None:
        from sim.experiments.facts import is_fact

        self.variant, self.named, self.sets = variant, named, sets
        self.path, self.wanted = path, wanted
        self.is_fact = is_fact(variant, f"{path}=0")
        self.metric, self.quick, self.how = metric, quick, how
        self.progress = progress
        self.played: dict[float, str] = {}  # value → the name of its run's folder
        self.measured: list[dict[str, Any]] = []  # of the scenario at each value
        self.runs = self.reused = 0

    def check_ends(self) -> None:
        """Raise ScenarioError before anything is played if an end of the range is not legal."""
        for end in (self.wanted.low, self.wanted.high):
            self._loaded(end)

    def play_base(self, scenario: Scenario) -> None:
        """Play the baseline, which everything is held against."""
        scenario = scenario.shortened() if self.quick else scenario
        self.base, self.base_folder = self._play(scenario, scenario.spec.name)

    def difference(self, x: float) -> Estimate:
        """D(x): the scenario at x less the baseline, paired, over the horizon."""
        from sim.core.statistics import difference

        label, scenario = f"{self.path}={self.text(x)}", self._loaded(x)
        run, self.played[x] = self._play(scenario, label)
        base = self.base
        if self.is_fact:
            base, _ = self._play(self._base_at(x), f"baseline at {label}")
        self.measured.append(run.samples)
        return difference(base.samples[self.metric], run.samples[self.metric])

    def has_no_effect(self) -> bool:
        """Whether all that was played at other values came out alike."""
        from sim.experiments.comparison import are_alike

        return are_alike(self.measured)

    def not_judged(self) -> list[str]:
        """Initiatives that what was played does not reach."""
        from sim.scenario.check_initiatives import not_reached

        scenario = self.variant.shortened() if self.quick else self.variant
        return not_reached(scenario.spec)

    def text(self, x: float) -> str:
        """A value as `--set` takes it."""
        from sim.experiments.axes import number_text

        return number_text(self.wanted.unit, x)

    def shown(self, x: float) -> str:
        """A value to a tenth of the tolerance."""
        from sim.experiments.roots import TOLERANCE, rounded_to

        span = self.wanted.high - self.wanted.low
        step = 1.0 if self.wanted.whole else TOLERANCE * span / 10.0
        return self.text(rounded_to(x, step))

    def _loaded(self, x: float) -> Scenario:
        from sim.scenario.load import again

        texts = [f"{self.path}={self.text(x)}"]
        scenario = (
            again(self.variant, everywhere=texts) if self.is_fact else again(self.variant, texts)
        )
        return scenario.shortened() if self.quick else scenario

    def _base_at(self, x: float) -> Scenario:
        """The baseline at a value that is the same in both."""
        from sim.experiments.baseline import baseline_of
        from sim.scenario.load import again

        texts = [f"{self.path}={self.text(x)}"]
        variant = again(self.variant, everywhere=texts)
        scenario = baseline_of(variant, self.named, [*self.sets, *texts]).scenario
        return scenario.shortened() if self.quick else scenario

    def _play(self, scenario: Scenario, label: str) -> tuple[Run, str]:
        with self.progress() as advance:
            run, folder, reused = self.how.play(scenario, partial(advance, label))
        self.runs += 1
        self.reused += reused
        return run, folder.name

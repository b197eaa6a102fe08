"""Break-even: at which value of a parameter is a scenario worth no more than its baseline?

The question, checked and answered; roots.py searches.

A fact of the world has one value in the scenario and in the baseline, which is then played at each
value too. A decision changes in the scenario alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sim.core.statistics import Estimate, Sample, difference
from sim.experiments.axes import number_text, refuse
from sim.experiments.baseline import Baseline, baseline_of
from sim.experiments.comparison import are_alike, check_pairable
from sim.experiments.facts import is_fact, moved
from sim.experiments.judging import CONTAINS
from sim.experiments.parameter import Range, range_of
from sim.experiments.roots import TOLERANCE, Answer, answer_text, find_roots, rounded_to
from sim.metrics import METRICS
from sim.metrics.check_metrics import check_metrics
from sim.runs.kept import KeptRun, play_unkept
from sim.runs.run import Run
from sim.scenario.check_initiatives import not_reached
from sim.scenario.load import again, load
from sim.scenario.scenario import Scenario

STUDY = (
    "seed",
    "replications",
    "horizon",
    "name",
    "question",
    "currency",
    "decide_on",
    "matters_from",
)
"""What says how a scenario is studied: both sides of a comparison share it."""
Play = Callable[[Scenario, str], KeptRun]
"""Plays a scenario; the text says at which value of what."""


class BreakEven(NamedTuple):
    """What was found, and what was played for it."""

    variant: Scenario
    """As it was played: of a first look, the short one."""
    base: KeptRun
    baseline_from: str
    """Why the baseline is one: `based_on center.yaml`."""
    metric: str
    parameter: str
    unit: str
    """In which the values of the parameter are: `per hour`, `%`, or nothing."""
    answer: Answer
    sentence: str
    folders: dict[float, str]
    """Value → the name of the folder of its run."""
    played: int
    """Runs, those of the baseline included."""
    reused: int
    """Those of them that were there already."""


class BreakEvenSearch:
    """A question that can be answered: all that can be refused is refused before it is played."""

    def __init__(
        self,
        variant: Scenario,
        path: str,
        *,
        between: str | None = None,
        named: str | None = None,
        sets: Sequence[str] = (),
        quick: bool = False,
    ) -> None:
        """Check the question; `between` is a range as typed, `named` the file of a baseline.

        `sets` are about the world that both share. Raises ScenarioError, or ComparisonError where
        the two cannot be paired.
        """
        check_comparable(path)
        self.variant, self.path, self.named, self.sets = variant, path, named, tuple(sets)
        self.quick, self.metric = quick, variant.spec.decide_on
        self.wanted: Range = range_of(variant, path, between)
        self.baseline: Baseline = baseline_of(variant, named, self.sets)
        for loaded in (variant, self.baseline.scenario):
            check_metrics(loaded)
        self.is_fact = is_fact(variant, f"{path}=0")
        self.folders: dict[float, str] = {}
        self.measured: list[dict[str, Sample]] = []  # of the scenario at each value
        self.played = self.reused = 0

    def check_ends(self) -> None:
        """Raise ScenarioError or ComparisonError where an end of the range cannot be played."""
        check_pairable(self.baseline.scenario.spec, self.variant.spec)
        for end in (self.wanted.low, self.wanted.high):
            self._loaded(end)

    def moved(self) -> str:
        """The line that says in which scenarios the parameter moves."""
        return moved(self.variant, f"{self.path}=0")

    def answer(self, play: Play) -> BreakEven:
        """Play the baseline, then the scenario at as many values as it takes."""
        shortened = self._shortened(self.variant)
        scenario = self._shortened(self.baseline.scenario)
        base = self._counted(play, scenario, scenario.spec.name)
        found = find_roots(
            lambda x: self._difference(play, base.run, x),
            self.wanted.low,
            self.wanted.high,
            whole=self.wanted.whole,
        )
        unit = self.wanted.unit
        return BreakEven(
            shortened,
            base,
            self.baseline.source,
            self.metric,
            self.path,
            " ".join(part for part in (unit.suffix, unit.unit) if part),
            found,
            self._sentence(found, shortened),
            self.folders,
            self.played,
            self.reused,
        )

    def _sentence(self, found: Answer, scenario: Scenario) -> str:
        """The answer, whether nothing hangs on the parameter, and what was not reached."""
        better = -1 if METRICS[self.metric].better == "lower" else 1
        parts = [answer_text(found, self._shown, CONTAINS, better)]
        if are_alike(self.measured):
            parts.append(f"{self.path} has no effect")
        return "; ".join([*parts, *not_reached(scenario.spec)])

    def _difference(self, play: Play, base: Run, x: float) -> Estimate:
        """D(x): the scenario at x less the baseline, paired, over the horizon."""
        label, scenario = f"{self.path}={self._text(x)}", self._loaded(x)
        kept = self._counted(play, scenario, label)
        self.folders[x] = kept.folder.name
        if self.is_fact:
            base = self._counted(play, self._base_at(x), f"baseline at {label}").run
        one, two = (run.against(base).samples for run in (base, kept.run))
        self.measured.append(two)
        return difference(one[self.metric], two[self.metric])

    def _counted(self, play: Play, scenario: Scenario, label: str) -> KeptRun:
        kept = play(scenario, label)
        self.played += 1
        self.reused += kept.reused
        return kept

    def _text(self, x: float) -> str:
        """A value as `--set` takes it."""
        return number_text(self.wanted.unit, x)

    def _shown(self, x: float) -> str:
        """A value to a tenth of the tolerance."""
        span = self.wanted.high - self.wanted.low
        step = 1.0 if self.wanted.whole else TOLERANCE * span / 10.0
        return self._text(rounded_to(x, step))

    def _loaded(self, x: float) -> Scenario:
        texts = [f"{self.path}={self._text(x)}"]
        if self.is_fact:
            return self._shortened(again(self.variant, everywhere=texts))
        return self._shortened(again(self.variant, texts))

    def _base_at(self, x: float) -> Scenario:
        """The baseline at a value that is the same in both."""
        texts = [f"{self.path}={self._text(x)}"]
        variant = again(self.variant, everywhere=texts)
        return self._shortened(baseline_of(variant, self.named, [*self.sets, *texts]).scenario)

    def _shortened(self, scenario: Scenario) -> Scenario:
        return scenario.shortened() if self.quick else scenario


def check_comparable(path: str) -> None:
    """Refuse what says how a scenario is studied: both sides of a comparison share it."""
    if path.split(".")[0] in STUDY:
        what = "both sides share this, so there is nothing to break even over"
        refuse("PATH", path, what, f"write ccprofit run SCENARIO --set {path}=VALUE")


def break_even(
    file: str,
    path: str,
    *,
    between: str | None = None,
    base: str | None = None,
    set: Sequence[str] = (),
    quick: bool = False,
    workers: int | None = None,
) -> BreakEven:
    """Find where a scenario earns no more than its baseline, by what decides there.

    `path` is the parameter, such as "offers.broadband.price"; `between` a range such as "0:200",
    else that of its lever, or 0 to twice its value; `base` the file of the baseline, else that on
    which the scenario is based, else itself without offers. `set` is about the world that both
    share. Nothing is kept on disk.

    Raises ScenarioError, or ComparisonError where the two cannot be paired.
    """
    variant = load(file, everywhere=tuple(set))
    search = BreakEvenSearch(variant, path, between=between, named=base, sets=set, quick=quick)
    search.check_ends()
    return search.answer(lambda scenario, _: play_unkept(scenario, workers))

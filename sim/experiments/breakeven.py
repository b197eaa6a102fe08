"""Break-even: at which value of a parameter is a scenario worth no more than its baseline?

This file checks and answers the question; roots.py searches. A fact of the world has one value in
the scenario and in the baseline, which is then played at each value too. A decision changes in the
scenario alone.
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
from sim.experiments.level import AGAINST_A_BASELINE, Level, level_text, read_level
from sim.experiments.parameter import Range, range_of
from sim.experiments.roots import TOLERANCE, Answer, answer_text, find_roots, rounded_to
from sim.metrics import METRICS, check_names
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
"""Keys that say how a scenario is studied; both sides of a comparison share them."""
Play = Callable[[Scenario, str], KeptRun]
"""Plays a scenario; the text names it for the progress bar."""


class Question(NamedTuple):
    """What is asked of a parameter, as it is typed."""

    path: str
    """The parameter, such as `offers.broadband.price`."""
    between: str | None = None
    """Where to look, such as `0:200`; None: in the lever's range, or from 0 to twice the value."""
    base: str | None = None
    """The file of the baseline; None: that on which the scenario is based, or it without offers."""
    sets: tuple[str, ...] = ()
    """What `--set` changes in the scenario and in the baseline."""
    metric: str = ""
    """Empty: the metric that decides."""
    level: str = ""
    """Where the scenario itself reaches this, such as `80%`; empty: where both are alike."""
    quick: bool = False


class BreakEven(NamedTuple):
    """What was found, and what was played for it."""

    variant: Scenario
    """As it was played: shortened by `--quick`."""
    base: KeptRun
    baseline_from: str
    """Why the baseline is one: `based_on center.yaml`."""
    metric: str
    parameter: str
    unit: str
    """The unit of the parameter's values: `per hour`, `%`, or nothing."""
    answer: Answer
    level: Level | None
    """The level that was asked for; None: the baseline's was."""
    sentence: str
    folders: dict[float, str]
    """Value → the name of the folder of its run."""
    played: int
    """How many runs, those of the baseline included."""
    reused: int
    """How many of them had been played before."""


class BreakEvenSearch:
    """Answers a question; whatever can be refused is refused before anything is played."""

    def __init__(self, variant: Scenario, asked: Question) -> None:
        """Check the question; raises ScenarioError, with a remedy, where it cannot be answered."""
        check_comparable(asked.path)
        self.variant, self.asked = variant, asked
        check_names("--metric", (asked.metric,) if asked.metric else ())
        self.metric = asked.metric or variant.spec.decide_on
        self.level = read_level(variant, self.metric, asked.level) if asked.level else None
        self.wanted: Range = range_of(variant, asked.path, asked.between)
        self.baseline: Baseline = self._baseline(variant, asked.sets)
        for loaded in (variant, self.baseline.scenario):
            check_metrics(loaded)
        self.is_fact = is_fact(variant, f"{asked.path}=0")
        self.folders: dict[float, str] = {}
        self.measured: list[dict[str, Sample]] = []  # of the scenario at each value
        self.played = self.reused = 0

    def _baseline(self, variant: Scenario, sets: Sequence[str]) -> Baseline:
        """The baseline; a scenario that is to reach a level of its own is its own."""
        if self._stands_alone:
            return Baseline(variant, "as it is")
        return baseline_of(variant, self.asked.base, sets)

    def check_ends(self) -> None:
        """Raise ScenarioError or ComparisonError where an end of the range cannot be played."""
        check_pairable(self.baseline.scenario.spec, self.variant.spec)
        for end in (self.wanted.low, self.wanted.high):
            self._loaded(end)

    def moved(self) -> str:
        """The line that says in which scenarios the parameter moves."""
        return moved(self.variant, f"{self.asked.path}=0")

    def answer(self, play: Play) -> BreakEven:
        """Play the baseline, then the scenario at as many values as the search needs."""
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
            self.asked.path,
            " ".join(part for part in (unit.suffix, unit.unit) if part),
            found,
            self.level,
            self._sentence(found, shortened),
            self.folders,
            self.played,
            self.reused,
        )

    def _sentence(self, found: Answer, scenario: Scenario) -> str:
        """The answer, whether the parameter has no effect, and what the horizon did not reach."""
        better = -1 if METRICS[self.metric].better == "lower" else 1
        if self.level:
            parts = [level_text(self.level, found, self.asked.path, self._shown, CONTAINS)]
        else:
            parts = [answer_text(found, self._shown, CONTAINS, better)]
        if are_alike(self.measured):
            parts.append(f"{self.asked.path} has no effect")
        return "; ".join([*parts, *not_reached(scenario.spec)])

    def _difference(self, play: Play, base: Run, x: float) -> Estimate:
        """D(x), over the horizon: the scenario at x minus the baseline, paired; where a level is
        asked for, the scenario at x minus that level.
        """
        label, scenario = f"{self.asked.path}={self._text(x)}", self._loaded(x)
        kept = self._counted(play, scenario, label)
        self.folders[x] = kept.folder.name
        if self.is_fact and not self._stands_alone:
            base = self._counted(play, self._base_at(x), f"baseline at {label}").run
        one, two = (run.against(base).samples for run in (base, kept.run))
        self.measured.append(two)
        if self.level:
            return self.level.gap(two[self.metric])
        return difference(one[self.metric], two[self.metric])

    @property
    def _stands_alone(self) -> bool:
        return self.level is not None and self.metric not in AGAINST_A_BASELINE

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
        texts = [f"{self.asked.path}={self._text(x)}"]
        if self.is_fact:
            return self._shortened(again(self.variant, everywhere=texts))
        return self._shortened(again(self.variant, texts))

    def _base_at(self, x: float) -> Scenario:
        """The baseline where the scenario and it have the same value."""
        texts = [f"{self.asked.path}={self._text(x)}"]
        variant = again(self.variant, everywhere=texts)
        return self._shortened(self._baseline(variant, [*self.asked.sets, *texts]).scenario)

    def _shortened(self, scenario: Scenario) -> Scenario:
        return scenario.shortened() if self.asked.quick else scenario


def check_comparable(path: str) -> None:
    """Raise ScenarioError for a path of STUDY."""
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
    metric: str = "",
    level: str = "",
    quick: bool = False,
    workers: int | None = None,
) -> BreakEven:
    """Find the value of a parameter at which a scenario earns no more than its baseline.

    `path` is the parameter, such as "offers.broadband.price". `between` is a range such as "0:200";
    by default that of its lever, or from 0 to twice its value. `base` is the file of the baseline;
    by default the file on which the scenario is based, or the scenario itself without offers. `set`
    changes the scenario and the baseline. `metric` names another metric than `decide_on`. With a
    `level`, such as "0" or "80%", the value is found at which the scenario itself reaches it.
    Nothing is kept on disk.

    Raises ScenarioError, or ComparisonError where the two cannot be paired.
    """
    variant = load(file, everywhere=tuple(set))
    asked = Question(path, between, base, tuple(set), metric, level, quick)
    search = BreakEvenSearch(variant, asked)
    search.check_ends()
    return search.answer(lambda scenario, _: play_unkept(scenario, workers))

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
    level: Level | None
    """What was to be reached; None: the level of the baseline."""
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
        metric: str = "",
        level: str = "",
    ) -> None:
        """Check the question; `between` is a range as typed, `named` the file of a baseline.

        `sets` are about the world that both share. `metric` is the one that decides unless it is
        named; with a `level` as typed the question is where the scenario itself reaches that.
        Raises ScenarioError, or ComparisonError where the two cannot be paired.
        """
        check_comparable(path)
        self.variant, self.path, self.named, self.sets = variant, path, named, tuple(sets)
        check_names("--metric", (metric,) if metric else ())
        self.quick, self.metric = quick, metric or variant.spec.decide_on
        self.level = read_level(variant, self.metric, level) if level else None
        self.wanted: Range = range_of(variant, path, between)
        self.baseline: Baseline = self._baseline(self.variant, self.sets)
        for loaded in (variant, self.baseline.scenario):
            check_metrics(loaded)
        self.is_fact = is_fact(variant, f"{path}=0")
        self.folders: dict[float, str] = {}
        self.measured: list[dict[str, Sample]] = []  # of the scenario at each value
        self.played = self.reused = 0

    def _baseline(self, variant: Scenario, sets: Sequence[str]) -> Baseline:
        """What the scenario is held against; a level of its own stands alone."""
        if self._stands_alone:
            return Baseline(variant, "as it is")
        return baseline_of(variant, self.named, sets)

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
            self.level,
            self._sentence(found, shortened),
            self.folders,
            self.played,
            self.reused,
        )

    def _sentence(self, found: Answer, scenario: Scenario) -> str:
        """The answer, whether nothing hangs on the parameter, and what was not reached."""
        better = -1 if METRICS[self.metric].better == "lower" else 1
        if self.level:
            parts = [level_text(self.level, found, self.path, self._shown, CONTAINS)]
        else:
            parts = [answer_text(found, self._shown, CONTAINS, better)]
        if are_alike(self.measured):
            parts.append(f"{self.path} has no effect")
        return "; ".join([*parts, *not_reached(scenario.spec)])

    def _difference(self, play: Play, base: Run, x: float) -> Estimate:
        """D(x): the scenario at x less the baseline, paired, over the horizon; or its level less
        the one that is to be reached.
        """
        label, scenario = f"{self.path}={self._text(x)}", self._loaded(x)
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
        texts = [f"{self.path}={self._text(x)}"]
        if self.is_fact:
            return self._shortened(again(self.variant, everywhere=texts))
        return self._shortened(again(self.variant, texts))

    def _base_at(self, x: float) -> Scenario:
        """The baseline at a value that is the same in both."""
        texts = [f"{self.path}={self._text(x)}"]
        variant = again(self.variant, everywhere=texts)
        return self._shortened(self._baseline(variant, [*self.sets, *texts]).scenario)

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
    metric: str = "",
    level: str = "",
    quick: bool = False,
    workers: int | None = None,
) -> BreakEven:
    """Find where a scenario earns no more than its baseline, by what decides there.

    `path` is the parameter, such as "offers.broadband.price"; `between` a range such as "0:200",
    else that of its lever, or 0 to twice its value; `base` the file of the baseline, else that on
    which the scenario is based, else itself without offers. `set` is about the world that both
    share. `metric` is another than the one that decides. With a `level` such as "0" or "80%" the
    question is where the scenario itself reaches it. Nothing is kept on disk.

    Raises ScenarioError, or ComparisonError where the two cannot be paired.
    """
    variant = load(file, everywhere=tuple(set))
    asked = {"between": between, "named": base, "sets": set, "metric": metric, "level": level}
    search = BreakEvenSearch(variant, path, quick=quick, **asked)
    search.check_ends()
    return search.answer(lambda scenario, _: play_unkept(scenario, workers))

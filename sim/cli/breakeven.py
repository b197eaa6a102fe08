"""`ccprofit breakeven`: at which value of a parameter is a scenario worth no more than its base?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import as_json as json_option
from sim.cli.options import sets as sets_option
from sim.cli.playing import How, execution, how_to_play, progress, say_understood
from sim.cli.streams import visible

if TYPE_CHECKING:
    from sim.breakeven import Answer
    from sim.cli.parameter import Range
    from sim.estimate import Estimate
    from sim.experiment import Run
    from sim.scenario import Scenario


@click.command("breakeven", short_help="Find the value at which a scenario gains nothing.")
@click.argument("scenario")
@click.argument("path")
@click.option("--between", metavar="A:B", help="Where to look; else the lever, or 0 to twice.")
@click.option("--base", metavar="SCENARIO", help="The baseline; else based_on, else offers never.")
@sets_option
@execution
@json_option
def command(
    scenario: str,
    path: str,
    between: str | None,
    base: str | None,
    sets: tuple[str, ...],
    quick: bool,
    as_json: bool,
    **execution: Any,
) -> None:
    """Find where a scenario earns no more than its baseline, by its decide_on.

    A fact of the world (show says "environment" or "outcome") has one value in the scenario and in
    the baseline. A decision, or what a file above the root types itself, changes in the scenario
    alone. --set is about the world that both share. Every value that is tried is a run, kept as
    `run` keeps it, and found again the next time.

    \b
    Examples:
      ccprofit breakeven scenarios/cross-sell-always.yaml offers.broadband.price --quick
      ccprofit breakeven my-idea.yaml agents.generalists.wage
        --between "16:22 per hour" --base my-center.yaml
    """
    from sim.breakeven import find_roots
    from sim.cli.baseline import baseline_of
    from sim.cli.parameter import range_of
    from sim.comparison import check_pairable
    from sim.expectations import check_metrics
    from sim.facts import moved
    from sim.scenario import load

    variant = load(scenario, everywhere=sets)
    check_comparable(path)
    wanted = range_of(variant, path, between)
    baseline = baseline_of(variant, base, sets)
    for loaded in (variant, baseline.scenario):
        check_metrics(loaded)
    say_understood(variant)
    check_pairable(baseline.scenario.spec, variant.spec)
    seek = _Seek(variant, base, sets, path, wanted, variant.spec.decide_on, quick,
                 how_to_play(quick=quick, **execution))  # fmt: skip
    seek.check_ends()
    click.echo(moved(variant, f"{path}=0"), err=True)
    seek.play_base(baseline.scenario)
    answer = find_roots(seek.difference, wanted.low, wanted.high, whole=wanted.whole)
    names = {"scenario": variant.spec.name, "baseline": baseline.scenario.spec.name}
    _tell(answer, seek, {**names, "baseline_from": baseline.source}, as_json)


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


def check_comparable(path: str) -> None:
    """Refuse what says how a scenario is studied: both sides of a comparison share it."""
    from sim.vary import refuse

    if path.split(".")[0] in STUDY:
        what = "both sides share this, so there is nothing to break even over"
        refuse("PATH", path, what, f"write ccprofit run SCENARIO --set {path}=VALUE")


class _Seek:
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
        how: How,
    ) -> None:
        from sim.facts import is_fact

        self.variant, self.named, self.sets = variant, named, sets
        self.path, self.wanted = path, wanted
        self.is_fact = is_fact(variant, f"{path}=0")
        self.metric, self.quick, self.how = metric, quick, how
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
        from sim.estimate import difference
        from sim.metrics import facts_of, measure

        label, scenario = f"{self.path}={self.text(x)}", self._loaded(x)
        run, self.played[x] = self._play(scenario, label)
        base = self.base
        if self.is_fact:
            base, _ = self._play(self._base_at(x), f"baseline at {label}")
        one, two = (measure(facts_of(r)) for r in (base, run))
        self.measured.append(two)
        return difference(one[self.metric], two[self.metric])

    def has_no_effect(self) -> bool:
        """Whether all that was played at other values came out alike."""
        from sim.comparison import are_alike

        return are_alike(self.measured)

    def not_judged(self) -> list[str]:
        """Initiatives that what was played does not reach."""
        from sim.initiatives import not_reached

        scenario = self.variant.shortened() if self.quick else self.variant
        return not_reached(scenario.spec)

    def text(self, x: float) -> str:
        """A value as `--set` takes it."""
        from sim.vary import number_text

        return number_text(self.wanted.unit, x)

    def shown(self, x: float) -> str:
        """A value to a tenth of the tolerance."""
        from sim.breakeven import TOLERANCE, rounded_to

        span = self.wanted.high - self.wanted.low
        step = 1.0 if self.wanted.whole else TOLERANCE * span / 10.0
        return self.text(rounded_to(x, step))

    def _loaded(self, x: float) -> Scenario:
        from sim.scenario import again

        texts = [f"{self.path}={self.text(x)}"]
        scenario = (
            again(self.variant, everywhere=texts) if self.is_fact else again(self.variant, texts)
        )
        return scenario.shortened() if self.quick else scenario

    def _base_at(self, x: float) -> Scenario:
        """The baseline at a value that is the same in both."""
        from sim.cli.baseline import baseline_of
        from sim.scenario import again

        texts = [f"{self.path}={self.text(x)}"]
        variant = again(self.variant, everywhere=texts)
        scenario = baseline_of(variant, self.named, [*self.sets, *texts]).scenario
        return scenario.shortened() if self.quick else scenario

    def _play(self, scenario: Scenario, label: str) -> tuple[Run, str]:
        with progress() as advance:
            run, folder, reused = self.how.play(scenario, partial(advance, label))
        self.runs += 1
        self.reused += reused
        return run, folder.name


def _tell(answer: Answer, seek: _Seek, names: dict[str, str], as_json: bool) -> None:
    from sim.breakeven import answer_text
    from sim.comparison import CONTAINS
    from sim.metrics import METRICS

    better = -1 if METRICS[seek.metric].better == "lower" else 1
    text = answer_text(answer, seek.shown, CONTAINS, better)
    if seek.has_no_effect():
        text = f"{text}; {seek.path} has no effect"
    text = "; ".join([text, *seek.not_judged()])
    if as_json:
        from sim.cli.printing import say_json

        say_json({**names, **_facts(answer, seek), "answer": text})
        return
    against = f"{names['scenario']} against {names['baseline']} ({names['baseline_from']})"
    click.echo(visible(against))
    verb = "break-even of" if not answer.roots or len(answer.roots) > 1 else "breaks even at"
    joint = ":" if verb.endswith("of") else " ="
    click.echo(f"{seek.metric.replace('_', ' ')} {verb} {seek.path}{joint} {text}")
    click.echo(f"{seek.runs} runs in {seek.how.out}, {seek.reused} of them reused")


def _facts(answer: Answer, seek: _Seek) -> dict[str, Any]:
    from sim.comparison import CONTAINS
    from sim.report.machine import estimate_facts

    unit = seek.wanted.unit
    return {
        "metric": seek.metric,
        "parameter": seek.path,
        "unit": " ".join(part for part in (unit.suffix, unit.unit) if part),
        "between": [answer.low, answer.high],
        "roots": [root._asdict() for root in answer.roots],
        "intervals_contain": CONTAINS,
        "seed": seek.base.seed,
        "replications": seek.base.replications,
        "baseline_run": seek.base_folder,
        "evaluated": [
            {"at": x, "run": seek.played[x], "difference": estimate_facts(e)}
            for x, e in answer.evaluated
        ],
    }

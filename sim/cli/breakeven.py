"""`ccprofit breakeven`: at which value of a parameter is a scenario worth no more than its base?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import as_json as json_option
from sim.cli.options import sets as sets_option
from sim.cli.playing import execution, how_to_play, progress, say_understood
from sim.cli.streams import visible
from sim.experiments.breakeven import BreakEvenSearch, Question

if TYPE_CHECKING:
    from sim.experiments.roots import Answer


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
    from sim.experiments.baseline import baseline_of
    from sim.experiments.comparison import check_pairable
    from sim.experiments.facts import moved
    from sim.experiments.parameter import range_of
    from sim.experiments.roots import find_roots
    from sim.metrics.check_metrics import check_metrics
    from sim.scenario.load import load

    variant = load(scenario, everywhere=sets)
    check_comparable(path)
    wanted = range_of(variant, path, between)
    baseline = baseline_of(variant, base, sets)
    for loaded in (variant, baseline.scenario):
        check_metrics(loaded)
    say_understood(variant)
    check_pairable(baseline.scenario.spec, variant.spec)
    asked = Question(variant, base, sets, path, wanted, quick)
    seek = BreakEvenSearch(asked, how_to_play(quick=quick, **execution), progress)
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
    from sim.experiments.axes import refuse

    if path.split(".")[0] in STUDY:
        what = "both sides share this, so there is nothing to break even over"
        refuse("PATH", path, what, f"write ccprofit run SCENARIO --set {path}=VALUE")


def _tell(answer: Answer, seek: BreakEvenSearch, names: dict[str, str], as_json: bool) -> None:
    from sim.experiments.comparison import CONTAINS
    from sim.experiments.roots import answer_text
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


def _facts(answer: Answer, seek: BreakEvenSearch) -> dict[str, Any]:
    from sim.experiments.comparison import CONTAINS
    from sim.report.as_json import estimate_facts

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

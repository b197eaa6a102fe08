"""`ccprofit breakeven`: at which value of a parameter does a scenario gain nothing?"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from sim.cli.options import as_json as json_option
from sim.cli.options import markdown as markdown_option
from sim.cli.options import sets as sets_option
from sim.cli.playing import execution, how_to_play, progress, say_aside, say_understood
from sim.cli.printing import say_json, say_pages


@click.command("breakeven", short_help="Find the value at which a scenario gains nothing.")
@click.argument("scenario")
@click.argument("path")
@click.option(
    "--between",
    metavar="LOW:HIGH",
    help="Where to search.  [default: the range of show --levers, or 0 to twice the value]",
)
@click.option("--metric", default="", metavar="NAME", help="Go by this instead of decide_on.")
@click.option(
    "--level", default="", metavar="VALUE", help="Find where the metric reaches it: 0, or 80%."
)
@click.option(
    "--base",
    metavar="SCENARIO",
    help="The baseline.  [default: its based_on, else itself without offers]",
)
@sets_option
@execution
@markdown_option
@json_option
def command(
    scenario: str,
    path: str,
    between: str | None,
    metric: str,
    level: str,
    base: str | None,
    sets: tuple[str, ...],
    quick: bool,
    markdown: Path | None,
    as_json: bool,
    **execution: Any,
) -> None:
    """Find the value of PATH at which SCENARIO earns no more than its baseline, by its decide_on.

    With --level, find the value at which SCENARIO itself reaches that level: --metric contribution
    --level 0 asks for a profit center.

    A fact of the world (`show --sources` marks it environment or outcome) has the same value in the
    scenario and in the baseline. A decision changes in the scenario alone, and so does a value that
    SCENARIO itself types over its based_on. --set changes both. Every value that is tried is a run
    of its own, kept as `run` keeps it, and reused the next time.

    \b
    Examples:
      ccprofit breakeven scenarios/cross-sell-always.yaml offers.broadband.price --quick
      ccprofit breakeven my-idea.yaml agents.generalists.wage
        --between "16:22 per hour" --base my-center.yaml
      ccprofit breakeven scenarios/cross-sell-always.yaml offers.broadband.margin
        --metric contribution --level 0 --between 30:600 --quick
    """
    from sim.experiments.breakeven import BreakEvenSearch, Question
    from sim.runs.kept import KeptRun
    from sim.scenario.load import load
    from sim.scenario.scenario import Scenario

    variant = load(scenario, everywhere=sets)
    asked = Question(path, between, base, sets, metric, level, quick)
    search = BreakEvenSearch(variant, asked)
    say_understood(variant)
    how = how_to_play(quick=quick, **execution)
    search.check_ends()
    say_aside([search.moved()])

    def play(scenario: Scenario, label: str) -> KeptRun:
        with progress() as advance:
            return how.play(scenario, partial(advance, label))

    found = search.answer(play)
    from sim.report.pages.of_breakeven import breakeven_page

    say_pages([breakeven_page(found)], markdown, as_json=as_json)
    if as_json:
        from sim.report.as_json import breakeven_facts

        say_json(breakeven_facts(found))
        return
    click.echo(f"{found.played} runs in {how.out}, {found.reused} of them reused")

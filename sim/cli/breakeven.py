"""`ccprofit breakeven`: at which value of a parameter is a scenario worth no more than its base?"""

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
@click.option("--between", metavar="A:B", help="Where to look; else the lever, or 0 to twice.")
@click.option("--metric", default="", metavar="NAME", help="Another metric than decide_on.")
@click.option("--level", default="", metavar="VALUE", help="Where is it reached? As 0, or 80%.")
@click.option("--base", metavar="SCENARIO", help="The baseline; else based_on, else offers never.")
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
    """Find where a scenario earns no more than its baseline, by its decide_on.

    With --level, find where the scenario itself reaches it: --metric contribution --level 0 is a
    profit center.

    A fact of the world (show says "environment" or "outcome") has one value in the scenario and in
    the baseline. A decision, or what a file above the root types itself, changes in the scenario
    alone. --set is about the world that both share. Every value that is tried is a run, kept as
    `run` keeps it, and found again the next time.

    \b
    Examples:
      ccprofit breakeven scenarios/cross-sell-always.yaml offers.broadband.price --quick
      ccprofit breakeven my-idea.yaml agents.generalists.wage
        --between "16:22 per hour" --base my-center.yaml
      ccprofit breakeven scenarios/cross-sell-always.yaml offers.broadband.margin
        --metric contribution --level 0 --between 30:600 --quick
    """
    from sim.experiments.breakeven import BreakEvenSearch
    from sim.runs.kept import KeptRun
    from sim.scenario.load import load
    from sim.scenario.scenario import Scenario

    variant = load(scenario, everywhere=sets)
    asked = {"between": between, "named": base, "sets": sets, "metric": metric, "level": level}
    search = BreakEvenSearch(variant, path, quick=quick, **asked)
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

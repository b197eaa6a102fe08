"""`ccprofit compare`: play scenarios that are not kept yet, and compare them with the first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli.options import as_json as json_option
from sim.cli.options import markdown as markdown_option
from sim.cli.options import sets as sets_option
from sim.cli.playing import (
    DEFAULT_OUT,
    command_line,
    execution,
    play_all,
    progress,
    say_aside,
)
from sim.cli.printing import console, say_pages
from sim.cli.streams import visible


@click.command("compare", short_help="Compare scenarios with the first one.")
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO…|RUN…")
@sets_option
@execution
@click.option(
    "--believe",
    is_flag=True,
    help="Find turning points also of weakly known numbers that must be played: takes longer.",
)
@click.option("--full", is_flag=True, help="Also print every metric and every turning point.")
@markdown_option
@json_option
def command(
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    believe: bool,
    full: bool,
    markdown: Path | None,
    as_json: bool,
    **execution: Any,
) -> None:
    """Compare scenarios with the first one: differences, verdicts, pictures.

    Prints each verdict, and what one must believe for it to hold: the values of weakly known
    numbers at which it would turn. --full prints the long tables.

    \b
    Examples:
      ccprofit compare scenarios/my-center.yaml my-idea.yaml --replications 50
      ccprofit compare scenarios/my-center.yaml my-idea.yaml --believe
    """
    if len(scenarios) < 2:
        raise click.UsageError("compare needs a baseline and at least one other scenario")
    played = play_all(scenarios, sets, everywhere=True, contacts=False, **execution)

    from sim.experiments.comparison import compare as compare_runs
    from sim.experiments.comparison import ignored_wishes
    from sim.experiments.few import Few
    from sim.experiments.forms import shifts_of
    from sim.experiments.turning_points import beliefs_of
    from sim.report.comparison_folder import save_comparison
    from sim.report.pages.of_comparison import comparison_pages

    say_aside(ignored_wishes([run.scenario for run, _, _ in played]))
    runs = [run for run, _, _ in played]
    with progress() as advance:
        few = Few(runs[0], execution["workers"], advance)
        comparison = compare_runs(runs, shifts_of(runs, few))
        beliefs = beliefs_of(comparison, few if believe else None)
    folders = [folder for _, folder, _ in played]
    folder, pictures = save_comparison(
        comparison, beliefs, folders, execution["out"], command_line()
    )
    width = None if markdown else console().width
    pages = comparison_pages(comparison, beliefs, width, full=full)
    say_pages(pages, markdown, as_json=as_json)
    if as_json:
        from sim.report.as_json import comparison_as_json

        click.echo(comparison_as_json(comparison, beliefs, folders, folder))
        return
    reused = sum(was_there for _, _, was_there in played)
    results, made = visible(str(execution["out"])), visible(str(folder))
    click.echo(f"\n{len(played)} runs in {results}, {reused} of them reused")
    click.echo(f"{len(pictures)} pictures, tables and report.html in {made}")
    where = "" if folder.parent == DEFAULT_OUT else f" --out {visible(str(folder.parent))}"
    click.echo(f"all metrics: --full; pages for each reader: ccprofit report latest{where}")

"""`ccprofit sweep`: one scenario at many values of one or two parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli.options import as_json as json_option
from sim.cli.options import markdown as markdown_option
from sim.cli.options import sets as sets_option
from sim.cli.playing import (
    command_line,
    execution,
    how_to_play,
    progress,
    say_aside,
    say_understood,
)
from sim.cli.printing import say_pages
from sim.cli.streams import visible


@click.command("sweep", short_help="Play a scenario at many values of a parameter.")
@click.argument("scenario")
@click.option(
    "--vary",
    "varied",
    multiple=True,
    required=True,
    metavar="PATH=VALUES",
    help="LOW:HIGH:STEP, or values with commas or | between them; twice for a map.",
)
@sets_option
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="NAME",
    help="Print this beside the deciding metric; again for more.  [default: wait, csat]",
)
@execution
@markdown_option
@json_option
def command(
    scenario: str,
    varied: tuple[str, ...],
    sets: tuple[str, ...],
    metrics: tuple[str, ...],
    quick: bool,
    markdown: Path | None,
    as_json: bool,
    **execution: Any,
) -> None:
    """Play a scenario at many values, and compare each point with the scenario as it is.

    Each point is a run of its own, kept as `run` keeps it. Points that are kept are not played
    again: an interrupted sweep goes on where it was, and further values cost only their own time.

    A fact of the world (`show --sources` marks it environment or outcome) changes in the scenario
    and in all that it is based on, so each point has a today of its own. A decision changes in the
    scenario alone, and so does a value that the scenario types over its based_on. --set changes
    every point.

    \b
    Examples:
      ccprofit sweep scenarios/cross-sell-threshold.yaml --replications 5
        --vary "offers.broadband.policy={offer: while-waiting, at_most: -5:10:1}"
      ccprofit sweep my-center.yaml --quick
        --vary "agents.heads=90:110:5" --vary "offers.broadband.price=60:180:30"
      ccprofit sweep my-center.yaml --vary offers.broadband.policy=never,always
    """
    if len(varied) > 2:
        raise click.UsageError("--vary can be given once or twice")

    from sim.experiments.axes import read_vary
    from sim.experiments.sweep import grid_of, said_of, sweep_kept
    from sim.metrics import check_names

    shown = check_names("--metric", metrics) or ("wait", "csat")
    grid = grid_of(scenario, sets, [read_vary(text) for text in varied], quick=quick)
    say_understood(grid.unswept, *(point.scenario for point in grid.points))
    how = how_to_play(quick=quick, **execution)
    say_aside(said_of(grid))
    with progress() as advance:
        swept = sweep_kept(grid, how, advance)

    from sim.report.sweep_folder import save_sweep

    folder, pictures = save_sweep(swept, how.out, command_line())
    from sim.report.pages.of_sweep import sweep_page

    say_pages([sweep_page(swept, shown)], markdown, as_json=as_json)
    if as_json:
        from sim.report.sweep_folder import sweep_as_json

        click.echo(sweep_as_json(swept, folder))
        return
    count = f"{len(pictures)} picture{'' if len(pictures) == 1 else 's'}"
    click.echo(f"\n{count} and tables in {visible(str(folder))}")

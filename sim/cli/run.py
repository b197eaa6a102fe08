"""`ccprofit run`: play scenarios, print what came out, keep the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli.options import as_json as json_option
from sim.cli.options import sets as sets_option
from sim.cli.playing import Played, execution, play_all
from sim.cli.streams import visible


@click.command("run")
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO…")
@sets_option
@execution
@click.option("--figures", is_flag=True, help="Draw pictures into the run's folder.")
@click.option("--contacts", is_flag=True, help="Keep every contact (Parquet, else gzipped CSV).")
@json_option
def command(
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    figures: bool,
    contacts: bool,
    as_json: bool,
    **execution: Any,
) -> None:
    """Play scenarios and print their metrics with intervals.

    Example: ccprofit run scenarios/cost-center-baseline.yaml --replications 5
    """
    played = play_all(scenarios, sets, contacts=contacts, **execution)
    _say_what_stays(played)
    if as_json:
        from sim.report.as_json import runs_as_json

        click.echo(runs_as_json(played))
    else:
        from sim.cli.playing import console
        from sim.report.pages.terminal import print_run

        out = console()
        for run_, folder, reused in played:
            print_run(run_, out)
            out.print(f"{'reused' if reused else 'written to'} {visible(str(folder))}")
    if figures:
        from sim.report.figures.of_comparison import draw_run

        for run_, folder, _ in played:
            for file in draw_run(run_, Path(folder), Path(folder).name):
                click.echo(visible(f"picture {file}"), err=as_json)


def _say_what_stays(played: Played) -> None:
    """A `--set` makes a variant of its file, so what is solved and planned on today stays."""
    from sim.experiments.facts import touching_today

    for run_, _, _ in played:
        name, file = run_.scenario.spec.name, run_.scenario.tree.file
        for text in touching_today(run_.scenario):
            line = (
                f"{name}: --set {text} makes a variant of {file}: today (anchors, planned seats)"
                " stays as the file says; type it into the file to change today"
            )
            click.echo(visible(line), err=True)

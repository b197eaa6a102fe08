"""`ccprofit run`: play scenarios, print their metrics, keep the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli.options import as_json as json_option
from sim.cli.options import markdown as markdown_option
from sim.cli.options import sets as sets_option
from sim.cli.playing import execution, play_all, say_aside
from sim.cli.printing import say_pages
from sim.cli.streams import visible


@click.command("run")
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO…")
@sets_option
@execution
@click.option("--figures", is_flag=True, help="Draw pictures into the run's folder.")
@click.option("--contacts", is_flag=True, help="Keep every contact (Parquet, else gzipped CSV).")
@markdown_option
@json_option
def command(
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    figures: bool,
    contacts: bool,
    markdown: Path | None,
    as_json: bool,
    **execution: Any,
) -> None:
    """Play scenarios and print their metrics with intervals.

    Example: ccprofit run scenarios/cost-center-baseline.yaml --replications 5
    """
    played = play_all(scenarios, sets, contacts=contacts, **execution)
    from sim.experiments.facts import stays_as_typed

    say_aside(line for one in played for line in stays_as_typed(one.run.scenario))
    from sim.report.pages.of_run import run_page

    for one in played:
        if markdown is None:
            say_pages([run_page(one.run)], None, as_json=as_json)
        if not as_json:
            where = "reused" if one.reused else "written to"
            click.echo(visible(f"{where} {one.folder}"))
    if markdown is not None:
        say_pages([run_page(one.run) for one in played], markdown, as_json=as_json)
    if as_json:
        from sim.report.as_json import runs_as_json

        click.echo(runs_as_json(played))
    if figures:
        from sim.report.figures.of_comparison import draw_run

        for run_, folder, _ in played:
            for file in draw_run(run_, Path(folder), Path(folder).name):
                click.echo(visible(f"picture {file}"), err=as_json)

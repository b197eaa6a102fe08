"""`ccprofit staff`: how many people does it take, on which shifts, and what do they cost?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sim.cli.options import as_json as json_option
from sim.cli.options import markdown as markdown_option
from sim.cli.options import sets as sets_option
from sim.cli.streams import visible

Command = Callable[..., Any]


def _file(name: str, what: str) -> Callable[[Command], Command]:
    path = click.Path(dir_okay=False, path_type=Path)
    return click.option(name, type=path, metavar="FILE", help=what)


@click.command("staff", short_help="How many people does it take, and what do they cost?")
@click.argument("file")
@sets_option
@_file("--write", "Write a variant that has the people, or seats, that are needed.")
@_file("--csv", "Write load, need and what is typed by interval of the week.")
@_file("--picture", "Draw the same as PNG or SVG.")
@markdown_option
@json_option
def command(
    file: str,
    sets: tuple[str, ...],
    write: Path | None,
    csv: Path | None,
    picture: Path | None,
    markdown: Path | None,
    as_json: bool,
) -> None:
    """Tell seats that meet the service level in every interval, and the people who fill them.

    People with shifts get the roster with the fewest paid hours that was found, others are seats
    after shrinkage. What is typed stands beside it, with the service level that it reaches. Nothing
    is played: offers whose policy looks at the state, and a queue carried over from one interval to
    the next, are not in it.

    \b
    Examples:
      ccprofit staff my-center.yaml
      ccprofit staff my-center.yaml --set contacts.service.service_level.target=90%
      ccprofit staff my-center.yaml --write staffed.yaml --csv need.csv --picture need.png
    """
    from sim.cli.playing import say_understood
    from sim.cli.printing import say_json, say_pages
    from sim.plan.staff import staff_of
    from sim.report.as_json import staff_facts
    from sim.report.pages.of_staff import staff_page
    from sim.report.staff_files import draw_need, staffed_variant, write_need
    from sim.scenario.load import load

    scenario = load(file, sets)
    say_understood(scenario)
    found = staff_of(scenario)
    say_pages([staff_page(scenario, found)], markdown, as_json=as_json)
    if as_json:
        say_json(staff_facts(scenario, found))
    if csv is not None:
        write_need(scenario, found, csv)
    if picture is not None:
        draw_need(scenario, found, picture)
    if write is not None:
        write.write_text(staffed_variant(scenario, found, write), encoding="utf-8")
    for path in (csv, picture, write):
        if path is not None:
            click.echo(visible(f"wrote {path}"), err=True)

"""`ccprofit path`: steps taken in order, each at its date: do they lead to a profit center?"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import as_json as json_option
from sim.cli.options import markdown as markdown_option
from sim.cli.options import sets as sets_option
from sim.cli.playing import (
    command_line,
    execution,
    how_to_play,
    in_words,
    progress,
    say_aside,
    say_understood,
)
from sim.cli.printing import console, say_json, say_pages
from sim.cli.streams import visible

if TYPE_CHECKING:
    from sim.experiments.path import Path as Found
    from sim.experiments.path import Route
    from sim.report.path_folder import EndToEnd
    from sim.runs.kept import Player


@click.command("path", short_help="Take steps in order: do they lead to a profit center?")
@click.argument("base")
@click.argument("steps", nargs=-1, required=True, metavar="STEP…")
@click.option(
    "--floor",
    "floors",
    multiple=True,
    metavar="METRIC=VALUE",
    help="Must hold in every 13 weeks, such as csat=75%; again for more.",
)
@click.option(
    "--write",
    "written",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the base with all steps as a scenario file.",
)
@sets_option
@execution
@markdown_option
@json_option
def command(
    base: str,
    steps: tuple[str, ...],
    floors: tuple[str, ...],
    written: Path | None,
    sets: tuple[str, ...],
    quick: bool,
    markdown: Path | None,
    as_json: bool,
    **execution: Any,
) -> None:
    """Take steps in order from BASE, and print contribution and result by 13 weeks.

    A STEP is a file with a date: the keys that the file itself types, without those of its
    based_on, begin in the week of that date. Or it is an initiative of BASE, which begins in its
    own week unless a date is given. A date is 2028-01-03, or a week of the horizon: 27. A file
    without a date begins in week 1.

    What each step is worth alone, and added last, is played with 5 replications unless
    --replications says otherwise. --set changes BASE, and so every row.

    \b
    Examples:
      ccprofit path my-center.yaml sell.yaml@2027-04-05 fewer-seats.yaml@2027-10-04
      ccprofit path my-center.yaml chatbot@27 sell.yaml@40 --floor csat=75% --write path.yaml
    """
    from sim.experiments.floors import held, read_floors
    from sim.experiments.path import route_of
    from sim.experiments.steps import as_files, read_steps
    from sim.scenario.load import load

    loaded = load(base, everywhere=sets)
    asked = read_floors(loaded, floors)
    read = read_steps(loaded, steps)
    route = route_of(loaded, read, quick=quick)
    say_understood(*route.taken)
    path = _followed(route, how_to_play(quick=quick, **execution))
    found = held(path, asked)

    from sim.report.pages.of_path import path_page
    from sim.report.path_folder import Taken, Typed, path_facts, save_path

    taken = Taken(path, found, _judged(path, execution["workers"]))
    typed = Typed(base, sets, steps, floors, quick)
    folder = save_path(taken, typed, execution["out"], command_line())
    width = None if markdown else console().width
    say_pages([path_page(path, found, width)], markdown, as_json=as_json)
    if as_json:
        say_json({**path_facts(path, found), "folder": str(folder)})
    files = as_files(loaded, read, written) if written else {}
    for file, text in files.items():
        file.write_text(text, encoding="utf-8")
        click.echo(f"wrote {visible(str(file))}", err=True)
    if files:
        first = next(iter(files)) if len(files) > 1 else base
        say_aside([f"the same as the last row: ccprofit compare {first} {written}"])
    if not as_json:
        click.echo(f"\nreport.html, picture and tables in {visible(str(folder))}")


def _judged(path: Found, workers: int | None) -> EndToEnd:
    """The base beside the base after all steps, and what one must believe for its verdict."""
    from sim.experiments.comparison import compare
    from sim.experiments.few import Few
    from sim.experiments.forms import shifts_of
    from sim.experiments.turning_points import beliefs_of
    from sim.report.path_folder import EndToEnd

    with progress() as advance:
        few = Few(path.base, workers, advance)
        comparison = compare(path.ends, shifts_of(path.ends, few))
    return EndToEnd(comparison, beliefs_of(comparison))


def _followed(route: Route, how: Player) -> Found:
    """Play the path, then each step alone and added last; says how long the second part takes."""
    from sim.experiments.path import follow

    beside = list(route.beside.values())
    few = route.few(how.replications_of(route.taken[0]), how.replications)
    then = how._replace(replications=few)
    later, before, started = sum(map(then.weeks, beside)), 0, time.monotonic()
    with progress() as advance:

        def first(label: str, done: int, total: int) -> None:
            nonlocal before
            before = total
            advance(label, done, total + later)

        taken = list(how.play_all(route.taken, first))
        new = sum(one.run.replications for one in taken if not one.reused)
        if beside:
            count = f"{len(beside)} more run{'' if len(beside) == 1 else 's'}"
            told = f"each step alone and added last: {count} of {few} replications"
            if new:
                seconds = (time.monotonic() - started) / new * few * len(beside)
                told += f", about {in_words(max(1, seconds))}"
            say_aside([told])

        def second(label: str, done: int, total: int) -> None:
            advance(label, before + done, before + total)

        played = list(then.play_all(beside, second)) if beside else []
    return follow(route, taken, played)

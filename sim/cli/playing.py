"""Playing scenarios from the command line: how, with progress on stderr, into which folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.streams import visible
from sim.runs.kept import Player

if TYPE_CHECKING:
    from rich.console import Console

    from sim.experiments.comparison import Comparison
    from sim.experiments.turning_points import TurningPoints
    from sim.runs.run import Run
    from sim.scenario.scenario import Scenario

DEFAULT_OUT = Path("results")
QUICK_REPLICATIONS = 5
FEW_REPLICATIONS = 4
PIPE_WIDTH = 120

Advance = Callable[[str, int, int], None]
"""Called with what is played, weeks done, and weeks in all."""
Play = Callable[["Scenario", Callable[[int, int], None]], tuple["Run", Path, bool]]
Played = list[tuple["Run", Path, bool]]
"""A run, its folder, and whether it was there already."""


def execution(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of how to play."""
    for option in (
        click.option("--quick", is_flag=True, help="4 weeks, 5 replications; labelled as such."),
        click.option("--workers", type=click.IntRange(1), help="Parallel workers; all cores."),
        click.option(
            "--engine", type=click.Choice(["compiled", "reference"]), default="compiled",
            show_default=True, help="The fast engine, or the one to read.",
        ),
        click.option("--seed", callback=_legal, type=click.IntRange(0), help="Names the luck."),
        click.option(
            "--replications", callback=_legal, type=click.IntRange(1),
            help="Independent repetitions.",
        ),
        click.option(
            "--out", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT_OUT,
            show_default=True, help="Where results go.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def _legal(ctx: click.Context, option: click.Parameter, value: int | None) -> int | None:
    """Refuse what the key of that name refuses in a scenario."""
    if value is None:
        return None
    from sim.scenario.spec import MOST_REPLICATIONS, SEEDS

    most = SEEDS - 1 if option.name == "seed" else MOST_REPLICATIONS
    if value > most:
        raise click.BadParameter(f"{value} is more than {most}; write {most} or less")
    return value


def play_all(
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    *,
    quick: bool,
    contacts: bool,
    everywhere: bool = False,
    **execution: Any,
) -> Played:
    """Load all scenarios, then play those that are not there yet.

    `everywhere`: the sets are about the world that all of them share, today included.
    """
    from sim.metrics.check_metrics import check_metrics
    from sim.runs.folder import find_kept_run
    from sim.scenario.load import load

    kept = {path: folder for path in scenarios if (folder := find_kept_run(path, execution["out"]))}
    common, own = (sets, ()) if everywhere else ((), sets)
    loaded = {path: load(path, own, common) for path in scenarios if path not in kept}
    for path, scenario in loaded.items():
        loaded[path] = scenario.shortened() if quick else scenario
        check_metrics(scenario)
    say_understood(*loaded.values())
    how = how_to_play(quick=quick and bool(loaded), **execution)
    played = []
    with progress() as advance:
        turns = InTurn(advance, [how.weeks(loaded[path]) for path in scenarios if path in loaded])
        for path in scenarios:
            if path in kept:
                from sim.runs.folder import read_run

                played.append((read_run(kept[path]), kept[path], True))
            else:
                scenario = loaded[path]
                played.append(turns.play(scenario, partial(how.play, contacts=contacts)))
    return told_apart(played)


def say_understood(*scenarios: Scenario) -> None:
    """Say on stderr, once, what was understood otherwise than it was typed."""
    for line in dict.fromkeys(line for one in scenarios for line in one.tree.said):
        click.echo(line, err=True)


def told_apart(played: Played) -> Played:
    """Runs of one name get numbers, so that tables and pictures do not mix them up."""
    typed = [run.scenario.spec.name for run, _, _ in played]
    names: set[str] = set()
    apart = []
    for (run, folder, reused), name in zip(played, typed, strict=True):
        if name in names:
            free = (f"{name}-{n}" for n in count(2))
            new = next(one for one in free if one not in names.union(typed))
            run = replace(run, scenario=run.scenario.renamed(new))
            sets = " ".join(f"--set {one}" for one in run.scenario.tree.sets)
            typed = visible(f"{run.scenario.tree.file} {sets}".rstrip())
            click.echo(f"{new} is {typed}", err=True)
        names.add(run.scenario.spec.name)
        apart.append((run, folder, reused))
    return apart


class InTurn:
    """One bar over plays that follow one another, in weeks; what is kept takes no time."""

    def __init__(self, advance: Advance, weeks: Sequence[int]) -> None:
        self.advance, self.weeks = advance, list(weeks)
        self.done, self.total = 0, sum(weeks)

    def play(self, scenario: Scenario, play: Play) -> tuple[Run, Path, bool]:
        """Play the next one, for which `weeks` has its length."""
        expected = self.weeks.pop(0)
        self.advance(scenario.spec.name, self.done, self.total)
        played = play(
            scenario,
            lambda weeks, _: self.advance(scenario.spec.name, self.done + weeks, self.total),
        )
        if played[-1]:
            self.total -= expected
        else:
            self.done += expected
        return played


def how_to_play(*, quick: bool, replications: int | None, **others: Any) -> Player:
    """How to play by the options of `execution`; says so on stderr where it is a first look."""
    if quick:
        replications = replications or QUICK_REPLICATIONS
        count = f"{replications} replication{'' if replications == 1 else 's'}"
        click.echo(f"quick: at most 4 weeks, {count}, for a first look only", err=True)
    return Player(replications=replications, command=command_line(), **others)


def believed(comparison: Comparison, by_play: bool, workers: int | None) -> list[TurningPoints]:
    """What each verdict asks to believe; by play with few replications, if that is wanted."""
    from sim.experiments.turning_points import turning_points
    from sim.runs.run import run

    def play(scenario: Scenario, of: Run) -> Run:
        label = f"{scenario.spec.name}, what it asks to believe"
        with progress() as advance:
            return run(
                scenario,
                replications=min(of.replications, FEW_REPLICATIONS),
                seed=of.seed,
                workers=workers,
                progress=partial(advance, label),
            )

    base = comparison.base
    return [
        turning_points(base, against.run, play if by_play else None)
        for against in comparison.variants
    ]


class progress:
    """A bar on stderr with the time left; nothing in pipes."""

    def __init__(self) -> None:
        self.bar: Any = None

    def __enter__(self) -> Advance:
        if not sys.stderr.isatty():
            return lambda label, done, total: None
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        label = TextColumn("{task.description}", markup=False)
        columns = (label, BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self.bar.start()
        task = self.bar.add_task("", total=None)
        return lambda label, done, total: self.bar.update(
            task, description=label, completed=done, total=total
        )

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.stop()


def console() -> Console:
    """Where results are printed; plain in pipes."""
    from rich.console import Console

    return Console(
        highlight=False,
        markup=False,
        emoji=False,
        width=None if sys.stdout.isatty() else PIPE_WIDTH,
    )


def command_line() -> str:
    """The command as typed."""
    return " ".join(["ccprofit", *sys.argv[1:]])

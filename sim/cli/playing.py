"""Options of how to play, progress on stderr, and messages before and during play."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.streams import visible

if TYPE_CHECKING:
    from sim.runs.kept import Advance, KeptRun, Player
    from sim.scenario.scenario import Scenario

DEFAULT_OUT = Path("results")
QUICK_REPLICATIONS = 5


def execution(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of how to play."""
    for option in (
        click.option(
            "--quick", is_flag=True, help="A first look: at most 4 weeks, 5 replications."
        ),
        click.option(
            "--workers", type=click.IntRange(1), help="Parallel workers.  [default: all cores]"
        ),
        click.option(
            "--engine", type=click.Choice(["compiled", "reference"]), default="compiled",
            show_default=True, help="The fast engine, or the one that is easy to read.",
        ),
        click.option(
            "--seed", callback=_legal, type=click.IntRange(0),
            help="Another seed is other luck.  [default: the scenario's]",
        ),
        click.option(
            "--replications", callback=_legal, type=click.IntRange(1),
            help="Independent repetitions.  [default: the scenario's]",
        ),
        click.option(
            "--out", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT_OUT,
            show_default=True, help="Where results go.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def _legal(ctx: click.Context, option: click.Parameter, value: int | None) -> int | None:
    """Refuse the values that the key of the same name refuses in a scenario."""
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
) -> list[KeptRun]:
    """Load all scenarios, then play those that are not kept yet.

    With `everywhere`, `sets` change every file of a scenario's based_on chain, and so today; else
    they change the scenario alone.
    """
    from sim.runs.kept import play_wanted, told_apart, wanted_of

    own, common = ((), sets) if everywhere else (sets, ())
    wanted = wanted_of(scenarios, execution["out"], own, common, quick=quick)
    new = [one for one in wanted if not isinstance(one, Path)]
    say_understood(*new)
    how = how_to_play(quick=quick and bool(new), **execution)
    with progress() as advance:
        played, lines = told_apart(play_wanted(wanted, how, advance, contacts=contacts))
    say_aside(lines)
    return played


def say_understood(*scenarios: Scenario) -> None:
    """Say on stderr, once, which values were understood otherwise than they were typed."""
    for line in dict.fromkeys(line for one in scenarios for line in one.tree.said):
        click.echo(line, err=True)


def say_aside(lines: Iterable[str]) -> None:
    """Say lines on stderr, each once."""
    for line in dict.fromkeys(lines):
        click.echo(visible(line), err=True)


def how_to_play(*, quick: bool, replications: int | None, **others: Any) -> Player:
    """The player that the options of `execution` describe; says on stderr if it is a first look."""
    from sim.runs.kept import Player

    if quick:
        replications = replications or QUICK_REPLICATIONS
        count = f"{replications} replication{'' if replications == 1 else 's'}"
        click.echo(f"quick: at most 4 weeks, {count}, for a first look only", err=True)
    return Player(replications=replications, command=command_line(), **others)


class TimeLeft:
    """How long the rest takes, at the pace since play began; compiling before it is no guide."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._first: tuple[float, int] | None = None
        self._done = 0

    def told(self, done: int, total: int) -> str:
        """In words, empty while nothing is known; less done than before means other runs."""
        now = self._now()
        if self._first is None or done < self._done:
            self._first = now, done
        self._done = done
        began, before = self._first
        if not before < done < total:
            return ""
        return f"about {in_words((now - began) * (total - done) / (done - before))} left"


def in_words(seconds: float) -> str:
    """A duration in the unit that fits it, as seconds, minutes or hours."""
    if seconds <= 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class Lines:
    """Progress where nobody watches: a line every EVERY_S seconds."""

    EVERY_S = 20.0

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._left = now, TimeLeft(now)
        self._said: float | None = None

    def advance(self, label: str, done: int, total: int) -> None:
        """Say which share is done, and how long the rest may take."""
        now, left = self._now(), self._left.told(done, total)
        if self._said is None:
            self._said = now
        if now - self._said < self.EVERY_S or not left:
            return
        self._said = now
        click.echo(f"{visible(label)}: {done / total:.0%}, {left}", err=True)


class progress:
    """A bar on stderr with the time left of all that is played; in pipes a line now and then."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self.bar: Any = None

    def __enter__(self) -> Advance:
        if not sys.stderr.isatty():
            return Lines(self._now).advance
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

        label = TextColumn("{task.description}", markup=False)
        left = TextColumn("{task.fields[left]}", markup=False)
        columns = (label, BarColumn(), TaskProgressColumn(), left)
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self.bar.start()
        task, time_left = self.bar.add_task("", total=None, left=""), TimeLeft(self._now)

        def advance(label: str, done: int, total: int) -> None:
            told = time_left.told(done, total)
            self.bar.update(task, description=label, completed=done, total=total, left=told)

        return advance

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.stop()


def command_line() -> str:
    """The command as typed."""
    return " ".join(["ccprofit", *sys.argv[1:]])

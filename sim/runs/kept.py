"""Play runs and keep them; a run that is kept already is read instead of played."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.metrics.check_metrics import check_metrics
from sim.scenario.load import load
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from sim.runs.run import Run
    from sim.runs.side_by_side import Crew

Advance = Callable[[str, int, int], None]
"""Called with the name of what is played, weeks done, and weeks in all."""


class KeptRun(NamedTuple):
    """A run, the folder that keeps it, and whether it was read instead of played."""

    run: Run
    folder: Path
    reused: bool


def play_unkept(
    scenario: Scenario, workers: int | None = None, crew: Crew | None = None
) -> KeptRun:
    """Play a scenario as it says, and keep nothing on disk; the folder has no name."""
    from sim.runs.run import run

    return KeptRun(run(scenario, workers=workers, crew=crew), Path(), False)


class Player(NamedTuple):
    """How runs are played, and where they are kept."""

    out: Path
    replications: int | None
    seed: int | None
    engine: str
    workers: int | None
    command: str
    """The command as typed; it is kept for people who find the folder."""

    def play(
        self,
        scenario: Scenario,
        advance: Callable[[int, int], None],
        *,
        contacts: bool = False,
        crew: Crew | None = None,
    ) -> KeptRun:
        """The run of a scenario; it is played only if it is not kept already."""
        from sim.runs.folder import find_run, save_run
        from sim.runs.run import run

        n = self.replications_of(scenario)
        number = scenario.spec.seed if self.seed is None else self.seed
        is_new = contacts or self.engine == "reference"
        found = None if is_new else find_run(scenario, self.out, number, n)
        if found:
            return KeptRun(*found, True)
        started = time.monotonic()
        played = run(
            scenario,
            replications=n,
            seed=number,
            engine=self.engine,  # type: ignore[arg-type]
            workers=self.workers,
            keep_contacts=contacts,
            progress=advance,
            crew=crew,
        )
        seconds = time.monotonic() - started
        folder = save_run(played, self.out, self.command, seconds, contacts)
        return KeptRun(played, folder, False)

    def play_all(
        self, scenarios: Sequence[Scenario], advance: Advance, contacts: bool = False
    ) -> Iterator[KeptRun]:
        """The runs of several scenarios, played side by side, with one bar for all of them."""
        from sim.runs.side_by_side import side_by_side

        bar = Bar(advance, [self.weeks(one) for one in scenarios])

        def play(scenario: Scenario, crew: Crew) -> KeptRun:
            part = bar.part(scenario.spec.name)
            kept = self.play(scenario, part, contacts=contacts, crew=crew)
            if kept.reused:
                bar.leave_out(self.weeks(scenario))
            return kept

        n = min((self.replications_of(one) for one in scenarios), default=1)
        how = {"workers": self.workers, "engine": self.engine}
        return side_by_side(scenarios, play, n, **how)  # type: ignore[arg-type]

    def replications_of(self, scenario: Scenario) -> int:
        """The number asked for, else the scenario's."""
        return self.replications or scenario.spec.replications

    def weeks(self, scenario: Scenario) -> int:
        """How many weeks are to be played, of all replications."""
        return self.replications_of(scenario) * scenario.spec.horizon.n_weeks


class Bar:
    """One progress bar, in weeks, over several runs; a kept run takes none."""

    def __init__(self, advance: Advance, weeks: Sequence[int]) -> None:
        self._advance, self._total = advance, sum(weeks)
        self._parts: list[list[int]] = []

    def part(self, name: str) -> Callable[[int, int], None]:
        """Return the function that tells the bar how many weeks of one run are done."""
        part = [0]
        self._parts.append(part)

        def advance(weeks: int, _: int) -> None:
            part[0] = weeks
            self._advance(name, sum(weeks for [weeks] in self._parts), self._total)

        return advance

    def leave_out(self, weeks: int) -> None:
        """Take a run's weeks out of the total, as it was kept already."""
        self._total -= weeks


def wanted_of(
    names: Sequence[str],
    out: Path,
    sets: tuple[str, ...] = (),
    everywhere: tuple[str, ...] = (),
    *,
    quick: bool = False,
) -> list[Scenario | Path]:
    """What each name stands for: a run that is kept (its folder), else a scenario to be played.

    `sets` change the scenarios alone, `everywhere` also the files they are based on, and so today.
    Neither changes a run that is kept. Raises ScenarioError where a scenario is faulty.
    """
    from sim.runs.folder import find_kept_run

    found: dict[str, Scenario | Path] = {}
    for name in names:
        if folder := find_kept_run(name, out):
            found[name] = folder
        elif name not in found:
            scenario = load(name, sets, everywhere)
            check_metrics(scenario)
            found[name] = scenario.shortened() if quick else scenario
    return [found[name] for name in names]


def play_wanted(
    wanted: Sequence[Scenario | Path], player: Player, advance: Advance, *, contacts: bool = False
) -> list[KeptRun]:
    """Read the runs that are kept, and play the others, in order."""
    from sim.runs.folder import read_run

    new = player.play_all([one for one in wanted if isinstance(one, Scenario)], advance, contacts)
    return [
        next(new) if isinstance(one, Scenario) else KeptRun(read_run(one), one, True)
        for one in wanted
    ]


def told_apart(played: Sequence[KeptRun]) -> tuple[list[KeptRun], list[str]]:
    """Number runs of the same name, so that tables and pictures do not mix them up.

    Returns them with a line for each that says which is which.
    """
    typed = [one.run.scenario.spec.name for one in played]
    names: set[str] = set()
    apart, lines = [], []
    for one, name in zip(played, typed, strict=True):
        if name in names:
            free = (f"{name}-{n}" for n in count(2))
            new = next(name for name in free if name not in names.union(typed))
            scenario = one.run.scenario
            sets = " ".join(f"--set {text}" for text in scenario.tree.sets)
            lines.append(f"{new} is {scenario.tree.file} {sets}".rstrip())
            one = one._replace(run=replace(one.run, scenario=scenario.renamed(new)))
        names.add(one.run.scenario.spec.name)
        apart.append(one)
    return apart, lines

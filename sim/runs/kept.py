"""How runs are played, and kept: what is there already is found again."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sim.runs.run import Run
    from sim.scenario.scenario import Scenario


class Player(NamedTuple):
    """How runs are played, and where they are kept."""

    out: Path
    replications: int | None
    seed: int | None
    engine: str
    workers: int | None
    command: str
    """As it was typed, for who finds the folder."""

    def play(
        self, scenario: Scenario, advance: Callable[[int, int], None], *, contacts: bool = False
    ) -> tuple[Run, Path, bool]:
        """The run of a scenario, its folder, and whether it was there already."""
        from sim.runs.folder import find_run, save_run
        from sim.runs.run import run

        n = self.replications_of(scenario)
        number = scenario.spec.seed if self.seed is None else self.seed
        is_new = contacts or self.engine == "reference"
        found = None if is_new else find_run(scenario, self.out, number, n)
        if found:
            return (*found, True)
        started = time.monotonic()
        played = run(
            scenario,
            replications=n,
            seed=number,
            engine=self.engine,  # type: ignore[arg-type]
            workers=self.workers,
            keep_contacts=contacts,
            progress=advance,
        )
        seconds = time.monotonic() - started
        return played, save_run(played, self.out, self.command, seconds, contacts), False

    def replications_of(self, scenario: Scenario) -> int:
        """As many as were asked for, else those of the scenario."""
        return self.replications or scenario.spec.replications

    def weeks(self, scenario: Scenario) -> int:
        """How many weeks are to be played, of all replications."""
        return self.replications_of(scenario) * scenario.spec.horizon.n_weeks

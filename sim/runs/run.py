"""Replications: solve the anchors, play the horizon many times, put the tallies side by side.

Replications run in parallel: threads for the compiled engine, whose machine code lets go of
Python's lock, processes for the reference engine. Results do not depend on how many.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.core.statistics import Sample
from sim.core.workers import processes
from sim.engine import EngineName
from sim.metrics import METRICS, Facts, measure
from sim.metrics.ledger import Ledger, book
from sim.metrics.periods import first_year, pace_at_the_end
from sim.plan.anchors import Anchors
from sim.plan.plan import Planner
from sim.runs.memory import workers_that_fit
from sim.runs.side_by_side import Crew
from sim.scenario.load import again, load
from sim.scenario.scenario import Scenario
from sim.weeks.counts import Tally, stack
from sim.weeks.first_time import get_ready
from sim.weeks.pilot import check_due_to_service, solve_anchors
from sim.weeks.play import Replication, play

Progress = Callable[[int, int], None]
"""Called with (weeks done, weeks in all)."""


@dataclass(frozen=True, eq=False)
class Run:
    """A scenario played; tallies have a leading axis of replications."""

    scenario: Scenario
    anchors: Anchors
    seed: int
    replications: int
    engine: EngineName
    tally: Tally
    ledger: Ledger
    contacts: list[list[np.ndarray]]  # [replication][span], empty unless kept
    baseline: Ledger | None = None
    """That of the run with which this one is compared; without it the result is contribution."""

    def against(self, base: Run) -> Run:
        """The same run, compared with another (or with itself)."""
        return replace(self, baseline=base.ledger)

    def first(self, replications: int) -> Run:
        """The same run, as if only its first replications had been played."""
        if replications >= self.replications:
            return self
        tally = Tally(*(column[:replications] for column in self.tally))
        return replace(
            self,
            replications=replications,
            tally=tally,
            ledger=book(self.scenario, self.anchors, tally),
            contacts=self.contacts[:replications],
            baseline=None,
        )

    @cached_property
    def facts(self) -> Facts:
        """What metrics are made of: the whole run, all types."""
        types = tuple(range(len(self.scenario.types)))
        baseline = self.ledger if self.baseline is None else self.baseline
        return Facts(self.scenario, self.tally, self.ledger, baseline, types)

    @property
    def weekly_result(self) -> np.ndarray:
        """[replication, week] contribution + retained margin."""
        facts = self.facts
        return facts.ledger.contribution + facts.ledger.kept - facts.baseline.kept

    @cached_property
    def first_year(self) -> dict[str, Sample]:
        """What adds up, over weeks 1 to 52 or those that were played, by metric."""
        facts = first_year(self.facts)
        return {name: one.measure(facts) for name, one in METRICS.items() if one.adds_up}

    @cached_property
    def pace(self) -> Mapping[str, Sample]:
        """Sums of money a year as they are at the end of the horizon; none if it is too short."""
        pace = pace_at_the_end(self.facts)
        return pace.samples() if pace else {}

    @cached_property
    def samples(self) -> dict[str, Sample]:
        """Every metric by name: numerators, and denominators of a ratio, by replication."""
        return measure(self.facts)


def run(
    scenario: Scenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: EngineName = "compiled",
    workers: int | None = None,
    anchors: Anchors | None = None,
    keep_contacts: bool = False,
    progress: Progress | None = None,
    crew: Crew | None = None,
) -> Run:
    """Play a scenario. The same seed gives the same tables on any number of workers.

    Raises ScenarioError for faulty scenarios, RunError where memory would not suffice. Anchors
    are solved on what the scenario is based on, and checked, unless given. A crew is shared with
    runs that are played at the same time.
    """
    get_ready(scenario)
    n = replications or scenario.spec.replications
    seed = scenario.spec.seed if seed is None else seed
    workers = workers_that_fit(scenario, n, min(workers or os.cpu_count() or 1, n))
    if anchors is None:
        anchors = solve_anchors(scenario, seed)
        check_due_to_service(scenario, anchors)
    how = How(anchors, seed, engine, keep_contacts)
    outcomes = _play_all(scenario, how, range(n), workers, crew or Crew(workers), progress)
    tally = stack([outcome.tally for outcome in outcomes])
    ledger = book(scenario, anchors, tally)
    contacts = [o.contacts for o in outcomes] if keep_contacts else []
    return Run(scenario, anchors, seed, n, engine, tally, ledger, contacts)


def with_more(
    played: Run,
    replications: int,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    crew: Crew | None = None,
) -> Run:
    """A run as if so many replications had been played at once; only those to come are played.

    No contacts are kept. Raises RunError as `run` does.
    """
    numbers = range(played.replications, replications)
    wanted = min(workers or os.cpu_count() or 1, len(numbers))
    workers = workers_that_fit(played.scenario, replications, wanted)
    how = How(played.anchors, played.seed, played.engine, keep_contacts=False)
    outcomes = _play_all(played.scenario, how, numbers, workers, crew or Crew(workers), progress)
    more = stack([outcome.tally for outcome in outcomes])
    tally = Tally(*(np.concatenate(parts) for parts in zip(played.tally, more, strict=True)))
    ledger = book(played.scenario, played.anchors, tally)
    return replace(
        played, replications=replications, tally=tally, ledger=ledger, contacts=[], baseline=None
    )


class How(NamedTuple):
    """What is the same in all replications of a run, beside the scenario."""

    anchors: Anchors
    seed: int
    engine: EngineName
    keep_contacts: bool

    def play(
        self, planner: Planner, replication: int, after_week: Callable[[], None] | None = None
    ) -> Kept:
        """Play one replication of what is planned, by these anchors."""
        return Kept.of(
            play(
                planner,
                self.seed,
                replication,
                engine=self.engine,
                keep_contacts=self.keep_contacts,
                after_week=after_week,
            )
        )


def _play_all(
    scenario: Scenario,
    how: How,
    numbers: range,
    workers: int,
    crew: Crew,
    progress: Progress | None,
) -> list[Kept]:
    """Replications of these numbers in order, by so many workers, as the crew has them free."""
    weeks = len(numbers) * scenario.spec.horizon.n_weeks
    done = 0

    def after_week() -> None:
        nonlocal done
        done += 1
        crew.go_on()
        if progress:
            progress(min(done, weeks), weeks)

    if how.engine == "reference" and workers > 1:
        tree = scenario.tree
        is_quick = again(scenario).hash != scenario.hash
        task = Task(tree.file, tree.own_sets, tree.common_sets, is_quick, how)
        with processes(workers) as pool:
            return _gather(pool, task.play, numbers, after_week)
    planner = Planner(scenario, how.anchors)

    def one(replication: int) -> Kept:
        with crew.at_work():
            return how.play(planner, replication, after_week)

    if workers == 1:
        return [one(r) for r in numbers]
    with ThreadPoolExecutor(workers) as pool:
        try:
            return _gather(pool, one, numbers)
        except BaseException:
            crew.is_over = True
            raise


class Kept(NamedTuple):
    """What is kept of a replication; its customers would fill the memory."""

    tally: Tally
    contacts: list[np.ndarray]

    @classmethod
    def of(cls, replication: Replication) -> Kept:
        """Keep the tally, and the contacts if they were kept."""
        return cls(replication.tally, replication.contacts)


class Task(NamedTuple):
    """What another process needs in order to play replications of a scenario."""

    file: str
    sets: tuple[str, ...]
    everywhere: tuple[str, ...]
    is_quick: bool
    how: How

    def play(self, replication: int) -> Kept:
        """Load the scenario there and play one replication."""
        scenario = load(self.file, self.sets, self.everywhere)
        planner = Planner(scenario.shortened() if self.is_quick else scenario, self.how.anchors)
        return self.how.play(planner, replication)


def _gather(
    pool: Executor,
    one: Callable[[int], Kept],
    numbers: range,
    after_each: Callable[[], None] | None = None,
) -> list[Kept]:
    """All replications in order; the first failure or Ctrl-C cancels the rest."""
    futures = [pool.submit(one, replication) for replication in numbers]
    try:
        for future in as_completed(futures):
            future.result()
            if after_each:
                after_each()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    return [future.result() for future in futures]

"""A path: steps taken in order, each at its date, and whether they lead to a profit center.

Money is shown by 13 weeks, for the base and with each step added. What a step is worth depends on
the others, so it is measured three times: in this order, alone, and added last. Retained margin is
a difference from the base, so the base's own result is its contribution.
"""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.core.clock import DAYS_PER_WEEK
from sim.core.fiscal import periods
from sim.core.statistics import Estimate, Sample, difference, estimate
from sim.experiments.comparison import check_pairable
from sim.experiments.judging import leaves_work, seats_stay, strains_people
from sim.experiments.returns import Return, return_of
from sim.experiments.steps import Step, read_steps, scenario_with
from sim.experiments.verdict import LeftUndone
from sim.language.quantities import typeset
from sim.metrics.check_metrics import check_metrics
from sim.metrics.ledger import Ledger
from sim.runs.kept import KeptRun
from sim.runs.run import Run, run
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.scenario.unpriced import improved_outcomes

QUARTER_WEEKS = 13
FEW = 5
"""Replications of the runs with a step alone, and added last, unless --replications says more."""
CONTRIBUTION, RETAINED, RESULT = "contribution", "retained margin", "result"
MEASURES = (CONTRIBUTION, RETAINED, RESULT)


class Quarter(NamedTuple):
    """Thirteen weeks of the horizon; the last may be shorter."""

    name: str
    """`Q3 2028`: the calendar quarter in which most of it lies."""
    weeks: slice


class Route(NamedTuple):
    """The scenarios of a path, before they are played."""

    base: Scenario
    steps: tuple[Step, ...]
    taken: tuple[Scenario, ...]
    """The base, then with each step added."""
    beside: dict[frozenset[str], Scenario]
    """By the names of its steps: each step alone, and all but one, where `taken` has it not."""

    def few(self, replications: int, asked: int | None) -> int:
        """How many replications of the scenarios `beside` are played."""
        return replications if asked else min(FEW, replications)


class Crossing(NamedTuple):
    """From which quarter on a sum of money stays at 0 or more, to the end."""

    first: int | None
    """That quarter of the mean, from 0; None where the mean does not stay."""
    times: int
    """In how many replications the sum stays at 0 or more."""
    replications: int
    earliest: int
    latest: int
    """The first and the last such quarter among those replications."""


class Worth(NamedTuple):
    """What a step adds to the result over the horizon."""

    in_order: Estimate
    alone: Estimate
    last: Estimate
    """Added after all others."""
    returned: Return | None
    """What its one-off costs return in this order; None where it has none."""
    unpriced: tuple[str, ...]
    """Outcomes that it improves although no cost was typed for that."""
    strains_people: bool
    """Whether fewer hours are paid, people are busier or paid less, and nobody reacts."""
    seats_stay: bool
    """Whether a bot takes work over, and agents are less busy instead of fewer."""
    leaves_work: LeftUndone


class Path(NamedTuple):
    """A path, played."""

    steps: tuple[Step, ...]
    runs: tuple[Run, ...]
    """The base, then with each step added; all are held `against` the base."""
    folders: tuple[str, ...]
    worth: tuple[Worth, ...]
    """By step."""
    few: int
    """Replications of what a step is worth alone, and added last."""

    @property
    def base(self) -> Run:
        """The run of the base."""
        return self.runs[0]

    @property
    def ends(self) -> list[Run]:
        """The base, and the base after all steps."""
        return [self.runs[0], self.runs[-1]]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the rows: the base, then `+ step`."""
        return (self.base.scenario.spec.name, *(f"+ {step.name}" for step in self.steps))

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """Spans of 13 weeks from the start."""
        horizon = self.base.scenario.spec.horizon
        return quarters_of(horizon.start, horizon.n_weeks)

    @property
    def sentence(self) -> str:
        """Whether the path leads to a profit center."""
        return answer(self)

    def money(self, row: int, measure: str) -> np.ndarray:
        """[replication, quarter] a measure with the first `row` steps; row 0 is the base."""
        return by_quarter(weekly(self.runs[row], measure), self.quarters)


def take_path(
    base: str,
    steps: Sequence[str],
    *,
    set: Sequence[str] = (),
    replications: int | None = None,
    quick: bool = False,
    workers: int | None = None,
) -> Path:
    """Take steps in order from a base: do they lead to a profit center?

    Each step is written as on the command line: a file and its date or week, "sell.yaml@27", or an
    initiative of the base. `set` is about the world in which all are played. What a step is worth
    alone, and added last, is played in 5 replications unless others are asked for. Nothing is kept
    on disk.

    Raises ScenarioError, naming the step, where steps cannot be read or do not go together.
    """
    loaded = load(base, everywhere=tuple(set))
    route = route_of(loaded, read_steps(loaded, steps), quick=quick)

    def played(scenario: Scenario, times: int | None) -> KeptRun:
        one = run(scenario, replications=times, workers=workers)
        return KeptRun(one, pathlib.Path(), False)

    taken = [played(one, replications) for one in route.taken]
    few = route.few(taken[0].run.replications, replications)
    return follow(route, taken, [played(one, few) for one in route.beside.values()])


def route_of(base: Scenario, steps: Sequence[Step], *, quick: bool = False) -> Route:
    """The scenarios that a path needs; raises ScenarioError where steps do not go together."""

    def made(some: Sequence[Step], name: str) -> Scenario:
        one = scenario_with(base, some, steps, f"{base.spec.name}{name}")
        check_metrics(one)
        return one.shortened() if quick else one

    names = ["", *(f"-with-{step.name}" for step in steps)]
    if len(steps) > 1:
        names[-1] = "-with-all-steps"
    taken = [made(steps[:n], name) for n, name in enumerate(names)]
    there = {frozenset(s.name for s in steps[:n]) for n in range(len(steps) + 1)}
    beside: dict[frozenset[str], Scenario] = {}
    for step in steps:
        others = [one for one in steps if one is not step]
        for some, name in (([step], f"-only-{step.name}"), (others, f"-without-{step.name}")):
            which = frozenset(one.name for one in some)
            if which not in there and which not in beside:
                beside[which] = made(some, name)
    for one in taken[1:]:
        check_pairable(taken[0].spec, one.spec)
    return Route(taken[0], tuple(steps), tuple(taken), beside)


def follow(route: Route, taken: Sequence[KeptRun], beside: Sequence[KeptRun]) -> Path:
    """The path that the runs of a route's scenarios make; the runs come in the route's order."""
    base = taken[0].run
    runs = tuple(one.run.against(base) for one in taken)
    steps = route.steps
    ledgers = {frozenset(s.name for s in steps[:n]): runs[n].ledger for n in range(len(runs))}
    ledgers |= {which: one.run.ledger for which, one in zip(route.beside, beside, strict=True)}
    few = beside[0].run.replications if beside else base.replications
    sums = {which: _result(ledger, base.ledger, few) for which, ledger in ledgers.items()}
    worth = []
    for n, step in enumerate(steps):
        before, after = runs[n], runs[n + 1]
        all_but = frozenset(one.name for one in steps if one is not step)
        worth.append(
            Worth(
                difference(_result(before.ledger, base.ledger), _result(after.ledger, base.ledger)),
                difference(sums[frozenset()], sums[frozenset([step.name])]),
                difference(sums[all_but], sums[frozenset(one.name for one in steps)]),
                return_of(before.against(before), after.against(before)),
                tuple(improved_outcomes(before.scenario, after.scenario)),
                strains_people(before, after),
                seats_stay(before, after),
                leaves_work(before, after),
            )
        )
    return Path(steps, runs, tuple(one.folder.name for one in taken), tuple(worth), few)


def _result(ledger: Ledger, base: Ledger, replications: int | None = None) -> Sample:
    """The result over the horizon, against what the base keeps; of some replications if asked."""
    before = base.kept.sum(axis=1)[:replications]
    return Sample((ledger.contribution + ledger.kept).sum(axis=1)[:replications] - before)


def weekly(run: Run, measure: str) -> np.ndarray:
    """[replication, week] one of MEASURES, of a run that is held `against` the base."""
    facts = run.facts
    kept = facts.ledger.kept - facts.baseline.kept
    if measure == RETAINED:
        return kept
    return facts.ledger.contribution + (kept if measure == RESULT else 0.0)


def quarters_of(start: datetime.date, n_weeks: int) -> tuple[Quarter, ...]:
    """Spans of 13 weeks, each named by the calendar quarter in which its middle lies."""
    found = []
    for first in range(0, n_weeks, QUARTER_WEEKS):
        middle = start + datetime.timedelta(days=(2 * first + QUARTER_WEEKS) * DAYS_PER_WEEK // 2)
        (named,) = periods(middle, 1, 1, "quarter")
        found.append(Quarter(named.name, slice(first, min(first + QUARTER_WEEKS, n_weeks))))
    return tuple(found)


def by_quarter(values: np.ndarray, quarters: Sequence[Quarter]) -> np.ndarray:
    """[replication, week] → [replication, quarter]"""
    return np.stack([values[:, one.weeks].sum(axis=1) for one in quarters], axis=1)


def estimates(values: np.ndarray) -> list[Estimate]:
    """[replication, quarter] → by quarter, the mean with its interval."""
    return [estimate(Sample(column)) for column in values.T]


def crossing_of(values: np.ndarray) -> Crossing:
    """[replication, quarter] → the first quarter from which the mean stays ≥ 0 to the end."""
    each = [at for row in values if (at := _stays(row)) is not None]
    ends = (min(each, default=0), max(each, default=0))
    return Crossing(_stays(values.mean(axis=0)), len(each), len(values), *ends)


def _stays(amounts: np.ndarray) -> int | None:
    """The first place from which all amounts are 0 or more; None where the last is below."""
    (below,) = np.nonzero(amounts < 0)
    first = int(below[-1]) + 1 if len(below) else 0
    return first if first < len(amounts) else None


def answer(path: Path) -> str:
    """A sentence: does the path lead to a profit center, or to a center that pays for itself?"""
    quarters, last = path.quarters, len(path.runs) - 1
    crossings = {name: crossing_of(path.money(last, name)) for name in (CONTRIBUTION, RESULT)}
    profit, keeps = crossings[CONTRIBUTION], crossings[RESULT]
    name = path.base.scenario.spec.name
    was_one = crossing_of(path.money(0, CONTRIBUTION)).first == 0
    if profit.first is not None:
        becomes = "was a profit center, and is one" if was_one else "becomes a profit center"
        return f"{name} {becomes}: {_since(CONTRIBUTION, profit, quarters)}"
    if was_one:
        return f"{name} was a profit center, and is none with these steps: {_earned_back(path)}"
    told = f"{name} does not become a profit center by these steps: {_earned_back(path)}"
    above = int((path.money(last, CONTRIBUTION).mean(axis=0) >= 0).sum())
    if above:
        told += f", after {above} of {len(quarters)} quarters at 0 or more"
    if profit.times:
        told += f" (it does {_range(profit, quarters)})"
    if keeps.first is not None:
        return f"{told}; it pays for itself, with what it keeps: {_since(RESULT, keeps, quarters)}"
    return f"{told}; nor does what it keeps pay for the rest"


def _since(measure: str, crossing: Crossing, quarters: Sequence[Quarter]) -> str:
    assert crossing.first is not None
    from_ = "from the start" if crossing.first == 0 else f"from {quarters[crossing.first].name} on"
    return f"{from_} its {measure} stays at 0 or more ({_range(crossing, quarters)})"


def _range(crossing: Crossing, quarters: Sequence[Quarter]) -> str:
    """`in 17 of 20 replications, Q3 2028 to Q1 2029`"""
    told = f"in {crossing.times} of {crossing.replications} replications"
    if not crossing.times:
        return told
    first, last = (quarters[at].name for at in (crossing.earliest, crossing.latest))
    return f"{told}, {first if first == last else f'{first} to {last}'}"


def _earned_back(path: Path) -> str:
    """A clause: the share of its cost that the center earns back in the last quarter."""
    run, weeks = path.runs[-1], path.quarters[-1].weeks
    margin, cost = (
        float(run.ledger.total(account)[:, weeks].sum()) for account in ("margin:", "cost:")
    )
    earned = typeset(f"{100 * -margin / cost if cost else 100:.0f} %")
    return f"in {path.quarters[-1].name} it earns back {earned}"

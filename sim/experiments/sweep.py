"""A sweep: one scenario with one or two parameters at many values, compared with itself as it is.

A fact of the world (facts.py) changes in every file of the based_on chain: each point has anchors
and planned seats of its own, as if the value were typed into the root file. A decision changes in
the scenario alone: the point inherits the anchors and the planned seats of the unswept scenario.

All points share seed and replications with the unswept scenario, so that differences are paired. A
point is an ordinary run, which may have been played before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import isnan
from typing import NamedTuple

from sim.core.errors import Problem, ScenarioError
from sim.core.statistics import Estimate, Sample, difference, estimate, holm_differences
from sim.experiments.axes import Axis, Value, check_size, read_vary, told_apart
from sim.experiments.comparison import are_alike, check_pairable
from sim.experiments.facts import is_fact, moved
from sim.experiments.figures import first_year_gaps
from sim.experiments.judging import Beside, judge_pair
from sim.experiments.verdict import Verdict
from sim.metrics import METRICS
from sim.metrics.check_metrics import check_metrics
from sim.runs.kept import Advance, KeptRun, Player, play_unkept
from sim.runs.run import Run
from sim.runs.side_by_side import Crew, side_by_side
from sim.scenario.check_initiatives import not_reached
from sim.scenario.load import load
from sim.scenario.planned_seats import unmoved_seats
from sim.scenario.scenario import Scenario


class Point(NamedTuple):
    """One combination of values."""

    values: tuple[Value, ...]  # one of each axis
    label: str
    scenario: Scenario


class Grid(NamedTuple):
    """What a sweep will play."""

    axes: tuple[Axis, ...]
    unswept: Scenario
    points: tuple[Point, ...]

    @property
    def scenarios(self) -> list[Scenario]:
        """All that is to be played, the unswept one first."""
        return [self.unswept, *(point.scenario for point in self.points)]


class Played(NamedTuple):
    """What is kept of a point; the tallies of 400 points would fill the memory."""

    point: Point
    folder: str
    reused: bool
    samples: dict[str, Sample]  # by metric
    first_year: dict[str, Sample]  # of what adds up
    beside: Beside


class Sweep(NamedTuple):
    """A sweep played."""

    axes: tuple[Axis, ...]
    unswept: Run
    folder: str
    reused: bool
    samples: dict[str, Sample]  # of the unswept scenario, by metric
    points: tuple[Played, ...]

    @property
    def metric(self) -> str:
        """The metric that decides."""
        return self.unswept.scenario.spec.decide_on


def grid_of(path: str, sets: Sequence[str], axes: Sequence[Axis], *, quick: bool = False) -> Grid:
    """Load the scenario and all its points; raises ScenarioError with all faults."""
    check_size(list(axes))
    axes = told_apart(axes)
    unswept = _loaded(path, (), sets, quick)
    check_metrics(unswept)
    points, problems = [], {}
    for values in product(*(axis.values for axis in axes)):
        named = list(zip(axes, values, strict=True))
        typed = [axis.assignment(value) for axis, value in named]
        label = ", ".join(axis.label(value) for axis, value in named)
        try:
            facts = [text for text in typed if is_fact(unswept, text)]
            own = [text for text in typed if text not in facts]
            points.append(Point(values, label, _loaded(path, own, [*sets, *facts], quick)))
        except ScenarioError as error:
            for found in error.problems:
                problems.setdefault((found.path, found.what), _of_vary(found, typed))
    if problems:
        raise ScenarioError(problems.values(), path)
    for point in points:
        check_pairable(unswept.spec, point.scenario.spec)
    return Grid(tuple(axes), unswept, tuple(points))


def sweep(grid: Grid, runs: Iterator[KeptRun]) -> Sweep:
    """Measure runs of the unswept scenario and of every point, in the order of the grid."""
    kept = next(runs)
    base = kept.run.against(kept.run)
    points = tuple(_played(base, point, next(runs)) for point in grid.points)
    return Sweep(grid.axes, base, kept.folder.name, kept.reused, base.samples, points)


def sweep_kept(grid: Grid, player: Player, advance: Advance) -> Sweep:
    """Play a sweep and keep every run, with one progress bar for all."""
    return sweep(grid, player.play_all(grid.scenarios, advance))


def vary(
    file: str,
    *varied: str,
    set: Sequence[str] = (),
    quick: bool = False,
    workers: int | None = None,
) -> Sweep:
    """Play a scenario at many values of one or two parameters; nothing is kept on disk.

    `varied` are parameters with values, such as "offers.broadband.price=60:180:30" or
    "agents.heads=90,100". `set` changes all points. Raises ScenarioError with all faults.
    """
    grid = grid_of(file, set, [read_vary(text) for text in varied], quick=quick)
    n = grid.unswept.spec.replications

    def play(scenario: Scenario, crew: Crew) -> KeptRun:
        return play_unkept(scenario, workers, crew)

    return sweep(grid, side_by_side(grid.scenarios, play, n, workers=workers))


def said_of(grid: Grid) -> list[str]:
    """Sentences before play: seats that stay, initiatives not reached, where parameters change."""
    lines = []
    for point in grid.points:
        lines += [*unmoved_seats(point.scenario), *not_reached(point.scenario.spec)]
    lines += [moved(grid.unswept, axis.assignment(axis.values[0])) for axis in grid.axes]
    return list(dict.fromkeys(lines))


def gap(swept: Sweep, point: Played, metric: str) -> Estimate:
    """The point's difference from the unswept scenario, with its own paired interval."""
    return difference(swept.samples[metric], point.samples[metric])


def gaps(swept: Sweep, metric: str) -> list[Estimate]:
    """The same of every point, with intervals that hold together (Holm)."""
    return holm_differences(swept.samples[metric], [p.samples[metric] for p in swept.points])


def first_gaps(swept: Sweep, metric: str) -> list[Estimate]:
    """The same of the first year, if the metric adds up; else over the horizon."""
    firsts = [point.first_year for point in swept.points]
    return first_year_gaps(metric, swept.unswept, firsts) or gaps(swept, metric)


def has_no_effect(swept: Sweep) -> bool:
    """Whether all points have the same value of every metric in every replication."""
    return are_alike([point.samples for point in swept.points])


def best(swept: Sweep, metric: str) -> int | None:
    """Index of the point with the best estimate of a metric; None if no point has a value."""
    sign = -1.0 if METRICS[metric].better == "lower" else 1.0
    values = [sign * estimate(point.samples[metric]).value for point in swept.points]
    known = [place for place, value in enumerate(values) if not isnan(value)]
    return max(known, key=lambda place: values[place], default=None)


def indistinct(swept: Sweep, place: int, metric: str) -> list[Played]:
    """The other points whose paired difference from this one may be 0."""
    chosen = swept.points[place].samples[metric]
    return [
        point
        for other, point in enumerate(swept.points)
        if other != place and _may_be_zero(difference(chosen, point.samples[metric]))
    ]


def judged(swept: Sweep, place: int) -> Verdict:
    """The verdict on one point in the deciding metric, among all of them."""
    base, metric, point = swept.unswept, swept.metric, swept.points[place]
    gap, first = gaps(swept, metric)[place], first_gaps(swept, metric)[place]
    return judge_pair(base.scenario, point.point.scenario, gap, first, point.beside)


def _loaded(path: str, own: Sequence[str], everywhere: Sequence[str], quick: bool) -> Scenario:
    scenario = load(path, own, everywhere)
    return scenario.shortened() if quick else scenario


def _of_vary(found: Problem, assignments: list[str]) -> Problem:
    """The same problem, placed at the `--vary` that was typed."""
    is_ours = found.place in {f"--set {text}" for text in assignments}
    place = found.place.replace("--set", "--vary", 1) if is_ours else found.place
    return Problem(place, found.path, found.what, found.remedy, found.order)


def _played(base: Run, point: Point, kept: KeptRun) -> Played:
    run = kept.run.against(base)
    return Played(
        point,
        kept.folder.name,
        kept.reused,
        run.samples,
        run.first_year,
        Beside.of(base, run),
    )


def _may_be_zero(e: Estimate) -> bool:
    return not e.has_interval or e.low <= 0.0 <= e.high

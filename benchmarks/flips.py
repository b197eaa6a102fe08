"""Are the turning points where a verdict says? Each is played by dice that did not find it.

    python -m benchmarks.flips                       # the scenarios of the demo
    python -m benchmarks.flips cross-sell-always     # one of them

At a turning point there is no difference. So eight replications of another seed, played with the
number exactly as it is told, must show a difference within its own half-width; and that says
something only where the half-width is small beside the difference with the number as typed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NamedTuple

from sim.core.statistics import Estimate, difference
from sim.experiments.few import Few
from sim.experiments.turning_points import TurningPoint, booked, turning_points
from sim.experiments.weak_number import WeakNumber
from sim.experiments.weak_numbers import WEAK_NUMBERS, needs_play
from sim.language.quantities import read_quantity
from sim.runs.run import Run, run
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.weeks.pilot import solve_anchors

BASELINE = "cost-center-baseline"
VARIANTS = ("cross-sell-threshold", "cross-sell-always", "value-based-offers", "cost-cutting")
FOUND_WITH, PLAYED_WITH = 5, 8
OTHER_SEED = 1008
NARROW = 0.20  # half-width ÷ typed difference
BY_NAME = {belief.name: belief for belief in WEAK_NUMBERS}


class Row(NamedTuple):
    """One turning point, played again."""

    variant: str
    number: str
    metric: str
    at: str
    is_plausible: bool
    how: str
    there: Estimate
    typed: float

    @property
    def is_within(self) -> bool:
        """Whether the difference lies within its half-width."""
        return abs(self.there.value) <= self.there.half_width

    @property
    def width(self) -> float:
        """Half-width ÷ typed difference."""
        return self.there.half_width / abs(self.typed)


def rows_of(variant: str) -> Iterator[Row]:
    """Every turning point that is told of a variant, one after the other."""
    pair = [load(f"scenarios/{name}.yaml") for name in (BASELINE, variant)]
    runs = [run(one, replications=FOUND_WITH) for one in pair]
    found = turning_points(*runs, Few(runs[0])).found
    typed = [run(one, replications=PLAYED_WITH, seed=OTHER_SEED) for one in pair]
    for point in found:
        flips = {metric: flip for metric, flip in point.flips.items() if flip}
        for metric, flip in flips.items():
            belief = BY_NAME[point.name]
            x = times_typed(flip.at, belief, pair[1])
            there = [at(belief, x, one) for one in typed]
            told = gap(metric, runs).value
            yield Row(
                variant, point.name, metric, flip.at, flip.is_plausible, kind(point),
                gap(metric, there), told,
            )  # fmt: skip


def kind(point: TurningPoint) -> str:
    """How the turning point was found."""
    return "played" if point.how.startswith("played") else "booked"


def times_typed(told: str, belief: WeakNumber, variant: Scenario) -> float:
    """A number as it is told, in times what is typed."""
    quantity = read_quantity(told.removeprefix("× "))
    assert quantity is not None
    values = belief.values(variant.spec)
    is_itself = belief.is_share and not told.startswith("×")
    return quantity.amount / values[0] if is_itself else quantity.amount


def at(belief: WeakNumber, x: float, typed: Run) -> Run:
    """A run with the number at so many times what is typed, by the same dice."""
    scenario = belief.times(typed.scenario, x)
    if not needs_play(belief, [typed.scenario]):
        return booked(scenario, typed)
    if not belief.touches(typed.scenario):
        return typed
    anchors = solve_anchors(scenario, typed.seed)
    return run(scenario, replications=typed.replications, seed=typed.seed, anchors=anchors)


def gap(metric: str, pair: list[Run]) -> Estimate:
    """The paired difference of a metric."""
    one, two = (each.against(pair[0]).samples[metric] for each in pair)
    return difference(one, two)


def line(row: Row) -> str:
    """A row of the table."""
    where = row.at if row.is_plausible else f"({row.at})"
    there = f"{row.there.value / 1000:+8.1f} ± {row.there.half_width / 1000:5.1f} k"
    within, narrow = row.is_within, row.width <= NARROW
    return (
        f"{row.variant:21}{row.number:36.36}{row.metric:16}{row.how:8}{where:>12}"
        f"  {there}  {'yes' if within else 'NO':4}{row.typed / 1000:+9.1f} k"
        f"  {row.width:5.0%}  {'yes' if narrow else 'NO'}"
    )


def main(variants: list[str]) -> None:
    """Print the table, a row as soon as it is played, and how many hold."""
    print(
        f"{'variant':21}{'number':36}{'metric':16}{'found':8}{'turns at':>12}"
        f"  {'difference there':>18}  {'in?':4}{'as typed':>11}  width  narrow?"
    )
    rows = []
    for variant in variants:
        for row in rows_of(variant):
            rows.append(row)
            print(line(row), flush=True)
    within, narrow = sum(row.is_within for row in rows), sum(row.width <= NARROW for row in rows)
    print(
        f"{len(rows)} turning points, in brackets where beyond the range of the number: {within}"
        f" within their half-width,\nwhich is at most {NARROW:.0%} of the typed difference in"
        f" {narrow} of them"
    )


if __name__ == "__main__":
    main(sys.argv[1:] or list(VARIANTS))

"""What a path does to customers and people in every 13 weeks, and whether it keeps to floors.

CSAT by segment and occupancy are always shown, and of people one by one how they feel and leave. A
floor is a least value if more of the metric is better, else a greatest one: `csat=75%`,
`occupancy=85%`, `wait=60 s`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from sim.core.statistics import Estimate, Sample, estimate
from sim.experiments.axes import refuse
from sim.experiments.level import amount_of
from sim.experiments.path import Path, Quarter
from sim.metrics import METRICS, Facts, check_names, label_of, weeks_of
from sim.metrics.by_segment import BY_SEGMENT, by_segment
from sim.runs.run import Run
from sim.scenario.scenario import Scenario

ALWAYS = ("csat", "occupancy")
OF_PEOPLE = ("engagement", "turnover")


class Floor(NamedTuple):
    """The value that a metric must not pass in any quarter."""

    metric: str
    typed: str
    amount: float

    @property
    def is_least(self) -> bool:
        """Whether the metric must stay above it; else it must stay below."""
        return METRICS[self.metric].better == "higher"

    @property
    def words(self) -> str:
        """`at least 75%`"""
        return f"at {'least' if self.is_least else 'most'} {self.typed}"

    def is_broken_by(self, value: float) -> bool:
        """Whether a value is beyond it; nan is not."""
        return value < self.amount if self.is_least else value > self.amount


class Held(NamedTuple):
    """A metric of one segment, or of all, by quarter."""

    label: str
    metric: str
    floor: Floor | None
    base: tuple[Estimate, ...]
    path: tuple[Estimate, ...]
    """The same with all steps."""

    @property
    def worst(self) -> int:
        """The quarter in which the path's mean is worst."""
        sign = -1 if METRICS[self.metric].better == "higher" else 1
        values = [sign * e.value for e in self.path]
        return values.index(max(values))

    @property
    def broken(self) -> list[int]:
        """The quarters in which the path's mean is beyond the floor."""
        floor = self.floor
        return [q for q, e in enumerate(self.path) if floor and floor.is_broken_by(e.value)]


def read_floors(scenario: Scenario, typed: Sequence[str]) -> list[Floor]:
    """Read floors as typed; raises ScenarioError, with a remedy, where one cannot be read."""
    return [_read_floor(scenario, text) for text in typed]


def _read_floor(scenario: Scenario, text: str) -> Floor:
    metric, equals, amount = (part.strip() for part in text.partition("="))
    if not equals:
        refuse("--floor", text, "this names no amount", "write --floor csat=75%")
    check_names("--floor", (metric,))
    if METRICS[metric].adds_up:
        can = [name for name, one in METRICS.items() if not one.adds_up and one.of != "pair"]
        refuse("--floor", text, f"{metric} adds up, so it has none", f"these: {', '.join(can)}")
    if METRICS[metric].of == "people" and not scenario.has_people:
        remedy = "type agents.people in the place of heads or positions, or floor another metric"
        refuse("--floor", text, f"{metric} is told only of people one by one", remedy)
    try:
        return Floor(metric, amount, amount_of(scenario, metric, amount))
    except PydanticCustomError as error:
        refuse("--floor", text, str(error), (error.context or {})["remedy"])


def held(path: Path, floors: Sequence[Floor]) -> list[Held]:
    """By quarter, the metrics of ALWAYS and those with floors; by segment where possible."""
    asked = {floor.metric: floor for floor in floors}
    found = []
    people = OF_PEOPLE if path.base.scenario.has_people else ()
    for metric in dict.fromkeys([*ALWAYS, *people, *asked]):
        for label, measure in _parts(path.base, metric):
            runs = (path.base, path.runs[-1])
            both = (_by_quarter(run, measure, path.quarters) for run in runs)
            found.append(Held(label, metric, asked.get(metric), *both))
    return found


Measure = Callable[[Facts], Sample]


def _parts(base: Run, metric: str) -> list[tuple[str, Measure]]:
    """Label and measure of a metric, or of each segment where there are several."""
    label, segments = label_of(metric, base.scenario), base.scenario.segments
    if metric not in BY_SEGMENT or len(segments) < 2:
        return [(label, METRICS[metric].measure)]

    def of(segment: str) -> Measure:
        return lambda facts: by_segment(segments, facts.tally)[segment][metric]

    return [(f"{label} of {segment}", of(segment)) for segment in segments]


def _by_quarter(run: Run, measure: Measure, quarters: Sequence[Quarter]) -> tuple[Estimate, ...]:
    return tuple(estimate(measure(weeks_of(run.facts, one.weeks))) for one in quarters)

"""Which of a scenario's `checks:` a run meets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from sim.core.statistics import Estimate, estimate
from sim.domain.study.expected import ExpectedMetric
from sim.language.quantities import MINUTES, SECONDS
from sim.metrics import METRICS, Metric

if TYPE_CHECKING:
    from sim.runs.run import Run


Outcome = Literal["met", "not met", "not decidable"]


class Met(NamedTuple):
    """A metric beside what was expected of it, in the metric's unit."""

    metric: str
    low: float
    high: float
    found: Estimate
    per: str
    """The time per which a sum was typed: `month`; empty if the metric does not add up."""

    @property
    def outcome(self) -> Outcome:
        """Met if the whole interval lies within the ends, not met if all of it lies outside."""
        if not self.found.has_interval:
            return "not decidable"
        if self.low <= self.found.low and self.found.high <= self.high:
            return "met"
        is_outside = self.found.high < self.low or self.found.low > self.high
        return "not met" if is_outside else "not decidable"


def expectations_met(run: Run) -> list[Met]:
    """Every expectation of the scenario with the run's estimate, per the time that was typed."""
    found = []
    for name, spec in run.scenario.spec.checks.items():
        low, high, per = _range_of(METRICS[name], spec)
        e = estimate(run.samples[name])
        if per:
            horizon = run.scenario.spec.horizon.length_weeks * MINUTES["week"]
            e = e.times(MINUTES[per] / horizon)
        found.append(Met(name, low, high, e, per))
    return found


def _range_of(metric: Metric, spec: ExpectedMetric) -> tuple[float, float, str]:
    """Both ends in the metric's unit, and per which time they were typed."""
    low, high, within = spec.ends()
    reach = within.amount * SECONDS.get(within.unit, 1) if within else 0.0
    ends = [end.amount * SECONDS.get(end.unit, 1) for end in (low, high)]
    per = low.unit.removeprefix("per ") if metric.adds_up else ""
    return ends[0] - reach, ends[1] + reach, per

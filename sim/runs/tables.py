"""Tidy tables of a run, filled: a header and rows. files.py says which columns they have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from sim.core.clock import MINUTES_PER_HOUR
from sim.core.statistics import Sample, by_replication
from sim.domain.contacts.opening import DAYS
from sim.language.node import dotted
from sim.metrics import METRICS, measure, telling, weeks_of
from sim.metrics.by_segment import by_segment
from sim.metrics.periods import fiscal_periods
from sim.plan.seats import seats_by_interval
from sim.runs.files import RUN_FILES
from sim.runs.run import Run
from sim.scenario.assumptions import assumptions_of
from sim.weeks.counts import plain

Table = tuple[list[str], Iterator[list[Any]]]


def metrics_table(run: Run) -> Table:
    """Every metric by replication."""

    def rows() -> Iterator[list[Any]]:
        for name in telling(run.scenario):
            unit = METRICS[name].unit
            for r, value in enumerate(_values(run.samples[name])):
                yield [name, unit, r, value]

    return _header("metrics.csv"), rows()


def weeks_table(run: Run) -> Table:
    """Every sum and ratio by week and replication."""
    weeks = range(run.scenario.spec.horizon.n_weeks)
    return _header("weeks.csv"), _over_time(run, ((week + 1, (week,)) for week in weeks))


def months_table(run: Run) -> Table:
    """Every sum and ratio by fiscal month and replication."""
    return _header("months.csv"), _over_time(run, fiscal_periods(run.scenario, "month"))


def _over_time(run: Run, spans: Iterable[tuple[Any, tuple[int, ...]]]) -> Iterator[list[Any]]:
    names = [n for n in telling(run.scenario) if METRICS[n].estimator in ("sum", "ratio")]
    for told, weeks in spans:
        samples = measure(weeks_of(run.facts, slice(weeks[0], weeks[-1] + 1)))
        for name in names:
            for r, value in enumerate(_values(samples[name])):
                yield [told, name, r, value]


def segments_table(run: Run) -> Table:
    """What each customer segment got, by replication."""

    def rows() -> Iterator[list[Any]]:
        for segment, samples in by_segment(run.scenario.segments, run.tally).items():
            for name, sample in samples.items():
                for r, value in enumerate(_values(sample)):
                    yield [segment, name, METRICS[name].unit, r, value]

    return _header("segments.csv"), rows()


def intervals_table(run: Run) -> Table:
    """Contact counts by interval of the week and type, summed over replications and weeks."""
    scenario = run.scenario
    counts = plain(run.tally.intervals).sum(axis=0)
    handling = run.tally.handled["handling_ms"].sum(axis=(0, 2)).tolist()
    on_duty = run.tally.handled["on_duty_ms"].sum(axis=(0, 2)).tolist()

    def rows() -> Iterator[list[Any]]:
        for i in range(len(counts)):
            day, start = interval_name(run, i)
            occupancy = handling[i] / on_duty[i] if on_duty[i] else ""
            for t, type_ in enumerate(scenario.types):
                yield [day, start, type_, *counts[i, t].tolist(), occupancy]

    return _header("intervals.csv"), rows()


def seats_table(run: Run) -> Table:
    """Seats on duty by interval of the week and group, and heads to schedule for them.

    Heads are seats ÷ (1 − shrinkage), rounded up to whole ones.
    """
    scenario = run.scenario

    def rows() -> Iterator[list[Any]]:
        seats, heads = seats_by_interval(scenario, run.anchors.volume)
        for i in range(seats.shape[1]):
            for g, group in enumerate(scenario.groups):
                yield [*interval_name(run, i), group, int(seats[g, i]), int(heads[g, i])]

    return _header("seats.csv"), rows()


def assumptions_table(run: Run) -> Table:
    """Every number that has a default: its value, and whether the scenario overrode it."""

    def rows() -> Iterator[list[Any]]:
        for one in assumptions_of(run.scenario):
            told = "yes" if one.overridden else "no"
            yield [dotted(one.path), one.value, one.mark, one.evidence.words, told]

    return _header("assumptions.csv"), rows()


def ledger_table(run: Run) -> Table:
    """Ledger lines by replication, over the horizon; memo lines are not part of contribution."""

    def rows() -> Iterator[list[Any]]:
        for name, amounts in run.ledger.lines.items():
            for r, amount in enumerate(amounts.sum(axis=1).tolist()):
                yield [name, r, amount]

    return _header("ledger.csv"), rows()


def interval_name(run: Run, i: int) -> tuple[str, str]:
    """Weekday and time of day at which an interval of the week starts."""
    horizon = run.scenario.spec.horizon
    minutes = i * int(horizon.interval) // 60
    day = (horizon.start.weekday() + minutes // (24 * MINUTES_PER_HOUR)) % len(DAYS)
    hour, minute = divmod(minutes % (24 * MINUTES_PER_HOUR), MINUTES_PER_HOUR)
    return DAYS[day], f"{hour:02}:{minute:02}"


def _header(file: str) -> list[str]:
    return list(RUN_FILES[file].columns)


def _values(sample: Sample) -> list[Any]:
    return [number_or_nothing(value) for value in by_replication(sample)]


def number_or_nothing(value: float) -> float | str:
    """A number as a cell of a table; empty where it is nan."""
    return "" if np.isnan(value) else float(value)

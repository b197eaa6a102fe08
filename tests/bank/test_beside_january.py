"""The simulation beside the real January: same calls, same half hours, same days."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.statistics import Sample, estimate

from . import beside_january as beside
from .beside_january import ALL, MEASURES, SPAN, Simulated
from .calls import HALF_HOURS, TYPES, WEEKDAYS
from .facts import SPANS, clock

REPLICATIONS = 20
CERTAIN = 0.999  # a level that a right volume misses once in a thousand seeds

pytestmark = pytest.mark.skipif(
    bool(beside.absent()), reason=f"not here: {', '.join(beside.absent())}"
)


@pytest.fixture(scope="module")
def january():
    """Return the facts of the real month."""
    return beside.read_january()


@pytest.fixture(scope="module")
def simulated(january) -> Simulated:
    """Return the replications with the seats as shipped."""
    return beside.simulate("agents", january, REPLICATIONS)


def test_simulated_week_has_the_calls_of_a_january_week(january, simulated):
    """The mean weekly volume of January lies within the interval, which is narrow."""
    tally = simulated.run.tally.contacts
    offered = tally["offered"].sum(axis=2).mean(axis=1)
    week = estimate(Sample(offered), CERTAIN)
    real = sum(fact["per_week"] for fact in january.facts["by_type"].values())
    assert week.low < real < week.high
    assert week.half_width < 0.05 * real


def test_calls_fall_in_the_half_hours_of_january(january, simulated):
    """Over the day the simulated volume follows the real one, and not a shifted one."""
    calls = MEASURES[0]
    real = january.course(calls)
    ours = np.array([estimate(month).value for month in simulated.course(calls)])
    by_day = np.isfinite(real)

    def gap(shift: int) -> float:
        return float(np.abs(np.roll(ours, shift) - real)[by_day].mean())

    assert gap(0) < 0.05 * real[by_day].mean()
    assert gap(0) < 0.5 * min(gap(-1), gap(1))


def test_both_columns_of_a_table_cover_the_same_half_hours(january, simulated):
    """January and simulation have a value in the same half hours of the table and the panels."""
    expected = [
        row["start"]
        for row in january.facts["course"]
        if row["days"] == SPAN and row["calls"] >= beside.FEWEST_CALLS
    ]
    _, day = beside.tables(january, [simulated]).split("\n\n")
    assert [line.split(" | ")[0].strip("| ") for line in day.splitlines()[2:]] == expected
    for measure in MEASURES:
        for course in beside._panel(measure, january, [simulated]).courses:
            shown = [clock(h) for h in np.flatnonzero(np.isfinite(course.values))]
            assert shown == expected, (measure.key, course.name)


def test_days_are_weighted_like_those_of_january(january, simulated):
    """By hand from the tally: Sundays to Thursdays at 10:00, each as often as in January."""
    tally = simulated.run.tally.intervals
    weeks = simulated.run.scenario.spec.horizon.n_weeks
    days = january.facts["days_by_weekday"]
    calls = given_up = n_days = 0.0
    for weekday in SPANS[SPAN]:
        at_ten = tally[:, weekday * HALF_HOURS + 20]
        calls += days[WEEKDAYS[weekday]] * (at_ten["offered"].sum(axis=1) / weeks).mean()
        given_up += days[WEEKDAYS[weekday]] * (at_ten["gave_up"].sum(axis=1) / weeks).mean()
        n_days += days[WEEKDAYS[weekday]]
    by_key = {m.key: estimate(simulated.course(m)[20]).value for m in MEASURES}
    assert by_key["calls"] == pytest.approx(calls / n_days)
    assert by_key["abandoned"] == pytest.approx(given_up / calls)


def test_types_add_up_to_all(january, simulated):
    """Calls of a mean day by type add up to those of all, real and simulated."""
    calls = MEASURES[0]
    real = sum(january.went(type_, calls) for type_ in TYPES)
    ours = sum(simulated.went(type_, calls).value for type_ in TYPES)
    assert real == pytest.approx(january.went(ALL, calls))
    assert ours == pytest.approx(simulated.went(ALL, calls).value)


def test_manned_seats_are_another_plan(january):
    """The other column is really read: fewer seats, the same calls, longer waits."""
    seen, manned = (beside.simulate(seats, january, 2) for seats in beside.SEATS)
    calls, _, wait, in_time = MEASURES
    assert manned.run.scenario.groups == ["manned"]
    assert manned.went(ALL, calls).value == pytest.approx(seen.went(ALL, calls).value, rel=1e-3)
    assert manned.went(ALL, wait).value > 2 * seen.went(ALL, wait).value
    assert manned.went(ALL, in_time).value < seen.went(ALL, in_time).value


def test_picture_shows_january_as_markers_beside_the_lines(january, simulated):
    """Four panels; bands stand only where the outcome was not put in."""
    panels = [beside._panel(measure, january, [simulated]) for measure in MEASURES]
    figure = beside.picture(january, [simulated])
    assert len(figure.axes) == len(MEASURES)
    for panel in panels:
        real, ours = panel.courses
        assert real.observed
        assert not ours.observed
        assert (ours.low is None) == (panel.unit == "count")

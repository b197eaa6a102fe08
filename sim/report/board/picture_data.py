"""What a picture shows, as a table for those who cannot see it, or want its numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.report.amounts import clock, money, money_range, percent_exact
from sim.report.figures import Bridge, CashCourse, Steps, WeekOfService
from sim.report.figures.canvas import Interval
from sim.report.figures.people_by_week import PeopleCourse
from sim.report.figures.profit_csat import Outcome
from sim.report.figures.sold_against_lost import Exchange
from sim.report.figures.weekly_fan import WeeklySeries
from sim.report.figures.where_issues_end import WAYS, IssuesOf
from sim.report.pages.page import Sheet

Rows = tuple[tuple[str, ...], ...]


def sheet_of(shows: Any) -> Sheet:
    """The table of what a picture was drawn from."""
    if isinstance(shows, Bridge):
        return _sheet(("line", "difference", "95 % interval"), _bridge(shows))
    if isinstance(shows, CashCourse):
        columns = ("months from the start", "cash so far", "the same, discounted")
        return _sheet(columns, _cash(shows))
    if isinstance(shows, Steps):
        return _sheet(("quarter", *_heads(shows)), _steps(shows))
    if isinstance(shows, WeekOfService):
        return _sheet(("from", *shows.days), _service(shows))
    kinds = {
        Outcome: _outcomes,
        Exchange: _exchanges,
        IssuesOf: _issues,
        WeeklySeries: _weeks,
        PeopleCourse: _people,
    }
    return kinds[type(shows[0])](shows)


def _sheet(columns: tuple[str, ...], rows: Rows, names: int = 1) -> Sheet:
    return Sheet("", columns, rows, names=names)


def _amount(e: Interval) -> tuple[str, str]:
    if not e.known:
        return money(e.value, signed=True), ""
    value = money(e.value, signed=True, half_width=e.half_width)
    return value, money_range(e.low, e.high)


def _bridge(bridge: Bridge) -> Rows:
    lines = [(one.label, *_amount(one.difference)) for one in bridge.groups]
    ends = (bridge.baseline, money(bridge.baseline_result), "")
    return (ends, *lines, (f"{bridge.variant}: difference", *_amount(bridge.total)))


def _cash(course: CashCourse) -> Rows:
    """By month: the last flow of each."""
    cash = course.cash.mean(axis=0).cumsum()
    discounted = course.discounted.mean(axis=0).cumsum()
    last = {int(np.floor(month)): i for i, month in enumerate(course.months)}
    return tuple(
        (
            f"{month}",
            money(float(cash[i]), signed=True),
            money(float(discounted[i]), signed=True),
        )
        for month, i in sorted(last.items())
    )


def _heads(steps: Steps) -> tuple[str, ...]:
    """What the first row earns, what each step adds to that, and where it ends."""
    return steps.names[0], *(f"+ {name}" for name in steps.names[1:]), "result with all"


def _steps(steps: Steps) -> Rows:
    before, after = (steps.result.mean(axis=1)[row] for row in (0, -1))
    return tuple(
        (
            name,
            money(float(before[q])),
            *(money(float(gained), signed=True) for gained in steps.gained[:, q]),
            money(float(after[q])),
        )
        for q, name in enumerate(steps.quarters)
    )


def _service(week: WeekOfService) -> Rows:
    def cell(level: float) -> str:
        return "–" if np.isnan(level) else percent_exact(round(float(level), 3))

    return tuple(
        (
            clock(week.start_minute + i * week.interval_minutes),
            *(cell(level) for level in week.levels[:, i]),
        )
        for i in range(week.levels.shape[1])
        if not np.isnan(week.levels[:, i]).all()
    )


def _outcomes(outcomes: list[Outcome]) -> Sheet:
    rows = []
    for one in outcomes:
        gains = ("", "")
        if one.csat_gain is not None and one.result_gain is not None:
            gains = (
                f"{100 * one.csat_gain.value:+.2f}".replace("-", "−"),
                _amount(one.result_gain)[0],
            )
        level = f"{100 * one.csat.value:.1f} %"
        rows.append((one.name, level, gains[0], money(one.result.value), gains[1]))
    columns = ("scenario", "CSAT", "difference, points", "result", "difference")
    return _sheet(columns, tuple(rows))


def _exchanges(found: list[Exchange]) -> Sheet:
    rows = tuple(
        (one.scenario, one.segment, *(_amount(e)[0] for e in (one.sold, one.value, one.net)))
        for one in found
    )
    columns = ("scenario", "segment", "sold", "value of the base", "net")
    return _sheet(columns, rows, names=2)


def _issues(issues: list[IssuesOf]) -> Sheet:
    """Shares of closed issues, but for ways in which none ended."""
    ways = [i for i in range(len(WAYS)) if any(one.ended[i] for one in issues)]
    rows = tuple(
        (
            one.channel,
            one.scenario,
            *(f"{100 * one.shares[i]:.1f} %" for i in ways),
            f"{one.closed:.0f}",
            f"{one.open:.0f}",
        )
        for one in issues
    )
    heads = [list(WAYS)[i] for i in ways]
    columns = ("channel", "scenario", *heads, "closed", "open at the end")
    return _sheet(columns, rows, names=2)


def _weeks(series: list[WeeklySeries]) -> Sheet:
    """Every fourth week, so that the table can be read; weeks.csv of each run has all."""
    means = [one.values.mean(axis=0) for one in series]
    gap = (means[-1] - means[0]).cumsum()
    rows = tuple(
        (
            f"{week + 1}",
            *(money(float(m[week])) for m in means),
            money(float(gap[week]), signed=True),
        )
        for week in range(0, len(gap), 4 if len(gap) > 13 else 1)
    )
    return _sheet(("week", *(one.name for one in series), "difference so far"), rows)


def _people(courses: list[PeopleCourse]) -> Sheet:
    rows = tuple(
        (
            one.name,
            f"{week + 1}",
            f"{one.on_floor[week]:.1f}",
            f"{100 * one.engagement[week]:.1f} %",
            f"{100 * one.hot_half_hours[week]:.1f} %",
        )
        for one in courses
        for week in range(0, len(one.on_floor), 13 if len(one.on_floor) > 26 else 1)
    )
    columns = ("scenario", "week", "on the floor", "engagement", "hot half hours")
    return _sheet(columns, rows, names=2)

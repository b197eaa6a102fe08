"""Fiscal months, quarters and years: which weeks belong to which.

A week belongs to the month in which it starts; months exist nowhere else than in reports.
"""

from __future__ import annotations

import datetime
from typing import Literal, NamedTuple, get_args

from sim.core.clock import DAYS_PER_WEEK, MONTHS_PER_YEAR

By = Literal["month", "quarter", "year"]
LENGTHS: tuple[By, ...] = get_args(By)
MONTHS_PER_QUARTER = 3
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Period(NamedTuple):
    """Weeks that are reported together."""

    name: str
    """`Apr 2027`, `Q1 2027/28`, `2027/28`; of fiscal years that are calendar years `Q1 2027`."""
    weeks: tuple[int, ...]
    """0, 1, … from the start of the horizon."""


def periods(start: datetime.date, n_weeks: int, first_month: int, by: By) -> list[Period]:
    """The periods of a horizon in order; the first and the last may hold fewer weeks than others.

    `first_month` is the month (1 to 12) in which the fiscal year starts.
    """
    found: dict[str, list[int]] = {}
    for week in range(n_weeks):
        day = start + datetime.timedelta(days=week * DAYS_PER_WEEK)
        found.setdefault(_name(day, first_month, by), []).append(week)
    return [Period(name, tuple(weeks)) for name, weeks in found.items()]


def _name(day: datetime.date, first_month: int, by: By) -> str:
    if by == "month":
        return f"{MONTHS[day.month - 1]} {day.year}"
    months_in = (day.month - first_month) % MONTHS_PER_YEAR
    year = day.year - (day.month < first_month)
    name = str(year) if first_month == 1 else f"{year}/{(year + 1) % 100:02}"
    return name if by == "year" else f"Q{months_in // MONTHS_PER_QUARTER + 1} {name}"

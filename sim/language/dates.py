"""The type of fields that hold a day of the calendar."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from sim.language.block import problem
from sim.language.quantities import shown

FIRST_YEAR, LAST_YEAR = 1900, 2200


def _date(typed: Any) -> datetime.date:
    if isinstance(typed, datetime.datetime):
        return typed.date()
    if isinstance(typed, datetime.date):
        return typed
    try:
        date = datetime.date.fromisoformat(str(typed))
    except ValueError:
        problem((), f"{shown(typed)} is not a date", "write year-month-day, such as 2027-01-04")
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        problem((), f"{shown(typed)} is not of our time", f"write {FIRST_YEAR} to {LAST_YEAR}")
    return date


Date = Annotated[
    datetime.date,
    BeforeValidator(_date),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2027-01-04"]}),
]

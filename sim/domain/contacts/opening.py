"""When is a type open? Opening hours by quarter hour of the week, and days closed by their date."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any

import numpy as np
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from sim.core.clock import (
    CELLS_PER_DAY,
    CELLS_PER_WEEK,
    DAYS_PER_WEEK,
    MINUTES_PER_CELL,
    MINUTES_PER_DAY,
    MINUTES_PER_HOUR,
)
from sim.language.block import problem
from sim.language.dates import Date

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


_CLOCK = r"(\d{1,2}):(\d\d)"


_OPEN_PART = re.compile(rf"\s*([A-Za-z]+)?(?:\s*-\s*([A-Za-z]+))?\s+{_CLOCK}\s*-\s*{_CLOCK}\s*")


# German names too, where they are no English ones; So, Mi, Do … have two letters.
_OTHER_DAYS = {
    "mo": 0, "montag": 0, "di": 1, "dienstag": 1, "mi": 2, "mittwoch": 2, "do": 3, "donnerstag": 3,
    "fr": 4, "freitag": 4, "sa": 5, "samstag": 5, "sonnabend": 5, "so": 6, "sonntag": 6,
    "tu": 1, "tues": 1, "we": 2, "th": 3, "thur": 3, "thurs": 3, "su": 6,
}  # fmt: skip


_FULL_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


_ALL_DAYS = ("daily", "everyday")


def parse_opening(text: str) -> np.ndarray:
    """`Mon-Fri 08:00-20:00, Sat 9:00-13:00` → [672] bool, quarter hours from Monday 00:00.

    Days in English or German, short or long, or `daily`; `22:00-06:00` ends on the next day.
    Raises a problem with a remedy for anything else, and for times between quarter hours.
    """
    cells = np.zeros(CELLS_PER_WEEK, bool)
    if text.strip().lower() in ("always", "24/7"):
        return ~cells
    for part in text.replace("–", "-").split(","):
        match = _OPEN_PART.fullmatch(part if part[:1].isspace() else f" {part}")
        if not match or (match[2] and not match[1]):
            problem(
                (),
                f"'{part.strip()}' is not an opening time",
                "write Mon-Fri 08:00-20:00, Sat 09:00-13:00, or always",
            )
        first, last, *clock = match.groups()
        day, final = 0, DAYS_PER_WEEK - 1
        if first is not None and (last is not None or first.lower() not in _ALL_DAYS):
            day, final = _day(first), _day(last or first)
        start_h, start_m, end_h, end_m = map(int, clock)
        start, end = start_h * MINUTES_PER_HOUR + start_m, end_h * MINUTES_PER_HOUR + end_m
        if max(start, end) > MINUTES_PER_DAY or max(start_m, end_m) >= MINUTES_PER_HOUR:
            what = f"'{part.strip()}' names a time that no day has"
            problem((), what, "write times from 00:00 to 24:00")
        if start % MINUTES_PER_CELL or end % MINUTES_PER_CELL:
            problem((), f"'{part.strip()}' falls between quarter hours", "use :00, :15, :30, :45")
        if start == end:
            what = f"'{part.strip()}' ends when it begins"
            problem((), what, "write 00:00-24:00 for the whole day, or leave it out")
        length = end - start if end > start else end - start + MINUTES_PER_DAY
        while True:
            begin = day * CELLS_PER_DAY + start // MINUTES_PER_CELL
            cells[np.arange(begin, begin + length // MINUTES_PER_CELL) % CELLS_PER_WEEK] = True
            if day == final:
                break
            day = (day + 1) % DAYS_PER_WEEK
    return cells


def _day(name: str) -> int:
    """Return 0 for Monday, `Mon`, `Mo` …"""
    word = name.lower()
    if word in _FULL_DAYS:
        return _FULL_DAYS.index(word)
    if word in _OTHER_DAYS:
        return _OTHER_DAYS[word]
    if name.title() not in DAYS:
        problem((), f"'{name}' is not a day", f"write one of {', '.join(DAYS)}, or daily")
    return DAYS.index(name.title())


def _checked_opening(text: str) -> str:
    parse_opening(text)
    return text


Opening = Annotated[
    str,
    AfterValidator(_checked_opening),
    WithJsonSchema(
        {"type": "string", "examples": ["Mon-Fri 08:00-20:00, Sat 09:00-13:00", "always"]}
    ),
]


def _each_once(dates: list[datetime.date]) -> list[datetime.date]:
    for i, date in enumerate(dates):
        if date in dates[:i]:
            problem((i,), f"{date} stands here a second time", "name it once")
    return dates


def _no_days(typed: Any) -> Any:
    return [] if typed == "none" else typed


ClosedDays = Annotated[
    list[Date],
    BeforeValidator(_no_days),
    AfterValidator(_each_once),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": {"type": "string", "format": "date"}},
                {"const": "none", "description": "Switched off."},
            ],
            "examples": [["2027-01-06", "2027-04-05"]],
        }
    ),
]


def days_closed(dates: list[datetime.date], start: datetime.date, days: int) -> np.ndarray:
    """Bool [day of a horizon of so many days] whether it is closed; of no length where none is.

    Other days of the calendar are left out.
    """
    closed = np.zeros(days, bool)
    for date in dates:
        day = (date - start).days
        if 0 <= day < days:
            closed[day] = True
    return closed if closed.any() else closed[:0]


def closed_cells(closed: np.ndarray, first_cell: int, cells: int) -> np.ndarray:
    """Bool [cell of a span of the horizon] whether it lies in a day closed by date.

    `closed` is that of `days_closed`. No day is before the horizon, and none after it.
    """
    day = np.arange(first_cell, first_cell + cells) // CELLS_PER_DAY
    is_known = (day >= 0) & (day < len(closed))
    found = np.zeros(cells, bool)
    found[is_known] = closed[day[is_known]]
    return found

"""When may somebody work, and when may she pause?

A shift is a pattern of a day: its length from start to end, the moments at which it may start,
lunch and breaks, and on how many days of the week somebody works it. She starts at the same time on
all of her days.

Where pauses may lie is a proposal of this project: none in the first or the last hour; lunch within
the middle third; breaks before and after lunch by turns, each within its own part of what is left,
half an hour from lunch and from one another. So any choice of moments goes with any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Annotated, Any, NamedTuple

import numpy as np
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from sim.core.clock import (
    CELLS_PER_DAY,
    CELLS_PER_HOUR,
    MINUTES_PER_CELL,
    MINUTES_PER_HOUR,
    SECONDS_PER_HOUR,
    SECONDS_PER_MINUTE,
)
from sim.language.block import Block, decision, problem
from sim.language.evidence import TYPED, proposal
from sim.language.fields import Duration, Share
from sim.language.parsers import parse_duration
from sim.language.quantities import shown

BY_LENGTH = "by length"
UNPAID = " unpaid"
_CELL_S = MINUTES_PER_CELL * SECONDS_PER_MINUTE
_APART = CELLS_PER_HOUR // 2
_WITH_LUNCH_H, _WITH_BREAK_H, _WITH_TWO_BREAKS_H = 6, 4, 7
_CLOCK = r"(\d{1,2}):(\d\d)"
_STARTS = re.compile(rf"{_CLOCK}(?:\s*[-–]\s*{_CLOCK}(?:\s+every\s+(.+))?)?")
_BREAKS = re.compile(r"(?:(\d{1,2})\s*[x×]\s*)?(.+)")
_AT_MOST = "at most "


class Pause(NamedTuple):
    """A lunch or a break of a shift, in quarter hours from its start."""

    cells: int
    earliest: int
    """The first cell in which it may begin."""
    latest: int
    """The last one."""
    is_paid: bool


def parse_starts(text: str) -> list[int]:
    """`08:00-12:00 every 30 min, 14:00` → quarter hours of the day, in order, each once.

    A range without `every` is every half hour; one that ends before it begins goes past midnight.
    Raises a problem with a remedy for anything else, and for times between quarter hours.
    """
    found: list[int] = []
    for part in text.split(","):
        match = _STARTS.fullmatch(part.strip())
        if not match:
            what = f"'{part.strip()}' is not a start of shifts"
            problem((), what, "say it by the clock, with its step: every half hour")
        hour, minute, last_hour, last_minute, every = match.groups()
        first = _cell(part, hour, minute)
        if last_hour is None:
            found.append(first)
            continue
        step = _cells(parse_duration(every), every) if every else CELLS_PER_HOUR // 2
        if not step:
            problem((), f"'{part.strip()}' never goes on", "write every 30 min")
        last = _cell(part, last_hour, last_minute)
        last += CELLS_PER_DAY if last < first else 0
        found += [cell % CELLS_PER_DAY for cell in range(first, last + 1, step)]
    return sorted(set(found))


def _cell(part: str, hour: str, minute: str) -> int:
    minutes = int(hour) * MINUTES_PER_HOUR + int(minute)
    if int(minute) >= MINUTES_PER_HOUR or minutes >= CELLS_PER_DAY * MINUTES_PER_CELL:
        what = f"'{part.strip()}' names a time that no day has"
        problem((), what, "write times from 00:00 to 23:45")
    if minutes % MINUTES_PER_CELL:
        problem((), f"'{part.strip()}' falls between quarter hours", "use whole quarter hours")
    return minutes // MINUTES_PER_CELL


def _cells(seconds: float, typed: Any) -> int:
    if seconds % _CELL_S:
        problem((), f"{shown(typed)} are not whole quarter hours", "use whole quarter hours")
    return int(seconds // _CELL_S)


def _lunch(text: str) -> tuple[int, bool]:
    """`30 min unpaid` → its cells, and whether it is paid; 0 cells for none."""
    if text == "none":
        return 0, False
    length = text.removesuffix(UNPAID).removesuffix(" paid")
    return _cells(parse_duration(length), length), not text.endswith(UNPAID)


def _breaks(text: str) -> tuple[int, int]:
    """`2 x 15 min` → how many, and the cells of each."""
    if text == "none":
        return 0, 0
    match = _BREAKS.fullmatch(text.strip())
    if match is None:
        problem((), "how many breaks, and how long, is missing", "say how many, and how long")
    cells = _cells(parse_duration(match[2]), match[2])
    return (int(match[1] or 1), cells) if cells else (0, 0)


def _text(typed: Any) -> Any:
    """A list as one text, and a number as what was typed, so that it is refused in our words."""
    is_number = isinstance(typed, int | float) and not isinstance(typed, bool)
    if isinstance(typed, list):
        return ", ".join(map(str, typed))
    return str(typed) if is_number else typed


def _starts(text: str) -> str:
    parse_starts(text)
    return text


def _lunch_text(text: str) -> str:
    if text != BY_LENGTH:
        _lunch(text)
    return text


def _breaks_text(text: str) -> str:
    if text != BY_LENGTH:
        _breaks(text)
    return text


def _most(typed: Any) -> Any:
    return typed.strip().removeprefix(_AT_MOST) if isinstance(typed, str) else typed


def _length(seconds: float) -> float:
    if seconds > CELLS_PER_DAY * _CELL_S:
        problem((), "a shift of more than a day", "make it shorter")
    if seconds < SECONDS_PER_HOUR:
        problem((), "a shift of less than an hour", "make it longer")
    if seconds % _CELL_S:
        problem((), "a shift lasts whole quarter hours", "use whole quarter hours")
    return seconds


Starts = Annotated[
    str,
    BeforeValidator(_text),
    AfterValidator(_starts),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
            "description": "Starts by the clock.",
            "examples": ["08:00-12:00 every 30 min", "06:00, 14:00, 22:00"],
        }
    ),
]
Lunch = Annotated[
    str,
    BeforeValidator(_text),
    AfterValidator(_lunch_text),
    WithJsonSchema(
        {
            "type": "string",
            "description": "Its length, and whether it is paid.",
            "examples": ["30 min unpaid", "45 min", "none"],
        }
    ),
]
Breaks = Annotated[
    str,
    BeforeValidator(_text),
    AfterValidator(_breaks_text),
    WithJsonSchema(
        {
            "type": "string",
            "description": "How many, and how long each.",
            "examples": ["2 x 15 min", "15 min", "none"],
        }
    ),
]
MostShare = Annotated[
    Share,
    BeforeValidator(_most),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 1},
                {"type": "string", "pattern": r"^\s*(at most )?\+?(\d+\.?\d*|\.\d+)(\s*%)?\s*$"},
            ],
            "description": "The largest share, between 0 and 1.",
            "examples": ["at most 30%"],
        }
    ),
]


class ShiftSpec(Block):
    """A pattern of shifts: people who work it start at the same time on each of their days."""

    main_key = "length"

    length: Annotated[Duration, AfterValidator(_length)] = decision(
        8.0 * SECONDS_PER_HOUR, evidence=proposal(), lever=("4 h", "10 h")
    )
    """From start to end, pauses included; it may go past midnight."""
    starts: Starts = decision("08:00-12:00 every 30 min", evidence=proposal())
    """When it may start: times, or a range with its step; half an hour unless said otherwise."""
    lunch: Lunch = decision(BY_LENGTH, evidence=proposal("30 min unpaid from 6 h on"))
    """Its length, with `unpaid` where it is not paid; none: there is none; by length: 30 min unpaid
    in shifts of 6 h and more. It lies within the middle third of the shift."""
    breaks: Breaks = decision(BY_LENGTH, evidence=proposal("2 x 15 min in 8 h"))
    """Paid breaks; none: there are none; by length: 15 min from 4 h on, twice from 7 h on. None is
    in the first or last hour, nor within half an hour of lunch or of the other one."""
    days: Annotated[int, Field(ge=1, le=7)] = decision(5, evidence=proposal(), traits=("plain",))
    """Days a week on which somebody works it."""
    share: MostShare | None = decision(None, evidence=TYPED, examples=["at most 30%"])
    """The largest share of the group's heads who may have it; left out: no limit."""

    @property
    def cells(self) -> int:
        """Length in quarter hours."""
        return int(self.length // _CELL_S)

    @property
    def lunch_and_breaks(self) -> tuple[Pause, ...] | None:
        """Pauses in the order of the day; None where they find no room."""
        hours = self.cells / CELLS_PER_HOUR
        lunch = self.lunch if self.lunch != BY_LENGTH else _lunch_by_length(hours)
        breaks = self.breaks if self.breaks != BY_LENGTH else _breaks_by_length(hours)
        return _pauses(self.cells, *_lunch(lunch), *_breaks(breaks))

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """The same; they were seen to fit when the scenario was checked."""
        return self.lunch_and_breaks or ()

    @property
    def at_work(self) -> float:
        """Time on duty and not on a pause ÷ paid time."""
        pauses = sum(pause.cells for pause in self.pauses)
        return self.days * (self.cells - pauses) / CELLS_PER_HOUR / self.paid_hours_per_week

    @property
    def paid_hours_per_week(self) -> float:
        """Hours paid to somebody who works it: all but unpaid lunch."""
        unpaid = sum(pause.cells for pause in self.pauses if not pause.is_paid)
        return self.days * (self.cells - unpaid) / CELLS_PER_HOUR


def _lunch_by_length(hours: float) -> str:
    return "30 min unpaid" if hours >= _WITH_LUNCH_H else "none"


def _breaks_by_length(hours: float) -> str:
    if hours < _WITH_BREAK_H:
        return "none"
    return "2 x 15 min" if hours >= _WITH_TWO_BREAKS_H else "15 min"


def _pauses(
    length: int, lunch: int, is_paid: bool, breaks: int, cells: int
) -> tuple[Pause, ...] | None:
    """Pauses with their windows, in the order of the day; None where there is no room."""
    first, last = CELLS_PER_HOUR, length - CELLS_PER_HOUR
    if not lunch:
        return _in_parts(first, last, breaks, cells)
    third_from, third_to = -(-length // 3), 2 * length // 3
    noon = Pause(lunch, third_from, third_to - lunch, is_paid)
    before = _in_parts(first, third_from - _APART, breaks - breaks // 2, cells)
    after = _in_parts(third_to + _APART, last, breaks // 2, cells)
    if noon.latest < noon.earliest or before is None or after is None:
        return None
    return (*before, noon, *after)


def _in_parts(first: int, last: int, breaks: int, cells: int) -> tuple[Pause, ...] | None:
    """Breaks within [first, last), each in a part of its own, the parts half an hour apart."""
    found = []
    part = (last - first + _APART) / breaks if breaks else 0.0
    for i in range(breaks):
        earliest = -int(-(first + i * part) // 1)
        latest = int(first + (i + 1) * part - _APART) - cells
        if latest < earliest:
            return None
        found.append(Pause(cells, earliest, latest, True))
    return tuple(found)


def presence(length: int, pauses: tuple[Pause, ...], moments: tuple[int, ...]) -> np.ndarray:
    """Bool [cell of the shift]: on duty and not on a pause, of which each begins at its moment."""
    at_work = np.ones(length, bool)
    for pause, moment in zip(pauses, moments, strict=True):
        at_work[moment : moment + pause.cells] = False
    return at_work


def work_patterns(spec: ShiftSpec) -> Iterator[tuple[int, np.ndarray]]:
    """Every legal pattern of a day: its start, and bool [cell of the shift] of who is at work.

    Starts are quarter hours of the day; all lists of moments at which pauses may begin.
    """
    pauses = spec.pauses
    windows = [range(pause.earliest, pause.latest + 1) for pause in pauses]
    for start in parse_starts(spec.starts):
        for moments in product(*windows):
            yield start, presence(spec.cells, pauses, moments)

"""Quantities in their parts, as people type them (`90 s`, `50k per year`), and as they are told.

One year is 52 weeks and 12 months, so one month is 52/12 weeks; a week is 168 hours. What a field
accepts is said by the parsers of `parsers.py`.
"""

import re
from decimal import Decimal
from math import isfinite
from typing import Any, NamedTuple

from sim.core.clock import (
    DAYS_PER_WEEK,
    DAYS_PER_YEAR,
    MINUTES_PER_DAY,
    MINUTES_PER_HOUR,
    MONTHS_PER_YEAR,
    SECONDS_PER_DAY,
    SECONDS_PER_HOUR,
    SECONDS_PER_MINUTE,
    SECONDS_PER_WEEK,
)
from sim.language.number_slips import cleaned, plain_spaces, without_commas

MINUS = "\N{MINUS SIGN}"


# --- what a person types ----------------------------------------------------------------------

SECONDS = {
    "s": 1,
    "min": SECONDS_PER_MINUTE,
    "h": SECONDS_PER_HOUR,
    "d": SECONDS_PER_DAY,
    "wk": SECONDS_PER_WEEK,
}
"""Seconds by unit of a duration."""
_LONG_NAMES = {
    "sec": "s", "second": "s", "seconds": "s",
    "minute": "min", "minutes": "min",
    "hour": "h", "hours": "h",
    "day": "d", "days": "d",
    "week": "wk", "weeks": "wk",
}  # fmt: skip
# A month is a whole number of minutes, so that every conversion is a ratio of integers.
MINUTES = {
    "minute": 1,
    "hour": MINUTES_PER_HOUR,
    "day": MINUTES_PER_DAY,
    "week": MINUTES_PER_DAY * DAYS_PER_WEEK,
    "month": MINUTES_PER_DAY * DAYS_PER_YEAR // MONTHS_PER_YEAR,
    "year": MINUTES_PER_DAY * DAYS_PER_YEAR,
}
"""Minutes by what stands after `per`."""
TIME_NAMES = {
    "min": "minute", "mins": "minute", "minutes": "minute",
    "h": "hour", "hr": "hour", "hrs": "hour", "hours": "hour",
    "d": "day", "days": "day",
    "wk": "week", "wks": "week", "weeks": "week",
    "mo": "month", "mth": "month", "months": "month",
    "yr": "year", "yrs": "year", "years": "year", "annum": "year",
}  # fmt: skip
"""What else may stand after `per` → the key of MINUTES."""
TIMES = "|".join([*SECONDS, *_LONG_NAMES, "m", "months?", "years?"])
"""The units of a duration, as a pattern."""
EXPONENTS = {"": 0, "%": -2, "k": 3, "M": 6}
"""The power of ten by suffix."""

_MOST_SHOWN = 60  # characters of a typed value in a message

NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
"""A bare number, as a pattern."""
_WORDS = r"[A-Za-z][A-Za-z ]*?"
_QUANTITY = re.compile(rf"\s*({NUMBER})(\s*)(k|K|M|%)?(?![A-Za-z])\s*({_WORDS})?\s*")
_UNIT_ONLY = re.compile(rf"\s*({NUMBER})(\s*)()({_WORDS})\s*")


class Quantity(NamedTuple):
    """A typed quantity in its parts: `50 k per year` is 50.0, "k", "per year"."""

    number: float
    suffix: str
    """`k`, `M`, `%` or nothing."""
    unit: str
    """`s`, `min`, `h`, `d`, `wk`, `per week` …, or nothing."""
    gap: str = ""
    """The space before the suffix or the unit, as typed."""

    @property
    def amount(self) -> float:
        """The number with its suffix applied: `50k` is 50000, `35%` is 0.35."""
        # In decimals, for 2.3 * 1_000_000 is 2299999.9999999995.
        return float(Decimal(repr(self.number)).scaleb(EXPONENTS[self.suffix]))

    def __str__(self) -> str:
        number = plain(self.number)
        if self.suffix:
            return f"{number}{self.gap}{self.suffix}" + (f" {self.unit}" if self.unit else "")
        return f"{number}{self.gap or ' '}{self.unit}" if self.unit else number


def read_quantity(typed: Any) -> Quantity | None:
    """Return the parts of a number or of text that starts with one; None for anything else."""
    if isinstance(typed, bool):
        return None
    if isinstance(typed, int | float):
        return Quantity(_as_float(typed), "", "")
    if not isinstance(typed, str):
        return None
    typed = plain_spaces(typed)
    found = _QUANTITY.fullmatch(typed) or _UNIT_ONLY.fullmatch(typed)
    if not found:
        return None
    number, gap, suffix, unit = found.groups(default="")
    suffix = suffix.replace("K", "k")
    unit = " ".join(unit.split())
    return Quantity(float(number), suffix, _LONG_NAMES.get(unit, unit), gap)


def number_meant(typed: Any) -> float | None:
    """Return the number behind `180k`, `1,200`, `140%` or `24 000`; None if it is not finite."""
    quantity = read_quantity(without_commas(cleaned(typed)))
    if quantity is None or quantity.unit or not isfinite(quantity.amount):
        return None
    return quantity.amount


def _as_float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:  # a whole number of more than three hundred digits
        return float("inf") if number > 0 else float("-inf")


def typeset(figure: str) -> str:
    """Return a formatted number as prose and tables show it: with a true minus, unlike files."""
    return figure.replace("-", MINUS)


def plain(number: float) -> str:
    """Return the shortest text that reads back as the same number, without a needless `.0`."""
    is_whole = abs(number) < 1e15 and number == int(number)
    return str(int(number)) if is_whole else repr(number)


def shown(typed: Any) -> str:
    """Return a typed value as a message shows it."""
    if isinstance(typed, str):
        return f"'{_shortened(' '.join(typed.split()) if chr(10) in typed else typed)}'"
    if isinstance(typed, bool):
        return str(typed).lower()
    if isinstance(typed, int):
        return _shortened(str(typed))
    if isinstance(typed, float):
        return str(typed) if typed != typed or abs(typed) == float("inf") else plain(typed)
    if isinstance(typed, dict):
        return "a mapping"
    return "a list" if isinstance(typed, list | tuple) else "nothing"


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"

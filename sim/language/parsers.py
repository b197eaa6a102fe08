"""What a field accepts: a typed value becomes a plain float, or a problem with a remedy.

Each parser takes what a person types (text, or a number of YAML), refuses what is ambiguous, and
returns a float in the unit that its docstring names. All raise PydanticCustomError with the
fault and a remedy, and one of kind `quantity_type` where the value is no quantity at all.
"""

import re
from collections.abc import Callable
from functools import lru_cache, wraps
from math import gcd
from typing import Any, Concatenate, NoReturn, ParamSpec

from pydantic_core import PydanticCustomError

from sim.core.clock import (
    MINUTES_PER_HOUR,
    SECONDS_PER_HOUR,
    SECONDS_PER_MINUTE,
    SECONDS_PER_WEEK,
    WEEKS_PER_YEAR,
)
from sim.language.block import problem
from sim.language.number_slips import (
    ROUND_IN_GERMAN,
    WITH_COMMA,
    cleaned,
    names_currency,
    without_commas,
)
from sim.language.quantities import (
    MINUTES,
    NUMBER,
    SECONDS,
    TIME_NAMES,
    Quantity,
    plain,
    read_quantity,
    shown,
)

PAID_HOURS_PER_WEEK = 40
"""Hours of one full-time post; 2,080 a year turn a salary into a wage per hour."""

# Beyond these, a number is a slip of the keyboard and would break arithmetic later on.
_MOST = 1e15
_MOST_FRACTION = 1000.0
_MOST_SECONDS = 100 * WEEKS_PER_YEAR * SECONDS_PER_WEEK
_MOST_GUESSED = 4.0  # a person who types 1000 does not mean 1000 %

_ANY_TIME = "minute, hour, day, week, month or year"
_PER_SEVERAL = re.compile(r"(.*?)\s+per\s+(half|quarter|\d{1,4})(?:\s+an?\s+|[\s-]*)([A-Za-z]+)\s*")
_CLOCK = re.compile(r"\s*(?:(\d{1,3}):)?(\d{1,3}):(\d\d)\s*")
_PART = r"\d+(?:\.\d+)?"
_PARTS = re.compile(
    rf"\s*(?:({_PART})\s*(?:h|hours?)\s*)?(?:({_PART})\s*(?:min|minutes?|m)\s*)?"
    rf"(?:({_PART})\s*(?:s|sec|seconds?)\s*)?"
)

_P = ParamSpec("_P")


def _with_what_was_meant(
    parse: Callable[Concatenate[Any, _P], float],
) -> Callable[Concatenate[Any, _P], float]:
    """Let a refusal say `write …` where the typed text, cleaned, is one that the parser takes.

    Else it says what is wrong with the cleaned text. The same text is parsed once: each level of a
    scenario, and each week that an initiative changes, holds it again.
    """
    parse_text = lru_cache(maxsize=10_000)(parse)

    @wraps(parse)
    def parse_or_say(typed: Any, *args: _P.args, **kwargs: _P.kwargs) -> float:
        """Parse; where that is refused, say what would be taken."""
        try:
            known = parse_text if isinstance(typed, str) else parse
            return known(typed, *args, **kwargs)
        except PydanticCustomError as refused:
            meant = without_commas(cleaned(typed))
            if not isinstance(typed, str) or meant == typed.strip():
                raise
            remedy = f"write {meant}"
            try:
                parse(meant, *args, **kwargs)
            except PydanticCustomError as still_refused:
                remedy = (still_refused.context or {})["remedy"]
            context = {**(refused.context or {}), "remedy": remedy}
            raise PydanticCustomError(refused.type, "{what}", context) from None  # type: ignore

    return parse_or_say


def such_as(typed: Any, examples: str, form: str) -> str:
    """Return a remedy: examples where no number was typed, else the form alone.

    Beside a typed number, an example would be another number.
    """
    return f"write {form if re.search(r'[0-9]', str(typed)) else examples}"


@_with_what_was_meant
def parse_duration(typed: Any) -> float:
    """`90 s`, `6 min`, `6 min 40 s`, `6:40`, `24 h`, `10 d`, `2 wk`, `24 months` → seconds."""
    in_parts = _seconds_in_parts(typed)
    if in_parts is not None:
        typed = f"{plain(in_parts)} s"
    examples = "90 s, 6 min, 24 h, 10 d or 2 wk"
    q = _read(typed, "a duration", such_as(typed, examples, "a time in s, min, h, d or wk"))
    if q.suffix or q.unit not in SECONDS:
        if not q.unit and not q.suffix:
            _refuse(f"{shown(typed)} has no unit", "say its unit: s, min, h, d or wk")
        _refuse(f"{shown(typed)} is not a duration", "write it in s, min, h, d or wk")
    seconds = _not_negative(typed, q.number) * SECONDS[q.unit]
    if seconds > _MOST_SECONDS:
        _refuse(f"{shown(typed)} is longer than a hundred years", "write a shorter time")
    return seconds


def _seconds_in_parts(typed: Any) -> float | None:
    """`6:40`, `00:06:40`, `6m40s`, `1 h 5 min`, `24 months` → seconds; None for other forms."""
    if not isinstance(typed, str):
        return None
    if clock := _CLOCK.fullmatch(typed):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        if seconds >= SECONDS_PER_MINUTE or (clock[1] and minutes >= MINUTES_PER_HOUR):
            return None
        return hours * SECONDS_PER_HOUR + minutes * SECONDS_PER_MINUTE + seconds
    parts = _PARTS.fullmatch(typed)
    if parts and sum(part is not None for part in parts.groups()) > 1:
        sizes = (SECONDS_PER_HOUR, SECONDS_PER_MINUTE, 1)
        return sum(float(p or 0) * size for p, size in zip(parts.groups(), sizes, strict=True))
    q = read_quantity(typed)
    unit = TIME_NAMES.get(q.unit, q.unit) if q and not q.suffix and q.number >= 0 else ""
    if q is not None and unit in ("month", "year") and q.unit not in ("mo", "mth"):
        return q.number * MINUTES[unit] * SECONDS_PER_MINUTE
    return None


@_with_what_was_meant
def parse_share(typed: Any) -> float:
    """`0.35`, `35%` → 0.35; between 0 and 1."""
    return _parse_part(typed, 0.0, 1.0)


@_with_what_was_meant
def parse_signed_share(typed: Any) -> float:
    """`-5%`, `0.05` → −0.05, 0.05; between −1 and 1."""
    return _parse_part(typed, -1.0, 1.0)


@_with_what_was_meant
def parse_fraction(typed: Any) -> float:
    """`1.5`, `150%` → 1.5; at least 0. A bare number above 10 must be a percent."""
    return _parse_part(typed, 0.0, _MOST_FRACTION, largest_bare=10.0)


@_with_what_was_meant
def parse_money(typed: Any) -> float:
    """`120`, `50k`, `6.3 M` → an amount in the scenario's currency, at least 0."""
    return _not_negative(typed, parse_signed_money(typed))


@_with_what_was_meant
def parse_signed_money(typed: Any) -> float:
    """As `parse_money`, but may be negative."""
    _refuse_currency(typed)
    return _parse_amount(typed, "an amount of money", "120, 50k or 6.3 M")


@_with_what_was_meant
def parse_number(typed: Any) -> float:
    """`5`, `1e3`, `24k` → a number without unit."""
    return _parse_amount(typed, "a number", "5, 0.5 or 24k")


@_with_what_was_meant
def parse_rate(typed: Any, per: str, field: str | None = None, *, is_wage: bool = False) -> float:
    """`16.50 per month`, `50k per year` → amount per `per` (minute, hour, week, month or year).

    A bare number is fine only where the key itself names the unit (`per_week: 24000`). A wage is
    per hour, and may be typed as a salary: by the paid hours of a full-time post, 2,080 a year.
    """
    _refuse_currency(typed)
    if (several := _per_several(typed)) is not None:
        amount, minutes = several
        if per == "hour":
            _refuse(f"{shown(typed)} is not per hour", "say it per hour")
        return _not_negative(typed, parse_number(amount)) * MINUTES[per] / minutes
    known = "hour" if per == "hour" else _ANY_TIME
    known = "hour, week, month or year" if is_wage else known
    form = f"an amount per {known}"
    q = _read(typed, "an amount per time", such_as(typed, f"18 per {per}", form))
    if not q.unit and field and field.removeprefix("per_") in MINUTES:
        q = q._replace(unit=field.replace("_", " "))
    if q.suffix == "%":
        _refuse(f"{shown(typed)} is a share, not an amount", f"write {form}")
    if not q.unit:
        number = typed.strip() if isinstance(typed, str) else plain(q.number)
        is_hourly = per == "hour" and not is_wage
        remedy = f"write {number} per hour" if is_hourly else f"say per what: {known}"
        _refuse(f"{shown(typed)} has no unit", remedy)
    unit = _time_unit(q, typed, per)
    if per == "hour" and unit != "hour" and (not is_wage or unit in ("minute", "day")):
        known = "per hour or per year" if is_wage else "per hour"
        _refuse(f"{shown(typed)} is not per hour", f"say it {known}")
    if per == "hour" and unit != "hour":
        yearly = _converted(_not_negative(typed, q.amount), unit, "year")
        return yearly / (PAID_HOURS_PER_WEEK * WEEKS_PER_YEAR)
    return _converted(_not_negative(typed, q.amount), unit, per)


def period_of(typed: Any) -> str:
    """Return minute, hour, day … of `5 per day` or `50 per half hour`; nothing of other text."""
    found = re.search(r"\bper\s+(.+)", typed) if isinstance(typed, str) else None
    word = re.findall(r"[A-Za-z]+", found[1])[-1:] if found else []
    unit = TIME_NAMES.get(word[0], word[0]) if word else ""
    return unit if unit in MINUTES else ""


def _per_several(typed: Any) -> tuple[str, int] | None:
    """`50 per half hour`, `100 per 15 min` → the amount as typed and its minutes, else None."""
    found = _PER_SEVERAL.fullmatch(typed) if isinstance(typed, str) else None
    unit = TIME_NAMES.get(found[3], found[3]) if found else ""
    if found is None or unit not in MINUTES:
        return None
    if found[2].isdigit():
        minutes = int(found[2]) * MINUTES[unit]
    else:
        minutes = MINUTES[unit] // (2 if found[2] == "half" else 4)
    return (found[1], minutes) if minutes else None


@_with_what_was_meant
def parse_share_per_year(typed: Any) -> float:
    """`14% per year`, `1% per month` → share per year, in proportion to time."""
    return _parse_per_year(typed, may_shrink=False)


@_with_what_was_meant
def parse_growth(typed: Any) -> float:
    """`8% per year`, `-5% per year` → share per year, below 0 where it shrinks."""
    return _parse_per_year(typed, may_shrink=True)


def _parse_per_year(typed: Any, *, may_shrink: bool) -> float:
    form = "a percentage per week, month or year"
    q = _read(typed, "a share per time", such_as(typed, "14% per year", form))
    if not q.unit:
        _refuse(f"{shown(typed)} has no unit", f"write {form}")
    if not q.unit.startswith("per "):
        _refuse(f"{shown(typed)} is not a share per time", f"write {form}")
    unit = _time_unit(q._replace(suffix="%"), typed, "year")
    if not may_shrink:
        _not_negative(typed, q.amount)
    if q.suffix != "%" and abs(q.amount) > 1:
        number = plain(q.amount)
        _refuse(f"{shown(typed)} is not a share", f"did you mean {number}% per {unit}?")
    return _converted(q.amount, unit, "year")


def _parse_part(typed: Any, low: float, high: float, largest_bare: float = 1.0) -> float:
    form = such_as(typed, "0.35 or 35%", "a percentage, or a part of one")
    q = _read(typed, "a share", form)
    if q.unit or q.suffix in ("k", "M"):
        _refuse(f"{shown(typed)} is not a share", form)
    as_percent = q._replace(suffix="%").amount
    if not q.suffix and largest_bare < abs(q.number) <= 10 and q.number != int(q.number):
        _refuse(f"{shown(typed)} is not a share", "say it with %, or as a part of one")
    if not q.suffix and abs(q.number) > largest_bare and low <= as_percent <= high:
        guess = f"did you mean {plain(q.number)}%?" if abs(as_percent) <= _MOST_GUESSED else form
        _refuse(f"{shown(typed)} is not a share", guess)
    if q.amount < low and low == 0:
        _refuse(f"{shown(typed)} is negative", "write 0 or more")
    if not low <= q.amount <= high:
        limits = f"between {_percent(low)} and {_percent(high)}"
        _refuse(f"{shown(typed)} is not {limits}", "write a percentage within these limits")
    return q.amount


def _parse_amount(typed: Any, kind: str, examples: str) -> float:
    remedy = such_as(typed, examples, f"{kind} and nothing else")
    q = _read(typed, kind, remedy)
    if q.suffix == "%" or q.unit:
        _refuse(f"{shown(typed)} is not {kind}", remedy)
    return q.amount


def _read(typed: Any, kind: str, remedy: str) -> Quantity:
    q = read_quantity(typed)
    if q is None or abs(q.number) == float("inf") or q.number != q.number:
        if isinstance(typed, str) and WITH_COMMA.match(cleaned(typed)):
            _refuse(f"{shown(typed)} has a comma", remedy)
        problem((), f"{shown(typed)} is not {kind}", remedy, kind="quantity_type")
    if abs(q.number) > _MOST or abs(q.amount) > _MOST:
        _refuse(f"{shown(typed)} is too large", "check the number of digits")
    if isinstance(typed, str) and kind != "a share" and ROUND_IN_GERMAN.match(typed):
        few, many = typed.replace(".000", "", 1).strip(), typed.replace(".", "", 1).strip()
        _refuse(f"{shown(typed)} may be {few} or {many}", f"write {many} or {few}")
    return q


def _refuse_currency(typed: Any) -> None:
    """A currency beside an amount would be told twice, perhaps differently."""
    if names_currency(typed) and _begins_with_a_number(without_commas(cleaned(typed))):
        _refuse(f"{shown(typed)} names the currency, which `currency` tells once for all money",
                "leave the currency out")  # fmt: skip


def _begins_with_a_number(text: str) -> bool:
    return re.match(rf"\s*{NUMBER}", text) is not None


def _time_unit(q: Quantity, typed: Any, per: str) -> str:
    unit = q.unit.removeprefix("per ")
    unit = TIME_NAMES.get(unit, unit)
    if not q.unit.startswith("per ") or unit not in MINUTES:
        remedy = f"say it per time, such as per {per}"
        _refuse(f"{shown(typed)} is not per {_ANY_TIME}", remedy)
    return unit


def _converted(amount: float, unit: str, per: str) -> float:
    # In lowest terms, so that an amount in its own unit stays the same to the bit.
    common = gcd(MINUTES[per], MINUTES[unit])
    return amount * (MINUTES[per] // common) / (MINUTES[unit] // common)


def _not_negative(typed: Any, value: float) -> float:
    if value < 0:
        _refuse(f"{shown(typed)} is negative", "write 0 or more")
    return value


def _percent(share: float) -> str:
    return f"{share * 100:.12g}%"


def _refuse(what: str, remedy: str) -> NoReturn:
    problem((), what, remedy)

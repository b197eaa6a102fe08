"""The types of fields: durations, shares, money, rates, each read with its unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    PlainSerializer,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)

from sim.core.clock import DAYS_PER_YEAR, MONTHS_PER_YEAR, WEEKS_PER_YEAR
from sim.language.block import problem
from sim.language.parsers import (
    parse_duration,
    parse_fraction,
    parse_growth,
    parse_money,
    parse_number,
    parse_rate,
    parse_share,
    parse_share_per_year,
    parse_signed_money,
    parse_signed_share,
)
from sim.language.quantities import MINUTES, TIME_NAMES, TIMES, plain

_UNSIGNED = r"\+?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"


def _schema(pattern: str, description: str, examples: list[Any], **number: Any) -> WithJsonSchema:
    text = {"type": "string", "pattern": f"^\\s*{pattern}\\s*$"}
    forms = {"anyOf": [{"type": "number", **number}, text]} if number else text
    return WithJsonSchema({**forms, "description": description, "examples": examples})


def _rate(
    per: str, examples: list[str], *, is_wage: bool = False
) -> tuple[BeforeValidator, PlainSerializer, WithJsonSchema]:
    def parse(typed: Any, info: ValidationInfo) -> float:
        """An amount per `per`; a key such as `per_week` names the unit of a bare number."""
        return parse_rate(typed, per, info.field_name, is_wage=is_wage)

    units = "|".join([*MINUTES, *TIME_NAMES])
    several = r"((half|quarter|\d{1,4})(\s+an?\s+|[\s-]*))?"
    pattern = rf"{_UNSIGNED}\s*[kKM]?\s+per\s+{several}({units})"
    return (
        BeforeValidator(parse),
        _written(lambda value: f"{plain(value)} per {per}"),
        _schema(pattern, f"An amount per time, held per {per}.", examples),
    )


def _written(write: Callable[[float], str]) -> PlainSerializer:
    """Write a value as a resolved scenario says it, so that it can be read again."""
    return PlainSerializer(write, when_used="json")


def _write_share_per_year(value: float) -> str:
    return f"{plain(value)} per year" if value <= 1 else f"{value * 100:.15g}% per year"


_SHARE = rf"{_UNSIGNED}(\s*%)?"


_SIGNED_SHARE = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?(\s*%)?"


_MONEY = rf"{_UNSIGNED}\s*[kKM]?"


Duration = Annotated[
    float,
    BeforeValidator(parse_duration),
    _written(lambda seconds: f"{plain(seconds)} s"),
    _schema(
        rf"((\d{{1,3}}:)?\d{{1,3}}:[0-5]\d|({_UNSIGNED}\s*({TIMES})\s*)+)",
        "A duration with its unit.",
        ["90 s", "6 min", "24 h", "10 d", "2 wk", "6:40", "6 min 40 s", "24 months"],
    ),
]
"""Seconds, from `90 s`, `6 min`, `24 h`, `10 d` or `2 wk`."""


Share = Annotated[
    float,
    BeforeValidator(parse_share),
    _schema(_SHARE, "A share between 0 and 1.", ["35%", 0.35], minimum=0, maximum=1),
]
"""0 … 1, from `0.35` or `35%`."""


SignedShare = Annotated[
    float,
    BeforeValidator(parse_signed_share),
    _schema(_SIGNED_SHARE, "A share between -1 and 1.", ["-5%", 0.05], minimum=-1, maximum=1),
]
"""−1 … 1, from `-0.05` or `-5%`."""


Fraction = Annotated[
    float,
    BeforeValidator(parse_fraction),
    _schema(_SHARE, "A share that may exceed 1.", ["150%", 1.5], minimum=0, maximum=10),
]
"""0 or more, from `1.5` or `150%`."""


Money = Annotated[
    float,
    BeforeValidator(parse_money),
    _schema(_MONEY, "An amount in the scenario's currency.", [120, "50k", "6.3 M"], minimum=0),
]
"""An amount of at least 0, from `120`, `50k` or `6.3 M`."""


PER_ISSUE = " per new issue"


def _without_its_unit(typed: Any) -> Any:
    """`4 per new issue` and `4` mean the same."""
    return typed.strip().removesuffix(PER_ISSUE) if isinstance(typed, str) else typed


MoneyPerIssue = Annotated[
    Money,
    BeforeValidator(_without_its_unit),
    _schema(rf"{_MONEY}({PER_ISSUE})?", "An amount per new issue.", [4], minimum=0),
]
"""An amount of at least 0, from `4` or `4 per new issue`."""


SignedMoney = Annotated[
    float,
    BeforeValidator(parse_signed_money),
    _schema(rf"-?{_MONEY}", "An amount, may be negative.", [-120, "50k"], minimum=-1e15),
]
"""An amount that may be negative."""


Number = Annotated[
    float,
    BeforeValidator(parse_number),
    _schema(rf"-?{_MONEY}", "A number without unit.", [5, 0.5, "24k"], minimum=-1e15),
]
"""A number without unit, from `5`, `1e3` or `24k`."""


PerMinute = Annotated[float, *_rate("minute", ["0.02 per minute"])]


PerHour = Annotated[float, *_rate("hour", ["18 per hour"])]


Wage = Annotated[float, *_rate("hour", ["18 per hour"], is_wage=True)]
"""Per hour, from `18 per hour`, or a salary such as `3000 per month`."""


PerWeek = Annotated[float, *_rate("week", ["24000 per week", "100k per month", "50 per half hour"])]


PerMonth = Annotated[float, *_rate("month", ["16.50 per month"])]


PerYear = Annotated[float, *_rate("year", ["50k per year", "4000 per month"])]


SharePerYear = Annotated[
    float,
    BeforeValidator(parse_share_per_year),
    _written(_write_share_per_year),
    _schema(
        rf"{_UNSIGNED}(\s*%)?\s+per\s+({'|'.join(MINUTES)})",
        "A share per time, held per year.",
        ["14% per year", "1% per month"],
    ),
]
"""Share per year, from `14% per year` or `1% per month` (×12)."""


Growth = Annotated[
    float,
    BeforeValidator(parse_growth),
    _written(_write_share_per_year),
    _schema(
        rf"{_SIGNED_SHARE}\s+per\s+({'|'.join(MINUTES)})",
        "A share per time, held per year; below 0 it shrinks.",
        ["8% per year", "-5% per year"],
    ),
]
"""Growth per year, from `8% per year` or `-5% per year`."""


def _compounded(typed: Any, read: ValidatorFunctionWrapHandler) -> float:
    """A share per year; shares compound, so that 5% per month are 46% per year, not 60%."""
    share = read(typed)
    per = re.search(r"per\s+(month|week|day)\s*$", typed) if isinstance(typed, str) else None
    if per:
        periods = {"month": MONTHS_PER_YEAR, "week": WEEKS_PER_YEAR, "day": DAYS_PER_YEAR}[per[1]]
        if share >= periods:
            problem((), f"{typed} leaves nobody", "write 14% per year")
        return 1 - (1 - share / periods) ** periods
    if share >= 1:
        problem((), f"a churn of {share:.0%} per year leaves nobody", "write 14% per year")
    return share


LossPerYear = Annotated[SharePerYear, WrapValidator(_compounded)]
"""Share lost within a year, below 1; shorter times compound."""

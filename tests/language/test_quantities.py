"""What a person types becomes a number in one unit, or a refusal with a remedy."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from sim.core import clock
from sim.core.clock import seconds_to_ms
from sim.language import fields
from sim.language.assignment import arithmetic, parse_assignment
from sim.language.parsers import (
    parse_duration,
    parse_fraction,
    parse_growth,
    parse_money,
    parse_number,
    parse_rate,
    parse_share,
    parse_share_per_year,
    parse_signed_share,
)
from sim.language.quantities import read_quantity

TYPES = {
    name: getattr(fields, name)
    for name in (
        *("Duration", "Share", "SignedShare", "Fraction", "Money", "SignedMoney", "Number"),
        *("PerMinute", "PerHour", "PerWeek", "PerMonth", "PerYear", "SharePerYear"),
    )
}


def remedy_of(parse, typed):
    """Return what the refusal tells the writer to do."""
    with pytest.raises(PydanticCustomError) as refused:
        parse(typed)
    return refused.value.context["remedy"]


@pytest.mark.parametrize(
    ("parse", "typed", "value"),
    [
        (parse_duration, "90 s", 90.0),
        (parse_duration, "6min", 360.0),
        (parse_duration, "1.5 hours", 5400.0),
        (parse_duration, "10 d", 864_000.0),
        (parse_duration, "2 wk", 1_209_600.0),
        (parse_duration, "0 s", 0.0),
        (parse_duration, "6:40", 400.0),
        (parse_duration, "00:06:40", 400.0),
        (parse_duration, "6 min 40 s", 400.0),
        (parse_duration, "6m40s", 400.0),
        (parse_duration, "1 h 5 min", 3900.0),
        (parse_duration, "6\u202fmin", 360.0),
        (parse_duration, "24 months", 104 * 604_800.0),
        (parse_share, 0.35, 0.35),
        (parse_share, "35%", 0.35),
        (parse_share, "14.1 %", 0.141),
        (parse_share, 1, 1.0),
        (parse_signed_share, "-5%", -0.05),
        (parse_fraction, "150%", 1.5),
        (parse_fraction, 1.5, 1.5),
        (parse_fraction, "1500%", 15.0),
        (parse_money, 120, 120.0),
        (parse_money, "120", 120.0),
        (parse_money, "50k", 50_000.0),
        (parse_money, "2.3 M", 2_300_000.0),
        (parse_number, "1e3", 1000.0),
        (parse_number, "24k", 24_000.0),
        (parse_share_per_year, "14% per year", 0.14),
        (parse_share_per_year, "1% per month", 0.12),
        (parse_share_per_year, "120% per year", 1.2),
        (parse_share_per_year, "0.14 per year", 0.14),
        (parse_growth, "-5% per year", -0.05),
        (parse_growth, "-1% per month", -0.12),
        (parse_growth, "+0.08 per year", 0.08),
    ],
)
def test_what_is_typed_is_read(parse, typed, value):
    """Every form that the format promises is read in its base unit."""
    assert parse(typed) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("typed", "per", "value"),
    [
        ("24000 per week", "week", 24_000.0),
        ("16.50 per month", "month", 16.5),
        ("52k per year", "week", 1000.0),
        ("12 per year", "month", 1.0),
        ("1 per week", "year", 52.0),
        ("3 per week", "month", 13.0),
        ("1 per hour", "week", 168.0),
        ("7 per day", "week", 49.0),
        ("0.02 per minute", "minute", 0.02),
        ("18.00 per hour", "hour", 18.0),
        ("50 per half hour", "week", 16_800.0),
        ("100 per 15 min", "week", 67_200.0),
        ("15 per hr", "hour", 15.0),
    ],
)
def test_rates_are_converted_by_the_year_of_52_weeks(typed, per, value):
    """One year is 52 weeks and 12 months, a week 168 hours; none of these rounds."""
    assert parse_rate(typed, per) == value


@pytest.mark.parametrize(
    ("parse", "typed", "remedy"),
    [
        (parse_duration, 90, "say its unit: s, min, h, d or wk"),
        (parse_duration, "6.67", "say its unit: s, min, h, d or wk"),
        (parse_duration, "5 m", "write it in s, min, h, d or wk"),
        (parse_duration, "-3 s", "write 0 or more"),
        (parse_duration, "1,5 h", "write 1.5 h"),
        (parse_share, 30, "did you mean 30%?"),
        (parse_share, "120%", "write a percentage within these limits"),
        (parse_share, -0.1, "write 0 or more"),
        (parse_share, True, "write 0.35 or 35%"),
        (parse_share, float("nan"), "write 0.35 or 35%"),
        (parse_signed_share, -30, "did you mean -30%?"),
        (parse_fraction, 30, "did you mean 30%?"),
        (parse_money, "1,200", "write 1200"),
        (parse_money, "1,234,567", "write 1234567"),
        (parse_money, "12,50", "write 12.50"),
        (parse_money, "-5", "write 0 or more"),
        (parse_money, "6.3 m", "write an amount of money and nothing else"),
        (parse_money, [], "write 120, 50k or 6.3 M"),
        (parse_share_per_year, 0.14, "write a percentage per week, month or year"),
        (parse_share_per_year, "14%", "write a percentage per week, month or year"),
        (parse_share_per_year, "14 per year", "did you mean 14% per year?"),
        (parse_share_per_year, "-14% per year", "write 0 or more"),
        (parse_share_per_year, "-14 per year", "write 0 or more"),
        (parse_growth, "-5 per year", "did you mean -5% per year?"),
        (parse_growth, -0.05, "write a percentage per week, month or year"),
    ],
)
def test_what_is_ambiguous_is_refused_with_a_remedy(parse, typed, remedy):
    """A refusal says what to write instead."""
    assert remedy_of(parse, typed) == remedy


@pytest.mark.parametrize(
    ("typed", "per", "remedy"),
    [
        (18, "hour", "write 18 per hour"),
        ("720 per week", "hour", "say it per hour"),
        ("5 per weak", "week", "say it per time, such as per week"),
        ("5 week", "week", "say it per time, such as per week"),
        ("5% per week", "week", "write an amount per minute, hour, day, week, month or year"),
    ],
)
def test_rates_need_their_unit_and_wages_need_hours(typed, per, remedy):
    """A bare number is refused; a wage is never converted from another unit."""
    assert remedy_of(lambda value: parse_rate(value, per), typed) == remedy


def test_a_key_that_names_the_unit_takes_a_bare_number():
    """`per_week: 24000` says it all; the field's name supplies the unit, also another one."""
    assert parse_rate(24_000, "week", "per_week") == 24_000
    assert parse_rate(1900, "year", "per_month") == 22_800
    asked = remedy_of(lambda value: parse_rate(value, "week", "volume"), 5)
    assert asked == "say per what: minute, hour, day, week, month or year"


def test_a_wage_may_be_a_salary_whatever_its_key_is_called():
    """By the 2,080 paid hours of a year; any other price per hour is refused by the year."""
    per_hour = TypeAdapter(fields.PerHour)
    assert TypeAdapter(fields.Wage).validate_python("41600 per year") == 20.0
    with pytest.raises(ValidationError, match="41600 per year"):
        per_hour.validate_python("41600 per year")
    assert per_hour.validate_python("20 per hour") == 20.0


def test_milliseconds_are_rounded_to_the_nearest_and_never_0():
    """The engine's durations are whole and positive."""
    assert [seconds_to_ms(s) for s in (0.0, 0.0004, 0.0016, 90.0)] == [1, 1, 2, 90_000]


def test_units_hang_together():
    """Every constant agrees with the year of 52 weeks."""
    assert clock.CELLS_PER_WEEK == 672
    assert clock.CELLS_PER_WEEK * clock.CELL_MS == clock.MS_PER_WEEK == 604_800_000
    assert clock.DAYS_PER_YEAR == 364
    assert clock.WEEKS_PER_MONTH * clock.MONTHS_PER_YEAR == clock.WEEKS_PER_YEAR


@pytest.mark.parametrize("name", TYPES)
def test_the_editor_accepts_what_the_parser_accepts(name):
    """The examples of the JSON schema match its own pattern and are read; the word x is not."""
    adapter = TypeAdapter(TYPES[name])
    schema = adapter.json_schema()
    patterns = [form["pattern"] for form in schema.get("anyOf", [schema]) if "pattern" in form]
    assert patterns
    for example in schema["examples"]:
        adapter.validate_python(example)
        if isinstance(example, str):
            assert re.search(patterns[0], example)
    assert not re.search(patterns[0], "x")


@pytest.mark.parametrize("name", TYPES)
@given(number=st.floats(0, 1, allow_subnormal=False))
def test_what_is_written_is_read_back(name, number):
    """A value dumped into a resolved scenario is the same number when it is read again."""
    adapter = TypeAdapter(TYPES[name])
    assert adapter.validate_python(adapter.dump_python(number, mode="json")) == number


@given(
    st.integers(0, 10**6),
    st.sampled_from(["", " ", "k", " M", "%"]),
    st.sampled_from(["", " per week", " s"]),
)
def test_a_quantity_reads_back_as_it_was_typed(number, suffix, unit):
    """Text and parts of a quantity determine one another."""
    text = (f"{number}{suffix}{unit}").strip()
    if not suffix.strip():
        text = f"{number}{unit}"
    quantity = read_quantity(text)
    assert quantity is not None
    assert str(quantity) == text


@pytest.mark.parametrize(
    ("value", "operator", "operand", "result"),
    [
        ("24000 per week", "*=", 1.1, "26400 per week"),
        ("24000 per week", "+=", "10%", "26400 per week"),
        ("10 per day", "+=", "7 per week", "11 per day"),
        ("50k per year", "+=", 500, "50.5k per year"),
        ("90s", "*=", 2, "180 s"),
        ("6 min", "+=", "30 s", "6.5 min"),
        ("6 min", "-=", "10%", "5.4 min"),
        ("18.00 per hour", "-=", "0.50", "17.5 per hour"),
        ("40%", "+=", "5%", "45%"),
        ("40%", "*=", "110%", "44%"),
        ("14% per year", "-=", "2%", "12% per year"),
        (0.4, "+=", "10%", 0.44),
        (100, "*=", 1.1, 110),
        (5, "+=", 5, 10),
        ([1, "3 s"], "*=", 2, [2, "6 s"]),
        ({"meet": "service_level"}, "*=", 0.9, {"meet": "service_level", "scale": 0.9}),
        ({"scale": 2}, "+=", "10%", {"scale": 2.2}),
    ],
)
def test_arithmetic_keeps_the_unit(value, operator, operand, result):
    """What is typed changes in its number; shares typed in percent move by points."""
    changed = arithmetic(value, operator, operand)
    assert changed == result
    assert type(changed) is type(result)


@pytest.mark.parametrize(
    ("value", "operator", "operand"),
    [
        ("40%", "+=", 5),
        ("5 s", "+=", "3 per week"),
        ("5 s", "*=", "3 s"),
        ("Mon-Fri 08:00-20:00", "*=", 2),
        (True, "+=", 1),
        ({}, "+=", 3),
        (5, "+=", "x"),
        (5, "+=", "3 s"),
    ],
)
def test_arithmetic_without_meaning_is_refused(value, operator, operand):
    """No guess is made where units or kinds do not fit."""
    assert remedy_of(lambda typed: arithmetic(typed, operator, operand), value)


@given(
    st.floats(0.01, 1e6),
    st.sampled_from(["", " s", " min", "k", "%", "k per year", " per week"]),
    st.floats(0.1, 10),
)
def test_a_factor_multiplies_the_amount(number, unit, factor):
    """Whatever the unit, `*=` multiplies what is meant, to 12 digits."""
    typed = f"{number!r}{unit}"
    changed = read_quantity(arithmetic(typed, "*=", factor))
    before = read_quantity(typed)
    assert changed is not None
    assert before is not None
    assert changed.amount == pytest.approx(before.amount * factor, rel=1e-11)
    assert changed.unit == before.unit


def test_assignments_are_split_at_the_first_operator():
    """Paths have dots or brackets; the value is left as it is."""
    assert parse_assignment("a.b[0].c += 10%")[1:] == (("a", "b", "0", "c"), "+=", "10%")
    assert parse_assignment("a={x: 1=2}")[1:] == (("a",), "=", "{x: 1=2}")
    for text in ("a", "=3", "a..b=3", ""):
        assert remedy_of(parse_assignment, text) == "write --set path.to.key=value"

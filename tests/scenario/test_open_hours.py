"""Volumes per day and per hour mean days and hours on which the type opens."""

from __future__ import annotations

import pytest

from sim.core.errors import ScenarioError
from sim.domain.contacts.opening import parse_opening
from sim.scenario.load import load

CENTER = """\
name: center
horizon: {weeks: 2}
open: Mon-Fri 08:00-20:00
contacts:
  service: {volume: {per_week: 1000 per day, profile: flat}, handle: 348 s}
agents: {line: {positions: 40}}
"""


@pytest.fixture
def center(tmp_path):
    """A file of a center that opens on five days for twelve hours."""
    file = tmp_path / "center.yaml"
    file.write_text(CENTER)
    return file


def weekly(file, *sets):
    """Return contacts of a week."""
    return load(file, sets).weekly_contacts("service")


@pytest.mark.parametrize(
    ("typed", "contacts"),
    [
        ("1000 per day", 5000),
        ("100 per hour", 6000),
        ("50 per half hour", 6000),
        ("25 per 15 min", 6000),
        ("2 per minute", 7200),
        ("500 per half day", 5000),
        ("5000 per week", 5000),
        ("52k per year", 1000),
        ("12k per month", 12_000 * 12 / 52),
    ],
)
def test_only_open_days_and_hours_count(center, typed, contacts):
    """Five days of twelve hours; a week, month or year is what it says."""
    assert weekly(center, f"contacts.service.volume={typed}") == pytest.approx(contacts, rel=1e-12)


def test_whoever_changes_the_hours_changes_the_volume(center, tmp_path):
    """By a set or a variant, for all or for one type; days count however short they are."""
    assert weekly(center, "open=Mon-Sat 08:00-09:00") == 6000
    assert weekly(center, "contacts.service.open=Mon 08:00-20:00") == 1000
    variant = tmp_path / "variant.yaml"
    variant.write_text("name: longer\nbased_on: center.yaml\nopen: Mon-Sun 08:00-20:00\n")
    assert weekly(variant) == 7000


def test_without_hours_the_profile_opens(center):
    """The built-in one runs twelve hours on seven days; the flat one always."""
    assert weekly(center, "open=null") == 7000
    sets = ("open=null", "contacts.service.volume.profile=office-hours")
    assert weekly(center, *sets, "contacts.service.volume.per_week=100 per hour") == 8400


def test_the_weekly_number_is_what_is_played(center):
    """The same world typed per week has the same hash."""
    per_week = load(center, ["contacts.service.volume=5000 per week"])
    assert load(center).hash == per_week.hash
    assert load(center).spec.as_typed() == per_week.spec.as_typed()


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("7:00-19:00", 84),
        ("Mo-Sa 7:00-22:00", 90),
        ("Monday-Friday 8:00-20:00, Samstag 09:00-13:00", 64),
        ("daily 8:00-20:00", 84),
        ("24/7", 168),
        ("Mon-Fri 22:00-06:00", 40),
        ("Mon 22:00-00:00", 2),
        ("Fr-Mo 10:00-12:00", 8),
    ],
)
def test_opening_hours_as_the_trade_writes_them(typed, hours):
    """Short and long days, without a day, past midnight."""
    assert parse_opening(typed).sum() / 4 == hours


def test_past_midnight_is_the_next_day():
    """Sunday night ends on Monday morning; Monday evening is closed."""
    is_open = parse_opening("Sun 22:00-06:00")
    assert is_open[: 6 * 4].all()
    assert not is_open[6 * 4 : 6 * 96 + 22 * 4].any()
    assert is_open[6 * 96 + 22 * 4 :].all()


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("contacts.service.aht", "did you mean `handle`?"),
        ("agents.line.attrition", "did you mean `turnover`?"),
        ("agents.line.FTE", "did you mean `heads`?"),
        ("agents.line.salary", "did you mean `wage`?"),
        ("shrinkage", "did you mean `agents.shrinkage`?"),
        ("asa", "did you mean `today.wait`?"),
        ("agents.line.breaks", "did you mean `agents.people.shifts.full.breaks`?"),
        ("contacts.service.callbacks", "did you mean `callback`?"),
        ("email", "did you mean `contacts.service.channel`?"),
        ("concurrency", "did you mean `contacts.service.concurrency`?"),
        ("bot", "did you mean `contacts.service.self_service`?"),
        ("chat", "did you mean `contacts.service.channel`?"),
    ],
)
def test_words_of_the_trade_lead_to_the_key(center, path, remedy):
    """Whatever letters they are like."""
    with pytest.raises(ScenarioError) as refused:
        load(center, [f"{path}=5"])
    assert [p.remedy for p in refused.value.problems] == [remedy]


def test_a_round_number_with_a_point_is_asked_about(center):
    """640.000 customers are 640 to some and 640000 to others."""
    with pytest.raises(ScenarioError) as refused:
        load(center, ["customers={a: {count: 640.000}}"])
    assert refused.value.problems[0].what == "'640.000' may be 640 or 640000"

"""Tables beside a scenario: rows wider or narrower than the horizon's interval, and missing ones."""

from pathlib import Path

import pytest

from sim.scenario.csv_tables import read_week
from sim.scenario.load import load


@pytest.fixture
def table(tmp_path):
    """Write rows as a table and read it at an interval of 30 minutes."""

    def read(*rows, is_profile=True):
        file = tmp_path / "t.csv"
        file.write_text("\n".join(["weekday,start,value", *rows]), encoding="utf-8")
        return read_week(file, "x", 30, is_profile=is_profile)

    return read


def test_hourly_weights_are_spread_evenly(table):
    """Each hour becomes two half hours of half its weight."""
    values, faults = table("Mon,08:00,100", "Mon,09:00,60")
    assert not faults
    assert values[16:20] == [50, 50, 30, 30]
    assert sum(values) == 160


def test_hourly_seats_are_repeated(table):
    """Who sits there for an hour sits there in both halves."""
    values, faults = table("Mon,08:00,7", "Mon,09:00,9", is_profile=False)
    assert not faults
    assert values[16:20] == [7, 7, 9, 9]


def test_quarter_hours_of_weights_are_added_up(table):
    """Two quarters make a half hour."""
    values, faults = table("Tue,08:00,1", "Tue,08:15,2", "Tue,08:30,4", "Tue,08:45,8")
    assert not faults
    assert values[48 + 16 : 48 + 18] == [3, 12]


def test_quarter_hours_of_seats_are_refused(table):
    """Half an hour has one number of seats."""
    _, faults = table("Mon,08:00,7", "Mon,08:15,9", is_profile=False)
    assert [fault.line for fault in faults] == [3]


@pytest.mark.parametrize("is_profile", [True, False])
def test_a_missing_row_is_named(table, is_profile):
    """A hole in a day is no closed hour; days of other hours are fine."""
    _, faults = table(
        "Mon,08:00,1", "Mon,09:00,1", "Mon,11:00,1", "Sat,10:00,1", is_profile=is_profile
    )
    (fault,) = faults
    assert fault.line == 4
    assert "Mon,10:00" in fault.what


def test_a_duration_stays_until_the_next_row(tmp_path, monkeypatch):
    """Rows of an hour are repeated; nights stay as the evening, and Monday begins as Friday ended."""
    monkeypatch.chdir(tmp_path)
    rows = "Mon,08:00,4:00\nMon,09:00,300 s\nFri,18:00,2 min\nFri,19:00,3 min\n"
    Path("talk.csv").write_text(f"weekday,start,a\n{rows}", encoding="utf-8")
    Path("solved.csv").write_text("weekday,start,value\nTue,10:00,70%\n", encoding="utf-8")
    Path("c.yaml").write_text(
        "name: c\ncontacts:\n  a:\n    volume: 1000 per week\n    talk: talk.csv\n"
        "    resolution: {first_contact: solved.csv, comes_back: 50%}\n"
        "agents: {g: {positions: 5}}\n",
        encoding="utf-8",
    )
    spec = load("c.yaml").spec.contacts["a"]
    talk = spec.talk.mean
    monday, friday = 0, 4 * 48
    assert len(talk) == 336
    assert set(talk[:16]) == {180.0}
    assert talk[monday + 16 : monday + 20] == (240.0, 240.0, 300.0, 300.0)
    assert set(talk[monday + 20 : friday + 36]) == {300.0}
    assert talk[friday + 36 : friday + 40] == (120.0, 120.0, 180.0, 180.0)
    assert set(talk[friday + 40 :]) == {180.0}
    assert set(spec.resolution.first_contact) == {0.7}

"""Tables beside a scenario: rows wider or narrower than the horizon's interval, and missing ones."""

import pytest

from sim.scenario.csv_tables import read_week


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

"""`ccprofit validate`: what it says of sound, odd and faulty scenarios."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.terminal import ccprofit

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CENTER = str(SCENARIOS / "my-center.yaml")
TWO_GROUPS = """\
name: two-groups
open: Mon-Fri 08:00-18:00
contacts:
  service: {volume: 3600 per week, handle: 300 s}
  sales: {volume: 600 per week, handle: 600 s}
agents:
  generalists: {serves: [service], positions: 8}
  specialists: {serves: {sales: 1, service: {priority: 2, after: 30 s}}, positions: 4}
  helpers: {serves: [service], positions: 2}
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder of one's own, so that places are short."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.yaml").write_text(TWO_GROUPS, encoding="utf-8")
    return tmp_path


def test_a_sound_scenario_is_ok_with_its_week(capsys):
    """100 heads × 40 h = 4,000 paid; 24,000 × 348 s = 2,320 h on 2,800 h of seats = 83 %."""
    assert ccprofit("validate", CENTER) == 0
    told = capsys.readouterr()
    assert told.err == ""
    ok, volume, head, group, *rest = told.out.splitlines()
    assert volume.strip() == "service: 24,000 contacts a week"
    assert ok == f"{CENTER}: OK"
    assert head.split("  ")[-1].strip() == "expected occupancy"
    assert group.split()[0] == "agents"
    assert group.split()[2:] == ["4,000", "2,320", "h", "(36.2", "erlangs)", "83%"]
    assert rest == ["  offers come on top"]


def test_a_group_that_only_helps_has_the_load_that_others_leave(here, capsys):
    """3600 × 300 s + 600 × 600 s = 400 h of work on 14 × 50 h of seats, none lost on the way."""
    assert ccprofit("validate", "two.yaml", "--json") == 0
    (entry,) = json.loads(capsys.readouterr().out)["scenarios"]
    groups = {group["group"]: group for group in entry["groups"]}
    loads = {name: group["load_hours"] for name, group in groups.items()}
    assert sum(loads.values()) == pytest.approx(400)
    assert 200 < loads["generalists"] < 300
    assert loads["specialists"] >= 100
    assert 10 < loads["helpers"] < 100
    assert groups["helpers"]["occupancy"] == pytest.approx(loads["helpers"] / 100)
    assert entry["occupancy"] == pytest.approx(400 / 700)
    assert entry["warnings"] == []
    assert ccprofit("validate", "two.yaml") == 0
    *_, helpers, all_groups = capsys.readouterr().out.splitlines()
    load = f"{loads['helpers']:.0f} h ({loads['helpers'] / 50:.1f} erlangs) {loads['helpers']:.0f}%"
    assert helpers.split() == ["helpers", "2", "143", *load.split()]
    assert all_groups.split() == ["all", "1,000", "400", "h", "57%"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("contacts.sales.volume=1500 per week", "specialists has more work than hours (148%)"),
        ("agents.generalists.positions=16", "generalists is idle most of the time (37%)"),
        ("agents.generalists.positions=0", "generalists gets no seats: give it positions"),
        ("agents.helpers.positions=0", "helpers gets no seats: give it positions"),
    ],
)
def test_what_is_odd_is_warned_of(here, capsys, change, said):
    """It runs all the same: exit code 0."""
    assert ccprofit("validate", "two.yaml", "--set", change) == 0
    warnings = [w for w in capsys.readouterr().out.splitlines() if "warning: " in w]
    assert [w for w in warnings if "more work" not in w or "more work" in said] == warnings[:1]
    assert said in warnings[0]


def test_hours_without_anybody_are_warned_of(here, capsys):
    """Sales is open on Saturday too, in its flat profile a sixth of the week; nobody is there."""
    seats = [4.0 if half_hour // 48 < 5 else 0.0 for half_hour in range(336)]
    sets = [
        "contacts.sales.volume.profile=flat",
        "contacts.sales.open=Mon-Sat 08:00-18:00",
        f"agents.specialists.positions={seats}",
    ]
    assert ccprofit("validate", "two.yaml", *(a for s in sets for a in ("--set", s))) == 0
    said = "warning: nobody is on duty for 16.7% of the contacts of sales"
    assert said in capsys.readouterr().out


def test_a_faulty_scenario_is_refused_with_every_problem(here, capsys):
    """Exit code 2; places and remedies on stderr, nothing on stdout."""
    (here / "bad.yaml").write_text("name: bad\ncontacts: {service: {volume: 5, handle: 300}}\n")
    assert ccprofit("validate", "bad.yaml") == 2
    told = capsys.readouterr()
    assert told.out == ""
    head, *problems = told.err.splitlines()
    assert head == "bad.yaml has 3 problems"
    assert all(line.startswith("bad.yaml:") for line in problems)
    assert "Traceback" not in told.err


def test_one_faulty_scenario_does_not_hide_the_others(here, capsys):
    """All files are checked; JSON is one object that holds both, the problems in parts."""
    bad = TWO_GROUPS.replace("serves: [service], positions: 8", "heads: x")
    (here / "bad.yaml").write_text(bad)
    assert ccprofit("validate", "bad.yaml", "two.yaml", "--json") == 2
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    bad, two = told["scenarios"]
    assert (bad["ok"], two["ok"]) == (False, True)
    assert bad["problems"][0]["place"] == "bad.yaml:7:24"
    assert set(bad["problems"][0]) == {"place", "path", "what", "remedy"}


def test_a_set_is_checked_like_a_line_of_the_file(capsys):
    """And blamed by its own text."""
    assert ccprofit("validate", CENTER, "--set", "agents.haeds=5") == 2
    assert "--set agents.haeds=5: agents.haeds: " in capsys.readouterr().err


def test_a_missing_file_and_no_file_are_bad_usage(here, capsys):
    """Exit code 2 with a guess."""
    assert ccprofit("validate", "tow.yaml") == 2
    assert "tow.yaml: there is no such file. Did you mean `two.yaml`?" in capsys.readouterr().err
    assert ccprofit("validate") == 2
    assert "Missing argument 'FILE...'" in capsys.readouterr().err


def test_what_initiatives_make_odd_is_told_of_the_end(here, capsys):
    """Ten times the contacts from the second week on."""
    more = "initiatives={more: {from_week: 2, set: {contacts: {service: {volume: {per_week: 9000 per week}}}}}}"
    assert ccprofit("validate", "two.yaml", "--set", "horizon={weeks: 3}", "--set", more) == 0
    warnings = [w for w in capsys.readouterr().out.splitlines() if "warning: " in w]
    assert warnings
    assert all("in the end" in w and "has more work than hours" in w for w in warnings)

"""`ccprofit staff`: the page, and the files that it writes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sim.plan.seats import compile_levels
from sim.plan.staff import staff_of
from sim.scenario.load import load
from tests.cli.terminal import ccprofit

CENTER = """\
name: center
open: Mon-Fri 08:00-18:00
currency: CHF
contacts:
  service: {volume: 4000 per week, handle: 300 s}
agents:
  line: {wage: 20 per hour, shrinkage: 30%, %s}
costs: {on_cost: 25%%}
"""
SHIFTS = "people: {heads: 12, shifts: {full: {starts: 08:00-10:00}, part: {length: 4 h}}}"


@pytest.fixture
def center(tmp_path, monkeypatch):
    """Writes the center with other agents into a folder of one's own."""
    monkeypatch.chdir(tmp_path)

    def write(agents):
        text = CENTER.replace("%%", "%").replace("30%, %s", f"30%, {agents}")
        (tmp_path / "center.yaml").write_text(text, encoding="utf-8")
        return "center.yaml"

    return write


def test_the_page_tells_need_roster_and_what_is_typed(center, capsys):
    """Heads, paid hours and wages are those of the plan; a year has 52 weeks, on-costs are 25 %."""
    file = center(SHIFTS)
    (found,) = staff_of(load(file))
    assert ccprofit("staff", file) == 0
    lines = capsys.readouterr().out.splitlines()
    need = next(line for line in lines if line.startswith("line ") and "20 s" in line).split()
    assert need[1:5] == ["80", "%", "in", "20"]
    assert f"{found.heads}" in need
    assert f"{found.paid_hours:,.0f}" in need
    assert need[-2:] == [f"{20 * 1.25 * 52 * found.paid_hours / 1e6:.2f}", "M"]
    typed = next(line for line in lines if "12 heads" in line)
    assert f"{found.reached:.1%} in 20 s" in typed
    people = [line.split() for line in lines if line.startswith(("full ", "part "))]
    assert sum(int(row[1]) for row in people) == found.heads


def test_what_cannot_be_covered_is_named(center, capsys):
    """Nobody's shift begins before 10:00: from 08:00 on all that are needed are missing."""
    file = center("people: {heads: 12, shifts: {late: {starts: '10:00'}}}")
    (found,) = staff_of(load(file))
    assert ccprofit("staff", file) == 0
    missing = int(found.roster.uncovered[4 * 8])
    assert missing > 0
    assert f"from Mon 08:00 {missing} missing, whatever the shifts" in capsys.readouterr().out


def test_the_table_by_interval_adds_up(center):
    """Contacts add up to the week's; seats and posts are the plan's."""
    file = center(SHIFTS)
    (found,) = staff_of(load(file))
    assert ccprofit("staff", file, "--csv", "need.csv") == 0
    with Path("need.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 336
    contacts = sum(float(row["contacts"]) for row in rows)
    assert contacts == pytest.approx(found.load.contacts.sum(), rel=1e-4)
    hours = sum(float(row["load_erlangs"]) for row in rows) / 2
    assert hours == pytest.approx(found.load.contacts.sum() * 300 / 3600, rel=1e-3)
    assert max(int(row["at_work_by_roster"]) for row in rows) == found.roster.present.sum(0).max()
    monday = next(row for row in rows if (row["day"], row["start"]) == ("Mon", "08:00"))
    assert int(monday["seats_needed"]) == found.seats[32]


@pytest.mark.parametrize("agents", ["positions: 3", "heads: 5", SHIFTS])
def test_the_variant_that_it_writes_has_who_is_needed(center, tmp_path, agents):
    """Read again, its seats are those that are needed, in the words in which they were typed."""
    file = center(agents)
    (found,) = staff_of(load(file))
    (tmp_path / "more").mkdir()
    assert ccprofit("staff", file, "--write", "more/staffed.yaml") == 0
    assert 'based_on: "../center.yaml"' in (tmp_path / "more/staffed.yaml").read_text()
    staffed = load("more/staffed.yaml")
    (again,) = staff_of(staffed)
    if agents.startswith("positions"):
        assert (compile_levels(staffed).level[0] == found.seats).all()
    else:
        assert again.typed_heads == found.heads
    assert again.reached >= 0.79
    assert found.reached < 0.5


def test_the_picture_is_drawn(center, tmp_path):
    """A PNG of some size."""
    assert ccprofit("staff", center("heads: 5"), "--picture", "need.png") == 0
    assert (tmp_path / "need.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize("agents", ["positions: 3", "heads: 5", SHIFTS])
def test_as_json_it_is_one_object_of_numbers(center, capsys, agents):
    """Those of the plan, as they are; the page prints the same, rounded."""
    file = center(agents)
    (found,) = staff_of(load(file))
    assert ccprofit("staff", file, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    (group,) = told.pop("groups")
    assert told == {"scenario": "center", "currency": "CHF", "need_not_known": []}
    assert (group["group"], group["service_level"]) == ("line", {"share": 0.8, "within_s": 20.0})
    for side, seats, heads, paid in (
        ("needed", found.seats, found.heads, found.paid_hours),
        ("typed", found.typed_seats, found.typed_heads, found.typed_paid_hours),
    ):
        one = group[side]
        assert one["seats"] == {"fewest": seats[seats > 0].min(), "most": seats.max()}
        assert (one["seat_hours"], one["heads"]) == (seats.sum() / 4, heads)
        assert one["paid_hours"] == paid
        assert one["wages_a_year"] == pytest.approx(20 * 1.25 * 52 * paid)
    assert group["typed"]["reaches"] == found.reached
    assert group["needed"]["seat_hours_by_erlang_c"] == found.by_erlang_c.sum() / 4
    assert group["needed"]["seat_hours_on_a_mean_day"] == found.on_mean_day.sum() / 4
    roster = group["needed"]["roster"]
    assert (roster is None) == (agents != SHIFTS)
    if roster:
        assert sum(roster["people"].values()) == found.heads
        assert roster["people"].keys() == {"full", "part"}
        assert roster["uncovered_hours"] == found.roster.uncovered.sum() / 4

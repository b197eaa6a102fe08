"""Emails that nobody reads are in no figure of customers, so they must not win."""

from __future__ import annotations

import pytest

import sim
from sim.core.statistics import estimate
from sim.experiments.comparison import compare
from sim.experiments.verdict import UNDONE
from sim.report.amounts import ABSENT
from sim.report.pages.broken_down import type_sheets, types_of_run
from sim.report.pages.remarks import remarks
from sim.runs.run import Run
from sim.scenario.load import load
from sim.scenario.never_idle import never_idle_enough

CENTER = """\
name: reads
contacts:
  calls: {volume: 900 per week, handle: 6 min, patience: 3 min, resolution: 70%}
  mail: {channel: email, volume: 300 per week, handle: 6 min, deferred: {reserve: 0, interruptible: true}}
customers: {all: {count: 10000, margin: 5 per month, churn: 20% per year}}
agents: {positions: 6}
open: Mon-Fri 08:00-18:00
horizon: {weeks: 4}
replications: 3
"""
NEVER = "name: never\nbased_on: reads.yaml\ncontacts: {mail: {deferred: {reserve: 1000}}}\n"
MORE = "name: more\nbased_on: reads.yaml\nagents: {positions: 7}\n"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """A center that reads its emails, one that does not, and one with a seat more."""
    folder = tmp_path_factory.mktemp("undone")
    found = {}
    for name, text in (("reads", CENTER), ("never", NEVER), ("more", MORE)):
        (folder / f"{name}.yaml").write_text(text)
        found[name] = sim.run(load(folder / f"{name}.yaml"), workers=1)
    return found


def test_who_reads_nothing_is_not_better_and_who_reads_is_not_worse(runs):
    """Nobody knows what those who wait would do; in both directions the verdict is withheld."""
    assert estimate_of_read(runs["never"]) == 0.0
    for base, variant in (("reads", "never"), ("never", "reads")):
        found = compare([runs[base], runs[variant]]).variants[0].verdict
        assert UNDONE in found.sentence
        assert found.kind == "undecided"
        assert found.told.startswith(
            ("work left undone; undecided", "not priced: people; work left")
        )


def estimate_of_read(run: Run) -> float:
    """Emails read, on average."""
    return float(run.tally.contacts["answered"][:, :, 1].mean())


def test_a_weekends_emails_are_no_work_left_undone(runs):
    """Both leave what came last; one more seat leaves no less than matters."""
    found = compare([runs["reads"], runs["more"]]).variants[0].verdict
    assert UNDONE not in found.sentence


def test_a_reserve_of_all_seats_is_warned_of(runs):
    """More than are there are never idle; `more` has seven seats and keeps none of them free."""
    (warning,) = never_idle_enough(runs["never"].scenario)
    assert warning.startswith("no mail is ever worked on: it is while more than 1000 of a group")
    assert never_idle_enough(runs["more"].scenario) == []


def test_overtime_beyond_belief_is_told(runs, scenario_of):
    """Nobody gives up, and one seat is asked to do the work of two: it works into the night."""
    patient = scenario_of(
        {
            "name": "patient",
            "contacts": {
                "calls": {"volume": "600 per week", "handle": "8 min", "patience": "none"}
            },
            "agents": {"positions": 1},
            "open": "Mon-Fri 08:00-18:00",
            "horizon": {"weeks": 1},
        }
    )
    told = [r for r in remarks(sim.run(patient, workers=1)) if r.startswith("overtime is")]
    assert len(told) == 1
    assert not any(r.startswith("overtime is") for r in remarks(runs["reads"]))


def test_each_contact_type_has_a_row(runs):
    """Emails have no wait on the spot; what was offered adds up to that of all."""
    (sheet,) = types_of_run(runs["reads"])
    calls, mail = sheet.rows
    assert (calls[0], mail[0]) == ("calls", "mail")
    place = sheet.columns.index("abandonment")
    assert mail[place] == ABSENT != calls[place]
    offered = [float(str(row[1]).replace(",", "").replace("\u2009", "")) for row in sheet.rows]
    assert sum(offered) == pytest.approx(estimate(runs["reads"].samples["offered"]).value, abs=1.0)
    (beside,) = type_sheets(compare([runs["reads"], runs["more"]]), None)
    assert [row[1] for row in beside.rows if row[0] == "offered"] == ["calls"]

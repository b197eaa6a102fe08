"""Assumptions: what is filled in, on what evidence, and what the scenario overrode."""

from __future__ import annotations

import csv

import sim
from sim.experiments.comparison import compare
from sim.language.evidence import proposal
from sim.report.pages.assumptions import assumption_sheet
from sim.runs.folder import save_run
from sim.scenario.assumptions import assumptions_of
from sim.scenario.values import values_of
from tests.experiments.test_breakeven import TINY


def by_path(scenario):
    """Assumptions by their dotted path."""
    return {".".join(one.path): one for one in assumptions_of(scenario)}


def test_defaults_and_what_overrides_them(scenario_of):
    """A default names its evidence; typed it keeps it and is overridden; facts are none."""
    plain = by_path(scenario_of(TINY))
    typed = by_path(scenario_of(TINY, "costs.on_cost=40%"))
    one, two = plain["costs.on_cost"], typed["costs.on_cost"]
    assert (one.value, one.mark, one.overridden, one.is_weak) == (0.3, "environment", False, True)
    assert (two.value, two.mark, two.overridden, two.is_weak) == ("40%", "environment", True, False)
    assert one.evidence == two.evidence == proposal("US benefits are 42 % of the wage (BLS)")
    assert "contacts.service.volume.per_week" not in plain
    assert "offers.broadband.price" not in plain
    assert not plain["costs.recruiting"].is_weak  # read
    assert not plain["replications"].is_weak  # ours to decide


def test_every_default_in_use_is_listed(scenario_of):
    """Whatever `show --sources` calls a default with evidence."""
    scenario = scenario_of(TINY)
    defaults = {
        v.path
        for v in values_of(scenario)
        if v.place is None and v.value is not None and v.evidence
    }
    listed = {one.path for one in assumptions_of(scenario) if not one.overridden}
    assert listed == defaults
    assert len(listed) > 40


def test_the_short_table_is_of_what_decides(scenario_of, tmp_path):
    """No money hangs on satisfaction; where satisfaction decides, its effects are told."""
    paths = {}
    for metric in ("contribution", "csat"):
        run = sim.run(scenario_of(TINY, f"decide_on={metric}", "costs.overtime=150%"), workers=1)
        sheet = assumption_sheet(compare([run]))
        paths[metric] = [row[0] for row in sheet.rows]
        folder = save_run(run, tmp_path / metric, "ccprofit run", 0.0)
    assert "experience.wait" not in paths["contribution"]
    assert "experience.wait" in paths["csat"]
    assert "offers.broadband.incremental" in paths["contribution"]
    assert "costs.overtime" not in paths["contribution"]
    assert "contacts.service.balk" not in paths["contribution"]  # switched off
    assert "more with their evidence" in sheet.notes[0]
    with (folder / "assumptions.csv").open(encoding="utf-8") as file:
        rows = {row["path"]: row for row in csv.DictReader(file)}
    assert rows["costs.overtime"]["overridden"] == "yes"
    assert rows["offers.broadband.incremental"]["overridden"] == "no"
    assert rows["offers.broadband.incremental"]["evidence"] == "proposal of this project"

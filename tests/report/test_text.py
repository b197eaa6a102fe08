"""What is printed: one minus sign for readers, another for programs."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

import sim
from sim.core.statistics import Estimate, t_quantile
from sim.experiments.turning_points import beliefs_of
from sim.metrics import METRICS
from sim.report.as_json import runs_as_json
from sim.report.pages.of_comparison import comparison_pages
from sim.report.pages.on_terminal import print_page
from sim.report.pages.texts import difference_text, value_text
from sim.report.pages.today import gaps
from sim.runs.folder import save_run
from tests.metrics.test_ledger import SMALL

HYPHEN = re.compile(r"(?<![\w-])-\d")


@pytest.mark.parametrize("name", METRICS)
def test_every_unit_has_a_true_minus(name):
    """Values and differences of any size, with and without an interval."""
    for size in (0.004, 0.4, 7.0, 1234.5, 2e6):
        one = Estimate(-size, -1.2 * size, -0.8 * size, 0.2 * size, 20)
        alone = Estimate(-size, float("nan"), float("nan"), float("nan"), 1)
        for e in (one, alone):
            for text in (value_text(name, e), difference_text(name, e, e)):
                assert not HYPHEN.search(text), text
        assert "−" in difference_text(name, one, one)


def test_prose_has_a_true_minus_and_files_a_plain_one(scenario_of, tmp_path):
    """Of a run that is far from what was typed, and of a variant that is worse."""
    today = {"abandoned": "60%", "csat": "99%", "wait": "1 h", "nps": 90, "annual_cost": "90 M"}
    base = sim.run(scenario_of({**SMALL, "today": today}), workers=1)
    fewer = sim.run(scenario_of(SMALL, "agents.line.positions*=0.7", "name=fewer"), workers=1)
    text = io.StringIO()
    comparison = sim.compare([base, fewer])
    for page in comparison_pages(comparison, beliefs_of(comparison), 120, full=True):
        print_page(page, Console(file=text, width=120))
    assert text.getvalue().count("−") > 10
    assert not HYPHEN.search(text.getvalue())
    folder = save_run(fewer, tmp_path, "ccprofit run", 1.0)
    for written in (runs_as_json([(fewer, folder, False)]), (folder / "ledger.csv").read_text()):
        assert "−" not in written
        assert HYPHEN.search(written)


def test_a_gap_that_luck_explains_is_not_large(scenario_of):
    """The forecast error scatters the volume: ten replications admit 12 % more, one does not."""
    content = {**SMALL, "replications": 10, "forecast_error": "40%"}
    played = sim.run(scenario_of(content), workers=1)
    offered = played.tally.contacts["offered"].sum(axis=(1, 2))
    weeks = played.scenario.spec.horizon.length_weeks
    typed = 1.12 * offered.mean() / weeks
    half_width = t_quantile(0.975, 9) * offered.std(ddof=1) / 10**0.5 / weeks
    assert typed * 0.12 / 1.12 < half_width
    today = {"volume": f"{typed} per week"}
    several = sim.run(scenario_of({**content, "today": today}), workers=1)
    gap = next(g for g in gaps(several) if g.name == "contacts a week")
    assert (gap.gap, gap.is_large) == ("−11%", False)
    assert gap.half_width == f"{half_width:,.0f}"
    typed = 1.12 * offered[0] / weeks
    today = {"volume": f"{typed} per week"}
    alone = sim.run(scenario_of({**content, "today": today}), replications=1, workers=1)
    gap = next(g for g in gaps(alone) if g.name == "contacts a week")
    assert (gap.gap, gap.half_width, gap.is_large) == ("−11%", "", True)
    far = {**content, "today": {"volume": f"{3 * typed} per week"}}
    assert any(g.is_large for g in gaps(sim.run(scenario_of(far), workers=1)))

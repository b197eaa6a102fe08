"""Tables for notebooks: the rows of the CSV files, with numbers where numbers are."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import numpy as np
import pytest

import sim
from sim.core.statistics import estimate
from sim.metrics import METRICS, telling
from sim.runs.folder import TABLES, save_run
from sim.scenario.load import load
from tests.experiments.test_breakeven import TINY

PRICE = "offers.broadband.price"


@pytest.fixture
def tiny(scenario_of) -> str:
    """The file of a scenario that sells."""
    return scenario_of(TINY, name="tiny.yaml").tree.file


@pytest.mark.parametrize("what", [name.removesuffix(".csv") for name in TABLES])
def test_tables_of_a_run_are_those_of_its_folder(tiny, tmp_path, what):
    """As many rows, the same columns, the same cells; no number is held as text."""
    run = sim.run(load(tiny), workers=1, replications=2)
    folder = save_run(run, tmp_path / "out", "test", 0.0)
    with (folder / f"{what}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    found = sim.frame(run, what)
    assert list(found.columns) == header
    assert len(found) == len(rows) > 0
    for name, cells in zip(header, zip(*rows, strict=True), strict=True):
        column = found[name]
        if column.dtype.kind in "if":
            held = np.array([np.nan if cell == "" else float(cell) for cell in cells])
            assert np.array_equal(column.to_numpy(dtype=float), held, equal_nan=True), name
        else:
            assert what == "assumptions" or not all(map(_is_number, cells)), name
            assert [str(cell) for cell in column] == [cell.removeprefix("'") for cell in cells]


def _is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).replace("-", "", 1).isdigit()


def test_metrics_come_first_and_have_all_replications(tiny):
    """A pivot of them is the table that a notebook wants; the mean is what is printed."""
    run = sim.run(load(tiny), workers=1)
    table = sim.frame(run)
    assert set(table["metric"]) == set(telling(run.scenario))
    wide = table.pivot(index="replication", columns="metric", values="value")
    assert wide.shape[0] == TINY["replications"]
    assert wide["cost"].mean() == pytest.approx(estimate(run.samples["cost"]).value)
    assert table.loc[table["metric"] == "acceptance", "value"].dtype.kind == "f"


def test_contacts_are_there_where_they_are_kept(tiny):
    """A row each; else the remedy."""
    kept = sim.run(load(tiny), workers=1, replications=2, keep_contacts=True)
    table = sim.frame(kept, "contacts")
    assert (table["outcome"] == "answered").sum() == kept.samples["answered"].numerators.sum()
    assert {"replication", "arrived_s", "segment", "accepted"} <= set(table.columns)
    with pytest.raises(ValueError, match=r"keep_contacts=True"):
        sim.frame(sim.run(load(tiny), workers=1, replications=1), "contacts")


def test_a_comparison_has_every_metric_of_every_variant(tiny):
    """With the differences that the verdict is made of."""
    base = sim.run(load(tiny), workers=1)
    dear = sim.run(load(tiny, [f"{PRICE}=180", "name=dear"]), workers=1)
    comparison = sim.compare([base, dear])
    table = sim.frame(comparison)
    assert len(table) == len(METRICS)
    (row,) = table[table["metric"] == "contribution"].to_dict("records")
    gap = comparison.variants[0].differences["contribution"].gap
    assert (row["variant"], row["unit"]) == ("dear", "money")
    assert (row["difference"], row["low"], row["high"]) == gap[:3]
    assert row["value"] - row["baseline"] == pytest.approx(gap.value)


def test_without_intervals_numbers_stay_numbers(tiny):
    """One replication gives none: nan, and not an empty text."""
    runs = [sim.run(load(tiny), workers=1, replications=1) for _ in range(2)]
    table = sim.frame(sim.compare(runs))
    assert table["low"].isna().all()
    assert table["low"].dtype.kind == table["difference"].dtype.kind == "f"


def test_a_sweep_is_indexed_by_numbers(tiny):
    """20% is 0.2; words stay words."""
    swept = sim.vary(tiny, f"{PRICE}=60,120", "offers.broadband.incremental=20%,60%", workers=1)
    table = sim.frame(swept)
    assert len(table) == 4 * len(METRICS)
    assert sorted(set(table[PRICE])) == [60.0, 120.0]
    assert sorted(set(table["offers.broadband.incremental"])) == [0.2, 0.6]
    money = table[table["metric"] == "margin"].set_index([PRICE, "offers.broadband.incremental"])
    assert money["value"][120.0, 0.6] > money["value"][60.0, 0.2]
    words = sim.frame(sim.vary(tiny, "offers.broadband.policy=never,always", workers=1))
    assert set(words["offers.broadband.policy"]) == {"never", "always"}


def test_a_break_even_has_what_was_played_and_what_was_found(tiny):
    """The difference rises with the price and is nil at the root."""
    found = sim.break_even(
        tiny, PRICE, between="0:200", set=["agents.line.wage=20 per hour"], workers=1
    )
    table = sim.frame(found)
    assert list(table.columns) == [PRICE, "difference", "low", "high"]
    assert table[PRICE].is_monotonic_increasing
    assert table["difference"].iloc[-1] > table["difference"].iloc[0]
    assert len(table) == len(found.answer.evaluated)
    roots = sim.frame(found, "roots")
    assert list(roots[PRICE]) == [root.value for root in found.answer.roots]


def test_a_table_that_is_not_known_is_refused_with_a_remedy(tiny):
    """The nearest name, or all of them."""
    run = sim.run(load(tiny), workers=1, replications=1)
    with pytest.raises(ValueError, match="a run has no table 'week': did you mean `weeks`"):
        sim.frame(run, "week")
    with pytest.raises(ValueError, match=r"a comparison has no table 'x': known here: differences"):
        sim.frame(sim.compare([run, run]), "x")


def test_nothing_but_frames_imports_pandas():
    """Playing and comparing does not wait for it."""
    code = (
        "import sys, json, sim, sim.cli, sim.runs.run, sim.report.comparison_folder;"
        "print(json.dumps('pandas' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) is False

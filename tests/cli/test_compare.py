"""Which runs `ccprofit compare` and `run` take: folders, runs of one name, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from sim.cli.playing import play_all
from sim.runs.kept import KeptRun
from tests.cli.terminal import ccprofit

BASE = """\
name: my-center
horizon: {weeks: 1}
replications: 2
open: Mon-Fri 08:00-18:00
customers: {count: 900, margin: 12 per month}
contacts: {service: {volume: {per_week: 200, counts: first}, handle: 348 s}}
agents: {line: {positions: 3}}
offers: {broadband: {price: 120, margin: 25%, offer: always}}
"""


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder with a base and a variant of the same name."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    variant = "name: my-center\nbased_on: base.yaml\nagents: {line: {positions: 2}}\n"
    (tmp_path / "variant.yaml").write_text(variant, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def played(*scenarios: str, sets=(), replications=None, seed=None) -> list[KeptRun]:
    """What `compare` compares."""
    execution = {"out": Path("results"), "engine": "compiled", "workers": 1}
    execution |= {"replications": replications, "seed": seed, "quick": False}
    return play_all(scenarios, sets, contacts=False, **execution)


def test_runs_are_compared_as_they_are(here):
    """A folder is read, with the seed and the replications that it was played with."""
    (three,) = played("base.yaml", seed=9, replications=3)
    (four,) = played("base.yaml", seed=9, replications=3, sets=("agents.line.positions=4",))
    assert not three[2]
    assert not four[2]
    again = played(str(three[1]), four[1].name)
    for (before, folder, _), (after, same_folder, is_reused) in zip((three, four), again):
        assert is_reused
        assert same_folder == folder
        assert (after.seed, after.replications) == (9, 3)
        assert after.scenario.spec.agents == before.scenario.spec.agents
        assert all((a == b).all() for a, b in zip(before.tally, after.tally, strict=True))
    fresh, kept = (sim.compare([a[0], b[0]]).variants[0] for a, b in ((three, four), again))
    assert kept.verdict == fresh.verdict
    assert kept.verdict.difference < 0


def test_options_change_no_run_that_is_named_by_its_folder(here):
    """Neither --set nor --seed: they are for what is still to be played."""
    ((_, folder, _),) = played("base.yaml", seed=9)
    other, kept = played("base.yaml", str(folder), seed=5, sets=("agents.line.positions=4",))
    assert (other[0].seed, kept[0].seed) == (5, 9)
    seats = [run.scenario.spec.agents["line"].positions.seats for run, _, _ in (other, kept)]
    assert seats == [4, 3]


def test_a_folder_whose_scenario_has_changed_is_not_read(here, capsys):
    """Its numbers would be those of another center: exit code 2, and what to do."""
    ((_, folder, _),) = played("base.yaml")
    changed = BASE.replace("positions: 3", "positions: 4")
    (here / "base.yaml").write_text(changed, encoding="utf-8")
    assert ccprofit("compare", "variant.yaml", str(folder)) == 2
    told = capsys.readouterr().err
    assert "base.yaml has changed since this run. Run or compare " in told
    assert "base.yaml, and it is played again" in told


def test_a_run_of_another_program_is_played_again(here, capsys):
    """Who changes a rule gets its numbers, not those that are kept; a folder of before is refused."""
    ((run, folder, _),) = played("base.yaml")
    ((_, same_folder, is_reused),) = played("base.yaml")
    assert is_reused
    assert same_folder == folder
    provenance = json.loads((folder / "provenance.json").read_text())
    provenance["program"] = "0" * 16
    (folder / "provenance.json").write_text(json.dumps(provenance))
    ((again, other_folder, is_reused),) = played("base.yaml")
    assert not is_reused
    assert other_folder != folder
    assert all((a == b).all() for a, b in zip(run.tally, again.tally, strict=True))
    assert ccprofit("compare", "base.yaml", str(folder)) == 2
    assert "the program has changed since this run. Run or compare " in capsys.readouterr().err


def test_runs_of_one_name_are_told_apart(here, capsys):
    """By a number that no other run has; which is which is said on stderr."""
    third = "name: my-center-2\nbased_on: base.yaml\nagents: {line: {positions: 5}}\n"
    (here / "third.yaml").write_text(third, encoding="utf-8")
    runs = played("base.yaml", "variant.yaml", "third.yaml", "base.yaml")
    names = [run.scenario.spec.name for run, _, _ in runs]
    assert names == ["my-center", "my-center-3", "my-center-2", "my-center-4"]
    told = capsys.readouterr().err
    assert "my-center-3 is variant.yaml\n" in told
    assert "my-center-4 is base.yaml\n" in told
    seats = [run.scenario.spec.agents["line"].positions.seats for run, _, _ in runs]
    assert seats == [3, 2, 5, 3]


def test_a_variant_may_have_its_bases_name(here):
    """The two of them are `my-center` and `my-center-2`."""
    runs = [run for run, _, _ in played("base.yaml", "variant.yaml")]
    found = sim.compare(runs)
    assert found.base.scenario.spec.name == "my-center"
    assert found.variants[0].run.scenario.spec.name == "my-center-2"


def test_a_difference_that_does_not_fit_is_refused_before_anything_is_played(here, capsys):
    """Exit code 2, place and remedy, and no folder."""
    args = ["--set", "decide_on=csat", "--set", "matters_from=50k per year"]
    assert ccprofit("compare", "base.yaml", "variant.yaml", *args) == 2
    told = capsys.readouterr().err
    assert "--set matters_from=50k per year: matters_from: " in told
    assert "Write 1%." in told
    assert not (here / "results").exists()


@pytest.mark.slow
def test_workers_do_not_matter_to_a_first_look(here):
    """Four of six weeks, on the reference engine: one worker and two write the same tables."""
    args = ["run", "base.yaml", "--quick", "--engine", "reference"]
    args += ["--set", "horizon.weeks=6", "--set", "contacts.service.volume=60 per week"]
    for workers in ("1", "2"):
        assert ccprofit(*args, "--workers", workers, "--out", workers) == 0
    (one,), (two,) = Path("1").glob("*/"), Path("2").glob("*/")
    tables = sorted(file.name for file in one.glob("*.csv"))
    assert {"intervals.csv", "ledger.csv", "metrics.csv", "segments.csv", "weeks.csv"} <= set(
        tables
    )
    for table in tables:
        assert (one / table).read_bytes() == (two / table).read_bytes(), table
    weeks = {line.split(",")[0] for line in (one / "weeks.csv").read_text().splitlines()[1:]}
    assert weeks == {"1", "2", "3", "4"}
    known = [json.loads((folder / "provenance.json").read_text()) for folder in (one, two)]
    assert known[0]["replications"] == known[1]["replications"] == 5

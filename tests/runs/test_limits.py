"""Input without end, beyond all numbers, or that is no file: exit code 2, with place and remedy."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import sim
from sim.core.errors import RunError, ScenarioError
from sim.runs import memory
from sim.scenario.load import load
from tests.cli.terminal import ccprofit
from tests.runs.test_kept import BASE


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder with a sound scenario."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(capsys, *args: str) -> str:
    """What a command that is refused says."""
    assert ccprofit(*args) == 2
    printed = capsys.readouterr()
    return printed.out + printed.err


# --- what is no file ------------------------------------------------------------------------------

COMMANDS = [["validate"], ["show"], ["run"], ["sweep", "--vary", "seed=1,2"]]


@pytest.mark.skipif(os.name != "posix", reason="has no pipes by name")
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_devices_and_pipes_are_refused_at_once(here, command, capsys):
    """As a scenario, as its base, as a table, as a result: nothing waits, nothing fills memory."""
    os.mkfifo(here / "pipe")
    table = "agents: {line: {positions: pipe.csv}}"
    os.mkfifo(here / "pipe.csv")
    (here / "tables.yaml").write_text(
        BASE.replace("agents: {line: {positions: 3}}", table), encoding="utf-8"
    )
    (here / "variant.yaml").write_text("name: x\nbased_on: pipe\n", encoding="utf-8")
    for file in ("pipe", "/dev/zero", "variant.yaml", "tables.yaml"):
        said = told(capsys, *command[:1], file, *command[1:])
        assert file in said
    assert "pipe or a device" in told(capsys, *command[:1], "pipe", *command[1:])
    for result in ("pipe", "/dev/zero"):
        told(capsys, "report", result)


@pytest.mark.skipif(os.name != "posix", reason="has no sparse files by this name")
def test_a_file_larger_than_any_scenario_is_refused(here, capsys):
    """By its size, unread."""
    with (here / "large.yaml").open("wb") as file:
        file.truncate(10**10)
    assert "larger than 20 MB" in told(capsys, "validate", "large.yaml")


def test_names_that_no_file_can_have(here, capsys):
    """Too long, or with a NUL: there is no such file."""
    long = "x" * 5000
    for command in ("validate", "run", "report"):
        told(capsys, command, long)
    (here / "nul.yaml").write_text('name: x\nbased_on: "a\\0b.yaml"\n', encoding="utf-8")
    assert "nul.yaml:2:" in told(capsys, "validate", "nul.yaml")
    (here / "long.yaml").write_text(f"name: x\nbased_on: {long}\n", encoding="utf-8")
    assert "long.yaml:2:" in told(capsys, "validate", "long.yaml")
    with pytest.raises(ScenarioError):
        load("a\0b.yaml")


# --- without end ----------------------------------------------------------------------------------


def test_a_bomb_of_aliases_is_defused(here, capsys):
    """In what names the base, and elsewhere."""
    rows = ["a: &a [1,1,1,1,1,1,1,1,1,1]"]
    for above, below in zip("abcdefgh", "bcdefghi"):
        rows.append(f"{below}: &{below} [{','.join([f'*{above}'] * 10)}]")
    for last in ("based_on: *i", "name: *i", "based_on: {x: *i}"):
        text = "\n".join(["name: x" if not last.startswith("name") else "", *rows, last])
        (here / "bomb.yaml").write_text(text, encoding="utf-8")
        assert "more than 200000 values" in told(capsys, "validate", "bomb.yaml")
    (here / "self.yaml").write_text("name: x\nbased_on: &x {y: *x}\n", encoding="utf-8")
    told(capsys, "validate", "self.yaml")


def test_a_chain_of_files_ends(here, capsys):
    """1,200 files based on one another are refused where the chain becomes too long; 90 are not."""
    for n in range(1200):
        (here / f"{n}.yaml").write_text(f"name: x\nbased_on: {n + 1}.yaml\n", encoding="utf-8")
    (here / "1200.yaml").write_text(BASE, encoding="utf-8")
    said = told(capsys, "validate", "0.yaml")
    assert "99.yaml:2:" in said
    assert "more than 100 files" in said
    assert ccprofit("validate", "1110.yaml") == 0


def test_of_20000_faults_the_first_are_told(here, capsys):
    """And how many there are."""
    keys = "".join(f"kee{n}: 1\n" for n in range(20_000))
    (here / "many.yaml").write_text(BASE + keys, encoding="utf-8")
    lines = told(capsys, "validate", "many.yaml").splitlines()
    assert lines[0] == "many.yaml has 20000 problems"
    assert len(lines) == 22
    assert "19,980 more" in lines[-1]


# --- beyond all numbers ---------------------------------------------------------------------------

DIGITS = "9" * 400
TOO_LARGE = [
    f"{key}{operator}{number}"
    for key in (
        "seed", "replications", "customers.customers.count", "agents.line.positions",
        "contacts.service.volume.per_week", "contacts.service.handle", "offers.broadband.price",
        "offers.broadband.margin", "horizon.weeks", "matters_from", "lines", "forecast_error",
    )
    for operator in ("=", "*=", "+=")
    for number in ("1e400", "-1e400", "1e400%", DIGITS, ".inf")
]  # fmt: skip


@pytest.mark.parametrize("assignment", TOO_LARGE, ids=lambda text: text[:40])
def test_numbers_beyond_all_numbers_are_refused(here, assignment):
    """Whatever key and operator; nothing but a ScenarioError comes out."""
    with pytest.raises(ScenarioError) as refused:
        load("base.yaml", [assignment])
    assert all("--set" in problem.place for problem in refused.value.problems)
    assert all(problem.remedy for problem in refused.value.problems)


@pytest.mark.parametrize(
    "args",
    [
        ["run", "base.yaml", "--seed", "9" * 30],
        ["run", "base.yaml", "--replications", "9" * 30],
        ["run", "base.yaml", "--set", "seed=" + "9" * 30],
        ["sweep", "base.yaml", "--vary", "contacts.service.handle=1:1e400:1"],
        ["sweep", "base.yaml", "--vary", "contacts.service.handle=1:2:1e400"],
        ["breakeven", "base.yaml", "offers.broadband.price", "--between", "0:1e400"],
    ],
    ids=lambda args: " ".join(args)[:40],
)
def test_options_beyond_all_numbers_are_refused(here, args, capsys):
    """As the keys are."""
    assert told(capsys, *args)


# --- tables ---------------------------------------------------------------------------------------

TABLES = {
    "an extra cell": ("weekday,start,line\nMon,09:00,5,7\n", 2, "4 cells"),
    "a decimal comma": ("weekday,start,line\nMon,09:00,5\nMon,09:30,5,5\n", 3, "4 cells"),
    "a column twice": ("weekday,start,line,line\nMon,09:00,5,7\n", 1, "second time"),
    "weekday twice": ("weekday,weekday,start,line\nMon,Tue,09:00,5\n", 1, "second time"),
    "an underscore": ("weekday,start,line\nMon,09:00,1_0\n", 2, "'1_0' is not a number"),
}


@pytest.mark.parametrize("what", TABLES)
def test_tables_that_can_be_read_in_two_ways_are_refused(here, what):
    """With the line."""
    text, line, said = TABLES[what]
    (here / "seats.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load("base.yaml", ["agents.line.positions=seats.csv"])
    (problem,) = refused.value.problems
    assert f"seats.csv:{line}:" in problem.place
    assert said in problem.what


# --- memory ---------------------------------------------------------------------------------------


def test_a_run_that_memory_cannot_hold_is_refused_with_the_number(scenario_of, monkeypatch):
    """Before anything is played; with less memory fewer workers play, with the same result."""
    huge = {
        "name": "huge",
        "horizon": 1,
        "open": "Mon-Fri 08:00-20:00",
        "contacts": {"service": {"volume": "10000000 per week", "handle": "300 s"}},
        "agents": {"positions": 1},
    }
    monkeypatch.setattr(memory, "available_bytes", lambda: 6e9)
    with pytest.raises(RunError, match=r"needs about \d+\.\d GB .*10,000,000 contacts.*6\.0 GB"):
        sim.run(scenario_of(huge), replications=1)
    small = scenario_of({**huge, "contacts": {"service": {"volume": "1M per week",
                                                         "handle": "300 s"}}})  # fmt: skip
    assert memory.workers_that_fit(small, 8, 8) < 8
    fixed, each = memory.needed_bytes(small, 8)
    assert memory.workers_that_fit(small, 8, 8) == int((6e9 - fixed) // each)
    monkeypatch.setattr(memory, "available_bytes", lambda: None)
    assert memory.workers_that_fit(small, 8, 8) == 8


def test_replications_count_as_well(scenario_of, monkeypatch):
    """A hundred thousand tallies do not fit where one does."""
    plain = scenario_of(
        {
            "name": "plain",
            "open": "Mon-Fri 08:00-20:00",
            "contacts": {"service": {"volume": "100 per week", "handle": "300 s"}},
            "agents": {"positions": 1},
        }
    )
    monkeypatch.setattr(memory, "available_bytes", lambda: 2e9)
    assert memory.workers_that_fit(plain, 10, 2) == 2
    with pytest.raises(RunError, match="100,000 replications"):
        memory.workers_that_fit(plain, 100_000, 2)


def test_nobody_calls(here, capsys):
    """Ratios of nothing are n/a; nothing is printed as nan, and no warning comes up."""
    quiet = BASE.replace("per_week: 200", "per_week: 0")
    (here / "quiet.yaml").write_text(quiet, encoding="utf-8")
    (here / "fewer.yaml").write_text(
        "name: fewer\nbased_on: quiet.yaml\nagents: {line: {positions: 2}}\n", encoding="utf-8"
    )
    for command in (
        ["run", "quiet.yaml", "--figures"], ["compare", "quiet.yaml", "fewer.yaml", "--full"],
        ["report", "latest"], ["report", "latest", "--view", "coo"], ["validate", "quiet.yaml"],
        ["sweep", "quiet.yaml", "--vary", "agents.line.positions=2,3"],
        ["report", "latest", "--markdown", "x.md"],
    ):  # fmt: skip
        if command[:1] == ["report"]:
            assert ccprofit("compare", "quiet.yaml", "fewer.yaml") == 0
        capsys.readouterr()
        assert ccprofit(*command) == 0, capsys.readouterr().err
        printed = capsys.readouterr()
        assert "nan" not in (printed.out + printed.err).replace("finance", "").lower()
    assert "nan" not in (here / "x.md").read_text(encoding="utf-8").replace("finance", "").lower()

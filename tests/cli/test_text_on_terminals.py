"""What people type is shown as typed, whatever the terminal is, and never obeyed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli.streams import visible
from tests.cli.terminal import ccprofit

ROOT = Path(__file__).parents[2]
BASE = """\
name: my-center
question: "How about [sales], [/b] and [bold red]x[/] :rocket: $a^ − \N{SNOWMAN}?"
currency: "[/b] $"
horizon: {weeks: 1}
replications: 2
open: Mon-Fri 08:00-18:00
today: {csat: 10%}
checks: {csat: 10% to 12%}
contacts: {service: {volume: {per_week: 200, counts: first}, handle: 348 s}}
agents: {line: {positions: 3}}
offers: {broadband: {price: 120, margin: 25%, offer: always}}
"""
VARIANT = "name: fewer\nbased_on: base[b].yaml\nquestion: '[/i]'\nagents: {line: {positions: 2}}\n"
QUESTION = "How about [sales], [/b] and [bold red]x[/] :rocket: $a^ − \N{SNOWMAN}?"


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder with two scenarios that hold markup wherever anything may stand."""
    (tmp_path / "base[b].yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "[i].yaml").write_text(VARIANT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


COMMANDS = [
    ["run", "base[b].yaml", "--figures"],
    ["compare", "base[b].yaml", "base[b].yaml", "--full"],
    ["sweep", "base[b].yaml", "--vary", "agents.line.positions=2,3"],
    ["compare", "base[b].yaml", "[i].yaml", "--full"],
    ["report", "latest"],
    ["report", "latest", "--view", "cfo", "--markdown", "board[b].md"],
    ["show", "base[b].yaml"],
    ["validate", "base[b].yaml", "[i].yaml"],
]


def test_markup_and_emoji_are_text(here, capsys):
    """Every command prints the question and the files as they were typed."""
    for command in COMMANDS:
        capsys.readouterr()
        assert ccprofit(*command) == 0, capsys.readouterr().err
        printed = capsys.readouterr().out
        if command[0] in ("run", "sweep", "show") or (
            command[1] == "base[b].yaml" and command[0] == "compare"
        ):
            assert QUESTION in printed.replace("\n", " "), printed
        if command[0] == "report" and len(command) == 2:
            assert "[/i]" in printed
    assert "[/b] $" in (here / "board[b].md").read_text(encoding="utf-8")


CONTROL = ["\\e[31m", "\\0", "\\a", "\\r", "\\x9b", "\\u202e", "\\ud800", "\\x7f"]


@pytest.mark.parametrize("control", CONTROL)
@pytest.mark.parametrize("line", ['question: "{}"', 'today: {{csat: "{}"}}', '"k{}": 1'])
def test_control_characters_are_refused_with_their_place(tmp_path, capsys, control, line):
    """In values and in keys, and are not printed."""
    file = tmp_path / "x.yaml"
    file.write_text(f"name: x\n{line.format(control)}\n", encoding="utf-8")
    assert ccprofit("validate", str(file)) == 2
    printed = capsys.readouterr()
    told = printed.out + printed.err
    assert f"{file}:2:" in told
    assert "control character U+" in told
    assert visible(told) == told


def test_a_file_name_is_shown_and_not_obeyed(tmp_path, monkeypatch, capsys):
    """Escape sequences of a name are written out."""
    monkeypatch.chdir(tmp_path)
    assert ccprofit("validate", "no\x1b[31m.yaml") == 2
    printed = capsys.readouterr()
    assert "no\\x1b[31m.yaml" in printed.out + printed.err
    assert "\x1b" not in printed.out + printed.err


ONE_AFTER_THE_OTHER = """
import json, sys
from sim.cli import main

for command in json.loads(sys.argv[1]):
    try:
        main(command, prog_name="ccprofit")
    except SystemExit as end:
        if end.code:
            raise
    print("-- next --", flush=True)
"""


def _run(commands: list[list[str]], cwd: Path, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run commands in one process of their own: to start one takes longer than to play."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    variables = {name: value for name, value in variables.items() if value}
    command = [sys.executable, "-c", ONE_AFTER_THE_OTHER, json.dumps(commands)]
    return subprocess.run(command, cwd=cwd, env=variables, capture_output=True)


POOR = {
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""},
}


@pytest.mark.parametrize("how", POOR)
def test_a_terminal_of_few_characters_gets_what_it_has(here, how):
    """A minus stays a minus; what it lacks is written out; nothing is lost after playing."""
    done = _run([COMMANDS[3], COMMANDS[4], COMMANDS[6], ["schema"]], here, **POOR[how])
    assert done.returncode == 0, done.stderr
    compared, *others = done.stdout.split(b"-- next --")
    assert b"[sales]" in compared
    assert b"\\u2603?" in compared or "\N{SNOWMAN}".encode() in compared
    assert b"\\u2212" not in compared
    assert len(others) == 4
    assert all(other.strip() for other in others[:3])


def test_without_a_home_and_with_closed_streams(here):
    """HOME unset, stdout closed: the run is kept all the same."""
    command = f"exec {sys.executable} -m sim.cli run 'base[b].yaml' --out kept"
    env = {k: v for k, v in os.environ.items() if k != "HOME"} | {"PYTHONPATH": str(ROOT)}
    for closed in (">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"):
        done = subprocess.run(["bash", "-c", f"{command} {closed}"], cwd=here, env=env)
        assert done.returncode == 0, closed
    assert len(list((here / "kept").glob("2*"))) == 1


def test_cells_that_look_like_formulas_are_text(tmp_path):
    """A spreadsheet must not calculate them; numbers stay numbers."""
    from sim.runs.folder import write_csv

    file = tmp_path / "x.csv"
    typed = ["=1+1", "+x", "-y", "@z", "-5%", "-5", "+1.5", -2.5, "a=b", "−3", ""]
    write_csv(file, ["cell"], [[cell] for cell in typed])
    cells = file.read_text(encoding="utf-8").splitlines()[1:]
    assert cells == ["'=1+1", "'+x", "'-y", "'@z", "-5%", "-5", "+1.5", "-2.5", "a=b", "−3", '""']

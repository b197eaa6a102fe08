"""What all commands share: help, start-up, exit codes, and how failures are told."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from sim.cli import COMMANDS, LazyGroup, main
from sim.cli.printing import say
from sim.core.errors import ComparisonError, Problem, RunError, ScenarioError
from tests.cli.terminal import ccprofit

SCENARIOS = Path(__file__).parents[2] / "scenarios"
HEAVY = {"numpy", "pandas", "matplotlib", "numba", "pydantic", "rich", "scipy", "simpy", "ruamel"}


def imported_by(*args: str) -> set[str]:
    """Packages that a process of the command imports."""
    process = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "sim.cli", *args],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in process.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


# --- help ---------------------------------------------------------------------------------------


def test_help_imports_nothing_heavy():
    """Neither the list of commands nor the help of one waits for numpy and its like."""
    for args in (["--help"], ["validate", "--help"], ["run", "--help"]):
        found = imported_by(*args)
        assert "click" in found
        assert not found & HEAVY


def test_validating_and_showing_import_no_engine():
    """A check on every save of a file must not wait for a compiler or for charts."""
    file = str(SCENARIOS / "my-center.yaml")
    for command in ("validate", "show"):
        found = imported_by(command, file)
        assert "numpy" in found
        assert not found & {"pandas", "matplotlib", "numba", "scipy", "simpy", "rich"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command, capsys):
    """And is listed, with what it is for, by the help of the whole."""
    assert ccprofit(command, "--help") == 0
    text = capsys.readouterr().out
    assert f"ccprofit {command} " in text.partition("Example")[2]
    assert ccprofit("--help") == 0
    listed = capsys.readouterr().out.partition("Commands:")[2]
    assert any(line.split()[:1] == [command] and len(line.split()) > 3
               for line in listed.splitlines())  # fmt: skip


def matching(word: str) -> list[str]:
    """What a shell makes of a word."""
    return sorted(map(str, Path().glob(word))) if "*" in word else [word]


def test_examples_of_the_help_work(tmp_path, monkeypatch, capsys):
    """Those of the commands that do not simulate, in the order in which one would try them."""
    shutil.copytree(SCENARIOS, tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    tried = 0
    for command in ("init", "validate", "show", "schema"):
        ccprofit(command, "--help")
        for line in capsys.readouterr().out.partition("Example")[2].splitlines():
            words = line.removeprefix("s:").removeprefix(":").split()
            if words[:2] == ["ccprofit", command]:
                args = [name for word in words[1:] for name in matching(word)]
                monkeypatch.setattr(sys, "stdin", io.StringIO("\n" * 16))
                assert ccprofit(*args) == 0, line
                tried += 1
    assert tried >= 10


def test_a_command_that_is_not_known_is_guessed(capsys):
    """Exit code 2."""
    assert ccprofit("vaildate") == 2
    assert "Did you mean 'validate'?" in capsys.readouterr().err


def test_an_option_that_is_not_known_is_refused(capsys):
    """Exit code 2."""
    assert ccprofit("validate", "--fast", "x.yaml") == 2
    assert "--fast" in capsys.readouterr().err


def test_the_version_is_that_of_the_package(capsys):
    """One number in two places would drift apart."""
    import sim

    assert ccprofit("--version") == 0
    assert capsys.readouterr().out == f"ccprofit {sim.__version__}\n"


# --- failures -----------------------------------------------------------------------------------


class OneCommand(LazyGroup):
    """The group with a single command, `fail`, that raises what it is given."""

    def __init__(self, error: BaseException) -> None:
        super().__init__("ccprofit", params=main.params, callback=main.callback)
        self._error = error

    def list_commands(self, ctx):
        return ["fail"]

    def get_command(self, ctx, cmd_name):
        @click.command("fail")
        def fail():
            raise self._error

        return fail


def failing(error: BaseException, *args: str) -> int:
    """Exit code of a command that raises."""
    with pytest.raises(SystemExit) as ended:
        OneCommand(error).main([*args, "fail"])
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (RunError("the queue grew past memory"), 1, "the queue grew past memory\n"),
        (ComparisonError("currencies differ"), 2, "currencies differ\n"),
        (
            ScenarioError([Problem("x.yaml:3:1", "agnets", "there is no such key", "say agents")]),
            2,
            "x.yaml has 1 problem\nx.yaml:3:1: agnets: there is no such key. Say agents.\n",
        ),
        (PermissionError(13, "Permission denied", "out"), 1, "out: permission denied\n"),
        (KeyboardInterrupt(), 130, "\ninterrupted\n"),
        (click.Abort(), 130, "\ninterrupted\n"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_failures_are_told_in_words_and_by_exit_code(error, code, told, capsys):
    """Without a trace."""
    assert failing(error) == code
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", told)


def test_what_nobody_expected_is_told_in_a_line(capsys, monkeypatch):
    """With the command that shows the trace."""
    monkeypatch.setattr(sys, "argv", ["ccprofit", "run", "x.yaml"])
    assert failing(ZeroDivisionError("division\nby zero")) == 1
    assert capsys.readouterr().err.splitlines() == [
        "this should not happen: ZeroDivisionError: division by zero",
        "`ccprofit --debug run x.yaml` shows the trace",
    ]


def test_debug_shows_the_trace():
    """The error itself comes out."""
    with pytest.raises(ZeroDivisionError):
        OneCommand(ZeroDivisionError("x")).main(["--debug", "fail"])


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_ctrl_c_leaves_nothing_half_written(tmp_path):
    """Exit code 130 in the middle of the questions, and no file."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sim.cli", "init", "center.yaml", "--ask"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SCENARIOS.parent)},
    )
    assert process.stdin is not None
    assert process.stderr is not None
    while process.stderr.read(1) != b"?":  # the first question has been asked
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 130
    assert list(tmp_path.iterdir()) == []


# --- style --------------------------------------------------------------------------------------


def test_colour_is_for_terminals_that_want_it(monkeypatch, capsys):
    """None in pipes, none with NO_COLOR."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    with click.Context(main, color=True).scope():
        say("fine", fg="green")
        monkeypatch.setenv("NO_COLOR", "1")
        say("fine", fg="green")
    monkeypatch.delenv("NO_COLOR")
    say("fine", fg="green")
    coloured, plain, piped = capsys.readouterr().out.splitlines()
    assert coloured == "\x1b[32mfine\x1b[0m"
    assert plain == piped == "fine"

"""Running `ccprofit` in this process, as the installed command does."""

from __future__ import annotations

from sim.cli import main


def ccprofit(*args: str) -> int:
    """Run a command; returns the exit code."""
    try:
        main(list(args), prog_name="ccprofit")
    except SystemExit as ended:
        return int(ended.code or 0)
    raise AssertionError("the command did not exit")

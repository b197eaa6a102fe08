"""Progress, where somebody watches and where nobody does."""

import os
import pty
from contextlib import suppress

import pytest

from sim.cli.playing import Lines, TimeLeft, progress


def test_in_a_pipe_a_line_is_said_now_and_then(capsys):
    """Not at once, not twice within 20 s, not at the end; the rest is as fast as what was played.

    What came before the first step, such as compiling, is no guide.
    """
    clock = [0.0]
    lines = Lines(lambda: clock[0])
    for at, done in ((1, 10), (25, 50), (40, 60), (50, 80), (90, 200)):
        clock[0] = 100.0 + at
        lines.advance("my-center", done, 200)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "my-center: 25%, about 90 s left",
        "my-center: 40%, about 84 s left",
    ]


@pytest.mark.parametrize(
    ("at_s", "left"),
    [(1, "about 9 s left"), (12, "about 2 min left"), (60, "about 9 min left"), (900, "about 2.2 h left")],
)  # fmt: skip
def test_time_left_is_told_in_the_unit_that_fits(at_s, left):
    """A tenth takes so long; nothing is known before it, nor left after the end."""
    clock = [5.0]
    told = TimeLeft(lambda: clock[0])
    assert told.told(0, 200) == ""
    clock[0] += at_s
    assert told.told(20, 200) == left
    assert told.told(200, 200) == ""


def test_time_left_begins_anew_with_other_runs():
    """What is played next has its own pace: 10 weeks in 2 s, then 10 in 4 s."""
    clock = [0.0]
    told = TimeLeft(lambda: clock[0])
    for at, done, left in (
        (0, 0, ""), (2, 10, "about 4 s left"), (6, 30, ""), (9, 0, ""), (13, 10, "about 8 s left"),
    ):  # fmt: skip
        clock[0] = at
        assert told.told(done, 30) == left


def test_on_a_terminal_a_bar_tells_the_time_left_of_all(monkeypatch):
    """By name of what is played now, and gone at the end."""
    ours, terminal = pty.openpty()
    clock = [0.0]
    with open(terminal, "w", encoding="utf-8") as stream:  # noqa: PTH123 — a number, no path
        monkeypatch.setattr("sys.stderr", stream)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", "100")
        with progress(lambda: clock[0]) as advance:
            advance("my-center", 0, 100)
            clock[0] = 60.0
            advance("never", 25, 100)
    shown = all_of(ours)
    assert "never" in shown
    assert "25%" in shown
    assert "about 3 min left" in shown
    assert "0:0" not in shown
    assert shown.endswith("\x1b[2K")


def all_of(terminal: int) -> str:
    """What was written to a terminal, until its other side was closed."""
    parts = []
    with suppress(OSError):  # how Linux says that it was
        while part := os.read(terminal, 1 << 16):
            parts.append(part)
    os.close(terminal)
    return b"".join(parts).decode()

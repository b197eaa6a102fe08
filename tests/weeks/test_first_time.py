"""What makes machine code in two processes is quiet when it fails, so it is held here."""

import subprocess

import pytest

from sim.core.rules import compiled_before
from sim.engine import compiled
from sim.weeks import first_time


def test_the_other_process_plays_to_the_end():
    other = subprocess.Popen(first_time.COMMAND, stdin=subprocess.PIPE)
    assert other.wait() == 0
    assert other.stdin is not None
    other.stdin.close()


def test_the_other_process_ends_with_the_one_that_asked_for_it():
    assert subprocess.run(first_time.COMMAND, stdin=subprocess.DEVNULL, check=False).returncode == 1


@pytest.mark.parametrize("is_more", [False, True])
def test_the_loop_runs_over_nothing(is_more):
    first_time.compile_loop(is_more)
    assert compiled_before(compiled.loop(is_more))

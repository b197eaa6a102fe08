"""The first time: machine code of the loop, and of all else, made by two processes at once.

The loop takes most of the time. Beside it another process plays two weeks in which nobody
calls, in the reference engine: that needs all rules but the loop, and leaves their machine code
where this process finds it. If that process cannot be started, this one compiles them as it goes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import numpy as np

from sim import engine
from sim.core.once import once
from sim.core.rules import compiled_before
from sim.core.tables import CUSTOMER, People, table
from sim.engine import compiled, nothing_yet
from sim.engine.state import Arrivals
from sim.plan.anchors import UNANCHORED
from sim.plan.luck import fortune_of
from sim.plan.of_channels import more_than_calls
from sim.plan.plan import Planner
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.weeks.play import play
from sim.weeks.workforce import compile_people

COMMAND = [sys.executable, "-m", "sim.weeks.first_time"]
NOBODY_CALLS = """\
name: nobody-calls
contacts: {service: {volume: 0 per week, talk: 1 s}}
customers:
  one: {count: 1, churn: 10% per year}
  other: {count: 1, churn: 10% per year}
agents: {positions: 1}
offers: {broadband: {price: 2, margin: 50%, offer: always}}
horizon: {weeks: 2}
"""


def get_ready(scenario: Scenario) -> None:
    """Have the machine code for the scenario, and of what counts, at hand."""
    get_loop_ready(bool(more_than_calls(scenario).any()))


@once
def get_loop_ready(is_more: bool) -> None:
    """Compile the loop, for more than calls or for calls only; once in each process."""
    engine.get_ready()
    engine.tell_of_compiling(is_more)
    if compiled_before(compiled.loop(is_more)) or os.cpu_count() == 1:
        return
    nowhere = subprocess.DEVNULL
    with (
        suppress(OSError),  # else all is compiled here
        subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere),
    ):
        compile_loop(is_more)


def compile_loop(is_more: bool) -> None:
    """Let the loop run over a span in which nothing happens."""
    planner = _nobody_calls()
    plan, fortune = planner.plan(0, 1), fortune_of(planner.scenario, 0, 0)
    plan = plan._replace(more_than_calls=np.array([is_more]))
    times, numbers = np.zeros((0, 1), np.int64), np.zeros((0, 1), np.int16)
    nobody = People(table(CUSTOMER, 0), times, numbers, numbers, numbers, numbers, numbers)
    no_arrivals = Arrivals(np.zeros(0, np.int64), np.zeros(0, np.int64))
    compiled.play_arrivals(plan, fortune, no_arrivals, nobody, nothing_yet(plan))


def compile_all_but_loop() -> None:
    """Play two weeks without a contact; ends when the process that asked for it does."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    play(_nobody_calls(), 0, 0, engine="reference")
    compile_people()


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


def _nobody_calls() -> Planner:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "nobody-calls.yaml"
        file.write_text(NOBODY_CALLS, encoding="utf-8")
        return Planner(load(file), UNANCHORED)


if __name__ == "__main__":
    compile_all_but_loop()

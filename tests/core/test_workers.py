"""Worker processes: none is left behind, however the one that they work for ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = """
import os, sys, time
from sim.core.workers import processes

def play(number):
    print(os.getpid(), flush=True)
    time.sleep(600)

if __name__ == "__main__":
    with processes(2) as pool:
        for future in [pool.submit(play, n) for n in range(6)]:
            future.result()
"""
PATIENCE_S = 60  # of the test, on a machine that does much else


def living(group: int) -> list[int]:
    """Processes of a process group that run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc who runs")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_its_parent(tmp_path, ending):
    """Nor the servers that start them; and Ctrl-C waits for nobody."""
    file = tmp_path / "work.py"
    file.write_text(CODE, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(file)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        workers = {int(process.stdout.readline()) for _ in range(2)}
        assert len(workers) == 2
        assert workers < set(living(process.pid))
        process.send_signal(ending)
        process.wait(timeout=PATIENCE_S)
    until = time.monotonic() + PATIENCE_S
    while living(process.pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert living(process.pid) == []

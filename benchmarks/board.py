"""How long does the page for a board take, and how large is it? Of the five scenarios of the demo.

    python -m benchmarks.board

Plays the demo once, then makes `report.html` anew from what is kept, in a process of its own each
time: seconds by the clock and of processor time, pictures included. The folder's PNGs are saved
from the figures that the page shows; that is timed apart.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sim.report.figures.drawn import drawn
from sim.report.figures.of_comparison import pictures_of
from sim.report.kept_result import read_kept

SCENARIOS = Path(__file__).parent.parent / "scenarios"
DEMO = ("cost-center-baseline", "cross-sell-threshold", "cross-sell-always",
        "value-based-offers", "cost-cutting")  # fmt: skip
REPLICATIONS, REPEATS = 5, 3


def ccprofit(*typed: str) -> tuple[float, float]:
    """Seconds by the clock and of processor time that a command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    command = [sys.executable, "-m", "sim.cli", *typed]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
    return time.perf_counter() - started, used


def seconds_of_png(out: Path) -> float:
    """Seconds that saving the pictures adds to drawing them for the page."""
    pictures = pictures_of(read_kept("latest", out).comparison, tuple("abcde"))
    seconds = []
    for folder in (None, out):
        started = time.perf_counter()
        drawn(pictures, "f", folder)
        seconds.append(time.perf_counter() - started)
    return seconds[1] - seconds[0]


def main() -> None:
    """Print the medians, and the size of the page."""
    with tempfile.TemporaryDirectory() as temporary:
        out, page = Path(temporary), Path(temporary) / "report.html"
        files = [str(SCENARIOS / f"{name}.yaml") for name in DEMO]
        ccprofit("compare", *files, "--replications", str(REPLICATIONS), "--out", str(out))
        typed = ("report", "latest", "--html", str(page), "--out", str(out))
        clock, used = zip(*(ccprofit(*typed) for _ in range(REPEATS)), strict=True)
        print(f"report.html, {len(DEMO)} scenarios, {REPLICATIONS} replications")
        print(f"  by the clock {statistics.median(clock):.1f} s (target 10 s), "
              f"processor time {statistics.median(used):.1f} s")  # fmt: skip
        print(f"  size {page.stat().st_size / 1e6:.2f} MB (target 3 MB)")
        print(f"its pictures as PNG beside it: {seconds_of_png(out):.1f} s more")


if __name__ == "__main__":
    main()

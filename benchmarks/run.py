"""How fast is the whole program, beside what else one could use? All in one run, on one core.

Contacts per second of whole runs (metrics and economics included) without start-up; × SimPy is the
ratio to idiomatic SimPy measured in the same run. The machine should be otherwise idle.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from unittest import mock

import sim
from benchmarks import bare, ciw_model, idiomatic_simpy
from benchmarks.result import W1, W2
from sim.engine.state import Span
from sim.metrics import measure
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.weeks import play as play_module
from sim.weeks.pilot import solve_anchors

HERE = Path(__file__).parent
SCENARIOS = HERE.parent / "scenarios"
REPEATS = 5
SELLING = {
    "one product": SCENARIOS / "cross-sell-always.yaml",
    "three products": HERE / "three-products.yaml",
}


def whole_program(path: Path, sets: list[str], engine: str = "compiled", anchored: bool = False):
    """Contacts and seconds of one replication on one core, ledger and metrics included."""
    scenario = sim.load(path, sets)
    anchors = solve_anchors(scenario) if anchored else UNANCHORED
    started = time.perf_counter()
    run = sim.run(scenario, replications=1, engine=engine, workers=1, anchors=anchors)
    samples = run.samples
    seconds = time.perf_counter() - started
    return float(samples["offered"].numerators[0]), seconds


def economics(path: Path, sets: list[str]) -> float:
    """Seconds of all but the engine (counts, opinions, customers, money, set-up) ÷ the engine's.

    The engine's are those of plans, first contacts, events and what crosses the weeks.
    """
    scenario = sim.load(path, sets)
    anchors = solve_anchors(scenario)
    engine_s = 0.0

    def timed(part):
        def measured(*args):
            nonlocal engine_s
            started = time.perf_counter()
            result = part(*args)
            engine_s += time.perf_counter() - started
            return result

        return measured

    ratios = []
    with (
        mock.patch.object(play_module, "simulate", timed(play_module.simulate)),
        mock.patch.object(Planner, "plan", timed(Planner.plan)),
        mock.patch.object(Span, "carry", timed(Span.carry)),
    ):
        for _ in range(1 + REPEATS):
            engine_s = 0.0
            started = time.perf_counter()
            measure(sim.run(scenario, replications=1, workers=1, anchors=anchors).facts)
            ratios.append((time.perf_counter() - started - engine_s) / engine_s)
    return statistics.median(ratios[1:])


def rate(path: Path, sets: list[str], repeats: int = REPEATS, **options: object) -> float:
    """Median contacts per second; the first run of a process is left out."""
    whole_program(path, sets, **options)  # type: ignore[arg-type]
    rates = []
    for _ in range(repeats):
        contacts, seconds = whole_program(path, sets, **options)  # type: ignore[arg-type]
        rates.append(contacts / seconds)
    return statistics.median(rates)


def rival(run, contacts: int, *workload: object, repeats: int = 3) -> float:
    """Median contacts per second of another program."""
    run(max(1000, contacts // 10), 1, *workload)
    rates = [run(contacts, seed, *workload).contacts_per_second for seed in range(1, repeats + 1)]
    return statistics.median(rates)


def pilot(path: Path) -> float:
    """Median seconds to solve the anchors of a scenario; each seed has a pilot of its own."""
    scenario = sim.load(path)
    seconds = []
    for seed in range(100, 100 + REPEATS):
        started = time.perf_counter()
        solve_anchors(scenario, seed)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def scaling(path: Path) -> tuple[int, float]:
    """All cores, and how much faster they play eight replications than one core does."""
    cores = os.cpu_count() or 1
    scenario = sim.load(path, ["horizon.weeks=13"])
    anchors = solve_anchors(scenario)
    seconds: dict[int, list[float]] = {1: [], cores: []}
    for _ in range(3):
        for workers, measured in seconds.items():
            started = time.perf_counter()
            sim.run(scenario, replications=8, workers=workers, anchors=anchors)
            measured.append(time.perf_counter() - started)
    return cores, min(seconds[1]) / min(seconds[cores])


def cold_run() -> tuple[float, float]:
    """Seconds of a whole `ccprofit run` of about 100 k contacts in a new process, cache warm."""
    with tempfile.TemporaryDirectory() as out:
        command = [
            sys.executable, "-m", "sim.cli", "run", str(HERE / "w1.yaml"), "--out", out,
            "--replications", "1", "--set", "horizon.weeks=1", "--set",
            "contacts.service.volume.per_week=100000 per week", "--set", "agents.positions=58",
        ]  # fmt: skip
        seconds = []
        for _ in range(3):
            started = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            seconds.append(time.perf_counter() - started)
    return min(seconds), statistics.median(seconds)


def main() -> None:
    """Measure everything and print one table."""
    print(f"{os.cpu_count()} cores; load before: {os.getloadavg()[0]:.2f}")
    simpy = {
        "W1": rival(idiomatic_simpy.run, 50_000, W1),
        "W2": rival(idiomatic_simpy.run, 50_000, W2),
    }
    rows = [
        ("whole program, W1", rate(HERE / "w1.yaml", []), "W1"),
        ("whole program, W2", rate(HERE / "w2.yaml", []), "W2"),
        ("bare loop, W1 (no abandonment events, 3 columns)", rival(bare.run, 4_000_000), "W1"),
        ("reference engine, W1", rate(HERE / "w1.yaml", ["horizon.weeks=1"], 1, engine="reference"),
         "W1"),
        ("idiomatic SimPy, W1", simpy["W1"], "W1"),
        ("idiomatic SimPy, W2", simpy["W2"], "W2"),
        ("Ciw, W1", rival(ciw_model.run, 50_000), "W1"),
    ]  # fmt: skip
    print(f"{'':52}{'contacts/s':>12}{'× SimPy':>10}")
    for name, value, workload in rows:
        print(f"{name:52}{value:12,.0f}{value / simpy[workload]:10.1f}")
    baseline = SCENARIOS / "cost-center-baseline.yaml"
    print("the year of the baseline scenario (everything on), by weeks:")
    for weeks in (1, 4, 13, 52):
        value = rate(baseline, [f"horizon.weeks={weeks}"], 3, anchored=True)
        print(f"  {weeks:3} weeks {value:12,.0f} contacts/s {1e9 / value:8.0f} ns a contact")
    solved_s = pilot(baseline)
    _, year_s = whole_program(baseline, [], anchored=True)
    print(f"its pilot: {solved_s:.2f} s, {solved_s / year_s:.2f} × as long as one replication")
    print("a quarter of it by what is offered, all in every contact where it makes sense:")
    silent = rate(baseline, ["horizon.weeks=13"], anchored=True)
    for products, path in SELLING.items():
        value = rate(path, ["horizon.weeks=13"], anchored=True)
        print(f"  {products:14} {value:12,.0f} contacts/s {value / silent - 1:+8.0%}")
    print("all but the engine ÷ the engine, in a year:")
    relationship = [f"customers.{s}.churn.model=relationship" for s in ("standard", "premium")]
    for name, path, sets in (
        ("nothing offered", baseline, []),
        ("one product", SELLING["one product"], []),
        ("customers who remember", baseline, relationship),
    ):
        print(f"  {name:24} {economics(path, sets):6.2f}")
    cores, faster = scaling(baseline)
    print(f"eight replications of a quarter on {cores} cores: {faster:.2f} × as fast as on one")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process: {peak:.0f} MB")
    best, median = cold_run()
    print(f"cold `ccprofit run` of 100 k contacts: best {best:.2f} s, median {median:.2f} s")


if __name__ == "__main__":
    main()

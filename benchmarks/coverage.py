"""How often does a 95 % interval hold the truth, where replications share a forecast factor?

A day of a small center is played with 400 seeds and 20 replications each, with 10 seats and with 9;
the first 5 of the 20 are a run of 5. Abandonment is estimated as every metric is, its level and its
paired difference. The truth is a long run of another seed. Everything below was fixed before the
first run. `python -m benchmarks.coverage` takes a few minutes of processor time.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.core.statistics import Estimate, Sample, difference, estimate
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.scenario.load import load
from sim.weeks.play import play

FILE = Path(__file__).parent / "coverage.yaml"
FACTORS = ("0%", "6%", "25%")
SEATS = (10, 9)
SEEDS = range(1, 401)
REPLICATIONS = 20
RUNS_OF = {5: 0.92, 20: 0.935}  # replications → least coverage
SEED_OF_TRUTH = 1_000_003
REPLICATIONS_OF_TRUTH = 8_000
OF_A_NORMAL = 1.96


class Row(NamedTuple):
    """What came of the intervals of one kind."""

    kind: str
    coverage: float
    width: float
    """Mean half-width ÷ (1.96 × the true standard error, over the seeds)."""


def counted(planner: Planner, seed: int, replications: int) -> np.ndarray:
    """[replication, 2] calls given up and offered."""
    found = np.empty((replications, 2), np.int64)
    for r in range(replications):
        tally = play(planner, seed, r).tally
        found[r] = [tally.contacts[name].sum() for name in ("gave_up", "offered")]
    return found


def judged(kind: str, estimates: list[Estimate], truth: float) -> Row:
    """How the intervals of one kind did."""
    held = [one.low <= truth <= one.high for one in estimates]
    true_error = np.std([one.value for one in estimates], ddof=1)
    width = np.mean([one.half_width for one in estimates]) / (OF_A_NORMAL * true_error)
    return Row(kind, float(np.mean(held)), float(width))


def rows_of(factor: str, pool: ThreadPoolExecutor) -> dict[int, list[Row]]:
    """Level and paired difference at one forecast error, by number of replications."""
    sets = [(f"forecast_error={factor}", f"agents.positions={seats}") for seats in SEATS]
    planners = [Planner(load(str(FILE), one), UNANCHORED) for one in sets]

    def both(seed: int, replications: int) -> list[np.ndarray]:
        return [counted(planner, seed, replications) for planner in planners]

    truth = [a.sum(axis=0) for a in both(SEED_OF_TRUTH, REPLICATIONS_OF_TRUTH)]
    level, other = (float(given_up / offered) for given_up, offered in truth)
    played = list(pool.map(lambda seed: both(seed, REPLICATIONS), SEEDS))
    found = {}
    for n in RUNS_OF:
        samples = [[Sample(a[:n, 0], a[:n, 1]) for a in pair] for pair in played]
        found[n] = [
            judged("level", [estimate(base) for base, _ in samples], level),
            judged("difference", [difference(*pair) for pair in samples], other - level),
        ]
    return found


def main() -> int:
    """Print the table; 1 if an interval covers too little."""
    misses = 0
    print("| forecast error | replications | interval of | coverage | over 95 % | width |")
    print("|---|---|---|---|---|---|")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for factor in FACTORS:
            for n, rows in rows_of(factor, pool).items():
                for row in rows:
                    misses += row.coverage < RUNS_OF[n]
                    over = f"{100 * (row.coverage - 0.95):+.1f} pt"
                    print(
                        f"| {factor} | {n} | {row.kind} | {row.coverage:.1%} | {over} "
                        f"| {row.width:.2f} |",
                        flush=True,
                    )
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())

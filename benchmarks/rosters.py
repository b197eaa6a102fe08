"""How long does a roster take, and what does it cost beyond the linear bound?

    python -m benchmarks.rosters          # 100 generated weeks: half a minute to two minutes
    python -m benchmarks.rosters 20       # the first 20 of them

Each is covered, or says which posts of which quarter hours no shift of it reaches. The linear bound
splits people, so that small groups cannot come near it: it is told apart for 50 posts and more.
"""

from __future__ import annotations

import sys
import time
from typing import NamedTuple

import numpy as np

from sim.domain.agents.shifts import ShiftSpec
from sim.plan.roster import Roster, make_roster

KINDS = ("office", "overnight", "part-time", "one", "no-sunday", "too-many", "too-few", "mixed")
MEDIAN_S, MOST_S, MOST_GAP, FROM_POSTS = 2.0, 5.0, 0.03, 50


class Week(NamedTuple):
    """One generated week."""

    name: str
    needed: np.ndarray  # int64 [672] from Monday
    shifts: dict[str, ShiftSpec]
    heads: int | None


def week(number: int, *, most: float = 250.0) -> Week:
    """A week by its number; at most about so many posts are needed at once."""
    rng = np.random.default_rng(number)
    kind = KINDS[number % len(KINDS)]
    scale = 1.0 if kind == "one" else float(np.exp(rng.uniform(np.log(2), np.log(most))))
    opens, closes = (0, 96) if kind == "overnight" else (int(rng.integers(26, 36)), 80)
    needed = np.zeros((7, 96), np.int64)
    days = 6 if kind in ("office", "no-sunday") else 7
    for day in range(days):
        busy = rng.uniform(0.5, 1.2) * (0.6 if day > 4 else 1.0)
        hours = np.linspace(0, 2 * np.pi, closes - opens)
        course = 0.7 - 0.3 * np.cos(hours) + 0.15 * np.cos(3 * hours)
        needed[day, opens:closes] = np.maximum(1, np.round(scale * busy * course))
    needed = np.repeat(needed[:, ::2], 2, axis=1).reshape(-1)
    heads = {"one": 1, "too-many": int(needed.sum() / 100), "too-few": int(needed.sum() / 250) + 1}
    return Week(f"{number} {kind}", needed, _shifts(kind, rng), heads.get(kind))


def _shifts(kind: str, rng: np.random.Generator) -> dict[str, ShiftSpec]:
    step = rng.choice(["30 min", "60 min"])
    day = {"length": "8 h", "starts": f"06:00-14:00 every {step}", "days": int(rng.integers(4, 6))}
    part = {"length": "4 h", "starts": f"06:00-17:00 every {step}"}
    night = {"length": "8 h", "starts": "18:00-05:00 every 60 min"}
    found = {
        "overnight": {"day": {**day, "starts": "06:00-14:00 every 60 min"}, "night": night},
        "part-time": {"part": part},
        "mixed": {"full": day, "part": {**part, "share": "at most 30%"}},
    }.get(kind, {"full": day})
    return {name: ShiftSpec.model_validate(typed) for name, typed in found.items()}


def _row(one: Week) -> tuple[float, Roster]:
    began = time.perf_counter()
    roster = make_roster(one.needed, one.shifts, one.heads)
    return time.perf_counter() - began, roster


def main() -> None:
    """Print every week, and the figures."""
    weeks = [week(n) for n in range(int(sys.argv[1]) if len(sys.argv) > 1 else 100)]
    seconds, gaps = [], []
    for one in weeks:
        took, roster = _row(one)
        seconds.append(took)
        posts = len(roster.paid_hours)
        if one.heads is None and posts >= FROM_POSTS:
            gaps.append(roster.gap)
        uncovered = roster.uncovered.sum() / 4
        print(
            f"{one.name:16} {took:6.2f} s {posts:5} posts {roster.gap:7.2%} beyond the bound,"
            f" {uncovered:7.1f} h uncovered (bound {roster.least_uncovered_hours:.1f})",
            flush=True,
        )
    median, most = np.quantile(seconds, [0.5, 0.95])
    print(f"median {median:.2f} s (under {MEDIAN_S:g}), 95 % under {most:.2f} s (under {MOST_S:g})")
    worst = max(gaps, default=0.0)
    within = sum(gap <= MOST_GAP for gap in gaps)
    print(f"{FROM_POSTS} posts or more: worst gap {worst:.2%}, {within} of {len(gaps)} within 3 %")


if __name__ == "__main__":
    main()

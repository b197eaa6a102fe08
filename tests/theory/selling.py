"""Worlds of the selling chain side by side: the same luck under several policies, by batch.

A batch is a week, or a replication that lasts some days. Whatever differs between two policies is
paired by batch: the same customers call at the same moments in both.
"""

from __future__ import annotations

import copy
import json
import math
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.scenario.load import load
from sim.weeks.play import play

from .cases import CHAIN_MARGIN, Case

MS_PER_SECOND = 1000
LEAST_BATCHES = 50
# Relaxation time of P1 where offers are always made: 4.6 hours; of P2 and P3 less than one.
SLOW, SLOW_WARM_UP, WARM_UP = "P1 ", "1 d", "8 h"


class Measured(NamedTuple):
    """What a policy did, by batch; waits in seconds."""

    closed: np.ndarray  # contacts no longer inside
    wait: np.ndarray  # sum over contacts
    offers: np.ndarray
    margin: np.ndarray

    @property
    def mean_wait(self) -> np.ndarray:
        """Of each batch."""
        return self.wait / self.closed

    @property
    def margin_per_contact(self) -> np.ndarray:
        """Of each batch."""
        return self.margin / self.closed

    def net_per_contact(self, per_minute_waited: float) -> np.ndarray:
        """Margin less the cost of waiting, of each batch."""
        return self.margin_per_contact - per_minute_waited / 60 * self.mean_wait


def measured(
    scenario: dict[str, Any],
    policy: Any,
    *,
    batches: int,
    seed: int,
    margins: tuple[float, ...] = (CHAIN_MARGIN,),
) -> Measured:
    """Play one policy so often; `margins` of a sale by segment."""
    what = copy.deepcopy(scenario)
    what["offers"]["product"]["policy"] = policy
    with TemporaryDirectory() as folder:
        file = Path(folder) / "world.yaml"
        file.write_text(json.dumps(what), encoding="utf-8")
        planner = Planner(load(file), UNANCHORED)
    by_batch = []
    while len(by_batch) < batches:
        tally = play(planner, seed, len(by_batch)).tally
        contacts, sales = tally.contacts, tally.sales
        by_batch.append(
            (
                (contacts["offered"] - contacts["open"]).sum(),
                contacts["wait_ms"].sum() / MS_PER_SECOND,
                sales["offered"].sum(),
                sales["accepted"].sum(axis=(0, 1)) @ np.array(margins),
            )
        )
    return Measured(*np.array(by_batch, float).T)


def lasting(case: Case, days: int) -> dict[str, Any]:
    """The scenario of a case with batches of so many days, after a warm-up."""
    warm_up = SLOW_WARM_UP if case.name.startswith(SLOW) else WARM_UP
    return case.scenario | {"horizon": {"days": days, "warm_up": warm_up}}


def at_most(number_in_system: float) -> dict[str, Any]:
    """TP[K]; K = ∞ offers always."""
    if math.isinf(number_in_system):
        return {"offer": "always"}
    return {"offer": "below-system-threshold", "threshold": number_in_system}


def paired(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Mean difference over batches and its standard error."""
    assert len(one) == len(other) >= LEAST_BATCHES
    difference = one - other
    return float(difference.mean()), float(difference.std(ddof=1) / math.sqrt(len(difference)))


def interval(one: np.ndarray, other: np.ndarray, of: int = 1) -> tuple[float, float]:
    """95 % interval of a paired difference, one of so many judged together (Bonferroni)."""
    mean, error = paired(one, other)
    reach = stats.t.ppf(1 - 0.025 / of, len(one) - 1) * error
    return mean - reach, mean + reach

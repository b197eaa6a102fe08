"""Is what was measured what is expected? Standard errors, z-scores, and who is guilty.

All quantities are functions of sums over independent batches; their standard errors come from
leaving out one batch at a time. Within a case the z-scores are judged together by Holm's method,
so that a case without a fault is called guilty once in a hundred times. A case that misses is
played again with four times the batches and the next seed, and must then hold. A small z proves
nothing if the standard error is large, so each has a largest one that is allowed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zlib import crc32

import numpy as np

from sim.core.clock import MS_PER_DAY, MS_PER_WEEK
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.weeks.counts import Tally
from sim.weeks.play import Replication, play

from . import days, measure, metrics
from .cases import AT_CLOSE, Case

FAMILY_LEVEL = 0.01
MORE_EFFORT = 4
USUAL_ERROR, ERROR_NEAR_SATURATION = 0.01, 0.03  # largest standard error, of the expected value
FINEST = 1e-5  # a smaller standard error is never asked for: rare shares
VARIANCES = ("var_wait", "wait_var_served")
FAR_TAIL = ("var_wait", "q0.99")
SEEDS_SPENT = {"recall_fcr": 1}  # missed by chance: four times as many with the next one held
ROUNDED = 1e-6  # what cannot vary must be right to this


class Finding(NamedTuple):
    """One quantity of one case."""

    quantity: str
    expected: float
    measured: float
    standard_error: float
    allowed_error: float

    @property
    def z(self) -> float:
        """Standard errors from the expected value; without any error, right or infinitely wrong."""
        difference = self.measured - self.expected
        if self.standard_error > 0:
            return difference / self.standard_error
        return 0.0 if abs(difference) <= ROUNDED else math.inf

    @property
    def p_value(self) -> float:
        """Probability of a z at least as large by chance."""
        return math.erfc(abs(self.z) / math.sqrt(2))

    @property
    def is_sharp(self) -> bool:
        """Whether the standard error is small enough to prove something."""
        return self.standard_error <= self.allowed_error


class Round(NamedTuple):
    """What one playing of a case found."""

    seed: int
    batches: int
    contacts: int
    findings: list[Finding]

    @property
    def misses(self) -> list[Finding]:
        """The guilty ones."""
        return holm(self.findings)


def judge(case: Case) -> list[Round]:
    """One round, or two if the first one misses; the last one counts."""
    rounds = [play_round(case, first_seed(case), 1)]
    if rounds[0].misses:
        rounds.append(play_round(case, first_seed(case) + 1, MORE_EFFORT))
    return rounds


def first_seed(case: Case) -> int:
    """Another one for each case, for with the same luck all would miss together."""
    return crc32(case.name.encode()) + SEEDS_SPENT.get(case.name, 0)


def play_round(case: Case, seed: int, effort: int) -> Round:
    """Play all batches of a case and compare every quantity."""
    tallies: list[Tally] = []
    by_batch = np.array(list(batches(case, seed, case.plan.replications * effort, tallies)))
    total = by_batch.sum(axis=0)
    columns = days.COLUMNS if case.plan.cycles_per_week else measure.columns_of(case)
    contacts = int(total[:, columns.index("arrived")].sum())
    show = days.measured if case.plan.cycles_per_week else measure.measured
    findings = []
    for quantity, expected in case.expected.items():
        if quantity in metrics.ONLY_PRINTED:
            continue
        value, error = jackknife(
            by_batch, lambda sums, q=quantity: show(q, measure.Sums(sums, case, columns))
        )
        findings.append(Finding(quantity, expected, value, error, allowed_error(case, quantity)))
    return Round(seed, len(by_batch), contacts, [*findings, *_of_metrics(case, tallies)])


def _of_metrics(case: Case, tallies: list[Tally]) -> Iterator[Finding]:
    """The same quantities once more, as the metrics of a run print them."""
    for quantity, sums, factor in metrics.by_batch(case, loaded(case), tallies):
        value, error = jackknife(sums, lambda s, f=factor: f * s[..., 0] / s[..., 1])
        expected, allowed = case.expected[quantity], allowed_error(case, quantity)
        yield Finding(metrics.PREFIX + quantity, expected, value, error, allowed)


def batches(
    case: Case, seed: int, count: int, tallies: list[Tally] | None = None
) -> Iterator[np.ndarray]:
    """The sums of each batch, replication by replication, whose tallies are added to the list."""
    horizon = case.scenario["horizon"]
    length_ms = horizon.get("days", 0) * MS_PER_DAY or case.plan.weeks_at_once * MS_PER_WEEK
    for played in replications(case, seed, count):
        if tallies is not None:
            tallies.append(played.tally)
        spans = played.contacts[1:] if "warm_up" in horizon else played.contacts
        for number, contacts in enumerate(spans):
            if case.plan.cycles_per_week:
                staffed_ms = int(played.tally.time["scheduled_ms"][number, 0])
                yield days.sums_of(contacts, case, staffed_ms)
            else:
                start_ms = number * length_ms
                yield measure.sums_of(contacts, case, start_ms, start_ms + length_ms)


def replications(case: Case, seed: int, count: int) -> Iterator[Replication]:
    """Play the case's scenario so many times, keeping every contact."""
    planner = Planner(loaded(case), UNANCHORED)
    at_once = case.plan.weeks_at_once
    for number in range(count):
        yield play(planner, seed, number, keep_contacts=True, weeks_at_once=at_once)


def loaded(case: Case) -> Scenario:
    """The case's scenario."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "case.yaml"
        file.write_text(json.dumps(case.scenario), encoding="utf-8")
        return load(file)


def jackknife(
    by_batch: np.ndarray, quantity: Callable[[np.ndarray], np.ndarray]
) -> tuple[float, float]:
    """A function of the sums over batches [batch, …], and its standard error."""
    total = by_batch.sum(axis=0)
    n = len(by_batch)
    without_one = quantity(total - by_batch)
    spread = float(((without_one - without_one.mean()) ** 2).sum())
    return float(quantity(total)), math.sqrt(spread * (n - 1) / n)


def holm(findings: list[Finding]) -> list[Finding]:
    """Those that differ, at the family level: the smallest p against level/m, the next /(m-1) …"""
    guilty = []
    in_order = sorted(findings, key=lambda f: f.p_value)
    for place, finding in enumerate(in_order):
        if finding.p_value > FAMILY_LEVEL / (len(findings) - place):
            break
        guilty.append(finding)
    return guilty


def allowed_error(case: Case, quantity: str) -> float:
    """The largest standard error that still proves something."""
    expected = case.expected[quantity]
    wide = case.near_saturation or quantity in AT_CLOSE
    share = ERROR_NEAR_SATURATION if wide else USUAL_ERROR
    if quantity in VARIANCES:
        share *= 2  # as much as of the standard deviation
    if quantity in FAR_TAIL and case.near_saturation:
        share *= 2  # else they alone would take a billion contacts
    if quantity == "net_eur_min":
        expected = 2 * case.expected["rev_eur_min"] - expected  # what is earned and what is lost
    return max(share * abs(expected), FINEST)

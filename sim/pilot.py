"""Solve the anchors: play a few weeks of today's center and see what its typed numbers imply.

A typed volume and profile are as the switch counts, redials and repeats included; what falls due
while the center is closed comes back in the morning. So new issues in each interval are what was
typed less the redials and repeats that the pilot sees there. The reaction to bad service is
solved by counting how issues ended: φ is the share of the due hazard in the intent to leave that
service provokes (domain §5.4).
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim.anchors import Anchors
from sim.counts import ENDINGS, FIRST_CONTACTS, OFFERED, Tally, stack
from sim.domain.customers import PERCENT, provoked_intent, yearly_hazard
from sim.erlang import attempts_per_issue
from sim.horizon import play
from sim.plan import Planner
from sim.scenario import Scenario
from sim.staffing import compile_levels, paid_hours_per_week
from sim.units import WEEKS_PER_YEAR

WEEKS = 3
WARM_UP = "7 d"
REPLICATIONS = 4
ROUNDS = 2  # redials and repeats hardly depend on which contacts were new


_solved: dict[str, Anchors] = {}


def solve_anchors(root: Scenario) -> Anchors:
    """The anchors of a root scenario; variants of one root in one process share them."""
    if root.hash not in _solved:
        _solved[root.hash] = _solve(root)
    return _solved[root.hash]


def _solve(root: Scenario) -> Anchors:
    """Without anything to anchor no pilot is played."""
    paid_hours = float(paid_hours_per_week(root, compile_levels(root)).sum())
    counted = [name for name, spec in root.spec.contacts.items() if _counts_all(spec)]
    due = {
        name: spec.service_share * yearly_hazard(spec.churn.rate)
        for name, spec in root.spec.customers.items()
        if spec.churn
    }
    if not counted and not any(due.values()):
        return Anchors({}, {}, paid_hours)
    pilot = root.with_horizon(weeks=WEEKS, warm_up=WARM_UP)
    guesses = {name: [_first_guess(root, name)] for name in counted}
    anchors = Anchors(guesses, {}, paid_hours)
    tally = _play(pilot, anchors)
    for _ in range(ROUNDS - 1 if counted else 0):
        anchors = anchors._replace(volume=_new_issues(pilot, counted, tally))
        tally = _play(pilot, anchors)
    volume = _new_issues(pilot, counted, tally)
    return anchors._replace(volume=volume, behaviour=_behaviour(root, due, tally))


def _counts_all(spec) -> bool:
    return spec.volume.counts == "all" and bool(spec.redial or spec.resolution)


def _first_guess(root: Scenario, type_: str) -> float:
    """As if nobody gave up."""
    resolution = root.spec.contacts[type_].resolution
    if resolution is None:
        return 1.0
    return 1 / attempts_per_issue(0.0, 0.0, resolution.first_contact, resolution.comes_back)


def _play(pilot: Scenario, anchors: Anchors) -> Tally:
    planner = Planner(pilot, anchors)

    def one(replication: int) -> Tally:
        return play(planner, pilot.spec.seed, replication, weeks_at_once=WEEKS).tally

    with ThreadPoolExecutor(min(REPLICATIONS, os.cpu_count() or 1)) as pool:
        return stack(list(pool.map(one, range(REPLICATIONS))))


def _new_issues(pilot: Scenario, counted: list[str], tally: Tally) -> dict[str, list[float]]:
    """New issues ÷ typed contacts by interval of the week."""
    shares = {}
    for name in counted:
        counts = tally.intervals[:, :, pilot.types.index(name)].sum(axis=0)
        again = (counts[:, OFFERED] - counts[:, FIRST_CONTACTS]) / (WEEKS * REPLICATIONS)
        by_interval = pilot.profile(name).reshape(len(again), -1).sum(axis=1)
        typed = pilot.weekly_contacts(name) * by_interval
        new = np.maximum(typed - again, 0.0)
        # Where more come back than were typed in all, the rest of the week makes up for it.
        new *= max(0.0, typed.sum() - again.sum()) / max(new.sum(), 1e-9)
        shares[name] = np.divide(new, typed, out=np.zeros_like(new), where=typed > 0).tolist()
    return shares


def _behaviour(root: Scenario, due: dict[str, float], tally: Tally) -> dict[str, float]:
    """φ by segment: due hazard ÷ provoked intent, both per customer and year."""
    excess = PERCENT * np.array([provoked_intent(ending) for ending in range(len(ENDINGS))])
    years = WEEKS / WEEKS_PER_YEAR * REPLICATIONS
    behaviour = {}
    for s, (name, spec) in enumerate(root.spec.customers.items()):
        provoked = float(tally.endings[:, :, s].sum(axis=(0, 1)) @ excess)
        per_customer_year = provoked / (spec.count * years)
        behaviour[name] = due.get(name, 0.0) / per_customer_year if per_customer_year else 0.0
    return behaviour

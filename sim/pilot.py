"""Solve the anchors: play a few weeks of today's center and see what its typed numbers imply.

A typed volume and profile are as the switch counts, redials and repeats included; what falls due
while the center is closed comes back in the morning. So new issues in each interval are what was
typed less the redials and repeats that the pilot sees there. More new issues mean longer waits and
more redials, so this is repeated, with a part of each correction, until it hardly moves. The
reaction to bad service is solved by counting how issues ended: φ is the share of the due hazard in
the intent to leave that service provokes (domain §5.4). Where customers remember, what service
added to their satisfaction is listed instead. Promoters and detractors are counted for referral.
A typed churn is net of those whom the save desk keeps: its share is counted in some more weeks, of
the issues that close in them; an issue that takes weeks of repeats to close is missed.

The pilot plays average weeks: no events, season, trend or forecast error.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim.anchors import Anchors
from sim.counts import (
    CUSTOMER_COUNTS,
    DETRACTORS,
    ENDINGS,
    FIRST_CONTACTS,
    ISSUES,
    OFFERED,
    PROMOTERS,
    Tally,
    stack,
)
from sim.domain.customers import PERCENT, provoked_intent
from sim.domain.relationship import standing_of
from sim.erlang import attempts_per_issue
from sim.horizon import Replication, play
from sim.opinion import list_effects
from sim.plan import Planner
from sim.scenario import Scenario
from sim.staffing import compile_levels, paid_hours_per_week
from sim.units import CELLS_PER_WEEK, WEEKS_PER_YEAR
from sim.workload import counts_all

WEEKS = 3
WEEKS_AT_DESK = 8
WARM_UP = "7 d"
REPLICATIONS = 4
STEP = 0.65  # a correction overshoots by 0.3 to 0.7 of itself
MOST_ROUNDS = 8
CLOSE_ENOUGH = 0.003  # of new issues in all


_solved: dict[str, Anchors] = {}


def solve_anchors(scenario: Scenario) -> Anchors:
    """The anchors of the scenario's root; what a variant brings along is solved on the variant.

    Scenarios of one process share what was solved once.
    """
    if scenario.hash not in _solved:
        older = scenario.lineage[:-1]
        known = solve_anchors(older[-1]) if older else None
        _solved[scenario.hash] = _solve(scenario, known)
    return _solved[scenario.hash]


def _solve(scenario: Scenario, known: Anchors | None) -> Anchors:
    """What is known already stays; without anything new to anchor no pilot is played."""
    if known is None:
        hours = float(paid_hours_per_week(scenario, compile_levels(scenario)).sum())
        known = Anchors({}, {}, {}, [], hours, {})
    new_types = [t for t in scenario.types if t not in known.volume and counts_all(scenario, t)]
    by_issue, by_memory = (
        [name for name, model in scenario.churn_models.items() if model == which]
        for which in ("issue", "relationship")
    )
    by_issue = [name for name in by_issue if name not in known.intent]
    by_memory = [name for name in by_memory if name not in known.standing]
    hears = scenario.spec.referral is not None and not known.opinions
    at_desk = [name for name in _at_desk(scenario) if name not in known.kept]
    if not (new_types or by_issue or by_memory or hears or at_desk):
        return known
    pilot = scenario.with_horizon(weeks=WEEKS, warm_up=WARM_UP)
    guesses = {name: [_first_guess(scenario, name)] for name in new_types}
    anchors = known._replace(volume=known.volume | guesses)
    tally = _counted(pilot, anchors)
    for _ in range(MOST_ROUNDS if new_types else 0):
        volume, moved = _corrected(pilot, new_types, anchors, tally)
        anchors = anchors._replace(volume=anchors.volume | volume)
        tally = _counted(pilot, anchors)
        if moved < CLOSE_ENOUGH:
            break
    usual = float(_expected_issues(pilot, anchors).sum())
    provoked = _provoked(scenario, by_issue, tally, usual)
    anchors = anchors._replace(intent=anchors.intent | provoked)
    if hears:
        anchors = anchors._replace(opinions=_opinions(tally))
    if by_memory:
        standing = _experienced(pilot, by_memory, anchors)
        anchors = anchors._replace(standing=anchors.standing | standing)
    if at_desk:
        anchors = anchors._replace(kept=anchors.kept | _kept(scenario, at_desk, anchors))
    return anchors


def _at_desk(scenario: Scenario) -> list[str]:
    """Segments whose typed churn is net of those whom today's desk keeps."""
    has_desk = scenario.root.spec.save_desk and scenario.spec.save_desk
    return list(scenario.churn_models) if has_desk else []


def _first_guess(scenario: Scenario, type_: str) -> float:
    """As if nobody gave up."""
    resolution = scenario.spec.contacts[type_].resolution
    if resolution is None:
        return 1.0
    return 1 / attempts_per_issue(0.0, 0.0, resolution.first_contact, resolution.comes_back)


def _counted(pilot: Scenario, anchors: Anchors) -> Tally:
    played = _play(Planner(pilot, anchors))
    return stack([one.tally for one in played])


def _play(
    planner: Planner, *, weeks_at_once: int = WEEKS, keep_contacts: bool = False
) -> list[Replication]:
    seed = planner.scenario.spec.seed

    def one(replication: int) -> Replication:
        how = {"weeks_at_once": weeks_at_once, "keep_contacts": keep_contacts}
        return play(planner, seed, replication, **how)

    with ThreadPoolExecutor(min(REPLICATIONS, os.cpu_count() or 1)) as pool:
        return list(pool.map(one, range(REPLICATIONS)))


def _corrected(
    pilot: Scenario, types: list[str], anchors: Anchors, tally: Tally
) -> tuple[dict[str, list[float]], float]:
    """A step towards what the tally asks for; and by how much of all new issues it moves them."""
    volume, moved = {}, 0.0
    for name, wanted in _new_issues(pilot, types, anchors, tally).items():
        before = np.asarray(anchors.volume[name])
        after = before + STEP * (np.asarray(wanted) - before)
        volume[name] = after.tolist()
        moved = max(moved, abs(float(after.mean() / before.mean()) - 1))
    return volume, moved


def _new_issues(
    pilot: Scenario, types: list[str], anchors: Anchors, tally: Tally
) -> dict[str, list[float]]:
    """New issues ÷ typed contacts by interval of the week from Monday.

    Where nothing was typed (a variant may open longer) the share is that of the whole week. How
    many come again per new issue hardly varies; the number of issues does, by busy and quiet days.
    """
    shares = {}
    usual = _expected_issues(pilot, anchors)
    interval_cells = pilot.spec.horizon.interval_cells
    from_monday = pilot.spec.horizon.first_cell_of_week // interval_cells
    for name in types:
        counts = tally.intervals[:, :, pilot.types.index(name)].sum(axis=0)
        again = (counts[:, OFFERED] - counts[:, FIRST_CONTACTS]) / (WEEKS * REPLICATIONS)
        counted = counts[:, FIRST_CONTACTS].sum()
        again *= usual[pilot.types.index(name)] / counted if counted else 1.0
        typed = pilot.weekly_contacts(name) * pilot.profile(name)
        typed = typed.reshape(len(again), -1).sum(axis=1)
        new = np.maximum(typed - again, 0.0)
        # Where more come back than were typed in all, the rest of the week makes up for it.
        new *= max(0.0, typed.sum() - again.sum()) / max(new.sum(), 1e-9)
        overall = new.sum() / typed.sum() if typed.sum() else 1.0
        share = np.divide(new, typed, out=np.full_like(new, overall), where=typed > 0)
        shares[name] = np.roll(share, from_monday).tolist()
    return shares


def _expected_issues(pilot: Scenario, anchors: Anchors) -> np.ndarray:
    """[type] new issues of the pilot's weeks and replications, on the mean over busy and quiet."""
    demand = Planner(pilot, anchors).plan(0, WEEKS * CELLS_PER_WEEK).demand
    listed = np.diff(demand.listed_first, append=len(demand.listed_row))
    return (demand.expected.sum(axis=1) + listed) * REPLICATIONS


def _provoked(
    scenario: Scenario, segments: list[str], tally: Tally, usual: float
) -> dict[str, float]:
    """Intent to leave that service provokes, of one customer a year, by segment.

    Its mean per new issue hardly varies; their number does, by the day, and is known: `usual`.
    """
    excess = PERCENT * np.array([provoked_intent(ending) for ending in range(len(ENDINGS))])
    counted = tally.contacts[..., FIRST_CONTACTS].sum()
    years = WEEKS / WEEKS_PER_YEAR * REPLICATIONS * (counted / usual if counted else 1.0)
    intent = {}
    for name in segments:
        endings = tally.endings[:, :, scenario.segments.index(name)].sum(axis=(0, 1))
        intent[name] = float(endings @ excess / (scenario.spec.customers[name].count * years))
    return intent


def _opinions(tally: Tally) -> list[float]:
    """Shares of promoters and of detractors among issues closed."""
    issues, *sides = (tally.contacts[..., n].sum() for n in (ISSUES, PROMOTERS, DETRACTORS))
    return [float(side / issues) if issues else 0.0 for side in sides]


def _experienced(pilot: Scenario, segments: list[str], anchors: Anchors) -> dict[str, list[float]]:
    """What service adds to the satisfaction with an issue, by segment, as it is today."""
    planner = Planner(pilot, anchors)
    plan = planner.plan(0, 0)
    spans = [span for one in _play(planner, keep_contacts=True) for span in one.contacts]
    standing = {}
    for name in segments:
        effects = np.empty(sum(len(span) for span in spans))
        n = 0
        for span in spans:
            n += list_effects(plan, span, pilot.segments.index(name), effects[n:])
        standing[name] = standing_of(effects[:n])
    return standing


def _kept(scenario: Scenario, segments: list[str], anchors: Anchors) -> dict[str, float]:
    """Share of those who decide to leave whom today's desk keeps, by segment.

    Of those who announce it as many as in all segments, where none closed an issue.
    """
    desk = scenario.spec.save_desk
    assert desk is not None
    pilot = scenario.with_horizon(weeks=WEEKS_AT_DESK, warm_up=WARM_UP)
    tally = stack([one.tally for one in _play(Planner(pilot, anchors), weeks_at_once=1)])
    saved, lost = (
        tally.customers[..., CUSTOMER_COUNTS.index(name)].sum(axis=(0, 1))
        for name in ("saved", "lost_at_desk")
    )
    overall = saved.sum() / max(1, saved.sum() + lost.sum())
    kept = {}
    for name in segments:
        s = scenario.segments.index(name)
        closed = saved[s] + lost[s]
        kept[name] = float(desk.announces * (saved[s] / closed if closed else overall))
    return kept

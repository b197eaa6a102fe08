"""Solve the anchors: play a few weeks of today's center and see what its typed numbers imply.

A typed volume and profile are as the switch counts, redials and repeats included. So new issues in
each interval are what was typed less the redials and repeats that the pilot sees there. More new
issues mean longer waits and more redials, so this is repeated until every interval shows what was
typed, within the error of the pilot. Where more come again than were typed there are no new issues,
and the gap is kept with the anchors.

The reaction to bad service is solved by counting how issues ended: φ is the share of the due hazard
in the intent to leave that service provokes. Where customers remember, what service
added to their satisfaction is listed instead. Promoters and detractors are counted for referral.
A typed churn is net of customers kept by the save desk: its share is counted in some more weeks, of
the issues that close in them; an issue that takes weeks of repeats to close is missed.

The pilot plays average weeks: no events, season, trend or forecast error.
"""

from __future__ import annotations

import math
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from sim.core.clock import WEEKS_PER_YEAR
from sim.core.erlang import attempts_per_issue
from sim.core.errors import Problem, ScenarioError
from sim.domain.customers.customers import (
    ENDINGS,
    MILLION,
    PERCENT,
    behaviour_of,
    provoked_intent,
    yearly_hazard,
)
from sim.domain.customers.relationship import equally_likely, standing_of
from sim.language.by_interval import single
from sim.plan.anchors import UNANCHORED, Anchors
from sim.plan.made_from import PILOT_WEEKS, made_from, pilot_of, volume_made_from
from sim.plan.plan import Plan, Planner
from sim.plan.seats import compile_levels, paid_hours_per_week
from sim.plan.workload import counts_all
from sim.scenario.scenario import Scenario
from sim.weeks.counts import Tally, stack
from sim.weeks.first_time import get_ready
from sim.weeks.opinions import list_effects, list_intents
from sim.weeks.play import Replication, play
from sim.weeks.todays_people import todays_ahead, todays_loads
from sim.weeks.typed_volume import (
    REPLICATIONS,
    corrected,
    expected_issues,
    gap,
    gaps_left,
    misses,
    seen_of_type,
)

WEEKS_AT_DESK = 8
WEEKS_OF_LOADS = 12
WHOLE_STEP, HALF_STEP = 1.0, 0.5  # of a correction
MOST_ROUNDS = 12
VALUES_OF_INTENT = 256
MOST_CLIPPED = 0.05  # of what service provokes
MOST_KEPT_BYTES = 250_000_000  # of contacts that closed issues, for other forms of leaving


class Shown(NamedTuple):
    """The new issues that show what was typed, and what the pilot then played."""

    volume: dict[str, list[float]]
    gaps: dict[str, list[list[float]]]
    tally: Tally
    issues: list[np.ndarray]  # [replication] contacts of the weeks with which issues closed


_solved: dict[tuple[str, int], Anchors] = {}
_shown: dict[tuple[str, int], Shown] = {}
"""The last one only, for contacts take memory."""
_one_at_a_time = threading.RLock()


def solve_anchors(scenario: Scenario, seed: int | None = None) -> Anchors:
    """The anchors of the scenario's root; what a variant brings along is solved on the variant.

    The pilot plays with the seed of the run, which is the scenario's unless given. Scenarios of
    one process that are made from the same share what was solved once.
    """
    get_ready(scenario)
    seed = scenario.spec.seed if seed is None else seed
    with _one_at_a_time:
        key = (made_from(scenario), seed)
        if key not in _solved:
            older = scenario.lineage[:-1]
            known = solve_anchors(older[-1], seed) if older else None
            _solved[key] = _solve(scenario, known, seed)
        return _solved[key]


def _solve(scenario: Scenario, known: Anchors | None, seed: int) -> Anchors:
    """What is known already stays; without anything new to anchor no pilot is played."""
    if known is None:
        hours = paid_hours_per_week(scenario, compile_levels(scenario)).tolist()
        by_group = dict(zip(scenario.groups, hours, strict=True))
        known = UNANCHORED._replace(paid_hours=by_group)
    new_types = [t for t in scenario.types if t not in known.volume and counts_all(scenario, t)]
    by_issue, by_memory = (
        [name for name, model in scenario.churn_models.items() if model == which]
        for which in ("issue", "relationship")
    )
    by_issue = [name for name in by_issue if name not in known.intent]
    by_memory = [name for name in by_memory if name not in known.standing]
    hears = scenario.spec.referral is not None and not known.opinions
    at_desk = [name for name in _at_desk(scenario) if name not in known.kept]
    of_people = [g for g, spec in scenario.spec.agents.items() if spec.people]
    of_people = [name for name in of_people if name not in known.loads]
    if not (new_types or by_issue or by_memory or hears or at_desk or of_people):
        return known
    pilot = pilot_of(scenario)
    ahead = todays_ahead(Planner(pilot, known).staffing(-1), of_people)
    known = known._replace(ahead=known.ahead | ahead)
    shown = _show_volume(scenario, pilot, new_types, known, seed)
    anchors = known._replace(volume=shown.volume, gaps=shown.gaps)
    usual = float(expected_issues(pilot, anchors).sum())
    anchors = anchors._replace(issues=_issues(scenario, shown.tally, usual) | anchors.issues)
    anchors = _with_people(scenario, of_people, anchors, seed)
    plan = Planner(pilot, anchors).plan(0, 0)
    for name in by_issue:
        anchors = _with_intent(scenario, name, anchors, plan, shown, usual)
    if hears:
        anchors = anchors._replace(opinions=_opinions(shown.tally))
    if by_memory:
        standing = _experienced(pilot, by_memory, anchors, seed)
        anchors = anchors._replace(standing=anchors.standing | standing)
    if at_desk:
        anchors = anchors._replace(kept=anchors.kept | _kept(scenario, at_desk, anchors, seed))
    return anchors


def check_due_to_service(scenario: Scenario, anchors: Anchors) -> None:
    """Raise ScenarioError where service cannot cause the share of churn that is due to it.

    No chance of leaving is below 0 or above 1; so of a share that is too large much of what
    service provokes counts for nothing.
    """
    problems = [
        problem
        for name, model in scenario.churn_models.items()
        if model == "issue" and (problem := _not_caused(scenario, name, anchors))
    ]
    if problems:
        raise ScenarioError(problems, scenario.tree.file)


def _not_caused(scenario: Scenario, name: str, anchors: Anchors) -> Problem | None:
    spec = scenario.spec.customers[name]
    assert spec.churn is not None
    hazard = yearly_hazard(spec.churn.rate)
    intent, provoked = anchors.intent.get(name, 0.0), anchors.provoked.get(name, [])

    def clipped(share: float) -> float:
        return behaviour_of(share, hazard, intent, provoked).clipped

    if clipped(spec.service_share) <= MOST_CLIPPED:
        return None
    percents = range(math.ceil(100 * spec.service_share))
    most = max(percent for percent in percents if clipped(percent / 100) <= MOST_CLIPPED)
    what = (
        f"service cannot cause {spec.service_share:.0%} of churn here:"
        f" {clipped(spec.service_share):.0%} of what it provokes would count for nothing"
    )
    remedy = f"write due_to_service: {most}%, or less"
    return scenario.tree.problem(("customers", name, "churn"), what, remedy)


def _with_people(scenario: Scenario, groups: list[str], anchors: Anchors, seed: int) -> Anchors:
    """What the people of these groups bear today, with as many on the floor as were typed."""
    if not groups:
        return anchors
    planner = Planner(pilot_of(scenario, WEEKS_OF_LOADS), anchors)
    tally = _tally(_play(planner, seed))
    return anchors._replace(loads=anchors.loads | todays_loads(scenario, groups, tally))


def _at_desk(scenario: Scenario) -> list[str]:
    """Segments whose typed churn is net of those whom today's desk keeps."""
    has_desk = scenario.root.spec.save_desk and scenario.spec.save_desk
    return list(scenario.churn_models) if has_desk else []


def _first_guess(scenario: Scenario, type_: str) -> float:
    """New issues ÷ typed contacts, as if nobody gave up."""
    resolution = scenario.on_average.spec.contacts[type_].resolution
    if resolution is None:
        return 1.0
    return 1 / attempts_per_issue(
        0.0, 0.0, single(resolution.first_contact), single(resolution.comes_back)
    )


def _show_volume(
    scenario: Scenario, pilot: Scenario, types: list[str], known: Anchors, seed: int
) -> Shown:
    """What these types show with new issues as they must be.

    It is the same for all ways in which customers may leave, so it is solved once for them.
    """
    key = (volume_made_from(scenario), seed)
    if key not in _shown:
        guesses = {name: [_first_guess(scenario, name)] for name in types}
        anchors = known._replace(volume=known.volume | guesses)
        anchors, played = _with_volume(pilot, types, anchors, seed)
        weeks = [one.contacts[-1] for one in played]  # after the warm-up
        issues = [contacts[contacts.last == 1] for contacts in weeks]
        shown = Shown(anchors.volume, anchors.gaps, _tally(played), issues)
        _shown.clear()
        if sum(contacts.nbytes for contacts in issues) > MOST_KEPT_BYTES:
            return shown
        _shown[key] = shown
    return _shown[key]


def _with_volume(
    pilot: Scenario, types: list[str], anchors: Anchors, seed: int
) -> tuple[Anchors, list[Replication]]:
    """The anchors with which these types show what was typed, and what the pilot then played.

    Corrections are whole, and half from the first time on that the worst gap has grown. The last
    one is too small to be played again.
    """
    played = _play(Planner(pilot, anchors), seed, keep_contacts=True)
    tally = _tally(played)
    step, worst = WHOLE_STEP, math.inf
    for rounds in range(MOST_ROUNDS if types else 0):
        seen = {name: seen_of_type(pilot, name, anchors, tally) for name in types}
        is_close = all(not misses(one).any() for one in seen.values())
        if rounds == MOST_ROUNDS - 1 and not is_close:
            break
        before, worst = worst, max(float(gap(one).max(initial=0.0)) for one in seen.values())
        if worst > before:
            step = HALF_STEP
        volume = {
            name: corrected(pilot, name, anchors.volume[name], seen[name], step) for name in types
        }
        anchors = anchors._replace(volume=anchors.volume | volume)
        if is_close:
            break
        played = _play(Planner(pilot, anchors), seed, keep_contacts=True)
        tally = _tally(played)
    left = {name: gaps_left(pilot, seen_of_type(pilot, name, anchors, tally)) for name in types}
    return anchors._replace(
        gaps=anchors.gaps | {n: gaps for n, gaps in left.items() if gaps}
    ), played


def _tally(played: list[Replication]) -> Tally:
    return stack([one.tally for one in played])


def _play(
    planner: Planner, seed: int, *, weeks_at_once: int = PILOT_WEEKS, keep_contacts: bool = False
) -> list[Replication]:
    def one(replication: int) -> Replication:
        how = {"weeks_at_once": weeks_at_once, "keep_contacts": keep_contacts}
        return play(planner, seed, replication, **how)

    with ThreadPoolExecutor(min(REPLICATIONS, os.cpu_count() or 1)) as pool:
        return list(pool.map(one, range(REPLICATIONS)))


def _with_intent(
    scenario: Scenario,
    name: str,
    anchors: Anchors,
    plan: Plan,
    shown: Shown,
    usual: float,
) -> Anchors:
    """The intent to leave that service provokes in a segment: a year's, and that of its weeks.

    Its mean per new issue hardly varies; their number does, by the day, and is known: `usual`.
    """
    s = scenario.segments.index(name)
    endings = shown.tally.endings[:, :, s].sum(axis=(0, 1))
    of_ending = np.array([provoked_intent(ending) for ending in ENDINGS])
    sums = np.concatenate([_intents(plan, contacts, s) for contacts in shown.issues])
    beyond = (int(sums.sum()) - MILLION * int(endings @ of_ending)) / MILLION
    years = _years(shown.tally, usual)
    provoked = endings @ (PERCENT * of_ending) + PERCENT * beyond
    intent = float(provoked / (scenario.spec.customers[name].count * years))
    values = equally_likely(sums / MILLION, VALUES_OF_INTENT)
    return anchors._replace(
        intent=anchors.intent | {name: intent}, provoked=anchors.provoked | {name: values}
    )


def _intents(plan: Plan, contacts: np.ndarray, segment: int) -> np.ndarray:
    """[customer-week] intent of a replication's issues, in millionths of a point, not 0."""
    listed = np.empty((2, len(contacts)), np.int64)
    n = list_intents(plan, contacts, segment, listed)
    weeks, place = np.unique(listed[0, :n], return_inverse=True)
    sums = np.zeros(len(weeks), np.int64)
    np.add.at(sums, place, listed[1, :n])
    return sums[sums != 0]


def _years(tally: Tally, usual: float) -> float:
    """Years that the pilot played, as long as its issues would usually take to come."""
    bot = tally.self_service
    kept = bot["solved"].sum() + bot["claimed"].sum()
    counted = tally.contacts["first_contacts"].sum() + kept
    return PILOT_WEEKS / WEEKS_PER_YEAR * REPLICATIONS * (counted / usual if counted else 1.0)


def _issues(scenario: Scenario, tally: Tally, usual: float) -> dict[str, float]:
    """Issues of one customer that close in a year, by segment."""
    closed = tally.endings.sum(axis=(0, 1, 3)) / _years(tally, usual)
    counts = [spec.count for spec in scenario.spec.customers.values()]
    return {name: float(closed[s] / counts[s]) for s, name in enumerate(scenario.spec.customers)}


def _opinions(tally: Tally) -> list[float]:
    """Shares of promoters and of detractors among issues closed."""
    counts = tally.contacts
    issues = counts["issues"].sum()
    sides = (counts["promoters"].sum(), counts["detractors"].sum())
    return [float(side / issues) if issues else 0.0 for side in sides]


def _experienced(
    pilot: Scenario, segments: list[str], anchors: Anchors, seed: int
) -> dict[str, list[float]]:
    """What service adds to the satisfaction with an issue, by segment, as it is today."""
    planner = Planner(pilot, anchors)
    plan = planner.plan(0, 0)
    spans = [span for one in _play(planner, seed, keep_contacts=True) for span in one.contacts]
    standing = {}
    for name in segments:
        effects = np.empty(sum(len(span) for span in spans))
        n = 0
        for span in spans:
            n += list_effects(plan, span, pilot.segments.index(name), effects[n:])
        standing[name] = standing_of(effects[:n])
    return standing


def _kept(scenario: Scenario, segments: list[str], anchors: Anchors, seed: int) -> dict[str, float]:
    """Share of those who decide to leave whom today's desk keeps, by segment.

    Where no announcement of a segment closed, the desk keeps as large a share as of all segments.
    """
    desk = scenario.spec.save_desk
    assert desk is not None
    pilot = pilot_of(scenario, WEEKS_AT_DESK)
    played = _play(Planner(pilot, anchors), seed, weeks_at_once=1)
    counts = _tally(played).customers
    saved, lost = counts["saved"].sum(axis=(0, 1)), counts["lost_at_desk"].sum(axis=(0, 1))
    overall = saved.sum() / max(1, saved.sum() + lost.sum())
    kept = {}
    for name in segments:
        s = scenario.segments.index(name)
        closed = saved[s] + lost[s]
        kept[name] = float(desk.announces * (saved[s] / closed if closed else overall))
    return kept

"""New issues so that the center shows what was typed: what a pilot saw, and the next guess.

A typed volume holds redials and repeats, by interval of the week. What a bot keeps is no part of
it: it counts what comes to agents.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core.clock import CELLS_PER_WEEK
from sim.plan.anchors import Anchors
from sim.plan.made_from import PILOT_WEEKS
from sim.plan.plan import Planner
from sim.scenario.scenario import Scenario
from sim.weeks.counts import Tally

REPLICATIONS = 4
CLOSE_ENOUGH = 0.01  # of what was typed in an interval
CLOSE_ENOUGH_ERRORS = 3  # standard errors of what the pilot sees there


class Seen(NamedTuple):
    """What a pilot shows of a type in a week; each [interval of the week from its start]."""

    typed: np.ndarray
    again: np.ndarray  # redials and repeats
    error: np.ndarray  # of `again`, one standard error
    new: np.ndarray  # new issues expected


def seen_of_type(pilot: Scenario, name: str, anchors: Anchors, tally: Tally) -> Seen:
    """What the tally shows of a contact type.

    Busy and quiet days change the number of new issues, but hardly how many contacts come again for
    each of them. So the contacts that come again are scaled to the usual number of new issues. The
    error takes their variance to be the same multiple of their mean in every interval.
    """
    t = pilot.types.index(name)
    counts = tally.intervals[:, :, t]
    again = counts["offered"] - counts["first_contacts"]
    counted = counts["first_contacts"].sum()
    first = pilot.at_agents(name)  # the others stay with a bot
    expected = expected_issues(pilot, anchors)[t] * first / pilot.rebound(name)
    usual = expected / counted if counted else 1.0
    mean = again.mean(axis=0)
    clumping = max(1.0, again.var(axis=0, ddof=1).sum() / mean.sum()) if mean.any() else 1.0
    error = np.sqrt(clumping * np.maximum(mean, 1.0) / REPLICATIONS)
    typed = _by_interval(pilot, pilot.weekly_contacts(name) * pilot.profile(name))
    share = np.asarray(anchors.volume[name])
    if len(share) > 1:
        share = np.roll(share, -_from_monday(pilot))
    scale = usual / PILOT_WEEKS
    return Seen(typed, mean * scale, error * scale, typed * share * first)


def _by_interval(pilot: Scenario, cells: np.ndarray) -> np.ndarray:
    """[672] by cell → summed by interval."""
    return cells.reshape(-1, pilot.spec.horizon.interval_cells).sum(axis=1)


def _from_monday(pilot: Scenario) -> int:
    """Intervals of the week before its horizon starts."""
    return pilot.spec.horizon.first_cell_of_week // pilot.spec.horizon.interval_cells


def gap(seen: Seen) -> np.ndarray:
    """By how much each interval misses what was typed, as a share of it.

    0 where nothing was typed, or where no number of new issues would do.
    """
    can_be_met = (seen.typed > 0) & (seen.again < seen.typed)
    missed = np.abs(seen.new + seen.again - seen.typed)
    return np.divide(missed, seen.typed, out=np.zeros_like(missed), where=can_be_met)


def misses(seen: Seen) -> np.ndarray:
    """Which intervals miss by more than the pilot's error explains."""
    allowed = np.maximum(CLOSE_ENOUGH * seen.typed, CLOSE_ENOUGH_ERRORS * seen.error)
    return gap(seen) * seen.typed > allowed


def corrected(
    pilot: Scenario, name: str, before: list[float], seen: Seen, step: float
) -> list[float]:
    """New issues ÷ typed contacts by interval of the week from Monday, after a step.

    Where nothing was typed (a variant may open longer) the share is that of the whole week.
    """
    wanted = np.maximum(seen.typed - seen.again, 0.0)
    overall = wanted.sum() / seen.typed.sum() if seen.typed.any() else 1.0
    share = np.divide(wanted, seen.typed, out=np.full_like(wanted, overall), where=seen.typed > 0)
    share /= pilot.at_agents(name)
    now = np.asarray(before)
    return (now + step * (np.roll(share, _from_monday(pilot)) - now)).tolist()


def gaps_left(pilot: Scenario, seen: Seen) -> list[list[float]]:
    """Interval from Monday, contacts typed and simulated, of those that do not show what was typed.

    Either the last round still missed them, or more come again than were typed.
    """
    too_many = seen.again - seen.typed
    allowed = np.maximum(CLOSE_ENOUGH * seen.typed, CLOSE_ENOUGH_ERRORS * seen.error)
    found = np.flatnonzero(misses(seen) | ((seen.typed > 0) & (too_many > allowed)))
    places = (found + _from_monday(pilot)) % len(seen.typed)
    simulated = seen.new + seen.again
    return [
        [int(place), float(seen.typed[i]), float(simulated[i])]
        for place, i in sorted(zip(places.tolist(), found.tolist(), strict=True))
    ]


def expected_issues(pilot: Scenario, anchors: Anchors) -> np.ndarray:
    """[type] new issues of the pilot's weeks and replications, as on days of mean busyness."""
    demand = Planner(pilot, anchors).plan(0, PILOT_WEEKS * CELLS_PER_WEEK).demand
    listed = np.diff(demand.listed_first, append=len(demand.listed_row))
    return (demand.expected.sum(axis=1) + listed) * REPLICATIONS

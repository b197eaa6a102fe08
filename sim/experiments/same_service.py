"""How many more seats would a variant need to serve as well as the baseline, and what do they cost?

Two scenarios at the same seats do not serve alike: offers take time, a cut makes people wait. So it
is asked with how many of its seats the baseline itself would lose as many contacts as the variant
loses: by Erlang A, on busy and quiet days, with the redials and repeats that this brings. Seats are
those by which Erlang A loses what was played, so work that no plan sees, as that of offers, is in
them. A variant that serves as the baseline would with 95 % of its seats needs a twentieth more than
it has. Their hours are booked anew, with all that goes with paid hours. Nothing is played.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.core.statistics import Estimate, Sample, difference, estimate
from sim.core.tables import record
from sim.domain.agents.rostering import round_half_up
from sim.experiments.comparison import Against
from sim.experiments.figures import RESULT
from sim.experiments.judging import SAME_HOURS
from sim.language.by_interval import single
from sim.metrics.ledger import Ledger, book
from sim.metrics.periods import FIRST_YEAR
from sim.plan.seats import compile_levels, expected_contacts
from sim.plan.workload import shared
from sim.runs.run import Run
from sim.scenario.scenario import Scenario

LOST = "abandonment"
SHARES = np.array([0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25])
"""Shares of the baseline's seats that are tried; between them the share is interpolated."""


class SameService(NamedTuple):
    """What it would take to serve as well as the baseline."""

    more: float
    """Of the variant's seats, 0.05: a twentieth more; below 0 where it serves better."""
    cost: Estimate
    """Of the further paid hours in the first year."""
    result: Estimate
    """The difference in result in the first year less that cost; what better service keeps is not
    in it."""


class Serving:
    """How a baseline serves at fewer and more seats."""

    def __init__(self, base: Run) -> None:
        self._base = base

    def like_it(self, against: Against) -> SameService | None:
        """What a variant would need; None where it serves alike, or Erlang A cannot say."""
        lost, run = against.differences[LOST], against.run
        if not lost.gap.low > 0.0 and not lost.gap.high < 0.0:
            return None
        before, after = map(self._share_of_seats, (lost.base.value, lost.variant.value))
        if before is None or after is None:
            return None
        more = before / after * self._growth(lost.base.value, lost.variant.value) - 1
        if abs(more) < SAME_HOURS:
            return None
        cost = _contribution(run.ledger) - _contribution(_with_hours(run, 1 + more))
        results = [r.first_year[RESULT].numerators for r in (self._base, run)]
        gap = difference(Sample(results[0]), Sample(results[1] - cost))
        return SameService(more, estimate(Sample(cost)), gap)

    def _share_of_seats(self, lost: float) -> float | None:
        """With which share of its seats it would lose so many; None beyond those tried."""
        if not self._losses[-1] <= lost <= self._losses[0]:
            return None
        log_tried, log_lost = (-np.log(one + 1e-6) for one in (self._losses, lost))
        return float(np.interp(log_lost, log_tried, SHARES))

    @cached_property
    def _losses(self) -> np.ndarray:
        """[share] of the contacts that come today those lost at each of the SHARES of its seats."""
        scenario = self._base.scenario
        level = compile_levels(scenario, self._base.anchors.volume).level
        contacts = expected_contacts(scenario)
        seats = [round_half_up(share * level) for share in SHARES]
        gone = [(shared(scenario, one, contacts).gone * contacts).sum() for one in seats]
        return np.minimum.accumulate(np.array(gone) / max(float(contacts.sum()), 1e-9))

    def _growth(self, lost: float, lost_too: float) -> float:
        """Contacts where the first share is lost ÷ those where the second is."""
        scenario = self._base.scenario
        return _contacts(scenario, lost) / _contacts(scenario, lost_too)


def _contacts(scenario: Scenario, lost: float) -> float:
    """Contacts of new issues where that share is lost: redials and repeats, in closed form."""
    found = 0.0
    for type_, spec in scenario.on_average.spec.contacts.items():
        redials = single(spec.redial.probability) if spec.redial else 0.0
        unsolved = spec.resolution
        repeats = (
            (1 - single(unsolved.first_contact)) * single(unsolved.comes_back) if unsolved else 0.0
        )
        again = min(lost * redials + (1 - lost) * repeats, 0.99)
        found += scenario.weekly_contacts(type_) / (1 - again)
    return found


def _with_hours(run: Run, factor: float) -> Ledger:
    """The books with so many times the hours on duty, and the people; nobody more is cut."""
    time, people = _as_floats(run.tally.time), _as_floats(run.tally.people)
    time["scheduled_ms"] *= factor
    for name in set(people.dtype.names or ()) - {"cut"}:
        people[name] *= factor
    return book(run.scenario, run.anchors, run.tally._replace(time=time, people=people))


def _as_floats(counts: np.ndarray) -> np.ndarray:
    """The same counts, which may be parts of one."""
    return counts.astype(record(**dict.fromkeys(counts.dtype.names or (), np.float64)))


def _contribution(ledger: Ledger) -> np.ndarray:
    return ledger.contribution[:, FIRST_YEAR].sum(axis=1)

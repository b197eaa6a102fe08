"""Which customers bring friends along, and which keep them away?

Promoters recommend, and some of those they talk to join; detractors keep some away.
A typed acquisition contains all of this as it is today. So only a change of the shares of
promoters and detractors from those of the anchor pilot brings joiners, or costs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.core.clock import WEEKS_PER_YEAR
from sim.language.block import Block, environment
from sim.language.evidence import proposal
from sim.language.fields import Share, SharePerYear, SignedShare


class ReferralSpec(Block):
    """Word of mouth; acts on segments with an acquisition."""

    promoters: SharePerYear = environment(0.05, evidence=proposal("weakly known"))
    """Recommendations that a promoter makes a year."""
    conversion: Share = environment(0.20, evidence=proposal("weakly known"))
    """Share of recommendations that bring a joiner."""
    detractors: SignedShare = environment(-0.50, evidence=proposal("weakly known"))
    """Joiners that a detractor brings ÷ those that a promoter brings; negative: keeps away."""

    def joiners(self, promoters: np.ndarray, detractors: np.ndarray) -> np.ndarray:
        """Joiners a year per customer, by shares of promoters and detractors; of their shape."""
        return self.promoters * self.conversion * (promoters + self.detractors * detractors)


class Opinions(NamedTuple):
    """Counts of some weeks, each [week]."""

    issues: np.ndarray  # that closed
    promoters: np.ndarray
    detractors: np.ndarray


def most_referred(spec: ReferralSpec | None, count: int, weeks: int) -> float:
    """An upper bound of the joiners by referral in so many weeks; 0 without referral."""
    if spec is None:
        return 0.0
    largest = spec.promoters * spec.conversion * (1 + abs(spec.detractors))
    return 2 * largest * count * weeks / WEEKS_PER_YEAR


def referred(
    spec: ReferralSpec | None,
    today: Sequence[float],
    count: int,
    opinions: Opinions,
) -> float:
    """Joiners by referral beyond those of today, of `count` customers, over some weeks.

    `today` has the shares of promoters and detractors while the acquisition is as typed. A week
    without issues adds none.
    """
    if spec is None or not today:
        return 0.0
    issues, *sides = (counts[opinions.issues > 0].astype(float) for counts in opinions)
    now = spec.joiners(*(side / issues for side in sides))
    then = spec.joiners(*np.asarray(today))
    return float((now - then).sum()) * count / WEEKS_PER_YEAR

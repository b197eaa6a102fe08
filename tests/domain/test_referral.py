"""Word of mouth, as a change from what a typed acquisition contains."""

from __future__ import annotations

import numpy as np
import pytest

from sim.domain.customers.customers import joined_by
from sim.domain.customers.referral import Opinions, ReferralSpec, most_referred, referred

SPEC = ReferralSpec()
TODAY = (0.50, 0.20)


def weeks(*shares: tuple[float, float], issues: int = 1000) -> Opinions:
    """Issues, promoters and detractors of weeks with these shares."""
    promoters, detractors = np.round(np.array(shares).T * issues).astype(np.int64)
    return Opinions(np.full(len(shares), issues), promoters, detractors)


def test_todays_opinions_bring_nobody_more():
    """The typed acquisition has them in it already."""
    assert referred(SPEC, TODAY, 100_000, weeks(TODAY, TODAY)) == 0
    assert referred(None, TODAY, 100_000, weeks((0.9, 0.0))) == 0
    assert referred(SPEC, [], 100_000, weeks((0.9, 0.0))) == 0


def test_more_promoters_bring_friends():
    """100 000 customers, 10 points more promoters, 52 weeks: 100 000 · .1 · .05 · .2 = 100."""
    better = weeks(*[(0.60, 0.20)] * 52)
    assert referred(SPEC, TODAY, 100_000, better) == pytest.approx(100)


def test_a_detractor_keeps_away_half_of_what_a_promoter_brings():
    """10 points more detractors for a year cost 50 joiners."""
    worse = weeks(*[(0.50, 0.30)] * 52)
    assert referred(SPEC, TODAY, 100_000, worse) == pytest.approx(-50)


def test_weeks_without_issues_change_nothing():
    """Nobody closed an issue: as today."""
    quiet = Opinions(*np.zeros((3, 3), np.int64))
    assert referred(SPEC, TODAY, 100_000, quiet) == 0


def test_joiners_are_whole_and_never_less_than_none():
    """Typed and referred together are rounded once; and the room for them is enough."""
    assert joined_by(100, 13, 0.6) == 300
    assert joined_by(100, 13, 1.2) == 301
    assert joined_by(100, 13, -400.0) == 0
    largest = referred(SPEC, (0.0, 1.0), 100_000, weeks(*[(1.0, 0.0)] * 52))
    assert 0 < largest <= most_referred(SPEC, 100_000, 52)

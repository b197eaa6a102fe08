"""Who leaves the company, when, and what does it cost?

Turnover is leavers a year ÷ heads on the floor. Newcomers leave more often in their first weeks;
what is left for the others is such that a floor that is always filled shows the typed turnover.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.core.clock import WEEKS_PER_YEAR
from sim.core.dice import LEAVES_JOB, uniform
from sim.core.rules import rule

EARLY_WEEKS = 13
OLDEST_WEEKS = 60 * 52  # longer nobody works


class Leaving(NamedTuple):
    """How people of a group leave."""

    hazard: float  # a week, after the first ones
    early: float  # factor on it in the first EARLY_WEEKS


class LeaverCost(NamedTuple):
    """What it costs to replace someone who leaves by herself; there is no severance in it."""

    recruiting: float
    class_wages: float
    lost_weeks: float  # of work, while her successor learns
    learning: float  # wages of these weeks; never booked

    @property
    def booked(self) -> float:
        """What the ledger books, as somebody comes in her place."""
        return self.recruiting + self.class_wages

    @property
    def total(self) -> float:
        """With what is lost to learning."""
        return self.booked + self.learning


def cost_of_leaver(
    recruiting: float, class_weeks: float, lost_weeks: float, week_wages: float
) -> LeaverCost:
    """The cost of a leaver: recruiting, weeks of class, and weeks lost to learning.

    `week_wages` are those of a week, with charges. 3,400 to recruit, 4 weeks of class and 8·ln 1.4
    weeks lost, at 40 h × 23.40, are 9,664.
    """
    return LeaverCost(recruiting, class_weeks * week_wages, lost_weeks, lost_weeks * week_wages)


def base_hazard(turnover: float, early: float) -> float:
    """Hazard a week of leaving after the first 13 weeks, at which a floor shows a turnover a year.

    People stay 1 ÷ (turnover/52) weeks on average: ∫S(t)dt with hazard h·early, then h.
    Turnover .35 with early 2 needs .324 a year. Raises ValueError where nobody could stay.
    """
    if turnover == 0.0:
        return 0.0
    stay = WEEKS_PER_YEAR / turnover
    low, high = 0.0, 1.0
    while _mean_stay(high, early) > stay:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _mean_stay(middle, early) > stay else (low, middle)
    return (low + high) / 2


def _mean_stay(hazard: float, early: float) -> float:
    """Mean weeks on the floor, by whole weeks: people leave at the end of a week."""
    if hazard == 0.0:
        return math.inf
    first, later = math.exp(-hazard * early), math.exp(-hazard)
    in_first = sum(first**week for week in range(EARLY_WEEKS))
    return in_first + first**EARLY_WEEKS / (1 - later)


def steady_tenure(hazard: float, early: float) -> np.ndarray:
    """[week] shares of people by whole weeks on the floor, where each leaver is replaced at once.

    Where nobody leaves, all are as experienced as can be.
    """
    share = np.zeros(OLDEST_WEEKS)
    if hazard == 0.0:
        share[-1] = 1.0
        return share
    weekly = np.where(np.arange(OLDEST_WEEKS) < EARLY_WEEKS, hazard * early, hazard)
    share = np.exp(-np.concatenate([[0.0], np.cumsum(weekly[:-1])]))
    return share / share.sum()


@rule
def leaves_job(leaving, tenure_weeks, mood_factor, luck, week):
    """Whether someone leaves at the end of a week; `mood_factor` is what her engagement does."""
    hazard = leaving.hazard * mood_factor
    if tenure_weeks < EARLY_WEEKS:
        hazard *= leaving.early
    return uniform(luck, LEAVES_JOB, week) < 1.0 - math.exp(-hazard)

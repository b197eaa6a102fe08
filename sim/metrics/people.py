"""The people one by one: who comes, stays and goes, what they bear, and how they feel.

Of groups whose `people` are typed; a group of positions or heads counts for nothing here.
"""

from __future__ import annotations

import numpy as np

from sim.core.clock import MONTHS_PER_YEAR, WEEKS_PER_YEAR
from sim.domain.study.costs import HOURS_PER_WEEK
from sim.metrics.registry import metric

MILLION = 1_000_000


def _a_year(leavers_a_week: np.ndarray) -> np.ndarray:
    return leavers_a_week * WEEKS_PER_YEAR


@metric("people", "neither", of="people", estimator="ratio")
def headcount(f):
    """People on the floor, added over weeks ÷ weeks; those in class are not on it."""
    return f.people("on_floor"), np.full(len(f.tally.people), f.tally.people.shape[1])


@metric("people", "neither", of="people", estimator="sum")
def joiners(f):
    """People who came to the floor."""
    return f.people("joined")


@metric("people", "lower", of="people", estimator="sum")
def leavers(f):
    """People who left by themselves; those cut are not among them."""
    return f.people("left")


@metric("people", "neither", of="people", estimator="sum")
def cut(f):
    """People who had to go; those who left by themselves are not among them."""
    return f.people("cut")


@metric(
    "share",
    "lower",
    "UK 20 %, US 30–35 % a year (ContactBabel, Metrigy)",
    of="people",
    estimator="ratio",
    curve=_a_year,
)
def turnover(f):
    """Leavers ÷ people on the floor, as a year's."""
    return f.people("left"), f.people("on_floor")


@metric("months", "higher", of="people", estimator="ratio")
def tenure(f):
    """Time since each came to the floor, added over people and weeks ÷ people and weeks."""
    return f.people("tenure_weeks") * (MONTHS_PER_YEAR / WEEKS_PER_YEAR), f.people("on_floor")


@metric("share", "higher", of="people", estimator="ratio")
def engagement(f):
    """Engagement, added over people on the floor and weeks ÷ people and weeks; 60 % today."""
    return f.people("engagement_millionths") / MILLION, f.people("on_floor")


@metric("share", "lower", "4–8 % (turnella)", of="people", estimator="ratio")
def absence(f):
    """Time lost to sickness ÷ time in the roster less what is planned to be away."""
    return f.people("sick_ms"), f.people("rostered_ms") - f.people("away_ms")


@metric("share", "lower", of="people", estimator="ratio")
def hot_half_hours(f):
    """Half hours with more than 90 % of a group's time on contacts ÷ half hours on duty."""
    of_people = f.tally.people["hot_millionths"] / MILLION * f.tally.people["on_floor"]
    return of_people.sum(axis=(1, 2)), f.people("on_floor")


@metric("share", "neither", of="people", estimator="ratio")
def selling_pressure(f):
    """Answered contacts with an offer ÷ answered contacts, of people."""
    return f.people("with_offer"), f.people("contacts")


@metric("people", "neither", of="people", estimator="ratio")
def in_class(f):
    """People in their training class, added over weeks ÷ weeks."""
    return f.people("in_class"), np.full(len(f.tally.people), f.tally.people.shape[1])


@metric("h", "neither", of="people", estimator="sum")
def training_hours(f):
    """Hours in class, 40 a week and person; coaching is among the hours planned to be away."""
    return f.people("in_class") * HOURS_PER_WEEK


@metric("money", "lower", of="people", estimator="sum")
def cost_of_turnover(f):
    """Leavers × recruiting, wages in class, and wages for work lost to learning: as if each were
    replaced. A memo: what of it is booked is booked as people come, in hiring and training.
    """
    return -f.money("memo:turnover:")

"""What does a customer remember, and how does it move her to leave? (churn model: relationship)

Every closed issue moves the relationship R by a share w towards what the issue was like:
R ← (1 − w)·R + w·S (anchoring and adjustment, after Bolton 1998). S is what service added to the
latent score of the issue, so S = 0 is the reference contact; what the customer and the day added is
not the center's doing.

Her hazard of leaving is h·exp(−γ·R), where h is the hazard of a world in which every
issue goes as the reference contact. The share of churn due to service is the part of today's
hazard that would be gone in this world: 1 − 1/E[exp(−γ·R)]. From the typed share follows γ; with 0
it is exactly 0. E is over today's customers: each remembers past issues, drawn from those that the
anchor pilot saw, so that R is steady from the first week. Joiners come with the same expectations.
Those with the worst memories leave first, so that the hazard falls a little below the typed one: by
about 1 % of itself where 40 % leave a year, by a few thousandths where 15 % do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.core.dice import PAST_ISSUE, uniform
from sim.core.rules import routine, rule

MILLIONTHS = 1_000_000  # felt effects are whole numbers, so that their order does not matter
FORGOTTEN = 0.01  # issues that weigh less than this together are not drawn
MOST_REMEMBERED = 60
STANDING_SIZE = 64


class RelationshipTable(NamedTuple):
    """How much the newest issue counts, and what past issues were like."""

    newest: float
    remembered: int  # past issues that are drawn for every customer
    past: np.ndarray  # [segment, STANDING_SIZE] S of equally likely past issues


def compile_relationship(newest: float, standing: Sequence[Sequence[float]]) -> RelationshipTable:
    """The table; `standing` has S of equally likely past issues by segment, none if not needed."""
    past = np.zeros((len(standing), STANDING_SIZE))
    for s, values in enumerate(standing):
        past[s, : len(values)] = values
    return RelationshipTable(newest, issues_remembered(newest), past)


def issues_remembered(newest: float) -> int:
    """How many past issues are drawn: all older ones together weigh less than FORGOTTEN."""
    if newest >= 1:
        return 1
    return min(MOST_REMEMBERED, math.ceil(math.log(FORGOTTEN) / math.log1p(-newest)))


def standing_of(effects: np.ndarray) -> list[float]:
    """S of all issues seen → STANDING_SIZE equally likely values with the same mean."""
    return equally_likely(effects, STANDING_SIZE)


def equally_likely(seen: np.ndarray, size: int) -> list[float]:
    """So many equally likely values, in order, with the mean of all that were seen; [] of none."""
    if not len(seen):
        return []
    summed = np.concatenate([[0.0], np.cumsum(np.sort(seen))])
    ends = np.interp(np.linspace(0, len(seen), size + 1), np.arange(len(summed)), summed)
    return (np.diff(ends) * size / len(seen)).tolist()


def sensitivity(due_to_service: float, newest: float, standing: Sequence[float]) -> float:
    """γ with which service causes this share of the hazard; 0 where it cannot cause any.

    E[exp(−γ·R)] = 1/(1 − share), with R of independent past issues: a product over them. Where
    issues go as well as the reference contact on average, nothing is due to service.
    """
    past = np.asarray(standing, float)
    if due_to_service <= 0 or not len(past) or past.mean() >= 0:
        return 0.0
    wanted = -math.log1p(-due_to_service)
    low, high = 0.0, 1.0
    while _log_factor(high, newest, past) < wanted:
        low, high = high, 2 * high
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if _log_factor(middle, newest, past) < wanted else (low, middle)
    return high


def _log_factor(gamma: float, newest: float, past: np.ndarray) -> float:
    """Ln E[exp(−γ·R)]."""
    n = issues_remembered(newest)
    weights = gamma * newest * (1 - newest) ** np.arange(n)
    exponents = -weights[:, None] * past
    largest = exponents.max(axis=1)
    remembered = largest + np.log(np.exp(exponents - largest[:, None]).mean(axis=1))
    return float(remembered.sum()) - gamma * (1 - newest) ** n * float(past.mean())


@rule
def felt(latent):
    """S of an issue in whole millionths."""
    return round(latent * MILLIONTHS)


@rule
def moved(relationship, newest, felt_sum, issues):
    """R after the issues of a week: a step towards their mean for each, in whatever order."""
    kept = math.pow(1.0 - newest, issues)
    return kept * float(relationship) + (1.0 - kept) * felt_sum / issues / MILLIONTHS


@routine
def look_back(table, segment, customers, first, last):
    """Give customers of rows first … last − 1 the R that issues drawn from the past leave."""
    past = table.past[segment]
    mean = 0.0
    for k in range(len(past)):
        mean += past[k] / len(past)
    for i in range(first, last):
        relationship = mean
        for issue in range(table.remembered):
            drawn = int(uniform(customers[i].luck, PAST_ISSUE, issue) * len(past))
            relationship += table.newest * (past[drawn] - relationship)
        customers[i].relationship = relationship

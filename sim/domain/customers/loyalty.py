"""What does it bring to reward customers who stay, and how many rewards bring nothing?

A programme pays every eligible customer a reward each month. A share of them responds: these
customers leave less easily while it runs. The others get the reward all the same, and so do
customers who respond but would have stayed anyway: that is its deadweight. Her name decides whether
a customer responds, and the uniform that she has without a programme decides whether she leaves. So
one can tell which customers would have left, and with a factor of 1 the same customers leave.

A programme that runs today (`from_week: 0` in the first file of the `based_on` chain) is part of
today: the typed churn comes out with it, and without it more customers would leave. One that starts
later changes nothing of what is anchored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import numpy as np
from pydantic import Field

from sim.core.dice import LOYAL, uniform
from sim.core.rules import routine, rule
from sim.core.tables import KEPT_BY_REWARD, record
from sim.language.block import Block, decision, outcome
from sim.language.evidence import TYPED, proposal
from sim.language.fields import Fraction, PerMonth, Share

LEAST_OF_TODAY = 0.1  # of the hazard is left by a programme that runs today


class LoyaltySpec(Block):
    """A programme that rewards customers who stay."""

    from_week: Annotated[int, Field(ge=0)] = decision(1, evidence=TYPED)
    """The first week in which it runs, 1 being the horizon's first; 0: it runs today already."""
    reward: PerMonth = decision(..., evidence=TYPED, examples=["0.50 per month"])
    """What it gives each eligible customer, whether she responds or not."""
    eligible: list[str] | None = decision(None, evidence=TYPED, examples=[["premium"]])
    """Segments that it rewards; left out: all."""
    responds: Share = outcome(
        0.20,
        better="more",
        evidence=proposal("members stay longer, but would anyway"),
        plausible=("2%", "60%", proposal("a fifth")),
    )
    """Share of eligible customers who respond: they leave less easily while it runs."""
    churn_factor: Annotated[Fraction, Field(le=3)] = outcome(
        0.85,
        better="less",
        evidence=proposal("causal effects found are small"),
        plausible=("50%", "110%", proposal("85 %; contacts can also remind of leaving")),
    )
    """Factor on the hazard of leaving of customers who respond, while it runs."""

    @property
    def first_week(self) -> int:
        """The first week in which it runs, the horizon's first being 0."""
        return max(0, self.from_week - 1)

    def rewards(self, segment: str) -> bool:
        """Whether a segment is eligible."""
        return self.eligible is None or segment in self.eligible

    @property
    def mean_factor(self) -> float:
        """Factor on the hazard of all the eligible together."""
        return 1 - self.responds * (1 - self.churn_factor)


LOYALTY_OF_SEGMENT = record(
    from_week=np.int64,  # the horizon's first week is 0
    responds=np.float64,  # share of its customers; 0 where there is no programme for it
    factor=np.float64,  # on the hazard of those
)


def compile_loyalty(spec: LoyaltySpec | None, segments: Mapping[str, object]) -> np.recarray:
    """[segment] LOYALTY_OF_SEGMENT."""
    rows = [
        (spec.first_week, spec.responds, spec.churn_factor)
        if spec is not None and spec.rewards(segment)
        else (0, 0.0, 1.0)
        for segment in segments or ["everyone"]
    ]
    return np.array(rows, LOYALTY_OF_SEGMENT).view(np.recarray)


def without_programme(today: LoyaltySpec | None, segment: str) -> float:
    """Hazard without any programme ÷ the typed one, which is net of the programme that runs today.

    `today` is the programme of the first file of the `based_on` chain.
    """
    if today is None or today.from_week > 0 or not today.rewards(segment):
        return 1.0
    return 1 / max(today.mean_factor, LEAST_OF_TODAY)


@rule
def responds(table, customer):
    """Whether a reward makes her leave less easily, or more."""
    return uniform(customer.luck, LOYAL, 0) < table[customer.segment].responds


@rule
def loyal_factor(table, customer, week):
    """Factor on her hazard of leaving at the end of a week."""
    segment = customer.segment
    if table[segment].responds == 0.0 or week < table[segment].from_week:
        return 1.0
    return table[segment].factor if responds(table, customer) else 1.0


@routine
def count_loyal(table, customers, first, last, counts):
    """Count, of rows first … last − 1, those who respond and are customers.

    And of these those who would have left by now without the programme. `counts` is a row of both.
    """
    for i in range(first, last):
        if customers[i].active and responds(table, customers[i]):
            counts.responding += 1
            counts.kept_by_reward += customers[i].left_week == KEPT_BY_REWARD

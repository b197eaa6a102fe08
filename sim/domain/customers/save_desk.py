"""Which customers say that they will leave, and which can be kept?

Of the customers who decide to leave some announce it: a contact of theirs is due in the coming
week; the others leave silently. All leave in the same week: a customer who announces it
makes no contact but that one, and if she is kept it is as if she had not left. So a desk that keeps
nobody costs its contacts, and changes nothing else. Nobody announced it before the horizon;
customers on the list at its end are kept as often as those before. An answered customer can be
kept: by an offer of kind retention that she accepts and does not give back; else some withdraw
although they accepted nothing. One uniform of the issue decides both, so those who accept include
those who would have stayed, and they get the discount all the same. A customer who gets no answer
leaves. A saved customer leaves more easily for a while.

A typed churn is what the center shows today, net of those whom today's desk keeps. So put today's
desk into the first file of the `based_on` chain, even one that offers nothing: a desk that only a
variant has seems to keep those who withdraw, who are no part of a typed churn.
"""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

import numpy as np
from pydantic import AfterValidator, Field

from sim.core.clock import SECONDS_PER_WEEK
from sim.core.dice import ANNOUNCES, CANCELS, PERSUADED, split, uniform
from sim.core.rules import rule
from sim.language.block import Block, decision, environment, problem
from sim.language.evidence import TYPED, proposal, source
from sim.language.fields import Duration, Share

NO_DESK = -1
MOST_RAISED_WEEKS = 104  # they are counted down in 8 bits
MOST_KEPT = 0.9  # of those who decide to leave; with more, hardly any churn could come about

# How far an announced leaving is; the two lowest bits are its reason, a fate (customers.py).
REASON, KEPT, WITHDREW, SETTLED = 3, 4, 8, 16


def _two_years_at_most(seconds: float) -> float:
    if seconds > MOST_RAISED_WEEKS * SECONDS_PER_WEEK:
        what = f"more than {MOST_RAISED_WEEKS} weeks"
        problem((), what, f"write {MOST_RAISED_WEEKS} wk, or less")
    return seconds


class SaveDeskSpec(Block):
    """Customers who announce that they leave, and may be kept."""

    contacts: str = decision(..., evidence=TYPED, examples=["cancellation"])
    """Contact type by which they announce it; its typed volume, which may be 0, comes on top."""
    announces: Share = environment(0.60, evidence=proposal())
    """Share of customers deciding to leave who announce it; the others leave silently."""
    withdraw: Share = environment(
        0.15, evidence=source("turnella.com", "15 % stay without an offer, a worked example")
    )
    """Share of the answered who withdraw without any offer. These accept an offer too, so an offer
    keeps others only as far as more than these accept it."""
    raised: Annotated[float, Field(ge=1, le=10)] = environment(1.5, evidence=proposal())
    """Factor on the hazard that a saved customer leaves."""
    raised_for: Annotated[Duration, AfterValidator(_two_years_at_most)] = environment(
        26.0 * SECONDS_PER_WEEK, evidence=proposal()
    )
    """How long the hazard stays raised, in weeks begun."""


class SaveDeskTable(NamedTuple):
    """The save desk, as the rules read it."""

    type: int  # the contact type, or NO_DESK
    announces: float
    withdraw: float
    raised: float
    raised_weeks: int
    keeps: np.ndarray  # bool [product]: accepting it keeps a customer who announced that she leaves
    value: np.ndarray  # [segment] value in money of a customer kept


def compile_save_desk(
    spec: SaveDeskSpec | None, types: list[str], keeps: list[bool], value: list[float]
) -> SaveDeskTable:
    """Spec to table; without a desk nobody announces anything."""
    values = np.array(value, float)
    if spec is None:
        return SaveDeskTable(NO_DESK, 0.0, 0.0, 1.0, 0, np.zeros(len(keeps), bool), values)
    return SaveDeskTable(
        types.index(spec.contacts),
        float(spec.announces),
        float(spec.withdraw),
        float(spec.raised),
        math.ceil(spec.raised_for / SECONDS_PER_WEEK),
        np.array(keeps, bool),
        values,
    )


def decide_to_leave(kept_share: float) -> float:
    """Customers who decide to leave ÷ customers who leave; `kept_share` of the first are kept."""
    return 1 / (1 - min(kept_share, MOST_KEPT))


@rule
def announces(table, customer_luck, week):
    """Whether a customer who decides to leave at this week's end announces it."""
    return uniform(customer_luck, ANNOUNCES, week) < table.announces


@rule
def luck_of_announcement(customer_luck, week):
    """The luck of the issue by which she announces it."""
    return split(split(customer_luck, CANCELS), week)


@rule
def is_persuaded(probability, luck):
    """Whether she stays, with an offer or without: one uniform of the issue decides."""
    return uniform(luck, PERSUADED, 0) < probability


@rule
def settled(table, leaving, answered, luck):
    """How far her leaving is when the issue by which she announced it has closed."""
    if answered and not leaving & KEPT and is_persuaded(table.withdraw, luck):
        leaving |= WITHDREW
    return leaving | SETTLED


@rule
def is_saved(leaving):
    """Whether she stays after all."""
    return leaving & (KEPT | WITHDREW) != 0


@rule
def hazard_factor(table, raised_weeks):
    """Factor on her hazard of leaving; `raised_weeks` is how many more weeks it stays raised."""
    return table.raised if raised_weeks > 0 else 1.0


@rule
def worth_of_keeping(table, segment, acceptance, worth):
    """What an accepted offer is worth, in money, that keeps a customer who announced her leaving.

    Acceptance × worth is (s₁ − s₀)·CLV − s₁·cost of the offer, with s₁ the acceptance and s₀ the
    share that withdraws anyway. `worth` is that of the offer alone, below 0 for a discount. An
    offer that persuades no more customers than withdraw anyway keeps nobody else.
    """
    if acceptance <= table.withdraw:
        return worth
    return worth + (1.0 - table.withdraw / acceptance) * table.value[segment]

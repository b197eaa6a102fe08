"""Which customers are there, what are they worth, which leave and which join?

Customers are individuals. Today's base is block 0 of a segment; joiners fill further blocks of
the same size in order. A customer leaves at the end of a week, by one uniform of customer and
week: below the contractual probability she would have left anyway; between that and the total,
service was the cause, or kept her. The issue model of churn: an issue that closes adds, once,
φ × (stated intent to leave − the ordinary intent), by how it ended, and by what pleased or annoyed
in its contacts (`beyond_outcome`). The relationship model: what she
remembers of her issues multiplies her hazard (relationship.py). With nothing due to service both
models leave the contractual probability alone, and the same customers leave.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field, model_validator

from sim.core.clock import MONTHS_PER_YEAR, WEEKS_PER_YEAR
from sim.core.dice import CHURN, uniform
from sim.core.rules import rule
from sim.core.tables import record
from sim.language.block import Block, OrNone, environment, outcome, problem
from sim.language.evidence import TYPED, proposal
from sim.language.fields import LossPerYear, Money, PerMonth, Share

# Stated intent to leave by how the issue ended, in whole percent, so that the sum of a customer's
# issues does not depend on their order (SQM Group: docs/evidence.md).
INTENT_AFTER_FIRST_CONTACT = 5
INTENT_AFTER_REPEATS = 9
INTENT_AFTER_UNRESOLVED = 25
INTENT_AFTER_NO_ANSWER = 12
PERCENT = 0.01
MILLION = 1_000_000  # intent is summed in millionths of a point: whole numbers have no order
POINTS_PER_LATENT = 15.38  # 20 points of intent ÷ the 1.3006 that "unresolved" takes from the score
MOST_BEHAVIOUR = 1024.0  # times what it is without clipping; more, and nothing would do
SOLVED_TO = 1e-12
LEAST_EXCESS = -INTENT_AFTER_FIRST_CONTACT * MILLION  # no issue makes anybody surer than sure

AT_FIRST_CONTACT, AFTER_REPEATS, UNRESOLVED, NO_ANSWER = ENDINGS = range(4)
STAYS, LEAVES, LEAVES_FOR_SERVICE, STAYS_FOR_SERVICE = FATES = range(4)


class ChurnSpec(Block):
    """Customers leaving."""

    main_key: ClassVar[str] = "rate"

    rate: LossPerYear = outcome(
        0.15,
        better="less",
        evidence=proposal(),
        plausible=("1% per year", "70% per year", proposal("15 %")),
    )
    """Share of customers who leave within a year, as the center sees it today."""
    due_to_service: Share = environment(0.25, evidence=proposal("weakly known"))
    """Share of today's churn that service causes; 0: service is irrelevant to churn.

    It is the part of today's hazard that would be gone if every issue went as the reference
    contact.
    """
    model: Literal["issue", "relationship"] = environment("issue", evidence=proposal())
    """issue: what an issue was like counts once, when it closes; relationship: customers remember
    how it was."""
    beyond_outcome: Share = environment(0.25, evidence=proposal("nothing citable was found"))
    """Weight, in the issue model, of what pleased or annoyed however the issue ended: waits, holds,
    transfers, offers; 0: only endings count, 1: a point of satisfaction lost counts the same
    wherever it was lost."""


class AcquisitionSpec(Block):
    """Customers joining."""

    main_key: ClassVar[str] = "per_month"

    per_month: PerMonth = environment(..., evidence=TYPED, examples=[1900])
    """Customers who join in a month."""
    cost: Money = environment(0.0, evidence=TYPED)
    """Marketing cost of one joiner; never a cost of the center, shown as a memo line."""


class SegmentSpec(Block):
    """One customer segment."""

    main_key: ClassVar[str] = "count"

    count: Annotated[int, Field(ge=1, le=50_000_000, examples=[180000])] = environment(
        ..., evidence=TYPED
    )
    """Customers today."""
    margin: PerMonth = environment(
        0.0,
        evidence=TYPED,
        plausible=("0.2 per month", "1000 per month", proposal("12.50")),
    )
    """Base margin of one customer before the cost of serving her."""
    churn: OrNone[ChurnSpec] = environment(ChurnSpec(), evidence=proposal())
    """Customers leaving."""
    due_to_service: Share | None = environment(None, evidence=TYPED)
    """The same as in churn, where churn is written as a rate alone."""
    acquisition: OrNone[AcquisitionSpec] = environment(None, evidence=TYPED)
    """Customers joining."""

    @model_validator(mode="after")
    def _said_once(self) -> SegmentSpec:
        if self.due_to_service is not None and self.churn is None:
            problem(("due_to_service",), "nobody leaves here", "leave it out, or give a churn")
        if (
            self.due_to_service is not None
            and self.churn
            and "due_to_service" in self.churn.model_fields_set
        ):
            problem(("due_to_service",), "it stands in churn as well", "keep one of them")
        return self

    @property
    def service_share(self) -> float:
        """Share of churn that service causes, wherever it was written."""
        if self.churn is None:
            return 0.0
        here = self.due_to_service
        return self.churn.due_to_service if here is None else here


# By segment.
CHURN_OF_SEGMENT = record(
    contractual=np.float64,  # probability a week of leaving whatever service does
    behaviour=np.float64,  # φ: share of stated intent that becomes behaviour
    points=np.float64,  # of intent per unit of satisfaction lost beyond how issues end
    remembers=np.int64,  # 1 in the relationship model
    sensitivity=np.float64,  # γ: reaction to the relationship; 0 in the issue model
)


def is_one_segment(typed: Any) -> bool:
    """Whether a customers block describes a single segment."""
    return isinstance(typed, dict) and bool(typed.keys() & SegmentSpec.model_fields.keys())


def yearly_hazard(rate: float) -> float:
    """Share leaving within a year → hazard a year."""
    return -math.log1p(-rate)


def at_times_the_hazard(rate: float, factor: float) -> float:
    """Share leaving within a year → the share at `factor` times the hazard."""
    return rate if factor == 1.0 else 1 - (1 - rate) ** factor


def weekly_probability(hazard_per_year: float) -> float:
    """Hazard a year → probability of leaving within a week."""
    return -math.expm1(-hazard_per_year / WEEKS_PER_YEAR)


def either_way(*rates: float) -> float:
    """Share leaving within a year, of those whom several reasons may each take away."""
    return 1 - math.prod(1 - rate for rate in rates)


def monthly_churn(rate: float) -> float:
    """Share leaving within a year → share leaving within a month."""
    return 1 - (1 - rate) ** (1 / MONTHS_PER_YEAR)


def left_within_a_year(weekly_share: Any) -> Any:
    """Share leaving within a week → share leaving within a year; a number or an array."""
    return 1.0 - np.maximum(0.0, 1.0 - weekly_share) ** WEEKS_PER_YEAR


def lifetime_value(
    margin_per_month: float,
    churn_per_year: float,
    discount_per_year: float,
    weeks: float = math.inf,
) -> float:
    """Discounted margin of a customer, monthly: m(1 + i)/(i + c) for ever.

    Within `weeks`, which are n months, it is the share 1 − ((1 − c)/(1 + i))ⁿ of that. Money, as
    the margin m; the churn c and the interest i are a month's.
    """
    interest = (1 + discount_per_year) ** (1 / MONTHS_PER_YEAR) - 1
    churn = monthly_churn(churn_per_year)
    months = weeks * MONTHS_PER_YEAR / WEEKS_PER_YEAR
    if interest + churn == 0:
        return margin_per_month * months if margin_per_month else 0.0
    share = 1 - ((1 - churn) / (1 + interest)) ** months
    return share * margin_per_month * (1 + interest) / (interest + churn)


class Behaviour(NamedTuple):
    """How much of stated intent becomes behaviour."""

    share: float
    """φ; 0 where service cannot cause any churn."""
    clipped: float
    """Share of all intent that counts for nothing, since no chance of leaving is below 0 or above
    1."""


def behaviour_of(
    due_to_service: float, hazard_per_year: float, intent: float, provoked: Sequence[float]
) -> Behaviour:
    """φ with which service causes a share of the hazard.

    `intent` is what service provokes of one customer a year (0.05 is 5 points), and `provoked` the
    points of a week in which an issue closes, equally likely values: φ × 52 weeks of them make up
    the hazard due. A week adds no more than up to certainty, and takes away no more than there is.
    """
    if intent <= 0:
        return Behaviour(0.0, 0.0)
    due = due_to_service * hazard_per_year
    linear, points = due / intent, np.asarray(provoked, float)
    ordinary = weekly_probability((1 - due_to_service) * hazard_per_year)
    least = -ordinary / (1 - ordinary)

    def added(share: float) -> np.ndarray:
        return np.clip(share * PERCENT * points, least, 1.0)

    if not len(points) or np.array_equal(added(linear), linear * PERCENT * points):
        return Behaviour(linear, 0.0)
    wanted = linear * PERCENT * points.mean()
    low, high = 0.0, linear
    while added(high).mean() < wanted and high < MOST_BEHAVIOUR * linear:
        low, high = high, 2 * high
    while high - low > SOLVED_TO * high:
        middle = (low + high) / 2
        low, high = (middle, high) if added(middle).mean() < wanted else (low, middle)
    whole = high * PERCENT * points
    return Behaviour(high, float(np.abs(whole - added(high)).sum() / np.abs(whole).sum()))


def joined_by(per_month: float, weeks: int, referred: float = 0.0) -> int:
    """Joiners within the first weeks; `referred` are those that referral adds, or takes away.

    Whole customers: a fraction counts in a later week.
    """
    typed = per_month * MONTHS_PER_YEAR * weeks / WEEKS_PER_YEAR
    return max(0, math.floor(typed + referred + 1e-9))


@rule
def ending_of(resolved, answered, attempt):
    """How an issue ended."""
    if not answered:
        return NO_ANSWER
    if not resolved:
        return UNRESOLVED
    return AFTER_REPEATS if attempt > 1 else AT_FIRST_CONTACT


@rule
def provoked_intent(ending):
    """Intent to leave above the ordinary after this ending, in whole percent (SQM Group)."""
    if ending == NO_ANSWER:
        return INTENT_AFTER_NO_ANSWER - INTENT_AFTER_FIRST_CONTACT
    if ending == UNRESOLVED:
        return INTENT_AFTER_UNRESOLVED - INTENT_AFTER_FIRST_CONTACT
    return INTENT_AFTER_REPEATS - INTENT_AFTER_FIRST_CONTACT if ending == AFTER_REPEATS else 0


@rule
def excess_intent(ending, beyond, points):
    """Intent to leave above the ordinary after an issue, in whole millionths of a point.

    `beyond` is what its contacts added to satisfaction however they ended, in millionths of the
    latent score; a unit of it takes away `points`.
    """
    excess = provoked_intent(ending) * MILLION - round(points * beyond)
    return max(LEAST_EXCESS, excess)


@rule
def push_of(table, customer):
    """What she remembers multiplies her hazard by exp of this; 0 in the issue model."""
    return -table[customer.segment].sensitivity * float(customer.relationship)


@rule
def surely_stays(ordinary, push, u):
    """True only of a customer who leaves in neither world; False may mean either.

    By exp(x) ≤ 1/(1 − x) for x < 1, and 1 − (1 − h)^f ≤ f·h for f ≥ 1: no exponential.
    """
    return u * (1.0 - max(0.0, push)) >= ordinary


@rule
def fate(table, customer, week, factor):
    """Whether she stays, leaves anyway, or does either because of service, at the week's end.

    One uniform is put to two worlds: that in which service went as the reference contact, and
    this one. `factor` multiplies her hazard in both, as does a contract while it binds her. What
    she felt is intent to leave; in the relationship model it has become memory before.
    """
    ordinary = table[customer.segment].contractual
    caused = 0.0
    if customer.felt != 0:
        points = customer.felt / MILLION
        caused = min(1.0, table[customer.segment].behaviour * PERCENT * points)
    if week < customer.bound_until:
        factor *= float(customer.bound_churn)
    if customer.raised_weeks > 0:
        factor = max(1.0, factor)  # a saved customer is never safer than an ordinary one
    if factor != 1.0:
        ordinary = 1.0 - math.pow(1.0 - ordinary, factor)
        caused = min(1.0, caused * factor)
    if ordinary == 0.0 and caused == 0.0:
        return STAYS
    u = uniform(customer.luck, CHURN, week)
    push = push_of(table, customer)
    if push == 0.0:
        served = max(0.0, ordinary + (1.0 - ordinary) * caused)
    elif surely_stays(ordinary, push, u):
        return STAYS
    else:
        served = 1.0 - math.pow(1.0 - ordinary, math.exp(push))
    if u < served:
        return LEAVES if u < ordinary else LEAVES_FOR_SERVICE
    return STAYS_FOR_SERVICE if u < ordinary else STAYS

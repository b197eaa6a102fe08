"""What is offered, to which customer, how long does it take, and what becomes of the sale?

When agents offer is in policies.py, whether the customer buys in acceptance.py. Here: for whom a
product makes sense, who may have it, whether the agent does as the policy says, how long offer and
fulfilment take, and whether the sale is kept.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, NamedTuple

import numpy as np
from pydantic import (
    AfterValidator,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from sim.core.clock import SECONDS_PER_WEEK
from sim.core.dice import (
    CANDIDATE,
    COMPLIANCE,
    DOWNGRADE,
    FULFILMENT,
    INCREMENTAL,
    MARGIN_ENDS,
    OFFER_TALK,
    OWNS,
    PUSHED,
    RETURNS,
    split,
    uniform,
)
from sim.core.durations import DURATION, duration_ms
from sim.core.rules import rule
from sim.core.tables import NEVER, NOT_YET, record
from sim.language.block import Block, environment, outcome, problem
from sim.language.duration_spec import DurationSpec
from sim.language.evidence import TYPED, proposal
from sim.language.fields import Duration, LossPerYear, PerMonth, Share, SignedMoney

MOST_PRODUCTS = 62  # one bit each in an int64
MOST_WEEKS_PAID = 1e6  # beyond every horizon


class OfferTalkSpec(DurationSpec):
    """Talk time that an offer takes, sold or not."""

    default_cv: ClassVar[float] = 0.7


class FulfilmentSpec(DurationSpec):
    """Work on an accepted offer."""

    default_cv: ClassVar[float] = 0.7


class ConductSpec(Block):
    """What agents make of the policy."""

    main_key: ClassVar[str] = "compliance"

    compliance: Share = outcome(
        1.0, better="more", evidence=proposal("US banks offered in 13.8 to 20.5 % of calls")
    )
    """Share of due offers that agents really make."""
    over_offer: Share = environment(0.0, evidence=proposal("direction from Güneş and Aksin 2004"))
    """Share of offers refused by the policy that agents make all the same, at twice the fair
    commission or more; none at the fair one, in proportion between."""
    fair_commission: Annotated[Share, Field(gt=0)] = environment(0.10, evidence=proposal())
    """Commission up to which no agent makes a refused offer."""


def _binds(seconds: float) -> float:
    if seconds == 0:
        problem((), "no time binds nobody", "leave the contract out, or write 52 wk")
    return seconds


class ContractSpec(Block):
    """What accepting binds the customer to."""

    main_key: ClassVar[str] = "term"

    term: Annotated[Duration, AfterValidator(_binds)] = environment(
        ..., evidence=TYPED, examples=["52 wk"]
    )
    """How long the customer is bound, and gets the discount if the offer is one."""
    churn: Annotated[float, Field(ge=0, le=10)] = outcome(
        1.0, better="less", evidence=proposal("nothing citable; 1 has no effect")
    )
    """Factor on the hazard of leaving while the customer is bound."""

    @property
    def weeks(self) -> int:
        """The term in weeks begun."""
        return math.ceil(self.term / SECONDS_PER_WEEK)


class DowngradeSpec(Block):
    """Customers who learn in an upsell talk that they could have less."""

    share: Share = environment(..., evidence=TYPED, examples=["2%"])
    """Share of those who decline that change to a cheaper plan."""
    loss: PerMonth = environment(..., evidence=TYPED, examples=["5 per month"])
    """Margin lost by each, as long as she is a customer."""


class RecurringSpec(Block):
    """Margin that comes every month until it ends; a discount with a contract for its term."""

    per_month: SignedMoney = environment(..., evidence=TYPED, examples=[4])
    """Margin per month, as long as she is a customer and keeps the product; below 0 for a discount,
    which a contract limits to its term."""
    price: PerMonth = environment(0.0, evidence=TYPED, examples=["12 per month"])
    """What the customer pays per month, beside the price of the sale."""
    churn: LossPerYear = outcome(
        0.20,
        better="less",
        evidence=proposal("between 0 and 60 %"),
        plausible=("0% per year", "60% per year", proposal("20 %")),
    )
    """Share of buyers who give the product up within a year and stay customers; nobody gives up a
    discount."""

    @model_validator(mode="after")
    def _no_end_of_a_discount(self) -> RecurringSpec:
        if self.per_month < 0 and "churn" in self.model_fields_set:
            what = "nobody gives up a discount; a contract limits it to its term"
            problem(("churn",), what, "leave churn out")
        return self

    @model_serializer(mode="wrap")
    def _as_it_may_be_typed(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A discount is written without the churn that it may not have."""
        said = write(self)
        is_discount = "per_month" in self.model_fields_set and self.per_month < 0
        return {k: v for k, v in said.items() if k != "churn" or not is_discount}

    @property
    def lost_per_year(self) -> float:
        """Share of buyers for whom the margin ends within a year while they stay customers."""
        return self.churn if self.per_month >= 0 else 0.0


# By product.
PRODUCT = record(
    key=np.uint64,  # the product's name in the dice
    candidates=np.float64,
    held=np.float64,
    compliance=np.float64,
    pushed=np.float64,
    returns=np.float64,
    downgrades=np.float64,
    incremental=np.float64,  # 1 where it keeps customers
    cool_down_ms=np.int64,
    tenure_weeks=np.int64,
    needs=np.int64,  # one bit per product that she must have
    on_unresolved=np.int64,
    talk=DURATION,
    fulfilment=DURATION,
    talk_minutes=np.float64,
    fulfilment_minutes=np.float64,
    bound_weeks=np.int64,
    bound_churn=np.float64,
    discount_weeks=np.int64,  # weeks for which a discount is given, 0: no end, or no discount
    ends=np.float64,  # probability a week that its monthly margin ends; 0: never, or none
)


class OfferTable(NamedTuple):
    """Products as the rules read them."""

    products: np.recarray  # [product] PRODUCT
    during: np.ndarray  # bool [product, type]
    by_bot: np.ndarray  # bool [product, type] whether the bot of that type offers it
    to: np.ndarray  # bool [product, segment]
    worth: np.ndarray  # [product, segment] net margin of a sale in money


def pushed_share(spec: ConductSpec, commission: float) -> float:
    """Share of refused offers that are made for the commission's sake."""
    excess = (commission - spec.fair_commission) / spec.fair_commission
    return spec.over_offer * min(1.0, max(0.0, excess))


@rule
def product_luck(table, product, luck):
    """The luck of one name (customer or issue) with one product."""
    return split(luck, table.products[product].key)


@rule
def is_candidate(table, product, luck):
    """Whether the product makes sense for this issue at all."""
    return (
        uniform(product_luck(table, product, luck), CANDIDATE, 0)
        < table.products[product].candidates
    )


@rule
def is_eligible(table, product, owns, declined_ms, now_ms, tenure_weeks):
    """Whether she lacks the product and may have it.

    She has what it needs, has been a customer long enough, and has not declined it lately.
    """
    row = table.products[product]
    if (owns >> product) & 1 or (owns & row.needs) != row.needs:
        return False
    if tenure_weeks < row.tenure_weeks:
        return False
    return declined_ms == NOT_YET or now_ms - declined_ms >= row.cool_down_ms


@rule
def complies(table, product, luck):
    """Whether the agent makes an offer that is due."""
    share = table.products[product].compliance
    return share >= 1.0 or uniform(product_luck(table, product, luck), COMPLIANCE, 0) < share


@rule
def pushes(table, product, luck):
    """Whether the agent makes an offer that the policy refuses."""
    share = table.products[product].pushed
    return share > 0.0 and uniform(product_luck(table, product, luck), PUSHED, 0) < share


@rule
def is_returned(table, product, luck):
    """Whether the sale is cancelled within the cooling-off period."""
    return uniform(product_luck(table, product, luck), RETURNS, 0) < table.products[product].returns


@rule
def is_incremental(table, product, luck):
    """Whether the sale would not have been made elsewhere or later: only then does it bind her."""
    share = table.products[product].incremental
    return share >= 1.0 or uniform(product_luck(table, product, luck), INCREMENTAL, 0) < share


@rule
def downgrades(table, product, luck):
    """Whether a customer who declines changes to a cheaper plan."""
    share = table.products[product].downgrades
    return share > 0.0 and uniform(product_luck(table, product, luck), DOWNGRADE, 0) < share


@rule
def weeks_paid(table, product, luck):
    """Weeks for which a monthly margin is paid, that of the sale included; 0: no end.

    A discount has a term. Else the weeks are geometric: more than n with probability (1 − p)ⁿ, by
    inversion of one uniform, so that she gives a product up after as many weeks in every scenario.
    `luck` is the customer's.
    """
    row = table.products[product]
    if row.ends <= 0.0:
        return row.discount_weeks
    u = uniform(product_luck(table, product, luck), MARGIN_ENDS, 0)
    return 1 + int(min(math.log(u) / math.log1p(-row.ends), MOST_WEEKS_PAID))


@rule
def owns_at_start(table, product, customer_luck):
    """Whether she has the product on day one."""
    u = uniform(product_luck(table, product, customer_luck), OWNS, 0)
    return u < table.products[product].held


@rule
def offer_talk_ms(table, product, luck):
    """Talk time of the offer."""
    own = product_luck(table, product, luck)
    return duration_ms(table.products[product].talk, 1.0, own, OFFER_TALK, 0)


@rule
def fulfilment_ms(table, product, luck):
    """Work on the accepted offer; 0 without."""
    if table.products[product].fulfilment.kind == NEVER:
        return 0
    own = product_luck(table, product, luck)
    return duration_ms(table.products[product].fulfilment, 1.0, own, FULFILMENT, 0)

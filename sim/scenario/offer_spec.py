"""The block of a product that is offered: what the domain's questions say of it, side by side."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BeforeValidator,
    Field,
    SerializerFunctionWrapHandler,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    field_validator,
    model_serializer,
    model_validator,
)

from sim.core.clock import MONTHS_PER_YEAR, SECONDS_PER_DAY, SECONDS_PER_HOUR
from sim.domain.customers.customers import either_way, lifetime_value
from sim.domain.customers.holders import HoldersSpec
from sim.domain.offers.acceptance import AcceptanceSpec
from sim.domain.offers.offers import (
    ConductSpec,
    ContractSpec,
    DowngradeSpec,
    FulfilmentSpec,
    OfferTalkSpec,
    RecurringSpec,
)
from sim.domain.offers.outbound import ListSpec
from sim.domain.offers.policies import PolicySpec
from sim.language.block import Block, OrNone, decision, environment, outcome, problem
from sim.language.evidence import TYPED, proposal, source
from sim.language.fields import Duration, Money, Share
from sim.language.parsers import parse_money, parse_share, period_of, such_as
from sim.language.quantities import number_meant, shown


def _checked_margin(typed: Any) -> Any:
    if isinstance(typed, str) and typed.strip().endswith("%"):
        parse_share(typed)
    elif period_of(typed):
        amount = str(typed).partition(" per ")[0].strip()
        if period_of(typed) == "month" and amount.replace(".", "", 1).isdecimal():
            problem((), f"{typed} comes every month", f"write {{per_month: {amount}}}")
        problem((), f"{typed} comes again and again", "write what it is a month: {per_month: …}")
    elif number_meant(typed) is None:
        problem(
            (),
            f"{shown(typed)} is not a margin",
            such_as(typed, "25%, or an amount such as 30", "a percentage, or an amount"),
        )
    elif 0 < parse_money(typed) <= 1:
        share = f"{parse_money(typed):.10%}".rstrip("0%").rstrip(".")
        problem(
            (), f"a margin of {typed} may be a share or money", f"write {share}%, or more than 1"
        )
    return typed


Margin = Annotated[
    float | str,
    BeforeValidator(_checked_margin),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}], "examples": ["25%", 30]}),
]


class OfferSpec(Block):
    """A product offered inside contacts."""

    short_keys: ClassVar[dict[str, str]] = {"offer": "policy"}

    kind: Literal["cross-sell", "upsell", "retention"] = decision("cross-sell", evidence=TYPED)
    """What accepting means: one product more, more of the same, or staying."""
    during: Annotated[list[str], Field(min_length=1)] | None = decision(
        None, evidence=TYPED, examples=[["service"]]
    )
    """Contact types in which it may be offered; left out: all."""
    to: Annotated[list[str], Field(min_length=1)] | None = decision(
        None, evidence=TYPED, examples=[["premium"]]
    )
    """Customer segments that may have it; left out: all."""
    needs: list[str] = decision([], evidence=TYPED, examples=[["broadband"]])
    """Products that the customer must have already."""
    tenure_from: Duration = decision(0.0, evidence=TYPED, examples=["90 d"])
    """Only to customers who joined at least so long ago; today's base always did."""
    candidates: Share = environment(0.40, evidence=proposal())
    """Share of issues for which it makes sense at all, consent included."""
    policy: PolicySpec = decision(PolicySpec(), evidence=proposal())
    """When agents offer."""
    call_list: ListSpec | None = decision(None, evidence=TYPED, examples=[{"per_week": 500}])
    """outbound: customers whom idle agents call to offer it, and what a call does to leaving."""
    conduct: ConductSpec = environment(ConductSpec(), evidence=proposal())
    """What agents make of the policy."""
    on_unresolved: bool = decision(
        False, evidence=source("ZfB special issue 2/2011", "success depends on resolution")
    )
    """Whether to offer although the issue is not solved."""
    talk: OfferTalkSpec = environment(OfferTalkSpec.model_validate("90 s"), evidence=proposal())
    """Talk time of the offer, sold or not."""
    acceptance: AcceptanceSpec = outcome(
        AcceptanceSpec(everyone=0.15), better="more", evidence=proposal()
    )
    """Share of offers accepted."""
    held: Share = environment(0.0, evidence=proposal())
    """Share of customers who have it on day one; nobody is offered it twice."""
    holders: HoldersSpec | None = environment(None, evidence=TYPED)
    """What is different about customers who hold it: of day one, and those who buy it."""
    price: Money = decision(..., evidence=TYPED)
    """Price of one sale."""
    margin: Margin | RecurringSpec = environment(..., evidence=TYPED)
    """Margin of one sale before commission: a share of the price, an amount, or {per_month: …}."""
    fulfilment: OrNone[FulfilmentSpec] = environment(
        FulfilmentSpec.model_validate("120 s"), evidence=proposal()
    )
    """Taking the order of an accepted offer, with the customer on the line."""
    returns: Share = environment(0.08, evidence=proposal())
    """Share of sales cancelled within the cooling-off period."""
    commission: Share = decision(0.10, evidence=proposal(), lever=("0%", "30%"))
    """Commission on the margin, of recurring margin on that of the first year; clawed back on
    returns."""
    incremental: Share = environment(0.80, evidence=proposal())
    """Share of sales that would not have been made elsewhere or later. Only these add margin and
    bind; a discount is given on all."""
    cool_down: Duration = decision(90.0 * SECONDS_PER_DAY, evidence=proposal())
    """No second offer to a customer who declined within this time."""
    contract: ContractSpec | None = environment(None, evidence=TYPED)
    """What accepting binds the customer to; it limits a discount to its term."""
    downgrade: DowngradeSpec | None = environment(None, evidence=TYPED)
    """Customers who take less in place of more; upsell only."""
    preparation: Duration = decision(8.0 * SECONDS_PER_HOUR, evidence=proposal("a day's training"))
    """Training of each agent before offers start, written off over the first year; and of each who
    joins later."""

    @field_validator("margin", mode="wrap")
    @classmethod
    def _once_or_monthly(cls, typed: Any, read: ValidatorFunctionWrapHandler) -> Any:
        """A mapping is a recurring margin; so that its mistakes are told as such."""
        return RecurringSpec.model_validate(typed) if isinstance(typed, dict) else read(typed)

    @model_validator(mode="after")
    def _kind_fits(self) -> OfferSpec:
        if self.on_unresolved and self.policy.sells_elsewhere:
            what = f"{self.policy.offer} sells only once the issue is solved"
            problem(("on_unresolved",), what, "leave on_unresolved out")
        if self.downgrade is not None and self.kind != "upsell":
            problem(("downgrade",), f"{self.kind} has no downgrade", "write kind: upsell")
        is_outbound = self.policy.offer == "outbound"
        if is_outbound and self.call_list is None:
            problem(
                ("policy", "offer"), "outbound needs a call_list", "add call_list: {per_week: 500}"
            )
        if self.call_list is not None and not is_outbound:
            what = f"{self.policy.offer} calls nobody from a list"
            problem(("call_list",), what, "leave call_list out, or write offer: outbound")
        if is_outbound and "candidates" in self.model_fields_set:
            what = "call_list.consent says who may be called, not candidates"
            problem(("candidates",), what, "leave candidates out")
        if self.kind == "retention" and self.contract and self.contract.churn < 1:
            what = "a saved customer is never safer than an ordinary one"
            problem(("contract", "churn"), what, "leave churn out")
        if self.kind == "retention" and "incremental" in self.model_fields_set:
            what = "save_desk.withdraw says how many stay without an offer, not incremental"
            problem(("incremental",), what, "leave incremental out")
        return self

    @model_serializer(mode="wrap")
    def _as_it_may_be_typed(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What it may not say is left out: `incremental` where it keeps, `candidates` of a list."""
        is_retention = "kind" in self.model_fields_set and self.kind == "retention"
        unsaid = {"incremental"} if is_retention else set()
        unsaid |= {"candidates"} if self.call_list is not None else set()
        return {key: value for key, value in write(self).items() if key not in unsaid}

    @property
    def recurring(self) -> RecurringSpec | None:
        """The margin per month, if it is recurring."""
        return self.margin if isinstance(self.margin, RecurringSpec) else None

    @property
    def is_discount(self) -> bool:
        """Whether it costs margin every month."""
        return self.recurring is not None and self.recurring.per_month < 0

    @property
    def is_discount_to_keep(self) -> bool:
        """Whether it costs margin every month so that customers stay."""
        return self.is_discount and self.kind == "retention"

    @property
    def discount_weeks(self) -> int:
        """Weeks for which a discount is given; 0: no discount, or one without an end."""
        return self.contract.weeks if self.is_discount and self.contract else 0

    @property
    def margin_lost_per_year(self) -> float:
        """Share of buyers who give the product up within a year and stay customers."""
        return self.recurring.lost_per_year if self.recurring else 0.0

    def lost_per_year(self, churn_per_year: float) -> float:
        """Share of buyers whose margin ends within a year, because they leave or give it up."""
        return either_way(churn_per_year, self.margin_lost_per_year)

    @property
    def margin_per_sale(self) -> float:
        """Margin booked at the sale, in money, before returns, commission and cannibalisation."""
        if isinstance(self.margin, RecurringSpec):
            return 0.0
        if isinstance(self.margin, str) and self.margin.strip().endswith("%"):
            return self.price * parse_share(self.margin)
        return parse_money(self.margin)

    def added_by(self, margin: float) -> float:
        """The part of a margin that would not have come anyway; of a discount, below 0, all."""
        return self.added_share * margin if margin > 0 else margin

    @property
    def added_share(self) -> float:
        """Share of sales that are incremental; of offers that keep customers, all."""
        return 1.0 if self.kind == "retention" else self.incremental

    @property
    def commission_per_sale(self) -> float:
        """Commission on a sale that is kept, in money."""
        recurring = self.recurring
        yearly = max(0.0, recurring.per_month) * MONTHS_PER_YEAR if recurring else 0.0
        return self.commission * (self.margin_per_sale + yearly)

    def worth(self, churn_per_year: float, discount_per_year: float) -> float:
        """M_net = (1 − g)·(κ·M − commission) in money, commission clawed back.

        Recurring margin counts with its present value, until she leaves or gives the product up; a
        discount for its term.
        """
        margin = self.margin_per_sale
        if self.recurring:
            weeks = self.discount_weeks or math.inf
            rates = (self.lost_per_year(churn_per_year), discount_per_year)
            margin += lifetime_value(self.recurring.per_month, *rates, weeks)
        return (1 - self.returns) * (self.added_by(margin) - self.commission_per_sale)

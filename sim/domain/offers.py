"""Shall the agent make an offer, which, and does the customer buy?

The offer is decided at the end of talk, by the agent who is talking, and is never broken off. An
offer keeps the next customer waiting, so the policies look at the number in system of the group:
its agents who are not free, this one included, and the waiting contacts that it may take now.
Policies (domain §4.3): `while-waiting` at_most w is the threshold c + w of Armony & Gurvich 2010,
with c the agents on duty; `below-system-threshold` is the absolute one.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from sim.block import Block, OrNone, decision, environment, outcome, problem
from sim.dice import (
    ACCEPTANCE,
    CANDIDATE,
    FULFILMENT,
    OFFER_TALK,
    OWNS,
    PROPENSITY,
    RANDOM_OFFER,
    RETURNS,
    split,
    uniform,
)
from sim.durations import DURATION, DurationSpec, duration_ms
from sim.quantiles import normal_quantile
from sim.rule import rule
from sim.tables import NEVER, record
from sim.units import Duration, Money, Share, number_meant, parse_money, parse_share, shown

NO_OFFER, ALWAYS, RANDOM, WHILE_WAITING, BELOW_THRESHOLD = range(5)
_POLICIES = {
    "never": NO_OFFER,
    "always": ALWAYS,
    "random": RANDOM,
    "while-waiting": WHILE_WAITING,
    "while-nobody-waits": WHILE_WAITING,
    "below-system-threshold": BELOW_THRESHOLD,
}
MOST_PRODUCTS = 62  # one bit each in an int64


class OfferTalkSpec(DurationSpec):
    """Talk time that an offer takes, sold or not."""

    default_cv: ClassVar[float] = 0.7


class FulfilmentSpec(DurationSpec):
    """Work on an accepted offer."""

    default_cv: ClassVar[float] = 0.7


AtMost = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]


class PolicySpec(Block):
    """When agents offer."""

    main_key: ClassVar[str] = "offer"

    offer: Literal[
        "never",
        "always",
        "random",
        "while-waiting",
        "while-nobody-waits",
        "below-system-threshold",
    ] = decision("while-nobody-waits", evidence="[R] Armony & Gurvich 2010, domain §4.3")
    """never, always, random, while-waiting, while-nobody-waits or below-system-threshold."""
    share: Share | None = decision(None, evidence="typed")
    """random: share of candidates who get an offer."""
    at_most: AtMost | Annotated[dict[str, AtMost], Field(min_length=1)] | None = decision(
        None, evidence="typed", lever=(-5, 5), examples=[0, {"standard": -2, "premium": 5}]
    )
    """while-waiting: offer while the number in system is at most the agents on duty + this;
    0 = while nobody waits, -2 = while two others are free. By segment, or one for all."""
    threshold: Annotated[float, Field(ge=0, le=1e6)] | None = decision(None, evidence="typed")
    """below-system-threshold: offer while the number in system, this one included, is at most
    this."""

    @model_validator(mode="after")
    def _complete(self) -> PolicySpec:
        needs = {
            "random": "share",
            "while-waiting": "at_most",
            "below-system-threshold": "threshold",
        }.get(self.offer)
        example = {"share": "50%", "at_most": 0, "threshold": 20}
        if needs and getattr(self, needs) is None:
            problem((), f"{self.offer} needs {needs}", f"add {needs}: {example[needs]}")
        for key in example:
            if key != needs and getattr(self, key) is not None:
                problem((key,), f"{self.offer} has no {key}", f"leave {key} out")
        return self


class AcceptanceSpec(Block):
    """Share of offers that are accepted: one for all, or by segment."""

    main_key: ClassVar[str] = "everyone"

    everyone: Share | None = outcome(None, evidence="[P] domain §4.2: .15 overall")
    """Acceptance of every segment that is not named."""
    by_segment: dict[str, Share] = outcome({}, evidence="typed")
    """Acceptance of the segments named; written beside spread, without this word."""
    spread: Annotated[float, Field(ge=0, le=10)] = environment(0.0, evidence="[P]")
    """Standard deviation on the logit of every customer's own propensity; the mean is kept."""

    @model_validator(mode="before")
    @classmethod
    def _collect_segments(cls, typed: Any) -> Any:
        if not isinstance(typed, dict) or "by_segment" in typed:
            return typed
        named = {k: v for k, v in typed.items() if k not in ("everyone", "spread")}
        rest = {k: v for k, v in typed.items() if k in ("everyone", "spread")}
        return {**rest, "by_segment": named} if named else rest

    @model_validator(mode="after")
    def _complete(self) -> AcceptanceSpec:
        if self.everyone is None and not self.by_segment:
            problem((), "nobody's acceptance is given", "write acceptance: 13%, or by segment")
        return self

    @model_serializer(mode="wrap", when_used="json")
    def _segments_beside_spread(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        typed = serialize(self)
        segments = typed.pop("by_segment")
        return {**typed, **segments}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = super().__get_pydantic_json_schema__(core, handler)
        share = {"anyOf": [{"type": "number"}, {"type": "string"}]}
        for form in [schema, *schema.get("anyOf", [])]:
            form = handler.resolve_ref_schema(form) if "$ref" in form else form
            if "properties" in form:
                form["properties"].pop("by_segment", None)
                form["additionalProperties"] = share
        return schema


def _checked_margin(typed: Any) -> Any:
    if isinstance(typed, str) and typed.strip().endswith("%"):
        parse_share(typed)
    elif number_meant(typed) is None:
        problem((), f"{shown(typed)} is not a margin", "write 25%, or an amount such as 30")
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

    kind: Literal["cross-sell"] = decision("cross-sell", evidence="typed")
    """What accepting means."""
    during: Annotated[list[str], Field(min_length=1)] | None = decision(
        None, evidence="typed", examples=[["service"]]
    )
    """Contact types in which it may be offered; left out: all."""
    candidates: Share = environment(0.40, evidence="[P] domain §4.4")
    """Share of issues for which it makes sense at all, consent included."""
    policy: PolicySpec = decision(PolicySpec(), evidence="[P]")
    """When agents offer."""
    on_unresolved: bool = decision(False, evidence="[R] ZfB 2011, domain §4.2")
    """Whether to offer although the issue is not solved."""
    talk: OfferTalkSpec = environment(
        OfferTalkSpec.model_validate("90 s"), evidence="[P] domain §4.1"
    )
    """Talk time of the offer, sold or not."""
    acceptance: AcceptanceSpec = outcome(AcceptanceSpec(everyone=0.15), evidence="[P] domain §4.2")
    """Share of offers accepted."""
    held: Share = environment(0.0, evidence="[P]")
    """Share of customers who have it on day one; nobody is offered it twice."""
    price: Money = environment(..., evidence="typed")
    """Price of one sale."""
    margin: Margin = environment(..., evidence="typed")
    """Margin of one sale before commission: a share of the price, or an amount."""
    fulfilment: OrNone[FulfilmentSpec] = environment(
        FulfilmentSpec.model_validate("120 s"), evidence="[P] domain §4.1"
    )
    """Work on an accepted offer."""
    returns: Share = environment(0.08, evidence="[P] domain §4.1")
    """Share of sales cancelled within the cooling-off period."""
    commission: Share = decision(0.10, evidence="[P] domain §4.1", lever=("0%", "30%"))
    """Commission on the margin, clawed back on returns."""
    incremental: Share = environment(0.80, evidence="[P] domain §4.1")
    """Share of sales that would not have been made elsewhere or later."""
    cool_down: Duration = decision(90 * 86400.0, evidence="[P] domain §4.1")
    """No second offer to a customer who declined within this time."""

    @property
    def margin_per_sale(self) -> float:
        """Margin of one sale in money, before returns, commission and cannibalisation."""
        if isinstance(self.margin, str) and self.margin.strip().endswith("%"):
            return self.price * parse_share(self.margin)
        return parse_money(self.margin)


PRODUCT = record(
    key=np.uint64,  # the product's name in the dice
    policy=np.int64,
    candidates=np.float64,
    spread=np.float64,
    held=np.float64,
    returns=np.float64,
    cool_down_ms=np.int64,
    on_unresolved=np.int64,
    talk=DURATION,
    fulfilment=DURATION,
)

OFFER_TO_SEGMENT = record(
    limit=np.float64,  # share, at_most or threshold of the policy
    logit=np.float64,  # acceptance on the logit, before the own propensity
)


class OfferTable(NamedTuple):
    """Products as the rules read them."""

    products: np.recarray  # [product] PRODUCT
    segments: np.recarray  # [product, segment] OFFER_TO_SEGMENT
    during: np.ndarray  # bool [product, type]


def policy_code(spec: PolicySpec) -> int:
    """The policy as the rules know it."""
    return _POLICIES[spec.offer]


def policy_limit(spec: PolicySpec, segment: str) -> float:
    """The number that the policy compares with."""
    if spec.offer == "random":
        return spec.share or 0.0
    if spec.offer == "below-system-threshold":
        return spec.threshold or 0.0
    if isinstance(spec.at_most, dict):
        return spec.at_most.get(segment, -math.inf)
    return float(spec.at_most or 0)


def central_logit(mean: float, spread: float) -> float:
    """M such that logistic(m + spread·z) has this mean over a standard normal z."""
    if mean in (0.0, 1.0):
        return math.copysign(math.inf, mean - 0.5)
    if spread == 0.0:
        return math.log(mean / (1 - mean))
    nodes, weights = np.polynomial.hermite_e.hermegauss(64)
    weights = weights / weights.sum()
    low, high = -60.0, 60.0
    for _ in range(80):
        middle = (low + high) / 2
        reached = float(weights @ (1 / (1 + np.exp(-(middle + spread * nodes)))))
        low, high = (middle, high) if reached < mean else (low, middle)
    return (low + high) / 2


@rule
def is_candidate(table, product, luck):
    """Whether the product makes sense for this issue at all."""
    return (
        uniform(split(luck, table.products[product].key), CANDIDATE, 0)
        < table.products[product].candidates
    )


@rule
def is_due(table, product, segment, luck, in_system, on_duty):
    """Whether the policy says: offer now."""
    policy = table.products[product].policy
    limit = table.segments[product, segment].limit
    if policy == ALWAYS:
        return True
    if policy == WHILE_WAITING:
        return in_system <= on_duty + limit
    if policy == BELOW_THRESHOLD:
        return in_system <= limit
    if policy == RANDOM:
        return uniform(split(luck, table.products[product].key), RANDOM_OFFER, 0) < limit
    return False


@rule
def acceptance(table, product, segment, customer_luck):
    """Probability that this customer accepts; stated acceptance, spread by her own propensity."""
    logit = table.segments[product, segment].logit
    if table.products[product].spread > 0.0:
        u = uniform(split(customer_luck, table.products[product].key), PROPENSITY, 0)
        logit += table.products[product].spread * normal_quantile(u)
    return 1.0 / (1.0 + math.exp(-logit))


@rule
def is_accepted(table, product, segment, luck, customer_luck):
    """Whether she buys: every policy meets the same luck of (issue, product)."""
    u = uniform(split(luck, table.products[product].key), ACCEPTANCE, 0)
    return u < acceptance(table, product, segment, customer_luck)


@rule
def is_returned(table, product, luck):
    """Whether the sale is cancelled within the cooling-off period."""
    return (
        uniform(split(luck, table.products[product].key), RETURNS, 0)
        < table.products[product].returns
    )


@rule
def owns_at_start(table, product, customer_luck):
    """Whether she has the product on day one."""
    u = uniform(split(customer_luck, table.products[product].key), OWNS, 0)
    return u < table.products[product].held


@rule
def offer_talk_ms(table, product, luck):
    """Talk time of the offer."""
    own = split(luck, table.products[product].key)
    return duration_ms(table.products[product].talk, 1.0, own, OFFER_TALK, 0)


@rule
def fulfilment_ms(table, product, luck):
    """Work on the accepted offer; 0 without."""
    if table.products[product].fulfilment.kind == NEVER:
        return 0
    own = split(luck, table.products[product].key)
    return duration_ms(table.products[product].fulfilment, 1.0, own, FULFILMENT, 0)

"""Does the customer buy?

Stated acceptance is that of the reference contact: solved at its first answer after 30 s, first
exposure. Everything else shifts it on the logit, as a difference from there. Every
customer has a propensity of her own; the center sees it more or less well (`targeting`).
"""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, NamedTuple

import numpy as np
from pydantic import (
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from sim.core.dice import ACCEPTANCE, PROPENSITY, SIGHT, uniform
from sim.core.quantiles import normal_quantile
from sim.core.rules import rule
from sim.core.tables import record
from sim.language.block import Block, OrNone, environment, outcome, problem
from sim.language.evidence import SEE_KEYS, TYPED, proposal
from sim.language.fields import Share

REFERENCE_LOG_WAIT = math.log(1.5)  # 30 s, as ln(1 + minutes)
MOST_SPREAD = 5


def _normal(nodes: int, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of a standard normal by the trapezoid rule.

    Its error falls like exp(−2π²/(spread·step)): 21 nodes give means of acceptance to .04 % up to
    a spread of 4 and to .2 % at 5, where Gauss–Hermite needs many more.
    """
    at = np.linspace(-reach, reach, nodes)
    weights = np.exp(-(at**2) / 2)
    return at, weights / weights.sum()


NODES, WEIGHTS = (tuple(float(x) for x in part) for part in _normal(21, 5))

Shift = Annotated[float, Field(ge=-10, le=10)]


class EffectsSpec(Block):
    """What moves acceptance, on the logit, as differences from the reference contact."""

    first_contact: Shift = environment(
        0.6, evidence=proposal("direction from ZfB special issue 2/2011")
    )
    """Lost where the issue was not solved at its first answer."""
    wait: Shift = environment(-0.15, evidence=proposal())
    """Per unit of ln(1 + minutes waited)."""
    fatigue: Shift = environment(-0.3567, evidence=proposal("odds times 0.7 per exposure"))
    """Per earlier offer of the product that she declined."""
    reasons: dict[str, Shift] = environment({}, evidence=TYPED, examples=[{"service": -0.2}])
    """Shift of each contact type named."""


class AcceptanceSpec(Block):
    """Share of offers that are accepted: one for all, or by segment."""

    main_key: ClassVar[str] = "everyone"
    also_says: ClassVar[tuple[str, ...]] = ("by_segment",)

    everyone: Share | None = outcome(None, better="more", evidence=proposal("0.15 over all"))
    """Acceptance of every segment that is not named."""
    by_segment: dict[str, Share] = outcome({}, better="more", evidence=TYPED)
    """Acceptance of the segments named; written beside spread, without this word."""
    spread: Annotated[float, Field(ge=0, le=MOST_SPREAD)] = environment(0.0, evidence=proposal())
    """Standard deviation on the logit of every customer's own propensity; the mean is kept."""
    targeting: Annotated[Share, Field(ge=0.5)] = outcome(0.5, better="more", evidence=proposal())
    """How well the center sees who is likelier to accept: AUC, 50% blind, 100% perfect."""
    effects: OrNone[EffectsSpec] = environment(EffectsSpec(), evidence=SEE_KEYS)
    """What moves acceptance; none: nothing does."""

    def of(self, segment: str) -> float:
        """Acceptance of a segment."""
        return self.by_segment.get(segment, self.everyone or 0.0)

    @model_validator(mode="before")
    @classmethod
    def _collect_segments(cls, typed: Any) -> Any:
        if not isinstance(typed, dict) or "by_segment" in typed:
            return typed
        named = {k: v for k, v in typed.items() if k not in cls.model_fields}
        rest = {k: v for k, v in typed.items() if k in cls.model_fields}
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


# By product.
ACCEPTANCE_OF_PRODUCT = record(
    spread=np.float64,
    sight=np.float64,  # correlation of what the center sees with her propensity
    first_contact=np.float64,
    wait=np.float64,
    fatigue=np.float64,
)


class AcceptanceTable(NamedTuple):
    """Acceptance as the rules read it."""

    products: np.recarray  # [product] ACCEPTANCE_OF_PRODUCT
    logit: np.ndarray  # [product, segment] of the reference contact, before her own propensity
    reason: np.ndarray  # [product, type] on the logit


def compile_acceptance(spec: AcceptanceSpec) -> dict[str, float]:
    """A spec as a row of ACCEPTANCE_OF_PRODUCT."""
    effects = spec.effects or EffectsSpec(first_contact=0, wait=0, fatigue=0)
    return {
        "spread": spec.spread,
        "sight": correlation_seen(spec.targeting),
        "first_contact": effects.first_contact,
        "wait": effects.wait,
        "fatigue": effects.fatigue,
    }


def correlation_seen(targeting: float) -> float:
    """Correlation of a normal score with a normal propensity such that of two random customers the
    likelier one has the higher score with probability `targeting`: sin(π(AUC − ½)).
    """
    return math.sin(math.pi * (targeting - 0.5))


def central_logit(mean: float, spread: float) -> float:
    """M such that logistic(m + spread·z) has this mean over a standard normal z."""
    if mean in (0.0, 1.0):
        return math.copysign(math.inf, mean - 0.5)
    if spread == 0.0:
        return math.log(mean / (1 - mean))
    nodes, weights = _normal(1001, 9)
    low, high = -60.0, 60.0
    for _ in range(80):
        middle = (low + high) / 2
        reached = float(weights @ (1 / (1 + np.exp(-(middle + spread * nodes)))))
        low, high = (middle, high) if reached < mean else (low, middle)
    return (low + high) / 2


@rule
def contact_logit(table, product, segment, type_, is_first_contact, wait_minutes, exposures):
    """The logit of acceptance in this contact, before her own propensity."""
    row = table.products[product]
    logit = table.logit[product, segment] + table.reason[product, type_]
    if not is_first_contact:
        logit -= row.first_contact
    if row.wait != 0.0:
        logit += row.wait * (math.log(1.0 + wait_minutes) - REFERENCE_LOG_WAIT)
    return logit + row.fatigue * exposures


@rule
def propensity(customer_product_luck):
    """Her own inclination to this product: a standard normal."""
    return normal_quantile(uniform(customer_product_luck, PROPENSITY, 0))


@rule
def acceptance(table, product, logit, customer_product_luck):
    """Probability that this customer accepts."""
    spread = table.products[product].spread
    if spread > 0.0:
        logit += spread * propensity(customer_product_luck)
    return logistic(logit)


@rule
def seen_acceptance(table, product, logit, customer_product_luck):
    """The same as the center sees it: the mean over what it cannot see of her propensity."""
    spread, sight = table.products[product].spread, table.products[product].sight
    if spread == 0.0:
        return logistic(logit)
    blur = math.sqrt(max(0.0, 1.0 - sight * sight))
    if sight > 0.0:
        noise = normal_quantile(uniform(customer_product_luck, SIGHT, 0))
        signal = sight * propensity(customer_product_luck) + blur * noise
        logit += spread * sight * signal
    mean = 0.0
    for i in range(len(NODES)):
        mean += WEIGHTS[i] * logistic(logit + spread * blur * NODES[i])
    return mean


@rule
def logistic(x):
    """1/(1 + e^−x)."""
    return 1.0 / (1.0 + math.exp(-x))


@rule
def is_accepted(probability, issue_product_luck):
    """Whether she buys: every policy meets the same luck of (issue, product)."""
    return uniform(issue_product_luck, ACCEPTANCE, 0) < probability

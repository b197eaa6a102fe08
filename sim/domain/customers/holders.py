"""What does it change that a customer has a product: does she leave less easily, call more often?

Whoever holds a product leaves at so many times the hazard of others, and has so many times their
new issues; of several products all factors hold together. Today's typed churn and volume are those
of today's holders and of all others together. So the rates of those who hold nothing are found from
the typed ones and from `held`, and a scenario shows today what was typed.

A product is held from its sale until the customer gives it up. A sale that would have been made
elsewhere or later changes nothing: it is not the center's doing that she holds it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field

from sim.core.dice import OF_HOLDERS, uniform
from sim.core.rules import routine, rule
from sim.core.tables import record
from sim.language.block import Block, environment
from sim.language.evidence import proposal
from sim.language.fields import Fraction

FOR_EVER = (1 << 15) - 1  # weeks, in int16: beyond every horizon

_Factor = Annotated[Fraction, Field(ge=0.1, le=3)]


class HoldersSpec(Block):
    """What is different about customers who hold the product."""

    churn_factor: _Factor = environment(
        1.0,
        evidence=proposal("nothing citable; 1 has no effect"),
        plausible=("50%", "120%", proposal("who stays buys more, so less is an effect of buying")),
    )
    """Factor on a holder's hazard of leaving, against those without the product. The typed churn is
    that of both together, with `held` of them."""
    contact_factor: _Factor = environment(
        1.0,
        evidence=proposal("nothing citable; 1 has no effect"),
        plausible=("70%", "150%", proposal("one product more is one more to ask about")),
    )
    """Factor on a holder's new issues, of every type, against those without the product. The typed
    volume is that of both together."""

    @property
    def matters(self) -> bool:
        """Whether holders differ from others at all."""
        return (self.churn_factor, self.contact_factor) != (1.0, 1.0)


HOLDERS_OF_PRODUCT = record(churn=np.float64, contacts=np.float64)  # factors


class HolderTable(NamedTuple):
    """Holders as the rules read them; no products where nobody differs."""

    products: np.recarray  # [product] HOLDERS_OF_PRODUCT
    contacts: float  # today's mean factor on new issues
    extra: float  # the most that one customer's factor on new issues is above 1


class MeanFactors(NamedTuple):
    """Over today's customers."""

    churn: float
    contacts: float
    both: float
    """Of the product of the two: what service causes grows with both."""


def mean_factors(specs: Sequence[HoldersSpec | None], held: Sequence[float]) -> MeanFactors:
    """Today's mean factors: ∏ (1 − held·(1 − factor)), for each product is held by luck of its own.

    `held` is by product the share of customers who have it on day one.
    """
    churn = contacts = both = 1.0
    for spec, share in zip(specs, held, strict=True):
        if spec is not None:
            churn *= 1 - share * (1 - spec.churn_factor)
            contacts *= 1 - share * (1 - spec.contact_factor)
            both *= 1 - share * (1 - spec.churn_factor * spec.contact_factor)
    return MeanFactors(churn, contacts, both)


def compile_holders(specs: Sequence[HoldersSpec | None], held: Sequence[float]) -> HolderTable:
    """The table of all products, in order; without products if no holder differs from others."""
    rows = [(spec.churn_factor, spec.contact_factor) if spec else (1.0, 1.0) for spec in specs]
    if not any(spec.matters for spec in specs if spec):
        rows = []
    return HolderTable(
        np.array(rows, HOLDERS_OF_PRODUCT).view(np.recarray),
        mean_factors(specs, held).contacts,
        math.prod(max(1.0, contacts) for _, contacts in rows) - 1.0,
    )


@rule
def holder_churn(table, until, customer, week):
    """Factor on her hazard at the end of a week. `until` [customer, product]: the first week after.

    1 for whoever holds nothing.
    """
    factor = 1.0
    for product in range(len(table.products)):
        if until[customer, product] > week:
            factor *= table.products[product].churn
    return factor


@rule
def is_for_holders(table, until, customer, week, luck, is_extra):
    """Whether a candidate for a new issue comes true for the customer that it names.

    Those of the usual stream do so for her factor where that is below 1, those of the extra stream
    for what is above 1. `luck` is the candidate's.
    """
    if len(table.products) == 0:
        return True
    factor = 1.0
    for product in range(len(table.products)):
        if until[customer, product] > week:
            factor *= table.products[product].contacts
    if is_extra:
        return uniform(luck, OF_HOLDERS, 0) * table.extra < factor - 1.0
    return factor >= 1.0 or uniform(luck, OF_HOLDERS, 0) < factor


@routine
def count_holders(people, first, last, week, counts):
    """Into `counts` [product]: of rows first … last − 1 the customers who hold it after a week."""
    for i in range(first, last):
        for product in range(people.holds_until.shape[1]):
            held = people.holds_until[i, product] > week
            counts[product] += people.rows[i].active and held

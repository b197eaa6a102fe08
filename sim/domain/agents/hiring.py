"""How many people are hired, and when are they on the floor?

Hires are ordered every few weeks, so that the floor has its people when they will be there: after
the lead time and the training class. Who is expected to leave until then is hired ahead. Fewer than
a class are not hired: the next order has them. Or classes are typed, and nobody else is hired.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from sim.language.block import Block, decision, environment
from sim.language.evidence import TYPED, proposal

LARGEST_SMALL_CLASS = 6
HEADS_OF_CLASS = 10  # a small center does not wait for six leavers

WeeksAhead = Annotated[int, Field(ge=0, le=104)]


class ClassSpec(Block):
    """People who are hired together."""

    week: Annotated[int, Field(ge=1)] = decision(..., evidence=TYPED)
    """Week of the horizon in which their training begins; the first is 1."""
    people: Annotated[int, Field(ge=1, le=10_000)] = decision(..., evidence=TYPED)
    """How many they are."""


class HiringSpec(Block):
    """How vacancies are filled."""

    every: Annotated[int, Field(ge=1, le=52)] = decision(
        4, evidence=proposal("monthly"), traits=("plain",)
    )
    """Weeks from order to order."""
    lead: WeeksAhead = environment(
        6, evidence=proposal(), traits=("plain",), plausible=(2, 16, proposal("6"))
    )
    """Weeks from an order to the first day of class."""
    at_least: Annotated[int, Field(ge=1, le=1000)] | None = decision(
        None, evidence=proposal("6, of few heads a tenth")
    )
    """Fewest people of a class; left out: 6, or a tenth of the heads where that is fewer."""
    at_most: Annotated[int, Field(ge=0, le=100_000)] | None = decision(None, evidence=proposal())
    """Most people of a class; left out: as many as are missing; 0: nobody is hired."""
    follows: Literal["heads", "demand"] = decision("heads", evidence=proposal())
    """What orders aim at: the heads, or heads that rise and fall with the expected work. Who is too
    many then leaves by herself."""
    classes: Annotated[list[ClassSpec], Field(min_length=1)] | None = decision(
        None, evidence=TYPED, examples=[[{"week": 10, "people": 12}]]
    )
    """Classes as planned, in the place of orders; nobody else is hired within the horizon."""

    def smallest_class(self, heads: int) -> int:
        """Fewest people who are hired at a time."""
        if self.at_least is not None:
            return self.at_least
        return min(LARGEST_SMALL_CLASS, math.ceil(heads / HEADS_OF_CLASS))

    def orders_in(self, week: int) -> bool:
        """Whether people are ordered when a week begins; classes are planned within the horizon."""
        return week % self.every == 0 and (self.classes is None or week < 0)

    @property
    def planned(self) -> int:
        """People of all typed classes."""
        return sum(one.people for one in self.classes or ())


def ordered(spec: HiringSpec, wanted: float, expected: float, heads: int, uniform: float) -> int:
    """How many are hired now.

    `wanted` and `expected` are people on the floor when they will be there: as many as there are to
    be, and as many as there will be without this order. A part of a person is one by `uniform`.
    """
    missing = math.floor(wanted - expected + uniform)
    if missing < spec.smallest_class(heads):
        return 0
    return missing if spec.at_most is None else min(missing, spec.at_most)

"""How many people are hired, and when are they on the floor?

Hires are ordered every few weeks, so that the floor has its people when they will be there: after
the lead time and the training class. Who is expected to leave until then is hired ahead. Fewer than
a class are not hired: the next order has them.
"""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from sim.language.block import Block, decision, environment
from sim.language.evidence import proposal

LARGEST_SMALL_CLASS = 6
HEADS_OF_CLASS = 10  # a small center does not wait for six leavers

WeeksAhead = Annotated[int, Field(ge=0, le=104)]


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

    def smallest_class(self, heads: int) -> int:
        """Fewest people who are hired at a time."""
        if self.at_least is not None:
            return self.at_least
        return min(LARGEST_SMALL_CLASS, math.ceil(heads / HEADS_OF_CLASS))


def ordered(spec: HiringSpec, wanted: float, expected: float, heads: int, uniform: float) -> int:
    """How many are hired now.

    `wanted` and `expected` are people on the floor when they will be there: as many as there are to
    be, and as many as there will be without this order. A part of a person is one by `uniform`.
    """
    missing = math.floor(wanted - expected + uniform)
    if missing < spec.smallest_class(heads):
        return 0
    return missing if spec.at_most is None else min(missing, spec.at_most)

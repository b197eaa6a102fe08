"""Which customers are asked and answer? What surveys show beside what customers think.

A closed issue is invited with one probability, and answers with one that depends on its true
score: the pleased and the angry answer, the indifferent do not. So surveyed scores
differ from true ones. Surveys only report: they move nothing.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, NamedTuple

import numpy as np
from pydantic import Field

from sim.core.dice import INVITED, RESPONDS, uniform
from sim.core.rules import rule
from sim.language.block import Block, decision, environment
from sim.language.evidence import proposal
from sim.language.fields import Share

SCORES = 5

ResponseRate = Annotated[Share, Field(gt=0)]


class SurveySpec(Block):
    """Surveys after closed issues, answered or given up."""

    main_key: ClassVar[str] = "invite"

    invite: Share = decision(0.5, evidence=proposal())
    """Share of closed issues whose customer is invited to a survey."""
    response: Annotated[list[ResponseRate], Field(min_length=SCORES, max_length=SCORES)] = (
        environment(
            [0.18, 0.12, 0.10, 0.18, 0.30], evidence=proposal("e-mail surveys get 10 to 30 %")
        )
    )
    """Share of the invited who answer, by true score: of 5, 4, 3, 2 and 1."""

    def response_to(self, score: int) -> float:
        """Share of the invited with this true score who answer."""
        return self.response[SCORES - score]


class SurveyTable(NamedTuple):
    """Surveys, as the rules read them."""

    invite: float
    response: np.ndarray  # [score − 1]


def compile_surveys(spec: SurveySpec | None) -> SurveyTable:
    """Spec to table; without surveys nobody is invited."""
    if spec is None:
        return SurveyTable(0.0, np.zeros(SCORES))
    rates = [spec.response_to(score) for score in range(1, SCORES + 1)]
    return SurveyTable(float(spec.invite), np.array(rates, float))


@rule
def is_invited(table, luck):
    """Whether the customer of this issue is invited."""
    return uniform(luck, INVITED, 0) < table.invite


@rule
def responds(table, luck, score):
    """Whether she answers, if she is invited."""
    return uniform(luck, RESPONDS, 0) < table.response[score - 1]

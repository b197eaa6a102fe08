"""Is the issue solved, and if not, does the customer come back, and when?

Identities, with f first_contact and c comes_back: contacts per issue are
1/(1 − (1 − f)·c), and f/(1 − (1 − f)·c) of issues are resolved in the end.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import model_validator

from sim.core.dice import COMES_BACK, REPEAT_DELAY, RESOLVED, uniform
from sim.core.durations import DURATION, duration_ms
from sim.core.rules import rule
from sim.core.tables import record
from sim.language.block import Block, environment, outcome, problem
from sim.language.by_interval import Shares
from sim.language.duration_spec import DurationSpec
from sim.language.evidence import proposal, source

MOST_COMING_BACK = 0.99  # a hundred contacts an issue


class RepeatDelaySpec(DurationSpec):
    """How long an unsolved issue rests before the customer comes back."""

    default_cv: ClassVar[float] = 1.2


class ResolutionSpec(Block):
    """Solving issues."""

    main_key: ClassVar[str] = "first_contact"

    first_contact: Shares = outcome(
        0.70,
        better="more",
        evidence=source("SQM Group", "industry average about 70 %"),
        traits=("shares by interval",),
    )
    """Probability that an answered contact solves the issue, as one or by interval."""
    comes_back: Shares = environment(0.60, evidence=proposal(), traits=("shares by interval",))
    """Probability that a customer whose issue is unsolved contacts again, as one or by interval."""
    delay: RepeatDelaySpec = environment(
        RepeatDelaySpec.model_validate("24 h"), evidence=proposal()
    )
    """Time until she does, from the end of the conversation."""

    @model_validator(mode="after")
    def _ends(self) -> ResolutionSpec:
        if isinstance(self.first_contact, tuple) or isinstance(self.comes_back, tuple):
            return self  # asked of the mean, once lists are known to fill a day or a week
        if (1 - self.first_contact) * self.comes_back > MOST_COMING_BACK:
            problem(
                ("first_contact",),
                "next to no issue is ever solved, and everybody comes back",
                "raise first_contact, or lower comes_back",
            )
        return self


# By contact type and cell of the week.
RESOLUTION_OF_TYPE = record(first_contact=np.float64, comes_back=np.float64, delay=DURATION)


@rule
def is_resolved(table, type_, column, more, left, luck, attempt):
    """Whether this answered contact solves the issue.

    `more` is what whoever answered adds; `left` is the factor of what her other chats leave of it.
    """
    return is_solved((table[type_, column].first_contact + more) * left, luck, attempt)


@rule
def is_solved(probability, luck, attempt):
    """Whether it comes out so, with this probability."""
    return probability >= 1.0 or uniform(luck, RESOLVED, attempt) < probability


@rule
def comes_back_after_ms(table, type_, column, luck, attempt):
    """Milliseconds after an unsolved contact until she comes back, or -1: never."""
    row = table[type_, column]
    if uniform(luck, COMES_BACK, attempt) >= row.comes_back:
        return -1
    return duration_ms(row.delay, 1.0, luck, REPEAT_DELAY, attempt)

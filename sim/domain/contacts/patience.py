"""How long will this customer wait, and will she wait at all?

Patience runs from joining the queue to the first answer. A customer who would have to wait
may also balk: leave at once.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from sim.core.dice import BALKS, PATIENCE, uniform
from sim.core.durations import CONSTANT, DURATION, duration_ms
from sim.core.rules import rule
from sim.core.tables import NEVER, record
from sim.language.block import environment
from sim.language.duration_spec import DurationSpec
from sim.language.evidence import TYPED, proposal
from sim.language.fields import Duration

FOR_EVER_MS = 1 << 60


class PatienceSpec(DurationSpec):
    """How long customers wait before they give up."""

    default_distribution: ClassVar[str] = "exponential"

    mean: Duration | None = environment(
        None,
        evidence=TYPED,
        plausible=("10 s", "60 min", proposal("a mean of 120 to 600 s")),
    )
    """Mean patience; a uniform one has from and to instead, a triangular one min, mode and max."""


# By contact type.
PATIENCE_OF_TYPE = record(
    wait=DURATION,  # in the queue
    balk=np.float64,  # probability of leaving at once when nobody is free
)


@rule
def patience_ms(table, type_, luck, attempt):
    """Milliseconds that she waits in the queue before giving up."""
    wait = table[type_].wait
    if wait.kind == NEVER:
        return FOR_EVER_MS
    if wait.kind == CONSTANT and wait.a == 0.0:
        return 0
    return duration_ms(wait, 1.0, luck, PATIENCE, attempt)


@rule
def balks(table, type_, luck, attempt):
    """Whether she leaves at once rather than wait."""
    probability = table[type_].balk
    return probability > 0.0 and uniform(luck, BALKS, attempt) < probability

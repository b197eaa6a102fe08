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
from sim.language.by_interval import Durations
from sim.language.duration_spec import DurationByTimeSpec
from sim.language.evidence import TYPED, proposal

FOR_EVER_MS = 1 << 60


class PatienceSpec(DurationByTimeSpec):
    """How long customers wait before they give up."""

    default_distribution: ClassVar[str] = "exponential"

    mean: Durations | None = environment(  # type: ignore[assignment]
        None,
        evidence=TYPED,
        traits=("times by interval",),
        plausible=("10 s", "60 min", proposal("a mean of 120 to 600 s")),
    )
    """Mean patience, as one or by interval; a uniform one has from and to instead, a triangular one
    min, mode and max."""


# By contact type and cell of the week.
PATIENCE_OF_TYPE = record(
    wait=DURATION,  # in the queue
    balk=np.float64,  # probability of leaving at once when nobody is free
)


@rule
def patience_ms(table, type_, column, luck, attempt):
    """Milliseconds that she waits in the queue before giving up."""
    wait = table[type_, column].wait
    if wait.kind == NEVER:
        return FOR_EVER_MS
    if wait.kind == CONSTANT and wait.a == 0.0:
        return 0
    return duration_ms(wait, 1.0, luck, PATIENCE, attempt)


@rule
def balks(table, type_, column, luck, attempt):
    """Whether she leaves at once rather than wait."""
    probability = table[type_, column].balk
    return probability > 0.0 and uniform(luck, BALKS, attempt) < probability

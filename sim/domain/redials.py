"""Does who got no answer try again, and when?

A redial follows giving up, being blocked or balking (domain §1.3). What falls due while the
type is closed arrives within the first two open hours after.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from sim.block import Block, environment
from sim.dice import REDIAL_DELAY, REDIALS, REOPENING, uniform
from sim.durations import DURATION, DurationSpec, duration_ms
from sim.rule import rule
from sim.tables import record
from sim.units import CELL_MS, CELLS_PER_WEEK, Share

UNLIMITED = 1 << 30
REOPENING_CELLS = 8  # two hours


class RedialDelaySpec(DurationSpec):
    """How long until a customer who got no answer tries again."""

    default_cv: ClassVar[float] = 1.5


class RedialSpec(Block):
    """Trying again after no answer."""

    main_key: ClassVar[str] = "probability"

    probability: Share = environment(0.50, evidence="[P] domain §1.3")
    """Probability of trying again after giving up, being blocked or balking."""
    delay: RedialDelaySpec = environment(
        RedialDelaySpec.model_validate("20 min"), evidence="[P] domain §1.3"
    )
    """Time until the next try."""
    attempts: Literal["unlimited"] | Annotated[int, Field(ge=1, le=1000)] = environment(
        4, evidence="[P] domain §1.3"
    )
    """Most contacts in a row without an answer, the first included."""


# By contact type.
REDIALS_OF_TYPE = record(probability=np.float64, attempts=np.int64, delay=DURATION)


@rule
def redials_after_ms(table, type_, unanswered, luck, attempt):
    """How long after getting no answer she tries again, or -1: never."""
    if unanswered >= table[type_].attempts:
        return -1
    probability = table[type_].probability
    if probability == 0.0 or uniform(luck, REDIALS, attempt) >= probability:
        return -1
    return duration_ms(table[type_].delay, 1.0, luck, REDIAL_DELAY, attempt)


@rule
def when_open_ms(opening, type_, at_ms, luck, attempt):
    """The moment itself while open, else a uniform one in the first two open hours after.

    `opening` is [type, cell of the week]. A type that never opens again gets the moment itself.
    """
    cell = at_ms // CELL_MS
    if opening[type_, cell % CELLS_PER_WEEK]:
        return at_ms
    place = uniform(luck, REOPENING, attempt) * REOPENING_CELLS
    wanted = int(place)
    for ahead in range(1, 2 * CELLS_PER_WEEK):
        if opening[type_, (cell + ahead) % CELLS_PER_WEEK]:
            if wanted == 0:
                return (cell + ahead) * CELL_MS + int((place - int(place)) * CELL_MS)
            wanted -= 1
    return at_ms

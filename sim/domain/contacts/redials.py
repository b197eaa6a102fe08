"""Does a customer who got no answer try again, and when?

A redial follows giving up, being blocked or balking. What falls due while the
type is closed arrives on the next open day, spread like what was typed for that day.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from sim.core.clock import CELL_MS, CELLS_PER_DAY, CELLS_PER_WEEK
from sim.core.dice import REDIAL_DELAY, REDIALS, REOPENING, uniform
from sim.core.durations import DURATION, duration_ms
from sim.core.rules import routine, rule
from sim.core.tables import record
from sim.language.block import Block, environment
from sim.language.duration_spec import DurationSpec
from sim.language.evidence import proposal
from sim.language.fields import Share

UNLIMITED = 1 << 30


class RedialDelaySpec(DurationSpec):
    """How long until a customer who got no answer tries again."""

    default_cv: ClassVar[float] = 1.5


class RedialSpec(Block):
    """Trying again after no answer."""

    main_key: ClassVar[str] = "probability"

    probability: Share = environment(0.50, evidence=proposal())
    """Probability of trying again after giving up, being blocked or balking."""
    delay: RedialDelaySpec = environment(
        RedialDelaySpec.model_validate("20 min"), evidence=proposal()
    )
    """Time until the next try."""
    attempts: Literal["unlimited"] | Annotated[int, Field(ge=1, le=1000)] = environment(
        4, evidence=proposal()
    )
    """Most contacts in a row without an answer, the first included."""


# By contact type.
REDIALS_OF_TYPE = record(probability=np.float64, attempts=np.int64, delay=DURATION)


@rule
def redials_after_ms(table, type_, unanswered, luck, attempt):
    """Milliseconds after getting no answer until she tries again, or -1: never."""
    if unanswered >= table[type_].attempts:
        return -1
    probability = table[type_].probability
    if probability == 0.0 or uniform(luck, REDIALS, attempt) >= probability:
        return -1
    return duration_ms(table[type_].delay, 1.0, luck, REDIAL_DELAY, attempt)


@rule
def when_open_ms(comes_back, typed, type_, at_ms, luck, attempt):
    """The moment (ms) itself if customers come back then, else one on the next open day.

    `comes_back` and `typed` are [type, cell of the week], as in DemandTable. A type that never
    opens again gets the moment itself.
    """
    if comes_back[type_, at_ms // CELL_MS % CELLS_PER_WEEK]:
        return at_ms
    return _on_next_open_day_ms(typed, type_, at_ms, uniform(luck, REOPENING, attempt))


@routine
def _on_next_open_day_ms(typed, type_, at_ms, place):
    """The moment (ms) by which the share `place`, in (0, 1), of the next open day has come.

    The day is the first on which anything was typed for later than `at_ms`; what was typed for
    earlier is no part of it.
    """
    first = at_ms // CELL_MS + 1
    last = first + CELLS_PER_WEEK
    while typed[type_, first % CELLS_PER_WEEK] == 0.0:
        first += 1
        if first == last:
            return at_ms
    end = _end_of_day(typed, type_, first)
    ahead = 0.0
    for cell in range(first, end):
        ahead += typed[type_, cell % CELLS_PER_WEEK]
    ahead *= place
    for cell in range(first, end):
        weight = typed[type_, cell % CELLS_PER_WEEK]
        if ahead < weight:
            return cell * CELL_MS + min(int(ahead / weight * CELL_MS), CELL_MS - 1)
        ahead -= weight
    return end * CELL_MS - 1  # what rounding left over


@rule
def _end_of_day(typed, type_, first):
    """The cell at which the day of an opening ends: midnight, or its closing in the night."""
    midnight = (first // CELLS_PER_DAY + 1) * CELLS_PER_DAY
    end = midnight
    while typed[type_, (end - 1) % CELLS_PER_WEEK] > 0.0 and typed[type_, end % CELLS_PER_WEEK] > 0:
        end += 1
        if end - first > CELLS_PER_DAY:  # open for days on end
            return midnight
    while typed[type_, (end - 1) % CELLS_PER_WEEK] == 0.0:
        end -= 1
    return end

"""Does a customer who got no answer try again, and when?

A redial follows giving up, being blocked or balking. What falls due while the
type is closed, by its hours or by the date, arrives on the next open day, spread like what was
typed for that day.
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
from sim.language.by_interval import Shares
from sim.language.duration_spec import DurationSpec
from sim.language.evidence import proposal

UNLIMITED = 1 << 30


class RedialDelaySpec(DurationSpec):
    """How long until a customer who got no answer tries again."""

    default_cv: ClassVar[float] = 1.5


class RedialSpec(Block):
    """Trying again after no answer."""

    main_key: ClassVar[str] = "probability"

    probability: Shares = environment(0.50, evidence=proposal(), traits=("shares by interval",))
    """Probability of trying again after giving up, being blocked or balking; as one or by interval.
    """
    delay: RedialDelaySpec = environment(
        RedialDelaySpec.model_validate("20 min"), evidence=proposal()
    )
    """Time until the next try."""
    attempts: Literal["unlimited"] | Annotated[int, Field(ge=1, le=1000)] = environment(
        4, evidence=proposal()
    )
    """Most contacts in a row without an answer, the first included."""


# By contact type and cell of the week.
REDIALS_OF_TYPE = record(probability=np.float64, attempts=np.int64, delay=DURATION)


@rule
def redials_after_ms(table, type_, column, unanswered, luck, attempt):
    """Milliseconds after getting no answer until she tries again, or -1: never."""
    row = table[type_, column]
    if unanswered >= row.attempts:
        return -1
    probability = row.probability
    if probability == 0.0 or uniform(luck, REDIALS, attempt) >= probability:
        return -1
    return duration_ms(row.delay, 1.0, luck, REDIAL_DELAY, attempt)


@rule
def when_open_ms(demand, type_, at_ms, luck, attempt):
    """The moment (ms) itself if customers come back then, else one on the next open day.

    `demand` is a DemandTable. A type that never opens again gets the moment itself.
    """
    cell = at_ms // CELL_MS
    if demand.comes_back[type_, cell % CELLS_PER_WEEK] and not _is_closed(demand, type_, cell):
        return at_ms
    return _on_next_open_day_ms(demand, type_, at_ms, uniform(luck, REOPENING, attempt))


@rule
def _is_closed(demand, type_, cell):
    """Whether the day is closed by its date; no day outside the horizon is."""
    day = cell // CELLS_PER_DAY
    return 0 <= day < demand.closed.shape[1] and demand.closed[type_, day]


@rule
def _typed(demand, type_, cell):
    """The weight of a cell of the horizon."""
    return 0.0 if _is_closed(demand, type_, cell) else demand.typed[type_, cell % CELLS_PER_WEEK]


@routine
def _on_next_open_day_ms(demand, type_, at_ms, place):
    """The moment (ms) by which the share `place`, in (0, 1), of the next open day has come.

    The day is the first on which anything was typed for later than `at_ms`; what was typed for
    earlier is no part of it.
    """
    first = at_ms // CELL_MS + 1
    last = max(first, demand.closed.shape[1] * CELLS_PER_DAY) + CELLS_PER_WEEK
    while _typed(demand, type_, first) == 0.0:
        first += 1
        if first == last:
            return at_ms
    end = _end_of_day(demand, type_, first)
    ahead = 0.0
    for cell in range(first, end):
        ahead += _typed(demand, type_, cell)
    ahead *= place
    for cell in range(first, end):
        weight = _typed(demand, type_, cell)
        if ahead < weight:
            return cell * CELL_MS + min(int(ahead / weight * CELL_MS), CELL_MS - 1)
        ahead -= weight
    return end * CELL_MS - 1  # what rounding left over


@rule
def _end_of_day(demand, type_, first):
    """The cell at which the day of an opening ends: midnight, or its closing in the night."""
    midnight = (first // CELLS_PER_DAY + 1) * CELLS_PER_DAY
    end = midnight
    while _typed(demand, type_, end - 1) > 0.0 and _typed(demand, type_, end) > 0.0:
        end += 1
        if end - first > CELLS_PER_DAY:  # open for days on end
            return midnight
    while _typed(demand, type_, end - 1) == 0.0:
        end -= 1
    return end

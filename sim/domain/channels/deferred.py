"""What can wait for a quiet hour: email and back-office work.

Nobody gives up on it. Agents take it up when all else is done and more of them are free than must
stay so (`reserve`), the oldest first. It comes at any hour and is worked on while agents are there;
how long it waits is judged by the hours in which its type is open.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, NamedTuple

import numpy as np
from pydantic import Field

from sim.core.clock import CELL_MS, CELLS_PER_DAY, CELLS_PER_WEEK
from sim.core.rules import routine, rule
from sim.core.tables import record
from sim.core.tables import table as table_of
from sim.language.block import Block, decision, environment
from sim.language.evidence import proposal
from sim.language.fields import Duration

USUAL_WAIT_OF_A_CALL_MS = 30_000  # that of the reference contact of satisfaction


class DeferredSpec(Block):
    """Work that waits until agents are idle."""

    main_key: ClassVar[str] = "reserve"

    reserve: Annotated[int, Field(ge=0, le=1_000_000)] = decision(
        2, evidence=proposal("while at least two others are free")
    )
    """Agents who must stay free for calls and chats, in groups that serve any."""
    interruptible: bool = decision(False, evidence=proposal())
    """Whether an agent puts it aside for a call or a chat that would wait. It keeps its place and
    what is left to do."""
    usual_wait: Duration = environment(14_400.0, evidence=proposal("between 1 and 24 h"))
    """Wait, in open hours, that customers take for as long as 30 s of a call; ten times as long is
    felt as 300 s."""


USUAL_TARGET_S = 8 * 3600.0  # 80 % within a working day


# Keys of a contact type that have another default in email.
OF_EMAIL = {"patience": None, "redial": None, "hold": None, "balk": 0.0}


# By contact type; `usual_ms` is 0 where customers wait for an answer on the spot, and `idle` is 1
# of what waits until agents are idle. `felt_millionths` is the share of
# the wait that callers feel who are called back.
DEFERRED_OF_TYPE = record(
    idle=np.int64, interruptible=np.int64, usual_ms=np.int64, felt_millionths=np.int64
)


class DeferredTable(NamedTuple):
    """Deferred work by contact type."""

    types: np.recarray  # [type] DEFERRED_OF_TYPE
    is_open: np.ndarray  # bool [type, cell of the week]
    closed: np.ndarray  # bool [type, day of the horizon] closed by date; no days where none is


def nothing_deferred() -> DeferredTable:
    """The table of a center with one type, which is none."""
    weekly, dated = np.zeros((1, CELLS_PER_WEEK), bool), np.zeros((1, 0), bool)
    return DeferredTable(table_of(DEFERRED_OF_TYPE, 1), weekly, dated)


@rule
def is_deferrable(table, type_):
    """Whether contacts of the type wait until agents are idle."""
    return table.types[type_].idle == 1


@rule
def is_unhurried(table, type_):
    """Whether customers do not wait for an answer on the spot: emails, and messages."""
    return table.types[type_].usual_ms > 0


@routine
def open_ms_between(table, type_, from_ms, to_ms):
    """Milliseconds of a stretch of time in which the type is open."""
    total = 0
    while from_ms < to_ms:
        cell = from_ms // CELL_MS
        until_ms = min(to_ms, (cell + 1) * CELL_MS)
        day = cell // CELLS_PER_DAY
        is_shut = 0 <= day < table.closed.shape[1] and table.closed[type_, day]
        if table.is_open[type_, cell % CELLS_PER_WEEK] and not is_shut:
            total += until_ms - from_ms
        from_ms = until_ms
    return total


@rule
def as_of_a_call_ms(table, type_, open_ms):
    """The wait of a call that is felt like this one."""
    return open_ms * USUAL_WAIT_OF_A_CALL_MS // table.types[type_].usual_ms

"""Does the agent see what went before, when an issue comes again?

Whoever answers a contact about an issue with which an agent or a bot has dealt may see its history,
or not: then the customer tells it all again. That takes talk, and it annoys. A first contact has no
history, and who came before but was never answered has told nobody.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from sim.core.dice import TOLD_AGAIN, uniform
from sim.core.rules import rule
from sim.core.tables import record
from sim.language.block import Block, outcome
from sim.language.evidence import proposal
from sim.language.fields import Duration, Share


class HistorySpec(Block):
    """What agents see of earlier contacts of the same issue."""

    main_key: ClassVar[str] = "known"

    known: Share = outcome(0.50, better="more", evidence=proposal())
    """Share of contacts about an issue with which an agent or a bot has dealt before, in which
    whoever answers sees what went before."""
    asks_again: Duration = outcome(20.0, better="less", evidence=proposal("as after a bot"))
    """Talk that is added in the others, where the customer tells it again."""


# By contact type; nothing is unknown where no history is typed: the typed talk has it all.
HISTORY_OF_TYPE = record(unknown=np.float64, asks_again_ms=np.int64)


@rule
def is_told_again(table, type_, luck, attempt, unanswered):
    """Whether the customer tells again what somebody has heard in an earlier contact.

    `unanswered` counts the contacts in a row without an answer, this one included.
    """
    unknown = table[type_].unknown
    if unknown == 0.0 or attempt == unanswered:
        return False
    return uniform(luck, TOLD_AGAIN, attempt) < unknown

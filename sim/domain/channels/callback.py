"""When is a caller offered to be called back, and is she there when the phone rings?

Where the wait that is to be expected is long, some callers hang up and keep their place (a virtual
queue). When their turn comes an agent calls them; who is not reached is called again later, and
after the last attempt has had no answer.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from sim.core.dice import ACCEPTS_CALLBACK, REACHED_BACK, uniform
from sim.core.rules import rule
from sim.core.tables import record
from sim.language.block import Block, decision, environment
from sim.language.evidence import proposal, source
from sim.language.fields import Duration, Share

MILLION = 1_000_000


class CallbackSpec(Block):
    """Being called back in place of waiting."""

    main_key: ClassVar[str] = "above"

    above: Duration = decision(180.0, evidence=source("Puzzel", "3 min in an example"))
    """Expected wait above which it is offered: (those ahead + 1) × mean handling ÷ seats on duty;
    with nobody on duty, the time until somebody is."""
    accepted: Share = environment(0.45, evidence=proposal())
    """Share of these who accept; the others wait."""
    reached: Share = environment(0.80, evidence=proposal())
    """Probability that a customer answers when she is called."""
    attempts: Annotated[int, Field(ge=1, le=20)] = decision(3, evidence=proposal())
    """How often she is called at most."""
    ring: Duration = environment(30.0, evidence=proposal())
    """Time of an agent for each attempt until it is answered, or given up."""
    retry: Duration = decision(1800.0, evidence=proposal())
    """Time until the next attempt, in open hours."""
    felt: Share = environment(0.30, evidence=proposal())
    """Share of the wait that is felt as such, for she does not hold the line."""


# By contact type; `above_ms` is -1 where nobody is called back.
CALLBACK_OF_TYPE = record(
    above_ms=np.int64,
    handle_ms=np.int64,  # mean, as typed
    accepted=np.float64,
    reached=np.float64,
    attempts=np.int64,
    ring_ms=np.int64,
    retry_ms=np.int64,
)


@rule
def is_offered(table, type_, expected_ms):
    """Whether a caller with this wait ahead is offered a callback."""
    return table[type_].above_ms >= 0 and expected_ms > table[type_].above_ms


@rule
def accepts(table, type_, luck, attempt):
    """Whether she hangs up and waits for the call."""
    return uniform(luck, ACCEPTS_CALLBACK, attempt) < table[type_].accepted


@rule
def is_there(table, type_, luck, attempt, rung):
    """Whether she answers at the `rung`-th call."""
    of_call = attempt * (1 << 8) + rung
    return uniform(luck, REACHED_BACK, of_call) < table[type_].reached

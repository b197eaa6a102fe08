"""How does a conversation go on whose customer answers when she likes?

It is worked on in rounds, of equal parts of the talk. After each but the last the customer is gone
until she answers, and nobody has the conversation in hand: it takes no attention and no place. Her
next message waits as the first did, and nobody gives up any more; whoever is free goes on with it,
beside other chats, and reads first what was written before.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from sim.core.dice import ANSWERS_AFTER
from sim.core.durations import DURATION, duration_ms
from sim.core.rules import rule
from sim.core.tables import record
from sim.language.block import Block, environment, outcome
from sim.language.duration_spec import DurationSpec
from sim.language.evidence import proposal
from sim.language.fields import Duration

MOST_ROUNDS = 20
USUAL_TARGET_S = 900.0

# Keys of a contact type that have another default in messages.
OF_MESSAGES = {"patience": None, "hold": None}


class AnswerDelaySpec(DurationSpec):
    """How long until the customer answers."""

    default_cv: ClassVar[float] = 1.5


class MessagingSpec(Block):
    """Conversations that go on as the customer answers."""

    main_key: ClassVar[str] = "rounds"

    rounds: Annotated[int, Field(ge=1, le=MOST_ROUNDS)] = environment(3, evidence=proposal())
    """Parts in which a conversation is worked on; after each but the last she answers later."""
    answers_after: AnswerDelaySpec = environment(
        AnswerDelaySpec.model_validate("10 min"), evidence=proposal("minutes to hours")
    )
    """How long until she answers."""
    reads: Duration = outcome(15.0, better="less", evidence=proposal())
    """Work that is added to each round but the first, to read what was written before."""
    usual_wait: Duration = environment(900.0, evidence=proposal("between 2 min and 4 h"))
    """Wait for an answer, in open hours, that customers take for as long as 30 s of a call; ten
    times as long is felt as 300 s. Waits of all rounds add up."""


# By contact type; one round where it is no conversation by messages.
MESSAGING_OF_TYPE = record(rounds=np.int64, reads_ms=np.int64, answers_after=DURATION)


@rule
def part_of(ms, number, rounds):
    """The part of a whole duration that belongs to round `number` (0, 1, …); parts add up to it."""
    return ms * (number + 1) // rounds - ms * number // rounds


@rule
def answers_after_ms(table, type_, luck, attempt, number):
    """How long the customer takes to answer after round `number`."""
    once = attempt * MOST_ROUNDS + number
    return duration_ms(table[type_].answers_after, 1.0, luck, ANSWERS_AFTER, once)

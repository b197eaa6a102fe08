"""How many chats does an agent work on at once, and what does that do to each of them?

An agent in chats is a shared processor. With k chats open each is worked on at speed v(k), by
default 1 ÷ (1 + slowdown·(k − 1)): handling takes as many times as long, and k chats together go
k·v(k) times as fast as one. Whoever gives up waiting may leave the window open: an agent finds out.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, NamedTuple

import numpy as np
from pydantic import Field, model_validator

from sim.core.dice import SILENT, uniform
from sim.core.rules import rule
from sim.core.tables import record
from sim.language.block import Block, decision, environment, outcome, problem
from sim.language.evidence import proposal, source
from sim.language.fields import Duration, Fraction, Share

MOST_CHATS = 10
FULL_SPEED = 1_000_000  # speeds are whole millionths, so that work left is a whole number
FIRST = 1  # the attempt at which a window may be left open


class ConcurrencySpec(Block):
    """Several chats at once."""

    main_key: ClassVar[str] = "most"

    most: Annotated[int, Field(ge=1, le=MOST_CHATS)] = decision(
        3, evidence=proposal("2 to 3 in most centers")
    )
    """Most chats that an agent has open at once."""
    slowdown: Annotated[Fraction, Field(ge=0, le=10)] | None = outcome(
        0.35, better="less", evidence=source("ccplanning.net", "0.42 fitted to three points")
    )
    """How much longer each chat takes for every further one: 0.35 adds 35 % of its time alone."""
    speeds: list[Annotated[Fraction, Field(gt=0, le=1)]] | None = outcome(
        None, better="more", evidence=proposal("measured, by chats open"), examples=[[1, 0.7, 0.5]]
    )
    """Speed of each chat with 1, 2, … open, in the place of `slowdown`; alone it is 1."""
    fixed: bool = environment(False, evidence=proposal())
    """Whether a chat keeps the speed with which it began, however many open or close beside it."""
    solves_less: Share = outcome(
        0.05, better="less", evidence=source("ccplanning.net", "88, 82, 74 % at 1.5, 2.5, 3.5")
    )
    """Share by which it solves less often, for every further chat that is open as talk ends."""

    @model_validator(mode="after")
    def _one_speed_for_each(self) -> ConcurrencySpec:
        if self.speeds is None:
            return self
        if "slowdown" in self.model_fields_set:
            problem(("slowdown",), "speeds and slowdown say the same", "keep one of them")
        object.__setattr__(self, "slowdown", None)
        if len(self.speeds) != self.most:
            what = f"{len(self.speeds)} speeds for up to {self.most} chats"
            problem(("speeds",), what, f"give {self.most}, or write most: {len(self.speeds)}")
        if self.speeds and self.speeds[0] != 1.0:
            rest = ", ".join(f"{speed:g}" for speed in self.speeds[1:])
            what = f"a chat alone has speed {self.speeds[0]:g}"
            problem(("speeds", 0), what, f"write speeds: [1{', ' + rest if rest else ''}]")
        return self

    def speed(self, chats: int) -> float:
        """Speed of each chat while so many are open; beyond `most` of a type, that of its most."""
        if self.speeds:
            return self.speeds[min(chats, len(self.speeds)) - 1]
        return 1.0 / (1.0 + (self.slowdown or 0.0) * (chats - 1))

    @property
    def agents_share(self) -> float:
        """Agent time of a chat ÷ its handling time alone, with as many open as there may be."""
        return 1.0 / (self.most * self.speed(self.most))


class SilentSpec(Block):
    """Giving up without closing the window."""

    main_key: ClassVar[str] = "share"

    share: Share = environment(
        0.30, evidence=source("arXiv 2501.08869", "71 % of abandoners in one firm of 17")
    )
    """Share of first chats given up whose window stays open, so that an agent takes it."""
    wasted: Duration = environment(90.0, evidence=proposal())
    """Work of an agent until she closes an empty window."""


# By contact type; `most` is 0 where it is no chat.
CHAT_OF_TYPE = record(
    most=np.int64, fixed=np.int64, solves_less=np.float64, silent=np.float64, wasted_ms=np.int64
)


class ChatTable(NamedTuple):
    """Chats by contact type."""

    types: np.recarray  # [type] CHAT_OF_TYPE
    speeds: np.ndarray  # int64 [type, chats open up to MOST_CHATS] millionths; none in column 0
    most: int  # most chats of any type, or 0: there are none


@rule
def leaves_window_open(table, type_, luck, attempt):
    """Whether who gives up waiting says nothing; only in the first contact of an issue."""
    share = table.types[type_].silent
    return attempt == FIRST and share > 0.0 and uniform(luck, SILENT, attempt) < share


@rule
def left_of_probability(table, type_, others):
    """Factor on the probability that a chat solves its issue, with so many others open."""
    return max(0.0, 1.0 - table.types[type_].solves_less * others)


@rule
def ms_until(work, speed):
    """Milliseconds until work (millionths of a ms at full speed) is done at a speed, rounded up."""
    return (work + speed - 1) // speed


@rule
def share_of_agent(from_ms, to_ms, number, chats):
    """Milliseconds of an agent's time that are those of one of her chats.

    Shares are whole, add up to the time that passed, and do not depend on where it is cut.
    """
    return (to_ms + number) // chats - (from_ms + number) // chats

"""What does a bot do with a new issue before agents see it: solve it, claim so, or hand it on?

A voice menu, a chatbot or an AI agent meets a share of new issues. Some it solves. Some it counts
as solved that are not: whoever comes back goes to an agent at once. The rest escalates.

Selection: what a bot solves would have been easier work than the mean. As the mean work of an
issue stays what it is, the rest is harder by (1 − share·easy) ÷ (1 − share). Unsolved answers
follow the same rule: what is left is solved less often.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from sim.core.dice import ASKS_FOR_HUMAN, BOT_TIME, MEETS_BOT, SELF_SERVICE, uniform
from sim.core.durations import DURATION, duration_ms
from sim.core.rules import rule
from sim.core.tables import (
    ASKED_FOR_HUMAN,
    CLAIMED_BY_BOT,
    ESCALATED,
    NO_BOT,
    SOLVED_BY_BOT,
    record,
)
from sim.language.block import Block, OrNone, decision, environment, outcome, problem
from sim.language.duration_spec import DurationSpec
from sim.language.evidence import TYPED, proposal, source
from sim.language.fields import Duration, Money, Share

FIRST = 1  # the attempt at which a bot is met


IN_CHAT = {"eligible": 0.50, "solved": 0.35, "claimed": 0.10}
"""Defaults in chat: Zendesk's median of 41 % contained in enterprises lies between what is solved
and what is claimed."""


class BotTimeSpec(DurationSpec):
    """Time with the bot."""

    default_cv: ClassVar[float] = 0.8


class BotPriceSpec(Block):
    """What the vendor bills."""

    per: Literal["claimed", "session", "minute", "action"] = decision(
        ..., evidence=TYPED, examples=["claimed"]
    )
    """What is billed: every issue that the bot counts as solved, truly or not; every session; every
    minute of it; or every action."""
    amount: Money = decision(..., evidence=TYPED, examples=[1.50])
    """Price of one."""
    actions: Annotated[float, Field(gt=0, le=1000)] = environment(
        8.0, evidence=source("Salesforce", "5 to 15 actions a conversation")
    )
    """Actions in a session, where these are billed."""


class BotOffersSpec(Block):
    """What a bot sells to those whose issue it has solved."""

    main_key: ClassVar[str] = "products"

    products: Annotated[list[str], Field(min_length=1)] = decision(
        ..., evidence=TYPED, examples=[["broadband"]]
    )
    """Products that it offers wherever one makes sense, whatever policy agents have; of several the
    one with the largest expected margin."""
    acceptance_odds: Annotated[float, Field(gt=0, le=10)] = outcome(
        0.2,
        better="more",
        evidence=source("Luo and others 2019", "79.7 % fewer buy of a bot that says what it is"),
    )
    """Factor on the odds that the customer accepts, against an agent who offers it; about 1 for a
    bot that hides what it is."""
    time: Duration = environment(20.0, evidence=proposal())
    """How much longer the session takes."""


class SelfServiceSpec(Block):
    """A bot in front of agents."""

    main_key: ClassVar[str] = "solved"

    eligible: Share = decision(0.30, evidence=proposal("30 % of voice, 50 % of chat"))
    """Share of new issues that the bot meets; in chat 50 % where it is left out."""
    solved: Share = outcome(
        0.20, better="more", evidence=source("NongHyup", "22 to 26 % of voice contained in all")
    )
    """Share of these that it solves; in chat 35 % where it is left out."""
    claimed: Share = outcome(0.08, better="less", evidence=proposal("between 0.04 and 0.12"))
    """Share of these that end unsolved, and that it counts as solved all the same; in chat 10 %
    where it is left out."""
    human_option: OrNone[Share] = decision(0.10, evidence=proposal())
    """Share of these who ask for a human where that is offered, and get one; none: not offered."""
    time: BotTimeSpec = environment(BotTimeSpec.model_validate("90 s"), evidence=proposal())
    """Time with the bot."""
    easy: Annotated[Share, Field(gt=0)] = environment(0.89, evidence=proposal())
    """Work of what it solves ÷ mean work of an issue."""
    asks_again: Duration = outcome(20.0, better="less", evidence=proposal())
    """Talk that is added where an agent asks again what the bot was told; 0 s: it is passed on."""
    offers: BotOffersSpec | None = decision(None, evidence=TYPED, examples=[["broadband"]])
    """What it sells; left out: nothing."""
    announced: bool = decision(False, evidence=proposal())
    """Whether it also meets customers who announce that they leave, and keeps those who accept what
    it offers for that; else these come to agents at once."""
    rebound: Annotated[Share, Field(le=1)] = environment(
        0.0, evidence=proposal("0 to 0.20; voice AI raised demand at first")
    )
    """New issues that appear for each that it solves, because asking has become easy; these bring
    no more."""
    disclosed: bool = decision(True, evidence=source("EU AI Act", "Article 50, since August 2026"))
    """Whether customers are told that it is a machine; it is printed and changes nothing else."""
    price: BotPriceSpec | None = decision(
        None, evidence=TYPED, examples=[{"per": "claimed", "amount": 1.50}]
    )
    """What its vendor bills; left out: nothing."""

    @model_validator(mode="after")
    def _parts_of_one(self) -> SelfServiceSpec:
        return self.within_all()

    def within_all(self) -> SelfServiceSpec:
        """The same; a problem where more are solved or claimed than there are."""
        if self.solved + self.claimed > 1.0:
            problem(("claimed",), "solved and claimed are more than all", "let them add up to 100%")
        return self

    def in_chat(self) -> SelfServiceSpec:
        """The same bot in front of chats, where what was left out has other defaults."""
        given = self.model_fields_set
        left_out = {key: value for key, value in IN_CHAT.items() if key not in given}
        return self.model_copy(update=left_out).within_all()

    @property
    def met(self) -> float:
        """Share of new issues that stay with the bot at first: eligible, and no human asked for."""
        return self.eligible * (1.0 - (self.human_option or 0.0))

    @property
    def kept(self) -> float:
        """Share of new issues that do not come to an agent at once."""
        return self.met * min(1.0, self.solved + self.claimed)

    @property
    def harder(self) -> float:
        """Factor on the work of what is left: its mean, over what the mean of all issues was."""
        solved = self.met * self.solved
        return (1.0 - solved * self.easy) / (1.0 - solved) if solved < 1.0 else 1.0


# By contact type.
SELF_SERVICE_OF_TYPE = record(
    eligible=float,
    asks=float,
    solved=float,
    claimed=float,
    time=DURATION,
    asks_again_ms=int,
    announced=int,  # 1 where it meets who announces that she leaves
    log_odds=float,  # of acceptance, added where it offers
    offer_ms=int,
)


@rule
def fate_at_bot(table, type_, luck):
    """What becomes of a new issue in front of agents: NO_BOT, or one of the other fates."""
    row = table[type_]
    if row.eligible == 0.0 or uniform(luck, MEETS_BOT, FIRST) >= row.eligible:
        return NO_BOT
    if row.asks > 0.0 and uniform(luck, ASKS_FOR_HUMAN, FIRST) < row.asks:
        return ASKED_FOR_HUMAN
    place = uniform(luck, SELF_SERVICE, FIRST)
    if place < row.solved:
        return SOLVED_BY_BOT
    return CLAIMED_BY_BOT if place < row.solved + row.claimed else ESCALATED


@rule
def bot_ms(table, type_, luck):
    """How long a session with the bot lasts."""
    return duration_ms(table[type_].time, 1.0, luck, BOT_TIME, FIRST)

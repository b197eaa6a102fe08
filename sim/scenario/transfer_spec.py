"""How the transfer of unsolved issues is typed: to whom, how often, how long, cold or warm."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, model_validator

from sim.domain.contacts.handling import HoldSpec, TalkSpec, WrapUpSpec
from sim.language.block import Block, OrNone, decision, environment, outcome, problem
from sim.language.duration_spec import MOST_MEAN_S
from sim.language.evidence import TYPED, proposal
from sim.language.fields import Duration, Share

DEFAULT_ASKS_AGAIN_S = 20.0


def _lasts(seconds: float) -> float:
    if seconds == 0:
        problem((), "a transfer that takes 0 s", "write 30 s")
    if seconds > MOST_MEAN_S:
        problem((), "a transfer of more than a year", "write a shorter time")
    return seconds


class TransferSpec(Block):
    """Handing on unsolved issues to specialists."""

    main_key: ClassVar[str] = "to"

    to: str = decision(..., evidence=TYPED, examples=["experts"])
    """The group of specialists; who answers in it hands nothing on."""
    share: Share = decision(0.33, evidence=proposal("of the 30 % unsolved a third"))
    """Share of unsolved contacts that are handed on, while specialists are on duty."""
    resolves: Share = outcome(0.80, better="more", evidence=proposal())
    """Probability that a specialist solves the issue."""
    handle: Annotated[Duration, AfterValidator(_lasts)] | None = environment(None, evidence=TYPED)
    """Mean handling time of a specialist, split by default shares; left out, with talk left out
    too: as long as the first agent's."""
    talk: TalkSpec | None = environment(None, evidence=TYPED)
    """Her time in conversation."""
    hold: OrNone[HoldSpec] = environment(None, evidence=TYPED, examples=["20%"])
    """How she puts customers on hold, beside talk; left out, or none: never."""
    wrap_up: OrNone[WrapUpSpec] = environment(None, evidence=TYPED, examples=["60 s"])
    """Her after-contact work, beside talk; left out, or none: there is none."""
    hand_over: Annotated[Duration, AfterValidator(_lasts)] | None = decision(
        None, evidence=TYPED, examples=["30 s"]
    )
    """Time of both agents together in a warm transfer, for which the first stays; left out: it is
    cold."""
    asks_again: Duration | None = environment(None, evidence=proposal("20 s"))
    """Talk that is added in a cold transfer, because the customer tells it again."""
    priority: Annotated[int, Field(ge=1, le=1000)] = decision(1, evidence=TYPED)
    """Priority of who is handed on, among what the group serves; lower comes first."""

    @model_validator(mode="after")
    def _one_way_to_say_handling(self) -> TransferSpec:
        for key in ("talk", "hold", "wrap_up"):
            if self.handle is not None and getattr(self, key) is not None:
                problem((key,), f"handle already includes {key}", "keep one of them")
            if self.handle is None and self.talk is None and getattr(self, key) is not None:
                problem((key,), f"{key} without talk", "give talk: 270 s too")
        if self.hand_over is not None and self.asks_again is not None:
            what = "in a warm transfer the first agent tells what there is to know"
            problem(("asks_again",), what, "leave asks_again out, or hand_over")
        return self

    @property
    def told_again(self) -> float:
        """Seconds of talk because the customer tells it again: none in a warm transfer."""
        if self.hand_over is not None:
            return 0.0
        return DEFAULT_ASKS_AGAIN_S if self.asks_again is None else self.asks_again

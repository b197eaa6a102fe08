"""The block of a contact type: what the questions of contacts and channels say of it."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from sim.domain.channels.callback import CallbackSpec
from sim.domain.channels.chat import ConcurrencySpec, SilentSpec
from sim.domain.channels.deferred import OF_EMAIL, USUAL_TARGET_S, DeferredSpec
from sim.domain.channels.messaging import OF_MESSAGES, MessagingSpec
from sim.domain.channels.messaging import USUAL_TARGET_S as USUAL_TARGET_OF_MESSAGES_S
from sim.domain.channels.self_service import SelfServiceSpec
from sim.domain.contacts.demand import VolumeSpec
from sim.domain.contacts.handling import HoldSpec, TalkSpec, WrapUpSpec
from sim.domain.contacts.history import HistorySpec
from sim.domain.contacts.opening import ClosedDays, Opening
from sim.domain.contacts.patience import PatienceSpec
from sim.domain.contacts.prices import PriceSpec
from sim.domain.contacts.redials import RedialSpec
from sim.domain.contacts.resolution import ResolutionSpec
from sim.domain.contacts.service_level import ServiceLevelSpec
from sim.language.block import Block, OrNone, decision, environment, problem
from sim.language.by_interval import Shares
from sim.language.duration_spec import MOST_MEAN_S
from sim.language.evidence import TYPED, proposal, source, trade
from sim.language.fields import Duration, MoneyPerIssue, Share
from sim.scenario.transfer_spec import TransferSpec

ONLY_OF = {
    "concurrency": ("chat", "messaging"),
    "silent": ("chat",),
    "messaging": ("messaging",),
    "deferred": ("email",),
}
PLURAL = {"chat": "chats", "messaging": "messages", "email": "emails"}


def _lasts(seconds: float) -> float:
    if seconds == 0:
        problem((), "a handling time of 0 s", "write 348 s")
    if seconds > MOST_MEAN_S:
        problem((), "a handling time of more than a year", "write a shorter time")
    return seconds


class ContactSpec(Block):
    """One contact type: a channel and a reason."""

    short_keys: ClassVar[dict[str, str]] = {"first_contact": "resolution"}

    channel: Literal["voice", "chat", "messaging", "email"] = environment("voice", evidence=TYPED)
    """How customers reach us: by telephone; by chat, of which an agent has several at once; by
    messages, a chat that customers answer when they like; or by email, which waits until agents are
    idle, as back-office work does."""
    open: Opening | None = decision(None, evidence=TYPED)
    """Opening hours; left out: the scenario's, else the profile's non-zero intervals."""
    closed: ClosedDays | None = decision(None, evidence=TYPED, examples=[["2027-01-06"]])
    """Dates on which it is closed, as on holidays; left out: the scenario's; none: it never is."""
    volume: VolumeSpec = environment(..., evidence=TYPED)
    """How many come, and when."""
    shares: dict[str, Share] | None = environment(
        None, evidence=TYPED, examples=[{"standard": "80%", "premium": "20%"}]
    )
    """Share of contacts by customer segment; left out: by the segments' counts."""
    head_start: dict[str, Duration] = decision({}, evidence=TYPED, examples=[{"premium": "30 s"}])
    """Segments that count as having waited so long when they arrive."""
    patience: OrNone[PatienceSpec] = environment(
        PatienceSpec.model_validate("300 s"), evidence=proposal("between 120 and 600 s")
    )
    """How long customers wait; none: nobody gives up."""
    balk: Shares = environment(0.0, evidence=proposal(), traits=("shares by interval",))
    """Probability of leaving at once when nobody is free, as one or by interval."""
    redial: OrNone[RedialSpec] = environment(RedialSpec(), evidence=proposal())
    """Trying again after no answer; none: nobody does."""
    handle: Annotated[Duration, AfterValidator(_lasts)] | None = environment(
        None,
        evidence=TYPED,
        plausible=("30 s", "60 min", source("Kayako, Sprinklr", "averages of 4:45 to 12 min")),
    )
    """Mean handling time, split into talk, hold and wrap-up by default shares."""
    talk: TalkSpec | None = environment(None, evidence=TYPED)
    """Time in conversation."""
    hold: OrNone[HoldSpec] = environment(HoldSpec(), evidence=proposal())
    """Putting customers on hold; none: never."""
    wrap_up: OrNone[WrapUpSpec] = environment(
        WrapUpSpec.model_validate("60 s"), evidence=proposal()
    )
    """After-contact work; none: there is none."""
    resolution: OrNone[ResolutionSpec] = environment(
        ResolutionSpec(), evidence=source("SQM Group", "industry average about 70 %")
    )
    """Solving issues; none: every answer solves the issue."""
    service_level: ServiceLevelSpec = decision(
        ServiceLevelSpec(), evidence=trade("80 % within 20 s")
    )
    """Target of answering in time."""
    self_service: SelfServiceSpec | None = decision(
        None, evidence=TYPED, examples=[{"eligible": "30%", "solved": "20%"}]
    )
    """A bot that new issues meet before agents; left out: none."""
    concurrency: ConcurrencySpec | None = decision(None, evidence=TYPED, examples=[3])
    """Several chats at once, in chats and messages only; left out there: up to 3."""
    silent: OrNone[SilentSpec] = environment(None, evidence=TYPED, examples=["30%"])
    """Giving up without closing the window, in chat only; left out there: 30 % of those who give
    up; none: nobody."""
    messaging: MessagingSpec | None = decision(None, evidence=TYPED, examples=[3])
    """How a conversation goes on, in messages only; left out there: in three rounds."""
    deferred: DeferredSpec | None = decision(None, evidence=TYPED, examples=[{"reserve": 2}])
    """Waiting until agents are idle, in email only; left out there: while more than 2 are free."""
    callback: CallbackSpec | None = decision(None, evidence=TYPED, examples=["3 min"])
    """Being called back in place of waiting, by telephone only; left out: nobody is."""
    transfer: TransferSpec | None = decision(None, evidence=TYPED, examples=[{"to": "experts"}])
    """Handing on unsolved issues to specialists; left out: nobody does."""
    history: HistorySpec | None = environment(None, evidence=TYPED, examples=["60%"])
    """What agents see of earlier contacts of an issue; left out: the handling typed has in it what
    is told again."""
    short_abandonment: Duration = decision(5.0, evidence=proposal())
    """Giving up within this long counts as short; no part of the service level."""
    routes: Annotated[list[str], Field(min_length=1)] | None = decision(
        None, evidence=TYPED, examples=[["generalists"]]
    )
    """Groups to try, in this order; left out: all that serve it, in the order of the file."""
    price: PriceSpec | None = decision(
        None, evidence=TYPED, examples=[{"per": "answered", "amount": 15}]
    )
    """What customers pay for these contacts; left out: nothing. It has no effect on volume."""
    lead_cost: MoneyPerIssue = environment(0.0, evidence=TYPED, examples=[4])
    """What a new issue costs before anybody answers, such as the advertising that made it."""

    @model_validator(mode="after")
    def _one_way_to_say_handling(self) -> ContactSpec:
        if (self.handle is None) == (self.talk is None):
            if self.talk is None:
                problem((), "how long contacts take is missing", "add handle: 348 s or talk: 270 s")
            remedy = "keep one of them; null removes what is inherited"
            problem(("handle",), "both handle and talk are given", remedy)
        for key in ("hold", "wrap_up"):
            if self.handle is not None and key in self.model_fields_set:
                problem((key,), f"handle already includes {key}", f"give talk and {key} instead")
        return self

    @model_validator(mode="after")
    def _as_its_channel(self) -> ContactSpec:
        given = self.model_fields_set
        if self.channel != "voice" and self.callback is not None:
            what = f"callback is for calls, and this is {self.channel}"
            problem(("callback",), what, "write channel: voice, or leave callback out")
        self._fits_its_channel()
        if self.channel in ("chat", "messaging"):
            if self.concurrency is None:
                object.__setattr__(self, "concurrency", ConcurrencySpec())
            if self.self_service is not None:
                object.__setattr__(self, "self_service", self.self_service.in_chat())
        if self.channel == "chat" and "silent" not in given:
            object.__setattr__(self, "silent", SilentSpec())
        if self.channel == "messaging":
            self._becomes_messaging(given)
        if self.channel == "email":
            self._becomes_email(given)
        return self

    def _fits_its_channel(self) -> None:
        """A problem where there are keys of another channel."""
        misplaced = [
            (key, channels[0])
            for key, channels in ONLY_OF.items()
            if getattr(self, key) is not None and self.channel not in channels
        ]
        for key, channel in misplaced:
            together = [other for other, its in misplaced if its == channel]
            keys, verb = " and ".join(together), "is" if len(together) == 1 else "are"
            what = f"{keys} {verb} for {PLURAL[channel]}, and this is {self.channel}"
            problem((key,), what, f"write channel: {channel}, or leave {keys} out")

    def _becomes_messaging(self, given: set[str]) -> None:
        """Fill in what messages have in the place of defaults."""
        if "hold" in given and self.hold is not None:
            problem(("hold",), "nobody holds while she writes", "leave hold out")
        for key, value in OF_MESSAGES.items():
            if key not in given:
                object.__setattr__(self, key, value)
        if self.messaging is None:
            object.__setattr__(self, "messaging", MessagingSpec())
        self._has_target(USUAL_TARGET_OF_MESSAGES_S)

    def _has_target(self, within_s: float) -> None:
        """Another default of how soon an answer is in time."""
        level = self.service_level
        if "within" not in level.model_fields_set:
            level = level.model_copy(update={"within": within_s})
            object.__setattr__(self, "service_level", level)

    def _becomes_email(self, given: set[str]) -> None:
        """Fill in what emails have in the place of defaults; a problem where they have no such."""
        for key, value in OF_EMAIL.items():
            if key in given and getattr(self, key) != value:
                what = f"an email has no {key}: it waits until somebody reads it"
                problem((key,), what, f"leave {key} out")
            object.__setattr__(self, key, value)
        if self.deferred is None:
            object.__setattr__(self, "deferred", DeferredSpec())
        self._has_target(USUAL_TARGET_S)
        if "wrap_up" not in given:
            object.__setattr__(self, "wrap_up", None)

    @property
    def is_unhurried(self) -> bool:
        """Whether customers do not wait for an answer on the spot."""
        return self.deferred is not None or self.messaging is not None

    @model_serializer(mode="wrap", when_used="json")
    def _so_that_it_can_be_read_again(
        self, serialize: SerializerFunctionWrapHandler
    ) -> dict[str, Any]:
        typed = serialize(self)
        if self.handle is not None:
            typed = {key: typed[key] for key in typed if key not in ("hold", "wrap_up")}
        return typed

"""When do agents offer?

Decided at the end of talk by the agent who is talking, for an offer keeps the next customer
waiting. *Number in system* counts the group's agents who are not free, this one included, and the
waiting contacts that it may take now. The policies (docs/evidence.md, Selling): `while-waiting`
at_most w is the threshold c + w of Armony & Gurvich 2010, with c the agents on duty;
`below-system-threshold` is the absolute one; `queue-age` looks at the oldest waiting contact;
`expected-value` weighs what the offer should bring against the price of the time it takes in the
state of that moment.

Two policies leave the offer to another leg of the contact (second_legs.py): `specialist` hands the
candidate on to a group that sells, `follow-up` has her called back by an agent who is idle. With
`outbound` nobody offers in contacts: idle agents call customers from a list (outbound.py).
"""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import (
    Field,
    TypeAdapter,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)

from sim.core.clock import SECONDS_PER_HOUR, SECONDS_PER_WEEK
from sim.core.dice import RANDOM_OFFER, uniform
from sim.core.rules import rule
from sim.core.tables import record
from sim.language.block import Block, decision, environment, outcome, problem
from sim.language.evidence import SEE_KEYS, TYPED, proposal, source
from sim.language.fields import Duration, Money, PerMinute, Share

(
    NO_OFFER, ALWAYS, RANDOM, WHILE_WAITING, BELOW_THRESHOLD, QUEUE_AGE, EXPECTED_VALUE,
    SPECIALIST, FOLLOW_UP, OUTBOUND,
) = range(10)  # fmt: skip
Place = Literal["here", "handed on", "called later"]


class Policy(NamedTuple):
    """A policy, as a word of a scenario file: all that is special about it."""

    word: str
    kind: int
    """Which rule below decides."""
    keys: tuple[str, ...] = ()
    """Keys that it knows beside offer and seen_from."""
    needs: str = ""
    """The key that it cannot do without, with an example."""
    place: Place = "here"
    """Where the offer is made: in this talk, by a group that sells, or in a call of ours."""
    odds: float = 1.0
    """Factor on the odds of acceptance unless another is typed."""
    weighs_money: bool = False
    """Whether prices, margins and churn decide if an offer is made."""


_KEYS_OF_CALLS = ("group", "acceptance_odds", "reserve", "reached", "ring", "keep")
# Proposed: odds of 1.4. Inbound response is about three times outbound (docs/evidence.md, Selling).
_ODDS_OF_CALLS = 1 / 3
POLICIES = {
    one.word: one
    for one in (
        Policy("never", NO_OFFER),
        Policy("always", ALWAYS),
        Policy("random", RANDOM, ("share",), "share: 50%"),
        Policy("while-waiting", WHILE_WAITING, ("at_most",), "at_most: 0"),
        Policy("while-nobody-waits", WHILE_WAITING),
        Policy("queue-age", QUEUE_AGE, ("at_most",), "at_most: 20 s"),
        Policy("below-system-threshold", BELOW_THRESHOLD, ("threshold",), "threshold: 20"),
        Policy("expected-value", EXPECTED_VALUE, ("minute", "annoyance"), weighs_money=True),
        Policy(
            "specialist",
            SPECIALIST,
            ("group", "acceptance_odds", "priority"),
            "group: sales",
            place="handed on",
            odds=1.4,
        ),
        Policy(
            "follow-up",
            FOLLOW_UP,
            _KEYS_OF_CALLS,
            "group: generalists",
            place="called later",
            odds=_ODDS_OF_CALLS,
        ),
        Policy(
            "outbound",
            OUTBOUND,
            _KEYS_OF_CALLS,
            "group: generalists",
            place="called later",
            odds=_ODDS_OF_CALLS,
        ),
    )
}
_SOME_HAVE = dict.fromkeys(key for one in POLICIES.values() for key in one.keys)
DEFAULT_RESERVE, DEFAULT_REACHED = 2, 0.60
DEFAULT_RING_S, DEFAULT_KEEP_S = 30.0, float(SECONDS_PER_WEEK)
NOBODY_WAITS_MS = -1

AtMost = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
BySegment = Annotated[dict[str, AtMost], Field(min_length=1)]
AgesBySegment = Annotated[dict[str, Duration], Field(min_length=1)]
_COUNTS: TypeAdapter[Any] = TypeAdapter(AtMost | BySegment | None)
_AGES: TypeAdapter[Any] = TypeAdapter(Duration | AgesBySegment | None)


class MinutePriceSpec(Block):
    """What a minute of an agent is worth at the moment of the offer: ω."""

    free: PerMinute = environment(0.0, evidence=proposal("the wage is sunk in the shift"))
    """While another agent of the group is free."""
    full: PerMinute = environment(0.836, evidence=proposal("cost of a handled minute"))
    """While nobody is free and nobody waits."""
    queue: PerMinute = environment(3.75, evidence=proposal("price of a displaced contact"))
    """While somebody waits."""


def keys_of(offer: str) -> tuple[str, ...]:
    """The keys that a policy knows beside `offer`."""
    one = POLICIES[offer]
    return (*one.keys, *(("seen_from",) if one.kind != NO_OFFER else ()))


class PolicySpec(Block):
    """When agents offer."""

    main_key: ClassVar[str] = "offer"

    offer: Literal[*POLICIES] = decision(  # pyright: ignore[reportInvalidTypeForm]
        "while-nobody-waits",
        evidence=source("Armony and Gurvich 2010", "thresholds are close to the best"),
    )
    """never, always, random, while-waiting, while-nobody-waits, queue-age,
    below-system-threshold, expected-value, specialist, follow-up or outbound."""
    share: Share | None = decision(None, evidence=TYPED)
    """random: share of candidates who get an offer."""
    at_most: AtMost | BySegment | Duration | AgesBySegment | None = decision(
        None, evidence=TYPED, lever=(-5, 5), examples=[0, {"standard": -2, "premium": 5}]
    )
    """while-waiting: offer while the number in system is at most the agents on duty + this;
    0 = while nobody waits, -2 = while two others are free. queue-age: offer while the oldest
    waiting contact is at most so old. By segment, or one for all."""
    threshold: Annotated[float, Field(ge=0, le=1e6)] | None = decision(
        None, evidence=TYPED, traits=("plain",)
    )
    """below-system-threshold: offer while the number in system, this one included, is at most
    this."""
    minute: MinutePriceSpec | None = decision(None, evidence=SEE_KEYS)
    """expected-value: the price of a minute of the agent's time."""
    annoyance: Money | None = decision(None, evidence=TYPED, examples=[0.5])
    """expected-value: what a declined offer costs in goodwill; left out: the value of the customers
    whom it drives away."""
    seen_from: Share | None = decision(None, evidence=TYPED)
    """Offer only to customers whose acceptance, as the center sees it, is at least this."""

    group: str | None = decision(None, evidence=TYPED, examples=["sales"])
    """specialist: the group that sells; it gets the contact at once. follow-up, outbound: the
    group that calls."""
    acceptance_odds: Annotated[float, Field(gt=0, le=100)] | None = outcome(
        None,
        better="more",
        evidence=proposal("1.4; for a call of ours 1/3 (Booz-Allen)"),
    )
    """specialist, follow-up, outbound: factor on the odds of acceptance."""
    priority: Annotated[int, Field(ge=1, le=1000)] | None = decision(
        None, evidence=proposal("1, first of what the group takes")
    )
    """specialist: priority of contacts handed on, among the contact types that the group serves."""
    reserve: Annotated[int, Field(ge=0, le=1_000_000)] | None = decision(
        None, evidence=proposal("2"), lever=(0, 10)
    )
    """follow-up, outbound: call only while more agents of the group than this are free."""
    reached: Share | None = environment(None, evidence=proposal("60 %"))
    """follow-up, outbound: share of calls that somebody answers; the others are dropped."""
    ring: Annotated[Duration, Field(gt=0, le=SECONDS_PER_HOUR)] | None = environment(
        None, evidence=proposal("30 s")
    )
    """follow-up, outbound: time until somebody answers, or the agent gives up."""
    keep: Annotated[Duration, Field(gt=0)] | None = decision(None, evidence=proposal("7 d"))
    """follow-up, outbound: how long a lead is worth a call, or a customer stays on the list."""

    @model_validator(mode="after")
    def _complete(self) -> PolicySpec:
        needed = POLICIES[self.offer].needs
        if needed and getattr(self, needed.partition(":")[0]) is None:
            problem(("offer",), f"{self.offer} needs {needed.partition(':')[0]}", f"add {needed}")
        allowed = keys_of(self.offer)
        for key in (*_SOME_HAVE, "seen_from"):
            if key not in allowed and getattr(self, key) is not None:
                problem((key,), f"{self.offer} has no {key}", f"leave {key} out")
        return self

    @property
    def is_never(self) -> bool:
        """Whether nothing is offered."""
        return POLICIES[self.offer].kind == NO_OFFER

    @property
    def always_offers(self) -> float:
        """Share of candidates who get an offer whatever the state; 0 where state or sight decides.

        0 also where the offer is left to another leg.
        """
        if self.seen_from:
            return 0.0
        return {ALWAYS: 1.0, RANDOM: self.share or 0.0}.get(POLICIES[self.offer].kind, 0.0)

    @property
    def weighs_money(self) -> bool:
        """Whether prices, margins and churn decide if an offer is made."""
        return POLICIES[self.offer].weighs_money

    @property
    def place(self) -> Place:
        """Where the offer is made: here, handed on, called later."""
        return POLICIES[self.offer].place

    @property
    def sells_elsewhere(self) -> bool:
        """Whether the offer is left to another leg."""
        return self.place != "here"

    @property
    def kept_free(self) -> int:
        """Agents of the group who must stay free while another one calls."""
        return DEFAULT_RESERVE if self.reserve is None else self.reserve

    @property
    def odds(self) -> float:
        """Factor on the odds of acceptance."""
        return self.acceptance_odds or POLICIES[self.offer].odds

    @field_validator("at_most", mode="wrap")
    @classmethod
    def _as_the_policy_reads_it(
        cls, typed: Any, read: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> Any:
        """Read a whole number of contacts or, for queue-age, a duration; by segment or for all."""
        if "offer" not in info.data:  # that mistake is told already; either will do
            return read(typed)
        reads = _AGES if POLICIES[info.data["offer"]].kind == QUEUE_AGE else _COUNTS
        return reads.validate_python(typed)


# By product.
POLICY_OF_PRODUCT = record(
    kind=np.int64,
    seen_from=np.float64,
    minute_free=np.float64,
    minute_full=np.float64,
    minute_queue=np.float64,
)


class PolicyTable(NamedTuple):
    """Policies as the rules read them."""

    products: np.recarray  # [product] POLICY_OF_PRODUCT
    limit: np.ndarray  # [product, segment] share, at_most (contacts or ms) or threshold
    annoyance: np.ndarray  # [product, segment] what a declined offer costs, in money


class Stakes(NamedTuple):
    """What an offer may bring and costs, in money and in minutes of the agent."""

    worth: float  # net margin of a sale
    annoyance: float  # of a declined offer
    talk_minutes: float
    fulfilment_minutes: float


class GroupState(NamedTuple):
    """What an agent's group looks like at the end of a talk."""

    in_system: int
    """Its agents who are not free, this one included, and the waiting it may take now."""
    on_duty: int
    waiting: int
    oldest_ms: int
    """Age of the oldest waiting contact that it may take now, or NOBODY_WAITS_MS."""


def compile_policy(spec: PolicySpec) -> dict[str, float]:
    """A spec as a row of POLICY_OF_PRODUCT."""
    minute = spec.minute or MinutePriceSpec()
    return {
        "kind": POLICIES[spec.offer].kind,
        "seen_from": spec.seen_from or 0.0,
        "minute_free": minute.free,
        "minute_full": minute.full,
        "minute_queue": minute.queue,
    }


def policy_limit(spec: PolicySpec, segment: str, ms_per_second: int) -> float:
    """The number that the policy compares with; a segment that is not named gets no offer."""
    kind = POLICIES[spec.offer].kind
    if kind == RANDOM:
        return spec.share or 0.0
    if kind == BELOW_THRESHOLD:
        return spec.threshold or 0.0
    limit = spec.at_most.get(segment) if isinstance(spec.at_most, dict) else spec.at_most or 0
    if limit is None:
        return -math.inf
    return float(limit) * (ms_per_second if kind == QUEUE_AGE else 1)


@rule
def needs_sight(table, product):
    """Whether the policy asks how likely this customer seems to accept."""
    row = table.products[product]
    return row.kind == EXPECTED_VALUE or row.seen_from > 0.0


@rule
def is_due(table, product, segment, product_luck, moment):
    """Whether the policy says: offer now, to any customer."""
    kind = table.products[product].kind
    limit = table.limit[product, segment]
    if kind == WHILE_WAITING:
        return moment.in_system <= moment.on_duty + limit
    if kind == BELOW_THRESHOLD:
        return moment.in_system <= limit
    if kind == QUEUE_AGE:
        return moment.oldest_ms <= limit
    if kind == RANDOM:
        return uniform(product_luck, RANDOM_OFFER, 0) < limit
    return is_made_in_contacts(kind)


@rule
def is_made_in_contacts(kind):
    """Whether the policy ever offers to who contacts the center."""
    return kind != NO_OFFER and kind != OUTBOUND


@rule
def is_worth_it(table, product, seen, stakes, moment):
    """Whether the policy, knowing how likely she seems to accept, wants the offer made.

    `seen` is the acceptance as the center sees it, `stakes` are Stakes.
    """
    row = table.products[product]
    if seen < row.seen_from:
        return False
    if row.kind != EXPECTED_VALUE:
        return True
    minute = minute_price(row.minute_free, row.minute_full, row.minute_queue, moment)
    return expected_value(seen, stakes, minute) > 0.0


@rule
def minute_price(free, full, queue, moment):
    """The price of a minute in the state of that moment."""
    if moment.waiting > 0:
        return queue
    return full if moment.in_system >= moment.on_duty else free


@rule
def expected_value(acceptance, stakes, minute):
    """EV = a·(M_net − τ_f·ω + k) − τ·ω − k, in money; times in minutes, ω the price of one."""
    sale = stakes.worth - stakes.fulfilment_minutes * minute + stakes.annoyance
    return acceptance * sale - stakes.talk_minutes * minute - stakes.annoyance

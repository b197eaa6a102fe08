"""What may stand in a scenario file: the blocks of all business questions side by side."""

from __future__ import annotations

import re
from typing import Annotated, Any, get_origin

from pydantic import (
    BeforeValidator,
    Field,
    model_validator,
)

from sim.domain.contacts.demand import BusynessCv, EventSpec
from sim.domain.contacts.opening import ClosedDays, Opening
from sim.domain.customers.customers import SegmentSpec, is_one_segment
from sim.domain.customers.loyalty import LoyaltySpec
from sim.domain.customers.referral import ReferralSpec
from sim.domain.customers.satisfaction import ExperienceSpec
from sim.domain.customers.save_desk import SaveDeskSpec
from sim.domain.customers.surveys import SurveySpec
from sim.domain.study.costs import CostsSpec, FinanceSpec
from sim.domain.study.expected import ExpectedMetric
from sim.domain.study.horizon import HorizonSpec
from sim.domain.study.initiatives import InitiativeSpec
from sim.domain.study.today import TodaySpec
from sim.language.allowed import fields_of
from sim.language.block import Block, OrNone, decision, environment, problem
from sim.language.evidence import SEE_KEYS, TYPED, proposal, trade
from sim.language.node import in_one_line
from sim.language.parsers import parse_number, parse_rate, parse_share, such_as
from sim.language.quantities import number_meant, shown
from sim.scenario.contact_spec import ContactSpec
from sim.scenario.group_spec import GroupSpec
from sim.scenario.offer_spec import OfferSpec

ONE_SEGMENT = "customers"
ONE_GROUP = "agents"
MOST_LINES = 1_000_000
MOST_REPLICATIONS, SEEDS = 100_000, 1 << 62
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]


def _type_has_a_name(typed: Any) -> Any:
    if isinstance(typed, dict) and typed.keys() & {"volume", "handle", "talk"}:
        what = "this describes a contact type that has no name"
        problem((), what, "write contacts: {service: {volume: 24000 per week, handle: 348 s}}")
    _is_no_key(typed, ContactSpec, "contact type")
    return typed


def _product_has_a_name(typed: Any) -> Any:
    if isinstance(typed, dict) and typed.keys() & {"price", "margin"}:
        what = "this describes a product that has no name"
        problem((), what, "write offers: {broadband: {price: 120, margin: 25%}}")
    _is_no_key(typed, OfferSpec, "product")
    return typed


def _is_no_key(typed: Any, block: type[Block], kind: str) -> None:
    """Refuse a name that is a key of what bears it: a mapping of it would read as one alone."""
    for name in typed if isinstance(typed, dict) else ():
        if name in fields_of(block):
            what = f"a {kind} cannot be called `{name}`, which is a key of every {kind}"
            problem((name,), what, f"call it new-{name}")


def _by_name(kind: str, wanted: str, example: str) -> BeforeValidator:
    """A mapping by name; for a list, or one alone, the error shows the mapping."""
    fields = set(wanted.split())

    def checked(typed: Any) -> Any:
        if isinstance(typed, list):
            remedy = f"write {_named(kind, typed)}" if typed else f"write {kind}s: null, or nothing"
            problem((), "these stand by their names, not in a list", remedy)
        if isinstance(typed, dict) and typed.keys() & fields:
            problem((), f"this describes an {kind} that has no name", f"write {example}")
        return typed

    return BeforeValidator(checked)


def _named(kind: str, listed: list[Any]) -> str:
    """A list of blocks that bear names as the mapping that it should be, as one would type it."""
    mapping: dict[str, Any] = {}
    for i, one in enumerate(listed, start=1):
        rest = dict(one) if isinstance(one, dict) else {}
        name = re.sub(r"[^A-Za-z0-9_]+", "-", str(rest.pop("name", ""))).strip("-")
        name = name if name[:1].isalpha() else f"{kind}-{name or i}"
        mapping[f"{name}-{i}" if name in mapping else name] = rest
    return in_one_line(mapping)


def _a_difference(typed: Any) -> Any:
    if isinstance(typed, str) and " per " in typed:
        parse_rate(typed, "year")
    elif isinstance(typed, str) and typed.strip().endswith("%"):
        parse_share(typed)
    elif number_meant(typed) is None or isinstance(typed, bool):
        problem(
            (),
            f"{shown(typed)} is not a difference",
            such_as(typed, "50k per year, or 1%", "an amount per time, or a share"),
        )
    elif parse_number(typed) < 0:
        problem((), f"{shown(typed)} is negative", "write 0 or more")
    return typed


WORDS_OF_THE_TRADE = {
    "aht": ("handle", "contacts.service.handle"),
    "acw": ("wrap_up", "contacts.service.wrap_up"),
    "asa": ("wait", "today.wait"),
    "fcr": ("first_contact", "contacts.service.first_contact"),
    "nps": ("nps", "today.nps"),
    "csat": ("csat", "today.csat"),
    "sla": ("service_level",),
    "sl": ("service_level",),
    "shrinkage": ("agents.shrinkage",),
    "attrition": ("turnover", "agents.turnover"),
    "fte": ("heads", "agents.heads"),
    "ftes": ("heads", "agents.heads"),
    "headcount": ("heads", "agents.heads"),
    "salary": ("wage", "agents.wage"),
    **dict.fromkeys(("vendor", "outsourcing", "outsourced"), ("paid", "agents.paid")),
    "pay": ("wage", "agents.wage"),
    "calls": ("volume", "contacts.service.volume"),
    "seats": ("positions", "agents.positions"),
    "breaks": ("agents.people.shifts.full.breaks",),
    "shifts": ("agents.people.shifts",),
    "roster": ("agents.people.shifts",),
    "trunks": ("lines",),
    "abandonment": ("abandoned", "today.abandoned"),
    "skills": ("serves", "agents.serves"),
    "opening_hours": ("open",),
    "hours": ("open",),
    "holidays": ("closed",),
    "arpu": ("margin", "customers.margin"),
    "concurrency": ("concurrency", "contacts.service.concurrency"),
    "chat": ("channel", "contacts.service.channel"),
    **dict.fromkeys(("escalation", "specialists"), ("transfer", "contacts.service.transfer")),
    **dict.fromkeys(("bot", "ivr", "chatbot"), ("self_service", "contacts.service.self_service")),
    **dict.fromkeys(("email", "backoffice"), ("channel", "contacts.service.channel")),
    "callbacks": ("callback", "contacts.service.callback"),
    "voice": ("surveys",),
    "median": (),
}
"""Words of the trade → the keys that say it, the nearest block first; none: not modelled yet."""


class ScenarioSpec(Block):
    """What a strategist writes."""

    words_of_the_trade = WORDS_OF_THE_TRADE

    name: Name = decision(..., evidence=TYPED, examples=["my-center"], plays=False)
    """Name of the scenario, as reports show it."""
    question: str = decision("", evidence=TYPED, plays=False)
    """The question that it answers."""
    based_on: str | None = decision(None, evidence=TYPED)
    """Scenario file from which everything is inherited that is not said here."""
    currency: Annotated[str, Field(min_length=1, max_length=8)] = decision(
        "EUR", evidence=proposal(), examples=["EUR"], plays=False
    )
    """Currency of all money."""
    horizon: HorizonSpec = decision(HorizonSpec(), evidence=proposal())
    """The time that is studied."""
    replications: Annotated[int, Field(ge=1, le=MOST_REPLICATIONS)] = decision(
        20, evidence=proposal(), plays=False
    )
    """Independent repetitions with other luck."""
    seed: Annotated[int, Field(ge=0, lt=SEEDS)] = decision(1, evidence=proposal())
    """Names the luck: the same seed brings the same."""
    forecast_error: OrNone[BusynessCv] = environment(
        0.06,
        evidence=proposal(),
        plausible=("1%", "30%", trade("yearly forecasts miss by 5 to 10 %")),
    )
    """Coefficient of variation of one factor on all volume, drawn once a replication."""
    open: Opening | None = decision(None, evidence=TYPED)
    """Opening hours of every contact type that has none of its own."""
    closed: ClosedDays | None = decision(None, evidence=TYPED, examples=[["2027-01-06"]])
    """Dates, such as holidays, on which every contact type is closed that has none of its own.

    No new contact comes on them, and their volume is lost.
    """
    lines: Annotated[int, Field(ge=1, le=MOST_LINES)] | None = decision(None, evidence=TYPED)
    """Most customers waiting or talking at once; left out: no limit."""
    customers: dict[Name, SegmentSpec] = environment(
        {}, evidence=TYPED, examples=[{"count": 180000}]
    )
    """Customer segments; without them there is no churn and no customer value."""
    referral: OrNone[ReferralSpec] = environment(None, evidence=proposal("weakly known"))
    """Word of mouth, a part of the acquisition typed; none: joining does not react to service."""
    save_desk: OrNone[SaveDeskSpec] = environment(None, evidence=proposal())
    """Customers who announce that they leave, and may be kept; none: all leave silently."""
    loyalty: OrNone[LoyaltySpec] = decision(None, evidence=proposal())
    """A programme that rewards customers who stay; none: there is none."""
    contacts: Annotated[
        dict[Name, ContactSpec], Field(min_length=1), BeforeValidator(_type_has_a_name)
    ] = environment(
        ...,
        evidence=TYPED,
        examples=[{"service": {"volume": "24000 per week", "handle": "348 s"}}],
    )
    """Contact types."""
    agents: Annotated[dict[Name, GroupSpec], Field(min_length=1)] = decision(
        ..., evidence=TYPED, examples=[{"heads": 100}]
    )
    """Agent groups."""
    offers: Annotated[dict[Name, OfferSpec], BeforeValidator(_product_has_a_name)] = decision(
        {}, evidence=TYPED, examples=[{"broadband": {"price": 120, "margin": "25%"}}]
    )
    """Products offered."""
    experience: ExperienceSpec = environment(ExperienceSpec(), evidence=SEE_KEYS)
    """What moves satisfaction."""
    surveys: OrNone[SurveySpec] = environment(SurveySpec(), evidence=proposal())
    """Surveys; none: nobody is asked."""
    costs: CostsSpec = environment(CostsSpec(), evidence=SEE_KEYS)
    """Unit costs."""
    finance: FinanceSpec = decision(FinanceSpec(), evidence=SEE_KEYS)
    """How money is counted over time."""
    events: Annotated[
        dict[Name, EventSpec],
        _by_name("event", "weeks", "{campaign: {weeks: [12], volume: {service: 1.4}}}"),
    ] = environment(
        {},
        evidence=TYPED,
        examples=[{"campaign": {"weeks": [12], "volume": {"service": 1.4}}}],
    )
    """Dated campaigns, outages and the like, by name."""
    today: TodaySpec = environment(TodaySpec(), evidence=TYPED, plays=False, traits=("facts",))
    """How the center looks today; never an input."""
    checks: dict[str, ExpectedMetric] = environment(
        {}, evidence=TYPED, examples=[{"csat": "80% to 84%"}], plays=False
    )
    """What came out last month, by the name of a metric; a run says which are met."""
    initiatives: Annotated[
        dict[Name, InitiativeSpec],
        _by_name("initiative", "set", "{training: {set: {contacts: {service: {talk: 250 s}}}}}"),
    ] = decision(
        {},
        evidence=TYPED,
        examples=[{"training": {"set": {"contacts": {"service": {"talk": "250 s"}}}}}],
    )
    """What changes within the horizon, by name, and what that costs."""
    decide_on: str = decision("result", evidence=proposal(), examples=["contribution"], plays=False)
    """The metric by which scenarios are judged."""
    matters_from: Annotated[float | str, BeforeValidator(_a_difference)] | None = decision(
        None, evidence=proposal(), examples=["50k per year", "1%"], plays=False
    )
    """The smallest difference that matters, in the metric's unit; left out: 50k per year for money,
    1% for a share, 1 for points, 0 for what is counted."""

    @model_validator(mode="before")
    @classmethod
    def _name_the_only_one(cls, typed: Any) -> Any:
        """`customers: {count: …}` is one segment, `agents: {heads: …}` one group serving all."""
        if not isinstance(typed, dict):
            return typed
        typed = dict(typed)
        if is_one_segment(typed.get("customers")):
            typed["customers"] = {ONE_SEGMENT: typed["customers"]}
        agents = typed.get("agents")
        is_number = isinstance(agents, int | float) and not isinstance(agents, bool)
        is_one = isinstance(agents, dict) and agents.keys() & GroupSpec.model_fields.keys()
        if is_number or is_one:
            typed["agents"] = {ONE_GROUP: agents}
        return typed


NAMED_BLOCKS = frozenset(
    key for key, field in ScenarioSpec.model_fields.items() if get_origin(field.annotation) is dict
)
"""Blocks whose keys are names that people give: of a type, a group, a product …"""

"""The plan: a scenario and the state of a week, as the tables that engines and economics read.

The static part is compiled once per scenario, what is expected and who comes and goes once per span
of weeks. The state part (how many customers there are) is put in by `for_state`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim import dice
from sim.anchors import Anchors
from sim.domain.acceptance import (
    ACCEPTANCE_OF_PRODUCT,
    AcceptanceTable,
    central_logit,
    compile_acceptance,
)
from sim.domain.customers import (
    CHURN_OF_SEGMENT,
    lifetime_value,
    weekly_probability,
    yearly_hazard,
)
from sim.domain.demand import (
    BUSYNESS,
    LISTED,
    LISTED_BLOCK,
    NOT_GIVEN,
    SEGMENT,
    DemandTable,
    Fortune,
    gamma_shape,
    week_factor,
)
from sim.domain.handling import HANDLING_OF_TYPE, HandlingTable
from sim.domain.legs import CALLED_LATER, HANDED_ON, HERE, LEG_OF_PRODUCT
from sim.domain.offers import PRODUCT, OfferTable, pushed_share
from sim.domain.patience import FOR_EVER_MS, PATIENCE_OF_TYPE
from sim.domain.policies import (
    DEFAULT_KEEP_S,
    DEFAULT_REACHED,
    DEFAULT_RING_S,
    POLICY_OF_PRODUCT,
    PolicySpec,
    PolicyTable,
    compile_policy,
    policy_limit,
)
from sim.domain.redials import REDIALS_OF_TYPE, UNLIMITED
from sim.domain.relationship import RelationshipTable, compile_relationship, sensitivity
from sim.domain.resolution import RESOLUTION_OF_TYPE
from sim.domain.retention import SaveDeskTable, compile_save_desk, decide_to_leave
from sim.domain.rostering import LevelTable, changes
from sim.domain.routing import NOT_DEFERRED, ProductQueue, RoutingTable, compile_routing
from sim.domain.satisfaction import ExperienceTable, compile_experience
from sim.domain.voice import VoiceTable, compile_voice
from sim.durations import compile_duration
from sim.moments import MOST_BLOCKS, name_of, type_of
from sim.quantiles import gamma_quantile
from sim.scenario import Scenario
from sim.staffing import compile_levels
from sim.tables import NOBODY, table
from sim.units import (
    CELL_MS,
    CELLS_PER_WEEK,
    MS_PER_SECOND,
    SECONDS_PER_MINUTE,
    SECONDS_PER_WEEK,
    seconds_to_ms,
)

GOLDEN_SECTION = (math.sqrt(5) - 1) / 2
NEXT_TO_0 = 2.0**-53


class Plan(NamedTuple):
    """The tables of all questions, for one span of cells."""

    demand: DemandTable
    universe: np.recarray  # [segment] SEGMENT
    patience: np.recarray  # [type] PATIENCE_OF_TYPE
    redials: np.recarray  # [type] REDIALS_OF_TYPE
    handling: HandlingTable
    resolution: np.recarray  # [type] RESOLUTION_OF_TYPE
    routing: RoutingTable
    offers: OfferTable
    policies: PolicyTable
    legs: np.recarray  # [product] LEG_OF_PRODUCT
    acceptance: AcceptanceTable
    levels: LevelTable
    changes: np.recarray  # [change] CHANGE
    experience: ExperienceTable
    voice: VoiceTable
    relationship: RelationshipTable
    churn: np.recarray  # [segment] CHURN_OF_SEGMENT
    save_desk: SaveDeskTable
    within_ms: np.ndarray  # int64 [type] in time means: waited at most this
    short_ms: np.ndarray  # int64 [type] giving up within this is short


class Planner:
    """Compiles the plans of one scenario; what does not change with the week is made once.

    Initiatives change what is made of a scenario, never who is on duty.
    """

    def __init__(self, scenario: Scenario, anchors: Anchors) -> None:
        self.scenario, self.anchors = scenario, anchors
        self.levels = compile_levels(scenario, anchors.volume)
        self._calls = _listed_calls(scenario)
        self._weekly: dict[tuple[int, int], np.recarray] = {}
        self._still: dict[Scenario, Plan] = {}

    def plan(self, first_cell: int, cells: int) -> Plan:
        """The plan of a span of cells, with today's customers only.

        Initiatives have the effect of its first week; a warm-up precedes them all.
        """
        scenario = self.scenario.in_week(first_cell // CELLS_PER_WEEK)
        if scenario not in self._still:
            self._still[scenario] = self._compile(scenario)
        still = self._still[scenario]
        expected = _expected(scenario, self.anchors, first_cell, cells)
        return still._replace(
            demand=still.demand._replace(first_cell=first_cell, expected=expected),
            changes=self._changes(first_cell, cells),
        )

    def _compile(self, scenario: Scenario) -> Plan:
        return Plan(
            demand=_demand(scenario, self._calls),
            universe=compile_universe(scenario),
            patience=_patience(scenario),
            redials=_redials(scenario),
            handling=_handling(scenario),
            resolution=_resolution(scenario),
            routing=_routing(scenario),
            offers=_offers(scenario),
            policies=_policies(scenario),
            legs=_legs(scenario),
            acceptance=_acceptance(scenario),
            levels=self.levels,
            changes=changes(self.levels, 0, 0),
            experience=compile_experience(scenario.spec.experience),
            voice=compile_voice(scenario.spec.voice),
            relationship=_relationship(scenario, self.anchors),
            churn=_churn(scenario, self.anchors),
            save_desk=_save_desk(scenario),
            within_ms=np.array(
                [seconds_to_ms(c.service_level.within) for c in scenario.spec.contacts.values()]
            ),
            short_ms=np.array(
                [seconds_to_ms(c.short_abandonment) for c in scenario.spec.contacts.values()]
            ),
        )

    def _changes(self, first_cell: int, cells: int) -> np.recarray:
        """Every week has the same changes of level, later."""
        cell_of_week = first_cell % CELLS_PER_WEEK
        if (cell_of_week, cells) not in self._weekly:
            self._weekly[cell_of_week, cells] = changes(self.levels, cell_of_week, cells)
        moved = self._weekly[cell_of_week, cells].copy()
        moved.at_ms += (first_cell - cell_of_week) * CELL_MS
        return moved


def for_state(plan: Plan, members: np.ndarray) -> Plan:
    """The plan with so many customers until now by segment, those who left included."""
    universe = plan.universe.copy()
    universe.members = members
    return plan._replace(universe=universe)


def fortune_of(scenario: Scenario, seed: int, replication: int) -> Fortune:
    """The luck of one replication."""
    types, segments = scenario.types, scenario.segments or ["everyone"]
    sources = np.empty((len(types), len(segments), MOST_BLOCKS), np.uint64)
    for t, type_ in enumerate(types):
        for s, segment in enumerate(segments):
            sources[t, s] = [
                dice.luck_of(seed, replication, "issues", type_, segment, block)
                for block in range(MOST_BLOCKS)
            ]
    factor = forecast_factor(scenario.spec.forecast_error or 0.0, seed, replication)
    busy = [dice.luck_of(seed, replication, "busyness", type_) for type_ in types]
    people = [dice.luck_of(seed, replication, "customers", segment) for segment in segments]
    return Fortune(sources, np.array(busy, np.uint64), np.array(people, np.uint64), factor)


def forecast_factor(cv: float, seed: int, replication: int) -> float:
    """The factor on all volumes of one replication: a gamma quantile of mean 1.

    Replications share it with nobody, but each stands for an equal part of what may be: their
    places step by the golden section, which fills the range evenly however many there are. So a
    few replications do not all happen to miss on one side.
    """
    if cv == 0:
        return 1.0
    shape = gamma_shape(cv)
    start = float(dice.uniform(dice.luck_of(seed, 0, "forecast"), dice.FORECAST_ERROR, 0))
    place = (start + replication * GOLDEN_SECTION) % 1.0
    place = min(max(place, NEXT_TO_0), 1 - NEXT_TO_0)
    return float(gamma_quantile(shape, place)) / shape


def compile_universe(scenario: Scenario) -> np.recarray:
    """[segment] where customers stand: room for today's base and all joiners to come."""
    specs = list(scenario.spec.customers.values())
    counts = [spec.count for spec in specs] or [0]
    rooms = [spec.count * scenario.blocks_in_the_end(spec) for spec in specs] or [0]
    first = np.concatenate([[0], np.cumsum(rooms)[:-1]])
    return table(SEGMENT, len(counts), first=first, count=counts, members=counts)


def _listed_calls(scenario: Scenario) -> np.recarray:
    rows = []
    for t, spec in enumerate(scenario.spec.contacts.values()):
        for call in spec.volume.calls or []:
            segment = scenario.segments.index(call.segment) if call.segment else 0
            talk_ms = NOT_GIVEN if call.talk is None else seconds_to_ms(call.talk)
            offer_ms = NOT_GIVEN if call.offer_talk is None else seconds_to_ms(call.offer_talk)
            patience_ms = FOR_EVER_MS
            if call.patience is not None:
                patience_ms = round(call.patience * MS_PER_SECOND)
            at_ms = round(call.at * MS_PER_SECOND)
            rows.append((at_ms, t, segment, talk_ms, patience_ms, offer_ms))
    rows.sort(key=lambda row: row[:2])
    seen = [0] * len(scenario.types)  # a call is named by its number within its type
    named = []
    for at_ms, t, segment, *rest in rows:
        name = name_of(t, at_ms // CELL_MS, segment, LISTED_BLOCK, seen[t])
        named.append((at_ms, name, *rest))
        seen[t] += 1
    return np.array(named, LISTED).view(np.recarray)


def _rows_by_type(calls: np.ndarray, types: int) -> tuple[np.ndarray, np.ndarray]:
    """Where each type's listed calls begin in the second array, and their rows."""
    type_ = np.array([type_of(int(name)) for name in calls["name"]], np.int64)
    first = np.searchsorted(np.sort(type_), np.arange(types))
    return first.astype(np.int64), np.argsort(type_, kind="stable").astype(np.int64)


def _expected(scenario: Scenario, anchors: Anchors, first_cell: int, cells: int) -> np.ndarray:
    """[type, cell] new issues to be expected in the cells of a span."""
    expected = np.zeros((len(scenario.types), cells))
    cell = np.arange(first_cell, first_cell + cells)
    week = np.maximum(cell // CELLS_PER_WEEK, 0)  # a warm-up looks like the first week
    first = max(first_cell // CELLS_PER_WEEK, 0)
    weeks = range(first, max(first_cell + cells - 1, 0) // CELLS_PER_WEEK + 1)
    for t, type_ in enumerate(scenario.types):
        volume = scenario.spec.contacts[type_].volume
        if volume.per_week is None:
            continue
        events = scenario.event_factors(type_)
        by_week = np.array([week_factor(volume, w, events) for w in weeks])
        by_interval = anchors.volume.get(type_, [1.0]) if volume.counts == "all" else [1.0]
        new = np.repeat(by_interval, CELLS_PER_WEEK // len(by_interval))
        profile = (scenario.profile(type_) * scenario.from_start(new))[cell % CELLS_PER_WEEK]
        expected[t] = scenario.weekly_contacts(type_) * profile * by_week[week - first]
    return expected


def _demand(scenario: Scenario, calls: np.recarray) -> DemandTable:
    """Without what is expected, which is another in every span."""
    types = scenario.types
    busyness = [spec.volume.busyness for spec in scenario.spec.contacts.values()]
    return DemandTable(
        0,
        np.zeros((len(types), 0)),
        np.array([scenario.shares(type_) for type_ in types]),
        table(
            BUSYNESS,
            len(types),
            day=[gamma_shape(b.day) if b else 0.0 for b in busyness],
            interval=[gamma_shape(b.interval) if b else 0.0 for b in busyness],
        ),
        np.array([scenario.opening(type_) for type_ in types]),
        np.array([_typed(scenario, type_) for type_ in types]),
        calls,
        *_rows_by_type(calls, len(types)),
    )


def _typed(scenario: Scenario, type_: str) -> np.ndarray:
    """[672] the profile; of listed calls, and of a profile that is closed all week, opening."""
    profile = scenario.profile(type_)
    is_listed = scenario.spec.contacts[type_].volume.calls is not None
    return scenario.opening(type_).astype(float) if is_listed or not profile.any() else profile


def _patience(scenario: Scenario) -> np.recarray:
    rows = [(compile_duration(s.patience), s.balk) for s in scenario.spec.contacts.values()]
    return np.array(rows, PATIENCE_OF_TYPE).view(np.recarray)


def _redials(scenario: Scenario) -> np.recarray:
    rows = []
    for spec in scenario.spec.contacts.values():
        redial = spec.redial
        if redial is None:
            rows.append((0.0, 1, compile_duration(None)))
        else:
            limit = UNLIMITED if redial.attempts == "unlimited" else redial.attempts
            rows.append((redial.probability, limit, compile_duration(redial.delay)))
    return np.array(rows, REDIALS_OF_TYPE).view(np.recarray)


def _handling(scenario: Scenario) -> HandlingTable:
    rows = []
    for type_ in scenario.types:
        talk, hold, wrap_up = scenario.handling(type_)
        on_hold = compile_duration(hold.duration if hold else None)
        share = hold.share if hold else 0.0
        rows.append((compile_duration(talk), share, on_hold, compile_duration(wrap_up)))
    factor = np.ones((len(scenario.groups), len(scenario.types)))
    for g, group in enumerate(scenario.groups):
        for type_, serves in scenario.serves(group).items():
            factor[g, scenario.types.index(type_)] = serves.handle
    return HandlingTable(np.array(rows, HANDLING_OF_TYPE).view(np.recarray), factor)


def _resolution(scenario: Scenario) -> np.recarray:
    rows = []
    for spec in scenario.spec.contacts.values():
        r = spec.resolution
        if r is None:
            rows.append((1.0, 0.0, compile_duration(None)))
        else:
            rows.append((r.first_contact, r.comes_back, compile_duration(r.delay)))
    return np.array(rows, RESOLUTION_OF_TYPE).view(np.recarray)


def _routing(scenario: Scenario) -> RoutingTable:
    types, groups = scenario.types, scenario.groups
    serves = [
        {types.index(type_): spec for type_, spec in scenario.serves(group).items()}
        for group in groups
    ]
    routes = [[groups.index(g) for g in scenario.routes_of(type_)] for type_ in types]
    segments = scenario.segments or ["everyone"]
    head_start = np.zeros((len(types), len(segments)), np.int64)
    for t, spec in enumerate(scenario.spec.contacts.values()):
        for segment, seconds in spec.head_start.items():
            head_start[t, segments.index(segment)] = round(seconds * MS_PER_SECOND)
    queues = [_queue(scenario, offer.policy) for offer in scenario.spec.offers.values()]
    return compile_routing(serves, routes, queues, head_start, scenario.spec.lines or 1 << 60)


def _queue(scenario: Scenario, policy: PolicySpec) -> ProductQueue | None:
    """Where candidates wait for whoever sells to them, if that is another leg of the contact."""
    if policy.group is None:
        return None
    reserve = policy.kept_free if policy.offer == "follow-up" else NOT_DEFERRED
    return ProductQueue(scenario.groups.index(policy.group), policy.priority or 1, reserve)


def _legs(scenario: Scenario) -> np.recarray:
    ways = {"specialist": HANDED_ON, "follow-up": CALLED_LATER}
    rows = []
    for offer in scenario.spec.offers.values():
        policy = offer.policy
        group = NOBODY if policy.group is None else scenario.groups.index(policy.group)
        reached = DEFAULT_REACHED if policy.reached is None else policy.reached
        ring_ms = round((policy.ring or DEFAULT_RING_S) * MS_PER_SECOND)
        keep_ms = round((policy.keep or DEFAULT_KEEP_S) * MS_PER_SECOND)
        way = ways.get(policy.offer, HERE)
        rows.append((way, group, math.log(policy.odds), reached, max(ring_ms, 1), keep_ms))
    return np.array(rows, LEG_OF_PRODUCT).view(np.recarray)


def _offers(scenario: Scenario) -> OfferTable:
    types, segments = scenario.types, scenario.segments or ["everyone"]
    specs = scenario.spec.offers
    products = [
        (
            dice.word(name),
            spec.candidates,
            spec.held,
            spec.conduct.compliance,
            pushed_share(spec.conduct, spec.commission),
            spec.returns,
            spec.downgrade.share if spec.downgrade else 0.0,
            spec.added_share,
            round(spec.cool_down * MS_PER_SECOND),
            math.ceil(spec.tenure_from / SECONDS_PER_WEEK),
            sum(1 << scenario.products.index(needed) for needed in spec.needs),
            spec.on_unresolved,
            compile_duration(spec.talk),
            compile_duration(spec.fulfilment),
            spec.talk.mean_s / SECONDS_PER_MINUTE,
            spec.fulfilment.mean_s / SECONDS_PER_MINUTE if spec.fulfilment else 0.0,
            spec.contract.weeks if spec.contract else 0,
            spec.contract.churn if spec.contract else 1.0,
            spec.discount_weeks,
        )
        for name, spec in specs.items()
    ]
    during = [[s.during is None or type_ in s.during for type_ in types] for s in specs.values()]
    to = [[s.to is None or segment in s.to for segment in segments] for s in specs.values()]
    discount = scenario.spec.finance.discount_rate
    worth = [
        [spec.worth(churn, discount) for churn in _churn_rates(scenario)] for spec in specs.values()
    ]
    return OfferTable(
        np.array(products, PRODUCT).view(np.recarray),
        np.array(during, bool).reshape(len(specs), len(types)),
        np.array(to, bool).reshape(len(specs), len(segments)),
        np.array(worth, float).reshape(len(specs), len(segments)),
    )


def _churn_rates(scenario: Scenario) -> list[float]:
    """Typed churn a year by segment; 0 where customers are not modelled."""
    specs = scenario.spec.customers.values()
    return [spec.churn.rate if spec.churn else 0.0 for spec in specs] or [0.0]


def _policies(scenario: Scenario) -> PolicyTable:
    segments = scenario.segments or ["everyone"]
    specs = [offer.policy for offer in scenario.spec.offers.values()]
    limit = [[policy_limit(spec, s, MS_PER_SECOND) for s in segments] for spec in specs]
    return PolicyTable(
        np.array([compile_policy(spec) for spec in specs], POLICY_OF_PRODUCT).view(np.recarray),
        np.array(limit, float).reshape(len(specs), len(segments)),
    )


def _acceptance(scenario: Scenario) -> AcceptanceTable:
    segments = scenario.segments or ["everyone"]
    specs = [offer.acceptance for offer in scenario.spec.offers.values()]
    logit, reason = [], []
    for spec in specs:
        shares = [spec.of(segment) for segment in segments]
        logit.append([central_logit(share, spec.spread) for share in shares])
        reasons = spec.effects.reasons if spec.effects else {}
        reason.append([reasons.get(type_, 0.0) for type_ in scenario.types])
    rows = np.array([compile_acceptance(spec) for spec in specs], ACCEPTANCE_OF_PRODUCT)
    return AcceptanceTable(
        rows.view(np.recarray),
        np.array(logit, float).reshape(len(specs), len(segments)),
        np.array(reason, float).reshape(len(specs), len(scenario.types)),
    )


def _churn(scenario: Scenario, anchors: Anchors) -> np.recarray:
    """Where nothing that service does could cause churn, all of it is contractual.

    More decide to leave than do, where the save desk keeps some.
    """
    rows = []
    newest = scenario.spec.experience.newest
    for name, spec in scenario.spec.customers.items():
        hazard = yearly_hazard(spec.churn.rate) if spec.churn else 0.0
        due, behaviour, gamma = spec.service_share, 0.0, 0.0
        if spec.churn and spec.churn.model == "relationship":
            gamma = sensitivity(due, newest, anchors.standing.get(name, []))
        else:
            intent = anchors.intent.get(name, 0.0)
            behaviour = due * hazard / intent if intent > 0 else 0.0
        due = due if behaviour > 0 or gamma > 0 else 0.0
        more = decide_to_leave(anchors.kept.get(name, 0.0))
        contractual = min(1.0, more * weekly_probability((1 - due) * hazard))
        rows.append((contractual, more * behaviour, gamma))
    return np.array(rows or [(0.0, 0.0, 0.0)], CHURN_OF_SEGMENT).view(np.recarray)


def _save_desk(scenario: Scenario) -> SaveDeskTable:
    discount = scenario.spec.finance.discount_rate
    margins = [spec.margin for spec in scenario.spec.customers.values()] or [0.0]
    rates = zip(margins, _churn_rates(scenario), strict=True)
    return compile_save_desk(
        scenario.spec.save_desk,
        scenario.types,
        [offer.kind == "retention" for offer in scenario.spec.offers.values()],
        [lifetime_value(margin, churn, discount) for margin, churn in rates],
    )


def _relationship(scenario: Scenario, anchors: Anchors) -> RelationshipTable:
    standing = [anchors.standing.get(name, []) for name in scenario.segments or ["everyone"]]
    return compile_relationship(scenario.spec.experience.newest, standing)

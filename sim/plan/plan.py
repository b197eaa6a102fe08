"""The plan: a scenario and the state of a week, as the tables that engines and economics read.

The static part is made once per scenario; what is expected, and which people and customers come and
go, once per span of weeks. `for_state` puts in the state: how many customers there are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core import dice
from sim.core.clock import (
    CELL_MS,
    CELLS_PER_WEEK,
    seconds_to_ms,
)
from sim.core.quantiles import GOLDEN_SECTION, gamma_quantile
from sim.domain.agents.rostering import LevelTable, alike, changes
from sim.domain.channels.chat import ChatTable
from sim.domain.channels.deferred import DeferredTable
from sim.domain.contacts.demand import (
    DemandTable,
    gamma_shape,
)
from sim.domain.contacts.handling import HandlingTable
from sim.domain.contacts.routing import RoutingTable
from sim.domain.customers.holders import HolderTable
from sim.domain.customers.loyalty import compile_loyalty
from sim.domain.customers.relationship import RelationshipTable
from sim.domain.customers.satisfaction import ExperienceTable, compile_experience
from sim.domain.customers.save_desk import SaveDeskTable
from sim.domain.customers.surveys import SurveyTable, compile_surveys
from sim.domain.offers.acceptance import (
    AcceptanceTable,
)
from sim.domain.offers.offers import OfferTable
from sim.domain.offers.outbound import ListTable
from sim.domain.offers.policies import (
    PolicyTable,
)
from sim.plan.anchors import Anchors
from sim.plan.of_channels import (
    _callbacks,
    _chats,
    _deferred,
    _messages,
    _self_service,
    more_than_calls,
)
from sim.plan.of_contacts import (
    _demand,
    _expected,
    _handling,
    _history,
    _listed_calls,
    _patience,
    _redials,
    _resolution,
    _routing,
    _transfers,
)
from sim.plan.of_customers import (
    _churn,
    _holders,
    _relationship,
    _save_desk,
    charges_of_declined,
    compile_universe,
)
from sim.plan.of_offers import _acceptance, _legs, _lists, _offers, _policies
from sim.plan.staffing import GroupStaffing, staffing_of
from sim.plan.weekly_seats import seats_of_weeks
from sim.scenario.scenario import Scenario

NEXT_TO_0 = 2.0**-53


class Plan(NamedTuple):
    """The tables of all questions, for one span of cells."""

    demand: DemandTable
    universe: np.recarray  # [segment] SEGMENT
    patience: np.recarray  # [type, cell of the week] PATIENCE_OF_TYPE
    redials: np.recarray  # [type, cell of the week] REDIALS_OF_TYPE
    handling: HandlingTable
    resolution: np.recarray  # [type, cell of the week] RESOLUTION_OF_TYPE
    self_service: np.recarray  # [type] SELF_SERVICE_OF_TYPE
    chats: ChatTable
    messages: np.recarray  # [type] MESSAGING_OF_TYPE
    deferred: DeferredTable
    callbacks: np.recarray  # [type] CALLBACK_OF_TYPE
    transfers: np.recarray  # [type] TRANSFER_OF_TYPE
    history: np.recarray  # [type] HISTORY_OF_TYPE
    more_than_calls: np.ndarray | tuple[()]  # bool [type] (engine/steps/calls_only.py)
    routing: RoutingTable
    offers: OfferTable
    policies: PolicyTable
    legs: np.recarray  # [product] LEG_OF_PRODUCT
    lists: ListTable
    acceptance: AcceptanceTable
    levels: LevelTable
    changes: np.recarray  # [change] CHANGE
    staff: np.recarray  # [seat] STAFF
    experience: ExperienceTable
    surveys: SurveyTable
    relationship: RelationshipTable
    churn: np.recarray  # [segment] CHURN_OF_SEGMENT
    save_desk: SaveDeskTable
    loyalty: np.recarray  # [segment] LOYALTY_OF_SEGMENT
    holders: HolderTable
    within_ms: np.ndarray  # int64 [type] longest wait that counts as in time
    short_ms: np.ndarray  # int64 [type] giving up within this is short


class Planner:
    """Compiles the plans of one scenario; what does not change with the week is made once.

    Initiatives change what is made of a scenario, and in which weeks how many agents are on duty.
    """

    def __init__(self, scenario: Scenario, anchors: Anchors) -> None:
        self.scenario, self.anchors = scenario, anchors
        self.seats = seats_of_weeks(scenario, anchors.volume)
        self._calls = _listed_calls(scenario)
        self._more_than_calls = more_than_calls(scenario)
        self._levels: dict[tuple[int, int], LevelTable] = {}
        self._weekly: dict[tuple[int, int, int], np.recarray] = {}
        self._still: dict[Scenario, Plan] = {}
        self._staffing: dict[Scenario, list[GroupStaffing | None]] = {}

    def plan(self, first_cell: int, cells: int) -> Plan:
        """The plan of a span of cells, with today's customers only.

        Initiatives have the effect of its first week; a warm-up precedes them all.
        """
        week = first_cell // CELLS_PER_WEEK
        last = (first_cell + max(1, cells) - 1) // CELLS_PER_WEEK
        if (week, last) not in self._levels:
            self._levels[week, last] = self.seats.levels_of_span(week, last)
        scenario, levels = self.scenario.in_week(week), self._levels[week, last]
        if scenario not in self._still:
            self._still[scenario] = self._compile(scenario)
        still = self._still[scenario]
        expected = _expected(scenario, self.anchors, first_cell, cells)
        return still._replace(
            demand=still.demand._replace(first_cell=first_cell, expected=expected),
            levels=levels,
            changes=self._changes(levels, first_cell, cells),
        )

    def staffing(self, week: int) -> list[GroupStaffing | None]:
        """[group] its people, as they are in a week; weeks below 0 are the warm-up."""
        scenario = self.scenario.in_week(week)
        if scenario not in self._staffing:
            self._staffing[scenario] = staffing_of(scenario, self.seats, self.anchors)
        return self._staffing[scenario]

    def _compile(self, scenario: Scenario) -> Plan:
        return Plan(
            demand=_demand(scenario, self._calls),
            universe=compile_universe(scenario),
            patience=_patience(scenario),
            redials=_redials(scenario),
            handling=_handling(scenario),
            resolution=_resolution(scenario),
            self_service=_self_service(scenario),
            chats=_chats(scenario),
            messages=_messages(scenario),
            deferred=_deferred(scenario),
            callbacks=_callbacks(scenario),
            transfers=_transfers(scenario),
            history=_history(scenario),
            more_than_calls=self._more_than_calls,
            routing=_routing(scenario),
            offers=_offers(scenario),
            policies=_policies(scenario, charges_of_declined(scenario, self.anchors)),
            legs=_legs(scenario),
            lists=_lists(scenario),
            acceptance=_acceptance(scenario),
            levels=self.seats.warm_up,
            changes=changes(self.seats.warm_up, 0, 0),
            staff=alike(self.seats.warm_up),
            experience=compile_experience(scenario.spec.experience),
            surveys=compile_surveys(scenario.spec.surveys),
            relationship=_relationship(scenario, self.anchors),
            churn=_churn(scenario, self.anchors),
            save_desk=_save_desk(scenario),
            loyalty=compile_loyalty(scenario.spec.loyalty, scenario.spec.customers),
            holders=_holders(scenario),
            within_ms=np.array(
                [seconds_to_ms(c.service_level.within) for c in scenario.spec.contacts.values()]
            ),
            short_ms=np.array(
                [seconds_to_ms(c.short_abandonment) for c in scenario.spec.contacts.values()]
            ),
        )

    def _changes(self, levels: LevelTable, first_cell: int, cells: int) -> np.recarray:
        """Weeks with the same seats have the same changes of level, later."""
        cell_of_table = first_cell % levels.level.shape[1]
        key = id(levels), cell_of_table, cells
        if key not in self._weekly:
            self._weekly[key] = changes(levels, cell_of_table, cells)
        moved = self._weekly[key].copy()
        moved.at_ms += (first_cell - cell_of_table) * CELL_MS
        return moved


def for_state(plan: Plan, members: np.ndarray) -> Plan:
    """The plan at a state: `members` [segment] are customers until now, those who left included."""
    universe = plan.universe.copy()
    universe.members = members
    return plan._replace(universe=universe)


def with_people(plan: Plan, levels: LevelTable, staff: np.recarray) -> Plan:
    """The plan with those on duty who are there, and as good as they are."""
    first_cell, cells = plan.demand.first_cell, plan.demand.expected.shape[1]
    return plan._replace(levels=levels, changes=changes(levels, first_cell, cells), staff=staff)


def forecast_factor(cv: float, seed: int, replication: int) -> float:
    """The factor on all volumes of one replication: a gamma quantile of mean 1.

    Each replication has a factor of its own, and together they cover the distribution evenly,
    however many they are: their quantiles step by the golden section. So a few replications do not
    all happen to miss on one side.
    """
    if cv == 0:
        return 1.0
    shape = gamma_shape(cv)
    start = float(dice.uniform(dice.luck_of(seed, 0, "forecast"), dice.FORECAST_ERROR, 0))
    place = (start + replication * GOLDEN_SECTION) % 1.0
    place = min(max(place, NEXT_TO_0), 1 - NEXT_TO_0)
    return float(gamma_quantile(shape, place)) / shape

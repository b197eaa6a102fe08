"""A scenario: the spec, where each value came from, and what follows from both.

`load` reads a file with everything that it is based on. The small questions that many modules
ask of a scenario (when is a type open, which types does a group serve) are answered here once.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from functools import cache, cached_property

import numpy as np

from sim.core.clock import CELLS_PER_DAY, CELLS_PER_WEEK
from sim.core.errors import ScenarioError
from sim.domain.contacts.demand import by_cell, office_profile
from sim.domain.contacts.handling import (
    HoldSpec,
    TalkSpec,
    WrapUpSpec,
    split_handle,
    split_without_hold,
)
from sim.domain.contacts.opening import closed_cells, days_closed, parse_opening
from sim.domain.contacts.routing import ServesSpec
from sim.domain.customers.customers import SegmentSpec, joined_by
from sim.domain.customers.referral import most_referred
from sim.domain.study.horizon import HorizonSpec
from sim.domain.study.initiatives import InitiativeSpec, share_in_effect
from sim.language.by_interval import single
from sim.language.tree import Tree
from sim.language.validate import validate
from sim.scenario.contact_spec import ContactSpec
from sim.scenario.csv_tables import inline_files
from sim.scenario.drift import drifted, drifts, year_of
from sim.scenario.later_names import with_later_names
from sim.scenario.open_hours import volumes_while_open
from sim.scenario.patches import faults_of_patches, moved, spelled_out
from sim.scenario.spec import ScenarioSpec
from sim.scenario.times_of_day import at_times, averages

QUICK_WEEKS = 4


class Scenario:
    """A scenario that has been loaded and checked."""

    def __init__(
        self,
        tree: Tree,
        spec: ScenarioSpec,
        lineage: list[Scenario],
        unpatched: Scenario | None = None,
    ) -> None:
        self.tree, self.spec = tree, spec
        self.lineage = [*lineage, self]  # the root of the based_on chain first, this one last
        self.unpatched = unpatched  # the scenario of whose initiatives this one is made
        self.types = list(spec.contacts)
        self.segments = list(spec.customers)
        self.groups = list(spec.agents)
        self.products = list(spec.offers)
        self.opening = cache(self._opening)
        self.closed_days = cache(self._closed_days)
        self.reaching = cache(self._reaching)
        self.in_year = cache(self._in_year)
        self.profile = cache(self._profile)

    @property
    def root(self) -> Scenario:
        """The first file of the based_on chain: today's center."""
        return self.lineage[0]

    @cached_property
    def hash(self) -> str:
        """SHA-256 of what is played of the resolved scenario and of all that it is based on.

        What was solved or planned further down decides the run as well. How it is named, what is
        asked and how it is judged does not: a scenario that differs from the one below it only
        there has that one's hash.
        """
        below = self.lineage[-2] if len(self.lineage) > 1 else None
        if below is not None and below._played == self._played:
            return below.hash
        text = self._played + (below.hash if below is not None else "")
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def _played(self) -> str:
        return json.dumps(self.spec.as_played(), sort_keys=True) + self._makers_of_seats()

    def _makers_of_seats(self) -> str:
        """Which scenarios of the lineage make seats: the spec alone does not tell."""
        made = [g for g, a in self.spec.agents.items() if not a.positions or a.positions.meet]
        return str([self.lineage.index(self.maker_of_seats(group)) for group in made])

    @cached_property
    def at_times(self) -> list[tuple[np.ndarray, Scenario]]:
        """Bool [672] cells from the start, and the scenario in them, with one number of several."""
        found = at_times(self.spec)
        return [(self.from_start(cells), self.with_contacts(types)) for cells, types in found]

    @cached_property
    def on_average(self) -> Scenario:
        """The scenario with the mean, over its contacts, of what is typed by interval."""
        return self.with_contacts(averages(self.spec, self.coming))

    def coming(self, type_: str) -> np.ndarray:
        """[672] share of the week's contacts of a type in each cell from Monday 00:00."""
        return np.roll(self.profile(type_), self.spec.horizon.first_cell_of_week)

    def with_contacts(self, contacts: dict[str, ContactSpec]) -> Scenario:
        """The same scenario with other contact types; itself where they are the same."""
        if contacts == self.spec.contacts:
            return self
        spec = self.spec.model_copy(update={"contacts": contacts})
        return Scenario(self.tree, spec, self.lineage[:-1], self.unpatched)

    @property
    def planned(self) -> list[InitiativeSpec]:
        """Its initiatives, in the order in which they stand."""
        return list(self.spec.initiatives.values())

    @cached_property
    def patched(self) -> list[Scenario]:
        """A variant of the scenario as typed for each of its initiatives, with its patch alone."""
        trees = _patched(self.tree, self.spec)
        specs = [_typed(tree) for tree in trees]
        later = [with_later_names(spec, specs) for spec in specs]
        return [Scenario(*one, self.lineage, self) for one in zip(trees, later, strict=True)]

    @cached_property
    def _as_typed(self) -> ScenarioSpec:
        """What its tree says, whatever was made of it since: what patches are compared with."""
        return _spec(self.tree)

    def in_week(self, week: int) -> Scenario:
        """The scenario as initiatives and years have made it in a week; 0 is the horizon's first.

        Its seats are those of that week in `plan.seats_of_weeks`, not what its own numbers plan.
        """
        if week not in self._weeks:
            reached = self.reaching(*(share_in_effect(one, week) for one in self.planned))
            drifting = drifts(self.spec.finance)
            self._weeks[week] = self.in_year(reached, year_of(week)) if drifting else reached
        return self._weeks[week]

    @cached_property
    def _weeks(self) -> dict[int, Scenario]:
        """Those weeks that were asked for; each booking asks for all of them."""
        return {}

    @property
    def in_its_weeks(self) -> list[Scenario]:
        """All scenarios that its initiatives make of it within the horizon, in order, each once."""
        return list(dict.fromkeys(map(self.in_week, range(self.spec.horizon.n_weeks))))

    @property
    def at_the_end(self) -> Scenario:
        """The scenario as it is in the last week of the horizon."""
        return self.in_week(self.spec.horizon.n_weeks - 1)

    @property
    def as_wished(self) -> Scenario:
        """The scenario with those of its initiatives that cost nothing."""
        return self.reaching(*(0.0 if one.is_paid_for else one.adoption for one in self.planned))

    @property
    def with_all(self) -> Scenario:
        """The scenario with all of its initiatives, as far as they are taken up."""
        return self.reaching(*(one.adoption for one in self.planned))

    def _reaching(self, *shares: float) -> Scenario:
        """With a share of the effect of each initiative; itself where none has any."""
        if not any(shares):
            return self
        spec, typed = spelled_out(self.spec), spelled_out(self._as_typed)
        for share, one in zip(shares, self.patched, strict=True):
            spec = moved(spec, typed, spelled_out(one.spec), share)
        return Scenario(self.tree, spec, self.lineage, self)

    def _in_year(self, reached: Scenario, year: int) -> Scenario:
        """With the wages and prices of a year; as it is in the first."""
        if year == 0:
            return reached
        return Scenario(self.tree, drifted(reached.spec, year), self.lineage, self)

    def with_all_of(self, initiative: int) -> Scenario:
        """The scenario with the full effect of one of its initiatives, as a variant of it."""
        shares = [float(number == initiative) for number in range(len(self.planned))]
        spec = self.reaching(*shares).spec
        return Scenario(self.patched[initiative].tree, spec, self.lineage, self)

    def with_horizon(self, weeks: int, warm_up: str) -> Scenario:
        """The same center over another horizon, in average weeks.

        Without events, closed days, season, trend, initiatives and forecast error, and without a
        loyalty programme that starts later.
        """
        typed = {"start": self.spec.horizon.start, "weeks": weeks, "warm_up": warm_up}
        interval = f"{self.spec.horizon.interval} s"
        horizon = HorizonSpec.model_validate({**typed, "interval": interval})
        still = {"season": None, "trend": 0.0}
        contacts = {
            name: contact.model_copy(
                update={"volume": contact.volume.model_copy(update=still), "closed": None}
            )
            for name, contact in self.spec.contacts.items()
        }
        update = {"horizon": horizon, "contacts": contacts, "forecast_error": None, "closed": None}
        update |= {"events": {}, "initiatives": {}}
        if self.spec.loyalty is not None and self.spec.loyalty.from_week > 0:
            update["loyalty"] = None  # it does not run today
        return Scenario(self.tree, self.spec.model_copy(update=update), self.lineage[:-1])

    def renamed(self, name: str) -> Scenario:
        """The same scenario under another name."""
        spec = self.spec.model_copy(update={"name": name})
        return Scenario(self.tree, spec, self.lineage[:-1])

    def shortened(self) -> Scenario:
        """A first look: at most four weeks; events after them are left out."""
        weeks = min(QUICK_WEEKS, self.spec.horizon.n_weeks)
        horizon = self.spec.horizon.model_copy(update={"weeks": weeks})
        events = {n: e for n, e in self.spec.events.items() if min(e.weeks) <= weeks}
        spec = self.spec.model_copy(update={"horizon": horizon, "events": events})
        return Scenario(self.tree, spec, self.lineage[:-1])

    def from_start(self, cells: np.ndarray) -> np.ndarray:
        """[672] by cell from Monday 00:00 → from the start of the horizon."""
        return np.roll(cells, -self.spec.horizon.first_cell_of_week)

    def as_of(self, other: Scenario, cells: np.ndarray) -> np.ndarray:
        """[672] by cell from the start of the other's horizon → from the start of this one's."""
        shift = other.spec.horizon.first_cell_of_week - self.spec.horizon.first_cell_of_week
        return np.roll(cells, shift)

    def _opening(self, type_: str) -> np.ndarray:
        """[672] whether the type is open, from the start of the horizon."""
        spec = self.spec.contacts[type_]
        text = spec.open or self.spec.open
        if text is not None:
            return self.from_start(parse_opening(text))
        if spec.volume.calls is not None:
            return np.ones(CELLS_PER_WEEK, bool)
        return self.from_start(self._weights(type_) > 0)

    def dates_closed(self, type_: str) -> list[datetime.date]:
        """Dates on which the type is closed: its own, else those of the center."""
        own = self.spec.contacts[type_].closed
        return (own if own is not None else self.spec.closed) or []

    def _closed_days(self, type_: str) -> np.ndarray:
        """Bool [day of the horizon] closed by date; of no length where none is."""
        horizon = self.spec.horizon
        dates = self.dates_closed(type_)
        return days_closed(dates, horizon.start, horizon.cells // CELLS_PER_DAY)

    def opening_in(self, type_: str, week: int) -> np.ndarray:
        """[672] whether the type is open in a week, by hours and date; before 0 no date counts."""
        closed = closed_cells(self.closed_days(type_), week * CELLS_PER_WEEK, CELLS_PER_WEEK)
        return self.opening(type_) & ~closed

    def _weights(self, type_: str) -> np.ndarray:
        """[672] weights of the profile from Monday 00:00."""
        profile = self.spec.contacts[type_].volume.profile
        if isinstance(profile, list):
            cells = by_cell(np.array(profile), self.spec.horizon.interval_cells)
            assert cells is not None  # its length was checked on loading
            return cells
        return np.ones(CELLS_PER_WEEK) if profile == "flat" else office_profile()

    def _profile(self, type_: str) -> np.ndarray:
        """[672] share of the week's contacts in each cell, from the start of the horizon."""
        weights = self.from_start(self._weights(type_))
        if not self.comes_at_any_hour(type_):
            weights = weights * self.opening(type_)
        total = weights.sum()
        return weights / total if total > 0 else weights

    def comes_at_any_hour(self, type_: str) -> bool:
        """Whether contacts of a type come while nobody works on them, as emails do."""
        return self.spec.contacts[type_].deferred is not None

    def shares(self, type_: str) -> np.ndarray:
        """[segment] shares of a type's contacts; by the segments' counts where not given."""
        if not self.segments:
            return np.ones(1)
        given = self.spec.contacts[type_].shares
        if given is not None:
            return np.array([given.get(segment, 0.0) for segment in self.segments])
        counts = np.array([s.count for s in self.spec.customers.values()], float)
        return counts / counts.sum()

    def weekly_contacts(self, type_: str) -> float:
        """Typed contacts of an average week; 0 where none are typed."""
        return self.spec.contacts[type_].volume.per_week or 0.0

    def event_factors(self, type_: str) -> dict[int, float]:
        """Week (0, 1, …) → factor of dated events on the type's volume."""
        factors: dict[int, float] = {}
        for _, event in sorted(self.spec.events.items()):
            for week in event.weeks:
                factors[week - 1] = factors.get(week - 1, 1.0) * event.volume.get(type_, 1.0)
        return factors

    def handling(self, type_: str) -> tuple[TalkSpec, HoldSpec | None, WrapUpSpec | None]:
        """Talk, hold and wrap-up, also where only a handling time is given."""
        spec = self.spec.contacts[type_]
        if spec.handle is not None and spec.deferred:
            return TalkSpec.model_validate(f"{spec.handle} s"), None, None
        if spec.handle is not None and spec.messaging:
            return split_without_hold(spec.handle)
        if spec.handle is not None:
            return split_handle(spec.handle)
        assert spec.talk is not None
        return spec.talk, spec.hold, spec.wrap_up

    def harder(self, type_: str) -> float:
        """Factor on the work of contacts that agents see, because a bot solves easier ones."""
        bot = self.spec.contacts[type_].self_service
        return bot.harder if bot else 1.0

    def first_contact(self, type_: str) -> float:
        """Probability that an answered contact solves its issue: that of what a bot leaves."""
        resolution = self.spec.contacts[type_].resolution
        if resolution is None:
            return 1.0
        return max(0.0, 1.0 - (1.0 - single(resolution.first_contact)) * self.harder(type_))

    def rebound(self, type_: str) -> float:
        """Factor on new issues, because asking a bot has become easy."""
        bot = self.spec.contacts[type_].self_service
        return 1.0 + bot.rebound * bot.met * bot.solved if bot else 1.0

    def at_agents(self, type_: str) -> float:
        """New issues that come to agents first ÷ new issues of the volume."""
        bot = self.spec.contacts[type_].self_service
        return self.rebound(type_) * (1.0 - bot.kept) if bot else 1.0

    def serves(self, group: str) -> dict[str, ServesSpec]:
        """Types that a group serves, with how."""
        serves = self.spec.agents[group].serves
        if serves is None:
            return {type_: ServesSpec() for type_ in self.types}
        if isinstance(serves, dict):
            return serves
        return {type_: ServesSpec(priority=i) for i, type_ in enumerate(serves, start=1)}

    def types_of(self, group: str) -> list[str]:
        """Names of the types that a group serves."""
        return list(self.serves(group))

    def handed_to(self, group: str) -> list[str]:
        """Types from whose contacts customers are handed on to the group, or called later by it."""
        offers = [one for one in self.spec.offers.values() if one.policy.group == group]
        return [
            type_
            for type_, spec in self.spec.contacts.items()
            if (spec.transfer and spec.transfer.to == group)
            or any(offer.during is None or type_ in offer.during for offer in offers)
        ]

    def routes_of(self, type_: str) -> list[str]:
        """Groups that a type tries, in order."""
        routes = self.spec.contacts[type_].routes
        return routes or [group for group in self.groups if type_ in self.serves(group)]

    @property
    def people_react(self) -> bool:
        """Whether people of any group react to their load."""
        groups = self.spec.agents.values()
        return any(group.people and group.people.reacts for group in groups)

    @property
    def has_people(self) -> bool:
        """Whether any group has people one by one."""
        return any(group.people for group in self.spec.agents.values())

    @property
    def has_bot(self) -> bool:
        """Whether a bot stands in front of agents, in some week at least."""
        types = [spec for one in (self, *self.patched) for spec in one.spec.contacts.values()]
        return any(spec.self_service for spec in types)

    def is_tried_first(self, group: str) -> bool:
        """Whether any contacts try the group first: by these its seats can be planned."""
        return any(
            self.weekly_contacts(type_) > 0 and self.routes_of(type_)[:1] == [group]
            for type_ in self.types
        )

    def maker_of_seats(self, group: str) -> Scenario:
        """The scenario with whose volumes the group's seats are made.

        An initiative is a variant here too: what its patch says of seats is made by all of it, what
        the patch leaves is made further down.
        """
        named, alone = ("agents", group), ("agents",)
        key = self.spec.agents[group].staffed_by
        within = "heads" if key == "people" else "meet"
        makers = [(*at, *keys) for at in (named, alone) for keys in ((key, within), (key,))]
        replans = [(*at, "positions", "replan") for at in (named, alone)]
        below = self.unpatched
        if below is not None:
            typed = [one for one in makers if self.tree.origin(one) is not None][:1]
            is_patched = any(
                self.tree.origin(one) != below.tree.origin(one) for one in [*typed, *replans]
            )
            return self if is_patched else below.maker_of_seats(group)
        spec = self.spec.agents[group]
        if spec.positions is not None and spec.positions.replan:
            return self
        for path in (*makers, alone):
            place = self.tree.origin(path)
            if place is not None:
                return self.lineage[min(self.tree.level_of(place), len(self.lineage) - 1)]
        return self

    def blocks_in_the_end(self, segment: SegmentSpec) -> int:
        """Blocks of customers that will be open at the end of the horizon."""
        if not segment.acquisition:
            return 1
        weeks = self.spec.horizon.n_weeks
        referred = most_referred(self.spec.referral, segment.count, weeks)
        joined = joined_by(segment.acquisition.per_month, weeks, referred)
        return 1 + -(-joined // segment.count)

    @property
    def churn_models(self) -> dict[str, str]:
        """Segment → its churn model, issue or relationship; only where customers leave."""
        return {name: spec.churn.model for name, spec in self.spec.customers.items() if spec.churn}

    @property
    def remembers(self) -> bool:
        """Whether customers leave by what they remember."""
        return "relationship" in self.churn_models.values()


def _spec(tree: Tree) -> ScenarioSpec:
    """What a tree says, and what its initiatives will bring, asleep."""
    spec = _typed(tree)
    try:
        return with_later_names(spec, [_typed(one) for one in _patched(tree, spec)])
    except ScenarioError:  # what is wrong in a patch is told by the checks, at its place
        return spec


def _patched(tree: Tree, spec: ScenarioSpec) -> list[Tree]:
    return [tree.patched(("initiatives", name, "set"))[0] for name in spec.initiatives]


def _typed(tree: Tree) -> ScenarioSpec:
    try:
        return validate(ScenarioSpec, volumes_while_open(inline_files(tree)))
    except ScenarioError as refused:
        raise ScenarioError([*refused.problems, *faults_of_patches(tree)], tree.file) from None

"""The loop over weeks: play the week, count it, then let customers leave and join."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.core.clock import CELLS_PER_WEEK, MS_PER_WEEK
from sim.core.tables import CUSTOMER, NOT_YET, People, table
from sim.domain.contacts.demand import Fortune
from sim.domain.customers.customers import LEAVES, LEAVES_FOR_SERVICE, joined_by
from sim.domain.customers.holders import count_holders
from sim.domain.customers.loyalty import count_loyal
from sim.domain.customers.referral import Opinions, referred
from sim.domain.customers.relationship import look_back
from sim.engine import Carry, EngineName, get_ready, nothing_yet, simulate
from sim.engine.steps.contact import name_customers
from sim.engine.steps.selling import begin_as_holders
from sim.plan.luck import fortune_of
from sim.plan.plan import Plan, Planner, for_state
from sim.scenario.scenario import Scenario
from sim.weeks.announcements import announcements
from sim.weeks.counts import Size, Tally, blank_tally
from sim.weeks.departures import Departures, Ties, end_of_week, keep_some, no_departures
from sim.weeks.lists import LONG_AGO, on_lists
from sim.weeks.tally import count_open, count_span
from sim.weeks.workforce import Workforce


class Replication(NamedTuple):
    """What one replication leaves."""

    tally: Tally
    contacts: list[np.ndarray]  # of each span: every contact it touched; empty unless kept
    carry: Carry  # what was still under way at the end
    people: People


def open_people(scenario: Scenario, plan: Plan, fortune: Fortune) -> People:
    """Today's customers, active; and room for those to come."""
    rooms = [s.count * scenario.blocks_in_the_end(s) for s in scenario.spec.customers.values()]
    rows = table(CUSTOMER, sum(rooms))
    shape = (len(rows), len(scenario.products))
    never, none = np.full(shape, NOT_YET, np.int64), np.zeros(shape, np.int16)
    holds = np.zeros((len(rows), len(plan.holders.products)), np.int16)
    of_lists = (len(rows), len(plan.lists.lists))
    listed, called = np.full(of_lists, LONG_AGO, np.int16), np.zeros(of_lists, np.int16)
    people = People(rows, never, none, none.copy(), holds, listed, called)
    for s in range(len(rooms)):
        _join(scenario, plan, people, fortune, s, range(int(plan.universe[s].count)), week=0)
    return people


def _join(
    scenario: Scenario,
    plan: Plan,
    people: People,
    fortune: Fortune,
    segment: int,
    numbers: range,
    week: int,
) -> None:
    """The customers of a segment with these numbers become active."""
    base, luck = int(plan.universe[segment].first), fortune.segments[segment]
    name_customers(people.rows, plan.offers, segment, luck, base, numbers.start, numbers.stop)
    first, last = base + numbers.start, base + numbers.stop
    begin_as_holders(plan, people, first, last, week)
    if scenario.remembers:
        look_back(plan.relationship, segment, people.rows, first, last)
    people.rows.active[first:last] = 1
    people.rows.joined_week[first:last] = week


def play(
    planner: Planner,
    seed: int,
    replication: int,
    *,
    engine: EngineName = "compiled",
    keep_contacts: bool = False,
    weeks_at_once: int = 1,
    after_week: Callable[[], None] | None = None,
) -> Replication:
    """Play one replication of the horizon.

    `weeks_at_once` plays several weeks as one span: with customers who neither leave nor join, and
    without initiatives that begin in its midst, the result is the same to the bit. `after_week` is
    called as each span is done.
    """
    get_ready()
    scenario = planner.scenario
    tally = blank_tally(size_of(scenario))
    fortune = fortune_of(scenario, seed, replication)
    people: People | None = None
    carry: Carry | None = None
    plan: Plan | None = None
    contacts = []
    active = np.array([s.count for s in scenario.spec.customers.values()], np.int64)
    members = active.copy() if len(active) else np.zeros(1, np.int64)
    workforce = Workforce(planner.staffing(-1), seed, replication)
    if workforce.is_modelled:
        weeks_at_once = 1
    for first_cell, cells in _spans(scenario, weeks_at_once):
        plan = for_state(planner.plan(first_cell, cells), members)
        week = max(0, first_cell // CELLS_PER_WEEK)
        if workforce.is_modelled:
            if first_cell >= 0:
                workforce.come_and_go(planner.staffing(week), week, tally.people[week])
            plan = workforce.on_duty(plan, first_cell // CELLS_PER_WEEK, tally.people[week])
        if people is None or carry is None:
            people, carry = open_people(scenario, plan, fortune), nothing_yet(plan)
        if first_cell >= 0:
            tally.customers["active"][week, : len(active)] = active
            carry = _with(carry, [on_lists(plan, people, week)])
        span = simulate(plan, fortune, people, carry, engine)
        before = tally.handled.copy()
        count_span(tally, plan, people, span)
        carry = span.carry()
        if keep_contacts:
            contacts.append(span.contacts)
        if first_cell >= 0 and cells % CELLS_PER_WEEK == 0:
            weeks = cells // CELLS_PER_WEEK
            if workforce.is_modelled:
                workforce.end_week(plan, week, span, tally.handled, before, tally.people[week])
            members, announced, back = _end_week(tally, planner, plan, people, week, weeks, fortune)
            carry = _with(carry, announced)
            counts = tally.customers[week, : len(active)]
            active += counts["joined"] - counts["left"] + back
        else:
            for name in ("felt", "issues"):
                people.rows[name] = 0
        if after_week:
            after_week()
    assert people is not None
    assert carry is not None
    assert plan is not None  # a horizon has at least one cell
    count_open(tally, plan, carry.contacts)
    if scenario.spec.save_desk:
        _settle_the_rest(tally, plan, people, members)
    return Replication(tally, contacts, carry, people)


def _announcements(
    plan: Plan, people: People, counted: Departures, week: int, from_ms: int
) -> np.recarray:
    """Contacts of customers who announced in a week that they leave, in the week from `from_ms`."""
    rows = counted.announcing[: counted.counts.announced]
    return announcements(plan, people.rows, rows, week, from_ms)


def _settle_the_rest(tally: Tally, plan: Plan, people: People, members: np.ndarray) -> None:
    """Keep customers who announced it in the last weeks as often as earlier ones were kept."""
    for s in range(len(members)):
        counts = tally.customers[:, s]
        saved, lost = int(counts["saved"].sum()), int(counts["lost_at_desk"].sum())
        base = int(plan.universe[s].first)
        counted = no_departures(counts[-1], tally.ended[:, :, s], 0)
        share = saved / max(1, saved + lost)
        keep_some(people, base, base + int(members[s]), share, counted)
        _take_back(counts, counted.back)


def _take_back(counts: np.ndarray, back: np.ndarray) -> int:
    """Count kept customers as if they had never left; returns how many they are.

    `counts` [week] CUSTOMER_COUNTS until now, `back` [week in which they had left, fate].
    """
    for week in np.flatnonzero(back.sum(axis=1)).tolist():
        for_service = back[week, LEAVES_FOR_SERVICE]
        kept = for_service + back[week, LEAVES]
        counts["left"][week] -= kept
        counts["left_for_service"][week] -= for_service
        counts["active"][week + 1 :] += kept
    return int(back.sum())


def _with(carry: Carry, more: list[np.recarray]) -> Carry:
    """What crosses the week, and contacts that begin with the next one."""
    if not sum(map(len, more)):
        return carry
    contacts = np.concatenate([carry.contacts, *more])
    return carry._replace(contacts=contacts.view(np.recarray))


def size_of(scenario: Scenario) -> Size:
    """The size of a scenario's tally."""
    horizon = scenario.spec.horizon
    return Size(
        horizon.n_weeks,
        horizon.interval_cells,
        len(scenario.types),
        max(1, len(scenario.segments)),
        len(scenario.products),
        len(scenario.groups),
        max((spec.discount_weeks for spec in scenario.spec.offers.values()), default=0),
    )


def _spans(scenario: Scenario, weeks_at_once: int):
    """First cell and length of the warm-up and of each week."""
    horizon = scenario.spec.horizon
    if horizon.warm_up_cells:
        yield -horizon.warm_up_cells, horizon.warm_up_cells
    step = weeks_at_once * CELLS_PER_WEEK
    for first_cell in range(0, horizon.cells, step):
        yield first_cell, min(step, horizon.cells - first_cell)


def _end_week(
    tally: Tally,
    planner: Planner,
    plan: Plan,
    people: People,
    week: int,
    weeks: int,
    fortune: Fortune,
) -> tuple[np.ndarray, list[np.recarray], np.ndarray]:
    """Customers remember, leave and join.

    Returns the customers until now, the contacts of those who announced that they leave, and by
    segment how many were kept.
    """
    scenario = planner.scenario
    members = plan.universe.members.copy()
    counts = tally.contacts[: week + weeks]
    opinions = Opinions(*(counts[name].sum(axis=1) for name in Opinions._fields))
    today = planner.anchors.opinions
    announced = []
    ties = Ties(
        plan.churn, plan.relationship, plan.save_desk, plan.loyalty, plan.holders, plan.lists
    )
    back = np.zeros(len(scenario.spec.customers), np.int64)
    for s, spec in enumerate(scenario.spec.customers.values()):
        before = after = int(members[s])
        if spec.acquisition:
            extra = referred(scenario.spec.referral, today, spec.count, opinions)
            joined = joined_by(spec.acquisition.per_month, week + weeks, extra)
            after = max(before, spec.count + joined)  # fewer referrals send nobody away again
        base = int(plan.universe[s].first)
        room = before if scenario.spec.save_desk else 0
        counted = no_departures(tally.customers[week, s], tally.ended[:, :, s], room)
        end_of_week(ties, week, people, base, base + before, counted)
        counted.counts.joined = after - before
        back[s] = _take_back(tally.customers[: week + weeks, s], counted.back)
        from_ms = (week + weeks) * MS_PER_WEEK
        announced.append(_announcements(plan, people, counted, week, from_ms))
        _join(scenario, plan, people, fortune, s, range(before, after), week + weeks)
        if scenario.spec.loyalty:
            count_loyal(plan.loyalty, people.rows, base, base + after, tally.loyalty[week, s])
        if len(plan.holders.products):
            count_holders(people, base, base + after, week, tally.holders[week, s])
        members[s] = after
    return members, announced, back

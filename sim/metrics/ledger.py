"""Money, in lines that add up: to contribution, and to what is kept.

Contribution = margin of sales and of paid contacts − operating cost; costs are negative amounts.
People are paid for their hours: the labour lines add up to paid hours × wage. What is kept is the
base margin of customers less the discounts and rewards that keep them. It is no income of the
center, and counts only as a difference between two scenarios. A line's name is an account:
`margin:<product>:…`, `cost:labour:talk`, `kept:margin:<segment>`. Lines that begin with `memo:`
explain, and are never added.

Each week is booked at its own wages, prices, margins and unit costs, as initiatives have made them
by then. What is paid monthly is paid at the terms of the month, whenever it was sold. The lines
write one-off costs off over a year; `paid_ahead` says how much is paid earlier.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core.clock import (
    MONTHS_PER_YEAR,
    MS_PER_HOUR,
    MS_PER_MINUTE,
    SECONDS_PER_HOUR,
    WEEKS_PER_YEAR,
)
from sim.domain.study.costs import HOURS_PER_WEEK
from sim.metrics.bot_bills import bot_lines
from sim.metrics.labour import hours_paid, labour_lines, usual_hours
from sim.metrics.lines import line_of
from sim.metrics.outsourcing import HANDLING_MS, is_own, outsourcing_lines
from sim.metrics.paid_contacts import paid_lines
from sim.metrics.sales import months_in_a_week, sales_lines
from sim.metrics.terms import Lines, by_terms
from sim.metrics.turnover import turnover_lines
from sim.plan.anchors import Anchors
from sim.plan.weekly_seats import SeatsOfWeeks, seats_of_weeks
from sim.scenario.offer_spec import OfferSpec
from sim.scenario.scenario import Scenario
from sim.weeks.counts import Tally

# Accounts of agents who join, learn and leave; reports show them as one line.
COMING_AND_GOING = ("cost:hiring", "cost:training", "cost:preparation", "cost:severance")
SUPPORT = ("cost:supervision", "cost:quality_and_planning")


class Ledger(NamedTuple):
    """Amounts by line and week; shapes [replication, week] for stacked tallies."""

    lines: dict[str, np.ndarray]
    paid_hours: np.ndarray  # [replication, week] overtime included; a vendor's are not ours
    handling_hours: np.ndarray  # [replication, week] hours of handling, of those paid by hours
    once: dict[str, np.ndarray]
    """[replication, week] the part of a line that is a one-off cost, as it is written off."""
    paid_ahead: np.ndarray
    """[replication, week] one-off costs paid in the week, less what is written off in it."""

    def total(self, *accounts: str) -> np.ndarray:
        """[replication, week] sum of the lines whose names begin with one of the accounts."""
        chosen = [a for name, a in self.lines.items() if name.startswith(accounts)]
        return sum(chosen, np.zeros_like(self.paid_hours))

    @property
    def contribution(self) -> np.ndarray:
        """[replication, week] margin less operating cost."""
        return self.total("margin:", "cost:")

    @property
    def kept(self) -> np.ndarray:
        """[replication, week] customers' base margin, less discounts and rewards that keep them."""
        return self.total("kept:")

    @property
    def cash(self) -> np.ndarray:
        """[replication, week] contribution, with one-off costs in the week of their payment."""
        return self.contribution - self.paid_ahead

    @property
    def paid_once(self) -> np.ndarray:
        """[replication, week] one-off costs, above 0, in the week in which they are paid."""
        return self.paid_ahead - sum(self.once.values(), np.zeros_like(self.paid_ahead))

    def of_weeks(self, weeks: slice) -> Ledger:
        """The same ledger, of a slice of weeks alone; the first week is 0."""
        lines, once = (
            {name: amounts[:, weeks] for name, amounts in booked.items()}
            for booked in (self.lines, self.once)
        )
        paid, handling = self.paid_hours[:, weeks], self.handling_hours[:, weeks]
        return Ledger(lines, paid, handling, once, self.paid_ahead[:, weeks])

    def recurring(self) -> Ledger:
        """The same ledger, without one-off costs."""
        lines = {
            name: amounts - self.once[name] if name in self.once else amounts
            for name, amounts in self.lines.items()
        }
        return self._replace(lines=lines, once={}, paid_ahead=np.zeros_like(self.paid_ahead))


def book(scenario: Scenario, anchors: Anchors, tally: Tally) -> Ledger:
    """Book a tally of several replications: each of its arrays has them as its first axis."""
    seats = seats_of_weeks(scenario, anchors.volume)
    paid = hours_paid(scenario, seats, tally)
    usual = usual_hours(scenario, seats, paid)
    own = is_own(scenario)
    overtime = np.where(own, tally.time["overtime_ms"], 0) / MS_PER_HOUR
    handling_ms = np.where(own, sum(tally.time[name] for name in HANDLING_MS), 0)
    paid_hours = np.zeros(paid.shape[:2])
    for g in range(paid.shape[2]):
        paid_hours += paid[:, :, g] + overtime[:, :, g]
    once = _Once(scenario, paid_hours.shape)
    prepared = _preparation_hours(scenario)
    lines = by_terms(scenario, lambda one: _sales(one, tally))
    lines |= by_terms(scenario, lambda one: paid_lines(one, tally))
    lines |= by_terms(
        scenario, lambda one: labour_lines(one, seats, (paid, usual), prepared, tally)
    )
    lines |= by_terms(scenario, lambda one: outsourcing_lines(one, tally))
    lines |= by_terms(scenario, lambda one: bot_lines(one, tally))
    _book_changes(lines, once, scenario, seats, anchors, prepared)
    _book_people_cut(lines, once, scenario, tally)
    lines |= by_terms(scenario, lambda one: _operation(one, anchors, tally, paid_hours))
    _book_initiatives(lines, once, scenario)
    lines |= by_terms(scenario, lambda one: _customers(one, tally))
    lines |= by_terms(scenario, lambda one: turnover_lines(one, tally))
    for name in lines:
        line_of(name)
    handling_hours = handling_ms.sum(axis=2) / MS_PER_HOUR
    return Ledger(lines, paid_hours, handling_hours, once.lines, once.paid_ahead)


class _Once:
    """One-off costs: each is written off over the 52 weeks from its payment on.

    A horizon that ends earlier bears only its part, so that its yearly pace is not charged several
    times. `paid_ahead` says by how much payments precede what is written off.
    """

    def __init__(self, scenario: Scenario, shape: tuple[int, ...]) -> None:
        self.in_a_week = min(1.0, scenario.spec.horizon.length_weeks) / WEEKS_PER_YEAR
        self.paid_ahead = np.zeros(shape)
        self.lines: dict[str, np.ndarray] = {}

    def write_off(self, line: str, cost: float | np.ndarray, first: int = 0) -> np.ndarray:
        """[replication, week] the line with a further cost, paid in week `first` (from 0).

        The cost is that of all replications, or [replication].
        """
        amounts, paid = np.zeros_like(self.paid_ahead), np.asarray(cost)[..., None]
        amounts[:, first : first + WEEKS_PER_YEAR] = -paid * self.in_a_week
        self.paid_ahead[:, first : first + 1] += paid
        self.paid_ahead += amounts
        self.lines[line] = self.lines[line] + amounts if line in self.lines else amounts
        return self.lines[line].copy()


def _sales(scenario: Scenario, tally: Tally) -> Lines:
    lines = {}
    for p, (product, spec) in enumerate(scenario.spec.offers.items()):
        booked = sales_lines(spec, product, tally.sales[:, :, p], tally.ended[:, :, p], scenario)
        lines |= {name: amounts.sum(axis=-1) for name, amounts in booked.items()}
    return lines


def _book_changes(
    lines: Lines,
    once: _Once,
    scenario: Scenario,
    seats: SeatsOfWeeks,
    anchors: Anchors,
    prepared: np.ndarray,
) -> None:
    """Book what changes cost once: training before offers start, and severance of those cut.

    A group is trained for a product in the week in which it begins to offer it, [product, week,
    group] hours `prepared` each; where it grows later, those who are more are trained then, but
    people one by one as they join. A week's cut is against the week before; that of the first week
    is against the center of today.
    """
    in_weeks = [scenario.in_week(week) for week in range(len(seats.weeks))]
    heads = seats.usual_hours / HOURS_PER_WEEK
    one_by_one = [name for name, spec in scenario.spec.agents.items() if spec.people]
    has_people = np.array([name in one_by_one for name in scenario.groups])
    due = _preparation_due(in_weeks, np.where(has_people, seats.heads, heads), prepared, has_people)
    for week, cost in enumerate(due.tolist()):
        if week == 0 or cost:
            written_off = once.write_off("cost:preparation", cost, week)
    lines["cost:preparation"] += written_off
    before = {
        group: hours / HOURS_PER_WEEK
        for group, hours in anchors.paid_hours.items()
        if group not in one_by_one
    }
    for week, one in enumerate(in_weeks):
        now = dict(zip(scenario.groups, heads[week], strict=True))
        now = {group: n for group, n in now.items() if group not in one_by_one}
        by_themselves = dict(zip(scenario.groups, seats.not_paid_off[week], strict=True))
        there = {group: n - by_themselves.get(group, 0.0) for group, n in before.items()}
        cut, wage = _cut(one, there, now)
        hours = cut * one.spec.costs.severance_weeks * HOURS_PER_WEEK
        severance = hours * wage * (1 + one.spec.costs.on_cost)
        if week == 0 or severance:
            lines["cost:severance"] = once.write_off("cost:severance", severance, week)
        before = now


def _book_people_cut(lines: Lines, once: _Once, scenario: Scenario, tally: Tally) -> None:
    """Book the severance of those who are cut one by one, each in her week."""
    for g, group in enumerate(scenario.groups):
        cut = tally.people["cut"][:, :, g]
        for week in np.flatnonzero(cut.any(axis=0)).tolist():
            one = scenario.in_week(week)
            wage = one.spec.agents[group].wage * (1 + one.spec.costs.on_cost)
            hours = cut[:, week] * one.spec.costs.severance_weeks * HOURS_PER_WEEK
            lines["cost:severance"] = once.write_off("cost:severance", hours * wage, week)


def _preparation_hours(scenario: Scenario) -> np.ndarray:
    """[product, week, group] hours of training of each agent for what her group may offer.

    That is in contacts that it serves, or alone.
    """
    in_weeks = [scenario.in_week(week) for week in range(scenario.spec.horizon.n_weeks)]
    may = {
        one: [
            [_may_offer(one, group, offer) for group in scenario.groups]
            for offer in one.spec.offers.values()
        ]
        for one in set(in_weeks)
    }
    shape = (len(in_weeks), len(scenario.products), len(scenario.groups))
    offered = np.array([may[one] for one in in_weeks]).reshape(shape)
    seconds = [[o.preparation for o in one.spec.offers.values()] for one in in_weeks]
    hours = np.array(seconds, float) / SECONDS_PER_HOUR
    return (offered * hours[:, :, None]).swapaxes(0, 1)


def _preparation_due(
    in_weeks: list[Scenario], heads: np.ndarray, prepared: np.ndarray, has_people: np.ndarray
) -> np.ndarray:
    """[week] wages of the training of all who are first trained in it; `heads` [week, group].

    Groups of people [group] are trained once: later each of them is as she joins.
    """
    wages = np.array(
        [
            [agents.wage * (1 + one.spec.costs.on_cost) for agents in one.spec.agents.values()]
            for one in in_weeks
        ]
    )
    due = np.zeros(len(heads))
    for hours in prepared:
        trained = np.maximum.accumulate(np.where(hours > 0, heads, 0.0), axis=0)
        more = np.diff(trained, axis=0, prepend=0.0)
        was_trained = (trained > 0) & (trained > more)
        more = np.where(has_people & was_trained, 0.0, more)
        due += (more * wages * hours).sum(axis=1)
    return due


def _may_offer(scenario: Scenario, group: str, offer: OfferSpec) -> bool:
    """Whether a group makes an offer: during contacts that it serves, or as the only group."""
    if offer.policy.is_never:
        return False
    if offer.policy.group is not None:
        return offer.policy.group == group
    return offer.during is None or bool(set(offer.during) & set(scenario.types_of(group)))


def _cut(
    scenario: Scenario, before: dict[str, float], heads: dict[str, float]
) -> tuple[float, float]:
    """By how many heads the center shrinks, over all groups, and their mean wage per hour.

    People move between groups at no cost, so nobody is cut where one group grows as another
    shrinks. All groups that shrink share the cut in proportion. Where a group is gone altogether,
    the mean wage of the others stands for its own.
    """
    given = {group: max(0.0, n - heads.get(group, 0.0)) for group, n in before.items()}
    fewer = max(0.0, sum(before.values()) - sum(heads.values()))
    if not fewer:
        return 0.0, 0.0
    wage = {group: agents.wage for group, agents in scenario.spec.agents.items()}
    mean = sum(n * wage[group] for group, n in heads.items()) / (sum(heads.values()) or 1.0)
    wages = sum(n * wage.get(group, mean) for group, n in given.items())
    return fewer, wages / sum(given.values())


def _operation(scenario: Scenario, anchors: Anchors, tally: Tally, paid_hours: np.ndarray) -> Lines:
    costs = scenario.spec.costs
    length = scenario.spec.horizon.length_weeks
    sized_for = np.full(paid_hours.shape, sum(anchors.paid_hours.values()) * min(1.0, length))
    licence_per_hour = costs.licence * MONTHS_PER_YEAR / (WEEKS_PER_YEAR * HOURS_PER_WEEK)
    lines = {}
    for name, price in (("overhead", costs.overhead), ("licences", licence_per_hour)):
        lines[f"cost:{name}:fixed"] = -costs.fixed * price * sized_for
        lines[f"cost:{name}:by_hours"] = -(1 - costs.fixed) * price * paid_hours
    calls = [spec.channel == "voice" for spec in scenario.spec.contacts.values()]
    wait_ms = tally.contacts["wait_ms"] - tally.contacts["off_the_line_ms"]
    wait_ms = wait_ms + tally.legs["transfer_wait_ms"]
    minutes = wait_ms[:, :, calls].sum(axis=2) / MS_PER_MINUTE
    # Orders are taken on the line; wrap-up, chats and waiting to be called are not.
    on_the_line_ms = tally.time["talk_ms"] + tally.time["hold_ms"] + tally.time["offer_ms"]
    on_the_line_ms = on_the_line_ms - tally.time["off_the_line_ms"]
    minutes = minutes + on_the_line_ms.sum(axis=2) / MS_PER_MINUTE
    lines["cost:telecom"] = -costs.telecom * minutes
    return lines


def _book_initiatives(lines: Lines, once: _Once, scenario: Scenario) -> None:
    """Book what each initiative costs from its first week on: once, and every month."""
    per_week = months_in_a_week(scenario)
    weeks = range(once.paid_ahead.shape[1])
    for name, spec in sorted(scenario.spec.initiatives.items()):
        first, line = spec.from_week - 1, f"cost:initiatives:{name}"
        run_costs = [scenario.in_week(week).spec.initiatives[name].run_cost for week in weeks]
        lines[line] = once.write_off(line, spec.invest, first)
        lines[line][:, first:] -= np.array(run_costs[first:]) * per_week


def _customers(scenario: Scenario, tally: Tally) -> Lines:
    """The lines of customers: none is income or cost of the center.

    A reward is deadweight unless the customer would have left by then without it.
    """
    lines = {}
    per_week = months_in_a_week(scenario)
    for s, (segment, spec) in enumerate(scenario.spec.customers.items()):
        counts = tally.customers[:, :, s]
        active, joined = counts["active"], counts["joined"]
        lines[f"kept:margin:{segment}"] = spec.margin * per_week * active
        if spec.acquisition:
            lines[f"memo:acquisition:{segment}"] = -spec.acquisition.cost * joined
        programme = scenario.spec.loyalty
        if programme and programme.rewards(segment):
            rewards = np.where(np.arange(active.shape[1]) < programme.first_week, 0.0, -per_week)
            rewards *= programme.reward
            kept = np.zeros_like(active)
            kept[:, 1:] = tally.loyalty["kept_by_reward"][:, :-1, s]
            lines[f"kept:reward:{segment}"] = rewards * active
            lines[f"memo:deadweight:{segment}"] = rewards * (active - kept)
    return lines

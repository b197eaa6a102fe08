"""Money, in lines that add up: to contribution, and to what is kept.

Contribution = margin of what was sold − operating cost (costs are negative amounts). People are
paid for their hours: the labour lines add up to paid hours × wage. What is kept is the base margin
of customers less what it costs in discounts to keep them; it is no income of the center, and counts
only as a difference between two scenarios. A line's name is an account: `margin:<product>:…`,
`cost:labour:talk`, `kept:margin:<segment>`; lines beginning with `memo:` explain and are never
added.

One-off costs are written off over a year in the lines; `paid_ahead` says what is paid earlier.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core.clock import (
    CELLS_PER_HOUR,
    MONTHS_PER_YEAR,
    MS_PER_HOUR,
    MS_PER_MINUTE,
    SECONDS_PER_HOUR,
    WEEKS_PER_YEAR,
)
from sim.domain.study.costs import HOURS_PER_WEEK
from sim.metrics.lines import line_of
from sim.metrics.sales import months_in_a_week, sales_lines
from sim.plan.anchors import Anchors
from sim.plan.seats import compile_levels, paid_hours_per_week
from sim.scenario.offer_spec import OfferSpec
from sim.scenario.scenario import Scenario
from sim.weeks.counts import (
    OVERTIME,
    SCHEDULED,
    TIME_HOLD,
    TIME_OFFER,
    TIME_TALK,
    TIME_WRAP_UP,
    TRANSFER_WAIT_MS,
    WAIT_MS,
    Tally,
)

HANDLING = {
    "talk": TIME_TALK,
    "hold": TIME_HOLD,
    "offers": TIME_OFFER,
    "wrap_up": TIME_WRAP_UP,
}
# Accounts of agents who come, learn and go; reports show them as one line.
COMING_AND_GOING = ("cost:hiring", "cost:training", "cost:preparation", "cost:severance")


class Ledger(NamedTuple):
    """Amounts by line and week; shapes [replication, week] for stacked tallies."""

    lines: dict[str, np.ndarray]
    paid_hours: np.ndarray  # [replication, week] overtime included
    once: dict[str, np.ndarray]
    """What of a line is a one-off cost, written off."""
    paid_ahead: np.ndarray
    """[replication, week] of one-off costs: those paid in the week, less those written off."""

    def total(self, *accounts: str) -> np.ndarray:
        """[replication, week] sum of the lines whose names begin with one of the accounts."""
        chosen = [a for name, a in self.lines.items() if name.startswith(accounts)]
        return sum(chosen, np.zeros_like(self.paid_hours))

    @property
    def contribution(self) -> np.ndarray:
        """[replication, week]"""
        return self.total("margin:", "cost:")

    @property
    def kept(self) -> np.ndarray:
        """[replication, week] base margin of customers, net of discounts that keep them."""
        return self.total("kept:")

    @property
    def cash(self) -> np.ndarray:
        """[replication, week] contribution with one-off costs in the week in which they are paid"""
        return self.contribution - self.paid_ahead

    def of_weeks(self, weeks: slice) -> Ledger:
        """Some weeks (0, 1, …) of it."""
        lines, once = (
            {name: amounts[:, weeks] for name, amounts in booked.items()}
            for booked in (self.lines, self.once)
        )
        return Ledger(lines, self.paid_hours[:, weeks], once, self.paid_ahead[:, weeks])

    def recurring(self) -> Ledger:
        """The same without one-off costs."""
        lines = {
            name: amounts - self.once[name] if name in self.once else amounts
            for name, amounts in self.lines.items()
        }
        return self._replace(lines=lines, once={}, paid_ahead=np.zeros_like(self.paid_ahead))


def book(scenario: Scenario, anchors: Anchors, tally: Tally) -> Ledger:
    """Book a tally whose arrays have a leading axis of replications."""
    lines: dict[str, np.ndarray] = {}
    _book_sales(lines, scenario, tally)
    paid_hours = _book_labour(lines, scenario, anchors, tally)
    once = _Once(scenario, paid_hours.shape)
    _book_changes(lines, once, scenario, anchors)
    _book_operation(lines, scenario, anchors, tally, paid_hours)
    _book_initiatives(lines, once, scenario)
    _book_customers(lines, scenario, tally)
    for name in lines:
        line_of(name)
    return Ledger(lines, paid_hours, once.lines, once.paid_ahead)


class _Once:
    """Costs that come once: written off over the 52 weeks from theirs on.

    So a shorter horizon spoken per year is not charged with them several times; a horizon that
    ends before them bears only its part. `paid_ahead` is by how much the payment precedes that.
    """

    def __init__(self, scenario: Scenario, shape: tuple[int, ...]) -> None:
        self.in_a_week = min(1.0, scenario.spec.horizon.length_weeks) / WEEKS_PER_YEAR
        self.paid_ahead = np.zeros(shape)
        self.lines: dict[str, np.ndarray] = {}

    def write_off(self, line: str, cost: float, first: int = 0) -> np.ndarray:
        """[replication, week] of the line of a cost that is paid in week `first` (0, 1, …)."""
        amounts = np.zeros_like(self.paid_ahead)
        amounts[:, first : first + WEEKS_PER_YEAR] = -cost * self.in_a_week
        self.paid_ahead[:, first : first + 1] += cost
        self.paid_ahead += amounts
        self.lines[line] = amounts
        return amounts.copy()


def _book_sales(lines: dict[str, np.ndarray], scenario: Scenario, tally: Tally) -> None:
    for p, (product, spec) in enumerate(scenario.spec.offers.items()):
        booked = sales_lines(spec, product, tally.sales[:, :, p], tally.ended[:, :, p], scenario)
        lines |= {name: amounts.sum(axis=-1) for name, amounts in booked.items()}


def _book_labour(
    lines: dict[str, np.ndarray], scenario: Scenario, anchors: Anchors, tally: Tally
) -> np.ndarray:
    """[replication, week] hours paid; the lines of those who are paid for them."""
    levels = compile_levels(scenario, anchors.volume)
    seat_hours = levels.level.sum(axis=1) / CELLS_PER_HOUR
    paid_per_week = paid_hours_per_week(scenario, levels)
    costs = scenario.spec.costs
    hours = tally.time / MS_PER_HOUR
    paid_hours = np.zeros(hours.shape[:2])
    parts = [*HANDLING, "idle", "shrinkage", "overtime_premium", "on_cost"]
    labour = {name: np.zeros(hours.shape[:2]) for name in parts}
    hiring, training = np.zeros(hours.shape[:2]), np.zeros(hours.shape[:2])
    for g, spec in enumerate(scenario.spec.agents.values()):
        wage = spec.wage
        scheduled, overtime = hours[:, :, g, SCHEDULED], hours[:, :, g, OVERTIME]
        paid = scheduled * (paid_per_week[g] / seat_hours[g] if seat_hours[g] else 0.0)
        handled = np.zeros_like(scheduled)
        for name, part in HANDLING.items():
            labour[name] -= wage * hours[:, :, g, part]
            handled += hours[:, :, g, part]
        labour["idle"] -= wage * (scheduled + overtime - handled)
        labour["shrinkage"] -= wage * (paid - scheduled)
        labour["overtime_premium"] -= wage * (costs.overtime - 1) * overtime
        wages = wage * (paid + overtime * costs.overtime)
        labour["on_cost"] -= costs.on_cost * wages
        leavers = paid / HOURS_PER_WEEK * spec.turnover / WEEKS_PER_YEAR
        hiring -= leavers * costs.recruiting
        class_hours = costs.class_weeks * HOURS_PER_WEEK
        training -= leavers * class_hours * wage * (1 + costs.on_cost)
        paid_hours += paid + overtime
    lines |= {f"cost:labour:{name}": amount for name, amount in labour.items()}
    lines |= {"cost:hiring": hiring, "cost:training": training}
    return paid_hours


def _book_changes(
    lines: dict[str, np.ndarray], once: _Once, scenario: Scenario, anchors: Anchors
) -> None:
    """What it costs once to change: training before offers start, severance of those cut.

    A group is trained for what it may offer in some week: in contacts that it serves, or alone.
    Heads are cut against the center as it is today.
    """
    spec, costs = scenario.spec, scenario.spec.costs
    levels = compile_levels(scenario, anchors.volume)
    heads = paid_hours_per_week(scenario, levels) / HOURS_PER_WEEK
    wages = np.array([agents.wage for agents in spec.agents.values()]) * (1 + costs.on_cost)
    offered = {
        name
        for one in scenario.in_its_weeks
        for name, offer in one.spec.offers.items()
        if not offer.policy.is_never
    }
    training_s = [
        sum(
            offer.preparation
            for name, offer in spec.offers.items()
            if name in offered and _may_offer(scenario, group, offer)
        )
        for group in scenario.groups
    ]
    cut, wage_of_the_cut = _cut(scenario, anchors, dict(zip(scenario.groups, heads, strict=True)))
    preparation = float(heads * wages @ np.array(training_s)) / SECONDS_PER_HOUR
    severance_hours = cut * costs.severance_weeks * HOURS_PER_WEEK
    lines["cost:preparation"] = once.write_off("cost:preparation", preparation)
    severance = severance_hours * wage_of_the_cut * (1 + costs.on_cost)
    lines["cost:severance"] = once.write_off("cost:severance", severance)


def _may_offer(scenario: Scenario, group: str, offer: OfferSpec) -> bool:
    """Whether people of a group ever offer it: in what they serve, or where it is theirs alone."""
    if offer.policy.group is not None:
        return offer.policy.group == group
    return offer.during is None or bool(set(offer.during) & set(scenario.types_of(group)))


def _cut(scenario: Scenario, anchors: Anchors, heads: dict[str, float]) -> tuple[float, float]:
    """Heads that a scenario has fewer than today, in all, and their mean wage.

    Between groups people move for nothing, so nobody is cut where one group gives to another. Of
    the groups that give, all give in proportion; the mean wage stands for that of a group which is
    gone altogether.
    """
    today = {group: hours / HOURS_PER_WEEK for group, hours in anchors.paid_hours.items()}
    given = {group: max(0.0, n - heads.get(group, 0.0)) for group, n in today.items()}
    fewer = max(0.0, sum(today.values()) - sum(heads.values()))
    if not fewer:
        return 0.0, 0.0
    wage = {group: agents.wage for group, agents in scenario.spec.agents.items()}
    mean = sum(n * wage[group] for group, n in heads.items()) / (sum(heads.values()) or 1.0)
    wages = sum(n * wage.get(group, mean) for group, n in given.items())
    return fewer, wages / sum(given.values())


def _book_operation(
    lines: dict[str, np.ndarray],
    scenario: Scenario,
    anchors: Anchors,
    tally: Tally,
    paid_hours: np.ndarray,
) -> None:
    costs = scenario.spec.costs
    length = scenario.spec.horizon.length_weeks
    sized_for = np.full(paid_hours.shape, sum(anchors.paid_hours.values()) * min(1.0, length))
    licence_per_hour = costs.licence * MONTHS_PER_YEAR / (WEEKS_PER_YEAR * HOURS_PER_WEEK)
    for name, price in (("overhead", costs.overhead), ("licences", licence_per_hour)):
        lines[f"cost:{name}:fixed"] = -costs.fixed * price * sized_for
        lines[f"cost:{name}:by_hours"] = -(1 - costs.fixed) * price * paid_hours
    wait_ms = tally.contacts[..., WAIT_MS] + tally.legs[..., TRANSFER_WAIT_MS]
    minutes = wait_ms.sum(axis=2) / MS_PER_MINUTE
    minutes = minutes + tally.time[:, :, :, : len(HANDLING)].sum(axis=(2, 3)) / MS_PER_MINUTE
    lines["cost:telecom"] = -costs.telecom * minutes


def _book_initiatives(lines: dict[str, np.ndarray], once: _Once, scenario: Scenario) -> None:
    """What each costs from its first week on: every month, and once."""
    per_week = months_in_a_week(scenario)
    for name, spec in sorted(scenario.spec.initiatives.items()):
        first, line = spec.from_week - 1, f"cost:initiatives:{name}"
        lines[line] = once.write_off(line, spec.invest, first)
        lines[line][:, first:] -= spec.run_cost * per_week


def _book_customers(lines: dict[str, np.ndarray], scenario: Scenario, tally: Tally) -> None:
    """Base margin is never income of the center; acquisition is never its cost."""
    per_week = months_in_a_week(scenario)
    for s, (segment, spec) in enumerate(scenario.spec.customers.items()):
        active, joined = tally.customers[:, :, s, 0], tally.customers[:, :, s, 1]
        lines[f"kept:margin:{segment}"] = spec.margin * per_week * active
        if spec.acquisition:
            lines[f"memo:acquisition:{segment}"] = -spec.acquisition.cost * joined

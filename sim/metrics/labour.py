"""What is paid for people: the hours of those who are there, of those who join, of who leads them.

Agents are paid for their hours. A vendor's are the vendor's: see outsourcing.py.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core.clock import MS_PER_HOUR, WEEKS_PER_YEAR
from sim.domain.study.costs import HOURS_PER_WEEK, CostsSpec
from sim.metrics.outsourcing import HANDLING_MS
from sim.metrics.terms import Lines
from sim.plan.weekly_seats import SeatsOfWeeks
from sim.scenario.group_spec import GroupSpec
from sim.scenario.scenario import Scenario
from sim.weeks.counts import Tally

HANDLING = dict(zip(("talk", "hold", "offers", "wrap_up"), HANDLING_MS, strict=True))
"""Line of labour → the time that it pays."""


def hours_paid(scenario: Scenario, seats: SeatsOfWeeks, tally: Tally) -> np.ndarray:
    """[replication, week, group] hours paid, without overtime and without those in class.

    People who come and go one by one are paid for their week, or for the roster where it asks more
    of them; a part of a week is paid as a part. Heads are paid for days closed by date, too; seats
    are not.
    """
    on_duty = seats.seat_hours
    per_hour = np.divide(seats.paid_hours, on_duty, out=np.zeros_like(on_duty), where=on_duty > 0)
    paid = tally.time["scheduled_ms"] / MS_PER_HOUR * per_hour
    for g, spec in enumerate(scenario.spec.agents.values()):
        if spec.people:
            paid[:, :, g] = _hours_of_people(scenario, tally.people[:, :, g])
        elif spec.heads:
            for week in seats.with_closed_days:
                share = _played_share(scenario, seats, week)[g]
                paid[:, week, g] = seats.paid_hours[week, g] * share
    return paid


def usual_hours(scenario: Scenario, seats: SeatsOfWeeks, paid: np.ndarray) -> np.ndarray:
    """[replication, week, group] hours paid, as without days closed by date: people are as many."""
    usual = paid.copy()
    for week in seats.with_closed_days:
        usual[:, week] = seats.usual_hours[week] * _played_share(scenario, seats, week)
    return usual


def _played_share(scenario: Scenario, seats: SeatsOfWeeks, week: int) -> np.ndarray:
    """[group] share of the week's seat hours that lies within the horizon, closed days included."""
    level = seats.usual[week].level
    of_week = level.sum(axis=1)
    played = level[:, : scenario.spec.horizon.cells].sum(axis=1)
    return np.divide(played, of_week, out=np.zeros(len(level)), where=of_week > 0)


def _hours_of_people(scenario: Scenario, people: np.ndarray) -> np.ndarray:
    """[replication, week] hours paid to those on the floor, of PEOPLE_COUNTS."""
    of_week = np.minimum(1.0, scenario.spec.horizon.length_weeks - np.arange(people.shape[1]))
    contract = people["on_floor"] * HOURS_PER_WEEK * of_week
    return np.maximum(contract, people["rostered_ms"] / MS_PER_HOUR)


def labour_lines(
    scenario: Scenario,
    seats: SeatsOfWeeks,
    both_hours: tuple[np.ndarray, np.ndarray],
    prepared: np.ndarray,
    tally: Tally,
) -> Lines:
    """The lines of agents, of those who join, and of those who lead, check and plan.

    Agents are paid for their hours; a vendor's are the vendor's. Joiners replace leavers: each
    costs her recruiting, a class, and the training for all that her group offers in that week,
    [product, week, group] hours `prepared`. `both_hours` are those paid, and those of weeks without
    days closed by date, by which people are counted.
    """
    paid_hours, usual_hours = both_hours
    costs = scenario.spec.costs
    shape = tally.time.shape[:2]
    parts = [*HANDLING, "idle", "shrinkage", "overtime_premium", "on_cost"]
    labour = {name: np.zeros(shape) for name in parts}
    coming = {name: np.zeros(shape) for name in ("hiring", "training", "preparation")}
    loaded, trained = np.zeros(shape), prepared.sum(axis=0)
    for g, spec in enumerate(scenario.spec.agents.values()):
        if spec.paid:
            continue
        wage, paid, time = spec.wage, paid_hours[:, :, g], tally.time[:, :, g]
        scheduled, overtime = time["scheduled_ms"] / MS_PER_HOUR, time["overtime_ms"] / MS_PER_HOUR
        handled = np.zeros_like(scheduled)
        for name, part in HANDLING.items():
            hours = time[part] / MS_PER_HOUR
            labour[name] -= wage * hours
            handled += hours
        labour["idle"] -= wage * (scheduled + overtime - handled)
        labour["shrinkage"] -= wage * (paid - scheduled)
        labour["overtime_premium"] -= wage * (costs.overtime - 1) * overtime
        wages = wage * (paid + overtime * costs.overtime)
        labour["on_cost"] -= costs.on_cost * wages
        usual = usual_hours[:, :, g]
        come = _coming(spec, costs, usual, seats.hires_saved[:, g], tally.people[:, :, g])
        coming["hiring"] -= come.hired * costs.recruiting
        coming["training"] -= come.class_hours * wage * (1 + costs.on_cost)
        coming["preparation"] -= come.joined * trained[:, g] * wage * (1 + costs.on_cost)
        loaded += (paid + overtime) * wage * (1 + costs.on_cost)
    lines = {f"cost:labour:{name}": amount for name, amount in labour.items()}
    lines |= {f"cost:{name}": amount for name, amount in coming.items()}
    for name in ("supervision", "quality_and_planning"):
        support = getattr(costs, name)
        lines[f"cost:{name}"] = -loaded * (support.wage / support.span if support else 0.0)
    return lines


class _Coming(NamedTuple):
    """Who comes to a group; each [replication, week]."""

    hired: np.ndarray
    class_hours: np.ndarray
    joined: np.ndarray


def _coming(
    spec: GroupSpec, costs: CostsSpec, hours: np.ndarray, saved: np.ndarray, people: np.ndarray
) -> _Coming:
    """Who comes: one by one, or else in the place of the leavers that the turnover expects."""
    if spec.people:
        at_once = people["joined_at_once"] * costs.class_weeks
        class_hours = (people["in_class"] + at_once) * HOURS_PER_WEEK
        return _Coming(people["hired"], class_hours, people["joined"])
    hires = hours / HOURS_PER_WEEK * spec.turnover / WEEKS_PER_YEAR - saved
    return _Coming(hires, hires * costs.class_weeks * HOURS_PER_WEEK, hires)

"""The page of `staff`: seats that meet the service level, who fills them, and what is typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isnan

import numpy as np

from sim.core.clock import CELLS_PER_DAY, CELLS_PER_HOUR, MINUTES_PER_CELL, WEEKS_PER_YEAR
from sim.domain.contacts.opening import DAYS
from sim.plan.roster import Roster
from sim.plan.staff import GroupStaff
from sim.report.amounts import clock, money, percent_exact
from sim.report.pages.page import Page, Sheet
from sim.scenario.scenario import Scenario

NEED = (
    "group", "service level", "seats", "seat hours a week", "heads", "paid hours a week",
    "wages a year",
)  # fmt: skip
TYPED = ("group", "typed", "seat hours a week", "paid hours a week", "wages a year", "reaches")
SHIFTS = ("shift", "people")
_MOST_GAPS = 8


def staff_page(scenario: Scenario, found: Sequence[GroupStaff]) -> Page:
    """Need, rosters and what is typed; of a group that no contact tries first a note."""
    left_out = [name for name in scenario.groups if name not in {one.group for one in found}]
    notes = [f"{name}: no contact tries it first, so its need is not known" for name in left_out]
    heads = tuple(_need(one, scenario) for one in found)
    asked = Sheet("needed", NEED, heads, tuple(_beside(one) for one in found), wraps=False)
    rosters = [_roster(one, scenario) for one in found if one.roster is not None]
    typed = Sheet("as typed", TYPED, tuple(_typed(one) for one in found), wraps=False)
    lead = (
        "In closed form, by Erlang A over busy and quiet days; wages with on-costs, in"
        f" {scenario.spec.currency}." if scenario.spec.currency else
        "In closed form, by Erlang A over busy and quiet days; wages with on-costs."
    )  # fmt: skip
    return Page(scenario.spec.name, (lead,), (asked, *rosters, typed), tuple(notes))


def _need(one: GroupStaff, scenario: Scenario) -> tuple[str, ...]:
    target = f"{percent_exact(one.goal.share)} in {one.goal.within_s:g} s"
    return (
        one.group, target, _span(one.seats), f"{one.seat_hours:,.0f}", f"{one.heads:,}",
        f"{one.paid_hours:,.0f}", _wages(one.wage, one.paid_hours),
    )  # fmt: skip


def _typed(one: GroupStaff) -> tuple[str, ...]:
    span = _span(one.typed_seats)
    what = f"{span} seat{'' if span == '1' else 's'}"
    if one.typed_heads is not None:
        what = f"{one.typed_heads:,} head{'' if one.typed_heads == 1 else 's'}"
    hours = float(one.typed_seats.sum()) / CELLS_PER_HOUR
    reached = "" if isnan(one.reached) else f"{one.reached:.1%} in {one.goal.within_s:g} s"
    return (
        one.group, what, f"{hours:,.0f}", f"{one.typed_paid_hours:,.0f}",
        _wages(one.wage, one.typed_paid_hours), reached,
    )  # fmt: skip


def _wages(wage: float | None, hours: float) -> str:
    """Of a year; of a vendor nobody knows them."""
    return "a vendor's" if wage is None else money(wage * hours * WEEKS_PER_YEAR)


def _span(seats: np.ndarray) -> str:
    manned = seats[seats > 0]
    if not len(manned) or manned.min() == manned.max():
        return str(int(seats.max(initial=0)))
    return f"{int(manned.min())}–{int(manned.max())}"


def _beside(one: GroupStaff) -> str:
    mean, endless = (float(s.sum()) / CELLS_PER_HOUR for s in (one.on_mean_day, one.by_erlang_c))
    return (
        f"{one.group}: Erlang A on a mean day would say {mean:,.0f} seat hours, Erlang C on the"
        f" same busy and quiet days {endless:,.0f}"
    )


def _roster(one: GroupStaff, scenario: Scenario) -> Sheet:
    """People by shift, how far the roster is from the least paid hours, and what it leaves open."""
    roster = one.roster
    assert roster is not None
    people = np.bincount(roster.pattern, minlength=len(roster.names)).tolist()
    rows = tuple((name, f"{n:,}") for name, n in zip(roster.names, people, strict=True))
    shrinkage = scenario.spec.agents[one.group].away
    there = float(roster.present.sum()) / CELLS_PER_HOUR * (1 - roster.away(shrinkage))
    notes = [
        f"paid hours are {roster.gap:.1%} above the linear bound",
        f"scheduled ÷ required: {there / one.seat_hours:.2f}" if one.seat_hours else "",
        *_gaps(roster, scenario),
    ]
    return Sheet(f"roster of {one.group}", SHIFTS, rows, tuple(n for n in notes if n), wraps=False)


def _gaps(roster: Roster, scenario: Scenario) -> Iterator[str]:
    """What no shift reaches, from the first of the week on."""
    first = scenario.spec.horizon.first_cell_of_week
    missing = np.roll(roster.uncovered, first)
    starts = np.flatnonzero((missing > 0) & (missing != np.roll(missing, 1)))
    for cell in starts[:_MOST_GAPS].tolist():
        day, of_day = divmod(cell, CELLS_PER_DAY)
        when = f"{DAYS[day]} {clock(of_day * MINUTES_PER_CELL)}"
        yield f"from {when} {int(missing[cell])} missing, whatever the shifts"
    if len(starts) > _MOST_GAPS:
        yield f"and at {len(starts) - _MOST_GAPS} more times"

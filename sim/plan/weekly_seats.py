"""Which seats are filled, and which hours paid, in each week? Initiatives may change both.

What an initiative sets is planned once, for its full effect. In a week in which it has a part of
that, each cell has so much of the way from before to after, rounded half up. Where people go
`by: attrition`, no more seats go than people have left by then. The numbers of seats are those of
the horizon: each group has the rows of its largest level of any week.

On days closed by date nobody is on duty. Seats are not paid then; heads and people are, for they
are employed. How many people there are is told by the week as it is without such days.
"""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from sim.core.clock import CELLS_PER_HOUR, DAYS_PER_WEEK, WEEKS_PER_YEAR
from sim.domain.agents.rostering import LevelTable, round_half_up
from sim.domain.study.costs import HOURS_PER_WEEK
from sim.domain.study.initiatives import InitiativeSpec, share_in_effect, weeks_since
from sim.plan.hiring_targets import hiring_targets
from sim.plan.seats import (
    Solved,
    compile_levels,
    numbered,
    open_cells,
    paid_hours_per_week,
    posts,
    seats_key,
    whose_seats,
)
from sim.scenario.scenario import Scenario

_FLOAT_NOISE_DIGITS = 9  # 3 seats of the way at 1/3 are 1, not a little less


class SeatsOfWeeks(NamedTuple):
    """The seats of a horizon, and what is paid for them."""

    warm_up: LevelTable
    usual: list[LevelTable]  # of each week, as without days closed by date
    weeks: list[LevelTable]  # the same one where no such day takes a seat
    usual_hours: np.ndarray  # [week, group] paid, as without days closed by date
    paid_hours: np.ndarray  # [week, group]
    heads: np.ndarray  # [week, group] people employed; 0 where seats are typed
    not_paid_off: np.ndarray  # [week, group] heads fewer than a week before, who left by themselves
    hired_for: np.ndarray  # [week, group] people that orders aim at
    hires_saved: np.ndarray  # [week, group] leavers in whose place nobody is hired

    def levels(self, week: int) -> LevelTable:
        """The seats of a week; weeks below 0 are the warm-up."""
        return self.weeks[week] if week >= 0 else self.warm_up

    def levels_of_span(self, first: int, last: int) -> LevelTable:
        """The seats of several weeks: of any of them where they are alike, else of all weeks."""
        tables = [self.levels(week) for week in range(first, min(last, len(self.weeks) - 1) + 1)]
        if all(one is tables[0] for one in tables):
            return tables[0]
        of_all = [*self.weeks, *[self.warm_up] * max(0, -first)]
        level, closed = (
            np.hstack([getattr(one, name) for one in of_all]) for name in ("level", "closed")
        )
        return tables[0]._replace(level=level, closed=closed)

    @property
    def are_the_same(self) -> bool:
        """Whether all weeks have the same seats, apart from days closed by date."""
        return all(levels is self.warm_up for levels in self.usual)

    @property
    def with_closed_days(self) -> list[int]:
        """Weeks in which days closed by date take seats."""
        pairs = enumerate(zip(self.usual, self.weeks, strict=True))
        return [week for week, (one, two) in pairs if one is not two]

    @property
    def seat_hours(self) -> np.ndarray:
        """[week, group] hours on duty, by the plan."""
        return np.array([one.level.sum(axis=1) / CELLS_PER_HOUR for one in self.weeks])


class _Step(NamedTuple):
    """What one initiative makes of the seats, with all of its effect."""

    spec: InitiativeSpec
    touched: np.ndarray  # bool [group]
    level: np.ndarray  # [group, 672]
    heads: np.ndarray  # [group]


_made: WeakKeyDictionary[Scenario, dict[str, SeatsOfWeeks]] = WeakKeyDictionary()


def seats_of_weeks(scenario: Scenario, solved: Solved | None = None) -> SeatsOfWeeks:
    """The seats of every week of a scenario, made once; `solved` as for `compile_levels`."""
    scenario = whose_seats(scenario)
    changed = map(scenario.with_all_of, _touching(scenario))
    made = _made.setdefault(scenario, {})
    key = "|".join(seats_key(one, solved) for one in (scenario, *changed))
    if key not in made:
        made[key] = _make(scenario, solved)
    return made[key]


def _touching(scenario: Scenario) -> list[int]:
    """Numbers of the initiatives that change seats, or what is paid for them."""
    full = enumerate(map(scenario.with_all_of, range(len(scenario.planned))))
    return [number for number, one in full if _touched(scenario, one).any()]


def _touched(before: Scenario, after: Scenario) -> np.ndarray:
    """Bool [group]: whose seats differ by what is typed of them."""
    pairs = zip(before.spec.agents.items(), after.spec.agents.values(), strict=True)
    return np.array(
        [
            (one.positions, one.employed, one.shifts, one.away)
            != (two.positions, two.employed, two.shifts, two.away)
            or after.maker_of_seats(group) is after
            for (group, one), two in pairs
        ]
    )


def _make(scenario: Scenario, solved: Solved | None) -> SeatsOfWeeks:
    typed = compile_levels(scenario, solved)
    steps = []
    for number in _touching(scenario):
        full = scenario.with_all_of(number)
        touched, level = _touched(scenario, full), compile_levels(full, solved).level
        level = np.where(touched[:, None], level, typed.level)
        steps.append(_Step(scenario.planned[number], touched, level, _heads(full)))
    weeks = range(scenario.spec.horizon.n_weeks)
    stay = [_share_who_stay(scenario, steps, week) for week in weeks]
    level = [
        np.maximum(
            _whole(_mixed(typed.level, [step.level for step in steps], steps, week)),
            _whole(typed.level * stay[week][:, None]),
        )
        for week in weeks
    ]
    heads = [
        np.maximum(
            _mixed(_heads(scenario), [step.heads for step in steps], steps, week),
            _heads(scenario) * stay[week],
        )
        for week in weeks
    ]
    aims = hiring_targets(scenario, np.array(heads))
    most = np.ceil(aims.max(axis=0)).astype(np.int64).tolist()
    in_weeks = {scenario.in_week(week) for week in weeks}
    rows = np.max([posts(one, most) for one in (scenario, *in_weeks)], axis=0)
    first_seat = numbered(np.maximum(np.array([typed.level, *level]).max(axis=(0, 2)), rows))
    tables = {typed.level.tobytes(): typed._replace(first_seat=first_seat)}
    for one in level:
        tables.setdefault(one.tobytes(), typed._replace(level=one, first_seat=first_seat))
    usual = [tables[one.tobytes()] for one in level]
    paid = _paid(scenario, usual, heads, solved)
    typed_paid = paid_hours_per_week(scenario, typed, _heads(scenario), solved)
    fewer = np.maximum(0.0, -np.diff(np.vstack([typed_paid, paid]), axis=0)) / HOURS_PER_WEEK
    not_paid_off = np.where(np.array(stay) > 0, fewer, 0.0)
    open_weeks = [_while_open(scenario, levels, week) for week, levels in enumerate(usual)]
    has_closed_days = any(one is not two for one, two in zip(usual, open_weeks, strict=True))
    return SeatsOfWeeks(
        tables[typed.level.tobytes()],
        usual,
        open_weeks,
        paid,
        _paid(scenario, open_weeks, heads, solved) if has_closed_days else paid,
        np.array(heads),
        not_paid_off,
        aims,
        _hires_saved(scenario, paid, not_paid_off),
    )


def _paid(
    scenario: Scenario, weeks: list[LevelTable], heads: list[np.ndarray], solved: Solved | None
) -> np.ndarray:
    """[week, group] hours paid at the seats of each week."""
    return np.array(
        [
            paid_hours_per_week(scenario.in_week(week), levels, heads[week], solved)
            for week, levels in enumerate(weeks)
        ]
    )


def _while_open(scenario: Scenario, usual: LevelTable, week: int) -> LevelTable:
    """The seats of a week without those of days closed by date; itself where these have none."""
    days = range(week * DAYS_PER_WEEK, (week + 1) * DAYS_PER_WEEK)
    if not any(
        scenario.closed_days(type_)[days.start : days.stop].any() for type_ in scenario.types
    ):
        return usual
    one = scenario.in_week(week)
    shut = open_cells(one) & ~open_cells(one, week)
    if not shut.any():
        return usual
    closed = np.where(shut, 1, usual.closed)
    return usual._replace(level=np.where(shut, 0, usual.level), closed=closed)


def _heads(scenario: Scenario) -> np.ndarray:
    """[group] people employed; 0 where seats are typed."""
    return np.array([float(spec.employed or 0) for spec in scenario.spec.agents.values()])


def _mixed(
    before: np.ndarray, after: list[np.ndarray], steps: list[_Step], week: int
) -> np.ndarray:
    """Each initiative adds its share of what it changes in the end."""
    mixed = before.astype(float)
    for step, one in zip(steps, after, strict=True):
        mixed += share_in_effect(step.spec, week) * (one - before)
    return mixed


def _whole(seats: np.ndarray) -> np.ndarray:
    return round_half_up(np.round(seats, _FLOAT_NOISE_DIGITS))


def _share_who_stay(scenario: Scenario, steps: list[_Step], week: int) -> np.ndarray:
    """[group] of today's people those who have not left, where they go by attrition; else 0.

    A vendor's seats go when its contract says so.
    """
    turnover = np.array([spec.turnover for spec in scenario.spec.agents.values()])
    is_own = np.array([spec.paid is None for spec in scenario.spec.agents.values()])
    stay = np.zeros(len(turnover))
    for step in steps:
        weeks = weeks_since(step.spec, week)
        if step.spec.by == "attrition" and weeks > 0:
            left_a_week = np.minimum(1.0, turnover / WEEKS_PER_YEAR)
            stay = np.where(step.touched & is_own, (1.0 - left_a_week) ** weeks, stay)
    return stay


def _hires_saved(scenario: Scenario, paid_hours: np.ndarray, gone: np.ndarray) -> np.ndarray:
    """[week, group] leavers in whose place nobody is hired, of `gone` who left by themselves.

    Where a whole seat went before a whole person had left, the next leavers are not replaced.
    """
    weeks = range(len(paid_hours))
    turnover = [[a.turnover for a in scenario.in_week(w).spec.agents.values()] for w in weeks]
    leavers = paid_hours / HOURS_PER_WEEK * np.array(turnover) / WEEKS_PER_YEAR
    needed = np.cumsum(leavers - gone, axis=0)
    most = np.maximum.accumulate(np.vstack([np.zeros_like(needed[:1]), needed]), axis=0)
    return np.where(gone.any(axis=0), leavers - np.diff(most, axis=0), 0.0)

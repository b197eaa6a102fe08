"""How few paid hours could cover a week, if people could be split? The linear bound of a roster.

A linear programme by HiGHS: how many have each start, on which days they work, and when they pause.
Pauses are by start, day and moment, so that every legal choice is in it (Aykin 1996). What a roster
costs is compared with its optimum, and begins from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.core.clock import CELLS_PER_DAY, CELLS_PER_HOUR, CELLS_PER_WEEK, DAYS_PER_WEEK
from sim.domain.agents.shifts import Pause

SHORT_COSTS = 1000.0  # paid hours for a post missing for a quarter hour: no roster saves so many
_TIE = 1e-6  # of the index, so that of equals the first is taken
_GOAL_COSTS = 1e-5  # less than a paid hour, so that nobody works longer for it


class Duty(NamedTuple):
    """One shift at each of its starts."""

    name: str
    starts: np.ndarray  # int64 [start] quarter hours of the day
    cells: np.ndarray  # int64 [start, day, cell of the shift] cells of the week from Monday
    pauses: tuple[Pause, ...]
    days: int
    paid_hours: float  # a week
    most: float  # share of all posts; 1 where there is no limit


class Relaxed(NamedTuple):
    """The optimum of the linear programme."""

    paid_hours: float
    uncovered_hours: float
    posts: list[np.ndarray]  # by duty [start]
    shifts: list[np.ndarray]  # by duty [start, day]


def duty(
    name: str,
    starts: Sequence[int],
    length: int,
    pauses: tuple[Pause, ...],
    days: int,
    paid_hours: float,
    most: float | None,
) -> Duty:
    """A shift of `length` quarter hours, laid into the week."""
    at = np.array(starts, np.int64)
    day = CELLS_PER_DAY * np.arange(DAYS_PER_WEEK)
    cells = (at[:, None, None] + day[None, :, None] + np.arange(length)) % CELLS_PER_WEEK
    return Duty(name, at, cells, pauses, days, paid_hours, 1.0 if most is None else most)


class _Columns:
    """Where the variables of the programme stand."""

    def __init__(self, duties: Sequence[Duty]) -> None:
        self.posts, self.shifts, self.moments = [], [], []
        at = 0
        for one in duties:
            n = len(one.starts)
            self.posts.append(at + np.arange(n))
            self.shifts.append(at + n + np.arange(n * DAYS_PER_WEEK).reshape(n, DAYS_PER_WEEK))
            at += n * (1 + DAYS_PER_WEEK)
        for one in duties:
            by_pause = []
            for pause in one.pauses:
                shape = (len(one.starts), DAYS_PER_WEEK, pause.latest - pause.earliest + 1)
                by_pause.append(at + np.arange(np.prod(shape)).reshape(shape))
                at += by_pause[-1].size
            self.moments.append(by_pause)
        self.short, self.below_goal = at, at + CELLS_PER_WEEK
        self.total = at + 2 * CELLS_PER_WEEK


class _Rows:
    """A sparse matrix, filled row by row: sum of coefficient × variable against `right`."""

    def __init__(self) -> None:
        self.row, self.column, self.value = [], [], []
        self.right: list[float] = []

    def add(self, terms: Sequence[tuple[np.ndarray, float]], right: float) -> None:
        """One row."""
        for columns, coefficient in terms:
            self.column += np.ravel(columns).tolist()
            self.value += [coefficient] * np.size(columns)
            self.row += [len(self.right)] * np.size(columns)
        self.right.append(right)

    def matrix(self, columns: int):
        """The rows as scipy takes them."""
        from scipy.sparse import coo_matrix

        shape = (len(self.right), columns)
        return coo_matrix((self.value, (self.row, self.column)), shape=shape).tocsr()


def relax(need: np.ndarray, goal: np.ndarray, duties: Sequence[Duty], heads: int | None) -> Relaxed:
    """Least paid hours that cover `need` [672 from Monday]; with `heads`, least uncovered first.

    `goal` is as `need`, or more where so many heads reach further. A post missing counts as much as
    a thousand paid hours, so that what no shift reaches stays uncovered.
    """
    from scipy.optimize import linprog

    at = _Columns(duties)
    equal, at_most = _Rows(), _Rows()
    for d, one in enumerate(duties):
        for start in range(len(one.starts)):
            posts, shifts = at.posts[d][start], at.shifts[d][start]
            equal.add([(shifts, 1.0), (posts, -float(one.days))], 0.0)
            for day in range(DAYS_PER_WEEK):
                at_most.add([(shifts[day], 1.0), (posts, -1.0)], 0.0)
                for moments in at.moments[d]:
                    equal.add([(moments[start, day], 1.0), (shifts[day], -1.0)], 0.0)
        if one.most < 1.0:
            others = [posts for other, posts in enumerate(at.posts) if other != d]
            terms = [(at.posts[d], 1.0 - one.most), *((posts, -one.most) for posts in others)]
            at_most.add(terms, 0.0)
    if heads is not None:
        equal.add([(np.concatenate(at.posts), 1.0)], float(heads))
    _cover(at_most, at, need, goal, duties)
    cost = np.zeros(at.total)
    for d, one in enumerate(duties):
        cost[at.posts[d]] = one.paid_hours
    cost += _TIE * np.arange(at.total) * (np.arange(at.total) < at.short)
    cost[at.short : at.below_goal] = SHORT_COSTS
    cost[at.below_goal :] = SHORT_COSTS * _GOAL_COSTS
    found = linprog(
        cost,
        A_ub=at_most.matrix(at.total), b_ub=at_most.right,
        A_eq=equal.matrix(at.total), b_eq=equal.right,
        method="highs-ipm",
    ).x  # fmt: skip
    posts = [found[columns] for columns in at.posts]
    paid = sum(float(n.sum()) * one.paid_hours for n, one in zip(posts, duties, strict=True))
    short = float(found[at.short : at.below_goal].sum()) / CELLS_PER_HOUR
    return Relaxed(paid, short, posts, [found[columns] for columns in at.shifts])


def _cover(
    rows: _Rows, at: _Columns, need: np.ndarray, goal: np.ndarray, duties: Sequence[Duty]
) -> None:
    """Who is there and not on a pause, with those missing, is at least the need, and the goal."""
    there: list[list[int]] = [[] for _ in range(CELLS_PER_WEEK)]
    away: list[list[int]] = [[] for _ in range(CELLS_PER_WEEK)]
    for d, one in enumerate(duties):
        for (start, day, _), cell in np.ndenumerate(one.cells):
            there[cell].append(at.shifts[d][start, day])
        for pause, moments in zip(one.pauses, at.moments[d], strict=True):
            for (start, day, i), column in np.ndenumerate(moments):
                first = pause.earliest + i
                for cell in one.cells[start, day, first : first + pause.cells]:
                    away[cell].append(column)
    for cell in range(CELLS_PER_WEEK):
        present = [(np.array(there[cell], int), -1.0), (np.array(away[cell], int), 1.0)]
        for wanted, missing in ((need, at.short), (goal, at.below_goal)):
            if wanted[cell] > 0 and (wanted is need or goal[cell] > need[cell]):
                rows.add([*present, (np.array(missing + cell), -1.0)], -float(wanted[cell]))

"""Who works when? A fixed list of posts that covers what a week needs, legal pauses included.

In stages: the linear programme says how many have each start and on which days (covering.py). What
of that is whole becomes posts. Post by post is then added, or put on the best start, days and
pauses given all others, until everything is covered that a shift can reach, or all heads have a
post. Last, pauses go to the least loaded legal moment. Steps are counted, never timed, and of
equals the first is taken, so that the same input gives the same roster on any machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.core.clock import CELLS_PER_HOUR, CELLS_PER_WEEK, DAYS_PER_WEEK
from sim.domain.agents.shifts import ShiftSpec, parse_starts
from sim.plan.covering import SHORT_COSTS, Duty, Relaxed, duty, relax

_ROUNDS = 2  # in which every post is put anew, before any is added, and after each of the last
_LAST_ROUNDS = 6
_FLOAT_NOISE = 1e-6
_TRIED = (_FLOAT_NOISE, 0.5)
"""Added to the posts of a start before they are cut to whole ones; the best roster is taken."""
_FEW_POSTS = 300  # with more, one try is near the bound and takes long enough
_GOAL_WEIGHT, _EVEN_WEIGHT = 1e-3, 1e-4
_LAST_ADDED = 3  # posts added below the linear bound with others put anew each time
_STALLED = 4  # posts added in a row that cover nothing more


class Roster(NamedTuple):
    """Posts of a week, which repeats. Cells are those of a week from the start of the horizon."""

    present: np.ndarray  # bool [post, 672] on duty and not on a pause
    paid_hours: np.ndarray  # float [post] a week
    pattern: np.ndarray  # int64 [post] which of the names
    names: tuple[str, ...]  # of the shifts
    needed: np.ndarray  # int64 [672] posts needed
    least_paid_hours: float  # a week, of the linear bound: nothing that covers as much costs less
    least_uncovered_hours: float  # a week, of the same

    @property
    def uncovered(self) -> np.ndarray:
        """[672] posts that are needed and not there."""
        return np.maximum(0, self.needed - self.present.sum(axis=0))

    @property
    def gap(self) -> float:
        """Paid hours beyond the linear bound, as a share of it."""
        bound = self.least_paid_hours
        return float(self.paid_hours.sum()) / bound - 1.0 if bound > 0 else 0.0

    def away(self, shrinkage: float) -> float:
        """Share of those at work by the roster who are not: with pauses that is the shrinkage."""
        at_work = float(self.present.sum()) / CELLS_PER_HOUR
        return 1.0 - (1.0 - shrinkage) * float(self.paid_hours.sum()) / at_work

    def rolled(self, cells: int) -> Roster:
        """The same from another start of the week."""
        return self._replace(
            present=np.roll(self.present, cells, axis=1), needed=np.roll(self.needed, cells)
        )


class _Post(NamedTuple):
    duty: int
    start: int
    days: np.ndarray  # [day worked]
    moments: np.ndarray  # [pause, day worked] cell of the shift in which it begins
    cells: np.ndarray  # of the week, in which it is present


def make_roster(
    needed: np.ndarray, shifts: Mapping[str, ShiftSpec], heads: int | None = None
) -> Roster:
    """The roster of a week from Monday for posts `needed` [672], with few paid hours.

    With `heads`, for exactly so many, leaving the least uncovered, and then with few paid hours;
    where they are more than it takes, the others are spread like the need.
    """
    needed = np.asarray(needed, np.int64)
    duties = [
        duty(
            name, parse_starts(spec.starts), spec.cells, spec.pauses, spec.days,
            spec.paid_hours_per_week, spec.share,
        )
        for name, spec in shifts.items()
    ]  # fmt: skip
    bench = _filled(needed, duties, None)
    if heads is not None and heads < len(bench.posts):
        bench = _filled(needed, duties, heads)
    elif heads is not None:
        bench.add_up_to(heads, _goal(needed, duties, heads))
    posts = sorted(bench.posts, key=lambda post: (post.duty, post.start))
    present = np.zeros((len(posts), CELLS_PER_WEEK), bool)
    for row, post in zip(present, posts, strict=True):
        row[post.cells] = True
    return Roster(
        present,
        np.array([duties[post.duty].paid_hours for post in posts], float),
        np.array([post.duty for post in posts], np.int64),
        tuple(shifts),
        needed,
        bench.bound.paid_hours,
        bench.bound.uncovered_hours,
    )


def _filled(needed: np.ndarray, duties: Sequence[Duty], heads: int | None) -> _Bench:
    """The better one of the rosters that are tried."""
    goal = _goal(needed, duties, heads)
    bound = relax(needed, goal, duties, heads)
    n = sum(float(posts.sum()) for posts in bound.posts)
    tried = _TRIED[: 2 if n < _FEW_POSTS else 1]
    benches = [_Bench(needed, goal, duties, heads, bound) for _ in tried]
    for whole, one in zip(tried, benches, strict=True):
        one.fill(whole)
    return min(benches, key=lambda one: one.cost)


class _Bench:
    """Posts under construction, and who is present by cell."""

    def __init__(
        self,
        needed: np.ndarray,
        goal: np.ndarray,
        duties: Sequence[Duty],
        heads: int | None,
        bound: Relaxed,
    ) -> None:
        self.needed, self.goal, self.duties, self.heads = needed, goal, duties, heads
        self.bound = bound
        self.short_costs = SHORT_COSTS + 10.0 * float(needed.max(initial=0))
        self.posts: list[_Post] = []
        self.of_duty = np.zeros(len(duties), np.int64)
        self.present = np.zeros(CELLS_PER_WEEK, np.int64)

    @property
    def cost(self) -> float:
        """Paid hours, and the most for whatever is missing."""
        return self._paid() + self.short_costs * self._missing()

    def fill(self, whole: float) -> None:
        """Make the posts, stage by stage."""
        for d, one in enumerate(self.duties):
            for start in range(len(one.starts)):
                found = self.bound.posts[d][start], self.bound.shifts[d][start]
                for days in _dealt(*found, one, whole):
                    if self.heads is None or len(self.posts) < self.heads:
                        self._add(self._placed(d, start, days))
        if self.heads is None:
            self._add_until_covered()
        else:
            while len(self.posts) < self.heads:
                self._add(self._best(self._open_duties()))
        self._put_anew(_LAST_ROUNDS, until_covered=False)
        self._spread_pauses()

    def add_up_to(self, heads: int, goal: np.ndarray) -> None:
        """Add posts that are not needed, spread like the need."""
        if len(self.posts) < heads:
            self.heads, self.goal = heads, goal
            self.bound = relax(self.needed, goal, self.duties, heads)
        while len(self.posts) < heads:
            self._add(self._best(self._open_duties()))
        self._spread_pauses()

    def _add_until_covered(self) -> None:
        """Add posts, putting the others anew, until nothing is missing that a shift can reach.

        Well below the linear bound nothing can be covered, so that nothing is put anew.
        """
        self._put_anew(_ROUNDS, until_covered=True)
        missing, stalled = self._missing(), 0
        while missing > 0 and stalled < _STALLED:
            best = self._best(self._open_duties(), per_hour=True)
            self._add(best)
            best_hours = self.duties[best.duty].paid_hours
            if self._paid() + _LAST_ADDED * best_hours >= self.bound.paid_hours:
                self._put_anew(_ROUNDS, until_covered=True)
            before, missing = missing, self._missing()
            stalled = 0 if missing < before else stalled + 1
        for _ in range(stalled):
            self._remove(len(self.posts) - 1)

    def _paid(self) -> float:
        return float(self.of_duty @ [one.paid_hours for one in self.duties])

    def _missing(self) -> float:
        return float(np.maximum(0.0, self.needed - self.present).sum())

    def _add(self, post: _Post, at: int | None = None) -> None:
        self.posts.insert(len(self.posts) if at is None else at, post)
        self.of_duty[post.duty] += 1
        self.present[post.cells] += 1

    def _remove(self, at: int) -> _Post:
        post = self.posts.pop(at)
        self.of_duty[post.duty] -= 1
        self.present[post.cells] -= 1
        return post

    def _open_duties(self, most_paid: float = np.inf) -> list[int]:
        """Duties that one more post may have by their shares; at least one of them."""
        after = self.of_duty + 1
        limits = np.array([one.most for one in self.duties]) * (len(self.posts) + 1)
        cheap = [d for d, one in enumerate(self.duties) if one.paid_hours <= most_paid]
        found = [d for d in cheap if after[d] <= limits[d] + _FLOAT_NOISE]
        return found or [max(range(len(limits)), key=lambda d: limits[d] - after[d])]

    def _value(self, present: np.ndarray) -> np.ndarray:
        """[cell] what is bad about it: whoever is missing, most where many are."""
        short = np.maximum(0.0, self.needed - present)
        bad = self.short_costs * short + short**2
        if self.heads is not None:
            bad += _GOAL_WEIGHT * np.maximum(0.0, self.goal - present) ** 2
        return bad

    def _best(self, among: list[int], per_hour: bool = False) -> _Post:
        """The post that helps most: its duty, start, days and pauses, given all others."""
        gain = self._value(self.present) - self._value(self.present + 1)
        best, most = None, -np.inf
        for d in among:
            one = self.duties[d]
            by_day, moments = _with_pauses(gain[one.cells], one)
            days = np.argsort(-by_day, axis=1, kind="stable")[:, : one.days]
            helps = np.take_along_axis(by_day, days, axis=1).sum(axis=1)
            helps = helps / one.paid_hours if per_hour else helps - one.paid_hours
            start = int(helps.argmax())
            if helps[start] > most + _FLOAT_NOISE:
                worked = np.sort(days[start])
                best, most = (d, start, worked, moments[:, start, worked]), helps[start]
        assert best is not None
        return _post(self.duties[best[0]], *best)

    def _put_anew(self, rounds: int, *, until_covered: bool) -> None:
        """Put each post where it helps most, given all others; never on a dearer shift."""
        for _ in range(rounds):
            if until_covered and self._missing() == 0:
                return
            changed = False
            for i in range(len(self.posts)):
                old = self._remove(i)
                own = self.duties[old.duty].paid_hours
                among = sorted(
                    {old.duty, *self._open_duties(own if self.heads is None else np.inf)}
                )
                new = self._best(among)
                better = self._helps(new) > self._helps(old) + _FLOAT_NOISE
                self._add(new if better else old, i)
                changed |= better
            if not changed:
                return

    def _helps(self, post: _Post) -> float:
        present = self.present[post.cells]
        gain = self._value_at(present, post.cells) - self._value_at(present + 1, post.cells)
        return float(gain.sum()) - self.duties[post.duty].paid_hours

    def _value_at(self, present: np.ndarray, cells: np.ndarray) -> np.ndarray:
        everywhere = self.present.copy()
        everywhere[cells] = present
        return self._value(everywhere)[cells]

    def _placed(self, d: int, start: int, days: np.ndarray) -> _Post:
        """A post on given days, with pauses where least is lost."""
        one = self.duties[d]
        loss = self._value(self.present) - self._value(self.present + 1)
        _, moments = _with_pauses(loss[one.cells[start : start + 1]], one)
        return _post(one, d, start, days, moments[:, 0, days])

    def _spread_pauses(self) -> None:
        """Each pause goes to the legal moment at which most are present beyond the need."""
        for i in range(len(self.posts)):
            post = self._remove(i)
            spare = self.present - self.needed
            gain = self._value(self.present) - self._value(self.present + 1) - _EVEN_WEIGHT * spare
            one = self.duties[post.duty]
            _, moments = _with_pauses(gain[one.cells[post.start : post.start + 1]], one)
            self._add(_post(one, post.duty, post.start, post.days, moments[:, 0, post.days]), i)


def _goal(needed: np.ndarray, duties: Sequence[Duty], heads: int | None) -> np.ndarray:
    """What is needed, or as many times that as so many heads could do."""
    if heads is None or not needed.any():
        return needed.astype(float)
    at_work = max(
        one.days * (one.cells.shape[2] - sum(pause.cells for pause in one.pauses)) for one in duties
    )
    return needed * max(1.0, heads * at_work / float(needed.sum()))


def _with_pauses(gain: np.ndarray, one: Duty) -> tuple[np.ndarray, np.ndarray]:
    """[start, day] gain of a shift with its best pauses, and these: [pause, start, day] moments.

    `gain` [start, day, cell of the shift] is that of presence.
    """
    zero = np.zeros((*gain.shape[:2], 1))
    until = np.concatenate([zero, gain.cumsum(axis=2)], axis=2)
    by_day = until[:, :, -1].copy()
    moments = np.zeros((len(one.pauses), *gain.shape[:2]), np.int64)
    for p, pause in enumerate(one.pauses):
        first, last, cells = pause.earliest, pause.latest + 1, pause.cells
        lost = until[:, :, first + cells : last + cells] - until[:, :, first:last]
        place = lost.argmin(axis=2)
        by_day -= np.take_along_axis(lost, place[:, :, None], axis=2)[:, :, 0]
        moments[p] = first + place
    return by_day, moments


def _post(one: Duty, d: int, start: int, days: np.ndarray, moments: np.ndarray) -> _Post:
    at_work = np.ones((len(days), one.cells.shape[2]), bool)
    for pause, at in zip(one.pauses, moments, strict=True):
        for row, moment in zip(at_work, at, strict=True):
            row[moment : moment + pause.cells] = False
    return _Post(d, start, days, moments, one.cells[start][days][at_work])


def _dealt(posts: float, shifts: np.ndarray, one: Duty, whole: float) -> list[np.ndarray]:
    """Days of the whole posts of a start, as near as they come to the shifts [day] of each day.

    Each day's shifts are dealt to the posts in turn, so that nobody has a day twice.
    """
    n = int(posts + whole)
    if not n:
        return []
    wanted = np.minimum(shifts * (n / posts), n)
    by_day = np.floor(wanted + _FLOAT_NOISE).astype(np.int64)
    order = np.argsort(by_day - wanted, kind="stable")
    while (missing := one.days * n - int(by_day.sum())) > 0:
        by_day[[day for day in order if by_day[day] < n][:missing]] += 1
    line = np.repeat(np.arange(DAYS_PER_WEEK), by_day)
    return [np.sort(line[post::n]) for post in range(n)]

"""The people of a center from week to week: they come from class, work, tire, learn and leave.

A week begins with who comes from class or is cut, and ends with who leaves and how many are hired.
Before the horizon, people come and go for two years at today's loads: so the first week has today's
mix of novices, classes and vacancies.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core import dice
from sim.core.clock import CELL_MS, CELLS_PER_WEEK, MS_PER_WEEK, WEEKS_PER_YEAR
from sim.core.quantiles import GOLDEN_SECTION
from sim.core.tables import CONTACT, STAFF, blank, table
from sim.domain.agents.engagement import NO_LOADS, Loads, compile_engagement
from sim.domain.agents.hiring import HiringSpec, ordered
from sim.domain.agents.learning import compile_learning
from sim.domain.agents.leaving import Leaving
from sim.domain.agents.rostering import alike
from sim.domain.channels.deferred import nothing_deferred
from sim.engine.state import Span
from sim.plan.plan import Plan, with_people
from sim.plan.staffing import GroupStaffing, rostered
from sim.weeks.counts import PEOPLE_COUNTS
from sim.weeks.loads import MILLION, count_loads, hot_hours, loads_of
from sim.weeks.workers import POST, appear, begin, end_work_week, skill

WEEKS_BEFORE = 2 * WEEKS_PER_YEAR


class Class(NamedTuple):
    """People who were hired together."""

    begins_week: int  # first week of class
    on_floor_week: int
    people: int


class Floor:
    """The people of one group in one replication."""

    def __init__(
        self,
        staffing: GroupStaffing,
        seed: int,
        replication: int,
        ahead: float,
        first_week: int = -WEEKS_BEFORE,
    ) -> None:
        self.staffing, self.ahead = staffing, ahead
        self.posts = table(POST, staffing.last - staffing.first)
        self._is_filled = np.asarray(self.posts["is_filled"])
        self.loads = staffing.todays_loads
        self.classes: list[Class] = []
        self._names = dice.luck_of(seed, replication, "people", staffing.name)
        self.mean_filled = 0.0  # before the horizon, the first year left out
        if staffing.is_still or staffing.todays_hiring is None:
            first_week = 0  # nobody comes and goes, or who goes is not replaced: so many are there
        for post, weeks in enumerate(_todays_tenure(staffing, self._names)):
            self._take(post, first_week - weeks)
        for week in range(first_week, 0):
            self.begin_week(week)
            if week >= first_week + WEEKS_PER_YEAR:
                self.mean_filled += self.filled / (-first_week - WEEKS_PER_YEAR)
            self.end_week(week, staffing.todays_loads)

    @property
    def filled(self) -> int:
        """People on the floor."""
        return int(np.count_nonzero(self._is_filled))

    def begin_week(self, week: int) -> dict[str, int]:
        """Who was cut goes, and who was in class comes; returns how many."""
        cut = self._cut(week)
        more = self.staffing.wanted(0) - self.staffing.today if week == 0 else 0
        joined = at_once = self._come(max(0, more), week)
        self._begin_planned_classes(week)
        hired = at_once + sum(c.people for c in self.classes if c.begins_week == week)
        due = [c for c in self.classes if c.on_floor_week <= week]
        for one in due:
            self.classes.remove(one)
            come = self._come(one.people, week)
            joined += come
            if come < one.people:  # no post is vacant: the others wait
                self.classes.append(one._replace(on_floor_week=week + 1, people=one.people - come))
        in_class = sum(c.people for c in self.classes if c.begins_week <= week)
        return {
            "cut": cut,
            "joined": joined,
            "joined_at_once": at_once,
            "hired": hired,
            "in_class": in_class,
        }

    def end_week(self, week: int, loads: Loads) -> int:
        """People feel the week, and some leave; then the next class is ordered. Returns leavers."""
        self.loads = loads
        one = self.staffing
        if one.is_still:
            return 0
        left = end_work_week(self.posts, one.leaving_in(week), one.reacts_in(week), loads, week)
        hiring = one.hiring_in(week + 1)
        if hiring is not None and hiring.orders_in(week + 1):
            self._order(hiring, week + 1)
        return left

    def _begin_planned_classes(self, week: int) -> None:
        hiring = self.staffing.hiring_in(week)
        for one in hiring.classes or () if hiring is not None and week >= 0 else ():
            if one.week == week + 1:
                there = week + self.staffing.class_weeks
                self.classes.append(Class(week, there, one.people))

    def _order(self, hiring: HiringSpec, week: int) -> None:
        one = self.staffing
        begins = week + hiring.lead
        there = begins + one.class_weeks
        # Before the horizon nobody knows what is to come.
        weeks = (there, there + hiring.every - 1) if week >= 0 else (-1,)
        wanted = max(one.aim(later) for later in weeks) + self.ahead
        luck = float(dice.uniform(self._names, dice.HIRES, week))
        people = ordered(hiring, wanted, self._expected(week, there), one.aim(there), luck)
        if people:
            self.classes.append(Class(begins, there, people))

    def _expected(self, week: int, there: int) -> float:
        """People on the floor when those who are ordered now will be there, without these.

        As far as it is known when a week begins: who comes from class, who will be cut, and how
        many leave on average.
        """
        one, people = self.staffing, float(self.filled)
        come = [0] * (there - week + 1)
        for others in self.classes:
            come[min(max(others.on_floor_week, week), there) - week] += others.people
        for later in range(week, there + 1):
            if week >= 0 and self._is_cut(later):
                people = min(people, float(one.wanted(later)))
            people += come[later - week]
            if later < there:
                people -= people * one.turnover / WEEKS_PER_YEAR
        return people

    def _is_cut(self, week: int) -> bool:
        """Whether people are told to go when a week begins."""
        one = self.staffing
        return one.wanted(week) < one.wanted(week - 1) and not one.by_attrition[week]

    def _cut(self, week: int) -> int:
        """Where fewer are wanted than a week before, the holders of the last posts go."""
        one = self.staffing
        wanted = one.wanted(week)
        if not self._is_cut(week):
            return 0
        held = np.flatnonzero(self._is_filled)
        going = held[wanted:]
        self._is_filled[going] = 0
        for post in held[:wanted][held[:wanted] >= wanted].tolist():
            self._move(post)
        return len(going)

    def _move(self, post: int) -> None:
        """Whoever holds a post that is closed keeps her place in the first vacant one."""
        vacant = int(np.flatnonzero(self._is_filled == 0)[0])
        holder = self.posts[vacant].holder
        self.posts[vacant] = self.posts[post]
        self.posts[vacant].holder = holder + 1
        self._is_filled[post] = 0

    def _come(self, people: int, week: int) -> int:
        """So many fill the first vacant posts; returns for how many there was one."""
        vacant = np.flatnonzero(self._is_filled == 0)[:people].tolist() if people else []
        for post in vacant:
            self._take(post, week)
        return len(vacant)

    def _take(self, post: int, since_week: int) -> None:
        """Someone new holds a post: named by it, and by the how-manyeth holder she is."""
        self.posts[post].holder += 1
        holder = int(self.posts[post].holder)
        of_post = np.uint64(dice.split(self._names, np.uint64(post)))
        luck = np.uint64(dice.split(of_post, np.uint64(holder)))
        begin(self.posts, post, luck, since_week)


def _todays_tenure(staffing: GroupStaffing, luck: np.uint64) -> list[int]:
    """[post] weeks on the floor of so many as are there today: evenly over the steady mix."""
    cumulated = np.cumsum(staffing.tenure)
    start = float(dice.uniform(luck, dice.TODAYS_TENURE, 0))
    places = (start + np.arange(staffing.today) * GOLDEN_SECTION) % 1.0
    return np.minimum(np.searchsorted(cumulated, places), len(cumulated) - 1).tolist()


class Workforce:
    """The people of all groups in one replication."""

    def __init__(self, staffing: list[GroupStaffing | None], seed: int, replication: int) -> None:
        self.floors = [
            Floor(one, seed, replication, one.ahead) if one is not None else None
            for one in staffing
        ]

    @property
    def is_modelled(self) -> bool:
        """Whether any group has people."""
        return any(floor is not None for floor in self.floors)

    def come_and_go(
        self, staffing: list[GroupStaffing | None], week: int, counts: np.ndarray
    ) -> None:
        """Begin a week: into `counts` [group] PEOPLE_COUNTS who is cut, and who comes."""
        for g, (floor, one) in enumerate(zip(self.floors, staffing, strict=True)):
            if floor is not None and one is not None:
                floor.staffing = one
                for name, people in floor.begin_week(week).items():
                    counts[name][g] += people

    def on_duty(self, plan: Plan, week: int, counts: np.ndarray) -> Plan:
        """The plan with those on duty who are there.

        Into `counts` [group] PEOPLE_COUNTS who that is, but for a warm-up, whose week is below 0.
        """
        level, first = plan.levels.level.copy(), plan.levels.first_seat
        present = np.ones((int(first[-1]), level.shape[1]), np.int8)
        staff = alike(plan.levels)
        for g, floor in enumerate(self.floors):
            if floor is None:
                continue
            one = floor.staffing
            is_open = plan.levels.closed[g] == 0  # nobody is rostered for a day closed by date
            at_work, away = rostered(one, level[g], week)
            cells = np.zeros(3, np.int64)
            of_group = present[one.first : one.last]
            roster = at_work * is_open, away * is_open
            appear(floor.posts, *roster, one.sick, one.reacts, week, of_group, cells)
            level[g] = of_group.sum(axis=0)
            skill(floor.posts, one.learning, one.reacts, floor.loads, week, staff[one.first :])
            if week >= 0:
                _count(counts[g], floor, week, cells)
        return with_people(plan, plan.levels._replace(level=level, present=present), staff)

    def end_week(
        self,
        plan: Plan,
        week: int,
        span: Span,
        after: np.ndarray,
        before: np.ndarray,
        counts: np.ndarray,
    ) -> None:
        """People feel the week, leave and are hired; into `counts` [group] PEOPLE_COUNTS.

        `after` and `before` [interval, group] are the DUTY_COUNTS at the end of this week, and at
        the end of the last one.
        """
        count_loads(plan.deferred, span.contacts, week * MS_PER_WEEK, counts)
        handling, on_duty = (after[key] - before[key] for key in ("handling_ms", "on_duty_ms"))
        for g, floor in enumerate(self.floors):
            if floor is not None:
                hot = hot_hours(handling[:, g], on_duty[:, g])
                counts["hot_millionths"][g] += round(hot * MILLION)
                counts["left"][g] += floor.end_week(week, loads_of(counts[g]))


def _count(counts: np.void, floor: Floor, week: int, cells: np.ndarray) -> None:
    """Who is there at a week's start, for how long, and in what mood."""
    filled = floor.posts[floor.posts.is_filled == 1]
    counts["on_floor"] += len(filled)
    counts["tenure_weeks"] += (week - filled.since_week).sum()
    counts["engagement_millionths"] += np.rint(filled.engagement * MILLION).astype(np.int64).sum()
    for name, n in zip(("rostered_ms", "away_ms", "sick_ms"), cells.tolist(), strict=True):
        counts[name] += n * CELL_MS


def compile_people() -> None:
    """Let the rules of people run over nobody, so that their machine code is kept."""
    posts, nobody = table(POST, 1), np.zeros((1, CELLS_PER_WEEK), np.int8)
    reacts, learning = compile_engagement(None, None), compile_learning(None, None, np.ones(1))
    begin(posts, 0, np.uint64(0), 0)
    appear(posts, nobody, nobody, 0.0, reacts, 0, nobody, np.zeros(3, np.int64))
    skill(posts, learning, reacts, NO_LOADS, 0, table(STAFF, 1))
    end_work_week(posts, Leaving(0.0, 1.0), reacts, NO_LOADS, 0)
    count_loads(nothing_deferred(), blank(CONTACT, 0), 0, np.zeros(1, PEOPLE_COUNTS))

"""Days closed by their date: who comes, who comes again and when, and which seats are filled.

By hand, and in generated worlds: both engines leave the same, and so does one piece for two weeks.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.core.moments import FIRST_LEG, cell_of
from sim.core.tables import ESCALATED, NOT_YET, OFF_DUTY
from sim.domain.contacts.redials import when_open_ms
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.weeks.play import play as play_weeks

from .by_hand import answered, assert_rows, overtime_min
from .laws import History, check_laws
from .random_worlds import quietly, random_worlds
from .test_agreement import assert_same_carry, assert_same_spans
from .test_spans import busy_center
from .worlds import (
    CELLS_PER_DAY,
    CELLS_PER_WEEK,
    ENGINES,
    MINUTE_MS,
    assert_same_end,
    assert_same_tally,
    call,
    constant,
    in_order,
    listed,
    loaded,
    play_cut,
    world,
)

DAY_MIN, HOUR_MS = 24 * 60, 60 * MINUTE_MS
DAY_MS = DAY_MIN * MINUTE_MS
WEEK = {"start": "2027-01-04", "weeks": 1, "interval": "15 min"}
TWO_WEEKS = WEEK | {"weeks": 2}
TUESDAY, WEDNESDAY = "2027-01-05", "2027-01-06"


def drawn(**more):
    """A type that opens from 08:00 to 20:00, with as many contacts on each day."""
    volume = {"per_week": 350, "profile": "flat", "counts": "first"}
    return {"volume": volume, "handle": "3 min", "open": "daily 08:00-20:00"} | more


@pytest.mark.parametrize("engine", ENGINES)
def test_nobody_new_comes_and_all_others_come_as_they_would(tmp_path, engine):
    """A Wednesday of seven days: to the bit, by name and moment; nobody comes instead."""
    what = world({"a": drawn(patience="none")}, {"g": {"positions": 3}}, horizon=WEEK)
    ordinary, with_holiday = (
        in_order(play_cut(loaded(tmp_path, what | more), engine).contacts)
        for more in ({}, {"closed": [WEDNESDAY]})
    )
    firsts = [rows[rows.attempt == 1] for rows in (ordinary, with_holiday)]
    on_wednesday = [rows.arrived_ms // DAY_MS == 2 for rows in firsts]
    assert on_wednesday[0].sum() > 20
    assert not on_wednesday[1].any()
    others = firsts[0][~on_wednesday[0]]
    assert others.name.tolist() == firsts[1].name.tolist()
    assert others.arrived_ms.tolist() == firsts[1].arrived_ms.tolist()


def gave_up_on_tuesday_evening(engine, folder, **more):
    """When 40 calls come again that gave up on Tuesday and are due at 20:15, after closing."""
    redial = {"probability": 1.0, "delay": constant(30), "attempts": 2}
    calls = [call(DAY_MIN + 19 * 60 + 40, 1, 5) for _ in range(40)]
    type_ = listed(*calls, redial=redial, open="Mon-Fri 08:00-20:00")
    what = world({"a": type_}, {"g": {"positions": 0}}, horizon=TWO_WEEKS, **more)
    rows = in_order(play_cut(loaded(folder, what), engine, [CELLS_PER_WEEK]).contacts)
    return rows[rows.attempt == 2].arrived_ms


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_due_on_it_comes_on_the_next_open_day(tmp_path, engine):
    """On Thursday, at the hour at which she would have come on Wednesday; or still later."""
    ordinary = gave_up_on_tuesday_evening(engine, tmp_path)
    assert set((ordinary // DAY_MS).tolist()) == {2}
    again = gave_up_on_tuesday_evening(engine, tmp_path, closed=[WEDNESDAY])
    assert (again - ordinary == DAY_MS).all()
    till_friday = [f"2027-01-0{day}" for day in (6, 7, 8)]
    again = gave_up_on_tuesday_evening(engine, tmp_path, closed=till_friday)
    assert (again - ordinary == 5 * DAY_MS).all()  # on Monday
    two_weeks = [f"2027-01-{day:02}" for day in range(6, 18)]
    again = gave_up_on_tuesday_evening(engine, tmp_path, closed=two_weeks)
    assert (again == NOT_YET).all()  # after the horizon


class Hours(NamedTuple):
    """What `when_open_ms` reads of a DemandTable."""

    comes_back: np.ndarray
    typed: np.ndarray
    closed: np.ndarray


def test_by_cells_from_midnight_to_midnight():
    """Open from 22:00 to 06:00, Wednesday closed: its night ends at 00:00, the next begins then.

    Due on Tuesday at 12:00: between 22:00 and 24:00. Due on Wednesday at 02:00, or at 23:00: at any
    open hour of Thursday. A type that is closed for weeks: after all of them.
    """
    day = np.zeros(CELLS_PER_DAY)
    day[:24], day[88:] = 1.0, 1.0
    typed = np.tile(day, 7)[None]
    closed = np.zeros((1, 14), bool)
    closed[0, 2] = True

    def due(hour, closed):
        night = Hours(typed > 0, typed, closed)
        lucks = np.arange(200, dtype=np.uint64)
        at_ms = int(hour * HOUR_MS)
        found = {when_open_ms(night, 0, at_ms, one, 1) // HOUR_MS for one in lucks}
        return sorted(map(int, found))

    assert due(24 + 12, closed) == [46, 47]
    for hour in (48 + 2, 48 + 23):
        assert due(hour, closed) == [72, 73, 74, 75, 76, 77, 94, 95]
    assert due(48 - 1, closed) == [47]
    assert due(72 + 1, closed) == [73]
    two_weeks = np.ones((1, 14), bool)
    assert due(24 + 12, two_weeks) == [14 * 24 + hour for hour in (0, 1, 2, 3, 4, 5, 22, 23)]
    assert due(-1, two_weeks) == [-1]  # in a warm-up: no day closed by date is before the horizon


@pytest.mark.parametrize("engine", ENGINES)
def test_at_its_start_the_center_closes_as_on_any_evening(tmp_path, engine):
    """Open round the clock; Tuesday is closed. In minutes from its 00:00, a day is 1440:

    t  -10     -2   0    5        8      1440
    0   ████████████████████                     to 5
    1           ▒▒▒▒▒▒▒▒▒████████                still served, as overtime
    2                                     ▒████  came at 1430; seat 0 is back at 1440
    """
    calls = [call(DAY_MIN - 10, 15), call(DAY_MIN - 2, 3), call(2 * DAY_MIN - 10, 4)]
    more = {"horizon": TWO_WEEKS, "closed": [TUESDAY]}
    what = world({"a": listed(*calls)}, {"g": {"positions": 1}}, **more)
    played = play_cut(loaded(tmp_path, what), engine, [CELLS_PER_DAY, 2 * CELLS_PER_DAY - 1])
    rows = [answered(0, DAY_MIN - 10, DAY_MIN - 10, 15), answered(1, DAY_MIN - 2, DAY_MIN + 5, 3)]
    rows.append(answered(2, 2 * DAY_MIN - 10, 2 * DAY_MIN, 4))
    assert_rows(played.contacts, rows)
    assert overtime_min(played) == 8
    assert played.carries[1].seats.state.tolist() == [OFF_DUTY]
    assert played.tally.time["scheduled_ms"][:, 0].tolist() == [6 * DAY_MS, 7 * DAY_MS]


def test_a_type_may_have_days_of_its_own(tmp_path):
    """The center is closed on Tuesday, b never, c on Wednesday too: seats are there while any is open."""
    own = {"b": drawn(closed="none"), "c": drawn(closed=[TUESDAY, WEDNESDAY])}
    groups = {
        "all": {"positions": 2, "serves": ["a", "b", "c"]},
        "two": {"positions": 2, "serves": ["a", "c"]},
        "one": {"positions": 2, "serves": ["c"]},
    }
    what = world({"a": drawn()} | own, groups, horizon=TWO_WEEKS, closed=[TUESDAY])
    planner = Planner(loaded(tmp_path, what), UNANCHORED)
    plans = [planner.plan(week * CELLS_PER_WEEK, CELLS_PER_WEEK) for week in (0, 1)]
    by_day = plans[0].demand.expected.reshape(3, 7, -1).sum(axis=2) > 0
    assert (~by_day).nonzero()[0].tolist() == [0, 2, 2]
    assert (~by_day).nonzero()[1].tolist() == [1, 1, 2]
    seats = plans[0].levels.level.reshape(3, 7, -1).max(axis=2)
    assert seats.tolist() == [[2] * 7, [2, 0, *[2] * 5], [2, 0, 0, *[2] * 4]]
    assert plans[1].levels is planner.seats.warm_up  # no day takes a seat: nothing is made anew
    assert (plans[1].demand.expected > 0).any(axis=1).all()


def test_a_warm_up_has_no_dates(tmp_path):
    """Its Monday is one of any week, also where the horizon's first Monday is closed."""
    what = world({"a": drawn()}, {"g": {"positions": 2}}, closed=["2027-01-04"])
    what["horizon"] = TWO_WEEKS | {"warm_up": "7 d"}
    planner = Planner(loaded(tmp_path, what), UNANCHORED)
    before, first, second = (
        planner.plan(week * CELLS_PER_WEEK, CELLS_PER_WEEK) for week in (-1, 0, 1)
    )
    assert (before.demand.expected == second.demand.expected).all()
    assert before.levels is second.levels
    assert first.demand.expected[0, :CELLS_PER_DAY].sum() == 0
    assert first.levels.level[0, :CELLS_PER_DAY].sum() == 0


def test_sunday_and_monday_across_the_weeks(tmp_path):
    """Both closed, in a busy center: one piece, weeks, and quarter hours about the edges."""
    days = ["2027-01-10", "2027-01-11"]
    typed = busy_center(horizon=TWO_WEEKS | {"warm_up": "6 h"}, closed=days)
    scenario = loaded(tmp_path, typed)
    whole = play_cut(scenario, "compiled")
    sunday = 6 * CELLS_PER_DAY
    edges = [sunday - 1, sunday, CELLS_PER_WEEK, CELLS_PER_WEEK + CELLS_PER_DAY, 1200]
    assert_same_end(whole, play_cut(scenario, "reference", edges))
    assert_same_end(whole, play_cut(scenario, "compiled", [CELLS_PER_WEEK]))
    day = whole.contacts.arrived_ms // DAY_MS
    assert not np.isin(day, (6, 7)).any()
    assert (day == 8).sum() > (day == 9).sum()  # those of two days come again on Tuesday
    assert whole.overtime_ms[0, sunday : sunday + 24].sum() > 0


CLOSED = [["2027-01-10"], ["2027-01-11"], ["2027-01-10", "2027-01-11"], ["2027-01-12"]]


OCCURRED = ("comes on the day after", "overtime as it closes", "listed calls on it")


def assert_all_occurred(found, worlds):
    """Nothing that the worlds are about may be missing."""
    assert all(found[what] > 0 for what in OCCURRED), found
    assert found["contacts"] > 50 * worlds


def agree_about_closed_days(folder, examples):
    """Play so many worlds of two weeks, with their calls about the closed days, in every way."""
    found: Counter = Counter()

    @quietly(examples)
    @given(random_worlds(weekly=True), st.sampled_from(CLOSED))
    def each(case, dates):
        what = case.world | {"closed": dates}
        what["horizon"] = case.world["horizon"] | {"start": "2027-01-04"}
        scenario = loaded(folder, what)
        planner = Planner(scenario, UNANCHORED)
        ref, comp = (
            play_weeks(planner, case.seed, 3, engine=engine, keep_contacts=True)
            for engine in ENGINES
        )
        assert_same_spans(ref.contacts, comp.contacts)
        assert_same_carry(ref.carry, comp.carry, "the end")
        assert_same_tally(ref.tally, comp.tally)
        whole = play_cut(scenario, "compiled", seed=case.seed)
        pieces = play_cut(scenario, "compiled", [CELLS_PER_WEEK], seed=case.seed)
        assert_same_end(whole, pieces)
        check_laws(History(scenario, whole))
        days = [int(date[-2:]) - 4 for date in dates]
        here = whole.contacts[(whole.contacts.arrived_ms >= 0) & (whole.contacts.leg == FIRST_LEG)]
        on_them = here[np.isin(here.arrived_ms // DAY_MS, days)]
        drawn = on_them[on_them.listed < 0]  # all of them came to a bot before midnight
        assert (drawn.bot == ESCALATED).all()
        came = [cell_of(int(name)) // CELLS_PER_DAY for name in drawn.name]
        assert not np.isin(came, days).any()
        assert (on_them.attempt == 1).all()
        again = here[(here.attempt > 1) & (here.arrived_ms // DAY_MS == days[-1] + 1)]
        found["comes on the day after"] += len(again)
        night = slice(days[0] * CELLS_PER_DAY, days[0] * CELLS_PER_DAY + 4)
        warm_up = scenario.spec.horizon.warm_up_cells
        overtime = whole.overtime_ms[:, night.start + warm_up : night.stop + warm_up]
        found["overtime as it closes"] += int((overtime > 0).any())
        found["listed calls on it"] += len(on_them)
        found["contacts"] += len(here)

    each()
    return found


def test_both_engines_agree_in_generated_worlds(tmp_path):
    """Six, in which the days closed matter."""
    assert_all_occurred(agree_about_closed_days(tmp_path, 6), 6)


@pytest.mark.slow
def test_both_engines_agree_in_many_generated_worlds(tmp_path):
    """Forty."""
    assert_all_occurred(agree_about_closed_days(tmp_path, 40), 40)

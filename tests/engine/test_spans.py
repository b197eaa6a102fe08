"""Nothing is cut off or counted twice: a horizon in pieces equals the same horizon in one piece."""

import numpy as np
import pytest

from sim.core.moments import CALL_LEG, SECOND_LEG
from sim.core.tables import CLOSED, OFFERING, PUT_BY, RINGING, WAITING, WRAPPING
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.weeks.play import play

from .occurrences import PHASES
from .worlds import (
    CELLS_PER_DAY,
    CELLS_PER_WEEK,
    ENGINES,
    MINUTE_MS,
    assert_same_end,
    assert_same_people,
    assert_same_rows,
    assert_same_tally,
    call,
    constant,
    in_order,
    listed,
    loaded,
    play_cut,
    product,
    quarters,
    world,
)

HANDS_ON = {"eligible": 1.0, "solved": 0.0, "claimed": 0.0, "human_option": "none"}
SOLD_BY_SPECIALISTS = {"offer": "specialist", "group": "sales"}
CALLED_LATER = {"offer": "follow-up", "group": "both", "ring": "9 min", "reserve": 1, "keep": "6 h"}
RUSH = [0.0] * 32 + [1.0] * 40 + [0.0] * 24


def busy_center(**more):
    """Two weeks of a small center under load, with everything that crosses an edge."""
    drawn = {"busyness": {"day": 0.2, "interval": 0.2}, "counts": "first"}
    contacts = {
        "a": {
            "volume": {"per_week": 500, "profile": "flat", **drawn},
            "talk": {"mean": "6 min", "cv": 0.8},
            "patience": {"mean": "5 min"},
            "redial": {"probability": 0.7, "delay": {"mean": "3 h", "cv": 1.5}, "attempts": 3},
            "resolution": {"first_contact": 0.6, "comes_back": 0.8, "delay": {"mean": "30 h"}},
        },
        "b": {
            "volume": {"per_week": 300, "profile": RUSH, **drawn},
            "talk": {"mean": "8 min", "distribution": "exponential"},
            "wrap_up": constant(5),
            "resolution": {"first_contact": 0.5, "comes_back": 0.9, "delay": {"mean": "12 h"}},
            "self_service": {"eligible": 0.8, "time": {"mean": "6 min", "cv": 0.8}},
        },
    }
    agents = {
        "both": {"serves": ["b", "a"], **quarters(*[0, 1, 1, 2, 2, 1, 3, 0] * 12)},
        "help": {"serves": {"a": {"priority": 1, "after": "1 min"}}, "positions": 1},
        "sales": {"serves": [], **quarters(*[1, 1, 0, 1] * 24)},
    }
    return world(
        contacts,
        agents,
        horizon={"weeks": 2, "interval": "15 min"},
        forecast_error=0.1,
        customers={"plain": {"count": 300, "churn": "none"}, "gold": {"count": 30, "churn": "none"}},
        offers={
            "p": product(acceptance=0.2, candidates=0.8, offer="while-nobody-waits", held=0.1),
            "q": product(acceptance=0.5, cool_down="1 d", during=["a"], candidates=0.5),
            "sold": product(during=["b"], acceptance=0.3, offer=SOLD_BY_SPECIALISTS),
            "called": product(during=["a"], acceptance=0.3, offer=CALLED_LATER, price=200),
        },
        lines=12,
    ) | more  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "cuts",
    [
        [CELLS_PER_WEEK],
        range(CELLS_PER_DAY, 14 * CELLS_PER_DAY, CELLS_PER_DAY),
        sorted(np.random.default_rng(7).choice(14 * CELLS_PER_DAY, 60, replace=False).tolist()),
    ],
    ids=["weeks", "days", "random quarter hours"],
)
def test_two_weeks_in_pieces(tmp_path, engine, cuts):
    """Two busy weeks, in one piece and in many, leave the same to the bit."""
    scenario = loaded(tmp_path, busy_center())
    whole = play_cut(scenario, engine)
    pieces = play_cut(scenario, engine, cuts)
    assert len(whole.spans) == 1
    assert len(pieces.spans) == len(cuts) + 1
    assert len(whole.contacts) > 1500
    assert_same_end(whole, pieces)


def test_every_quarter_hour(tmp_path):
    """A day cut at every quarter hour, by each engine: all phases are carried."""
    scenario = loaded(tmp_path, busy_center(horizon={"days": 1, "interval": "15 min"}))
    whole = play_cut(scenario, "compiled")
    pieces = play_cut(scenario, "reference", range(CELLS_PER_DAY))
    assert_same_end(whole, pieces)
    carried = np.concatenate([carry.contacts.phase for carry in pieces.carries[:-1]])
    assert set(carried.tolist()) == set(PHASES)


def test_weeks_at_once(tmp_path):
    """Four weeks played one, two, three and four at a time, with a warm-up of a day."""
    horizon = {"weeks": 4, "interval": "15 min", "warm_up": "1 d"}
    planner = Planner(loaded(tmp_path, busy_center(horizon=horizon)), UNANCHORED)
    by_week, *others = (
        play(planner, 5, 2, keep_contacts=True, weeks_at_once=weeks) for weeks in (1, 2, 3, 4)
    )
    assert [len(other.contacts) for other in (by_week, *others)] == [5, 3, 3, 2]
    for other in others:
        assert_same_rows(all_contacts(by_week), all_contacts(other), "contacts")
        assert_same_rows(by_week.carry.seats, other.carry.seats, "seats")
        assert_same_rows(by_week.carry.groups, other.carry.groups, "groups")
        assert_same_people(by_week.people, other.people)
        customers = by_week.tally.customers  # counted as weeks start, so only with the spans
        assert_same_tally(by_week.tally, other.tally._replace(customers=customers))


def test_weeks_at_once_between_steps(tmp_path):
    """Steps in weeks 3 and 5 of six: two weeks at a time, cut where they fall, are the same."""
    fewer = [0, 1, 1, 1, 1, 1, 2, 0] * 12
    steps = {
        "fewer": {"from_week": 3, "set": {"agents": {"both": {"positions": fewer}}}},
        "push": {
            "from_week": 5,
            "set": {"offers": {"p": {"offer": "always"}}, "contacts": {"a": {"talk": "5 min"}}},
        },
    }
    horizon = {"weeks": 6, "interval": "15 min"}
    planner = Planner(loaded(tmp_path, busy_center(horizon=horizon, initiatives=steps)), UNANCHORED)
    by_week, by_two = (
        play(planner, 5, 2, keep_contacts=True, weeks_at_once=weeks) for weeks in (1, 2)
    )
    assert [len(one.contacts) for one in (by_week, by_two)] == [6, 3]
    assert_same_rows(all_contacts(by_week), all_contacts(by_two), "contacts")
    assert_same_rows(by_week.carry.seats, by_two.carry.seats, "seats")
    assert_same_people(by_week.people, by_two.people)
    scheduled = by_week.tally.time["scheduled_ms"][:, 0]
    assert scheduled[1] == scheduled[0] > scheduled[2] == scheduled[5]
    customers = by_week.tally.customers
    assert_same_tally(by_week.tally, by_two.tally._replace(customers=customers))


def all_contacts(replication):
    """Every contact once, as it was at the end."""
    closed = [span[span.phase == CLOSED] for span in replication.contacts]
    return in_order(np.concatenate([*closed, replication.carry.contacts]))


@pytest.mark.parametrize("engine", ENGINES)
def test_each_phase_crosses_an_edge(tmp_path, engine):
    """One contact in each phase at minute 15, and an agent who is owed.

    t      10      15      20
    0  █████████████████████      talks
    1   ███████▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓    is offered
    2   ███░░░░░░░░░░░░░░░░░░░░   wraps up
    3     ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒    waits
    4     ▒✗       ▒              is due at 17
    5           ♦♦♦♦♦♦♦♦♦♦▒▒▒▒    with the bot from 8, which hands her on at 18
    """
    redial = {"probability": 1.0, "delay": constant(13), "attempts": 2}
    contacts = {
        "a": listed(call(0, 21), call(2, 5), call(3, 5, 1), redial=redial),
        "b": listed(call(0, 7, offer=20)),
        "c": listed(call(0, 3), wrap_up=constant(20)),
        "d": listed(call(8, 3), self_service=HANDS_ON | {"time": constant(10)}),
    }
    offers = {"p": product(during=["b"])}
    scenario = loaded(tmp_path, world(contacts, {"g": quarters(3, 2)}, offers=offers))
    whole, pieces = play_cut(scenario, engine), play_cut(scenario, engine, [1])
    edge = pieces.carries[0]
    assert sorted(edge.contacts.phase.tolist()) == sorted(set(PHASES) - {PUT_BY, RINGING})
    assert_same_end(whole, pieces)
    assert pieces.carries[0].groups.owed.tolist() == [0]  # the level drops after the edge
    assert pieces.overtime_ms[0].sum() > 0


@pytest.mark.parametrize("engine", ENGINES)
def test_each_leg_crosses_an_edge(tmp_path, engine):
    """Second legs that wait and are offered to, a lead that is put by and one that rings.

    t     6 10      15      20
    0  ███▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓   specialist; the first agent wraps up until 23
    1  ███···♪♪♪♪♪♪♪♪♪♪♪♪♪♪♪♪♪   from 6, when both callers are free
    2   ███▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒   for the specialist
    3     ███·················   put by: one caller must stay free
    """
    contacts = {
        "a": listed(call(0, 3, offer=20), call(1, 3), wrap_up=constant(20)),
        "b": listed(call(0, 3), call(3, 3)),
    }
    agents = {
        "first": {"positions": 2, "serves": ["a"]},
        "sales": {"positions": 1, "serves": []},
        "callers": {"positions": 2, "serves": ["b"]},
    }
    called = {"offer": "follow-up", "group": "callers", "reserve": 1, "ring": "20 min"}
    offers = {
        "p": product(during=["a"], offer=SOLD_BY_SPECIALISTS),
        "q": product(during=["b"], offer=called | {"reached": 1.0}),
    }
    scenario = loaded(tmp_path, world(contacts, agents, offers=offers))
    whole, pieces = play_cut(scenario, engine), play_cut(scenario, engine, [1])
    edge = pieces.carries[0].contacts
    phases = {leg: sorted(edge.phase[edge.leg == leg].tolist()) for leg in (SECOND_LEG, CALL_LEG)}
    assert phases == {SECOND_LEG: [WAITING, OFFERING], CALL_LEG: [PUT_BY, RINGING]}
    assert edge.phase.tolist().count(WRAPPING) == 2
    assert_same_end(whole, pieces)
    assert whole.contacts.accepted.sum() == 4


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("minute", [13, 14, 15])
def test_a_group_that_opens_about_an_edge(tmp_path, engine, minute):
    """A contact is open to the second group two minutes after it came: before, at or after 15.

    t   0          13  15
    a0  ██████████████████████    first
    a1             ▒▒███          second
    """
    contacts = {"a": listed(call(0, 60), call(minute, 3))}
    second = {"positions": 1, "serves": {"a": {"priority": 1, "after": "2 min"}}}
    agents = {"first": {"positions": 1, "serves": ["a"]}, "second": second}
    scenario = loaded(tmp_path, world(contacts, agents))
    pieces = play_cut(scenario, engine, [1])
    assert_same_end(play_cut(scenario, engine), pieces)
    assert pieces.contacts.answered_ms.tolist() == [0, (minute + 2) * MINUTE_MS]
    assert pieces.contacts.group.tolist() == [0, 1]

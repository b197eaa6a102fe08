"""Customers called from a list: the engines agree, everybody is called as typed, calls change churn."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import strategies as st

from sim.core.moments import CALL_LEG, block_of
from sim.core.tables import CLOSED, EXPIRED, NOT_REACHED, REACHED, WITHDRAWN
from sim.domain.contacts.demand import CALLED_BLOCK
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.weeks.play import play

from .random_worlds import random_worlds
from .test_agreement import agree_on_weeks
from .worlds import constant, loaded, product, world

MS_PER_WEEK = 7 * 24 * 3600 * 1000


@st.composite
def worlds_with_lists(draw):
    """Two weeks in which agents of some group call customers, of both lists or one."""
    case = draw(random_worlds(weekly=True))
    case.world["customers"] = {
        "plain": {"count": draw(st.integers(3, 9)), "churn": "99% per year"},
        "gold": {"count": 4, "churn": {"rate": "50% per year", "due_to_service": 0.0}},
    }
    for spec in case.world["contacts"].values():
        spec.pop("shares", None)
    names = sorted(case.world["agents"])
    for name in ("care", "club")[: draw(st.integers(1, 2))]:
        case.world["offers"][name] = product(
            to=draw(st.sampled_from([["plain"], ["plain", "gold"]])),
            offer={
                "offer": "outbound",
                "group": draw(st.sampled_from(names)),
                "reserve": draw(st.integers(0, 1)),
                "reached": draw(st.sampled_from([0.5, 1.0])),
                "ring": "2 min",
                "keep": draw(st.sampled_from(["1 d", "9 d"])),
            },
            call_list={
                "per_week": draw(st.sampled_from([2.5, 6])),
                "consent": draw(st.sampled_from([0.5, 1.0])),
                "best": draw(st.sampled_from([0.5, 1.0])),
                "again": draw(st.sampled_from(["1 wk", "4 wk"])),
                "uplift": draw(st.sampled_from(["-20%", "20%"])),
                "spread": "10%",
            },
        )
        case.world["offers"][name].pop("candidates", None)
    return case


def test_weeks_with_lists(tmp_path):
    found = agree_on_weeks(tmp_path, 60, worlds_with_lists())
    print({name: found[name] for name in ("kept_by_calls", "lost_by_calls", "carried: put by")})
    assert found["customers who left"]


CUSTOMERS = 4000
WEEKS = 14


def care(per_week=300, uplift="3%", spread="0%", churn="40% per year", **more):
    """A center that is nearly idle and calls its customers, who have no other reason to leave."""
    offer = {"offer": "outbound", "group": "g", "reserve": 0, "reached": 1.0, "ring": "1 min"}
    list_keys = ("consent", "again", "best", "sight", "lasts")
    call_list = {"per_week": per_week, "uplift": uplift, "spread": spread}
    call_list |= {"consent": 1.0} | {key: more.pop(key) for key in list_keys if key in more}
    calls = product(
        offer=offer | more.pop("offer", {}), call_list=call_list, talk=constant(2), acceptance=0.0
    )
    calls.pop("candidates", None)
    customers = {"count": CUSTOMERS, "churn": {"rate": churn, "due_to_service": 0.0}}
    type_ = {"volume": {"per_week": 20, "profile": "flat", "counts": "first"}, "talk": constant(3)}
    horizon = {"weeks": WEEKS, "warm_up": "0 s"}
    return world(
        {"a": type_}, {"g": {"positions": 10}}, customers=customers, offers={"care": calls},
        horizon=horizon,
    )  # fmt: skip


def played(folder, what, replication=0):
    """One replication, with all contacts."""
    planner = Planner(loaded(folder, what), UNANCHORED)
    return play(planner, 5, replication, keep_contacts=True)


def calls_of(replication):
    """Every call from a list that is over."""
    rows = np.concatenate(replication.contacts)
    return rows[(rows["leg"] == CALL_LEG) & (rows["phase"] == CLOSED)].view(np.recarray)


def test_as_many_are_called_as_typed(tmp_path):
    """Each week so many, nobody twice within the time, in the block of calls."""
    calls = calls_of(played(tmp_path, care(per_week=250.5, again="20 wk")))
    weeks = Counter((calls.arrived_ms // MS_PER_WEEK).tolist())
    assert [weeks[week] for week in range(4)] == [250, 251, 250, 251]
    assert max(Counter(calls.customer.tolist()).values()) == 1
    assert {block_of(int(name)) for name in calls.name} == {CALLED_BLOCK}
    assert set(calls.outcome.tolist()) <= {REACHED, WITHDRAWN}
    assert (calls.answered_ms[calls.outcome == REACHED] >= 0).all()


def test_after_the_time_a_customer_is_called_again(tmp_path):
    """Eight customers, all of whom are on the list every other week."""
    what = care(per_week=100, again="2 wk", churn="0% per year")
    what["customers"]["count"] = 8
    calls = calls_of(played(tmp_path, what))
    weeks = Counter((calls.arrived_ms // MS_PER_WEEK).tolist())
    assert weeks == dict.fromkeys(range(0, WEEKS, 2), 8)


@pytest.mark.parametrize("consent", [0.0, 0.3, 1.0])
def test_only_who_agreed_is_called(tmp_path, consent):
    """Of 4,000 customers, all on the list at once, a share of so many; always the same ones."""
    what = care(per_week=CUSTOMERS, consent=consent, again="1 wk", churn="0% per year")
    calls = calls_of(played(tmp_path, what))
    first, later = (set(calls.customer[calls.arrived_ms // MS_PER_WEEK == w]) for w in (0, 1))
    assert first == later
    reach = 4 * math.sqrt(consent * (1 - consent) * CUSTOMERS)
    assert abs(len(first) - consent * CUSTOMERS) <= reach


def test_idle_agents_call_and_others_come_first(tmp_path):
    """With all agents in reserve nobody is ever called: each lead expires after its week."""
    never = care(per_week=100, offer={"reserve": 10})
    never["agents"] = {"g": {"positions": [10] * 48}}
    calls = calls_of(played(tmp_path, never))
    assert set(calls.outcome.tolist()) == {EXPIRED}
    assert len(calls) == 100 * (WEEKS - 1)
    unreached = calls_of(played(tmp_path, care(offer={"reached": 0.0})))
    assert set(unreached.outcome.tolist()) <= {NOT_REACHED, WITHDRAWN}


def leaving(folder, **more):
    """Share of 4,000 customers who left within 13 weeks after all were called, and the tally."""
    what = care(per_week=CUSTOMERS, again="52 wk", **more)
    replications = [played(folder, what, number) for number in range(8)]
    left = [(one.people.rows.left_week[:CUSTOMERS] >= 0).sum() for one in replications]
    counts = [one.tally.customers[:13] for one in replications]
    within = np.mean([one["left"].sum() for one in counts]) / CUSTOMERS
    net = np.mean([(one["kept_by_calls"] - one["lost_by_calls"]).sum() for one in counts])
    assert min(left) > 0
    return within, net / CUSTOMERS


@pytest.mark.parametrize("points", [4, -4])
def test_so_many_points_fewer_leave_within_the_time(tmp_path, points):
    """13 weeks after the call: 4 points of 12 fewer, or more; within 4 standard errors."""
    ordinary = 1 - 0.6 ** (13 / 52)
    uncalled, nothing = leaving(tmp_path, uplift="0%")
    called, net = leaving(tmp_path, uplift=f"{points}%")
    assert nothing == 0
    # The factor acts on the hazard, so that the points come out a little less, by what is convex.
    exact = 1 - (1 - ordinary) ** (1 - points / 100 / ordinary)
    error = math.sqrt(ordinary * (1 - ordinary) / (8 * CUSTOMERS))
    assert abs(uncalled - ordinary) < 4 * error
    assert abs(called - exact) < 4 * error
    assert abs((uncalled - called) - points / 100) < 0.004
    assert (net > 0) == (points > 0)
    assert abs(net - (uncalled - called)) < 0.006  # who is kept may leave in a later week


def test_targeting_finds_whom_a_call_helps(tmp_path):
    """Calls help on average nobody; chosen with perfect sight, with some, and blindly."""
    saved = {}
    for sight in (0.0, 0.5, 1.0):
        _, saved[sight] = leaving(tmp_path, uplift="0%", spread="4%", best=0.3, sight=sight)
    # With correlation s the mean of the best 30 % is s·φ(z)/.3 = 1.159·s standard deviations.
    error = 3 * 0.04 * math.sqrt(0.12 / (0.3 * 8 * CUSTOMERS))
    assert abs(saved[0.0]) < 0.002 + error
    assert pytest.approx(saved[0.5], rel=0.35) == 0.3 * 0.5 * 1.159 * 0.04
    assert saved[1.0] > 1.5 * saved[0.5]


def test_an_effect_ends(tmp_path):
    """A call whose effect lasts a week keeps far fewer than one whose effect lasts 13."""
    short = care(
        per_week=CUSTOMERS, again="52 wk", lasts="1 wk", uplift="0.5%", churn="40% per year"
    )
    counts = played(tmp_path, short).tally.customers
    assert counts["kept_by_calls"][:3].sum() > 0
    assert counts["kept_by_calls"][3:].sum() == 0

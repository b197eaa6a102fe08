"""A minimally different world: what is changed changes, and every draw elsewhere stays.

Each world is played for a week or more with drawn contacts. Issues are compared by name where the
order of the file stays, else by their luck, which is made of the names in the file.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from sim.core.tables import ANSWERED, CLOSED, GAVE_UP, NOT_YET
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.weeks.counts import plain
from sim.weeks.play import Replication, play

from .engine.worlds import (
    CELL_MS,
    CELLS_PER_WEEK,
    assert_same_people,
    assert_same_rows,
    assert_same_tally,
    call,
    in_order,
    listed,
    loaded,
    product,
    world,
)

WEEK_MS = CELLS_PER_WEEK * CELL_MS
DRAWN = ("talk_ms", "hold_ms", "wrap_up_ms", "resolved")  # once answered by the same group


def center() -> dict[str, Any]:
    """Two types, two segments, two groups and a product, with everything random switched on."""
    common = {
        "talk": {"mean": "6 min", "cv": 0.8},
        "hold": {"share": 0.3, "mean": "2 min"},
        "wrap_up": {"mean": "1 min"},
        "patience": {"mean": "4 min"},
        "redial": {"probability": 0.5, "delay": {"mean": "20 min", "cv": 1.5}, "attempts": 4},
        "resolution": {"first_contact": 0.7, "comes_back": 0.6, "delay": {"mean": "10 h"}},
        "shares": {"plain": 0.8, "gold": 0.2},
    }
    volume = {"per_week": 1500, "counts": "first", "busyness": {"day": 0.2, "interval": 0.1}}
    contacts = {"a": {"volume": volume} | common, "b": {"volume": volume} | common}
    agents = {"first": {"positions": 4}, "second": {"positions": 2, "serves": ["b", "a"]}}
    customers = {"plain": {"count": 800, "churn": "none"}, "gold": {"count": 200, "churn": "none"}}
    offers = {
        "p": product(
            candidates=0.6, acceptance={"everyone": 0.3, "spread": 1.0, "effects": "none"}, held=0.2
        )
    }
    more = {"horizon": {"weeks": 1}, "forecast_error": 0.1}
    return copy.deepcopy(world(contacts, agents, customers=customers, offers=offers, **more))


class Week:
    """One replication of a world."""

    def __init__(self, folder, what: dict[str, Any], *sets: str, seed=4, replication=1) -> None:
        self.scenario = loaded(folder, what, *sets)
        planner = Planner(self.scenario, UNANCHORED)
        self.played: Replication = play(planner, seed, replication, keep_contacts=True)
        closed = [span[span.phase == CLOSED] for span in self.played.contacts]
        self.contacts = in_order(np.concatenate([*closed, self.played.carry.contacts]))

    def first(self, type_: str | None = None) -> np.recarray:
        """First contacts, of one type or all."""
        rows = self.contacts[self.contacts.attempt == 1]
        return rows if type_ is None else rows[rows.type == self.scenario.types.index(type_)]

    def dealt(self, type_: str | None = None) -> set[tuple[int, int, int, int]]:
        """Name, luck, moment and customer of first contacts."""
        rows = self.first(type_)
        columns = (rows.name, rows.luck, rows.arrived_ms, rows.customer)
        return set(zip(*(column.tolist() for column in columns), strict=True))


@pytest.fixture
def week(tmp_path):
    """Return a function that plays a world."""
    return lambda what, *sets, **luck: Week(tmp_path, what, *sets, **luck)


@pytest.fixture
def base(week):
    """Return a week of the center."""
    return week(center())


def assert_same_draws(one: Week, other: Week, least: int) -> None:
    """Whatever happened to an attempt in both worlds had the same luck."""
    index = {(c.name, c.attempt): c for c in other.contacts}
    compared = 0
    for c in one.contacts:
        twin = index.get((c.name, c.attempt))
        if twin is None:
            continue
        assert (c.luck, c.customer, c.segment, c.type) == (
            twin.luck, twin.customer, twin.segment, twin.type,
        )  # fmt: skip
        if c.left_ms == NOT_YET or twin.left_ms == NOT_YET:
            continue
        if c.outcome == ANSWERED == twin.outcome and c.group == twin.group:
            assert [c[name] for name in DRAWN] == [twin[name] for name in DRAWN]
            compared += 1
    assert compared > least


def test_the_center_does_everything(base):
    """The worlds below are worth comparing: they have retries, repeats, offers and both groups."""
    rows = base.contacts
    assert len(base.first("a")) > 1000
    assert len(base.first("b")) > 1000
    assert set(rows.outcome[rows.phase == CLOSED].tolist()) == {1, 2}
    assert min((rows.group == g).sum() for g in (0, 1)) > 300
    assert rows.attempt.max() > 3
    assert 100 < rows.accepted.sum() < (rows["product"] >= 0).sum() - 100


def test_every_attempt_has_its_own_luck(base):
    """Contacts of one issue have patience, talk and wrap-up of their own."""
    rows = base.contacts[base.contacts.phase == CLOSED]
    gave_up: dict = {}
    for c in rows[rows.outcome == GAVE_UP]:
        gave_up.setdefault(c.name, []).append(int(c.left_ms - c.arrived_ms))
    talks: dict = {}
    for c in rows[(rows.outcome == ANSWERED) & (rows.group == 0)]:
        talks.setdefault(c.name, []).append((int(c.talk_ms), int(c.wrap_up_ms)))
    for found in (gave_up, talks):
        several = [values for values in found.values() if len(values) > 1]
        assert len(several) > 30
        assert all(len(set(values)) == len(values) for values in several)


# --- volume --------------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [1.02, 1.5, 3])
def test_more_volume_only_adds_contacts(week, base, factor):
    """More of a: every a of before is there, with her luck and moment, and b does not move."""
    more = week(center(), f"contacts.a.volume.per_week*={factor}")
    assert base.dealt("a") < more.dealt("a")
    assert base.dealt("b") == more.dealt("b")
    ratio = len(more.dealt("a")) / len(base.dealt("a"))
    assert ratio == pytest.approx(factor, rel=0.1)
    assert_same_draws(base, more, 400)


def test_less_volume_only_removes_contacts(week, base):
    """Half of b: the rest are the same."""
    less = week(center(), "contacts.b.volume.per_week*=0.5")
    assert less.dealt("b") < base.dealt("b")
    assert less.dealt("a") == base.dealt("a")


def test_an_event_moves_only_its_week_and_type(week):
    """A campaign in week 2 adds contacts of a in that week, and no other."""
    what = center() | {"horizon": {"weeks": 3}}
    before = week(what)
    after = week(what | {"events": {"campaign": {"weeks": [2], "volume": {"a": 1.4}}}})
    added = after.dealt() - before.dealt()
    assert before.dealt() < after.dealt()
    assert {arrived // WEEK_MS for _, _, arrived, _ in added} == {1}
    assert before.dealt("b") == after.dealt("b")


def test_a_listed_call_more_moves_no_other_type(week):
    """One more listed call of a, ahead of all: the calls of b keep name and luck."""
    calls = [call(at, 3) for at in range(10, 50, 7)]
    agents = {"g": {"positions": 2}}
    one = week(world({"a": listed(call(40, 5)), "b": listed(*calls)}, agents))
    two = week(world({"a": listed(call(5, 5), call(40, 5)), "b": listed(*calls)}, agents))
    assert one.dealt("b") == two.dealt("b")


# --- policies, products, segments, agents --------------------------------------------------------


@pytest.mark.parametrize(
    "policy",
    ["never", "while-nobody-waits", {"offer": "random", "share": 0.5}]
    + [{"offer": "while-waiting", "at_most": -2}],
)
def test_a_policy_moves_no_draw(week, base, policy):
    """First contacts, customers, handling and resolution are the same under every policy."""
    what = center()
    what["offers"]["p"]["offer"] = policy
    other = week(what)
    assert base.dealt() == other.dealt()
    assert_same_draws(base, other, 1000)
    assert_same_luck_of_customers(base, other)


def assert_same_luck_of_customers(one: Week, other: Week) -> None:
    """Customers by number have the same luck, disposition, and possessions on day one."""
    n = min(len(one.played.people.rows), len(other.played.people.rows))
    for column in ("luck", "disposition", "segment"):
        ours, theirs = one.played.people.rows[column][:n], other.played.people.rows[column][:n]
        assert np.array_equal(ours, theirs)


def accepted_by_issue(week: Week, product_name: str) -> dict[int, int]:
    """Luck of the issue → whether the offer of the product was accepted, of first attempts."""
    rows = week.contacts[week.contacts["product"] == week.scenario.products.index(product_name)]
    return dict(zip(rows.luck.tolist(), rows.accepted.tolist(), strict=True))


@pytest.mark.parametrize("policy", ["while-nobody-waits", {"offer": "random", "share": 0.5}])
def test_every_policy_meets_the_same_acceptance(week, base, policy):
    """Who is offered p in the same issue under two policies accepts in both or in none."""
    what = center()
    what["offers"]["p"]["offer"] = policy
    one, other = accepted_by_issue(base, "p"), accepted_by_issue(week(what), "p")
    both = one.keys() & other.keys()
    assert len(both) > 200
    assert {one[issue] for issue in both} == {0, 1}
    assert all(one[issue] == other[issue] for issue in both)


@pytest.mark.parametrize("place", ["behind", "in front"])
def test_another_product_moves_no_draw(week, base, place):
    """A product q, in the file behind or in front of p: candidates and acceptance of p stay."""
    what = center()
    extra = {"q": product(candidates=0.3, acceptance=0.5, held=0.5, offer="while-nobody-waits")}
    what["offers"] = what["offers"] | extra if place == "behind" else extra | what["offers"]
    other = week(what)
    assert base.dealt() == other.dealt()
    assert_same_draws(base, other, 1000)
    assert_same_luck_of_customers(base, other)
    one, two = accepted_by_issue(base, "p"), accepted_by_issue(other, "p")
    both = one.keys() & two.keys()
    assert len(both) > 200
    assert all(one[issue] == two[issue] for issue in both)
    if place == "behind":
        assert (other.contacts["product"] == 1).sum() > 50


def test_another_segment_moves_no_draw(week, base):
    """A third segment, in front, from which nobody calls: the others keep luck and moments."""
    what = center()
    what["customers"] = {"vip": {"count": 50, "churn": "none"}} | what["customers"]
    other = week(what)

    def moments(rows, offset):
        who = (rows.customer - offset).tolist()
        return set(zip(rows.luck.tolist(), rows.arrived_ms.tolist(), who, strict=True))

    assert moments(base.first(), 0) == moments(other.first(), 50)
    mine, theirs = base.played.people.rows, other.played.people.rows[50:]
    assert np.array_equal(mine.luck, theirs.luck)
    assert np.array_equal(mine.disposition, theirs.disposition)


def test_another_type_in_front_moves_no_draw(week, base):
    """A third type stands first in the file: a and b keep luck and moments."""
    what = center()
    what["contacts"] = {"c": copy.deepcopy(what["contacts"]["a"])} | what["contacts"]
    what["agents"]["second"]["serves"] = ["c", "b", "a"]
    other = week(what)
    for type_ in ("a", "b"):
        mine = {row[1:] for row in base.dealt(type_)}
        assert mine == {row[1:] for row in other.dealt(type_)}
    assert not {row[1] for row in other.dealt("c")} & {row[1] for row in base.dealt()}


def test_more_agents_move_no_draw(week, base):
    """Three more agents, and another group: first contacts and their luck stay."""
    what = center()
    what["agents"]["first"]["positions"] = 7
    what["agents"]["third"] = {"positions": 1}
    other = week(what)
    assert base.dealt() == other.dealt()
    assert_same_draws(base, other, 500)
    assert_same_luck_of_customers(base, other)


def test_the_length_of_the_interval_changes_nothing(week):
    """Intervals of 15, 30 and 60 minutes: the same contacts in every column."""
    weeks = [week(center(), f"horizon.interval={minutes} min") for minutes in (15, 30, 60)]
    for other in weeks[1:]:
        assert_same_rows(weeks[0].contacts, other.contacts, "contacts")
        assert_same_people(weeks[0].played.people, other.played.people)
        mine, theirs = weeks[0].played.tally, other.played.tally
        coarse = {"intervals": mine.intervals, "handled": mine.handled}
        assert_same_tally(mine, theirs._replace(**coarse))
        for name in coarse:
            fine, wide = plain(coarse[name]), plain(getattr(theirs, name))
            merged = fine.reshape(len(wide), -1, *fine.shape[1:]).sum(axis=1)
            assert np.array_equal(merged, wide)


def test_a_longer_horizon_and_a_warm_up_move_no_draw(week, base):
    """Two weeks, or a warm-up of a day: the first contacts of the first week stay."""
    longer = week(center() | {"horizon": {"weeks": 2}})
    early = {row for row in longer.dealt() if row[2] < WEEK_MS}
    assert early == base.dealt()
    warm = week(center() | {"horizon": {"weeks": 1, "warm_up": "1 d"}})
    assert {row for row in warm.dealt() if row[2] >= 0} == base.dealt()
    assert min(row[2] for row in warm.dealt()) < 0


def test_another_seed_and_another_replication_are_another_world(week, base):
    """No issue has the same luck as in another seed or replication."""
    lucks = [set(base.first().luck.tolist())]
    lucks += [
        set(week(center(), **luck).first().luck.tolist())
        for luck in ({"seed": 5}, {"replication": 2})
    ]
    assert not (lucks[0] & lucks[1] or lucks[0] & lucks[2] or lucks[1] & lucks[2])


# --- offers that are never made ------------------------------------------------------------------


@pytest.mark.parametrize(
    "policy",
    [
        "never",
        {"offer": "random", "share": 0.0},
        {"offer": "below-system-threshold", "threshold": 0},
    ],
)
def test_never_offering_equals_no_offers(week, policy):
    """Every table is the same to the bit as without any product."""
    never, none = center(), center()
    never["offers"]["p"] |= {"offer": policy, "held": 0.0}
    none["offers"] = {}
    never, none = week(never), week(none)
    assert_same_rows(never.contacts, none.contacts, "contacts")
    for name in ("sales", "ended", "holders"):
        assert not plain(getattr(never.played.tally, name)).any()
    by_product = {name: getattr(none.played.tally, name) for name in ("sales", "ended", "holders")}
    assert_same_tally(never.played.tally._replace(**by_product), none.played.tally)
    assert_same_rows(never.played.people.rows, none.played.people.rows, "people")
    assert_same_rows(never.played.carry.seats, none.played.carry.seats, "seats")
    assert_same_rows(never.played.carry.groups, none.played.carry.groups, "groups")


# --- surveys -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "surveys", ["none", {"invite": 1.0, "response": [0.9, 0.8, 0.7, 0.6, 0.5]}]
)
def test_surveys_move_nothing(week, base, surveys):
    """Asking nobody, or everybody: every table is the same to the bit but for the answers."""
    other = week(center() | {"surveys": surveys})
    assert_same_rows(base.contacts, other.contacts, "contacts")
    assert_same_people(base.played.people, other.played.people)
    mine, theirs = base.played.tally, other.played.tally
    names = mine.contacts.dtype.names
    survey = [name for name in names if name == "invited" or name.startswith("surveyed")]
    assert (mine.contacts[survey] != theirs.contacts[survey]).any()
    contacts = theirs.contacts.copy()
    for name in survey:
        contacts[name] = mine.contacts[name]
        assert surveys != "none" or not theirs.contacts[name].any()
    assert_same_tally(mine, theirs._replace(contacts=contacts))


# --- customers who leave and join ----------------------------------------------------------------


def test_who_leaves_takes_her_contacts_along(week):
    """With churn, exactly the first contacts of those who have left are missing."""
    what = center() | {"horizon": {"weeks": 4}}
    stay = week(what)
    what["customers"]["plain"]["churn"] = {"rate": "95% per year", "due_to_service": 0}
    leave = week(what)
    left = leave.played.people.rows.left_week
    assert 50 < (left >= 0).sum() < 400
    assert leave.dealt() < stay.dealt()
    left = left.tolist()
    gone = {
        row for row in stay.dealt() if left[row[3]] >= 0 and row[2] >= (left[row[3]] + 1) * WEEK_MS
    }
    assert stay.dealt() - leave.dealt() == gone
    assert stay.dealt("b") - gone == leave.dealt("b")


def test_who_joins_only_adds_contacts(week):
    """With acquisition, all added first contacts are those of joiners, after they joined."""
    what = center() | {"horizon": {"weeks": 4}}
    closed = week(what)
    what["customers"]["gold"]["acquisition"] = {"per_month": 400}
    grown = week(what)
    added = grown.dealt() - closed.dealt()
    joined = grown.played.people.rows.joined_week.tolist()
    assert closed.dealt() < grown.dealt()
    assert len(added) > 100
    assert all(row[2] >= joined[row[3]] * WEEK_MS > 0 for row in added)


# --- more agents, shorter waits ------------------------------------------------------------------


@pytest.mark.parametrize("seats", [(3, 4), (4, 5), (5, 9)])
def test_more_agents_never_make_anybody_wait_longer(week, seats):
    """Pathwise: one group, first come first served, nobody gives up, comes back or is offered."""
    type_ = {
        "volume": {"per_week": 4000, "profile": "flat", "counts": "first", "busyness": "none"},
        "talk": {"mean": "7 min", "cv": 1.2},
        "wrap_up": {"mean": "1 min"},
        **{key: "none" for key in ("hold", "patience", "redial", "resolution")},
    }
    few, many = (
        week(world({"a": type_}, {"g": {"positions": n}}, horizon={"weeks": 1})) for n in seats
    )
    assert few.dealt() == many.dealt()
    waits = []
    for played in (few, many):
        rows = played.contacts
        waits.append(
            np.where(rows.outcome == ANSWERED, rows.answered_ms, 1 << 60) - rows.arrived_ms
        )
    assert (waits[1] <= waits[0]).all()
    assert (waits[1] < waits[0]).sum() > 500

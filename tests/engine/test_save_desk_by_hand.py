"""Timelines drawn by hand: the save desk. Every column, both engines.

There is one customer, who decides to leave at the end of the first week and announces it. When her
contact comes, and whether she is persuaded, is read from her dice; the rest is drawn.
"""

import numpy as np
import pytest

from sim.core.clock import MS_PER_WEEK
from sim.core.dice import CHURN, MOMENT, PERSUADED, uniform
from sim.core.moments import block_of, number_of
from sim.domain.contacts.demand import ANNOUNCED_BLOCK
from sim.domain.customers.save_desk import luck_of_announcement
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.weeks.play import play as play_horizon

from .by_hand import ON, ONE, answered, assert_rows, gave_up, second_leg
from .worlds import MINUTE_MS, QUIET, constant, loaded, product, world

SEED = 11
HARDLY = 1e-6
OF_HERS = {"customer": 0}


@pytest.fixture
def play_weeks(tmp_path, engine):
    """Return a function that plays three weeks of one customer with this engine."""

    def play(
        withdraw=0.0, agents=ONE, redial="none", offers=None, margin="10 per month", **of_type
    ):
        cancel = {"volume": {"per_week": 0, "profile": "flat"}, "talk": constant(3), **QUIET}
        cancel |= {"patience": constant(2), "redial": redial, **of_type}
        more = {
            "horizon": {"weeks": 3, "interval": "15 min"},
            "seed": SEED,
            "customers": {
                "count": 1,
                "margin": margin,
                "churn": {"rate": "99.9999999999% per year", "due_to_service": 0},
            },
            "save_desk": {"contacts": "cancel", "announces": "100%", "withdraw": withdraw},
        }
        what = world({"cancel": cancel}, agents, offers=offers or {}, **more)
        planner = Planner(loaded(tmp_path, what), UNANCHORED)
        played = play_horizon(planner, SEED, 0, engine=engine, keep_contacts=True)
        first = uniform(played.people.rows.luck[0], CHURN, 0)
        assert first < planner.plan(0, 1).churn[0][0]
        return played

    return play


def dice(played):
    """When her contact is due, in minutes, and the uniform of who is persuaded."""
    luck = luck_of_announcement(played.people.rows.luck[0], 0)
    due_ms = MS_PER_WEEK + int(uniform(luck, MOMENT, 0) * MS_PER_WEEK)
    return due_ms / MINUTE_MS, uniform(luck, PERSUADED, 0)


def counted(played):
    """Counts by week: announced, saved, withdrew, lost, left."""
    names = ("announced", "saved", "withdrew", "lost_at_desk", "left")
    return np.stack([played.tally.customers[name][:, 0] for name in names], axis=1).tolist()


def of_the_first(played):
    """The contacts of her first announcement, in the second week."""
    contacts = played.contacts[1]
    assert [block_of(int(n)) for n in contacts.name] == [ANNOUNCED_BLOCK] * len(contacts)
    assert [number_of(int(n)) for n in contacts.name] == [0] * len(contacts)
    return contacts


def actives(played):
    """Customers at the start of each week."""
    return played.tally.customers["active"][:, 0].tolist()


def test_who_is_not_persuaded_left_when_she_announced_it(play_weeks):
    """Announced at the end of week 1, she is answered in week 2, and has left at the end of 1.

    week 1 ┆ due  +3 ┆
    leaves ┆ ████    ┆
    """
    played = play_weeks()
    due, _ = dice(played)
    assert_rows(of_the_first(played), [answered(-1, due, due, 3, **OF_HERS)])
    assert counted(played) == [[1, 0, 0, 0, 1], [0, 0, 0, 1, 0], [0, 0, 0, 0, 0]]
    assert actives(played) == [1, 0, 0]
    assert (played.people.rows.active[0], played.people.rows.left_week[0]) == (0, 0)


def test_who_wants_to_leave_calls_people(play_weeks):
    """A bot that would solve every new issue is not in her way.

    week 1 ┆ due  +3 ┆
    leaves ┆ ████    ┆
    """
    bot = {"eligible": 1.0, "solved": 1.0, "claimed": 0.0, "human_option": "none"}
    played = play_weeks(self_service=bot)
    due, _ = dice(played)
    assert_rows(of_the_first(played), [answered(-1, due, due, 3, **OF_HERS)])
    assert counted(played) == counted(play_weeks())
    assert not any(played.tally.self_service[name].any() for name in ("asked", "solved", "bot_ms"))


def test_one_uniform_decides_who_withdraws(play_weeks):
    """Just below the share that withdraws she never left, just above she leaves."""
    _, u = dice(play_weeks())
    stays, leaves = play_weeks(withdraw=u + HARDLY), play_weeks(withdraw=u - HARDLY)
    assert counted(stays)[1] == [0, 1, 1, 0, 0]
    assert counted(leaves)[1] == [0, 0, 0, 1, 0]
    assert (counted(stays)[0], counted(leaves)[0]) == ([1, 0, 0, 0, 0], [1, 0, 0, 0, 1])
    assert (actives(stays), actives(leaves)) == ([1, 1, 1], [1, 0, 0])
    assert stays.people.rows.raised_weeks[0] > 0


@pytest.mark.parametrize(("kind", "saved"), [("retention", True), ("upsell", False)])
def test_an_offer_that_she_accepts_keeps_her(play_weeks, kind, saved):
    """The same uniform decides about the offer; only one of kind retention keeps her.

    due +3 +7
    ████▓▓▓▓
    """
    due, u = dice(play_weeks())
    # Of another kind is accepted by other dice: always.
    share = u + HARDLY if saved else 1.0
    effects = {"everyone": share, "effects": "none"}
    stay = product(kind=kind, acceptance=effects, returns=0)
    played = play_weeks(offers={"stay": stay})
    row = answered(-1, due, due, 3, offer=4, product=0, accepted=1, **OF_HERS)
    assert_rows(of_the_first(played), [row])
    assert counted(played)[1] == ([0, 1, 0, 0, 0] if saved else [0, 0, 0, 1, 0])


def test_a_better_offer_than_none_is_needed(play_weeks):
    """Just above its acceptance she declines; who would have withdrawn accepts."""
    _, u = dice(play_weeks())

    def offered(share, withdraw):
        stay = product(
            kind="retention", acceptance={"everyone": share, "effects": "none"}, returns=0
        )
        return counted(play_weeks(withdraw, offers={"stay": stay}))[1]

    assert offered(u - HARDLY, 0.0) == [0, 0, 0, 1, 0]
    assert offered(u + HARDLY, u + HARDLY / 2) == [0, 1, 0, 0, 0]
    assert offered(u - HARDLY, u + HARDLY) == [0, 1, 1, 0, 0]


def test_specialists_may_keep_her(play_weeks):
    """She is handed on to a group that keeps customers, and accepts there.

    due +3 +7
    ███
       ▓▓▓▓      specialists
    """
    due, _ = dice(play_weeks())
    policy = {"offer": "specialist", "group": "desk"}
    offers = {"stay": product(kind="retention", returns=0, offer=policy)}
    agents = ONE | {"desk": {"positions": 1, "serves": []}}
    agents["g"] = agents["g"] | {"serves": ["cancel"]}
    played = play_weeks(agents=agents, offers=offers)
    legs = of_the_first(played)
    first = answered(-1, due, due, 3, **ON, **OF_HERS)
    second = second_leg(-1, due, due + 3, due + 3, offer=4, accepted=1, seat=1, **OF_HERS)
    assert_rows(legs, [first, second])
    assert counted(played)[1] == [0, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("margin", "withdraw", "is_made"), [(100, 0.0, True), (0, 0.0, False), (100, 0.9, False)]
)
def test_an_offer_is_worth_the_customer_whom_it_keeps(play_weeks, margin, withdraw, is_made):
    """A discount is offered where she is worth more, but not where she would stay anyway."""
    offer = product(
        kind="retention",
        acceptance={"everyone": 0.9, "effects": "none"},
        offer="expected-value",
        price=0,
        margin={"per_month": -2},
    )
    played = play_weeks(withdraw, offers={"stay": offer}, margin=f"{margin} per month")
    assert (of_the_first(played).product[0] == 0) == is_made


def test_who_gives_the_offer_back_leaves(play_weeks):
    """Accepted and returned keeps nobody."""
    stay = product(kind="retention", returns=1)
    played = play_weeks(offers={"stay": stay})
    assert of_the_first(played).accepted[0] == 1
    assert counted(played)[1] == [0, 0, 0, 1, 0]


def test_who_gets_no_answer_leaves(play_weeks):
    """Nobody is there: she gives up after 2 minutes, for good, though she would have withdrawn.

    due +2
    ▒▒▒✗
    """
    due, u = dice(play_weeks())
    played = play_weeks(u + HARDLY, {"g": {"positions": 0}})
    assert_rows(of_the_first(played), [gave_up(-1, due, due + 2, **OF_HERS)])
    assert counted(played)[1] == [0, 0, 0, 1, 0]


def test_who_still_tries_has_left_for_the_time_being(play_weeks):
    """She gives up and will try again after the horizon: neither lost nor saved, and gone."""
    later = {"probability": 1, "delay": constant(3 * 7 * 24 * 60), "attempts": "unlimited"}
    played = play_weeks(agents={"g": {"positions": 0}}, redial=later)
    due, _ = dice(played)
    assert_rows(of_the_first(played)[:1], [gave_up(-1, due, due + 2, last=0, **OF_HERS)])
    assert counted(played) == [[1, 0, 0, 0, 1], [0] * 5, [0] * 5]
    assert played.people.rows.active[0] == 0
    assert played.people.rows.leaving[0] > 0

"""Timelines drawn by hand: bots that offer something, and that keep customers. Both engines.

In the drawings a digit is minutes, ♦ the bot, ◊ its offer, █ talk, ▓ the offer of an agent.
"""

import numpy as np
import pytest

from sim.core.moments import SECOND_LEG
from sim.core.tables import CLAIMED_BY_BOT, ESCALATED

from .by_hand import answered, assert_rows, counted, kept, summed
from .test_bots_by_hand import BOT, CLAIMS, SOLVES, sessions
from .test_save_desk_by_hand import HARDLY, OF_HERS, dice, of_the_first, play_weeks
from .test_save_desk_by_hand import counted as counted_by_week
from .worlds import call, constant, listed, loaded, play_cut, product, world

__all__ = ["play_weeks"]  # a fixture

NOBODY_THERE = {"g": {"positions": 0}}
ONE = {"g": {"positions": 1}}
OFFERS = {"products": ["p"], "acceptance_odds": 1, "time": "1 min"}
SELLS = SOLVES | {"offers": OFFERS}
NEVER_DECLINED = {"everyone": 1.0, "effects": "none"}
NEVER_ACCEPTED = {"everyone": 0.0, "effects": "none"}


def selling(bot, more=None, **of_product):
    """A call at 0, a bot, and a product that everybody buys."""
    type_ = listed(call(0, 3), self_service=bot, **more or {})
    return {"contacts": {"a": type_}, "offers": {"p": product(**of_product)}}


def sold(played, name="p"):
    """What was counted of the product, without what is 0."""
    return {name: n for name, n in summed(played.tally.sales).items() if n}


@pytest.mark.parametrize("policy", ["always", "never"])
def test_a_bot_sells_whatever_policy_agents_have(play, policy):
    """Solved at 2; the session lasts a minute longer, no agent is there, and nobody fulfils it.

    t  0  2 3
    0  ♦♦♦♦◊◊
    """
    what = selling(SELLS, offer=policy, fulfilment=constant(5), returns=0)
    played = play(world(agents=NOBODY_THERE, **what))
    assert_rows(played.contacts, [kept(0, 0, 3, offer=1, product=0, accepted=1)])
    assert sold(played) == {"offered": 1, "accepted": 1, "offered_by_bot": 1, "kept_by_bot": 1}
    assert sessions(played) == {"solved": 1, "bot_ms": 3, "offers": 1, "accepted": 1}
    counts = counted(played)
    assert (counts["offers"], counts["accepted"], counts["offer_ms"]) == (0, 0, 0)
    assert (counts["issues"], counts["issues_resolved"]) == (1, 1)
    assert played.tally.time["offer_ms"].sum() == 0


def test_she_declines(play):
    """It takes as long, and is an offer all the same."""
    played = play(world(agents=NOBODY_THERE, **selling(SELLS, acceptance=NEVER_ACCEPTED)))
    assert_rows(played.contacts, [kept(0, 0, 3, offer=1, product=0)])
    assert sold(played) == {"offered": 1, "offered_by_bot": 1}
    assert sessions(played) == {"solved": 1, "bot_ms": 3, "offers": 1}


def test_what_is_given_back_is_not_kept(play):
    """The bot sold it, and nobody keeps it."""
    played = play(world(agents=NOBODY_THERE, **selling(SELLS, returns=1.0)))
    found = {"offered": 1, "accepted": 1, "returned": 1, "offered_by_bot": 1}
    assert sold(played) == found


@pytest.mark.parametrize(
    "of_product", [{"candidates": 0.0}, {"during": ["b"]}, {"held": 1.0}, {"to": ["gold"]}]
)
def test_it_offers_what_makes_sense(play, of_product):
    """Nobody for whom it makes none is told of it: the session ends at 2."""
    what = selling(SELLS, **of_product)
    what["contacts"]["b"] = listed(call(600, 3))
    if "to" in of_product:
        what["customers"] = {"plain": {"count": 1}, "gold": {"count": 1}}
        what["contacts"]["a"]["shares"] = {"plain": "100%", "gold": "0%"}
    played = play(world(agents=ONE, **what))
    first = played.contacts[played.contacts.type == 0]
    assert first.product.tolist() == [-1]
    assert first.offer_ms.tolist() == [0]
    assert sold(played).get("offered_by_bot", 0) == 0


@pytest.mark.parametrize(("bot", "fate"), [(CLAIMS, CLAIMED_BY_BOT), (BOT, ESCALATED)])
def test_it_offers_nothing_where_it_has_not_solved_it(play, bot, fate):
    """Not to whom it only claims to have helped, nor to whom it hands on.

    t  0  2   5
    0  ♦♦♦♦
    0  ♦♦♦♦███
    """
    played = play(world(agents=ONE, **selling(bot | {"offers": OFFERS}, offer="never")))
    if fate == CLAIMED_BY_BOT:
        rows = [kept(0, 0, 2, bot=fate, resolved=0)]
    else:
        rows = [answered(0, 2, 2, 3, bot=fate)]
    assert_rows(played.contacts, rows)
    assert not sold(played)


def test_an_agent_sells_as_before_where_the_bot_hands_on(play):
    """The agent's offer takes 4 minutes and has nothing to do with the bot's.

    t  0  2   5    9
    0  ♦♦♦♦███▓▓▓▓
    """
    played = play(world(agents=ONE, **selling(BOT | {"offers": OFFERS}, returns=0)))
    row = answered(0, 2, 2, 3, bot=ESCALATED, offer=4, product=0, accepted=1)
    assert_rows(played.contacts, [row])
    assert sold(played) == {"offered": 1, "accepted": 1}


def test_of_several_the_one_with_the_largest_expected_margin(play):
    """Of q and r that it sells q brings 60; p, which brings most, is not the bot's."""
    what = selling(SELLS | {"offers": OFFERS | {"products": ["q", "r"]}})
    what["offers"] |= {"q": product(margin=60), "r": product(margin=40)}
    played = play(world(agents=NOBODY_THERE, **what))
    assert played.contacts.product.tolist() == [1]


def test_its_odds_are_its_own(tmp_path, engine):
    """At odds of a half, of 300 offers of 30 % some 17.6 % are accepted; agents have 30 %."""

    def accepted(odds):
        calls = [call(i / 10, 1) for i in range(300)]
        bot = SELLS | {"offers": OFFERS | {"acceptance_odds": odds}}
        effects = {"everyone": 0.3, "effects": "none"}
        type_ = listed(*calls, self_service=bot)
        what = world({"a": type_}, NOBODY_THERE, offers={"p": product(acceptance=effects)})
        played = play_cut(loaded(tmp_path, what), engine)
        rows = played.contacts
        return set(rows.listed[rows.accepted == 1].tolist())

    half, same = accepted(0.5), accepted(1)
    assert half < same  # the same luck
    for found, p in ((half, 0.3 / 0.7 / 2 / (1 + 0.3 / 0.7 / 2)), (same, 0.3)):
        assert len(found) / 300 == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / 300))


def test_the_effects_of_the_reference_contact(tmp_path, engine):
    """A bot answers at once and solves it at the first contact: only the wait of 0 s is better."""
    effects = {"everyone": 0.5, "effects": {"first_contact": 9.0, "wait": -2.0, "fatigue": 0}}
    calls = [call(i / 10, 1) for i in range(300)]
    type_ = listed(*calls, self_service=SELLS)
    what = world({"a": type_}, NOBODY_THERE, offers={"p": product(acceptance=effects)})
    rows = play_cut(loaded(tmp_path, what), engine).contacts
    p = 1 / (1 + 1.5**-2)
    assert rows.accepted.mean() == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / 300))


def test_an_offer_over_midnight_goes_on(tmp_path, engine):
    """A session from 23:57 to 0:00 in which the offer begins at 23:59, cut at every quarter."""
    type_ = listed(call(1437, 3), self_service=SELLS | {"offers": OFFERS | {"time": "10 min"}})
    what = world({"a": type_}, NOBODY_THERE, offers={"p": product()}) | {
        "horizon": {"days": 2, "interval": "15 min"}
    }
    scenario = loaded(tmp_path, what)
    whole, cut = play_cut(scenario, engine), play_cut(scenario, engine, (96, 97))
    for played in (whole, cut):
        rows = played.contacts[played.contacts.leg < SECOND_LEG]
        assert_rows(rows, [kept(0, 1437, 1449, offer=10, product=0, accepted=1)])
    assert sold(whole) == sold(cut)


# --- keeping ------------------------------------------------------------------------------------


def keeping(share):
    """A product that keeps who accepts it, at that acceptance."""
    effects = {"everyone": share, "effects": "none"}
    return {"stay": product(kind="retention", acceptance=effects, returns=0)}


KEEPS = SOLVES | {"announced": True, "offers": OFFERS | {"products": ["stay"]}}


def test_a_bot_keeps_who_is_persuaded(play_weeks):
    """The same uniform as at an agent: just below the acceptance she stays, just above she leaves.

    week 1 ┆ due  +2 +3 ┆
    leaves ┆ ♦♦♦♦♦♦◊◊◊  ┆
    """
    due, u = dice(play_weeks())
    stays = play_weeks(self_service=KEEPS, offers=keeping(u + HARDLY))
    leaves = play_weeks(self_service=KEEPS, offers=keeping(u - HARDLY))
    row = kept(-1, due, due + 3, offer=1, product=0, accepted=1, **OF_HERS)
    assert_rows(of_the_first(stays), [row])
    assert_rows(of_the_first(leaves), [row | {"accepted": 0}])
    assert counted_by_week(stays)[1] == [0, 1, 0, 0, 0]
    assert counted_by_week(leaves)[1] == [0, 0, 0, 1, 0]
    assert counted_by_week(stays)[0][4] == 0
    assert counted_by_week(leaves)[0][4] == 1


def test_its_odds_persuade_fewer(play_weeks):
    """With half the odds of acceptance a uniform of twice that is not below it any more."""
    _, u = dice(play_weeks())
    share = min(u * 1.2, 0.99)
    halved = share / (1 - share) / 2
    assert halved / (1 + halved) < u < share
    half = KEEPS | {"offers": KEEPS["offers"] | {"acceptance_odds": 0.5}}
    assert counted_by_week(play_weeks(self_service=KEEPS, offers=keeping(share)))[1][1] == 1
    assert counted_by_week(play_weeks(self_service=half, offers=keeping(share)))[1][1] == 0


def test_who_withdraws_does_so_in_front_of_a_bot_too(play_weeks):
    """Without any offer; and nobody does in front of a bot that hands all on and no agent there."""
    _, u = dice(play_weeks())
    bot = SOLVES | {"announced": True}
    assert counted_by_week(play_weeks(u + HARDLY, self_service=bot))[1] == [0, 1, 1, 0, 0]
    assert counted_by_week(play_weeks(u - HARDLY, self_service=bot))[1] == [0, 0, 0, 1, 0]
    hands_on = BOT | {"announced": True}
    away = {"g": {"positions": 0}}
    assert counted_by_week(play_weeks(u + HARDLY, agents=away, self_service=hands_on))[1][1] == 0


def test_it_hands_on_who_leaves_as_others(play_weeks):
    """The agent is asked at +2, and makes the offer that keeps her.

    week 1 ┆ due  +2 +5 +9 ┆
    leaves ┆ ♦♦♦♦♦♦███▓▓▓▓ ┆
    """
    due, u = dice(play_weeks())
    hands_on = BOT | {"announced": True}
    played = play_weeks(self_service=hands_on, offers=keeping(u + HARDLY))
    row = answered(-1, due + 2, due + 2, 3, bot=ESCALATED, offer=4, product=0, accepted=1)
    assert_rows(of_the_first(played), [row | OF_HERS])
    assert counted_by_week(played)[1] == [0, 1, 0, 0, 0]

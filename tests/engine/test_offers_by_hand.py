"""Timelines drawn by hand: offers. Every column, both engines.

In the drawings a digit is minutes, ▒ waiting, █ talk, ▓ offer, ░ wrap-up, ✗ giving up.
"""

import pytest

from .by_hand import ONE, answered, assert_rows, callers, counted, handled_min, sold_of_first
from .worlds import (
    MINUTE_MS,
    call,
    constant,
    listed,
    product,
    quarters,
    world,
)


@pytest.mark.parametrize(
    "policy",
    ["while-nobody-waits", {"offer": "while-waiting", "at_most": 0}]
    + [{"offer": "below-system-threshold", "threshold": 1}],
)
def test_an_offer_is_made_while_nobody_waits(play, policy):
    """One agent.

    t  0  3    7 9  10  14
    0  ███▓▓▓▓
    1       ▒▒▒██             no offer: call 2 waits
    2          ▒▒█▓▓▓▓        arrives 8
    """
    calls = (call(0, 3, offer=4), call(5, 2, offer=4), call(8, 1, offer=4))
    played = play(world({"a": listed(*calls)}, ONE, offers={"p": product(offer=policy)}))
    sold = {"offer": 4, "product": 0, "accepted": 1}
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 3, **sold), answered(1, 5, 7, 2), answered(2, 8, 9, 1, **sold)],
    )
    assert sold_of_first(played) == (2, 2)
    counts = counted(played)
    assert (counts["offers"], counts["accepted"], counts["offer_ms"]) == (2, 2, 8 * MINUTE_MS)


def test_patience_that_ends_with_the_talk_still_counts_as_waiting(play):
    """The end of talk precedes giving up: no offer, so the agent is freed and answers.

    t  0    5 7
    0  █████           no offer
    1   ▒▒▒▒██▓        patience 4
    """
    offers = {"p": product(offer="while-nobody-waits", talk=constant(1))}
    played = play(world({"a": listed(call(0, 5), call(1, 2, 4))}, ONE, offers=offers))
    sold = {"offer": 1, "product": 0, "accepted": 1}
    assert_rows(played.contacts, [answered(0, 0, 0, 5), answered(1, 1, 5, 2, **sold)])


def test_who_arrives_as_the_talk_ends_does_not_count_yet(play):
    """The end of talk precedes arrivals: the offer is made, the arrival waits for it.

    t  0    5 6
    0  █████▓
    1       ▒█▓
    """
    offers = {"p": product(offer="while-nobody-waits", talk=constant(1))}
    played = play(world({"a": listed(call(0, 5), call(5, 1))}, ONE, offers=offers))
    sold = {"offer": 1, "product": 0, "accepted": 1}
    assert_rows(played.contacts, [answered(0, 0, 0, 5, **sold), answered(1, 5, 6, 1, **sold)])


@pytest.mark.parametrize(
    ("at_most", "offers"), [(-2, [0]), (-1, [0, 1]), (0, [0, 1, 2]), (1, [0, 1, 2, 3])]
)
def test_the_number_in_system_decides(play, at_most, offers):
    """Three agents; the number in system at each end of talk, less three: -2, -1, 0, 1.

    t  0 2 10 12   20 22  30 32
    0  ██                               one busy
    1       ███ (10-12), 2: (11-60)     two busy
    3                (20-22), 4: (21-80) three busy
    5                       30 ▒▒ …     call 6 waits while call 5 talks
    """
    calls = [call(0, 2), call(10, 2), call(11, 49), call(20, 2), call(21, 59)]
    calls += [call(30, 2), call(31, 1)]
    policy = {"offer": "while-waiting", "at_most": at_most}
    products = {"p": product(offer=policy, talk=constant(1))}
    played = play(world({"a": listed(*calls)}, {"g": {"positions": 3}}, offers=products))
    made = {int(c.listed) for c in played.contacts if c.product == 0}
    at_issue = [0, 1, 3, 5]
    assert made & set(at_issue) == {at_issue[i] for i in offers}


def test_waiting_contacts_count_only_when_open_to_the_group(play):
    """Call 1 waits, but not yet for the second group, whose agent may offer.

    t   0   3
    a0  ██████████           first
    b1  ███▓                 second: a2 is open to it from 6 only
    a2    ▒▒▒▒               second at 6
    """
    contacts = {"a": listed(call(0, 10), call(2, 1)), "b": listed(call(0, 3, offer=1))}
    agents = {
        "first": {"positions": 1, "serves": ["a"]},
        "second": {"positions": 1, "serves": {"b": 1, "a": {"priority": 1, "after": "4 min"}}},
    }
    offers = {"p": product(during=["b"], offer="while-nobody-waits")}
    played = play(world(contacts, agents, offers=offers))
    sold = {"offer": 1, "product": 0, "accepted": 1}
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 10), answered(1, 0, 0, 3, type=1, group=1, seat=1, **sold)]
        + [answered(2, 2, 6, 1, group=1, seat=1)],
    )


def test_owed_seats_count_in_the_system_and_not_on_duty(play):
    """Two seats become one at 15: two in system, one on duty, so no offer at 16.

    t  0     15 16      40
    0  ████████              no offer, leaves
    1   █████████████████▓   offer at 40: one in system, one on duty
    """
    calls = (call(0, 16, offer=1), call(1, 39, offer=1))
    offers = {"p": product(offer="while-nobody-waits")}
    played = play(world({"a": listed(*calls)}, {"g": quarters(2, 1)}, offers=offers))
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 16), answered(1, 1, 1, 39, seat=1, offer=1, product=0, accepted=1)],
    )


def test_at_most_by_segment(play):
    """Gold is offered although one waits, plain is not.

    t         0  3 4 6 7
    0 gold    ███▓
    1 plain    ▒▒▒██             call 2 waits
    2 gold       ▒▒▒█▓
    """
    segments = {"plain": {"count": 99, "churn": "none"}, "gold": {"count": 99, "churn": "none"}}
    calls = (call(0, 3, segment="gold"), call(1, 2), call(3, 1, segment="gold"))
    policy = {"offer": "while-waiting", "at_most": {"plain": 0, "gold": 1}}
    offers = {"p": product(offer=policy, talk=constant(1))}
    played = play(world({"a": listed(*calls)}, ONE, customers=segments, offers=offers))
    who = callers(played)
    sold = {"offer": 1, "product": 0, "accepted": 1, "segment": 1}
    rows = [answered(0, 0, 0, 3, customer=who[0], **sold), answered(1, 1, 4, 2, customer=who[1])]
    rows.append(answered(2, 3, 6, 1, customer=who[2], **sold))
    assert_rows(played.contacts, rows)
    assert 99 <= who[0] < 198 and 0 <= who[1] < 99 and 99 <= who[2] < 198


def test_a_declined_offer_takes_its_time(play):
    """Nobody accepts; fulfilment is only for those who do.

    t  0  3  5 6
    0  ███▓▓
    1    ▒▒▒▒█▓▓
    """
    offers = {"p": product(acceptance=0.0, fulfilment=constant(10), talk=constant(2))}
    played = play(world({"a": listed(call(0, 3), call(2, 1))}, ONE, offers=offers))
    asked = {"offer": 2, "product": 0, "accepted": 0}
    assert_rows(played.contacts, [answered(0, 0, 0, 3, **asked), answered(1, 2, 5, 1, **asked)])
    assert sold_of_first(played) == (2, 0)


def test_fulfilment_follows_an_accepted_offer(play):
    """Offer talk 2, fulfilment 10.

    t  0  3  5         15
    0  ███▓▓▓▓▓▓▓▓▓▓▓▓
    """
    offers = {"p": product(fulfilment=constant(10), talk=constant(2))}
    played = play(world({"a": listed(call(0, 3))}, ONE, offers=offers))
    sold = {"offer": 12, "product": 0, "accepted": 1}
    assert_rows(played.contacts, [answered(0, 0, 0, 3, **sold)])


def test_the_first_product_that_suits_is_offered(play):
    """p is never due, q is not for this type, r suits, s comes too late."""
    offers = {
        "p": product(offer="never"),
        "q": product(during=["b"]),
        "r": product(),
        "s": product(),
    }
    contacts = {"a": listed(call(0, 3)), "b": listed(call(20, 3))}
    played = play(world(contacts, ONE, offers=offers))
    sold = {"offer": 4, "accepted": 1}
    assert_rows(
        played.contacts,
        [
            answered(0, 0, 0, 3, product=2, **sold),
            answered(1, 20, 20, 3, type=1, product=1, **sold),
        ],
    )


def test_no_offer_on_an_unsolved_issue_unless_told(play):
    """Nothing is solved, nobody comes back: an offer only with on_unresolved.

    t  0  3  4
    0  ███▓
    """
    resolution = {"first_contact": 0.0, "comes_back": 0.0}
    contacts = {"a": listed(call(0, 3, offer=1), resolution=resolution)}
    played = play(world(contacts, ONE, offers={"p": product()}))
    assert_rows(played.contacts, [answered(0, 0, 0, 3, resolved=0)])
    played = play(world(contacts, ONE, offers={"p": product(on_unresolved=True)}))
    sold = {"offer": 1, "product": 0, "accepted": 1, "resolved": 0}
    assert_rows(played.contacts, [answered(0, 0, 0, 3, **sold)])


ALONE = {"all": {"count": 1, "churn": "none"}}


def test_nobody_buys_twice(play):
    """There is one customer; she buys p, then q, then nothing.

    t  0  3  10 13  20 23
    0  ███▓  ███▓   ███
    """
    calls = [call(at, 3, offer=1) for at in (0, 10, 20)]
    offers = {"p": product(), "q": product()}
    played = play(world({"a": listed(*calls)}, ONE, customers=ALONE, offers=offers))
    sold = {"offer": 1, "accepted": 1, "customer": 0}
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 3, product=0, **sold), answered(1, 10, 10, 3, product=1, **sold)]
        + [answered(2, 20, 20, 3, customer=0)],
    )
    assert played.people.rows.owns.tolist() == [0b11]


def test_who_holds_it_is_not_offered_it(play):
    """Everybody has p from the first day."""
    offers = {"p": product(held=1.0), "q": product()}
    played = play(world({"a": listed(call(0, 3))}, ONE, customers=ALONE, offers=offers))
    assert_rows(played.contacts, [answered(0, 0, 0, 3, customer=0, offer=4, product=1, accepted=1)])
    played = play(world({"a": listed(call(0, 3))}, ONE, offers={"p": product(held=1.0)}))
    assert_rows(played.contacts, [answered(0, 0, 0, 3)])


def test_who_declined_is_left_alone_for_a_while(play):
    """She declines at 3; the cool-down of 30 minutes ends at 33.

    t  0  3   20 23   32 34
    0  ███▓
    1         ███             20 minutes after: no offer
    2                 ██▓     31 minutes after
    """
    calls = [call(0, 3, offer=1), call(20, 3, offer=1), call(32, 2, offer=1)]
    offers = {"p": product(acceptance=0.0, cool_down="30 min")}
    played = play(world({"a": listed(*calls)}, ONE, customers=ALONE, offers=offers))
    asked = {"offer": 1, "product": 0, "customer": 0}
    assert_rows(
        played.contacts,
        [answered(0, 0, 0, 3, **asked), answered(1, 20, 20, 3, customer=0)]
        + [answered(2, 32, 32, 2, **asked)],
    )
    assert played.people.declined_ms.tolist() == [[34 * MINUTE_MS]]


def test_wrap_up_follows_the_offer(play):
    """The agent is free after talk, offer and wrap-up.

    t  0  3 5 6  9 11
    0  ███▓▓░
    1    ▒▒▒▒▒███▓▓░
    """
    calls = (call(0, 3, offer=2), call(1, 3, offer=2))
    type_ = listed(*calls, wrap_up=constant(1))
    played = play(world({"a": type_}, ONE, offers={"p": product()}))
    sold = {"offer": 2, "wrap_up": 1, "product": 0, "accepted": 1}
    assert_rows(played.contacts, [answered(0, 0, 0, 3, **sold), answered(1, 1, 6, 3, **sold)])
    assert handled_min(played) == [[6, 0, 4, 2]]

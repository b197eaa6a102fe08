"""The save desk by the rules. Plain Python, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.core.dice import luck_of
from sim.core.tables import CUSTOMER, table
from sim.domain.customers.customers import CHURN_OF_SEGMENT, LEAVES, LEAVES_FOR_SERVICE, STAYS, fate
from sim.domain.customers.save_desk import (
    KEPT,
    MOST_KEPT,
    NO_DESK,
    REASON,
    SETTLED,
    WITHDREW,
    SaveDeskSpec,
    announces,
    compile_save_desk,
    decide_to_leave,
    hazard_factor,
    is_persuaded,
    is_saved,
    luck_of_announcement,
    settled,
    worth_of_keeping,
)

N = 8000
WORKED = {"withdraw": 0.15}  # s₀ .15, s₁ .45, CLV 396, offer 75


def desk(value=396.0, **more):
    """A save desk as a table; one type, one product that keeps, one segment."""
    spec = SaveDeskSpec.model_validate({"contacts": "cancel", **more})
    return compile_save_desk(spec, ["service", "cancel"], [True], [value])


def lucks(n=N):
    return [luck_of(5, 0, "people", i) for i in range(n)]


# --- what it is worth -----------------------------------------------------------------------------


@pytest.mark.parametrize(("offer_cost", "expected"), [(75, 85.05), (264, 0.0), (0, 118.8)])
def test_an_offer_is_worth_what_it_keeps(offer_cost, expected):
    """(s₁ − s₀)·CLV − s₁·offer cost; 264 is the offer at which it breaks even."""
    gain = 0.45 * worth_of_keeping(desk(**WORKED), 0, 0.45, -offer_cost)
    assert gain == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("acceptance", [0.0, 0.10, 0.15])
def test_an_offer_that_persuades_nobody_more_only_costs(acceptance):
    """Even where a customer is worth without end."""
    for value in (396.0, math.inf):
        assert worth_of_keeping(desk(value, **WORKED), 0, acceptance, -75.0) == -75.0


def test_the_defaults_are_those_of_the_field():
    """Announced 60 %, withdrawn 15 %, hazard times 1.5 for 26 weeks."""
    table_ = desk()
    assert (table_.type, table_.announces, table_.withdraw) == (1, 0.60, 0.15)
    assert (table_.raised, table_.raised_weeks) == (1.5, 26)
    assert desk(raised_for="8 d").raised_weeks == 2
    none = compile_save_desk(None, ["service"], [True, True], [396.0])
    assert none.type == NO_DESK
    assert not none.keeps.any()


def test_more_decide_to_leave_than_do():
    """One in ten kept: ten ninths decide; nobody kept: exactly as many."""
    assert decide_to_leave(0.0) == 1.0
    assert decide_to_leave(0.1) == pytest.approx(10 / 9)
    assert decide_to_leave(1.0) == pytest.approx(1 / (1 - MOST_KEPT))


# --- who announces it, who is persuaded -----------------------------------------------------------


def test_a_share_announces_and_luck_changes_by_the_week():
    """60 % within four errors; of those of one week as many announce it in the next."""
    table_ = desk()
    first, second = (
        np.array([announces(table_, luck, week) for luck in lucks()]) for week in (3, 4)
    )
    error = math.sqrt(0.6 * 0.4 / N)
    assert first.mean() == pytest.approx(0.6, abs=4 * error)
    assert second[first].mean() == pytest.approx(0.6, abs=4 * error / math.sqrt(0.6))


def test_who_stays_without_an_offer_accepts_every_better_one():
    """One uniform of the issue: the share persuaded by 15 % is a part of that by 45 %."""
    issues = [np.uint64(luck_of_announcement(luck, 3)) for luck in lucks()]
    few, many = (np.array([is_persuaded(p, luck) for luck in issues]) for p in (0.15, 0.45))
    assert not (few & ~many).any()
    assert few.mean() == pytest.approx(0.15, abs=4 * math.sqrt(0.15 * 0.85 / N))
    assert many.mean() == pytest.approx(0.45, abs=4 * math.sqrt(0.45 * 0.55 / N))
    assert len({*issues, *(luck_of_announcement(luck, 4) for luck in lucks())}) == 2 * N


@pytest.mark.parametrize("reason", [LEAVES, LEAVES_FOR_SERVICE])
@pytest.mark.parametrize(
    ("accepted", "answered", "withdraw", "saved", "withdrew"),
    [
        (False, True, 0.0, False, False),
        (False, True, 1.0, True, True),
        (False, False, 1.0, False, False),  # nobody answered: she leaves
        (True, True, 0.0, True, False),
        (True, True, 1.0, True, False),  # accepted, so it was the offer
        (True, False, 0.0, True, False),  # accepted earlier, and gave up the next time
    ],
)
def test_how_an_announcement_ends(reason, accepted, answered, withdraw, saved, withdrew):
    """Saved are those who accepted, and of those answered some; the reason is kept."""
    leaving = reason | KEPT if accepted else reason
    ended = settled(desk(withdraw=withdraw), leaving, answered, lucks(1)[0])
    assert ended & SETTLED
    assert ended & REASON == reason
    assert (bool(is_saved(ended)), bool(ended & WITHDREW)) == (saved, withdrew)
    assert 0 < ended <= np.iinfo(CUSTOMER["leaving"]).max
    assert not leaving & SETTLED


# --- after she was saved --------------------------------------------------------------------------


def test_the_saved_leave_more_easily():
    """A factor on the hazard, while weeks are left; never safer than an ordinary customer, even
    beside a contract that binds her.
    """
    table_ = desk(raised=1.5)
    assert hazard_factor(table_, 0) == 1.0
    assert hazard_factor(table_, 1) == 1.5
    churn = table(CHURN_OF_SEGMENT, 1, contractual=0.2)
    for bound, raised_weeks, factor in ((0, 4, 1.5), (9, 4, 1.0), (9, 0, 0.75)):
        bind = {"bound_until": bound, "bound_churn": 0.5, "raised_weeks": raised_weeks}
        rows = table(CUSTOMER, N, luck=lucks(), **bind)
        left = np.mean([fate(churn, row, 3, 1.5) != STAYS for row in rows])
        expected = 1 - 0.8**factor
        assert left == pytest.approx(expected, abs=4 * math.sqrt(expected * (1 - expected) / N))


def test_a_customer_fits_into_what_computers_fetch():
    """64 bytes; the weeks of a raised hazard fit into 8 bits."""
    assert CUSTOMER.itemsize == 64
    longest = SaveDeskSpec.model_validate({"contacts": "cancel", "raised_for": "104 wk"})
    weeks = compile_save_desk(longest, ["cancel"], [], [0.0]).raised_weeks
    assert np.iinfo(CUSTOMER["raised_weeks"]).max >= weeks

"""What customers remember: model relationship. By hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.core.dice import CHURN, luck_of, uniform
from sim.core.tables import CUSTOMER, People, table
from sim.domain.customers import customers as leaving
from sim.domain.customers import relationship as memory
from sim.domain.customers.customers import CHURN_OF_SEGMENT
from sim.domain.customers.holders import compile_holders
from sim.domain.customers.loyalty import compile_loyalty
from sim.domain.customers.relationship import (
    MILLIONTHS,
    compile_relationship,
    sensitivity,
    standing_of,
)
from sim.domain.customers.save_desk import compile_save_desk
from sim.domain.offers.outbound import LIST, ListTable
from sim.weeks.counts import CUSTOMER_COUNTS, ENDED_COUNTS
from sim.weeks.departures import Departures, Ties, end_of_week, no_departures

W = 0.25
NO_HOLDERS = compile_holders([], [])
NO_LISTS = ListTable(
    np.zeros(0, LIST).view(np.recarray),
    np.zeros(0, np.int64),
    np.zeros((0, 1)),
    np.zeros((0, 1), bool),
)
# A quarter of past issues pleased, a half were as the reference contact, a quarter hurt.
PAST = np.repeat([0.1, 0.0, 0.0, -1.6], 16)
N = 8000


def everybody(rows: np.recarray) -> People:
    """The customers of these rows; nothing is sold to them."""
    nothing = np.zeros((len(rows), 0), np.int16)
    return People(rows, nothing.astype(np.int64), nothing, nothing, nothing, nothing, nothing)


def people(n: int, **columns) -> np.recarray:
    """Active customers, each with luck of her own."""
    lucks = [luck_of(3, 0, "people", i) for i in range(n)]
    return table(CUSTOMER, n, luck=np.array(lucks, np.uint64), active=1, **columns)


# --- remembering ----------------------------------------------------------------------------------


def nobody_left() -> Departures:
    """Week 5 is about to end, and nothing was sold."""
    return no_departures(np.zeros(1, CUSTOMER_COUNTS)[0], np.zeros((0, 0), ENDED_COUNTS), 0)


def after_a_week(rows, *, behaviour=0.0, sensitivity=1e-9, contractual=0.0) -> np.record:
    """Let week 5 end; returns what was counted of its customers."""
    churn_ = churn(behaviour, sensitivity, contractual)
    counted = nobody_left()
    desk = compile_save_desk(None, [], [], [])
    ties = Ties(
        churn_,
        compile_relationship(W, [PAST]),
        desk,
        compile_loyalty(None, {}),
        NO_HOLDERS,
        NO_LISTS,
    )
    end_of_week(ties, 5, everybody(rows), 0, len(rows), counted)
    return counted.counts


def test_an_issue_moves_the_relationship_by_a_quarter():
    """R ← .75·R + .25·S, one issue after another."""
    rows = people(1, relationship=0.4)
    expected = 0.4
    for s in (-1.3, 0.0975, -0.5):
        rows.felt, rows.issues = memory.felt(s), 1
        after_a_week(rows)
        expected = 0.75 * expected + 0.25 * s
        assert rows.relationship[0] == pytest.approx(expected, rel=1e-6)
        assert (rows.felt[0], rows.issues[0]) == (0, 0)


def test_issues_of_one_week_have_no_order():
    """Two equal issues in a week are two steps; two different ones are two steps to their mean."""
    equal = memory.moved(0.4, W, 2 * memory.felt(-1.0), 2)
    assert equal == pytest.approx(0.75 * (0.75 * 0.4 - 0.25) - 0.25)
    mixed = memory.moved(0.4, W, memory.felt(-1.5) + memory.felt(-0.5), 2)
    assert mixed == pytest.approx(equal)


def test_who_had_no_issue_and_who_has_left_keep_their_memories():
    """Nothing moves without an issue, nor for a leaver."""
    rows = people(2, relationship=-0.3)
    rows.active[1], rows.felt[1], rows.issues[1] = 0, MILLIONTHS, 1
    after_a_week(rows)
    assert rows.relationship.tolist() == pytest.approx([-0.3, -0.3])


def test_where_nothing_depends_on_it_nobody_remembers():
    """A sensitivity of 0: what was felt is cleared, the relationship stays."""
    rows = people(1, relationship=0.4, felt=MILLIONTHS, issues=1)
    after_a_week(rows, sensitivity=0.0)
    assert (rows.relationship[0], rows.felt[0], rows.issues[0]) == (np.float32(0.4), 0, 0)


# --- today's customers ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def memories():
    """R of 8000 customers as they begin."""
    rows = people(N)
    memory.look_back(compile_relationship(W, [PAST]), 0, rows, 0, N)
    return rows.relationship.astype(float)


def test_customers_begin_with_the_memories_of_a_steady_state(memories):
    """Mean and variance of a smoothed series: E S, and Var S · w/(2 − w); 4 standard errors."""
    variance = PAST.var() * W / (2 - W)
    assert abs(memories.mean() - PAST.mean()) < 4 * math.sqrt(variance / N)
    assert memories.var() == pytest.approx(variance, rel=4 * math.sqrt(2 / N))


def test_standing_keeps_the_mean():
    """However many issues were seen, 64 equally likely values have their mean."""
    for n in (1, 63, 64, 1000):
        effects = np.linspace(-3, 0.1, n) ** 3
        standing = standing_of(effects)
        assert len(standing) == 64
        assert np.mean(standing) == pytest.approx(effects.mean())
    assert standing_of(np.array([])) == []


# --- the share due to service ---------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.05, 0.25, 0.6])
def test_gamma_gives_the_typed_share(memories, share):
    """1 − 1/E[exp(−γR)] is the share, with R as customers begin with; by brute force."""
    factors = np.exp(-sensitivity(share, W, PAST) * memories)
    error = (1 - share) * factors.std() / factors.mean() / math.sqrt(N)
    assert abs(1 - 1 / factors.mean() - share) < 4 * error
    assert error < 0.01


def test_nothing_due_to_service_is_a_gamma_of_exactly_0():
    """Also where service is as good as the reference contact, or nothing is known of it."""
    assert sensitivity(0.0, W, PAST) == 0.0
    assert sensitivity(0.25, W, [0.1, -0.05]) == 0.0
    assert sensitivity(0.25, W, []) == 0.0


def test_memories_of_only_the_last_issue():
    """With w = 1 the factor is that of one issue: E[exp(−γS)] = 1/(1 − share)."""
    gamma = sensitivity(0.25, 1.0, PAST)
    assert np.exp(-gamma * PAST).mean() == pytest.approx(4 / 3)


# --- leaving --------------------------------------------------------------------------------------

CONTRACTUAL = 0.2


def churn(behaviour=0.0, sensitivity=0.0, contractual=CONTRACTUAL) -> np.recarray:
    """One segment of which a fifth leave in a week, whatever happens."""
    return table(
        CHURN_OF_SEGMENT, 1,
        contractual=contractual, behaviour=behaviour, sensitivity=sensitivity,
        remembers=sensitivity > 0,
    )  # fmt: skip


@pytest.mark.parametrize("relationship", [-0.8, -0.3, 0.0, 0.5])
def test_one_uniform_is_put_to_both_worlds(relationship):
    """Who leaves anyway, because of service, or stays only because of it: by her own uniform."""
    gamma, n = 1.5, 3000
    rows = people(n, relationship=relationship)
    served = 1 - 0.8 ** math.exp(-gamma * relationship)
    counts = np.zeros(4, int)
    for row in rows:
        u = uniform(row.luck, CHURN, 5)
        expected = {
            (False, False): leaving.STAYS,
            (True, True): leaving.LEAVES,
            (True, False): leaving.STAYS_FOR_SERVICE,
            (False, True): leaving.LEAVES_FOR_SERVICE,
        }[u < CONTRACTUAL, u < served]
        assert leaving.fate(churn(sensitivity=gamma), row, 5, 1.0) == expected
        counts[expected] += 1
    assert (counts[leaving.LEAVES_FOR_SERVICE] > 0) == (relationship < 0)
    assert (counts[leaving.STAYS_FOR_SERVICE] > 0) == (relationship > 0)
    net = counts[leaving.LEAVES_FOR_SERVICE] - counts[leaving.STAYS_FOR_SERVICE]
    error = math.sqrt(max(net, -net, 1) / n**2)
    assert abs(net / n - (served - CONTRACTUAL)) < 4 * error


def test_a_contract_binds_in_both_worlds():
    """Half the hazard for who is bound, that of a reference world and that of this one."""
    row = people(1, relationship=-0.8, bound_churn=0.5, bound_until=9)[0]
    gamma = 1.5
    factor = math.exp(-gamma * float(row.relationship))
    bound, free = (1 - 0.8 ** (share * factor) for share in (0.5, 1.0))
    found = []
    for week, served in ((8, bound), (9, free)):
        fates = []
        for i in range(2000):
            row.luck = luck_of(4, 0, i)
            fates.append(leaving.fate(churn(sensitivity=gamma), row, week, 1.0))
        left = np.isin(fates, (leaving.LEAVES, leaving.LEAVES_FOR_SERVICE)).mean()
        found.append(left)
        assert abs(left - served) < 4 * math.sqrt(served * (1 - served) / 2000)
    assert found[0] < found[1]


@pytest.mark.parametrize("gamma", [0.0, 1.5])
@pytest.mark.parametrize(
    ("what", "factor"),
    [
        ({}, 1.0),
        ({"bound_until": 5, "bound_churn": 3.0}, 1.0),
        ({"bound_until": 6, "bound_churn": 3.0}, 3.0),
        ({"bound_until": 6, "bound_churn": 0.5}, 0.5),
        ({"raised_weeks": 2}, 2.0),
        ({"raised_weeks": 1, "bound_until": 9, "bound_churn": 3.0}, 6.0),
    ],
)
def test_who_stays_at_a_glance_stays_at_a_closer_look(gamma, what, factor):
    """The week finds what the formula says of each, whatever she remembers or signed."""
    n, raised = 2000, 2.0
    rows = people(n, relationship=np.linspace(-0.9, 0.9, n), **what)
    churn_ = churn(sensitivity=gamma)
    ordinary = 1 - (1 - CONTRACTUAL) ** factor
    served = 1 - (1 - ordinary) ** np.exp(-gamma * rows.relationship.astype(float))
    u = np.array([uniform(luck, CHURN, 5) for luck in rows.luck])
    leaves, would_leave = u < served, u < ordinary
    desk = compile_save_desk(None, [], [], [])._replace(raised=raised)
    counted = nobody_left()
    ties = Ties(
        churn_,
        compile_relationship(W, [PAST]),
        desk,
        compile_loyalty(None, {}),
        NO_HOLDERS,
        NO_LISTS,
    )
    end_of_week(ties, 5, everybody(rows), 0, n, counted)
    assert rows.active.tolist() == (~leaves).tolist()
    assert 100 < leaves.sum() < n - 100
    counts = counted.counts
    assert counts.left == leaves.sum()
    assert counts.left_for_service == (leaves & ~would_leave).sum()
    assert counts.stayed_for_service == (~leaves & would_leave).sum()
    assert (rows.raised_weeks == max(0, what.get("raised_weeks", 0) - 1)).all()


def test_the_week_counts_every_fate_and_takes_the_leavers():
    """All fates but the simple one are counted; leavers are inactive, the others stay."""
    n = 2000
    rows = people(n, relationship=np.linspace(-0.8, 0.8, n))
    rows.active[:100] = 0
    counts = after_a_week(rows, sensitivity=1.5, contractual=CONTRACTUAL)
    assert counts.left > counts.left_for_service > 0
    assert counts.stayed_for_service > 0
    assert rows.active.sum() == n - 100 - counts.left
    assert (rows.left_week == 5).sum() == counts.left

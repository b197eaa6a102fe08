"""A programme that rewards customers who stay: who it keeps, and whom it rewards for nothing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import sim
from sim.core.dice import LOYAL, uniform
from sim.core.tables import KEPT_BY_REWARD
from sim.metrics.ledger import book
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.weeks.counts import plain
from sim.weeks.play import play
from tests.metrics.test_ledger import SMALL

WEEKS = 12
FROM = 4  # the programme's first week
CHURN = {"standard": 0.6, "premium": 0.5}
PROGRAMME = {"from_week": FROM, "reward": "2 per month", "responds": "50%", "churn_factor": "40%"}
CENTER = SMALL | {
    "horizon": {"weeks": WEEKS},
    "customers": {
        "standard": {"count": 4000, "margin": "12 per month", "churn": "60% per year"},
        "premium": {"count": 2000, "margin": "48 per month", "churn": "50% per year"},
    },
    "contacts": {"service": {"volume": {"per_week": 200, "counts": "first"}, "handle": "348 s"}},
    "agents": {"line": {"positions": 2, "wage": "20 per hour"}},
    "offers": {},
}
NOTHING_DUE = ["customers.standard.due_to_service=0%", "customers.premium.due_to_service=0%"]


def programme(**more: Any) -> dict[str, Any]:
    """The center with it."""
    return CENTER | {"loyalty": PROGRAMME | more}


def played(scenario):
    """Its customers at the end, and the tally."""
    found = play(Planner(scenario, UNANCHORED), 7, 0)
    rows = found.people.rows
    return rows[rows.luck != 0], found.tally


def count(tally, name):
    """[week, segment]"""
    return tally.customers[name]


def test_who_responds_is_drawn_by_name_and_leaves_less_easily(scenario_of):
    """By the same uniform: nobody leaves sooner, and only who responds leaves later, or never."""
    base, _ = played(scenario_of(CENTER, *NOTHING_DUE))
    rows, tally = played(scenario_of(programme(), *NOTHING_DUE))
    responds = np.array([uniform(luck, LOYAL, 0) < 0.5 for luck in rows.luck.tolist()])
    assert abs(responds.mean() - 0.5) < 3 * 0.5 / math.sqrt(len(rows))
    np.testing.assert_array_equal(rows.left_week[~responds], base.left_week[~responds])
    early = (base.left_week >= 0) & (base.left_week < FROM - 1)
    np.testing.assert_array_equal(rows.left_week[early], base.left_week[early])
    late = responds & (base.left_week >= FROM - 1)
    left = late & (rows.left_week >= 0)
    assert (rows.left_week[left] >= base.left_week[left]).all()
    assert 0.3 < left.sum() / late.sum() < 0.6  # a factor of 40 %, some of them in a later week
    kept = rows.left_week == KEPT_BY_REWARD
    np.testing.assert_array_equal(kept, late & ~left)
    there = rows.active == 1
    for s in range(2):
        of = rows.segment == s
        found = [(there & responds & of).sum(), (kept & of).sum()]
        counts = tally.loyalty[-1, s]
        assert [counts.responding, counts.kept_by_reward] == found


def test_a_factor_of_one_keeps_nobody_and_costs_all_the_same(scenario_of):
    """The same customers leave as without it, and every reward is deadweight."""
    base, _ = played(scenario_of(CENTER, *NOTHING_DUE))
    scenario = scenario_of(programme(churn_factor="100%"), *NOTHING_DUE)
    rows, _ = played(scenario)
    np.testing.assert_array_equal(rows.left_week, base.left_week)
    ledger = sim.run(scenario, workers=1, replications=1).ledger
    rewards = ledger.total("kept:reward:")
    assert rewards.sum() < 0
    np.testing.assert_array_equal(ledger.total("memo:deadweight:"), rewards)


def test_a_factor_above_one_drives_customers_away(scenario_of):
    """Also those who had no contact."""
    base, _ = played(scenario_of(CENTER, *NOTHING_DUE))
    rows, _ = played(scenario_of(programme(churn_factor="150%"), *NOTHING_DUE))
    left, left_too = (of.left_week >= 0 for of in (base, rows))
    assert (left_too | ~left).all()
    more = left_too & ~left
    assert more.sum() > 30
    assert (rows.left_week[more] >= FROM - 1).all()


@pytest.mark.parametrize("model", ["issue", "relationship"])
def test_what_service_causes_is_multiplied_as_well(scenario_of, model):
    """With a factor of 0 none of those who respond leaves, whatever the reason."""
    models = [f"customers.{name}.churn.model={model}" for name in CHURN]
    scenario = scenario_of(programme(churn_factor="0%", from_week=1), *models)
    found = sim.run(scenario, workers=1, replications=1)
    rows = play(Planner(scenario, found.anchors), found.seed, 0).people.rows
    rows = rows[rows.luck != 0]
    responds = np.array([uniform(luck, LOYAL, 0) < 0.5 for luck in rows.luck.tolist()])
    assert not (rows.left_week[responds] >= 0).any()
    assert (rows.left_week[~responds] >= 0).sum() > 100


def test_rewards_and_deadweight_to_the_cent(scenario_of):
    """From counts and YAML alone: 12/52 of the reward for every eligible customer of a week."""
    run = sim.run(scenario_of(programme(eligible=["premium"])), workers=1, replications=2)
    lines = run.ledger.lines
    assert "kept:reward:standard" not in lines
    active, kept = count(run.tally, "active")[..., 1], run.tally.loyalty["kept_by_reward"]
    assert not plain(run.tally.loyalty[:, :, 0]).any()
    assert kept[:, -1, 1].min() > 5
    for r in range(2):
        rewards = deadweight = 0.0
        for week in range(FROM - 1, WEEKS):
            rewards += 2 * 12 / 52 * active[r, week]
            deadweight += 2 * 12 / 52 * (active[r, week] - kept[r, week - 1, 1])
        assert -lines["kept:reward:premium"][r].sum() == pytest.approx(rewards, abs=0.005)
        assert -lines["memo:deadweight:premium"][r].sum() == pytest.approx(deadweight, abs=0.005)
    assert not lines["kept:reward:premium"][:, : FROM - 1].any()
    margins = sum(lines[f"kept:{what}"] for what in ("margin:standard", "margin:premium"))
    np.testing.assert_allclose(run.ledger.kept, margins + lines["kept:reward:premium"])
    free = book(scenario_of(CENTER), run.anchors, run.tally)
    np.testing.assert_allclose(run.ledger.contribution, free.contribution)


def test_value_at_the_end_is_net_of_rewards(scenario_of):
    """Month by month for ever: margin less reward, those who respond at 40 % of the hazard."""
    run = sim.run(scenario_of(programme(eligible=["premium"])), workers=1, replications=2)
    active, joined, left = (count(run.tally, n)[:, -1] for n in ("active", "joined", "left"))
    there, loyal = active + joined - left, run.tally.loyalty["responding"][:, -1, 1]
    stays = 0.5
    for r in range(2):
        expected = there[r, 0] * for_ever(12, 0.4)
        expected += loyal[r] * for_ever(46, stays**0.4)
        expected += (there[r, 1] - loyal[r]) * for_ever(46, stays)
        found = run.samples["value_at_end"].numerators[r]
        assert found == pytest.approx(expected, abs=0.005)


def for_ever(margin: float, stays: float) -> float:
    """Discounted at 10 % a year."""
    keeps = (stays / 1.1) ** (1 / 12)
    return margin * sum(keeps**month for month in range(2400))


def test_what_starts_later_leaves_today_as_it_is(scenario_of):
    """The anchors are those without it."""
    plain, later = (
        sim.run(scenario_of(c), workers=1, replications=1) for c in (CENTER, programme())
    )
    assert plain.anchors == later.anchors


@pytest.mark.parametrize("due", ["0%", "25%"])
def test_the_typed_churn_comes_out_with_what_runs_today(scenario_of, due):
    """And without it more leave: hazard ÷ (1 − 50 % × 60 %)."""
    sets = [f"customers.{name}.due_to_service={due}" for name in CHURN]
    root = scenario_of(programme(from_week=0) | {"horizon": {"weeks": 8}}, *sets)
    run = sim.run(root, workers=1, replications=4)
    plan = Planner(root, run.anchors).plan(0, 0)
    without = Planner(scenario_of(CENTER, *sets), run.anchors).plan(0, 0)
    np.testing.assert_allclose(plan.churn.contractual, without.churn.contractual / 0.7)
    np.testing.assert_allclose(plan.churn.behaviour, without.churn.behaviour / 0.7)
    left, active = (count(run.tally, name).sum(axis=(0, 1)) for name in ("left", "active"))
    for s, rate in enumerate(CHURN.values()):
        weekly = -math.log1p(-rate) / 52
        error = math.sqrt(weekly * active[s])
        assert abs(left[s] - weekly * active[s]) < 3 * error, s

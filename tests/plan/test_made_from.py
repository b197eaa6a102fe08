"""What anchors and planned seats are made from: exactly that, told by solving them anew."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.facts import touching_today
from sim.plan.made_from import made_from, volume_made_from
from sim.plan.seats import compile_levels
from sim.scenario.load import load
from sim.weeks import pilot
from tests.metamorphic.centers import center, written

SETS = {
    "agents.first.wage=30 per hour": False,
    "agents.first.turnover=50% per year": False,
    "customers.plain.margin=99 per month": False,
    "customers.plain.acquisition.cost=999": False,
    "offers.broadband.margin=50%": False,
    "finance.discount_rate=5% per year": False,
    "costs.on_cost=10%": False,
    "experience.wait=-1": True,
    "customers.plain.churn.beyond_outcome=50%": True,
    "offers.broadband.acceptance.plain=50%": False,
    "agents.first.shrinkage=10%": True,
    "customers.plain.churn.rate=50% per year": False,
    "customers.plain.due_to_service=40%": False,
    "contacts.service.patience.mean=20 s": True,
    "contacts.service.resolution.first_contact=40%": True,
    "contacts.service.volume.per_week=700 per week": True,
    "contacts.service.talk.mean=90 s": True,
}


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> str:
    """A center whose customers leave by issue, and that offers nothing today."""
    typed = center(0)
    for segment in typed["customers"].values():
        segment["churn"]["model"] = "issue"
    typed["offers"]["broadband"]["policy"] = {"offer": "never"}
    return str(written(tmp_path_factory.mktemp("made"), typed))


def solved(scenario):
    """Its anchors, with nothing remembered."""
    pilot._solved.clear()
    pilot._shown.clear()
    return pilot.solve_anchors(scenario)


@pytest.mark.parametrize(("text", "touches"), SETS.items())
def test_the_digest_moves_with_what_is_solved(file, text, touches):
    """It differs wherever anchors or seats do; and a set of the world is told only then."""
    today, other = load(file), load(file, everywhere=[text])
    levels = [compile_levels(one).level for one in (today, other)]
    is_same = solved(today) == solved(other) and np.array_equal(*levels)
    assert (made_from(today) != made_from(other)) == touches
    assert is_same != touches
    assert touching_today(load(file, [text])) == ([text] if touches else [])


LEAVING = {
    "all that annoys": {"beyond_outcome": "100%"},
    "memory": {"model": "relationship"},
    "rarely": {"rate": "5% per year"},
}


@pytest.mark.parametrize("how", LEAVING)
def test_how_customers_leave_is_solved_on_what_was_shown_before(file, how):
    """The volume is not solved again for it, and all is as if it had been."""
    typed = [
        f"customers.{one}.churn.{k}={v}"
        for one in ("plain", "gold")
        for k, v in LEAVING[how].items()
    ]
    today, other = load(file), load(file, everywhere=typed)
    alone = solved(other)
    assert alone != solved(today) or how == "rarely"
    assert volume_made_from(other) == volume_made_from(today) == next(iter(pilot._shown))[0]
    assert pilot.solve_anchors(other) == alone


def test_where_offers_weigh_what_leaves_the_volume_depends_on_it(file):
    """A customer who leaves soon is worth less; so she hears other offers, and contacts last."""
    by_value = ["offers.broadband.policy.offer=expected-value"]
    today = load(file, everywhere=by_value)
    other = load(file, everywhere=[*by_value, "customers.plain.churn.rate=5% per year"])
    assert made_from(today) != made_from(other)
    assert volume_made_from(today) != volume_made_from(other)

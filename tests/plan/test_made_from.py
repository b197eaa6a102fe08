"""What anchors and planned seats are made from: exactly that, told by solving them anew."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.facts import touching_today
from sim.plan.made_from import made_from
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

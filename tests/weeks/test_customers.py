"""Customers in simulated centers: who leaves by which model, who joins by word of mouth.

What the rules do one by one is tested in `domain/`; here they meet the weeks and the pilot.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import sim
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.weeks.play import Replication, play
from tests.conftest import ROOT
from tests.metrics.test_ledger import SMALL

MODELS = ("issue", "relationship")
ROOTS = sorted(
    file.stem
    for file in (ROOT / "scenarios").glob("*.yaml")
    if "\nbased_on:" not in file.read_text(encoding="utf-8")
)
# Error of the pilot's three weeks, by four: of a volume, and of what service provokes.
PILOT_VOLUME, PILOT_SERVICE = 0.005, 0.02
WORST_LEAVE_FIRST = 0.01  # by how much the hazard falls below the typed one, at 40 % a year


def center(model: str, due_to_service: Any = "25%", **more: Any) -> dict[str, Any]:
    """A small center whose customers leave quickly."""
    churn = {"rate": "40% per year", "due_to_service": due_to_service, "model": model}
    return SMALL | {"customers": {"count": 10000, "margin": "12 per month", "churn": churn}} | more


def counted(run: sim.Run, name: str) -> int:
    """A count of customers over replications, weeks and segments."""
    return int(run.tally.customers[name].sum())


def net_share(run: sim.Run) -> float:
    """Of those who left, those who would not have in the world of the reference contact."""
    caused = counted(run, "left_for_service") - counted(run, "stayed_for_service")
    return caused / counted(run, "left")


# --- two models of churn --------------------------------------------------------------------------


def test_service_is_irrelevant_in_both_models_where_nothing_is_due_to_it(scenario_of):
    """due_to_service 0: the same customers leave in the same weeks, whatever model and service."""
    tables = []
    for model in MODELS:
        for seats in (1.0, 0.7):
            scenario = scenario_of(center(model, 0), f"agents.line.positions*={seats}")
            run = sim.run(scenario, workers=1)
            people = play(Planner(scenario, run.anchors), run.seed, 1).people.rows
            tables.append((run.tally.customers, people.left_week, people.active))
    assert counted(run, "left") > 100
    assert counted(run, "left_for_service") == counted(run, "stayed_for_service") == 0
    for other in tables[1:]:
        assert all(np.array_equal(a, b) for a, b in zip(tables[0], other, strict=True))


@pytest.mark.slow
def test_what_customers_remember_is_anchored(scenario_of):
    """Leavers a year are the typed rate, a quarter of them due to service, from first to last.

    As many join as leave, or the queues would shorten. Who remembers the worst leaves first.
    """
    what = center("relationship", horizon={"weeks": 26}, forecast_error=0)
    what["customers"] = what["customers"] | {"acquisition": "425 per month"}
    run = sim.run(scenario_of(what), replications=10)
    left, active = (run.tally.customers[name][..., 0].astype(float) for name in ("left", "active"))
    assert left.sum() > 10_000
    for weeks in (slice(0, 13), slice(13, 26)):
        hazard = left[:, weeks].sum() * 52 / active[:, weeks].sum()
        error = hazard / math.sqrt(left[:, weeks].sum())
        typed = -math.log1p(-0.40)
        error = math.hypot(error, 0.25 * PILOT_SERVICE * typed)
        assert abs(hazard - typed) < 3 * error + WORST_LEAVE_FIRST * typed
    error = math.hypot(math.sqrt(0.25 * 0.75 / left.sum()), 0.25 * PILOT_SERVICE)
    assert abs(net_share(run) - 0.25) < 3 * error + WORST_LEAVE_FIRST * 0.75


@pytest.mark.parametrize("model", MODELS)
def test_worse_service_drives_customers_away(scenario_of, model):
    """With a third fewer seats more leave, all of them because of service: fewer or as many would
    have left where every issue goes as the reference contact.
    """
    base = sim.run(scenario_of(center(model, horizon={"weeks": 10})), workers=1)
    scenario = scenario_of(center(model, horizon={"weeks": 10}), "agents.line.positions*=0.65")
    worse = sim.run(scenario, workers=1, anchors=base.anchors)
    assert counted(worse, "left_for_service") > 1.1 * counted(base, "left_for_service")
    anyway = [
        counted(r, "left") - counted(r, "left_for_service") + counted(r, "stayed_for_service")
        for r in (base, worse)
    ]
    assert anyway[1] <= anyway[0]  # some of them left earlier


def test_engines_agree_on_customers_who_remember(scenario_of):
    """Relationship, referral and surveys: the same sums from both engines."""
    what = center("relationship", referral={})
    what["customers"] = what["customers"] | {"acquisition": "500 per month"}
    scenario = scenario_of(what)
    one = sim.run(scenario, workers=1, replications=1)
    two = sim.run(scenario, workers=1, replications=1, engine="reference", anchors=one.anchors)
    assert all(np.array_equal(a, b) for a, b in zip(one.tally, two.tally, strict=True))
    assert counted(one, "left_for_service") > 0


def test_without_the_model_nobody_remembers(scenario_of):
    """In the issue model the relationship stays 0, and in the other it is steady."""
    rows = {}
    for model in MODELS:
        scenario = scenario_of(center(model))
        anchors = sim.run(scenario, workers=1).anchors
        rows[model] = play(Planner(scenario, anchors), 1, 0).people.rows
    assert not rows["issue"].relationship.any()
    standing = np.mean(anchors.standing["customers"])
    assert standing < -0.1
    assert rows["relationship"].relationship.mean() == pytest.approx(standing, abs=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("root", [root for root in ROOTS if root != "bank-1999"])
def test_a_shipped_baseline_shows_what_it_types(root, model):
    """Volume, churn and the share due to service, within the errors of pilot and simulation."""
    file = ROOT / "scenarios" / f"{root}.yaml"
    sets = [f"customers.{name}.churn.model={model}" for name in load(file).segments]
    if load(file).segments == ["customers"]:
        sets = [f"customers.churn.model={model}"]
    scenario = load(file, [*sets, "forecast_error=none", "horizon.weeks=13"])
    run = sim.run(scenario, replications=4)
    typed = sum(scenario.weekly_contacts(t) for t in scenario.types) * 13
    offered = np.asarray(run.samples["offered"].numerators)
    error = math.hypot(offered.std(ddof=1) / 2, PILOT_VOLUME * typed)
    assert abs(offered.mean() - typed) < 3 * error
    for s, spec in enumerate(scenario.spec.customers.values()):
        assert spec.churn
        counts = run.tally.customers[:, :, s]
        by_name = {name: counts[name].sum() for name in counts.dtype.names}
        left = by_name["left"]
        hazard, wanted = left * 52 / by_name["active"], -math.log1p(-spec.churn.rate)
        error = math.hypot(hazard / math.sqrt(left), spec.service_share * PILOT_SERVICE * wanted)
        assert abs(hazard - wanted) < 3 * error
        due = spec.service_share
        share = (by_name["left_for_service"] - by_name["stayed_for_service"]) / left
        error = math.hypot(math.sqrt(due * (1 - due) / left), PILOT_SERVICE * due)
        assert abs(share - due) < 3 * error


def test_the_bank_loses_nobody():
    """Its four weeks say nothing about churn; every other root types one."""
    assert "bank-1999" in ROOTS
    assert len(ROOTS) > 2
    assert not load(ROOT / "scenarios" / "bank-1999.yaml").churn_models


# --- referral -------------------------------------------------------------------------------------

# Strong, so that a small center shows it.
WORD_OF_MOUTH = {"promoters": "100% per year", "conversion": 1.0, "detractors": "-100%"}


def growing(**more: Any) -> dict[str, Any]:
    """A center that customers join; nobody leaves."""
    joining = {"count": 10000, "churn": "none", "acquisition": "800 per month"}
    return SMALL | {"horizon": {"weeks": 8}, "customers": joining} | more


def played(scenario: Scenario, anchors) -> Replication:
    """One replication."""
    return play(Planner(scenario, anchors), 1, 0)


def joiners(replication: Replication) -> int:
    """How many joined."""
    return int(replication.tally.customers["joined"].sum())


def test_todays_center_grows_as_typed(scenario_of):
    """800 a month: referral is a part of it. Weekly opinions vary a little, and so do joiners."""
    scenario = scenario_of(growing(referral=WORD_OF_MOUTH))
    run = sim.run(scenario, replications=6)
    promoters, detractors = run.anchors.opinions
    assert 0.45 < promoters < 0.60
    assert 0.12 < detractors < 0.25
    typed = 800 * 12 * 8 / 52
    joined = run.tally.customers["joined"].sum(axis=(1, 2))
    assert len(set(joined.tolist())) > 1
    error = math.hypot(joined.std(ddof=1) / math.sqrt(6), 0.01 * 10000 * 8 / 52)
    assert abs(joined.mean() - typed) < 3 * error
    still = played(scenario_of(growing()), UNANCHORED)
    assert joiners(still) == int(typed)


def test_only_a_change_of_opinions_changes_acquisition(scenario_of):
    """Fewer seats: fewer recommend, fewer join; who joins in both is the same person."""
    scenario = scenario_of(growing(referral=WORD_OF_MOUTH))
    anchors = sim.run(scenario, workers=1, replications=1).anchors
    base = played(scenario, anchors)
    worse = played(
        scenario_of(growing(referral=WORD_OF_MOUTH), "agents.line.positions*=0.7"), anchors
    )
    assert joiners(worse) < joiners(base) - 30
    ours, theirs = base.people.rows, worse.people.rows
    assert len(ours) == len(theirs)
    both = theirs.active == 1
    assert (ours.active[both] == 1).all()
    assert np.array_equal(ours.luck[both], theirs.luck[both])


def test_joiners_by_hand(scenario_of):
    """The number of each week from the shares of the weeks so far, by other arithmetic."""
    scenario = scenario_of(growing(referral=WORD_OF_MOUTH))
    anchors = sim.run(scenario, workers=1, replications=1).anchors
    replication = played(scenario, anchors)
    counts = replication.tally.contacts[["issues", "promoters", "detractors"]][:, 0]
    net_today = anchors.opinions[0] - anchors.opinions[1]
    more, expected, before = 0.0, [], 0
    for week, (issues, promoters, detractors) in enumerate(counts.tolist(), start=1):
        more += ((promoters - detractors) / issues - net_today) * 10000 / 52
        joined = max(before, math.floor(800 * 12 / 52 * week + more))
        expected.append(joined - before)
        before = joined
    assert replication.tally.customers["joined"][:, 0].tolist() == expected

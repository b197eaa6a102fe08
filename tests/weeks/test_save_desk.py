"""The save desk in simulated centers: who is kept, and what a typed churn means beside one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import sim
from sim.core.moments import block_of
from sim.core.tables import NEVER
from sim.domain.contacts.demand import ANNOUNCED_BLOCK
from sim.metrics import telling
from sim.plan.outlook import outlook
from sim.plan.plan import Planner
from sim.weeks.pilot import REPLICATIONS, WEEKS_AT_DESK, solve_anchors
from sim.weeks.play import play
from tests.metrics.test_ledger import SMALL

COUNT = 20_000
CHURN = 0.40
DESK = {"contacts": "cancellation"}
STAY = {
    "kind": "retention",
    "during": ["cancellation"],
    "candidates": 1,
    "offer": "always",
    "acceptance": {"everyone": "45%", "effects": "none"},
    "price": 0,
    "margin": {"per_month": -2},
    "returns": 0,
}


def center(save_desk: Any = DESK, offers: Any = None, seats: float = 14, **more: Any) -> dict:
    """A center whose customers leave quickly; none of it is due to service."""
    cancellation = {"volume": "0 per week", "handle": "6 min", "resolution": "none"}
    service = {"volume": {"per_week": 1500, "counts": "first"}, "handle": "348 s"}
    return SMALL | {
        "horizon": {"weeks": 10},
        "forecast_error": "none",
        "customers": {"count": COUNT, "churn": {"rate": "40% per year", "due_to_service": 0}},
        "contacts": {"service": service, "cancellation": cancellation},
        "agents": {"line": {"positions": seats}},
        "offers": offers or {},
        "save_desk": save_desk,
        **more,
    }


def counted(run: sim.Run, name: str, weeks: slice = slice(None)) -> int:
    """A count of customers over replications, weeks and segments."""
    return int(run.tally.customers[name][:, weeks].sum())


def rate(run: sim.Run) -> tuple[float, float]:
    """The share saved of issues closed at the desk, and its error."""
    saved, lost = counted(run, "saved"), counted(run, "lost_at_desk")
    share = saved / (saved + lost)
    return share, math.sqrt(share * (1 - share) / (saved + lost))


def unhurried(**more: Any) -> dict:
    """A center in which nobody gives up."""
    what = center(**more)
    for contact in what["contacts"].values():
        contact["patience"] = "none"
    return what


@pytest.mark.parametrize(("offers", "share"), [({}, 0.15), ({"stay": STAY}, 0.45)])
def test_the_share_saved_is_that_of_the_rules(scenario_of, offers, share):
    """15 % withdraw without an offer; with one, 45 % stay: those who would anyway among them."""
    run = sim.run(scenario_of(unhurried(offers=offers, replications=4)), workers=1)
    found, error = rate(run)
    assert counted(run, "saved") > 300
    assert found == pytest.approx(share, abs=4 * error)
    # With an offer only those withdraw who are here a second time, and have the discount already.
    withdrew = counted(run, "withdrew")
    assert withdrew < 0.03 * counted(run, "saved") if offers else withdrew == counted(run, "saved")
    assert run.samples["save_rate"].numerators.sum() == counted(run, "saved")
    discounted = int(run.tally.sales["accepted"].sum())
    # Those saved in the last week are counted at its end, as are offers; none is returned.
    assert discounted == counted(run, "saved") - withdrew


def test_typed_churn_is_what_the_desk_leaves(scenario_of):
    """As many leave as typed."""
    what = unhurried(offers={"stay": STAY}, replications=4)
    run = sim.run(scenario_of(what), workers=1)
    left, active = counted(run, "left"), counted(run, "active")
    typed = -math.log1p(-CHURN) / 52
    announced = COUNT * typed * 0.6 * WEEKS_AT_DESK * REPLICATIONS
    of_pilot = 0.6 * math.sqrt(0.45 * 0.55 / announced) / (1 - 0.6 * 0.45)
    error = math.hypot(1 / math.sqrt(left), of_pilot)
    assert left / active == pytest.approx(typed, rel=3 * error)
    assert error < 0.03
    kept = run.anchors.kept["customers"]
    assert kept == pytest.approx(0.6 * 0.45, abs=4 * of_pilot)
    decided = counted(run, "announced") / 0.6
    assert decided / counted(run, "active") == pytest.approx(typed / (1 - kept), rel=0.05)


def test_a_variant_inherits_who_decides_to_leave(scenario_of):
    """Without the offer of today's desk as many decide to leave, and more do."""
    base = sim.run(scenario_of(unhurried(offers={"stay": STAY}), name="base.yaml"), workers=1)
    variant = {"name": "variant", "based_on": "base.yaml", "offers": {"stay": {"offer": "never"}}}
    scenario = scenario_of(variant, name="variant.yaml")
    assert solve_anchors(scenario) == base.anchors
    run = sim.run(scenario, workers=1, anchors=base.anchors)
    assert counted(run, "left") > 1.15 * counted(base, "left")
    closed = {"name": "closed", "based_on": "base.yaml", "save_desk": "none"}
    nobody = sim.run(scenario_of(closed, name="closed.yaml"), workers=1, anchors=base.anchors)
    assert counted(nobody, "announced") == 0
    assert counted(nobody, "left") > counted(run, "left")
    assert nobody.samples["churn"].numerators.sum() > 0


def test_who_gets_no_answer_is_lost(scenario_of):
    """With a fifth of the seats most give up, and few are saved."""
    well, badly = (
        sim.run(scenario_of(center(offers={"stay": STAY}, seats=seats)), workers=1)
        for seats in (14, 2)
    )
    assert rate(badly)[0] < rate(well)[0] - 4 * math.hypot(rate(badly)[1], rate(well)[1])


@pytest.mark.slow
def test_customers_are_conserved_week_by_week(scenario_of):
    """Active + joined − left; announced = saved + lost + still leaving; both engines agree."""
    desk = DESK | {"announces": "80%"}
    what = center(desk, {"stay": STAY | {"returns": 0.1}}, seats=7, replications=1)
    more = {"resolution": {"first_contact": 0.7}, "volume": "30 per week"}
    what["contacts"]["cancellation"] |= more
    what["customers"] = what["customers"] | {
        "acquisition": "300 per month",
        "churn": {"rate": "40% per year", "due_to_service": "25%"},
    }
    what["horizon"] = {"weeks": 4}
    scenario = scenario_of(what)
    anchors = solve_anchors(scenario)
    one, two = (
        play(Planner(scenario, anchors), scenario.spec.seed, 0, engine=engine, keep_contacts=True)
        for engine in ("compiled", "reference")
    )
    assert all(np.array_equal(a, b) for a, b in zip(one.tally, two.tally, strict=True))
    assert np.array_equal(one.people.rows, two.people.rows)
    counts = one.tally.customers[:, 0]
    after = counts["active"] + counts["joined"] - counts["left"]
    rows = one.people.rows
    assert counts["active"][1:].tolist() == after[:-1].tolist()
    assert after[-1] == rows.active.sum()
    assert counts["left"].sum() == (rows.left_week[rows.luck > 0] != NEVER).sum()
    still = int((rows.leaving > 0).sum())
    ended = int((counts["saved"] + counts["lost_at_desk"]).sum())
    assert not any(block_of(int(name)) == ANNOUNCED_BLOCK for name in one.contacts[0].name)
    assert counts["announced"].sum() == ended + still
    assert still > counts["announced"][-1] > 0
    assert rows.active[rows.leaving > 0].any()  # kept as often as those before
    assert not rows.active[rows.leaving > 0].all()
    assert (counts["withdrew"] <= counts["saved"]).all()
    assert counts["left_for_service"].sum() > 0


def test_a_desk_that_nobody_calls_changes_nothing(scenario_of):
    """With nobody who announces anything every sum is as without a desk, to the bit."""
    silent, none = (
        sim.run(scenario_of(center(desk, {"stay": STAY})), workers=1)
        for desk in (DESK | {"announces": 0}, "none")
    )
    assert counted(none, "left") > 100
    assert none.anchors.kept == {}
    assert all(np.array_equal(a, b) for a, b in zip(silent.tally, none.tally, strict=True))
    assert not {"announced", "save_rate"} & set(telling(none.scenario))
    assert {"announced", "save_rate"} <= set(telling(silent.scenario))


def test_the_saved_leave_more_easily(scenario_of):
    """With a hazard of 10 for half a year many of the saved decide to leave again."""
    calm, uneasy = (
        sim.run(
            scenario_of(unhurried(save_desk=DESK | {"raised": raised, "withdraw": "90%"})),
            workers=1,
        )
        for raised in (1, 10)
    )
    error = math.sqrt(counted(calm, "announced") + counted(uneasy, "announced"))
    assert counted(uneasy, "announced") > counted(calm, "announced") + 4 * error


def test_a_desk_that_the_base_has_not_is_warned_of(scenario_of):
    """Not one that it has, nor its absence in both."""

    def warned(base_desk: Any, desk: Any) -> int:
        scenario_of(center(base_desk, name="base"), name="base.yaml")
        given = {"name": "variant", "based_on": "base.yaml", "save_desk": desk}
        variant = scenario_of(given, name="variant.yaml")
        return sum("base has no save_desk" in w for w in outlook(variant).warnings)

    assert warned("none", DESK) == 1
    assert warned(DESK, {**DESK, "announces": "50%"}) == 0
    assert warned("none", "none") == 0


IN_VAIN = {**DESK, "withdraw": 0}
ADD_ON = {
    "candidates": 1,
    "offer": "always",
    "acceptance": "60%",
    "price": 100,
    "margin": {"per_month": 3},
    "during": ["service"],
    "contract": {"term": "26 wk", "churn": 0.8},
}


@pytest.mark.parametrize("share", [0, "50%"])
@pytest.mark.parametrize("seed", [7, 8])
def test_a_desk_that_keeps_nobody_gains_nothing(scenario_of, share, seed):
    """Customers, sales, margins: all but its own contacts, to the bit, week by week."""

    def played(desk: Any) -> sim.Run:
        what = unhurried(save_desk="none", offers={"add": ADD_ON}, replications=2, seed=seed)
        what["customers"]["churn"] = {"rate": "40% per year", "due_to_service": share}
        what["agents"] = {
            "line": {"positions": 7, "serves": ["service"]},
            "desk": {"positions": 9, "serves": ["cancellation"]},
        }
        base = scenario_of(what, name="base.yaml")
        variant = {"name": "variant", "based_on": "base.yaml", "save_desk": desk}
        scenario = scenario_of(variant, name="variant.yaml")
        return sim.run(scenario, anchors=solve_anchors(base), workers=1)

    none, vain = played("none"), played(IN_VAIN)
    assert counted(none, "left") > 800
    assert counted(vain, "lost_at_desk") > 300
    for name in ("active", "joined", "left", "left_for_service", "stayed_for_service"):
        assert np.array_equal(none.tally.customers[name], vain.tally.customers[name])
    for name in ("sales", "ended"):
        assert np.array_equal(getattr(none.tally, name), getattr(vain.tally, name))
    assert np.array_equal(none.tally.contacts[:, :, 0], vain.tally.contacts[:, :, 0])
    for metric in ("retained_margin", "value"):
        if metric in none.samples:
            pairs = [run.samples[metric].numerators for run in (none, vain)]
            assert np.array_equal(*pairs)


@pytest.mark.parametrize("churn", ["0% per year", "90% per year"])
def test_who_is_kept_never_left(scenario_of, churn):
    """Four in five are kept: a fifth of those who announced it is missing, in every week.

    Also in the last one, of whom as many are kept as before.
    """
    desk = DESK | {"withdraw": 0.8, "announces": 1, "raised": 1}
    offers = {"add": ADD_ON | {"margin": {"per_month": 3, "churn": churn}}}
    scenario = scenario_of(unhurried(save_desk=desk, offers=offers, replications=1))
    played = play(Planner(scenario, solve_anchors(scenario)), scenario.spec.seed, 0)
    counts = played.tally.customers[:, 0]
    assert np.array_equal(np.diff(counts["active"]), -counts["left"][:-1])
    share = counts["left"] / counts["announced"]
    assert (counts["announced"] > 400).all()
    assert np.abs(share - 0.2).max() < 4.5 * math.sqrt(0.16 / 400)
    rows = played.people.rows
    assert (rows.left_week != NEVER).sum() == counts["left"].sum() == (rows.active == 0).sum()
    bought, given_up = rows.bought == 1, played.people.margin_until[:, 0] > 0
    gone = int((bought & ((rows.active == 0) | given_up)).sum())
    assert played.tally.ended["bought"].sum() == gone > 0  # nobody who was kept pays less
    assert given_up.any() == (churn != "0% per year")

"""Who holds a product leaves and calls at a rate of her own, and today shows what was typed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import sim
from sim.core.dice import (
    CHURN,
    CUSTOMER,
    INCREMENTAL,
    MARGIN_ENDS,
    OF_HOLDERS,
    OWNS,
    RETURNS,
    split,
    uniform,
    word,
)
from sim.core.moments import block_of, cell_of, number_of, segment_of
from sim.domain.contacts.demand import issue_luck
from sim.domain.customers.holders import FOR_EVER, HoldersSpec, mean_factors
from sim.engine.arrivals import FIRST_EXTRA
from sim.engine.state import first_contacts
from sim.plan.anchors import UNANCHORED
from sim.plan.luck import fortune_of
from sim.plan.plan import Planner
from sim.weeks.play import open_people, play
from tests.weeks.test_loyalty import CENTER, NOTHING_DUE, count, for_ever

WEEKS = 6
MS_PER_WEEK = 7 * 24 * 3600 * 1000
HELD, LOST = {"broadband": 0.3, "tv": 0.2}, {"broadband": 0.0, "tv": 0.9}
CHURN_OF = {"standard": 0.6, "premium": 0.5}
BROADBAND = {"price": 100, "margin": "25%", "held": "30%", "offer": "never"}
TV = {"price": 0, "margin": {"per_month": 4, "churn": "90% per year"}, "held": "20%"}


def center(broadband: Any = None, tv: Any = None, **more: Any) -> dict[str, Any]:
    """Two products, one of which is given up again; `holders` of each."""
    offers = {
        "broadband": BROADBAND | ({"holders": broadband} if broadband else {}),
        "tv": TV | {"offer": "never"} | ({"holders": tv} if tv else {}),
    }
    customers = {name: spec | {"count": 600} for name, spec in CENTER["customers"].items()}
    more = {"customers": customers, "horizon": {"weeks": WEEKS}, "offers": offers} | more
    return CENTER | more


def selling(**holders: Any) -> dict[str, Any]:
    """Nearly everybody who calls about it buys it, and some give it back."""
    what = center(holders, holders)
    sells = {"offer": "always", "candidates": "100%", "acceptance": 0.6, "returns": "20%"}
    offers = {name: offer | sells for name, offer in what["offers"].items()}
    volume = {"volume": {"per_week": 300, "counts": "first"}, "handle": "120 s"}
    positions = {"line": {"positions": 4, "wage": "20 per hour"}}
    return what | {"offers": offers, "contacts": {"service": volume}, "agents": positions}


def played(scenario, **how: Any):
    """A replication of it."""
    return play(Planner(scenario, UNANCHORED), 7, 0, **how)


def assert_alike(one, two) -> None:
    """Two replications left the same."""
    for column in one.people.rows.dtype.names:
        np.testing.assert_array_equal(one.people.rows[column], two.people.rows[column])
    for sums, others in zip(one.tally, two.tally, strict=True):
        np.testing.assert_array_equal(sums, others)


def until(luck: int, name: str, week: int = 0) -> int:
    """First week in which who has it from a week on has it no more."""
    u = uniform(own_luck(luck, name), MARGIN_ENDS, 0)
    p = -math.expm1(math.log1p(-LOST[name]) / 52)
    return week + 1 + int(math.log(u) / math.log1p(-p)) if p else FOR_EVER


def own_luck(luck: int, name: str) -> Any:
    """The luck of a name with a product."""
    return split(luck, np.uint64(word(name)))


def held_until(luck: int, name: str) -> int:
    """First week in which who was there on day one has it no more; 0: never had it."""
    return until(luck, name) if uniform(own_luck(luck, name), OWNS, 0) < HELD[name] else 0


def luck_of_issue(fortune: Any, name: int) -> Any:
    """From which its dice are made."""
    place = cell_of(name), number_of(name)
    return issue_luck(fortune, 0, segment_of(name), block_of(name), *place)


def test_factors_of_one_change_nothing(scenario_of):
    """The same as without the key, in every sum and customer."""
    same = {"churn_factor": "100%", "contact_factor": "100%"}
    assert_alike(played(scenario_of(selling(**same))), played(scenario_of(selling())))


def test_mean_factors_by_hand():
    """Of four kinds of customers: both products, either one, none."""
    specs = [
        HoldersSpec(churn_factor=0.5, contact_factor=2.0),
        None,
        HoldersSpec(churn_factor=1.2, contact_factor=0.5),
    ]
    found = mean_factors(specs, [0.25, 0.9, 0.5])
    shares = [(0.125, 0.5 * 1.2, 2.0 * 0.5), (0.125, 0.5, 2.0), (0.375, 1.2, 0.5), (0.375, 1, 1)]
    assert found.churn == pytest.approx(sum(w * h for w, h, _ in shares))
    assert found.contacts == pytest.approx(sum(w * c for w, _, c in shares))
    assert found.both == pytest.approx(sum(w * h * c for w, h, c in shares))


def test_who_leaves_is_who_should_by_hand(scenario_of):
    """Each customer's uniform of each week against 1 − (1 − h)^F, F by what she holds then."""
    scenario = scenario_of(center({"churn_factor": "40%"}, {"churn_factor": "200%"}), *NOTHING_DUE)
    rows = played(scenario).people.rows
    rows = rows[rows.luck != 0]
    mean = (1 - 0.3 * 0.6) * (1 + 0.2)
    expected, given_up = np.full(len(rows), -1), 0
    for i, (luck, segment) in enumerate(zip(rows.luck, rows.segment.tolist(), strict=True)):
        weekly = 1 - (1 - list(CHURN_OF.values())[segment]) ** (1 / 52)
        broadband, tv = (held_until(luck, name) for name in HELD)
        given_up += 0 < tv < WEEKS
        for week in range(WEEKS):
            factor = (0.4 if broadband > week else 1.0) * (2.0 if tv > week else 1.0)
            if uniform(luck, CHURN, week) < 1 - (1 - weekly / mean) ** factor:
                expected[i] = week
                break
    np.testing.assert_array_equal(rows.left_week, expected)
    assert (expected >= 0).sum() > 60
    assert given_up > 20


@pytest.mark.parametrize("model", ["issue", "relationship"])
def test_the_typed_churn_comes_out_today(scenario_of, model):
    """With holders who leave less easily and call more; of both reasons of leaving."""
    sets = [f"customers.{name}.churn.model={model}" for name in CHURN_OF]
    holders = {"churn_factor": "50%", "contact_factor": "200%"}
    root = scenario_of(center(holders) | {"horizon": {"weeks": 4}}, *sets)
    run = sim.run(root, workers=1, replications=6)
    plan = Planner(root, run.anchors).plan(0, 0)
    without = Planner(scenario_of(center(), *sets), run.anchors).plan(0, 0)
    np.testing.assert_allclose(plan.churn.contractual, without.churn.contractual / 0.85)
    np.testing.assert_allclose(plan.churn.behaviour, without.churn.behaviour * 1.3)
    left, active = (count(run.tally, name).sum(axis=(0, 1)) for name in ("left", "active"))
    for s, rate in enumerate(CHURN_OF.values()):
        weekly = -math.log1p(-rate) / 52
        error = math.sqrt(weekly * active[s])
        assert abs(left[s] - weekly * active[s]) < 3 * error, s


def test_who_buys_holds_it_from_then_on(scenario_of):
    """Not who gives it back, nor who would have bought it anyway; until it is given up."""
    scenario = scenario_of(selling(churn_factor="50%", contact_factor="150%"))
    one = played(scenario, keep_contacts=True)
    rows, found = one.people.rows, one.people.holds_until
    names = list(HELD)
    expected = np.zeros_like(found)
    for i in np.flatnonzero(rows.luck != 0):
        for p, name in enumerate(names):
            expected[i, p] = held_until(rows.luck[i], name)
    sales = 0
    for contact in np.concatenate(one.contacts):
        if not contact["accepted"] or contact["product"] < 0:
            continue
        name = names[contact["product"]]
        luck = own_luck(contact["luck"], name)
        if uniform(luck, RETURNS, 0) >= 0.2 and uniform(luck, INCREMENTAL, 0) < 0.8:
            i = contact["customer"]
            end_of_talk = contact["answered_ms"] + contact["talk_ms"] + contact["hold_ms"]
            week = int(end_of_talk // MS_PER_WEEK)
            expected[i, contact["product"]] = until(rows.luck[i], name, week)
            sales += 1
    np.testing.assert_array_equal(found, expected)
    assert sales > 100
    there = rows.active == 1
    last = [((found[:, p] > WEEKS - 1) & there & (rows.segment == 0)).sum() for p in range(2)]
    assert one.tally.holders[-1, 0].tolist() == last


def test_both_engines_agree(scenario_of):
    """On who comes, who buys, who leaves."""
    scenario = scenario_of(selling(churn_factor="50%", contact_factor="150%"))
    short = scenario.with_horizon(weeks=2, warm_up="0 d")
    assert_alike(*(played(short, engine=e, weeks_at_once=1) for e in ("compiled", "reference")))


@pytest.mark.parametrize("factor", [0.6, 1.7])
def test_one_holder_more_moves_nobody_else(scenario_of, factor):
    """Below 1 some of her issues do not come, above 1 some come on top; no other one moves."""
    what = center({"contact_factor": factor})
    what["contacts"] = {
        "service": {"volume": {"per_week": 12000, "counts": "first"}, "handle": "1 min"}
    }
    scenario = scenario_of(what)
    plan, fortune = Planner(scenario, UNANCHORED).plan(0, 672), fortune_of(scenario, 7, 0)
    people = open_people(scenario, plan, fortune)
    i = int(np.flatnonzero(people.holds_until[:, 0] == 0)[0])
    before = first_contacts(plan, fortune, people)
    people.holds_until[i, 0] = FOR_EVER
    after = first_contacts(plan, fortune, people)
    old, new = ({*zip(a.at_ms.tolist(), a.name.tolist(), strict=True)} for a in (before, after))
    extra = [number_of(name) >= FIRST_EXTRA for _, name in new - old]
    assert all(extra)
    if factor > 1:
        assert not old - new
        assert 2 <= len(new - old) <= 20
    else:
        assert not new - old
        assert 1 <= len(old - new) <= 15


def test_the_typed_volume_comes_out_today(scenario_of):
    """And of it holders have as much as their factors say."""
    what = center({"contact_factor": "60%"}, {"contact_factor": "250%"})
    volume = {"per_week": 4000, "counts": "first", "busyness": "none"}
    what["contacts"] = {"service": {"volume": volume, "handle": "1 min"}}
    what["customers"] = {"standard": {"count": 5000}}
    what["forecast_error"] = 0
    scenario = scenario_of(what)
    plan = Planner(scenario, UNANCHORED).plan(0, 672)
    by_factor: dict[float, int] = {}
    weight: dict[float, int] = {}
    total = 0
    for replication in range(2):
        fortune = fortune_of(scenario, 7, replication)
        people = open_people(scenario, plan, fortune)
        owns = people.rows.owns
        factors = np.where(owns & 1, 0.6, 1.0) * np.where(owns & 2, 2.5, 1.0)
        names = first_contacts(plan, fortune, people).name
        total += len(names)
        luck = [luck_of_issue(fortune, name) for name in names.tolist()]
        who = np.array([int(uniform(one, CUSTOMER, 0) * 5000) for one in luck])
        for factor in np.unique(factors).tolist():
            by_factor[factor] = by_factor.get(factor, 0) + int((factors[who] == factor).sum())
            weight[factor] = weight.get(factor, 0) + int((factors == factor).sum())
    assert abs(total - 8000) < 3 * math.sqrt(8000)
    mean = (1 - 0.3 * 0.4) * (1 + 0.2 * 1.5)
    for factor, calls in by_factor.items():
        expected = weight[factor] * 4 / 5 * factor / mean
        assert abs(calls - expected) < 3 * math.sqrt(expected), factor


def test_thinning_is_by_a_uniform_of_the_issue(scenario_of):
    """Of a holder's candidates those come whose uniform is below her factor."""
    what = center({"contact_factor": "50%"})
    what["offers"]["broadband"] |= {"held": "100%"}
    scenario = scenario_of(what)
    plan, fortune = Planner(scenario, UNANCHORED).plan(0, 672), fortune_of(scenario, 7, 0)
    assert plan.holders.contacts == 0.5
    people = open_people(scenario, plan, fortune)
    come = set(first_contacts(plan, fortune, people).name.tolist())
    people.holds_until[:] = 0
    candidates = first_contacts(plan, fortune, people).name.tolist()
    for name in candidates:
        u = uniform(luck_of_issue(fortune, name), OF_HOLDERS, 0)
        assert (name in come) == (u < 0.5)
    assert come < set(candidates)


def test_value_at_the_end_knows_who_holds_what(scenario_of):
    """Month by month: at the holders' hazard until she leaves or gives it up, then as others do."""
    scenario = scenario_of(center(None, {"churn_factor": "50%"}))
    run = sim.run(scenario, workers=1, replications=2)
    active, joined, left = (count(run.tally, n)[:, -1] for n in ("active", "joined", "left"))
    there, holders = active + joined - left, run.tally.holders[:, -1, :, 1]
    assert holders.min() > 30
    mean = 1 - 0.2 * 0.5
    for r in range(2):
        expected = 0.0
        for s, (rate, margin) in enumerate(zip(CHURN_OF.values(), (12, 48), strict=True)):
            stays = (1 - rate) ** (1 / mean)
            alone = for_ever(margin, stays)
            with_it, chance = 0.0, 1.0
            kept, both = (stays**0.5 / 1.1) ** (1 / 12), (1 - 0.9) ** (1 / 12)
            for _ in range(2400):
                with_it += chance * (margin + kept * (1 - both) * alone)
                chance *= kept * both
            expected += holders[r, s] * with_it + (there[r, s] - holders[r, s]) * alone
        found = run.samples["value_at_end"].numerators[r]
        assert found == pytest.approx(expected, abs=0.01)

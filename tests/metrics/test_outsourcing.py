"""Seats that a vendor fills: its price, counted contact by contact, and nothing else of people."""

from __future__ import annotations

import json

import numpy as np
import pytest

import sim
from sim.core.errors import ScenarioError
from sim.core.moments import FIRST_LEG, SECOND_LEG
from sim.core.tables import ANSWERED
from sim.experiments.closing import closers
from sim.experiments.judging import basis, strains_people
from sim.experiments.turning_points import booked
from sim.experiments.weak_numbers import WEAK_NUMBERS, needs_play
from sim.plan.made_from import made_from
from sim.scenario.load import again
from tests.metrics.test_paid_contacts import CENT, MS_PER_WEEK

WEEKS = 2
PAID = {
    "hours": {"per": "hour", "amount": 21.5},
    "minutes": {"per": "minute", "amount": 0.37},
    "calls": {"per": "contact", "amount": 4.5},
    "cures": {"per": "resolved", "amount": 6.25},
}
CENTER = {
    "name": "vendors",
    "horizon": {"weeks": WEEKS},
    "replications": 2,
    "open": "Mon-Fri 08:00-20:00",
    "contacts": {
        f"for-{group}": {
            "volume": {"per_week": 150, "counts": "first", "busyness": "none"},
            "handle": "9 min",
            "patience": "2 min",
        }
        for group in PAID
    },
    "agents": {
        group: {"serves": [f"for-{group}"], "positions": 1, "paid": paid}
        for group, paid in PAID.items()
    }
    | {"sellers": {"serves": [], "positions": 1, "paid": {"per": "contact", "amount": 9}}},
    "offers": {
        "music": {
            "during": ["for-hours", "for-calls"],
            "offer": {"offer": "specialist", "group": "sellers"},
            "price": 50,
            "margin": 20,
            "preparation": "16 h",
        }
    },
}
OF_PEOPLE = (
    *("cost:labour:", "cost:hiring", "cost:training", "cost:preparation", "cost:severance"),
    *("cost:supervision", "cost:quality", "cost:overhead:", "cost:licences:"),
)


@pytest.fixture(scope="module")
def center(tmp_path_factory):
    """Two weeks of vendors alone, with all contacts."""
    file = tmp_path_factory.mktemp("vendors") / "vendors.yaml"
    file.write_text(json.dumps(CENTER), encoding="utf-8")
    return sim.run(sim.load(file), workers=1, keep_contacts=True)


def contacts_of(run, replication: int, group: str) -> list:
    """Legs that a group took, each as it was in the end."""
    g, seen = run.scenario.groups.index(group), {}
    for span in run.contacts[replication]:  # a contact that crosses a week is in both spans
        for c in span.view(np.recarray):
            seen[(int(c.name), int(c.attempt), int(c.leg))] = c
    return [c for c in seen.values() if c.group == g]


def within(start: int, stop: int, week: int) -> int:
    """How much of a stretch lies in a week."""
    return max(0, min(stop, (week + 1) * MS_PER_WEEK) - max(start, week * MS_PER_WEEK))


def units(run, replication: int, group: str, per: str) -> list[float]:
    """By week, from contacts and the plan."""
    found = [0.0] * WEEKS
    for c in contacts_of(run, replication, group):
        if per == "contact":
            found[int(c.arrived_ms) // MS_PER_WEEK] += 1
        elif per == "resolved" and c.resolved and c.left_ms >= 0:
            found[min(int(c.left_ms) // MS_PER_WEEK, WEEKS - 1)] += 1
        elif per == "minute":
            handled = int(c.talk_ms + c.hold_ms + c.offer_ms + c.wrap_up_ms)
            start = int(c.answered_ms)
            for week in range(WEEKS):
                found[week] += within(start, start + handled, week) / 60_000
    return found


@pytest.mark.parametrize("group", [*PAID, "sellers"])
def test_a_vendor_is_paid_for_what_it_did_to_the_cent(center, group):
    """Second legs are contacts too; hours are those on duty, in five days of twelve each."""
    paid = {**PAID, "sellers": {"per": "contact", "amount": 9}}[group]
    line, g = center.ledger.lines[f"cost:outsourcing:{group}"], list(center.scenario.groups)
    for r in range(2):
        expected = units(center, r, group, paid["per"])
        if paid["per"] == "hour":
            overtime = center.tally.time["overtime_ms"][r, :, g.index(group)] / 3_600_000
            assert overtime.any()
            expected = 60 + overtime
        assert min(expected) > 0
        np.testing.assert_allclose(line[r], -paid["amount"] * np.array(expected), atol=CENT, rtol=0)


def test_legs_of_a_group_are_those_it_answered(center):
    """In all groups together every answered contact and every second leg once."""
    answered = center.tally.groups["answered"].sum(axis=(1, 2))
    legs = center.tally.legs["transfers"] - center.tally.legs["transfers_gave_up"]
    both = center.tally.contacts["answered"].sum(axis=(1, 2)) + legs.sum(axis=(1, 2))
    np.testing.assert_array_equal(answered, both)
    kinds = {(int(c.leg), int(c.outcome)) for c in contacts_of(center, 0, "sellers")}
    assert kinds == {(SECOND_LEG, ANSWERED)}
    assert {int(c.leg) for c in contacts_of(center, 0, "calls")} == {FIRST_LEG}


def test_nothing_else_of_people_is_booked(center):
    """Not even the fixed share of overhead, where nobody of ours ever sat; telecom is ours."""
    assert not center.ledger.total(*OF_PEOPLE).any()
    assert not center.ledger.paid_hours.any()
    assert (center.ledger.lines["cost:telecom"] < 0).all()
    assert center.ledger.lines["cost:commission:music"].any()
    both = center.ledger.total("margin:", "cost:")
    np.testing.assert_allclose(center.ledger.contribution, both)


# --- against people of ours ---------------------------------------------------------------------

NOTHING_BESIDE_WAGES = {
    "overhead": "0 per hour",
    "licence": "0 per month",
    "supervision": "none",
    "quality_and_planning": "none",
    "on_cost": "25%",
}


def one_group(open_: str, cost: dict, **group) -> dict:
    return {
        "name": "one-group",
        "horizon": {"weeks": WEEKS},
        "replications": 1,
        "open": open_,
        "contacts": {
            "service": {
                "volume": {"per_week": 900, "profile": "flat", "counts": "first"},
                "handle": "348 s",
            }
        },
        "agents": {"line": {"positions": 2, "turnover": "0% per year", **group}},
        "costs": NOTHING_BESIDE_WAGES | cost,
    }


@pytest.mark.parametrize(
    ("open_", "overtime", "shrinkage", "amount"),
    [("Mon-Fri 08:00-20:00", "100%", "0%", 20), ("Mon-Sun 00:00-24:00", "125%", "20%", 25)],
)
def test_by_the_hour_at_what_an_hour_of_ours_costs_is_the_same(
    scenario_of, open_, overtime, shrinkage, amount
):
    """16 an hour and 25 % charges: 20 with all time on duty, and 25 with a fifth of it away."""
    costs = {"overtime": overtime}
    own = one_group(open_, costs, wage="16 per hour", shrinkage=shrinkage)
    theirs = one_group(open_, costs, paid={"per": "hour", "amount": amount})
    runs = [
        sim.run(scenario_of(one, name=f"{n}.yaml"), workers=1)
        for n, one in enumerate((own, theirs))
    ]
    for one, other in zip(*(run.tally for run in runs), strict=True):
        np.testing.assert_array_equal(one, other)
    assert runs[0].tally.time["overtime_ms"].any() == (shrinkage == "0%")
    results = [run.ledger.contribution for run in runs]
    np.testing.assert_allclose(results[0], results[1], rtol=1e-12)


def handed_over(scenario_of, *sets: str, **how):
    """A center of two groups, and it with its second one handed over: (base, variant)."""
    base = one_group("Mon-Fri 08:00-20:00", {}, serves=["service"])
    base["agents"]["late"] = {
        "serves": {"service": {"after": "20 s"}},
        "positions": 1,
        "wage": "15 per hour",
    }
    scenario_of(base, name="base.yaml")
    given = {"name": "variant", "based_on": "base.yaml", **how}
    return scenario_of(base, name="base.yaml"), scenario_of(given, *sets, name="variant.yaml")


AT_4 = {"agents": {"late": {"paid": {"per": "contact", "amount": 4}}}}


def test_whoever_is_handed_over_is_paid_off_and_hours_stay(scenario_of):
    """60 hours on duty, 30 % away, four weeks' wage with charges, two weeks of 52."""
    base, variant = (sim.run(one, workers=1) for one in handed_over(scenario_of, **AT_4))
    heads = 60 / 0.7 / 40
    severance = heads * 4 * 40 * 15 * 1.25 / 52
    booked_ = variant.ledger.lines["cost:severance"][0]
    np.testing.assert_allclose(booked_, [-severance, -severance])
    np.testing.assert_array_equal(base.tally.time, variant.tally.time)
    assert basis(base, variant) == "at the same seats"
    assert not strains_people(base, variant)
    fewer = base.ledger.paid_hours - variant.ledger.paid_hours
    np.testing.assert_allclose(fewer, heads * 40, rtol=0.01)  # and its overtime
    handled = variant.tally.time[:, :, 0]
    own = (
        sum(handled[part] for part in ("talk_ms", "hold_ms", "offer_ms", "wrap_up_ms")) / 3_600_000
    )
    share = own.sum() / variant.ledger.paid_hours.sum()
    utilisation = variant.samples["utilisation"]
    assert utilisation.numerators[0] / utilisation.denominators[0] == pytest.approx(share)


def test_more_seats_of_a_vendor_are_no_longer_the_same_seats(scenario_of):
    """Though as many hours of ours are paid; and fewer of them are busier."""
    scenario_of(one_group("Mon-Fri 08:00-20:00", {}, **AT_4["agents"]["late"]), name="base.yaml")
    base, *others = (
        scenario_of(
            {"name": f"n{n}", "based_on": "base.yaml", "agents": {"line": {"positions": n}}},
            name=f"n{n}.yaml",
        )
        for n in (2, 3, 1)
    )
    runs = [sim.run(one, workers=1) for one in (base, *others)]
    found = [basis(runs[0], run).replace("\N{MINUS SIGN}", "-") for run in runs[1:]]
    assert found == ["with +50% hours on duty", "with -50% hours on duty"]


def test_an_initiative_hands_over_in_its_week_and_its_price_may_ramp(scenario_of):
    """Until then wages, from then on the price; nothing that is played moves."""
    over = {
        "hand-over": {"from_week": 2, "set": AT_4},
        "dearer": {"from_week": 1, "ramp": "2 wk", "set": {"costs": {"recruiting": 4000}}},
    }
    base, variant = handed_over(scenario_of, initiatives=over)
    before, after, at_once = (
        sim.run(one, workers=1) for one in (base, variant, handed_over(scenario_of, **AT_4)[1])
    )
    np.testing.assert_array_equal(before.tally.time, after.tally.time)
    for name in ("cost:labour:idle", "cost:supervision", "cost:overhead:by_hours"):
        weeks = [run.ledger.lines[name][0] for run in (before, after, at_once)]
        assert weeks[1].tolist() == [weeks[0][0], weeks[2][1]], name
    price = after.ledger.lines["cost:outsourcing:late"][0]
    assert price.tolist() == [0.0, at_once.ledger.lines["cost:outsourcing:late"][0, 1]]
    dearer = {"initiatives": {"rise": {"ramp": "2 wk", "set": _at(8)}}, **AT_4}
    rising = handed_over(scenario_of, **dearer)[1]
    assert [rising.in_week(w).spec.agents["late"].paid.amount for w in (0, 1)] == [6.0, 8.0]


def _at(amount: float) -> dict:
    return {"agents": {"late": {"paid": {"amount": amount}}}}


def test_a_vendor_passes_on_what_wages_do(scenario_of):
    """With wage_drift, and not with price_drift."""
    drift = {"finance": {"wage_drift": "10% per year", "price_drift": "50% per year"}}
    scenario = handed_over(scenario_of, **AT_4, **drift, horizon={"weeks": 53})[1]
    paid = [scenario.in_week(week).spec.agents["late"].paid.amount for week in (51, 52)]
    assert paid == pytest.approx([4.0, 4.4])


def test_a_price_is_booked_and_never_played(scenario_of):
    """The anchors do not depend on it; it is a number to believe, and one that closes a gap."""
    price = {"price": {"per": "answered", "amount": 8}}
    _, variant = handed_over(scenario_of, **AT_4, contacts={"service": price})
    others = [again(variant, [f"agents.late.paid.amount={amount}"]) for amount in (5, 6)]
    assert made_from(others[0]) == made_from(others[1])
    (belief,) = (one for one in WEAK_NUMBERS if one.name == "price of a vendor")
    assert not needs_play(belief, [variant])
    assert belief.values(variant.spec) == [4.0]
    run = sim.run(variant, workers=1)
    twice = booked(belief.times(variant, 2.0), run).ledger.lines["cost:outsourcing:late"]
    np.testing.assert_allclose(twice, 2 * run.ledger.lines["cost:outsourcing:late"])
    levers = {c.what: c for c in closers(run)}
    needed = levers["price of an answered contact by late"].needed
    assert needed > 0
    at = booked(again(variant, [f"agents.late.paid.amount={needed}"]), run)
    assert at.ledger.contribution.sum() == pytest.approx(0.0, abs=CENT)
    assert "wage an hour of late" not in levers


def test_what_a_switch_may_not_be(scenario_of):
    """By parts, by attrition, or of people one by one."""
    paid = {"paid": {"per": "contact", "amount": 4}}
    whole = {"people": None, "positions": 1, **paid}
    for group, how, words in (
        ({"positions": 1}, {"ramp": "2 wk", "set": {"agents": {"line": paid}}}, "by a part"),
        ({"positions": 1}, {"by": "attrition", "set": {"agents": {"line": paid}}}, "goes over at"),
        ({"people": 3}, {"set": {"agents": {"line": whole}}}, "one by one do not go over"),
    ):
        what = one_group("Mon-Fri 08:00-20:00", {})
        what["agents"] = {"line": group}
        with pytest.raises(ScenarioError, match=words):
            scenario_of(what | {"initiatives": {"it": how}})

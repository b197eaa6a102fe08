"""Contacts that customers pay for, and leads: counted again contact by contact, to the cent."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.core.moments import FIRST_LEG
from sim.core.tables import ANSWERED
from sim.experiments.closing import closers
from sim.experiments.comparison import compare
from sim.experiments.weak_numbers import WEAK_NUMBERS, needs_play
from sim.report.figures.of_comparison import GROUPS
from sim.report.pages.of_run import run_page
from sim.report.pages.sheets import statement

MS_PER_WEEK = 7 * 24 * 3600 * 1000
CENT = 0.005
PRICES = {
    "support": {"per": "answered", "amount": 15},
    "repair": {"per": "resolved", "amount": 40, "margin": "90%"},
    "advice": {"per": "minute", "amount": 1.5, "margin": "80%"},
}
LEADS = {"support": 4, "advice": 2.5}
CENTER = {
    "name": "paid",
    "horizon": {"weeks": 2},
    "replications": 2,
    "open": "Mon-Fri 08:00-20:00",
    "contacts": {
        type_: {
            "volume": {"per_week": 150, "counts": "first", "busyness": "none"},
            "handle": "9 min",
            "patience": "2 min",
        }
        for type_ in ("support", "repair", "advice", "free")
    },
    "agents": {"line": {"positions": 2}},
}


def paid() -> dict:
    """The center with prices and leads."""
    contacts = {type_: dict(spec) for type_, spec in CENTER["contacts"].items()}
    for type_, price in PRICES.items():
        contacts[type_]["price"] = price
    for type_, cost in LEADS.items():
        contacts[type_]["lead_cost"] = f"{cost} per new issue"
    return CENTER | {"contacts": contacts}


@pytest.fixture
def run(scenario_of):
    """Two weeks of a busy center, with all its contacts."""
    return sim.run(scenario_of(paid()), workers=1, keep_contacts=True)


def by_week(run, amount) -> np.ndarray:
    """[replication, week] sum over contacts of amount(contact, type): (when it counts, money)."""
    types = list(run.scenario.spec.contacts)
    sums = np.zeros((run.replications, 2))
    for r in range(run.replications):
        seen = {}
        for span in run.contacts[r]:  # a contact that crosses a week is in both spans
            for c in span.view(np.recarray):
                seen[(int(c.name), int(c.attempt), int(c.leg))] = c
        for c in seen.values():
            for at_ms, money in amount(c, types[c.type]):
                sums[r, min(int(at_ms) // MS_PER_WEEK, 1)] += money
    return sums


def units(c, type_):
    """When one contact pays, and for how many units."""
    per = PRICES[type_]["per"] if type_ in PRICES else None
    if c.arrived_ms < 0 or c.outcome != ANSWERED:
        return
    if per == "answered":
        yield c.arrived_ms, 1
    elif per == "minute":
        yield c.arrived_ms, (c.talk_ms + c.hold_ms) / 60_000
    elif per == "resolved" and c.resolved and c.last:
        yield c.left_ms, 1


def test_revenue_and_margin_by_hand(run):
    """Every line of paid contacts is what its contacts pay, week by week."""
    for type_, price in PRICES.items():
        share = float(str(price.get("margin", "100%")).rstrip("%")) / 100
        revenue = by_week(
            run,
            lambda c, t, type_=type_, price=price: (
                (at, price["amount"] * n) for at, n in units(c, t) if t == type_
            ),
        )
        assert (revenue > 0).all()
        found = run.ledger.lines[f"memo:revenue:contacts/{type_}"]
        np.testing.assert_allclose(found, revenue, rtol=0, atol=CENT)
        margin = run.ledger.lines[f"margin:contacts/{type_}"]
        np.testing.assert_allclose(margin, share * revenue, rtol=0, atol=CENT)
    assert "margin:contacts/free" not in run.ledger.lines


def test_every_new_issue_costs_a_lead_answered_or_not(run):
    """No repeat and no redial does."""
    for type_, cost in LEADS.items():
        first = by_week(
            run,
            lambda c, t, type_=type_, cost=cost: (
                [(c.arrived_ms, -cost)]
                if t == type_ and c.attempt == 1 and c.leg == FIRST_LEG
                else []
            ),
        )
        np.testing.assert_allclose(run.ledger.lines[f"cost:leads:{type_}"], first, atol=CENT)
    assert (run.tally.contacts["gave_up"].sum() > 0).all()  # some give up
    assert "cost:leads:free" not in run.ledger.lines


def test_lines_add_up_to_contribution(run, scenario_of):
    """It is that of the same center without prices, and the new lines; nothing else moves."""
    plain = sim.run(scenario_of(CENTER, name="plain.yaml"), workers=1)
    for ours, theirs in zip(run.tally, plain.tally, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    new = run.ledger.lines.keys() - plain.ledger.lines.keys()
    added = sum(run.ledger.lines[name] for name in new if not name.startswith("memo:"))
    both = plain.ledger.contribution + added
    np.testing.assert_allclose(run.ledger.contribution, both, atol=CENT)
    revenue = sum(run.ledger.lines[f"memo:revenue:contacts/{type_}"].sum() for type_ in PRICES)
    assert run.samples["revenue"].numerators.sum() == pytest.approx(revenue, abs=CENT)
    assert run.samples["self_funding"].numerators.sum() == pytest.approx(
        run.ledger.total("margin:contacts/").sum(), abs=CENT
    )


def test_a_bridge_and_a_statement_show_every_line_once(run):
    """So that their steps add up to contribution."""
    rows = statement(compare([run]))
    rows.pop("contribution")
    for name in run.ledger.lines:
        found = [label for label, accounts in rows.items() if name.startswith(accounts)]
        assert len(found) == name.startswith(("margin:", "cost:")), name
        groups = [label for label, accounts in GROUPS.items() if name.startswith(accounts)]
        assert len(groups) == (not name.startswith("memo:")), name


def test_a_price_that_closes_the_gap_does_so_exactly(run, scenario_of):
    """Each lever is affine: played with what was told, contribution is 0."""
    levers = {c.what: c.needed for c in closers(run)}
    needed = levers["price of an answered contact of support"]
    again = sim.run(scenario_of(paid(), f"contacts.support.price.amount={needed}"), workers=1)
    assert again.ledger.contribution.sum(axis=1).mean() == pytest.approx(0, abs=CENT)
    is_profit_center = run.ledger.contribution.sum() > 0
    assert (needed < 15) == is_profit_center
    assert (levers["lead cost of advice"] > 2.5) == is_profit_center
    assert "price of a minute of conversation of advice" in levers


def test_prices_and_leads_are_booked_and_never_played(run):
    """Both are numbers to believe that no play depends on."""
    named = {one.name: one for one in WEAK_NUMBERS}
    for name in ("price of paid contacts", "cost of a lead"):
        assert not needs_play(named[name], [run.scenario])
        assert named[name].values(run.scenario.spec)
    doubled = named["price of paid contacts"].times(run.scenario, 2.0).spec.contacts
    assert doubled["repair"].price.amount == 80
    assert doubled["free"].price is None


def test_it_says_that_a_price_moves_no_volume(run, scenario_of):
    """Where there is a price, and only there."""
    said = [line for line in run_page(run).remarks if "a price has no effect" in line]
    assert said[0].startswith("support, repair, advice: ")
    plain = sim.run(scenario_of(CENTER, name="plain.yaml"), workers=1, replications=1)
    assert not [line for line in run_page(plain).remarks if "a price has" in line]


def test_an_initiative_may_set_a_price(run, scenario_of):
    """From its week on contacts pay the new one; nothing else moves."""
    dearer = {"from_week": 2, "set": {"contacts": {"support": {"price": {"amount": 20}}}}}
    what = paid() | {"initiatives": {"dearer": dearer}}
    again = sim.run(scenario_of(what, name="dearer.yaml"), workers=1)
    before, after = (r.ledger.lines["margin:contacts/support"] for r in (run, again))
    np.testing.assert_array_equal(after[:, 0], before[:, 0])
    np.testing.assert_allclose(after[:, 1], before[:, 1] * 20 / 15, atol=CENT)
    np.testing.assert_array_equal(run.tally.contacts, again.tally.contacts)

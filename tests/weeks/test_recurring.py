"""Margin that comes every month, counted again customer by customer, to the cent.

A center of six weeks sells four products. From its contacts and customers alone follows who
bought what and when, whether it was returned, and until which week she pays. That must be what the
ledger booked, line by line and week by week.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest

import sim
from sim.core import dice
from sim.core.tables import CLOSED
from sim.plan.plan import Planner
from sim.weeks.play import play

WEEKS = 6
MS_PER_WEEK = 7 * 24 * 3600 * 1000
MONTHS = 12 / 52  # of a week
CENT = 0.005
REPLICATIONS = 2

# Kind of each product's margin, as arithmetic reads it.
FEE, PLAN, BIGGER, DISCOUNT = "fee", "plan", "bigger", "discount"
RETURNS = {FEE: 0.2, PLAN: 0.15, BIGGER: 0.0, DISCOUNT: 0.1}
INCREMENTAL = {FEE: 0.8, PLAN: 0.7, BIGGER: 1.0, DISCOUNT: 1.0}  # all who accept a discount get it
COMMISSION = {FEE: 0.10, PLAN: 0.12, BIGGER: 0.05, DISCOUNT: 0.10}
PRICE = {FEE: 120, PLAN: 25, BIGGER: 0, DISCOUNT: 40}
ONCE = {FEE: 30.0, PLAN: 0.0, BIGGER: 0.0, DISCOUNT: 0.0}  # margin at the sale
PER_MONTH = {FEE: 0.0, PLAN: 4.0, BIGGER: 6.5, DISCOUNT: -1.5}
RECURRING = {name: f"margin:{name}:recurring" for name in (FEE, PLAN, BIGGER)}
RECURRING[DISCOUNT] = f"kept:discount:{DISCOUNT}"  # it is no cost of the center
PAID_PER_MONTH = {FEE: 0.0, PLAN: 12.0, BIGGER: 0.0, DISCOUNT: 0.0}
DOWNGRADE_SHARE, DOWNGRADE_LOSS = 0.3, 5.0
TERM = 3  # weeks of the discount
LOST = {FEE: 0.0, PLAN: 0.9, BIGGER: 0.2, DISCOUNT: 0.0}  # a year; BIGGER by default


def offers() -> dict[str, Any]:
    """A fee, a monthly plan, a bigger plan for who has it, and a discount that costs margin."""
    made = {
        name: {
            "candidates": 0.5, "offer": "always", "talk": "60 s", "fulfilment": "none",
            "acceptance": {"everyone": 0.5, "effects": "none"}, "price": PRICE[name],
            "returns": RETURNS[name],
            "commission": COMMISSION[name], "cool_down": "365 d", "margin": ONCE[name],
        }
        for name in RETURNS
    }  # fmt: skip
    for name in (FEE, PLAN, BIGGER):
        made[name]["incremental"] = INCREMENTAL[name]
    for name in (PLAN, BIGGER, DISCOUNT):
        made[name]["margin"] = {
            "per_month": PER_MONTH[name],
            "price": f"{PAID_PER_MONTH[name]} per month",
        }
    made[PLAN]["margin"]["churn"] = f"{LOST[PLAN]:%} per year"
    made[FEE]["margin"] = "25%"
    loss = f"{DOWNGRADE_LOSS} per month"
    downgrade = {"share": DOWNGRADE_SHARE, "loss": loss}
    made[BIGGER] |= {"kind": "upsell", "needs": [PLAN], "downgrade": downgrade}
    made[DISCOUNT] |= {"kind": "retention", "to": ["gold"], "contract": f"{TERM} wk"}
    made[PLAN] |= {
        "contract": "2 wk"
    }  # who is bound pays, and goes on paying when she no longer is
    return made


def center(**more: Any) -> dict[str, Any]:
    """Customers join and leave fast, so that many buyers are gone before the end."""
    churn = {"due_to_service": 0}
    return {
        "name": "recurring",
        "horizon": {"weeks": WEEKS},
        "replications": REPLICATIONS,
        "customers": {
            "plain": {"count": 500, "churn": {"rate": "90% per year"} | churn},
            "gold": {
                "count": 200,
                "churn": {"rate": "80% per year"} | churn,
                "acquisition": {"per_month": 60},
            },
        },
        "contacts": {
            "service": {
                "volume": {"per_week": 500, "counts": "first", "busyness": "none"},
                "shares": {"plain": 0.6, "gold": 0.4},
                "handle": "5 min",
            }
        },
        "agents": {"line": {"positions": 8}},
        "offers": offers(),
    } | more


class Sale(NamedTuple):
    """One offer that was accepted, or declined with a change to a cheaper plan."""

    product: str
    customer: int
    week: int  # in which she hung up
    last: float  # week in which she pays for the last time, if she is a customer until then
    is_kept: bool
    is_downgrade: bool


class Played(NamedTuple):
    """A run, and of each replication its sales and in which week each customer left."""

    run: sim.Run
    sales: list[list[Sale]]
    left_week: list[np.ndarray]


@pytest.fixture(scope="module")
def played(tmp_path_factory) -> Played:
    """The center."""
    return play_center(tmp_path_factory.mktemp("center"), center())


def play_center(folder, what: dict[str, Any], *sets: str) -> Played:
    """Play a center with all contacts kept; the customers come from the same dice once more."""
    file = folder / "center.yaml"
    file.write_text(json.dumps(what))
    scenario = sim.load(file, sets)
    run = sim.run(scenario, workers=1, keep_contacts=True)
    sales, left_week = [], []
    for r in range(run.replications):
        again = play(Planner(scenario, run.anchors), run.seed, r)
        for ours, theirs in zip(again.tally, run.tally, strict=True):
            assert np.array_equal(ours, theirs[r])
        customers = again.people.rows
        left_week.append(customers.left_week.copy())
        contacts = np.concatenate(run.contacts[r]).view(np.recarray)
        sales.append(list(sales_in(run, contacts, customers.luck)))
    return Played(run, sales, left_week)


def weeks_paid(name: str, luck: np.uint64) -> float:
    """The least n for which (1 − p)ⁿ is below one uniform of customer and product."""
    if name == DISCOUNT:
        return TERM
    keeps = (1 - LOST[name]) ** (1 / 52)
    u = dice.uniform(dice.split(luck, np.uint64(dice.word(name))), dice.MARGIN_ENDS, 0)
    return next((n for n in range(1, WEEKS + 3) if keeps**n < u), math.inf)


def sales_in(
    run: sim.Run, contacts: np.recarray, lucks: np.ndarray | None = None
) -> Iterator[Sale]:
    """The sales and downgrades in a table of contacts; their luck is in their names.

    `lucks` are those of the customers, where they are modelled.
    """
    products = run.scenario.products
    for c in contacts[(contacts.phase == CLOSED) & (contacts["product"] >= 0)]:
        name = products[c["product"]]
        luck = dice.split(c.luck, np.uint64(dice.word(name)))
        returned = dice.uniform(luck, dice.RETURNS, 0) < RETURNS[name]
        smaller = dice.uniform(luck, dice.DOWNGRADE, 0) < DOWNGRADE_SHARE
        week = int(min(c.left_ms // MS_PER_WEEK, WEEKS - 1))
        if c.accepted:
            last = week - 1 + weeks_paid(name, c.luck if lucks is None else lucks[c.customer])
            yield Sale(name, int(c.customer), week, last, not returned, is_downgrade=False)
        elif name == BIGGER and smaller:
            yield Sale(name, int(c.customer), week, math.inf, is_kept=False, is_downgrade=True)


def by_week(played: Played, amount) -> np.ndarray:
    """[replication, week] sum over sales of amount(sale, week, in which week she left or never)."""
    sums = np.zeros((len(played.sales), WEEKS))
    for r, sales in enumerate(played.sales):
        for sale in sales:
            left = int(played.left_week[r][sale.customer])
            for week in range(WEEKS):
                sums[r, week] += amount(sale, week, left if left >= 0 else WEEKS)
    return sums


def sold(name: str, amount: float, kept: tuple[bool, ...] = (True,)):
    """So much for each sale of a product, in its week."""

    def of(sale: Sale, week: int, left: int) -> float:
        is_mine = sale.product == name and not sale.is_downgrade and sale.is_kept in kept
        return amount if is_mine and week == sale.week else 0.0

    return of


def monthly(name: str, amount: float, *, downgraded: bool = False):
    """So much a month from the week of the sale to that in which she leaves, or the margin ends."""

    def of(sale: Sale, week: int, left: int) -> float:
        counts = sale.is_downgrade if downgraded else sale.is_kept
        is_mine = sale.product == name and counts
        return amount * MONTHS if is_mine and sale.week <= week <= min(left, sale.last) else 0.0

    return of


def assert_line(played: Played, line: str, *amounts) -> None:
    """The line is the sum of these amounts, in every week of every replication."""
    expected = sum(by_week(played, amount) for amount in amounts)
    np.testing.assert_allclose(played.run.ledger.lines[line], expected, rtol=0, atol=CENT)


def test_the_center_has_all_that_is_counted(played):
    """Every product is sold and returned where it can be; buyers leave; some take less."""
    for sales, left_week in zip(played.sales, played.left_week, strict=True):
        for name in RETURNS:
            mine = [s for s in sales if s.product == name and not s.is_downgrade]
            assert len(mine) > 20, name
            assert any(not s.is_kept for s in mine) == (RETURNS[name] > 0), name
            leavers = [s for s in mine if s.is_kept and left_week[s.customer] >= s.week]
            assert len(leavers) > (2 if name != BIGGER else 0), name
        assert sum(s.is_downgrade for s in sales) > 5
        bought = [(s.product, s.customer) for s in sales if not s.is_downgrade]
        assert len(set(bought)) == len(bought)  # nobody buys twice


@pytest.mark.parametrize("name", [FEE, PLAN, BIGGER, DISCOUNT])
def test_margin_at_the_sale(played, name):
    """Sold, less returned; commission on what is kept, on the first year of what recurs."""
    assert_line(played, f"margin:{name}:sold", sold(name, ONCE[name], (True, False)))
    assert_line(played, f"margin:{name}:returned", sold(name, -ONCE[name], (False,)))
    yearly = max(0.0, PER_MONTH[name]) * 12
    commission = -COMMISSION[name] * (ONCE[name] + yearly)
    assert_line(played, f"cost:commission:{name}", sold(name, commission))
    revenue = sold(name, PRICE[name]), monthly(name, PAID_PER_MONTH[name])
    assert_line(played, f"memo:revenue:{name}", *revenue)


@pytest.mark.parametrize("name", [PLAN, BIGGER, DISCOUNT])
def test_recurring_margin(played, name):
    """From the week of the sale to that in which she leaves or gives the product up.

    What is returned brings nothing; a discount is given for its three weeks at most.
    """
    assert_line(played, RECURRING[name], monthly(name, PER_MONTH[name]))
    assert (np.diff(np.abs(played.run.ledger.lines[RECURRING[name]])) != 0).any()


@pytest.mark.parametrize(
    ("handle", "patience", "positions", "weeks_between"),
    [("24 h", "3 min", 120, {1}), ("2 h", "none", 3, {1, 2, 3})],
    ids=["a day of talk", "a backlog of weeks"],
)
def test_who_left_before_the_sale_pays_no_more(
    tmp_path, handle, patience, positions, weeks_between
):
    """Talk or wait crosses Sunday midnight, when some leave: what they accept brings no month."""
    service = {
        "volume": {"per_week": 500, "profile": "flat", "busyness": "none"}, "handle": handle,
        "patience": patience, "shares": {"plain": 0.6, "gold": 0.4},
    }  # fmt: skip
    contacts, agents = {"service": service}, {"line": {"positions": positions}}
    what = center(contacts=contacts, agents=agents, replications=16)
    late = play_center(tmp_path, what)
    too_late = {
        (sale.product, sale.is_downgrade, sale.week - int(left_week[sale.customer]))
        for sales, left_week in zip(late.sales, late.left_week, strict=True)
        for sale in sales
        if (sale.is_kept or sale.is_downgrade) and 0 <= left_week[sale.customer] < sale.week
    }
    assert {(PLAN, False), (DISCOUNT, False), (BIGGER, True)} <= {one[:2] for one in too_late}
    assert {one[2] for one in too_late} >= weeks_between
    for name in (PLAN, BIGGER, DISCOUNT):
        assert_line(late, RECURRING[name], monthly(name, PER_MONTH[name]))
    loss = monthly(BIGGER, -DOWNGRADE_LOSS, downgraded=True)
    assert_line(late, f"margin:{BIGGER}:downgraded", loss)


def test_a_fee_does_not_recur(played):
    """Nor does what is not a margin per month have a line for it."""
    assert f"margin:{FEE}:recurring" not in played.run.ledger.lines


@pytest.mark.parametrize("name", [FEE, PLAN, BIGGER, DISCOUNT])
def test_what_would_have_been_sold_anyway(played, name):
    """1 − κ of all margin of what is kept, at the sale and every month."""
    lost = 1 - INCREMENTAL[name]
    amounts = sold(name, -lost * ONCE[name]), monthly(name, -lost * PER_MONTH[name])
    assert_line(played, f"margin:{name}:sold_anyway", *amounts)


def test_downgrades(played):
    """Each takes its loss a month, as long as she is a customer."""
    loss = monthly(BIGGER, -DOWNGRADE_LOSS, downgraded=True)
    assert_line(played, f"margin:{BIGGER}:downgraded", loss)


def test_net_margin_of_each_sale(played):
    """A kept fee brings κ·M − commission, a returned one nothing: M_net, as it fell."""
    lines = played.run.ledger.lines
    kept = [s for sales in played.sales for s in sales if s.product == FEE and s.is_kept]
    net = sum(lines[f"margin:{FEE}:{what}"].sum() for what in ("sold", "returned", "sold_anyway"))
    net += lines[f"cost:commission:{FEE}"].sum()
    assert net == pytest.approx(len(kept) * (0.8 * 30 - 0.1 * 30), abs=CENT)


# --- booked in the horizon, and worth for ever ---------------------------------------------------


def lifetime(
    per_month: float, churn_per_year: float, discount_per_year: float, weeks: float = math.inf
) -> float:
    """m(1 + i)/(i + c), monthly, less what comes after so many weeks of it."""
    i = (1 + discount_per_year) ** (1 / 12) - 1
    c = 1 - (1 - churn_per_year) ** (1 / 12)
    later = ((1 - churn_per_year) / (1 + discount_per_year)) ** (weeks / 52)
    return per_month * (1 + i) / (i + c) * (1 - later)


def test_what_comes_after_the_horizon_is_apart(played):
    """Present value of the buyers then active, by segment; in economic value, in no line."""
    samples = played.run.samples
    churn = {"plain": 0.9, "gold": 0.8}
    expected = np.zeros(len(played.sales))
    for r, sales in enumerate(played.sales):
        for sale in sales:
            if played.left_week[r][sale.customer] >= 0:
                continue
            segment = "plain" if sale.customer < 500 else "gold"
            if sale.is_downgrade:
                expected[r] -= lifetime(DOWNGRADE_LOSS, churn[segment], 0.10)
            elif sale.is_kept and sale.last >= WEEKS:
                per_month = INCREMENTAL[sale.product] * PER_MONTH[sale.product]
                left = sale.last + 1 - WEEKS if sale.product == DISCOUNT else math.inf
                lost = 1 - (1 - churn[segment]) * (1 - LOST[sale.product])
                expected[r] += lifetime(per_month, lost, 0.10, left)
    np.testing.assert_allclose(samples["sold_value_at_end"].numerators, expected, atol=CENT)
    cash, interest = played.run.ledger.cash, 1.10 ** (1 / 52)
    whole = sum(cash[:, week] / interest**week for week in range(WEEKS))
    ends = sum(samples[name].numerators for name in ("value_at_end", "sold_value_at_end"))
    whole = whole + ends / interest**WEEKS
    np.testing.assert_allclose(samples["economic_value"].numerators, whole, atol=CENT)


def test_the_discount_rate_moves_no_line(played, tmp_path):
    """What is booked is not discounted: only the value at the end falls with the rate."""
    dearer = play_center(tmp_path, center(), "finance.discount_rate=30% per year")
    for line, amounts in played.run.ledger.lines.items():
        assert np.array_equal(amounts, dearer.run.ledger.lines[line]), line
    mine, theirs = (p.run.samples["sold_value_at_end"] for p in (played, dearer))
    assert (theirs.numerators < mine.numerators).all()


def test_a_longer_horizon_books_more_of_the_same_sales(tmp_path, played):
    """The first six weeks of eight are booked alike; the value is no income of theirs."""
    what = copy.deepcopy(center())
    what["horizon"] = {"weeks": WEEKS + 2}
    file = tmp_path / "longer.yaml"
    file.write_text(json.dumps(what))
    longer = sim.run(sim.load(file), workers=1, anchors=played.run.anchors)
    for line, amounts in played.run.ledger.lines.items():
        if line.startswith(("margin:", "kept:discount", "cost:commission", "memo:revenue")):
            # a contact still in hand at the end of six weeks is counted only in the longer run
            found = longer.ledger.lines[line][:, : WEEKS - 1]
            np.testing.assert_allclose(found, amounts[:, : WEEKS - 1], atol=1e-9, err_msg=line)


@pytest.mark.parametrize("name", [PLAN, DISCOUNT])
def test_without_customers_modelled_nobody_leaves(tmp_path, name):
    """Each sale pays until its margin ends; contacts are their own customers."""
    what = center(replications=1)
    del what["customers"], what["contacts"]["service"]["shares"]
    what["offers"] = {name: what["offers"][name]}
    what["offers"][name].pop("to", None)
    file = tmp_path / "alone.yaml"
    file.write_text(json.dumps(what))
    run = sim.run(sim.load(file), workers=1, keep_contacts=True)
    sales = list(sales_in(run, np.concatenate(run.contacts[0]).view(np.recarray)))
    kept = [sale for sale in sales if sale.is_kept]
    assert len(kept) > 100
    assert any(sale.last < WEEKS - 1 for sale in kept)
    paying = np.array([sum(s.week <= week <= s.last for s in kept) for week in range(WEEKS)])
    found = run.ledger.lines[RECURRING[name]][0]
    np.testing.assert_allclose(found, paying * PER_MONTH[name] * MONTHS, atol=CENT)


# --- the margin's own end ------------------------------------------------------------------------


def test_buyers_give_products_up_and_stay_customers(played):
    """Some stop paying before the end and before they leave; nobody gives up a discount."""
    ended = {
        sale.product
        for sales, left_week in zip(played.sales, played.left_week, strict=True)
        for sale in sales
        if sale.is_kept and sale.last < WEEKS - 1 and left_week[sale.customer] < 0
    }
    assert {PLAN, DISCOUNT} <= ended
    assert FEE not in ended


def test_the_expected_weeks_paid_are_the_closed_form(tmp_path):
    """Of the W weeks left at a sale (1 − (1 − p)ᵂ)/p are paid, where nobody leaves.

    From the ledger alone: months paid of all kept sales, within 4.5 standard deviations.
    """
    what = center(replications=8, horizon={"weeks": 8})
    what["customers"] = {"one": {"count": 700, "churn": "none"}}
    what["contacts"]["service"].pop("shares")
    what["offers"] = {PLAN: what["offers"][PLAN] | {"returns": 0}}
    file = tmp_path / "one.yaml"
    file.write_text(json.dumps(what))
    run = sim.run(sim.load(file), workers=1)
    sold = run.tally.sales["accepted"][:, :, 0, 0].sum(axis=0)
    p, weeks = 1 - (1 - LOST[PLAN]) ** (1 / 52), np.arange(8, 0, -1)
    expected = ((1 - (1 - p) ** weeks) / p) @ sold
    paid = run.ledger.lines[RECURRING[PLAN]].sum() / (PER_MONTH[PLAN] * MONTHS)
    chance = {w: [(1 - p) ** (n - 1) * (p if n < w else 1) for n in range(1, w + 1)] for w in weeks}
    variance = [
        sum(q * n * n for n, q in enumerate(chance[w], 1))
        - sum(q * n for n, q in enumerate(chance[w], 1)) ** 2
        for w in weeks
    ]
    assert sold.sum() > 2000
    assert expected < 0.95 * (weeks @ sold)
    assert abs(paid - expected) < 4.5 * math.sqrt(variance @ sold)

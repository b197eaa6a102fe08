"""What customers are worth: worked examples, and the money once more from the tables."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

import sim
from sim.core.tables import ANSWERED, CLOSED, WITHDRAWN
from sim.domain.customers.customers import lifetime_value
from sim.domain.study.costs import FinanceSpec
from sim.plan.plan import Planner
from sim.scenario.load import load
from sim.weeks.play import play

CENT = 0.005

# --- customer lifetime value ----------------------------------------------------------------------


def gupta_lehmann(margin: float, retention: float, discount: float) -> float:
    """Yearly margins for ever, the first after a year: m·r/(1 + i − r)."""
    return margin * retention / (1 + discount - retention)


def with_current_margin(margin: float, retention: float, discount: float) -> float:
    """The same with this year's margin, which every customer pays: m·(1 + i)/(1 + i − r)."""
    return margin * (1 + discount) / (1 + discount - retention)


def test_the_annual_forms():
    """150 a year, 85 % stay, 10 %: 510, and 660 with the current margin."""
    assert gupta_lehmann(150, 0.85, 0.10) == pytest.approx(510.0)
    assert with_current_margin(150, 0.85, 0.10) == pytest.approx(660.0)


def test_one_percent_more_retention_is_worth_4_4_percent():
    """dlnCLV/dlnr = (1 + i)/(1 + i − r) = 4.4."""
    step = 1e-6
    low, high = (gupta_lehmann(150, 0.85 * math.exp(d), 0.10) for d in (-step, step))
    assert math.log(high / low) / (2 * step) == pytest.approx(4.4, abs=1e-4)


def test_lifetime_value_lies_between_the_annual_forms():
    """Monthly payments: 588.1."""
    value = lifetime_value(12.50, 0.15, 0.10)
    assert value == pytest.approx(588.1, abs=0.05)
    assert 510 < value < 660


def test_the_value_of_what_comes_for_a_term():
    """A year of it is twelve payments; two years more without churn or interest are 36."""
    keeps = (0.85 / 1.10) ** (1 / 12)
    twelve = sum(12.50 * keeps**month for month in range(12))
    assert lifetime_value(12.50, 0.15, 0.10, weeks=52) == pytest.approx(twelve)
    assert lifetime_value(-2.0, 0.0, 0.0, weeks=3 * 52) == pytest.approx(-72)
    assert lifetime_value(0.0, 0.0, 0.0) == 0
    assert lifetime_value(12.50, 0.0, 0.0) == math.inf


def test_lifetime_value_by_simulation():
    """200 000 lives that end each month with one hazard: within three standard errors of 588.1."""
    rng = np.random.default_rng(1)
    staying, discount = 0.85 ** (1 / 12), 1.10 ** (-1 / 12)
    months = rng.geometric(1 - staying, 200_000)
    values = 12.50 * (1 - discount**months) / (1 - discount)
    error = values.std() / math.sqrt(len(values))
    assert error < 1
    assert abs(values.mean() - 588.1) < 3 * error


# --- reconciliation -------------------------------------------------------------------------------

WEEKS = 8
WEEK_MS = 7 * 24 * 3_600_000
WORLD: dict[str, Any] = {
    "name": "value",
    "horizon": {"weeks": WEEKS},
    "replications": 2,
    "open": "Mon-Fri 08:00-20:00",
    "customers": {
        "standard": {
            "count": 3000, "margin": "12.50 per month", "churn": {"rate": "60% per year"},
            "acquisition": {"per_month": 200, "cost": 180},
        },
        "premium": {"count": 500, "margin": "48 per month", "churn": {"rate": "50% per year"}},
    },
    "contacts": {"service": {"volume": "3000 per week", "handle": "348 s"}},
    "agents": {"line": {"positions": 9, "wage": "20 per hour"}},
    "offers": {
        "broadband": {
            "price": 120, "margin": "25%", "acceptance": "40%", "held": "20%", "offer": "always",
        },
        "faster": {
            "kind": "upsell", "price": 0, "margin": {"per_month": 4, "churn": "0% per year"},
            "acceptance": "30%",
            "offer": "always", "downgrade": {"share": "10%", "loss": "3 per month"},
        },
    },
}  # fmt: skip
BROADBAND, FASTER = 0, 1
MARGIN = {0: 12.50, 1: 48.0}
CHURN = {0: 0.60, 1: 0.50}
MONTHS_IN_A_WEEK = 12 / 52


def worth_for_ever(per_month: float, segment: int) -> float:
    """Discounted at 10 % a year, month by month until nothing is left."""
    keeps = ((1 - CHURN[segment]) / 1.10) ** (1 / 12)
    return per_month * sum(keeps**month for month in range(1200))


class Recount:
    """One replication once more, from its customers and contacts; every price is written here."""

    def __init__(self, run: sim.Run, replication: int, seats: int = 9) -> None:
        planner = Planner(run.scenario, run.anchors)
        played = play(planner, run.seed, replication, keep_contacts=True)
        rows = played.people.rows
        self.numbers = np.flatnonzero(rows.luck).tolist()  # those who have joined so far
        self.rows = rows[self.numbers]
        contacts = np.concatenate(played.contacts).view(np.recarray)
        self.contacts = contacts[(contacts.phase == CLOSED) & (contacts.outcome != WITHDRAWN)]
        self.paid_h, self.planned_h = (n * 60 * WEEKS / 0.7 for n in (seats, 9))
        self.overtime_h = run.tally.time["overtime_ms"][replication, :, 0].sum() / 3_600_000

    def base_margin(self) -> float:
        """12/52 of a monthly margin for every customer at the start of every week."""
        total = 0.0
        for week in range(WEEKS):
            there = self.rows.joined_week <= week
            there &= (self.rows.left_week < 0) | (self.rows.left_week >= week)
            for segment, margin in MARGIN.items():
                n = int((there & (self.rows.segment == segment)).sum())
                total += margin * MONTHS_IN_A_WEEK * n
        return total

    def sold(self) -> float:
        """80 % of the margin of what was kept, of recurring margin for every week begun."""
        once = 0.8 * 30 * self.has("bought", BROADBAND).sum()
        monthly = 0.8 * 4 * self.weeks_paid("bought", 1).sum()
        return once + (monthly - 3 * self.weeks_paid("downgraded", 0).sum()) * MONTHS_IN_A_WEEK

    def has(self, column: str, product: int) -> np.ndarray:
        """[customer] whether she bought, or took less of, the product."""
        return (self.rows[column] >> product) & 1 == 1

    def weeks_paid(self, column: str, accepted: int) -> np.ndarray:
        """Weeks from that of the offer of FASTER to that in which she left, both included."""
        made = self.contacts[self.contacts["product"] == FASTER]
        made = made[made.accepted == accepted]
        week = dict(zip(made.customer.tolist(), (made.left_ms // WEEK_MS).tolist(), strict=True))
        who = np.flatnonzero(self.has(column, FASTER))
        last = np.where(self.rows.left_week < 0, WEEKS - 1, self.rows.left_week)
        return np.array([last[i] - week[self.numbers[i]] + 1 for i in who.tolist()])

    def cost(self) -> float:
        """Wages, hiring, training, severance, those who lead, seats, licences, telecom, commission.

        Who comes later is trained for both products, a day each. One leads 15 at 1.4 of their
        wage, and one checks and plans for 50.
        """
        paid_h = self.paid_h  # seats of sixty hours, 30 % shrinkage
        worked_h = paid_h + self.overtime_h
        wages = 20 * (paid_h + 1.25 * self.overtime_h) * 1.3
        leavers = paid_h / 40 * 0.35 / 52
        hiring = leavers * (3400 + (4 * 40 + 2 * 8) * 20 * 1.3)
        leading = worked_h * 20 * 1.3 * (1.4 / 15 + 1 / 50)
        per_hour = 4 + 120 * 12 / (52 * 40)
        seats = per_hour * (0.35 * self.planned_h + 0.65 * worked_h)
        commission = (
            3 * self.has("bought", BROADBAND).sum() + 4.8 * self.has("bought", FASTER).sum()
        )
        telecom = 0.02 * self.minutes()
        people = wages + leading + hiring + self.once() * WEEKS / 52
        return people + seats + commission + telecom

    def once(self) -> float:
        """Two trainings of a day for all, and severance of those cut; written off over a year."""
        heads = self.paid_h / WEEKS / 40
        cut = max(0.0, self.planned_h - self.paid_h) / WEEKS / 40
        return (2 * 8 * heads + 4 * 40 * cut) * 20 * 1.3

    def minutes(self) -> float:
        """Minutes of waiting and on the line, which is closed before wrap-up."""
        c = self.contacts
        answered = c.outcome == ANSWERED
        until = np.where(answered, c.answered_ms, c.left_ms)
        handled = (c.talk_ms + c.hold_ms + c.offer_ms)[answered]
        return float((until - c.arrived_ms).sum() + handled.sum()) / 60_000

    def value_at_end(self) -> float:
        """Margins for ever after, of the customers still there and what they bought."""
        total = 0.0
        for segment, margin in MARGIN.items():
            there = (self.rows.active == 1) & (self.rows.segment == segment)
            bought, less = self.has("bought", FASTER), self.has("downgraded", FASTER)
            monthly = margin * there.sum() + 0.8 * 4 * (there & bought).sum()
            total += worth_for_ever(monthly - 3 * (there & less).sum(), segment)
        return total

    def economic_value(self, lines: dict[str, np.ndarray]) -> float:
        """At 10 % a year, week by week; what comes once is paid in the first week."""
        booked = sum(a for name, a in lines.items() if name.startswith(("margin:", "cost:")))
        assert booked.sum() == pytest.approx(self.sold() - self.cost(), abs=CENT)
        kept = sum(a for name, a in lines.items() if name.startswith("kept:margin:"))
        assert kept.sum() == pytest.approx(self.base_margin(), abs=CENT)
        flows = booked + kept + self.once() / 52
        flows[0] -= self.once()
        total = sum(flow / 1.10 ** (week / 52) for week, flow in enumerate(flows.tolist()))
        return total + self.value_at_end() / 1.10 ** (WEEKS / 52)


@pytest.fixture(scope="module", params=["issue", "relationship"])
def runs(request, tmp_path_factory):
    """The world under one of the models of churn, and with two seats fewer."""
    file = tmp_path_factory.mktemp("value") / "value.yaml"
    file.write_text(json.dumps(WORLD))
    model = [f"customers.{name}.churn.model={request.param}" for name in WORLD["customers"]]
    base, fewer = load(file, model), load(file, [*model, "agents.line.positions=7"])
    return [sim.run(scenario, workers=1) for scenario in (base, fewer)]


def test_the_ledger_to_the_cent(runs):
    """Margin, cost, base margin and values at the end, once more from the tables."""
    base = runs[0]
    samples = {name: np.asarray(s.numerators) for name, s in base.samples.items()}
    for r in range(2):
        again = Recount(base, r)
        assert again.sold() > 1000
        assert (again.rows.left_week >= 0).sum() > 100
        assert samples["margin"][r] == pytest.approx(again.sold(), abs=CENT)
        assert samples["cost"][r] == pytest.approx(again.cost(), abs=CENT)
        assert samples["base_margin"][r] == pytest.approx(again.base_margin(), abs=CENT)
        ends = samples["value_at_end"][r] + samples["sold_value_at_end"][r]
        assert ends == pytest.approx(again.value_at_end(), abs=CENT)


def test_retained_margin_and_economic_value_to_the_cent(runs):
    """What two seats fewer cost in base margin and in value, paired by replication."""
    against = sim.compare(runs).variants[0].differences
    pairs = zip(runs, (9, 7), strict=True)
    base, fewer = ([Recount(run, r, seats) for r in range(2)] for run, seats in pairs)
    lines = [
        [{name: a[r] for name, a in run.ledger.lines.items()} for r in range(2)] for run in runs
    ]
    kept = [b.base_margin() - a.base_margin() for a, b in zip(base, fewer, strict=True)]
    earned = [a.cost() - b.cost() + b.sold() - a.sold() for a, b in zip(base, fewer, strict=True)]
    values = [
        [one.economic_value(booked) for one, booked in zip(again, of_run, strict=True)]
        for again, of_run in zip((base, fewer), lines, strict=True)
    ]
    expected = {
        "retained_margin": kept,
        "base_margin": kept,
        "contribution": earned,
        "result": [a + b for a, b in zip(earned, kept, strict=True)],
        "economic_value": [b - a for a, b in zip(*values, strict=True)],
    }
    for name, gaps in expected.items():
        assert against[name].gap.value == pytest.approx(np.mean(gaps), abs=CENT), name
        assert min(map(abs, gaps)) > 1


def test_the_result_is_told_against_a_baseline(runs):
    """A run alone, and a baseline, keep nothing against themselves: their result is contribution."""
    base, fewer = runs
    for alone in (base, fewer, sim.compare(runs).base):
        assert np.array_equal(*(alone.samples[n].numerators for n in ("result", "contribution")))
        assert not alone.samples["retained_margin"].numerators.any()
    compared = sim.compare(runs).variants[0].run.samples
    kept = [np.asarray(run.samples["base_margin"].numerators) for run in (fewer, base)]
    assert np.array_equal(compared["retained_margin"].numerators, kept[0] - kept[1])
    parts = ("contribution", "retained_margin")
    whole = sum(np.asarray(compared[name].numerators) for name in parts)
    assert np.array_equal(compared["result"].numerators, whole)


def test_a_rate_by_the_month_is_that_of_every_month():
    """Interest on interest: twelve months at 1 % are 12.68 %; a rate by the year is that rate."""
    monthly = FinanceSpec.model_validate({"discount_rate": "1% per month"}).discount_rate
    assert (1 + monthly) ** (1 / 12) == pytest.approx(1.01, rel=1e-12)
    assert FinanceSpec.model_validate({"discount_rate": "10% per year"}).discount_rate == 0.1

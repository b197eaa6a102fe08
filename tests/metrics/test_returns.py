"""Cash against the baseline: recounted from the ledgers, and what it says where nothing is paid."""

from __future__ import annotations

import math

import numpy as np
import pytest

import sim
from sim.experiments.comparison import compare
from sim.report.pages.returns import cut_off, return_line, return_sheets
from sim.report.tables import returns_table
from sim.scenario.load import load
from tests.metrics.test_ledger import SMALL

CENT = 0.005
LONG = {
    **SMALL,
    "name": "base",
    "horizon": {"weeks": 13},
    "contacts": {"service": {"volume": "300 per week", "handle": "348 s"}},
    "finance": {"discount_rate": "10% per year"},
}
BOUGHT = {
    "name": "bought",
    "based_on": "base.yaml",
    "initiatives": {
        "talk": {
            "from_week": 6,
            "invest": "1k",
            "run_cost": "60 per month",
            "set": {"offers": {"broadband": {"acceptance": {"everyone": "60%"}}}},
        }
    },
}


@pytest.fixture
def compared(scenario_of):
    """A baseline, the same with an initiative, and one that pays nothing once."""
    base = scenario_of(LONG, name="base.yaml")
    bought = scenario_of(BOUGHT, name="bought.yaml")
    dear = load(base.tree.file, ["name=dear", "offers.broadband.price=130"])
    return compare([sim.run(one, workers=1) for one in (base, bought, dear)])


def test_npv_by_arithmetic_of_its_own(compared):
    """Week by week in a loop: a week's money goes to its months by days, the price to its week."""
    base, run = compared.base, compared.variants[0].run
    month, rate = 52 / 12, 1.1 ** (1 / 12)
    worth = np.full(2, -1000.0 / rate ** (5 / month))  # the start of week 6
    total = np.full(2, -1000.0)
    for week in range(13):
        flow = np.zeros(2)
        for ledger, sign in ((run.ledger, 1.0), (base.ledger, -1.0)):
            for name, amounts in ledger.lines.items():
                if not name.startswith("memo:"):
                    flow += sign * amounts[:, week]
        if week >= 5:  # what is written off of the price is no cash
            flow += 1000.0 / 52
        total += flow
        for at in range(3):
            days = max(0.0, min(week + 1, (at + 1) * month) - max(week, at * month))
            worth += flow * days / rate ** (at + 1)
    assert run.samples["npv"].numerators == pytest.approx(worth, abs=CENT)
    roi = run.samples["roi"]
    assert np.asarray(roi.numerators) == pytest.approx(total, abs=CENT)
    assert np.asarray(roi.denominators) == pytest.approx([1000.0, 1000.0])


def test_cash_and_accrual_differ_by_what_is_written_off_later(compared):
    """Of 1 000 paid in week 6 of 13, eight weeks are written off: 44 of 52 fall later."""
    base, against = compared.base, compared.variants[0]
    found = against.returned
    assert found.invested == pytest.approx(1000.0)
    assert found.written_off_later == pytest.approx(1000 * 44 / 52)
    assert found.flows.accrual.sum(axis=1) == pytest.approx(
        against.run.weekly_result.sum(axis=1) - base.weekly_result.sum(axis=1), abs=CENT
    )
    later = found.flows.accrual.sum(axis=1) - found.flows.cash.sum(axis=1)
    assert later == pytest.approx(np.full(2, found.written_off_later), abs=CENT)
    assert "154 of it" in cut_off(found)


def test_a_payment_has_a_time_of_its_own(compared):
    """The start of week 6 is 15/13 months; nothing differs before it."""
    flows = compared.variants[0].returned.flows
    assert flows.months == pytest.approx([1.0, 15 / 13, 2.0, 3.0])
    assert flows.first_payment == pytest.approx(15 / 13)
    assert not flows.cash[:, 0].any()
    assert flows.cash[:, 1] == pytest.approx([-1000.0, -1000.0])


def test_where_nothing_is_paid_once_there_is_no_return(compared):
    """The baseline and the dearer one have an NPV, which needs no price; the rest is n/a."""
    dear = compared.variants[1]
    assert dear.returned is None
    assert return_line(dear) == ""
    assert compared.metrics["npv"][:3] == (0.0, 0.0, 0.0)
    assert dear.differences["npv"].gap.value > 0
    for name in ("roi", "months_to_payback"):
        assert math.isnan(compared.metrics[name].value)
        assert math.isnan(dear.differences[name].variant.value)


def test_pages_and_table_tell_one_story(compared):
    """The figures of the page are those of the table's last row; n/a stands for nothing paid."""
    (sheet,) = return_sheets(compared, None)
    rows = {name: cells for name, *cells in sheet.rows}
    assert rows["paid once"] == ["1\N{NO-BREAK SPACE}k", "nothing"]
    assert {cells[1] for name, cells in rows.items() if name != "paid once"} == {"n/a"}
    header, table = returns_table(compared)
    last = dict(zip(header, list(table)[-1], strict=True))
    found = compared.variants[0].returned
    assert last["variant"] == "bought"
    assert last["month"] == 3.0
    assert last["discounted"] == pytest.approx(found.npv.value)
    assert last["cumulative"] == pytest.approx(1000 * found.roi.value)


def test_a_run_alone_keeps_no_metric_of_a_pair(compared):
    """What only a comparison can say is not in the tables of a run."""
    from sim.metrics import METRICS, telling

    told = telling(compared.base.scenario)
    assert not {name for name, one in METRICS.items() if one.of == "pair"} & set(told)
    assert "result" in told

"""Every line of every shipped scenario's ledger once more, to the cent, over its whole horizon."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.metrics.lines import LINES, line_of
from sim.scenario.load import load
from tests.recount.books import Books, Counts
from tests.recount.typed import Typed, typed_in

HERE = Path(__file__).parent
SCENARIOS = HERE.parent.parent / "scenarios"
PEOPLE = SCENARIOS / "people/people-today.yaml"
FILES = sorted(SCENARIOS.rglob("*.yaml"))
CENT = 0.005
FEW_WEEKS, THREE_YEARS = 6, 156
# A twentieth of what a file says of contacts and customers: the same lines, of fewer counts.
SMALLER = {"contacts": "contacts.*.volume*=0.05", "customers": "customers.*.count*=0.05"}


@cache
def books_of(file: Path, weeks: int, *sets: str) -> tuple[sim.Run, Books]:
    """A file played once, and its books kept by hand."""
    typed = typed_in(file)
    scenario = load(file, (), [*sets, f"horizon.weeks={weeks}"])
    run = sim.run(scenario, replications=1, workers=1)
    today = books_of(typed.root.file, weeks, *sets)[1].usual[0] if typed.base else None
    return run, Books(typed, Counts(run.tally), today)


def assert_same(file: Path, weeks: int, *sets: str) -> None:
    """Line by line and week by week; against today's center also what is kept."""
    run, books = books_of(file, weeks, *sets)
    for name in run.ledger.lines.keys() | books.lines.keys():
        found = run.ledger.lines.get(name, np.zeros((1, weeks)))[0]
        np.testing.assert_allclose(found, books.lines[name], atol=CENT, rtol=0, err_msg=name)
    np.testing.assert_allclose(run.ledger.paid_ahead[0], books.paid_ahead, atol=CENT, rtol=0)
    base, by_hand = books_of(typed_in(file).root.file, weeks, *sets)
    result = books.total("margin:", "cost:", "kept:") - by_hand.total("kept:")
    found = run.against(base).samples["result"].numerators[0]
    assert found == pytest.approx(result.sum(), abs=weeks * CENT)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_ledger_and_result_of_what_is_shipped(file: Path):
    """From counts and the words of the file alone; to the end where something begins later."""
    typed = typed_in(file)
    weeks = typed.tree.get("horizon", {}).get("weeks", FEW_WEEKS)
    weeks = weeks if typed.changes_later else min(weeks, FEW_WEEKS)
    assert_same(file, weeks, *smaller(typed))


def smaller(typed: Typed) -> list[str]:
    """Sets that make a shipped center smaller."""
    return [text for block, text in SMALLER.items() if block in typed.tree]


def test_days_closed_by_date():
    """Seats are not paid, heads and people are; nobody counts as cut, gone by herself, or hired."""
    file = HERE / "closed_days.yaml"
    assert_same(file, 10)
    run, books = books_of(file, 10)
    hours = {name: [paid[name] for paid in books.paid] for name in run.scenario.groups}
    whole = 200 / 0.7
    assert hours["line"][:5] == pytest.approx([whole, whole, 0.8 * whole, 0, whole])
    assert hours["desk"] == pytest.approx([160] * 10)
    assert hours["floor"] == pytest.approx([480] * 10)


def test_three_years_in_which_every_line_comes_about():
    """Drift, a recurring product, attrition, severance, a product that begins late; and people
    who leave one by one, in the center that is shipped.
    """
    booked = set()
    years = [(HERE / name, THREE_YEARS) for name in ("every_line.yaml", "every_line_later.yaml")]
    people = (PEOPLE, FEW_WEEKS, *smaller(typed_in(PEOPLE)))
    for played in (*years, people):
        assert_same(*played)
        _, books = books_of(*played)
        booked |= {line_of(line) for line, amounts in books.lines.items() if amounts.any()}
    assert booked == set(LINES)

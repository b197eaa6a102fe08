"""Churn as typed: a share of those who are there, so months and weeks compound."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from sim.core.errors import ScenarioError
from sim.domain.customers.customers import ChurnSpec
from tests.metrics.test_ledger import SMALL


@pytest.mark.parametrize(
    ("typed", "within_a_year"),
    [
        ("5% per month", 1 - 0.95**12),
        ("0.05 per month", 1 - 0.95**12),
        ("1% per week", 1 - 0.99**52),
        ("0.1% per day", 1 - 0.999**364),
        ("46% per year", 0.46),
        ("0% per month", 0.0),
    ],
)
def test_churn_compounds(typed, within_a_year):
    """Who stays every month stays the year."""
    rate = ChurnSpec.model_validate(typed).rate
    assert rate == pytest.approx(within_a_year, rel=1e-12)
    assert ChurnSpec.model_validate(ChurnSpec(rate=typed).as_typed()).rate == rate


@pytest.mark.parametrize(
    "typed", ["100% per month", "100% per week", "100% per year", "1 per year"]
)
def test_a_churn_that_leaves_nobody_is_refused(scenario_of, typed):
    """With the place and a remedy."""
    customers = {"standard": {"count": 9000, "churn": typed}}
    with pytest.raises(ScenarioError) as refused:
        scenario_of({**SMALL, "customers": customers})
    (problem,) = refused.value.problems
    assert problem.path == "customers.standard.churn.rate"
    assert problem.what.endswith("leaves nobody")
    assert problem.remedy == "write 14% per year"


def test_almost_everybody_may_leave():
    """Only whoever loses everybody has no hazard."""
    assert ChurnSpec.model_validate("99% per month").rate == pytest.approx(1 - 0.01**12)
    with pytest.raises(ValidationError):
        ChurnSpec.model_validate("101% per year")

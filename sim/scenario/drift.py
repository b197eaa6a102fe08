"""What are wages and prices in later years? As typed in the first, then a step dearer each year."""

from __future__ import annotations

from typing import Any

from sim.core.clock import WEEKS_PER_YEAR
from sim.domain.study.costs import FinanceSpec
from sim.language.node import KeyPath
from sim.language.quantities import read_quantity
from sim.scenario.spec import ScenarioSpec

EVERY = "*"
WAGES: tuple[KeyPath, ...] = (("agents", EVERY, "wage"), ("agents", EVERY, "paid", "amount"))
"""A vendor passes on what its people earn, so neither way to fill a seat gains by drift."""
PRICES: tuple[KeyPath, ...] = (
    ("offers", EVERY, "price"),
    ("offers", EVERY, "margin"),
    ("offers", EVERY, "margin", "per_month"),
    ("offers", EVERY, "margin", "price"),
    ("offers", EVERY, "downgrade", "loss"),
    ("contacts", EVERY, "price", "amount"),
    ("contacts", EVERY, "lead_cost"),
    ("contacts", EVERY, "self_service", "price", "amount"),
    ("customers", EVERY, "margin"),
    ("customers", EVERY, "acquisition", "cost"),
    ("loyalty", "reward"),
    ("costs", "overhead"),
    ("costs", "licence"),
    ("costs", "telecom"),
    ("costs", "recruiting"),
    ("initiatives", EVERY, "run_cost"),
)
"""What is earned and what is bought alike, so that neither selling nor keeping gains by it."""


def year_of(week: int) -> int:
    """Whole years before a week (0 is the horizon's first, the 53rd begins the year 1)."""
    return max(0, week) // WEEKS_PER_YEAR


def drifts(finance: FinanceSpec) -> bool:
    """Whether anything is dearer, or cheaper, in later years."""
    return bool(finance.wage_drift or finance.price_drift)


def drifted(spec: ScenarioSpec, year: int) -> ScenarioSpec:
    """The spec with the wages and prices of a year; 0 is the first, as typed."""
    finance = spec.finance
    for drift, paths in ((finance.wage_drift, WAGES), (finance.price_drift, PRICES)):
        for path in paths if drift else ():
            spec = _times(spec, path, (1 + (drift or 0.0)) ** year)
    return spec


def _times(node: Any, path: KeyPath, factor: float) -> Any:
    """A copy of a block with so many times the number at a path, wherever there is one."""
    if not path:
        return _number_times(node, factor)
    key, *rest = path
    if isinstance(node, dict):
        return {name: _times(value, tuple(rest), factor) for name, value in node.items()}
    inside = getattr(node, str(key), None)
    if inside is None:
        return node
    return node.model_copy(update={str(key): _times(inside, tuple(rest), factor)})


def _number_times(value: Any, factor: float) -> Any:
    """A share of a price goes with the price; a block has numbers of its own."""
    if isinstance(value, float):
        return value * factor
    quantity = read_quantity(value) if isinstance(value, str) else None
    if quantity is None or quantity.suffix == "%":
        return value
    return str(quantity._replace(number=quantity.number * factor))

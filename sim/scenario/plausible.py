"""Which typed amounts lie far from what is usual, and may be slips of the keyboard?

`640.000` is 640, `1580 per hour` may have been a month's. Nothing is refused: a warning names the
path, the value, the usual range and what that rests on. Ranges stand beside the fields. Those of
money are for currencies of about the value of the euro. 0 switches something off and is no slip.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic.fields import FieldInfo

from sim.core.clock import WEEKS_PER_YEAR
from sim.language.by_interval import each_of
from sim.language.evidence import TYPED, evidence_of, proposal
from sim.language.field_reader import read_as
from sim.language.node import dotted
from sim.language.quantities import plain
from sim.scenario.scenario import Scenario
from sim.scenario.values import Value, values_of

_LIKE_THE_EURO = frozenset(["EUR", "USD", "GBP", "CHF", "CAD", "AUD", "NZD", "€", "$", "£"])
_MONEY = " per "
CONTACTS_A_YEAR = (0.02, 200.0, proposal())  # of one customer


def implausible(scenario: Scenario) -> list[str]:
    """A sentence for each typed amount outside of its usual range."""
    told = [text for value in values_of(scenario) if (text := _odd(scenario, value))]
    return [*told, *_contacts_of_a_customer(scenario), *_margins(scenario)]


def _odd(scenario: Scenario, value: Value) -> str | None:
    usual = _range_of(value.field)
    if value.place is None or usual is None or _is_of_the_unhurried(scenario, value):
        return None
    low, high, evidence = usual
    is_money = isinstance(high, str) and _MONEY in high and "%" not in high
    if is_money and scenario.spec.currency not in _LIKE_THE_EURO:
        return None
    least, most = (_amount(value.field, typed) for typed in (low, high))
    if least is None or most is None or not isinstance(value.read, int | float | tuple):
        return None
    for place, amount in each_of(value.read):  # of a list by interval the first odd one is told
        if amount and not least <= amount <= most:
            typed = value.value[place[0]] if place else value.value
            path = dotted((*value.path, *place))
            return f"{path}: {typed} is unusual: {low} to {high} ({evidence})"
    return None


def _is_of_the_unhurried(scenario: Scenario, value: Value) -> bool:
    """Whether it says how soon who does not wait on the spot is answered; that may be hours."""
    types = scenario.spec.contacts
    targets = [("contacts", name, "service_level", "within") for name in types]
    return value.path in targets and types[str(value.path[1])].is_unhurried


def _range_of(field: FieldInfo) -> tuple[Any, Any, str] | None:
    """The usual range; that of a lever where the field has evidence for it."""
    extra = field.json_schema_extra
    if not isinstance(extra, dict):
        return None
    if "plausible" in extra:
        low, high, evidence = extra["plausible"]  # type: ignore[misc]
        return low, high, str(evidence)
    evidence = evidence_of(field)
    if "lever" in extra and evidence.kind != TYPED.kind:
        low, high = extra["lever"]  # type: ignore[misc]
        return low, high, evidence.words
    return None


def _amount(field: FieldInfo, typed: Any) -> float | None:
    read = read_as(field, typed)  # None: a mapping by name where one of its values stands
    return float(read) if isinstance(read, int | float) else None


def _contacts_of_a_customer(scenario: Scenario) -> Iterator[str]:
    """Customers and contacts that hardly belong together: one of them is a thousand times off."""
    customers = sum(segment.count for segment in scenario.spec.customers.values())
    contacts = WEEKS_PER_YEAR * sum(map(scenario.weekly_contacts, scenario.types))
    if not customers or not contacts:
        return
    a_year, (low, high, basis) = contacts / customers, CONTACTS_A_YEAR
    if not low <= a_year <= high:
        for value in values_of(scenario):
            if value.path[0] == "customers" and value.path[-1] == "count":
                yield (
                    f"{dotted(value.path)}: {_as_read(value.value)} is unusual: a customer would"
                    f" make {_rounded(a_year)} contacts a year; {plain(low)} to {plain(high)}"
                    f" ({basis})"
                )


def _rounded(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def _as_read(typed: Any) -> str:
    return plain(typed) if isinstance(typed, int | float) else str(typed)


def _margins(scenario: Scenario) -> Iterator[str]:
    """Nobody keeps more of a price than the price."""
    for product, offer in scenario.spec.offers.items():
        if offer.recurring is None:
            margin, price, per = offer.margin, offer.price, ""
        else:
            margin, price, per = offer.recurring.per_month, offer.recurring.price, " a month"
            price = price or offer.price
        if isinstance(margin, int | float) and 0 < price < margin:
            yield (
                f"offers.{product}.margin: {plain(margin)}{per} is unusual: above the price of"
                f" {plain(price)}"
            )

"""How far is a scenario from a profit center, and what would close the gap?

A center with a contribution of 0 or more is a profit center. One with a result of 0 or more pays
for itself, with the margin that it keeps against the baseline. Contribution is affine in each lever
that is only booked, so the value of one lever that would close the gap is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sim.core.statistics import estimate
from sim.experiments.figures import RESULT
from sim.experiments.rounding import rounded
from sim.experiments.turning_points import booked
from sim.experiments.weak_number import WeakNumber
from sim.experiments.weak_numbers import needs_play
from sim.language.evidence import TYPED
from sim.metrics.periods import first_year_text
from sim.runs.run import Run

CONTRIBUTION = "contribution"
PAID_FOR = {
    "answered": "an answered contact",
    "resolved": "a solved issue",
    "minute": "a minute of conversation",
}


VENDOR_PER = {
    "hour": "an hour on duty",
    "minute": "a minute of handling",
    "contact": "an answered contact",
    "resolved": "a contact solved",
}


class Closer(NamedTuple):
    """A lever that alone would bring contribution to 0."""

    what: str
    """Its name: "margin a sale of broadband"."""
    now: float
    needed: float
    """The value that would do; below 0 where no legal value would."""


def closers(run: Run) -> list[Closer]:
    """Levers with the value that would bring the horizon's contribution to 0; without idle ones."""
    now = _contribution(run)
    found = []
    for what, path, value in _levers(run):
        lever = WeakNumber(what, "", "ledger", (path,), 0.0, 1.0, TYPED)
        if needs_play(lever, [run.scenario]):  # a margin decides which offers are worth making
            continue
        moved = now - _contribution(booked(lever.times(run.scenario, 0.0), run))
        if moved:
            found.append(Closer(what, value, value * (1 - now / moved)))
    return found


def _levers(run: Run) -> Iterator[tuple[str, str, float]]:
    """Yield name, path and value of the levers: margins, prices, leads, wages, vendors."""
    spec = run.scenario.spec
    for product, offer in spec.offers.items():
        monthly = offer.recurring
        value = monthly.per_month if monthly else offer.margin_per_sale
        per = "a month" if monthly else "a sale"
        if value > 0:
            yield f"margin {per} of {product}", f"offers.{product}.margin", value
    for type_, contact in spec.contacts.items():
        if contact.price and contact.price.amount:
            what = f"price of {PAID_FOR[contact.price.per]} of {type_}"
            yield what, f"contacts.{type_}.price.amount", contact.price.amount
        if contact.lead_cost:
            yield f"lead cost of {type_}", f"contacts.{type_}.lead_cost", contact.lead_cost
    for group, agents in spec.agents.items():
        if agents.paid is None:
            yield f"wage an hour of {group}", f"agents.{group}.wage", agents.wage
        elif agents.paid.amount:
            what = f"price of {VENDOR_PER[agents.paid.per]} by {group}"
            yield what, f"agents.{group}.paid.amount", agents.paid.amount


def _contribution(run: Run) -> float:
    return float(np.mean(run.ledger.contribution.sum(axis=1)))


def level_line(run: Run) -> str:
    """A sentence: contribution and result of the first year, and what would close the gap."""
    spec = run.scenario.spec
    levels = {name: estimate(run.first_year[name]) for name in (CONTRIBUTION, RESULT)}
    told = [f"{name} {rounded(e.value, e.half_width)}" for name, e in levels.items()]
    if run.baseline is None or not spec.customers:
        told = told[:1]
    words = f"{' and '.join(told)} {first_year_text(spec.horizon.length_weeks)}"
    if levels[CONTRIBUTION].value >= 0:
        return f"{words}: a profit center"
    if levels[RESULT].value >= 0:
        return f"{words}: no profit center, but it pays for itself with what it keeps"
    would_do = [
        f"{spec.currency} {rounded(c.needed)} of {c.what} instead of {rounded(c.now)}"
        for c in closers(run)
        if c.needed > 0
    ]
    if not would_do:
        return f"{words}: no profit center, and no margin or wage alone would make it one"
    return f"{words}: no profit center; it would be one with {', or '.join(would_do)}"

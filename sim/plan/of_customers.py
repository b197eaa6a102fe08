"""Customers in numbers: the universe, churn, the save desk, what they remember."""

from __future__ import annotations

import numpy as np

from sim.core.tables import table
from sim.domain.contacts.demand import SEGMENT
from sim.domain.customers.customers import (
    CHURN_OF_SEGMENT,
    PERCENT,
    POINTS_PER_LATENT,
    behaviour_of,
    lifetime_value,
    weekly_probability,
    yearly_hazard,
)
from sim.domain.customers.holders import HolderTable, MeanFactors, compile_holders, mean_factors
from sim.domain.customers.loyalty import without_programme
from sim.domain.customers.relationship import RelationshipTable, compile_relationship, sensitivity
from sim.domain.customers.save_desk import SaveDeskTable, compile_save_desk, decide_to_leave
from sim.plan.anchors import Anchors
from sim.plan.of_offers import _churn_rates
from sim.scenario.scenario import Scenario


def compile_universe(scenario: Scenario) -> np.recarray:
    """[segment] where customers stand: room for today's base and all joiners to come."""
    specs = list(scenario.spec.customers.values())
    counts = [spec.count for spec in specs] or [0]
    rooms = [spec.count * scenario.blocks_in_the_end(spec) for spec in specs] or [0]
    first = np.concatenate([[0], np.cumsum(rooms)[:-1]])
    return table(SEGMENT, len(counts), first=first, count=counts, members=counts)


def _churn(scenario: Scenario, anchors: Anchors) -> np.recarray:
    """Where nothing that service does could cause churn, all of it is contractual.

    The rates are those of deciding to leave, without a loyalty programme and without products.
    Where the save desk keeps some customers, or such a programme runs today, they are higher than
    the typed churn, which counts only customers who left; and so where holders leave less easily.
    """
    rows = []
    today = factors_today(scenario)
    newest = scenario.spec.experience.newest
    for name, spec in scenario.spec.customers.items():
        hazard = yearly_hazard(spec.churn.rate) if spec.churn else 0.0
        due, behaviour, gamma = spec.service_share, 0.0, 0.0
        remembers = spec.churn is not None and spec.churn.model == "relationship"
        if remembers:
            gamma = sensitivity(due, newest, anchors.standing.get(name, []))
        else:
            intent, provoked = anchors.intent.get(name, 0.0), anchors.provoked.get(name, [])
            behaviour = behaviour_of(due, hazard, intent, provoked).share
        due = due if behaviour > 0 or gamma > 0 else 0.0
        more = decide_to_leave(anchors.kept.get(name, 0.0))
        more *= without_programme(scenario.root.spec.loyalty, name)
        contractual = min(1.0, more / today.churn * weekly_probability((1 - due) * hazard))
        more *= today.contacts / today.both  # whose issues come more often
        beyond = spec.churn.beyond_outcome if spec.churn else 0.0
        points = beyond * POINTS_PER_LATENT
        rows.append((contractual, more * behaviour, points, int(remembers), gamma))
    return np.array(rows or [(0.0, 0.0, 0.0, 0, 0.0)], CHURN_OF_SEGMENT).view(np.recarray)


def factors_today(scenario: Scenario) -> MeanFactors:
    """Today's mean factors of those who hold its products and those who do not, together.

    A hazard is divided by its mean factor. So the typed churn comes out but for what an exponential
    bends, which is half the weekly hazard times the relative variance of the factors: below .1 %.
    """
    offers = scenario.spec.offers.values()
    return mean_factors([spec.holders for spec in offers], [spec.held for spec in offers])


def _holders(scenario: Scenario) -> HolderTable:
    offers = scenario.spec.offers.values()
    return compile_holders([spec.holders for spec in offers], [spec.held for spec in offers])


def charges_of_declined(scenario: Scenario, anchors: Anchors) -> list[float]:
    """By segment: value in money of the customers whom a declined offer drives away.

    CLV·φ/100·b·15.38·|β| in the issue model; CLV·h·γ·|β| ÷ issues a year where customers remember,
    for β moves the memory of one issue after the other, all of them together once.
    """
    churn, beta = _churn(scenario, anchors), scenario.spec.experience.offer_declined
    discount = scenario.spec.finance.discount_rate
    charges = []
    for (name, spec), row in zip(scenario.spec.customers.items(), churn, strict=False):
        rate = spec.churn.rate if spec.churn else 0.0
        share = row.behaviour * PERCENT * row.points
        issues = anchors.issues.get(name, 0.0)
        if row.remembers and issues > 0:
            share = yearly_hazard(rate) * row.sensitivity / issues
        value = lifetime_value(spec.margin, rate, discount)
        charges.append(-beta * share * value if share else 0.0)
    return charges or [0.0]


def _save_desk(scenario: Scenario) -> SaveDeskTable:
    discount = scenario.spec.finance.discount_rate
    margins = [spec.margin for spec in scenario.spec.customers.values()] or [0.0]
    rates = zip(margins, _churn_rates(scenario), strict=True)
    return compile_save_desk(
        scenario.spec.save_desk,
        scenario.types,
        [offer.kind == "retention" for offer in scenario.spec.offers.values()],
        [lifetime_value(margin, churn, discount) for margin, churn in rates],
    )


def _relationship(scenario: Scenario, anchors: Anchors) -> RelationshipTable:
    standing = [anchors.standing.get(name, []) for name in scenario.segments or ["everyone"]]
    return compile_relationship(scenario.spec.experience.newest, standing)

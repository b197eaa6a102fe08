"""Hand-made tables of products, as the rules of selling read them."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import settings

from sim.core.dice import luck_of
from sim.core.tables import rows_by_name, table
from sim.domain.offers.acceptance import (
    ACCEPTANCE_OF_PRODUCT,
    AcceptanceSpec,
    AcceptanceTable,
    central_logit,
    compile_acceptance,
)
from sim.domain.offers.offers import PRODUCT, OfferTable
from sim.domain.offers.policies import (
    POLICY_OF_PRODUCT,
    PolicySpec,
    PolicyTable,
    compile_policy,
    policy_limit,
)

STEADY = settings(deadline=None, derandomize=True)
MS_PER_SECOND = 1000
WEEK_MS = 7 * 24 * 3600 * MS_PER_SECOND
SEGMENTS = ("standard", "premium")


def lucks(n: int, name: str = "issues") -> list[np.uint64]:
    """So many lucks, no two alike."""
    return [luck_of(7, 0, name, i) for i in range(n)]


def policy_table(*typed: Any) -> PolicyTable:
    """One product for each policy as typed, for the segments standard and premium."""
    specs = [PolicySpec.model_validate(t if isinstance(t, dict) else {"offer": t}) for t in typed]
    rows = rows_by_name(POLICY_OF_PRODUCT, [compile_policy(spec) for spec in specs])
    limit = [[policy_limit(spec, s, MS_PER_SECOND) for s in SEGMENTS] for spec in specs]
    annoyance = [[0.5 if spec.annoyance is None else spec.annoyance] * 2 for spec in specs]
    return PolicyTable(rows, np.array(limit, float), np.array(annoyance, float))


def acceptance_table(*typed: Any, types: tuple[str, ...] = ("service",)) -> AcceptanceTable:
    """One product for each acceptance as typed, for the segments standard and premium."""
    specs = [
        AcceptanceSpec.model_validate(t if isinstance(t, dict) else {"everyone": t}) for t in typed
    ]
    rows = rows_by_name(ACCEPTANCE_OF_PRODUCT, [compile_acceptance(spec) for spec in specs])
    logit = [
        [central_logit(spec.by_segment.get(s, spec.everyone or 0.0), spec.spread) for s in SEGMENTS]
        for spec in specs
    ]
    reason = [[(s.effects.reasons if s.effects else {}).get(t, 0.0) for t in types] for s in specs]
    return AcceptanceTable(rows, np.array(logit, float), np.array(reason, float))


def offer_table(*columns: dict[str, Any]) -> OfferTable:
    """One product for each dict of columns: for every issue, done as told, kept."""
    products = table(PRODUCT, len(columns), key=np.arange(1, len(columns) + 1) * 7919)
    products.candidates = products.compliance = 1.0
    for product, given in zip(products, columns, strict=True):
        for column, value in given.items():
            product[column] = value
    n = len(columns)
    during, by_bot = np.ones((n, 1), bool), np.zeros((n, 1), bool)
    return OfferTable(products, during, by_bot, np.ones((n, 2), bool), np.zeros((n, 2)))

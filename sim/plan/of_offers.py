"""Offers in numbers: legs, products, policies, acceptance."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.core import dice
from sim.core.clock import MS_PER_SECOND, SECONDS_PER_MINUTE, SECONDS_PER_WEEK
from sim.core.tables import NOBODY, rows_by_name
from sim.domain.customers.customers import weekly_probability, yearly_hazard
from sim.domain.offers.acceptance import (
    ACCEPTANCE_OF_PRODUCT,
    AcceptanceTable,
    central_logit,
    compile_acceptance,
)
from sim.domain.offers.offers import PRODUCT, OfferTable, pushed_share
from sim.domain.offers.outbound import LIST, ListTable, compile_list, leaves_within
from sim.domain.offers.policies import (
    DEFAULT_KEEP_S,
    DEFAULT_REACHED,
    DEFAULT_RING_S,
    POLICY_OF_PRODUCT,
    PolicyTable,
    compile_policy,
    policy_limit,
)
from sim.domain.offers.second_legs import CALLED_LATER, HANDED_ON, HERE, LEG_OF_PRODUCT
from sim.language.duration_spec import compile_duration
from sim.scenario.offer_spec import OfferSpec
from sim.scenario.scenario import Scenario
from sim.scenario.sold import sold_by_bot


def _legs(scenario: Scenario) -> np.recarray:
    ways = {"here": HERE, "handed on": HANDED_ON, "called later": CALLED_LATER}
    rows = []
    for offer in scenario.spec.offers.values():
        policy = offer.policy
        group = NOBODY if policy.group is None else scenario.groups.index(policy.group)
        reached = DEFAULT_REACHED if policy.reached is None else policy.reached
        ring_ms = round((policy.ring or DEFAULT_RING_S) * MS_PER_SECOND)
        keep_ms = round((policy.keep or DEFAULT_KEEP_S) * MS_PER_SECOND)
        way = ways[policy.place]
        rows.append(
            {
                "way": way,
                "group": group,
                "log_odds": math.log(policy.odds),
                "reached": reached,
                "ring_ms": max(ring_ms, 1),
                "keep_ms": keep_ms,
            }
        )
    return rows_by_name(LEG_OF_PRODUCT, rows)


def _lists(scenario: Scenario) -> ListTable:
    """The lists from which customers are called, in the order of their products."""
    rows, leaves, to = [], [], []
    of_product = np.full(len(scenario.products), NOBODY, np.int64)
    segments = scenario.segments or ["everyone"]
    for product, (name, offer) in enumerate(scenario.spec.offers.items()):
        if offer.call_list is None:
            continue
        of_product[product] = len(rows)
        keep_s = offer.policy.keep or DEFAULT_KEEP_S
        type_ = scenario.types.index(offer.during[0]) if offer.during else 0
        keep_ms = round(keep_s * MS_PER_SECOND)
        row = compile_list(offer.call_list, product, dice.word(name), type_, keep_ms)
        rates = _churn_rates(scenario)
        leaves.append([leaves_within(rate, row["lasts_weeks"]) for rate in rates])
        to.append([offer.to is None or segment in offer.to for segment in segments])
        rows.append(row)
    return ListTable(
        rows_by_name(LIST, rows),
        of_product,
        np.array(leaves, float).reshape(len(rows), len(segments)),
        np.array(to, bool).reshape(len(rows), len(segments)),
    )


def _offers(scenario: Scenario) -> OfferTable:
    types, segments = scenario.types, scenario.segments or ["everyone"]
    specs = scenario.spec.offers
    products = [_product(scenario, name, spec) for name, spec in specs.items()]
    during = [[s.during is None or type_ in s.during for type_ in types] for s in specs.values()]
    by_bot = [[name in sold_by_bot(scenario.spec, type_) for type_ in types] for name in specs]
    to = [[s.to is None or segment in s.to for segment in segments] for s in specs.values()]
    discount = scenario.spec.finance.discount_rate
    worth = [
        [spec.worth(churn, discount) for churn in _churn_rates(scenario)] for spec in specs.values()
    ]
    return OfferTable(
        rows_by_name(PRODUCT, products),
        np.array(during, bool).reshape(len(specs), len(types)),
        np.array(by_bot, bool).reshape(len(specs), len(types)),
        np.array(to, bool).reshape(len(specs), len(segments)),
        np.array(worth, float).reshape(len(specs), len(segments)),
    )


def _product(scenario: Scenario, name: str, spec: OfferSpec) -> dict[str, object]:
    return {
        "key": dice.word(name),
        "candidates": spec.candidates,
        "held": spec.held,
        "compliance": spec.conduct.compliance,
        "pushed": pushed_share(spec.conduct, spec.commission),
        "returns": spec.returns,
        "downgrades": spec.downgrade.share if spec.downgrade else 0.0,
        "incremental": spec.added_share,
        "cool_down_ms": round(spec.cool_down * MS_PER_SECOND),
        "tenure_weeks": math.ceil(spec.tenure_from / SECONDS_PER_WEEK),
        "needs": sum(1 << scenario.products.index(needed) for needed in spec.needs),
        "on_unresolved": spec.on_unresolved,
        "talk": compile_duration(spec.talk),
        "fulfilment": compile_duration(spec.fulfilment),
        "talk_minutes": spec.talk.mean_s / SECONDS_PER_MINUTE,
        "fulfilment_minutes": spec.fulfilment.mean_s / SECONDS_PER_MINUTE if spec.fulfilment else 0,
        "bound_weeks": spec.contract.weeks if spec.contract else 0,
        "bound_churn": spec.contract.churn if spec.contract else 1.0,
        "discount_weeks": spec.discount_weeks,
        "ends": weekly_probability(yearly_hazard(spec.margin_lost_per_year)),
    }


def _churn_rates(scenario: Scenario) -> list[float]:
    """Typed churn a year by segment; 0 where customers are not modelled."""
    specs = scenario.spec.customers.values()
    return [spec.churn.rate if spec.churn else 0.0 for spec in specs] or [0.0]


def _policies(scenario: Scenario, charges: Sequence[float]) -> PolicyTable:
    """The policies; `charges` is by segment what a declined offer costs, where it is not typed."""
    segments = scenario.segments or ["everyone"]
    specs = [offer.policy for offer in scenario.spec.offers.values()]
    limit = [[policy_limit(spec, s, MS_PER_SECOND) for s in segments] for spec in specs]
    return PolicyTable(
        rows_by_name(POLICY_OF_PRODUCT, [compile_policy(spec) for spec in specs]),
        np.array(limit, float).reshape(len(specs), len(segments)),
        np.array(
            [
                [charge if spec.annoyance is None else spec.annoyance for charge in charges]
                for spec in specs
            ],
            float,
        ).reshape(len(specs), len(segments)),
    )


def _acceptance(scenario: Scenario) -> AcceptanceTable:
    segments = scenario.segments or ["everyone"]
    specs = [offer.acceptance for offer in scenario.spec.offers.values()]
    logit, reason = [], []
    for spec in specs:
        shares = [spec.of(segment) for segment in segments]
        logit.append([central_logit(share, spec.spread) for share in shares])
        reasons = spec.effects.reasons if spec.effects else {}
        reason.append([reasons.get(type_, 0.0) for type_ in scenario.types])
    return AcceptanceTable(
        rows_by_name(ACCEPTANCE_OF_PRODUCT, [compile_acceptance(spec) for spec in specs]),
        np.array(logit, float).reshape(len(specs), len(segments)),
        np.array(reason, float).reshape(len(specs), len(scenario.types)),
    )

"""The numbers that turning points move: where they stand, and what each might well be.

A list made by hand, of typed numbers too; sim/scenario/assumptions.py finds defaults.

A number is changed in all segments or products at once, in proportion, in the baseline as well as
in the variant, and in all that they are based on: it is about the world, not about what is done.
Today (anchors, planned seats) follows, as if the number were typed into the root file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from sim.domain.customers.customers import SegmentSpec
from sim.domain.offers.offers import RecurringSpec
from sim.language.evidence import Evidence, proposal, source
from sim.language.quantities import read_quantity
from sim.scenario.scenario import Scenario
from sim.scenario.spec import ScenarioSpec

ALL = "*"
OPINION = ("csat", "csat_contact", "nps")
"""The metrics that what moves satisfaction decides; no money depends on it."""

HOLDERS = "offers.*.holders."
"""What customers do who have a product, whether anybody offers it or not."""

How = Literal["ledger", "valuation", "simulation"]
"""Where a number enters: only where money is booked, only where its future is discounted, or play.

What is booked is affine in the number, so two bookings tell all of it exactly."""


class WeakNumber(NamedTuple):
    """A number, as a sentence speaks of it."""

    name: str
    sentence: str
    """`{} of churn is due to service`, filled with `less than 11 %`."""
    how: How
    paths: tuple[str, ...]
    """`customers.*` itself stands for what of churn is due to service, wherever that is typed."""
    low: float
    high: float
    """What it might well be: of a share itself, of anything else in times what is typed."""
    evidence: Evidence
    is_share: bool = False
    search: tuple[float, float] = (0.0, 3.0)
    """Where a change of sign is looked for, in times what is typed; a part at most up to 1."""
    only_for: tuple[str, ...] = ()
    """Deciding metrics for which it matters; all if empty."""
    is_part: bool = False
    """Whether the number itself cannot pass 1, though it is told in times what is typed."""

    def touches(self, scenario: Scenario) -> bool:
        """Whether play or today can depend on it: a number of offers or initiatives needs some."""
        if self.paths[0].startswith(HOLDERS):
            return bool(self.values(scenario.spec))
        if self.paths[0].startswith("offers."):
            weeks = [one for level in scenario.lineage for one in level.in_its_weeks]
            return any(not o.policy.is_never for one in weeks for o in one.spec.offers.values())
        is_of_initiatives = self.paths[0].startswith("initiatives.")
        return not is_of_initiatives or any(one.spec.initiatives for one in scenario.lineage)

    def values(self, spec: ScenarioSpec) -> list[float]:
        """What is typed, or filled in, wherever it stands; nothing where it is switched off."""
        found: list[float] = []
        for path in self.paths:
            changed(spec, path.split("."), lambda leaf: found.append(_amount(leaf)) or leaf)
        return [value for value in found if value]

    def times(self, scenario: Scenario, factor: float) -> Scenario:
        """The scenario with the number at so many times its value, on each level of its lineage."""

        def changed_spec(spec: ScenarioSpec) -> ScenarioSpec:
            for path in self.paths:
                keys = path.split(".")
                spec = changed(spec, keys, lambda leaf: _times(leaf, factor, self.is_share))
            return spec

        return throughout(scenario, changed_spec)


_RANGE_ONLY = proposal("the range; the number is typed")

WEAK_NUMBERS = (
    WeakNumber(
        "share of churn due to service",
        "{} of churn is due to service",
        "simulation",
        ("customers.*",),
        0.05,
        0.50,
        proposal("weakly known"),
        True,
        (0.0, 20.0),
    ),
    WeakNumber(
        "acceptance",
        "acceptance is {} of what is typed",
        "simulation",
        ("offers.*.acceptance.everyone", "offers.*.acceptance.by_segment.*"),
        0.5,
        1.5,
        proposal("0.15 over all"),
        is_part=True,
        search=(0.1, 3.0),
    ),
    WeakNumber(
        "odds of sales in another leg",
        "the odds of a sale in another leg are {} of what is typed",
        "simulation",
        ("offers.*.policy.acceptance_odds",),
        0.7,
        1.3,
        proposal("1.4; for a call of ours 1/3 (Booz-Allen)"),
        search=(0.1, 3.0),
    ),
    WeakNumber(
        "share that offers make sense for",
        "offers make sense for {} of contacts",
        "simulation",
        ("offers.*.candidates",),
        0.20,
        0.60,
        proposal(),
        True,
        (0.05, 20.0),
    ),
    WeakNumber(
        "adoption of initiatives",
        "initiatives reach {} of their effect",
        "simulation",
        ("initiatives.*.adoption",),
        0.5,
        1.0,
        proposal(),
        True,
    ),
    WeakNumber(
        "customers who respond to rewards",
        "{} of the eligible respond to rewards",
        "simulation",
        ("loyalty.responds",),
        0.02,
        0.60,
        proposal("a fifth"),
        True,
        (0.0, 5.0),
    ),
    WeakNumber(
        "churn of customers who respond to rewards",
        "the churn of customers who respond to rewards is {} of what is typed",
        "simulation",
        ("loyalty.churn_factor",),
        0.6,
        1.3,
        proposal("85 %"),
        search=(0.0, 1.5),
    ),
    WeakNumber(
        "patience",
        "customers wait {} of the time typed",
        "simulation",
        ("contacts.*.patience.mean",),
        0.4,
        2.0,
        proposal("between 120 and 600 s"),
        search=(0.25, 4.0),
    ),
    WeakNumber(
        "share of customers without an answer who try again",
        "{} of customers without an answer try again",
        "simulation",
        ("contacts.*.redial.probability",),
        0.3,
        0.7,
        proposal(),
        True,
        (0.0, 4.0),
    ),
    WeakNumber(
        "share of unresolved issues that come back",
        "{} of unresolved issues come back",
        "simulation",
        ("contacts.*.resolution.comes_back",),
        0.4,
        0.8,
        proposal(),
        True,
        (0.0, 4.0),
    ),
    WeakNumber(
        "churn of products",
        "{} of buyers give a product up within a year",
        "simulation",
        ("offers.*.margin.churn",),
        0.0,
        0.60,
        proposal("20 %"),
        True,
    ),
    WeakNumber(
        "effect of a contract on churn",
        "churn of bound customers is {} of that of others",
        "simulation",
        ("offers.*.contract.churn",),
        0.5,
        1.0,
        proposal("nothing citable was found"),
        True,
    ),
    WeakNumber(
        "churn of who holds a product",
        "the churn of who holds a product is {} of what is typed",
        "simulation",
        (HOLDERS + "churn_factor",),
        0.7,
        1.2,
        proposal("nothing citable was found"),
        search=(0.2, 2.0),
    ),
    WeakNumber(
        "contacts of who holds a product",
        "who holds a product calls {} of what is typed",
        "simulation",
        (HOLDERS + "contact_factor",),
        0.8,
        1.3,
        proposal("nothing citable was found"),
        search=(0.2, 2.0),
    ),
    WeakNumber(
        "effect of no answer on satisfaction",
        "no answer annoys {} of what is typed",
        "simulation",
        ("experience.abandoned",),
        0.5,
        1.5,
        proposal("15 % of those give 4 or 5"),
        only_for=OPINION,
    ),
    WeakNumber(
        "incremental share of sales",
        "{} of sales would not have been made anyway",
        "ledger",
        ("offers.*.incremental",),
        0.50,
        1.00,
        proposal(),
        True,
        (0.0, 20.0),
    ),
    WeakNumber(
        "margin of a sale",
        "a sale brings {} of the margin typed",
        "ledger",
        ("offers.*.margin",),
        0.7,
        1.3,
        _RANGE_ONLY,
    ),
    WeakNumber(
        "price of paid contacts",
        "a paid contact brings {} of the price typed",
        "ledger",
        ("contacts.*.price.amount",),
        0.7,
        1.3,
        _RANGE_ONLY,
    ),
    WeakNumber(
        "cost of a lead",
        "a new issue costs {} of the lead cost typed",
        "ledger",
        ("contacts.*.lead_cost",),
        0.5,
        2.0,
        _RANGE_ONLY,
        search=(0.0, 20.0),
    ),
    WeakNumber(
        "training before selling",
        "training takes {} of the time typed",
        "ledger",
        ("offers.*.preparation",),
        0.5,
        3.0,
        proposal("a day's training"),
        search=(0.0, 20.0),
    ),
    WeakNumber(
        "cost of initiatives",
        "initiatives cost {} of what is typed",
        "ledger",
        ("initiatives.*.invest", "initiatives.*.run_cost"),
        0.8,
        2.0,
        _RANGE_ONLY,
        search=(0.0, 20.0),
    ),
    WeakNumber(
        "turnover of agents",
        "the yearly turnover of agents is {}",
        "ledger",
        ("agents.*.turnover",),
        0.30,
        0.45,
        source("callcentrehelper.com", "30 to 45 % yearly in the past"),
        True,
        (0.0, 20.0),
    ),
    WeakNumber(
        "charges on wages",
        "charges on wages are {}",
        "ledger",
        ("costs.on_cost",),
        0.20,
        0.45,
        proposal("US benefits are 42 % of the wage (BLS)"),
        True,
    ),
    WeakNumber(
        "overhead",
        "overhead is {} of what is typed",
        "ledger",
        ("costs.overhead",),
        0.5,
        1.5,
        proposal(),
    ),
    WeakNumber(
        "supervision, quality and planning",
        "supervision, quality and planning cost {} of what is typed",
        "ledger",
        ("costs.supervision.wage", "costs.quality_and_planning.wage"),
        0.5,
        1.5,
        proposal(),
    ),
    WeakNumber(
        "fixed share of overhead",
        "{} of overhead is fixed",
        "ledger",
        ("costs.fixed",),
        0.0,
        1.0,
        proposal(),
        True,
        (0.0, 20.0),
    ),
    WeakNumber(
        "base margin of customers",
        "customers bring {} of the base margin typed",
        "ledger",
        ("customers.*.margin",),
        0.5,
        1.5,
        _RANGE_ONLY,
    ),
    WeakNumber(
        "discount rate",
        "the yearly discount rate is {}",
        "valuation",
        ("finance.discount_rate",),
        0.05,
        0.15,
        proposal(),
        True,
        (0.1, 5.0),
    ),
)


def needs_play(belief: WeakNumber, scenarios: list[Scenario]) -> bool:
    """Whether play depends on it.

    Where offers go by expected value, on all terms of that; only incremental sales bind.
    """
    by_value = any(
        offer.policy.weighs_money
        for s in scenarios
        for one in s.in_its_weeks
        for offer in one.spec.offers.values()
    )
    sold = belief.paths[0].startswith(("offers.", "finance."))
    binds = belief.paths[0].endswith(".incremental") and any(
        offer.contract
        for s in scenarios
        for one in s.in_its_weeks
        for offer in one.spec.offers.values()
    )
    return belief.how == "simulation" or (by_value and sold) or binds


def throughout(scenario: Scenario, change: Callable[[ScenarioSpec], ScenarioSpec]) -> Scenario:
    """The scenario with a change made on each level of its lineage."""
    below = [throughout(level, change) for level in scenario.lineage[:-1]]
    return Scenario(scenario.tree, change(scenario.spec), below)


def changed(node: Any, path: list[str], change: Callable[[Any], Any]) -> Any:
    """A copy of a block with another value at a path; `*` is every name."""
    if not path or node is None:
        return change(node) if node is not None else None
    key, *rest = path
    if isinstance(node, dict):
        return {k: changed(v, rest, change) if key in (ALL, k) else v for k, v in node.items()}
    if not hasattr(node, key) or (key == "churn" and _is_discount(node)):
        return node  # a margin of the sale alone has no keys, and nobody gives up a discount
    return node.model_copy(update={key: changed(getattr(node, key), rest, change)})


def _is_discount(node: Any) -> bool:
    return isinstance(node, RecurringSpec) and node.per_month < 0


def _amount(leaf: Any) -> float:
    if isinstance(leaf, SegmentSpec):
        return leaf.service_share
    if isinstance(leaf, RecurringSpec):
        return leaf.per_month
    quantity = read_quantity(leaf)
    return quantity.amount if quantity else 0.0


def _times(leaf: Any, factor: float, is_share: bool) -> Any:
    if isinstance(leaf, SegmentSpec):
        due = min(1.0, leaf.service_share * factor) if leaf.churn else None
        return leaf.model_copy(update={"due_to_service": due})
    if isinstance(leaf, RecurringSpec):
        return leaf.model_copy(update={"per_month": leaf.per_month * factor})
    if isinstance(leaf, str):
        quantity = read_quantity(leaf)
        return str(quantity._replace(number=quantity.number * factor)) if quantity else leaf
    return min(1.0, leaf * factor) if is_share else leaf * factor

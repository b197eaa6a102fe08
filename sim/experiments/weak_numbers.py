"""The numbers that turning points move. A list made by hand, of typed numbers too.

What one is stands in weak_number.py; sim/scenario/assumptions.py finds defaults.
"""

from __future__ import annotations

from sim.domain.agents.engagement import MOST_OF_SLOPE
from sim.experiments.weak_number import HOLDERS, WeakNumber
from sim.experiments.weak_numbers_of_channels import OF_CHANNELS
from sim.language.evidence import proposal, source
from sim.scenario.scenario import Scenario

OPINION = ("csat", "csat_contact", "nps")
"""The metrics that what moves satisfaction decides; no money depends on it."""

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
    *OF_CHANNELS,
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
        "price of a vendor",
        "a vendor is paid {} of what is typed",
        "ledger",
        ("agents.*.paid.amount",),
        0.7,
        1.3,
        _RANGE_ONLY,
        search=(0.0, 20.0),
    ),
    WeakNumber(
        "price of a bot",
        "the vendor of a bot is paid {} of what is typed",
        "ledger",
        ("contacts.*.self_service.price.amount",),
        0.7,
        2.0,
        proposal("above 3 a resolution by 2030 (Gartner), where 1.50 is typed"),
        search=(0.0, 20.0),
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
    *(
        WeakNumber(
            f"how strongly {what}",
            f"how strongly {what} is {{}} of what is typed",
            "simulation",
            (f"agents.*.people.reacts.{slope}",),
            0.0,
            MOST_OF_SLOPE,
            proposal("weakly known"),
            search=(0.0, 10.0),
        )
        for slope, what in (
            ("hot_hours", "hot half hours wear people out"),
            ("selling", "making offers wears people out"),
            ("angry", "angry customers wear people out"),
            ("coaching", "coaching engages people"),
            ("leaving", "engagement keeps people"),
            ("absence", "engagement keeps people healthy"),
            ("pace", "hot half hours slow people down"),
            ("quality", "engagement pleases customers"),
        )
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

    Where offers go by expected value, on all terms of that; only incremental sales bind; people
    one by one leave as turnover says.
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
    leaves = belief.paths[0].endswith(".turnover") and any(s.has_people for s in scenarios)
    return belief.how == "simulation" or (by_value and sold) or binds or leaves

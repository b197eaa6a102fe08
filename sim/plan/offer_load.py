"""How long do offers take, of a contact on average? What planned seats have to do on top.

Only where the policy itself says how often it offers: always, or at random. Every other policy
looks at the state of the center, so how often it offers depends on the seats that are to be
planned; it makes its offers in the time that the plan leaves free.
"""

from __future__ import annotations

import math

import numpy as np

from sim.domain.offers.offers import pushed_share
from sim.plan.workload import Load
from sim.scenario.offer_spec import OfferSpec
from sim.scenario.scenario import Scenario


def offer_s(scenario: Scenario, type_: str) -> float:
    """Mean seconds of offers in an answered contact of a type, as on day one.

    Nobody has declined yet. Of several products at most one is offered; each is by its share.
    """
    offers = scenario.spec.offers
    shares = np.array([_share_offered(scenario, type_, spec) for spec in offers.values()])
    if not shares.any():
        return 0.0
    seconds = np.array([_seconds(scenario, type_, spec) for spec in offers.values()])
    is_offered = 1.0 - math.prod(1.0 - share for share in shares.tolist())
    return is_offered * float(shares @ seconds / shares.sum())


def with_offers(scenario: Scenario, group: str, contacts: np.ndarray, load: Load) -> Load:
    """The work of contacts [type, cell] for a group, with that of its offers."""
    by_type, total = contacts.sum(axis=1), float(contacts.sum())
    seconds = [offer_s(scenario, type_) for type_ in scenario.types]
    if not total or not any(seconds):
        return load
    return load._replace(handle_s=load.handle_s + float(by_type @ seconds) / total)


def _share_offered(scenario: Scenario, type_: str, spec: OfferSpec) -> float:
    """Share of answered contacts in which the product is offered, if no other one is."""
    always = spec.policy.always_offers
    if not always or (spec.during is not None and type_ not in spec.during):
        return 0.0
    pushed = pushed_share(spec.conduct, spec.commission)
    made = always * spec.conduct.compliance + (1.0 - always) * pushed
    solved = 1.0 if spec.on_unresolved else scenario.on_average.first_contact(type_)
    has_needed = math.prod(scenario.spec.offers[needed].held for needed in spec.needs)
    may_have_it = float(_may_have_it(scenario, type_, spec).sum())
    return made * solved * spec.candidates * has_needed * (1.0 - spec.held) * may_have_it


def _may_have_it(scenario: Scenario, type_: str, spec: OfferSpec) -> np.ndarray:
    """[segment] shares of the contacts of a type, 0 of segments that may not have the product."""
    segments = scenario.segments or ["everyone"]
    return scenario.shares(type_) * [spec.to is None or segment in spec.to for segment in segments]


def _seconds(scenario: Scenario, type_: str, spec: OfferSpec) -> float:
    """Mean length of an offer: its talk, and the fulfilment of those accepted."""
    segments, shares = scenario.segments or ["everyone"], _may_have_it(scenario, type_, spec)
    accepts = np.array([spec.acceptance.of(segment) for segment in segments])
    fulfilment = spec.fulfilment.mean_s if spec.fulfilment else 0.0
    accepted = float(shares @ accepts / shares.sum()) if shares.any() else 0.0
    return spec.talk.mean_s + accepted * fulfilment

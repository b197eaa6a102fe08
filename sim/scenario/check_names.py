"""Names in a scenario must exist, and contacts must find somebody who serves them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sim.core.errors import Problem, did_you_mean
from sim.language.node import KeyPath
from sim.scenario.contact_spec import ContactSpec
from sim.scenario.sold import is_sold, sold_by_bot

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

SEGMENT, TYPE, GROUP, PRODUCT = "segment", "contact type", "agent group", "product"

BESIDE_SEGMENTS = ("everyone", "spread", "targeting", "effects")


def references(scenario: Scenario) -> Iterator[Problem]:
    """Names of types, segments and groups must exist."""
    known = {
        SEGMENT: scenario.segments,
        TYPE: scenario.types,
        GROUP: scenario.groups,
        PRODUCT: scenario.products,
    }
    for path, name, kind in _references(scenario):
        names = known[kind]
        if name not in names:
            listed = f"write one of {', '.join(names)}" if names else "leave it out: there is none"
            keys = BESIDE_SEGMENTS if path[-2] == "acceptance" else ()
            article = "an" if kind == GROUP else "a"
            remedy = did_you_mean(name, [*names, *keys], listed)
            what = f"'{name}' is not {article} {kind}"
            yield problem(scenario, path, what, remedy, key=path[-1] == name)


def _brought(scenario: Scenario, type_: str) -> KeyPath | None:
    """Where an initiative brings a type that is not there today; None for all others."""
    if scenario.tree.node(("contacts", type_)) is not None:
        return None
    paths = (("initiatives", name, "set", "contacts", type_) for name in scenario.spec.initiatives)
    return next((path for path in paths if scenario.tree.node(path) is not None), None)


def serving(scenario: Scenario) -> Iterator[Problem]:
    """Every type is served, and routes lead to groups that serve."""
    for type_ in scenario.types:
        routes = scenario.spec.contacts[type_].routes
        if not scenario.routes_of(type_):
            path, remedy = ("contacts", type_), "add it to serves of a group"
            if (later := _brought(scenario, type_)) is not None:
                path, remedy = later, "bring a group that serves it in the same set"
            yield problem(scenario, path, "nobody serves it", remedy, key=True)
        for i, group in enumerate(routes or []):
            if group in scenario.groups and type_ not in scenario.serves(group):
                yield problem(
                    scenario,
                    ("contacts", type_, "routes", i),
                    f"{group} does not serve {type_}",
                    f"add {type_} to serves of {group}, or leave the group out",
                )
        yield from _twice(scenario, ("contacts", type_, "routes"), routes or [])
        path = ("contacts", type_, "self_service", "offers", "products")
        yield from _twice(scenario, path, sold_by_bot(scenario.spec, type_))
    for group in scenario.groups:
        serves = scenario.spec.agents[group].serves
        path = ("agents", group, "serves")
        if serves is not None and not serves and not scenario.handed_to(group):
            remedy = "name a contact type, or leave serves out: then it serves all"
            yield problem(scenario, path, "it serves nothing", remedy)
        yield from _twice(scenario, path, serves or [])
    for product in scenario.products:
        spec = scenario.spec.offers[product]
        for key in ("during", "to", "needs"):
            yield from _twice(scenario, ("offers", product, key), getattr(spec, key) or [])
        yield from _selling_elsewhere(scenario, product)
        if product in spec.needs:
            path = ("offers", product, "needs", spec.needs.index(product))
            what = f"{product} needs itself, so nobody could ever buy it"
            yield problem(scenario, path, what, "leave it out")
    if not scenario.spec.initiatives:
        yield from needs_of_nobody(scenario, [])


def needs_of_nobody(scenario: Scenario, patched: list[Scenario]) -> Iterator[Problem]:
    """What an offer needs, somebody holds already, or can buy: some time, with initiatives."""
    offers = scenario.spec.offers
    offered = {
        name for one in (scenario, *patched) for name in one.spec.offers if is_sold(one.spec, name)
    }
    to_be_had = {name for name, offer in offers.items() if offer.held > 0}
    while True:
        more = {
            name
            for name, offer in offers.items()
            if name in offered and to_be_had.issuperset(offer.needs)
        }
        if more <= to_be_had:
            break
        to_be_had |= more
    for product, offer in offers.items():
        for i, needed in enumerate(offer.needs):
            is_lacking = needed in offers and needed != product and needed not in to_be_had
            if is_lacking and product in offered:
                what = f"nobody has {needed}, nor can buy it, so nobody could ever buy {product}"
                remedy = f"say how many have it already, offers.{needed}.held: 20%, or offer it"
                yield problem(scenario, ("offers", product, "needs", i), what, remedy)


def _selling_elsewhere(scenario: Scenario, product: str) -> Iterator[Problem]:
    """Specialists do not answer what is handed on to them; agents who call may be idle enough."""
    policy, during = scenario.spec.offers[product].policy, scenario.spec.offers[product].during
    if policy.group not in scenario.groups:
        return
    path = ("offers", product, "policy", "group")
    own = [t for t in scenario.serves(policy.group) if during is None or t in during]
    if policy.place == "handed on" and own:
        what = f"{policy.group} serves {own[0]} itself, so it would hand on to itself"
        remedy = f"leave {own[0]} out of serves of {policy.group}; serves: [] for none"
        yield problem(scenario, path, what, remedy)
    positions = scenario.spec.agents[policy.group].positions
    seats = positions.seats if positions is not None else None
    if policy.place == "called later" and isinstance(seats, float) and seats <= policy.kept_free:
        what = f"of {seats:g} agents of {policy.group} never more than {policy.kept_free} are free"
        yield problem(scenario, path, what, f"write reserve: {max(0, int(seats) - 1)}, or less")


def problem(
    scenario: Scenario, path: KeyPath, what: str, remedy: str, *, key: bool = False
) -> Problem:
    """Return a problem; a block that is the only one of its kind may be typed without a name."""
    if path[0] in ("customers", "agents") and scenario.tree.node(path[:2]) is None:
        path = (path[0], *path[2:])
    return scenario.tree.problem(path, what, remedy, key=key)


def _references(scenario: Scenario) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield where a name stands, the name, and what it should be the name of."""
    for type_, contact in scenario.spec.contacts.items():
        path = ("contacts", type_)
        yield from (((*path, "shares", s), s, SEGMENT) for s in contact.shares or {})
        yield from (((*path, "head_start", s), s, SEGMENT) for s in contact.head_start)
        if contact.transfer is not None:
            yield (*path, "transfer", "to"), contact.transfer.to, GROUP
        yield from _of_bot(contact, path)
        yield from (((*path, "routes", i), g, GROUP) for i, g in enumerate(contact.routes or []))
        for i, call in enumerate(contact.volume.calls or []):
            if call.segment is not None:
                yield (*path, "volume", "calls", i, "segment"), call.segment, SEGMENT
    for group, spec in scenario.spec.agents.items():
        for i, type_ in enumerate(spec.serves or []):
            key = type_ if isinstance(spec.serves, dict) else i
            yield ("agents", group, "serves", key), type_, TYPE
    for product, offer in scenario.spec.offers.items():
        path = ("offers", product)
        yield from (((*path, "during", i), t, TYPE) for i, t in enumerate(offer.during or []))
        yield from (((*path, "to", i), s, SEGMENT) for i, s in enumerate(offer.to or []))
        yield from (((*path, "needs", i), p, PRODUCT) for i, p in enumerate(offer.needs))
        yield from (((*path, "acceptance", s), s, SEGMENT) for s in offer.acceptance.by_segment)
        reasons = offer.acceptance.effects.reasons if offer.acceptance.effects else {}
        yield from (((*path, "acceptance", "effects", "reasons", t), t, TYPE) for t in reasons)
        if offer.policy.group is not None:
            yield (*path, "policy", "group"), offer.policy.group, GROUP
        if isinstance(offer.policy.at_most, dict):
            yield from (((*path, "policy", "at_most", s), s, SEGMENT) for s in offer.policy.at_most)
    if scenario.spec.loyalty is not None:
        for i, segment in enumerate(scenario.spec.loyalty.eligible or []):
            yield ("loyalty", "eligible", i), segment, SEGMENT
    if scenario.spec.save_desk is not None:
        yield ("save_desk", "contacts"), scenario.spec.save_desk.contacts, TYPE
    for name, event in scenario.spec.events.items():
        yield from ((("events", name, "volume", t), t, TYPE) for t in event.volume)


def _of_bot(contact: ContactSpec, path: KeyPath) -> Iterator[tuple[KeyPath, str, str]]:
    bot = contact.self_service
    products = bot.offers.products if bot and bot.offers else []
    path = (*path, "self_service", "offers", "products")
    yield from (((*path, i), product, PRODUCT) for i, product in enumerate(products))


def _twice(scenario: Scenario, path: KeyPath, names: Iterable[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, name in enumerate(names):
        if name in seen:
            what = f"'{name}' stands here a second time"
            yield problem(scenario, (*path, i), what, "name it once")
        seen.add(name)

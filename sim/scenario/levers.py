"""Which levers does a scenario have that move something in it?

A decision that nothing reads as the scenario stands (a target that plans no seats, the price of
what nobody offers, the order of a single queue) is no lever there.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.domain.offers.policies import keys_of
from sim.scenario.scenario import Scenario
from sim.scenario.sold import is_sold
from sim.scenario.spec import ONE_GROUP
from sim.scenario.values import Value, values_of


def levers_of(scenario: Scenario) -> Iterator[Value]:
    """Yield what the company decides and moves something, in the order of the blocks."""
    moves = {"contacts": _of_contacts, "agents": _of_agents, "offers": _of_offers}
    for value in values_of(scenario):
        is_read = moves.get(str(value.path[0]), lambda *_: True)
        if value.is_lever and is_read(scenario, value):
            yield value


def _of_contacts(scenario: Scenario, value: Value) -> bool:
    type_, *keys = map(str, value.path[1:])
    serving = [group for group in scenario.groups if type_ in scenario.serves(group)]
    if keys == ["service_level", "target"]:
        return any(_plans(scenario, group) for group in serving)
    if keys == ["routes"]:
        return len(serving) > 1
    if keys[0] == "head_start":
        return len(scenario.segments) > 1
    return True


def _plans(scenario: Scenario, group: str) -> bool:
    """Whether the scenario itself plans seats for a service level."""
    positions = scenario.spec.agents[group].positions
    is_met = positions is not None and positions.meet is not None
    return is_met and scenario.maker_of_seats(group) is scenario


def _of_agents(scenario: Scenario, value: Value) -> bool:
    names = [str(key) for key in value.path[1:]]
    group = names.pop(0) if names and names[0] in scenario.groups else ONE_GROUP
    spec = scenario.spec.agents[group]
    if names[:1] == ["heads"] or names in (["positions"], ["people"]):
        return value.value is not None  # the other one is typed
    if names[:1] == ["positions"] and names[-1] in ("meet", "seats"):
        return value.value is not None
    if names[-1] == "replan":
        is_met = spec.positions is not None and spec.positions.meet is not None
        return is_met and len(scenario.lineage) > 1
    if names[-1] == "priority":
        handed_on = any(o.policy.group == group for o in scenario.spec.offers.values())
        return len(scenario.types_of(group)) + handed_on > 1
    return True


def _of_offers(scenario: Scenario, value: Value) -> bool:
    product, *keys = map(str, value.path[1:])
    if keys == ["policy", "offer"]:
        return True
    worlds = [s.spec for s in (scenario, *scenario.patched) if product in s.spec.offers]
    if not any(is_sold(spec, product) for spec in worlds):
        return False
    if keys[0] == "policy":
        return any(keys[1] in keys_of(spec.offers[product].policy.offer) for spec in worlds)
    if keys == ["tenure_from"]:
        return any(segment.acquisition for segment in scenario.spec.customers.values())
    return True

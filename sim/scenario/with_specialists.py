"""What specialists do, to whom an unsolved issue is transferred: how long, and what they solve."""

from __future__ import annotations

from sim.domain.contacts.handling import HoldSpec, TalkSpec, WrapUpSpec, split_handle
from sim.scenario.scenario import Scenario


def handling_by_specialists(
    scenario: Scenario, type_: str
) -> tuple[TalkSpec, HoldSpec | None, WrapUpSpec | None]:
    """Talk, hold and wrap-up of a specialist; where none are typed, those of the first agent."""
    spec = scenario.spec.contacts[type_].transfer
    if spec is None or (spec.handle is None and spec.talk is None):
        return scenario.handling(type_)
    if spec.handle is not None:
        return split_handle(spec.handle)
    assert spec.talk is not None
    return spec.talk, spec.hold, spec.wrap_up


def resolved_by_specialists(scenario: Scenario, type_: str) -> float:
    """Probability that a specialist solves what is handed on: that of what a bot leaves."""
    spec = scenario.spec.contacts[type_].transfer
    if spec is None:
        return 0.0
    return max(0.0, 1.0 - (1.0 - spec.resolves) * scenario.harder(type_))


def transferred(scenario: Scenario, type_: str) -> float:
    """Share of answered contacts that are handed on, while specialists are on duty."""
    spec = scenario.spec.contacts[type_].transfer
    return (1.0 - scenario.first_contact(type_)) * spec.share if spec else 0.0


def solved(scenario: Scenario, type_: str) -> float:
    """Probability that an answered contact solves its issue, if need be by specialists."""
    later = transferred(scenario, type_) * resolved_by_specialists(scenario, type_)
    return scenario.first_contact(type_) + later

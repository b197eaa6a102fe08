"""Contact types, groups and products that only an initiative brings: they exist from the start.

Until its week they have no contacts, no seats, and are never offered; so all weeks have tables of
one shape, and what was there before meets the same luck.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sim.domain.agents.rostering import PositionsSpec
from sim.domain.offers.policies import PolicySpec
from sim.scenario.contact_spec import ContactSpec
from sim.scenario.group_spec import GroupSpec
from sim.scenario.offer_spec import OfferSpec
from sim.scenario.spec import ScenarioSpec


def _without_contacts(spec: ContactSpec) -> ContactSpec:
    return spec.model_copy(update={"volume": spec.volume.model_copy(update={"per_week": 0.0})})


def _without_seats(spec: GroupSpec) -> GroupSpec:
    return spec.model_copy(
        update={"positions": PositionsSpec(seats=0.0), "heads": None, "people": None}
    )


def _never_offered(spec: OfferSpec) -> OfferSpec:
    return spec.model_copy(update={"policy": PolicySpec(offer="never")})


ASLEEP: dict[str, Callable[[Any], Any]] = {
    "contacts": _without_contacts,
    "agents": _without_seats,
    "offers": _never_offered,
}


def with_later_names(spec: ScenarioSpec, patched: Sequence[ScenarioSpec]) -> ScenarioSpec:
    """The spec with what any of the patched ones has more of, asleep; earlier names come first."""
    more: dict[str, dict[str, Any]] = {}
    for block, asleep in ASLEEP.items():
        own = getattr(spec, block)
        known: dict[str, Any] = {}
        for one in patched:
            for name, value in getattr(one, block).items():
                known.setdefault(name, asleep(value))
        if known.keys() - own.keys():
            order = [*(n for n in own if n not in known), *known]
            more[block] = {name: own.get(name, known.get(name)) for name in order}
    return spec.model_copy(update=more) if more else spec

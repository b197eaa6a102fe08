"""Is there ever somebody idle enough for work that waits until agents are idle?"""

from __future__ import annotations

from sim.scenario.group_spec import GroupSpec
from sim.scenario.scenario import Scenario


def never_idle_enough(scenario: Scenario) -> list[str]:
    """A sentence for each type of emails for which every group keeps all its seats free.

    A group that serves nothing else keeps nobody free. Seats by interval, or planned, are not known
    here.
    """
    found = []
    for type_ in scenario.types:
        deferred = scenario.spec.contacts[type_].deferred
        if deferred is None:
            continue
        seats = [_seats(scenario, group) for group in scenario.routes_of(type_)]
        if seats and all(n is not None and n <= deferred.reserve for n in seats):
            found.append(
                f"no {type_} is ever worked on: it is while more than {deferred.reserve} of a group"
                f" are idle (contacts.{type_}.deferred.reserve), and none has more"
            )
    return found


def _seats(scenario: Scenario, group: str) -> float | None:
    """The most seats of a group that serves something else too, if they are one number."""
    spec: GroupSpec = scenario.spec.agents[group]
    others = [t for t in scenario.types_of(group) if not scenario.spec.contacts[t].deferred]
    if not others:
        return None
    if spec.heads is not None:
        return float(spec.heads)
    if spec.people is not None:
        return float(spec.people.heads)
    if spec.positions is None or not isinstance(spec.positions.seats, int | float):
        return None
    return spec.positions.seats * spec.positions.scale

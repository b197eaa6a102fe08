"""Which changes does a plan of seats not follow, because an older scenario made it?

Seats that meet a service level are those of the file in which `meet` stands, so that variants are
compared at the same seats. A variant that changes what such a plan reads (the target, volumes,
opening hours, handling, resolution …) is told so: `replan: true` lets it plan for itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.language.node import KeyPath, dotted
from sim.scenario.patches import changes
from sim.scenario.scenario import Scenario
from sim.scenario.spec import ONE_GROUP

_OF_A_TYPE = frozenset(
    [
        *("open", "volume", "patience", "balk", "redial", "handle", "talk", "hold", "wrap_up"),
        *("resolution", "service_level", "routes", "self_service"),
    ]
)
_NOT_OF_A_VOLUME = frozenset(["trend", "season", "calls"])  # a plan is that of an average week
_NOT_OF_TIMES = frozenset(["cv", "distribution", "delay"])  # a plan knows means only
_MOST_NAMED = 3


def unmoved_seats(scenario: Scenario) -> list[str]:
    """A sentence for each group whose planned seats stay, though what they were planned by moves.

    None for groups that plan anew, or whose seats or heads were typed.
    """
    told = []
    for group, spec in scenario.spec.agents.items():
        maker = scenario.maker_of_seats(group)
        if spec.positions is None or spec.positions.meet is None or maker is scenario:
            continue
        moved = list(dict.fromkeys(_moved(maker, scenario, group)))
        if moved:
            more = f" and {len(moved) - _MOST_NAMED} more" if len(moved) > _MOST_NAMED else ""
            told.append(
                f"the seats of {group} stay as {maker.spec.name} planned them: they do not follow"
                f" {', '.join(moved[:_MOST_NAMED])}{more}; {_replan(scenario, group)}: true plans"
                " them anew"
            )
    return told


def _replan(scenario: Scenario, group: str) -> str:
    is_named = group != ONE_GROUP or scenario.tree.node(("agents", group)) is not None
    return f"agents.{group}.positions.replan" if is_named else "agents.positions.replan"


def _moved(maker: Scenario, scenario: Scenario, group: str) -> Iterator[str]:
    """Dotted paths of what the plan of a group reads and the scenario has changed since."""
    types = {*maker.types_of(group), *scenario.types_of(group)}
    for change in changes(maker.spec, scenario.spec):
        if _is_read(change.path, types, group):
            yield dotted(change.path)


def _is_read(path: KeyPath, types: set[str], group: str) -> bool:
    block, *keys = path
    if block == "contacts" and keys[:1] and keys[0] in types:
        in_volume = keys[1:2] == ["volume"] and keys[2:3] and keys[2] in _NOT_OF_A_VOLUME
        is_read = len(keys) == 1 or keys[1] in _OF_A_TYPE
        return is_read and not in_volume and keys[-1] not in _NOT_OF_TIMES
    return block in ("open", "forecast_error") or [block, *keys[:2]] == ["agents", group, "serves"]

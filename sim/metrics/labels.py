"""The name of a metric as people read it, with its definition where there are several."""

from __future__ import annotations

from sim.scenario.scenario import Scenario

LABELS = {"churn": "churn within a year"}
DEFINITIONS = {
    "answered-of-offered": "of offered",
    "answered-of-answered": "of answered",
    "answered-of-offered-less-short": "of offered less short",
    "answered-or-short-of-offered": "answered or short of offered",
}
LEVELS = {
    "answered-of-offered": "service_level_of_offered",
    "answered-of-answered": "service_level_of_answered",
    "answered-of-offered-less-short": "service_level_less_short",
    "answered-or-short-of-offered": "service_level_or_short",
}
"""The metric that is the service level by each definition."""


def label_of(name: str, *scenarios: Scenario) -> str:
    """`service level, of offered`: the name in words; the level as these scenarios define it."""
    if name == "service_level" and scenarios:
        return f"service level, {definition_of(*scenarios)}"
    return LABELS.get(name, name.replace("_", " "))


def repeated(*scenarios: Scenario) -> set[str]:
    """The metric that would only say `service_level` again, if all types have one definition."""
    found = {c.service_level.definition for one in scenarios for c in one.spec.contacts.values()}
    return {LEVELS[found.pop()]} if len(found) == 1 else set()


def definition_of(*scenarios: Scenario) -> str:
    """In words, the definition of the service level that is printed."""
    found = {c.service_level.definition for one in scenarios for c in one.spec.contacts.values()}
    if len(found) == 1:
        return DEFINITIONS[found.pop()]
    return "each type by its definition" if len(scenarios) == 1 else "each by its definition"


def other_measure(name: str, one: Scenario, two: Scenario) -> list[str]:
    """How two scenarios measure a metric differently: `calls service level within 20 s → 60 s`.

    Only contact types that both have are compared; empty where they measure alike.
    """
    before, after = _measure_of(name, one), _measure_of(name, two)
    pairs = ((key, was, after.get(key, was)) for key, was in before.items())
    return [f"{key} {was} → {now}" for key, was, now in pairs if now != was]


def _measure_of(name: str, scenario: Scenario) -> dict[str, str]:
    """What is typed about measuring a metric, by contact type and key."""
    found = {}
    for type_, contact in scenario.spec.contacts.items():
        level = contact.service_level
        if name.startswith("service_level"):
            found[f"{type_} service level within"] = f"{level.within:g} s"
        if name == "service_level":
            found[f"{type_} service level"] = DEFINITIONS[level.definition]
        if name == "short_abandonment":
            found[f"{type_} short abandonment"] = f"{contact.short_abandonment:g} s"
    return found

"""What a metric is called where people read it, with its definition where there are several."""

from __future__ import annotations

from sim.scenario import Scenario

LABELS = {"churn": "churn within a year"}
DEFINITIONS = {
    "answered-of-offered": "of offered",
    "answered-of-answered": "of answered",
    "answered-of-offered-less-short": "of offered less short",
    "answered-or-short-of-offered": "answered or short of offered",
}


def label_of(name: str, *scenarios: Scenario) -> str:
    """`service level, of offered`: the name in words; the level as these scenarios define it."""
    if name == "service_level" and scenarios:
        return f"service level, {definition_of(*scenarios)}"
    return LABELS.get(name, name.replace("_", " "))


def definition_of(*scenarios: Scenario) -> str:
    """By which definition the printed service level is, in words."""
    found = {c.service_level.definition for one in scenarios for c in one.spec.contacts.values()}
    return DEFINITIONS[found.pop()] if len(found) == 1 else "each type by its definition"

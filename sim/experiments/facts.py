"""Whether a number that a study moves is a fact of the world, or what one scenario does.

A fact (environment or outcome) is the same in all scenarios of a comparison: it moves on every
file of the based_on chain, so that baseline and variant share one today. A decision moves in its
scenario alone; so does what a file above the root types itself, for there the scenario differs
from its base on purpose. A mapping of several keys is a decision.
"""

from __future__ import annotations

from sim.core.errors import ScenarioError
from sim.language.assignment import parse_assignment
from sim.plan.made_from import made_from
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.scenario.values import values_of

WORLD = ("environment", "outcome")


def is_fact(scenario: Scenario, assignment: str) -> bool:
    """Whether an assignment such as "finance.discount_rate=5%" is about the world."""
    typed = parse_assignment(assignment)
    if typed.operand.lstrip().startswith("{"):
        return False
    path = typed.path
    values = [(tuple(map(str, one.path)), one) for one in values_of(scenario)]
    below = [one for found, one in values if found[: len(path)] == path]
    above = [one for found, one in values if found == path[: len(found)]]
    touched = below or above
    if not touched or any(one.mark not in WORLD for one in touched):
        return False
    places = [one.place for one in touched if one.place is not None and one.place.file]
    return not any(place.layer > 0 for place in places)


def moved(scenario: Scenario, assignment: str) -> str:
    """The line that says which of the two was done."""
    path = parse_assignment(assignment).path
    name = ".".join(path)
    if is_fact(scenario, assignment):
        return f"{name} is a fact of the world: it moves in every scenario, and so does today"
    return f"{name} moves in {scenario.spec.name} alone: today (anchors, planned seats) stays"


def touching_today(scenario: Scenario) -> list[str]:
    """Its own `--set`s that would change today if they were typed into the root file."""
    file, common = scenario.tree.file, scenario.tree.common_sets
    facts = [text for text in scenario.tree.own_sets if is_fact(scenario, text)]
    if not facts:
        return []
    today = made_from(load(file, everywhere=common).root)
    return [text for text in facts if _made_with(file, [*common, text]) != today]


def _made_with(file: str, sets: list[str]) -> str:
    try:
        return made_from(load(file, everywhere=sets).root)
    except ScenarioError:  # it is right only together with others
        return ""

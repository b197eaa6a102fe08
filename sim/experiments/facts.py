"""Whether a number that a study changes is a fact of the world, or what one scenario does.

A fact (environment or outcome) is the same in all scenarios of a comparison. So it changes in every
file of the based_on chain, and baseline and variant share one today. A decision changes in its own
scenario alone. So does a value that a file types over its based_on, for there the scenario differs
from its base on purpose. A mapping is a fact if all its values are.
"""

from __future__ import annotations

from sim.core.errors import ScenarioError
from sim.language.assignment import parse_assignment
from sim.language.node import KeyPath
from sim.language.tree import Tree
from sim.plan.made_from import made_from
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.scenario.values import mark_of

WORLD = ("environment", "outcome")


def is_fact(scenario: Scenario, assignment: str) -> bool:
    """Whether an assignment such as "finance.discount_rate=5%" is about the world."""
    touched = _touched(scenario.tree, assignment)
    if any(mark_of(path) not in WORLD for path in touched):
        return False
    places = [scenario.tree.origin(path) for path in touched]
    return not any(place is not None and place.file and place.layer > 0 for place in places)


def _touched(tree: Tree, assignment: str) -> list[KeyPath]:
    """The paths that an assignment changes: every name for a `*`, long keys for short ones."""
    laid, _ = tree.assigned([assignment])
    ours = len(tree.files) + len(tree.sets)
    found = [
        path
        for path, node in laid.root.walk()
        if node.place.layer == ours and not isinstance(node.value, dict)
    ]
    return found or [parse_assignment(assignment).path]


def moved(scenario: Scenario, assignment: str) -> str:
    """A sentence that says whether it moves in every scenario, or in this one alone."""
    path = parse_assignment(assignment).path
    name = ".".join(path)
    if is_fact(scenario, assignment):
        return f"{name} is a fact of the world: it moves in every scenario, and so does today"
    return f"{name} moves in {scenario.spec.name} alone: today (anchors, planned seats) stays"


def touching_today(scenario: Scenario) -> list[str]:
    """The `--set`s of this scenario that would change today, were they typed into its file."""
    file, common = scenario.tree.file, scenario.tree.common_sets
    facts = [text for text in scenario.tree.own_sets if is_fact(scenario, text)]
    if not facts:
        return []
    today = made_from(load(file, everywhere=common).root)
    return [text for text in facts if _made_with(file, [*common, text]) != today]


def stays_as_typed(scenario: Scenario) -> list[str]:
    """A sentence for each `--set` that leaves today as it is, as it makes a variant of its file."""
    return [
        f"{scenario.spec.name}: --set {text} makes a variant of {scenario.tree.file}: today"
        " (anchors, planned seats) stays as the file says; type it into the file to change today"
        for text in touching_today(scenario)
    ]


def _made_with(file: str, sets: list[str]) -> str:
    try:
        return made_from(load(file, everywhere=sets).root)
    except ScenarioError:  # it is right only together with others
        return ""

"""From a file to a scenario: every level of its lineage read, laid over, and checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from sim.core.errors import ScenarioError
from sim.language.assignment import parse_assignment
from sim.language.load_tree import load_tree
from sim.language.tree import Tree, ancestors
from sim.scenario.check_fit import check
from sim.scenario.scenario import Scenario, _spec
from sim.scenario.spec import NAMED_BLOCKS, ScenarioSpec


def load(path: str | Path, set: Iterable[str] = (), everywhere: Iterable[str] = ()) -> Scenario:
    """Read, resolve and check a scenario file; assignments are written as in "seed=3".

    `set` makes a variant of the file. `everywhere` is about the world: it is put on top of each
    file of the based_on chain, once a level, as if it had been typed into the root; on a lower
    level only where it fits there. Raises ScenarioError with every problem found.
    """
    own, common = list(set), list(everywhere)
    tree = load_tree(path, [*common, *own], ScenarioSpec)
    *older, alone = ancestors(tree)
    lineage: list[Scenario] = []
    lowest: dict[str, int] = {}
    for level, base in enumerate([*older, alone] if own else older):
        fitting = common if base is alone else _fitting(common, base, alone, lineage)
        lowest = {text: level for text in fitting} | lowest
        laid, _ = base.assigned(fitting)
        laid = replace(laid, everywhere=tuple((text, lowest[text]) for text in fitting))
        lineage.append(Scenario(laid, _spec(laid), lineage))
        check(lineage[-1])
    levels = tuple((text, lowest.get(text, len(older))) for text in common)
    tree = replace(tree, everywhere=levels)
    scenario = Scenario(tree, _spec(tree), lineage)
    check(scenario)
    return scenario


def again(scenario: Scenario, set: Iterable[str] = (), everywhere: Iterable[str] = ()) -> Scenario:
    """Load the file of a scenario anew, as it was asked for and with further assignments."""
    tree = scenario.tree
    return load(tree.file, [*tree.own_sets, *set], [*tree.common_sets, *everywhere])


def fitting(sets: Iterable[str], file: str | Path, top: Scenario) -> list[str]:
    """Those assignments about the world of one scenario that another file can take."""
    alone = load(file)
    return _fitting(list(sets), ancestors(alone.tree)[-1], top.tree, alone.lineage[:-1])


def _fitting(sets: list[str], base: Tree, top: Tree, lineage: list[Scenario]) -> list[str]:
    """Those assignments that a lower level of the chain can take."""
    kept = [text for text in sets if not _names_what_is_higher(text, base, top)]
    while kept and _faults(base, kept, lineage):
        fewer = [[*kept[:i], *kept[i + 1 :]] for i in range(len(kept))]
        kept = min(fewer, key=lambda texts: _faults(base, texts, lineage))
    return kept


def _names_what_is_higher(text: str, base: Tree, top: Tree) -> bool:
    """Whether it changes an offer, a group … that only a higher file has."""
    one = parse_assignment(text).path[:2]
    is_named = len(one) == 2 and one[0] in NAMED_BLOCKS
    return is_named and base.node(one) is None and top.node(one) is not None


def _faults(base: Tree, sets: list[str], lineage: list[Scenario]) -> int:
    """How much is wrong with a level under these assignments."""
    laid, problems = base.assigned(sets)
    try:
        check(Scenario(laid, _spec(laid), lineage))
    except ScenarioError as error:
        return len(problems) + len(error.problems)
    return len(problems)

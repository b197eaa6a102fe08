"""What a scenario is held against where nobody says it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sim.core.errors import ScenarioError
from sim.scenario.load import again, fitting, load
from sim.scenario.scenario import Scenario


class Baseline(NamedTuple):
    """A baseline, and why it is one."""

    scenario: Scenario
    source: str


def baseline_of(variant: Scenario, named: str | None, everywhere: Sequence[str] = ()) -> Baseline:
    """The one that is named; else the file it is based on; else itself.

    Itself means with offers never, and without initiatives. `everywhere` is about the world that
    both share; a file that is named takes of it what fits there. Raises ScenarioError where only
    itself is left and nothing would be taken away.
    """
    if named is not None:
        common = fitting(everywhere, named, variant)
        return Baseline(load(named, everywhere=common), f"--base {named}")
    if len(variant.tree.files) > 1:
        file = variant.tree.files[-2]
        return Baseline(load(file, everywhere=_below(variant)), f"based_on {file}")
    selling = [name for name, o in variant.spec.offers.items() if not o.policy.is_never]
    if not (selling or variant.spec.initiatives):
        what = "it is based on nothing and offers nothing, so it is its own baseline"
        remedy = "name another with --base, or --set offers.NAME.policy=always"
        raise ScenarioError([variant.tree.problem(("offers",), what, remedy)], variant.tree.file)
    sets = [text for name in selling for text in _never(variant, name)]
    source = "itself, offers never"
    if variant.spec.initiatives:
        removed = [f"initiatives.{name}=null" for name in variant.spec.initiatives]
        sets, source = [*removed, *sets], f"{source}, no initiatives"
    return Baseline(again(variant, sets), source)


def _never(variant: Scenario, product: str) -> list[str]:
    """A policy that was typed goes first, with the numbers that `never` does not know."""
    path = f"offers.{product}.policy"
    removed = [f"{path}=null"] if variant.tree.node(("offers", product, "policy")) else []
    return [*removed, f"{path}=never"]


def _below(variant: Scenario) -> tuple[str, ...]:
    """What is said of the world and fits the file that the variant is based on."""
    return variant.lineage[len(variant.tree.files) - 2].tree.common_sets

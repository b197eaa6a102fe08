"""The baseline of a scenario, also where none is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sim.core.errors import ScenarioError
from sim.scenario.load import again, fitting, load
from sim.scenario.scenario import Scenario
from sim.scenario.sold import is_sold, sold_by_bot


class Baseline(NamedTuple):
    """A baseline, and why it is one."""

    scenario: Scenario
    source: str


def baseline_of(variant: Scenario, named: str | None, everywhere: Sequence[str] = ()) -> Baseline:
    """The file that is named; else the file on which the variant is based; else the variant itself
    without offers and initiatives.

    `everywhere` are `--set`s for both; of these a file that is named takes those that fit it.
    Raises ScenarioError where the variant itself has no offers and no initiatives to leave out.
    """
    if named is not None:
        common = fitting(everywhere, named, variant)
        return Baseline(load(named, everywhere=common), f"--base {named}")
    if len(variant.tree.files) > 1:
        file = variant.tree.files[-2]
        return Baseline(load(file, everywhere=_below(variant)), f"based_on {file}")
    selling = [name for name in variant.spec.offers if is_sold(variant.spec, name)]
    if not (selling or variant.spec.initiatives):
        what = "it is based on nothing and offers nothing, so it is its own baseline"
        remedy = "name another with --base, or --set offers.NAME.policy=always"
        raise ScenarioError([variant.tree.problem(("offers",), what, remedy)], variant.tree.file)
    sets = [text for name in selling for text in _never(variant, name)]
    sets += _no_bot_sells(variant)
    source = "itself, offers never"
    if variant.spec.initiatives:
        removed = [f"initiatives.{name}=null" for name in variant.spec.initiatives]
        sets, source = [*removed, *sets], f"{source}, no initiatives"
    return Baseline(again(variant, sets), source)


def _never(variant: Scenario, product: str) -> list[str]:
    """The `--set`s that stop an offer; the typed policy goes first, as `never` takes no numbers."""
    path = f"offers.{product}.policy"
    removed = [f"{path}=null"] if variant.tree.node(("offers", product, "policy")) else []
    return [*removed, f"{path}=never"]


def _no_bot_sells(variant: Scenario) -> list[str]:
    """The `--set`s by which bots offer nothing."""
    types = [name for name in variant.types if sold_by_bot(variant.spec, name)]
    return [f"contacts.{name}.self_service.offers=null" for name in types]


def _below(variant: Scenario) -> tuple[str, ...]:
    """The `--set`s for all files that fit the file on which the variant is based."""
    return variant.lineage[len(variant.tree.files) - 2].tree.common_sets

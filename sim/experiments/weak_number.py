"""A number that turning points move: where it stands, what it might well be, and how it is moved.

It is changed in all segments or products at once, in proportion, in the baseline as well as in the
variant, and in all that they are based on: it is about the world, not about what is done. Today
(anchors, planned seats) follows, as if the number were typed into the root file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from sim.domain.customers.customers import SegmentSpec
from sim.domain.offers.offers import RecurringSpec
from sim.language.evidence import Evidence
from sim.language.quantities import read_quantity
from sim.scenario.scenario import Scenario
from sim.scenario.sold import is_sold
from sim.scenario.spec import ScenarioSpec

ALL = "*"
HOLDERS = "offers.*.holders."
"""What customers do who have a product, whether anybody offers it or not."""

How = Literal["ledger", "valuation", "simulation"]
"""Where a number enters: only where money is booked, only where its future is discounted, or play.

What is booked is affine in the number, so two bookings tell all of it exactly."""


class WeakNumber(NamedTuple):
    """A number, as a sentence speaks of it."""

    name: str
    sentence: str
    """`{} of churn is due to service`, filled with `less than 11 %`."""
    how: How
    paths: tuple[str, ...]
    """`customers.*` itself stands for what of churn is due to service, wherever that is typed."""
    low: float
    high: float
    """What it might well be: of a share itself, of anything else in times what is typed."""
    evidence: Evidence
    is_share: bool = False
    search: tuple[float, float] = (0.0, 3.0)
    """Where a change of sign is looked for, in times what is typed; a part at most up to 1."""
    only_for: tuple[str, ...] = ()
    """Deciding metrics for which it matters; all if empty."""
    is_part: bool = False
    """Whether the number itself cannot pass 1, though it is told in times what is typed."""

    def touches(self, scenario: Scenario) -> bool:
        """Whether play or today can depend on it: a number of offers or initiatives needs some."""
        if self.paths[0].startswith(HOLDERS):
            return bool(self.values(scenario.spec))
        if self.paths[0].startswith("offers."):
            weeks = [one for level in scenario.lineage for one in level.in_its_weeks]
            return any(is_sold(one.spec, name) for one in weeks for name in one.spec.offers)
        is_of_initiatives = self.paths[0].startswith("initiatives.")
        return not is_of_initiatives or any(one.spec.initiatives for one in scenario.lineage)

    def values(self, spec: ScenarioSpec) -> list[float]:
        """What is typed, or filled in, wherever it stands; nothing where it is switched off."""
        found: list[float] = []
        for path in self.paths:
            changed(spec, path.split("."), lambda leaf: found.append(_amount(leaf)) or leaf)
        return [value for value in found if value]

    def times(self, scenario: Scenario, factor: float) -> Scenario:
        """The scenario with the number at so many times its value, on each level of its lineage."""

        def changed_spec(spec: ScenarioSpec) -> ScenarioSpec:
            for path in self.paths:
                keys = path.split(".")
                spec = changed(spec, keys, lambda leaf: _times(leaf, factor, self.is_share))
            return spec

        return throughout(scenario, changed_spec)


def throughout(scenario: Scenario, change: Callable[[ScenarioSpec], ScenarioSpec]) -> Scenario:
    """The scenario with a change made on each level of its lineage."""
    below = [throughout(level, change) for level in scenario.lineage[:-1]]
    return Scenario(scenario.tree, change(scenario.spec), below)


def changed(node: Any, path: list[str], change: Callable[[Any], Any]) -> Any:
    """A copy of a block with another value at a path; `*` is every name."""
    if not path or node is None:
        return change(node) if node is not None else None
    key, *rest = path
    if isinstance(node, dict):
        return {k: changed(v, rest, change) if key in (ALL, k) else v for k, v in node.items()}
    if not hasattr(node, key) or (key == "churn" and _is_discount(node)):
        return node  # a margin of the sale alone has no keys, and nobody gives up a discount
    return node.model_copy(update={key: changed(getattr(node, key), rest, change)})


def _is_discount(node: Any) -> bool:
    return isinstance(node, RecurringSpec) and node.per_month < 0


def _amount(leaf: Any) -> float:
    if isinstance(leaf, SegmentSpec):
        return leaf.service_share
    if isinstance(leaf, RecurringSpec):
        return leaf.per_month
    if isinstance(leaf, tuple):  # by interval of the day or week
        return sum(leaf) / len(leaf)
    quantity = read_quantity(leaf)
    return quantity.amount if quantity else 0.0


def _times(leaf: Any, factor: float, is_share: bool) -> Any:
    if isinstance(leaf, SegmentSpec):
        due = min(1.0, leaf.service_share * factor) if leaf.churn else None
        return leaf.model_copy(update={"due_to_service": due})
    if isinstance(leaf, RecurringSpec):
        return leaf.model_copy(update={"per_month": leaf.per_month * factor})
    if isinstance(leaf, tuple):
        return tuple(_times(one, factor, is_share) for one in leaf)
    if isinstance(leaf, str):
        quantity = read_quantity(leaf)
        return str(quantity._replace(number=quantity.number * factor)) if quantity else leaf
    return min(1.0, leaf * factor) if is_share else leaf * factor

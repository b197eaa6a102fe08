"""What the patches of initiatives change: values, week by week, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from sim.core.errors import Problem
from sim.language.block import Block
from sim.language.node import KeyPath, dotted
from sim.language.tree import Tree
from sim.language.validate import faults
from sim.scenario.spec import ScenarioSpec

# What a week's plan is made of and nothing else reads: all else is booked for the whole horizon, or
# decides how large its tables are (a contract's term).
WEEKLY = {
    "contacts": ("talk", "hold", "wrap_up", "handle", "patience", "balk", "redial", "resolution"),
    "offers": (
        "policy", "conduct", "candidates", "acceptance", "talk", "fulfilment", "cool_down",
        "on_unresolved", "tenure_from",
    ),
}  # fmt: skip


VOLUME = ("volume", "per_week")


class PatchedValue(NamedTuple):
    """A value that a patch changes, by its path in the spec."""

    path: KeyPath
    before: Any
    after: Any

    @property
    def is_number(self) -> bool:
        """Whether it can go a part of the way; a whole number cannot."""
        return isinstance(self.before, float) and isinstance(self.after, float)

    @property
    def is_for_the_rest(self) -> bool:
        """Whether it is the acceptance of segments that are not named."""
        return self.path[2:] == ("acceptance", "everyone")

    @property
    def is_weekly(self) -> bool:
        """Whether the plan of a week is all that reads it."""
        block, keys = self.path[0], self.path[2:]
        is_volume = block == "contacts" and keys == VOLUME and self.is_number
        return is_volume or (len(keys) > 0 and keys[0] in WEEKLY.get(str(block), ()))


def spelled_out(spec: ScenarioSpec) -> ScenarioSpec:
    """The spec in which one number for all segments is a number for each of them.

    So a number and a mapping by segment can be compared, and one can go a part of the way to the
    other. What nobody uses any more, `everyone`, stays.
    """
    segments = list(spec.customers)
    offers = dict(spec.offers)
    for name, offer in spec.offers.items() if segments else ():
        shares = {segment: offer.acceptance.of(segment) for segment in segments}
        acceptance = offer.acceptance.model_copy(update={"by_segment": shares})
        limit = offer.policy.at_most
        if limit is not None and not isinstance(limit, dict):
            limit = dict.fromkeys(segments, limit)
        policy = offer.policy.model_copy(update={"at_most": limit})
        offers[name] = offer.model_copy(update={"acceptance": acceptance, "policy": policy})
    return spec.model_copy(update={"offers": offers})


def changes(before: Any, after: Any, path: KeyPath = ()) -> Iterator[PatchedValue]:
    """Yield every value that differs between two specs of one shape."""
    if before == after:
        return
    one, two = _parts(before), _parts(after)
    if one is None or two is None or type(before) is not type(after):
        yield PatchedValue(path, before, after)
        return
    for key in dict.fromkeys([*one, *two]):
        yield from changes(one.get(key), two.get(key), (*path, key))


def moved(spec: Any, before: Any, after: Any, share: float) -> Any:
    """The spec with this share of the way from before to after, where these differ.

    Where the spec has a multiple of the number of `before`, as where a belief scales it, it gets
    the same multiple of the number reached. What is no number is that of `after` as soon as the
    share is above 0.
    """
    if before == after or share == 0.0:
        return spec
    one, two, own = _parts(before), _parts(after), _parts(spec)
    if one is None or two is None or own is None or type(before) is not type(after):
        if isinstance(before, float) and isinstance(after, float):
            reached = before + share * (after - before) if share < 1.0 else after
            return reached if spec == before or before == 0.0 else reached * (spec / before)
        return after
    parts = {key: moved(own.get(key), one.get(key), value, share) for key, value in two.items()}
    if isinstance(spec, Block):
        return spec.model_copy(update=parts)
    others = {key: value for key, value in own.items() if key not in one or key in two}
    return others | {key: value for key, value in parts.items() if value is not None}


def _parts(value: Any) -> dict[str, Any] | None:
    if isinstance(value, Block):
        return {name: getattr(value, name) for name in type(value).model_fields}
    return value if isinstance(value, dict) else None


def faults_of_patches(tree: Tree) -> Iterator[Problem]:
    """What is wrong in the patches alone: keys that do not exist, values that do not fit."""
    node = tree.node(("initiatives",))
    by_name = node.value if node is not None and isinstance(node.value, dict) else {}
    known = {(p.place, p.what) for p in faults(ScenarioSpec, tree.root)} if by_name else set()
    for name, one in by_name.items():
        patch = one.child("set")
        if patch is not None and isinstance(patch.value, dict):
            path = ("initiatives", name, "set")
            patched, problems = tree.patched(path)
            for problem in [*problems, *faults(ScenarioSpec, patched.root)]:
                if (problem.place, problem.what) not in known:
                    yield replace(problem, path=f"{dotted(path)}.{problem.path}")


def faults_together(tree: Tree) -> Iterator[Problem]:
    """What is wrong with all patches at once, where each is sound alone."""
    node, patched = tree.node(("initiatives",)), tree
    for name in node.value if node is not None else ():
        patched, _ = patched.patched(("initiatives", name, "set"))
    yield from faults(ScenarioSpec, patched.root) if node is not None else []

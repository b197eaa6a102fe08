"""What the patches of initiatives change: values, week by week, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from sim.core.errors import Problem
from sim.language.block import Block
from sim.language.node import KeyPath, dotted
from sim.language.quantities import read_quantity
from sim.language.tree import Tree
from sim.language.validate import faults
from sim.scenario.spec import ScenarioSpec

# In what weeks can differ: a week's plan is made of it, its seats, or the money booked for it. All
# else says what today is, how it is measured, or how large the tables are (a contract's term).
WEEKLY: dict[str, tuple[KeyPath, ...]] = {
    "contacts": (
        ("volume", "per_week"), ("talk",), ("hold",), ("wrap_up",), ("handle",), ("patience",),
        ("balk",), ("redial",), ("resolution",), ("price",), ("lead_cost",),
        ("self_service",), ("concurrency",), ("silent",), ("deferred",), ("callback",),
        ("transfer",), ("history",),
        ("messaging", "answers_after"), ("messaging", "reads"), ("messaging", "usual_wait"),
    ),
    "agents": (
        ("positions",), ("heads",), ("people",), ("shrinkage",), ("wage",), ("turnover",),
        ("paid",),
    ),
    "offers": (
        ("policy",), ("conduct",), ("candidates",), ("acceptance",), ("talk",), ("fulfilment",),
        ("cool_down",), ("on_unresolved",), ("tenure_from",), ("during",), ("to",), ("needs",),
        ("price",), ("margin",), ("commission",), ("returns",), ("incremental",),
        ("preparation",), ("downgrade",), ("call_list",),
    ),
    "customers": (("margin",), ("churn", "rate"), ("acquisition", "cost")),
    "costs": (
        ("on_cost",), ("overtime",), ("overhead",), ("licence",), ("fixed",), ("telecom",),
        ("recruiting",), ("class_weeks",), ("severance_weeks",),
    ),
}  # fmt: skip
SEATS: tuple[KeyPath, ...] = (
    ("positions",),
    ("heads",),
    ("people", "heads"),
    ("people", "shifts"),
    ("people", "coaching"),
    ("shrinkage",),
)
"""Keys of a group by which its seats are planned, and what is paid for them."""
OF_TODAY: dict[str, tuple[KeyPath, ...]] = {
    "contacts": (("volume",), ("shares",)),
    "offers": (("held",), ("holders",)),
    "customers": (("count",), ("due_to_service",), ("churn",)),
}
"""What says how today is, not what is done; anchors and seats are made of it."""


def are_of_seats(path: KeyPath) -> bool:
    """Whether seats of a group are planned, or paid, by what a path leads to."""
    return path[0] == "agents" and any(path[2 : 2 + len(keys)] == keys for keys in SEATS)


class PatchedValue(NamedTuple):
    """A value that a patch changes, by its path in the spec."""

    path: KeyPath
    before: Any
    after: Any

    @property
    def is_number(self) -> bool:
        """Whether it can go a part of the way; a whole number cannot, but seats can."""
        return (
            self.is_of_seats or _on_the_way(self.before, self.before, self.after, 1.0) is not None
        )

    @property
    def is_of_seats(self) -> bool:
        """Whether seats are planned by it: each cell goes its part of the way."""
        return are_of_seats(self.path)

    @property
    def is_for_the_rest(self) -> bool:
        """Whether it is the acceptance of segments that are not named."""
        return self.path[2:] == ("acceptance", "everyone")

    @property
    def is_weekly(self) -> bool:
        """Whether weeks can differ in it."""
        return self._is_in(WEEKLY) and (self._keys != ("volume", "per_week") or self.is_number)

    @property
    def is_of_today(self) -> bool:
        """Whether it says what today is."""
        return self._is_in(OF_TODAY)

    @property
    def _keys(self) -> KeyPath:
        """The keys below a name, or below a block that has no names."""
        return self.path[1:] if self.path[0] == "costs" else self.path[2:]

    def _is_in(self, table: dict[str, tuple[KeyPath, ...]]) -> bool:
        keys = self._keys
        return any(keys[: len(one)] == one for one in table.get(str(self.path[0]), ()))


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

    What is no number is that of `after` as soon as the share is above 0.
    """
    if before == after or share == 0.0:
        return spec
    one, two, own = _parts(before), _parts(after), _parts(spec)
    if one is None or two is None or own is None or type(before) is not type(after):
        number = _on_the_way(spec, before, after, share)
        return after if number is None else number
    parts = {key: moved(own.get(key), one.get(key), value, share) for key, value in two.items()}
    if isinstance(spec, Block):
        return spec.model_copy(update=parts)
    others = {key: value for key, value in own.items() if key not in one or key in two}
    return others | {key: value for key, value in parts.items() if value is not None}


def _on_the_way(spec: Any, before: Any, after: Any, share: float) -> Any:
    """The number, or the text of one, so far on its way; None where these are no such numbers.

    Where the spec has a multiple of the number of `before`, as where a belief scales it, it gets
    the same multiple of the number reached.
    """
    ways = (spec, before, after)
    if any(isinstance(value, tuple) for value in ways):
        return _each_on_the_way(*ways, share)
    if not any(all(isinstance(v, t) for v in ways) for t in (float, str)):
        return None
    own, one, two = (read_quantity(value) for value in ways)
    if own is None or one is None or two is None or one[1:3] != two[1:3]:
        return None
    reached = one.number + share * (two.number - one.number) if share < 1.0 else two.number
    if own.number != one.number and one.number != 0.0:
        reached *= own.number / one.number
    return reached if isinstance(after, float) else str(two._replace(number=reached))


def _each_on_the_way(spec: Any, before: Any, after: Any, share: float) -> Any:
    """The same of numbers typed by interval; None where these do not fill the same time."""
    ways = (spec, before, after)
    lengths = {len(value) for value in ways if isinstance(value, tuple)}
    if len(lengths) > 1:
        return None
    (length,) = lengths
    own, one, two = (value if isinstance(value, tuple) else (value,) * length for value in ways)
    found = tuple(_on_the_way(*row, share) for row in zip(own, one, two, strict=True))
    return None if None in found else found


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

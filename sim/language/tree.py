"""A scenario as nodes with places: what was laid over what, and what each layer changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from sim.core.errors import Problem
from sim.language.block import Block
from sim.language.merge import Merge
from sim.language.node import KeyPath, Node, Place, dotted, node_of


class TypedChange(NamedTuple):
    """A value that differs from the one below it; None where there is none."""

    path: KeyPath
    before: Any
    after: Any
    place: Place
    """Where the new value stands; for a value removed, the file or `--set` that removed it."""

    def __str__(self) -> str:
        before = "nothing" if self.before is None else self.before
        return f"{dotted(self.path)}: {before} -> {'nothing' if self.after is None else self.after}"


@dataclass(frozen=True)
class Tree:
    """A scenario as typed: the files of the `based_on` chain and the `--set`s, merged."""

    root: Node
    files: tuple[str, ...]
    """The files of the chain, root first, each as the user would type it."""
    sets: tuple[str, ...] = ()
    model: type[Block] | None = None
    """The model whose short forms were expanded before the merge."""
    alone: tuple[Node, ...] = field(default=(), repr=False, compare=False)
    """What each file of the chain resolves to without `--set`s, root first."""
    said: tuple[str, ...] = field(default=(), compare=False)
    """What was understood differently from how it was typed, a line each."""
    everywhere: tuple[tuple[str, int], ...] = ()
    """Those first `--set`s that lie on every file of the chain: (text, lowest level)."""

    @property
    def common_sets(self) -> tuple[str, ...]:
        """The `--set`s that lie on every file of the chain."""
        return self.sets[: len(self.everywhere)]

    @property
    def own_sets(self) -> tuple[str, ...]:
        """The `--set`s that lie on the file that was asked for alone."""
        return self.sets[len(self.everywhere) :]

    def level_of(self, place: Place) -> int:
        """The level of the chain that typed what stands at a place."""
        return dict(self.everywhere).get(place.assignment, place.layer)

    def assigned(self, sets: Sequence[str]) -> tuple[Tree, list[Problem]]:
        """Return the tree with further `--set`s, and what cannot be merged."""
        problems: list[Problem] = []
        merge, root = Merge(self.model, problems), self.root
        for number, text in enumerate(sets, start=len(self.files) + len(self.sets)):
            root = merge.assignment(root, text, Place(number, assignment=text))
        return replace(self, root=root, sets=(*self.sets, *sets)), problems

    @property
    def file(self) -> str:
        """The file that was asked for."""
        return self.files[-1]

    @cached_property
    def values(self) -> dict[str, Any]:
        """The merged values in plain Python; short forms are expanded if a model was given."""
        return self.root.plain()

    def node(self, path: Sequence[str | int]) -> Node | None:
        """Return the node at a path, or None."""
        node: Node | None = self.root
        for key in path:
            node = node.child(key) if node is not None else None
        return node

    def origin(self, path: Sequence[str | int]) -> Place | None:
        """Return where the value at a path was typed; None if nobody did."""
        node = self.node(path)
        return node.place if node is not None else None

    def before(self, path: Sequence[str | int]) -> Any:
        """Return the value that stood here in the layer below; None if there was none."""
        node = self.node(path)
        return node.before.plain() if node is not None and node.before is not None else None

    def folder_of(self, path: Sequence[str | int]) -> Path:
        """Return the folder to which a file name at this path is relative.

        It is that of the file in which the name stands; for a `--set`, that of the scenario.
        """
        place = self._nearest(path).place
        return Path(place.file or self.file).parent

    def with_value(self, path: Sequence[str | int], value: Any) -> Tree:
        """Return a tree with another value at a path, in its place; KeyError if nobody typed it."""
        return replace(self, root=_with_value(self.root, tuple(path), value))

    def patched(self, path: Sequence[str | int]) -> tuple[Tree, list[Problem]]:
        """Return the tree with what stands at a path laid on top, and what cannot be merged."""
        patch = self.node(path)
        assert patch is not None
        problems: list[Problem] = []
        root = Merge(self.model, problems).patch(self.root, patch)
        return replace(self, root=root), problems

    def problem(
        self, path: Sequence[str | int], what: str, remedy: str, *, key: bool = False
    ) -> Problem:
        """Return a problem with the value at a path, or with its key; as near as was typed."""
        node = self._nearest(path)
        place = node.key if key or self.node(path) is None else node.place
        return place.problem(tuple(path), what, remedy)

    def changes(self) -> list[TypedChange]:
        """Return how the values differ from those of the file that this one is based on.

        For a file that is based on nothing: what the `--set`s changed.
        """
        alone = ancestors(self)
        below = alone[-2] if len(alone) > 1 else alone[-1]
        removed_by = Place(len(self.files) - 1, file=self.file)
        if self.sets:
            removed_by = Place(len(self.files) + len(self.sets) - 1, assignment=self.sets[-1])
        return sorted(_changes(below.root, self.root, removed_by, ()), key=_by_path)

    def _nearest(self, path: Sequence[str | int]) -> Node:
        node = self.root
        for key in path:
            below = node.child(key)
            if below is None:
                break
            node = below
        return node


def ancestors(tree: Tree) -> list[Tree]:
    """Return each file of the chain resolved without `--set`s, root first, this one last."""
    return [
        Tree(root, tree.files[: i + 1], (), tree.model, tree.alone[: i + 1])
        for i, root in enumerate(tree.alone)
    ]


def _with_value(node: Node, path: KeyPath, value: Any) -> Node:
    if not path:
        return replace(node_of(value, node.place), key=node.key)
    key = path[0]
    below = node.child(key)
    if below is None:
        raise KeyError(dotted(path))
    changed = _with_value(below, path[1:], value)
    if isinstance(node.value, dict):
        return replace(node, value={**node.value, str(key): changed})
    elements = [changed if i == int(key) else child for i, child in enumerate(node.value)]
    return replace(node, value=elements)


def _changes(
    below: Node | None, above: Node | None, removed_by: Place, path: KeyPath
) -> list[TypedChange]:
    old = below.value if below is not None and isinstance(below.value, dict) else None
    new = above.value if above is not None and isinstance(above.value, dict) else None
    if (old is not None or below is None) and (new is not None or above is None):
        old, new = old or {}, new or {}
        return [
            change
            for key in [*old, *(key for key in new if key not in old)]
            for change in _changes(old.get(key), new.get(key), removed_by, (*path, key))
        ]
    before = below.plain() if below is not None else None
    after = above.plain() if above is not None else None
    if before == after and type(before) is type(after):
        return []
    return [TypedChange(path, before, after, above.place if above is not None else removed_by)]


def _by_path(change: TypedChange) -> tuple[str, ...]:
    return tuple(map(str, change.path))

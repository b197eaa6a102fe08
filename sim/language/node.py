"""Values that remember where they stand in a file: what a scenario is made of before checking."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sim.core.errors import Problem

KeyPath = tuple[str | int, ...]

_WITHOUT_QUOTES = re.compile(
    r"(?!(?:null|true|false|yes|no|on|off)$|[\d.eE+-]+$)[A-Za-z0-9][\w.%+-]*(?: [\w.%+-]+)*",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True)
class Place:
    """Where something was typed."""

    layer: int
    """Index in the `based_on` chain, 0 is its root; each `--set` is a layer of its own on top."""
    line: int = 1
    column: int = 1
    file: str | None = None
    """As the user typed it; None for a `--set`."""
    assignment: str = ""
    """The text of the `--set`."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.file else f"--set {self.assignment}"

    def problem(self, path: KeyPath, what: str, remedy: str) -> Problem:
        """Return a problem at this place."""
        order = (self.layer, self.line, self.column)
        return Problem(str(self), dotted(path), what, remedy, order)


@dataclass(frozen=True)
class Node:
    """A value with its place; the children of a mapping or a list are nodes too."""

    value: Any
    """A scalar (str, int, float, bool), None, dict[str, Node] or list[Node]."""
    place: Place
    key: Place
    """Place of the key that the value belongs to; of the value itself where there is no key."""
    before: Node | None = field(default=None, compare=False)
    """What stood here in the layer below."""
    main: str | None = None
    """For a block with a main key: that key."""
    keeps: frozenset[str] | None = None
    """For a bare value under its main key: the keys below it that it leaves; None: all."""

    def plain(self) -> Any:
        """Return the value in plain Python."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def child(self, key: str | int) -> Node | None:
        """Return the child of that key or index."""
        if isinstance(self.value, dict):
            return self.value.get(str(key))
        if isinstance(self.value, list) and str(key).isdigit() and int(key) < len(self.value):
            return self.value[int(key)]
        return None

    def walk(self, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Node]]:
        """Yield every node with its path, in the order of the file."""
        yield path, self
        if isinstance(self.value, dict):
            for key, child in self.value.items():
                yield from child.walk((*path, key))
        elif isinstance(self.value, list):
            for index, child in enumerate(self.value):
                yield from child.walk((*path, index))


def node_of(value: Any, place: Place) -> Node:
    """Return plain Python as nodes that all stand at one place."""
    if isinstance(value, dict):
        value = {str(key): node_of(child, place) for key, child in value.items()}
    elif isinstance(value, list):
        value = [node_of(child, place) for child in value]
    return Node(value, place, place)


def dotted(path: KeyPath) -> str:
    """Return a path as `agents.day.positions.2`."""
    return ".".join(map(str, path))


def in_one_line(value: Any) -> str:
    """Return plain Python as YAML that stands in one line, as a person would type it."""
    if isinstance(value, dict):
        items = (f"{in_one_line(key)}: {in_one_line(child)}" for key, child in value.items())
        return "{" + ", ".join(items) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(in_one_line, value)) + "]"
    if isinstance(value, str):
        is_plain = _WITHOUT_QUOTES.fullmatch(value)
        return value if is_plain else json.dumps(value, ensure_ascii=False)
    return "null" if value is None else str(value).lower()

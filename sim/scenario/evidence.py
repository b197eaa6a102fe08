"""The evidence of each default, beside its value in a scenario as YAML."""

from __future__ import annotations

from sim.language.node import KeyPath, Node, Place
from sim.language.yaml_reader import read_text
from sim.scenario.scenario import Scenario
from sim.scenario.spec import ONE_GROUP, ONE_SEGMENT
from sim.scenario.values import Value, values_of

_BESIDE = {"customers": ONE_SEGMENT, "agents": ONE_GROUP}
_COLUMN = 44


def with_evidence(text: str, scenario: Scenario) -> list[str]:
    """The lines of a resolved scenario, each default with its evidence.

    What is left out and holds all the same (the shape of a duration, the year that is studied) is
    a comment of its own, so that the scenario stays what it is when it is read again.
    """
    lines = text.splitlines()
    root = read_text(text, Place(0, file="resolved"), [])
    assert root is not None  # the text was written a moment ago
    notes: dict[int, list[str]] = {}
    for value in values_of(scenario):
        if value.place is not None or value.value is None:
            continue
        path = _as_written(root, value.path)
        node, parent = _at(root, path), _at(root, path[:-1])
        if node is not None:
            number = node.key.line - 1
            lines[number] = f"{lines[number]:{_COLUMN}}  # {_evidence(value)}"
        elif parent is not None and isinstance(parent.value, dict):
            first = min(child.key.line for child in parent.value.values())
            indent = " " * (min(child.key.column for child in parent.value.values()) - 1)
            said = f"{indent}# {path[-1]}: {value.value}"
            notes.setdefault(first, []).append(f"{said:{_COLUMN}}  # {_evidence(value)}")
    return [part for n, line in enumerate(lines, start=1) for part in (line, *notes.get(n, ()))]


def _evidence(value: Value) -> str:
    return value.evidence.words or "default"


def _as_written(root: Node, path: KeyPath) -> KeyPath:
    """The path with the name that the only group or segment gets when it is written out."""
    name = _BESIDE.get(str(path[0]))
    if name is None or len(path) < 2 or _at(root, path[:2]) is not None:
        return path
    return (path[0], name, *path[1:]) if _at(root, (path[0], name)) is not None else path


def _at(root: Node, path: KeyPath) -> Node | None:
    node: Node | None = root
    for key in path:
        node = node.child(key) if node is not None else None
    return node

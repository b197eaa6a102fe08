"""Laying one layer of a scenario over another: a file over its base, a `--set` over the files.

Mappings merge deep, lists are replaced, null removes. Every node keeps its place and what stood
there before.
"""

from __future__ import annotations

from dataclasses import replace
from math import floor
from typing import Any

from pydantic_core import PydanticCustomError

from sim.core.errors import Problem, did_you_mean
from sim.language.allowed import (
    Allowed,
    allowed_below,
    blocks_for,
    every_name,
    fields_of,
    in_long_form,
    keys_by_name,
    long_key,
    opened,
)
from sim.language.assignment import SCALE, Assignment, arithmetic, parse_assignment
from sim.language.block import Block
from sim.language.nearest import slip_in_name, why_not_there
from sim.language.node import KeyPath, Node, Place, dotted, node_of
from sim.language.traits import has_trait
from sim.language.yaml_reader import read_text

BASED_ON = "based_on"


class Merge:
    """Lays one layer over another and collects what cannot be merged."""

    def __init__(self, model: type[Block] | None, problems: list[Problem]) -> None:
        self._model = model
        self._forms: Allowed = (model,) if model is not None else ()
        self._problems = problems
        self.said: list[str] = []
        """What was understood differently from how it was typed, a line each."""
        self._is_root = False

    def file(self, below: Node, layer: Node, *, is_root: bool) -> Node:
        """Return the node with a file on top."""
        self._is_root = is_root
        return self._over(below, self._in_long_form(layer, below), ())

    def patch(self, below: Node, patch: Node) -> Node:
        """Return the node with a part of its own file on top, which is written like a variant."""
        self._is_root = False
        return self._over(below, self._in_long_form(patch, below), ())

    def assignment(self, below: Node, text: str, place: Place) -> Node:
        """Return the node with one `--set` on top."""
        self._is_root = False
        try:
            assignment = parse_assignment(text)
        except PydanticCustomError as error:
            self._add(place, (), str(error), (error.context or {})["remedy"])
            return below
        paths = every_name(self._forms, below, assignment.path)
        if not paths:
            what = "* stands for every name, and here there is none"
            self._add(place, assignment.path, what, "write the path without *, or add a name first")
        for path in paths:
            below = self._assign(below, assignment._replace(path=path), place)
        return below

    def _assign(self, below: Node, assignment: Assignment, place: Place) -> Node:
        """Return the node with a value at one path."""
        try:
            if assignment.path[0] == BASED_ON:
                self._add(place, (BASED_ON,), "based_on cannot be set", "write it into a file")
                return below
            if slip := slip_in_name(self._forms, below, assignment.path):
                self._add(place, *slip)
                return below
            value = self._assigned(below, assignment, place)
        except PydanticCustomError as error:
            self._add(place, (), str(error), (error.context or {})["remedy"])
            return below
        if value is None:
            return below
        for key in reversed(assignment.path):
            value = Node({key: value}, place, place)
        return self._over(below, self._in_long_form(value, below), ())

    def _in_long_form(self, layer: Node, below: Node) -> Node:
        return in_long_form(opened(layer, below, self._forms), self._forms)

    def _assigned(self, below: Node, assignment: Assignment, place: Place) -> Node | None:
        if not assignment.operand:
            what, remedy = "no value is given", "write path=value; path=null removes"
            self._add(place, assignment.path, what, remedy)
            return None
        operand = read_text(assignment.operand, place, self._problems)
        if operand is None or assignment.operator == "=":
            return operand
        current, forms = below, self._forms
        for i, key in enumerate(assignment.path):
            child = current.child(long_key(forms, current, key))
            if child is None:
                why = why_not_there(self._model, below, assignment.path, assignment.operator)
                self._add(place, assignment.path, *why)
                return None
            current, forms = child, allowed_below(forms, current, key)
            if self._is_patch(assignment.path[: i + 1]):
                forms = self._forms
        has_scale = any(SCALE in fields_of(block) for block in blocks_for(forms, current))
        if not has_scale and len(by_name := keys_by_name(forms, current)) > 0:
            operator, typed = assignment.operator, operand.plain()
            parts = {k: _calculated(current.value[k], operator, typed, place) for k in by_name}
            return self._whole(Node(parts, place, place), forms, current, assignment.path)
        is_block = isinstance(current.value, dict) and current.main not in current.value
        if is_block and blocks_for(forms, current) and not has_scale:
            what = f"there is no number here that {assignment.operator} could change"
            keys = ", ".join(current.value) or "none"
            self._add(place, assignment.path, what, f"name a key below it: {keys}")
            return None
        calculated = _calculated(current, assignment.operator, operand.plain(), place)
        return self._whole(calculated, forms, current, assignment.path)

    def _whole(self, node: Node, forms: Allowed, current: Node, path: KeyPath) -> Node:
        """Return a calculated number rounded where only whole ones are legal, and say so."""
        if isinstance(node.value, dict):
            children = {
                key: self._whole(child, allowed_below(forms, current, key), current, (*path, key))
                for key, child in node.value.items()
                if key != SCALE
            }
            return replace(node, value={**node.value, **children})
        is_seats = has_trait(self._model, path, "seats")
        if isinstance(node.value, list) and is_seats:
            whole = [replace(one, value=floor(one.value + 0.5)) for one in node.value]
            if any(a.value != b.value for a, b in zip(whole, node.value, strict=True)):
                self.said.append(f"{dotted(path)}: seats are rounded in each interval")
            return replace(node, value=whole)
        is_whole = is_seats or (int in forms and float not in forms)
        if not is_whole or not isinstance(node.value, float) or node.value.is_integer():
            return node
        number = floor(node.value + 0.5)
        self.said.append(f"{dotted(path)}: {node.value:g} is rounded to {number}")
        return replace(node, value=number)

    def _over(self, below: Node, above: Node, path: KeyPath) -> Node:
        if self._patch_above(path) is not None and not self._go_together(below, above, path):
            what = "within a patch, a bare value and a mapping do not go together"
            self._add(above.place, path, what, "give the mapping with all of its keys")
            return below
        if isinstance(below.value, dict) and isinstance(above.value, dict):
            keeps, children = above.keeps, dict(below.value)
            if keeps is not None:
                children = {key: child for key, child in children.items() if key in keeps}
            for key, child in above.value.items():
                here = (*path, key)
                if child.value is None:
                    self._remove(children, key, child, here)
                elif key in children:
                    children[key] = self._over(children[key], child, here)
                else:
                    children[key] = self._new(child, here)
            return replace(below, value=children)
        if isinstance(below.value, list) and above.place.file is None and _is_indexed(above):
            return self._over_elements(below, above, path)
        return replace(self._new(above, path), before=below)

    def _go_together(self, below: Node, above: Node, path: KeyPath) -> bool:
        """Whether one part of a patch can lie over another: neither is in long form yet.

        A bare value takes the place of a mapping that says the same by name, and nothing else.
        """
        if isinstance(below.value, dict) == isinstance(above.value, dict):
            return True
        if isinstance(above.value, dict):
            return False
        forms = self._forms
        for key in path[len(self._patch_above(path) or ()) :]:
            forms = allowed_below(forms, Node({str(key): below}, below.place, below.key), key)
        return len(keys_by_name(forms, below)) == len(below.value)

    def _over_elements(self, below: Node, above: Node, path: KeyPath) -> Node:
        elements = list(below.value)
        for key, child in above.value.items():
            if child.value is None:
                what = "an element of a list cannot be removed"
                self._add(child.place, (*path, key), what, "give the whole list")
            elif int(key) < len(elements):
                elements[int(key)] = self._over(elements[int(key)], child, (*path, key))
            else:
                count = len(elements)
                what = f"the list has {count} element{'' if count == 1 else 's'}"
                self._add(child.place, (*path, key), what, "count from 0, or give the whole list")
        return replace(below, value=elements)

    def _new(self, node: Node, path: KeyPath) -> Node:
        """Return a node that has nothing below it, without its nulls."""
        if isinstance(node.value, dict) and not self._is_patch(path):
            children: dict[str, Node] = {}
            for key, child in node.value.items():
                if child.value is None:
                    self._remove(children, key, child, (*path, key))
                else:
                    children[key] = self._new(child, (*path, key))
            return replace(node, value=children)
        if isinstance(node.value, list):
            for i, child in enumerate(node.value):
                if child.value is None:
                    self._add(child.place, (*path, i), "this element is empty", "write a value")
            return replace(node, value=[self._new(c, (*path, i)) for i, c in enumerate(node.value)])
        return node

    def _remove(self, children: dict[str, Node], key: str, null: Node, path: KeyPath) -> None:
        if children.pop(key, None) is not None:
            return
        if self._is_root:
            self._add(null.key, path, "this key has no value", "write one, or delete the line")
        else:
            what = "this removes nothing, for nothing is inherited here"
            remedy = did_you_mean(key, list(children), "write a value, or delete the line")
            self._add(null.key, path, what, remedy)

    def _is_patch(self, path: KeyPath) -> bool:
        """Whether what stands there is laid over the scenario later, so that null must stay."""
        return has_trait(self._model, path, "patch")

    def _patch_above(self, path: KeyPath) -> KeyPath | None:
        """Return the path of the patch in which a path stands, if it does."""
        above = (path[:length] for length in range(len(path) + 1))
        return next((one for one in above if self._is_patch(one)), None)

    def _add(self, place: Place, path: KeyPath, what: str, remedy: str) -> None:
        self._problems.append(place.problem(path, what, remedy))


def _calculated(current: Node, operator: str, operand: Any, place: Place) -> Node:
    """Return what lies over the current node; a block changes in its main key."""
    if isinstance(current.value, dict) and current.main in current.value:
        below = _calculated(current.value[current.main], operator, operand, place)
        return Node({current.main: below}, place, place)
    result = arithmetic(current.plain(), operator, operand)
    if isinstance(current.value, dict):
        result = {SCALE: result[SCALE]}
    return node_of(result, place)


def _is_indexed(node: Node) -> bool:
    return (
        isinstance(node.value, dict)
        and bool(node.value)
        and all(key.isdigit() for key in node.value)
    )

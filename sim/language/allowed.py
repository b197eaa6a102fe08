"""What may stand where: the blocks behind a path of a scenario, read off the annotations.

Two readers: the merge, which must see `talk: 270 s` and `talk: {cv: 0.9}` as one block, and the
messages, which must know the keys that are legal in a mapping.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from sim.language.block import Block, lacks_unit
from sim.language.node import KeyPath, Node

EVERY = "*"
"""Stands for every name in the path of a `--set`."""
Allowed: TypeAlias = tuple[Any, ...]
"""The types that a value may have: blocks, `dict[str, X]`, `list[X]` and scalar types."""


def forms_of(annotation: Any) -> Allowed:
    """Return the alternatives of an annotation without None and without `Annotated`."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return forms_of(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return tuple(form for part in get_args(annotation) for form in forms_of(part))
    return () if annotation is NoneType else (annotation,)


@cache
def fields_of(block: type[Block]) -> Mapping[str, FieldInfo]:
    """Return the fields of a block by the key that a person types, short keys last."""
    fields = {info.alias or name: info for name, info in block.model_fields.items()}
    short = {key: fields[name] for key, name in block.short_keys.items() if name in fields}
    return MappingProxyType({**fields, **short})


@cache
def forms_at(block: type[Block], key: str) -> Allowed:
    """Return what may stand at a key of a block; () where it has no such key."""
    field = fields_of(block).get(key)
    return forms_of(field.annotation) if field else ()


def blocks_in(forms: Allowed) -> list[type[Block]]:
    """Return the blocks among the forms."""
    return [form for form in forms if isinstance(form, type) and issubclass(form, Block)]


def named_blocks(forms: Allowed) -> list[type[Block]]:
    """Return the blocks of which each has a name that its writer gives (`dict[str, Segment]`)."""
    return blocks_in(_items(forms, dict))


def blocks_for(forms: Allowed, node: Node) -> list[type[Block]]:
    """Return the blocks that a mapping may be.

    Where blocks by name are expected (`dict[str, Segment]`) a mapping with a key of that block is
    a single one without a name (`customers: {count: 180000}`).
    """
    found = blocks_in(forms)
    for named in named_blocks(forms):
        if isinstance(node.value, dict) and any(key in fields_of(named) for key in node.value):
            found.append(named)
    return found


def allowed_below(forms: Allowed, node: Node, key: str | int) -> Allowed:
    """Return what may stand under a key or index of a node."""
    if isinstance(node.value, list):
        return _items(forms, list)
    blocks = blocks_for(forms, node)
    below = tuple(form for block in blocks for form in forms_at(block, str(key)))
    if below:
        return below
    return () if blocks and not blocks_in(forms) else _items(forms, dict) or _items(forms, list)


def every_name(forms: Allowed, root: Node, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the paths that one with `*` in the place of names stands for; without `*`, itself.

    `agents.*.heads` is `agents.heads` where there is one group without a name.
    """
    if EVERY not in path:
        return [path]
    at = path.index(EVERY)
    here: Allowed = forms
    node: Node | None = root
    for key in path[:at]:
        if node is None:
            return []
        here, node = allowed_below(here, node, key), node.child(long_key(here, node, key))
    if node is None:
        return []
    names: list[tuple[str, ...]]
    if blocks_for(here, node):
        names = [()] if named_blocks(here) else []
    elif isinstance(node.value, list):
        names = [(str(i),) for i in range(len(node.value))]
    else:
        names = [(name,) for name in node.value] if isinstance(node.value, dict) else []
    found = ((*path[:at], *name, *path[at + 1 :]) for name in names)
    return [one for each in found for one in every_name(forms, root, each)]


def long_key(forms: Allowed, node: Node, key: str) -> str:
    """Return the key for which a short key stands: `offer` is `policy` in an offer."""
    if node.child(key) is not None:
        return key
    short_keys = {k: v for block in blocks_for(forms, node) for k, v in block.short_keys.items()}
    return short_keys.get(key, key)


def blocks_allowed_at(model: type[Block], root: Node, path: KeyPath) -> list[type[Block]]:
    """Return the blocks that the mapping at a path may be."""
    forms, node = (model,), root
    for key in path:
        forms = allowed_below(forms, node, key)
        below = node.child(key)
        if below is None:
            return blocks_in(forms)
        node = below
    return blocks_for(forms, node)


def in_long_form(node: Node, forms: Allowed) -> Node:
    """Return the node with every bare value under the key that it stands for."""
    if isinstance(node.value, dict):
        short_keys = {
            k: v for block in blocks_for(forms, node) for k, v in block.short_keys.items()
        }
        children = {}
        for key, child in node.value.items():
            name = short_keys.get(key, key)
            name = key if name in node.value else name
            children[name] = in_long_form(child, allowed_below(forms, node, key))
        return replace(node, value=children, main=_number_of(tuple(blocks_for(forms, node))))
    lists = _items(forms, list)
    if isinstance(node.value, list) and lists:
        return replace(node, value=[in_long_form(child, lists) for child in node.value])
    main = _main_key(forms)
    if main is None or node.value in (None, "none") or lacks_unit(node.value, main):
        return node
    child = in_long_form(node, allowed_below(forms, replace(node, value={main: node}), main))
    return replace(node, value={main: child}, main=_number_of(forms), keeps=kept_below(forms))


def opened(node: Node, below: Node, forms: Allowed) -> Node:
    """Return a layer with `agents: 100` as `agents: {heads: 100}`.

    Not where the layer below has groups with names: there one group takes the place of all.
    """
    children = dict(node.value) if isinstance(node.value, dict) else {}
    for key, child in children.items():
        here = allowed_below(forms, node, key)
        alone = [block for block in named_blocks(here) if block.number_alone]
        is_number = isinstance(child.value, int | float) and not isinstance(child.value, bool)
        beside = below.child(key)
        has_no_name = beside is None or beside.value == {} or blocks_for(here, beside)
        if alone and is_number and has_no_name:
            children[key] = replace(child, value={str(alone[0].main_key): child})
    return replace(node, value=children) if children else node


def kept_below(forms: Allowed) -> frozenset[str] | None:
    """Return the keys of a block that a bare value on top of it leaves; None: all."""
    blocks = [block for block in blocks_in(forms) if block.also_says]
    if not blocks:
        return None
    return frozenset(
        key for block in blocks for key in fields_of(block) if key not in block.also_says
    )


def keys_by_name(forms: Allowed, node: Node) -> list[str]:
    """Return the keys of a mapping that hold one quantity by name, as by segment, or for all."""
    blocks = [block for block in blocks_for(forms, node) if block.also_says]
    by_name = any(get_origin(form) is dict for form in forms) and {int, float} & set(forms)
    if not isinstance(node.value, dict) or not (blocks or by_name):
        return []
    others = {key for block in blocks for key in fields_of(block) if key != block.main_key}
    return [key for key in node.value if key not in others]


def _main_key(forms: Allowed) -> str | None:
    """Return the key that a bare value stands for, if it can stand for nothing else."""
    blocks = blocks_in(forms)
    if not blocks or len(blocks) < len([form for form in forms if get_origin(form) is not dict]):
        return None
    keys = {block.main_key for block in blocks}
    return keys.pop() if len(keys) == 1 else None


def _number_of(forms: Allowed) -> str | None:
    """Return the key that `*=` on the block as a whole changes."""
    blocks = blocks_in(forms)
    if len({block.main_key for block in blocks}) != 1:
        return None
    return None if any("scale" in fields_of(block) for block in blocks) else blocks[0].main_key


def items_of(forms: Allowed) -> Allowed:
    """Return what may stand under the names of a mapping or in a list."""
    return _items(forms, dict) + _items(forms, list)


def _items(forms: Allowed, container: type) -> Allowed:
    items: list[Any] = []
    for form in forms:
        if get_origin(form) is container:
            items += forms_of(get_args(form)[-1])
    return tuple(items)

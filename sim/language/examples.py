"""What may stand at a path of a scenario, as a person would type it: for remedies.

Examples come from the field (`examples=[…]`), else from its type, else from what a block needs.
"""

from __future__ import annotations

from typing import Annotated, Any, get_args, get_origin

from pydantic import WithJsonSchema
from pydantic.fields import FieldInfo

from sim.language.allowed import blocks_allowed_at, blocks_in, fields_of, forms_of
from sim.language.block import Block
from sim.language.node import KeyPath, Node


def example_at(model: type[Block], root: Node, path: KeyPath) -> str:
    """Return what may stand at a path; empty if nothing is known."""
    if not path:
        return ""
    for block in blocks_allowed_at(model, root, path[:-1]):
        info = fields_of(block).get(str(path[-1]))
        if info is not None:
            return _of_field(info)
    blocks = blocks_allowed_at(model, root, path)
    return _of_block(blocks[0]) if blocks else ""


def _of_field(info: FieldInfo) -> str:
    if info.examples:
        *others, last = map(_as_typed, info.examples)
        return f"{', '.join(others)} or {last}" if others else last
    for note in [*info.metadata, *_notes(info.annotation)]:
        if isinstance(note, WithJsonSchema) and (note.json_schema or {}).get("examples"):
            return _as_typed((note.json_schema or {})["examples"][0])
    blocks = blocks_in(forms_of(info.annotation))
    return _of_block(blocks[0]) if blocks else ""


def _of_block(block: type[Block]) -> str:
    fields = fields_of(block)
    if block.main_key is not None:
        return _of_field(fields[block.main_key])
    needed = {key: _of_field(info) for key, info in fields.items() if info.is_required()}
    if not all(needed.values()):
        return ""
    if not needed:
        any_one = ((key, _of_field(info)) for key, info in fields.items())
        needed = dict([next(((key, text) for key, text in any_one if text), ("", ""))])
    return "{" + ", ".join(f"{key}: {example}" for key, example in needed.items()) + "}"


def _notes(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Annotated:
        inner, *notes = get_args(annotation)
        return [*notes, *_notes(inner)]
    if get_origin(annotation) in (dict, list):
        return []
    return [note for part in get_args(annotation) for note in _notes(part)]


def _as_typed(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_as_typed(v)}" for key, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_as_typed, value)) + "]"
    return str(value)

"""What is special about a field: said where it is declared, found here by its path."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pydantic.fields import FieldInfo

from sim.language.allowed import (
    EVERY,
    Allowed,
    blocks_in,
    fields_of,
    forms_of,
    items_of,
    named_blocks,
)
from sim.language.block import TRAITS, Block, Trait
from sim.language.node import KeyPath

Pattern = tuple[str, ...]
"""A path in which `*` stands for a name."""


@cache
def paths_with(model: type[Block], trait: Trait) -> tuple[Pattern, ...]:
    """Return where the fields with a trait stand; also without a name, as the only of its kind."""
    return tuple(dict.fromkeys(_paths(model, trait, ())))


def has_trait(model: type[Block] | None, path: KeyPath, trait: Trait) -> bool:
    """Whether the field at a path has a trait."""
    patterns = paths_with(model, trait) if model is not None else ()
    return any(_fits(pattern, path) for pattern in patterns)


def field_at(model: type[Block], path: KeyPath) -> FieldInfo | None:
    """Return the field at a path, or that whose mapping or list it stands in; a name may be `*`."""
    forms: Allowed = (model,)
    field: FieldInfo | None = None
    for key in map(str, path):
        blocks = blocks_in(forms)
        for named in named_blocks(forms):
            if key in fields_of(named):  # the only one of its kind has no name
                blocks = [named]
        here = [fields_of(block)[key] for block in blocks if key in fields_of(block)]
        if here:
            field, forms = here[0], tuple(f for one in here for f in forms_of(one.annotation))
        else:
            forms = tuple(named_blocks(forms)) or items_of(forms)
    return field


def _fits(pattern: Pattern, path: KeyPath) -> bool:
    keys = zip(pattern, path, strict=False)
    return len(pattern) == len(path) and all(key in (EVERY, typed) for key, typed in keys)


def _paths(block: type[Block], trait: Trait, path: Pattern) -> Iterator[Pattern]:
    for key, field in fields_of(block).items():
        extra = field.json_schema_extra
        if isinstance(extra, dict) and trait in extra.get(TRAITS, ()):  # type: ignore[operator]
            yield (*path, key)
        yield from _below(forms_of(field.annotation), trait, (*path, key))


def _below(forms: Allowed, trait: Trait, path: Pattern) -> Iterator[Pattern]:
    for block in blocks_in(forms):
        yield from _paths(block, trait, path)
    for block in named_blocks(forms):
        yield from _paths(block, trait, (*path, EVERY))
        yield from _paths(block, trait, path)

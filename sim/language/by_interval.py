"""A quantity that may vary over the day: one number, or one by interval as a list or a CSV file.

It is typed as the profile of a volume is: a list fills a day or a week from Monday 00:00, in steps
of the horizon's interval; the name of a CSV file stands for the list of a week. What is read from a
list is a tuple, so that it is known from lists of other kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.language.block import Block, problem
from sim.language.fields import Duration, Share
from sim.language.node import KeyPath
from sim.language.parsers import parse_duration, parse_share
from sim.language.quantities import plain

Varying = float | tuple[float, ...]


def each(read: Callable[[Any], float]) -> Callable[[Any], Varying]:
    """The reader of one quantity as that of one or many; a fault tells which of the many."""

    def read_each(typed: Any) -> Varying:
        """One number, or a tuple of them."""
        if not isinstance(typed, list | tuple):
            return read(typed)
        if not typed:
            problem((), "nothing stands here", "write one value, or one for each interval of a day")
        return tuple(_element(read, i, part) for i, part in enumerate(typed))

    return read_each


def _element(read: Callable[[Any], float], i: int, typed: Any) -> float:
    try:
        return read(typed)
    except PydanticCustomError as refused:
        said = refused.context or {}
        problem((i,), said["what"], said["remedy"])


def single(value: Varying) -> float:
    """The number, of a scenario at a time of the day or on average; ValueError if it varies."""
    if isinstance(value, tuple):
        raise ValueError("a number varies over the day: ask for it at a time, or on average")
    return value


def each_of(value: Varying | None) -> list[tuple[tuple[int, ...], float]]:
    """Every number with its place below the key: nowhere for one alone, else its index."""
    if value is None:
        return []
    return [((i,), v) for i, v in enumerate(value)] if isinstance(value, tuple) else [((), value)]


def varies(block: Block) -> bool:
    """Whether any number below a block is typed by interval."""
    return any(
        isinstance(value, tuple) or (isinstance(value, Block) and varies(value))
        for value in (getattr(block, name) for name in type(block).model_fields)
    )


def with_each(
    block: Block, choose: Callable[[KeyPath, tuple[float, ...]], float], path: KeyPath = ()
) -> Block:
    """The block with one number in the place of each that is typed by interval."""
    update = {}
    for name in type(block).model_fields:
        value = getattr(block, name)
        if isinstance(value, tuple):
            update[name] = choose((*path, name), value)
        elif isinstance(value, Block) and varies(value):
            update[name] = with_each(value, choose, (*path, name))
    return block.model_copy(update=update) if update else block


def _seconds(value: Varying) -> Any:
    """As a resolved scenario says it, so that it can be read again."""
    return [_seconds(part) for part in value] if isinstance(value, tuple) else f"{plain(value)} s"


def _schema_of(quantity: Any, description: str) -> WithJsonSchema:
    """The schema of a quantity, of a list of it, and of a file's name."""
    (schema,) = (part for part in quantity.__metadata__ if isinstance(part, WithJsonSchema))
    notes = {**(schema.json_schema or {})}
    examples = [*notes.pop("examples")[:1], "a list", "a CSV file"]
    notes.pop("description")
    forms = notes.get("anyOf", [notes])
    file = {"type": "string", "pattern": r"\.[cC][sS][vV]$"}
    several = {"type": "array", "items": {"anyOf": forms} if len(forms) > 1 else notes}
    return WithJsonSchema(
        {"anyOf": [*forms, several, file], "description": description, "examples": examples}
    )


Durations = Annotated[
    Varying,
    BeforeValidator(each(parse_duration)),
    PlainSerializer(_seconds, when_used="json"),
    _schema_of(Duration, "A duration with its unit, or one by interval."),
]
"""Seconds, from `90 s`; or by interval, from `[90 s, 100 s, …]` or a CSV file."""


Shares = Annotated[
    Varying,
    BeforeValidator(each(parse_share)),
    _schema_of(Share, "A share between 0 and 1, or one by interval."),
]
"""0 … 1, from `0.35` or `35%`; or by interval, from `[35%, 40%, …]` or a CSV file."""

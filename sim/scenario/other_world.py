"""In which facts of the world do two scenarios differ?

An environment is not what the company decides, so a variant that types another one does not win by
what it does. A fact that only one of the two types is a difference too: an outage, a season, a
share. A product or group that only one of them has is none. But where a name takes the place of
another, all that is typed differently below it is a difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose
from typing import Any

from sim.language.node import KeyPath
from sim.language.quantities import plain, read_quantity
from sim.scenario.scenario import Scenario
from sim.scenario.spec import NAMED_BLOCKS
from sim.scenario.values import Value, mark_of, values_of

NO_INPUT = ("today", "checks")
OF_THE_WORLD = ("contacts", "customers")
"""Blocks whose names stand for people who are there, whatever they are called."""
NOTHING = "none"
MOST_SHOWN = 40

_Values = dict[KeyPath, Value]


def other_world(base: Scenario, variant: Scenario) -> list[str]:
    """What differs, as in "discount rate 10 % → 5 %"; empty where the world is the same."""
    found = dict(_differences(base, variant))
    for patched in variant.patched:
        for path, text in _differences(variant, patched):
            found.setdefault(path, text)
    return list(found.values())


def _differences(base: Scenario, variant: Scenario) -> Iterator[tuple[KeyPath, str]]:
    one, two = _environment(base), _environment(variant)
    places = _places(base), _places(variant)
    alone = places[0] - places[1], places[1] - places[0]
    for path in dict.fromkeys([*one, *two]):
        before, after = one.get(path), two.get(path)
        if before is not None and after is not None:
            if not _is_same(before.read, after.read):
                yield path, _told(path, str(before.value), str(after.value))
            continue
        missing = _highest(path, alone[0] if after is None else alone[1])
        if _is_fact(missing):
            texts = [NOTHING if one is None else str(one.value) for one in (before, after)]
            if texts[0] != texts[1]:
                yield missing, _told(missing, *texts, is_whole=missing == path)
    yield from _renamed(base, variant, one, two)


def _environment(scenario: Scenario) -> _Values:
    """Path → value of all that the world decides."""
    return {
        one.path: one
        for one in values_of(scenario)
        if one.mark == "environment" and one.value is not None and one.path[0] not in NO_INPUT
    }


def _places(scenario: Scenario) -> set[KeyPath]:
    """Every path at or above a value that says something."""
    return {
        one.path[:length]
        for one in values_of(scenario)
        if one.value not in (None, NOTHING)
        for length in range(1, len(one.path) + 1)
    }


def _highest(path: KeyPath, alone: set[KeyPath]) -> KeyPath:
    """The highest part of a path that only one of the scenarios has."""
    shortest = 2 if path[0] in NAMED_BLOCKS else 1
    return next((path[:n] for n in range(shortest, len(path)) if path[:n] in alone), path)


def _is_fact(path: KeyPath) -> bool:
    """Whether the world decides if there is such a thing at all."""
    if len(path) == 2 and path[0] in NAMED_BLOCKS:
        return path[0] == "events"
    return mark_of(path) == "environment"


def _renamed(
    base: Scenario, variant: Scenario, one: _Values, two: _Values
) -> Iterator[tuple[KeyPath, str]]:
    """Facts of names that take the place of others: a new name does not make a new world."""
    for block in ("contacts", "customers", "agents"):
        before, after = (list(getattr(s.spec, block)) for s in (base, variant))
        gone, new = ([n for n in a if n not in b] for a, b in ((before, after), (after, before)))
        if not gone or not new:
            continue
        if block in OF_THE_WORLD:
            yield (block,), f"{', '.join(gone)} replaced by {', '.join(new)}"
            continue
        known: dict[KeyPath, list[Any]] = {}
        for path, value in one.items():
            if path[0] == block:
                known.setdefault(path[2:], []).append(value.read)
        for path, value in two.items():
            if path[0] != block or path[1] not in new or path[2:] not in known:
                continue
            if not any(_is_same(value.read, old) for old in known[path[2:]]):
                yield path, f"{_name(path)} {value.value}, which no group had"


def _is_same(before: Any, after: Any) -> bool:
    """Whether both are one quantity, as 0.1 and 10%, or 3:20 and 200 s."""
    if isinstance(before, float) and isinstance(after, float):
        return isclose(before, after, rel_tol=1e-9)
    return before == after


def _name(path: KeyPath) -> str:
    keys = [str(key).replace("_", " ") for key in path]
    return " ".join(keys[1:]) if path[0] in NAMED_BLOCKS and len(path) > 1 else " ".join(keys[-1:])


def _told(path: KeyPath, before: str, after: str, *, is_whole: bool = True) -> str:
    name = f"{path[0]} {_name(path)}" if path[0] == "events" else _name(path)
    if not is_whole:
        return f"{name} {'removed' if after == NOTHING else 'added'}"
    if max(len(before), len(after)) > MOST_SHOWN:
        return f"another {name}"
    is_share = "%" in before + after
    return f"{name} {_typeset(before, is_share)} → {_typeset(after, is_share)}"


def _typeset(value: str, is_share: bool) -> str:
    quantity = read_quantity(value)
    if not is_share or quantity is None or (not quantity.suffix and abs(quantity.number) > 1):
        return value  # a margin may be an amount
    unit = quantity.unit if quantity.unit != "per year" else ""
    return f"{plain(round(100 * quantity.amount, 9))} % {unit}".rstrip()

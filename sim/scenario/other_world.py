"""In which facts of the world do two scenarios differ?

An environment is not what the company decides, so a variant that types another one does not win by
what it does. What only one of the two has at all (a type, a product, a group) is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.language.node import KeyPath
from sim.language.quantities import plain, read_quantity
from sim.scenario.scenario import NAMED, Scenario
from sim.scenario.values import values_of

NO_INPUT = ("today", "checks")
SWITCHED_OFF = "none"
MOST_SHOWN = 40


def other_world(base: Scenario, variant: Scenario) -> list[str]:
    """What differs, as in "discount rate 10 % → 5 %"; empty where the world is the same."""
    found = dict(_differences(base, variant))
    for patched in variant.patched:
        for path, text in _differences(variant, patched):
            found.setdefault(path, text)
    return list(found.values())


def _differences(base: Scenario, variant: Scenario) -> Iterator[tuple[KeyPath, str]]:
    one, two = _environment(base), _environment(variant)
    for path in dict.fromkeys([*one, *two]):
        before, after = one.get(path), two.get(path)
        if before is None or after is None:
            if SWITCHED_OFF not in (before, after):
                continue
            before, after = before or "typed", after or "typed"
        if before != after and not _is_same(before, after):
            yield path, _told(path, before, after)


def _environment(scenario: Scenario) -> dict[KeyPath, str]:
    """Path → value of all that the world decides."""
    return {
        one.path: str(one.value)
        for one in values_of(scenario)
        if one.mark == "environment" and one.value is not None and one.path[0] not in NO_INPUT
    }


def _told(path: KeyPath, before: str, after: str) -> str:
    keys = [str(key).replace("_", " ") for key in path]
    name = " ".join(keys[1:]) if path[0] in NAMED else " ".join(keys[-1:])
    if max(len(before), len(after)) > MOST_SHOWN:
        return f"another {name}"
    is_share = "%" in before + after
    return f"{name} {_typeset(before, is_share)} → {_typeset(after, is_share)}"


def _is_same(before: str, after: str) -> bool:
    """Whether both are one quantity, as 0.1 and 10%."""
    one, two = read_quantity(before), read_quantity(after)
    return one is not None and two is not None and (one.amount, one.unit) == (two.amount, two.unit)


def _typeset(value: str, is_share: bool) -> str:
    quantity = read_quantity(value)
    if not is_share or quantity is None:
        return value
    unit = quantity.unit if quantity.unit != "per year" else ""
    return f"{plain(round(100 * quantity.amount, 9))} % {unit}".rstrip()

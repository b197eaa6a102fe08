"""`--set PATH=VALUE`, and the arithmetic of `+=`, `-=` and `*=` on what a person typed.

contacts.service.talk.mean=300 s      the value, as in YAML
contacts.service.volume*=1.1          24000 per week -> 26400 per week: the unit stays
agents.generalists.wage+=10%          ten percent more
offers.broadband.acceptance+=2%       15% -> 17%: a share typed in percent moves by points
agents.generalists.wage-=0.50         18 per hour -> 17.5 per hour
agents.generalists.positions*=0.9     a list element by element; a mapping in its `scale`
agents.*.shrinkage=38%                in every group; what must be whole is rounded, and says so
"""

import re
from math import isfinite
from typing import Any, NamedTuple

from sim.language.block import problem
from sim.language.quantities import MINUTES, SECONDS, Quantity, plain, read_quantity, shown

_ASSIGNMENT = re.compile(r"\s*([^=\s]+?)\s*(\+=|-=|\*=|=)\s*(.*?)\s*", re.DOTALL)
SCALE = "scale"


class Assignment(NamedTuple):
    """One `--set`."""

    text: str
    path: tuple[str, ...]
    operator: str
    operand: str


def parse_assignment(text: str) -> Assignment:
    """Split `a.b[0].c+=10%`; raises a problem for anything else."""
    found = _ASSIGNMENT.fullmatch(text)
    path = tuple(found[1].replace("[", ".").replace("]", "").split(".")) if found else ("",)
    if not found or "" in path:
        problem((), f"'{text}' is not an assignment", "write --set path.to.key=value")
    return Assignment(text, path, found[2], found[3])


def arithmetic(value: Any, operator: str, operand: Any) -> Any:
    """Return the typed value changed by `+=`, `-=` or `*=`, in its own unit.

    A percent means percent of the value, except that a value typed in percent moves by points
    under `+=` and `-=`. A list changes element by element, a mapping in its `scale` (default 1).
    """
    if isinstance(value, list):
        return [arithmetic(element, operator, operand) for element in value]
    change = read_quantity(operand)
    if change is None or not isfinite(change.amount):
        problem((), f"{shown(operand)} is not a number", f"write {operator}1.1 or {operator}10%")
    if isinstance(value, dict):
        return _scaled(value, operator, change)
    typed = read_quantity(value)
    if typed is None:
        problem((), f"{shown(value)} is not a number, so {operator} has no meaning", "use =")
    result = _changed(typed, operator, change)
    if not isfinite(result.number):
        problem((), f"{shown(value)} {operator} {shown(operand)} is too large", "write it out")
    number = _tidy(result.number)
    if isinstance(value, str):
        return str(result._replace(number=number))
    return int(number) if isinstance(value, int) and number == int(number) else number


def _scaled(value: dict, operator: str, change: Quantity) -> dict:
    if operator != "*=" and change.suffix != "%":
        problem((), f"a mapping has no number for {operator}", "use *=1.1, or a key below it")
    scale = _changed(Quantity(float(value.get(SCALE, 1)), "", ""), operator, change)
    return {**value, SCALE: _tidy(scale.number)}


def _changed(typed: Quantity, operator: str, change: Quantity) -> Quantity:
    if operator == "*=":
        if change.unit:
            problem((), f"a factor has no unit, but '{change}' has", "write *=1.1 or *=110%")
        return typed._replace(number=typed.number * change.amount)
    sign = 1 if operator == "+=" else -1
    if change.suffix == "%" and typed.suffix != "%":
        if change.unit:
            problem((), f"'{change}' cannot be added to '{typed}'", f"write {operator}10%")
        return typed._replace(number=typed.number * (1 + sign * change.amount))
    if typed.suffix == "%" and change.suffix != "%":
        problem((), f"{change} may mean points or a share", f"write {operator}5% for five points")
    added = change.amount * _conversion(change, typed) / typed._replace(number=1.0).amount
    return typed._replace(number=typed.number + sign * added)


def _conversion(change: Quantity, typed: Quantity) -> float:
    """How many of the typed unit make one of the change's; a change without unit has the same."""
    if change.unit in ("", typed.unit):
        return 1.0
    if change.unit in SECONDS and typed.unit in SECONDS:
        return SECONDS[change.unit] / SECONDS[typed.unit]
    ours, theirs = typed.unit.removeprefix("per "), change.unit.removeprefix("per ")
    if ours in MINUTES and theirs in MINUTES:
        return MINUTES[ours] / MINUTES[theirs]
    unit = f" {typed.unit}" if typed.unit else ""
    problem((), f"'{change}' cannot be added to '{typed}'", f"write {plain(change.number)}{unit}")


def _tidy(number: float) -> float:
    """Drop what binary fractions add: 24000 * 1.1 is 26400, not 26400.000000000004."""
    return float(f"{number:.12g}")

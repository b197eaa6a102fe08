"""`--vary PATH=VALUES`: the values that a sweep goes through, as `--set` takes them.

offers.broadband.policy.at_most=-5:10:1              from, to (itself included) and step
contacts.service.volume=20k:28k:2k per week          the unit once at the end, or everywhere
agents.generalists.positions*=0.9:1.1:0.05           with the operators of --set
offers.broadband.policy=never,always                 values one by one; `|` parts them as well
….policy={offer: random, share: 0%:100%:20%} | {offer: while-waiting, at_most: -5:10:1}

The last line makes two curves: mappings that differ in one number lie on one curve, in the order of
that number. Ranges are counted in decimals, so that 0:1:0.1 is 11 values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from math import isfinite
from typing import Any, NamedTuple, NoReturn

from pydantic_core import PydanticCustomError

from sim.core.errors import Problem, ScenarioError
from sim.language.assignment import parse_assignment
from sim.language.block import problem
from sim.language.node import Place
from sim.language.quantities import Quantity, plain, read_quantity
from sim.language.yaml_reader import read_text

MOST_POINTS = 400
_BY_NAME = ("at_most", "acceptance", "shares")
"""Keys below which names stand: a name alone does not say what its number means."""
_IN_MAPPING = re.compile(r"(?<=:\s)\s*([^,{}\[\]|:]+:[^,{}\[\]|:]+:[^,{}\[\]|:]+?)\s*(?=[,}])")


class Value(NamedTuple):
    """One value of a parameter."""

    text: str
    """As `--set` takes it."""
    label: str
    """As tables show it: `4`, `20%`, `never`, `random 20%`."""
    curve: str = ""
    """The name of its curve, such as `random`; empty for plain numbers and words."""
    number: float | None = None
    """Its place on the curve (20% is 0.2); None for words."""


class Axis(NamedTuple):
    """One parameter with the values that it takes."""

    typed: str
    path: str
    operator: str
    values: tuple[Value, ...]
    short: str = ""
    """The keys at the end of the path that tell the axes apart: `at_most`, `heads*=`."""

    @property
    def name(self) -> str:
        """The path, with an operator that is not `=`."""
        return self.path if self.operator == "=" else f"{self.path}{self.operator}"

    @property
    def is_numeric(self) -> bool:
        """Whether all values lie on one curve of numbers."""
        curves = {value.curve for value in self.values}
        return len(curves) == 1 and all(value.number is not None for value in self.values)

    def label(self, value: Value) -> str:
        """A value as a sentence names it: `at_most=4`, `positions*=0.9`, `never`."""
        if value.number is None or value.curve:
            return value.label
        return f"{self.short.removesuffix(self.operator)}{self.operator}{value.label}"

    def assignment(self, value: Value) -> str:
        """The `--set` that gives the parameter this value."""
        return f"{self.path}{self.operator}{value.text}"


def read_vary(typed: str) -> Axis:
    """Read one `--vary`; raises ScenarioError with a remedy."""
    try:
        assignment = parse_assignment(typed)
        values = _values(assignment.operand)
    except PydanticCustomError as error:
        refuse("--vary", typed, str(error), (error.context or {})["remedy"].replace("--set ", ""))
    path = typed.partition(assignment.operator)[0].strip()
    (axis,) = told_apart([Axis(typed, path, assignment.operator, values)])
    return axis


def told_apart(axes: Sequence[Axis]) -> list[Axis]:
    """The axes, each with a short name of as many keys of its path as tell them apart."""
    paths = [axis.path.split(".") for axis in axes]
    keys = [2 if len(path) > 1 and path[-2] in _BY_NAME else 1 for path in paths]
    while len({".".join(p[-n:]) for p, n in zip(paths, keys, strict=True)}) < len(axes):
        if all(n >= len(p) for p, n in zip(paths, keys, strict=True)):
            break
        keys = [n + 1 for n in keys]
    return [
        axis._replace(short=".".join(path[-n:]) + ("" if axis.operator == "=" else axis.operator))
        for axis, path, n in zip(axes, paths, keys, strict=True)
    ]


def check_size(axes: list[Axis]) -> int:
    """The number of points of a grid; raises ScenarioError above MOST_POINTS."""
    count = 1
    for axis in axes:
        count *= len(axis.values)
    if count > MOST_POINTS:
        what = f"these are {count} points, more than {MOST_POINTS}"
        refuse("--vary", axes[-1].typed, what, "take a larger step")
    return count


def refuse(option: str, typed: str, what: str, remedy: str) -> NoReturn:
    """Raise ScenarioError with one problem: what is wrong with an option, and its remedy."""
    raise ScenarioError([Problem(f"{option} {typed}", "", what, remedy.strip())], option)


def in_one_unit(parts: list[str]) -> list[Quantity]:
    """Read `20k`, `28k`, `2k per week` as quantities in one unit; raises a problem.

    A suffix (k, M, %) and a unit stand at the last part alone or at all of them.
    """
    found = [read_quantity(part) for part in parts]
    for part, quantity in zip(parts, found, strict=True):
        if quantity is None:
            problem((), f"'{part.strip()}' is not a number", "write from:to:step, as in 0:10:1")
    quantities = [quantity for quantity in found if quantity is not None]
    *others, last = quantities
    for kind in ("suffix", "unit"):
        counted = [other for other in others if kind == "unit" or other.number]  # 0 is 0k
        wanted, given = getattr(last, kind), {getattr(other, kind) for other in counted}
        if given not in ({wanted}, {""}, set()):
            remedy = "write it once, at the end, or at every part"
            problem((), f"the {kind} differs within {':'.join(parts)}", remedy)
    return [q._replace(suffix=last.suffix, unit=last.unit, gap=last.gap) for q in quantities]


def _values(operand: str) -> tuple[Value, ...]:
    separator = "|" if len(_split(operand, "|")) > 1 else ","
    texts = [text for part in _split(operand, separator) for text in _expanded(part)]
    if "" in texts:
        problem((), "a value is missing", "write from:to:step, or values with commas between")
    for text in texts:
        if texts.count(text) > 1:
            problem((), f"'{text}' stands there twice", "leave one out")
    if len(texts) < 2:
        if len(texts[0].split(":")) == 2 and all(map(read_quantity, texts[0].split(":"))):
            problem((), "this range has no step", f"write {texts[0]}:1")
        problem((), "this is one value", "write from:to:step, or values with commas between")
    return _in_curves(texts)


def _expanded(part: str) -> list[str]:
    """The values behind one part: a range, a mapping with a range in it, or the part itself."""
    if _is_range(part):
        return _range(part)
    found = list(_IN_MAPPING.finditer(part)) if part.startswith("{") else []
    found = [match for match in found if _is_range(match[1])]
    if not found:
        return [part]
    if len(found) > 1:
        problem((), f"there are two ranges in {part}", "vary one number at a time")
    start, end = found[0].span(1)
    return [f"{part[:start]}{value}{part[end:]}" for value in _range(found[0][1])]


def _is_range(text: str) -> bool:
    parts = text.split(":")
    return len(parts) == 3 and sum(read_quantity(part) is not None for part in parts) > 1


def _range(text: str) -> list[str]:
    parts = text.split(":")
    first, last, step = in_one_unit(parts)
    if not all(isfinite(quantity.number) for quantity in (first, last, step)):
        problem((), f"the range {text} has no end", "write finite numbers, as in 0:10:1")
    low, high, width = (Decimal(repr(q.number)) for q in (first, last, step))
    if low > high:
        swapped = f"{parts[1].strip()}:{parts[0].strip()}:{str(step).lstrip('-')}"
        problem((), f"the range {text} goes down", f"write {swapped}")
    if width <= 0:
        problem((), f"the step of {text} is not above 0", "write from:to:step, as in 0:10:1")
    count = int((high - low) / width) + 1
    if count > MOST_POINTS:
        problem((), f"these are {count} points, more than {MOST_POINTS}", "take a larger step")
    return [str(step._replace(number=float(low + i * width))) for i in range(count)]


def _split(text: str, separator: str) -> list[str]:
    """The parts of a text, split outside of brackets and quotes."""
    parts, depth, quote = [""], 0, ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        else:
            depth += (letter in "{[") - (letter in "}]")
        if letter == separator and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def _in_curves(texts: list[str]) -> tuple[Value, ...]:
    quantities = [read_quantity(text) for text in texts]
    known = [quantity for quantity in quantities if quantity is not None]
    comparable = len({quantity.unit for quantity in known}) == 1
    return tuple(
        Value(text, text, "", quantity.amount)
        if quantity is not None and comparable
        else _in_curve(text)
        for text, quantity in zip(texts, quantities, strict=True)
    )


def _in_curve(text: str) -> Value:
    """A mapping with one number is a point of the curve that its words name."""
    typed = _mapping(text)
    numbers = [q for value in typed.values() if (q := read_quantity(value)) is not None]
    words = [str(value) for value in typed.values() if read_quantity(value) is None]
    flat = not any(isinstance(value, dict | list) for value in typed.values())
    if not typed or not flat or len(numbers) > 1:
        return Value(text, _all_named(typed) or text)
    if not numbers:
        return Value(text, " ".join(words))
    curve = " ".join(words) or next(iter(typed))
    label = f"{curve} {numbers[0]}"
    return Value(text, label, curve, numbers[0].amount)


def _all_named(typed: dict[str, Any]) -> str:
    """Words alone, and each number after its key: `while-waiting standard -2 premium 5`."""
    parts = []
    for key, value in typed.items():
        if isinstance(value, dict):
            parts.append(_all_named(value))
        else:
            is_number = read_quantity(value) is not None
            parts.append(f"{key} {value}" if is_number else str(value))
    return " ".join(parts)


def _mapping(text: str) -> dict[str, Any]:
    problems: list[Problem] = []
    node = read_text(text, Place(0, assignment=text), problems) if text.startswith("{") else None
    found = node.plain() if node is not None and not problems else None
    return found if isinstance(found, dict) else {}


def listed(labels: list[str]) -> str:
    """Labels as a sentence lists them: `3`, `3 and 5`, `3, 4 and 5`."""
    *most, last = labels
    return f"{', '.join(most)} and {last}" if most else last


def number_text(quantity: Quantity, number: float) -> str:
    """A number in the unit of a quantity, as `--set` takes it."""
    return str(quantity._replace(number=float(plain(number))))

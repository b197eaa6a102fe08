"""One parameter of a scenario by its path: what is typed there, its unit, its plausible range."""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

from sim.core.errors import did_you_mean
from sim.experiments.axes import in_one_unit, refuse
from sim.language.assignment import parse_assignment
from sim.language.field_reader import schema_of
from sim.language.node import dotted
from sim.language.quantities import Quantity, read_quantity, shown
from sim.language.traits import has_trait
from sim.scenario.scenario import Scenario
from sim.scenario.values import Value, values_of

_WRITE = "write --between low:high"


class Range(NamedTuple):
    """The range in which a break-even is searched, in the unit in which the parameter is typed."""

    low: float
    high: float
    unit: Quantity
    """Has the suffix and the unit; its number means nothing."""
    whole: bool
    """Whether only whole numbers are legal."""


def range_of(scenario: Scenario, path: str, between: str | None) -> Range:
    """The range asked for; else the field's lever; else 0 to twice the value, as far as legal.

    Raises ScenarioError, with a remedy, where no number stands at the path or the range is empty.
    """
    value = _value_at(scenario, path)
    field = value.field if value else None
    whole = _is_whole(field) or _are_seats(scenario, path)
    typed = read_quantity(value.value) if value else None
    if between is not None:
        return _asked_for(between, typed, whole)
    lever = _extra(field).get("lever")
    low, high = in_one_unit([str(end) for end in lever]) if lever else (None, None)
    if low and high and (typed is None or typed.unit == high.unit):
        return Range(low.number, high.number, high, whole)
    if typed is None:
        told = shown(value.value) if value and value.value is not None else "nothing"
        refuse("PATH", path, f"{told} stands there, which is not a number", _WRITE)
    if typed.number <= 0.0:
        refuse("PATH", path, f"{typed} leaves no range from 0 to twice that", _WRITE)
    least, most = _legal(field, typed)
    high = min(2.0 * typed.number, most)
    return Range(max(0.0, least), high, typed, whole and not typed.unit)


def _value_at(scenario: Scenario, path: str) -> Value | None:
    """The value at a path; of a block, that of its main key; None where there is nothing alike.

    A mapping by segment gives its largest value, as a number for all replaces each.
    """
    keys = tuple(path.replace("[", ".").replace("]", "").split("."))
    values = {tuple(map(str, value.path)): value for value in values_of(scenario)}
    if keys in values:
        beside = [name for name in scenario.segments if (*keys[:-1], name) in values]
        if values[keys].value is None and beside and beside == scenario.segments:
            what = f"nothing stands there: {', '.join(beside)} have their own"
            refuse("PATH", path, what, f"write {dotted(keys[:-1])}")
        return values[keys]
    node = scenario.tree.node(keys)
    main = values.get((*keys, node.main)) if node is not None and node.main else None
    if main is not None and main.value is not None:
        return main
    named = [values[*keys, name] for name in scenario.segments if (*keys, name) in values]
    if named:
        return max(named, key=_amount)
    if main is not None:
        return main
    near = did_you_mean(path, [dotted(known) for known in values], " ")
    if node is None and near != " ":
        refuse("PATH", path, "there is no such value", near)
    return None


def _amount(value: Value) -> float:
    quantity = read_quantity(value.value)
    return quantity.amount if quantity is not None else 0.0


def _asked_for(between: str, typed: Quantity | None, whole: bool) -> Range:
    parts = between.split(":")
    try:
        parse_assignment(f"x={between}")
        if len(parts) != 2:
            refuse("--between", between, "this is not a range", "write low:high, as in 0:200")
        low, high = in_one_unit(parts)
    except PydanticCustomError as error:
        refuse("--between", between, str(error), (error.context or {})["remedy"])
    if typed is not None and typed.suffix == "%" and high.suffix != "%":
        remedy = f"write {_in_percent(low, high, typed)}"
        refuse("--between", between, f"{typed} is typed in percent, this is not", remedy)
    if typed is not None and not high.unit:
        high = high._replace(unit=typed.unit, gap=high.gap or typed.gap)
    if not low.number < high.number:
        refuse("--between", between, "the range is empty", f"write {parts[1]}:{parts[0]}")
    return Range(low.number, high.number, high, whole and not high.unit)


def _in_percent(low: Quantity, high: Quantity, typed: Quantity) -> str:
    """A range without its signs: of 85%, 50:110 and 0.5:1.1 are both 50%:110%."""
    ends = [low.number, high.number]
    if not ends[0] <= typed.number <= ends[1] and ends[0] <= typed.number / 100 <= ends[1]:
        ends = [100 * end for end in ends]
    return ":".join(f"{end:.10g}%" for end in ends)


def _are_seats(scenario: Scenario, path: str) -> bool:
    """Whether the path holds seats: they are whole numbers, even where a list may stand, too."""
    keys = tuple(path.split("."))
    return any(has_trait(type(scenario.spec), p, "seats") for p in (keys, (*keys, "seats")))


def _is_whole(field: Any) -> bool:
    """Whether a number without a unit has to be a whole one."""
    if field is None:
        return False
    schema = schema_of(field)
    kinds = {form.get("type") for form in schema.get("anyOf", [schema])}
    return "integer" in kinds and "number" not in kinds


def _legal(field: Any, typed: Quantity) -> tuple[float, float]:
    """The least and the most that a number may be, in the unit of the one that is typed."""
    schema = schema_of(field)
    forms = [form for form in schema.get("anyOf", [schema]) if "minimum" in form]
    least = min((form["minimum"] for form in forms), default=0.0)
    most = max((form.get("maximum", float("inf")) for form in forms), default=float("inf"))
    one = typed._replace(number=1.0).amount
    return least / one, most / one


def _extra(field: Any) -> dict[str, Any]:
    extra = field.json_schema_extra if field else None
    return extra if isinstance(extra, dict) else {}

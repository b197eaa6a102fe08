"""What came out last month, as its owner knows it, and how near should the simulation come?

    checks:
      csat: {expected: 82%, within: 2%}
      abandonment: 4% to 8%
      cost: 500k to 540k per month

By the name of a metric; never an input. Which unit a metric has is known further up.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, model_validator

from sim.language.block import Block, environment, problem
from sim.language.evidence import TYPED
from sim.language.parsers import such_as
from sim.language.quantities import MINUTES, SECONDS, Quantity, read_quantity, shown

_EXAMPLE = "write 80% to 84%"
_MOST = 1e15


def parse_range(typed: str) -> tuple[Quantity, Quantity]:
    """`80% to 84%`, `500k to 540k per month` → both ends; the first takes the last one's unit.

    Raises a problem with a remedy for anything else.
    """
    parts = typed.split(" to ")
    low, high = (read_quantity(part) for part in (parts[0], parts[-1]))
    if len(parts) != 2 or low is None or high is None:
        problem((), f"{shown(typed)} is not a range", _EXAMPLE)
    low = low._replace(unit=low.unit or high.unit)
    for end in (low, high):
        _check_quantity(typed, end)
    if low.unit != high.unit:
        problem((), f"the unit differs within {shown(typed)}", "write it once, at the end")
    if low.amount > high.amount:
        problem((), f"{shown(typed)} is empty", f"write {high} to {low}")
    return low, high


def _check_quantity(typed: Any, q: Quantity) -> None:
    unit = q.unit.removeprefix("per ")
    known = unit in MINUTES if q.unit.startswith("per ") else unit in ("", *SECONDS)
    if not known:
        problem(
            (),
            f"{shown(typed)} has no unit of a metric",
            such_as(typed, "82%, 25 s or 40k per month", "it as the metric is printed"),
        )
    if not abs(q.amount) <= _MOST:
        problem((), f"{shown(typed)} is too large", "check the number of digits")


def _range(typed: Any) -> Any:
    if not isinstance(typed, str):
        problem((), f"{shown(typed)} is not a range", _EXAMPLE)
    parse_range(typed)
    return typed


def _quantity(typed: Any) -> Any:
    q = read_quantity(typed)
    if q is None:
        problem(
            (),
            f"{shown(typed)} is not a number",
            such_as(typed, "82%, 25 s or 40k per month", "it as the metric is printed"),
        )
    _check_quantity(typed, q)
    return typed


def _not_negative(typed: Any) -> Any:
    q = read_quantity(_quantity(typed))
    if q is not None and q.number < 0:
        problem((), f"{shown(typed)} is negative", "write 0 or more")
    return typed


class ExpectedMetric(Block):
    """Between which values a metric is expected; never an input."""

    main_key: ClassVar[str] = "between"

    between: Annotated[str, BeforeValidator(_range)] | None = environment(
        None, evidence=TYPED, examples=["80% to 84%"]
    )
    """From the least to the most; a sum over time per week, month or year."""
    expected: Annotated[float | str, BeforeValidator(_quantity)] | None = environment(
        None, evidence=TYPED, examples=["82%"]
    )
    """The value itself, where `within` says how near; in the place of between."""
    within: Annotated[float | str, BeforeValidator(_not_negative)] | None = environment(
        None, evidence=TYPED, examples=["2%"]
    )
    """How far from the expected value is near enough, in the same unit."""

    @model_validator(mode="after")
    def _said_once(self) -> ExpectedMetric:
        if (self.expected is None) != (self.within is None):
            key, remedy = (
                ("expected", "within: 2%") if self.within is None else ("within", "expected: 82%")
            )
            problem((key,), f"{key} stands alone", f"add {remedy}")
        if (self.between is None) == (self.expected is None):
            if self.between is None:
                problem((), "nothing is expected", _EXAMPLE)
            problem(("between",), "both between and expected are given", "keep one of them")
        return self

    def ends(self) -> tuple[Quantity, Quantity, Quantity | None]:
        """Low, high and None; or the expected value twice, and how far from it is near enough."""
        if self.between is not None:
            return (*parse_range(self.between), None)
        expected, within = read_quantity(self.expected), read_quantity(self.within)
        assert expected is not None  # both were checked
        assert within is not None
        return expected, expected, within

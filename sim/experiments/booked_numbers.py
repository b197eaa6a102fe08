"""Which typed numbers are only booked, so that a reader may move them after play?

A number is named by its path, as `--set` types it, and told as people type it: a share in percent,
a duration in the largest whole unit, all else in the unit in which it was typed. It is offered
where every scenario shown has the same value there, no initiative sets it, and what is played is
the same at another value: so moving it means `ccprofit compare --set PATH=VALUE`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from sim.core.clock import CELLS_PER_WEEK
from sim.experiments.weak_number import changed, throughout
from sim.language.field_reader import read_as
from sim.language.node import dotted
from sim.language.quantities import Quantity, read_quantity
from sim.plan.anchors import Anchors
from sim.plan.plan import Planner
from sim.plan.seats import keep_seats
from sim.runs.run import Run
from sim.scenario.scenario import Scenario
from sim.scenario.values import Value, values_of

DISCOUNT = "finance.discount_rate"
BOOKED = (
    "agents.*.wage", "agents.wage", "agents.*.turnover", "agents.turnover",
    "costs.on_cost", "costs.overtime", "costs.overhead", "costs.licence", "costs.fixed",
    "costs.telecom", "costs.recruiting", "costs.class_weeks", "costs.severance_weeks",
    "costs.supervision.wage", "costs.quality_and_planning.wage",
    "offers.*.price", "offers.*.margin", "offers.*.margin.per_month", "offers.*.commission",
    "offers.*.incremental", "offers.*.preparation", "offers.*.downgrade.loss",
    "contacts.*.price.amount", "contacts.*.price.margin", "contacts.*.lead_cost",
    "customers.*.margin", "customers.margin", "loyalty.reward",
    "initiatives.*.invest", "initiatives.*.run_cost",
    DISCOUNT,
)  # fmt: skip
"""Paths, `*` being a name, of all that the ledger reads and play may not."""
_FAR = 3.0
"""No end of a range is so many times the typed value, or that part of it: sliders stay fine."""
_MOST = 2.0
"""The end of a range where the field has none: so many times the typed value."""

_TIMES = (1000.0, 100.0, 10.0, 3.0)
"""What is legal at so many times the end of its range has no largest legal value."""


class Number(NamedTuple):
    """A number in the unit in which it is typed: 18 of `18 per hour`, 25 of `25%`."""

    path: str
    """As `--set` reaches it."""
    keys: tuple[str, ...]
    """The way to it in the spec."""
    typed: Quantity
    low: float
    """The ends of the range in which it may be moved; both are legal."""
    high: float
    says: str
    """What it is, a sentence."""
    field: Any

    @property
    def now(self) -> float:
        """The typed value."""
        return self.typed.number

    @property
    def two(self) -> tuple[float, float]:
        """Two legal values other than 0: the typed one, and one far from it."""
        far = self.high if self.high - self.now >= self.now - self.low else self.low
        if self.now == 0.0:
            return self.high / 2, self.high
        return self.now, far or self.low + (self.now - self.low) / 2

    def text(self, value: float) -> str:
        """The value as a file would say it."""
        return str(self.typed._replace(number=float(value)))

    @property
    def legal(self) -> tuple[float, float | None]:
        """The least and the largest legal value of those tried; None: there is no largest."""
        low = 0.0 if _is_legal(self, 0.0) else self.low
        tried = [times * max(1.0, self.high) for times in _TIMES] + [1.0, self.high]
        tried += [100.0] if self.typed.suffix == "%" else []
        most = max(x for x in tried if _is_legal(self, x))
        return low, None if most == tried[0] else most

    def leaf(self, old: Any, value: float) -> Any:
        """What stands in the spec at a value; text stays text, as of a margin in percent."""
        text = self.text(value)
        return text if isinstance(old, str) else read_as(self.field, text)


def numbers_of(runs: Sequence[Run]) -> list[Number]:
    """The numbers that may be moved in all of some runs, in the order of the blocks."""
    scenarios = [run.scenario for run in runs]
    first, *others = [_found(one) for one in scenarios]
    alike = [
        value
        for path, value in first.items()
        if all(path in other and other[path].read == value.read for other in others)
        and not any(_is_patched(one, value) for one in scenarios)
        and not any(_decides(one, path) for one in scenarios)
    ]
    numbers = [one for value in alike if (one := _number(scenarios[0], value))]
    if all(plays_alike(run, at(run, {one: one.two[1] for one in numbers})) for run in runs):
        return numbers
    return [n for n in numbers if all(plays_alike(run, at(run, {n: n.two[1]})) for run in runs)]


def booked_paths(scenario: Scenario) -> list[str]:
    """The paths of all numbers of a scenario that the ledger reads, whether play does or not."""
    return list(_found(scenario))


def at(run: Run, values: Mapping[Number, float]) -> Scenario:
    """The scenario of a run with numbers at other values, on each level; its seats stay."""

    def moved(spec: Any) -> Any:
        for number, value in values.items():
            leaf = _leaf_of(number, value)
            spec = changed(spec, [*number.keys], leaf)
        return spec

    scenario = throughout(run.scenario, moved)
    for new, old in zip(scenario.lineage, run.scenario.lineage, strict=True):
        keep_seats(new, old)
        if old.spec.initiatives:  # no number that is moved stands in a patch
            new.__dict__ |= {"patched": old.patched, "_as_typed": old._as_typed}
    return scenario


def plays_alike(run: Run, scenario: Scenario) -> bool:
    """Whether the engine reads the same tables of another scenario, in all weeks and levels."""
    pairs = zip(run.scenario.lineage, scenario.lineage, strict=True)
    return all(_tables(a, run.anchors) == _tables(b, run.anchors) for a, b in pairs)


def _leaf_of(number: Number, value: float):
    return lambda old: number.leaf(old, value)


def _tables(scenario: Scenario, anchors: Anchors) -> list[bytes]:
    """All that the engine reads, but what only offers that weigh money, or bind, read."""
    weeks, found = {}, []
    for week in range(scenario.spec.horizon.n_weeks):
        weeks.setdefault(scenario.in_week(week), week)
    planner = Planner(scenario, anchors)
    for one, week in weeks.items():
        plan = planner.plan(week * CELLS_PER_WEEK, 1)
        offers = one.spec.offers.values()
        if not any(offer.policy.weighs_money for offer in offers):
            offered = plan.offers._replace(worth=np.zeros(0))
            declined = plan.policies._replace(annoyance=np.zeros(0))
            saved = plan.save_desk._replace(value=np.zeros(0))
            plan = plan._replace(offers=offered, policies=declined, save_desk=saved)
        if not any(offer.contract for offer in offers):
            products = plan.offers.products.copy()
            products["incremental"] = 1.0
            plan = plan._replace(offers=plan.offers._replace(products=products))
        found += list(_bytes(plan))
    return found


def _bytes(table: Any) -> Iterator[bytes]:
    if isinstance(table, tuple):
        for part in table:
            yield from _bytes(part)
    else:
        yield table.tobytes() if hasattr(table, "tobytes") else repr(table).encode()


def _decides(scenario: Scenario, path: str) -> bool:
    """Whether what people do depends on it: turnover, of people and where seats go by attrition."""
    leaves = path.endswith(".turnover")
    return leaves and (scenario.has_people or bool(scenario.spec.initiatives))


def _found(scenario: Scenario) -> dict[str, Value]:
    """By path, the values that are only booked."""
    return {
        dotted(value.path): value
        for value in values_of(scenario)
        if _is_booked(tuple(map(str, value.path))) and read_quantity(value.value) is not None
    }


def _is_booked(path: tuple[str, ...]) -> bool:
    return any(
        len(keys) == len(path) and all(k in ("*", p) for k, p in zip(keys, path, strict=True))
        for keys in _patterns()
    )


@cache
def _patterns() -> list[tuple[str, ...]]:
    return [tuple(path.split(".")) for path in BOOKED]


def _is_patched(scenario: Scenario, value: Value) -> bool:
    """Whether an initiative sets the number."""
    keys = _keys(scenario.spec, value.path)
    typed = _value_at(scenario.spec, keys)
    return any(_value_at(one.spec, keys) != typed for one in scenario.patched)


def _keys(spec: Any, path: Sequence[Any]) -> tuple[str, ...]:
    """The way through the spec: the only one of a block has a name there that no file has."""
    found, node = [], spec
    for key in map(str, path):
        if isinstance(node, dict) and key not in node and len(node) == 1:
            (name,) = node
            found.append(name)
            node = node[name]
        found.append(key)
        node = node.get(key) if isinstance(node, dict) else getattr(node, key, None)
    return tuple(found)


def _value_at(spec: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        spec = spec.get(key) if isinstance(spec, dict) else getattr(spec, key, None)
    return spec


def _number(scenario: Scenario, value: Value) -> Number | None:
    """The number with its range; None where no other value is legal."""
    typed = _as_people_type(read_quantity(value.value), value.field)
    keys = _keys(scenario.spec, value.path)
    draft = Number(dotted(value.path), keys, typed, 0.0, 0.0, value.description, value.field)
    low, high = _range(draft)
    lows, highs = (low, typed.number / 2), (high, 100.0 if typed.suffix == "%" else 1.0)
    low = next((x for x in lows if _is_legal(draft, x)), typed.number)
    if not _is_legal(draft, low + (typed.number - low) / 100):  # a margin of money is more than 1
        low = typed.number / 4
    high = next((x for x in highs if x > low and _is_legal(draft, x)), typed.number)
    return draft._replace(low=low, high=high) if low < high and _is_legal(draft, low) else None


def _as_people_type(typed: Quantity | None, field: Any) -> Quantity:
    """0.8 as 80%, 28800 s as 8 h, where both mean the same; all else as it is typed."""
    assert typed is not None  # else it was not found
    exact = Decimal(repr(typed.number))
    drafts = []
    if not typed.suffix and _is_share(typed, field):
        drafts = [typed._replace(number=float(exact.scaleb(2)), suffix="%")]
    elif typed.unit == "s" and exact:
        fitting = ((unit, n) for unit, n in (("h", 3600), ("min", 60)) if exact % n == 0)
        drafts = [typed._replace(number=float(exact / n), unit=unit) for unit, n in fitting]
    meant = read_as(field, str(typed))
    return next((d for d in drafts if read_as(field, str(d)) == meant is not None), typed)


def _is_share(typed: Quantity, field: Any) -> bool:
    """Whether its range is told in percent, or it has none and is no more than 1."""
    ends = _ends(field)
    return any("%" in str(end) for end in ends[:2]) if ends else 0 < typed.number <= 1


def _ends(field: Any) -> Any:
    """The range of a field that is plausible, or sensible; None where it has none."""
    extra = field.json_schema_extra
    return (extra.get("plausible") or extra.get("lever")) if isinstance(extra, dict) else None


def _range(number: Number) -> tuple[float, float]:
    """What is plausible, or sensible, with the typed value in it; else from 0 to twice that."""
    ends = _ends(number.field)
    unit = read_as(number.field, number.text(1.0)) if ends else None
    found = [read_as(number.field, end) for end in ends[:2]] if ends else []
    numbers = [x for x in found if isinstance(x, float | int)]
    if isinstance(unit, float | int) and unit and len(numbers) == 2:
        low, high = (float(f"{x / unit:.6g}") for x in numbers)
        if number.now:
            low, high = max(low, number.now / _FAR), min(high, number.now * _FAR)
        return min(low, number.now), max(high, number.now)
    if not number.now:
        return 0.0, 100.0 if number.typed.suffix == "%" else 1.0
    ends = 0.0, _MOST * number.now
    return min(ends), max(ends)


def _is_legal(number: Number, value: float) -> bool:
    return read_as(number.field, number.text(value)) is not None

"""A volume typed per day or per hour, as contacts a week: days and hours on which the type opens.

`1000 per day` of a type that opens on five days is 5,000 a week, however short its days; `100 per
hour` counts no closed hour. A rate per week, month or year is what it says. The weekly number takes
the place of what was typed, so that a change of the opening hours changes it.
"""

from __future__ import annotations

import numpy as np
from pydantic_core import PydanticCustomError

from sim.core.clock import (
    CELLS_PER_DAY,
    CELLS_PER_HOUR,
    DAYS_PER_WEEK,
    HOURS_PER_WEEK_ROUND_THE_CLOCK,
    SECONDS_PER_HOUR,
)
from sim.domain.contacts.demand import by_cell, office_profile
from sim.domain.contacts.opening import parse_opening
from sim.language.node import KeyPath
from sim.language.parsers import parse_duration, parse_rate, period_of
from sim.language.quantities import plain
from sim.language.tree import Tree

_WHILE_OPEN = {"minute", "hour", "day"}
_DEFAULT_INTERVAL_S = SECONDS_PER_HOUR / 2  # of horizon.interval


def volumes_while_open(tree: Tree) -> Tree:
    """Return the tree with such volumes per week; what is faulty stays as it is, to be told."""
    node = tree.node(("contacts",))
    for name in node.value if node is not None and isinstance(node.value, dict) else ():
        path = ("contacts", name, "volume", "per_week")
        typed = tree.node(path)
        if typed is None or period_of(typed.value) not in _WHILE_OPEN:
            continue
        try:
            weekly = _per_open_week(tree, name, typed.value)
        except (PydanticCustomError, TypeError, ValueError):
            continue
        tree = tree.with_value(path, f"{plain(weekly)} per week")
    return tree


def _per_open_week(tree: Tree, name: str, typed: str) -> float:
    always = parse_rate(typed, "week", "per_week")
    is_open = _open_cells(tree, name)
    if period_of(typed) == "day":
        days = np.count_nonzero(is_open.reshape(DAYS_PER_WEEK, CELLS_PER_DAY).any(axis=1))
        return always / DAYS_PER_WEEK * int(days)
    hours = np.count_nonzero(is_open) / CELLS_PER_HOUR
    return always / HOURS_PER_WEEK_ROUND_THE_CLOCK * hours


def _open_cells(tree: Tree, name: str) -> np.ndarray:
    """[672] whether the type is open, from Monday 00:00."""
    for path in (("contacts", name, "open"), ("open",)):
        node = tree.node(path)
        if node is not None and node.value is not None:
            return parse_opening(str(node.value))
    return _weights(tree, ("contacts", name, "volume", "profile")) > 0


def _weights(tree: Tree, path: KeyPath) -> np.ndarray:
    node = tree.node(path)
    profile = node.plain() if node is not None else "office-hours"
    if isinstance(profile, list):
        interval = tree.node(("horizon", "interval"))
        seconds = parse_duration(interval.value) if interval is not None else _DEFAULT_INTERVAL_S
        cells = by_cell(
            np.array(profile, float), round(seconds * CELLS_PER_HOUR / SECONDS_PER_HOUR)
        )
        return np.ones(0) if cells is None else cells
    return np.ones(CELLS_PER_DAY * DAYS_PER_WEEK) if profile == "flat" else office_profile()

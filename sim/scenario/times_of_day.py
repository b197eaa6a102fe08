"""A scenario at each time of the day, and on average: one number where several are typed.

What computes with one number asks for the scenario at a time, or on average of its contacts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np

from sim.core.clock import CELLS_PER_WEEK
from sim.domain.contacts.demand import by_cell
from sim.language.by_interval import Varying, varies, with_each
from sim.language.node import KeyPath
from sim.scenario.contact_spec import ContactSpec
from sim.scenario.spec import ScenarioSpec

Contacts = dict[str, ContactSpec]


def at_times(spec: ScenarioSpec) -> list[tuple[np.ndarray, Contacts]]:
    """Bool [672] cells from Monday in which all numbers are the same, and the types as then."""
    found: list[np.ndarray] = []
    for contact in _varying(spec).values():
        with_each(contact, lambda _, values: found.append(in_week(spec, values)) or 0.0)
    if not found:
        return [(np.ones(CELLS_PER_WEEK, bool), dict(spec.contacts))]
    _, first, part = np.unique(np.array(found), axis=1, return_index=True, return_inverse=True)
    parts = np.reshape(part, -1)
    return [(parts == i, _at(spec, int(cell))) for i, cell in enumerate(first)]


def averages(spec: ScenarioSpec, coming: Callable[[str], np.ndarray]) -> Contacts:
    """The types with the mean of each number; `coming` is when a type's contacts do: [672] weights.

    Of a hold the mean of those held, of coming back that of the unsolved, so that products hold.
    """
    means = {name: _on_average(spec, one, coming(name)) for name, one in _varying(spec).items()}
    return {**spec.contacts, **means}


def _on_average(spec: ScenarioSpec, contact: ContactSpec, coming: np.ndarray) -> ContactSpec:
    def mean(path: KeyPath, values: tuple[float, ...]) -> float:
        weights = coming
        if path == ("hold", "mean") and contact.hold is not None:
            weights = weights * in_week(spec, contact.hold.share)
        if path == ("resolution", "comes_back") and contact.resolution is not None:
            weights = weights * (1.0 - in_week(spec, contact.resolution.first_contact))
        return _mean(in_week(spec, values), weights)

    return cast(ContactSpec, with_each(contact, mean))


def in_week(spec: ScenarioSpec, typed: Varying) -> np.ndarray:
    """[672] a number by cell from Monday; of a list that fits no day (a fault) its mean."""
    values = np.array(typed if isinstance(typed, tuple) else (typed,))
    cells = by_cell(values, spec.horizon.interval_cells)
    return np.full(CELLS_PER_WEEK, values.mean()) if cells is None else cells


def _varying(spec: ScenarioSpec) -> Contacts:
    return {name: contact for name, contact in spec.contacts.items() if varies(contact)}


def _at(spec: ScenarioSpec, cell: int) -> Contacts:
    """The types as they are in a cell of the week."""

    def value(_: KeyPath, values: tuple[float, ...]) -> float:
        return float(in_week(spec, values)[cell])

    return {
        name: cast(ContactSpec, with_each(contact, value)) if varies(contact) else contact
        for name, contact in spec.contacts.items()
    }


def _mean(values: np.ndarray, weights: np.ndarray) -> float:
    """The weighted mean; exactly the number where all are the same."""
    if np.ptp(values) == 0.0:
        return float(values[0])
    total = weights.sum()
    return float(values @ weights / total) if total > 0.0 else float(values.mean())

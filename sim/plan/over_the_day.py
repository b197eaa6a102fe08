"""What is computed at each time of the day, where numbers are typed by interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sim.core.clock import CELLS_PER_WEEK
from sim.scenario.scenario import Scenario


def over_the_day(
    scenario: Scenario, of_scenario: Callable[[Scenario], float]
) -> float | np.ndarray:
    """[cell] what is computed of the scenario as it is then; one number if nothing varies."""
    parts = scenario.at_times
    if len(parts) == 1:
        return of_scenario(parts[0][1])
    found = np.zeros(CELLS_PER_WEEK)
    for cells, part in parts:
        found[cells] = of_scenario(part)
    return found


def total(contacts: np.ndarray, value: float | np.ndarray) -> float:
    """A value of each contact, summed over contacts [cell]."""
    if isinstance(value, np.ndarray):
        return float(contacts @ value)
    return float(contacts.sum()) * value


def mixed(contacts: np.ndarray, of_types: Sequence[float | np.ndarray]) -> np.ndarray:
    """[cell] mean of values, by type and perhaps by cell, over contacts [type, cell].

    How the types are mixed is that of the week, as where nothing varies; how a value differs from
    its mean is that of the cell. What they add up to over the week is exact.
    """
    values = np.array([np.broadcast_to(one, contacts.shape[1]) for one in of_types])
    by_type, per_cell = contacts.sum(axis=1), contacts.sum(axis=0)
    sums = (contacts * values).sum(axis=1)
    means = np.divide(sums, by_type, out=values.mean(axis=1), where=by_type > 0)
    usual = means @ contacts
    found = (contacts * values).sum(axis=0)
    ratio = np.divide(found, usual, out=np.ones_like(usual), where=usual > 0)
    return ratio * (float(sums.sum()) / max(total(per_cell, ratio), 1e-300))

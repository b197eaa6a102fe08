"""How many contacts come again? Redials of who got no answer, and unsolved issues."""

from __future__ import annotations

import numpy as np

from sim.domain.contacts.redials import UNLIMITED
from sim.language.by_interval import single
from sim.scenario.scenario import Scenario
from sim.scenario.with_specialists import solved


def returning_over_the_day(
    scenario: Scenario, type_: str, gone: np.ndarray
) -> tuple[np.ndarray, float | np.ndarray]:
    """The same as `returning` of gone [cell], of contacts that come in each cell."""
    parts = scenario.at_times
    if len(parts) == 1:
        return returning(parts[0][1], type_, gone)
    at_once, repeats = np.zeros_like(gone), np.zeros_like(gone)
    for cells, part in parts:
        at_once[cells], repeats[cells] = returning(part, type_, gone[cells])
    return at_once, repeats


def returning_in(
    parts: list[tuple[Scenario, int]], gone: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Redials ÷ contacts [day, row, type], and shares [row, type] that come back unsolved."""
    at_once, repeats, first = np.zeros_like(gone), np.zeros(gone.shape[1:]), 0
    for part, length in parts:
        rows = slice(first, first + length)
        for t, type_ in enumerate(part.types):
            at_once[:, rows, t], repeats[rows, t] = returning(part, type_, gone[:, rows, t])
        first += length
    return at_once, repeats


def returning(scenario: Scenario, type_: str, gone: np.ndarray) -> tuple[np.ndarray, float]:
    """Redials ÷ contacts [cell], and the share of answered contacts that come back unsolved.

    Of m tries in a row without an answer the last is not followed by another.
    """
    spec = scenario.spec.contacts[type_]
    at_once = np.zeros_like(gone)
    if spec.redial is not None:
        again = gone * single(spec.redial.probability)
        most = UNLIMITED if spec.redial.attempts == "unlimited" else spec.redial.attempts
        again = np.minimum(again, 1.0 - 1e-9)
        tries = (1.0 - again**most) / (1.0 - again)
        at_once = 1.0 - 1.0 / tries
    resolution = spec.resolution
    if resolution is None:
        return at_once, 0.0
    return at_once, (1.0 - solved(scenario, type_)) * single(resolution.comes_back)

"""Book each week at its own terms: wages, prices and costs as initiatives have made them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.scenario.scenario import Scenario

Lines = dict[str, np.ndarray]
"""Amounts by line, [replication, week, …]."""


def by_terms(scenario: Scenario, book_one: Callable[[Scenario], Lines]) -> Lines:
    """Book with `book_one` the scenario of each week, and take from it that week's amounts."""
    in_weeks = [scenario.in_week(week) for week in range(scenario.spec.horizon.n_weeks)]
    booked = {one: book_one(one) for one in dict.fromkeys(in_weeks)}
    first, *others = booked.values()
    if not others:
        return first
    lines: Lines = {}
    for one, of_one in booked.items():
        weeks = [week for week, other in enumerate(in_weeks) if other is one]
        for name, amounts in of_one.items():
            lines.setdefault(name, np.zeros_like(amounts))[:, weeks] = amounts[:, weeks]
    return lines

"""The luck of a replication: from seed and number to what each segment, type and week draws."""

from __future__ import annotations

import numpy as np

from sim.core import dice
from sim.core.moments import MOST_BLOCKS
from sim.domain.contacts.demand import Fortune
from sim.plan.plan import forecast_factor
from sim.scenario.scenario import Scenario


def fortune_of(scenario: Scenario, seed: int, replication: int) -> Fortune:
    """The luck of one replication."""
    types, segments = scenario.types, scenario.segments or ["everyone"]
    sources = np.empty((len(types), len(segments), MOST_BLOCKS), np.uint64)
    for t, type_ in enumerate(types):
        for s, segment in enumerate(segments):
            sources[t, s] = [
                dice.luck_of(seed, replication, "issues", type_, segment, block)
                for block in range(MOST_BLOCKS)
            ]
    factor = forecast_factor(scenario.spec.forecast_error or 0.0, seed, replication)
    busy = [dice.luck_of(seed, replication, "busyness", type_) for type_ in types]
    people = [dice.luck_of(seed, replication, "customers", segment) for segment in segments]
    return Fortune(sources, np.array(busy, np.uint64), np.array(people, np.uint64), factor)

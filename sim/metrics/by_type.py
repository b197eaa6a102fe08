"""Metrics of one contact type: who waits, calls or chats?"""

from __future__ import annotations

from sim.core.statistics import Sample
from sim.metrics.registry import METRICS, Facts

BY_TYPE = ("offered", "service_level", "wait", "abandonment", "aht", "fcr")
ON_THE_SPOT = ("wait", "abandonment")
"""They say something only of customers who wait for an answer on the spot."""


def by_type(facts: Facts) -> dict[str, dict[str, Sample]]:
    """Contact type → metric → samples [replication]; without what it does not have."""
    found = {}
    for number, name in enumerate(facts.scenario.types):
        of_type = facts._replace(types=(number,))
        is_unhurried = facts.scenario.spec.contacts[name].is_unhurried
        found[name] = {
            metric: METRICS[metric].measure(of_type)
            for metric in BY_TYPE
            if not (is_unhurried and metric in ON_THE_SPOT)
        }
    return found

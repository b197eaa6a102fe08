"""What a reader must know of a scenario as typed, before and after it is played."""

from __future__ import annotations

from sim.scenario.csv_tables import steps_seen
from sim.scenario.never_idle import never_idle_enough
from sim.scenario.planned_seats import unmoved_seats
from sim.scenario.plausible import implausible
from sim.scenario.scenario import Scenario
from sim.scenario.unpriced import desk_from_nowhere


def said_of(scenario: Scenario) -> list[str]:
    """Sentences on how tables were read, a new save desk, seats that stay, emails for which nobody
    is ever idle enough, and unusual amounts.
    """
    return [
        *steps_seen(scenario.tree),
        *desk_from_nowhere(scenario),
        *unmoved_seats(scenario),
        *never_idle_enough(scenario),
        *implausible(scenario),
    ]

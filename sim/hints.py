"""What a reader must know of a scenario as typed, before and after it is played."""

from __future__ import annotations

from sim.assumptions import desk_from_nowhere
from sim.plannedseats import unmoved_seats
from sim.plausible import implausible
from sim.scenario import Scenario
from sim.tabular import steps_seen


def said_of(scenario: Scenario) -> list[str]:
    """How tables were read, seats that stay, amounts that may be slips, a desk from nowhere."""
    return [
        *steps_seen(scenario.tree),
        *desk_from_nowhere(scenario),
        *unmoved_seats(scenario),
        *implausible(scenario),
    ]

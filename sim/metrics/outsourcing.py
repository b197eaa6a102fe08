"""The ledger's lines of groups whose seats a vendor fills, and whom the house itself pays by hours.

A vendor is paid units × amount. Hours and minutes are counted in the week in which they pass,
answered contacts in that in which they came, solved ones in that in which they ended. Nothing else
is booked of such a group. What a customer costs or brings is the client's all the same: goodwill,
telecom, the commission on a sale, and whoever leaves over an unsolved issue.
"""

from __future__ import annotations

import numpy as np

from sim.core.clock import MS_PER_HOUR, MS_PER_MINUTE
from sim.scenario.scenario import Scenario
from sim.weeks.counts import Tally

HANDLING_MS = ("talk_ms", "hold_ms", "offer_ms", "wrap_up_ms")


def outsourcing_lines(scenario: Scenario, tally: Tally) -> dict[str, np.ndarray]:
    """[replication, week] amounts by line, of groups with a price."""
    lines = {}
    for g, (group, spec) in enumerate(scenario.spec.agents.items()):
        if spec.paid:
            units = _units(spec.paid.per, tally.time[:, :, g], tally.groups[:, :, g])
            lines[f"cost:outsourcing:{group}"] = -spec.paid.amount * units
    return lines


def _units(per: str, time: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """[replication, week] units that are paid, of TIME_COUNTS and GROUP_COUNTS."""
    if per == "hour":
        return (time["scheduled_ms"] + time["overtime_ms"]) / MS_PER_HOUR
    if per == "minute":
        return np.sum([time[name] for name in HANDLING_MS], axis=0) / MS_PER_MINUTE
    return counts["answered"] if per == "contact" else counts["resolved"]


def is_own(scenario: Scenario) -> np.ndarray:
    """Bool [week, group]: whether the house itself pays people for their hours."""
    return np.array(
        [
            [spec.paid is None for spec in scenario.in_week(week).spec.agents.values()]
            for week in range(scenario.spec.horizon.n_weeks)
        ]
    )

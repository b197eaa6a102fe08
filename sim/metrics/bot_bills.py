"""The ledger's lines of bots in front of agents: their vendors bill what they claim.

Units are counted in the week in which the contact came to agents or, of what a bot kept, in which
its session began.
"""

from __future__ import annotations

import numpy as np

from sim.core.clock import MS_PER_MINUTE
from sim.domain.channels.self_service import BotPriceSpec
from sim.scenario.scenario import Scenario
from sim.weeks.counts import Tally


def bot_lines(scenario: Scenario, tally: Tally) -> dict[str, np.ndarray]:
    """[replication, week] amounts by line, of contact types whose bot has a price."""
    lines = {}
    for t, (type_, spec) in enumerate(scenario.spec.contacts.items()):
        if spec.self_service and spec.self_service.price:
            price = spec.self_service.price
            units = _units(price, tally.self_service[:, :, t])
            lines[f"cost:self_service:{type_}"] = -price.amount * units
    return lines


def _units(price: BotPriceSpec, counts: np.ndarray) -> np.ndarray:
    """[replication, week] units that are billed, of SELF_SERVICE_COUNTS."""
    if price.per == "minute":
        return counts["bot_ms"] / MS_PER_MINUTE
    claimed = counts["solved"] + counts["claimed"]
    if price.per == "claimed":
        return claimed
    return (claimed + counts["escalated"]) * (price.actions if price.per == "action" else 1.0)

"""The ledger's lines of contacts that customers pay for, and of leads that were bought.

Revenue = paid units × amount, of which the share `margin` is margin. Units are counted in the week
in which the contact arrived, solved issues in the week in which they closed.
"""

from __future__ import annotations

import numpy as np

from sim.core.clock import MS_PER_MINUTE
from sim.scenario.scenario import Scenario
from sim.weeks.counts import Tally

ACCOUNT = "contacts/{}"
"""The account of a paid type; no product's name has a stroke, so the two are told apart."""


def paid_lines(scenario: Scenario, tally: Tally) -> dict[str, np.ndarray]:
    """[replication, week] amounts by line, of contact types with a price or a cost of leads."""
    lines: dict[str, np.ndarray] = {}
    for t, (type_, spec) in enumerate(scenario.spec.contacts.items()):
        counts = tally.contacts[:, :, t]
        if spec.price:
            revenue = spec.price.amount * _units(spec.price.per, counts)
            lines[f"memo:revenue:{ACCOUNT.format(type_)}"] = revenue
            lines[f"margin:{ACCOUNT.format(type_)}"] = spec.price.margin * revenue
        if spec.lead_cost:
            bot = tally.self_service[:, :, t]
            issues = counts["first_contacts"] + bot["solved"] + bot["claimed"]
            lines[f"cost:leads:{type_}"] = -spec.lead_cost * issues
    return lines


def _units(per: str, counts: np.ndarray) -> np.ndarray:
    """[replication, week] units that are paid; `counts` is [replication, week] CONTACT_COUNTS."""
    if per == "minute":
        paid_ms = counts["talk_ms"] - counts["beside_ms"] + counts["hold_ms"]
        return paid_ms / MS_PER_MINUTE
    return counts["answered"] if per == "answered" else counts["issues_resolved"]

"""The printed metrics beside the contact records: the same quantities of a case, by sim.metrics.

A batch is the contacts that arrived in a week (or some weeks, as the case has them).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.metrics import METRICS, weeks_of
from sim.metrics.ledger import book
from sim.plan.anchors import UNANCHORED
from sim.runs.run import Run
from sim.scenario.scenario import Scenario
from sim.weeks.counts import Tally, stack

from .cases import Case
from .measure import PLACE

PREFIX = "metric "
SHARES = {
    "p_ab": "abandonment",
    "p_ab_all": "abandonment",
    "p_ab_attempt": "abandonment",
    "p_block": "blocked",
    "sl_offered": "service_level_of_offered",
    "SL20": "service_level",
    "sl_answered": "service_level_of_answered",
    "sl_exshort": "service_level_less_short",
    "sl_both": "service_level_or_short",
    "occ": "occupancy",
    "agent_occ": "occupancy",
    "mean_conc_busy": "chats_at_once",
}
ONLY_PRINTED = ("agent_occ", "mean_conc_busy")
"""What no record of a contact shows: the time of agents in chats is counted at their desks."""
TIMES = {
    "asa": "asa", "asa_all": "wait", "asa_all_attempt": "wait", "EW_s": "wait", "handle": "aht"
}  # fmt: skip
"""In the unit of the case, but EW_s in seconds."""


def printed(case: Case) -> dict[str, str]:
    """Quantity of the case → the metric that prints it."""
    found = {}
    for quantity in case.expected:
        plain, is_whole = PLACE.sub("", quantity), not PLACE.search(quantity)
        name = (SHARES | TIMES).get(plain)
        if name and (is_whole or (name != "occupancy" and not case.plan.cycles_per_week)):
            found[quantity] = name
    return found


def by_batch(
    case: Case, scenario: Scenario, tallies: list[Tally]
) -> Iterator[tuple[str, np.ndarray, float]]:
    """Quantity, its [batch, numerator and denominator], and what it is multiplied with."""
    tally = stack(tallies)
    ledger = book(scenario, UNANCHORED, tally)
    facts = Run(scenario, UNANCHORED, 0, len(tallies), "compiled", tally, ledger, []).facts
    weeks = [weeks_of(facts, slice(week, week + 1)) for week in range(tally.contacts.shape[1])]
    for quantity, name in printed(case).items():
        places = PLACE.findall(quantity)
        if places:
            of = [f._replace(types=(int(places[0]),)) for f in weeks]
        else:
            of = weeks
        sums = np.array([METRICS[name].measure(f)[:2] for f in of], float)  # [week, 2, replication]
        step = case.plan.weeks_at_once
        whole = sums[: len(sums) // step * step].reshape(-1, step, *sums.shape[1:]).sum(axis=1)
        is_time = PLACE.sub("", quantity) in TIMES and quantity != "EW_s"
        factor = 1000 / case.unit_ms if is_time else 1.0
        yield quantity, whole.transpose(0, 2, 1).reshape(-1, 2), factor

"""Numbers by quarter of an hour in small worlds: how they are typed, and the law that they obey."""

from __future__ import annotations

from collections import Counter
from itertools import cycle, islice
from typing import Any

from sim.core.moments import FIRST_LEG
from sim.core.tables import ANSWERED, BALKED, NOT_YET
from sim.scenario.scenario import Scenario

from .worlds import CELL_MS, CELLS_PER_DAY, each

VARIED = ["wrap-up by its begin", "patience by arrival", "hold by its begin", "solved by arrival"]
VARIED += ["balked by arrival", "redialled by arrival"]


def by_quarter(*values: Any) -> list[Any]:
    """A list that fills a day of quarter hours, one value after the other."""
    return list(islice(cycle(values), CELLS_PER_DAY))


def at(typed: Any, at_ms: int) -> Any:
    """What holds at a moment, of one number or one for each quarter of the day."""
    return typed[at_ms // CELL_MS % CELLS_PER_DAY] if isinstance(typed, tuple) else typed


def check_times_of_day(scenario: Scenario, rows: Any, factor: Any) -> Counter:
    """Each contact has the numbers of its time; returns how often one could have been another.

    `factor` [group, type] stretches handling.
    """
    n: Counter = Counter()
    for c in each(rows[(rows.leg == FIRST_LEG) & (rows.arrived_ms != NOT_YET)]):
        spec = scenario.spec.contacts[scenario.types[c.type]]
        n["patience by arrival"] += int(bool(spec.patience) and _varies(spec.patience.mean))
        n["redialled by arrival"] += int(bool(spec.redial) and _varies(spec.redial.probability))
        if c.outcome == BALKED:
            assert at(spec.balk, c.arrived_ms) > 0.0
            n["balked by arrival"] += _varies(spec.balk)
        if c.outcome != ANSWERED:
            continue
        if spec.hold and c.hold_ms:
            assert at(spec.hold.share, c.answered_ms + c.talk_ms) > 0.0
            n["hold by its begin"] += _varies(spec.hold.share)
        if spec.resolution and _varies(spec.resolution.first_contact) and c.left_ms != NOT_YET:
            share = at(spec.resolution.first_contact, c.arrived_ms)
            assert share not in (0.0, 1.0) or c.resolved == share
            n["solved by arrival"] += 1
        has_hung_up = c.left_ms != NOT_YET and not c.handed_on
        if has_hung_up and spec.wrap_up and _varies(spec.wrap_up.mean):
            seconds = at(spec.wrap_up.mean, c.left_ms)
            assert c.wrap_up_ms == int(seconds * 1000 * factor[c.group, c.type] + 0.5)
            n["wrap-up by its begin"] += 1
    return n


def _varies(typed: Any) -> int:
    return int(isinstance(typed, tuple))

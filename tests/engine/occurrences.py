"""What really occurred in a play: ties, carried contacts, owed seats, retries and offers.

Everything here is read from tables, so it does not depend on how an engine works.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations_with_replacement
from typing import Any

import numpy as np

from sim.core.moments import CALL_LEG, FIRST_LEG, SECOND_LEG
from sim.core.tables import (
    ANSWERED,
    ASKED_FOR_HUMAN,
    BALKED,
    BLOCKED,
    CLAIMED_BY_BOT,
    CLOSED,
    DUE_LATER,
    ESCALATED,
    EXPIRED,
    GAVE_UP,
    KEPT_BY_BOT,
    NOT_REACHED,
    NOT_YET,
    OFFERING,
    PUT_BY,
    REACHED,
    RINGING,
    SOLVED_BY_BOT,
    TALKING,
    WAITING,
    WITH_BOT,
    WITHDRAWN,
    WRAPPING,
)
from sim.scenario.scenario import Scenario

from .times_of_day import at
from .worlds import CELL_MS, CELLS_PER_WEEK, MINUTE_MS, Played, each

KINDS = ("freed", "end of talk", "level", "overflow", "giving up", "due again", "arrival")
FREED, END_OF_TALK, SEATS_CHANGE, OVERFLOW, GIVING_UP, DUE_AGAIN, ARRIVAL = range(len(KINDS))
PHASES = {
    DUE_LATER: "due later",
    WAITING: "waiting",
    TALKING: "talking",
    OFFERING: "offering",
    WRAPPING: "wrapping up",
    PUT_BY: "put by",
    RINGING: "ringing",
    WITH_BOT: "with the bot",
}
TIES = [f"tie: {KINDS[a]}, {KINDS[b]}" for a, b in combinations_with_replacement(range(7), 2)]
CARRIED = [f"carried: {phase}" for phase in PHASES.values()]
LEGS = [
    "second leg answered at once",
    "second leg waited for",
    "second leg gave up",
    "second leg carried waiting",
    "second leg carried in the offer",
    "lead reached",
    "lead not reached",
    "lead expired",
    "lead withdrawn",
    "lead waited for",
    "lead and arrival at one moment",
]
EVENTS = [
    "owed seats carried",
    "owed seats cancelled by a rise",
    "overtime after closing",
    "served after closing",
    "overflow answered as it opens",
    "answered by a second choice",
    "answered as patience ends",
    "blocked",
    "balked",
    "gave up",
    "gave up at once",
    "last attempt",
    "answered after a redial",
    "came back",
    "told again",
    "reopening",
    "head start",
    "offer accepted",
    "offer refused",
    "second product offered",
    "arrived in the warm-up",
]
OF_BOTS = {
    SOLVED_BY_BOT: "solved by a bot",
    CLAIMED_BY_BOT: "claimed by a bot",
    ESCALATED: "handed on by a bot",
    ASKED_FOR_HUMAN: "asked for a human",
}
CAME_BACK, SOLD_BY_BOT = "came back from a bot", "sold by a bot"
ALL = [*TIES, *CARRIED, *EVENTS, *LEGS, *OF_BOTS.values(), CAME_BACK, SOLD_BY_BOT]


def patience_ms(scenario: Scenario, contact: Any) -> int | None:
    """How long a contact would wait, where that is not random; None: for ever, or unknown."""
    spec = scenario.spec.contacts[scenario.types[contact.type]]
    if contact.listed >= 0 and contact.leg == FIRST_LEG:
        patience_s = listed_calls(scenario)[contact.listed].patience
    elif spec.patience is not None and spec.patience.kind == "constant":
        patience_s = at(spec.patience.mean, contact.arrived_ms)
    else:
        return None
    return None if patience_s is None else round(patience_s * 1000)


def listed_calls(scenario: Scenario) -> list:
    """The listed calls of all types, in the order of their column: by moment, then type."""
    rows = [
        (round(one.at * 1000), t, one)
        for t, spec in enumerate(scenario.spec.contacts.values())
        for one in spec.volume.calls or []
    ]
    return [one for _, _, one in sorted(rows, key=lambda row: row[:2])]


def moments(scenario: Scenario, played: Played) -> dict[int, Counter]:
    """How many moments of each kind fell at each millisecond of the play."""
    found: dict[int, Counter] = defaultdict(Counter)
    plan = played.plans[-1]
    start_ms = played.plans[0].demand.first_cell * CELL_MS
    end_ms = start_ms + played.overtime_ms.shape[1] * CELL_MS
    levels = np.concatenate([plan.levels.level, plan.levels.closed])
    for cell in range(start_ms // CELL_MS, end_ms // CELL_MS):
        now, before = cell % CELLS_PER_WEEK, (cell - 1) % CELLS_PER_WEEK
        groups = len(plan.levels.level)
        changed = levels[:, now] != levels[:, before]
        n = (changed[:groups] | changed[groups:]).sum()
        if n:
            found[cell * CELL_MS][SEATS_CHANGE] += int(n)
    for contact in each(played.contacts):
        if contact.arrived_ms == NOT_YET:
            continue
        if contact.leg != FIRST_LEG:
            for kind, at_ms in _ends_of_leg(contact):
                found[at_ms][kind] += 1
            continue
        is_new = contact.attempt == 1 and contact.bot != ESCALATED
        found[contact.arrived_ms][ARRIVAL if is_new else DUE_AGAIN] += 1
        if contact.outcome == KEPT_BY_BOT:
            found[contact.until_ms][DUE_AGAIN] += 1
            continue
        waited_until = end_ms
        if contact.outcome == ANSWERED:
            waited_until = contact.answered_ms
            at_ms = contact.answered_ms + contact.talk_ms + contact.hold_ms
            found[at_ms][END_OF_TALK] += 1
            for more_ms in (contact.offer_ms, contact.wrap_up_ms):
                if more_ms:
                    at_ms += more_ms
                    found[at_ms][FREED] += 1
            patience = patience_ms(scenario, contact)
            if patience and contact.arrived_ms + patience == contact.answered_ms:
                found[contact.answered_ms][GIVING_UP] += 1  # it was about to
        elif contact.outcome in (BLOCKED, BALKED):
            continue
        elif contact.outcome == GAVE_UP:
            waited_until = contact.left_ms
            found[contact.left_ms][GIVING_UP] += 1
        for group in plan.routing.groups_of[contact.type]:
            if group >= 0:
                opens_ms = contact.joined_ms + plan.routing.after_ms[group, contact.type]
                if contact.arrived_ms < opens_ms <= waited_until:
                    found[opens_ms][OVERFLOW] += 1
    return {at_ms: kinds for at_ms, kinds in found.items() if start_ms <= at_ms < end_ms}


def _ends_of_leg(contact: Any) -> list[tuple[int, int]]:
    """Kind and time of what ended in a leg after the first."""
    if contact.answered_ms == NOT_YET:
        return [(GIVING_UP, contact.left_ms)] if contact.outcome in (GAVE_UP, EXPIRED) else []
    parts = [contact.talk_ms, contact.offer_ms, contact.wrap_up_ms]
    return [
        (FREED, contact.answered_ms + sum(parts[: i + 1])) for i, part in enumerate(parts) if part
    ]


def busy_at(contacts: np.recarray, group: int, at_ms: int) -> int:
    """Agents of a group who are not free just before a moment."""
    taken = contacts[(contacts.group == group) & (contacts.answered_ms != NOT_YET)]
    until = taken.answered_ms + taken.talk_ms + taken.hold_ms + taken.offer_ms + taken.wrap_up_ms
    still_open = taken.phase != CLOSED
    return int(((taken.answered_ms < at_ms) & ((until >= at_ms) | still_open)).sum())


def occurred(scenario: Scenario, played: Played) -> Counter:
    """How often each of ALL occurred."""
    n: Counter = Counter()
    for kinds in moments(scenario, played).values():
        for a, b in combinations_with_replacement(sorted(kinds), 2):
            if a != b or kinds[a] > 1:
                n[f"tie: {KINDS[a]}, {KINDS[b]}"] += 1
    for carry in played.carries[:-1]:
        for phase, count in zip(*np.unique(carry.contacts.phase, return_counts=True), strict=True):
            n[f"carried: {PHASES[int(phase)]}"] += int(count)
        n["owed seats carried"] += int(carry.groups.owed.sum())
        second = carry.contacts.phase[carry.contacts.leg == SECOND_LEG]
        n["second leg carried waiting"] += int((second == WAITING).sum())
        n["second leg carried in the offer"] += int((second == OFFERING).sum())
    n += _of_groups(played)
    n += _of_legs(played)
    n += _of_contacts(scenario, played)
    n += of_bots(played.contacts)
    return n


def of_bots(rows: np.recarray) -> Counter:
    """How often each fate occurred in front of agents, and who came back from a bot's claim."""
    rows = rows[rows.leg == FIRST_LEG]
    n = Counter({name: int((rows.bot == fate).sum()) for fate, name in OF_BOTS.items()})
    claimed = rows.name[rows.bot == CLAIMED_BY_BOT]
    again = rows.name[(rows.attempt == 2) & (rows.arrived_ms != NOT_YET)]
    n[SOLD_BY_BOT] = int((rows.accepted[rows.outcome == KEPT_BY_BOT]).sum())
    n[CAME_BACK] = int(np.isin(again, claimed).sum())
    return n


def _of_groups(played: Played) -> Counter:
    n: Counter = Counter()
    levels = played.plans[-1].levels
    first = played.plans[0].demand.first_cell
    cells = np.arange(first, first + played.overtime_ms.shape[1]) % CELLS_PER_WEEK
    for group in range(len(levels.level)):
        level, closed = levels.level[group, cells], levels.closed[group, cells]
        n["overtime after closing"] += int((played.overtime_ms[group][closed == 1] > 0).sum())
        for i in np.flatnonzero(np.diff(level) > 0) + 1:
            owed = busy_at(played.contacts, group, int(first + i) * CELL_MS) - level[i - 1]
            n["owed seats cancelled by a rise"] += int(
                owed > 0 and played.overtime_ms[group, i - 1] > 0
            )
    return n


def _of_legs(played: Played) -> Counter:
    n: Counter = Counter()
    rows = played.contacts
    arrivals = set(rows.arrived_ms[rows.leg == FIRST_LEG].tolist())
    for c in each(rows[rows.leg == SECOND_LEG]):
        answered, waited_ms = c.outcome == ANSWERED, c.answered_ms - c.arrived_ms
        n["second leg answered at once"] += int(answered and waited_ms == 0)
        n["second leg waited for"] += int(answered and waited_ms > 0)
        n["second leg gave up"] += int(c.outcome == GAVE_UP)
    for c in each(rows[rows.leg == CALL_LEG]):
        called = c.answered_ms != NOT_YET
        n["lead reached"] += int(c.outcome == REACHED)
        n["lead not reached"] += int(c.outcome == NOT_REACHED)
        n["lead expired"] += int(c.outcome == EXPIRED)
        n["lead withdrawn"] += int(c.outcome == WITHDRAWN)
        n["lead waited for"] += int(called and c.answered_ms > c.arrived_ms)
        n["lead and arrival at one moment"] += int(called and int(c.answered_ms) in arrivals)
    return n


def _of_contacts(scenario: Scenario, played: Played) -> Counter:
    n: Counter = Counter()
    plan = played.plans[-1]
    for contact in each(played.contacts[played.contacts.leg == FIRST_LEG]):
        type_, waited_ms = contact.type, contact.answered_ms - contact.arrived_ms
        redial = scenario.spec.contacts[scenario.types[type_]].redial
        n["head start"] += int(NOT_YET < contact.joined_ms < contact.arrived_ms)
        n["arrived in the warm-up"] += int(NOT_YET < contact.arrived_ms < 0)
        n["withdrawn"] += int(contact.outcome == WITHDRAWN)
        n["blocked"] += int(contact.outcome == BLOCKED)
        n["balked"] += int(contact.outcome == BALKED)
        if contact.arrived_ms != NOT_YET and contact.attempt > 1:
            n["reopening"] += int(contact.arrived_ms % MINUTE_MS != 0 and contact.listed >= 0)
        if contact.outcome == GAVE_UP:
            n["gave up"] += 1
            n["gave up at once"] += int(contact.left_ms == contact.arrived_ms)
            n["last attempt"] += int(
                contact.last == 1 and redial is not None
                and redial.attempts == contact.unanswered > 1
            )  # fmt: skip
        if contact.outcome != ANSWERED:
            continue
        n["told again"] += contact.told_again
        group, at_cell = contact.group, contact.answered_ms // CELL_MS % CELLS_PER_WEEK
        after_ms = plan.routing.after_ms[group, type_]
        n["served after closing"] += int(plan.levels.closed[group, at_cell])
        n["overflow answered as it opens"] += int(
            waited_ms > 0 and after_ms > 0 and contact.answered_ms == contact.joined_ms + after_ms
        )
        n["answered by a second choice"] += int(group != plan.routing.groups_of[type_, 0])
        n["answered as patience ends"] += int(
            waited_ms > 0 and patience_ms(scenario, contact) == waited_ms
        )
        n["answered after a redial"] += int(contact.attempt > contact.answers)
        n["came back"] += int(contact.answers > 1)
        if contact.product >= 0:
            n["offer accepted" if contact.accepted else "offer refused"] += 1
            n["second product offered"] += int(contact.product > 0)
    return n

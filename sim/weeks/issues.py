"""Where issues end: who solved them and at which contact, or that nobody did.

An issue is a customer's, not an agent's: later legs belong to the contact that solved it, and calls
of ours and empty windows to none. It is counted where its last contact left, as endings are.
"""

from __future__ import annotations

from sim.core.clock import MS_PER_WEEK
from sim.core.moments import CALL_LEG, WINDOW_LEG
from sim.core.rules import rule
from sim.core.tables import CLOSED, DUE_LATER, KEPT_BY_BOT, NOT_YET, WITH_BOT, WITHDRAWN


@rule
def count_ending(counts, contact):
    """An issue that closed with this contact; a row of ISSUE_COUNTS."""
    if contact.resolved:
        if contact.outcome == KEPT_BY_BOT:
            counts.solved_by_bot += 1
        elif contact.attempt == 1:
            counts.solved_at_first += 1
        elif contact.attempt == 2:
            counts.solved_at_second += 1
        else:
            counts.solved_later += 1
    elif contact.outcome == KEPT_BY_BOT:
        counts.claimed += 1
    elif contact.answers > 0:
        counts.not_solved += 1
    else:
        counts.no_answer += 1


@rule
def count_withdrawn(issues, contact):
    """An issue whose customer had left before she came again; `issues` is [week, type].

    Who had left before she came at all (a listed call) never had one.
    """
    is_over = contact.phase == CLOSED and contact.outcome == WITHDRAWN
    if is_over and contact.attempt > 1 and contact.leg != CALL_LEG and contact.until_ms >= 0:
        week = min(contact.until_ms // MS_PER_WEEK, len(issues) - 1)
        issues[week, contact.type].withdrawn += 1


@rule
def is_open_issue(contact):
    """Whether at the end of the horizon an issue that has come depends on this contact.

    Of two rows of an issue one does: while an agent still wraps up, the customer may wait in a
    second leg, or be due again.
    """
    if contact.phase == CLOSED or contact.leg == CALL_LEG or contact.leg == WINDOW_LEG:
        return False
    if contact.phase == WITH_BOT:
        return True
    if contact.phase == DUE_LATER and contact.arrived_ms == NOT_YET:
        return contact.attempt > 1  # else she came, and is called back later
    goes_on = contact.left_ms != NOT_YET and not contact.last
    return contact.arrived_ms >= 0 and not contact.handed_on and not goes_on

"""What customers think and say: satisfaction and surveys put to a contact that closed."""

from __future__ import annotations

from sim.core.clock import MS_PER_MINUTE
from sim.core.moments import SECOND_LEG
from sim.core.rules import routine, rule
from sim.core.tables import ANSWERED, CLOSED, NOT_YET, WITHDRAWN
from sim.domain.customers.relationship import felt
from sim.domain.customers.satisfaction import (
    Happened,
    disposition,
    effort,
    encounter,
    log_wait,
    mood,
    promotes,
    recommendation,
    satisfaction,
    score,
)
from sim.domain.customers.surveys import is_invited, responds
from sim.weeks.counts import (
    DETRACTORS,
    EFFORT_THOUSANDTHS,
    INVITATIONS,
    ISSUES,
    ISSUES_HIGH,
    ISSUES_RESOLVED,
    PROMOTERS,
    SCORED,
    SCORED_HIGH,
    SURVEYED_1,
    SURVEYED_DETRACTORS,
    SURVEYED_PROMOTERS,
)

MOST_ISSUES, MOST_FELT = (1 << 15) - 1, (1 << 31) - 1  # int16, int32


@rule
def count_opinion(counts, plan, people, contact, wait_ms):
    """Count what the customer thinks of the contact and, if it was the last, of the issue.

    Returns whether the score is high (4 or 5); False for a contact that nobody scores.
    """
    answered = got_an_answer(contact)
    if not answered and not contact.last:
        return False
    resolved = contact.resolved == 1
    waited = _log_wait(contact, wait_ms)
    shared = _encounter(plan, contact, waited)
    customer = contact.customer
    own = people.rows[customer].disposition if customer >= 0 else disposition(contact.luck)
    feeling = own + mood(contact.luck, contact.attempt)
    latent = satisfaction(plan.experience, shared, resolved, not answered, contact.attempt)
    if contact.last and customer >= 0:
        _feel(people.rows, customer, felt(latent))
    given = score(latent + feeling)
    if answered:
        counts[SCORED] += 1
        counts[SCORED_HIGH] += given >= 4
    if contact.last:
        latent = recommendation(plan.experience, shared, resolved, not answered, contact.attempt)
        side = promotes(latent + feeling)
        tried = effort(contact.attempt - 1, contact.leg == SECOND_LEG, 0, waited)
        counts[ISSUES] += 1
        counts[ISSUES_RESOLVED] += resolved
        counts[ISSUES_HIGH] += given >= 4
        counts[PROMOTERS] += side > 0
        counts[DETRACTORS] += side < 0
        counts[EFFORT_THOUSANDTHS] += round(1000 * tried)
        _count_survey(counts, plan.surveys, contact.luck, given, side)
    return given >= 4


@rule
def _feel(customers, customer, added):
    """She remembers it at the week's end; what the columns cannot hold any more is left out."""
    total = customers[customer].felt + added
    if customers[customer].issues < MOST_ISSUES and -MOST_FELT <= total <= MOST_FELT:
        customers[customer].felt = total
        customers[customer].issues += 1


@rule
def _count_survey(counts, surveys, luck, given, side):
    """What a survey shows of a closed issue."""
    invited = is_invited(surveys, luck)
    answers = invited & responds(surveys, luck, given)  # no branch to mispredict
    counts[INVITATIONS] += invited
    counts[SURVEYED_1 + given - 1] += answers
    counts[SURVEYED_PROMOTERS] += answers & (side > 0)
    counts[SURVEYED_DETRACTORS] += answers & (side < 0)


@rule
def _log_wait(contact, wait_ms):
    """How all waits of a contact are felt; `wait_ms` is that of its last leg."""
    return log_wait((contact.waited_ms + wait_ms) / MS_PER_MINUTE)


@rule
def _encounter(plan, contact, waited):
    """What satisfaction and recommending share, of a contact that closed."""
    happened = Happened(
        log_wait=waited,
        abandoned=not got_an_answer(contact),
        held=contact.hold_ms > 0 or contact.held == 1,
        transferred=contact.leg == SECOND_LEG,
        offered=contact.product >= 0,
        accepted=contact.accepted == 1,
        pushed=contact.pushed == 1,
        resolved=contact.resolved == 1,
    )
    return encounter(plan.experience, happened)


@rule
def got_an_answer(contact):
    """A customer handed on had her answer before, even if she then gave up."""
    return contact.outcome == ANSWERED or contact.leg == SECOND_LEG


@rule
def waited_ms(contact):
    """Milliseconds from arrival (or being handed on) to the answer, or to giving up."""
    if contact.answered_ms != NOT_YET:
        return contact.answered_ms - contact.arrived_ms
    return contact.left_ms - contact.arrived_ms


@routine
def list_effects(plan, contacts, segment, effects):
    """Fill `effects` with S of each issue of a segment that closed in these; return how many."""
    n = 0
    for row in range(len(contacts)):
        contact = contacts[row]
        is_closed = contact.phase == CLOSED and contact.outcome != WITHDRAWN and contact.last
        if is_closed and contact.arrived_ms >= 0 and contact.segment == segment:
            answered = got_an_answer(contact)
            shared = _encounter(plan, contact, _log_wait(contact, waited_ms(contact)))
            effects[n] = satisfaction(
                plan.experience, shared, contact.resolved == 1, not answered, contact.attempt
            )
            n += 1
    return n

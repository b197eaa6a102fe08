"""What customers think and say: satisfaction and surveys put to a contact that closed."""

from __future__ import annotations

from sim.core.clock import MS_PER_WEEK
from sim.core.moments import SECOND_LEG
from sim.core.rules import routine, rule
from sim.core.tables import CLOSED, WITHDRAWN
from sim.domain.customers.customers import ending_of, excess_intent
from sim.domain.customers.relationship import felt
from sim.domain.customers.satisfaction import (
    disposition,
    effort,
    encounter,
    mood,
    promotes,
    recommendation,
    satisfaction,
    score,
)
from sim.domain.customers.surveys import is_invited, responds
from sim.engine.steps.experience import beyond_so_far, felt_wait_ms, got_an_answer, what_happened

MOST_ISSUES = (1 << 15) - 1  # int16


@rule
def count_opinion(counts, plan, people, contact, wait_ms):
    """Count what the customer thinks of the contact and, if it was the last, of the issue.

    Returns whether the score is high (4 or 5); False for a contact that nobody scores.
    """
    answered = got_an_answer(contact)
    if not answered and not contact.last:
        return False
    resolved = contact.resolved == 1
    happened = what_happened(contact, wait_ms)
    shared = encounter(plan.experience, happened)
    customer = contact.customer
    own = people.rows[customer].disposition if customer >= 0 else disposition(contact.luck)
    feeling = own + mood(contact.luck, contact.attempt)
    if contact.seat >= 0 and answered:
        shared += plan.staff[contact.seat].pleases
    latent = satisfaction(plan.experience, shared, resolved, not answered, contact.attempt)
    if contact.last and customer >= 0:
        if plan.churn[contact.segment].remembers:
            _feel(people.rows, customer, felt(latent))
        else:
            _feel(people.rows, customer, _intent(plan, contact, happened))
    given = score(latent + feeling)
    if answered:
        counts.scored += 1
        counts.scored_high += given >= 4
    if contact.last:
        latent = recommendation(plan.experience, shared, resolved, not answered, contact.attempt)
        side = promotes(latent + feeling)
        tried = effort(contact.attempt - 1, contact.leg == SECOND_LEG, 0, happened.log_wait)
        counts.issues += 1
        counts.issues_resolved += resolved
        counts.issues_high += given >= 4
        counts.promoters += side > 0
        counts.detractors += side < 0
        counts.effort_thousandths += round(1000 * tried)
        _count_survey(counts, plan.surveys, contact.luck, given, side)
    return given >= 4


@rule
def _feel(customers, customer, added):
    """It counts at the week's end; issues that the column cannot hold any more are left out."""
    if customers[customer].issues < MOST_ISSUES:
        customers[customer].felt += added
        customers[customer].issues += 1


@rule
def _count_survey(counts, surveys, luck, given, side):
    """What a survey shows of a closed issue."""
    invited = is_invited(surveys, luck)
    answers = invited & responds(surveys, luck, given)  # no branch to mispredict
    counts.invited += invited
    counts.surveyed_1 += answers & (given == 1)
    counts.surveyed_2 += answers & (given == 2)
    counts.surveyed_3 += answers & (given == 3)
    counts.surveyed_4 += answers & (given == 4)
    counts.surveyed_5 += answers & (given == 5)
    counts.surveyed_promoters += answers & (side > 0)
    counts.surveyed_detractors += answers & (side < 0)


@rule
def _intent(plan, contact, happened):
    """Intent to leave after an issue that closed with this contact, in millionths of a point."""
    ending = ending_of(contact.resolved == 1, not happened.abandoned, contact.attempt)
    beyond = beyond_so_far(plan.experience, contact, happened)
    return excess_intent(ending, beyond, plan.churn[contact.segment].points)


@rule
def _closes_issue_of(contact, segment):
    """Whether an issue of the segment closed with this contact, after the warm-up."""
    is_closed = contact.phase == CLOSED and contact.outcome != WITHDRAWN and contact.last
    return is_closed and contact.arrived_ms >= 0 and contact.segment == segment


@routine
def list_effects(plan, contacts, segment, effects):
    """Fill `effects` with S of each issue of a segment that closed in these; return how many."""
    n = 0
    for row in range(len(contacts)):
        contact = contacts[row]
        if _closes_issue_of(contact, segment):
            happened = what_happened(contact, felt_wait_ms(plan.deferred, contact))
            shared = encounter(plan.experience, happened)
            effects[n] = satisfaction(
                plan.experience, shared, happened.resolved, happened.abandoned, contact.attempt
            )
            n += 1
    return n


@routine
def list_intents(plan, contacts, segment, listed):
    """Fill `listed` [2, contacts]: week and customer of each issue of a segment that closed in
    these contacts, as one number, and the intent to leave that it provokes, in millionths of a
    point. Returns how many.
    """
    n = 0
    for row in range(len(contacts)):
        contact = contacts[row]
        if _closes_issue_of(contact, segment) and contact.customer >= 0:
            happened = what_happened(contact, felt_wait_ms(plan.deferred, contact))
            listed[0, n] = contact.left_ms // MS_PER_WEEK << 32 | contact.customer
            listed[1, n] = _intent(plan, contact, happened)
            n += 1
    return n

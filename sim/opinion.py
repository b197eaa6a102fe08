"""What customers think and say: satisfaction and surveys put to a contact that closed."""

from __future__ import annotations

from sim.counts import (
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
from sim.domain.satisfaction import (
    disposition,
    effort,
    encounter,
    mood,
    promotes,
    recommendation,
    satisfaction,
    score,
)
from sim.domain.voice import is_invited, responds
from sim.rule import rule
from sim.tables import ANSWERED
from sim.units import MS_PER_MINUTE


@rule
def count_opinion(counts, plan, people, contact, wait_ms):
    """What the customer thinks, of the contact and, if it was the last, of the issue."""
    answered = contact.outcome == ANSWERED
    if not answered and not contact.last:
        return
    resolved = contact.resolved == 1
    shared = encounter(
        plan.experience,
        wait_ms / MS_PER_MINUTE,
        not answered,
        contact.hold_ms > 0,
        contact.product >= 0,
        contact.accepted == 1,
        contact.pushed == 1,
        resolved,
    )
    customer = contact.customer
    own = people.rows[customer].disposition if customer >= 0 else disposition(contact.luck)
    feeling = own + mood(contact.luck, contact.attempt)
    latent = satisfaction(plan.experience, shared, resolved, not answered, contact.attempt)
    given = score(latent + feeling)
    if answered:
        counts[SCORED] += 1
        counts[SCORED_HIGH] += given >= 4
    if contact.last:
        latent = recommendation(plan.experience, shared, resolved, not answered, contact.attempt)
        side = promotes(latent + feeling)
        tried = effort(contact.attempt - 1, 0, 0, wait_ms / MS_PER_MINUTE)  # one channel, one leg
        counts[ISSUES] += 1
        counts[ISSUES_RESOLVED] += resolved
        counts[ISSUES_HIGH] += given >= 4
        counts[PROMOTERS] += side > 0
        counts[DETRACTORS] += side < 0
        counts[EFFORT_THOUSANDTHS] += round(1000 * tried)
        _count_survey(counts, plan.voice, contact.luck, given, side)


@rule
def _count_survey(counts, voice, luck, given, side):
    """What a survey shows of a closed issue."""
    if not is_invited(voice, luck):
        return
    counts[INVITATIONS] += 1
    if responds(voice, luck, given):
        counts[SURVEYED_1 + given - 1] += 1
        counts[SURVEYED_PROMOTERS] += side > 0
        counts[SURVEYED_DETRACTORS] += side < 0

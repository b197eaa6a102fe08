"""What a bot in front of agents does to a new issue."""

from sim.core.moments import block_of
from sim.core.rules import rule
from sim.core.tables import (
    ASKED_FOR_HUMAN,
    CLOSED,
    ESCALATED,
    KEPT_BY_BOT,
    NO_BOT,
    SOLVED_BY_BOT,
    WITH_BOT,
)
from sim.domain.channels.self_service import bot_ms, fate_at_bot
from sim.domain.contacts.demand import ANNOUNCED_BLOCK
from sim.engine.steps.contact import NO_MOMENT, has_left


@rule
def meet_bot(plan, people, contacts, row, now_ms):
    """A new issue comes to the bot first; returns when its session ends, or NO_MOMENT: no session.

    Its fate is a function of the issue's luck: a bot is never busy. What it keeps counts as
    answered at once.
    """
    type_, luck = contacts[row].type, contacts[row].luck
    fate = fate_at_bot(plan.self_service, type_, luck)
    # Whoever wants to leave calls people; and who has left calls nobody.
    if block_of(contacts[row].name) == ANNOUNCED_BLOCK or has_left(people, contacts, row):
        fate = NO_BOT
    contacts[row].bot = fate
    if fate in (NO_BOT, ASKED_FOR_HUMAN):
        return NO_MOMENT
    ends_ms = now_ms + bot_ms(plan.self_service, type_, luck)
    contacts[row].phase = WITH_BOT
    contacts[row].until_ms = ends_ms
    if fate != ESCALATED:
        contacts[row].arrived_ms = now_ms
        contacts[row].joined_ms = now_ms
        contacts[row].unanswered = 0
        contacts[row].outcome = KEPT_BY_BOT
        contacts[row].resolved = fate == SOLVED_BY_BOT
    return ends_ms


@rule
def leave_bot(contacts, row, now_ms):
    """The session ends; True if the bot keeps the contact, False if it goes on to agents."""
    if contacts[row].outcome != KEPT_BY_BOT:
        return False
    contacts[row].left_ms = now_ms
    contacts[row].phase = CLOSED
    return True

"""What a bot in front of agents does to a new issue."""

from sim.core.moments import block_of
from sim.core.rules import routine, rule
from sim.core.tables import (
    ASKED_FOR_HUMAN,
    CLOSED,
    ESCALATED,
    KEPT_BY_BOT,
    NO_BOT,
    NOBODY,
    SOLVED_BY_BOT,
    WITH_BOT,
)
from sim.domain.channels.self_service import bot_ms, fate_at_bot
from sim.domain.contacts.demand import ANNOUNCED_BLOCK
from sim.engine.steps.contact import NO_MOMENT, has_left
from sim.engine.steps.selling import make_offer, product_of_bot


@rule
def meet_bot(plan, people, contacts, row, now_ms):
    """A new issue comes to the bot first; returns when its session ends, or NO_MOMENT: no session.

    Its fate is a function of the issue's luck: a bot is never busy. What it keeps counts as
    answered at once.
    """
    type_, luck = contacts[row].type, contacts[row].luck
    fate = fate_at_bot(plan.self_service, type_, luck)
    leaves = block_of(contacts[row].name) == ANNOUNCED_BLOCK
    # Whoever wants to leave calls people, if the bot is not for that; and who has left nobody.
    if (leaves and not plan.self_service[type_].announced) or has_left(people, contacts, row):
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
def is_announcement(contacts, row):
    """Whether a contact that is due is the first by which a customer announces that she leaves."""
    is_first = contacts[row].attempt == 1 and contacts[row].bot == NO_BOT
    return is_first and block_of(contacts[row].name) == ANNOUNCED_BLOCK


@routine
def end_session(plan, people, contacts, row, now_ms):
    """The bot is done with a contact that it keeps: it offers something, once, or that was all.

    Returns the end of the offer, or NO_MOMENT: the customer has gone.
    """
    if contacts[row].resolved and contacts[row].product == NOBODY:
        product = product_of_bot(plan, people, contacts, row, now_ms)
        if product != NOBODY:
            offer_ms = make_offer(plan, people, contacts, row, now_ms, product)
            contacts[row].until_ms = now_ms + offer_ms
            return now_ms + offer_ms
    contacts[row].left_ms = now_ms
    contacts[row].phase = CLOSED
    return NO_MOMENT

"""What happened to the customer in a contact, as satisfaction sees it."""

from sim.core.clock import MS_PER_MINUTE
from sim.core.moments import CALL_LEG, FIRST_LEG, SECOND_LEG
from sim.core.rules import rule
from sim.core.tables import ANSWERED, CLAIMED_BY_BOT, ESCALATED, KEPT_BY_BOT, NOT_YET
from sim.domain.channels.callback import MILLION
from sim.domain.channels.deferred import (
    as_of_a_call_ms,
    is_deferrable,
    is_unhurried,
    open_ms_between,
)
from sim.domain.customers.relationship import felt
from sim.domain.customers.satisfaction import Happened, beyond_outcome, log_wait


@rule
def got_an_answer(contact):
    """A customer handed on had her answer before, even if she then gave up; so has a bot's."""
    return (
        contact.outcome == ANSWERED or contact.outcome == KEPT_BY_BOT or contact.leg == SECOND_LEG
    )


@rule
def waited_ms(contact):
    """Milliseconds from arrival (or being handed on) to the answer, or to giving up.

    A bot answers at once.
    """
    if contact.outcome == KEPT_BY_BOT:
        return 0
    if contact.answered_ms != NOT_YET:
        return contact.answered_ms - contact.arrived_ms
    return contact.left_ms - contact.arrived_ms


@rule
def _waits_unhurried(deferred, contact):
    """Whether nobody waits on the spot; who is handed on from an email does."""
    if contact.leg == CALL_LEG or not is_unhurried(deferred, contact.type):
        return False
    return contact.leg == FIRST_LEG or not is_deferrable(deferred, contact.type)


@rule
def counted_wait_ms(deferred, contact):
    """The wait by which service is judged: of emails and messages only while the type is open."""
    wait_ms = waited_ms(contact)
    if _waits_unhurried(deferred, contact):
        from_ms = contact.arrived_ms
        return open_ms_between(deferred, contact.type, from_ms, from_ms + wait_ms)
    return wait_ms


@rule
def felt_wait_ms(deferred, contact):
    """The wait as customers feel it: that of an email or a message like the shorter one of a call,
    and a part of the wait for a callback.
    """
    wait_ms = counted_wait_ms(deferred, contact)
    if _waits_unhurried(deferred, contact):
        return as_of_a_call_ms(deferred, contact.type, wait_ms)
    if contact.rung > 0:
        return wait_ms * deferred.types[contact.type].felt_millionths // MILLION
    return wait_ms


@rule
def what_happened(contact, wait_ms):
    """What is felt of a contact whose customer has hung up; `wait_ms` is felt in its last leg."""
    return Happened(
        log_wait=log_wait((contact.waited_ms + wait_ms) / MS_PER_MINUTE),
        abandoned=not got_an_answer(contact),
        held=contact.hold_ms > 0 or contact.held == 1,
        told_again=contact.told_again == 1,
        transferred=contact.leg == SECOND_LEG,
        offered=contact.product >= 0,
        accepted=contact.accepted == 1,
        pushed=contact.pushed == 1,
        resolved=contact.resolved == 1,
        failed_bot=contact.bot == ESCALATED or contact.bot == CLAIMED_BY_BOT,
    )


@rule
def beyond_so_far(table, contact, happened):
    """What this contact of an issue and those before added to satisfaction however they ended.

    In whole millionths of the latent score.
    """
    return contact.beyond + felt(beyond_outcome(table, happened))

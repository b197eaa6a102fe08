"""What happens between the rounds of a conversation by messages.

The contact keeps its row, from the first message to the last. Between two rounds it is AWAY, then
WAITING again; `talk_ms` adds up over rounds, and `answered_ms` is that of the first answer.
"""

from sim.core.moments import FIRST_LEG
from sim.core.rules import routine, rule
from sim.core.tables import AWAY, NOT_YET, TALKING, WAITING
from sim.domain.channels.deferred import as_of_a_call_ms, open_ms_between
from sim.domain.channels.messaging import answers_after_ms, part_of
from sim.domain.contacts.patience import FOR_EVER_MS
from sim.engine.steps.calls_only import may_be_more
from sim.engine.steps.contact import whole_talk_ms


@rule
def is_to_go_on(plan, contacts, row):
    """Whether a round has ended that is not the last."""
    return may_be_more(plan) and contacts[row].rounds > 0


@rule
def await_answer(plan, contacts, row, now_ms):
    """The customer is gone until she answers; returns when she does."""
    type_, luck, attempt = contacts[row].type, contacts[row].luck, contacts[row].attempt
    number = plan.messages[type_].rounds - 1 - contacts[row].rounds
    contacts[row].rounds -= 1
    contacts[row].phase = AWAY
    contacts[row].until_ms = now_ms + answers_after_ms(plan.messages, type_, luck, attempt, number)
    return contacts[row].until_ms


@rule
def write_again(contacts, row, now_ms):
    """She has answered, and waits; nobody gives up any more."""
    contacts[row].joined_ms = now_ms
    contacts[row].phase = WAITING
    contacts[row].until_ms = FOR_EVER_MS


@rule
def is_in_conversation(plan, contacts, row):
    """Whether a waiting contact has been answered before, and goes on."""
    if not may_be_more(plan) or contacts[row].leg != FIRST_LEG:
        return False
    if plan.messages[contacts[row].type].rounds == 1:
        return False
    return contacts[row].answered_ms != NOT_YET


@routine
def go_on_writing(plan, contacts, row, now_ms, group, seat):
    """An agent goes on with it; returns the end of this round, if she does nothing else."""
    type_, joined_ms = contacts[row].type, contacts[row].joined_ms
    open_ms = open_ms_between(plan.deferred, type_, joined_ms, now_ms)
    contacts[row].waited_ms += as_of_a_call_ms(plan.deferred, type_, open_ms)
    rounds = plan.messages[type_].rounds
    talk = whole_talk_ms(plan, contacts, row, now_ms, group, seat)
    work = plan.messages[type_].reads_ms + part_of(talk, rounds - 1 - contacts[row].rounds, rounds)
    contacts[row].group = group
    contacts[row].seat = seat
    contacts[row].phase = TALKING
    contacts[row].until_ms = now_ms + work
    return now_ms + work

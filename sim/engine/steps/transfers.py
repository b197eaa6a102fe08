"""What happens to a contact that was not solved and goes on to specialists, cold or warm.

As other second legs it has a row of its own. In a warm transfer the first agent stays: her row has
no end until a specialist answers, or the customer gives up. `hand_over_ms` says for how long.
"""

from sim.core.moments import FIRST_LEG, SECOND_LEG
from sim.core.rules import routine, rule
from sim.core.tables import ANSWERED, HANDING_OVER, NOBODY, STAYING, TALKING
from sim.domain.agents.rostering import seats_on_duty
from sim.domain.contacts.handling import hold_ms, talk_ms
from sim.domain.contacts.patience import FOR_EVER_MS
from sim.domain.contacts.resolution import is_solved
from sim.domain.contacts.routing import product_of_queue, queue_of_specialists
from sim.domain.contacts.time_of_day import column_at
from sim.domain.contacts.transfers import is_transferred
from sim.domain.offers.second_legs import luck_of_leg
from sim.engine.steps.calls_only import may_be_more
from sim.engine.steps.contact import take
from sim.engine.steps.second_legs import begin_second_leg


@rule
def is_to_be_transferred(plan, contacts, row, now_ms):
    """Whether the agent hands the contact on, now that she has not solved it."""
    if not may_be_more(plan) or contacts[row].resolved or contacts[row].leg != FIRST_LEG:
        return False
    type_, luck, attempt = contacts[row].type, contacts[row].luck, contacts[row].attempt
    if not is_transferred(plan.transfers, type_, contacts[row].group, luck, attempt):
        return False
    return seats_on_duty(plan.levels, plan.transfers[type_].group, now_ms) > 0


@routine
def transfer(plan, contacts, row, earlier, now_ms):
    """The contact goes on to specialists: fill a row from the first; True if the agent stays."""
    queue = queue_of_specialists(plan.routing, contacts[earlier].type)
    begin_second_leg(plan, contacts, row, earlier, now_ms, queue)
    if plan.transfers[contacts[earlier].type].hand_over_ms == 0:
        return False
    contacts[row].brought_by = earlier
    contacts[earlier].phase = STAYING
    contacts[earlier].until_ms = FOR_EVER_MS
    return True


@rule
def is_with_specialists(plan, contacts, row):
    """Whether this second leg is one of specialists, and not of an offer."""
    return product_of_queue(plan.routing, contacts[row].queue) < 0


@routine
def start_advice(plan, contacts, row, now_ms, group, seat):
    """A specialist answers; returns whose row ends its staying with that, or NOBODY."""
    type_, attempt = contacts[row].type, contacts[row].attempt
    luck, pace = luck_of_leg(contacts[row].luck, SECOND_LEG), plan.staff[seat].handle
    as_specialist = queue_of_specialists(plan.routing, type_)
    column = column_at(plan.handling.types, now_ms)
    talk = talk_ms(plan.handling, group, as_specialist, column, pace, luck, attempt)
    talk += plan.transfers[type_].hand_over_ms + plan.transfers[type_].asks_again_ms
    column = column_at(plan.handling.types, now_ms + talk)
    hold = hold_ms(plan.handling, group, as_specialist, column, pace, luck, attempt)
    contacts[row].outcome = ANSWERED
    take(contacts, row, now_ms, group, seat)
    contacts[row].talk_ms = talk
    contacts[row].hold_ms = hold
    contacts[row].phase = TALKING
    contacts[row].until_ms = now_ms + talk + hold
    first = contacts[row].brought_by
    if first != NOBODY:
        _stop_staying(contacts, row, now_ms, plan.transfers[type_].hand_over_ms)
    return first


@rule
def give_up_beside_agent(contacts, row, now_ms):
    """Who waited gave up; returns whose row ends its staying with that, or NOBODY."""
    first = contacts[row].brought_by
    if first != NOBODY:
        _stop_staying(contacts, row, now_ms, 0)
    return first


@rule
def _stop_staying(contacts, row, now_ms, hand_over_ms):
    first = contacts[row].brought_by
    since_ms = contacts[first].answered_ms + contacts[first].talk_ms + contacts[first].hold_ms
    contacts[first].hand_over_ms = now_ms - since_ms + hand_over_ms
    contacts[first].phase = HANDING_OVER
    contacts[first].until_ms = now_ms + hand_over_ms
    contacts[row].brought_by = NOBODY


@rule
def end_advice(plan, contacts, row):
    """END OF TALK of a specialist: resolved?"""
    luck = luck_of_leg(contacts[row].luck, SECOND_LEG)
    more, attempt = plan.staff[contacts[row].seat].resolves, contacts[row].attempt
    probability = plan.transfers[contacts[row].type].resolves + more
    if is_solved(probability, luck, attempt):
        contacts[row].resolved = 1

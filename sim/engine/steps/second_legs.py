"""What happens to a contact that goes on for an offer: handed on, or put by and called later.

Only a contact that solved its issue does, and for one product. A leg has a row of its own, since
the first agent still wraps up while the next one is waited for: its columns tell what happened in
it, with the wait of the leg before, whether that was on hold, and what a bot did before it.
"""

from sim.core.clock import MS_PER_WEEK
from sim.core.moments import CALL_LEG, SECOND_LEG
from sim.core.rules import routine, rule
from sim.core.tables import (
    ANSWERED,
    CLOSED,
    EXPIRED,
    NOT_REACHED,
    PUT_BY,
    REACHED,
    RINGING,
    WAITING,
    WITHDRAWN,
)
from sim.domain.contacts.routing import product_of_queue, queue_of_product
from sim.domain.offers.offers import product_luck
from sim.domain.offers.second_legs import is_reached
from sim.engine.steps.contact import (
    NO_MOMENT,
    copy_issue,
    end_unanswered,
    offer,
    reset,
    take,
)
from sim.engine.steps.experience import felt_wait_ms
from sim.engine.steps.selling import is_still_eligible


@routine
def hand_on(plan, contacts, row, earlier, now_ms, product):
    """The contact goes on in a second leg, which keeps its age: fill a row from the first."""
    begin_second_leg(plan, contacts, row, earlier, now_ms, queue_of_product(plan.routing, product))


@routine
def put_by(plan, contacts, row, earlier, now_ms, product):
    """A lead: fill a row from the contact. Returns when it is worth no call any more."""
    _begin_leg(plan, contacts, row, earlier, now_ms, queue_of_product(plan.routing, product))
    contacts[row].leg = CALL_LEG
    contacts[row].joined_ms = now_ms
    contacts[row].phase = PUT_BY
    contacts[row].until_ms = now_ms + plan.legs[product].keep_ms
    return contacts[row].until_ms


@rule
def put_on_list(plan, contacts, row, number, from_ms):
    """A customer whom we shall call: a lead, though she did not contact us."""
    product = plan.lists.lists[number].product
    contacts[row].leg = CALL_LEG
    contacts[row].queue = queue_of_product(plan.routing, product)
    contacts[row].arrived_ms = from_ms
    contacts[row].joined_ms = from_ms
    contacts[row].resolved = 1
    contacts[row].answers = 1
    contacts[row].unanswered = 0
    contacts[row].phase = PUT_BY
    contacts[row].until_ms = from_ms + plan.lists.lists[number].keep_ms


@rule
def begin_second_leg(plan, contacts, row, earlier, now_ms, queue):
    """The contact waits in another queue, with its age: fill a row from the first leg."""
    _begin_leg(plan, contacts, row, earlier, now_ms, queue)
    contacts[row].leg = SECOND_LEG
    contacts[row].joined_ms = contacts[earlier].joined_ms
    contacts[row].phase = WAITING
    contacts[row].until_ms = now_ms
    contacts[earlier].handed_on = 1


@rule
def _begin_leg(plan, contacts, row, earlier, now_ms, queue):
    """Fill a row from the leg before: what happened in that is a part of the contact."""
    copy_issue(contacts, row, earlier)
    reset(contacts, row)
    contacts[row].attempt = contacts[earlier].attempt
    contacts[row].unanswered = 0
    contacts[row].resolved = contacts[earlier].resolved
    contacts[row].arrived_ms = now_ms
    contacts[row].queue = queue
    felt_ms = felt_wait_ms(plan.deferred, contacts[earlier])
    contacts[row].waited_ms = contacts[earlier].waited_ms + felt_ms
    contacts[row].held = contacts[earlier].hold_ms > 0
    contacts[row].told_again = contacts[earlier].told_again
    contacts[row].bot = contacts[earlier].bot
    contacts[row].pushed = contacts[earlier].pushed
    contacts[earlier].pushed = 0


@routine
def start_selling(plan, people, contacts, row, now_ms, group, seat):
    """A specialist answers the second leg and makes the offer; returns its end."""
    take(contacts, row, now_ms, group, seat)
    contacts[row].outcome = ANSWERED
    return _offer_in_leg(plan, people, contacts, row, now_ms)


@rule
def is_worth_a_call(plan, people, contacts, row, now_ms):
    """Whether the lead is still a customer who may have the product; else it is dropped."""
    customer = contacts[row].customer
    product = product_of_queue(plan.routing, contacts[row].queue)
    if (customer < 0 or people.rows[customer].active) and is_still_eligible(
        plan.offers, people, contacts, row, now_ms, product
    ):
        return True
    contacts[row].outcome = WITHDRAWN
    contacts[row].phase = CLOSED
    contacts[row].left_ms = now_ms
    return False


@rule
def start_call(plan, contacts, row, now_ms, group, seat):
    """An idle agent calls the lead; returns the end of ringing."""
    take(contacts, row, now_ms, group, seat)
    ring_ms = plan.legs[product_of_queue(plan.routing, contacts[row].queue)].ring_ms
    contacts[row].talk_ms = ring_ms
    contacts[row].phase = RINGING
    contacts[row].until_ms = now_ms + ring_ms
    return now_ms + ring_ms


@routine
def end_ringing(plan, people, contacts, row, now_ms):
    """Somebody answers, and is made the offer: returns its end. Or nobody does: NO_MOMENT."""
    product = product_of_queue(plan.routing, contacts[row].queue)
    if is_reached(plan.legs, product, product_luck(plan.offers, product, contacts[row].luck)):
        contacts[row].outcome = REACHED
        number = plan.lists.of_product[product]
        if number >= 0:
            week = now_ms // MS_PER_WEEK
            lasts = plan.lists.lists[number].lasts_weeks
            people.called_until[contacts[row].customer, number] = week + lasts
        return _offer_in_leg(plan, people, contacts, row, now_ms)
    contacts[row].outcome = NOT_REACHED
    contacts[row].phase = CLOSED
    contacts[row].left_ms = now_ms
    return NO_MOMENT


@rule
def expire(contacts, row, now_ms):
    """End a lead that has grown too old."""
    end_unanswered(contacts, row, now_ms, EXPIRED)


@routine
def _offer_in_leg(plan, people, contacts, row, now_ms):
    """The offer for which there is this leg, due since the leg began; returns its end."""
    product = product_of_queue(plan.routing, contacts[row].queue)
    return offer(plan, people, contacts, row, now_ms, product)

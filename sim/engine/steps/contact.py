"""What each moment does to a contact. Here the rules of the domain meet; both engines call these.

A step reads the plan, writes one row of Contacts (and the customer's offer history), and returns
what the engine must know to go on: a moment, or that there is none. The engines know which contacts
wait, which agents are free and what happens next. Legs after the first are in second_legs.py.
"""

from sim.core.clock import CELL_MS
from sim.core.dice import split
from sim.core.moments import (
    FIRST_LEG,
    SECOND_LEG,
    block_of,
    cell_of,
    number_of,
    segment_of,
    type_of,
)
from sim.core.rules import routine, rule
from sim.core.tables import (
    ANSWERED,
    BALKED,
    BLOCKED,
    CLOSED,
    DUE_LATER,
    ESCALATED,
    GAVE_UP,
    KEPT_BY_BOT,
    NEVER,
    NO_BOT,
    NOBODY,
    NOT_YET,
    OFFERING,
    OPEN,
    TALKING,
    WAITING,
    WITHDRAWN,
    WRAPPING,
)
from sim.domain.agents.rostering import has_closed, seats_on_duty
from sim.domain.channels.chat import left_of_probability
from sim.domain.channels.messaging import part_of
from sim.domain.contacts.demand import ANNOUNCED_BLOCK, LISTED_BLOCK, customer_of, issue_luck
from sim.domain.contacts.handling import hold_ms, talk_ms, wrap_up_ms
from sim.domain.contacts.history import is_told_again
from sim.domain.contacts.patience import FOR_EVER_MS, balks, patience_ms
from sim.domain.contacts.redials import redials_after_ms, when_open_ms
from sim.domain.contacts.resolution import comes_back_after_ms, is_resolved
from sim.domain.contacts.routing import may_take, product_of_queue
from sim.domain.contacts.time_of_day import column_at
from sim.domain.customers.satisfaction import disposition
from sim.domain.offers.offers import owns_at_start
from sim.domain.offers.second_legs import luck_of_leg
from sim.engine.steps.calls_only import may_be_more
from sim.engine.steps.experience import beyond_so_far, felt_wait_ms, what_happened
from sim.engine.steps.selling import make_offer

NO_MOMENT = -1


@rule
def enter(plan, fortune, contacts, row, name, at_ms):
    """A new issue: fill the row of its first contact."""
    type_, segment, block = type_of(name), segment_of(name), block_of(name)
    number = number_of(name)
    luck = issue_luck(fortune, type_, segment, block, cell_of(name), number)
    begin(contacts, row, name, luck, customer_of(plan.universe, segment, block, luck), at_ms)
    if block == LISTED_BLOCK:
        contacts[row].listed = plan.demand.listed_row[plan.demand.listed_first[type_] + number]


@rule
def begin(contacts, row, name, luck, customer, at_ms):
    """The first contact of an issue: due at that moment."""
    contacts[row].name = name
    contacts[row].luck = luck
    contacts[row].customer = customer
    contacts[row].segment = segment_of(name)
    contacts[row].type = type_of(name)
    contacts[row].attempt = 1
    contacts[row].beyond = 0
    contacts[row].answers = 0
    contacts[row].unanswered = 1
    contacts[row].listed = -1
    contacts[row].phase = DUE_LATER
    contacts[row].until_ms = at_ms
    reset(contacts, row)


@rule
def follow(plan, contacts, row, earlier, due_ms):
    """The next contact of an issue: fill a row from the earlier one, due at a later moment."""
    copy_issue(contacts, row, earlier)
    happened = what_happened(contacts[earlier], felt_wait_ms(plan.deferred, contacts[earlier]))
    contacts[row].beyond = beyond_so_far(plan.experience, contacts[earlier], happened)
    contacts[row].attempt = contacts[earlier].attempt + 1
    contacts[row].unanswered = contacts[earlier].unanswered + 1
    contacts[row].phase = DUE_LATER
    contacts[row].until_ms = due_ms
    reset(contacts, row)


@rule
def copy_issue(contacts, row, earlier):
    """Set which customer calls, what she wants, and her luck."""
    contacts[row].name = contacts[earlier].name
    contacts[row].luck = contacts[earlier].luck
    contacts[row].customer = contacts[earlier].customer
    contacts[row].segment = contacts[earlier].segment
    contacts[row].type = contacts[earlier].type
    contacts[row].beyond = contacts[earlier].beyond
    contacts[row].answers = contacts[earlier].answers
    contacts[row].listed = contacts[earlier].listed


@rule
def reset(contacts, row):
    """Clear the rest of a row: nothing has happened to this contact yet."""
    contacts[row].leg = FIRST_LEG
    contacts[row].queue = contacts[row].type
    contacts[row].waited_ms = 0
    contacts[row].held = 0
    contacts[row].told_again = 0
    contacts[row].handed_on = 0
    contacts[row].arrived_ms = NOT_YET
    contacts[row].joined_ms = NOT_YET
    contacts[row].answered_ms = NOT_YET
    contacts[row].talk_ms = 0
    contacts[row].hold_ms = 0
    contacts[row].hand_over_ms = 0
    contacts[row].offer_ms = 0
    contacts[row].wrap_up_ms = 0
    contacts[row].left_ms = NOT_YET
    contacts[row].outcome = OPEN
    contacts[row].bot = NO_BOT
    contacts[row].rounds = 0
    contacts[row].rung = 0
    contacts[row].group = NOBODY
    contacts[row].seat = NOBODY
    contacts[row].brought_by = NOBODY
    contacts[row].resolved = 0
    contacts[row].product = NOBODY
    contacts[row].accepted = 0
    contacts[row].pushed = 0
    contacts[row].last = 0


@rule
def has_left(people, contacts, row):
    """Whether the customer left before this contact came.

    A customer who announces that she leaves has left already, until she is kept.
    """
    customer = contacts[row].customer
    is_new = contacts[row].attempt == 1 and contacts[row].listed < 0  # dealt just now: active
    return (
        not is_new
        and customer >= 0
        and not people.rows[customer].active
        and block_of(contacts[row].name) != ANNOUNCED_BLOCK
    )


@rule
def arrive(plan, people, contacts, row, now_ms):
    """The contact reaches the center; False if the customer has left in the meantime.

    Whom a bot hands on had come before, as who waits.
    """
    if contacts[row].bot != ESCALATED and has_left(people, contacts, row):
        contacts[row].outcome = WITHDRAWN
        contacts[row].phase = CLOSED
        contacts[row].last = 1
        return False
    head_start = plan.routing.head_start_ms[contacts[row].type, contacts[row].segment]
    contacts[row].arrived_ms = now_ms
    contacts[row].joined_ms = now_ms - head_start
    return True


@rule
def may_answer(plan, contacts, row, group, now_ms):
    """Whether the group may take this waiting contact now."""
    waited_ms = now_ms - contacts[row].joined_ms
    return may_take(plan.routing.after_ms, group, contacts[row].queue, waited_ms)


@rule
def opens_at_ms(plan, contacts, row, group):
    """When a waiting contact becomes open to the group."""
    return contacts[row].joined_ms + plan.routing.after_ms[group, contacts[row].queue]


@rule
def block(contacts, row, now_ms):
    """End a contact for which no line is free."""
    end_unanswered(contacts, row, now_ms, BLOCKED)


@rule
def balk(plan, contacts, row, now_ms):
    """Nobody is free; True if the customer leaves at once."""
    type_, luck = contacts[row].type, contacts[row].luck
    if not balks(
        plan.patience, type_, column_at(plan.patience, now_ms), luck, contacts[row].attempt
    ):
        return False
    end_unanswered(contacts, row, now_ms, BALKED)
    return True


@rule
def wait(plan, contacts, row, now_ms):
    """The contact joins the queue; returns when (ms) the customer will give up, or NO_MOMENT.

    A listed call says the patience of its first leg; in a second leg patience starts anew.
    """
    listed = contacts[row].listed
    if listed >= 0 and contacts[row].leg == FIRST_LEG:
        patience = plan.demand.listed[listed].patience_ms
    else:
        luck = luck_of_leg(contacts[row].luck, contacts[row].leg)
        type_, attempt = contacts[row].type, contacts[row].attempt
        column = column_at(plan.patience, now_ms)
        patience = patience_ms(plan.patience, type_, column, luck, attempt)
    contacts[row].phase = WAITING
    contacts[row].until_ms = now_ms + patience
    return now_ms + patience if patience < FOR_EVER_MS else NO_MOMENT


@rule
def give_up(contacts, row, now_ms):
    """End a contact whose patience ends before an answer."""
    end_unanswered(contacts, row, now_ms, GAVE_UP)


@rule
def end_unanswered(contacts, row, now_ms, outcome):
    """End a contact without an agent."""
    contacts[row].outcome = outcome
    contacts[row].phase = CLOSED
    contacts[row].left_ms = now_ms


@rule
def take(contacts, row, now_ms, group, seat):
    """Write down which agent takes the contact, and when."""
    contacts[row].answered_ms = now_ms
    contacts[row].group = group
    contacts[row].seat = seat


@rule
def whole_talk_ms(plan, contacts, row, now_ms, group, seat):
    """The talk of a contact, of all its rounds, as it is drawn now for this agent."""
    listed = contacts[row].listed
    if listed >= 0 and plan.demand.listed[listed].talk_ms >= 0:
        return plan.demand.listed[listed].talk_ms
    type_, column = contacts[row].type, column_at(plan.handling.types, now_ms)
    pace, luck, attempt = plan.staff[seat].handle, contacts[row].luck, contacts[row].attempt
    return talk_ms(plan.handling, group, type_, column, pace, luck, attempt)


@rule
def start_talk(plan, contacts, row, now_ms, group, seat):
    """An agent answers; returns the end of talk and hold, in ms."""
    type_, luck, attempt = contacts[row].type, contacts[row].luck, contacts[row].attempt
    talk = whole_talk_ms(plan, contacts, row, now_ms, group, seat)
    if may_be_more(plan):
        talk = _first_round_ms(plan, contacts, row, talk)
    column = column_at(plan.handling.types, now_ms + talk)
    pace = plan.staff[seat].handle
    hold = hold_ms(plan.handling, group, type_, column, pace, luck, attempt)
    contacts[row].outcome = ANSWERED
    contacts[row].answers += 1
    contacts[row].unanswered = 0
    take(contacts, row, now_ms, group, seat)
    contacts[row].talk_ms = talk
    contacts[row].hold_ms = hold
    contacts[row].phase = TALKING
    contacts[row].until_ms = now_ms + talk + hold
    return now_ms + talk + hold


@rule
def _first_round_ms(plan, contacts, row, talk):
    """Its part of the whole talk, and what the customer tells again; `rounds` counts the rest."""
    type_, luck, attempt = contacts[row].type, contacts[row].luck, contacts[row].attempt
    rounds = plan.messages[type_].rounds
    first = part_of(talk, 0, rounds)
    contacts[row].rounds = rounds - 1
    if contacts[row].bot == ESCALATED:
        first += plan.self_service[type_].asks_again_ms
    if is_told_again(plan.history, type_, luck, attempt, contacts[row].unanswered):
        contacts[row].told_again = 1
        first += plan.history[type_].asks_again_ms
    return first


@rule
def end_talk(plan, contacts, row, others):
    """END OF TALK: resolved? `others` counts the chats that the agent has beside this contact."""
    type_, luck, attempt = contacts[row].type, contacts[row].luck, contacts[row].attempt
    column = column_at(plan.resolution, contacts[row].arrived_ms)
    more = plan.staff[contacts[row].seat].resolves
    left = left_of_probability(plan.chats, type_, others) if may_be_more(plan) else 1.0
    if is_resolved(plan.resolution, type_, column, more, left, luck, attempt):
        contacts[row].resolved = 1


@rule
def way_of(plan, product):
    """Where the offer is made: here, by specialists, or in a call later on."""
    return plan.legs[product].way


@rule
def offer(plan, people, contacts, row, now_ms, product):
    """The offer is made; returns its end."""
    ends_ms = now_ms + make_offer(plan, people, contacts, row, now_ms, product)
    contacts[row].phase = OFFERING
    contacts[row].until_ms = ends_ms
    return ends_ms


@rule
def wrap_up(plan, contacts, row, now_ms):
    """The customer has hung up; returns the end of wrap-up, or NO_MOMENT: the agent is free."""
    contacts[row].left_ms = now_ms
    is_for_product = product_of_queue(plan.routing, contacts[row].queue) >= 0
    work = wrap_up_ms(
        plan.handling,
        contacts[row].group,
        contacts[row].type if is_for_product else contacts[row].queue,
        column_at(plan.handling.types, now_ms),
        plan.staff[contacts[row].seat].handle,
        luck_of_leg(contacts[row].luck, contacts[row].leg),
        contacts[row].attempt,
    )
    contacts[row].wrap_up_ms = work
    if work == 0:
        contacts[row].phase = CLOSED
        return NO_MOMENT
    contacts[row].phase = WRAPPING
    contacts[row].until_ms = now_ms + work
    return now_ms + work


@rule
def duty_ends(plan, groups, group, now_ms):
    """Whether seats of the group go at this very moment: an agent freed now takes nothing more.

    At closing it is otherwise, for then the waiting are still served.
    """
    if now_ms % CELL_MS != 0:
        return False
    goes = seats_on_duty(plan.levels, group, now_ms) < groups[group].level
    return goes and not has_closed(plan.levels, group, now_ms)


@rule
def close(contacts, row):
    """End a contact: its wrap-up is done."""
    contacts[row].phase = CLOSED


@rule
def next_contact_ms(plan, contacts, row, now_ms):
    """The customer is gone; when will she try again? NO_MOMENT: the issue is closed.

    Who was handed on had an answer, even if she then gave up. What a bot kept counts as answered.
    """
    type_, luck, attempt = contacts[row].type, contacts[row].luck, contacts[row].attempt
    outcome, came_ms = contacts[row].outcome, contacts[row].arrived_ms
    after_ms = -1
    if outcome in (ANSWERED, KEPT_BY_BOT) or contacts[row].leg == SECOND_LEG:
        if not contacts[row].resolved:
            column = column_at(plan.resolution, came_ms)
            after_ms = comes_back_after_ms(plan.resolution, type_, column, luck, attempt)
    else:
        unanswered, column = contacts[row].unanswered, column_at(plan.redials, came_ms)
        after_ms = redials_after_ms(plan.redials, type_, column, unanswered, luck, attempt)
    if after_ms < 0:
        contacts[row].last = 1
        return NO_MOMENT
    due_ms = now_ms + after_ms
    return when_open_ms(plan.demand, type_, due_ms, luck, attempt)


@rule
def count_overtime(overtime_ms, groups, group, now_ms, first_cell):
    """Book the time of owed seats up to now: overtime_ms [group, cell of the span]."""
    since_ms, owed = groups[group].counted_ms, groups[group].owed
    groups[group].counted_ms = now_ms
    while owed > 0 and since_ms < now_ms:
        cell = since_ms // CELL_MS
        until_ms = min(now_ms, (cell + 1) * CELL_MS)
        overtime_ms[group, cell - first_cell] += owed * (until_ms - since_ms)
        since_ms = until_ms


@routine
def name_customers(customers, offers, segment, segment_luck, base, first, last):
    """Make customers number first … last − 1 of a segment: their luck, and what they own."""
    for number in range(first, last):
        i = base + number
        luck = split(segment_luck, number)
        customers[i].luck = luck
        customers[i].disposition = disposition(luck)
        customers[i].left_week = NEVER
        customers[i].segment = segment
        for product in range(len(offers.products)):
            if owns_at_start(offers, product, luck):
                customers[i].owns |= 1 << product

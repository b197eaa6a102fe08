"""What a span of contacts adds up to: counts and milliseconds, nothing else.

Everything is a whole number, so no order of adding changes a sum, and any number of weeks or
replications can be put together. Money and ratios are made of these later (ledger, metrics).
Contacts are counted where they arrived, issues and sales where the customer left, time where it
passes. A contact in service when the horizon ends is answered; a waiting one is open. A second
leg is a part of its contact: handling and offers in it count as the contact's, its wait apart. A
call of ours is no contact, and no customer is asked how she liked it. What a bot kept reached no
agent: only its issue is counted, and its session.
"""

from __future__ import annotations

from sim.core.clock import MS_PER_SECOND, MS_PER_WEEK
from sim.core.moments import CALL_LEG, FIRST_LEG, SECOND_LEG, WINDOW_LEG, block_of
from sim.core.rules import routine, rule
from sim.core.tables import (
    ANSWERED,
    ASKED_FOR_HUMAN,
    BALKED,
    BLOCKED,
    CLAIMED_BY_BOT,
    CLOSED,
    ESCALATED,
    GAVE_UP,
    KEPT_BY_BOT,
    NO_BOT,
    NOT_REACHED,
    NOT_YET,
    REACHED,
    SOLVED_BY_BOT,
    WITH_BOT,
    WITHDRAWN,
    People,
)
from sim.domain.channels.self_service import bot_ms
from sim.domain.contacts.demand import ANNOUNCED_BLOCK
from sim.domain.customers.customers import ending_of
from sim.domain.customers.save_desk import settled
from sim.domain.offers.offers import downgrades, is_returned, weeks_paid
from sim.engine.state import Span, end_ms, start_ms
from sim.engine.steps.experience import counted_wait_ms, felt_wait_ms, got_an_answer, waited_ms
from sim.plan.plan import Plan
from sim.weeks.counts import LONGEST_COUNTED_S, Tally
from sim.weeks.issues import count_ending, count_withdrawn, is_open_issue
from sim.weeks.opinions import count_opinion
from sim.weeks.recurring import begin_loss, begin_margin
from sim.weeks.tally_of_time import count_desks, count_duty, count_time

LOOK_AHEAD = 32


def count_span(tally: Tally, plan: Plan, people: People, span: Span) -> None:
    """Add what a span leaves to the tally; writes to the customers what it means to them."""
    count_contacts(tally, plan, people, span.contacts)
    count_time(tally, plan, span.contacts, start_ms(plan), end_ms(plan))
    count_desks(tally, span.desk_ms, plan.demand.first_cell)
    count_duty(tally, plan.levels.level, span.overtime_ms, plan.demand.first_cell)


@routine
def count_open(tally, plan, contacts):
    """At the end of the horizon, add the contacts still inside: in service, or waiting."""
    interval_ms = MS_PER_WEEK // len(tally.intervals)
    for row in range(len(contacts)):
        contact = contacts[row]
        tally.issues[-1, contact.type].open += is_open_issue(contact)
        if contact.phase == WITH_BOT:
            tally.self_service[-1, contact.type].in_session += 1
            continue
        if contact.phase == CLOSED or contact.arrived_ms < 0:
            continue
        if contact.leg == WINDOW_LEG:
            continue  # whoever left it was counted
        week = contact.arrived_ms // MS_PER_WEEK
        if contact.bot != NO_BOT and contact.leg == FIRST_LEG:
            _count_bot(tally, week, plan, contact)
        is_answered = contact.answered_ms != NOT_YET
        if contact.leg == FIRST_LEG:
            interval = contact.arrived_ms % MS_PER_WEEK // interval_ms
            by_week = tally.contacts[week, contact.type]
            by_interval = tally.intervals[interval, contact.type]
            of_segment = tally.segments[week, contact.segment]
            if is_answered:
                wait_ms, counted_ms = waited_ms(contact), counted_wait_ms(plan.deferred, contact)
                _count_wait(tally, contact, wait_ms)
                _count_service(by_week, plan, contact, wait_ms, counted_ms)
                _count_service(by_interval, plan, contact, wait_ms, counted_ms)
                _count_fairness(of_segment, contact, wait_ms)
                tally.groups[week, contact.group].answered += 1
                by_week.in_service += 1
                by_interval.in_service += 1
                of_segment.in_service += 1
            else:
                _count_waiting(by_week, contact)
                _count_waiting(by_interval, contact)
                of_segment.offered += 1
                of_segment.open += 1
        elif contact.leg == SECOND_LEG and is_answered:
            interval = contact.arrived_ms % MS_PER_WEEK // interval_ms
            _count_leg(tally.legs[week, contact.type], contact, waited_ms(contact))
            _count_talk_of_leg(tally.contacts[week, contact.type], contact)
            _count_talk_of_leg(tally.intervals[interval, contact.type], contact)
            tally.groups[week, contact.group].answered += 1


@rule
def _count_waiting(counts, contact):
    """A contact that still waits at the end has come; its wait is not known."""
    counts.offered += 1
    counts.open += 1
    if contact.attempt == 1:
        counts.open_first += 1
        counts.first_contacts += 1


@rule
def _count_wait(tally, contact, wait_ms):
    """The wait in whole seconds, rounded up: a wait of 20.000 s is within 20 s, 20.001 s not."""
    wait_s = (wait_ms + MS_PER_SECOND - 1) // MS_PER_SECOND
    tally.waits[contact.type, min(wait_s, LONGEST_COUNTED_S)] += 1


@routine
def count_contacts(tally, plan, people, contacts):
    """Every contact that closed: what happened, what the customer thought, what was sold."""
    interval_ms = MS_PER_WEEK // len(tally.intervals)
    seen = 0
    for row in range(len(contacts)):
        if row % LOOK_AHEAD == 0:
            seen += _look_up(people, contacts, row, min(row + LOOK_AHEAD, len(contacts)))
        contact = contacts[row]
        count_withdrawn(tally.issues, contact)
        if contact.phase != CLOSED or contact.outcome == WITHDRAWN or contact.arrived_ms < 0:
            continue
        if contact.leg == WINDOW_LEG:
            continue  # whoever left it was counted
        week = contact.arrived_ms // MS_PER_WEEK
        interval = contact.arrived_ms % MS_PER_WEEK // interval_ms
        type_ = contact.type
        by_week = tally.contacts[week, type_]
        by_interval = tally.intervals[interval, type_]
        wait_ms = waited_ms(contact)
        if contact.bot != NO_BOT and contact.leg == FIRST_LEG:
            _count_bot(tally, week, plan, contact)
        if contact.outcome == KEPT_BY_BOT:
            pass  # no agent ever saw it
        elif contact.leg == FIRST_LEG:
            _count_wait(tally, contact, wait_ms)
            counted_ms = counted_wait_ms(plan.deferred, contact)
            _count_service(by_week, plan, contact, wait_ms, counted_ms)
            _count_service(by_interval, plan, contact, wait_ms, counted_ms)
            _count_work(by_week, contact)
            _count_work(by_interval, contact)
            _count_fairness(tally.segments[week, contact.segment], contact, wait_ms)
        else:
            _count_leg(tally.legs[week, type_], contact, wait_ms)
            _count_talk_of_leg(by_week, contact)
            _count_talk_of_leg(by_interval, contact)
            _count_work_of_leg(by_week, contact)
            _count_work_of_leg(by_interval, contact)
        left_week = min(contact.left_ms // MS_PER_WEEK, len(tally.contacts) - 1)
        if contact.outcome == ANSWERED or contact.outcome == REACHED:
            tally.groups[week, contact.group].answered += 1
            if contact.leg == FIRST_LEG or _is_with_specialists(contact):
                tally.groups[left_week, contact.group].resolved += contact.resolved
        is_high = False
        if contact.leg != CALL_LEG and not contact.handed_on:
            counts = tally.contacts[left_week, type_]
            felt_ms = felt_wait_ms(plan.deferred, contact)
            is_high = count_opinion(counts, plan, people, contact, felt_ms)
        if contact.last:
            tally.segments[left_week, contact.segment].issues_high += is_high
            answered = got_an_answer(contact)
            ending = ending_of(contact.resolved == 1, answered, contact.attempt)
            tally.endings[left_week, contact.segment, ending] += 1
            count_ending(tally.issues[left_week, type_], contact)
            if block_of(contact.name) == ANNOUNCED_BLOCK:
                people.rows[contact.customer].leaving = settled(
                    plan.save_desk,
                    people.rows[contact.customer].leaving,
                    answered,
                    contact.luck,
                )
        if contact.product >= 0:
            _count_sale(tally, plan, people, contact, left_week)
    return seen


@rule
def _look_up(people, contacts, first, last):
    """Touch the customers of some contacts, so that memory fetches them side by side.

    This makes counting a third faster. Returns how many of them are active: without a result the
    compiler would leave it out.
    """
    seen = 0
    for row in range(first, last):
        if contacts[row].customer >= 0:
            seen += people.rows[contacts[row].customer].active
    return seen


@rule
def _count_sale(tally, plan, people, contact, week):
    """What became of an offer; its monthly margin begins."""
    product = contact.product
    sales = tally.sales[week, product, contact.segment]
    sales.offered += 1
    sales.pushed += contact.pushed
    by_bot = contact.outcome == KEPT_BY_BOT
    sales.offered_by_bot += by_bot
    if contact.accepted:
        sales.accepted += 1
        if is_returned(plan.offers, product, contact.luck):
            sales.returned += 1
        else:
            sales.kept_by_bot += by_bot
            weeks = weeks_paid(plan.offers, product, _luck_of_buyer(people, contact))
            begin_margin(tally.ended, people, contact, week, weeks)
    elif downgrades(plan.offers, product, contact.luck):
        sales.downgraded += begin_loss(tally.ended, people, contact, week)


@rule
def _luck_of_buyer(people, contact):
    """The customer's; the issue's where customers are not modelled."""
    if contact.customer >= 0:
        return people.rows[contact.customer].luck
    return contact.luck


@rule
def _count_service(counts, plan, contact, wait_ms, counted_ms):
    """What the switch would count of a contact whose wait is over; in time by `counted_ms`."""
    within_ms, short_ms = plan.within_ms[contact.type], plan.short_ms[contact.type]
    counts.offered += 1
    counts.wait_ms += wait_ms
    if contact.rung > 0:
        counts.called_back += 1
        counts.off_the_line_ms += wait_ms
    if contact.attempt == 1:
        counts.first_contacts += 1
    if wait_ms > 0:
        counts.waited += 1
    if contact.outcome == ANSWERED:
        counts.answered += 1
        counts.wait_answered_ms += wait_ms
        if counted_ms <= within_ms:
            counts.answered_in_time += 1
        counts.talk_ms += contact.talk_ms
        counts.told_again += contact.told_again
        if contact.hold_ms > 0:
            counts.hold_ms += contact.hold_ms
            counts.held += 1
    elif contact.outcome == GAVE_UP:
        counts.gave_up += 1
        if wait_ms <= within_ms:
            counts.gave_up_in_time += 1
        if wait_ms <= short_ms:
            counts.gave_up_short += 1
    elif contact.outcome == NOT_REACHED:
        counts.not_reached += 1
    elif contact.outcome == BLOCKED:
        counts.blocked += 1
    elif contact.outcome == BALKED:
        counts.balked += 1


@rule
def _count_work(counts, contact):
    """What is known of a contact once it is over: offers, wrap-up, whether the issue is solved."""
    if contact.outcome != ANSWERED:
        return
    counts.talk_ms += contact.hand_over_ms
    counts.beside_ms += contact.hand_over_ms
    counts.wrap_up_ms += contact.wrap_up_ms
    if contact.product >= 0:
        counts.offer_ms += contact.offer_ms
        counts.offers += 1
        counts.accepted += contact.accepted
    if contact.answers == 1:
        counts.first_answers += 1
        counts.solved_at_first_answer += contact.resolved


@rule
def _count_bot(tally, week, plan, contact):
    """A new issue that a bot met, by its type and by its segment."""
    _count_session(tally.self_service[week, contact.type], plan, contact)
    of_segment = tally.segments[week, contact.segment]
    of_segment.met_bot += 1
    of_segment.left_bot += contact.bot == ASKED_FOR_HUMAN or contact.bot == ESCALATED


@rule
def _count_session(counts, plan, contact):
    """What became of a new issue that a bot met, and for how long."""
    is_kept = contact.outcome == KEPT_BY_BOT
    counts.asked += contact.bot == ASKED_FOR_HUMAN
    counts.solved += contact.bot == SOLVED_BY_BOT
    counts.claimed += contact.bot == CLAIMED_BY_BOT
    counts.escalated += contact.bot == ESCALATED
    if contact.bot != ASKED_FOR_HUMAN:
        counts.bot_ms += bot_ms(plan.self_service, contact.type, contact.luck)
    if is_kept and contact.product >= 0:
        counts.bot_ms += contact.offer_ms
        counts.offers += 1
        counts.accepted += contact.accepted


@rule
def _count_leg(counts, contact, wait_ms):
    """What became of a second leg, or of a call of ours."""
    if contact.leg == SECOND_LEG:
        counts.transfers += 1
        counts.transfer_wait_ms += wait_ms
        counts.transfers_gave_up += contact.outcome == GAVE_UP
    elif contact.answered_ms != NOT_YET:
        counts.calls += 1
        counts.calls_reached += contact.outcome == REACHED


@rule
def _count_work_of_leg(counts, contact):
    """Offers in another leg; the work of a second leg is that of its contact.

    What specialists solve is, too.
    """
    if contact.leg == SECOND_LEG:
        counts.offer_ms += contact.offer_ms
        counts.wrap_up_ms += contact.wrap_up_ms
        if _is_with_specialists(contact) and contact.answers == 1:
            counts.solved_at_first_answer += contact.resolved
    if contact.product >= 0:
        counts.offers += 1
        counts.accepted += contact.accepted


@rule
def _is_with_specialists(contact):
    """Whether this leg is one in which specialists answered; in one for an offer they make it."""
    return contact.leg == SECOND_LEG and contact.outcome == ANSWERED and contact.product < 0


@rule
def _count_talk_of_leg(counts, contact):
    """Talk and hold of specialists are those of the contact; who was held before counts once."""
    if contact.leg == SECOND_LEG:
        counts.talk_ms += contact.talk_ms
        counts.hold_ms += contact.hold_ms
        counts.held += contact.hold_ms > 0 and not contact.held


@rule
def _count_fairness(counts, contact, wait_ms):
    """What became of a contact, by its segment."""
    counts.offered += 1
    counts.wait_ms += wait_ms
    counts.answered += contact.outcome == ANSWERED
    counts.gave_up += contact.outcome == GAVE_UP or contact.outcome == BALKED

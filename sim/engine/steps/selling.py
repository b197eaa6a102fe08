"""Selling inside a contact: which product, if any, and what the customer makes of it.

Here the questions of selling meet: what is offered (offers.py), when (policies.py), in
which leg of the contact (second_legs.py), and whether she buys (acceptance.py). Called by
contact.py.
"""

import math

from sim.core.clock import MS_PER_MINUTE, MS_PER_WEEK
from sim.core.moments import CALL_LEG, block_of
from sim.core.rules import routine, rule
from sim.core.tables import KEPT_BY_BOT, NOBODY, NOT_YET
from sim.domain.agents.rostering import seats_on_duty
from sim.domain.contacts.demand import ANNOUNCED_BLOCK
from sim.domain.customers.holders import FOR_EVER
from sim.domain.customers.save_desk import KEPT, is_persuaded, worth_of_keeping
from sim.domain.offers.acceptance import acceptance, contact_logit, is_accepted, seen_acceptance
from sim.domain.offers.offers import (
    complies,
    fulfilment_ms,
    is_candidate,
    is_eligible,
    is_incremental,
    is_returned,
    offer_talk_ms,
    owns_at_start,
    product_luck,
    pushes,
    weeks_paid,
)
from sim.domain.offers.policies import (
    Stakes,
    is_due,
    is_made_in_contacts,
    is_worth_it,
    needs_sight,
)
from sim.domain.offers.second_legs import HANDED_ON

MOST_EXPOSURES = (1 << 15) - 1  # int16; so many have worn out any acceptance
TODAYS_TENURE_WEEKS = 1 << 20  # today's base has always been here


@rule
def product_to_offer(plan, people, contacts, row, now_ms, moment):
    """The next best offer: of those that suit and are to be made now, the largest expected margin.

    `pushed` is written for the one that is chosen.
    """
    best = NOBODY
    most = -math.inf
    for product in range(len(plan.offers.products)):
        if not is_made_in_contacts(plan.policies.products[product].kind) or not _suits(
            plan, people, contacts, row, now_ms, product
        ):
            continue
        is_one_of_several = len(plan.offers.products) > 1
        seen = 0.0
        if is_one_of_several or needs_sight(plan.policies, product):
            seen = _seen_acceptance(plan, people, contacts, row, product)
        luck = contacts[row].luck
        is_wanted = _is_wanted(plan, contacts, row, product, seen, moment)
        if is_wanted:
            if not complies(plan.offers, product, luck):
                continue
        elif not pushes(plan.offers, product, luck):
            continue
        margin = 0.0
        if is_one_of_several and seen > 0.0:  # worth is infinite where nobody ever leaves
            margin = seen * _worth(plan, contacts, row, product, seen)
        if best == NOBODY or margin > most:  # a discount for ever may cost infinitely much
            best, most = product, margin
            contacts[row].pushed = not is_wanted
    return best


@rule
def product_of_bot(plan, people, contacts, row, now_ms):
    """What a bot offers: of what it sells and what makes sense, the largest expected margin."""
    best = NOBODY
    most = -math.inf
    for product in range(len(plan.offers.products)):
        if not plan.offers.by_bot[product, contacts[row].type] or not _makes_sense(
            plan, people, contacts, row, now_ms, product
        ):
            continue
        seen = _seen_acceptance(plan, people, contacts, row, product)
        margin = seen * _worth(plan, contacts, row, product, seen) if seen > 0.0 else 0.0
        if best == NOBODY or margin > most:
            best, most = product, margin
    return best


@rule
def _suits(plan, people, contacts, row, now_ms, product):
    """Whether an agent may offer it: nobody is handed on to a group that is off duty."""
    return (
        plan.legs[product].way != HANDED_ON
        or seats_on_duty(plan.levels, plan.legs[product].group, now_ms) > 0
    ) and _makes_sense(plan, people, contacts, row, now_ms, product)


@rule
def _makes_sense(plan, people, contacts, row, now_ms, product):
    """Whether the product makes sense in this contact, and she may have it."""
    offers = plan.offers
    return (
        offers.during[product, contacts[row].type]
        and offers.to[product, contacts[row].segment]
        and (contacts[row].resolved or offers.products[product].on_unresolved)
        and is_candidate(offers, product, contacts[row].luck)
        and is_still_eligible(offers, people, contacts, row, now_ms, product)
    )


@rule
def is_still_eligible(offers, people, contacts, row, now_ms, product):
    """Where customers are not modelled, every contact has one of its own, of today's base."""
    customer = contacts[row].customer
    if customer < 0:
        owns = 0
        for held in range(len(offers.products)):
            if owns_at_start(offers, held, contacts[row].luck):
                owns |= 1 << held
        return is_eligible(offers, product, owns, NOT_YET, now_ms, TODAYS_TENURE_WEEKS)
    her = people.rows[customer]
    tenure = TODAYS_TENURE_WEEKS
    if her.joined_week > 0:
        tenure = now_ms // MS_PER_WEEK - her.joined_week
    declined_ms = people.declined_ms[customer, product]
    return is_eligible(offers, product, her.owns, declined_ms, now_ms, tenure)


@rule
def _is_wanted(plan, contacts, row, product, seen, moment):
    """Whether the policy wants this offer made to this customer now."""
    offers, segment = plan.offers, contacts[row].segment
    luck = product_luck(offers, product, contacts[row].luck)
    stakes = Stakes(
        worth=_worth(plan, contacts, row, product, seen),
        annoyance=plan.policies.annoyance[product, segment],
        talk_minutes=offers.products[product].talk_minutes,
        fulfilment_minutes=offers.products[product].fulfilment_minutes,
    )
    return is_due(plan.policies, product, segment, luck, moment) and is_worth_it(
        plan.policies, product, seen, stakes, moment
    )


@rule
def _worth(plan, contacts, row, product, seen):
    """Net margin of a sale, with the value of the customer where it keeps her."""
    segment = contacts[row].segment
    worth = plan.offers.worth[product, segment]
    if keeps(plan, contacts, row, product):
        return worth_of_keeping(plan.save_desk, segment, seen, worth)
    return worth


@rule
def keeps(plan, contacts, row, product):
    """Whether accepting the product keeps a customer who announces that she leaves."""
    return plan.save_desk.keeps[product] and block_of(contacts[row].name) == ANNOUNCED_BLOCK


@rule
def _seen_acceptance(plan, people, contacts, row, product):
    """How likely she seems to accept, as the center sees her."""
    logit = _acceptance_logit(plan, people, contacts, row, product)
    own = product_luck(plan.offers, product, _own_luck(people, contacts, row))
    return seen_acceptance(plan.acceptance, product, logit, own)


@rule
def _acceptance_logit(plan, people, contacts, row, product):
    """The logit of acceptance in this contact, before her own propensity.

    Of the wait of all legs; for a call of ours, or a bot, nobody waits. What a bot solves is solved
    at once.
    """
    customer, by_bot = contacts[row].customer, is_kept_by_bot(contacts, row)
    waited_ms, log_odds = contacts[row].waited_ms, plan.legs[product].log_odds
    if by_bot:
        log_odds = plan.self_service[contacts[row].type].log_odds
    elif contacts[row].leg != CALL_LEG:
        waited_ms += contacts[row].answered_ms - contacts[row].arrived_ms
    return log_odds + contact_logit(
        plan.acceptance,
        product,
        contacts[row].segment,
        contacts[row].type,
        contacts[row].resolved and (by_bot or contacts[row].answers == 1),
        waited_ms / MS_PER_MINUTE,
        people.exposures[customer, product] if customer >= 0 else 0,
    )


@rule
def is_kept_by_bot(contacts, row):
    """Whether no agent sees this contact."""
    return contacts[row].outcome == KEPT_BY_BOT


@rule
def _own_luck(people, contacts, row):
    """The luck of the customer; where she is not modelled, that of her issue."""
    customer = contacts[row].customer
    return people.rows[customer].luck if customer >= 0 else contacts[row].luck


@rule
def make_offer(plan, people, contacts, row, now_ms, product):
    """The customer decides; her history remembers. Returns how long the offer takes."""
    luck, listed = contacts[row].luck, contacts[row].listed
    logit = _acceptance_logit(plan, people, contacts, row, product)
    own = product_luck(plan.offers, product, _own_luck(people, contacts, row))
    by_bot = is_kept_by_bot(contacts, row)
    skill = 1.0 if by_bot else plan.staff[contacts[row].seat].accepts
    probability = min(1.0, skill * acceptance(plan.acceptance, product, logit, own))
    if keeps(plan, contacts, row, product):
        accepted = is_persuaded(probability, luck)
    else:
        accepted = is_accepted(probability, product_luck(plan.offers, product, luck))
    if by_bot:
        offer = plan.self_service[contacts[row].type].offer_ms
    elif listed >= 0 and plan.demand.listed[listed].offer_ms >= 0:
        offer = plan.demand.listed[listed].offer_ms
    else:
        offer = offer_talk_ms(plan.offers, product, luck)
    if accepted:
        offer += 0 if by_bot else fulfilment_ms(plan.offers, product, luck)
        contacts[row].accepted = 1
    if contacts[row].customer >= 0:
        _remember(plan.offers, people, contacts[row].customer, luck, now_ms, product, accepted)
        if accepted:
            _hold(plan, people, contacts[row].customer, luck, product, now_ms // MS_PER_WEEK)
        if accepted and keeps(plan, contacts, row, product):
            _keep(plan.offers, people, contacts[row].customer, luck, product)
    contacts[row].product = product
    contacts[row].offer_ms = offer
    return offer


@rule
def _keep(offers, people, customer, luck, product):
    """She stays, unless she gives back what she accepted, or had left already."""
    if people.rows[customer].leaving and not is_returned(offers, product, luck):
        people.rows[customer].leaving |= KEPT


@rule
def _remember(offers, people, customer, luck, now_ms, product, accepted):
    """What she owns and is bound to, or declined: giving it back is declining, too.

    A customer who would have bought it elsewhere or later has it, but is bound no longer by that.
    """
    if not accepted or is_returned(offers, product, luck):
        people.declined_ms[customer, product] = now_ms
        if people.exposures[customer, product] < MOST_EXPOSURES:
            people.exposures[customer, product] += 1
        return
    people.rows[customer].owns |= 1 << product
    bound_weeks = offers.products[product].bound_weeks
    bound_until = now_ms // MS_PER_WEEK + bound_weeks
    if (
        bound_weeks > 0
        and bound_until > people.rows[customer].bound_until
        and is_incremental(offers, product, luck)
    ):
        people.rows[customer].bound_until = bound_until
        people.rows[customer].bound_churn = offers.products[product].bound_churn


@rule
def _hold(plan, people, customer, luck, product, week):
    """She holds it from now on, unless she gives it back, or would have had it anyway."""
    if (
        len(plan.holders.products) > 0
        and not is_returned(plan.offers, product, luck)
        and is_incremental(plan.offers, product, luck)
    ):
        _hold_from(plan.offers, people, customer, product, week)


@rule
def _hold_from(offers, people, customer, product, week):
    """She holds it from a week on, until she gives it up: as long as its monthly margin is paid."""
    weeks = weeks_paid(offers, product, people.rows[customer].luck)
    until = min(week + weeks, FOR_EVER) if weeks > 0 else FOR_EVER
    people.holds_until[customer, product] = until


@routine
def begin_as_holders(plan, people, first, last, week):
    """Rows first … last − 1 become customers in a week, and hold what they own from the start.

    Each gives it up after as many weeks as whoever buys it: those who had it before are not the
    ones to keep it longer, for its weeks are geometric.
    """
    for i in range(first, last):
        for product in range(people.holds_until.shape[1]):
            if (people.rows[i].owns >> product) & 1:
                _hold_from(plan.offers, people, i, product, week)

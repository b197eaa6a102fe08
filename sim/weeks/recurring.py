"""The monthly margins of what was sold: when they begin, and when they end.

A margin lasts as long as she is a customer and keeps the product. Its own end is known at the
sale, as is that of a discount with its contract. So it is counted when the margin begins, and taken
back for a customer who leaves sooner. The product is not sold to her again: nobody is offered
twice what she has had.
"""

from __future__ import annotations

from sim.core.rules import rule


@rule
def begin_margin(ended, people, contact, week, weeks):
    """She pays from now on, or pays less, for so many weeks; 0: for ever.

    `ended` is [week, product, segment] ENDED_COUNTS; an end beyond its weeks is not counted. For a
    customer who has announced that she leaves it ends with all else, until she is kept.
    """
    customer, product = contact.customer, contact.product
    if _is_gone(people, customer):
        ended[_last_week(people, contact, week), product, contact.segment].bought += 1
        return
    if customer >= 0:
        people.rows[customer].bought |= 1 << product
    if 0 < weeks <= len(ended) - week:
        ended[week + weeks - 1, product, contact.segment].bought += 1
        if customer >= 0:
            people.margin_until[customer, product] = week + weeks
    if customer >= 0 and not people.rows[customer].active:
        left_week = people.rows[customer].left_week
        of_segment = ended[:, :, contact.segment]
        _end_bought(of_segment, people, customer, product, left_week, 1)


@rule
def begin_loss(ended, people, contact, week):
    """She takes less from now on. Returns whether she did not before."""
    customer, product = contact.customer, contact.product
    if customer < 0:
        return True
    if (people.rows[customer].downgraded >> product) & 1:
        return False
    people.rows[customer].downgraded |= 1 << product
    if _is_gone(people, customer):
        ended[_last_week(people, contact, week), product, contact.segment].downgraded += 1
    elif not people.rows[customer].active:
        left_week = people.rows[customer].left_week
        ended[left_week, product, contact.segment].downgraded += 1
    return True


@rule
def _is_gone(people, customer):
    """Whether she has left for good."""
    return customer >= 0 and not people.rows[customer].active and not people.rows[customer].leaving


@rule
def _last_week(people, contact, week):
    """A customer who left before this contact was counted pays in no week after she left."""
    return max(people.rows[contact.customer].left_week, week - 1)


@rule
def end_margins(ended, people, customer, week):
    """She leaves, and pays no more for what she bought, nor less for what she downgraded.

    `ended` is [week, product] ENDED_COUNTS, of her segment.
    """
    _end_all(ended, people, customer, week, 1)


@rule
def resume_margins(ended, people, customer, week):
    """She did not leave at the end of that week after all."""
    _end_all(ended, people, customer, week, -1)


@rule
def _end_all(ended, people, customer, week, sign):
    """Count that all her monthly margins end, or take it back."""
    for product in range(ended.shape[1]):
        takes_less = (people.rows[customer].downgraded >> product) & 1
        ended[week, product].downgraded += sign * takes_less
        if (people.rows[customer].bought >> product) & 1:
            _end_bought(ended, people, customer, product, week, sign)


@rule
def _end_bought(ended, people, customer, product, week, sign):
    """Count that she pays no more for a product, or take it back."""
    until = people.margin_until[customer, product]
    if until == 0:
        ended[week, product].bought += sign
    elif until > week + 1:  # sooner than was counted at the sale
        ended[week, product].bought += sign
        ended[until - 1, product].bought -= sign

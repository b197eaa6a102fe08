"""Customers who announce that they leave: their contacts in the coming week.

Such a contact is carried into the week like one that is due later. It is named by a block of its
own and the number of the customer in her segment; its luck is made from hers and the week.
"""

from __future__ import annotations

import numpy as np

from sim.core.clock import CELL_MS, MS_PER_WEEK
from sim.core.dice import MOMENT, uniform
from sim.core.moments import name_of
from sim.core.rules import routine
from sim.core.tables import CONTACT, blank
from sim.domain.contacts.demand import ANNOUNCED_BLOCK
from sim.domain.contacts.redials import when_open_ms
from sim.domain.customers.save_desk import luck_of_announcement
from sim.engine.steps.contact import begin
from sim.plan.plan import Plan

BEFORE_THE_FIRST = 0  # attempts


def announcements(
    plan: Plan, customers: np.recarray, rows: np.ndarray, week: int, from_ms: int
) -> np.recarray:
    """[row] CONTACT: first contacts of the customers in `rows`, who announced it in a week.

    They are due at a uniform moment of the week that begins at `from_ms`, or when it is open.
    """
    contacts = blank(CONTACT, len(rows))
    if len(rows):  # handing over a plan costs more than most weeks' announcements
        announce(plan, customers, rows, week, from_ms, contacts)
    return contacts


@routine
def announce(plan, customers, rows, week, from_ms, contacts):
    """Fill `contacts` [row] with the first contact of each customer in `rows`."""
    type_ = plan.save_desk.type
    for i in range(len(rows)):
        customer = rows[i]
        segment = customers[customer].segment
        luck = luck_of_announcement(customers[customer].luck, week)
        at_ms = from_ms + int(uniform(luck, MOMENT, 0) * MS_PER_WEEK)
        at_ms = when_open_ms(plan.demand, type_, at_ms, luck, BEFORE_THE_FIRST)
        number = customer - plan.universe[segment].first
        name = name_of(type_, at_ms // CELL_MS, segment, ANNOUNCED_BLOCK, number)
        begin(contacts, i, name, luck, customer, at_ms)

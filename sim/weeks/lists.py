"""Customers who are put on the lists of the coming week, to be called by idle agents.

Such a call is carried into the week like a lead that is put by. It is named by a block of its own
and the number of the customer in her segment; its luck is made from hers, the list and the week. A
customer is on one list a week.
"""

from __future__ import annotations

import math

import numpy as np

from sim.core.clock import CELL_MS, MS_PER_WEEK
from sim.core.dice import DRAWN, OUTBOUND, split, uniform
from sim.core.moments import name_of
from sim.core.rules import routine, rule
from sim.core.tables import CONTACT, People, blank
from sim.domain.contacts.demand import CALLED_BLOCK
from sim.domain.offers.outbound import luck_of_list, may_be_called
from sim.engine.steps.contact import begin
from sim.engine.steps.second_legs import put_on_list
from sim.plan.plan import Plan

LONG_AGO = -(1 << 14)  # weeks


def on_lists(plan: Plan, people: People, week: int) -> np.recarray:
    """[row] CONTACT: a lead for each customer who is put on a list as the week begins."""
    found = []
    for number in range(len(plan.lists.lists)):
        per_week = plan.lists.lists[number].per_week
        wanted = math.floor((week + 1) * per_week) - math.floor(week * per_week)
        if not wanted:
            continue
        rows, drawn = np.empty(len(people.rows), np.int64), np.empty(len(people.rows))
        n = who_may_be_called(plan.lists, people, number, week, rows, drawn)
        first = np.argsort(drawn[:n], kind="stable")[:wanted]
        contacts = blank(CONTACT, len(first))
        put_all_on(plan, people, number, week, np.sort(rows[first]), contacts)
        found.append(contacts)
    return np.concatenate(found).view(np.recarray) if found else blank(CONTACT, 0)


@routine
def who_may_be_called(lists, people, number, week, rows, drawn):
    """Fill `rows` with customers who may be called, `drawn` with their lots; return how many."""
    n = 0
    again_weeks = lists.lists[number].again_weeks
    for i in range(len(people.rows)):
        if not people.rows[i].active or people.listed_week[i, number] > week - again_weeks:
            continue
        if _is_listed(people, i, week):
            continue
        luck = luck_of_list(lists, number, people.rows[i].luck)
        if may_be_called(lists, number, people.rows[i].segment, luck):
            rows[n] = i
            drawn[n] = uniform(luck, DRAWN, week)
            n += 1
    return n


@rule
def _is_listed(people, i, week):
    """Whether she is on any list of this week."""
    for number in range(people.listed_week.shape[1]):
        if people.listed_week[i, number] == week:
            return True
    return False


@routine
def put_all_on(plan, people, number, week, rows, contacts):
    """Fill `contacts` [row] with a lead for each customer in `rows`."""
    from_ms = week * MS_PER_WEEK
    type_ = plan.lists.lists[number].type
    for i in range(len(rows)):
        customer = rows[i]
        segment = people.rows[customer].segment
        luck = luck_of_list(plan.lists, number, people.rows[customer].luck)
        luck = split(split(luck, OUTBOUND), week)
        in_segment = customer - plan.universe[segment].first
        name = name_of(type_, from_ms // CELL_MS, segment, CALLED_BLOCK, in_segment)
        begin(contacts, i, name, luck, customer, from_ms)
        put_on_list(plan, contacts, i, number, from_ms)
        people.listed_week[customer, number] = week

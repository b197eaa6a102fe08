"""The first contacts of a span: dealt by name, put in order of time."""

from __future__ import annotations

from sim.core.clock import CELL_MS, CELLS_PER_DAY, CELLS_PER_WEEK
from sim.core.dice import ARRIVAL_LEVEL, BUSY_DAY, BUSY_INTERVAL, MOMENT, split, uniform
from sim.core.moments import MOST_PER_CELL, key_in_cell, moment_of_key, name_of_key
from sim.core.quantiles import exponential_quantile
from sim.core.rules import routine, rule
from sim.domain.contacts.demand import CELLS_PER_HALF_HOUR, busyness, customer_of, open_blocks
from sim.domain.customers.holders import is_for_holders

# Candidates of the extra stream, of those who hold products, are numbered from here: the usual ones
# never come so far.
FIRST_EXTRA = MOST_PER_CELL // 2


@routine
def deal(plan, fortune, people, factor, at_ms, name):
    """All first contacts of the span in the order of their moments: fills `at_ms` and `name`.

    Both are int64 [room]. `factor` is float [type], room for the present busyness.
    Returns how many, or -1 if there is not enough room. Inactive customers do not call, and those
    who hold products call more or less often than others.
    """
    demand = plan.demand
    n = 0
    listed = 0
    for i in range(demand.expected.shape[1]):
        cell = demand.first_cell + i
        first = n
        for t in range(demand.expected.shape[0]):
            if demand.expected[t, i] == 0.0:
                continue
            if i == 0 or cell % CELLS_PER_HALF_HOUR == 0 or demand.expected[t, i - 1] == 0.0:
                factor[t] = _busyness(demand, fortune, t, cell)
            for s in range(demand.share.shape[1]):
                expected = demand.expected[t, i] * demand.share[t, s] * factor[t]
                expected /= plan.holders.contacts
                if expected == 0.0:
                    continue
                for b in range(open_blocks(plan.universe, s)):
                    n = _deal_issues(plan, fortune, people, at_ms, n, (t, s, b, cell, 0), expected)
                    if plan.holders.extra > 0.0 and n >= 0:
                        place = (t, s, b, cell, FIRST_EXTRA)
                        extra = plan.holders.extra * expected
                        n = _deal_issues(plan, fortune, people, at_ms, n, place, extra)
                    if n < 0:
                        return -1
        _sort(at_ms, first, n)
        for j in range(first, n):
            key = at_ms[j]
            name[j] = name_of_key(key, cell)
            at_ms[j] = cell * CELL_MS + moment_of_key(key)
        end_ms = (cell + 1) * CELL_MS
        while listed < len(demand.listed) and demand.listed[listed].at_ms < end_ms:
            if demand.listed[listed].at_ms >= cell * CELL_MS:
                if n == len(at_ms):
                    return -1
                n = _insert(at_ms, name, first, n, demand, listed)
            listed += 1
    return n


@rule
def _busyness(demand, fortune, type_, cell):
    """Factor on what is expected of a type in a cell."""
    shape, luck = demand.busyness[type_], fortune.types[type_]
    return (
        fortune.forecast
        * busyness(shape.day, luck, BUSY_DAY, cell // CELLS_PER_DAY)
        * busyness(shape.interval, luck, BUSY_INTERVAL, cell // CELLS_PER_HALF_HOUR)
    )


@rule
def _deal_issues(plan, fortune, people, at_ms, n, place, expected):
    """Add the keys of the new issues of a block of customers in a cell; returns how many there are.

    `place` is type, segment, block, cell, and the number of the first candidate; -1: no room.
    """
    t, s, b, cell, first = place
    week = cell // CELLS_PER_WEEK
    source = split(fortune.sources[t, s, b], cell)
    members = plan.universe[s].first + plan.universe[s].members
    level = 0.0
    k = first
    while True:
        luck = split(source, k)
        level += exponential_quantile(uniform(luck, ARRIVAL_LEVEL, 0))
        if level > expected:
            return n
        customer = customer_of(plan.universe, s, b, luck)
        if customer < 0 or (
            customer < members
            and people.rows[customer].active
            and is_for_holders(
                plan.holders, people.holds_until, customer, week, luck, first == FIRST_EXTRA
            )
        ):
            if n == len(at_ms):
                return -1
            moment = int(uniform(luck, MOMENT, 0) * CELL_MS)
            at_ms[n] = key_in_cell(moment, t, s, b, k)
            n += 1
        k += 1


@routine
def _sort(values, first, last):
    """Sort a stretch in place: Shell's method, gaps shrinking by 4/9, which needs no memory."""
    gap = last - first
    while gap > 1:
        gap = max(1, gap * 4 // 9)
        for i in range(first + gap, last):
            value = values[i]
            j = i
            while j >= first + gap and values[j - gap] > value:
                values[j] = values[j - gap]
                j -= gap
            values[j] = value


@rule
def _insert(at_ms, name, first, n, demand, listed):
    """Put a listed call in its place among the drawn ones of its cell."""
    moment = demand.listed[listed].at_ms
    who = demand.listed[listed].name
    j = n
    while j > first and (at_ms[j - 1] > moment or (at_ms[j - 1] == moment and name[j - 1] > who)):
        at_ms[j] = at_ms[j - 1]
        name[j] = name[j - 1]
        j -= 1
    at_ms[j] = moment
    name[j] = who
    return n + 1

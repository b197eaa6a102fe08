"""The lines of the ledger, and what each is made of. `<…>` stands for a name in the scenario.

The ledger refuses to book a line that is not listed here, and the reference prints them all.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

Sign = Literal["+", "−", "±", "0"]


class Line(NamedTuple):
    """One line, or all lines of one kind."""

    account: str
    sign: Sign
    """What it does to contribution. 0: what is kept counts only against a baseline, memos never."""
    made_of: str


LINES = (
    Line("margin:<product>:sold", "+", "sales × margin of one"),
    Line("margin:<product>:returned", "−", "sales given back × margin of one"),
    Line("margin:<product>:sold_anyway", "−", "kept sales × (1 − incremental) × margin"),
    Line("margin:<product>:recurring", "+", "months paid × margin per month"),
    Line("margin:<product>:downgraded", "−", "months of customers who downgraded × loss per month"),
    Line("margin:contacts/<type>", "+", "revenue of paid contacts × share that is margin"),
    Line("cost:leads:<type>", "−", "new issues × lead_cost"),
    Line("cost:commission:<product>", "−", "kept sales of agents × commission on the margin"),
    Line("cost:labour:talk", "−", "hours of talk × wage"),
    Line("cost:labour:hold", "−", "hours on hold × wage"),
    Line("cost:labour:offers", "−", "hours of offering and fulfilling × wage"),
    Line("cost:labour:wrap_up", "−", "hours of wrap-up × wage"),
    Line("cost:labour:idle", "−", "hours on duty and free × wage"),
    Line("cost:labour:shrinkage", "−", "hours paid and not on duty × wage"),
    Line("cost:labour:overtime_premium", "−", "hours of overtime × wage × (overtime − 1)"),
    Line("cost:labour:on_cost", "−", "all wages × on_cost"),
    Line("cost:outsourcing:<group>", "−", "what a vendor is paid for × amount"),
    Line("cost:self_service:<type>", "−", "what the vendor of a bot bills × amount"),
    Line("cost:hiring", "−", "leavers × recruiting"),
    Line("cost:training", "−", "leavers × hours of class × wage with charges"),
    Line("cost:preparation", "−", "agents who offer, joiners × preparation × wage with charges"),
    Line("cost:severance", "−", "heads cut × weeks of severance × wage with charges, over a year"),
    Line("cost:supervision", "−", "paid hours × wage with charges × supervision.wage ÷ span"),
    Line("cost:quality_and_planning", "−", "the same with quality_and_planning"),
    Line("cost:overhead:fixed", "−", "today's paid hours × overhead × fixed"),
    Line("cost:overhead:by_hours", "−", "paid hours × overhead × (1 − fixed)"),
    Line("cost:licences:fixed", "−", "today's paid hours × licence per hour × fixed"),
    Line("cost:licences:by_hours", "−", "paid hours × licence per hour × (1 − fixed)"),
    Line("cost:telecom", "−", "minutes of wait, talk, hold and offers × telecom"),
    Line("cost:initiatives:<initiative>", "−", "run_cost by month, and invest over 52 weeks"),
    Line("kept:margin:<segment>", "0", "customers × margin per month"),
    Line("kept:discount:<product>", "0", "discounts of offers that keep customers, as given"),
    Line("kept:reward:<segment>", "0", "customers × reward of the loyalty programme per month"),
    Line("memo:deadweight:<segment>", "0", "rewards of customers who would be here without them"),
    Line("memo:revenue:contacts/<type>", "0", "answered, issues solved or minutes × price"),
    Line("memo:revenue:<product>", "0", "kept sales × price, and what is paid by month"),
    Line("memo:turnover:replacing", "0", "leavers × (recruiting + weeks of class × wages)"),
    Line("memo:turnover:learning", "0", "leavers × weeks of work lost to learning × wages"),
    Line("memo:acquisition:<segment>", "0", "customers who joined × cost of one"),
)


def line_of(name: str) -> Line:
    """Return the entry of LINES for a booked line; raise KeyError where it is not listed."""
    for line, pattern in _patterns():
        if pattern.fullmatch(name):
            return line
    raise KeyError(f"the ledger has no line {name!r}: list it in sim/metrics/lines.py")


@cache
def _patterns() -> tuple[tuple[Line, re.Pattern[str]], ...]:
    return tuple((line, re.compile(re.sub("<[a-z]+>", "[^:]+", line.account))) for line in LINES)

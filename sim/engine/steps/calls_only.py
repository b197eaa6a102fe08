"""Whether contacts may be more than calls that agents answer: the loop is compiled for either.

A bot in front, a chat, a message, an email, a callback, a transfer and a history that is not known
are asked about at nearly every moment. Where a scenario has none of them, the loop holds none of
these questions: it is compiled for a plan that says so by the type of one of its values.
"""

from __future__ import annotations

from sim.core.rules import rule
from sim.plan.plan import Plan


def of_calls_only(plan: Plan) -> Plan:
    """The plan with an empty tuple in the place of a table.

    The length of a tuple is known when the loop is compiled, that of a table is not.
    """
    return plan._replace(more_than_calls=())


@rule
def may_be_more(plan):
    """Whether any contact may be more than a call."""
    return len(plan.more_than_calls) > 0

"""Does a sale go on in another leg: handed to specialists, or called back for later?

A candidate may be handed on to a group that does nothing but sell, at once and cold: a second leg
of the same contact, which keeps its queue age and waits with fresh patience. Or the agent takes a
lead, and an idle agent calls the customer later: that time is cheap, but many
are not reached, and customers who did not call us themselves buy less.
"""

from __future__ import annotations

import numpy as np

from sim.core.dice import LEG, REACHED, split, uniform
from sim.core.moments import FIRST_LEG
from sim.core.rules import rule
from sim.core.tables import record

HERE, HANDED_ON, CALLED_LATER = range(3)

# By product.
LEG_OF_PRODUCT = record(
    way=np.int64,  # HERE, HANDED_ON, CALLED_LATER
    group=np.int64,  # the group that sells, or NOBODY: the agent who talks
    log_odds=np.float64,  # what the leg adds to the logit of acceptance
    reached=np.float64,
    ring_ms=np.int64,
    keep_ms=np.int64,
)


@rule
def luck_of_leg(luck, leg):
    """The luck of a leg of a contact: the first has that of the issue itself."""
    return luck if leg == FIRST_LEG else split(split(luck, LEG), leg)


@rule
def is_reached(table, product, issue_product_luck):
    """Whether somebody answers our call."""
    return uniform(issue_product_luck, REACHED, 0) < table[product].reached

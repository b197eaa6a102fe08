"""Is an unsolved issue handed on to specialists?

A front desk that does not solve an issue may transfer it: the contact goes on in a second leg,
which keeps its age and waits for specialists with fresh patience. Cold, the first agent wraps up at
once, and the customer tells it all again. Warm, she stays with the customer until a specialist
answers, and they hand over together: both are handling.

With f first_contact, s share and r resolves, f + (1 − f)·s·r of answered contacts solve their issue
while specialists are on duty.
"""

import numpy as np

from sim.core.dice import TRANSFERRED, uniform
from sim.core.rules import rule
from sim.core.tables import NOBODY, record

# By contact type; without a group where nothing is handed on.
TRANSFER_OF_TYPE = record(
    group=np.int64,
    share=np.float64,
    resolves=np.float64,
    hand_over_ms=np.int64,  # 0: cold
    asks_again_ms=np.int64,
)


@rule
def is_transferred(table, type_, group, luck, attempt):
    """Whether an agent of this group hands on what she did not solve."""
    specialists = table[type_].group
    if specialists == NOBODY:
        return False
    return specialists != group and uniform(luck, TRANSFERRED, attempt) < table[type_].share

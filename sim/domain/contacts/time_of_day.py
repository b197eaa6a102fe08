"""What varies over the day or the week: which number holds at this moment?

Mean durations and shares of a contact type may be typed as one number or by interval, as the
profile of its volume is. The values typed are what is played, and the distribution around a mean
stays as it is.

Talk, hold and wrap-up have the number of the interval in which each of them begins; whether a
contact is put on hold, that of when the hold would begin. Patience, balking, trying again, solving
and coming back have that of the interval in which the contact came to agents (of what a bot kept:
to the bot; of a second leg: in which its wait began).
"""

from __future__ import annotations

from sim.core.clock import CELL_MS, CELLS_PER_WEEK
from sim.core.rules import rule


@rule
def column_at(table, at_ms):
    """The column of a table [type, cell of the week] for a moment; 0 where nothing varies."""
    return 0 if table.shape[1] == 1 else at_ms // CELL_MS % CELLS_PER_WEEK

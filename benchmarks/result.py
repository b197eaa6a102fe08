"""What every benchmarked program is given, and what it gives back."""

from __future__ import annotations

import math
from typing import NamedTuple

SECONDS_PER_MINUTE = 60


class Workload(NamedTuple):
    """A call center without trimmings; all times in minutes.

    Contacts of each type come at a constant rate. Type k goes to group k, or to the next group
    (round the table) if nobody of group k is free. A freed agent takes the one who has waited
    longest among those that his group serves. Patience is exponential.
    """

    types: int  # as many as agent groups
    rate: float  # contacts of one type a minute
    agents: int  # of one group
    service_mean: float
    service_cv: float  # 1: exponential; else lognormal
    patience_mean: float
    abandoned_share: float  # what a right program finds: exact, or within ± of a long run
    abandoned_share_within: float
    mean_wait: float  # of all contacts, those that gave up included
    mean_wait_within: float

    @property
    def arrival_rate(self) -> float:
        """Contacts of all types a minute."""
        return self.types * self.rate

    @property
    def lognormal(self) -> tuple[float, float]:
        """Mean and standard deviation of the logarithm of a lognormal service time."""
        variance = math.log1p(self.service_cv**2)
        return math.log(self.service_mean) - variance / 2, math.sqrt(variance)


# M/M/50+M: exact by Erlang A.
W1 = Workload(1, 8.5, 50, 6.0, 1.0, 5.0, 0.06856, 0.0, 0.3428, 0.0)
# Four types, four groups, each helping its neighbour: by a long run of an independent program.
W2 = Workload(4, 3.4, 20, 6.0, 0.6, 5.0, 0.0571, 0.0004, 0.2858, 0.0024)


class Result(NamedTuple):
    """What one run found, and how long it took once everything was loaded and compiled."""

    seconds: float
    offered: int
    abandoned: int
    mean_wait_minutes: float  # of all offered

    @property
    def contacts_per_second(self) -> float:
        """Speed without start-up."""
        return self.offered / self.seconds

    @property
    def abandoned_share(self) -> float:
        """Those who gave up ÷ all offered."""
        return self.abandoned / self.offered

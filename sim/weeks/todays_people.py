"""What do the typed people of a center imply today: who is hired ahead, and what do they bear?

Both are solved once, on the first file of the `based_on` chain, and inherited by its variants.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.core.clock import WEEKS_PER_YEAR
from sim.plan.staffing import GroupStaffing
from sim.scenario.scenario import Scenario
from sim.weeks.counts import Tally
from sim.weeks.loads import MILLION
from sim.weeks.workforce import Floor

ROUNDS_TO_SOLVE = 2
TIMES_TO_SOLVE = 4
WEEKS_TO_SOLVE = 15 * WEEKS_PER_YEAR


def todays_ahead(
    staffing: Sequence[GroupStaffing | None], groups: Sequence[str]
) -> dict[str, float]:
    """Group → people ordered beyond those wanted."""
    return {one.name: people_ordered_ahead(one) for one in staffing if one and one.name in groups}


def people_ordered_ahead(staffing: GroupStaffing) -> float:
    """How many more are wanted than there are to be, so that so many are there on average.

    Classes wait until they are full, so without it there would be too few. Solved by some decades
    of today's comings and goings.
    """
    ahead = 0.0
    living = staffing._replace(is_still=False)
    for _ in range(ROUNDS_TO_SOLVE):
        floors = [Floor(living, 0, r, ahead, -WEEKS_TO_SOLVE) for r in range(TIMES_TO_SOLVE)]
        ahead += staffing.today - sum(f.mean_filled for f in floors) / TIMES_TO_SOLVE
    return ahead


def todays_loads(scenario: Scenario, groups: Sequence[str], tally: Tally) -> dict[str, list[float]]:
    """Group → loads of a mean week of several replications, as in `Loads`."""
    found = {}
    for name in groups:
        of_group = tally.people[:, :, scenario.groups.index(name)]
        contacts = max(1, int(of_group["contacts"].sum()))
        hot = float(of_group["hot_millionths"].mean()) / MILLION
        rest = [float(of_group[key].sum()) / contacts for key in ("with_offer", "angry")]
        found[name] = [hot, *rest]
    return found

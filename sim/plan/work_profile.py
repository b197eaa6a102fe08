"""When in the week is the work done that comes in it?"""

from __future__ import annotations

import numpy as np

from sim.scenario.scenario import Scenario


def profile_of_work(scenario: Scenario, type_: str) -> np.ndarray:
    """[672] share of the week's contacts in each cell, those of the night in the hours of work.

    Calls and chats come while their type is open. Emails come at any hour, and are read by day.
    """
    coming = scenario.profile(type_)
    if not scenario.comes_at_any_hour(type_):
        return coming
    by_day = coming * scenario.opening(type_)
    total = by_day.sum()
    return by_day / total if total > 0 else coming

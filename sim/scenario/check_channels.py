"""Checks of channels across the blocks of a scenario: bots in front of agents, chats, emails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.core.errors import Problem
from sim.scenario.check_names import problem

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

LEAST_AT_AGENTS = 0.01  # of new issues, where their number follows from what comes to agents


def bots(scenario: Scenario) -> Iterator[Problem]:
    """A volume that counts what comes to agents today says how many issues there are."""
    for type_, spec in scenario.spec.contacts.items():
        volume, bot = spec.volume, spec.self_service
        today = next(s for s in scenario.lineage if type_ in s.spec.contacts)
        if not bot or volume.counts == "first" or not volume.per_week or today is not scenario:
            continue
        if 1.0 - bot.kept < LEAST_AT_AGENTS:
            what = "the bot keeps nearly all, so what comes to agents does not say how much it is"
            amount = f"{volume.per_week:g} per week"
            remedy = f"write volume: {{per_week: {amount}, counts: first}}, of new issues"
            yield problem(scenario, ("contacts", type_, "self_service"), what, remedy)


def written(scenario: Scenario) -> Iterator[Problem]:
    """No closed formula plans seats for chats and emails; and emails wait for every group alike."""
    types = scenario.spec.contacts
    for group, spec in scenario.spec.agents.items():
        serves = {t: one for t, one in scenario.serves(group).items() if t in types}
        for type_, one in serves.items():
            if types[type_].deferred and one.after:
                path = ("agents", group, "serves", type_, "after")
                what = f"{type_} is an email, which waits until agents are idle"
                yield problem(scenario, path, what, "leave after out, or raise deferred.reserve")
        meets = spec.positions is not None and spec.positions.meet is not None
        shared = next((t for t in serves if types[t].channel != "voice"), None)
        if shared and meets:
            kind = "several at once" if types[shared].concurrency else "when agents are idle"
            what = f"{group} serves {shared}, {kind}: no formula plans its seats"
            remedy = "write positions: 12, a list or a CSV file, or heads: 20"
            yield problem(scenario, ("agents", group, "positions"), what, remedy)

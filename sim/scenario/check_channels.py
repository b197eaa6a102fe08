"""Checks of channels across the blocks of a scenario: bots, chats, emails, transfers."""

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


def transfers(scenario: Scenario) -> Iterator[Problem]:
    """Somebody hands on what she did not solve, to others, and in a way that its channel has."""
    for type_, spec in scenario.spec.contacts.items():
        transfer, path = spec.transfer, ("contacts", type_, "transfer")
        if transfer is None:
            continue
        if spec.channel == "email":
            what = "an email that is not solved is answered again, not handed on"
            yield problem(scenario, path, what, "leave transfer out", key=True)
        elif spec.channel in ("chat", "messaging") and transfer.hand_over is not None:
            what = "a chat is handed on with all that was written, and nobody stays"
            yield problem(scenario, (*path, "hand_over"), what, "leave hand_over out", key=True)
        if spec.resolution is None:
            what = "every answer solves the issue, so nothing is handed on"
            remedy = "give resolution, or leave transfer out"
            yield problem(scenario, path, what, remedy, key=True)
        first = [group for group in scenario.routes_of(type_) if group != transfer.to]
        if transfer.to in scenario.groups and not first:
            what = f"{transfer.to} answers all {type_} itself, so it would hand on to itself"
            remedy = "let another group serve it, too, or name another one here"
            yield problem(scenario, (*path, "to"), what, remedy)


def leavers_at_bots(scenario: Scenario) -> Iterator[Problem]:
    """Only by the contact type of the save desk does anybody announce that she leaves."""
    desk = scenario.spec.save_desk
    for type_, spec in scenario.spec.contacts.items():
        bot = spec.self_service
        if bot and bot.announced and (desk is None or desk.contacts != type_):
            what = f"nobody announces by {type_} that she leaves"
            remedy = f"write save_desk: {{contacts: {type_}}}, or leave announced out"
            path = ("contacts", type_, "self_service", "announced")
            yield problem(scenario, path, what, remedy, key=True)


def histories(scenario: Scenario) -> Iterator[Problem]:
    """Only an issue that may come again, though somebody dealt with it, has a history."""
    for type_, spec in scenario.spec.contacts.items():
        if spec.history and spec.resolution is None:
            what = "every answer solves the issue, so nobody comes again"
            remedy = "give resolution, or leave history out"
            yield problem(scenario, ("contacts", type_, "history"), what, remedy, key=True)

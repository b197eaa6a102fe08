"""What initiatives make of a scenario: its spec with all, a part or nothing of their patches.

A patch is written as a variant would be and is read by the same rules. What it changes is found by
comparing the spec with and without it, so numbers can move by a part of the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.core.errors import Fault, Problem
from sim.language.node import KeyPath, dotted
from sim.scenario.patches import PatchedValue, are_of_seats, changes, spelled_out
from sim.scenario.spec import ScenarioSpec

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def not_reached(spec: ScenarioSpec) -> list[str]:
    """A sentence for each initiative that begins after what is played, as in a first look."""
    n = spec.horizon.n_weeks
    played = "the week" if n == 1 else f"the {n} weeks"
    return [
        f"{name} begins in week {one.from_week}, after {played} played: it is not judged"
        for name, one in spec.initiatives.items()
        if one.from_week > n
    ]


def problems_of(scenario: Scenario) -> Iterator[Problem]:
    """What no initiative may do."""
    taken: dict[KeyPath, str] = {}
    before = scenario.spec
    for (name, spec), patched in zip(before.initiatives.items(), scenario.patched, strict=True):
        path = ("initiatives", name)
        if spec.from_week > before.horizon.n_weeks:
            what = f"week {spec.from_week} is past the horizon"
            remedy = f"the last week is {before.horizon.n_weeks}"
            yield scenario.tree.problem((*path, "from_week"), what, remedy)
        found = list(changes(spelled_out(before), spelled_out(patched.spec)))
        found = [change for change in found if not (before.customers and change.is_for_the_rest)]
        for change in found:
            where = (*path, "set", *_as_typed(change.path))
            by = next((one for other, one in taken.items() if _touch(other, change.path)), None)
            if fault := _fault(change, spec.is_partial, by):
                yield scenario.tree.problem(where, *fault)
        taken |= {change.path: name for change in found}
        yield from _legs(scenario, patched.spec, path)
        yield from _people(scenario, patched.spec, path)
        yield from _vendors(scenario, patched.spec, path)
        yield from _new_types(scenario, patched.spec, path)


def _fault(change: PatchedValue, is_partial: bool, taken_by: str | None) -> Fault | None:
    name = dotted(_as_typed(change.path))
    if not change.is_weekly:
        if change.is_of_today:
            return Fault(f"{name} says what today is, not what is done", "change it in a variant")
        remedy = "change it in a variant, or set seats, wages, prices, talk, acceptance, policy …"
        if change.path[0] == "loyalty":
            remedy = "write loyalty with its own from_week into a variant"
        return Fault(f"{name} cannot change within the horizon", remedy)
    if taken_by is not None:
        return Fault(f"{taken_by} changes {name} too", "let one of them change it")
    if is_partial and not change.is_number:
        remedy = "leave ramp and adoption out, or make an initiative of its own for it"
        if change.path[2:] == ("self_service",) and change.before is None:
            remedy = f"write {name} with eligible: 0% into the file itself: so it can grow from 0"
        return Fault(f"{name} cannot change by a part", remedy)
    return None


def _as_typed(path: KeyPath) -> KeyPath:
    """Segments stand beside the other keys of an acceptance."""
    return tuple(key for key in path if key != "by_segment")


def _touch(one: KeyPath, other: KeyPath) -> bool:
    """Whether two values are the same, or one a part of the other, or both of one group's seats."""
    if one[:2] == other[:2] and are_of_seats(one) and are_of_seats(other):
        return True
    return all(a == b for a, b in zip(one, other, strict=False))


def _legs(scenario: Scenario, after: ScenarioSpec, path: KeyPath) -> Iterator[Problem]:
    """A group that sells in a leg of its own has a queue, which cannot come and go."""
    for name, offer in scenario.spec.offers.items():
        policies = (offer.policy, after.offers[name].policy) if name in after.offers else ()
        if len({(p.offer, p.group) if p.sells_elsewhere else "" for p in policies}) > 1:
            what = "handing on and calling later cannot begin or end within the horizon"
            where = (*path, "set", "offers", name, "policy")
            yield scenario.tree.problem(where, what, "change it in a variant")
    for name, contact in scenario.spec.contacts.items():
        then = after.contacts[name].transfer if name in after.contacts else contact.transfer
        if contact.transfer and (then is None or then.to != contact.transfer.to):
            what = "specialists cannot leave those who wait for them within the horizon"
            where = (*path, "set", "contacts", name, "transfer")
            yield scenario.tree.problem(where, what, "write share: 0%, or change it in a variant")


def _people(scenario: Scenario, after: ScenarioSpec, path: KeyPath) -> Iterator[Problem]:
    """A group has people one by one over the whole horizon, or seats."""
    for name, group in scenario.spec.agents.items():
        then = after.agents.get(name, group)
        is_other = (group.people is None) != (then.people is None)
        if is_other and (group.paid is None) == (then.paid is None):
            what = f"{name} cannot turn from people one by one to seats, or back, in the horizon"
            where = (*path, "set", "agents", name, "people")
            yield scenario.tree.problem(where, what, "change it in a variant")


def _vendors(scenario: Scenario, after: ScenarioSpec, path: KeyPath) -> Iterator[Problem]:
    """Seats go over to a vendor, or come back, at once; those of people one by one do neither."""
    for name, group in scenario.spec.agents.items():
        then = after.agents.get(name, group)
        if (group.paid is None) == (then.paid is None):
            continue
        where = (*path, "set", "agents", name, "paid")
        if group.people or then.people:
            what = (
                "people one by one do not go over to a vendor, or come from one, within the horizon"
            )
            yield scenario.tree.problem(where, what, "change it in a variant")
        elif scenario.spec.initiatives[str(path[-1])].by == "attrition":
            what = f"{name} goes over at once, and not as people leave"
            yield scenario.tree.problem((*path, "by"), what, "write by: severance, or leave it out")


def _new_types(scenario: Scenario, after: ScenarioSpec, path: KeyPath) -> Iterator[Problem]:
    """Today has no redials and repeats of a type that comes later: its volume is of new issues."""
    for name, spec in after.contacts.items():
        where = (*path, "set", "contacts", name)
        if scenario.tree.node(where) is None or scenario.tree.node(("contacts", name)) is not None:
            continue
        if spec.volume.counts == "all" and (spec.redial or spec.resolution):
            what = f"today has no redials and repeats of {name} that its volume could count"
            amount = f"{spec.volume.per_week:g} per week"
            remedy = f"write volume: {{per_week: {amount}, counts: first}}, of new issues"
            yield scenario.tree.problem((*where, "volume"), what, remedy)

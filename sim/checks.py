"""Checks across the blocks of a scenario: what no block can know alone.

Each check returns the problems it found; all of them are reported at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.domain.demand import by_cell
from sim.domain.today import parse_service_level
from sim.errors import Problem, ScenarioError, did_you_mean
from sim.moments import MOST_BLOCKS, MOST_SEGMENTS, MOST_TYPES
from sim.units import SECONDS_PER_MINUTE

if TYPE_CHECKING:
    from sim.scenario import Scenario

MOST_PRODUCTS = 62


def check(scenario: Scenario) -> None:
    """Raise ScenarioError if the blocks do not fit together."""
    problems = [problem for rule in CHECKS for problem in rule(scenario)]
    if problems:
        raise ScenarioError(problems, scenario.tree.file)


def references(scenario: Scenario) -> Iterator[Problem]:
    """Names of types, segments and groups must exist."""
    spec = scenario.spec
    wanted: list[tuple[tuple, str, list[str], str]] = []
    for name, contact in spec.contacts.items():
        path = ("contacts", name)
        wanted += [
            (((*path, "shares", s)), s, scenario.segments, "segment") for s in contact.shares or {}
        ]
        wanted += [
            ((*path, "head_start", s), s, scenario.segments, "segment") for s in contact.head_start
        ]
        wanted += [
            ((*path, "routes", i), g, scenario.groups, "agent group")
            for i, g in enumerate(contact.routes or [])
        ]
        wanted += [
            ((*path, "volume", "calls", i, "segment"), c.segment, scenario.segments, "segment")
            for i, c in enumerate(contact.volume.calls or [])
            if c.segment
        ]
    for name, group in spec.agents.items():
        serves = group.serves
        keys = serves if isinstance(serves, dict) else range(len(serves or []))
        types = list(serves or [])
        wanted += [
            (("agents", name, "serves", k), t, scenario.types, "contact type")
            for k, t in zip(keys, types, strict=True)
        ]
    for name, offer in spec.offers.items():
        path = ("offers", name)
        wanted += [
            ((*path, "during", i), t, scenario.types, "contact type")
            for i, t in enumerate(offer.during or [])
        ]
        wanted += [
            ((*path, "acceptance", s), s, scenario.segments, "segment")
            for s in offer.acceptance.by_segment
        ]
        if isinstance(offer.policy.at_most, dict):
            wanted += [
                ((*path, "policy", "at_most", s), s, scenario.segments, "segment")
                for s in offer.policy.at_most
            ]
    for i, event in enumerate(spec.events):
        wanted += [
            (("events", i, "volume", t), t, scenario.types, "contact type") for t in event.volume
        ]
    for path, name, known, what in wanted:
        if name not in known:
            remedy = did_you_mean(name, known, f"write one of {', '.join(known) or 'none'}")
            yield scenario.tree.problem(path, f"'{name}' is not a {what}", remedy, key=True)


def serving(scenario: Scenario) -> Iterator[Problem]:
    """Every type is served, and routes lead to groups that serve."""
    for type_ in scenario.types:
        spec = scenario.spec.contacts[type_]
        if spec.routes is None and not scenario.routes_of(type_):
            yield scenario.tree.problem(
                ("contacts", type_), "nobody serves it", "add it to serves of a group", key=True
            )
        for i, group in enumerate(spec.routes or []):
            if group in scenario.groups and type_ not in scenario.serves(group):
                yield scenario.tree.problem(
                    ("contacts", type_, "routes", i),
                    f"{group} does not serve {type_}",
                    f"add {type_} to serves of {group}, or leave the group out",
                )
        routes = spec.routes or []
        if len(set(routes)) < len(routes):
            yield scenario.tree.problem(
                ("contacts", type_, "routes"), "a group stands twice", "name each group once"
            )
    for group in scenario.groups:
        serves = scenario.spec.agents[group].serves
        if serves is not None and (not serves or len(set(serves)) < len(serves)):
            yield scenario.tree.problem(
                ("agents", group, "serves"),
                "serves names nothing, or a type twice",
                "name each contact type once, or leave serves out",
            )


def volumes(scenario: Scenario) -> Iterator[Problem]:
    """Profiles have a sensible length and something in the opening hours."""
    minutes = int(scenario.spec.horizon.interval) // SECONDS_PER_MINUTE
    per_day = 24 * 60 // minutes
    for type_ in scenario.types:
        volume = scenario.spec.contacts[type_].volume
        path = ("contacts", type_, "volume")
        if (volume.per_week is None) == (volume.calls is None):
            yield scenario.tree.problem(
                path, "give either a volume per week or calls", "write 24000 per week"
            )
            continue
        profile = volume.profile
        if isinstance(profile, str) and profile not in ("office-hours", "flat"):
            yield scenario.tree.problem(
                (*path, "profile"),
                f"'{profile}' is not a profile",
                did_you_mean(profile, ["office-hours", "flat"], "write a CSV file or flat"),
            )
            continue
        if isinstance(profile, list):
            yield from _list_problems(scenario, (*path, "profile"), profile, per_day)
            if by_cell(np.array(profile), scenario.spec.horizon.interval_cells) is None:
                continue
        if volume.per_week and not scenario.profile(type_).sum() > 0:
            yield scenario.tree.problem(
                (*path, "profile"), "the profile sums to 0 within the opening hours",
                "open when contacts come, or change the profile",
            )  # fmt: skip
        if volume.season and not sum(volume.season) > 0:
            yield scenario.tree.problem(
                (*path, "season"), "the season sums to 0", "give a positive weight to some week"
            )


def _list_problems(scenario: Scenario, path: tuple, values: list, per_day: int):
    if by_cell(np.array(values), scenario.spec.horizon.interval_cells) is None:
        yield scenario.tree.problem(
            path, f"{len(values)} values do not fill a day or a week",
            f"give {per_day} for a day or {7 * per_day} for a week, or change horizon.interval",
        )  # fmt: skip
    if any(not value >= 0 for value in values):
        yield scenario.tree.problem(path, "a value is negative", "write 0 or more")


def seats(scenario: Scenario) -> Iterator[Problem]:
    """Lists of seats have a sensible length, and a service level can be met."""
    per_day = 24 * 60 * SECONDS_PER_MINUTE // int(scenario.spec.horizon.interval)
    for group, spec in scenario.spec.agents.items():
        positions = spec.positions
        if positions is None:
            continue
        if isinstance(positions.seats, list):
            path = ("agents", group, "positions")
            yield from _list_problems(scenario, path, positions.seats, per_day)
        if isinstance(positions.seats, str):
            yield scenario.tree.problem(
                ("agents", group, "positions"), f"'{positions.seats}' is not a number of seats",
                "write positions: 40, a list, a CSV file or {meet: service_level}",
            )  # fmt: skip


def segments(scenario: Scenario) -> Iterator[Problem]:
    """Shares of contacts add up; joiners fit."""
    for type_, spec in scenario.spec.contacts.items():
        if spec.shares is not None and abs(sum(spec.shares.values()) - 1) > 1e-6:
            total = f"{100 * sum(spec.shares.values()):g}%"
            yield scenario.tree.problem(
                ("contacts", type_, "shares"), f"the shares add up to {total}", "make it 100%"
            )
    for name, spec in scenario.spec.customers.items():
        if scenario.blocks_in_the_end(spec) >= MOST_BLOCKS:
            yield scenario.tree.problem(
                ("customers", name, "acquisition"),
                f"joiners would make the segment {MOST_BLOCKS - 1} times as large",
                "check the count and per_month",
            )
    for product, offer in scenario.spec.offers.items():
        accepts = offer.acceptance
        missing = [s for s in scenario.segments if s not in accepts.by_segment]
        if accepts.everyone is None and missing:
            yield scenario.tree.problem(
                ("offers", product, "acceptance"),
                f"no acceptance for {', '.join(missing)}",
                f"add {missing[0]}: 10%, or everyone: 10%",
            )


def dates(scenario: Scenario) -> Iterator[Problem]:
    """Events lie within the horizon; listed calls too."""
    weeks = scenario.spec.horizon.n_weeks
    for i, event in enumerate(scenario.spec.events):
        for j, week in enumerate(event.weeks):
            if week > weeks:
                yield scenario.tree.problem(
                    ("events", i, "weeks", j), f"week {week} is past the horizon",
                    f"the last week is {weeks}",
                )  # fmt: skip


def sizes(scenario: Scenario) -> Iterator[Problem]:
    """Names fit into their bits."""
    for block, names, most in (
        ("contacts", scenario.types, MOST_TYPES),
        ("customers", scenario.segments, MOST_SEGMENTS),
        ("offers", scenario.products, MOST_PRODUCTS),
    ):
        if len(names) > most:
            yield scenario.tree.problem((block,), f"more than {most} of them", "merge some")


def today(scenario: Scenario) -> Iterator[Problem]:
    """Today's service level is measured as the scenario measures it."""
    typed = scenario.spec.today.service_level
    if typed is None:
        return
    _, within = parse_service_level(typed)
    for type_, spec in scenario.spec.contacts.items():
        if spec.service_level.within != within:
            yield scenario.tree.problem(
                ("today", "service_level"),
                f"within {within:g} s, but {type_} is measured within "
                f"{spec.service_level.within:g} s",
                f"set contacts.{type_}.service_level.within: {within:g} s",
            )


CHECKS = (references, serving, volumes, seats, segments, dates, sizes, today)

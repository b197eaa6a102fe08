"""Checks across the blocks of a scenario: what no block can know alone.

Each check returns the problems it found; all of them are reported at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sim.core.clock import (
    CELL_MS,
    CELLS_PER_DAY,
    CELLS_PER_HOUR,
    MONTHS_PER_YEAR,
    MS_PER_SECOND,
    SECONDS_PER_WEEK,
)
from sim.core.errors import Problem, ScenarioError, did_you_mean
from sim.core.moments import MOST_PER_CELL, MOST_SEGMENTS, MOST_TYPES
from sim.domain.agents.rostering import MOST_SEATS
from sim.domain.agents.shifts import BY_LENGTH
from sim.domain.contacts.demand import (
    MOST_BLOCKS_OF_CUSTOMERS,
    MOST_PER_WEEK,
    season_weights,
    week_factor,
)
from sim.domain.contacts.handling import mean_handle_s
from sim.domain.customers.loyalty import LEAST_OF_TODAY
from sim.domain.customers.save_desk import MOST_KEPT
from sim.domain.offers.offers import MOST_PRODUCTS
from sim.domain.study.today import parse_service_level
from sim.language.node import KeyPath, dotted, in_one_line
from sim.language.quantities import shown
from sim.scenario.check_channels import bots, histories, leavers_at_bots, transfers, written
from sim.scenario.check_initiatives import problems_of
from sim.scenario.check_names import needs_of_nobody, problem, references, serving
from sim.scenario.check_times_of_day import times_of_day, wrong_length
from sim.scenario.patches import faults_of_patches, faults_together

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

PROFILES = ("office-hours", "flat")
MOST_REMEMBERED_CHURN = 0.9


def check(scenario: Scenario) -> None:
    """Raise ScenarioError if the blocks do not fit together."""
    problems = [problem for rule in CHECKS for problem in rule(scenario)]
    problems = problems or list(initiatives(scenario))
    if problems:
        raise ScenarioError(problems, scenario.tree.file)


def volumes(scenario: Scenario) -> Iterator[Problem]:
    """Profiles have a sensible length, and contacts come within the opening hours."""
    for type_ in scenario.types:
        volume = scenario.spec.contacts[type_].volume
        path = ("contacts", type_, "volume")
        if volume.per_week is None and volume.calls is None:
            yield problem(scenario, path, "the amount is missing", "add per_week: 24000")
            continue
        if volume.per_week is not None and volume.calls is not None:
            what = "both per_week and calls are given"
            yield problem(scenario, (*path, "calls"), what, "keep one of them", key=True)
            continue
        if isinstance(volume.profile, str) and volume.profile not in PROFILES:
            what = f"'{volume.profile}' is not a profile"
            remedy = did_you_mean(volume.profile, PROFILES, "write office-hours, flat or x.csv")
            yield problem(scenario, (*path, "profile"), what, remedy)
            continue
        if isinstance(volume.profile, list):
            wrong = list(_list_problems(scenario, (*path, "profile"), volume.profile))
            yield from wrong
            if wrong:
                continue
        if volume.per_week and not scenario.profile(type_).sum() > 0:
            what = f"the profile of {type_} sums to 0 within its opening hours"
            remedy = "open when contacts come, or change the profile"
            where = ((*path, "profile"), ("contacts", type_, "open"), ("open",))
            typed = [one for one in where if scenario.tree.node(one) is not None]
            yield problem(scenario, typed[0] if typed else where[0], what, remedy)
        weeks = scenario.spec.horizon.n_weeks
        if isinstance(volume.season, list) and len(volume.season) == MONTHS_PER_YEAR != weeks:
            what = "12 weights may be months, and are read as weeks"
            remedy = f"write {{monthly: {in_one_line(volume.season)}}}, or a weight for each week"
            yield problem(scenario, (*path, "season"), what, remedy)
        elif not sum(season_weights(volume)) > 0:
            remedy = "give a positive weight to some week"
            yield problem(scenario, (*path, "season"), "the season sums to 0", remedy)
        elif volume.per_week:
            yield from _growth(scenario, type_, volume.per_week)
            yield from _work(scenario, type_, volume.per_week)


def _work(scenario: Scenario, type_: str, per_week: float) -> Iterator[Problem]:
    agents = per_week * mean_handle_s(*scenario.on_average.handling(type_)) / SECONDS_PER_WEEK
    if agents > MOST_SEATS:
        key = "talk" if scenario.spec.contacts[type_].handle is None else "handle"
        what = f"{per_week:.0f} such contacts a week are work for {agents:.0f} agents day and night"
        path = ("contacts", type_, key)
        yield problem(scenario, path, what, "check the unit, and volume.per_week")


def _growth(scenario: Scenario, type_: str, per_week: float) -> Iterator[Problem]:
    volume, events = scenario.spec.contacts[type_].volume, scenario.event_factors(type_)
    for week in range(scenario.spec.horizon.n_weeks):
        contacts = per_week * week_factor(volume, week, events)
        if contacts > MOST_PER_WEEK:
            what = f"there would be {contacts:.0f} contacts in week {week + 1}"
            path = ("contacts", type_, "volume", "trend" if volume.trend else "per_week")
            yield problem(scenario, path, what, "check trend, season and events")
            break


def _list_problems(scenario: Scenario, path: KeyPath, values: list[float]) -> Iterator[Problem]:
    yield from wrong_length(scenario, path, len(values))
    for i, value in enumerate(values):
        if value < 0:
            yield problem(scenario, (*path, i), f"{value:g} is negative", "write 0 or more")


def seats(scenario: Scenario) -> Iterator[Problem]:
    """Lists of seats have a sensible length, and those to be planned have something to do."""
    is_told = any(references(scenario)) or any(serving(scenario))
    for group, spec in scenario.spec.agents.items():
        path = ("agents", group, spec.staffed_by)
        given = spec.positions.seats if spec.positions is not None else None
        found: list[Problem] = []
        if isinstance(given, list):
            found += _list_problems(scenario, path, given)
            broken = next((i for i, value in enumerate(given) if value != int(value)), None)
            if broken is not None:
                few = int(given[broken])
                what = f"{given[broken]:g} seats: a seat is filled or it is not"
                found.append(problem(scenario, path, what, f"write {few} or {few + 1}"))
        elif isinstance(given, str):
            what = f"'{given}' is not a number of seats"
            remedy = "write positions: 40, a list, a CSV file or {meet: service_level}"
            found.append(problem(scenario, path, what, remedy))
        elif isinstance(given, float) and given != int(given):
            few = int(given)
            what = f"{given:g} seats: a seat is filled or it is not"
            remedy = f"write {few} or {few + 1}; for part of the day a list or CSV by interval"
            found.append(problem(scenario, path, what, remedy))
        elif given is None and not (
            is_told or scenario.maker_of_seats(group).is_tried_first(group)
        ):
            what = f"no volume comes to {group} first, so there is nothing to plan its seats by"
            remedy = "write positions: 5, or let contacts try it first"
            found.append(problem(scenario, path, what, remedy))
        for key in ("seats", "meet"):  # where the value itself was typed
            if scenario.tree.node((*path, key)) is not None:
                at = scenario.tree.problem((*path, key), "", "")
                found = [replace(one, place=at.place, order=at.order) for one in found]
        yield from found


def shifts(scenario: Scenario) -> Iterator[Problem]:
    """Lunch and breaks find room in their shift, and paid ones take no more than the shrinkage."""
    for group, spec in scenario.spec.agents.items():
        for name, shift in (spec.shifts or {}).items():
            where = ("agents", group, "people", "shifts", name)
            if shift.lunch_and_breaks is None:
                hours = shift.cells / CELLS_PER_HOUR
                key = "lunch" if shift.breaks == BY_LENGTH else "breaks"
                what = f"a shift of {hours:g} h has no room for its lunch and breaks"
                remedy = f"write {key}: none, or make the shift longer"
                yield problem(scenario, where, what, remedy)
            elif (breaks := 1 - shift.at_work) > spec.away + 1e-9:
                what = f"breaks take {breaks:.1%} of paid time, more than the shrinkage"
                remedy = f"write shrinkage: {math.ceil(100 * breaks)}%, or fewer breaks"
                yield problem(scenario, where, what, remedy)


def segments(scenario: Scenario) -> Iterator[Problem]:
    """Shares of contacts add up; joiners fit; everybody has an acceptance."""
    for type_, spec in scenario.spec.contacts.items():
        if spec.shares is not None and abs(sum(spec.shares.values()) - 1) > 1e-6:
            total = f"{100 * sum(spec.shares.values()):g}%"
            path = ("contacts", type_, "shares")
            yield problem(scenario, path, f"the shares add up to {total}", "make it 100%")
    for name, spec in scenario.spec.customers.items():
        blocks = scenario.blocks_in_the_end(spec)
        if blocks > MOST_BLOCKS_OF_CUSTOMERS:
            what = f"joiners would make the segment {MOST_BLOCKS_OF_CUSTOMERS} times as large"
            path = ("customers", name, "acquisition")
            yield problem(scenario, path, what, "check the count and per_month")
    yield from _churn(scenario)
    for product, offer in scenario.spec.offers.items():
        path = ("offers", product, "acceptance")
        reached = scenario.segments if offer.to is None else offer.to
        missing = [s for s in reached if s not in offer.acceptance.by_segment]
        if offer.acceptance.everyone is None and missing:
            remedy = f"add {missing[0]}: 10%, or everyone: 10%"
            yield problem(scenario, path, f"no acceptance for {', '.join(missing)}", remedy)
        are_named = all(s in offer.acceptance.by_segment for s in scenario.segments)
        if offer.acceptance.everyone is not None and scenario.segments and are_named:
            yield _for_nobody(scenario, product)


def _for_nobody(scenario: Scenario, product: str) -> Problem:
    """An acceptance of everyone beside those of all segments."""
    path = ("offers", product, "acceptance")
    node = scenario.tree.node((*path, "everyone"))
    typed = shown(node.plain()).strip("'") if node is not None else "10%"
    what = f"nobody is left for everyone: {', '.join(scenario.segments)} have their own"
    if node is not None and node.place.file is None:
        remedy = f"for all of them write {dotted(path)}={typed}"
    elif node is not None and _named_above(scenario, product):
        remedy = "write everyone: null beside them, which removes what is inherited"
    else:
        remedy = f"for all of them write acceptance: {typed}; else leave everyone out"
    return problem(scenario, (*path, "everyone"), what, remedy, key=True)


def _named_above(scenario: Scenario, product: str) -> bool:
    """Whether a segment was named in a layer above that of `everyone`."""
    node = scenario.tree.node(("offers", product, "acceptance"))
    layers = {key: child.place.layer for key, child in node.value.items()} if node else {}
    return any(layers[s] > layers["everyone"] for s in scenario.segments if s in layers)


def _churn(scenario: Scenario) -> Iterator[Problem]:
    """One model of churn for all; a hazard that service multiplies cannot all be its doing."""
    models = scenario.churn_models
    for name, model in models.items():
        other = next(iter(models))
        if model != models[other]:
            path = ("customers", name, "churn", "model")
            what = f"{name} leaves by model {model}, but {other} by model {models[other]}"
            yield problem(scenario, path, what, "write the same model for every segment")
        share = scenario.spec.customers[name].service_share
        if model == "relationship" and share > MOST_REMEMBERED_CHURN:
            whole, alone = ("customers", name, "churn"), ("customers", name, "due_to_service")
            path = alone if scenario.tree.node(alone) is not None else (*whole, "due_to_service")
            what = f"where customers remember, {share:.0%} of churn cannot be due to service"
            yield problem(scenario, path, what, f"write at most {MOST_REMEMBERED_CHURN:.0%}")


def save_desk(scenario: Scenario) -> Iterator[Problem]:
    """Some customers leave, and each one's number fits into the name of an announcement."""
    desk = scenario.spec.save_desk
    if desk is None:
        return
    if desk.announces * desk.withdraw > MOST_KEPT:
        what = "nearly every customer who decides to leave would be kept"
        yield problem(scenario, ("save_desk", "withdraw"), what, "lower it, or announces")
    if not scenario.churn_models:
        remedy = "leave it out, or write customers: {count: 180000, churn: 14% per year}"
        yield problem(scenario, ("save_desk",), "nobody ever leaves here", remedy, key=True)
    for name, spec in scenario.spec.customers.items():
        if spec.count * scenario.blocks_in_the_end(spec) > MOST_PER_CELL:
            what = f"more than {MOST_PER_CELL} customers cannot all announce that they leave"
            path = ("customers", name, "count")
            yield problem(scenario, path, what, "split the segment, or leave save_desk out")


def loyalty(scenario: Scenario) -> Iterator[Problem]:
    """A programme has somebody to reward, and what runs today leaves somebody who leaves."""
    spec = scenario.spec.loyalty
    if spec is None:
        return
    if not scenario.segments:
        what = "there are no customers to reward"
        remedy = "leave it out, or write customers: {count: 180000}"
        yield problem(scenario, ("loyalty",), what, remedy, key=True)
    if spec.eligible is not None and not spec.eligible:
        what, remedy = "nobody is eligible", "name a segment, or leave it out: then all are"
        yield problem(scenario, ("loyalty", "eligible"), what, remedy)
    if spec.from_week == 0 and spec.mean_factor < LEAST_OF_TODAY:
        what = "with it hardly anybody leaves, so it does not say how many would without it"
        remedy = "raise it, or lower responds"
        yield problem(scenario, ("loyalty", "churn_factor"), what, remedy)


def call_lists(scenario: Scenario) -> Iterator[Problem]:
    """There are customers to call, and each one's number fits into the name of a call."""
    for name, offer in scenario.spec.offers.items():
        path = ("offers", name, "call_list")
        if offer.call_list is None:
            continue
        if not scenario.segments:
            remedy = "leave it out, or write customers: {count: 180000}"
            yield problem(scenario, path, "there are no customers to call", remedy, key=True)
        rooms = [s.count * scenario.blocks_in_the_end(s) for s in scenario.spec.customers.values()]
        if max(rooms, default=0) > MOST_PER_CELL:
            what = f"more than {MOST_PER_CELL} customers of a segment cannot be on a list"
            yield problem(scenario, path, what, "split the segment", key=True)


def holders(scenario: Scenario) -> Iterator[Problem]:
    """Somebody can hold the product, and leave."""
    for name, offer in scenario.spec.offers.items():
        path = ("offers", name, "holders")
        if offer.holders is None or not offer.holders.matters:
            continue
        if not scenario.segments:
            remedy = "leave it out, or write customers: {count: 180000}"
            yield problem(scenario, path, "there are no customers to hold it", remedy, key=True)
        elif offer.holders.churn_factor != 1.0 and not scenario.churn_models:
            remedy = "leave it out, or give a segment its churn"
            yield problem(scenario, (*path, "churn_factor"), "nobody ever leaves here", remedy)


def dates(scenario: Scenario) -> Iterator[Problem]:
    """Events lie within the horizon; listed calls and planned classes too."""
    horizon = scenario.spec.horizon
    for group, spec in scenario.spec.agents.items():
        hiring = spec.people.hiring if spec.people else None
        for i, one in enumerate((hiring.classes if hiring else None) or ()):
            if one.week > horizon.n_weeks:
                path = ("agents", group, "people", "hiring", "classes", i, "week")
                remedy = f"the last week is {horizon.n_weeks}"
                yield problem(scenario, path, f"week {one.week} is past the horizon", remedy)
    for name, event in scenario.spec.events.items():
        for j, week in enumerate(event.weeks):
            path = ("events", name, "weeks", j)
            if week > horizon.n_weeks:
                remedy = f"the last week is {horizon.n_weeks}"
                yield problem(scenario, path, f"week {week} is past the horizon", remedy)
            elif week in event.weeks[:j]:
                what = f"week {week} stands here a second time"
                yield problem(scenario, path, what, "name it once")
    end_s = horizon.cells * CELL_MS / MS_PER_SECOND
    for type_, contact in scenario.spec.contacts.items():
        for i, call in enumerate(contact.volume.calls or []):
            if call.at >= end_s:
                path = ("contacts", type_, "volume", "calls", i, "at")
                length = f"{horizon.days} d" if horizon.days else f"{horizon.n_weeks} wk"
                what = "this call is past the horizon"
                yield problem(scenario, path, what, f"the horizon ends after {length}")


def closed_days(scenario: Scenario) -> Iterator[Problem]:
    """Closed days lie within a horizon whose first day was typed."""
    horizon = scenario.spec.horizon
    last = horizon.start + timedelta(days=horizon.cells // CELLS_PER_DAY - 1)
    of_types = ((("contacts", t, "closed"), c.closed) for t, c in scenario.spec.contacts.items())
    for path, dates in ((("closed",), scenario.spec.closed), *of_types):
        if dates and scenario.tree.node(("horizon", "start")) is None:
            monday = min(dates) - timedelta(days=min(dates).weekday())
            what = "nobody says when the horizon begins, so these dates have no place in it"
            yield problem(
                scenario, path, what, f"add horizon: {{start: {monday}}}, or another first day"
            )
            continue
        for i, date in enumerate(dates or []):
            if date < horizon.start:
                what, remedy = "before", f"the first day is {horizon.start}"
            elif date > last:
                what, remedy = "past", f"the last day is {last}"
            else:
                continue
            yield problem(scenario, (*path, i), f"{date} is {what} the horizon", remedy)


def sizes(scenario: Scenario) -> Iterator[Problem]:
    """Names fit into their bits."""
    for block, names, most in (
        ("contacts", scenario.types, MOST_TYPES),
        ("customers", scenario.segments, MOST_SEGMENTS),
        ("offers", scenario.products, MOST_PRODUCTS),
    ):
        if len(names) > most:
            what = f"there are {len(names)} of them, and at most {most} are possible"
            yield problem(scenario, (block,), what, "merge some", key=True)


def today(scenario: Scenario) -> Iterator[Problem]:
    """Today's service level is measured as the scenario measures it."""
    typed = scenario.spec.today.service_level
    if typed is None:
        return
    _, within = parse_service_level(typed)
    hurried = {t: s for t, s in scenario.spec.contacts.items() if not s.is_unhurried}
    are_alike = len({spec.service_level.within for spec in hurried.values()}) == 1
    for type_, spec in hurried.items():
        if spec.service_level.within != within:
            yield problem(
                scenario,
                ("today", "service_level"),
                f"within {within:g} s, but {type_} is measured within "
                f"{spec.service_level.within:g} s",
                f"set contacts.{type_}.service_level.within: {within:g} s"
                if are_alike
                else "leave it out: its contact types are measured within times of their own",
            )


def initiatives(scenario: Scenario) -> Iterator[Problem]:
    """With each initiative alone, and with all, the scenario is as sound as without."""
    if found := list(faults_of_patches(scenario.tree)):
        yield from found
        return
    yield from problems_of(scenario)
    if scenario.patched:
        yield from needs_of_nobody(scenario, scenario.patched)
    for patched in scenario.patched:
        for rule in CHECKS:
            yield from rule(patched)
    if len(scenario.patched) > 1:
        yield from faults_together(scenario.tree)


CHECKS = (
    references,
    serving,
    volumes,
    times_of_day,
    bots,
    written,
    transfers,
    leavers_at_bots,
    histories,
    seats,
    shifts,
    segments,
    save_desk,
    loyalty,
    call_lists,
    holders,
    dates,
    closed_days,
    sizes,
    today,
)

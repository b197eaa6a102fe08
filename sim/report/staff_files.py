"""What `staff` writes: load and need by interval, and a variant that has who is needed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.core.clock import CELL_MS, CELLS_PER_DAY, MINUTES_PER_CELL, MS_PER_SECOND
from sim.domain.contacts.opening import DAYS
from sim.plan.staff import GroupStaff
from sim.report.amounts import clock
from sim.report.figures import Footer, GroupNeed, need_of_week, save
from sim.runs.folder import write_csv
from sim.scenario.scenario import Scenario
from sim.scenario.spec import ONE_GROUP

COLUMNS = (
    "group", "day", "start", "contacts", "load_erlangs", "seats_needed", "at_work_by_roster",
    "typed_seats",
)  # fmt: skip


FOOTER = Footer((), 0, 0, "closed form: Erlang A over busy and quiet days; nothing was played")


def write_need(scenario: Scenario, found: Sequence[GroupStaff], file: Path) -> None:
    """Write a row of COLUMNS for each group and interval from Monday 00:00.

    Where there is no roster its cell is empty.
    """
    write_csv(file, list(COLUMNS), _by_interval(scenario, found))


def draw_need(scenario: Scenario, found: Sequence[GroupStaff], file: Path) -> None:
    """Draw the same, as PNG or SVG."""
    first_cell = scenario.spec.horizon.first_cell_of_week
    groups = []
    for one in found:
        there, whose = one.typed_seats.astype(float), "typed"
        if one.roster is not None:
            away = one.roster.away(scenario.spec.agents[one.group].away)
            there, whose = one.roster.present.sum(axis=0) * (1 - away), "roster"
        erlangs = column(loads_of(one)[1], one, first_cell, np.mean)
        needed = column(one.seats, one, first_cell, np.max)
        groups.append(
            GroupNeed(one.group, erlangs, needed, column(there, one, first_cell, np.mean), whose)
        )
    save(need_of_week(groups, DAYS, FOOTER), file)


def _by_interval(scenario: Scenario, found: Sequence[GroupStaff]) -> Iterator[list[Any]]:
    first_cell = scenario.spec.horizon.first_cell_of_week
    for one in found:
        contacts, erlangs = (column(values, one, first_cell, np.sum) for values in loads_of(one))
        most = [one.seats, one.typed_seats, one.roster and one.roster.present.sum(axis=0)]
        needed, typed, at_work = (
            None if values is None else column(values, one, first_cell, np.max) for values in most
        )
        assert needed is not None
        assert typed is not None
        for i in range(len(contacts)):
            day, of_day = divmod(i * one.interval_cells, CELLS_PER_DAY)
            yield [
                one.group,
                DAYS[day],
                clock(of_day * MINUTES_PER_CELL),
                round(float(contacts[i]), 3),
                round(float(erlangs[i]) / one.interval_cells, 3),
                int(needed[i]),
                "" if at_work is None else int(at_work[i]),
                int(typed[i]),
            ]


def loads_of(one: GroupStaff) -> tuple[np.ndarray, np.ndarray]:
    """[672] contacts, and work under way in erlangs."""
    return one.load.contacts, one.load.contacts * one.load.handle_s * MS_PER_SECOND / CELL_MS


def column(values: np.ndarray, one: GroupStaff, first_cell: int, by: Any) -> np.ndarray:
    """[interval from Monday] of values by cell from the start of the horizon."""
    return by(np.roll(values, first_cell).reshape(-1, one.interval_cells), axis=1)


def staffed_variant(scenario: Scenario, found: Sequence[GroupStaff], file: Path) -> str:
    """A scenario file, to be written at `file`, with the people or seats that are needed.

    Each group has them in the words in which it was typed; seats are frozen by interval.
    """
    base = json.dumps(os.path.relpath(scenario.tree.file, file.parent), ensure_ascii=False)
    lines = [f"name: {scenario.spec.name}-staffed", f"based_on: {base}", "agents:"]
    is_named = scenario.tree.node(("agents", ONE_GROUP)) is not None
    for one in found:
        indent = "  "
        if one.group != ONE_GROUP or is_named:
            lines.append(f"  {one.group}:")
            indent = "    "
        lines += [indent + line for line in _who(scenario, one)]
    return "\n".join(lines) + "\n"


def _who(scenario: Scenario, one: GroupStaff) -> list[str]:
    typed = scenario.spec.agents[one.group].staffed_by
    if typed == "people":
        return [f"people: {{heads: {one.heads}}}"]
    if typed == "heads":
        return [f"heads: {one.heads}"]
    seats = column(one.seats, one, scenario.spec.horizon.first_cell_of_week, np.max)
    by_day = seats.reshape(len(DAYS), -1).tolist()
    days = [f"  {', '.join(map(str, of_day))}, # {day}" for day, of_day in zip(DAYS, by_day)]
    return ["positions: [", *days, "]"]

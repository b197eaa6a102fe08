"""Small worlds for the tests: scenarios as dicts, played by either engine, and what they leave.

Times given to these helpers are minutes; tables hold whole milliseconds.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from sim.core.tables import CLOSED, People
from sim.engine import Carry, nothing_yet, simulate
from sim.language.merge import Merge
from sim.language.node import Node, Place, node_of
from sim.language.tree import Tree
from sim.plan.anchors import UNANCHORED
from sim.plan.luck import fortune_of
from sim.plan.plan import Plan, Planner
from sim.scenario.check_fit import check
from sim.scenario.scenario import Scenario, _spec
from sim.scenario.spec import ScenarioSpec
from sim.weeks.counts import Tally, blank_tally
from sim.weeks.play import open_people, size_of
from sim.weeks.tally import count_open, count_span

ENGINES = ("compiled", "reference")
MINUTE_MS = 60_000
CELL_MS = 15 * MINUTE_MS
CELLS_PER_DAY = 96
CELLS_PER_WEEK = 7 * CELLS_PER_DAY
QUIET = {"hold": "none", "wrap_up": "none", "redial": "none", "resolution": "none"}


# --- making scenarios ----------------------------------------------------------------------------


def minutes(n: float) -> str:
    """Minutes as a scenario file says them."""
    return f"{n:g} min" if n else "0 s"


def constant(n: float) -> dict[str, Any]:
    """A duration that is always the same, in minutes."""
    return {"mean": minutes(n), "distribution": "constant"}


def call(at: float, talk=None, patience=None, offer=None, segment=None) -> dict[str, Any]:
    """One listed call; without patience it waits for ever."""
    given = {"talk": talk, "patience": patience, "offer_talk": offer}
    timed = {key: minutes(value) for key, value in given.items() if value is not None}
    return {"at": minutes(at), **timed, **({"segment": segment} if segment else {})}


def listed(*calls: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A contact type whose calls are listed, with nothing random."""
    return (
        {"volume": {"calls": list(calls)}, "talk": constant(5), "patience": "none"} | QUIET | more
    )


def quarters(*seats: int, day: int = CELLS_PER_DAY) -> dict[str, Any]:
    """Positions by quarter of an hour from midnight; the last number stays."""
    return {"positions": [*seats, *[seats[-1]] * (day - len(seats))]}


def product(**more: Any) -> dict[str, Any]:
    """An offer that is made to everyone, always accepted, and needs no further work."""
    return {
        "candidates": 1.0,
        "acceptance": 1.0,
        "talk": constant(4),
        "fulfilment": "none",
        "price": 100,
        "margin": "50%",
        "offer": "always",
    } | more


def world(contacts: dict[str, Any], agents: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A day of quarter hours, without forecast error."""
    return {
        "name": "small",
        "horizon": {"days": 1, "interval": "15 min"},
        "forecast_error": "none",
        "contacts": contacts,
        "agents": agents,
    } | more


def loaded(folder: Path, what: dict[str, Any], *sets: str) -> Scenario:
    """The scenario of a dict, as if a file in the folder said so; to parse one takes much longer."""
    file = str(folder / "world.yaml")
    place, problems = Place(0, file=file), []
    merge = Merge(ScenarioSpec, problems)
    typed = merge.file(Node({}, place, place), node_of(what, place), is_root=True)
    alone = Tree(typed, (file,), model=ScenarioSpec, alone=(typed,))
    tree, not_merged = alone.assigned(sets)
    assert not problems + not_merged
    lineage = []
    for level in [alone, tree] if sets else [tree]:
        lineage.append(Scenario(level, _spec(level), list(lineage)))
        check(lineage[-1])
    return lineage[-1]


# --- playing them --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Played:
    """What a horizon leaves that was played in spans."""

    plans: list[Plan]
    spans: list[np.recarray]  # contacts touched, by span
    carries: list[Carry]  # at the end of each span
    overtime_ms: np.ndarray  # [group, cell]
    tally: Tally
    people: People

    @cached_property
    def contacts(self) -> np.recarray:
        """Every contact once, as it was at the end; by name, attempt and leg."""
        closed = [span[span.phase == CLOSED] for span in self.spans]
        return in_order(np.concatenate([*closed, self.carries[-1].contacts]))


def in_order(contacts: np.ndarray) -> np.recarray:
    """Contacts by name, attempt and leg."""
    order = np.lexsort((contacts["leg"], contacts["attempt"], contacts["name"]))
    return contacts[order].view(np.recarray)


def each(rows: np.ndarray) -> list[Any]:
    """Rows to look at one by one; to read a column of numpy's own records takes ten times as long."""
    plain = rows.view(np.ndarray)  # a column of it is no record array, and sooner had
    columns = (plain[name] for name in rows.dtype.names)
    # Luck stays as rules take it: 64 bits without a sign.
    values = (list(c) if c.dtype == np.uint64 else c.tolist() for c in columns)
    return list(map(_named(rows.dtype.names)._make, zip(*values, strict=True)))


@cache
def _named(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", columns)


def play_cut(
    scenario: Scenario,
    engine: str,
    cuts: Iterable[int] = (),
    *,
    seed: int = 1,
    replication: int = 0,
) -> Played:
    """Play a scenario's warm-up and horizon as one span, or cut at cells. Nobody joins or leaves."""
    horizon = scenario.spec.horizon
    first, end = -horizon.warm_up_cells, horizon.cells
    edges = sorted({first, end, *(cell for cell in cuts if first < cell < end)})
    planner = Planner(scenario, UNANCHORED)
    fortune = fortune_of(scenario, seed, replication)
    plan = planner.plan(first, edges[1] - first)
    people, carry = open_people(scenario, plan, fortune), nothing_yet(plan)
    tally = blank_tally(size_of(scenario))
    plans, spans, carries, overtime = [], [], [], []
    for start, stop in pairwise(edges):
        plan = planner.plan(start, stop - start)
        span = simulate(plan, fortune, people, carry, engine)
        count_span(tally, plan, people, span)
        carry = span.carry()
        plans.append(plan)
        spans.append(span.contacts.copy())
        carries.append(Carry(*(part.copy() for part in carry)))
        overtime.append(span.overtime_ms)
    count_open(tally, plan, carry.contacts)
    return Played(plans, spans, carries, np.concatenate(overtime, axis=1), tally, people)


def play_day(folder: Path, what: dict[str, Any], engine: str) -> Played:
    """Play a scenario in one span."""
    return play_cut(loaded(folder, what), engine)


# --- comparing what they leave -------------------------------------------------------------------


def assert_same_rows(ref: np.ndarray, comp: np.ndarray, what: str) -> None:
    """Two tables are equal in every column; says which column and which rows are not."""
    assert len(ref) == len(comp), f"{what}: {len(ref)} rows and {len(comp)}"
    ref, comp = ref.view(np.ndarray), comp.view(np.ndarray)  # whose columns are sooner had
    for column in ref.dtype.names:
        mine, other = ref[column], comp[column]
        if column == "brought_by":  # the number of a row, which each engine gives as it likes
            mine, other = mine >= 0, other >= 0
        differ = np.flatnonzero(mine != other)
        assert not len(differ), (
            f"{what}: column {column} differs in {len(differ)} of {len(ref)} rows, the first is\n"
            f"{dict(zip(ref.dtype.names, ref[differ[0]], strict=True))}\n"
            f"{dict(zip(ref.dtype.names, comp[differ[0]], strict=True))}"
        )


def assert_same_tally(ref: Tally, comp: Tally) -> None:
    """Two tallies are equal in every sum."""
    for name, ref_sums, comp_sums in zip(ref._fields, ref, comp, strict=True):
        assert np.array_equal(ref_sums, comp_sums), f"tally.{name}"


def assert_same_people(ref: People, comp: People) -> None:
    """Two tables of customers are equal, and so is what they declined."""
    assert_same_rows(ref.rows, comp.rows, "people")
    assert np.array_equal(ref.declined_ms, comp.declined_ms), "people.declined_ms"


def assert_same_end(ref: Played, comp: Played) -> None:
    """Two plays end alike: contacts, seats, groups, overtime, sums and customers."""
    assert_same_rows(ref.contacts, comp.contacts, "contacts")
    last, other = ref.carries[-1], comp.carries[-1]
    assert_same_rows(in_order(last.contacts), in_order(other.contacts), "carried contacts")
    assert_same_rows(last.seats, other.seats, "seats")
    assert_same_rows(last.groups, other.groups, "groups")
    assert np.array_equal(ref.overtime_ms, comp.overtime_ms), "overtime"
    assert_same_tally(ref.tally, comp.tally)
    assert_same_people(ref.people, comp.people)

"""Which agents are paid, and when are they on duty?

Positions are seats filled while a type that the group serves is open: a number, numbers by
interval, or as many as meet the service level. Heads are people; after shrinkage their hours are
spread over the opening hours as a planner would, by the square-root rule.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from sim.core.clock import CELL_MS, CELLS_PER_WEEK, MS_PER_HOUR
from sim.core.rules import rule
from sim.core.tables import STAFF, record
from sim.core.tables import table as filled
from sim.language.block import Block, decision, problem
from sim.language.evidence import TYPED, proposal
from sim.language.fields import Fraction
from sim.language.quantities import number_meant

MOST_SEATS = 100_000
SEATS = [40, "a list", "a CSV file", "{meet: service_level}"]
Seats = Annotated[float, Field(ge=0, le=MOST_SEATS)]


def _is_seats(typed: str) -> bool:
    return number_meant(typed) is not None or typed.endswith(".csv")


class PositionsSpec(Block):
    """Seats as typed, or as many as meet the service level."""

    main_key: ClassVar[str] = "meet"
    also_says: ClassVar[tuple[str, ...]] = ("seats",)

    meet: Literal["service_level"] | None = decision(
        None, evidence=TYPED, examples=SEATS, traits=("seats", "plain", "counts by interval")
    )
    """service_level: as many as meet it by Erlang A, over days busier and quieter than expected,
    with the time for offers that are made always or at random."""
    seats: Seats | list[Seats] | str | None = decision(
        None, evidence=TYPED, examples=SEATS, traits=("seats", "plain", "counts by interval")
    )
    """Seats as a number, by interval, or a CSV file; in the place of meet."""
    scale: Annotated[Fraction, Field(le=100)] = decision(1.0, evidence=TYPED, lever=("80%", "120%"))
    """Factor on the seats, rounded half up in each interval."""
    replan: bool = decision(False, evidence=proposal())
    """Whether a variant plans seats of its own; else it has those of the file where meet stands."""

    @model_validator(mode="before")
    @classmethod
    def _numbers_are_seats(cls, typed: Any) -> Any:
        given = typed.get("meet") if isinstance(typed, dict) else None
        if given is None or isinstance(given, bool):
            return typed
        rest = {k: v for k, v in typed.items() if k != "meet"}
        is_text = isinstance(given, str) and not _is_seats(given)
        if "seats" in rest and not is_text and not isinstance(given, dict):
            problem(("seats",), "both a bare value and seats are given", "keep one of them")
        return typed if is_text or isinstance(given, dict) else {**rest, "seats": given}

    @model_validator(mode="after")
    def _one_way(self) -> PositionsSpec:
        if self.meet is not None and self.seats is not None:
            problem(("seats",), "both meet and seats are given", "keep one of them")
        if self.meet is None and self.seats is None:
            problem((), "positions need either meet or seats", "write positions: 40, or meet")
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = super().__get_pydantic_json_schema__(core, handler)
        short, long = handler.resolve_ref_schema(schema)["anyOf"]
        numbers = dict(long["properties"]["seats"])
        short["anyOf"] = [form for p in (short, numbers) for form in p["anyOf"]]
        return schema


class LevelTable(NamedTuple):
    """Seats on duty by group and cell of the week from the start of the horizon.

    Where days closed by date make weeks differ within a span, by cell of the horizon; then come
    whole weeks of warm-up, so that cells before the horizon count from the end.
    """

    level: np.ndarray  # int64 [group, cell of the week]
    closed: np.ndarray  # int64 [group, cell of the week]: 1 while no type it serves is open
    first_seat: np.ndarray  # int64 [group + 1] rows in Seats
    present: (
        np.ndarray
    )  # int8 [seat, cell of the week]: 1 where its post is filled and on shift; no
    # rows where nobody has a post, and seats come by their numbers alone


def nobody_has_a_post() -> np.ndarray:
    """int8 [0, 672]: `present` where seats come by their numbers alone."""
    return np.zeros((0, CELLS_PER_WEEK), np.int8)


# Changes of level within a span, in order; every group has one at the span's start.
CHANGE = record(at_ms=np.int64, group=np.int64, level=np.int64, closed=np.int64)


@rule
def seats_on_duty(table, group, now_ms):
    """Seats on duty by the plan: a seat does not count after its shift, even while it is busy."""
    return table.level[group, now_ms // CELL_MS % table.level.shape[1]]


@rule
def next_on_duty_ms(table, group, now_ms):
    """When there is somebody on duty by the plan: now, or at a later moment of the next week."""
    cell, cells = now_ms // CELL_MS, table.level.shape[1]
    ahead = 0
    while ahead < cells and table.level[group, (cell + ahead) % cells] == 0:
        ahead += 1
    return max(now_ms, (cell + ahead) * CELL_MS)


@rule
def has_closed(table, group, now_ms):
    """Whether no type that the group serves is open."""
    return table.closed[group, now_ms // CELL_MS % table.closed.shape[1]] == 1


@rule
def is_present(table, seat, now_ms):
    """Whether whoever fills the seat is on shift; where nobody has a post, every seat may come."""
    return len(table.present) == 0 or table.present[seat, now_ms // CELL_MS % CELLS_PER_WEEK] == 1


def square_root_spread(load: np.ndarray, seat_cells: float) -> np.ndarray:
    """[cell] whole seats, load + β·√load with one β for all, that add up to `seat_cells`.

    `load` [cell] is offered work in erlang; cells without load get no seat, others at least one.
    The square-root rule (Halfin & Whitt 1981) gives every interval much the same service.
    """
    seats = np.zeros(len(load))
    busy = load > 0
    if not busy.any():
        return seats
    root = np.sqrt(load[busy])
    low, high = -math.sqrt(load.max()), seat_cells / root.sum() + 1
    for _ in range(200):
        beta = (low + high) / 2
        total = np.maximum(1.0, load[busy] + beta * root).sum()
        low, high = (beta, high) if total < seat_cells else (low, beta)
    exact = np.maximum(1.0, load[busy] + high * root)
    seats[busy] = np.floor(exact)
    missing = max(0, round(seat_cells - seats.sum()))
    in_need = np.argsort(-(exact - np.floor(exact)), kind="stable")[:missing]
    seats[np.flatnonzero(busy)[in_need]] += 1
    return seats


def round_half_up(values: np.ndarray) -> np.ndarray:
    """Whole seats (int64), of the shape of `values`; a half rounds up."""
    return np.floor(np.asarray(values, float) + 0.5).astype(np.int64)


def changes(table: LevelTable, first_cell: int, cells: int) -> np.recarray:
    """[change] CHANGE: the changes of level in a span of cells, in order of time, then group."""
    now = (first_cell + np.arange(cells)) % table.level.shape[1]
    before = (now - 1) % table.level.shape[1]
    differs = np.zeros((len(table.level), cells), bool)
    for one in (table.level, table.closed):
        differs |= one[:, now] != one[:, before]
    differs[:, :1] = True
    cell, group = np.nonzero(differs.T)
    return filled(
        CHANGE,
        len(cell),
        at_ms=(first_cell + cell) * CELL_MS,
        group=group,
        level=table.level[group, now[cell]],
        closed=table.closed[group, now[cell]],
    )


def alike(table: LevelTable) -> np.recarray:
    """[seat] STAFF of people who are all as today's mean."""
    return filled(STAFF, int(table.first_seat[-1]), handle=1.0, accepts=1.0)


def seat_hours_per_week(table: LevelTable) -> np.ndarray:
    """[group] hours on duty in a week, by the plan."""
    return table.level.sum(axis=1) * (CELL_MS / MS_PER_HOUR)

"""How many contacts come, when, and about what?

Time is cut into fixed cells of 15 minutes. In each cell of each type the k-th candidate has a
level (cumulated unit exponentials) and a uniform moment, both drawn by name. It happens if its
level lies below the expected count of the cell. So more volume only adds contacts, less volume
only removes some, and nothing else moves.

The expected count is volume × profile × season × trend × events × busyness × forecast error
(docs/evidence.md, Demand). Busyness is gamma, one factor a day and one a half hour (two levels
after Oreshkin, Régnard & L'Ecuyer), so that the variance of a count is
Λ + Λ²(1/k_d + 1/k_i + 1/(k_d·k_i)) at a quarter and at half an hour alike. On a day closed by its
date nothing is expected, and other days expect no more for it.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import AfterValidator, Field

from sim.core.clock import (
    CELLS_PER_DAY,
    CELLS_PER_HOUR,
    CELLS_PER_WEEK,
    DAYS_PER_WEEK,
    MONTHS_PER_YEAR,
    WEEKS_PER_YEAR,
)
from sim.core.dice import CUSTOMER, split, uniform
from sim.core.moments import MOST_BLOCKS
from sim.core.quantiles import gamma_quantile
from sim.core.rules import rule
from sim.core.tables import record
from sim.language.block import Block, OrNone, environment, problem
from sim.language.evidence import TYPED, proposal
from sim.language.fields import Duration, Fraction, Growth, PerWeek

# Weights by weekday and shares by hour 08–20 of a typical office-hours service line.
OFFICE_DAYS = (1.25, 1.05, 1.00, 1.00, 1.10, 0.75, 0.55)
OFFICE_HOURS = (0.060, 0.095, 0.120, 0.115, 0.095, 0.085, 0.095, 0.090, 0.085, 0.070, 0.050, 0.040)
OFFICE_FIRST_HOUR = 8
CELLS_PER_HALF_HOUR = 2
LEAST_CV, MOST_CV = 0.001, 3.0  # between them, the quantiles of a gamma can be computed
MOST_PER_WEEK = 10_000_000
MOST_SHRINKING = -0.95  # a year
# Block numbers that name no customers, but calls given one by one, announcements of leaving, and
# calls from a list.
LISTED_BLOCK, ANNOUNCED_BLOCK, CALLED_BLOCK = MOST_BLOCKS - 1, MOST_BLOCKS - 2, MOST_BLOCKS - 3
MOST_BLOCKS_OF_CUSTOMERS = MOST_BLOCKS - 3


def _of_a_gamma(cv: float) -> float:
    if 0 < cv < LEAST_CV:
        problem((), f"a variation of less than {LEAST_CV:.1%}", "write none")
    if cv > MOST_CV:
        problem((), f"a variation of more than {MOST_CV:.0%}", f"did you mean {cv:g}%?")
    return cv


BusynessCv = Annotated[Fraction, AfterValidator(_of_a_gamma)]


class BusynessSpec(Block):
    """How much busier or quieter than expected a day and a half hour may be."""

    main_key: ClassVar[str] = "day"

    day: BusynessCv = environment(0.14, evidence=proposal("two levels after Oreshkin et al."))
    """Coefficient of variation of the factor that a whole day shares."""
    interval: BusynessCv = environment(0.10, evidence=proposal("two levels after Oreshkin et al."))
    """Coefficient of variation of the factor of each half hour."""


class ListedCall(Block):
    """One contact of a list of contacts as they happened."""

    at: Duration = environment(..., evidence=TYPED)
    """When it arrives, from the start of the horizon."""
    segment: str | None = environment(None, evidence=TYPED)
    """Segment of the customer; left out: the first."""
    talk: Duration | None = environment(None, evidence=TYPED)
    """How long the talk takes; left out: drawn."""
    patience: OrNone[Duration] = environment(None, evidence=TYPED)
    """How long the customer waits; none or left out: for ever."""
    offer_talk: Duration | None = environment(None, evidence=TYPED)
    """How long an offer takes, if one is made; left out: drawn."""


def _leaves_some(trend: float) -> float:
    if trend < MOST_SHRINKING:
        what = "that leaves next to nothing"
        problem((), what, f"write {MOST_SHRINKING:.0%} per year, or more")
    return trend


Weights = Annotated[list[Annotated[float, Field(ge=0, le=1e6)]], Field(min_length=1)]


class MonthsSpec(Block):
    """A season by months."""

    monthly: Annotated[Weights, Field(min_length=MONTHS_PER_YEAR, max_length=MONTHS_PER_YEAR)] = (
        environment(..., evidence=TYPED, examples=[[1.1, 1.0, 0.9, *[1.0] * 9]])
    )
    """Weight of each month, from the start of the horizon; repeated every year."""


class VolumeSpec(Block):
    """How many contacts come, and when."""

    main_key: ClassVar[str] = "per_week"

    per_week: Annotated[PerWeek, Field(le=MOST_PER_WEEK)] | None = environment(None, evidence=TYPED)
    """Contacts in an average week of the first year."""
    counts: Literal["all", "first"] = environment("all", evidence=proposal("as switches count"))
    """all: the volume is as offered to agents, redials and repeats included, and without what a bot
    in front keeps; first: new issues only, before a bot."""
    profile: str | list[float] = environment(
        "office-hours",
        evidence=proposal("peaks as turnella.com describes them"),
        traits=("weights by interval",),
        examples=["office-hours", "flat", "a CSV file", "a list of weights"],
    )
    """When contacts come: office-hours, flat, weights by interval, or a CSV file beside it."""
    busyness: OrNone[BusynessSpec] = environment(
        BusynessSpec(), evidence=proposal("two levels after Oreshkin et al.")
    )
    """Days and half hours busier or quieter than expected."""
    trend: Annotated[Growth, Field(le=10), AfterValidator(_leaves_some)] = environment(
        0.0, evidence=proposal()
    )
    """Growth of the volume, or shrinking, compounding week by week."""
    season: Weights | MonthsSpec | None = environment(
        None, evidence=TYPED, examples=[[1.1, 1.0, 0.9]]
    )
    """Weight of each week, repeated when the horizon is longer; scaled to a mean of 1.

    Or {monthly: [12 weights]}, from the month in which the horizon begins.
    """
    calls: Annotated[list[ListedCall], Field(min_length=1)] | None = environment(
        None, evidence=TYPED, examples=[[{"at": "9 h"}]]
    )
    """Contacts one by one, as they happened, in the place of drawn ones."""


class EventSpec(Block):
    """A dated event that moves the volume."""

    weeks: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)] = environment(
        ..., evidence=TYPED, examples=[[12, 13]]
    )
    """Weeks of the horizon, the first is 1."""
    volume: Annotated[dict[str, Annotated[float, Field(ge=0, le=1000)]], Field(min_length=1)] = (
        environment(..., evidence=TYPED, examples=[{"service": 1.4}])
    )
    """Factor on the volume of each contact type named."""


# Shapes of the gamma factors by contact type; 0: none.
BUSYNESS = record(day=np.float64, interval=np.float64)

# Calls given one by one.
LISTED = record(
    at_ms=np.int64,
    name=np.int64,
    talk_ms=np.int64,  # or NOT_GIVEN: drawn
    patience_ms=np.int64,
    offer_ms=np.int64,  # or NOT_GIVEN: drawn
)
NOT_GIVEN = -1

# Where the customers of a segment stand in the table of customers.
SEGMENT = record(
    first=np.int64,  # row of the first customer
    count=np.int64,  # customers of a block; 0: customers are not modelled
    members=np.int64,  # customers until now, today's base and those who left included
)


class DemandTable(NamedTuple):
    """The demand of one span of cells, before luck."""

    first_cell: int
    expected: np.ndarray  # [type, cell of the span] new issues
    share: np.ndarray  # [type, segment]
    busyness: np.recarray  # [type] BUSYNESS
    comes_back: np.ndarray  # bool [type, cell of the week] whether contacts due then come
    typed: np.ndarray  # [type, cell of the week] weight by the profile; without one 1 while open
    closed: np.ndarray  # bool [type, day of the horizon] closed by date; no days where none is
    listed: np.recarray  # [call] LISTED, in order of arrival
    listed_first: np.ndarray  # int64 [type] where its calls begin in listed_row
    listed_row: np.ndarray  # int64 [type's calls, one type after the other] row in listed


class Fortune(NamedTuple):
    """The luck of one replication, from which all its dice are made."""

    sources: np.ndarray  # uint64 [type, segment, block]
    types: np.ndarray  # uint64 [type]
    segments: np.ndarray  # uint64 [segment], of its customers
    forecast: float  # factor on every expected count


def office_profile() -> np.ndarray:
    """[672] weights of the built-in profile office-hours."""
    day = np.zeros(CELLS_PER_DAY)
    for hour, share in enumerate(OFFICE_HOURS, start=OFFICE_FIRST_HOUR):
        day[hour * CELLS_PER_HOUR : (hour + 1) * CELLS_PER_HOUR] = share / CELLS_PER_HOUR
    return np.concatenate([day * weight for weight in OFFICE_DAYS])


def by_cell(values: np.ndarray, interval_cells: int) -> np.ndarray | None:
    """Values by interval of a day or a week → [672] by cell; None if the length fits neither."""
    cells = np.repeat(values, interval_cells)
    if len(cells) == CELLS_PER_DAY:
        return np.tile(cells, DAYS_PER_WEEK)
    return cells if len(cells) == CELLS_PER_WEEK else None


def week_factor(spec: VolumeSpec, week: int, event_factors: dict[int, float]) -> float:
    """Season × trend × events of a week (0, 1, …)."""
    factor = growth(spec.trend, week) * event_factors.get(week, 1.0)
    weights = season_weights(spec)
    return factor * weights[week % len(weights)]


def season_weights(spec: VolumeSpec) -> list[float]:
    """Factors of the weeks of a season, with a mean of 1; 52 of them where months were typed.

    A week that lies in two months takes from both, by its days.
    """
    weights = spec.season or [1.0]
    if isinstance(weights, MonthsSpec):
        weights = _by_week(weights.monthly)
    mean = sum(weights) / len(weights)
    return [weight / mean for weight in weights] if mean else weights


def _by_week(monthly: list[float]) -> list[float]:
    weeks = np.arange(WEEKS_PER_YEAR + 1) * MONTHS_PER_YEAR / WEEKS_PER_YEAR
    until = np.interp(weeks, np.arange(MONTHS_PER_YEAR + 1), [0.0, *np.cumsum(monthly)])
    return [float(weight) for weight in np.diff(until)]


def growth(trend: float, week: int) -> float:
    """Factor of a yearly trend; its mean over the first year is 1."""
    first_year = [(1 + trend) ** (w / WEEKS_PER_YEAR) for w in range(WEEKS_PER_YEAR)]
    return (1 + trend) ** (week / WEEKS_PER_YEAR) * WEEKS_PER_YEAR / sum(first_year)


def gamma_shape(cv: float) -> float:
    """Shape k = 1/cv² of a gamma factor with mean 1; 0 where there is no factor."""
    return 1 / cv**2 if cv > 0 else 0.0


@rule
def busyness(shape, luck, stream, when):
    """A gamma factor of mean 1 for this day or half hour; 1 without busyness."""
    if shape == 0.0:
        return 1.0
    return gamma_quantile(shape, uniform(luck, stream, when)) / shape


@rule
def issue_luck(fortune, type_, segment, block, cell, number):
    """The luck of an issue: a pure function of its name."""
    return split(split(fortune.sources[type_, segment, block], cell), number)


@rule
def open_blocks(universe, segment):
    """How many blocks have a member; 1 where customers are not modelled."""
    count = universe[segment].count
    return 1 if count == 0 else -(-universe[segment].members // count)


@rule
def customer_of(universe, segment, block, luck):
    """Row of the customer whom an issue names; -1 where customers are not modelled."""
    count = universe[segment].count
    if count == 0:
        return -1
    if block == LISTED_BLOCK:
        block = 0
    return universe[segment].first + block * count + int(uniform(luck, CUSTOMER, 0) * float(count))

"""When does the study start, how long does it last, and in which intervals does it report?"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sim.core.clock import (
    CELL_MS,
    CELLS_PER_DAY,
    CELLS_PER_WEEK,
    DAYS_PER_WEEK,
    MS_PER_SECOND,
    SECONDS_PER_MINUTE,
    WEEKS_PER_YEAR,
)
from sim.core.moments import MOST_CELLS, MOST_WARM_UP_CELLS
from sim.language.block import Block, decision, problem
from sim.language.dates import Date
from sim.language.evidence import TYPED, proposal
from sim.language.fields import Duration
from sim.language.quantities import shown

INTERVALS_MIN = (15, 30, 60)
MOST_WEEKS = (MOST_CELLS - MOST_WARM_UP_CELLS) // CELLS_PER_WEEK - 1


def _less_than_a_week(typed: Any) -> Any:
    if isinstance(typed, int) and typed >= DAYS_PER_WEEK:
        weeks = f"weeks: {typed // DAYS_PER_WEEK}"
        rest = "" if typed % DAYS_PER_WEEK == 0 else f", or weeks: {typed // DAYS_PER_WEEK + 1}"
        problem((), f"{shown(typed)} days are a week or more", f"write {weeks}{rest}")
    return typed


def _minutes(typed: Any) -> Any:
    if isinstance(typed, int | float) and typed in INTERVALS_MIN:
        problem((), f"{shown(typed)} has no unit", f"write {typed:g} min")
    return typed


def _fits_an_hour(seconds: float) -> float:
    if seconds / SECONDS_PER_MINUTE not in INTERVALS_MIN:
        what = f"an interval of {seconds / SECONDS_PER_MINUTE:g} min does not fit"
        problem((), what, "write 15 min, 30 min or 60 min")
    return seconds


def _fits_cells(seconds: float) -> float:
    if seconds * MS_PER_SECOND % CELL_MS:
        problem((), "a warm-up lasts whole quarter hours", "write whole hours, or days")
    if seconds * MS_PER_SECOND // CELL_MS >= MOST_WARM_UP_CELLS:
        problem((), "a warm-up of more than 97 weeks", "write a shorter one")
    return seconds


class HorizonSpec(Block):
    """The time that is studied. A week has seven days, a year 52 weeks; clocks never change."""

    main_key: ClassVar[str] = "weeks"

    start: Date = decision(datetime.date(2027, 1, 4), evidence=proposal("a Monday"))
    """First day."""
    weeks: Annotated[int, Field(ge=1, le=MOST_WEEKS)] | None = decision(
        None, evidence=proposal("52")
    )
    """Length in weeks; 52 unless days are given."""
    days: Annotated[int, Field(ge=1, le=6), BeforeValidator(_less_than_a_week)] | None = decision(
        None, evidence=TYPED
    )
    """Length in days, for short studies, in the place of weeks."""
    interval: Annotated[Duration, BeforeValidator(_minutes), AfterValidator(_fits_an_hour)] = (
        decision(1800.0, evidence=proposal())
    )
    """Interval of positions and reports: 15, 30 or 60 minutes. It changes no draw."""
    warm_up: Annotated[Duration, AfterValidator(_fits_cells)] = decision(0.0, evidence=proposal())
    """Time before the horizon in which queues fill and nothing is booked."""

    @model_validator(mode="after")
    def _one_length(self) -> HorizonSpec:
        if self.weeks is not None and self.days is not None:
            problem(("days",), "both weeks and days are given", "keep one of them")
        return self

    @property
    def cells(self) -> int:
        """Length in quarter hours."""
        weeks = self.weeks or WEEKS_PER_YEAR
        return self.days * CELLS_PER_DAY if self.days else weeks * CELLS_PER_WEEK

    @property
    def n_weeks(self) -> int:
        """Weeks begun."""
        return 1 if self.days else self.weeks or WEEKS_PER_YEAR

    @property
    def length_weeks(self) -> float:
        """Length in weeks, days as a fraction."""
        return self.cells / CELLS_PER_WEEK

    @property
    def interval_cells(self) -> int:
        """Quarter hours of an interval."""
        return int(self.interval * MS_PER_SECOND) // CELL_MS

    @property
    def warm_up_cells(self) -> int:
        """Quarter hours of the warm-up."""
        return int(self.warm_up * MS_PER_SECOND) // CELL_MS

    @property
    def first_cell_of_week(self) -> int:
        """Quarter hour of the week, from Monday 00:00, at which the horizon starts."""
        return self.start.weekday() * CELLS_PER_DAY

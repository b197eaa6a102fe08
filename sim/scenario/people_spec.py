"""Who fills the seats: so many heads, who are hired, learn, tire and leave."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from sim.core.clock import MONTHS_PER_YEAR, WEEKS_PER_YEAR
from sim.domain.agents.engagement import EngagementSpec
from sim.domain.agents.hiring import HiringSpec
from sim.domain.agents.learning import LearningSpec
from sim.domain.agents.rostering import MOST_SEATS
from sim.domain.agents.shifts import ShiftSpec
from sim.domain.study.costs import HOURS_PER_WEEK
from sim.language.block import Block, OrNone, decision, environment, outcome, problem
from sim.language.evidence import TYPED, proposal, source
from sim.language.fields import Fraction, Share

COACHING_IN_SHRINKAGE_H = 1.0
_COACHING_TO_SHARE = MONTHS_PER_YEAR / (WEEKS_PER_YEAR * HOURS_PER_WEEK)
ShiftName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]


class PeopleSpec(Block):
    """People of a group, one by one."""

    main_key: ClassVar[str] = "heads"
    number_alone: ClassVar[bool] = True

    heads: Annotated[int, Field(ge=1, le=MOST_SEATS)] = decision(..., evidence=TYPED)
    """People on the floor today, on average; who is still in class comes on top."""
    shifts: Annotated[dict[ShiftName, ShiftSpec], Field(min_length=1)] | None = decision(
        None,
        evidence=TYPED,
        examples=[{"full": "8 h", "part": {"length": "4 h", "share": "at most 30%"}}],
    )
    """Shifts by name, from which a roster is made; left out: hours are spread over the week as the
    load is, by the square-root rule."""
    hiring: OrNone[HiringSpec] = decision(HiringSpec(), evidence=proposal())
    """How vacancies are filled; none: they are not."""
    learning: OrNone[LearningSpec] = environment(LearningSpec(), evidence=proposal())
    """What newcomers do worse, until they have learnt; none: nothing."""
    early_leaving: Annotated[Fraction, Field(le=10)] = environment(
        2.0, evidence=proposal(), plausible=("100%", "400%", proposal("twice"))
    )
    """Factor on the hazard of leaving in the first 13 weeks on the floor."""
    sickness: Annotated[Share, Field(le=0.5)] = environment(
        0.06,
        evidence=source("turnella.com", "4 to 8 %"),
        plausible=("2%", "15%", source("turnella.com", "4 to 8 %")),
    )
    """Share of days on which someone is sick; a part of shrinkage."""
    coaching: Annotated[float, Field(ge=0, le=40)] = decision(
        COACHING_IN_SHRINKAGE_H,
        evidence=proposal("an hour a month"),
        traits=("plain",),
        lever=(0, 4),
    )
    """Hours of coaching a month and person. One of them is in shrinkage; more come on top of it."""
    autonomy: Annotated[float, Field(ge=0, le=0.5)] = outcome(
        0.0,
        better="more",
        evidence=proposal("0; 0.05 with goodwill of 25, 0.08 of 150"),
        traits=("plain",),
        plausible=(0, 0.08, proposal("0.05 and 0.08")),
    )
    """How much it lifts engagement that people may decide by themselves. What they then give away
    is the price of an initiative; what it solves is its first_contact."""
    reacts: OrNone[EngagementSpec] = environment(EngagementSpec(), evidence=proposal())
    """How engagement follows the load, and leaving and absence follow engagement; none: not."""

    @model_validator(mode="after")
    def _everybody_has_a_shift(self) -> PeopleSpec:
        shifts = self.shifts.values() if self.shifts else ()
        limits = [1.0 if one.share is None else one.share for one in shifts]
        if limits and sum(limits) < 1 - 1e-9:
            what = f"the shares of the shifts add up to {sum(limits):.0%}"
            problem(("shifts",), what, "leave the share of one of them out")
        return self

    @property
    def extra_coaching(self) -> float:
        """Coaching beyond the hour that is in shrinkage, as a share of paid time."""
        return (self.coaching - COACHING_IN_SHRINKAGE_H) * _COACHING_TO_SHARE

    def posts(self, heads: int, turnover: float, class_weeks: int) -> int:
        """Posts of a group whose floor has so many people on average.

        Hires come in classes, and leavers do not keep to what is expected, so at times there are
        more. Whoever finds no post waits for the first that falls vacant.
        """
        if self.hiring is None:
            return heads
        heads += self.hiring.planned
        if not turnover:
            return heads
        ahead = self.hiring.every + self.hiring.lead + class_weeks
        spread = math.sqrt(heads * turnover * ahead / WEEKS_PER_YEAR)
        return heads + self.hiring.smallest_class(heads) + math.ceil(3 * spread)

"""The block of people who work in shifts: what the domain's questions say of them, side by side."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.domain.agents.people import AwaySpec, HeadsSpec
from sim.domain.agents.shifts import ShiftSpec
from sim.language.block import Block, OrNone, decision, environment, problem
from sim.language.evidence import SEE_KEYS, TYPED, proposal

ShiftName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]


class PeopleSpec(Block):
    """People with shifts: who is on duty follows from a roster, the same each week."""

    heads: HeadsSpec = decision(..., evidence=TYPED, examples=[100, {"meet": "service_level"}])
    """People employed, or {meet: service_level}: as many as the roster needs."""
    shifts: Annotated[dict[ShiftName, ShiftSpec], Field(min_length=1)] = decision(
        {"full": ShiftSpec()},
        evidence=proposal("full: 8 h on 5 days"),
        examples=[{"full": "8 h", "part": {"length": "4 h", "share": "at most 30%"}}],
    )
    """Shifts by name; left out: full, of 8 h."""
    shrinkage: OrNone[AwaySpec] = environment(AwaySpec(), evidence=SEE_KEYS)
    """Paid time off the floor other than breaks; none: there is none."""

    @model_validator(mode="after")
    def _everybody_has_a_shift(self) -> PeopleSpec:
        limits = [1.0 if one.share is None else one.share for one in self.shifts.values()]
        if sum(limits) < 1 - 1e-9:
            what = f"the shares of the shifts add up to {sum(limits):.0%}"
            problem(("shifts",), what, "leave the share of one of them out")
        return self

    @property
    def away(self) -> float:
        """Expected share of posts that are away, breaks apart."""
        return self.shrinkage.share if self.shrinkage is not None else 0.0

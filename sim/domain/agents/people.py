"""How many people does a group employ, and which share of their paid time are they away?

Leave, sickness, training, coaching and meetings are paid and off the floor; breaks are not among
them, for they come from the shifts. The defaults add up to 25 %: with the two breaks of a shift of
8 h that is the shrinkage of 30 % that seats and heads have.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from sim.language.block import Block, decision, environment, problem
from sim.language.evidence import TYPED, source
from sim.language.fields import Share

MOST_HEADS = 100_000
MOST_AWAY = 0.9


class HeadsSpec(Block):
    """People employed, or as many as the roster needs."""

    main_key = "meet"  # so that a number and `meet` replace one another in variants
    also_says = ("number",)

    number: Annotated[int, Field(ge=1, le=MOST_HEADS)] | None = decision(
        None, evidence=TYPED, examples=[100]
    )
    """People employed, each with a shift."""
    meet: Literal["service_level"] | None = decision(None, evidence=TYPED)
    """service_level: as many as it takes to meet it with legal shifts; in the place of number."""

    @model_validator(mode="before")
    @classmethod
    def _a_number_is_heads(cls, typed: Any) -> Any:
        given = typed.get("meet") if isinstance(typed, dict) else None
        if given is None or isinstance(given, bool | str | dict):
            return typed
        rest = {key: value for key, value in typed.items() if key != "meet"}
        if "number" in rest:
            problem(("number",), "both a bare value and number are given", "keep one of them")
        return {**rest, "number": given}

    @model_validator(mode="after")
    def _one_way(self) -> HeadsSpec:
        if self.number is not None and self.meet is not None:
            problem(("number",), "both number and meet are given", "keep one of them")
        if self.number is None and self.meet is None:
            remedy = "write heads: 100, or heads: {meet: service_level}"
            problem((), "heads need either a number or meet", remedy)
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = super().__get_pydantic_json_schema__(core, handler)
        short, long = handler.resolve_ref_schema(schema)["anyOf"]
        numbers = dict(long["properties"]["number"])
        short["anyOf"] = [form for part in (short, numbers) for form in part["anyOf"]]
        return schema


class AwaySpec(Block):
    """Shares of paid time off the floor, by reason; breaks come from the shifts."""

    main_key = "total"

    total: Share | None = decision(None, evidence=TYPED, examples=["25%"])
    """All of them together, in the place of the reasons."""
    leave: Share = environment(
        0.11,
        evidence=source("turnella.com", "10 to 12 %"),
        plausible=("4%", "18%", source("turnella.com", "10 to 12 %")),
    )
    """Holidays and other leave."""
    sickness: Share = environment(
        0.06,
        evidence=source("turnella.com", "4 to 8 %"),
        plausible=("1%", "15%", source("turnella.com", "4 to 8 %")),
    )
    """Absence through illness."""
    training: Share = environment(
        0.03,
        evidence=source("turnella.com", "3 to 6 % with coaching"),
        plausible=("0%", "12%", source("turnella.com", "3 to 6 % with coaching")),
    )
    """Training of those who work already."""
    coaching: Share = environment(
        0.02,
        evidence=source("turnella.com", "3 to 6 % with training"),
        plausible=("0%", "8%", source("turnella.com", "3 to 6 % with training")),
    )
    """Coaching and talks about quality."""
    meetings: Share = environment(
        0.03,
        evidence=source("turnella.com", "2 to 4 %"),
        plausible=("0%", "8%", source("turnella.com", "2 to 4 %")),
    )
    """Meetings of the team."""

    @model_validator(mode="after")
    def _some_are_there(self) -> AwaySpec:
        if self.total is not None and (both := self.model_fields_set - {"total"}):
            problem(("total",), f"both total and {min(both)} are given", "keep one of them")
        if self.share > MOST_AWAY:
            what = f"people would be away for {self.share:.0%} of their paid time"
            problem((), what, f"write at most {MOST_AWAY:.0%} in all")
        return self

    @property
    def share(self) -> float:
        """Of paid time, all reasons together."""
        if self.total is not None:
            return self.total
        return self.leave + self.sickness + self.training + self.coaching + self.meetings

"""What does the center look like today, as its owner knows it? Never an input.

A run opens with these figures beside the simulated ones, so that everybody sees how well the
program knows this center.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from sim.language.block import Block, environment, problem
from sim.language.evidence import TYPED
from sim.language.fields import Duration, Money, PerWeek, Share, SharePerYear
from sim.language.parsers import parse_duration, parse_share, such_as


def parse_service_level(text: str) -> tuple[float, float]:
    """`78% within 20 s` → (0.78, 20.0), a share and seconds.

    Raises a problem with a remedy for anything else.
    """
    match = re.fullmatch(r"\s*(\S+(?:\s*%)?)\s+within\s+(.+?)\s*", text)
    if not match:
        problem(
            (),
            f"'{text}' is not a service level",
            such_as(text, "78% within 20 s", "a percentage within seconds"),
        )
    return parse_share(match[1]), parse_duration(match[2])


def _checked(text: str) -> str:
    parse_service_level(text)
    return text


class TodaySpec(Block):
    """Figures of the center as it is, to hold the simulation against."""

    service_level: Annotated[str, AfterValidator(_checked)] | None = environment(
        None, evidence=TYPED, examples=["78% within 20 s"]
    )
    """Service level by its `definition`: 78% within 20 s."""
    volume: PerWeek | None = environment(None, evidence=TYPED)
    """Contacts offered."""
    abandoned: Share | None = environment(None, evidence=TYPED)
    """Share of contacts that gave up."""
    wait: Duration | None = environment(None, evidence=TYPED)
    """Mean wait of the answered."""
    occupancy: Share | None = environment(None, evidence=TYPED)
    """Handling ÷ time on duty."""
    handle: Duration | None = environment(None, evidence=TYPED)
    """Mean handling time."""
    csat: Share | None = environment(None, evidence=TYPED)
    """Share of issues scored 4 or 5."""
    nps: Annotated[float, Field(ge=-100, le=100)] | None = environment(
        None, evidence=TYPED, traits=("plain",)
    )
    """Promoters − detractors, in points."""
    first_contact: Share | None = environment(None, evidence=TYPED)
    """Share of issues solved at the first contact."""
    churn: SharePerYear | None = environment(None, evidence=TYPED)
    """Share of customers that leave within a year."""
    annual_cost: Money | None = environment(None, evidence=TYPED)
    """Operating cost of a year."""

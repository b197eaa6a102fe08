"""From when, how far and for how much does the company change something?

A chatbot, a training programme or better data starts in a week, takes time until all use it, is
taken up by a part of them, and costs something once and something every month.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from sim.core.clock import SECONDS_PER_WEEK
from sim.language.block import Block, decision, environment
from sim.language.evidence import TYPED, proposal
from sim.language.fields import Duration, Money, PerMonth, Share


class InitiativeSpec(Block):
    """A dated patch of the scenario, with its price."""

    from_week: Annotated[int, Field(ge=1)] = decision(1, evidence=TYPED)
    """The first week in which it has an effect; weeks of the horizon, the first is 1."""
    ramp: Duration = environment(0.0, evidence=TYPED, examples=["13 wk"])
    """Until it has all of its effect; each week adds the same part."""
    adoption: Share = environment(1.0, evidence=proposal())
    """Share of the effect that it has in the end."""
    invest: Money = decision(0.0, evidence=TYPED, examples=["120k"])
    """What it costs once, written off over the 52 weeks from its first one on."""
    run_cost: PerMonth = decision(0.0, evidence=TYPED, examples=["3k per month"])
    """What it costs every month from its first week on."""
    by: Literal["severance", "attrition"] = decision("severance", evidence=proposal())
    """How people go where it leaves fewer seats: with severance, in its weeks; or by attrition:
    leavers are not replaced, nobody is paid off, and seats fall at most by turnover ÷ 52 a week."""
    set: Annotated[dict[str, Any], Field(min_length=1)] = decision(
        ..., evidence=TYPED, traits=("patch",),
        examples=[{"offers": {"broadband": {"acceptance": {"targeting": "75%"}}}}],
    )  # fmt: skip
    """What it changes, written as a variant would: numbers move to these values."""

    @property
    def is_paid_for(self) -> bool:
        """Whether it costs anything."""
        return self.invest > 0 or self.run_cost > 0

    @property
    def is_partial(self) -> bool:
        """Whether there are weeks in which it has a part of its effect."""
        return self.adoption < 1 or self.ramp > SECONDS_PER_WEEK


def weeks_since(spec: InitiativeSpec, week: int) -> int:
    """Weeks begun since it started, a week (0 is the horizon's first) included; 0 or less before.

    >>> weeks_since(InitiativeSpec(from_week=3, set={"offers": {}}), 2)
    1
    """
    return week + 1 - (spec.from_week - 1)


def share_in_effect(spec: InitiativeSpec, week: int) -> float:
    """Share of the full effect in a week (0 is the horizon's first); 0 before it starts.

    A ramp of n weeks brings 1/n in its first week and all in its last.
    """
    weeks = weeks_since(spec, week)
    if weeks < 1:
        return 0.0
    ramp_weeks = spec.ramp / SECONDS_PER_WEEK
    return spec.adoption * (min(1.0, weeks / ramp_weeks) if ramp_weeks > 0 else 1.0)

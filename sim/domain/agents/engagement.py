"""How do people at work feel, and what follows from it?

Each week engagement e (0 to 1, mean .6) goes a tenth of its way to where the loads of that week
would bring it: half hours in which nobody breathes, offers that have to be made, customers who are
angry; coaching and autonomy lift it. All count as differences from today's, so that today's
turnover is the typed one. Less engagement means more leaving, more absence and less pleased
customers; hot half hours also slow people down.
Evidence for every slope is weak, so each is a belief with a range.
"""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

from pydantic import Field

from sim.core.rules import rule
from sim.language.block import Block, environment
from sim.language.evidence import proposal

MEAN_ENGAGEMENT = 0.6
HOT = 0.90  # share of time on contacts above which a half hour wears people out
HOT_WIDTH = 0.02
SMALL_GROUP = 5  # seats; of smaller groups the four hours around a half hour are judged

MOST_OF_SLOPE = 2.5  # of each slope, as typed: its range is from 0 to this
SLOPES = ("hot_hours", "selling", "angry", "coaching", "leaving", "absence", "pace", "quality")

Slope = Annotated[float, Field(ge=0, le=25)]


class EngagementSpec(Block):
    """How strongly people react; 0 each: not at all."""

    hot_hours: Slope = environment(0.6, evidence=proposal(), plausible=(0, 1.5, proposal("0.6")))
    """How much engagement falls if all half hours are hot instead of none."""
    selling: Slope = environment(0.3, evidence=proposal(), plausible=(0, 0.75, proposal("0.3")))
    """How much it falls if offers are made in all contacts instead of none."""
    angry: Slope = environment(0.03, evidence=proposal(), plausible=(0, 0.075, proposal("0.03")))
    """How much it falls if all answered customers are angry instead of none."""
    coaching: Slope = environment(0.02, evidence=proposal(), plausible=(0, 0.05, proposal("0.02")))
    """How much it rises with each hour of coaching a month."""
    leaving: Slope = environment(1.0, evidence=proposal(), plausible=(0, 2.5, proposal("1")))
    """Hazard of leaving: × e^(−slope × difference of engagement from 0.6)."""
    absence: Slope = environment(0.8, evidence=proposal(), plausible=(0, 2, proposal("0.8")))
    """Absence through sickness: × e^(−slope × difference)."""
    pace: Slope = environment(0.03, evidence=proposal(), plausible=(0, 0.075, proposal("0.03")))
    """Handling time: × (1 + slope × share of hot half hours)."""
    quality: Slope = environment(0.3, evidence=proposal(), plausible=(0, 0.75, proposal("0.3")))
    """What customers think of a contact: + slope × difference, in their latent score."""
    speed: Annotated[float, Field(gt=0, le=1)] = environment(
        0.10, evidence=proposal(), plausible=(0.05, 0.3, proposal("0.1"))
    )
    """Share of its way that engagement goes in a week."""


class Loads(NamedTuple):
    """The loads of a group in a week, as shares."""

    hot_hours: float  # of clock half hours on duty, those in which hardly anybody is free
    selling: float  # of answered contacts, those with an offer
    angry: float  # of answered contacts, those unresolved or answered after 5 min


NO_LOADS = Loads(0.0, 0.0, 0.0)


class Reactions(NamedTuple):
    """How the people of a group react, today's loads, and what lifts them since."""

    hot_hours: float
    selling: float
    angry: float
    coaching: float
    leaving: float
    absence: float
    pace: float
    quality: float
    speed: float
    todays: Loads
    lift: float  # of engagement, by coaching and autonomy, against today's


@rule
def heat(handling_share):
    """How hot a half hour is, 0 to 1: a logistic step at a share of .90, of width .02."""
    return 1.0 / (1.0 + math.exp(-(handling_share - HOT) / HOT_WIDTH))


@rule
def engagement_after(reacts, loads, engagement):
    """Engagement after a week with such loads."""
    aim = (
        MEAN_ENGAGEMENT
        + reacts.lift
        - reacts.hot_hours * (loads.hot_hours - reacts.todays.hot_hours)
        - reacts.selling * (loads.selling - reacts.todays.selling)
        - reacts.angry * (loads.angry - reacts.todays.angry)
    )
    return engagement + reacts.speed * (min(1.0, max(0.0, aim)) - engagement)


@rule
def leaving_factor(reacts, engagement):
    """Factor on the hazard of leaving."""
    return math.exp(-reacts.leaving * (engagement - MEAN_ENGAGEMENT))


@rule
def absence_factor(reacts, engagement):
    """Factor on the probability of being sick on a day."""
    return math.exp(-reacts.absence * (engagement - MEAN_ENGAGEMENT))


@rule
def quality_shift(reacts, engagement):
    """What is added to the latent satisfaction with a contact."""
    return reacts.quality * (engagement - MEAN_ENGAGEMENT)


@rule
def pace_factor(reacts, loads):
    """Factor on handling time after a week with such loads."""
    return (1.0 + reacts.pace * loads.hot_hours) / (1.0 + reacts.pace * reacts.todays.hot_hours)


def compile_engagement(
    spec: EngagementSpec | None,
    todays: Loads | None,
    coaching_h: float = 0.0,
    autonomy: float = 0.0,
) -> Reactions:
    """The reactions of a group; without a spec, or before today's loads are known, there are
    none.

    `coaching_h` are hours a month and person more than today, `autonomy` how much that of today
    has grown.
    """
    if spec is None or todays is None:
        return Reactions(**dict.fromkeys(SLOPES, 0.0), speed=0.0, todays=NO_LOADS, lift=0.0)
    slopes = {key: float(getattr(spec, key)) for key in SLOPES}
    lift = spec.coaching * coaching_h + autonomy
    return Reactions(**slopes, speed=spec.speed, todays=todays, lift=lift)

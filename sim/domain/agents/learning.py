"""How much slower is a newcomer, and how fast does she learn?

Handling time falls with tenure t as m(t) = 1 + (m₀ − 1)·e^(−t/τ); what a newcomer solves less often
and sells less often fades alike. Typed handling times, resolution and acceptance are means over
today's contacts, so a person's factor is m(t) ÷ its mean by contact (`todays_means`).
"""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field

from sim.core.rules import rule
from sim.language.block import Block, outcome
from sim.language.evidence import proposal, source
from sim.language.fields import Fraction, Share

LEARNT_AFTER = 60  # time constants; what is left then is less than the last digit of a factor

Weeks = Annotated[float, Field(gt=0, le=260)]


class LearningSpec(Block):
    """What a newcomer does worse than an experienced agent, and how fast that fades."""

    handle: Annotated[Fraction, Field(ge=1, le=5)] = outcome(
        1.4,
        better="less",
        evidence=source("wfmlabs", "newcomers take 1.3 to 1.8 times as long"),
        plausible=("110%", "180%", source("wfmlabs", "1.3 to 1.8 times")),
    )
    """Handling time of a newcomer, as a factor on that of an experienced agent."""
    weeks: Weeks = outcome(
        8.0,
        better="less",
        evidence=proposal("proficient after 3 to 6 months"),
        traits=("plain",),
        plausible=(3, 20, proposal("8")),
    )
    """Weeks in which what is still to be learnt falls to 37 %."""
    first_contact: Share = outcome(
        0.10, better="less", evidence=proposal(), plausible=("0%", "25%", proposal("10 points"))
    )
    """How much less often a newcomer solves an issue, in points."""
    acceptance: Share = outcome(
        0.30, better="less", evidence=proposal(), plausible=("0%", "60%", proposal("30 % less"))
    )
    """How much less often customers accept what a newcomer offers, as a share of acceptance."""


NOTHING_TO_LEARN = LearningSpec(handle=1.0, first_contact=0.0, acceptance=0.0)


class Learning(NamedTuple):
    """How well people of a group work, by tenure: as typed, and today's means."""

    handle: float  # factor of a newcomer
    weeks: float  # time constant
    first_contact: float  # points less of a newcomer
    acceptance: float  # share less of a newcomer
    todays_handle: float  # mean factor over today's contacts
    todays_first_contact: float  # points less, over today's contacts
    todays_acceptance: float  # mean factor over today's contacts


class Means(NamedTuple):
    """Means over today's contacts."""

    handle: float
    unlearnt: float


def compile_learning(
    spec: LearningSpec | None, todays: LearningSpec | None, tenure: np.ndarray
) -> Learning:
    """How people of a group learn, by what is typed for it and for today.

    Today's people stay as `tenure` [week] says (see `todays_means`).
    """
    handle, unlearnt_today = todays_means(todays, tenure) if todays else Means(1.0, 0.0)
    lost = todays or NOTHING_TO_LEARN
    means = (handle, lost.first_contact * unlearnt_today, 1 - lost.acceptance * unlearnt_today)
    typed = spec or NOTHING_TO_LEARN
    return Learning(typed.handle, typed.weeks, typed.first_contact, typed.acceptance, *means)


def todays_means(spec: LearningSpec, tenure: np.ndarray) -> Means:
    """Means of handling factor and of what is unlearnt over the contacts of a steady mix.

    `tenure` [week] is the share of people by whole weeks on the floor. Who is slower answers fewer
    contacts in an hour, so people count by 1 ÷ their handling factor.
    """
    left_to_learn = np.array([unlearnt(spec.weeks, week) for week in range(len(tenure))])
    handle = 1 + (spec.handle - 1) * left_to_learn
    contacts = tenure / handle
    return Means(
        float(tenure.sum() / contacts.sum()), float(left_to_learn @ contacts / contacts.sum())
    )


def lost_weeks(spec: LearningSpec | None) -> float:
    """Weeks of an experienced agent's work that a newcomer does not do while she learns.

    ∫(1 − 1/m(t))dt = τ·ln m₀, over as long as it takes: 2.692 with m₀ = 1.4 and τ = 8 weeks.
    """
    return spec.weeks * math.log(spec.handle) if spec else 0.0


@rule
def unlearnt(time_constant, weeks):
    """What is still to be learnt, as the mean of e^(−t/τ) over the week after `weeks` weeks."""
    if weeks > LEARNT_AFTER * time_constant:
        return 0.0
    over_a_week = time_constant * (1.0 - math.exp(-1.0 / time_constant))
    return over_a_week * math.exp(-weeks / time_constant)


@rule
def handle_factor(learning, left_to_learn):
    """Factor on the typed handling time of someone who has so much still to learn."""
    return (1.0 + (learning.handle - 1.0) * left_to_learn) / learning.todays_handle


@rule
def resolution_shift(learning, left_to_learn):
    """What someone who has so much still to learn adds to the typed first_contact."""
    return learning.todays_first_contact - learning.first_contact * left_to_learn


@rule
def acceptance_factor(learning, left_to_learn):
    """Factor on the typed acceptance of someone who has so much still to learn."""
    return (1.0 - learning.acceptance * left_to_learn) / learning.todays_acceptance

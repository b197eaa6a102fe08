"""How long does an agent work on a contact: talk, hold, wrap-up?

AHT = talk + hold + wrap-up; talk, hold and wrap-up are lognormal by default (Brown et al. 2005).
"""

from __future__ import annotations

from typing import Annotated, ClassVar, NamedTuple

import numpy as np
from pydantic import AfterValidator

from sim.core.dice import HELD, HOLD, TALK, WRAP_UP, uniform
from sim.core.durations import DURATION, duration_ms
from sim.core.rules import rule
from sim.core.tables import NEVER, record
from sim.language.block import Block, outcome, problem
from sim.language.by_interval import Durations, Shares, each, single
from sim.language.duration_spec import MOST_MEAN_S, DurationByTimeSpec, DurationSpec
from sim.language.evidence import proposal

# How a single handling time splits: 360 s = 270 talk + 30 hold + 60 wrap-up.
TALK_SHARE_OF_HANDLE = 270 / 360
HOLD_SHARE_OF_HANDLE = 30 / 360
WRAP_UP_SHARE_OF_HANDLE = 60 / 360
HOLD_CV = 0.8
HOLD_SHARE = 0.20  # of answered contacts


class TalkSpec(DurationByTimeSpec):
    """Time in conversation, without hold and wrap-up."""

    default_cv: ClassVar[float] = 0.8


class WrapUpSpec(DurationByTimeSpec):
    """After-contact work."""

    default_cv: ClassVar[float] = 1.0


def _lasts(seconds: float) -> float:
    if seconds == 0:
        problem((), "a hold of 0 s", "write hold: none")
    if seconds > MOST_MEAN_S:
        problem((), "a hold of more than a year", "write a shorter time")
    return seconds


class HoldSpec(Block):
    """Putting customers on hold."""

    main_key: ClassVar[str] = "share"

    share: Shares = outcome(
        HOLD_SHARE,
        better="less",
        evidence=proposal("46 % in a survey of SQM Group"),
        traits=("shares by interval",),
    )
    """Share of answered contacts that are put on hold, as one or by interval."""
    mean: Annotated[Durations, AfterValidator(each(_lasts))] = outcome(
        90.0, better="less", evidence=proposal(), traits=("times by interval",)
    )
    """Mean time on hold of those held, as one or by interval."""

    @property
    def duration(self) -> DurationSpec:
        """Time on hold of those held; asked for at a time of day where it varies."""
        return DurationSpec.model_validate({"mean": f"{single(self.mean)} s", "cv": HOLD_CV})


# By contact type and cell of the week.
HANDLING_OF_TYPE = record(talk=DURATION, hold_share=np.float64, hold=DURATION, wrap_up=DURATION)


class HandlingTable(NamedTuple):
    """Handling by contact type, and the factor of the group that answers.

    Where contacts are handed on to specialists, as many rows follow that say how these handle them.
    The rules below take the number of such a row in the place of a type.
    """

    types: np.recarray  # [type, cell of the week] HANDLING_OF_TYPE
    factor: np.ndarray  # [group, type]


def split_handle(handle_s: float) -> tuple[TalkSpec, HoldSpec, WrapUpSpec]:
    """One handling time as talk, hold and wrap-up by the default shares."""
    return (
        TalkSpec.model_validate(f"{handle_s * TALK_SHARE_OF_HANDLE} s"),
        HoldSpec.model_validate(
            {
                "share": HOLD_SHARE,
                "mean": f"{handle_s * HOLD_SHARE_OF_HANDLE / HOLD_SHARE} s",
            }
        ),
        WrapUpSpec.model_validate(f"{handle_s * WRAP_UP_SHARE_OF_HANDLE} s"),
    )


def split_without_hold(handle_s: float) -> tuple[TalkSpec, None, WrapUpSpec]:
    """One handling time of who is never held: what hold would be is talk."""
    wrap_up_s = handle_s * WRAP_UP_SHARE_OF_HANDLE
    talk = TalkSpec.model_validate(f"{handle_s - wrap_up_s} s")
    return talk, None, WrapUpSpec.model_validate(f"{wrap_up_s} s")


def mean_handle_s(talk: TalkSpec, hold: HoldSpec | None, wrap_up: WrapUpSpec | None) -> float:
    """Mean handling time in seconds, without offers, at a time of the day or on average."""
    held_s = single(hold.share) * single(hold.mean) if hold else 0.0
    return talk.mean_s + held_s + (wrap_up.mean_s if wrap_up else 0.0)


@rule
def talk_ms(table, group, type_, column, pace, luck, attempt):
    """Duration of the talk; `pace` is the factor of whoever talks."""
    factor = table.factor[group, type_] * pace
    talk = table.types[type_, column].talk
    return duration_ms(talk, factor, luck, TALK, attempt)


@rule
def hold_ms(table, group, type_, column, pace, luck, attempt):
    """Duration of hold; 0 for those not held."""
    row = table.types[type_, column]
    share = row.hold_share
    if share == 0.0 or uniform(luck, HELD, attempt) >= share:
        return 0
    factor = table.factor[group, type_] * pace
    return duration_ms(row.hold, factor, luck, HOLD, attempt)


@rule
def wrap_up_ms(table, group, type_, column, pace, luck, attempt):
    """Duration of after-contact work; 0 without."""
    work = table.types[type_, column].wrap_up
    if work.kind == NEVER:
        return 0
    return duration_ms(work, table.factor[group, type_] * pace, luck, WRAP_UP, attempt)

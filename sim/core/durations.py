"""Durations in machine code: the quantile of one uniform, in whole milliseconds."""

from __future__ import annotations

import math

import numpy as np

from sim.core.dice import uniform
from sim.core.quantiles import (
    exponential_quantile,
    gamma_quantile,
    normal_quantile,
    triangular_quantile,
)
from sim.core.rules import routine
from sim.core.tables import record

CONSTANT, EXPONENTIAL, LOGNORMAL, WEIBULL, GAMMA, UNIFORM, TRIANGULAR = range(7)


DURATION = record(
    kind=np.int64,  # CONSTANT …, or NEVER: there is no such duration
    a=np.float64,  # ms, or a parameter without a unit (`parameters` of language/duration_spec.py)
    b=np.float64,
    c=np.float64,
)


@routine
def duration_ms(duration, factor, luck, stream, attempt):
    """Whole ms, at least 1: this duration as this luck draws it, times `factor`."""
    kind = duration.kind
    a = duration.a
    if kind == CONSTANT:
        return max(1, int(math.floor(a * factor + 0.5)))
    u = uniform(luck, stream, attempt)
    if kind == LOGNORMAL:
        ms = math.exp(a + duration.b * normal_quantile(u))
    elif kind == EXPONENTIAL:
        ms = a * exponential_quantile(u)
    elif kind == WEIBULL:
        ms = a * math.pow(exponential_quantile(u), duration.b)
    elif kind == GAMMA:
        ms = duration.b * gamma_quantile(a, u)
    elif kind == TRIANGULAR:
        ms = a + triangular_quantile(duration.b, duration.c, u)
    else:
        ms = a + duration.b * u
    return max(1, int(math.floor(ms * factor + 0.5)))

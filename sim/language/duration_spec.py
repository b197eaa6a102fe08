"""How long things take: every duration is the quantile of one uniform, in whole milliseconds."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from sim.core.clock import MS_PER_SECOND, SECONDS_PER_WEEK, WEEKS_PER_YEAR
from sim.core.durations import (
    CONSTANT,
    EXPONENTIAL,
    GAMMA,
    LOGNORMAL,
    TRIANGULAR,
    UNIFORM,
    WEIBULL,
)
from sim.core.tables import NEVER
from sim.language.block import Block, environment, problem
from sim.language.by_interval import Durations, each_of
from sim.language.evidence import TYPED, proposal, source
from sim.language.fields import Duration, Fraction
from sim.language.node import KeyPath

# Limits within which every quantile fits into int64 milliseconds and can be computed at all.
MOST_MEAN_S = WEEKS_PER_YEAR * SECONDS_PER_WEEK
LEAST_CV = 0.001
MOST_GAMMA_CV = 4.0


class DurationSpec(Block):
    """A random duration."""

    main_key: ClassVar[str] = "mean"
    default_distribution: ClassVar[str] = "lognormal"
    default_cv: ClassVar[float] = 1.0

    mean: Duration | None = environment(None, evidence=TYPED)
    """Mean duration; a uniform one has from and to instead, a triangular one min, mode and max."""
    cv: Annotated[Fraction, Field(le=10)] | None = environment(None, evidence=proposal())
    """Coefficient of variation (standard deviation ÷ mean) of a lognormal or gamma duration."""
    distribution: (
        Literal[
            "constant",
            "exponential",
            "lognormal",
            "weibull",
            "gamma",
            "erlang",
            "uniform",
            "triangular",
        ]
        | None
    ) = environment(None, evidence=source("Brown et al. 2005", "handling times are lognormal"))
    """Shape of the distribution; where min, mode and max are given, triangular."""
    shape: Annotated[float, Field(ge=0.2, le=1000)] | None = environment(None, evidence=TYPED)
    """Shape of a Weibull duration, or the whole number of phases of an Erlang one."""
    from_: Duration | None = environment(None, evidence=TYPED, alias="from")
    """Shortest value of a uniform duration."""
    to: Duration | None = environment(None, evidence=TYPED)
    """Longest value of a uniform duration."""
    min: Duration | None = environment(None, evidence=TYPED)
    """Shortest value of a triangular duration."""
    mode: Duration | None = environment(None, evidence=TYPED)
    """Most likely value of a triangular duration."""
    max: Duration | None = environment(None, evidence=TYPED)
    """Longest value of a triangular duration."""

    @model_validator(mode="after")
    def _complete(self) -> DurationSpec:
        kind = self.kind
        article = "an" if kind.startswith("e") else "a"
        if kind == "uniform":
            if self.from_ is None or self.to is None:
                problem((), "a uniform duration needs from and to", "add from: 30 s and to: 3 min")
            if self.from_ > self.to:
                problem(("from",), "from is longer than to", "exchange from and to")
            if self.mean is not None:
                problem(("mean",), "a uniform duration has no separate mean", "leave mean out")
            if not self.to:
                problem(("to",), "a uniform duration that is always 0", "make to longer than 0 s")
        elif kind == "triangular":
            self._is_triangle()
        elif self.mean is None:
            problem((), "the mean is missing", "add mean: 90 s")
        for where, mean in self.means:
            if mean == 0 and kind not in ("constant", "uniform", "triangular"):
                problem(where, "a mean of 0 s", "write none to switch it off, or a longer mean")
            elif mean > MOST_MEAN_S:
                problem(where, "a mean of more than a year", "write a shorter mean")
        if kind in ("weibull", "erlang") and self.shape is None:
            problem((), f"{article} {kind} duration needs a shape", "add shape: 2")
        if kind == "erlang" and self.shape is not None and self.shape != int(self.shape):
            problem(
                ("shape",),
                "an Erlang shape is a whole number of phases",
                "write shape: 2, or use gamma",
            )
        if self.shape is not None and kind not in ("weibull", "erlang"):
            problem(
                ("shape",),
                f"{article} {kind} duration has no shape",
                "leave shape out, or use weibull",
            )
        if self.cv is not None and kind not in ("lognormal", "gamma"):
            problem(
                ("cv",),
                f"{article} {kind} duration has no cv of its own",
                "leave cv out, or use lognormal",
            )
        if self.cv is not None and self.cv < LEAST_CV:
            problem(("cv",), f"a cv of less than {LEAST_CV:.1%}", "write distribution: constant")
        if self.cv is not None and kind == "gamma" and self.cv > MOST_GAMMA_CV:
            problem(("cv",), f"a cv of more than {MOST_GAMMA_CV:.0%}", "use lognormal")
        for end, value in (("min", self.min), ("mode", self.mode), ("max", self.max)):
            if value is not None and kind != "triangular":
                what = f"{article} {kind} duration has no {end}"
                problem((end,), what, f"leave {end} out, or use triangular")
        for end, value in (("from", self.from_), ("to", self.to)):
            if value is not None and kind != "uniform":
                what = f"{article} {kind} duration has no {end}"
                problem((end,), what, f"leave {end} out, or use uniform")
        return self

    def _is_triangle(self) -> None:
        if self.min is None or self.mode is None or self.max is None:
            remedy = "add min: 1 min, mode: 2 min and max: 6 min"
            problem((), "a triangular duration needs min, mode and max", remedy)
        if self.min > self.max:
            problem(("min",), "min is longer than max", "exchange min and max")
        if self.min == self.max:
            problem((), "max is as long as min", "make max longer, or use constant")
        if not self.min <= self.mode <= self.max:
            problem(("mode",), "mode does not lie between min and max", "write one that does")
        if self.mean is not None:
            remedy = "leave mean out; null removes what is inherited"
            problem(("mean",), "a triangular duration has no separate mean", remedy)

    @property
    def kind(self) -> str:
        """The distribution, typed or default."""
        if self.distribution is not None:
            return self.distribution
        is_triangle = any(end is not None for end in (self.min, self.mode, self.max))
        return "triangular" if is_triangle else self.default_distribution

    @property
    def means(self) -> list[tuple[KeyPath, float]]:
        """The mean with its place below the block; none where no mean is typed."""
        return [] if self.mean is None else [(("mean",), self.mean)]

    @property
    def mean_s(self) -> float:
        """Mean in seconds."""
        if self.kind == "uniform":
            return ((self.from_ or 0.0) + (self.to or 0.0)) / 2
        if self.kind == "triangular":
            return ((self.min or 0.0) + (self.mode or 0.0) + (self.max or 0.0)) / 3
        return self.mean or 0.0

    @property
    def spread(self) -> float:
        """Coefficient of variation, typed or default."""
        return self.default_cv if self.cv is None else self.cv


class DurationByTimeSpec(DurationSpec):
    """A random duration whose mean may vary over the day."""

    mean: Durations | None = environment(  # type: ignore[assignment]
        None, evidence=TYPED, traits=("times by interval",)
    )
    """Mean duration, as one or by interval; a uniform one has from and to instead, a triangular one
    min, mode and max."""

    @property
    def means(self) -> list[tuple[KeyPath, float]]:
        """Every mean with its place below the block."""
        return [(("mean", *place), mean) for place, mean in each_of(self.mean)]

    @property
    def mean_s(self) -> float:
        """Mean in seconds; ValueError where it varies: ask for it at a time of day."""
        if isinstance(self.mean, tuple):
            raise ValueError("the mean varies over the day")
        return super().mean_s


def compile_duration(spec: DurationSpec | None) -> tuple[int, float, float, float]:
    """A spec as a row of type DURATION; None becomes NEVER."""
    return (NEVER, 0.0, 0.0, 0.0) if spec is None else parameters(spec)


def parameters(spec: DurationSpec) -> tuple[int, float, float, float]:
    """Kind and three numbers, with which `duration_ms` of core/durations.py gives ms."""
    mean_ms = spec.mean_s * MS_PER_SECOND
    match spec.kind:
        case "constant":
            return CONSTANT, mean_ms, 0.0, 0.0
        case "exponential":
            return EXPONENTIAL, mean_ms, 0.0, 0.0
        case "lognormal":
            variance = math.log1p(spec.spread**2)
            return LOGNORMAL, math.log(mean_ms) - variance / 2, math.sqrt(variance), 0.0
        case "weibull":
            shape = spec.shape or 1.0
            return WEIBULL, mean_ms / math.gamma(1 + 1 / shape), 1 / shape, 0.0
        case "gamma":
            shape = 1 / spec.spread**2
            return GAMMA, shape, mean_ms / shape, 0.0
        case "erlang":
            shape = spec.shape or 1.0
            return GAMMA, shape, mean_ms / shape, 0.0
        case "triangular":
            low_ms, mode_ms, high_ms = (
                (end or 0.0) * MS_PER_SECOND for end in (spec.min, spec.mode, spec.max)
            )
            return TRIANGULAR, low_ms, mode_ms - low_ms, high_ms - mode_ms
        case _:
            low_ms = (spec.from_ or 0.0) * MS_PER_SECOND
            return UNIFORM, low_ms, (spec.to or 0.0) * MS_PER_SECOND - low_ms, 0.0

"""From replications to an estimate with its interval: means, ratios of sums, paired differences.

A metric arrives as one numerator per replication and, if it is a ratio, one denominator per
replication. A ratio is estimated by the ratio of the sums; its interval comes from jackknife
pseudo-values. A rate may be shown on a curve (the share that leaves within a year): the ratio is
formed first, then it and the ends of its interval are read off the curve. Scenarios share their
random numbers replication by replication, so differences are paired: the pseudo-values are
subtracted before anything is squared.

Several scenarios against one baseline are decided by Holm, which holds under any dependence.
Each gets the interval at the level of the step at which Holm tested it, so an interval excludes
zero exactly when Holm rejects: the printed interval and the verdict cannot disagree.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

CONFIDENCE = 0.95


class Estimate(NamedTuple):
    """A value with a two-sided t interval; all nan where replications give none.

    One replication gives a value and no interval. Denominators that sum to 0 give no value.
    """

    value: float
    low: float
    high: float
    half_width: float
    replications: int
    level: float = CONFIDENCE

    @property
    def has_interval(self) -> bool:
        """Whether there is an interval at all."""
        return not math.isnan(self.half_width)

    def times(self, factor: float) -> "Estimate":
        """The same in another unit, or per another time; the factor is above 0."""
        value, low, high, half_width = (part * factor for part in self[:4])
        return Estimate(value, low, high, half_width, self.replications, self.level)


class Sample(NamedTuple):
    """One metric of one scenario, [replication] each; without denominators it is a plain mean."""

    numerators: ArrayLike
    denominators: ArrayLike | None = None
    curve: Callable[[Any], Any] | None = None
    """Turns the ratio into the value that is shown: increasing, of a number or an array."""


class Pairing(NamedTuple):
    """What shared random numbers bought; nan where a scenario does not vary."""

    correlation: float
    """Between the two scenarios, over replications."""
    variance_ratio: float
    """Variance of the paired difference over that of independent runs; 0.2 is one fifth."""


def t_quantile(p: float, dof: float) -> float:
    """The p-quantile of Student's t with `dof` degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(dof, p))


def share_of(successes: int, n: int, level: float = CONFIDENCE) -> Estimate:
    """A share of n replications with Wilson's interval, which stays inside 0 and 1.

    Its middle is not the share: (p + z²/2n) ÷ (1 + z²/n), z the normal quantile of the level.
    """
    from scipy.special import ndtri

    z2 = float(ndtri(0.5 + level / 2.0)) ** 2
    share = successes / n
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2 / n * (share * (1 - share) + z2 / (4 * n))) / (1 + z2 / n)
    return Estimate(share, middle - half, middle + half, half, n, level)


def estimate(sample: Sample, level: float = CONFIDENCE) -> Estimate:
    """The mean, or the ratio of sums, with its interval at `level`.

    ValueError unless numerators and denominators are equally many.
    """
    plain = sample._replace(curve=None)
    e = _interval(_value(plain), _pseudo_values(plain), level)
    if sample.curve is None:
        return e
    value, low, high = (float(sample.curve(part)) for part in e[:3])
    return e._replace(value=value, low=low, high=high, half_width=(high - low) / 2)


def difference(base: Sample, variant: Sample, level: float = CONFIDENCE) -> Estimate:
    """Variant minus base, paired by replication; exactly 0 ± 0 for identical samples.

    ValueError unless both have equally many replications.
    """
    return _interval(_value(variant) - _value(base), _paired(base, variant), level)


def pairing(base: Sample, variant: Sample) -> Pairing:
    """The achieved correlation and variance ratio of a paired difference."""
    a, b, paired = _pseudo_values(base), _pseudo_values(variant), _paired(base, variant)
    if len(paired) < 2 or np.isnan(paired).any():
        return Pairing(math.nan, math.nan)
    var_a, var_b = a.var(ddof=1), b.var(ddof=1)
    if var_a == 0.0 or var_b == 0.0:
        return Pairing(math.nan, math.nan)
    covariance = ((a - a.mean()) * (b - b.mean())).sum() / (len(a) - 1)
    return Pairing(
        float(np.clip(covariance / math.sqrt(var_a * var_b), -1.0, 1.0)),
        float(paired.var(ddof=1) / (var_a + var_b)),
    )


def paired_p_value(base: Sample, variant: Sample) -> float:
    """Two-sided p-value of the paired t test of no difference; 1 if identical, nan if unknown."""
    gap = difference(base, variant)
    if not gap.has_interval:
        return math.nan
    if gap.half_width == 0.0:
        return 1.0 if gap.value == 0.0 else 0.0
    from scipy.special import stdtr

    dof = gap.replications - 1
    t = gap.value / gap.half_width * t_quantile(0.5 + gap.level / 2.0, dof)
    return 2.0 * float(stdtr(dof, -abs(t)))


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values in the order given; reject where at most 1 − level. A nan stays nan."""
    adjusted = [math.nan] * len(p_values)
    largest = 0.0
    for remaining, i in _steps(p_values):
        largest = max(largest, min(1.0, remaining * p_values[i]))
        adjusted[i] = largest
    return adjusted


def holm_differences(
    base: Sample, variants: Sequence[Sample], level: float = CONFIDENCE
) -> list[Estimate]:
    """Every variant minus the base, each at the level of its step in Holm's procedure.

    The smallest of k p-values is tested, and its interval drawn, at 1 − (1 − level) / k, the next
    at 1 − (1 − level) / (k − 1) ...; after the first that is not rejected the level stays. For one
    variant this is the plain paired interval.
    """
    p_values = [paired_p_value(base, variant) for variant in variants]
    first_step = max(1, len(variants))
    levels = [1.0 - (1.0 - level) / first_step] * len(variants)
    stopped_at = 0
    for remaining, i in _steps(p_values):
        step = stopped_at or remaining
        levels[i] = 1.0 - (1.0 - level) / step
        if not stopped_at and not p_values[i] <= (1.0 - level) / step:
            stopped_at = step
    return [difference(base, variant, own) for variant, own in zip(variants, levels, strict=True)]


def quantile_ranks(n: int, p: float, level: float = CONFIDENCE) -> tuple[int, int] | None:
    """Ranks (low, high), counted from 1, whose order statistics enclose the p-quantile.

    All pairs count that cover it with at least `level`, whatever the distribution. Of these it is
    the one with the fewest ranks between them; then the one most likely to cover; then the lower.
    None if n values cannot cover: p95 at 95 % needs 59.
    """
    if n < 1 or not 0.0 < p < 1.0:
        return None
    below = [0.0]  # below[r]: chance that fewer than r of n values lie below the quantile
    for k in range(n):
        log_ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        chance = math.exp(log_ways + k * math.log(p) + (n - k) * math.log1p(-p))
        below.append(below[-1] + chance)
    for width in range(1, n):
        coverage, low = max(
            (round(below[low + width] - below[low], 12), -low) for low in range(1, n - width + 1)
        )
        if coverage >= level:
            return -low, -low + width
    return None


def _value(sample: Sample) -> float:
    numerators, denominators = _columns(sample)
    if denominators is None:
        value = float(numerators.mean()) if len(numerators) else math.nan
    else:
        total = denominators.sum()
        value = float(numerators.sum() / total) if total != 0.0 else math.nan
    return value if sample.curve is None else float(sample.curve(value))


def by_replication(sample: Sample) -> NDArray[np.float64]:
    """[replication] the value of each alone; nan where its denominator is 0."""
    numerators, denominators = _columns(sample)
    values = numerators
    if denominators is not None:
        values = np.full(len(numerators), math.nan)
        np.divide(numerators, denominators, out=values, where=denominators != 0.0)
    return values if sample.curve is None else np.asarray(sample.curve(values))


def _pseudo_values(sample: Sample) -> NDArray[np.float64]:
    """Per replication its own value, or for a ratio what it adds: n R − (n − 1) R without it."""
    numerators, denominators = _columns(sample)
    if denominators is None:
        return by_replication(sample)
    n = len(numerators)
    others = denominators.sum() - denominators
    if n < 2 or denominators.sum() == 0.0 or (others == 0.0).any():
        return np.full(n, math.nan)
    without = (numerators.sum() - numerators) / others
    if sample.curve is not None:
        without = sample.curve(without)
    return n * _value(sample) - (n - 1) * without


def _paired(base: Sample, variant: Sample) -> NDArray[np.float64]:
    a, b = _pseudo_values(base), _pseudo_values(variant)
    if len(a) != len(b):
        raise ValueError(f"{len(a)} replications cannot be paired with {len(b)}")
    return b - a


def _interval(value: float, pseudo_values: NDArray[np.float64], level: float) -> Estimate:
    n = len(pseudo_values)
    if n < 2 or math.isnan(value) or np.isnan(pseudo_values).any():
        return Estimate(value, math.nan, math.nan, math.nan, n, level)
    spread = 0.0
    if (pseudo_values != pseudo_values[0]).any():  # identical values may not average to themselves
        spread = float(pseudo_values.std(ddof=1))
    half_width = t_quantile(0.5 + level / 2.0, n - 1) * spread / math.sqrt(n)
    return Estimate(value, value - half_width, value + half_width, half_width, n, level)


def _columns(sample: Sample) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    numerators = np.asarray(sample.numerators, dtype=np.float64)
    if sample.denominators is None:
        return numerators, None
    denominators = np.asarray(sample.denominators, dtype=np.float64)
    if numerators.shape != denominators.shape:
        raise ValueError(f"{len(numerators)} numerators need as many denominators")
    return numerators, denominators


def _steps(p_values: Sequence[float]) -> list[tuple[int, int]]:
    """Holm's order: (hypotheses remaining, index), smallest p first; nan has no step."""
    known = sorted((p, i) for i, p in enumerate(p_values) if not math.isnan(p))
    return [(len(p_values) - rank, i) for rank, (_, i) in enumerate(known)]

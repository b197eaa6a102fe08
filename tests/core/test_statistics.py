"""Intervals from replications: coverage, ratios of sums, pairing, Holm, ranks of quantiles."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.core.statistics import (
    Sample,
    difference,
    estimate,
    holm,
    holm_differences,
    paired_p_value,
    pairing,
    quantile_ranks,
    t_quantile,
)

STEADY = settings(deadline=None, derandomize=True)


def test_mean_and_t_interval():
    """1, 2, 3, 4: mean 2.5, half-width t(0.975, 3) · 1.29099 / 2."""
    found = estimate(Sample([1.0, 2.0, 3.0, 4.0]))
    assert found.value == 2.5
    assert found.half_width == pytest.approx(3.182446 * 1.2909944 / 2, rel=1e-6)
    assert (found.low, found.high) == (2.5 - found.half_width, 2.5 + found.half_width)
    assert found.replications == 4


def test_ratio_is_of_sums_with_jackknife_interval():
    """(1, 9) over (10, 10), (2, 6): the ratio of sums, and an interval worked out by hand."""
    assert estimate(Sample([1.0, 9.0], [1.0, 99.0])).value == pytest.approx(0.1)
    numerators, denominators = [2.0, 3.0, 7.0], [4.0, 5.0, 6.0]
    found = estimate(Sample(numerators, denominators))
    pseudo = [3 * 12 / 15 - 2 * w for w in (10 / 11, 9 / 10, 5 / 9)]
    spread = float(np.std(pseudo, ddof=1))
    assert found.value == pytest.approx(0.8)
    assert found.half_width == pytest.approx(4.302653 * spread / math.sqrt(3), rel=1e-6)


def test_equal_denominators_give_the_plain_interval():
    """A ratio whose denominators are all 4 is a quarter of the mean, interval included."""
    values = [3.0, 5.0, 4.0, 9.0]
    ratio, mean = estimate(Sample(values, [4.0] * 4)), estimate(Sample(values))
    assert ratio.value == pytest.approx(mean.value / 4)
    assert ratio.half_width == pytest.approx(mean.half_width / 4)


def test_one_replication_has_no_interval():
    """One replication gives a value, and neither an interval nor a p-value."""
    found = estimate(Sample([5.0], [2.0]))
    assert found.value == 2.5
    assert not found.has_interval
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert math.isnan(paired_p_value(Sample([1.0]), Sample([2.0])))


def test_nothing_to_divide_by():
    """Denominators of 0 give no value; a single one that is not gives no interval."""
    assert math.isnan(estimate(Sample([0.0, 0.0], [0.0, 0.0])).value)
    lonely = estimate(Sample([3.0, 0.0], [6.0, 0.0]))
    assert lonely.value == 0.5
    assert not lonely.has_interval
    assert math.isnan(estimate(Sample([])).value)


@pytest.mark.parametrize("divided", [False, True])
def test_coverage(divided):
    """Over 2,000 seeds, 95 % intervals of 20 replications cover the truth 93.5 to 96.5 %."""
    covered = 0
    for seed in range(2000):
        rng = np.random.default_rng(seed)
        calls = rng.normal(1000.0, 100.0, 20)
        costs = 5.0 * calls + rng.normal(0.0, 300.0, 20)
        sample, truth = (Sample(costs, calls), 5.0) if divided else (Sample(costs), 5000.0)
        found = estimate(sample)
        covered += found.low <= truth <= found.high
    assert 0.935 <= covered / 2000 <= 0.965


@STEADY
@given(
    st.lists(st.tuples(st.floats(-1e9, 1e9), st.floats(0.001, 1e6)), min_size=2, max_size=30),
    st.booleans(),
)
def test_a_scenario_against_itself(rows, divided):
    """The difference of identical samples is exactly 0 with width exactly 0, and its p is 1."""
    numerators, denominators = (list(column) for column in zip(*rows, strict=True))
    sample = Sample(numerators, denominators if divided else None)
    found = difference(sample, Sample(*sample))
    assert (found.value, found.low, found.high, found.half_width) == (0.0, 0.0, 0.0, 0.0)
    assert paired_p_value(sample, Sample(*sample)) == 1.0


def test_pairing_removes_shared_luck():
    """A variant that adds about 1 to noise of 100 is told apart only because luck is shared."""
    rng = np.random.default_rng(5)
    luck = rng.normal(0.0, 100.0, 30)
    base, variant = Sample(luck), Sample(luck + 1.0 + rng.normal(0.0, 0.5, 30))
    found = difference(base, variant)
    assert 0.5 < found.low < 1.0 < found.high < 1.5
    assert estimate(variant).half_width > 30.0
    assert pairing(base, variant).correlation > 0.9999


def test_a_correlation_of_four_fifths_leaves_one_fifth_of_the_variance():
    """Equal variances and correlation ρ leave 1 − ρ of the variance of independent runs."""
    first, second = np.array([1.0, -1.0, 1.0, -1.0]), np.array([1.0, 1.0, -1.0, -1.0])
    found = pairing(Sample(first), Sample(0.8 * first + 0.6 * second))
    assert found.correlation == pytest.approx(0.8)
    assert found.variance_ratio == pytest.approx(0.2)
    assert all(math.isnan(value) for value in pairing(Sample([1.0, 1.0]), Sample([1.0, 2.0])))


def test_paired_p_value():
    """Differences 1, 2, 3: t = 2 · √3 with 2 degrees of freedom, p = 0.0742."""
    assert paired_p_value(Sample([0.0] * 3), Sample([1.0, 2.0, 3.0])) == pytest.approx(
        0.0741799, rel=1e-5
    )
    assert paired_p_value(Sample([0.0] * 3), Sample([2.0] * 3)) == 0.0


def test_replications_must_pair():
    """Samples of different length are refused."""
    with pytest.raises(ValueError, match="2 replications cannot be paired with 3"):
        difference(Sample([1.0, 2.0]), Sample([1.0, 2.0, 3.0]))
    with pytest.raises(ValueError, match="as many denominators"):
        estimate(Sample([1.0, 2.0], [1.0]))


def test_holm_steps_down():
    """Smallest p times 4, next times 3 ..., never falling, at most 1, in the order given."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []
    for k, rank in ((7, 0), (7, 3), (7, 6)):
        limit = [0.00714, 0.00833, 0.01, 0.0125, 0.01667, 0.025, 0.05][rank]
        p_values = [1e-9] * rank + [limit * 0.99] + [0.9] * (k - rank - 1)
        assert holm(p_values)[rank] <= 0.05
        p_values[rank] = limit * 1.01
        assert holm(p_values)[rank] > 0.05


def test_holm_counts_what_it_cannot_test():
    """A comparison without a p-value stays without, and still makes the others stricter."""
    adjusted = holm([0.02, math.nan])
    assert adjusted[0] == pytest.approx(0.04)
    assert math.isnan(adjusted[1])


def test_intervals_are_drawn_at_the_level_of_their_step():
    """Strong, middling, null, null: levels α/4, α/3, then α/2 for both that remain."""
    luck = np.random.default_rng(1).normal(0.0, 1.0, (5, 30))
    base = Sample(np.zeros(30))
    variants = [Sample(shift + noise) for shift, noise in zip((0, 5, 0, 1), luck, strict=False)]
    found = holm_differences(base, variants)
    expected = [0.975, 1 - 0.05 / 4, 0.975, 1 - 0.05 / 3]
    assert [gap.level for gap in found] == pytest.approx(expected)
    assert holm_differences(base, variants[:1])[0] == difference(base, variants[0])


@STEADY
@given(st.integers(0, 10_000), st.integers(1, 8))
def test_interval_excludes_zero_exactly_when_holm_rejects(seed, k):
    """The printed interval and Holm's decision never disagree."""
    rng = np.random.default_rng(seed)
    base = Sample(rng.normal(0.0, 1.0, 12))
    variants = [Sample(base.numerators + rng.normal(rng.normal(0, 0.8), 1.0, 12)) for _ in range(k)]
    adjusted = holm([paired_p_value(base, variant) for variant in variants])
    for gap, p in zip(holm_differences(base, variants), adjusted, strict=True):
        assert (gap.low > 0.0 or gap.high < 0.0) == (p <= 0.05)


def test_bonferroni_t():
    """The first of seven Holm steps with 30 replications uses t = 2.8945, a single one 2.0452."""
    assert t_quantile(1 - 0.025 / 7, 29) == pytest.approx(2.8945, abs=5e-5)
    assert t_quantile(0.975, 29) == pytest.approx(2.0452, abs=5e-5)


def test_ranks_around_a_quantile():
    """Known ranks for 100 values, and the 59 that a bound on the 95th percentile needs."""
    assert quantile_ranks(100, 0.5) == (40, 60)
    assert quantile_ranks(100, 0.9) == (84, 96)
    assert quantile_ranks(58, 0.95) is None
    assert quantile_ranks(59, 0.95)[1] == 59
    assert quantile_ranks(1, 0.5) is None
    assert quantile_ranks(0, 0.5) is None


def test_ranks_cover_the_quantile():
    """The 84th and 96th of 100 uniform values enclose 0.9 in 95.6 % of 4,000 trials."""
    values = np.sort(np.random.default_rng(3).random((4000, 100)), axis=1)
    covered = (values[:, 83] <= 0.9) & (values[:, 95] > 0.9)
    assert covered.mean() == pytest.approx(0.956, abs=0.01)

"""Quantiles against scipy, and the means and variations of durations."""

import json
import math
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from numba import njit
from scipy import integrate, special, stats

from sim.core import dice
from sim.core.durations import DURATION, duration_ms
from sim.core.quantiles import (
    exponential_quantile,
    gamma_probability,
    gamma_quantile,
    normal_probability,
    normal_quantile,
    triangular_quantile,
)
from sim.language.duration_spec import DurationSpec, compile_duration

LOW = [10.0**-e for e in (300, 100, 50, 16, 12, 8, 5, 3, 2)]
MIDDLE = np.linspace(0.02, 0.98, 97).tolist()
HIGH = [1 - 10.0**-e for e in (2, 3, 5, 8, 12, 15)]
SHAPES = [0.02, 0.1, 0.5, 0.99, 1.0, 1.01, 2.0, 7.3, 51.0, 100.0, 278.0, 1e3, 3e3, 1e5, 1e6]


@pytest.mark.parametrize("p", [*LOW, *MIDDLE, *HIGH])
def test_normal_quantile(p):
    """Wichura's AS 241 gives sixteen figures, far into the tails."""
    assert normal_quantile(p) == pytest.approx(special.ndtri(p), rel=2e-15, abs=1e-16)


def test_normal_quantile_is_odd_and_inverts():
    """Symmetric about a half; the distribution function leads back."""
    for p in MIDDLE:
        assert normal_quantile(1 - p) == pytest.approx(-normal_quantile(p), rel=1e-12, abs=1e-15)
        assert normal_probability(normal_quantile(p)) == pytest.approx(p, rel=1e-14)
    assert normal_quantile(0.5) == 0.0
    assert normal_probability(-10.0) == pytest.approx(special.ndtr(-10.0), rel=1e-13)


@pytest.mark.parametrize("p", [*LOW[3:], *MIDDLE, *HIGH])
def test_exponential_quantile(p):
    """−log(1 − p)."""
    assert exponential_quantile(p) == pytest.approx(
        stats.expon.ppf(p), rel=1e-3 if p < 1e-12 else 1e-7
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_gamma_probability(shape):
    """Series and continued fraction agree with scipy on both sides of the mean."""
    for x in [shape * f for f in (1e-6, 0.01, 0.5, 0.9, 0.999, 1.001, 1.1, 2, 10)] + [shape + 1]:
        expected = special.gammainc(shape, x)
        assert gamma_probability(shape, x) == pytest.approx(expected, rel=1e-8, abs=1e-13)
    assert gamma_probability(shape, 0.0) == 0.0


@njit
def gamma_quantiles(shape, ps):
    """Quantiles of many probabilities."""
    found = np.empty(len(ps))
    for i in range(len(ps)):
        found[i] = gamma_quantile(shape, ps[i])
    return found


@pytest.mark.parametrize("shape", SHAPES)
def test_gamma_quantile(shape):
    """Wide shapes, both tails and twenty thousand places between, against scipy."""
    between = np.random.default_rng(1).random(20_000 if shape < 1e5 else 2_000)
    ps = np.concatenate([[1e-12, 1e-8, 1e-5, 1e-3], MIDDLE, HIGH[:4], between])
    expected = special.gammaincinv(shape, ps)
    ps, expected = ps[expected > 1e-290], expected[expected > 1e-290]  # below are denormal numbers
    found = gamma_quantiles(shape, ps)
    wrong = np.flatnonzero(np.abs(found / expected - 1) > 1e-8)
    assert not len(wrong), f"{len(wrong)} of {len(ps)}: {ps[wrong[0]]!r} gives {found[wrong[0]]!r}"


def test_gamma_quantile_far_in_the_upper_tail():
    """Where 1 − p has few figures left, the quantile still has five."""
    for shape in SHAPES:
        expected = special.gammaincinv(shape, 1 - 1e-12)
        assert gamma_quantile(shape, 1 - 1e-12) == pytest.approx(expected, rel=1e-5), shape


@pytest.mark.parametrize("shape", SHAPES)
def test_gamma_quantile_rises(shape):
    """A larger uniform number never gives a smaller quantile."""
    found = gamma_quantiles(shape, np.linspace(0.001, 0.999, 2000))
    assert (np.diff(found) >= 0).all()


@pytest.mark.parametrize("cv", [0.02, 0.1, 0.14, 0.5, 1.0, 3.0])
def test_a_gamma_factor_has_mean_1_and_its_cv(cv):
    """Busyness: the quantile of shape 1/cv² over its shape, integrated over the uniform."""
    shape = 1 / cv**2

    def moment(power):
        parts = [0, 1e-6, 1e-3, 0.5, 0.999, 1 - 1e-6, 1 - 1e-12]
        return sum(
            integrate.quad(lambda p: (gamma_quantile(shape, p) / shape) ** power, a, b, limit=200)[
                0
            ]
            for a, b in pairwise(parts)
        )

    assert moment(1) == pytest.approx(1, rel=1e-6)
    assert math.sqrt(moment(2) - 1) == pytest.approx(cv, rel=1e-4)


def test_triangular_quantile_by_hand():
    """Of 0 to 8 with the mode at 2: a quarter of the area lies below it, the rest falls to 8."""
    places = [0.0, 1 / 16, 1 / 4, 1 - 3 / 16, 1 - 3 / 64, 1 - 1 / 1200]
    expected = [0.0, 1.0, 2.0, 5.0, 6.5, 7.8]
    assert [triangular_quantile(2.0, 6.0, p) for p in places] == pytest.approx(expected, abs=1e-12)


def test_a_triangle_may_stand_upright_on_either_end():
    """Mode at the least value or at the most; the other side has no width."""
    assert triangular_quantile(0.0, 4.0, 0.0) == 0.0
    assert triangular_quantile(0.0, 4.0, 0.75) == 2.0
    assert triangular_quantile(4.0, 0.0, 0.25) == 2.0
    assert triangular_quantile(4.0, 0.0, 1 - 2.0**-53) <= 4.0


# --- durations -----------------------------------------------------------------------------------

DRAWS = 20_000


@njit
def durations(rows, factor, source, stream):
    """Milliseconds of many who have luck."""
    found = np.empty(DRAWS, np.int64)
    for i in range(DRAWS):
        found[i] = duration_ms(rows[0], factor, dice.split(source, i), stream, 1)
    return found


def drawn(spec, factor=1.0):
    """Many durations in seconds."""
    rows = np.array([compile_duration(DurationSpec.model_validate(spec))], DURATION)
    source = dice.luck_of(11, 0, "durations")
    return durations(rows.view(np.recarray), factor, source, np.uint64(dice.TALK)) / 1000


@pytest.mark.parametrize(
    ("spec", "mean_s", "cv"),
    [
        ({"mean": "270 s", "distribution": "lognormal", "cv": 0.8}, 270, 0.8),
        ({"mean": "270 s", "cv": 0.2}, 270, 0.2),
        ({"mean": "5 min", "distribution": "exponential"}, 300, 1.0),
        ({"mean": "5 min", "distribution": "gamma", "cv": 0.5}, 300, 0.5),
        ({"mean": "5 min", "distribution": "gamma", "cv": 1.5}, 300, 1.5),
        ({"mean": "5 min", "distribution": "erlang", "shape": 4}, 300, 0.5),
        ({"mean": "5 min", "distribution": "weibull", "shape": 1}, 300, 1.0),
        ({"mean": "5 min", "distribution": "weibull", "shape": 2}, 300, 0.5227),
        ({"mean": "5 min", "distribution": "weibull", "shape": 0.7}, 300, 1.4624),
        ({"distribution": "uniform", "from": "1 min", "to": "3 min"}, 120, 1 / math.sqrt(12)),
        ({"mean": "90 s", "distribution": "constant"}, 90, 0.0),
        ({"min": "1 min", "mode": "2 min", "max": "6 min"}, 180, math.sqrt(21 / 18) / 3),
        ({"min": "0 s", "mode": "0 s", "max": "6 min"}, 120, math.sqrt(1 / 2)),
        ({"distribution": "triangular", "min": "0 s", "mode": "6 min", "max": "6 min"},
         240, math.sqrt(1 / 8)),
    ],
    ids=lambda value: value.get("distribution", "default") if isinstance(value, dict) else None,
)  # fmt: skip
def test_mean_and_variation_of_durations(spec, mean_s, cv):
    """Twenty thousand draws have the mean and the variation asked for."""
    seconds = drawn(spec)
    assert seconds.mean() == pytest.approx(mean_s, abs=4 * cv * mean_s / math.sqrt(DRAWS) + 1e-9)
    if cv <= 1:
        assert seconds.std() / seconds.mean() == pytest.approx(cv, rel=0.05, abs=1e-9)
    spec_mean_s = DurationSpec.model_validate(spec).mean_s
    assert spec_mean_s == pytest.approx(mean_s)


@pytest.mark.parametrize(
    ("spec", "scipy"),
    [
        ({"mean": "60 s", "cv": 1.0}, stats.lognorm(math.sqrt(math.log(2)), scale=60 / math.sqrt(2))),
        ({"mean": "60 s", "distribution": "exponential"}, stats.expon(scale=60)),
        ({"mean": "60 s", "distribution": "gamma", "cv": 0.8}, stats.gamma(1.5625, scale=38.4)),
        ({"mean": "60 s", "distribution": "erlang", "shape": 3}, stats.gamma(3, scale=20)),
        ({"mean": "60 s", "distribution": "weibull", "shape": 2},
         stats.weibull_min(2, scale=60 / math.gamma(1.5))),
        ({"distribution": "uniform", "from": "10 s", "to": "70 s"}, stats.uniform(10, 60)),
        ({"min": "60 s", "mode": "120 s", "max": "400 s"}, stats.triang(60 / 340, 60, 340)),
        ({"min": "60 s", "mode": "60 s", "max": "400 s"}, stats.triang(0, 60, 340)),
    ],
    ids=lambda value: value.get("distribution", "lognormal") if isinstance(value, dict) else None,
)  # fmt: skip
def test_distribution_of_durations(spec, scipy):
    """Each has the distribution of its name."""
    assert stats.kstest(drawn(spec), scipy.cdf).pvalue > 0.001


def test_durations_are_whole_milliseconds_and_at_least_1():
    """Rounded to the nearest; nothing takes no time."""
    assert drawn({"mean": "1.6 s", "distribution": "constant"}, factor=0.001)[0] == 0.002
    assert drawn({"mean": "1.4 s", "distribution": "constant"}, factor=0.001)[0] == 0.001
    assert drawn({"mean": "0.1 s", "distribution": "constant"}, factor=0.001)[0] == 0.001
    tiny = drawn({"mean": "0.002 s", "distribution": "exponential"})
    assert tiny.min() == 0.001
    assert np.array_equal(tiny * 1000, np.round(tiny * 1000))


def test_a_factor_stretches_every_draw():
    """A slower group needs twice the time for the same luck, to the rounding."""
    spec = {"mean": "60 s", "cv": 1.0}
    assert np.abs(drawn(spec, 2.0) - 2 * drawn(spec)).max() < 0.0011


def test_machine_code_equals_plain_python():
    """Quantiles give the same bits whether compiled or not; gamma's logarithm is the platform's."""
    script = """
import json, sys
from sim.core import quantiles
assert "numba" not in sys.modules
"""
    ps = [*LOW[3:], *MIDDLE, *HIGH[:4]]
    exact = f"[[quantiles.normal_quantile(p), quantiles.exponential_quantile(p)] for p in {ps}]"
    close = f"[quantiles.gamma_quantile(s, p) for s in (0.3, 1.0, 51.0, 100.0) for p in {ps}]"
    plain = subprocess.run(
        [sys.executable, "-c", f"{script}print(json.dumps([{exact}, {close}]))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    normal, gamma = json.loads(plain.stdout)
    assert normal == [[normal_quantile(p), exponential_quantile(p)] for p in ps]
    compiled = [gamma_quantile(s, p) for s in (0.3, 1.0, 51.0, 100.0) for p in ps]
    assert gamma == pytest.approx(compiled, rel=1e-12, abs=0)

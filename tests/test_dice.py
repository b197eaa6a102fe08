"""The random numbers: the published generator, the same in machine code and in plain Python."""

import json
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

import sim.engine  # noqa: F401  compiles the rules
from sim import dice

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
LUCKS = [0, 1, 42, 1 << 62, (1 << 63) - 1, 1 << 63, MASK, 0x9E3779B97F4A7C15, 1234567890123456789]
ATTEMPTS = [0, 1, 2, 3, 1000, 1 << 40, -1, -5]


def uniforms(lucks, stream=dice.PATIENCE, attempt=0):
    """Uniform numbers of many who have luck."""
    return np.array([dice.uniform(luck, stream, attempt) for luck in lucks])


def children(seed, n, *names):
    """The lucks of n issues."""
    source = dice.luck_of(seed, 0, *names)
    return [np.uint64(dice.split(source, i)) for i in range(n)]


def test_published_vectors():
    """The first outputs of SplitMix64 with the seed 1234567."""
    published = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert [int(dice.split(np.uint64(1234567), n)) for n in range(5)] == published


def test_machine_code_equals_plain_python():
    """Every function gives the same bits whether compiled or not."""
    script = f"""
import json, sys
from sim import dice
assert "numba" not in sys.modules
print(json.dumps([
    [int(dice.split(luck, n)), dice.uniform(luck, dice.TALK, n).hex()]
    for luck in {LUCKS} for n in {ATTEMPTS}
] + [[int(dice.luck_of(7, 3, "issues", "service", luck % 99)), int(dice.mix64(luck))]
     for luck in {LUCKS}]))
"""
    plain = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    compiled = [
        [int(dice.split(np.uint64(luck), n)), dice.uniform(np.uint64(luck), dice.TALK, n).hex()]
        for luck in LUCKS
        for n in ATTEMPTS
    ] + [
        [int(dice.luck_of(7, 3, "issues", "service", luck % 99)), int(dice.mix64(np.uint64(luck)))]
        for luck in LUCKS
    ]
    assert json.loads(plain.stdout) == compiled


def unmix(z):
    """The number that mix64 turns into z."""

    def unshift(y, bits):
        x = y
        for _ in range(64 // bits + 1):
            x = y ^ (x >> bits)
        return x

    z = unshift(z, 31) * pow(0x94D049BB133111EB, -1, 1 << 64) & MASK
    z = unshift(z, 27) * pow(0xBF58476D1CE4E5B9, -1, 1 << 64) & MASK
    return unshift(z, 30)


@pytest.mark.parametrize("bits", [0, MASK, MASK - (1 << 11), 1 << 63, 1 << 11])
def test_a_uniform_number_is_never_0_or_1(bits):
    """Inside (0, 1) even where all bits are 0 or 1."""
    luck = (unmix(bits) - GOLDEN - dice.TALK) & MASK
    assert dice.split(np.uint64((luck + dice.TALK) & MASK), 0) == bits
    assert 0.0 < dice.uniform(np.uint64(luck), dice.TALK, 0) < 1.0


def test_names_are_told_apart():
    """Different seeds, replications, names and orders of names have different luck."""
    names = [
        (1, 0, "a"), (2, 0, "a"), (1, 1, "a"), (0, 1, "a"), (1, 0, "b"), (1, 0, "a", "b"),
        (1, 0, "b", "a"), (1, 0, "ab"), (1, 0, "a", 0), (1, 0, "a", 1), (1, 0), (1, 0, ""),
    ]  # fmt: skip
    assert len({int(dice.luck_of(*name)) for name in names}) == len(names)


def test_luck_is_frozen():
    """Luck and numbers of a name never change: results can be repeated in later versions."""
    assert int(dice.luck_of(1, 0, "issues", "service")) == 0
    assert dice.uniform(dice.luck_of(1, 0, "issues", "service"), dice.PATIENCE, 1) == 0


@pytest.mark.parametrize(
    "draw",
    [
        lambda n: uniforms(children(1, n, "issues", "a")),
        lambda n: uniforms(children(1, n, "issues", "a"), dice.TALK, 3),
        lambda n: np.array([dice.uniform(dice.luck_of(2, 0), dice.CHURN, i) for i in range(n)]),
        lambda n: np.array([dice.uniform(dice.luck_of(s, 0), dice.LEVEL, 0) for s in range(n)]),
        lambda n: np.array([dice.uniform(dice.luck_of(3, r), dice.LEVEL, 0) for r in range(n)]),
        lambda n: np.array([dice.uniform(np.uint64(i), dice.LEVEL, 0) for i in range(n)]),
    ],
    ids=["issues", "attempt 3", "attempts", "seeds", "replications", "small lucks"],
)
def test_uniform_and_independent(draw):
    """In whatever direction numbers are named, they look uniform and unrelated to the last."""
    u = draw(20_000)
    assert stats.kstest(u, "uniform").pvalue > 0.001
    counts = np.histogram(u, 100, (0, 1))[0]
    assert stats.chisquare(counts).pvalue > 0.001
    for lag in (1, 2, 96):
        pairs = np.histogram2d(u[:-lag], u[lag:], 10, [(0, 1), (0, 1)])[0]
        assert stats.chisquare(pairs.ravel()).pvalue > 0.001
        assert abs(stats.pearsonr(u[:-lag], u[lag:]).statistic) < 4 / np.sqrt(len(u))


def test_streams_are_independent():
    """The numbers of one issue in any two streams are unrelated."""
    lucks = children(9, 5000, "issues", "a")
    streams = [
        value
        for name, value in vars(dice).items()
        if name.isupper() and isinstance(value, int) and value >> 63 and not name.startswith("_")
    ]
    assert len(streams) == len(set(streams)) > 20
    table = np.array([uniforms(lucks, stream) for stream in streams])
    correlation = np.corrcoef(table) - np.eye(len(streams))
    assert np.abs(correlation).max() < 5 / np.sqrt(len(lucks))


def test_every_bit_is_balanced():
    """Each of the 64 bits of luck is 1 in half of the cases, and neighbours differ in half."""
    lucks = np.array(children(4, 20_000, "issues"), np.uint64)
    bits = (lucks[:, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)
    assert np.abs(bits.mean(axis=0) - 0.5).max() < 4.5 * 0.5 / np.sqrt(len(lucks))
    flipped = [int(a ^ b).bit_count() for a, b in pairwise(lucks.tolist())]
    assert np.mean(flipped) == pytest.approx(32, abs=0.15)

"""The random numbers: the published generator, the same in machine code and in plain Python."""

import json
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from numba import njit
from scipy import stats

from sim.core import dice

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
LUCKS = [0, 1, 42, 1 << 62, (1 << 63) - 1, 1 << 63, MASK, 0x9E3779B97F4A7C15, 1234567890123456789]
ATTEMPTS = [0, 1, 2, 3, 1000, 1 << 40, -1, -5]


@njit
def uniforms(lucks, stream, attempts):
    """Uniform numbers of all who have luck, one attempt each."""
    u = np.empty(len(lucks))
    for i in range(len(lucks)):
        u[i] = dice.uniform(lucks[i], stream, attempts[i])
    return u


@njit
def children(source, n):
    """The lucks of n issues."""
    lucks = np.empty(n, np.uint64)
    for i in range(n):
        lucks[i] = dice.split(source, i)
    return lucks


def drawn(lucks, stream=dice.PATIENCE, attempts=0):
    """Uniform numbers of a stream; attempts are one for all, or one each."""
    lucks = np.asarray(lucks, np.uint64)
    return uniforms(lucks, np.uint64(stream), np.zeros(len(lucks), np.int64) + attempts)


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
from sim.core import dice
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
    luck = dice.luck_of(1, 0, "issues", "service")
    assert int(luck) == 9251453533094180048
    assert dice.uniform(luck, dice.PATIENCE, 1) == 0.5053411577578829


@pytest.mark.parametrize(
    "draw",
    [
        lambda n: drawn(children(dice.luck_of(1, 0, "issues", "a"), n)),
        lambda n: drawn(children(dice.luck_of(1, 0, "issues", "a"), n), dice.TALK, 3),
        lambda n: drawn(np.full(n, dice.luck_of(2, 0)), dice.CHURN, np.arange(n)),
        lambda n: drawn([dice.luck_of(seed, 0) for seed in range(n)]),
        lambda n: drawn([dice.luck_of(3, replication) for replication in range(n)]),
        lambda n: drawn(np.arange(n)),
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
    lucks = children(dice.luck_of(9, 0, "issues", "a"), 20_000)
    streams = [
        value
        for name, value in vars(dice).items()
        if name.isupper() and isinstance(value, int) and value >> 63 and not name.startswith("_")
    ]
    assert len(streams) == len(set(streams)) > 20
    table = np.array([drawn(lucks, stream) for stream in streams])
    correlation = np.corrcoef(table) - np.eye(len(streams))
    assert np.abs(correlation).max() < 5 / np.sqrt(len(lucks))


def test_every_bit_is_balanced():
    """Each of the 64 bits of luck is 1 in half of the cases, and neighbours differ in half."""
    lucks = children(dice.luck_of(4, 0, "issues"), 20_000)
    bits = (lucks[:, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)
    assert np.abs(bits.mean(axis=0) - 0.5).max() < 4.5 * 0.5 / np.sqrt(len(lucks))
    flipped = [int(a ^ b).bit_count() for a, b in pairwise(lucks.tolist())]
    assert np.mean(flipped) == pytest.approx(32, abs=0.15)

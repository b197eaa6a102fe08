"""What a comparison says does not depend on who is asked first, nor on who else is there."""

from __future__ import annotations

import math

import pytest

import sim
from sim.scenario.load import load

from .centers import assert_same_tables, center, played, written

VARIANTS = {
    "always": {"offers": {"broadband": {"policy": None, "offer": "always"}}},
    "fewer-seats": {"agents": {"first": {"positions": 3}}},
    "never": {"offers": {"broadband": {"policy": None, "offer": "never"}}},
}
OPPOSITE = {"better": "worse", "worse": "better"}
SEEDS = range(3)


@pytest.fixture(params=SEEDS)
def runs(tmp_path, request):
    """A center and its variants, played."""
    root = load(written(tmp_path, center(request.param) | {"replications": 6}, "root.yaml"))
    found = {"root": played(root)}
    for name, typed in VARIANTS.items():
        file = written(tmp_path, {"name": name, "based_on": "root.yaml"} | typed, f"{name}.yaml")
        found[name] = played(load(file))
    return found


def figures(gap) -> list[float]:
    """What is printed of a difference."""
    return [gap.value, gap.low, gap.high]


def test_mirror_images(runs):
    """Whoever is the baseline: the difference changes its sign, and better becomes worse."""
    for name in VARIANTS:
        there = sim.compare([runs["root"], runs[name]]).variants[0]
        back = sim.compare([runs[name], runs["root"]]).variants[0]
        assert back.verdict.kind == OPPOSITE.get(there.verdict.kind, there.verdict.kind)
        for metric, one in there.differences.items():
            value, low, high = figures(back.differences[metric].gap)
            mirrored = pytest.approx([-value, -high, -low], rel=1e-9, abs=1e-9, nan_ok=True)
            assert figures(one.gap) == mirrored, metric


def test_three_against_pairwise(runs):
    """More variants widen the intervals that decide (Holm), and change nothing else."""
    base, *others = runs.values()
    together = sim.compare([base, *others]).variants
    for run, one in zip(others, together, strict=True):
        alone = sim.compare([base, run]).variants[0]
        for metric, gap in one.differences.items():
            expected = pytest.approx(figures(alone.differences[metric].gap), nan_ok=True)
            assert figures(gap.gap) == expected, metric
        assert one.verdict.difference == alone.verdict.difference
        width = one.verdict.high - one.verdict.low
        assert width >= (alone.verdict.high - alone.verdict.low) * (1 - 1e-12)


def test_over_a_third(runs):
    """From A to B and from B to C is from A to C."""
    names = list(VARIANTS)
    for metric in ("contribution", "cost", "customers"):
        steps = [
            sim.compare([runs[a], runs[b]]).variants[0].differences[metric].gap.value
            for a, b in (("root", names[0]), (names[0], names[1]))
        ]
        whole = sim.compare([runs["root"], runs[names[1]]]).variants[0]
        gap = whole.differences[metric].gap.value
        assert math.isclose(sum(steps), gap, rel_tol=1e-9, abs_tol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_point_of_a_sweep_is_a_variant(tmp_path, seed):
    """A decision swept to a value is a variant that types the value, to the byte."""
    from sim.experiments.axes import read_vary
    from sim.experiments.sweep import grid_of

    root = written(tmp_path, center(seed), "root.yaml")
    axes = [read_vary("agents.first.positions.seats=3:5:1")]
    points = grid_of(str(root), (), axes).points
    assert [point.label for point in points] == ["seats=3", "seats=4", "seats=5"]
    for seats, point in zip((3, 4, 5), points, strict=True):
        typed = {"based_on": "root.yaml", "agents": {"first": {"positions": {"seats": seats}}}}
        variant = load(written(tmp_path, typed, f"{seats}.yaml"))
        assert_same_tables(played(point.scenario), played(variant))

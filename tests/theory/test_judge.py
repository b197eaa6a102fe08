"""The judge of the exact cases: does it find the guilty, and only them?"""

import json
import math

import numpy as np
import pytest

from . import cases, days, measure, metrics
from .judge import Finding, Round, first_seed, holm, jackknife, judge, play_round
from .report import table

needs_reference = pytest.mark.skipif(
    not (cases.QUEUES.exists() and cases.CHAIN.exists()),
    reason="the exact cases are not part of this project",
)
SMALL = "erlangA_8_n1"


def finding(z: float, quantity: str = "asa") -> Finding:
    """A finding so many standard errors from what is expected."""
    return Finding(quantity, 10.0, 10.0 + z, 1.0, 1.0)


def small_case() -> cases.Case:
    """One agent, two arrivals per service, with a tenth of its batches: half a second."""
    case = next(c for c in cases.queueing_cases() if c.name == SMALL)
    return case._replace(plan=case.plan._replace(replications=20))


def test_jackknife_of_a_mean_is_the_usual_standard_error():
    """For a plain mean, leaving out one batch at a time gives s/√n."""
    values = np.random.default_rng(7).normal(3.0, 2.0, 50)
    by_batch = np.stack([values, np.ones(50)], axis=1)
    mean, error = jackknife(by_batch, lambda s: s[..., 0] / s[..., 1])
    assert mean == pytest.approx(values.mean())
    assert error == pytest.approx(values.std(ddof=1) / math.sqrt(50))


def test_jackknife_of_a_ratio_is_the_ratio_of_sums():
    """Batches weigh as what they hold, and the standard error is that of the delta method."""
    rng = np.random.default_rng(8)
    sizes = rng.integers(10, 1000, 400)
    hits = rng.binomial(sizes, 0.3)
    by_batch = np.stack([hits, sizes], axis=1).astype(float)
    ratio, error = jackknife(by_batch, lambda s: s[..., 0] / s[..., 1])
    assert ratio == pytest.approx(hits.sum() / sizes.sum())
    spread = ((hits - ratio * sizes) ** 2).sum() * 400 / 399
    assert error == pytest.approx(math.sqrt(spread) / sizes.sum(), rel=0.02)


def test_holm_is_stricter_with_more_quantities():
    """z = 2.7 (p = .007) is guilty alone, and not among two; the second is judged as if alone."""
    assert holm([finding(2.7)]) == [finding(2.7)]
    assert holm([finding(2.7), finding(0.0)]) == []
    assert holm([finding(2.7), finding(-3.0)]) == [finding(-3.0), finding(2.7)]


def test_what_cannot_vary_must_be_right():
    """Without any spread a value is right or infinitely wrong."""
    assert Finding("p_ab", 0.0, 0.0, 0.0, 0.0).z == 0
    assert Finding("p_ab", 1.7e-9, 0.0, 0.0, 1e-5).z == 0
    assert holm([Finding("p_ab", 0.01, 0.0, 0.0, 0.0)])


def test_large_standard_error_proves_nothing():
    """A quantity within one standard error that is larger than allowed is not sharp."""
    assert finding(0.5).is_sharp
    assert not finding(0.5)._replace(allowed_error=0.99).is_sharp


def test_report_says_what_was_found():
    """The table has one row for each quantity, with its z-score, and names misses."""
    lines = table("case", [Round(5, 200, 1000, [finding(0.5), finding(5.0, "occ")])])
    assert lines[0].startswith("| case | asa | 10 | 10.5 | 1 | +0.50 |")
    assert ["miss" in line for line in lines] == [False, True]


@needs_reference
def test_every_expected_value_is_judged_or_explained():
    """Of each case that the engine plays, every value has its quantity or a reason."""
    played = cases.queueing_cases()
    for told in json.loads(cases.QUEUES.read_text()):
        mine = [case for case in played if case.name.split()[0] == told["name"]]
        assert bool(mine) != told["name"].startswith(cases.ELSEWHERE)
        if mine:
            given = {k for name, x in told["expected"].items() for k in cases.flattened(name, x)}
            assert given == {k for case in mine for k in {*case.expected, *case.unseen}}
    selling = cases.chain_cases()
    assert len(selling) == len({case.name for case in selling}) == 18
    for case in cases.all_cases():
        shown = days.SHOWN if case.plan.cycles_per_week else measure.SHOWN
        plain = {measure.PLACE.sub("", quantity) for quantity in case.expected}
        plain -= {*metrics.ONLY_PRINTED}
        quantiles = {quantity for quantity in plain if measure.QUANTILE.fullmatch(quantity)}
        assert plain <= {*shown, *quantiles, "flow"}, case.name


@needs_reference
def test_no_two_cases_share_their_luck():
    """Cases played with the same seed would miss together."""
    played = cases.all_cases()
    assert len({first_seed(case) for case in played}) == len(played)


@needs_reference
def test_small_case_holds():
    """Twenty batches of the smallest Erlang A are already near what is expected."""
    rounds = judge(small_case())
    assert not rounds[-1].misses


@needs_reference
@pytest.mark.parametrize("wrong", [0.97, 1.03])
def test_wrong_expectation_is_caught(wrong):
    """If each value of the reference were 3 % off, the same few batches would tell."""
    case = small_case()
    expected = {quantity: value * wrong for quantity, value in case.expected.items()}
    found = play_round(case._replace(expected=expected), first_seed(case), 1)
    assert {"asa", "p_ab", "occ", "lq", "sl_offered"} <= {f.quantity for f in found.misses}


@needs_reference
def test_wrong_agents_are_caught():
    """One agent more in the scenario than in the formula is found in every quantity."""
    case = small_case()
    agents = {"group0": {"serves": ["type0"], "positions": 2}}
    more = case._replace(scenario=case.scenario | {"agents": agents})
    found = play_round(more, first_seed(case), 1)
    assert {f.quantity for f in found.misses} >= {"p_wait", "p_ab", "asa", "sl_both"}

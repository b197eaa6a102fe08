"""Selling against the exact chain, policies side by side on the same luck.

Differences are paired by batch, so that small ones show: each of 50 batches or more.
"""

from __future__ import annotations

import copy
import math
from itertools import pairwise

import pytest

from . import cases
from .selling import Measured, at_most, interval, lasting, measured, paired

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not cases.CHAIN.exists(), reason=f"no {cases.CHAIN.name} here"),
]

BATCHES = 60
DAYS = {"P1": 4, "P2": 3, "P3": 1}  # of a batch: some 10,000 contacts
NEVER, ALWAYS = 0.0, math.inf


def chain(name: str) -> dict[float, cases.Case]:
    """The cases of a parameter set by K, from never to always."""
    found = [case for case in cases.chain_cases() if case.name.startswith(f"{name} ")]
    by_k = {
        ALWAYS if case.name.endswith("always") else float(case.params["thr"]): case
        for case in found
    }
    assert len(by_k) == 6
    return dict(sorted(by_k.items()))


@pytest.mark.parametrize("name", ["P1", "P2", "P3"])
def test_a_higher_threshold_sells_more_and_lets_wait_longer(name):
    """Each step along K: revenue and wait rise, by as much as the exact chain says.

    All intervals of a set are judged together; the exact step lies within four standard errors.
    """
    by_k = chain(name)
    played = {
        k: measured(lasting(case, DAYS[name]), at_most(k), batches=BATCHES, seed=11)
        for k, case in by_k.items()
    }
    rate = cases.CHAIN_SETS[name][1]
    steps = list(pairwise(by_k))
    for low, high in steps:
        exact = {q: by_k[high].expected[q] - by_k[low].expected[q] for q in ("EW_s", "rev_eur_min")}
        for one, other, step in (
            (played[high].mean_wait, played[low].mean_wait, exact["EW_s"]),
            (
                played[high].margin_per_contact,
                played[low].margin_per_contact,
                exact["rev_eur_min"] / rate,
            ),
        ):
            least, _ = interval(one, other, of=2 * len(steps))
            assert least > 0, (low, high)
            mean, error = paired(one, other)
            assert abs(mean - step) < 4 * error, (low, high, mean, step, error)


def ratio_of_waits(one: Measured, other: Measured) -> tuple[float, float]:
    """Mean wait of one ÷ mean wait of the other, and its standard error by jackknife."""
    n = len(one.wait)
    means = [(m.wait.sum() - m.wait) / (m.closed.sum() - m.closed) for m in (one, other)]
    without = means[0] / means[1]
    error = math.sqrt(((without - without.mean()) ** 2).sum() * (n - 1) / n)
    return one.wait.sum() / one.closed.sum() / (other.wait.sum() / other.closed.sum()), error


@pytest.mark.parametrize(
    ("name", "share", "exact", "days"),
    [("P2", 0.80494, 17.77 / 7.9094, 4), ("P3", 0.78590, 16.19 / 4.4907, 2)],
    ids=["P2", "P3"],
)
def test_a_threshold_waits_less_than_random_offers_at_the_same_rate(name, share, exact, days):
    """TP[c] against offering as many at random: waits 2.25 and 3.60 times as long.

    The offer rates are the same within four paired errors; the ratio within three, of at most
    2 %.
    """
    agents = cases.CHAIN_SETS[name][0]
    scenario = lasting(chain(name)[agents], days)
    threshold, random = (
        measured(scenario, policy, batches=80, seed=12)
        for policy in (at_most(agents), {"offer": "random", "share": share})
    )
    mean, error = paired(threshold.offers / threshold.closed, random.offers / random.closed)
    assert abs(mean) < 4 * error
    ratio, error = ratio_of_waits(random, threshold)
    assert error < 0.02 * exact
    assert abs(ratio - exact) < 3 * error, (ratio, error)


# --- two segments of different value -------------------------------------------------------------

WAIT_PRICE = 0.50  # a minute
SELECTIVE = {"standard": -2, "premium": 10}


def two_segments() -> dict:
    """P1 with a fifth of the customers worth 9.00 an offer and the others 0.60."""
    scenario = copy.deepcopy(lasting(chain("P1")[ALWAYS], 3))
    scenario["customers"] = {
        "standard": {"count": 80_000, "churn": "none"},
        "premium": {"count": 20_000, "churn": "none"},
    }
    scenario["contacts"]["type0"]["shares"] = {"standard": 0.8, "premium": 0.2}
    scenario["offers"]["product"] |= {
        "acceptance": {"standard": 0.02, "premium": 0.30, "effects": "none"},
        "cool_down": "0 s",
    }
    return scenario


def test_thresholds_by_segment_beat_every_common_one():
    """Standard while two are free, premium while at most ten wait.

    More net of the cost of waiting than under any common threshold (so also the best), more
    margin than under any that waits as little, and less wait than `always`. Judged together.
    """
    scenario = two_segments()

    def of(at_most):
        policy = {"offer": "while-waiting", "at_most": at_most} if at_most != ALWAYS else "always"
        return measured(scenario, policy, batches=50, seed=13, margins=(30.0, 30.0))

    selective = of(SELECTIVE)
    common = {w: of(w) for w in (-2, 0, 1, 3, 6, ALWAYS)}
    best = max(common, key=lambda w: common[w].net_per_contact(WAIT_PRICE).mean())
    assert best in (0, 1, 3)  # the best lies inside the grid
    for other in common.values():
        net = (m.net_per_contact(WAIT_PRICE) for m in (selective, other))
        assert interval(*net, of=3 * len(common))[0] > 0
        waits_longer = interval(other.mean_wait, selective.mean_wait, of=3 * len(common))[0] > 0
        margins = selective.margin_per_contact, other.margin_per_contact
        assert waits_longer or interval(*margins, of=3 * len(common))[0] > 0
    assert interval(common[ALWAYS].mean_wait, selective.mean_wait)[0] > 0
    assert interval(selective.margin_per_contact, common[best].margin_per_contact)[0] > 0

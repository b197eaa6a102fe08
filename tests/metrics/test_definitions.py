"""Metrics recomputed from the contacts, and what they are held against."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.core.errors import ScenarioError
from sim.core.tables import CLOSED, DUE_LATER, NOT_YET, WITHDRAWN
from sim.domain.contacts.demand import VolumeSpec, growth, week_factor
from sim.experiments.judging import threshold
from sim.metrics import METRICS
from sim.metrics.check_metrics import check_metrics
from sim.plan.plan import Planner
from sim.weeks.play import play
from tests.metrics.test_ledger import SMALL

OVERLOADED = {
    **SMALL,
    "horizon": {"days": 2},
    "contacts": {"service": {"volume": "2000 per week", "handle": "348 s", "patience": "none"}},
    "agents": {"line": {"positions": 2}},
}


def test_repeats_are_a_share_of_contacts_whose_wait_is_over(scenario_of):
    """Where the queue does not drain, who waits for the first time is no repeat."""
    scenario = scenario_of(OVERLOADED)
    run = sim.run(scenario, workers=1, replications=1)
    planner = Planner(scenario, run.anchors)
    played = play(planner, run.seed, 0, keep_contacts=True)
    closed = [
        span[(span.phase == CLOSED) & (span.outcome != WITHDRAWN)] for span in played.contacts
    ]
    inside = played.carry.contacts[played.carry.contacts.phase != DUE_LATER]
    waits = inside.answered_ms == NOT_YET
    ended = np.concatenate([*closed, inside[~waits]])
    assert (inside[waits].attempt == 1).sum() > 50
    assert (~waits).sum() > 0
    repeats = run.samples["repeats"]
    assert repeats.denominators.tolist() == [len(ended)]
    assert repeats.numerators.tolist() == [(ended["attempt"] > 1).sum()]
    assert repeats.numerators[0] > 5


def test_what_a_metric_says_of_itself_is_what_it_returns(scenario_of):
    """A ratio returns two sums and names its denominator; nothing else does."""
    samples = sim.run(scenario_of(SMALL), workers=1).samples
    assert samples.keys() == METRICS.keys()
    for name, one in METRICS.items():
        is_ratio = samples[name].denominators is not None
        assert is_ratio == (one.estimator == "ratio"), name
        assert is_ratio == ("÷" in one.definition), name


@pytest.mark.parametrize("trend", [-0.5, 0.0, 0.08, 0.5])
def test_a_trend_has_mean_1_over_the_first_year(trend):
    """So a typed volume is that of the year that is studied, and of 52 weeks later times 1 + g."""
    factors = [growth(trend, week) for week in range(104)]
    assert np.mean(factors[:52]) == pytest.approx(1.0, rel=1e-12)
    assert factors[52] == pytest.approx((1 + trend) * factors[0], rel=1e-12)
    spec = VolumeSpec.model_validate({"per_week": "100 per week", "trend": f"{trend} per year"})
    assert [week_factor(spec, week, {3: 1.4}) for week in range(104)] == pytest.approx(
        [f * (1.4 if week == 3 else 1.0) for week, f in enumerate(factors)]
    )


def test_a_season_by_months_is_that_of_their_days():
    """Twelve months are 52 weeks: a week that lies in two months takes from both."""
    monthly = [3, 0, 0, 6, 0, 0, 1, 1, 1, 0, 0, 0]
    spec = VolumeSpec.model_validate({"per_week": "100 per week", "season": {"monthly": monthly}})
    factors = np.array([week_factor(spec, week, {}) for week in range(104)])
    month = 52 / 12  # weeks
    by_hand = {0: 3.0, 3: 3.0, 4: 3 * (month - 4), 5: 0.0, 12: 0.0, 13: 6.0, 16: 6.0}
    by_hand[17] = 6 * (4 * month - 17)
    assert {week: factors[week] for week in by_hand} == pytest.approx(by_hand)  # their mean is 1
    assert factors[:52].mean() == pytest.approx(1.0)
    assert factors[52:] == pytest.approx(factors[:52])


# --- the smallest difference that matters -------------------------------------------------------


@pytest.mark.parametrize(
    ("decide_on", "matters_from", "measured", "remedy"),
    [
        ("csat", "50k per year", "is measured in share", "write 1%"),
        ("csat", 50000, "is measured in share", "write 1%"),
        ("contribution", "1%", "is measured in money", "write 50k per year"),
        ("csat", "50k", "is measured in share", "write 1%"),
        ("cost_per_contact", "50k per year", "does not add up over a year", "write 1"),
        ("nps", "1%", "is measured in points", "write 1"),
        ("asa", "50k per year", "is measured in s", "write 1"),
    ],
)
def test_a_difference_in_another_unit_is_refused(
    scenario_of, decide_on, matters_from, measured, remedy
):
    """With its place and what to write, before anything is played."""
    scenario = scenario_of({**SMALL, "decide_on": decide_on, "matters_from": matters_from})
    with pytest.raises(ScenarioError) as refused:
        check_metrics(scenario)
    (problem,) = refused.value.problems
    assert problem.path == "matters_from"
    assert problem.place.startswith(scenario.tree.file + ":")
    assert problem.what.endswith(f"is no difference in {decide_on}, which {measured}")
    assert problem.remedy == remedy


@pytest.mark.parametrize(
    ("decide_on", "matters_from", "over_two_weeks"),
    [
        ("contribution", None, 50_000 / 26),
        ("contribution", "26k per year", 1000),
        ("contribution", 700, 700),
        ("cost_per_contact", None, 0),
        ("cost_per_contact", 0.05, 0.05),
        ("csat", None, 0.01),
        ("csat", "2%", 0.02),
        ("csat", 0.02, 0.02),
        ("economic_value", "50k per year", 50_000),
        ("nps", None, 1),
        ("asa", None, 0),
        ("asa", 5, 5),
    ],
)
def test_what_matters_is_in_the_unit_of_the_metric(
    scenario_of, decide_on, matters_from, over_two_weeks
):
    """Money over the horizon; a share, points or seconds as they are."""
    typed = {} if matters_from is None else {"matters_from": matters_from}
    scenario = scenario_of({**SMALL, "decide_on": decide_on, **typed})
    check_metrics(scenario)
    assert threshold(scenario, decide_on) == pytest.approx(over_two_weeks)


def test_every_metric_has_a_threshold(scenario_of):
    """Whatever decides, there is a number, and it is small beside what the metric can reach."""
    deciding = {name: one for name, one in METRICS.items() if one.better != "neither"}
    assert len(deciding) > 30
    for name, metric in deciding.items():
        scenario = scenario_of({**SMALL, "decide_on": name})
        check_metrics(scenario)
        assert 0 <= threshold(scenario, name) <= (50_000 if metric.unit == "money" else 1), name

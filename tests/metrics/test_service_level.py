"""What is printed about waits and about leaving is what its definition says, to the contact."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.core.erlang import DEFINITIONS
from sim.core.statistics import Estimate, Sample, by_replication, difference, estimate, t_quantile
from sim.experiments.judging import words_for
from sim.experiments.verdict import verdict
from sim.metrics import label_of, level_by_interval
from sim.report.pages.today import gaps
from sim.runs.expected import expectations_met
from sim.scenario.load import load

FIELD = Path(__file__).parents[1] / "field"
OF_OFFERED, OF_ANSWERED, LESS_SHORT, OR_SHORT = DEFINITIONS
PLAIN = {
    "redial": "none", "hold": "none", "wrap_up": "none", "resolution": "none",
    "talk": {"mean": "60 s", "distribution": "constant"}, "patience": "none",
}  # fmt: skip


def calls(*listed, **more):
    """A type whose calls are listed."""
    return {**PLAIN, "volume": {"calls": list(listed)}, **more}


def world(contacts, days=1, positions=1):
    """Days round the clock, with one agent for each type."""
    return {
        "name": "by-hand",
        "horizon": {"start": "2027-01-04", "days": days},
        "replications": 1,
        "forecast_error": "none",
        "open": "always",
        "contacts": contacts,
        "agents": {
            f"for-{name}": {"serves": [name], "positions": positions, "turnover": "0% per year"}
            for name in contacts
        },
    }


TEN = [
    {"at": "1 h", "talk": "300 s"}, {"at": "3890 s"},
    {"at": "3 h", "talk": "300 s"}, {"at": "11040 s"},
    {"at": "5 h", "talk": "300 s"}, {"at": "18100 s", "patience": "3 s"},
    {"at": "7 h", "talk": "300 s"}, {"at": "25300 s", "patience": "15 s"},
    {"at": "9 h", "talk": "300 s"}, {"at": "32500 s", "patience": "40 s"},
]  # fmt: skip


def played(scenario_of, what, *sets):
    """Metric → value of one replication, with the run."""
    run = sim.run(scenario_of(what, *sets), workers=1)
    return {n: estimate(s).value for n, s in run.samples.items()}, run


@pytest.mark.parametrize(
    ("definition", "level", "said"),
    [
        (OF_OFFERED, 6 / 10, "of offered"),
        (OF_ANSWERED, 6 / 7, "of answered"),
        (LESS_SHORT, 6 / 8, "of offered less short"),
        (OR_SHORT, 8 / 10, "answered or short of offered"),
    ],
)
def test_one_definition_everywhere(scenario_of, definition, level, said):
    """Printed, checked, beside today and in the week's picture; said wherever it is printed."""
    what = world({"a": calls(*TEN, service_level={"definition": definition})})
    what["today"] = {"service_level": "60% within 20 s"}
    what["checks"] = {"service_level": {"between": "1% to 100%"}}
    found, run = played(scenario_of, what)
    assert found["service_level"] == pytest.approx(level)
    assert label_of("service_level", run.scenario) == f"service level, {said}"
    (check,) = expectations_met(run)
    assert check.found.value == pytest.approx(level)
    (gap,) = gaps(run)
    assert gap.name == f"service level within 20 s, {said}"
    assert gap.simulated.startswith(f"{100 * level:.1f}")
    met, counted = level_by_interval(run.facts)
    assert met.sum() / counted.sum() == pytest.approx(level)
    four = ("of_offered", "of_answered", "less_short", "or_short")
    assert [found[f"service_level_{name}"] for name in four] == pytest.approx(
        [6 / 10, 6 / 7, 6 / 8, 8 / 10]
    )


def test_types_of_several_definitions_add_up(scenario_of):
    """6 of 7 answered, and of another type 2 of 2 offered: 8 of 9."""
    other = calls({"at": "1 h"}, {"at": "2 h"})
    what = world({"a": calls(*TEN, service_level={"definition": OF_ANSWERED}), "b": other})
    found, run = played(scenario_of, what)
    assert found["service_level"] == pytest.approx(8 / 9)
    assert label_of("service_level", run.scenario) == "service level, each type by its definition"


@pytest.mark.parametrize(("typed", "short"), [(None, 1), ("2 s", 0), ("3 s", 1), ("40 s", 3)])
def test_short_abandonment_has_its_own_threshold(scenario_of, typed, short):
    """At most so long is short; the service level stays as it is."""
    more = {"short_abandonment": typed} if typed else {}
    found, _ = played(scenario_of, world({"a": calls(*TEN, **more)}))
    assert found["short_abandonment"] == pytest.approx(short / 10)
    assert found["service_level_less_short"] == pytest.approx(6 / 8)


def test_who_balks_gave_up_at_once(scenario_of):
    """Of four, one is answered, and three find nobody free and leave: short, and in time."""
    who = [{"at": "1 h", "talk": "300 s"}, *({"at": f"{3600 + s} s"} for s in (10, 20, 30))]
    found, _ = played(scenario_of, world({"a": calls(*who, balk="100%")}))
    assert found["abandonment"] == found["short_abandonment"] == 3 / 4
    assert found["service_level"] == 1 / 4
    assert found["service_level_less_short"] == found["service_level_or_short"] == 1
    assert found["wait"] == 0


def test_who_still_waits_at_the_end_is_in_no_denominator(scenario_of):
    """One is over, one in service (answered after 60 s), one waits; the day ends at 86,400 s."""
    who = [{"at": "1 h"}, {"at": "86000 s", "talk": "340 s"}, {"at": "86280 s"}, {"at": "86390 s"}]
    found, run = played(scenario_of, world({"a": calls(*who, service_level={"within": "60 s"})}))
    assert (found["offered"], found["answered"]) == (4, 3)
    inside = [run.tally.contacts[n].sum() for n in ("open", "open_first", "in_service")]
    assert inside == [1, 1, 1]
    for name in ("service_level", "service_level_of_answered", "service_level_or_short"):
        assert found[name] == 1, name
    assert found["asa"] == found["wait"] == pytest.approx(20)
    assert found["aht"] == pytest.approx((60 + 340 + 60) / 3)
    assert found["repeats"] == 0


@pytest.mark.parametrize(("waited_s", "p90"), [(20, 20), (20.001, 21), (0, 0), (0.001, 1)])
def test_p90_is_rounded_up(scenario_of, waited_s, p90):
    """The one that waits longest of ten is beyond it, of nine it is not."""
    alone = [{"at": f"{h} h"} for h in range(1, 8)]
    pair = [{"at": "20 h", "talk": f"{30 + waited_s} s"}, {"at": "72030 s"}]
    found, _ = played(scenario_of, world({"a": calls(*alone, *pair)}))
    assert found["wait_p90"] == p90
    found, _ = played(scenario_of, world({"a": calls(*alone, {"at": "10 h"}, *pair)}))
    assert found["wait_p90"] == 0


def test_churn_typed_is_churn_printed(scenario_of):
    """A typed 15 % prints 15 %, in the table, in today and in the checks."""
    what = world({"a": calls({"at": "1 h"})})
    what["horizon"] = {"weeks": 26}
    what["replications"] = 3
    what["customers"] = {
        "count": 40000, "churn": {"rate": "30% per year", "due_to_service": 0},
    }  # fmt: skip
    what["today"] = {"churn": "30% per year"}
    what["checks"] = {"churn": {"expected": "30%", "within": "2%"}}
    found, run = played(scenario_of, what)
    e = estimate(run.samples["churn"])
    assert e.value == pytest.approx(0.30, abs=0.008)  # 4 standard errors
    active, left = run.tally.customers["active"].sum(), run.tally.customers["left"].sum()
    assert found["churn"] == pytest.approx(1 - (1 - left / active) ** 52, rel=1e-12)
    (check,) = expectations_met(run)
    assert check.found == e
    assert check.outcome == "met"
    (gap,) = gaps(run)
    assert gap.name == "churn within a year"
    assert gap.simulated.startswith(f"{100 * e.value:.1f}")


def test_a_curve_takes_the_ratio_and_the_ends_of_its_interval():
    """Ratio first; the difference is that of the curves; replications one by one."""

    def square(x):
        return x**2

    plain, other = Sample([1, 2, 4], [10, 10, 10]), Sample([2, 2, 5], [10, 10, 10])
    e = estimate(plain)
    found = estimate(plain._replace(curve=square))
    assert found[:3] == pytest.approx([e.value**2, e.low * abs(e.low) * np.sign(e.low), e.high**2])
    gap = difference(plain._replace(curve=square), other._replace(curve=square))
    assert gap.value == pytest.approx(0.3**2 - (7 / 30) ** 2)
    assert by_replication(plain._replace(curve=square)) == pytest.approx([0.01, 0.04, 0.16])


# --- questions of the field ---------------------------------------------------------------------


def assert_as_known(run, known, largest_half_width):
    """Each within its interval of 99 %, that of 95 % being narrow enough to prove something."""
    samples = run.samples
    wider = t_quantile(0.995, run.replications - 1) / t_quantile(0.975, run.replications - 1)
    for name, value in known.items():
        e = estimate(samples[name])
        assert abs(e.value - value) < wider * e.half_width, name
        assert e.half_width < largest_half_width, name


def test_balking_as_the_birth_death_chain_has_it():
    """M/M/6+M, where 1 in 10 of who would wait leaves at once: the printed shares.

    150 an hour of 100 s, patience 1,000 s: 3.647 % give up, of which none is answered.
    """
    rate, agents = 150 / 3600, 6
    weights = [1.0]
    for n in range(1, 200):
        birth = rate * (1.0 if n - 1 < agents else 0.9)
        weights.append(weights[-1] * birth / (min(n, agents) / 100 + max(0, n - agents) / 1000))
    busy = np.minimum(np.arange(200), agents) @ np.array(weights) / sum(weights)
    exact = 1 - busy / 100 / rate
    assert exact == pytest.approx(0.03647, abs=5e-6)
    known = {
        "abandonment": exact, "service_level": 0.82172, "service_level_of_offered": 0.82172,
        "service_level_of_answered": 0.82172 / (1 - exact), "service_level_less_short": 0.84799,
        "service_level_or_short": 0.85269,
    }  # fmt: skip
    run = sim.run(load(FIELD / "balking.yaml"), workers=1)
    assert_as_known(run, known, largest_half_width=0.006)


def test_contacts_inside_at_the_end_are_no_misses():
    """M/M/500+M of 100 minutes over one week: 1 % are still inside; in time is 400 s."""
    run = sim.run(load(FIELD / "long-contacts.yaml"), workers=1)
    inside = run.tally.contacts["in_service"].sum(axis=(1, 2))
    assert (inside / run.tally.contacts["offered"].sum(axis=(1, 2)) > 0.008).all()
    known = {"service_level": 0.97072, "abandonment": 0.02185}
    assert_as_known(run, known, largest_half_width=0.006)


def test_three_percent_a_month_is_told_by_the_year():
    """Of 10,000, 6,938 are left after 12 months: 30.6 % a year, as typed."""
    run = sim.run(load(FIELD / "churn-3-percent-a-month.yaml"), workers=1)
    assert round(10_000 * 0.97**12) == 6938
    samples = run.samples
    churn = estimate(samples["churn"])
    assert churn.value == pytest.approx(1 - 0.97**12, abs=0.008)  # 3.5 standard errors
    assert churn.low < 1 - 0.97**12 < churn.high
    assert estimate(samples["customers"]).value == pytest.approx(6938, abs=80)


def test_ten_calls_by_hand():
    """Seven answered, six in time; three gave up after 3, 15 and 40 s."""
    found = sim.run(load(FIELD / "ten-calls-by-hand.yaml"), workers=1).samples
    four = ("of_offered", "of_answered", "less_short", "or_short")
    assert [estimate(found[f"service_level_{name}"]).value for name in four] == pytest.approx(
        [6 / 10, 6 / 7, 6 / 8, 8 / 10]
    )
    assert estimate(found["short_abandonment"]).value == 1 / 10


# --- measured alike -----------------------------------------------------------------------------


def pair(scenario_of, change, **more):
    """One agent beside two, who pick up every call at once; the variant says something else."""
    one = {**world({"a": calls({"at": "1 h"}, {"at": "2 h"})}), **more, "replications": 2}
    two = copy.deepcopy(one) | {"name": "two"}
    two["agents"]["for-a"]["positions"] = 2
    two["contacts"]["a"] |= change
    runs = [sim.run(scenario_of(what), workers=1) for what in (one, two)]
    return sim.compare(runs).variants[0].verdict.sentence


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "at the same service"),
        ({"service_level": {"within": "30 s"}}, "with +100% paid hours"),
        ({"service_level": {"definition": OF_ANSWERED}}, "with +100% paid hours"),
        ({"service_level": {"target": "90%"}}, "at the same service"),
        ({"short_abandonment": "9 s"}, "at the same service"),
    ],
)
def test_the_same_service_is_measured_alike(scenario_of, change, said):
    """Levels by two measures are not said to be the same, though both are 100 %."""
    assert said in pair(scenario_of, change)


@pytest.mark.parametrize(
    ("metric", "change", "said"),
    [
        ("service_level", {}, "no difference"),
        (
            "service_level",
            {"service_level": {"within": "30 s", "definition": OF_ANSWERED}},
            "another world: a service level within 20 s → 30 s, "
            "a service level of offered → of answered; ",
        ),
        ("service_level_or_short", {"service_level": {"definition": OF_ANSWERED}}, "no difference"),
        (
            "service_level_or_short",
            {"service_level": {"within": "1 min"}},
            "another world: a service level within 20 s → 60 s; ",
        ),
    ],
)
def test_who_decides_by_two_measures_is_told(scenario_of, metric, change, said):
    """A change of the measure is no gain of the company."""
    sentence = pair(scenario_of, change, decide_on=metric)
    assert said in sentence
    assert sentence.startswith("another world: ") == said.startswith("another world: ")


@pytest.mark.parametrize(
    ("definition", "of_variant", "said"),
    [
        (OF_OFFERED, OF_OFFERED, "service level (of offered) is 20 points lower"),
        (OR_SHORT, OR_SHORT, "service level (answered or short of offered) is 20 points lower"),
        (OF_OFFERED, OR_SHORT, "service level (each by its definition) is 20 points lower"),
    ],
)
def test_a_verdict_says_which_level(scenario_of, definition, of_variant, said):
    """The label of the tables, in words."""
    runs = [
        sim.run(scenario_of(world({"a": calls({"at": "1 h"}, service_level={"definition": d})})))
        for d in (definition, of_variant)
    ]
    words = words_for("service_level", *(run.scenario for run in runs))
    assert verdict(Estimate(-0.2, -0.2, -0.2, 0.0, 5), 0.0, words).sentence.startswith(said)

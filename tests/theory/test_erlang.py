"""Erlang B, C and A against published tables, exact cases, and one another."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.core.erlang import (
    DEFINITIONS,
    Goal,
    agents_needed,
    attempts_per_issue,
    contacts_per_issue,
    erlang_a,
    erlang_a_with_lines,
    erlang_b,
    erlang_c,
    erlang_c_queue,
    erlang_c_wait_s,
    resolved_in_the_end,
)

CASES = Path(__file__).parents[2].parent / "shared" / "reference" / "queueing_cases.json"


def exact_cases(*models):
    """The exact cases of some models, or one skipped case that says why."""
    if not CASES.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason=f"no {CASES.name} here"))]
    found = [case for case in json.loads(CASES.read_text()) if case["model"] in models]
    assert found, f"no case of {models}"
    return [pytest.param(case, id=case["name"]) for case in found]


@pytest.mark.parametrize(
    ("agents", "load", "blocked"),
    [(10, 8, 0.121661), (20, 16, 0.064411), (100, 90, 0.026957), (5, 0, 0.0), (0, 3, 1.0)],
)
def test_erlang_b(agents, load, blocked):
    """The loss formula at known points, and where nothing arrives or nobody works."""
    assert erlang_b(agents, load) == pytest.approx(blocked, abs=5e-7)


@pytest.mark.parametrize("case", exact_cases("M/M/n/n"))
def test_exact_erlang_b(case):
    """The loss formula against the exact cases."""
    params = case["params"]
    blocked = erlang_b(params["n"], params["a"])
    assert blocked == pytest.approx(case["expected"]["p_block"], rel=1e-9)


@pytest.mark.parametrize(
    ("agents", "per_hour", "minutes", "p_wait", "asa_s", "within_20", "occupancy"),
    [
        (10, 120, 4, 0.409180, 49.1016, 0.653636, 0.8000),
        (14, 180, 4, 0.481705, 57.8046, 0.592245, 0.8571),
        (20, 216, 5, 0.550769, 82.6154, 0.517982, 0.9000),
        (55, 600, 5, 0.384547, 23.0728, 0.724460, 0.9091),
        (110, 1200, 5, 0.237008, 7.1102, 0.878316, 0.9091),
    ],
)
def test_erlang_c_table(agents, per_hour, minutes, p_wait, asa_s, within_20, occupancy):
    """Erlang C at five sizes, to the printed digit."""
    queue = erlang_c_queue(agents, per_hour / 3600, minutes * 60, 20)
    assert queue.p_wait == pytest.approx(p_wait, abs=5.1e-7)
    assert erlang_c(agents, per_hour * minutes / 60) == queue.p_wait
    assert queue.asa_s == pytest.approx(asa_s, abs=5.1e-5)
    assert queue.service_level == pytest.approx(within_20, abs=5.1e-7)
    assert queue.occupancy == pytest.approx(occupancy, abs=5.1e-5)


@pytest.mark.parametrize(
    ("agents", "per_hour", "minutes", "patience", "p_wait", "p_abandon", "wait_s", "occ", "sl"),
    [
        (10, 120, 4, 2, 0.247519, 0.068405, 8.2086, 0.745276, 0.825157),
        (10, 120, 4, 5, 0.294691, 0.048445, 14.5335, 0.761244, 0.777425),
        (14, 180, 4, 3, 0.300491, 0.058273, 10.4891, 0.807195, 0.792553),
        (20, 216, 5, 5, 0.349084, 0.049884, 14.9652, 0.855104, 0.746168),
        (20, 264, 5, 5, 0.693973, 0.136617, 40.9852, 0.949721, 0.415754),
        (50, 600, 5, 5, 0.518808, 0.056325, 16.8975, 0.943675, 0.656519),
        (55, 600, 5, 5, 0.257694, 0.020611, 6.1834, 0.890353, 0.865672),
        (100, 1200, 5, 2, 0.404021, 0.048811, 5.8573, 0.951189, 0.851715),
        (100, 1320, 5, 10, 0.929116, 0.094618, 56.7710, 0.995920, 0.170105),
    ],
)
def test_erlang_a_table(agents, per_hour, minutes, patience, p_wait, p_abandon, wait_s, occ, sl):
    """Erlang A at nine points, two of them overloaded, to the printed digit."""
    queue = erlang_a(agents, per_hour / 3600, minutes * 60, patience * 60, 20)
    assert queue.p_wait == pytest.approx(p_wait, abs=5.1e-7)
    assert queue.p_abandon == pytest.approx(p_abandon, abs=5.1e-7)
    assert queue.mean_wait_s == pytest.approx(wait_s, abs=5.1e-5)
    assert queue.occupancy == pytest.approx(occ, abs=5.1e-7)
    assert queue.service_level == pytest.approx(sl, abs=5.1e-7)


def test_fifty_agents_with_and_without_patience():
    """48 contacts a minute of one minute, 50 agents: 3.09 % give up against a wait of 20.83 s."""
    patient, impatient = erlang_c_queue(50, 0.8, 60), erlang_a(50, 0.8, 60, 120)
    assert impatient.p_abandon == pytest.approx(0.0309, abs=5e-5)
    assert impatient.mean_wait_s == pytest.approx(3.71, abs=5e-3)
    assert impatient.occupancy == pytest.approx(0.930, abs=5e-4)
    assert patient.asa_s == pytest.approx(20.83, abs=5e-3)
    assert patient.occupancy == pytest.approx(0.96)


@pytest.mark.parametrize("case", exact_cases("M/M/n", "M/M/n+M", "M/M/n/K", "M/M/n/K+M"))
def test_exact_queues(case):
    """Erlang C and A, and limited lines: every quantity and all four service levels."""
    params, expected = case["params"], case["expected"]
    patience = 1 / params["theta"] if params.get("theta") else math.inf
    given_case = params["lam"], 1 / params["mu"], patience, params["T"]
    if "K" in params:
        queue = erlang_a_with_lines(params["n"], params["K"], *given_case)
    else:
        queue = erlang_a(params["n"], *given_case)
    found = {
        "p_wait": queue.p_wait,
        "p_ab": queue.p_abandon,
        "p_block": queue.p_blocked,
        "asa_all": queue.mean_wait_s,
        "asa": queue.asa_s,
        "occ": queue.occupancy,
        "sl_offered": queue.service_level_by("answered-of-offered"),
        "sl_answered": queue.service_level_by("answered-of-answered"),
        "sl_exshort": queue.service_level_by("answered-of-offered-less-short"),
        "sl_both": queue.service_level_by("answered-or-short-of-offered"),
    }
    for name, value in found.items():
        assert value == pytest.approx(expected.get(name, 0.0), rel=2e-9), name


@pytest.mark.parametrize("case", exact_cases("M/M/n"))
def test_exact_wait_quantiles(case):
    """Quantiles of the wait of all arrivals under Erlang C."""
    params = case["params"]
    for share in (0.5, 0.8, 0.9, 0.95, 0.99):
        wait = erlang_c_wait_s(params["n"], params["lam"], 1 / params["mu"], share)
        assert wait == pytest.approx(case["expected"][f"q{share}"], rel=1e-8)


STEADY = settings(deadline=None, derandomize=True)
QUEUES = st.fixed_dictionaries(
    {
        "agents": st.integers(1, 300),
        "occupancy": st.floats(0.05, 3.0),
        "patience": st.floats(0.01, 20.0),
        "within": st.floats(0.0, 3.0),
    }
)


@STEADY
@given(QUEUES)
@example({"agents": 300, "occupancy": 1.1, "patience": 20.0, "within": 3.0})
def test_integral_equals_birth_death_chain(given_queue):
    """The virtual wait integrated, and the chain summed up to lines that never fill, agree."""
    agents, patience = given_queue["agents"], given_queue["patience"]
    arrivals = agents * given_queue["occupancy"]
    spread = math.sqrt(arrivals * patience + 4)
    lines = agents + int(arrivals * patience + 30 * spread + 60)
    integral = erlang_a(agents, arrivals, 1.0, patience, given_queue["within"])
    chain = erlang_a_with_lines(agents, lines, arrivals, 1.0, patience, given_queue["within"])
    assert tuple(integral) == pytest.approx(tuple(chain), rel=1e-9, abs=1e-11)


@STEADY
@given(QUEUES)
def test_flow_is_conserved(given_queue):
    """Who does not give up is served: abandonment from waits, occupancy from agents."""
    agents, arrivals = given_queue["agents"], given_queue["agents"] * given_queue["occupancy"]
    queue = erlang_a(agents, arrivals, 1.0, given_queue["patience"], given_queue["within"])
    assert queue.p_abandon == pytest.approx(queue.mean_wait_s / given_queue["patience"])
    assert queue.occupancy * agents == pytest.approx(arrivals * (1 - queue.p_abandon), rel=1e-9)
    answered_late = 1 - queue.p_abandon - queue.answered_within
    assert answered_late >= -1e-12
    assert -1e-12 <= queue.abandoned_within <= queue.p_abandon + 1e-12


@STEADY
@given(QUEUES)
def test_one_more_agent_helps(given_queue):
    """With one more agent fewer wait, fewer give up and more are answered in time."""
    agents, arrivals = given_queue["agents"], given_queue["agents"] * given_queue["occupancy"]
    fewer, more = (
        erlang_a(n, arrivals, 1.0, given_queue["patience"], given_queue["within"])
        for n in (agents, agents + 1)
    )
    assert more.p_wait <= fewer.p_wait + 1e-12
    assert more.mean_wait_s <= fewer.mean_wait_s * (1 + 1e-9)
    for definition in DEFINITIONS:
        if fewer.p_abandon < 1 - 1e-6:
            assert more.service_level_by(definition) >= fewer.service_level_by(definition) - 1e-9


def test_patience_spans_loss_and_waiting():
    """Patience 0 is Erlang B, endless patience is Erlang C, and both are approached smoothly."""
    loss, short = (erlang_a(20, 18.0, 1.0, patience, 0.1) for patience in (0.0, 1e-9))
    assert loss.p_abandon == pytest.approx(erlang_b(20, 18.0))
    assert tuple(short) == pytest.approx(tuple(loss), abs=1e-6)
    endless, long = (erlang_a(20, 18.0, 1.0, patience, 0.1) for patience in (math.inf, 1e9))
    assert endless.p_wait == pytest.approx(erlang_c(20, 18.0))
    assert tuple(long) == pytest.approx(tuple(endless), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("agents", [20, 500])
def test_overload_without_abandonment(agents):
    """More load than agents and nobody gives up: everyone waits ever longer, none in time."""
    queue = erlang_a(agents, agents * 1.0, 1.0)
    assert (queue.p_wait, queue.service_level, queue.occupancy) == (1.0, 0.0, 1.0)
    assert queue.mean_wait_s == math.inf
    assert erlang_c_wait_s(agents, agents * 1.0, 1.0, 0.5) == math.inf


def test_overload_serves_what_agents_can():
    """Ten times too much load on 700 agents: a tenth is answered and everyone works all the time."""
    queue = erlang_a(700, 7000.0, 1.0, 2.0, 0.1)
    assert queue.p_abandon == pytest.approx(0.9)
    assert queue.occupancy == pytest.approx(1.0)
    assert queue.mean_wait_s == pytest.approx(1.8)
    assert queue.asa_s == pytest.approx(2.0 * math.log(10), rel=1e-2)


def test_without_arrivals_or_agents():
    """A single arrival meets idle agents at once; without agents all give up."""
    idle = erlang_a(3, 0.0, 300.0, 300.0)
    assert (idle.p_wait, idle.service_level, idle.occupancy) == (0.0, 1.0, 0.0)
    nobody = erlang_a(0, 0.1, 300.0, 300.0, 20.0)
    assert (nobody.p_abandon, nobody.mean_wait_s, nobody.service_level) == (1.0, 300.0, 0.0)
    assert nobody.abandoned_within == pytest.approx(1 - math.exp(-20 / 300))


def test_lines_as_many_as_agents_is_erlang_b():
    """With no room to wait, lines lose what Erlang B loses, patient or not."""
    for patience in (0.0, 5.0, math.inf):
        queue = erlang_a_with_lines(10, 10, 8.0, 1.0, patience)
        assert queue.p_blocked == pytest.approx(0.121661, abs=5e-7)
        assert queue.p_wait == 0.0
    with pytest.raises(ValueError, match="9 lines cannot serve 10 agents"):
        erlang_a_with_lines(10, 9, 8.0, 1.0)


def test_unknown_definition_names_the_known():
    """A misspelt definition is refused with the names there are."""
    with pytest.raises(ValueError, match="answered-of-offered"):
        erlang_a(3, 0.01, 300.0).service_level_by("80/20")


@pytest.mark.parametrize(
    ("per_hour", "minutes", "patience_s", "agents"),
    [
        (120, 4, math.inf, 11),
        (120, 4, 300, 11),
        (600, 5, math.inf, 57),
        (600, 5, 300, 54),
        (1200, 5, math.inf, 108),
        (1200, 5, 300, 103),
    ],
)
def test_agents_for_80_in_20(per_hour, minutes, patience_s, agents):
    """Fewest agents for 80 % within 20 s, by Erlang C and Erlang A."""
    found = agents_needed([per_hour / 3600], [1.0], minutes * 60, patience_s, Goal(0.8, 20))
    assert found == agents


@STEADY
@given(
    rates=st.lists(st.floats(0.0, 3.0), min_size=1, max_size=4),
    target=st.floats(0.05, 0.99),
    patience=st.sampled_from([0.5, 3.0, math.inf]),
    definition=st.sampled_from(DEFINITIONS),
)
def test_agents_needed_is_the_fewest(rates, target, patience, definition):
    """The search agrees with trying 0, 1, 2 ... agents, over an uncertain rate, by definition."""
    weights = [1.0 + i for i in range(len(rates))]

    def level(agents):
        met = counted = 0.0
        for rate, weight in zip(rates, weights, strict=True):
            parts = erlang_a(agents, rate, 1.0, patience, 0.3).met_and_counted(definition)
            met += weight * rate * parts[0]
            counted += weight * rate * parts[1]
        return met / counted if counted else 0.0

    found = agents_needed(rates, weights, 1.0, patience, Goal(target, 0.3, definition))
    if sum(rates) == 0.0:
        assert found == 0
    else:
        first = next(n for n in range(1, 60) if level(n) >= target)
        assert abs(found - first) <= (abs(level(min(found, first)) - target) < 1e-9)


def test_uncertain_volume_needs_more_agents():
    """Service is lost on busy days faster than it is gained on quiet ones."""
    certain = agents_needed([1 / 3], [1.0], 300, 300, Goal(0.8, 20))
    uncertain = agents_needed([0.8 / 3, 1 / 3, 1.2 / 3], [1, 1, 1], 300, 300, Goal(0.8, 20))
    assert uncertain > certain


def test_a_target_of_everyone_is_refused():
    """No finite number of agents answers all within T."""
    with pytest.raises(ValueError, match="below 1"):
        agents_needed([0.1], [1.0], 300, 300, Goal(1.0, 20))


def test_repeats():
    """Contacts per issue and resolution in the end, from first-contact resolution."""
    assert contacts_per_issue(0.70, 0.6) == pytest.approx(1.2195, abs=5e-5)
    assert contacts_per_issue(0.85, 0.6) == pytest.approx(1.0989, abs=5e-5)
    assert resolved_in_the_end(0.70, 0.6) == pytest.approx(0.8537, abs=5e-5)
    assert attempts_per_issue(0.0, 0.5, 0.70, 0.6) == contacts_per_issue(0.70, 0.6)
    attempts = attempts_per_issue(0.1, 0.5, 0.70, 0.6)
    assert attempts == pytest.approx(1 + attempts * 0.1 * 0.5 + attempts * 0.9 * 0.3 * 0.6)


def test_needs_nothing_but_math():
    """Planning seats must not make `validate` wait for numpy or scipy."""
    code = "import sys, sim.core.erlang; print({'numpy', 'scipy', 'numba'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

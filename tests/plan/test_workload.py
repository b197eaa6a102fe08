"""Expected load: contacts per issue in closed form, shared along routes, for plans and outlooks."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.core.clock import CELLS_PER_WEEK
from sim.core.erlang import (
    Goal,
    agents_needed,
    attempts_per_issue,
    contacts_per_issue,
    erlang_a,
    erlang_b,
)
from sim.core.overflow import fates
from sim.plan.outlook import outlook
from sim.plan.seats import compile_levels, expected_contacts, expected_loads, paid_hours_per_week
from sim.scenario.load import load
from sim.weeks.pilot import solve_anchors

FIELD = Path(__file__).parents[1] / "field"
HOURS = 168
PLAIN = {
    "name": "plain",
    "horizon": {"weeks": 4, "warm_up": "7 d"},
    "replications": 4,
    "forecast_error": "none",
    "open": "always",
    "contacts": {
        "service": {
            "volume": {"per_week": 33600, "profile": "flat", "busyness": "none"},
            "handle": "180 s",
            "patience": "300 s",
            "redial": {"probability": 0.5, "attempts": "unlimited"},
            "resolution": {"first_contact": 0.7, "comes_back": 0.6},
        }
    },
    "agents": {"line": {"positions": 10}},
}


def service(**changes) -> dict:
    return {"contacts": {"service": {**PLAIN["contacts"]["service"], **changes}}}


@pytest.fixture
def variant_of(scenario_of):
    def make(base: dict, **more):
        scenario_of(base, name="base.yaml")
        return scenario_of({"name": "v", "based_on": "base.yaml", **more}, name="v.yaml")

    return make


# --- fates of contacts at one group --------------------------------------------------------------


@pytest.mark.parametrize(
    ("seats", "load_", "handle_s", "patience_s"),
    [
        (1, 0.4, 60, 30),
        (10, 8, 240, 120),
        (10, 14, 240, 300),
        (100, 110, 300, 600),
        (500, 480, 60, 60),
    ],
)
def test_who_stays_gives_up_as_erlang_a_says_and_who_cannot_wait_as_erlang_b(
    seats, load_, handle_s, patience_s
):
    """Two kinds alike are one kind; one that goes on at once is a loss."""
    rate = load_ / handle_s
    both = np.array([[0.3 * rate, 0.7 * rate]])
    row = (np.array([seats]), both, np.array([float(handle_s)]))
    patience, nobody = np.full(2, float(patience_s)), np.zeros(2)
    stay = fates(*row, patience, nobody, np.full((1, 2), math.inf))
    exact = erlang_a(seats, rate, handle_s, patience_s)
    np.testing.assert_allclose(stay.gone, exact.p_abandon, rtol=1e-3)
    assert not stay.passed_on.any()
    go_on = fates(*row, patience, nobody, np.zeros((1, 2)))
    np.testing.assert_allclose(go_on.passed_on, erlang_b(seats, load_), rtol=2e-4)
    assert not go_on.gone.any()


def test_who_balks_is_gone():
    """M/M/6+M, 10 % of who would wait balk: 3.647 % in the long run (field/balking.yaml)."""
    row = (np.array([6]), np.array([[150 / 3600]]), np.array([100.0]), np.array([1000.0]))
    found = fates(*row, np.array([0.1]), np.full((1, 1), math.inf))
    assert found.gone[0, 0] == pytest.approx(0.03647, abs=5e-6)


def test_without_seats_everybody_goes_on_or_gives_up():
    """After 30 s e^(-30/100) are still there; who has nowhere to go waits as long as she would."""
    seats, per_s, handle_s = np.array([0]), np.array([[0.1, 0.1, 0.1]]), np.array([60.0])
    patience, until = np.array([100.0, 100.0, math.inf]), np.array([[30.0, math.inf, math.inf]])
    found = fates(seats, per_s, handle_s, patience, np.zeros(3), until)
    assert found.passed_on[0] == pytest.approx([math.exp(-0.3), 0, 0])
    assert found.gone[0] == pytest.approx([1 - math.exp(-0.3), 1, 0])


# --- contacts per issue --------------------------------------------------------------------------


def test_today_has_the_load_that_was_typed(scenario_of):
    """A volume that counts all contacts is the load, whatever comes of the issues."""
    assert expected_contacts(scenario_of(PLAIN)).sum() == pytest.approx(33600)


def test_new_issues_have_the_contacts_that_the_fixed_point_says(scenario_of):
    """A flat week at 10 seats: A = A0 + A·P·ρ + A·(1 − P)·(1 − f)·c, P by Erlang A at A."""
    volume = {"per_week": 30000, "counts": "first", "profile": "flat", "busyness": "none"}
    contacts = expected_contacts(scenario_of({**PLAIN, **service(volume=volume)})).sum()
    gone = erlang_a(10, contacts / (HOURS * 3600), 180, 300).p_abandon
    assert 0.05 < gone < 0.5
    assert contacts == pytest.approx(30000 * attempts_per_issue(gone, 0.5, 0.7, 0.6), rel=2e-3)


def test_a_variant_has_the_new_issues_of_today_and_its_own_contacts(variant_of):
    """Both sides of the ratio at their own abandonment: 12 seats for 10, and more solved at once."""
    better = {"contacts": {"service": {"resolution": {"first_contact": 0.8}}}}
    variant = variant_of(PLAIN, **better, agents={"line": {"positions": 12}})
    contacts = expected_contacts(variant).sum()

    def per_issue(seats: int, contacts: float, first_contact: float) -> float:
        gone = erlang_a(seats, contacts / (HOURS * 3600), 180, 300).p_abandon
        return attempts_per_issue(gone, 0.5, first_contact, 0.6)

    right = 33600 / per_issue(10, 33600, 0.7) * per_issue(12, contacts, 0.8)
    assert contacts == pytest.approx(right, rel=2e-3)
    assert contacts < 0.95 * 33600


def test_a_volume_typed_anew_scales_as_it_is_typed(variant_of):
    """Nobody gives up: half the volume is half the contacts, to the bit of a float."""
    base = {**PLAIN, **service(patience="none", redial="none")}
    variant = variant_of(base, contacts={"service": {"volume": {"per_week": 16800}}})
    assert expected_contacts(variant).sum() == pytest.approx(16800)


def test_of_few_tries_the_last_is_not_followed_by_another(scenario_of):
    """Nobody on duty, two tries: 1 + ρ contacts an issue, none of them answered."""
    volume = {"per_week": 1000, "counts": "first", "profile": "flat", "busyness": "none"}
    redial = {"probability": 0.5, "attempts": 2}
    scenario = scenario_of(
        {**PLAIN, **service(volume=volume, redial=redial), "agents": {"line": {"positions": 0}}}
    )
    assert expected_contacts(scenario).sum() == pytest.approx(1500)


def test_an_initiative_that_solves_more_leaves_less_to_do(scenario_of):
    """validate warns of the first week; by the last, load has fallen to what initiatives make."""
    tight = {**PLAIN, **service(patience="none", redial="none")}
    found = outlook(scenario_of(tight))
    assert found.groups[0].load_hours == pytest.approx(33600 * 180 / 3600)
    worse = {
        "from_week": 2,
        "set": {"contacts": {"service": {"resolution": {"first_contact": 0.5}}}},
    }
    told = outlook(scenario_of({**tight, "initiatives": {"slump": worse}})).warnings
    share = (1 / (1 - 0.5 * 0.6)) / (1 / (1 - 0.3 * 0.6))
    assert told == [
        f"in the end line has more work than hours ({share:.0%}):"
        " queues will be long, or customers will give up"
    ]


# --- along the routes ----------------------------------------------------------------------------


def two_groups(first: int, second: int, after: str = "0 s") -> dict:
    line = {"positions": second, "serves": {"service": {"after": after}}}
    agents = {"first": {"positions": first, "serves": ["service"]}, "second": line}
    return {**PLAIN, "agents": agents}


def test_what_finds_nobody_free_goes_to_the_next_group(scenario_of):
    """5 seats for 10 erlangs lose what Erlang B says to the next 20; none are overloaded."""
    scenario = scenario_of(two_groups(5, 20))
    loads = expected_loads(scenario)
    lost = erlang_b(5, 10)
    assert loads["first"].contacts.sum() == pytest.approx(33600 * (1 - lost), rel=2e-4)
    assert loads["second"].contacts.sum() == pytest.approx(33600 * lost, rel=2e-4)
    assert not [one for one in outlook(scenario).warnings if "more work than hours" in one]


def test_a_group_that_opens_late_gets_who_still_waits(scenario_of):
    """No work is lost on the way, and later means less."""
    reached = []
    for after in ("0 s", "10 s", "60 s"):
        loads = expected_loads(scenario_of(two_groups(9, 20, after)))
        given_up = 33600 - sum(load_.contacts.sum() for load_ in loads.values())
        assert given_up == pytest.approx(0, abs=1e-6)
        reached.append(loads["second"].contacts.sum())
    assert reached[0] > reached[1] > reached[2] > 0


def test_nobody_goes_on_to_who_is_not_on_duty(scenario_of):
    """All of it stays with the first group, and is told to be too much."""
    scenario = scenario_of(two_groups(5, 0))
    assert expected_loads(scenario)["first"].contacts.sum() == pytest.approx(33600)
    assert any("first has more work than hours (200%)" in w for w in outlook(scenario).warnings)


def test_a_planned_group_is_planned_for_what_given_seats_leave(scenario_of):
    """Its own 5 erlangs and what 5 seats leave of 10: as one volume of that size would need."""
    sales = {
        **service()["contacts"]["service"],
        "volume": {**PLAIN["contacts"]["service"]["volume"], "per_week": 16800},
    }
    contacts = {"service": PLAIN["contacts"]["service"], "sales": sales}
    agents = {
        "first": {"positions": 5, "serves": ["service"]},
        "second": {"positions": {"meet": "service_level"}, "serves": ["sales", "service"]},
    }
    scenario = scenario_of({**PLAIN, "contacts": contacts, "agents": agents})
    erlangs = 5 + 10 * erlang_b(5, 10)
    needed = agents_needed((erlangs / 180,), (1.0,), 180, 300, Goal(0.8, 20.0))
    assert set(compile_levels(scenario).level[1]) == {needed}


# --- plans ---------------------------------------------------------------------------------------


def test_ten_points_more_solved_at_once_need_21_seats_in_the_place_of_24():
    """The field's case: 13.0 % fewer calls, 12.5 % fewer paid hours; in the outlook and in play."""
    base, better = (
        load(FIELD / f"{name}.yaml") for name in ("first-contact", "better-first-contact-replanned")
    )
    seats = [set(compile_levels(s).level[0]) - {0} for s in (base, better)]
    assert seats == [{24}, {21}]
    hours = [paid_hours_per_week(s, compile_levels(s)).sum() for s in (base, better)]
    assert hours[1] / hours[0] - 1 == pytest.approx(-0.125)
    calls = [expected_contacts(s).sum() for s in (base, better)]
    fewer = contacts_per_issue(0.75, 0.984) / contacts_per_issue(0.65, 0.984)
    assert calls[1] / calls[0] == pytest.approx(fewer)
    assert fewer - 1 == pytest.approx(-0.1305, abs=5e-5)
    solved = solve_anchors(better)
    assert set(compile_levels(better, solved.volume).level[0]) - {0} == {21}
    runs = [sim.run(s, replications=2) for s in (base, better)]
    offered = [run.tally.contacts["offered"].sum() for run in runs]
    assert offered[1] / offered[0] - 1 == pytest.approx(-0.130, abs=0.01)
    paid = [run.ledger.paid_hours.sum() for run in runs]
    assert paid[1] / paid[0] - 1 == pytest.approx(-0.125, abs=0.002)


def test_who_plans_anew_without_a_change_has_the_same_seats(variant_of):
    """Whatever the pilot finds: its new issues move only what the variant moves."""
    planned = {**PLAIN, "agents": {"line": {"positions": {"meet": "service_level"}}}}
    same = variant_of(planned, agents={"line": {"positions": {"replan": True}}})
    seats = compile_levels(same.root).level
    np.testing.assert_array_equal(compile_levels(same).level, seats)
    wrong_by_5_percent = {"service": [0.85]}
    np.testing.assert_array_equal(compile_levels(same, wrong_by_5_percent).level, seats)


def test_a_plan_is_that_of_the_contacts_that_come_at_it(variant_of):
    """A stricter target means fewer redials; the seats meet it with the load that they leave."""
    planned = {**PLAIN, "agents": {"line": {"positions": {"meet": "service_level"}}}}
    target = {"contacts": {"service": {"service_level": {"target": "97%"}}}}
    strict = variant_of(planned, **target, agents={"line": {"positions": {"replan": True}}})
    (seats,) = set(compile_levels(strict).level[0])
    (before,) = set(compile_levels(strict.root).level[0])
    contacts = expected_contacts(strict).sum()
    rate = contacts / (HOURS * 3600)
    assert seats > before
    assert contacts < 33600
    needed = agents_needed((rate,), (1.0,), 180, 300, Goal(0.97, 20.0))
    assert needed == seats


# --- against play --------------------------------------------------------------------------------


def a_center(number: int) -> dict:
    """A center of chance: 4 to 40 erlangs, 85 to 115 % of them as seats, some who redial."""
    luck = np.random.default_rng([7, number])
    erlangs, handle = luck.uniform(8, 40), int(luck.integers(120, 420))
    kind = {
        "volume": {"per_week": round(erlangs * HOURS * 3600 / handle), "profile": "flat"},
        "handle": f"{handle} s",
        "patience": f"{luck.integers(60, 900)} s",
        "redial": {"probability": luck.uniform(0, 0.8), "attempts": int(luck.integers(2, 6))},
        "resolution": {
            "first_contact": luck.uniform(0.6, 0.9),
            "comes_back": luck.uniform(0.3, 0.9),
        },
    }
    seats = max(1, round(erlangs * luck.uniform(0.85, 1.15)))
    return {
        **PLAIN,
        "contacts": {"service": kind},
        "agents": {"line": {"positions": seats}},
    }


@pytest.mark.parametrize("number", range(6))
def test_closed_form_and_pilot_are_within_2_percent(variant_of, number):
    """New issues of today, and a variant's contacts beside those of today as both are played."""
    base = a_center(number)
    seats = base["agents"]["line"]["positions"]
    better = {"contacts": {"service": {"resolution": {"first_contact": 0.93}}}}
    variant = variant_of(base, **better, agents={"line": {"positions": seats + 2}})
    anchors = solve_anchors(variant)
    first = {**base["contacts"]["service"]}
    found = np.mean(anchors.volume["service"])  # a flat week
    first["volume"] = {
        **first["volume"],
        "counts": "first",
        "per_week": first["volume"]["per_week"] * found,
    }
    again = variant_of({**base, "contacts": {"service": first}}, name="again")
    assert expected_contacts(again).sum() == pytest.approx(
        base["contacts"]["service"]["volume"]["per_week"], rel=0.02
    )
    played = [
        sim.run(s, anchors=anchors).tally.contacts["offered"].sum() for s in (variant.root, variant)
    ]
    expected = [expected_contacts(s).sum() for s in (variant.root, variant)]
    assert expected[1] / expected[0] == pytest.approx(played[1] / played[0], rel=0.02)
    assert len(anchors.volume["service"]) * variant.spec.horizon.interval_cells == CELLS_PER_WEEK

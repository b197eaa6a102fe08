"""What is solved once on the baseline, and what of it holds in its variants."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.core.clock import CELLS_PER_DAY, CELLS_PER_HOUR, CELLS_PER_WEEK
from sim.core.statistics import Sample, estimate
from sim.plan.outlook import outlook
from sim.plan.plan import Planner
from sim.plan.seats import compile_levels
from sim.scenario.scenario import Scenario
from sim.weeks.pilot import solve_anchors

INTERVALS_PER_DAY = 48
BASE = {
    "name": "base",
    "horizon": {"weeks": 1},
    "replications": 2,
    "forecast_error": "none",
    "open": "Mon-Fri 08:00-20:00",
    "customers": {"count": 10000, "margin": "12 per month", "churn": "40% per year"},
    "contacts": {"service": {"volume": {"per_week": 2000, "profile": "flat"}, "handle": "348 s"}},
    "agents": {"line": {"positions": {"meet": "service_level"}}},
}
MORE_EACH_DAY = [float(2 + day) for day in range(7) for _ in range(INTERVALS_PER_DAY)]


@pytest.fixture
def variant_of(scenario_of):
    """Make a base and the variant of it that says no more than what is given."""

    def make(base: dict, **more) -> Scenario:
        scenario_of(base, name="base.yaml")
        variant = {"name": "variant", "based_on": "base.yaml", **more}
        return scenario_of(variant, name="variant.yaml")

    return make


def from_monday(scenario: Scenario, cells: np.ndarray) -> np.ndarray:
    """[…, 672] by cell from the start of the horizon → from Monday 00:00."""
    return np.roll(cells, scenario.spec.horizon.first_cell_of_week, axis=-1)


def new_issues(scenario: Scenario) -> np.ndarray:
    """[type, 672] new issues expected in each cell of the week from Monday."""
    plan = Planner(scenario, solve_anchors(scenario)).plan(0, CELLS_PER_WEEK)
    return from_monday(scenario, plan.demand.expected)


# --- another weekday, other hours ---------------------------------------------------------------


@pytest.mark.parametrize(
    "agents",
    [{"positions": {"meet": "service_level"}}, {"heads": 12}, {"positions": MORE_EACH_DAY}],
    ids=["service level", "heads", "list"],
)
def test_another_first_weekday_moves_no_seat(variant_of, agents):
    """A horizon that starts on a Wednesday has the same seats at the same hours of the week."""
    contacts = {"service": {"volume": "2000 per week", "handle": "348 s"}}
    base = {**BASE, "agents": {"line": agents}, "contacts": contacts}
    wednesday = variant_of(base, horizon={"start": "2027-01-06"})
    monday = wednesday.root
    assert wednesday.spec.horizon.first_cell_of_week == 2 * CELLS_PER_DAY
    assert monday.spec.horizon.first_cell_of_week == 0
    seats = compile_levels(monday).level
    assert len(np.unique(seats)) > 2
    np.testing.assert_array_equal(from_monday(wednesday, compile_levels(wednesday).level), seats)


def test_another_first_weekday_moves_no_issue(variant_of):
    """It takes the anchors as they are, and expects the same issues at the same hours."""
    wednesday = variant_of(BASE, horizon={"start": "2027-01-06"})
    assert solve_anchors(wednesday) == solve_anchors(wednesday.root)
    np.testing.assert_array_equal(new_issues(wednesday), new_issues(wednesday.root))


def test_anchors_are_measured_from_monday(scenario_of):
    """What falls due at the weekend comes on Monday, wherever the pilot itself started."""
    scenario = scenario_of({**BASE, "horizon": {"weeks": 1, "start": "2027-01-06"}})
    assert scenario.root is scenario
    shares = np.array(solve_anchors(scenario).volume["service"]).reshape(7, INTERVALS_PER_DAY)
    days = shares[:5, 16:40].mean(axis=1)
    assert days.argmin() == 0
    assert days[0] < 0.97 * days[1:].min()


def test_longer_hours_get_contacts(variant_of):
    """Where nothing was typed, the share of new issues is that of the whole week."""
    longer = variant_of(BASE, open="Mon-Fri 08:00-22:00")
    anchors = solve_anchors(longer)
    assert anchors == solve_anchors(longer.root)
    issues = new_issues(longer)[0].reshape(7, CELLS_PER_DAY)[:5]
    evening = issues[:, 20 * CELLS_PER_HOUR : 22 * CELLS_PER_HOUR]
    typed = 2000 / 5 / (14 * CELLS_PER_HOUR)
    overall = new_issues(longer.root).sum() / 2000
    assert 0.5 < overall < 0.9
    np.testing.assert_allclose(evening, typed * overall, rtol=1e-9)
    assert issues.sum() == pytest.approx(2000 * overall, rel=0.02)


@pytest.mark.parametrize(
    ("agents", "seats_in_the_evening"),
    [
        ({"line": {"positions": {"replan": True}}}, True),
        ({"line": {"positions": 9}}, True),
        ({}, False),
    ],
    ids=["replanned", "a number", "those of the base"],
)
def test_longer_hours_get_seats_or_a_warning(variant_of, agents, seats_in_the_evening):
    """Seats made for the base's hours are not there in the evening: then `validate` says so."""
    longer = variant_of(BASE, open="Mon-Fri 08:00-22:00", agents=agents)
    seats = compile_levels(longer).level[0].reshape(7, CELLS_PER_DAY)[:5]
    evening = seats[:, 20 * CELLS_PER_HOUR : 22 * CELLS_PER_HOUR]
    assert (seats[:, 8 * CELLS_PER_HOUR : 20 * CELLS_PER_HOUR] > 0).all()
    assert (evening > 0).all() == seats_in_the_evening
    unmanned = [w for w in outlook(longer).warnings if w.startswith("nobody is on duty for 14.3%")]
    assert bool(unmanned) != seats_in_the_evening


# --- what a variant brings along ----------------------------------------------------------------


def test_counts_first_in_a_variant_are_new_issues(variant_of):
    """The same number, now of issues: redials and repeats come on top, no anchor is applied."""
    first = variant_of(BASE, contacts={"service": {"volume": {"counts": "first"}}})
    assert new_issues(first).sum() == pytest.approx(2000)
    assert new_issues(first.root).sum() < 0.9 * 2000
    assert solve_anchors(first) == solve_anchors(first.root)


def test_a_new_type_and_segment_are_solved_on_the_variant(variant_of):
    """And those of the base stay as they were frozen."""
    variant = variant_of(
        {**BASE, "customers": {"standard": BASE["customers"]}},
        customers={"premium": {"count": 4000, "churn": "20% per year"}},
        contacts={"billing": {"volume": {"per_week": 1500, "profile": "flat"}, "handle": "200 s"}},
        agents={"line": {"positions": {"replan": True}}},
    )
    known, found = solve_anchors(variant.root), solve_anchors(variant)
    assert (set(known.volume), set(known.intent)) == ({"service"}, {"standard"})
    assert (set(found.volume), set(found.intent)) == (
        {"service", "billing"},
        {"standard", "premium"},
    )
    assert found.volume["service"] == known.volume["service"]
    assert found.intent["standard"] == known.intent["standard"]
    assert found.intent["premium"] > 0
    assert found.paid_hours == known.paid_hours
    service, billing = new_issues(variant).sum(axis=1)
    assert service == new_issues(variant.root).sum()
    assert 0.5 * 1500 < billing < 0.9 * 1500


@pytest.mark.slow
def test_a_new_type_shows_what_was_typed(variant_of):
    """Its contacts, redials and repeats included, are the typed volume within the error."""
    variant = variant_of(
        {
            **BASE,
            "horizon": {"weeks": 6, "warm_up": "7 d"},
            "customers": {"count": 10000, "churn": "none"},
        },
        contacts={
            "billing": {
                "volume": {"per_week": 1500, "profile": "flat", "busyness": "none"},
                "handle": "200 s",
            }
        },
        agents={"line": {"positions": {"replan": True}}},
    )
    run = sim.run(variant, replications=20)
    offered = estimate(Sample(run.tally.contacts["offered"][:, :, 1].sum(axis=1)))
    assert offered.half_width < 0.01 * 9000
    assert abs(offered.value - 9000) < 0.01 * 9000 + offered.half_width


# --- the share of churn that service causes -----------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.25, 0.50])
def test_service_causes_the_typed_share_of_churn(variant_of, share):
    """Also where a variant types another share than the base on which intent was counted."""
    base = {**BASE, "horizon": {"weeks": 26}, "replications": 10}
    run = sim.run(variant_of(base, customers={"due_to_service": share}))
    left = run.tally.customers["left"].sum(axis=(1, 2))
    for_service = run.tally.customers["left_for_service"].sum(axis=(1, 2))
    stayed = run.tally.customers["stayed_for_service"].sum(axis=(1, 2))
    found = estimate(Sample(for_service - stayed, left))
    assert found.half_width < 0.015
    assert abs(found.value - share) < found.half_width


def test_service_is_irrelevant_where_nothing_is_due_to_it(variant_of):
    """Fewer seats, no seats in the afternoon, worse answers: the same customers, to the bit."""
    nothing_due = {**BASE["customers"], "due_to_service": 0}
    worse = variant_of(
        {**BASE, "customers": nothing_due, "horizon": {"weeks": 3}},
        agents={"line": {"positions": {"scale": 0.6}}},
        contacts={"service": {"resolution": {"first_contact": 0.4}}},
    )
    good, bad = sim.run(worse.root), sim.run(worse)
    np.testing.assert_array_equal(good.tally.customers, bad.tally.customers)
    assert good.tally.customers["left"].sum() > 100
    assert not np.array_equal(good.tally.endings, bad.tally.endings)


# --- what a run depends on ----------------------------------------------------------------------


def test_the_hash_covers_the_whole_lineage(scenario_of):
    """A key of the base, overridden before it reaches the leaf, still decides what is anchored."""
    leaf = {"name": "leaf", "based_on": "middle.yaml", "contacts": {"service": {"handle": "300 s"}}}

    def hash_of(root: dict, middle: str) -> str:
        scenario_of(root, name="base.yaml")
        between = {"name": "middle", "based_on": "base.yaml"}
        between["contacts"] = {"service": {"handle": middle}}
        scenario_of(between, name="middle.yaml")
        return scenario_of(leaf, name="leaf.yaml").hash

    service = {"volume": {"per_week": 2000, "profile": "flat"}, "handle": "400 s"}
    hashes = {
        hash_of(BASE, "350 s"),
        hash_of({**BASE, "contacts": {"service": service}}, "350 s"),
        hash_of(BASE, "360 s"),
    }
    assert len(hashes) == 3
    assert hash_of(BASE, "350 s") in hashes


def test_the_hash_knows_who_makes_the_seats(variant_of):
    """Saying again what is inherited makes the seats anew, from the variant's own volumes."""
    more = {"service": {"volume": {"per_week": 3000}}}
    inherits = variant_of(BASE, contacts=more)
    plans = variant_of(BASE, contacts=more, agents=BASE["agents"])
    assert inherits.spec == plans.spec
    assert inherits.hash != plans.hash
    seats = [compile_levels(s).level.sum() for s in (inherits, plans)]
    assert seats[0] < seats[1]

"""Types, groups and products that an initiative brings exist from the start, asleep until then."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.core.errors import ScenarioError
from sim.plan.outlook import outlook
from sim.plan.weekly_seats import seats_of_weeks
from sim.weeks.counts import plain

NOBODY_COMES_BACK = {"redial": "none", "resolution": "none"}
BASE = {
    "name": "base",
    "horizon": {"weeks": 4},
    "replications": 1,
    "open": "Mon-Fri 08:00-18:00",
    "contacts": {"service": {"volume": "300 per week", "handle": "300 s", **NOBODY_COMES_BACK}},
    "agents": {"line": {"positions": 4, "serves": ["service"]}},
}
BILLING = {"volume": "200 per week", "handle": "200 s", **NOBODY_COMES_BACK}
LATER = {
    "contacts": {"billing": BILLING},
    "agents": {"desk": {"positions": 2, "serves": ["billing", "service"], "wage": "21 per hour"}},
    "offers": {"broadband": {"price": 100, "margin": "30%", "offer": "always"}},
}


@pytest.fixture
def variant_of(scenario_of):
    """A variant of the base with what is given."""

    def make(**more):
        scenario_of(BASE, name="base.yaml")
        return scenario_of({"name": "variant", "based_on": "base.yaml", **more}, name="v.yaml")

    return make


def dated(what: dict, **more) -> dict:
    return {"initiatives": {"new": {"set": what, "from_week": 3, **more}}}


def played(scenario, **how):
    return sim.run(scenario, workers=1, **how)


def test_until_its_week_all_is_as_without_it_and_from_then_on_as_typed_whole(variant_of):
    """By counts, in a center where nothing crosses a night; both engines."""
    old, new = played(variant_of()), played(variant_of(**LATER))
    for engine in ("compiled", "reference"):
        both = played(variant_of(**dated(LATER)), engine=engine)
        np.testing.assert_array_equal(both.tally.contacts[:, :2, :1], old.tally.contacts[:, :2])
        np.testing.assert_array_equal(both.tally.time[:, :2, :1], old.tally.time[:, :2])
        for name in ("contacts", "time", "sales"):
            after, typed = (getattr(run.tally, name)[:, 2:] for run in (both, new))
            np.testing.assert_array_equal(after, typed)
            assert not plain(getattr(both.tally, name))[:, :2, -1].any()
            assert plain(after)[..., -1, :].any()


def test_a_volume_and_seats_come_by_a_ramp(variant_of):
    """From nothing, as any other number."""
    what = {"contacts": LATER["contacts"], "agents": LATER["agents"]}
    scenario = variant_of(**dated(what, ramp="2 wk"))
    volumes = [scenario.in_week(w).spec.contacts["billing"].volume.per_week for w in range(4)]
    assert volumes == [0, 0, 100, 200]
    assert [int(one.level[1].max()) for one in seats_of_weeks(scenario).weeks] == [0, 0, 1, 2]


def test_two_initiatives_bring_names_in_their_order(variant_of):
    """Each week has all of them; validate does not wonder at groups that come later."""
    one, two = ({"contacts": {name: BILLING}} for name in ("first", "second"))
    desk = {"agents": {"desk": {"positions": 2, "serves": ["first", "second"]}}}
    scenario = variant_of(
        initiatives={
            "a": {"set": {**one, **desk}, "from_week": 3},
            "b": {"set": two, "from_week": 2},
        }
    )
    assert [s.types for s in (scenario, *scenario.patched)] == [["service", "first", "second"]] * 3
    calls = played(scenario).tally.contacts["offered"][0, :, 1:]
    assert (calls > 0).tolist() == [[False, False], [False, True], [True, True], [True, True]]
    assert not any("gets no seats" in line for line in outlook(scenario).warnings)


def test_a_new_type_counts_new_issues(variant_of):
    """There is nothing today that its redials and repeats could be solved by; what is told works."""
    anchored = {"contacts": {"billing": {"volume": "200 per week", "handle": "200 s"}}}
    with pytest.raises(ScenarioError) as refused:
        variant_of(**dated({**LATER, **anchored}))
    (told,) = refused.value.problems
    assert told.path == "initiatives.new.set.contacts.billing.volume"
    assert told.what == "today has no redials and repeats of billing that its volume could count"
    assert told.remedy == (
        "write volume: {per_week: 200 per week, counts: first}, of new issues"
    )  # fmt: skip
    anchored["contacts"]["billing"]["volume"] = {"per_week": "200 per week", "counts": "first"}
    assert played(variant_of(**dated({**LATER, **anchored}))).tally.contacts["offered"][0, 3, 1] > 0


def test_a_new_type_that_nobody_serves_is_refused(variant_of):
    """At the initiative that brings it: the groups of today serve what they serve."""
    alone = {"contacts": {"billing": BILLING}}
    with pytest.raises(ScenarioError) as refused:
        variant_of(**dated(alone))
    (told,) = refused.value.problems
    assert told.path == "initiatives.new.set.contacts.billing"
    assert told.what == "nobody serves it"
    assert told.remedy == "bring a group that serves it in the same set"
    variant_of(**dated({**alone, "agents": {"own": {"positions": 2, "serves": ["billing"]}}}))

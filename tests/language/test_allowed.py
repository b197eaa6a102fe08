"""A number on top of a mapping by segment, and what stands by its name instead of in a list.

The double forms are found in the scenario that uses every key, not listed by hand.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.core.errors import ScenarioError
from sim.experiments.parameter import range_of
from sim.language.node import dotted, in_one_line
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.weeks.counts import plain
from tests.metrics.test_ledger import SMALL
from tests.scenario.test_initiatives import assert_same_weeks

EVERY_KEY = str(Path(__file__).parents[1] / "bad_scenarios" / "good" / "every-key.yaml")
BROADBAND = {"price": 120, "margin": "25%", "held": "20%", "policy": "always"}
BY_SEGMENT = {"standard": "13%", "premium": "21%", "spread": 0.8, "targeting": "75%"}
AGES = {"offer": "queue-age", "at_most": {"standard": "10 s", "premium": "20 s"}}
COUNTS = {"offer": "while-waiting", "at_most": {"standard": -2, "premium": 5}}
SALE = {"weeks": [2], "volume": {"service": 1.4}}
OUTAGE = {"weeks": [3], "volume": {"service": 0.5}}
CHEAPER = {"set": {"contacts": {"service": {"handle": "300 s"}}}, "run_cost": "1k per month"}
KEENER = {"set": {"offers": {"broadband": {"acceptance": "30%"}}}, "from_week": 2}


def world(**more) -> dict:
    """A center with two segments that accept each at its own rate."""
    offer = {**BROADBAND, "acceptance": BY_SEGMENT}
    return {**SMALL, "horizon": {"weeks": 4}, "offers": {"broadband": offer}, **more}


@pytest.fixture
def variant_of(scenario_of):
    """A variant of a base, with what is given, and `--set`s."""

    def make(base: dict, *sets: str, **more) -> Scenario:
        scenario_of({**base, "name": "base"}, name="base.yaml")
        given = {"name": "variant", "based_on": "base.yaml", **more}
        return scenario_of(given, *sets, name="variant.yaml")

    return make


def offer(**more) -> dict:
    return {"offers": {"broadband": more}}


def accepted(scenario: Scenario) -> dict[str, float]:
    acceptance = scenario.spec.offers["broadband"].acceptance
    return {segment: acceptance.of(segment) for segment in scenario.segments}


def in_the_end(scenario: Scenario) -> Scenario:
    return scenario.in_week(scenario.spec.horizon.n_weeks - 1)


# --- a number replaces a mapping ----------------------------------------------------------------


def by_segment_or_not() -> dict[str, tuple[list[str], list[str]]]:
    """Path → (keys that are segments, other keys) of mappings in whose place a value may stand."""
    plain = load(EVERY_KEY)
    found = {}
    for path, node in plain.tree.root.walk():
        named = [key for key in plain.segments if node.child(key) is not None]
        if not named or path == ("customers",) or not isinstance(node.value, dict):
            continue
        bare = in_one_line(node.value[named[0]].plain())
        try:
            load(EVERY_KEY, [f"{dotted(path)}=null", f"{dotted(path)}={bare}"])
        except ScenarioError:
            continue  # it has no such form
        others = [key for key in node.value if key not in (*named, node.main)]
        found[f"{dotted(path)}={bare}"] = named, others
    return found


DOUBLE_FORMS = by_segment_or_not()


def test_the_double_forms_are_found():
    """A new one is tested below by itself; that there are some shows that they are seen."""
    assert {assignment.partition("=")[0] for assignment in DOUBLE_FORMS} == {
        "offers.broadband.acceptance",
        "offers.broadband.policy.at_most",
    }


@pytest.mark.parametrize("assignment", DOUBLE_FORMS)
def test_a_bare_value_replaces_what_stands_by_segment_and_nothing_else(assignment):
    """Segments go, and what is no form of the same quantity stays as it was."""
    named, others = DOUBLE_FORMS[assignment]
    path = assignment.partition("=")[0].split(".")
    before, after = load(EVERY_KEY).tree.node(path), load(EVERY_KEY, [assignment]).tree.node(path)
    assert not any(after.child(segment) for segment in named)
    assert {key: after.child(key).plain() for key in others} == {
        key: before.child(key).plain() for key in others
    }


@pytest.mark.parametrize("road", ["variant", "set", "initiative", "set into an initiative"])
def test_acceptance_of_all_by_every_road(variant_of, road):
    """It holds for every segment; spread and targeting stay."""
    plan = {"all": {"set": offer(acceptance="9%")}}
    scenario = {
        "variant": lambda: variant_of(world(), **offer(acceptance="2%")),
        "set": lambda: variant_of(world(), "offers.broadband.acceptance=2%"),
        "initiative": lambda: variant_of(
            world(), initiatives={"all": {"set": offer(acceptance="2%")}}
        ),
        "set into an initiative": lambda: variant_of(
            world(), "initiatives.all.set.offers.broadband.acceptance=2%", initiatives=plan
        ),
    }[road]()
    assert accepted(in_the_end(scenario)) == {"standard": 0.02, "premium": 0.02}
    acceptance = in_the_end(scenario).spec.offers["broadband"].acceptance
    assert (acceptance.spread, acceptance.targeting) == (0.8, 0.75)


@pytest.mark.parametrize("typed", [0, 3, "{standard: 1, premium: 2}"])
def test_at_most_of_all_by_every_road(variant_of, typed):
    """As many for each segment, in a variant, by `--set` and by an initiative."""
    base = world(offers={"broadband": {**BROADBAND, "policy": COUNTS}})
    path = "offers.broadband.policy.at_most"
    wanted = {"standard": 1, "premium": 2} if isinstance(typed, str) else typed
    patch = {"it": {"set": offer(policy={"at_most": wanted})}}
    limits = [
        in_the_end(scenario).spec.offers["broadband"].policy.at_most
        for scenario in (
            variant_of(base, f"{path}={typed}"),
            variant_of(base, **offer(policy={"at_most": wanted})),
            variant_of(base, initiatives=patch),
        )
    ]
    assert limits[0] == limits[1] == wanted
    one_each = {"standard": typed, "premium": typed}
    assert limits[2] == (wanted if isinstance(typed, str) else one_each)


def test_a_number_for_all_stays_a_number_for_the_main_key_alone(variant_of):
    """Talk keeps its cv; positions keep their scale, whichever way seats were said."""
    talk = world(
        contacts={"service": {"volume": "500 per week", "talk": {"mean": "270 s", "cv": 1.1}}}
    )
    found = variant_of(talk, "contacts.service.talk=200 s").spec.contacts["service"].talk
    assert (found.mean_s, found.cv) == (200, 1.1)
    for before in ({"seats": 30}, {"meet": "service_level"}, {"seats": [1] * 48}):
        for after in (40, "service_level", {"seats": 40}):
            line = {**SMALL["agents"]["line"], "positions": {**before, "scale": "90%"}}
            base = world(agents={"line": line})
            if isinstance(after, dict) and "meet" in before:
                with pytest.raises(ScenarioError, match="both meet and seats are given"):
                    variant_of(base, agents={"line": {"positions": after}})
                continue
            spec = variant_of(base, agents={"line": {"positions": after}}).spec
            positions = spec.agents["line"].positions
            assert (positions.seats, positions.meet) == (
                (None, after) if after == "service_level" else (40, None)
            )
            assert positions.scale == 0.9


def test_seats_are_not_said_twice(variant_of):
    """A number of the base does not win over the seats of a variant."""
    base = world(agents={"line": {**SMALL["agents"]["line"], "positions": 30}})
    with pytest.raises(ScenarioError, match="both a bare value and seats are given"):
        variant_of(base, agents={"line": {"positions": {"seats": 40}}})


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [("*=0.5", [0.065, 0.105]), ("+=2%", [0.15, 0.23]), ("-=3%", [0.10, 0.18])],
)
def test_arithmetic_moves_every_segment(variant_of, assignment, expected):
    """And everyone, where some are not named."""
    scenario = variant_of(world(), f"offers.broadband.acceptance{assignment}")
    assert list(accepted(scenario).values()) == pytest.approx(expected)
    some = world(**offer(**BROADBAND, acceptance={"everyone": "13%", "premium": "21%"}))
    scenario = variant_of(some, f"offers.broadband.acceptance{assignment}")
    assert list(accepted(scenario).values()) == pytest.approx(expected)
    base = world(offers={"broadband": {**BROADBAND, "policy": COUNTS}})
    more = variant_of(base, "offers.broadband.policy.at_most+=1")
    assert more.spec.offers["broadband"].policy.at_most == {"standard": -1, "premium": 6}


def test_arithmetic_within_a_patch(variant_of):
    """A patch is written as a variant would be."""
    plan = {"it": {"set": offer(acceptance={"standard": "20%", "premium": "40%"})}}
    path = "initiatives.it.set.offers.broadband.acceptance"
    scenario = variant_of(world(), f"{path}*=0.5", initiatives=plan)
    assert accepted(in_the_end(scenario)) == {"standard": 0.1, "premium": 0.2}


def test_a_bare_value_over_a_mapping_within_a_patch(variant_of):
    """It takes the place of what stands by segment; beside anything else it is refused."""
    path = "initiatives.it.set.offers.broadband"
    by_segment = {"standard": "20%", "premium": "40%"}
    plan = {"it": {"set": offer(acceptance=by_segment, policy=COUNTS)}}
    sets = (f"{path}.acceptance=5%", f"{path}.policy.at_most=1")
    spec = in_the_end(variant_of(world(), *sets, initiatives=plan)).spec.offers["broadband"]
    assert spec.acceptance.by_segment == {"standard": 0.05, "premium": 0.05}
    assert spec.policy.at_most == {"standard": 1, "premium": 1}
    plan = {"it": {"set": offer(acceptance={**by_segment, "spread": 0.4})}}
    with pytest.raises(ScenarioError, match="a bare value and a mapping do not go together"):
        variant_of(world(), f"{path}.acceptance=5%", initiatives=plan)


def test_a_break_even_goes_over_a_number_for_all_segments(variant_of):
    """From 0 to twice the largest, unless one is asked for; not over what holds for nobody."""
    scenario = variant_of(world())
    path = "offers.broadband.acceptance"
    found = range_of(scenario, path, None)
    assert (found.low, found.high, found.unit.suffix) == (0, 42, "%")
    assert range_of(scenario, path, "0%:30%").high == 30
    for between in (None, "0%:30%"):
        with pytest.raises(ScenarioError) as refused:
            range_of(scenario, f"{path}.everyone", between)
        assert refused.value.problems[0].remedy == f"write {path}"


# --- a part of the way --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "half"),
    [
        ({"standard": "13%", "premium": "21%"}, "30%", [0.215, 0.255]),
        ("10%", {"standard": "20%", "everyone": None, "premium": "30%"}, [0.15, 0.2]),
        ("10%", {"premium": "30%"}, [0.1, 0.2]),
        ({"everyone": "10%", "premium": "20%"}, "30%", [0.2, 0.25]),
        ("10%", "20%", [0.15, 0.15]),
    ],
)
def test_acceptance_goes_a_part_of_the_way_in_either_form(variant_of, before, after, half):
    """Every segment moves toward its own end."""
    base = world(**offer(**BROADBAND, acceptance=before))
    plan = {"it": {"set": offer(acceptance=after), "adoption": "50%"}}
    scenario = variant_of(base, initiatives=plan)
    assert list(accepted(in_the_end(scenario)).values()) == pytest.approx(half)


@pytest.mark.parametrize(
    ("before", "after", "half"),
    [
        ({"standard": "10 s", "premium": "20 s"}, "40 s", {"standard": 25, "premium": 30}),
        ("20 s", {"standard": "10 s", "premium": "40 s"}, {"standard": 15, "premium": 30}),
    ],
)
def test_ages_go_a_part_of_the_way(variant_of, before, after, half):
    """Of seconds there are parts; of contacts there are none."""
    policy = {"offer": "queue-age", "at_most": before}
    base = world(offers={"broadband": {**BROADBAND, "policy": policy}})
    plan = {"it": {"set": offer(policy={"at_most": after}), "adoption": "50%"}}
    scenario = variant_of(base, initiatives=plan)
    assert in_the_end(scenario).spec.offers["broadband"].policy.at_most == half
    counts = world(offers={"broadband": {**BROADBAND, "policy": COUNTS}})
    plan = {"it": {"set": offer(policy={"at_most": 3}), "adoption": "50%"}}
    with pytest.raises(ScenarioError, match=r"at_most\.standard cannot change by a part"):
        variant_of(counts, initiatives=plan)


def test_two_that_move_one_segment_are_refused_in_either_form(variant_of):
    """One for all and one for premium."""
    all_, premium = ({"set": offer(acceptance=a)} for a in ("30%", {"premium": "50%"}))
    for base in (world(), world(**offer(**BROADBAND, acceptance="10%"))):
        with pytest.raises(ScenarioError, match=r"all changes offers\.broadband\.acceptance\.pre"):
            variant_of(base, initiatives={"all": all_, "premium": premium})


def test_an_initiative_for_all_is_the_variant_to_the_bit(variant_of):
    """From the first week on, and typed by segment as well as at once."""
    each = dict.fromkeys(("standard", "premium"), "30%")
    runs = [
        sim.run(variant_of(world(), **given), workers=1)
        for given in (
            offer(acceptance="30%"),
            offer(acceptance=each),
            {"initiatives": {"it": {"set": offer(acceptance="30%")}}},
        )
    ]
    sold = [
        plain(run.tally.sales).sum() for run in (sim.run(variant_of(world()), workers=1), runs[0])
    ]
    assert sold[1] > sold[0]
    for other in runs[1:]:
        assert_same_weeks(runs[0], other, slice(None))


# --- everyone is somebody -----------------------------------------------------------------------


def test_an_acceptance_for_a_segment_that_no_offer_goes_to_is_no_fault(variant_of):
    """Nor is one for everyone, while somebody is not named."""
    to = {"to": ["premium"]}
    for acceptance in (BY_SEGMENT, {"everyone": "10%", "premium": "20%"}):
        base = world(**offer(**BROADBAND, acceptance=acceptance, **to))
        assert accepted(variant_of(base))["premium"] > 0


@pytest.mark.parametrize("of", ["variant", "initiative"])
def test_the_remedy_for_everyone_works(variant_of, of):
    """Named above an acceptance for all: null, beside them."""
    base = world(**offer(**BROADBAND, acceptance="10%"))
    for rest in ({}, {"everyone": None}):
        typed = offer(acceptance={"standard": "20%", "premium": "30%", **rest})
        given = typed if of == "variant" else {"initiatives": {"it": {"set": typed}}}
        if rest:
            found = accepted(in_the_end(variant_of(base, **given)))
            assert found == {"standard": 0.2, "premium": 0.3}
            continue
        with pytest.raises(ScenarioError) as refused:
            variant_of(base, **given)
        assert "everyone: null" in refused.value.problems[0].remedy


# --- by name ------------------------------------------------------------------------------------


def test_a_variant_adds_to_what_its_base_has(variant_of):
    """And removes by null, as of contacts, offers and agents."""
    base = world(events={"sale": SALE}, initiatives={"cheaper": CHEAPER})
    more = variant_of(base, events={"outage": OUTAGE}, initiatives={"keener": KEENER}).spec
    assert list(more.events) == ["sale", "outage"]
    assert list(more.initiatives) == ["cheaper", "keener"]
    less = variant_of(base, "initiatives.cheaper=null", events={"sale": None}).spec
    assert (less.events, less.initiatives) == ({}, {})
    part = variant_of(
        base, "events.sale.volume.service=1.6", "initiatives.cheaper.run_cost*=2"
    ).spec
    assert part.events["sale"].volume == {"service": 1.6}
    assert part.events["sale"].weeks == [2]
    assert part.initiatives["cheaper"].run_cost == 2000
    assert part.initiatives["cheaper"].set == CHEAPER["set"]


@pytest.mark.parametrize("key", ["events", "initiatives"])
def test_what_a_list_is_told_works(variant_of, key):
    """The mapping that is shown, typed, is what the list said."""
    blocks = {"events": [SALE, OUTAGE], "initiatives": [CHEAPER, KEENER]}[key]
    names = ["one", "the other: 2nd"]
    listed = [{"name": name, **block} for name, block in zip(names, blocks, strict=True)]
    with pytest.raises(ScenarioError) as refused:
        variant_of(world(), **{key: listed})
    (told,) = refused.value.problems
    assert told.path == key
    typed = told.remedy.removeprefix("write ")
    found = getattr(variant_of(world(), f"{key}={typed}").spec, key)
    by_name = dict(zip(["one", "the-other-2nd"], blocks, strict=True))
    assert found == getattr(variant_of(world(), **{key: by_name}).spec, key)


def test_the_order_in_which_they_stand_decides_nothing(variant_of):
    """Not a bit: same hash, same tables, same ledger."""
    events = {f"e{i}": {"weeks": [2, 3], "volume": {"service": 1 + i / 10}} for i in (1, 3, 7)}
    plans = {"cheaper": CHEAPER, "keener": KEENER}
    one = variant_of(world(), events=events, initiatives=plans)
    two = variant_of(world(), events=dict(reversed(events.items())),
                     initiatives=dict(reversed(plans.items())))  # fmt: skip
    assert one.hash == two.hash
    assert one.event_factors("service") == two.event_factors("service")
    runs = [sim.run(scenario, workers=1) for scenario in (one, two)]
    assert_same_weeks(*runs, slice(None))
    assert list(runs[0].ledger.lines) == list(runs[1].ledger.lines)
    for name, amounts in runs[0].ledger.lines.items():
        np.testing.assert_array_equal(amounts, runs[1].ledger.lines[name])


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        ({"a": {"weeks": [1, 2], "x": None, "y": True}}, "{a: {weeks: [1, 2], x: null, y: true}}"),
        ("null", '"null"'),
        ("1.4", '"1.4"'),
        ("3k per month", "3k per month"),
        ("a: b", '"a: b"'),
        ("", '""'),
    ],
)
def test_in_one_line(value, typed):
    """As a person would type it, and so that it is read again as what it was."""
    assert in_one_line(value) == typed

"""Dated patches with a price: what they change, from when, what they may not, what they cost."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.core.errors import ScenarioError
from sim.experiments.baseline import baseline_of
from sim.experiments.judging import strains_people
from sim.report.pages.remarks import remarks
from sim.report.pages.today import gaps
from sim.scenario.values import values_of
from sim.weeks.pilot import solve_anchors
from tests.metrics.test_ledger import SMALL

TALK = {"contacts": {"service": {"talk": "200 s"}}}
LISTENS = {"offers": {"broadband": {"acceptance": {"everyone": "40%"}}}}
BASE = {
    **SMALL,
    "name": "base",
    "horizon": {"weeks": 6},
    "contacts": {"service": {"volume": "2000 per week", "talk": "270 s"}},
}


@pytest.fixture
def variant_of(scenario_of):
    """A variant of the base with what is given."""

    def make(*sets: str, **more):
        scenario_of(BASE, name="base.yaml")
        given = {"name": "variant", "based_on": "base.yaml", **more}
        return scenario_of(given, *sets, name="variant.yaml")

    return make


def initiative(what: dict, **more) -> dict[str, dict]:
    return {"it": {"set": what, **more}}


def played(scenario, **how):
    return sim.run(scenario, workers=1, **how)


def assert_same_weeks(one, other, weeks: slice) -> None:
    """All that is counted by week is equal to the bit."""
    for name in ("contacts", "sales", "customers", "time", "legs", "segments"):
        np.testing.assert_array_equal(
            getattr(one.tally, name)[:, weeks], getattr(other.tally, name)[:, weeks]
        )


# --- what it changes ----------------------------------------------------------------------------


def test_from_the_first_week_on_it_is_the_variant_to_the_bit(variant_of):
    """Only that it is written down elsewhere, and has a line of its own in the ledger."""
    typed = played(variant_of(**TALK, **LISTENS))
    dated = played(variant_of(initiatives=initiative({**TALK, **LISTENS}, invest="52k")))
    for one, other in zip(typed.tally, dated.tally, strict=True):
        np.testing.assert_array_equal(one, other)
    lines = dict(dated.ledger.lines)
    costs = lines.pop("cost:initiatives:it")
    assert costs.tolist() == [[-1000.0] * 6] * 2
    assert lines.keys() == typed.ledger.lines.keys()
    for name, amounts in lines.items():
        np.testing.assert_array_equal(amounts, typed.ledger.lines[name])


def test_what_is_so_already_changes_nothing(variant_of):
    """But for its costs."""
    plain = played(variant_of())
    same = {"contacts": {"service": {"talk": "270 s"}}}
    idle = played(variant_of(initiatives=initiative(same, from_week=2, ramp="3 wk")))
    for one, other in zip(plain.tally, idle.tally, strict=True):
        np.testing.assert_array_equal(one, other)
    assert not idle.ledger.lines["cost:initiatives:it"].any()


@pytest.mark.parametrize(("before", "after"), [("always", "never"), ("never", "always")])
def test_what_an_offer_needs_can_be_bought_in_some_weeks(variant_of, before, after):
    """It is enough that the other offer begins, or has not ended yet."""
    scenario = variant_of(**needing(before, after))
    sold = played(scenario, replications=1).tally.sales["accepted"][0, :, :, 0]
    assert (sold[:2, 0].sum() > 0) == (before == "always")
    assert (sold[2:, 0].sum() > 0) == (after == "always")
    assert sold[2:, 1].sum() > 0


def test_what_an_offer_needs_and_nobody_can_ever_buy(variant_of):
    """No week in which the other is offered."""
    with pytest.raises(ScenarioError, match="nobody has broadband, nor can buy it"):
        variant_of(**needing("never", "never"))


def needing(before: str, after: str) -> dict:
    """An upsell to who bought another product, whose policy changes after two weeks."""
    bigger = {"kind": "upsell", "needs": ["broadband"], "price": 0, "margin": {"per_month": 4}}
    offers = {
        "broadband": {"policy": before, "held": 0},
        "bigger": bigger | {"offer": "always", "candidates": 1, "acceptance": "90%"},
    }
    patch = {"offers": {"broadband": {"policy": after}, "bigger": {"talk": "9 s"}}}
    return {"offers": offers, "initiatives": initiative(patch, from_week=3)}


def test_nothing_moves_before_its_first_week(variant_of):
    """And in that week it does."""
    plain = played(variant_of())
    later = played(variant_of(initiatives=initiative(TALK, from_week=4)))
    assert_same_weeks(plain, later, slice(0, 3))
    talk_s = [run.tally.time["talk_ms"][:, 3:, 0].sum() for run in (plain, later)]
    assert talk_s[1] / talk_s[0] == pytest.approx(200 / 270, rel=0.02)


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_it_does_not_reach_into_the_warm_up(variant_of, engine):
    """The weeks that precede the horizon look like today, on both engines."""
    warm = {"horizon": {"weeks": 1, "warm_up": "2 d"}}
    scenario = variant_of(**warm, initiatives=initiative(TALK))
    assert [scenario.in_week(week).spec.contacts["service"].talk.mean_s for week in (-1, 0)] == [
        270,
        200,
    ]
    runs = [played(scenario, engine=e, replications=1) for e in (engine, "compiled")]
    for one, other in zip(runs[0].tally, runs[1].tally, strict=True):
        np.testing.assert_array_equal(one, other)


def test_numbers_move_with_the_ramp_and_as_far_as_adoption(variant_of):
    """Also those by segment; what no initiative names stays."""
    what = {
        "offers": {"broadband": {"acceptance": {"standard": "20%", "premium": "40%"}}},
        "contacts": {"service": {"volume": {"per_week": "1000 per week"}}},
    }
    base = {"broadband": {"acceptance": {"standard": "10%", "premium": "20%"}}}
    scenario = variant_of(
        offers=base, initiatives=initiative(what, from_week=2, ramp="2 wk", adoption="50%")
    )
    found = [scenario.in_week(week).spec for week in range(4)]
    assert [s.contacts["service"].volume.per_week for s in found] == [2000, 1750, 1500, 1500]
    assert [
        s.offers["broadband"].acceptance.by_segment["standard"] for s in found
    ] == pytest.approx([0.1, 0.125, 0.15, 0.15])
    assert [s.offers["broadband"].acceptance.by_segment["premium"] for s in found] == pytest.approx(
        [0.2, 0.25, 0.3, 0.3]
    )
    assert {s.contacts["service"].talk for s in found} == {scenario.spec.contacts["service"].talk}


def test_a_bot_grows_from_nobody_and_may_come_at_once(variant_of):
    """Typed at 0 %, it meets more from week to week; an initiative may also bring all of it."""
    nobody = {"service": {"self_service": {"eligible": "0%", "solved": "50%"}}}
    more = {"contacts": {"service": {"self_service": {"eligible": "40%"}}}}
    rollout = initiative(more, from_week=3, ramp="2 wk")
    grows = variant_of(contacts=nobody, initiatives=rollout)
    found = [grows.in_week(week).spec.contacts["service"].self_service for week in range(5)]
    assert [bot.eligible for bot in found] == pytest.approx([0, 0, 0.2, 0.4, 0.4])
    assert {bot.solved for bot in found} == {0.5}
    met = played(grows, replications=1).tally.segments["met_bot"][0].sum(axis=1)
    assert not met[:2].any()
    assert 0 < met[2] < 0.7 * met[3]
    brings = variant_of(initiatives=initiative(more, from_week=3))
    found = [brings.in_week(week).spec.contacts["service"].self_service for week in range(3)]
    assert [bot and bot.eligible for bot in found] == [None, None, 0.4]
    assert brings.has_bot
    assert grows.has_bot
    assert not variant_of().has_bot


def test_two_initiatives_add_up(variant_of):
    """Each by its own share; together they are what both variants are."""
    both = variant_of(initiatives={
        "talk-less": {"set": TALK, "from_week": 2},
        "sell-better": {"set": LISTENS, "from_week": 3, "adoption": "50%"},
    })  # fmt: skip
    seen = [
        (s.contacts["service"].talk.mean_s, s.offers["broadband"].acceptance.everyone)
        for s in (both.in_week(week).spec for week in range(3))
    ]
    assert seen == [(270, 0.15), (200, 0.15), (200, pytest.approx(0.275))]
    assert both.in_its_weeks[-1].spec.offers["broadband"].acceptance.everyone == pytest.approx(
        0.275
    )


def test_what_two_add_in_one_place_is_all_there(variant_of):
    """Acceptances of two segments, which the base has as one; in either order."""
    premium, standard = (
        {"offers": {"broadband": {"acceptance": {segment: share}}}}
        for segment, share in (("premium", "60%"), ("standard", "10%"))
    )
    one, two = ("one", {"set": premium}), ("two", {"set": standard})
    base = {"broadband": {"acceptance": "15%"}}
    for order in ([one, two], [two, one]):
        found = (
            variant_of(offers=base, initiatives=dict(order))
            .in_week(0)
            .spec.offers["broadband"]
            .acceptance
        )
        assert found.by_segment == {"premium": 0.6, "standard": 0.1}
        assert found.everyone == 0.15


def test_null_removes_as_it_would_in_a_variant(variant_of):
    """So a handling time can take the place of talk, and a policy that of one with numbers."""
    what = {
        "contacts": {"service": {"talk": None, "handle": "300 s"}},
        "offers": {"broadband": {"policy": {"offer": "never", "at_most": None}}},
    }
    base = {"broadband": {"policy": {"offer": "while-waiting", "at_most": 0}}}
    spec = variant_of(offers=base, initiatives=initiative(what)).in_week(0).spec
    assert (spec.contacts["service"].talk, spec.contacts["service"].handle) == (None, 300)
    assert spec.offers["broadband"].policy.offer == "never"


def test_offers_that_begin_or_end_at_a_date_are_prepared_for(variant_of):
    """Agents are trained for what an initiative lets them offer, in the week in which it begins."""
    silent = {"broadband": {"offer": "never"}}
    dated = initiative({"offers": {"broadband": {"offer": "always"}}}, from_week=5)
    never, later = (
        played(variant_of(offers=silent, initiatives=i), replications=1) for i in ({}, dated)
    )
    assert not never.ledger.lines["cost:preparation"].any()
    prepared = later.ledger.lines["cost:preparation"][0]
    assert not prepared[:4].any()
    assert (prepared[4:] < 0).all()
    assert later.ledger.paid_once[0].nonzero()[0].tolist() == [4]
    sold = later.ledger.lines["memo:revenue:broadband"][0]
    assert not sold[:4].any()
    assert sold[4:].all()
    stop = initiative({"offers": {"broadband": {"offer": "never"}}}, from_week=6)
    until = played(variant_of(initiatives=stop), replications=1)
    stopped = until.ledger.lines["cost:preparation"][0]
    assert stopped[:5] == pytest.approx(prepared[4])
    assert prepared[4] < stopped[5] < 0  # whoever joins later is not trained
    quick = played(variant_of(offers=silent, initiatives=dated).shortened(), replications=1)
    assert not quick.ledger.lines["cost:preparation"].any()


def test_today_is_anchored_without_it(variant_of):
    """The pilot plays today's center, whatever is planned."""
    plain, planned = variant_of(), variant_of(initiatives=initiative(TALK))
    assert solve_anchors(plain) == solve_anchors(planned)


# --- what it costs ------------------------------------------------------------------------------


def test_costs_begin_with_it_and_investment_ends_after_a_year(variant_of):
    """12 000 a month are 2769.23 a week; 104 000 are 2000 in each of 52 weeks."""
    paid = initiative(TALK, from_week=3, invest="104k", run_cost="12k per month")
    scenario = variant_of(horizon={"weeks": 60}, initiatives=paid)
    costs = -played(scenario, replications=1).ledger.lines["cost:initiatives:it"][0]
    monthly = 12_000 * 12 / 52
    assert costs.tolist() == pytest.approx([0] * 2 + [2000 + monthly] * 52 + [monthly] * 6)


@pytest.mark.parametrize(
    ("price", "begins"), [({}, "unpriced:"), ({"invest": "1k"}, "not priced: people")]
)
def test_what_nobody_pays_for_is_unpriced(variant_of, price, begins):
    """A better acceptance is a wish unless it costs something; more fulfilment keeps people busy."""
    base = played(variant_of(name="today"))
    variant = played(variant_of(name="better", initiatives=initiative(LISTENS, **price)))
    assert sim.compare([base, variant]).variants[0].verdict.sentence.startswith(begins)


def test_who_is_paid_less_does_not_react_yet(variant_of):
    """So the verdict says that people are not priced; a rise strains nobody."""
    base = played(variant_of(name="today"), replications=1)
    for wage, told in (("15 per hour", True), ("25 per hour", False)):
        less = initiative({"agents": {"line": {"wage": wage}}}, from_week=3)
        other = played(variant_of(name="other", initiatives=less), replications=1)
        assert strains_people(base, other) == told


# --- what it may not ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "more", "path", "told", "remedy"),
    [
        ({"customers": {"standard": {"count": 9500}}}, {}, "initiatives.it.set.customers.standard.count",
         "customers.standard.count says what today is, not what is done", "change it in a variant"),
        ({"offers": {"broadband": {"held": "30%"}}}, {}, "initiatives.it.set.offers.broadband.held",
         "offers.broadband.held says what today is, not what is done", "change it in a variant"),
        ({"customers": {"premium": {"due_to_service": "30%"}}}, {},
         "initiatives.it.set.customers.premium.due_to_service",
         "customers.premium.due_to_service says what today is, not what is done", None),
        ({"customers": {"premium": {"churn": {"rate": "9% per year", "model": "relationship"}}}}, {},
         "initiatives.it.set.customers.premium.churn.model",
         "customers.premium.churn.model says what today is, not what is done", None),
        ({"finance": {"discount_rate": "8% per year"}}, {}, "initiatives.it.set.finance.discount_rate",
         "finance.discount_rate cannot change within the horizon",
         "change it in a variant, or set seats, wages, prices, talk, acceptance, policy …"),
        ({"forecast_error": "3%"}, {}, "initiatives.it.set.forecast_error",
         "forecast_error cannot change within the horizon", None),
        ({"horizon": {"interval": "15 min"}}, {}, "initiatives.it.set.horizon.interval",
         "horizon.interval cannot change within the horizon", None),
        ({"seed": 3}, {}, "initiatives.it.set.seed", "seed cannot change within the horizon", None),
        ({"contacts": {"service": {"volume": {"profile": "flat"}}}}, {},
         "initiatives.it.set.contacts.service.volume.profile",
         "contacts.service.volume.profile says what today is, not what is done", None),
        ({"offers": {"broadband": {"offer": "never"}}}, {"adoption": "90%"},
         "initiatives.it.set.offers.broadband.policy.offer",
         "offers.broadband.policy.offer cannot change by a part",
         "leave ramp and adoption out, or make an initiative of its own for it"),
        ({"contacts": {"service": {"redial": {"attempts": 2}}}}, {"ramp": "3 wk"},
         "initiatives.it.set.contacts.service.redial.attempts",
         "contacts.service.redial.attempts cannot change by a part", None),
        ({"contacts": {"service": {"self_service": {"eligible": "40%"}}}}, {"ramp": "3 wk"},
         "initiatives.it.set.contacts.service.self_service",
         "contacts.service.self_service cannot change by a part",
         "write contacts.service.self_service with eligible: 0% into the file itself: so it can grow from 0"),
        (TALK, {"from_week": 7}, "initiatives.it.from_week", "week 7 is past the horizon",
         "the last week is 6"),
        ({"offers": {"broadband": {"policy": {"offer": "follow-up", "group": "line"}}}}, {},
         "initiatives.it.set.offers.broadband.policy",
         "handing on and calling later cannot begin or end within the horizon",
         "change it in a variant"),
        ({"offers": {"broadband": {"acceptence": "20%"}}}, {}, "initiatives.it.set.offers.broadband.acceptence",
         "there is no such key", "did you mean `acceptance`?"),
        ({"offers": {"brodband": {"acceptance": "20%"}}}, {}, "initiatives.it.set.offers.brodband",
         "there is no `brodband` in what this is based on", "did you mean `broadband`?"),
        ({"contacts": {"service": {"talk": "200"}}}, {}, "initiatives.it.set.contacts.service.talk.mean",
         "'200' has no unit", "say its unit: s, min, h, d or wk"),
        ({}, {}, "initiatives.it.set", None, None),
    ],
)  # fmt: skip
def test_what_an_initiative_may_not(variant_of, what, more, path, told, remedy):
    """Told at the place in the patch, with the remedy."""
    with pytest.raises(ScenarioError) as refused:
        variant_of(initiatives=initiative(what, **more))
    problems = {p.path: p for p in refused.value.problems}
    assert path in problems, problems
    assert told in (None, problems[path].what)
    assert remedy in (None, problems[path].remedy)
    assert "variant.yaml:" in problems[path].place


def test_two_may_not_change_a_whole_and_its_part(variant_of):
    """Who has no hold has none of another length either."""
    none, long = ({"contacts": {"service": {"hold": h}}} for h in ("none", {"mean": "60 s"}))
    with pytest.raises(ScenarioError) as refused:
        variant_of(initiatives={"none": {"set": none}, "long": {"set": long}})
    assert [(p.path, p.what) for p in refused.value.problems] == [
        ("initiatives.long.set.contacts.service.hold.mean",
         "none changes contacts.service.hold.mean too"),
    ]  # fmt: skip


def test_two_may_not_change_the_seats_of_one_group(variant_of):
    """Heads and shrinkage both decide how many are on duty."""
    heads, present = ({"agents": {"line": one}} for one in ({"positions": 9}, {"shrinkage": "25%"}))
    with pytest.raises(ScenarioError) as refused:
        variant_of(initiatives={"more": {"set": heads}, "healthier": {"set": present}})
    assert {(p.path, p.what) for p in refused.value.problems} == {
        ("initiatives.healthier.set.agents.line.shrinkage",
         "more changes agents.line.shrinkage too"),
    }  # fmt: skip
    paid = {"agents": {"line": {"wage": "21 per hour"}}}
    assert len(variant_of(initiatives={"more": {"set": heads}, "paid": {"set": paid}}).patched) == 2


def test_together_they_are_as_sound_as_alone(variant_of):
    """A constant talk has no spread."""
    constant, spread = (
        {"contacts": {"service": {"talk": t}}} for t in ({"distribution": "constant"}, {"cv": 0.3})
    )
    for given in (constant, spread):
        variant_of(initiatives=initiative(given))
    with pytest.raises(ScenarioError, match="a constant duration has no cv"):
        variant_of(initiatives={"a": {"set": constant}, "b": {"set": spread}})


def test_a_bare_value_and_a_mapping_do_not_silently_replace_one_another(variant_of):
    """`--set` into a patch has to give all of it."""
    given = initiative({"offers": {"broadband": {"acceptance": "30%"}}})
    with pytest.raises(ScenarioError) as refused:
        variant_of(
            "initiatives.it.set.offers.broadband.acceptance.targeting=75%", initiatives=given
        )
    (told,) = refused.value.problems
    assert told.path == "initiatives.it.set.offers.broadband.acceptance"
    assert told.remedy == "give the mapping with all of its keys"


def test_today_is_no_test_of_what_initiatives_have_changed(variant_of):
    """The table stands, and a note beside it."""
    today = {"handle": "500 s"}
    asked = {"today": today, "initiatives": initiative({"contacts": {"service": {"talk": "40 s"}}})}
    run = played(variant_of(**asked))
    assert [gap.is_large for gap in gaps(run) if gap.name == "handle"] == [False]
    assert any("initiatives have changed" in line for line in remarks(run))
    plain = played(variant_of(today=today))
    assert [gap.is_large for gap in gaps(plain) if gap.name == "handle"] == [True]


def test_its_numbers_are_values_that_can_be_named(variant_of, scenario_of):
    """So that it can be broken even; a file on its own is held against itself without it."""
    scenario = variant_of(initiatives=initiative(TALK, run_cost="3k per month"))
    found = {value.path: value for value in values_of(scenario)}
    assert found["initiatives", "it", "run_cost"].value == "3k per month"
    assert found["initiatives", "it", "set"].value == TALK
    assert found["initiatives", "it", "adoption"].source == "default"
    alone = scenario_of({**BASE, "initiatives": initiative(TALK)}, name="alone.yaml")
    baseline = baseline_of(alone, None)
    assert baseline.scenario.spec.initiatives == {}
    assert baseline.scenario.spec.offers["broadband"].policy.offer == "never"
    assert baseline.source == "itself, offers never, no initiatives"


def test_two_may_not_change_the_same(variant_of):
    """The later one is told."""
    with pytest.raises(ScenarioError) as refused:
        variant_of(initiatives={**initiative(TALK), "again": {"set": TALK, "from_week": 2}})
    assert [(p.path, p.what) for p in refused.value.problems] == [
        (
            "initiatives.again.set.contacts.service.talk.mean",
            "it changes contacts.service.talk.mean too",
        ),
    ]


def test_a_variant_inherits_and_can_be_set(variant_of):
    """`--set` reaches into it, so that it can be swept and broken even."""
    paid = initiative(LISTENS, run_cost="1k per month")
    scenario = variant_of("initiatives.it.run_cost=3k per month", "initiatives.it.from_week=2",
                          "initiatives.it.set.offers.broadband.acceptance.everyone=30%", initiatives=paid)  # fmt: skip
    found = scenario.spec.initiatives["it"]
    assert (found.run_cost, found.from_week) == (3000, 2)
    assert scenario.in_week(0).spec.offers["broadband"].acceptance.everyone == 0.15
    assert scenario.in_week(1).spec.offers["broadband"].acceptance.everyone == 0.30

"""What one must believe: flips are where the difference really is 0, by booking and by playing."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest
from ruamel.yaml import YAML

import sim
from sim.core.statistics import difference
from sim.experiments.comparison import compare
from sim.experiments.few import Few
from sim.experiments.roots import crossing
from sim.experiments.turning_points import (
    Flip,
    TurningPoint,
    TurningPoints,
    _Hanging,
    booked,
    turning_points,
    with_digits,
)
from sim.experiments.weak_numbers import WEAK_NUMBERS, needs_play
from sim.language.quantities import read_quantity
from sim.metrics import METRICS
from sim.plan.seats import compile_levels
from sim.report.pages.turning_points import belief_sheet, beliefs_as_facts, beliefs_from_facts
from sim.runs.run import with_more
from sim.scenario.load import load
from tests.cli.terminal import ccprofit
from tests.experiments.test_breakeven import TINY

BY_NAME = {belief.name: belief for belief in WEAK_NUMBERS}
NEVER = "offers.broadband.policy=never"
COSTLY = "offers.broadband.preparation=148 h"  # a third more with those who join in a year
WHAT = "set: {offers: {broadband: {acceptance: {everyone: 30%}}}}"
UNTRIED = [
    "share of churn due to service",
    "acceptance",
    "share that offers make sense for",
    "patience",
    "share of customers without an answer who try again",
    "share of unresolved issues that come back",
]
PLANNED = f"initiatives={{data: {{adoption: 80%, invest: 5k, {WHAT}}}}}"


@pytest.fixture
def pair(scenario_of):
    """A day without and with selling, for which much training is needed."""
    return [sim.run(scenario_of(TINY, COSTLY, *sets), workers=1) for sets in ([NEVER], [])]


def few_of(pair) -> Few:
    """Plays two replications by the luck of a pair."""
    return Few(pair[0], workers=1)


def gap(pair, metric="result"):
    """The paired difference of a metric."""
    one, two = (run.against(pair[0]).samples[metric] for run in pair)
    return difference(one, two).value


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("incremental share of sales", "offers.broadband.incremental={}%"),
        ("margin of a sale", "offers.broadband.margin={}%"),
    ],
)
def test_the_flip_is_where_the_typed_number_makes_no_difference(pair, scenario_of, name, path):
    """Just below and just above it, typed in the file and played anew, the sign is another."""
    beliefs = turning_points(*pair)
    flip = {one.name: one for one in beliefs.found}[name].flips["result"]
    at = read_quantity(flip.at).amount * 100
    if name.startswith("margin"):
        at *= 0.25  # of what is typed
    ends = []
    for factor in (0.97, 1.03):
        sets = [COSTLY, path.format(at * factor)]
        ends.append(
            gap([sim.run(scenario_of(TINY, *sets, *more), workers=1) for more in ([NEVER], [])])
        )
    assert ends[0] * ends[1] < 0
    assert max(map(abs, ends)) < 0.05 * abs(gap(pair)) + 60


@pytest.mark.parametrize(
    "belief", [b for b in WEAK_NUMBERS if b.how == "ledger"], ids=lambda b: b.name
)
def test_what_is_booked_is_affine(scenario_of, belief):
    """Between two bookings lies every other, of sums and of both sums of a ratio."""
    pair = [sim.run(scenario_of(TINY, COSTLY, *sets), workers=1) for sets in ([NEVER], [PLANNED])]
    metrics = ["contribution", "result", "economic_value", "self_funding", "cost_per_contact"]
    hang = _Hanging(belief, tuple(pair), belief.values(pair[1].scenario.spec), metrics, None)
    for x in (0.37, 1.21):
        rebooked = [booked(belief.times(run.scenario, x), run) for run in pair]
        for run, found in zip(rebooked, hang._samples(x), strict=True):
            facts = run.against(rebooked[0]).facts
            for metric in metrics:
                for a, b in zip(found[metric], METRICS[metric].measure(facts), strict=True):
                    if a is not None:
                        np.testing.assert_allclose(a, b, rtol=1e-9, err_msg=metric)


def test_numbers_change_in_all_segments_and_in_today(scenario_of):
    """As if they had been typed into the root file: seats follow patience; shares end at 1."""
    scenario = scenario_of(TINY, "customers.premium.due_to_service=40%")
    half = BY_NAME["share of churn due to service"].times(scenario, 0.5)
    assert [s.service_share for s in half.spec.customers.values()] == [0.125, 0.2]
    assert BY_NAME["share of churn due to service"].values(scenario.spec) == [0.25, 0.4]
    most = BY_NAME["share of churn due to service"].times(scenario, 9.0)
    assert [s.service_share for s in most.spec.customers.values()] == [1.0, 1.0]
    hasty = BY_NAME["patience"].times(scenario, 0.4)
    assert hasty.spec.contacts["service"].patience.mean_s == pytest.approx(120)
    in_the_file = copy.deepcopy(TINY)
    in_the_file["contacts"]["service"]["patience"] = "120 s"
    typed = scenario_of(in_the_file, "customers.premium.due_to_service=40%")
    assert np.array_equal(compile_levels(hasty).level, compile_levels(typed).level)
    assert not np.array_equal(compile_levels(hasty).level, compile_levels(scenario).level)
    sold = BY_NAME["margin of a sale"].times(scenario, 2.0).spec.offers["broadband"]
    assert sold.margin_per_sale == pytest.approx(60.0)
    assert BY_NAME["margin of a sale"].values(scenario_of({**TINY, "offers": {}}).spec) == []


def test_what_is_played_is_what_would_have_been_typed(scenario_of):
    """The same contacts to the last count."""
    scenario = scenario_of({**TINY, "horizon": {"weeks": 2}})
    run = sim.run(scenario, workers=1, replications=2)
    typed = scenario_of({**TINY, "horizon": {"weeks": 2}}, "customers.standard.due_to_service=50%",
                        "customers.premium.due_to_service=50%")  # fmt: skip
    one, two = Few(run)(BY_NAME["share of churn due to service"].times(scenario, 2.0), typed)
    assert all(np.array_equal(a, b) for a, b in zip(one.tally, two.tally, strict=True))
    assert not np.array_equal(one.tally.customers, run.tally.customers)


def test_how_well_specialists_persuade_is_a_belief_where_it_is_typed(scenario_of):
    """Their odds are an assumption of the policy: asked about as typed, and changed in proportion."""
    belief = BY_NAME["odds of sales in another leg"]
    assert belief.values(scenario_of(TINY).spec) == []
    specialist = load("scenarios/specialist-sales-team.yaml")
    assert belief.values(specialist.spec) == [1.4]
    half = belief.times(specialist, 0.5)
    assert half.spec.offers["broadband"].policy.odds == 0.7
    assert belief.how == "simulation"


def test_how_long_products_are_kept_is_a_belief_where_they_pay_by_the_month(scenario_of):
    """A margin of the sale ends with it, and nobody gives up a discount; play tells of the rest."""
    belief, contract = BY_NAME["churn of products"], BY_NAME["effect of a contract on churn"]
    monthly = "offers.broadband.margin={per_month: 4}"
    discount = "offers.broadband.margin={per_month: -4}"
    bound = "offers.broadband.contract={term: 12 months}"
    once, discounted = scenario_of(TINY), scenario_of(TINY, discount, bound)
    assert [belief.values(one.spec) for one in (once, discounted)] == [[], []]
    assert belief.times(once, 3.0).hash == once.hash
    kept = scenario_of(TINY, monthly, bound)
    assert (belief.values(kept.spec), contract.values(kept.spec)) == ([0.2], [1.0])
    typed = "offers.broadband.margin={per_month: 4, churn: 40% per year}"
    assert belief.times(kept, 2.0).hash == scenario_of(TINY, typed, bound).hash
    assert needs_play(belief, [kept])
    names = [one.name for one in WEAK_NUMBERS if one.how == "simulation"]
    assert {belief.name, contract.name} <= set(names)
    assert (belief.low, belief.high, contract.low, contract.high) == (0.0, 0.6, 0.5, 1.0)


def test_of_initiatives_one_believes_how_far_they_reach_and_what_they_cost(scenario_of):
    """And what they change keeps its proportion to what is typed, if that is believed larger."""
    plain, planned = scenario_of(TINY), scenario_of(TINY, PLANNED)
    adoption, cost = (BY_NAME[f"{what} of initiatives"] for what in ("adoption", "cost"))
    assert [adoption.values(s.spec) for s in (plain, planned)] == [[], [0.8]]
    assert [cost.values(s.spec) for s in (plain, planned)] == [[], [5000.0]]
    half = adoption.times(planned, 0.5)
    assert reached(half) == pytest.approx(0.15 + 0.4 * 0.15)
    assert cost.times(planned, 2.0).spec.initiatives["data"].invest == 10_000
    likelier = BY_NAME["acceptance"].times(planned, 1.2)
    assert reached(likelier) == pytest.approx(1.2 * reached(planned))
    assert reached(planned) == pytest.approx(0.27)


def test_acceptance_is_believed_up_to_all_but_not_beyond(scenario_of):
    """Three times 40 % is no acceptance."""
    sets = "offers.broadband.acceptance=40%"
    pair = [sim.run(scenario_of(TINY, sets, *more), workers=1) for more in ([NEVER], [])]
    belief = BY_NAME["acceptance"]
    hang = _Hanging(
        belief, tuple(pair), belief.values(pair[1].scenario.spec), ["result"], few_of(pair)
    )
    assert hang.span == (0.1, 2.5)
    assert max(hang._ends()) == 1.5


@pytest.mark.parametrize(
    "sets", [["offers.broadband.acceptance=20%", PLANNED], ["offers.broadband.acceptance=24%"]]
)
def test_acceptance_that_an_initiative_raises_is_no_more_than_all_either(scenario_of, sets):
    """From 20 to 28 % on the way to 30 %: 1/.28 times it at most. Nor is that of the other run."""
    high = "offers.broadband.acceptance=50%"
    variant = sim.run(scenario_of(TINY, *sets), workers=1)
    belief = BY_NAME["acceptance"]
    values = belief.values(variant.scenario.spec)
    most = []
    for base in (scenario_of(TINY, *sets, NEVER), scenario_of(TINY, high)):
        pair = (sim.run(base, workers=1), variant)
        most.append(_Hanging(belief, pair, values, ["result"], few_of(pair)).span[1])
    assert most == pytest.approx([min(3.0, 1 / 0.28) if len(sets) > 1 else 3.0, 2.0])


def test_a_policy_that_begins_at_a_date_is_played(scenario_of):
    """By expected value, so margins decide what is offered."""
    policy = "{offer: expected-value, minute: {free: 1 per minute, full: 2 per minute, queue: 4 per minute}}"
    dated = f"initiatives={{value: {{set: {{offers: {{broadband: {{policy: {policy}}}}}}}}}}}"
    plain, later = scenario_of(TINY), scenario_of(TINY, dated)
    margin = BY_NAME["margin of a sale"]
    assert [needs_play(margin, [plain, s]) for s in (plain, later)] == [False, True]


def reached(scenario) -> float:
    """Acceptance in the first week."""
    return scenario.in_week(0).spec.offers["broadband"].acceptance.everyone


def test_terms_on_which_offers_depend_are_not_just_booked(scenario_of):
    """Offers by expected value ask for the margin before they are made."""
    by_value = scenario_of(TINY, "offers.broadband.policy=null",
                           "offers.broadband.policy={offer: expected-value}")  # fmt: skip
    for name, plain in (
        ("margin of a sale", False),
        ("discount rate", False),
        ("overhead", False),
        ("acceptance", True),
    ):
        assert needs_play(BY_NAME[name], [scenario_of(TINY)]) == plain
        assert needs_play(BY_NAME[name], [by_value]) == (plain or name != "overhead")


def test_nothing_hangs_on_anything_where_there_is_no_difference(pair):
    """A scenario against itself."""
    assert turning_points(pair[1], pair[1], few_of(pair)) == TurningPoints([], None, [])
    assert turning_points(pair[1], pair[1]) == TurningPoints([], None, UNTRIED)


def test_how_much_rests_on_assumptions(pair):
    """All at their worse ends at once leave less than any one of them alone."""
    beliefs = turning_points(*pair)
    resting = beliefs.resting
    assert resting.now.value == pytest.approx(gap(pair))
    assert resting.at_worst.value < resting.now.value
    low = BY_NAME["incremental share of sales"]
    alone = [booked(low.times(run.scenario, 0.5 / 0.8), run) for run in pair]
    assert resting.at_worst.value < gap(alone) < resting.now.value


def test_what_needs_play_is_played(pair):
    """Few replications, and it says so; without play these numbers are left out."""
    names = {one.name: one.how for one in turning_points(*pair).found}
    assert set(names.values()) == {"booked anew"}
    assert "acceptance" not in names
    believed = turning_points(*pair, few_of(pair))
    more = {one.name: one for one in believed.found}
    assert more["acceptance"].how == "played, 2 replications; 1 where it stays far from a turn"
    assert names.keys() <= more.keys()
    assert (turning_points(*pair).untried, believed.untried) == (UNTRIED, [])


def test_a_turn_is_where_play_says_so(scenario_of):
    """Offers that cost more time than they bring, until acceptance is high enough."""
    sets = ["offers.broadband.acceptance=20%", "offers.broadband.preparation=300 h"]
    pair = [sim.run(scenario_of(TINY, *sets, *more), workers=1) for more in ([NEVER], [])]
    few = few_of(pair)
    first = [run.first(2) for run in pair]
    belief = BY_NAME["acceptance"]

    def at(x: float) -> float:
        return gap(few(*(belief.times(run.scenario, x) for run in pair)))

    found = {one.name: one for one in turning_points(*pair, few).found}["acceptance"]
    now = gap(first)
    turned = [x for x in (0.5, 1.5) if at(x) * now < 0]
    assert len(turned) == 1
    flip = read_quantity(found.flips["result"].at).amount
    assert found.flips["result"].is_plausible
    assert at(flip - 0.05) * at(flip + 0.05) < 0


def test_a_baseline_that_a_number_does_not_touch_is_not_played_again(scenario_of):
    """Nobody offers anything there, so that acceptance changes nothing; patience does."""
    today = copy.deepcopy(TINY)
    today["offers"]["broadband"]["offer"] = "never"
    base = sim.run(scenario_of(today), workers=1)
    variant = sim.run(scenario_of(TINY), workers=1)
    acceptance, patience = BY_NAME["acceptance"], BY_NAME["patience"]
    assert [acceptance.touches(run.scenario) for run in (base, variant)] == [False, True]
    assert [patience.touches(run.scenario) for run in (base, variant)] == [True, True]
    few = few_of((base, variant))
    values = acceptance.values(variant.scenario.spec)
    hang = _Hanging(acceptance, (base, variant), values, ["result"], few)
    assert len(hang.scenarios_to_play()) == 2
    [again] = few(acceptance.times(base.scenario, 0.5))
    for one, two in zip(again.tally, base.first(2).tally, strict=True):
        np.testing.assert_array_equal(one, two)


def test_a_root_that_sells_today_is_touched(pair):
    """A variant that stops selling rests on anchors of the selling root."""
    assert BY_NAME["acceptance"].touches(pair[0].scenario)


def test_few_are_the_first_of_many(pair):
    """The first replications of a run are what playing few of them gives."""
    [again] = few_of(pair)(pair[1].scenario)
    for one, two in zip(again.tally, pair[1].first(2).tally, strict=True):
        np.testing.assert_array_equal(one, two)
    for name, line in again.ledger.lines.items():
        np.testing.assert_array_equal(line, pair[1].first(2).ledger.lines[name])


def test_replications_that_are_added_are_those_of_a_longer_run(pair):
    """Nothing but the second one is played."""
    one, both = sim.run(pair[1].scenario, workers=1, replications=1), pair[1].first(2)
    more = with_more(one, 2, workers=1)
    assert (more.replications, more.seed) == (2, pair[1].seed)
    for a, b in zip(more.tally, both.tally, strict=True):
        np.testing.assert_array_equal(a, b)
    assert list(more.ledger.contribution.sum(axis=1)) == list(both.ledger.contribution.sum(axis=1))


def test_an_end_far_from_a_turn_is_played_once(pair):
    """It stands where its first replication moves the difference; what comes near has two."""
    few = few_of(pair)
    firsts = tuple(run.first(2) for run in pair)
    once = tuple(run.first(1) for run in pair)
    belief, moved = BY_NAME["acceptance"], {}
    values = belief.values(pair[1].scenario.spec)
    hang = _Hanging(belief, firsts, values, ["result"], few)
    for x in (0.5, 1.5):
        scenarios = [belief.times(run.scenario, x) for run in pair]
        moved[x] = gap(few(*scenarios, replications=1)) - gap(once)
        assert hang.gap("result", x).value == pytest.approx(
            gap(firsts) + moved[x] if x > 1 else gap(few(*scenarios)), abs=1e-6
        )
    assert moved[0.5] < -0.25 * gap(firsts) < 0 < moved[1.5]
    near = [belief.times(run.scenario, 0.5).hash for run in pair]
    assert [one.hash for one in hang.scenarios_to_repeat()] == near


@pytest.mark.parametrize("root", [0.31, 0.5, 0.97])
@pytest.mark.parametrize("power", [1, 2, 3])
def test_a_crossing_is_found_by_few_plays(root, power):
    """To the tolerance, of what bends too; of a straight line with one play beside the ends."""
    played = []

    def gap(x: float) -> float:
        played.append(x)
        return x**power - root**power

    assert crossing(gap, 0.0, 1.0, 0.05) == pytest.approx(root, abs=0.05)
    assert len(set(played)) <= 2 + power**2


def told(pair, flips):
    """The sheet of one number with such flips."""
    churn = BY_NAME["share of churn due to service"]
    found = TurningPoint(
        churn.name,
        churn.sentence,
        "25 %",
        "5 %",
        "50 %",
        churn.evidence.words,
        "played, 4 replications",
        flips,
    )
    comparison = compare(pair)
    return belief_sheet(comparison, comparison.variants[0], TurningPoints([found], None, []))


def test_the_sentence(pair):
    """Holds unless a plausible value flips it; what is beyond the range only stands in the table."""
    near = Flip("less than", "11 %", "9 %", "", True)
    sheet = told(pair, {"result": near, "economic_value": None})
    assert sheet.lead[0].endswith(" unless less than 11 % of churn is due to service.")
    assert sheet.lead[0].startswith("The difference in result ")
    assert sheet.lead[1].startswith("The difference in economic value ")
    assert sheet.lead[1].endswith(" for every number in its range below.")
    assert sheet.rows[0][1:4] == ("25 %", "below 11 %", "never")
    assert sheet.rows[0][0].endswith(" *")
    assert sheet.notes == ("* played, not booked anew: 4 replications.",)
    far = told(pair, {"result": near._replace(is_plausible=False)})
    assert far.lead[0].endswith(" for every number in its range below.")


@pytest.mark.parametrize("metric", ["csat", "self_funding", "wait"])
def test_whatever_decides(scenario_of, metric):
    """A ratio of money hangs on what is booked; satisfaction and waiting do not."""
    sets = [COSTLY, f"decide_on={metric}"]
    runs = [sim.run(scenario_of(TINY, *sets, *more), workers=1) for more in ([NEVER], [])]
    beliefs = turning_points(*runs)
    assert all(one.flips.keys() == {metric, "economic_value"} for one in beliefs.found)
    assert (beliefs.resting is not None) == (metric == "self_funding")
    comparison = compare(runs)
    sheet = belief_sheet(comparison, comparison.variants[0], beliefs)
    assert sheet.lead[0].startswith(f"The difference in {metric.replace('_', ' ')} ")


def test_facts_are_read_as_they_were_written(pair):
    """By way of JSON."""
    beliefs = turning_points(*pair)
    assert beliefs_from_facts(json.loads(json.dumps(beliefs_as_facts(beliefs)))) == beliefs


@pytest.mark.slow
def test_compare_and_report_open_with_it(tmp_path, capsys, monkeypatch):
    """compare --believe plays and keeps it; report shows the same box and plays nothing."""
    monkeypatch.chdir(tmp_path)
    with (tmp_path / "a.yaml").open("w", encoding="utf-8") as file:
        YAML().dump({**TINY, "name": "a"}, file)
    (tmp_path / "b.yaml").write_text(
        "name: b\nbased_on: a.yaml\nagents: {line: {positions: {scale: 80%}}}\n"
    )
    load("b.yaml")
    assert ccprofit("compare", "a.yaml", "b.yaml", "--believe", "--full", "--workers", "1") == 0
    out = capsys.readouterr().out
    box = out[out.index("what you must believe: b") :].split("\n\n")[0].split("\nb.yaml")[0]
    assert " * " in box
    name = (tmp_path / "results" / "latest").read_text().strip()
    facts = json.loads((tmp_path / "results" / name / "comparison.json").read_text())
    hows = {one["how"] for one in facts["variants"][0]["beliefs"]["found"]}
    assert "played, 2 replications; 1 where it stays far from a turn" in hows
    runs = sorted(f.name for f in (tmp_path / "results").iterdir())
    assert ccprofit("report", name) == 0
    page = capsys.readouterr().out
    assert box in page
    assert page.index("what you must believe: b") < page.index("figures")
    assert sorted(f.name for f in (tmp_path / "results").iterdir()) == runs


OF_EITHER_SIGN = {"what calls from a list do to leaving"}


def test_numbers_are_sought_where_it_is_said():
    """A range each, and yes or no: what stands in the wrong place would be taken for true."""
    for belief in WEAK_NUMBERS:
        least, most = belief.search
        assert least < 1 < most, belief.name
        assert (least >= 0) == (belief.name not in OF_EITHER_SIGN), belief.name
        assert isinstance(belief.is_share, bool)
        assert isinstance(belief.is_part, bool)
    assert BY_NAME["share of churn due to service"].search == (0.0, 20.0)
    parts = [belief.name for belief in WEAK_NUMBERS if belief.is_part]
    assert parts == ["acceptance", "what bots solve", "what bots claim and do not solve"]


@pytest.mark.parametrize(
    ("x", "text"), [(1789.6, "1790"), (1.234567e6, "1230000"), (0.123456, "0.123"), (12.0, "12")]
)
def test_a_value_is_shown_with_three_digits(x, text):
    """A margin that flips the verdict at eighteen times what is typed is no power of ten."""
    assert with_digits(x, 3) == text

"""The same world by every road: typed into the root file, by --set, as a point of a sweep."""

import json
from pathlib import Path

import pytest

from sim.core.errors import ScenarioError
from sim.experiments.axes import read_vary
from sim.experiments.facts import is_fact
from sim.experiments.sweep import grid_of
from sim.metrics.check_metrics import check_metrics
from sim.scenario.load import again, load
from sim.scenario.other_world import other_world
from sim.scenario.scenario import Scenario

BASE = """
name: base
contacts: {service: {volume: 900 per week, talk: 240 s}}
agents: {line: {positions: 6}}
customers: {standard: {count: 3000, margin: 10 per month, churn: 15% per year}}
"""
VARIANT = """
name: variant
based_on: base.yaml
agents: {line: {shrinkage: 25%}}
offers: {broadband: {price: 100, margin: 20%, policy: always}}
"""
FACTS = [
    "contacts.service.volume*=1.1",
    "contacts.service.talk=200 s",
    "contacts.service.patience=100 s",
    "customers.standard.churn.model=relationship",
    "finance.discount_rate=5% per year",
    "experience.offer_declined=-2",
    "forecast_error=0.1",
    "agents.line.wage=20 per hour",
]


def files(folder: Path) -> tuple[Path, Path]:
    base, variant = folder / "base.yaml", folder / "variant.yaml"
    base.write_text(BASE, encoding="utf-8")
    variant.write_text(VARIANT, encoding="utf-8")
    return base, variant


def specs(scenario: Scenario) -> list[dict[str, object]]:
    return [one.spec.as_typed() for one in scenario.lineage]


@pytest.mark.parametrize("fact", FACTS)
def test_a_common_set_is_on_every_level_once(tmp_path: Path, fact: str) -> None:
    base, variant = files(tmp_path)
    today, other = load(base, everywhere=[fact]), load(variant, everywhere=[fact])
    assert [today.hash] == [one.hash for one in other.lineage[:-1]]
    assert today.spec == load(base, [fact]).spec != load(base).spec
    assert other.spec == load(variant, [fact]).spec


@pytest.mark.parametrize("fact", [f for f in FACTS if "*=" not in f and "model" not in f])
def test_a_point_of_a_sweep_over_a_fact_is_that_common_set(tmp_path: Path, fact: str) -> None:
    _, variant = files(tmp_path)
    axis = read_vary(f"{fact},{load_other(fact)}")
    point = grid_of(str(variant), (), [axis]).points[0].scenario
    assert point.hash == load(variant, everywhere=[fact]).hash


def load_other(fact: str) -> str:
    """Another legal value of the same key."""
    return {"200 s": "210 s", "100 s": "110 s", "5% per year": "6% per year", "-2": "-3",
            "0.1": "0.2", "20 per hour": "21 per hour"}[fact.partition("=")[2]]  # fmt: skip


def test_what_a_higher_file_types_or_has_alone_moves_there_alone(tmp_path: Path) -> None:
    base, variant = files(tmp_path)
    scenario = load(variant)
    assert is_fact(scenario, "contacts.service.talk=200 s")
    assert not is_fact(scenario, "agents.line.shrinkage=20%")
    assert not is_fact(scenario, "agents.line.positions=7")
    priced = load(variant, everywhere=["offers.broadband.price=50"])
    assert priced.root.hash == load(base).hash
    assert priced.spec.offers["broadband"].price == 50


ONE_FACT = [
    ("contacts.service.first_contact=60%", "contacts.service.resolution=60%"),
    ("contacts.service.resolution=60%", "contacts.service.resolution={first_contact: 60%}"),
    ("contacts.*.patience=60 s", "contacts.service.patience={mean: 60 s}"),
    ("agents.*.wage=20 per hour", "agents.line.wage=20 per hour"),
    ("contacts.service.talk=200 s", "contacts.*.talk={mean: 200 s}"),
]


@pytest.mark.parametrize(("one", "other"), ONE_FACT)
def test_a_fact_is_one_in_every_spelling(tmp_path: Path, one: str, other: str) -> None:
    _, variant = files(tmp_path)
    assert is_fact(load(variant), one)
    assert is_fact(load(variant), other)
    assert load(variant, everywhere=[one]).hash == load(variant, everywhere=[other]).hash


def test_a_mapping_with_a_decision_is_one(tmp_path: Path) -> None:
    _, variant = files(tmp_path)
    both = "agents.line={wage: 20 per hour, positions: 7}"
    assert not is_fact(load(variant), both)


def test_a_common_set_that_fits_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError):
        load(files(tmp_path)[1], everywhere=["contacts.servce.talk=200 s"])


def test_loaded_again_it_is_the_same(tmp_path: Path) -> None:
    _, variant = files(tmp_path)
    one = load(variant, ["agents.line.positions=7"], ["contacts.service.volume*=1.1"])
    assert again(one).hash == one.hash
    assert specs(again(one)) == specs(one)


def test_another_world_is_named(tmp_path: Path) -> None:
    base, variant = files(tmp_path)
    one = load(base, ["agents.line.shrinkage=25%"])
    assert other_world(one, load(variant)) == []
    poorer = load(variant, ["finance.discount_rate=5% per year"])
    assert other_world(one, poorer) == ["discount rate 10 % → 5 %"]
    fact = ["finance.discount_rate=5% per year"]
    both = (load(base, ["agents.line.shrinkage=25%"], fact), load(variant, everywhere=fact))
    assert other_world(*both) == []


@pytest.mark.parametrize("metric", ["occupancy", "profit"])
def test_only_a_metric_with_a_direction_decides(tmp_path: Path, metric: str) -> None:
    base, _ = files(tmp_path)
    with pytest.raises(ScenarioError) as refused:
        check_metrics(load(base, [f"decide_on={metric}"]))
    assert "contribution" in str(refused.value)


ANOTHER = {
    "finance.discount_rate=5% per year": "discount rate 10 % → 5 %",
    "offers.broadband.incremental=100%": "broadband incremental 80 % → 100 %",
    "offers.broadband.candidates=60%": "broadband candidates 40 % → 60 %",
    "costs.on_cost=10%": "on cost 30 % → 10 %",
    "costs.supervision=none": "supervision removed",
    "offers.broadband.margin=40": "broadband margin 25 % → 40",
    "agents.generalists.wage=15 per hour": "generalists wage 18.00 per hour → 15 per hour",
    "agents.generalists.shrinkage=10%": "generalists shrinkage 30 % → 10 %",
}


@pytest.mark.parametrize(("text", "told"), ANOTHER.items())
def test_a_variant_in_another_world_is_named_and_a_shared_one_is_not(text: str, told: str) -> None:
    base, variant = "scenarios/cost-center-baseline.yaml", "scenarios/cross-sell-always.yaml"
    assert other_world(load(base), load(variant, [text])) == [told]
    assert other_world(load(base, everywhere=[text]), load(variant, everywhere=[text])) == []


ALONE = [
    "offers.broadband.acceptance.effects.reasons.service=2",
    "contacts.service.volume.season=[1, 2]",
    "contacts.service.shares={standard: 50%, premium: 50%}",
    "events.outage={weeks: [2], volume: {service: 2}}",
    "customers.premium.churn.due_to_service=0%",
]


@pytest.mark.parametrize("text", ALONE)
def test_a_fact_that_only_one_side_types_is_another_world(text: str) -> None:
    base, variant = "scenarios/cost-center-baseline.yaml", "scenarios/cross-sell-always.yaml"
    found = other_world(load(base), load(variant, [text]))
    assert len(found) == (2 if "shares" in text else 1)
    assert other_world(load(variant, [text]), load(variant)) != []
    assert other_world(load(base, everywhere=[text]), load(variant, everywhere=[text])) == []


def test_another_spelling_is_the_same_world() -> None:
    base = "scenarios/cost-center-baseline.yaml"
    texts = ["contacts.service.patience=300 s", "contacts.service.patience=5:00"]
    texts += ["contacts.service.patience=5 min"]
    worlds = [load(base, [text]) for text in texts]
    assert [other_world(worlds[0], world) for world in worlds] == [[], [], []]


RENAMED = {
    "contacts": (
        {"calls": None, "others": {"volume": "900 per week", "handle": "100 s"}},
        ["calls replaced by others"],
    ),
    "customers": (
        {"standard": None, "loyal": {"count": 9000, "acquisition": "9 per month"}},
        ["standard replaced by loyal"],
    ),
    "agents": (
        {"day": None, "cheap": {"heads": 5, "wage": "9 per hour"}},
        ["cheap wage 9 per hour, which no group had"],
    ),
}


@pytest.mark.parametrize("block", RENAMED)
def test_a_new_name_does_not_make_a_new_world(tmp_path: Path, block: str) -> None:
    content = {
        "name": "old",
        "customers": {"standard": {"count": 9000, "acquisition": "9 per month"}},
        "contacts": {"calls": {"volume": "900 per week", "handle": "300 s"}},
        "agents": {"day": {"heads": 5}},
    }
    base, variant = tmp_path / "base.yaml", tmp_path / "variant.yaml"
    base.write_text(json.dumps(content), encoding="utf-8")
    changed, told = RENAMED[block]
    content = {"name": "new", "based_on": "base.yaml", block: changed}
    variant.write_text(json.dumps(content), encoding="utf-8")
    assert other_world(load(base), load(variant)) == told


def test_a_split_group_is_the_same_world(tmp_path: Path) -> None:
    content = {
        "name": "old",
        "contacts": {"calls": {"volume": "900 per week", "handle": "300 s"}},
        "agents": {"all": {"positions": 6, "wage": "21 per hour"}},
    }
    base, variant = tmp_path / "base.yaml", tmp_path / "variant.yaml"
    base.write_text(json.dumps(content), encoding="utf-8")
    half = {"positions": 3, "wage": "21 per hour"}
    content = {
        "name": "new",
        "based_on": "base.yaml",
        "agents": {"all": None, "a": half, "b": half},
    }
    variant.write_text(json.dumps(content), encoding="utf-8")
    assert other_world(load(base), load(variant)) == []


def test_a_named_baseline_takes_the_sets_that_fit(tmp_path: Path) -> None:
    from sim.experiments.baseline import baseline_of

    base, variant = files(tmp_path)
    sets = ["contacts.service.talk=200 s", "offers.broadband.price=50"]
    found = baseline_of(load(variant, everywhere=sets), str(base), sets).scenario
    assert found.hash == load(base, everywhere=sets[:1]).hash

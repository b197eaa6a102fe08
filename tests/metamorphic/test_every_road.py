"""One number in nine of a scenario that holds every key: one world by every road."""

import copy
from pathlib import Path

from ruamel.yaml import YAML

from sim.core.errors import ComparisonError, ScenarioError
from sim.experiments.axes import read_vary
from sim.experiments.facts import is_fact
from sim.experiments.sweep import grid_of
from sim.language.node import dotted
from sim.language.quantities import read_quantity
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.scenario.values import values_of

EVERY = Path("tests/bad_scenarios/good/every-key.yaml")


def specs(scenario: Scenario) -> list[dict[str, object]]:
    return [one.spec.as_typed() for one in scenario.lineage]


def typed_into(content: dict, path: tuple, value: str, file: Path) -> None:
    """The same file with another value at a path."""
    other = copy.deepcopy(content)
    block = other
    for key in path[:-1]:
        block = block[key]
    block[path[-1]] = YAML(typ="safe").load(value)
    with file.open("w", encoding="utf-8") as stream:
        YAML().dump(other, stream)


def test_a_number_that_can_move_is_one_world_by_every_road(tmp_path: Path) -> None:
    content = YAML(typ="safe").load(EVERY.read_text(encoding="utf-8"))
    root, variant, typed = (tmp_path / f"{n}.yaml" for n in ("root", "variant", "typed"))
    root.write_text(EVERY.read_text(encoding="utf-8"), encoding="utf-8")
    variant.write_text("name: variant\nbased_on: root.yaml\n", encoding="utf-8")
    scenario, facts, decisions = load(root), 0, 0
    for one in list(values_of(scenario))[::9]:
        quantity = read_quantity(one.value) if one.place else None
        if quantity is None or isinstance(one.value, bool):
            continue
        less = quantity.number * 0.9 if isinstance(one.value, float | str) else one.value - 1
        value, path = str(quantity._replace(number=less)), dotted(one.path)
        text = f"{path}={value}"
        try:
            typed_into(content, one.path, value, typed)
            by_file = load(typed)
            axis = read_vary(f"{text},{one.value}")
            point = grid_of(str(variant), (), [axis]).points[0].scenario
        except (ScenarioError, ComparisonError, KeyError, TypeError):
            continue  # it cannot be less, or only together with others
        if is_fact(scenario, text):
            facts += 1
            common = load(variant, everywhere=[text])
            assert specs(load(root, everywhere=[text])) == specs(by_file), text
            assert load(root, everywhere=[text]).hash == by_file.hash, text
            assert common.root.hash == by_file.hash, text
            assert point.hash == common.hash, text
        else:
            decisions += 1
            assert point.root.hash == scenario.hash, text
            assert point.spec == load(variant, [text]).spec, text
            assert point.hash == load(variant, [text]).hash, text
    assert facts > 3
    assert decisions > 1

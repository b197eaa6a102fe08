"""The schema by which editors complete and check scenario files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.language.allowed import fields_of
from sim.language.node import Place
from sim.language.yaml_reader import read_text
from sim.scenario.editor_schema import editor_schema, schema_text
from sim.scenario.load import load
from sim.scenario.spec import ScenarioSpec
from tests.cli.json_schema import fits
from tests.cli.terminal import ccprofit

SCENARIOS = Path(__file__).parents[2] / "scenarios"
COMMITTED = SCENARIOS / "scenario.schema.json"
EXAMPLES = Path(__file__).parents[1] / "bad_scenarios" / "good"
SCHEMA = editor_schema()


def is_valid(text: str) -> bool:
    """Whether an editor would find no mistake in the file."""
    node = read_text(text, Place(0, file="x.yaml"), [])
    assert node is not None
    return fits(node.plain(), SCHEMA, SCHEMA)


def test_the_committed_schema_is_the_generated_one():
    """After a change of the blocks: make schema."""
    assert COMMITTED.read_text(encoding="utf-8") == schema_text()


def test_the_command_writes_what_it_prints(tmp_path, capsys):
    """On stdout, or in a file whose folder is made."""
    file = tmp_path / "new" / "s.json"
    assert ccprofit("schema") == 0
    printed = capsys.readouterr().out
    assert ccprofit("schema", "-o", str(file)) == 0
    told = capsys.readouterr()
    assert printed == file.read_text(encoding="utf-8") == schema_text()
    assert (told.out, told.err) == ("", f"wrote {file}\n")


def test_every_key_that_may_be_typed_is_known_to_editors():
    """Top-level keys of the blocks and of the schema are the same."""
    assert set(SCHEMA["properties"]) == set(fields_of(ScenarioSpec))


@pytest.mark.parametrize("file", sorted(SCENARIOS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_scenarios_are_valid_in_an_editor(file):
    """Each names the schema in its first line, and fits it."""
    text = file.read_text(encoding="utf-8")
    assert is_valid(text)
    up = "../" * (len(file.relative_to(SCENARIOS).parts) - 1)
    assert text.startswith(f"# yaml-language-server: $schema={up}scenario.schema.json\n")


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_key_is_valid_in_an_editor(file):
    """The long form of everything."""
    assert is_valid(file.read_text(encoding="utf-8"))


def test_a_resolved_scenario_is_valid_in_an_editor():
    """What `show` prints can be edited further."""
    typed = json.loads(json.dumps(load(SCENARIOS / "my-center.yaml").spec.as_typed()))
    assert fits(typed, SCHEMA, SCHEMA)


BASE = "name: x\ncontacts: {service: {volume: 100 per week, handle: 300 s}}\n"
VARIANT = "name: x\nbased_on: base.yaml\n"


@pytest.mark.parametrize(
    "text",
    [
        BASE + "agents: 5",
        BASE + "agents: {heads: 5}",
        BASE + "agents: {day: 5}",
        BASE + "agents: {day: {positions: 5}}",
        BASE + "agents: {positions: [1, 2, 3]}",
        BASE + "agents: {day: {positions: seats.csv}}",
        BASE + "agents: {day: {positions: {meet: service_level, scale: 90%}}}",
        BASE + "agents: {day: {serves: {service: {priority: 1, after: 30 s}}, heads: 5}}",
        BASE + "agents: 5\ncustomers: {count: 1000, margin: 3 per month, churn: none}",
        BASE + "agents: 5\ncustomers: {a: 1000, b: {count: 10, churn: {rate: 1% per month}}}",
        BASE + "agents: 5\nforecast_error: none\nhorizon: 4",
        BASE + "agents: 5\nevents: {fair: {weeks: [2], volume: {service: 1.4}}}",
        BASE + "agents: 5\noffers: {p: {price: 9, margin: 25%, acceptance: 10%}}",
        BASE + "agents: 5\noffers: {p: {price: 9, margin: 25%, acceptance: {everyone: 1%, b: 2%}}}",
        VARIANT,
        VARIANT + "offers: {p: {offer: never}}",
        VARIANT + "offers: {p: {policy: {offer: while-waiting, at_most: {a: -2}}}}",
        VARIANT + "offers: {p: null}",
        VARIANT + "offers: null",
        VARIANT + "contacts: {service: {talk: {cv: 0.9}, routes: null, patience: none}}",
        VARIANT + "customers: {churn: 10% per year}",
        VARIANT + "agents: {wage: 20 per hour}",
    ],
)
def test_what_may_be_written_is_valid(text):
    """Short forms, single segments and groups, `none`, and in a variant patches and removals."""
    assert is_valid(text)


@pytest.mark.parametrize(
    "text",
    [
        "name: x",
        BASE,
        BASE + "agents: 5\nagnets: 5",
        BASE + "agents: {day: {positions: {metes: service_level}}}",
        BASE + "agents: {day: {wage: 18}, night: 5}",
        BASE + "agents: 5\nopen: 8",
        BASE + "agents: 5\nseed: -1",
        BASE + "agents: 5\nevents: [{name: fair, weeks: [2], volume: {service: 1.4}}]",
        VARIANT + "contacts: {service: {volume: {calls: [{talk: 60 s}]}}}",
        VARIANT + "contacts: {service: {volume: {calls: [{at: null}]}}}",
        BASE + "agents: 5\noffers: {p: {price: 9, margin: 25%, offer: sometimes}}",
        VARIANT + "contacts: {service: {talk: 300}}",
        VARIANT + "contacts: {service: {talk: {average: 300 s}}}",
        VARIANT + "horizon: {weeks: a year}",
    ],
)
def test_what_may_not_be_written_is_marked(text):
    """Missing keys of a base, unknown keys, durations without unit, elements with gaps."""
    assert not is_valid(text)

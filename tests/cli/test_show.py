"""`ccprofit show`: the resolved scenario and its four other views."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.domain.customers.satisfaction import ExperienceSpec
from sim.language.block import Block
from sim.language.evidence import LEGEND
from sim.language.node import dotted
from sim.scenario.load import load
from sim.scenario.values import defaults_of, values_of
from tests.cli.terminal import ccprofit

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CENTER = str(SCENARIOS / "my-center.yaml")
VARIANT = """\
name: variant
based_on: base.yaml
contacts: {service: {redial: none, talk: {cv: 0.9}}}
offers: {broadband: {commission: null, policy: {offer: while-waiting, at_most: {standard: -2}}}}
agents: {generalists: {positions: {scale: 90%}}}
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a base and a variant of it."""
    base = (SCENARIOS / "cost-center-baseline.yaml").read_text(encoding="utf-8")
    (tmp_path / "base.yaml").write_text(base, encoding="utf-8")
    (tmp_path / "variant.yaml").write_text(VARIANT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def table(text: str) -> dict[str, list[str]]:
    """Rows of a printed table by their first cell."""
    rows = [[cell.strip() for cell in line.split("  ") if cell.strip()]
            for line in text.splitlines()]  # fmt: skip
    return {row[0]: row[1:] for row in rows if row}


# --- resolved -----------------------------------------------------------------------------------


@pytest.mark.parametrize("file", sorted(SCENARIOS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_what_is_shown_can_be_read_again(file, tmp_path, capsys):
    """And means the same: every key has the same value, tables from CSV files included."""
    assert ccprofit("show", str(file)) == 0
    again = tmp_path / "again.yaml"
    again.write_text(capsys.readouterr().out, encoding="utf-8")
    assert load(again).spec.as_typed() == load(file).spec.as_typed()
    assert load(again).hash == load(file).hash or len(load(file).lineage) > 1


def test_the_resolved_scenario_names_what_it_was_made_of(here, capsys):
    """In comments: the file, its base, the patches."""
    assert ccprofit("show", "variant.yaml", "--set", "seed=3") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "# variant.yaml with --set seed=3"
    assert lines[1].startswith("# based on base.yaml; ")
    assert "seed: 3" in lines


@pytest.mark.parametrize("view", [[], ["--changes"], ["--sources"], ["--levers"]])
def test_every_view_is_one_json_object(here, capsys, view):
    """Nothing else on stdout."""
    assert ccprofit("show", "variant.yaml", *view, "--json") == 0
    assert isinstance(json.loads(capsys.readouterr().out), dict)


def test_a_faulty_scenario_is_not_shown(capsys):
    """Exit code 2."""
    assert ccprofit("show", CENTER, "--set", "agents.heads=many") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "--set agents.heads=many: agents.heads: " in told.err


@pytest.mark.parametrize("file", ["my-center.yaml", "cross-sell-threshold.yaml"])
def test_every_default_in_force_is_shown_with_its_evidence(file, capsys):
    """Also what is left out and holds all the same; typed values have no comment."""
    assert ccprofit("show", str(SCENARIOS / file)) == 0
    shown = []  # (what is said, its evidence)
    for line in capsys.readouterr().out.splitlines():
        said, _, evidence = line.strip().removeprefix("# ").partition("  # ")
        shown.append((said.strip().lower().replace("'", ""), evidence))
    defaults = [v for v in values_of(load(SCENARIOS / file)) if v.place is None]
    assert len(defaults) > 40
    for value in defaults:
        if value.value is not None:
            is_list = isinstance(value.value, list)  # written below its key, an item a line
            said = f"{value.path[-1]}:{'' if is_list else f' {value.value}'}".lower()
            assert (said, value.evidence.words or "default") in shown, dotted(value.path)
    assert ("name: " + file.removesuffix(".yaml"), "") in shown


def test_what_holds_anyway_is_commented_out_beside_what_was_said(capsys):
    """The shape of a duration, the year that is studied: as comments, so that nothing changes."""
    assert ccprofit("show", CENTER) == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("    talk:")
    said = [line.rpartition("  # ") for line in lines[at + 1 : at + 4]]
    assert [before.rstrip() for before, _, _ in said] == [
        "      mean: 90 s",
        "      # cv: 0.7",
        "      # distribution: lognormal",
    ]
    assert {evidence for _, _, evidence in said} == {"proposal of this project"}
    weeks = next(line for line in lines if line.startswith("  # weeks: 52 "))
    assert weeks.endswith("# proposal of this project")


@pytest.mark.parametrize(
    ("args", "has_evidence"),
    [
        ([CENTER], True),
        ([CENTER, "--sources"], True),
        (["--defaults", "costs"], True),
        ([CENTER, "--levers"], False),
        ([CENTER, "--json"], False),
        ([CENTER, "--sources", "--json"], False),
    ],
)
def test_where_sources_are_told_is_said_wherever_evidence_stands(capsys, args, has_evidence):
    """Not in JSON, which is for programs."""
    assert ccprofit("show", *args) == 0
    assert (LEGEND in capsys.readouterr().out) == has_evidence


# --- changes ------------------------------------------------------------------------------------


def test_changes_name_what_was_before_even_if_nobody_typed_it(here, capsys):
    """Typed values, defaults, and a value that returns to its default."""
    patch = "offers.broadband.price*=1.5"
    assert ccprofit("show", "variant.yaml", "--changes", "--set", patch) == 0
    assert capsys.readouterr().out.splitlines() == [
        "agents.generalists.positions.scale: 1.0 (default) -> 90%",
        "contacts.service.redial: {'probability': '50%', 'delay': {'mean': '20 min', 'cv': 1.5},"
        " 'attempts': 4} -> none",
        "contacts.service.talk.cv: 0.8 -> 0.9",
        "offers.broadband.commission: 10% -> 0.1 (default)",
        "offers.broadband.policy.at_most.standard: nothing -> -2",
        "offers.broadband.policy.offer: never -> while-waiting",
        "offers.broadband.price: 120 -> 180",
    ]


def test_a_root_changes_nothing_until_it_is_patched(capsys):
    """Its `--set`s are its changes."""
    assert ccprofit("show", CENTER, "--changes") == 0
    assert capsys.readouterr().out == f"{CENTER} is based on nothing\n"
    assert ccprofit("show", CENTER, "--changes", "--set", "agents.heads+=10%") == 0
    assert capsys.readouterr().out == "agents.heads: 100 -> 110\n"


# --- sources and levers -------------------------------------------------------------------------


def test_sources_tell_for_each_value_where_it_is_from(here, capsys):
    """A file with line and column, a `--set`, or the default with its evidence."""
    wage = "agents.generalists.wage"
    assert ccprofit("show", "variant.yaml", "--sources", "--set", f"{wage}=20 per hour") == 0
    rows = table(capsys.readouterr().out)
    assert rows["contacts.service.talk.cv"] == ["0.9", "variant.yaml:3:47", "environment", "typed"]
    lines = (here / "base.yaml").read_text(encoding="utf-8").splitlines()
    line = 1 + next(i for i, text in enumerate(lines) if "    talk: {mean: 270" in text)
    assert rows["contacts.service.talk.mean"][:2] == ["270 s", f"base.yaml:{line}:18"]
    assert rows["contacts.service.redial"][:2] == ["none", "variant.yaml:3:30"]
    assert rows[wage][:2] == ["20 per hour", f"--set {wage}=20 per hour"]
    assert rows["costs.on_cost"][:3] == ["0.3", "default", "environment"]
    assert rows["costs.on_cost"][3].startswith("proposal of this project: US benefits")
    assert rows["offers.broadband.policy.at_most.standard"][0] == "-2"
    assert rows["offers.broadband.acceptance.premium"][0] == "21%"
    assert rows["customers.standard.count"][0] == "160000"


def test_what_another_rule_fills_in_is_told_too(capsys):
    """The shape of a duration, and the year that is studied where nothing is said."""
    values = {dotted(value.path): value for value in values_of(load(CENTER))}
    assert values["horizon.weeks"].value == 52
    assert values["offers.broadband.talk.cv"].value == 0.7
    assert values["contacts.service.patience.distribution"].value == "exponential"
    assert "contacts.service.hold.share" not in values  # handle says it


def test_every_path_that_is_told_can_be_set():
    """What `--sources` calls a value is what `--set` calls it: typed again, nothing changes."""
    before = load(CENTER)
    sets = [
        f"{dotted(value.path)}={json.dumps(value.value)}"
        for value in values_of(before)
        if value.value is not None and value.place is not None
    ]
    assert len(sets) > 20
    assert load(CENTER, sets).spec == before.spec


def test_levers_are_what_the_company_decides(capsys):
    """With a range; neither what the world decides nor how the study is made."""
    assert ccprofit("show", CENTER, "--levers") == 0
    rows = table(capsys.readouterr().out)
    assert rows["offers.broadband.commission"] == ["0.1", "0% to 30%", "default"]
    assert rows["offers.broadband.on_unresolved"][1] == "true, false"
    assert "offers.broadband.policy.at_most" not in rows  # while-nobody-waits has none
    assert "while-nobody-waits" in rows["offers.broadband.policy.offer"][1]
    assert rows["agents.heads"][0] == "100"
    assert not {"agents.wage", "seed", "name", "offers.broadband.candidates"} & set(rows)


# --- defaults -----------------------------------------------------------------------------------


def leaves(block, path=""):
    """Dotted names and values of a block and of the blocks in it."""
    for name in type(block).model_fields:
        value = getattr(block, name)
        if isinstance(value, Block):
            yield from leaves(value, f"{path}{name}.")
        else:
            yield path + name, value


def test_defaults_of_a_block_come_with_their_evidence(capsys):
    """Every coefficient, without a file."""
    assert ccprofit("show", "--defaults", "experience", "--json") == 0
    values = json.loads(capsys.readouterr().out)["values"]
    found = {value["path"].removeprefix("experience."): value for value in values}
    assert {name: value["value"] for name, value in found.items()} == dict(leaves(ExperienceSpec()))
    for value in found.values():
        assert value["evidence"].startswith(("proposal of this project", "SQM Group"))
        assert value["description"].endswith(".")


def test_every_default_that_matters_names_its_evidence():
    """Only those that do nothing (0, 1, none) or are the only choice need none."""
    neutral = (0, 1, "none", "0 s", "0 per month", "voice", "cross-sell")
    values = list(defaults_of())
    assert len(values) > 100
    for value in values:
        if value.value not in (None, "required") and not value.evidence:
            assert value.value in neutral, dotted(value.path)


def test_defaults_are_those_that_a_scenario_gets():
    """For every value that my-center leaves out."""
    named = {"service", "broadband"}
    defaults = {tuple(p for p in v.path if p != "*"): v.value for v in defaults_of()}
    left_out = [v for v in values_of(load(CENTER)) if v.place is None and v.value is not None]
    assert len(left_out) > 40
    for value in left_out:
        assert defaults[tuple(p for p in value.path if p not in named)] == value.value


def test_a_block_that_is_not_known_is_guessed(capsys):
    """Exit code 2."""
    assert ccprofit("show", "--defaults", "contacts.patince") == 2
    assert "Did you mean `contacts.patience`?" in capsys.readouterr().err
    assert ccprofit("show", "--defaults", "xyz") == 2
    assert "Known here: agents, checks, contacts, costs, " in capsys.readouterr().err


@pytest.mark.parametrize("args", [[], ["--changes"], [CENTER, "--defaults", "experience"]])
def test_a_file_and_defaults_exclude_each_other(capsys, args):
    """One of the two is needed: exit code 2."""
    assert ccprofit("show", *args) == 2
    assert "FILE" in capsys.readouterr().err

"""Every key of a scenario, mistreated in every systematic way.

`every-key.yaml` uses all keys that there are, each on a line of its own. Each is deleted, renamed,
doubled, and given values of every wrong shape, unit and name: once together with all others, to
see that every fault of a file is told at once at its line and column, and once alone, to see that
nothing but a ScenarioError ever comes out.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from sim.block import Block
from sim.errors import Problem, ScenarioError
from sim.loading import load_tree
from sim.nodes import Node
from sim.scenario import Scenario, load
from sim.shape import blocks_at, blocks_in, fields_of, forms_of
from sim.spec import ScenarioSpec

GOOD = Path(__file__).parent / "bad_scenarios" / "good"
EVERY_KEY, DAYS = str(GOOD / "every-key.yaml"), str(GOOD / "every-key-days.yaml")
LINES = Path(EVERY_KEY).read_text(encoding="utf-8").splitlines()
NODES: dict[str, Node] = {
    ".".join(map(str, path)): node for path, node in load_tree(EVERY_KEY).root.walk() if path
}
KEYS = [path for path in NODES if not path.rpartition(".")[2].isdigit()]
ON_ONE_LINE = [path for path in KEYS if not isinstance(NODES[path].value, dict | list)]

REQUIRED = {
    "name": "name",
    "contacts": "contacts",
    "agents": "agents",
    "customers.standard.count": "customers.standard.count",
    "customers.standard.acquisition.per_month": "customers.standard.acquisition.per_month",
    "customers.premium.count": "customers.premium.count",
    "contacts.service.volume": "contacts.service.volume",
    "contacts.service.volume.per_week": "contacts.service.volume",
    "contacts.service.patience.mean": "contacts.service.patience",
    "contacts.service.patience.shape": "contacts.service.patience",
    "contacts.service.patience.distribution": "contacts.service.patience.shape",
    "contacts.service.redial.delay.mean": "contacts.service.redial.delay",
    "contacts.service.talk": "contacts.service",
    "contacts.service.talk.mean": "contacts.service.talk",
    "contacts.service.wrap_up.distribution": "contacts.service.wrap_up",
    "contacts.service.wrap_up.from": "contacts.service.wrap_up",
    "contacts.service.wrap_up.to": "contacts.service.wrap_up",
    "contacts.service.resolution.delay.mean": "contacts.service.resolution.delay",
    "contacts.listed.volume": "contacts.listed.volume",
    "contacts.listed.volume.calls": "contacts.listed.volume",
    "contacts.listed.volume.calls.0.at": "contacts.listed.volume.calls.0.at",
    "contacts.listed.handle": "contacts.listed",
    "contacts.complaints.volume": "contacts.complaints.volume",
    "contacts.complaints.handle": "contacts.complaints",
    "agents.generalists.positions": "agents.generalists",
    "agents.generalists.positions.meet": "agents.generalists.positions",
    "agents.helpers.positions": "agents.helpers",
    "agents.helpers.positions.seats": "agents.helpers.positions",
    "agents.reserve.heads": "agents.reserve",
    "offers.broadband.policy.offer": "offers.broadband.policy.at_most",
    "offers.broadband.policy.at_most": "offers.broadband.policy",
    "offers.broadband.talk.mean": "offers.broadband.talk",
    "offers.broadband.price": "offers.broadband.price",
    "offers.broadband.margin": "offers.broadband.margin",
    "offers.broadband.fulfilment.mean": "offers.broadband.fulfilment",
    "offers.insurance.policy.offer": "offers.insurance.policy.share",
    "offers.insurance.policy.share": "offers.insurance.policy",
    "offers.insurance.price": "offers.insurance.price",
    "offers.insurance.margin": "offers.insurance.margin",
    "offers.roaming.policy.offer": "offers.roaming.policy.threshold",
    "offers.roaming.policy.threshold": "offers.roaming.policy",
    "offers.roaming.price": "offers.roaming.price",
    "offers.roaming.margin": "offers.roaming.margin",
    "events.0.name": "events.0.name",
    "events.0.weeks": "events.0.weeks",
    "events.0.volume": "events.0.volume",
}
"""What cannot be left out → where its absence is told; a talk of a uniform duration needs both ends."""

REFERRED_TO = {
    "customers.standard": "contacts.service.shares.standard",
    "customers.premium": "contacts.service.shares.premium",
    "customers": "contacts.service.shares.standard",
    "contacts.service": "agents.generalists.serves.0",
    "contacts.listed": "agents.generalists.serves.1",
    "agents.generalists": "contacts.service.routes.0",
    "agents.helpers": "contacts.service.routes.1",
    "agents.reserve": "contacts.complaints.routes.0",
}
"""What others name → the first that then names nothing."""

REMAINDER = {
    "contacts.service.shares.standard": "contacts.service.shares",
    "contacts.service.shares.premium": "contacts.service.shares",
    "contacts.complaints.routes": "agents.reserve.heads",
    "agents.helpers.serves.service": "agents.helpers.serves",
    "events.0.volume.service": "events.0.volume",
}
"""What leaves something behind that no longer fits → where that is told."""


def problems_of(file: str, sets: tuple[str, ...] = ()) -> list[Problem]:
    """Return what is wrong with a scenario; nothing but a ScenarioError may come out."""
    try:
        assert isinstance(load(file, sets), Scenario)
    except ScenarioError as refused:
        assert refused.problems
        for problem in refused.problems:
            assert problem.what
            assert problem.remedy
            assert str(problem).endswith((".", "?"))
            assert "\n" not in str(problem)
        return refused.problems
    return []


def by_place(problems: list[Problem]) -> dict[str, list[Problem]]:
    """Return problems by `line:column`."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.place.split(":", 1)[1], []).append(problem)
    return found


# --- the scenario itself ------------------------------------------------------------------------


def home_of(block: type[Block], key: str) -> str:
    """Return the class in which a field is declared, with the field."""
    name = {info.alias or n: n for n, info in block.model_fields.items()}.get(key, key)
    name = block.short_keys.get(name, name)
    first = next(c for c in reversed(block.__mro__) if name in getattr(c, "model_fields", {}))
    return f"{first.__name__}.{name}"


def schema_of(block: type[Block]) -> set[str]:
    """Return every field of a block and of the blocks below it."""
    found = {home_of(block, key) for key in fields_of(block)}
    for info in fields_of(block).values():
        forms = forms_of(info.annotation)
        items = tuple(f for form in forms for part in getattr(form, "__args__", ()) for f in forms_of(part))
        for below in blocks_in((*forms, *items)):
            found |= schema_of(below)
    return found


def used_in(file: str) -> set[str]:
    """Return every field that a scenario file types."""
    tree = load_tree(file, (), ScenarioSpec)
    used = {"ScenarioSpec.based_on"} if len(tree.files) > 1 else set()
    for path, _ in tree.root.walk():
        for block in blocks_at(ScenarioSpec, tree.root, path[:-1]) if path else []:
            if str(path[-1]) in fields_of(block):
                used.add(home_of(block, str(path[-1])))
    return used


def test_the_scenario_uses_every_key_there_is():
    """A new key belongs into every-key.yaml, or it goes untested here."""
    unused = schema_of(ScenarioSpec) - used_in(EVERY_KEY) - used_in(DAYS)
    assert unused == {"AcceptanceSpec.by_segment"}  # typed without this word, as segments


@pytest.mark.parametrize("file", [EVERY_KEY, DAYS])
def test_the_scenario_is_sound(file):
    """What follows changes one thing in a scenario without fault."""
    assert problems_of(file) == []


# --- deleted ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", KEYS)
def test_a_key_is_left_out(path):
    """What is required is missed at its place; without the rest the scenario still loads."""
    told_at = {**REQUIRED, **REFERRED_TO, **REMAINDER}.get(path)
    paths = [problem.path for problem in problems_of(EVERY_KEY, (f"{path}=null",))]
    assert paths[:1] == ([told_at] if told_at else [])


# --- renamed ------------------------------------------------------------------------------------

NAMED = re.compile(
    r"(customers|contacts|agents|offers)\.[^.]+|.*\.(shares|head_start|at_most|acceptance|serves)\.[^.]+"
    r"|events\.0\.volume\.service"
)
"""Keys that are names, not words of the format."""
WORDS = [path for path in KEYS if not NAMED.fullmatch(path) or path.endswith(("everyone", "spread"))]


def misspelt(key: str) -> str:
    """Return a key with two letters exchanged, or one doubled where all are alike."""
    exchanged = key[:-2] + key[-1] + key[-2]
    return exchanged if exchanged != key else key + key[-1]


@cache
def problems_with_one_misspelt(path: str) -> tuple[Problem, ...]:
    node = NODES[path]
    line, column = node.key.line, node.key.column
    lines = list(LINES)
    key = path.rpartition(".")[2]
    text = lines[line - 1]
    assert text[column - 1 :].startswith(f"{key}:")
    lines[line - 1] = text[: column - 1] + misspelt(key) + text[column - 1 + len(key) :]
    return tuple(problems_in("\n".join(lines)))


def problems_in(text: str) -> list[Problem]:
    """Return what is wrong with the text of a scenario."""
    file = SCRATCH / "x.yaml"
    file.write_text(text + "\n", encoding="utf-8")
    return problems_of(str(file))


@pytest.fixture(scope="module", autouse=True)
def _scratch(tmp_path_factory):
    global SCRATCH
    SCRATCH = tmp_path_factory.mktemp("bad-input")


SCRATCH = Path()

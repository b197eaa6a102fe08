"""Every key of a scenario, mistreated in every systematic way.

`every-key.yaml` uses all keys that there are, each on a line of its own. Each is deleted, renamed,
doubled, and given values of every wrong shape, unit and name: once together with all others, to
see that every fault of a file is told at once at its line and column, and once alone, to see that
nothing but a ScenarioError ever comes out.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from sim.core.errors import Problem, ScenarioError
from sim.language.allowed import blocks_allowed_at, blocks_in, fields_of, forms_of
from sim.language.block import Block
from sim.language.load_tree import load_tree
from sim.language.node import Node
from sim.scenario.load import load
from sim.scenario.spec import ScenarioSpec

GOOD = Path(__file__).parents[1] / "bad_scenarios" / "good"
EVERY_KEY, DAYS = str(GOOD / "every-key.yaml"), str(GOOD / "every-key-days.yaml")
LINES = Path(EVERY_KEY).read_text(encoding="utf-8").splitlines()
NODES: dict[str, Node] = {
    ".".join(map(str, path)): node for path, node in load_tree(EVERY_KEY).root.walk() if path
}
KEYS = [path for path in NODES if not path.rpartition(".")[2].isdigit()]
VALUES = [path for path in KEYS if NODES[path].place.line == NODES[path].key.line]
"""Keys whose value stands on the same line, to its end."""
NAMES = re.compile(
    r"(customers|contacts|agents|offers)\.[^.]+"
    r"|.*\.(shares|head_start|at_most|serves)\.[^.]+"
    r"|(events|initiatives)\.[^.]+"
    r"|events\.campaign\.volume\.service"
    r"|initiatives\.[^.]+\.set\.offers\.[^.]+"
    r"|checks\.[^.]+"
)
"""Keys that are names given by the writer."""
WORDS = [path for path in KEYS if not NAMES.fullmatch(path) and ".acceptance." not in path]
"""Keys that are words of the format; under acceptance any other word is a name."""

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
    "contacts.service.self_service.offers.products": "contacts.service.self_service.offers.products",
    "contacts.service.self_service.time.mean": "contacts.service.self_service.time",
    "contacts.service.self_service.price.per": "contacts.service.self_service.price.per",
    "contacts.service.self_service.price.amount": "contacts.service.self_service.price.amount",
    "contacts.service.redial.delay.mean": "contacts.service.redial.delay",
    "contacts.service.talk": "contacts.service",
    "contacts.service.talk.mean": "contacts.service.talk",
    "contacts.service.wrap_up.distribution": "contacts.service.wrap_up",
    "contacts.service.wrap_up.from": "contacts.service.wrap_up",
    "contacts.service.wrap_up.to": "contacts.service.wrap_up",
    "contacts.service.resolution.delay.mean": "contacts.service.resolution.delay",
    "contacts.service.price.per": "contacts.service.price.per",
    "contacts.service.price.amount": "contacts.service.price.amount",
    "agents.helpers.paid.per": "agents.helpers.paid.per",
    "agents.helpers.paid.amount": "agents.helpers.paid.amount",
    "loyalty.reward": "loyalty.reward",
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
    "agents.sales.positions": "agents.sales",
    "agents.sales.positions.seats": "agents.sales.positions",
    "contacts.chat.volume": "contacts.chat.volume",
    "contacts.chat.handle": "contacts.chat",
    "contacts.mail.volume": "contacts.mail.volume",
    "contacts.messages.volume": "contacts.messages.volume",
    "contacts.messages.handle": "contacts.messages",
    "contacts.messages.messaging.answers_after.mean": "contacts.messages.messaging.answers_after",
    "contacts.mail.handle": "contacts.mail",
    "save_desk.contacts": "save_desk.contacts",
    "contacts.service.transfer.to": "contacts.service.transfer.to",
    "contacts.service.transfer.talk": "contacts.service.transfer.hold",
    "contacts.service.transfer.talk.mean": "contacts.service.transfer.talk",
    "contacts.service.transfer.wrap_up.mean": "contacts.service.transfer.wrap_up",
    "contacts.complaints.transfer.to": "contacts.complaints.transfer.to",
    "offers.broadband.policy.offer": "offers.broadband.policy.at_most",
    "offers.broadband.policy.at_most": "offers.broadband.policy.offer",
    "offers.broadband.talk.mean": "offers.broadband.talk",
    "offers.broadband.fulfilment.min": "offers.broadband.fulfilment",
    "offers.broadband.fulfilment.mode": "offers.broadband.fulfilment",
    "offers.broadband.fulfilment.max": "offers.broadband.fulfilment",
    "offers.broadband.price": "offers.broadband.price",
    "offers.broadband.margin": "offers.broadband.margin",
    "offers.broadband.fulfilment.mean": "offers.broadband.fulfilment",
    "offers.insurance.policy.offer": "offers.insurance.policy.share",
    "offers.insurance.policy.share": "offers.insurance.policy.offer",
    "offers.insurance.price": "offers.insurance.price",
    "offers.insurance.margin": "offers.insurance.margin",
    "offers.roaming.policy.offer": "offers.roaming.policy.threshold",
    "offers.roaming.policy.threshold": "offers.roaming.policy.offer",
    "offers.broadband.contract.term": "offers.broadband.contract.term",
    "offers.insurance": "offers.broadband.needs.0",
    "offers.faster.kind": "offers.faster.downgrade",
    "offers.faster.policy.offer": "offers.faster.policy.minute",
    "offers.faster.price": "offers.faster.price",
    "offers.faster.margin": "offers.faster.margin",
    "offers.faster.margin.per_month": "offers.faster.margin.per_month",
    "offers.faster.downgrade.share": "offers.faster.downgrade.share",
    "offers.faster.downgrade.loss": "offers.faster.downgrade.loss",
    "offers.upgrade.policy.offer": "offers.upgrade.policy.at_most",
    "offers.upgrade.policy.at_most": "offers.upgrade.policy.offer",
    "offers.upgrade.price": "offers.upgrade.price",
    "offers.upgrade.margin": "offers.upgrade.margin",
    "offers.cinema.policy.offer": "offers.cinema.policy.group",
    "offers.cinema.policy.group": "offers.cinema.policy.offer",
    "offers.cinema.price": "offers.cinema.price",
    "offers.cinema.margin": "offers.cinema.margin",
    "offers.music.policy.offer": "offers.music.policy.group",
    "offers.music.policy.group": "offers.music.policy.offer",
    "offers.care-call.policy": "offers.care-call.call_list",
    "offers.music.price": "offers.music.price",
    "offers.music.margin": "offers.music.margin",
    "offers.care-call.policy.offer": "offers.care-call.policy.group",
    "offers.care-call.policy.group": "offers.care-call.policy.offer",
    "offers.care-call.call_list": "offers.care-call.policy.offer",
    "offers.care-call.call_list.per_week": "offers.care-call.call_list.per_week",
    "offers.care-call.price": "offers.care-call.price",
    "offers.care-call.margin": "offers.care-call.margin",
    "offers.roaming.price": "offers.roaming.price",
    "offers.roaming.margin": "offers.roaming.margin",
    "checks.abandonment.between": "checks.abandonment",
    "checks.cost.expected": "checks.cost.within",
    "checks.cost.within": "checks.cost.expected",
    "initiatives.know-your-customer.set": "initiatives.know-your-customer.set",
    "events.campaign.weeks": "events.campaign.weeks",
    "events.campaign.volume": "events.campaign.volume",
}
"""What cannot be left out → where its absence is told."""

REFERRED_TO = {
    "horizon": "closed",  # dates need a first day
    "horizon.start": "closed",
    "offers": "contacts.service.self_service.offers.products.0",
    "offers.broadband": "contacts.service.self_service.offers.products.0",
    "offers.broadband.acceptance": "initiatives.know-your-customer.set.offers.broadband.acceptance",
    "customers.standard": "contacts.service.shares.standard",
    "customers.premium": "contacts.service.shares.premium",
    "customers": "contacts.service.shares.standard",
    "contacts.service": "agents.generalists.serves.0",
    "contacts.listed": "agents.generalists.serves.1",
    "agents.generalists": "contacts.service.routes.0",
    "agents.helpers": "contacts.service.routes.1",
    "agents.reserve": "contacts.complaints.routes.0",
    "contacts.complaints": "agents.sales.serves.0",
    "contacts.chat": "agents.sales.serves.1",
    "contacts.mail": "agents.sales.serves.2",
    "contacts.messages": "agents.sales.serves.3",
    "agents.sales": "contacts.service.transfer.to",
}
"""What others name → the first that then names nothing."""

REMAINDER = {
    "initiatives.know-your-customer.set.offers": "initiatives.know-your-customer.set",
    "contacts.service.shares.standard": "contacts.service.shares",
    "contacts.service.shares.premium": "contacts.service.shares",
    "agents.helpers.serves.service": "contacts.service.routes.1",
    "agents.sales.serves": "offers.cinema.policy.group",
    "agents.generalists.serves": "agents.generalists.positions",
    "contacts.chat.channel": "contacts.chat.concurrency",
    "contacts.mail.channel": "contacts.mail.deferred",
    "contacts.messages.channel": "contacts.messages.messaging",
    "offers.cinema.during": "offers.cinema.policy.group",
    "offers.broadband.acceptance.everyone": "offers.broadband.acceptance",
    "events.campaign.volume.service": "events.campaign.volume",
}
"""What leaves something behind that no longer fits → where that is told."""


def problems_of(file: str | Path, sets: tuple[str, ...] = ()) -> list[Problem]:
    """Return what is wrong with a scenario; nothing but a ScenarioError may come out."""
    try:
        load(file, sets)
    except ScenarioError as refused:
        problems = refused.problems
    else:
        return []
    assert problems
    for problem in problems:
        assert problem.what
        assert problem.remedy
        assert re.fullmatch(r"[^\n]+\. [^\n]+[.?]", str(problem))
    return problems


class Together:
    """What is said of a scenario in which many keys are changed at once, by line and column."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._said: dict[str, dict[str, list[Problem]]] = {}

    def of(self, name: str, lines: list[str]) -> dict[str, list[Problem]]:
        """Return problems by `line:column`; each text is loaded once."""
        if name not in self._said:
            file = self._folder / f"{len(self._said)}.yaml"
            file.write_text("\n".join([*lines, ""]), encoding="utf-8")
            self._said[name] = {}
            for problem in problems_of(file):
                place = problem.place.removeprefix(f"{file}:")
                self._said[name].setdefault(place, []).append(problem)
        return self._said[name]


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    """Load a scenario with many faults once, and ask for each of them."""
    return Together(tmp_path_factory.mktemp("bad-input"))


def with_values(value: str, paths: list[str]) -> list[str]:
    """Return the lines of the scenario with another value at each of the paths."""
    lines = list(LINES)
    for path in paths:
        place = NODES[path].place
        lines[place.line - 1] = lines[place.line - 1][: place.column - 1] + value
    return lines


def place_of(path: str) -> str:
    """Return `line:column` of a value."""
    return f"{NODES[path].place.line}:{NODES[path].place.column}"


# --- the scenario itself ------------------------------------------------------------------------


def declared(block: type[Block], key: str) -> str:
    """Return the class in which a field is declared, with the field."""
    name = {info.alias or n: n for n, info in block.model_fields.items()}.get(key, key)
    name = block.short_keys.get(name, name)
    first = next(c for c in reversed(block.__mro__) if name in getattr(c, "model_fields", {}))
    return f"{first.__name__}.{name}"


def schema_of(block: type[Block]) -> set[str]:
    """Return every field of a block and of the blocks below it."""
    found = {declared(block, key) for key in fields_of(block)}
    for info in fields_of(block).values():
        forms = forms_of(info.annotation)
        items = [f for form in forms for part in get_args(form) for f in forms_of(part)]
        for below in blocks_in((*forms, *items)):
            found |= schema_of(below)
    return found


def used_in(file: str) -> set[str]:
    """Return every field that a scenario file types."""
    tree = load_tree(file, (), ScenarioSpec)
    used = {"ScenarioSpec.based_on"} if len(tree.files) > 1 else set()
    for path, _ in tree.root.walk():
        for block in blocks_allowed_at(ScenarioSpec, tree.root, path[:-1]) if path else []:
            if str(path[-1]) in fields_of(block):
                used.add(declared(block, str(path[-1])))
    return used


def test_the_scenario_uses_every_key_there_is():
    """A new key belongs into every-key.yaml, or it goes untested here."""
    unused = schema_of(ScenarioSpec) - used_in(EVERY_KEY) - used_in(DAYS)
    assert unused == {"AcceptanceSpec.by_segment"}  # typed without this word, as segments


@pytest.mark.parametrize("file", [EVERY_KEY, DAYS])
def test_the_scenario_is_sound(file):
    """What follows changes one thing in a scenario without fault."""
    assert problems_of(file) == []


# --- left out, misspelt, doubled ----------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("path", KEYS)
def test_a_key_is_left_out(path):
    """What is required is missed at its place; without the rest the scenario still loads."""
    told_at = {**REQUIRED, **REFERRED_TO, **REMAINDER}.get(path)
    paths = [problem.path for problem in problems_of(EVERY_KEY, (f"{path}=null",))]
    assert paths[:1] == ([told_at] if told_at else [])


@pytest.mark.parametrize("path", WORDS)
def test_a_key_is_misspelt(path, together):
    """It is told at the key, with the word that was meant; all of one depth at once."""
    depth = path.count(".")
    lines = list(LINES)
    for word in (word for word in WORDS if word.count(".") == depth):
        end = NODES[word].key.column - 1 + len(word.rpartition(".")[2])
        line = NODES[word].key.line - 1
        lines[line] = lines[line][:end] + lines[line][end - 1 :]
    said = together.of(f"misspelt at depth {depth}", lines)
    key = NODES[path].key
    remedy = f"did you mean `{path.rpartition('.')[2]}`?"
    told = [(p.path, p.what, p.remedy) for p in said[f"{key.line}:{key.column}"]]
    assert (path + path[-1], "there is no such key", remedy) in told


@pytest.mark.parametrize("path", VALUES)
def test_a_key_stands_twice(path, together):
    """The second is told, with the line of the first; all of them at once."""
    lines: list[str] = []
    moved: dict[int, int] = {}
    doubled = {NODES[value].key.line for value in VALUES}
    for number, line in enumerate(LINES, start=1):
        lines.append(line)
        moved[number] = len(lines)
        if number in doubled:
            lines.append(line.replace("- ", "  ", 1) if line.lstrip().startswith("- ") else line)
    said = together.of("doubled", lines)
    key = NODES[path].key
    first = moved[key.line]
    name = path.rpartition(".")[2]
    assert [(p.path, p.what) for p in said[f"{first + 1}:{key.column}"]] == [
        (path, f"`{name}` stands here a second time, first in line {first}")
    ]


# --- wrong values -------------------------------------------------------------------------------

TEXT = {"question", "decide_on"}
"""Any text will do, within the limits of a name."""
LOOKED_UP = {
    "contacts.service.volume.profile",
    "contacts.listed.volume.calls.0.segment",
    "agents.helpers.positions.seats",
    "agents.sales.positions.seats",
    "save_desk.contacts",
    "contacts.service.transfer.to",
    "contacts.complaints.transfer.to",
    "offers.cinema.policy.group",
    "offers.music.policy.group",
    "offers.care-call.policy.group",
}
"""Text is the right shape; what it names is looked up once all shapes are right."""
WRONG = {
    # Without a policy that is known, at most so many or so old could both be meant.
    "{nonsense: 1}": {
        "agents.generalists.serves",
        "agents.sales.serves",
        "offers.upgrade.policy.at_most",
        # It is laid over a mapping that is wrong already, where it is told.
        "initiatives.know-your-customer.set.offers.broadband.acceptance.targeting",
    },
    "[[1]]": set(),
    "[nonsense]": {*(path for path in VALUES if isinstance(NODES[path].value, list))}
    - {"contacts.service.volume.season", "events.campaign.weeks", "surveys.response"}
    - {"closed", "contacts.service.closed"},
    "nonsense-words": TEXT | LOOKED_UP | {"name"},
    "'5 parsecs'": TEXT | LOOKED_UP,
    "-1 parsecs": TEXT | LOOKED_UP,
    "2027-13-45": TEXT | LOOKED_UP,
    "true": {
        "agents.generalists.positions.replan",
        "contacts.chat.concurrency.fixed",
        "contacts.mail.deferred.interruptible",
        "contacts.service.self_service.announced",
        "contacts.service.self_service.disclosed",
        "offers.broadband.on_unresolved",
    },
    ".nan": set(),
    "-.inf": set(),
    "''": TEXT | LOOKED_UP,
    "1e400": set(),
}
"""Values that nearly no key may have, with the keys that may."""


@pytest.mark.parametrize("value", WRONG)
def test_a_value_is_wrong(value, together):
    """It is told at its line and column, whatever its key; all of them at once."""
    said = together.of(value, with_values(value, VALUES))
    by_line: dict[str, dict[str, list[str]]] = {}
    for place, problems in said.items():
        line, _, column = place.partition(":")
        by_line.setdefault(line, {})[column] = [f"{p.path}." for p in problems]
    taken, elsewhere = set(), []
    for path in VALUES:
        line, _, column = place_of(path).partition(":")
        told = {
            at
            for at, paths in by_line.get(line, {}).items()
            if any(told_of.startswith(path) for told_of in paths)
        }
        if not told:
            taken.add(path)
        if value[0] not in "[{" and not told <= {column}:
            elsewhere.append((path, column, told))
    assert taken == WRONG[value]
    assert not elsewhere


WITH_UNIT = [
    path
    for path in VALUES
    if re.fullmatch(r"[\d.]+%? (s|min|h|d|per \w+)", str(NODES[path].value))
    and not path.rpartition(".")[2].startswith("per_")
]
IN_PERCENT = [
    path
    for path in VALUES
    if re.fullmatch(r"[\d.]+%", str(NODES[path].value)) and not path.endswith("margin")
]
WITHOUT_UNIT = [
    path for path in VALUES if isinstance(NODES[path].value, int | float) and path not in LOOKED_UP
]


@pytest.mark.parametrize("path", WITH_UNIT)
def test_a_unit_is_forgotten(path, together):
    """A bare number stands for nothing where seconds, weeks or percents a year may be meant."""
    (told,) = together.of("bare", with_values("45", WITH_UNIT))[place_of(path)]
    assert told.path.startswith(path)
    assert told.what == "45 has no unit"
    asked = r"(say (its unit|per what): |write a percentage per ).+ or \w+|write 45 (per hour|min)"
    assert re.fullmatch(asked, told.remedy)


@pytest.mark.parametrize("path", IN_PERCENT)
def test_a_percent_sign_is_forgotten(path, together):
    """30 is no share, and no coefficient of variation either."""
    (told,) = together.of("30", with_values("30", IN_PERCENT))[place_of(path)]
    assert told.path.startswith(path)
    legal = "write a share at least 50%" if path.endswith("targeting") else "did you mean 30%?"
    assert told.remedy == legal


@pytest.mark.parametrize("path", WITHOUT_UNIT)
def test_a_unit_too_many(path, together):
    """What is counted has no unit of time."""
    lines = with_values("45 min", WITHOUT_UNIT)
    (told,) = together.of("45 min", lines)[place_of(path)]
    assert told.path.startswith(path)


REFERENCES = [
    *("contacts.service.shares.standard", "contacts.service.shares.premium"),
    *("contacts.service.head_start.premium", "offers.broadband.acceptance.premium"),
    *("offers.broadband.policy.at_most.standard", "offers.broadband.policy.at_most.premium"),
    *("agents.helpers.serves.service", "events.campaign.volume.service"),
]
LISTED = [
    *("contacts.service.routes.0", "contacts.service.routes.1", "contacts.complaints.routes.0"),
    *("agents.generalists.serves.0", "agents.generalists.serves.1"),
    *("agents.sales.serves.0", "offers.cinema.policy.group", "offers.music.policy.group"),
    *("offers.broadband.during.0", "contacts.listed.volume.calls.0.segment"),
]


@pytest.mark.parametrize("path", REFERENCES)
def test_a_name_is_misspelt(path, together):
    """A key that names a segment, a type or a group which is not there; all of them at once."""
    lines = list(LINES)
    for name in REFERENCES:
        key = NODES[name].key
        end = key.column - 1 + len(name.rpartition(".")[2])
        lines[key.line - 1] = lines[key.line - 1][:end] + "s" + lines[key.line - 1][end:]
    key = NODES[path].key
    name = path.rpartition(".")[2]
    told = together.of("names", lines)[f"{key.line}:{key.column}"]
    said = [(p.path, p.what.startswith(f"'{name}s' is not a"), p.remedy) for p in told]
    assert (f"{path}s", True, f"did you mean `{name}`?") in said


@pytest.mark.parametrize("path", LISTED)
def test_a_name_in_a_list_is_misspelt(path, together):
    """A value that names one; all of them at once."""
    lines = list(LINES)
    for name in reversed(LISTED):  # from the right, so that columns to the left stay
        place, value = NODES[name].place, NODES[name].value
        end = place.column - 1 + len(value)
        lines[place.line - 1] = lines[place.line - 1][:end] + "x" + lines[place.line - 1][end:]
    moved = path.endswith(".1")  # by the letter that the one before it has too many
    place = NODES[path].place
    told = together.of("listed names", lines)[f"{place.line}:{place.column + moved}"]
    assert [p.remedy for p in told if p.path == path] == [f"did you mean `{NODES[path].value}`?"]


# --- alone --------------------------------------------------------------------------------------

ODD = ("nonsense", "0", "1000000", "[]")
"""Values that some keys may have: the right shape, and a number out of place."""


@pytest.mark.slow
@pytest.mark.parametrize("path", NODES)
def test_an_odd_value_alone_is_taken_or_told(path):
    """By `--set`, so that everything else is sound and the checks across blocks see it too."""
    for value in ODD:
        assignment = f"{path}={value}"
        for problem in problems_of(EVERY_KEY, (assignment,)):
            is_below = f"{problem.path}.".startswith(f"{path}.")
            elsewhere = () if is_below else (EVERY_KEY,)
            assert problem.place.startswith((f"--set {assignment}", *elsewhere))

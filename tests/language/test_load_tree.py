"""A scenario file: what it inherits, what is patched, where it stands and what is wrong with it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, model_validator

from sim.core.errors import ScenarioError
from sim.language.block import Block, OrNone, decision, environment, outcome, problem
from sim.language.evidence import TYPED, proposal
from sim.language.fields import Duration, Fraction, PerWeek, Share
from sim.language.load_tree import load_tree
from sim.language.tree import ancestors
from sim.language.validate import validate


class Talk(Block):
    """A duration with a short form."""

    main_key: ClassVar[str] = "mean"

    mean: Duration = environment(..., evidence=TYPED)
    """Mean talk time."""
    cv: Fraction = environment("80%", evidence=proposal())
    """Coefficient of variation."""

    @model_validator(mode="after")
    def _not_both_zero(self) -> Talk:
        if self.mean == 0 and self.cv:
            problem(("cv",), "a talk of 0 s does not vary", "leave cv out")
        return self


class Volume(Block):
    """A main key that names its unit."""

    main_key: ClassVar[str] = "per_week"

    per_week: PerWeek = environment(..., evidence=TYPED)
    """Contacts in a week."""
    profile: str | list[float] = environment("flat", evidence=proposal())
    """When they come."""


class Positions(Block):
    """A block with a scale."""

    meet: Literal["service_level", "occupancy"] = decision(..., evidence=TYPED)
    """What the seats must reach."""
    scale: Fraction = decision(1.0, evidence=proposal())
    """Factor on all seats."""


class Contact(Block):
    """One contact type, with every kind of field there is."""

    short_keys: ClassVar[dict[str, str]] = {"offer": "policy"}

    volume: Volume = environment(..., evidence=TYPED)
    """How many come."""
    talk: Talk = environment(Talk(mean="270 s"), evidence=proposal())
    """Time in conversation."""
    hold: OrNone[Talk] = outcome(
        Talk(mean="90 s"), better="less", evidence=proposal(), lever=("30 s", "2 min")
    )
    """Hold; none: nobody is held."""
    positions: int | list[int] | Positions = decision(1, evidence=proposal())
    """Seats."""
    attempts: Literal["unlimited"] | Annotated[int, Field(ge=1)] = environment(
        4, evidence=proposal()
    )
    """Most contacts in a row."""
    share: Share = outcome(1.0, better="more", evidence=proposal())
    """A share."""
    policy: Literal["always", "never"] = decision("never", evidence=proposal())
    """When to offer."""
    routes: list[str] | None = decision(None, evidence=TYPED)
    """Left out: all."""


class Toy(Block):
    """A scenario in small."""

    name: str = decision("toy", evidence=TYPED)
    """Name."""
    contacts: dict[str, Contact] = environment(..., evidence=TYPED)
    """Contact types."""


BASE = """\
name: base
contacts:
  service:
    volume: 24000 per week
    talk: 270 s
    positions: [1, 2, 3]
    share: 40%
  mail:
    volume: {per_week: 10, profile: [1, 2]}
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Write files by name into the current folder, so that places are short."""
    monkeypatch.chdir(tmp_path)

    def write(**files: str) -> None:
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")

    return write


def complaints(file, sets=(), model=Toy):
    """Return what is said of a faulty scenario, one line a problem."""
    with pytest.raises(ScenarioError) as refused:
        validate(Toy, load_tree(file, sets, model))
    return [str(p) for p in refused.value.problems]


# --- reading ------------------------------------------------------------------------------------


def test_yaml_is_read_as_version_1_2(here):
    """Times stay text, NO is no boolean, dates stay text, numbers are plain Python."""
    here(x="a: [22:00, NO, on, 2027-01-04, 1e3, 0x1F, 1_000, true, 'null', 35%, .inf, 012]")
    values = load_tree("x.yaml").values["a"]
    expected = ["22:00", "NO", "on", "2027-01-04", 1000.0, 31, 1000, True, "null", "35%"]
    assert values == [*expected, float("inf"), 12]
    assert [type(v) for v in values[4:8]] == [float, int, int, bool]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "x.yaml:1:1: the file is empty. Start with `ccprofit init`."),
        ("# only this", "x.yaml:1:1: the file is empty. Start with `ccprofit init`."),
        (
            "- a",
            "x.yaml:1:1: a scenario is a mapping of keys to values. "
            "Begin with a line such as `name: my-center`.",
        ),
        (
            "a: 1\nb: {c: 1}\na: 2",
            "x.yaml:3:1: a: `a` stands here a second time, first in line 1. Keep one of the two.",
        ),
        ("a:\n\t- b", "x.yaml:2:1: a tab cannot indent YAML. Indent with spaces."),
        (
            "a: b: c",
            "x.yaml:1:5: a second colon in one line. "
            "Put the text in quotes, or the key on its own line.",
        ),
        (
            "a: 1\n---\nb: 1",
            "x.yaml:2:1: a second document begins here. Put it into a file of its own.",
        ),
        ("a:\nb: 1", "x.yaml:1:1: a: this key has no value. Write one, or delete the line."),
        ("a: [1, ~]", "x.yaml:1:8: a.1: this element is empty. Write a value."),
        ("a: !x 1", "x.yaml:1:4: a: the tag !x has no meaning here. Remove it."),
        ("a: &a [*a]", "x.yaml:1:4: a.0: this value contains itself. Write it out."),
        ("<<: {a: 1}", "x.yaml:1:1: `<<` is not used here. Use based_on, or write it out."),
        ("? [1]\n: 2", "x.yaml:1:3: a key is one word. Write `key: value`."),
    ],
)
def test_a_faulty_file_is_told_with_its_place(here, text, said):
    """Each fault of the text names line, column and remedy."""
    here(x=text)
    with pytest.raises(ScenarioError) as refused:
        load_tree("x.yaml")
    assert said in map(str, refused.value.problems)


def test_text_that_is_no_yaml_is_told_at_the_place_where_reading_stopped(here):
    """The message carries the reader's own words."""
    here(x="a: 1\nb: [1, 2\nc: 3\n")
    with pytest.raises(ScenarioError, match=r"x\.yaml:3:\d: this is not YAML: .*\. Check the ind"):
        load_tree("x.yaml")


def test_nesting_without_end_is_a_problem_not_a_crash(here):
    """A few thousand brackets do not exhaust the stack unseen."""
    here(x="a: " + "[" * 5000 + "]" * 5000)
    with pytest.raises(ScenarioError, match=r"it is nested too deeply\. Make it flatter"):
        load_tree("x.yaml")


def test_a_file_that_cannot_be_read_is_told_by_its_name(here, tmp_path):
    """Missing files are guessed from their neighbours; folders and other encodings are named."""
    here(baseline="a: 1")
    (tmp_path / "latin.yaml").write_bytes("a: 1\nb: für".encode("latin-1"))
    for file, said in {
        "basline.yaml": "basline.yaml: there is no such file. Did you mean `baseline.yaml`?",
        ".": ".: this is a folder. Name a file in it.",
        "latin.yaml": "latin.yaml:2: this is not UTF-8. Save it as UTF-8.",
    }.items():
        with pytest.raises(ScenarioError) as refused:
            load_tree(file)
        assert [str(p) for p in refused.value.problems] == [said]


# --- inheriting ---------------------------------------------------------------------------------


def test_a_variant_is_laid_over_its_base(here):
    """Mappings merge, lists are replaced, null removes, what is not said is inherited."""
    here(base="a: {b: 1, c: [1, 2]}\nd: 5\n", x="based_on: base.yaml\na: {c: [3]}\nd: null\ne: 6\n")
    tree = load_tree("x.yaml")
    assert tree.values == {"a": {"b": 1, "c": [3]}, "e": 6}
    assert tree.files == ("base.yaml", "x.yaml")


def test_every_value_knows_its_place_and_what_it_replaced(here):
    """Layers count from the root of the chain; each --set is one more."""
    here(
        root="a: 1\nb: 1\nc: 1\n",
        mid="based_on: root.yaml\nb: 2\n",
        x="based_on: mid.yaml\nc:  3\n",
    )
    tree = load_tree("x.yaml", ["c=4", "d=5"])
    origins = {key: tree.origin((key,)) for key in "abcd"}
    assert {key: str(place) for key, place in origins.items()} == {
        "a": "root.yaml:1:4",
        "b": "mid.yaml:2:4",
        "c": "--set c=4",
        "d": "--set d=5",
    }
    assert [origins[key].layer for key in "abcd"] == [0, 1, 3, 4]
    assert [tree.before((key,)) for key in "abcd"] == [None, 1, 3, None]
    assert tree.origin(("z",)) is None
    assert [alone.values for alone in ancestors(tree)] == [
        {"a": 1, "b": 1, "c": 1},
        {"a": 1, "b": 2, "c": 1},
        {"a": 1, "b": 2, "c": 3},
    ]


def test_changes_tell_what_a_variant_does(here):
    """Against the file it is based on: new, other and removed values, each with its place."""
    here(base="a: {b: 1, c: 2}\nd: {e: 1}\n", x="based_on: base.yaml\na: {b: 9}\nd: null\nf: 1\n")
    changes = load_tree("x.yaml", ["a.c*=2"]).changes()
    assert [(str(c), str(c.place)) for c in changes] == [
        ("a.b: 1 -> 9", "x.yaml:2:8"),
        ("a.c: 2 -> 4", "--set a.c*=2"),
        ("d.e: 1 -> nothing", "--set a.c*=2"),
        ("f: nothing -> 1", "x.yaml:4:4"),
    ]
    assert load_tree("base.yaml").changes() == []


def test_bases_are_found_beside_the_file_that_names_them(here, tmp_path):
    """based_on and other file names are relative to the file in which they stand."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "x.yaml").write_text("based_on: ../base.yaml\nb: b.csv\n")
    here(base="a: a.csv\n")
    tree = load_tree("deep/x.yaml", ["c=c.csv"])
    assert tree.files == ("base.yaml", "deep/x.yaml")
    assert [tree.folder_of((key,)) for key in "abc"] == [Path(), Path("deep"), Path("deep")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("based_on: bsae.yaml", "x.yaml:1:11: based_on: there is no file bsae.yaml. Did you mean"),
        ("based_on: [a]", "x.yaml:1:11: based_on: this does not name a file. Name one,"),
        (
            "based_on: y.yaml",
            "y.yaml:2:11: based_on: these files are based on one another: "
            "x.yaml -> y.yaml -> x.yaml. Cut the circle.",
        ),
        (
            "based_on: base.yaml\ncontatcs: null",
            "x.yaml:2:1: contatcs: this removes nothing, for nothing is inherited here. "
            "Did you mean `contacts`?",
        ),
    ],
)
def test_a_chain_that_does_not_hold_is_told_at_its_line(here, text, said):
    """Missing bases, circles and removals of nothing point at the line that says so."""
    here(base=BASE, x=text, y="a: 1\nbased_on: ./x.yaml\n")
    with pytest.raises(ScenarioError) as refused:
        load_tree("x.yaml")
    assert str(refused.value.problems[0]).startswith(said)


leaves = st.integers(-5, 5) | st.sampled_from(["x", "90 s"]) | st.lists(st.integers(0, 3))
mappings = st.recursive(
    st.dictionaries(st.sampled_from("abcd"), leaves),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), leaves | inner),
    max_leaves=12,
)


def merged(below: dict, above: dict) -> dict:
    """Return the deep merge, written down once more without places."""
    both = {**below, **above}
    for key in below.keys() & above.keys():
        if isinstance(below[key], dict) and isinstance(above[key], dict):
            both[key] = merged(below[key], above[key])
    return both


def leaves_of(values, path=()):
    """Yield the path and value of everything that is not a mapping."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from leaves_of(value, (*path, key))
        else:
            yield (*path, key), value


@given(mappings, mappings)
def test_a_merge_is_the_upper_where_it_speaks_and_the_lower_elsewhere(below, above):
    """Any two mappings: values, the layer of each leaf, and changes that lead back."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "base.yaml").write_text(json.dumps(below))
        Path(folder, "x.yaml").write_text(json.dumps({"based_on": "base.yaml", **above}))
        tree = load_tree(Path(folder, "x.yaml"))
        changed = {change.path: change.after for change in tree.changes()}
    assert tree.values == merged(below, above)
    upper, lower = dict(leaves_of(above)), dict(leaves_of(below))
    for path, value in leaves_of(tree.values):
        assert tree.origin(path).layer == (1 if path in upper else 0)
        assert value == (upper if path in upper else lower)[path]
        if path in lower:
            assert (path in changed) == (value != lower[path])


# --- short forms --------------------------------------------------------------------------------


def test_a_bare_value_and_a_mapping_of_the_same_block_merge(here):
    """`talk: 270 s` below `talk: {cv: 1}` is one talk, in either order and by --set."""
    here(base=BASE, x="based_on: base.yaml\ncontacts: {service: {talk: {cv: 1}, offer: always}}\n")
    toy = validate(Toy, load_tree("x.yaml", ["contacts.service.talk=300 s"], Toy))
    assert toy.contacts["service"].talk == Talk(mean="300 s", cv=1)
    assert toy.contacts["service"].policy == "always"
    tree = load_tree("x.yaml", ["contacts.service.policy=never"], Toy)
    assert tree.values["contacts"]["service"]["talk"] == {"mean": "270 s", "cv": 1}
    assert str(tree.origin(("contacts", "service", "talk", "mean"))) == "base.yaml:5:11"
    assert tree.before(("contacts", "service", "policy")) == "always"


def test_none_switches_off_and_a_mapping_switches_on_again(here):
    """The word none becomes None; laid over it, a mapping counts."""
    here(base=BASE + "    hold: none\n", x="based_on: base.yaml\ncontacts: {mail: {hold: 5 s}}\n")
    assert validate(Toy, load_tree("base.yaml", (), Toy)).contacts["mail"].hold is None
    assert validate(Toy, load_tree("x.yaml", (), Toy)).contacts["mail"].hold == Talk(mean="5 s")


def test_a_resolved_scenario_is_read_back_as_the_same(here):
    """What is dumped into the results is a scenario, with units and the word none."""
    here(x=BASE + "    hold: none\n")
    toy = validate(Toy, load_tree("x.yaml", (), Toy))
    here(resolved=json.dumps(toy.as_typed()))
    assert validate(Toy, load_tree("resolved.yaml", (), Toy)) == toy


def test_the_schema_shows_marks_evidence_and_short_forms():
    """Editors accept both forms; `show` finds what each key is and where its default is from."""
    schema = Toy.model_json_schema()
    talk = schema["$defs"]["Talk"]["anyOf"]
    assert [form.get("type") for form in talk] == ["string", "object"]
    volume = schema["$defs"]["Volume"]["anyOf"]
    assert volume[0]["type"] == "string"
    assert {form["type"] for form in volume[1]["properties"]["per_week"]["anyOf"]} == {
        "number",
        "string",
    }
    fields = schema["$defs"]["Contact"]["properties"]
    assert fields["hold"]["mark"] == "outcome"
    assert fields["hold"]["evidence"] == "proposal of this project"
    assert fields["hold"]["lever"] == ["30 s", "2 min"]
    assert fields["hold"]["description"] == "Hold; none: nobody is held."
    assert {"const": "none", "description": "Switched off."} in fields["hold"]["anyOf"]
    assert fields["offer"] == fields["policy"]


# --- --set --------------------------------------------------------------------------------------


def test_assignments_patch_on_top_in_their_order(here):
    """Values as in YAML, arithmetic on what is typed, lists by element, null removes."""
    here(x=BASE)
    sets = [
        "name=other",
        "contacts.service.volume*=1.1",
        "contacts.service.positions*=2",
        "contacts.service.positions[1]=7",
        "contacts.service.share+=10%",
        "contacts.service.talk.cv=50%",
        "contacts.mail=null",
    ]
    toy = validate(Toy, load_tree("x.yaml", sets, Toy))
    assert toy.name == "other"
    assert list(toy.contacts) == ["service"]
    service = toy.contacts["service"]
    assert service.volume.per_week == 26_400
    assert service.positions == [2, 7, 6]
    assert service.share == 0.5
    assert service.talk == Talk(mean="270 s", cv=0.5)


def test_a_block_with_a_scale_is_multiplied_in_it(here):
    """`positions*=0.9` seats nine tenths of whatever meets the target."""
    here(x=BASE.replace("[1, 2, 3]", "{meet: service_level}"))
    sets = ["contacts.service.positions*=0.9", "contacts.service.positions*=2"]
    toy = validate(Toy, load_tree("x.yaml", sets, Toy))
    assert toy.contacts["service"].positions == Positions(meet="service_level", scale=1.8)


def test_assignments_that_cannot_be_made_are_told_all_at_once(here):
    """Each names the --set; other faults of the file are told in the same breath."""
    here(x=BASE.replace("40%", "30"))
    sets = {
        "contacts": "'contacts' is not an assignment. Write --set path.to.key=value.",
        "name=": "name: no value is given. Write path=value; path=null removes.",
        "contacts.service.tlak*=2": "contacts.service.tlak: there is no such key. "
        "Did you mean `contacts.service.talk`?",
        "contacts.service.positions.9=3": "contacts.service.positions.9: the list has 3 elements. "
        "Count from 0, or give the whole list.",
        "based_on=y.yaml": "based_on: based_on cannot be set. Write it into a file.",
        "contacts.mail.tlak.mean=3 s": "contacts.mail.tlak: there is no such key. "
        "Did you mean `contacts.mail.talk.mean`?",
    }
    assert complaints("x.yaml", list(sets)) == [
        "x.yaml:7:12: contacts.service.share: 30 is not a share. Did you mean 30%?",
        *(f"--set {text}: {said}" for text, said in sets.items()),
    ]


# --- validating ---------------------------------------------------------------------------------


FAULTY = """\
name: 2024
contacts:
  service:
    volume: 24000
    talk: {mean: 270, cvv: 1}
    hold: nono
    positions: {meet: servce_level}
    attempts: unlimitd
    offer: alway
  chat:
    volume: {per_week: x, profile: {a: 1}}
    positions: many
    attempts: 0
    share: true
    talk: {cv: 3}
  mail: {}
extra: 1
"""


@pytest.mark.parametrize("model", [None, Toy])
def test_every_fault_is_one_line_with_place_path_fault_and_remedy(here, model):
    """One message for each fault, also where a number, a list or a mapping would do."""
    here(x=FAULTY)
    mean = "hold.mean" if model else "hold"  # with a model, short forms are written out
    offer = "policy" if model else "offer"
    assert complaints("x.yaml", model=model) == [
        'x.yaml:1:7: name: 2024 is not text. Put it in quotes: "2024".',
        "x.yaml:4:13: contacts.service.volume: 24000 has no unit. Say per what: minute, hour, day, week, month or year.",
        "x.yaml:5:18: contacts.service.talk.mean: 270 has no unit. Say its unit: s, min, h, d or wk.",
        "x.yaml:5:23: contacts.service.talk.cvv: there is no such key. Did you mean `cv`?",
        f"x.yaml:6:11: contacts.service.{mean}: 'nono' is not a duration. "
        "Write 90 s, 6 min, 24 h, 10 d or 2 wk.",
        "x.yaml:7:23: contacts.service.positions.meet: 'servce_level' is not among the words "
        "known here. Did you mean `service_level`?",
        "x.yaml:8:15: contacts.service.attempts: 'unlimitd' is not among the words known here. "
        "Did you mean `unlimited`?",
        f"x.yaml:9:12: contacts.service.{offer}: 'alway' is not among the words known here. "
        "Did you mean `always`?",
        "x.yaml:11:24: contacts.chat.volume.per_week: 'x' is not an amount per time. "
        "Write 18 per week.",
        "x.yaml:11:36: contacts.chat.volume.profile: a mapping does not fit here. "
        "Write text or a list.",
        "x.yaml:12:16: contacts.chat.positions: 'many' does not fit here. "
        "Write a whole number, a list or a mapping.",
        "x.yaml:13:15: contacts.chat.attempts: 0 is not at least 1. Write a number at least 1.",
        "x.yaml:14:12: contacts.chat.share: true is not a share. Write 0.35 or 35%.",
        "x.yaml:15:5: contacts.chat.talk.mean: this is missing. Add a line such as `mean: 90 s`.",
        "x.yaml:16:3: contacts.mail.volume: this is missing. "
        "Add a line such as `volume: 24000 per week`.",
        "x.yaml:17:1: extra: there is no such key. Known here: name, contacts.",
    ]


def test_a_block_may_point_below_itself(here):
    """A check over several keys names the key at fault."""
    here(x=BASE.replace("talk: 270 s", "talk: {mean: 0 s, cv: 1}"))
    assert complaints("x.yaml") == [
        "x.yaml:5:27: contacts.service.talk.cv: a talk of 0 s does not vary. Leave cv out."
    ]


def test_two_names_for_one_field_are_refused(here):
    """A short key and the field it stands for cannot both be typed."""
    here(x=BASE + "    offer: never\n    policy: never\n")
    assert complaints("x.yaml") == [
        "x.yaml:10:12: contacts.mail.offer: `offer` and `policy` mean the same. Keep one of them."
    ]


def test_faults_are_told_base_first_then_by_line(here):
    """The order does not depend on the order in which they were found."""
    here(base=BASE.replace("270 s", "270"), x="based_on: base.yaml\nz: 1\nname: 3\n")
    places = [said.split(": ")[0] for said in complaints("x.yaml")]
    assert places == ["base.yaml:5:11", "x.yaml:2:1", "x.yaml:3:7"]


def test_the_error_counts_its_problems_under_the_name_that_was_typed(here):
    """The header names the file as it was given."""
    here(x=FAULTY)
    with pytest.raises(ScenarioError, match=r"^\./x\.yaml has 16 problems\n\./x\.yaml:1:7: name"):
        validate(Toy, load_tree("./x.yaml", (), Toy))
    here(x="z: 1\n" + BASE)
    with pytest.raises(ScenarioError, match=r"^x\.yaml has 1 problem\nx"):
        validate(Toy, load_tree("x.yaml", (), Toy))


def test_later_checks_find_the_place_of_what_was_typed(here):
    """A problem found across blocks points at value, key, or the nearest thing typed."""
    here(x=BASE)
    tree = load_tree("x.yaml", (), Toy)
    path = ("contacts", "service", "share")
    assert str(tree.problem(path, "w", "r")) == "x.yaml:7:12: contacts.service.share: w. R."
    assert tree.problem(path, "w", "r", key=True).place == "x.yaml:7:5"
    assert tree.problem(("contacts", "mail", "talk"), "w", "r").place == "x.yaml:8:3"
    other = tree.with_value(path, [1])
    assert other.values["contacts"]["service"]["share"] == [1]
    assert other.origin(path) == tree.origin(path)
    assert tree.values["contacts"]["service"]["share"] == "40%"

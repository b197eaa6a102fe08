"""Scenarios that a strategist might really write, each with the exact message it gets.

`bad_scenarios/NN-what-is-wrong.yaml` has its message beside it, in `.txt`. A line `# --set …` in
the scenario is an assignment of the command line. `bad_scenarios/good` holds what they are made of.
"""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from sim.core.errors import ScenarioError
from sim.scenario.check_fit import CHECKS
from sim.scenario.load import load

FOLDER = Path(__file__).parents[1] / "bad_scenarios"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
CENTER = """\
name: center
horizon: {weeks: 4}
customers: {standard: 160000, premium: 20000}
contacts:
  service: {volume: 24000 per week, handle: 348 s}
agents: {generalists: {positions: 80}}
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Write files by name into the current folder, so that places are short."""
    monkeypatch.chdir(tmp_path)

    def write(**files: str | bytes) -> None:
        for name, text in files.items():
            path = tmp_path / name.replace("_", ".")
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    return write


def sets_of(name: str) -> list[str]:
    """Return the assignments that a scenario asks for."""
    text = (FOLDER / f"{name}.yaml").read_bytes().decode("utf-8", "replace")
    start = "# --set "
    return [line.removeprefix(start) for line in text.splitlines() if line.startswith(start)]


def complaints(file, sets=()) -> list[str]:
    """Return what is said of a faulty scenario, one line a problem."""
    with pytest.raises(ScenarioError) as refused:
        load(file, sets)
    return [str(problem) for problem in refused.value.problems]


# --- scenarios with their messages --------------------------------------------------------------


def test_every_bad_scenario_has_its_message_and_every_message_its_scenario():
    """Nothing lies about that is not tested."""
    assert len(NAMES) >= 90
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_scenario_gets_exactly_its_message(name, monkeypatch):
    """All problems at once, in order, each with place, path, what is wrong and a remedy."""
    monkeypatch.chdir(FOLDER)
    with pytest.raises(ScenarioError) as refused:
        load(f"{name}.yaml", sets_of(name))
    assert f"{refused.value}\n" == Path(f"{name}.txt").read_text(encoding="utf-8")


def test_nothing_is_written_beside_a_bad_scenario(monkeypatch):
    """Refusing a scenario leaves the folder as it was."""
    monkeypatch.chdir(FOLDER)
    before = sorted(Path().rglob("*"))
    for name in NAMES:
        with pytest.raises(ScenarioError):
            load(f"{name}.yaml", sets_of(name))
    assert sorted(Path().rglob("*")) == before


def test_a_refusal_survives_the_way_between_processes(monkeypatch):
    """A worker that refuses a scenario says the same as its parent would."""
    monkeypatch.chdir(FOLDER)
    with pytest.raises(ScenarioError) as refused:
        load("89-many-at-once.yaml")
    copy = pickle.loads(pickle.dumps(refused.value))
    assert str(copy) == str(refused.value)
    assert copy.problems == refused.value.problems


# --- the limits of what fits --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("block", "one", "most"),
    [
        ("contacts", "{volume: 10 per week, handle: 5 min}", 64),
        ("customers", "1000", 16),
        ("offers", "{price: 120, margin: 25%}", 62),
    ],
)
def test_more_names_than_fit_are_refused_and_as_many_as_fit_are_not(here, block, one, most):
    """Names are packed into bits; one too many would change the names of others."""
    inherited = {"contacts": 1, "customers": 2, "offers": 0}[block]
    lines = [f"  extra-{i}: {one}\n" for i in range(most + 1 - inherited)]
    variant = f"based_on: base.yaml\nname: x\n{block}:\n"
    few, many = variant + "".join(lines[1:]), variant + "".join(lines)
    here(base_yaml=CENTER, few_yaml=few, many_yaml=many)
    assert load("few.yaml").spec.name == "x"
    place = {"contacts": "base.yaml:4:1", "customers": "base.yaml:3:1", "offers": "many.yaml:3:1"}
    said = f"{place[block]}: {block}: there are {most + 1} of them, and at most {most} are possible. Merge some."
    assert complaints("many.yaml") == [said]


def test_a_shared_total_may_miss_by_what_binary_fractions_lose(here):
    """Ten tenths are a whole; 99.9 % is not."""
    here(base_yaml=CENTER)
    tenths = ", ".join(f"s{i}: 10%" for i in range(10))
    counts = ", ".join(f"s{i}: 100" for i in range(10))
    sets = [f"customers={{{counts}}}", f"contacts.service.shares={{{tenths}}}"]
    load("base.yaml", sets)
    assert (
        "add up to 99.9%" in complaints("base.yaml", [*sets, "contacts.service.shares.s0=9.9%"])[0]
    )


def test_a_week_on_the_horizon_is_fine_and_the_next_is_not(here):
    """Weeks count from 1 to the last, days make one week begun."""
    event = "events={e: {weeks: [4], volume: {service: 2}}}"
    here(base_yaml=CENTER)
    load("base.yaml", [event])
    assert (
        "week 4 is past the horizon. The last week is 1."
        in complaints("base.yaml", [event, "horizon={weeks: null, days: 6}"])[0]
    )


def test_seats_are_checked_against_those_who_make_them(here):
    """A variant that takes the volume away keeps the seats that the base was planned with."""
    base = CENTER.replace("positions: 80", "heads: 100")
    here(base_yaml=base, x_yaml="based_on: base.yaml\nname: x\n")
    load("x.yaml", ["contacts.service.volume=0 per week"])
    assert (
        "there is nothing to plan its seats by"
        in complaints(
            "x.yaml", ["contacts.service.volume=0 per week", "agents.generalists.heads=90"]
        )[0]
    )


def test_every_check_is_a_function_with_a_sentence():
    """The list of checks reads as a list of rules."""
    assert all(check.__doc__ and check.__doc__.strip().endswith(".") for check in CHECKS)


# --- what looks odd and is right ----------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "open: Mon–Fri 08:00–20:00",
        "open: always",
        "open: fri-mon 00:00-24:00",
        "horizon: 4",
        "customers: {standard: '160000'}",
        "customers: null",
        "agents: {generalists: {positions: {scale: 90%}}}",
        "forecast_error: none",
        "forecast_error: 0",
        "contacts: {service: {handle: null, talk: 270 s}}",
        "contacts: {service: {volume: {busyness: none}, patience: none, redial: none}}",
        "contacts: {service: {redial: {attempts: unlimited}}}",
        "contacts: {service: {resolution: {first_contact: 0%, comes_back: 99%}}}",
        "contacts: {service: {volume: &v 100k per month}, chat: {volume: *v, handle: 9 min}}",
        "offers: {a: {price: 120, margin: 25 %, on_unresolved: yes}}",
        "offers: {a: {price: 120, margin: 0, policy: {offer: while-waiting, at_most: -2}}}",
        "customers: {premium: {churn: {rate: 99% per year, due_to_service: 100%}}}",
        "today: {service_level: 78% within 20 s, nps: -20}",
        "matters_from: 0.5%",
        "question: 'It''s 24/7: does it pay?'",
    ],
)
def test_what_looks_odd_and_is_right_loads(here, change):
    """The checks refuse what is wrong, and nothing else."""
    here(base_yaml=CENTER, x_yaml=f"based_on: base.yaml\nname: x\n{change}\n")
    assert load("x.yaml").spec.name == "x"


def test_files_of_other_systems_are_read(here):
    """A byte order mark and carriage returns, as other editors write them, change nothing."""
    here(base_yaml=CENTER)
    plain = load("base.yaml")
    here(x_yaml=b"\xef\xbb\xbf" + CENTER.replace("\n", "\r\n").encode())
    assert load("x.yaml").hash == plain.hash


def test_a_table_of_a_spreadsheet_is_read(here):
    """With a byte order mark, empty lines, hours of one digit and further columns."""
    text = "weekday,start,generalists,remark\r\nMon,8:00,12,\r\n\r\nSun,23:30,3,late\r\n"
    here(base_yaml=CENTER, Seats_CSV=b"\xef\xbb\xbf" + text.encode())
    seats = (
        load("base.yaml", ["agents.generalists.positions=Seats.CSV"])
        .spec.agents["generalists"]
        .positions.seats
    )
    assert len(seats) == 336
    assert (seats[16], seats[335], sum(seats)) == (12.0, 3.0, 15.0)


def test_what_is_inherited_may_be_exchanged(here):
    """Heads in the place of positions, talk in that of handle: null removes what was there."""
    here(base_yaml=CENTER)
    sets = ["agents.generalists.positions=null", "agents.generalists.heads=100"]
    assert load("base.yaml", sets).spec.agents["generalists"].heads == 100


def test_numberless_values_behind_a_few_lines_are_refused(here):
    """Aliases of aliases multiply; they are counted before they fill the memory."""
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 8)]
    here(x_yaml="\n".join(lines))
    assert complaints("x.yaml") == [
        "x.yaml:1:1: there are more than 200000 values. Repeat less by aliases."
    ]


# --- short forms under `--set` ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agents", "patch", "path", "heads"),
    [
        ("{heads: 100, wage: 18 per hour}", "agents.heads*=1.1", "agents.heads", 110),
        ("100", "agents.heads*=1.1", "agents.heads", 110),
        ("100", "agents*=1.1", "agents.heads", 110),
        ("100", "agents.wage=19 per hour", "agents.wage", 100),
        ("{line: 100}", "agents.line.heads+=5", "agents.line.heads", 105),
        ("{line: 100}", "agents.line-=10%", "agents.line.heads", 90),
    ],
)
def test_heads_are_changed_however_they_were_typed(here, agents, patch, path, heads):
    """As a bare number, as one group without a name, or as a group's bare number."""
    here(x_yaml=CENTER.replace("{generalists: {positions: 80}}", agents))
    scenario = load("x.yaml", [patch])
    (group,) = scenario.spec.agents.values()
    assert group.heads == heads
    assert str(scenario.tree.origin(path.split("."))) == f"--set {patch}"


def test_a_bare_number_of_heads_is_laid_over_what_is_there(here):
    """One group without a name keeps its wage; groups with names give way to the one."""
    base = CENTER.replace("{generalists: {positions: 80}}", "{heads: 100, wage: 20 per hour}")
    more = "name: y\nbased_on: x.yaml\nagents: 120\n"
    here(x_yaml=base, y_yaml=more)
    (group,) = load("y.yaml").spec.agents.values()
    assert (group.heads, group.wage) == (120, 20)
    here(x_yaml=CENTER, y_yaml=more)
    (group,) = load("y.yaml").spec.agents.values()
    assert (group.heads, group.positions) == (120, None)
    here(
        x_yaml=CENTER.replace("{generalists: {positions: 80}}", "100"),
        y_yaml="name: y\nbased_on: x.yaml\nagents: {wage: 20 per hour}\n",
    )
    (group,) = load("y.yaml").spec.agents.values()
    assert (group.heads, group.wage) == (100, 20)


def test_a_short_key_is_changed_like_the_key_it_stands_for(here):
    """`first_contact` of a contact type is that of its resolution, `offer` of a product its policy."""
    text = CENTER.replace("348 s}", "348 s, first_contact: 70%}")
    here(x_yaml=text + "offers: {tv: {price: 9, margin: 2, offer: always}}\n")
    sets = ["contacts.service.first_contact+=5%", "offers.tv.offer=never"]
    spec = load("x.yaml", sets).spec
    assert spec.contacts["service"].resolution.first_contact == 0.75
    assert spec.offers["tv"].policy.offer == "never"


def test_a_new_name_like_one_of_the_base_is_a_new_one_if_it_is_whole(here):
    """Only where something is missing it was perhaps a slip."""
    base = CENTER + "offers: {broadband: {price: 120, margin: 25%}}\n"
    new = "offers: {broadband2: {price: 99, margin: 30}}\n"
    here(x_yaml=base, y_yaml="name: y\nbased_on: x.yaml\n" + new)
    assert load("y.yaml").products == ["broadband", "broadband2"]

"""`ccprofit init`: the scenario to start from."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from sim.scenario.load import load
from sim.scenario.starter import NOT_ASKED, QUESTIONS
from tests.cli.terminal import ccprofit

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CENTER = SCENARIOS / "my-center.yaml"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ask(monkeypatch, *answers: str) -> int:
    """Answer the questions, one a line; returns the exit code."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))
    return ccprofit("init", "center.yaml", "--ask")


def test_the_scenario_to_start_from_is_short():
    """What is read in a minute is changed in twenty."""
    assert len(CENTER.read_text(encoding="utf-8").splitlines()) <= 25


def test_init_writes_the_shipped_scenario_and_its_schema(here, capsys):
    """To the byte, and says what comes next on stderr."""
    assert ccprofit("init") == 0
    told = capsys.readouterr()
    assert (here / "my-center.yaml").read_bytes() == CENTER.read_bytes()
    schema = "scenario.schema.json"
    assert (here / schema).read_bytes() == (SCENARIOS / schema).read_bytes()
    assert {file.name for file in here.iterdir()} == {"my-center.yaml", schema}
    assert told.out == ""
    assert "ccprofit validate my-center.yaml" in told.err


def test_init_never_overwrites_unless_it_must(here, capsys):
    """Exit code 2 and the file as it was; --force writes it; the schema is left alone."""
    file = here / "studies" / "a.yaml"
    assert ccprofit("init", "studies/a.yaml") == 0
    file.write_text("mine", encoding="utf-8")
    (file.parent / "scenario.schema.json").write_text("{}", encoding="utf-8")
    assert ccprofit("init", "studies/a.yaml") == 2
    assert "studies/a.yaml exists already; --force overwrites it" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "mine"
    assert ccprofit("init", "studies/a.yaml", "--force") == 0
    assert load(file).spec == load(CENTER).spec
    assert (file.parent / "scenario.schema.json").read_text(encoding="utf-8") == "{}"


def test_a_folder_cannot_be_written(here, capsys):
    """Exit code 2."""
    assert ccprofit("init", ".") == 2
    assert "is a directory" in capsys.readouterr().err


def test_there_are_sixteen_questions_and_each_has_one_place():
    """The default of each stands once in the shipped scenario."""
    text = CENTER.read_text(encoding="utf-8")
    assert len(QUESTIONS) == 16
    for question in QUESTIONS:
        assert text.count(f"{question.key}: {question.default}") == 1


def test_taking_every_default_gives_the_shipped_scenario(here, monkeypatch):
    """But for what was not asked: how the example looks today."""
    assert ask(monkeypatch, *[""] * 16) == 0
    asked, shipped = load("center.yaml").spec.as_typed(), load(CENTER).spec.as_typed()
    assert asked.pop("today") == {"service_level": "80% within 20 s"}
    assert shipped.pop("today")["annual_cost"] == 6.9e6
    assert asked == shipped


def test_answers_take_their_places(here, monkeypatch):
    """Bare numbers get their unit, other units are kept; as many customers join as leave."""
    answers = ["berlin", "CHF", "Mon-Sun 07:00-22:00", "30,000", "6 min", "150", "19.5", "90 000"]
    answers += ["200 per year", "99", "30", "75", "20", "68", "30%", "0.12"]
    assert ask(monkeypatch, *answers) == 0
    spec = load("center.yaml").spec
    (service,), (group,) = spec.contacts.values(), spec.agents.values()
    (segment,), (offer,) = spec.customers.values(), spec.offers.values()
    assert (spec.name, spec.currency, spec.open) == ("berlin", "CHF", "Mon-Sun 07:00-22:00")
    assert (service.volume.per_week, service.handle) == (30_000, 360)
    assert (group.heads, group.wage) == (150, 19.5)
    assert (segment.count, segment.margin) == (90_000, pytest.approx(200 / 12))
    assert segment.churn.rate == pytest.approx(0.20)
    assert segment.acquisition.per_month == 1670  # a hazard of 22.31 % a year is 20 % within it
    assert (service.resolution.first_contact, group.turnover) == (0.68, pytest.approx(0.30))
    assert offer.acceptance.everyone == 0.12
    assert (offer.price, offer.margin, offer.margin_per_sale) == (99, "30%", pytest.approx(29.7))
    assert spec.today.service_level == "75% within 20 s"


def test_a_wrong_answer_is_asked_for_again(here, monkeypatch, capsys):
    """With what is wrong and the remedy, as for a line of a file."""
    answers = ["", "", "8 to 20", "", "", "soon", *[""] * 12]
    assert ask(monkeypatch, *answers) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "Error: '8 to 20' is not an opening time. Write Mon-Fri 08:00-20:00" in told.err
    assert "Error: 'soon' is not a duration" in told.err
    assert told.err.count("When are you open?") == 2
    assert load("center.yaml").spec.contacts["service"].handle == 348


def test_an_answer_is_one_value_whatever_is_in_it(here, monkeypatch, capsys):
    """A comma within braces would end the value, and the complaint would be about another key."""
    answers = ["a: b", "berlin", "", "", "18,5", "", "", "", "12,50", *[""] * 12]
    assert ask(monkeypatch, *answers) == 0
    told = capsys.readouterr().err
    assert "Error: 'a: b' is not a name" in told
    assert "Error: '18,5' has a comma. Write 18.5" in told
    assert "Error: '12,50' has a comma. Say per what: hour, week, month or year" in told
    assert load("center.yaml").spec.agents["agents"].wage == 18.0


@pytest.mark.parametrize(
    ("typed", "share"),
    [("30", 0.30), ("30%", 0.30), ("1.5", 0.015), ("12.5 %", 0.125), ("0.3", 0.3)],
)
def test_a_share_may_be_written_in_three_ways(here, monkeypatch, typed, share):
    """30, 30% and 0.3; what is 1 or more is meant in percent."""
    assert ask(monkeypatch, *[""] * 12, typed, typed, typed, typed) == 0
    spec = load("center.yaml").spec
    (service,), (segment,) = spec.contacts.values(), spec.customers.values()
    (group,), (offer,) = spec.agents.values(), spec.offers.values()
    found = (segment.churn.rate, service.resolution.first_contact, group.turnover)
    assert (*found, offer.acceptance.everyone) == pytest.approx((share,) * 4)


def test_what_was_not_asked_is_marked(here, monkeypatch):
    """At its line, with what it is; nothing that was asked is."""
    assert ask(monkeypatch, *[""] * 16) == 0
    lines = (here / "center.yaml").read_text(encoding="utf-8").splitlines()
    marked = {line.strip().partition(":")[0] for line in lines if "# not asked: " in line}
    assert marked == set(NOT_ASKED)
    assert all(line.partition("# not asked: ")[2] for line in lines if "# not asked: " in line)
    held = next(line for line in lines if "held:" in line)
    assert held.endswith("held: 20%  # not asked: share of customers who have it already")


def test_answers_that_end_early_write_nothing(here, monkeypatch):
    """Exit code 130."""
    assert ask(monkeypatch, "berlin", "EUR") == 130
    assert list(here.iterdir()) == []

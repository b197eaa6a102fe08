"""Numbers by interval in a scenario: read, written, changed, compared, and on their way."""

from __future__ import annotations

import pytest

from sim.experiments.weak_numbers import WEAK_NUMBERS
from sim.scenario.as_yaml import as_yaml
from sim.scenario.load import load
from sim.scenario.plausible import implausible
from sim.scenario.unpriced import improved_outcomes

TALK = "[200 s, 300 s, " + ", ".join(["250 s"] * 22) + "]"
SOLVED = "[60%, 80%, " + ", ".join(["70%"] * 22) + "]"
PROFILE = "[1, 3, " + ", ".join(["0"] * 22) + "]"
CENTER = f"""\
name: center
horizon: {{weeks: 4, interval: 60 min}}
contacts:
  a:
    volume: {{per_week: 2400, profile: {PROFILE}}}
    talk: {{mean: {TALK}, cv: 50%}}
    patience: {TALK}
    balk: {SOLVED}
    hold: {{share: {SOLVED}, mean: {TALK}}}
    redial: {{probability: {SOLVED}}}
    resolution: {{first_contact: {SOLVED}, comes_back: {SOLVED}}}
agents: {{g: {{positions: 10}}}}
"""


@pytest.fixture
def center(tmp_path, monkeypatch):
    """The center in a file, and files beside it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "center.yaml").write_text(CENTER, encoding="utf-8")

    def read(text: str = "", *sets: str):
        if not text:
            return load("center.yaml", list(sets))
        (tmp_path / "variant.yaml").write_text(
            f"name: variant\nbased_on: center.yaml\n{text}", encoding="utf-8"
        )
        return load("variant.yaml", list(sets))

    return read


def talk_of(scenario) -> tuple:
    """The means of the talk."""
    return scenario.spec.contacts["a"].talk.mean


def test_a_resolved_scenario_reads_the_same(center, tmp_path):
    """Lists are written as they are typed."""
    first = center()
    (tmp_path / "again.yaml").write_text(as_yaml(first), encoding="utf-8")
    again = load("again.yaml")
    assert again.spec.contacts == first.spec.contacts
    assert again.hash == first.hash


def test_an_odd_number_of_an_hour_is_told(center):
    """Patience of two hours in one of them may be a slip of the keyboard."""
    assert not [text for text in implausible(center()) if "patience" in text]
    odd = center("", "contacts.a.patience.mean[3]=2 h")
    (told,) = [text for text in implausible(odd) if "patience" in text]
    assert told.startswith("contacts.a.patience.mean.3: 7200 s is unusual: 10 s to 60 min")


def test_an_assignment_changes_every_number_or_one(center):
    """As seats and profiles are changed."""
    assert talk_of(center("", "contacts.a.talk.mean*=1.1"))[:3] == pytest.approx((220, 330, 275))
    assert talk_of(center("", "contacts.a.talk.mean[1]=6 min"))[:3] == (200, 360, 250)
    assert talk_of(center("", "contacts.a.talk=4 min")) == 240
    assert talk_of(center("contacts: {a: {talk: 5 min}}\n")) == 300


def test_a_shape_of_one_number_stays_beside_a_list(center):
    """A list takes the place of the mean alone."""
    talk = (
        center(f"contacts: {{a: {{talk: {TALK.replace('200', '100')}}}}}\n").spec.contacts["a"].talk
    )
    assert (talk.mean[0], talk.cv) == (100, 0.5)


def test_a_list_that_is_better_for_its_contacts_is_unpriced(center):
    """By the mean of contacts: three quarters of them come in the second hour."""
    worse = SOLVED.replace("60%", "90%").replace("80%", "75%")
    better = SOLVED.replace("60%", "50%").replace("80%", "85%")

    def found(first: str) -> list[str]:
        text = f"contacts: {{a: {{resolution: {{first_contact: {first}}}}}}}\n"
        return improved_outcomes(center(), center(text))

    assert "contacts.a.resolution.first_contact" in found(better)
    assert "contacts.a.resolution.first_contact" in found(worse.replace("75%", "79%"))
    assert found(SOLVED.replace("80%", "70%")) == []


def test_other_hours_improve_nothing(center):
    """The same lists under another profile are no better outcome."""
    text = f"contacts: {{a: {{volume: {{profile: {PROFILE.replace('3', '9')}}}}}}}\n"
    assert improved_outcomes(center(), center(text)) == []


def test_an_initiative_brings_each_hour_its_part_of_the_way(center):
    """Half of the effect is half of the way in each hour, from a list to a list or to one number."""
    step = "initiatives: {i: {from_week: 2, adoption: 0.5, set: {contacts: {a: {talk: %s}}}}}\n"
    halfway = center(step % TALK.replace("300 s", "200 s")).at_the_end
    assert talk_of(halfway)[:3] == pytest.approx((200, 250, 250))
    to_one = center(step % "100 s").at_the_end
    assert talk_of(to_one)[:3] == pytest.approx((150, 200, 175))


def test_a_number_to_believe_moves_all_hours(center):
    """Patience at half of what is typed is half in each hour; a share stays a share."""
    by_name = {one.paths[0]: one for one in WEAK_NUMBERS}
    patience = by_name["contacts.*.patience.mean"].times(center(), 0.5)
    assert patience.spec.contacts["a"].patience.mean[:3] == (100, 150, 125)
    back = by_name["contacts.*.resolution.comes_back"]
    assert back.values(center().spec) == pytest.approx([0.7])
    assert back.times(center(), 2.0).spec.contacts["a"].resolution.comes_back[:2] == (1.0, 1.0)

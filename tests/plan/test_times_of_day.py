"""Load, seats and contacts by time of day: what each interval has is what was typed for it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.language.by_interval import single
from sim.plan.over_the_day import mixed, total
from sim.plan.returning import returning_over_the_day
from sim.plan.seats import compile_levels, expected_contacts, expected_loads
from sim.plan.workload import shared

from ..engine.worlds import loaded

HOURS = 24
QUIET = {"redial": "none", "resolution": "none", "hold": "none", "wrap_up": "none"}


def center(talk: object, per_week: int = 6000, **more: object) -> dict:
    """One type, and as many seats as meet its service level, planned by hours."""
    volume = {"per_week": per_week, "profile": "flat", "busyness": "none"}
    return {
        "name": "c",
        "horizon": {"weeks": 1, "interval": "60 min"},
        "forecast_error": "none",
        "contacts": {"a": {"volume": volume, "talk": talk} | QUIET | more},
        "agents": {"g": {"positions": {"meet": "service_level"}}},
    }


def seats(folder, what: dict) -> np.ndarray:
    """[hour of Monday] seats planned."""
    return compile_levels(loaded(folder, what)).level[0].reshape(-1, 4)[:HOURS, 0]


def test_each_hour_has_the_seats_of_its_talk(tmp_path):
    """Hours of 200 s have the seats of a center in which talks always take 200 s; and so of 400."""
    short, long = (seats(tmp_path, center(mean)) for mean in ("200 s", "400 s"))
    both = seats(tmp_path, center(["200 s", "400 s"] * (HOURS // 2)))
    assert (both[0::2] == short[0::2]).all()
    assert (both[1::2] == long[1::2]).all()
    assert long[0] > short[0]


def test_each_hour_has_the_seats_of_its_patience(tmp_path):
    """The same of who waits longer."""
    many = 60_000
    little, much = (
        seats(tmp_path, center("300 s", many, patience=mean)) for mean in ("10 s", "600 s")
    )
    both = seats(tmp_path, center("300 s", many, patience=["10 s", "600 s"] * (HOURS // 2)))
    assert (both[0::2] == little[0::2]).all()
    assert (both[1::2] == much[1::2]).all()
    assert much[0] != little[0]


def test_the_load_is_what_was_typed(tmp_path):
    """Hour by hour contacts times talk, and their sum over the week."""
    talk = [f"{100 + 10 * hour} s" for hour in range(HOURS)]
    load = expected_loads(loaded(tmp_path, center(talk)))["g"]
    means = np.tile(np.repeat(100 + 10 * np.arange(HOURS), 4), 7)
    assert load.handle_s == pytest.approx(means)
    assert total(load.contacts, load.handle_s) == pytest.approx(6000 * means.mean())


def test_a_mix_adds_up_to_the_work_of_all_types():
    """Two types: the first comes in the first cell twice as much, the other takes 10 or 40 s."""
    contacts = np.array([[20.0, 10.0], [5.0, 15.0]])
    found = mixed(contacts, [100.0, np.array([10.0, 40.0])])
    work = 20 * 100 + 5 * 10 + 10 * 100 + 15 * 40
    assert found @ contacts.sum(axis=0) == pytest.approx(work)
    assert mixed(contacts, [100.0, np.array([10.0, 10.0])]) == pytest.approx(
        [(30 * 100 + 20 * 10) / 50] * 2
    )


def test_numbers_on_average_are_those_of_the_contacts(tmp_path):
    """All come in the first two hours of the day, in the second three times as many."""
    profile = [1.0, 3.0, *[0.0] * 22]
    rest = ["9 h"] * 22
    what = center(
        ["100 s", "200 s", *rest],
        hold={"share": [0.4, 0.2, *[1.0] * 22], "mean": ["60 s", "120 s", *rest]},
        resolution={
            "first_contact": [0.5, 0.9, *[0.0] * 22],
            "comes_back": [0.8, 0.4, *[0.0] * 22],
            "delay": "1 h",
        },
    )
    what["contacts"]["a"]["volume"]["profile"] = profile
    spec = loaded(tmp_path, what).on_average.spec.contacts["a"]
    assert spec.talk.mean_s == pytest.approx(175)
    assert single(spec.hold.share) == pytest.approx(0.25)
    held_s = single(spec.hold.share) * single(spec.hold.mean)
    assert held_s == pytest.approx((0.4 * 60 + 3 * 0.2 * 120) / 4)
    unsolved = (1 - single(spec.resolution.first_contact)) * single(spec.resolution.comes_back)
    assert unsolved == pytest.approx((0.5 * 0.8 + 3 * 0.1 * 0.4) / 4)


def test_who_comes_back_follows_the_hour_of_arrival(tmp_path):
    """Nobody gives up: N contacts of I new ones, with N = I + N × the share that comes back."""
    first = [0.5, 0.9] * (HOURS // 2)
    resolution = {"first_contact": first, "comes_back": 0.6, "delay": "1 h"}
    what = center("200 s", resolution=resolution, patience="none")
    what["contacts"]["a"]["volume"] |= {"counts": "first", "profile": [1.0, 3.0] * (HOURS // 2)}
    found = expected_contacts(loaded(tmp_path, what))[0]
    back = 0.6 * (0.5 * 1 + 0.1 * 3) / 4
    assert found.sum() == pytest.approx(6000 / (1 - back))
    assert found.reshape(-1, 4)[1].sum() == pytest.approx(3 * found.reshape(-1, 4)[0].sum())


def test_redials_count_in_the_hours_for_which_they_are_typed(tmp_path):
    """Two seats for four erlangs: in every other hour who gives up calls again, in the rest not."""

    def by_hour(probability: object) -> np.ndarray:
        redial = {"probability": probability, "delay": "5 min"}
        solved = {"first_contact": 1.0, "comes_back": 0.5}
        what = center("400 s", redial=redial, patience="60 s", resolution=solved)
        what["agents"] = {"g": {"positions": 2}}
        scenario = loaded(tmp_path, what)
        full = compile_levels(scenario).level
        gone = shared(scenario, full, np.full((1, 672), 6000 / 672)).gone
        at_once = returning_over_the_day(scenario, "a", gone[0])[0]
        return (1 / (1 - at_once)).reshape(-1, 4)[:HOURS, 0]

    tries, always = by_hour([0.0, 0.9] * (HOURS // 2)), by_hour(0.9)
    assert (tries[0::2] == 1.0).all()
    assert tries[1::2] == pytest.approx(always[1::2])
    assert always[1] > 1.3


def test_only_one_number_is_no_list():
    """Whoever asks for one number of a list is told."""
    with pytest.raises(ValueError, match="varies over the day"):
        single((1.0, 2.0))

"""The shipped facts of January 1999 are those of the calls; skipped where the calls are absent."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from ruamel.yaml import YAML

from . import facts, seats, shipped
from .calls import CALLS, CODES, OTHER, PROFILE, SUMMARY, TYPES, WEEKDAYS, read_calls

SCENARIO = shipped.SCENARIOS / "bank-1999.yaml"
NAMES = {**CODES, "other": OTHER}
needs_calls = pytest.mark.skipif(
    not CALLS.exists(), reason="the calls of January 1999 are not part of this project"
)


@pytest.fixture(scope="module")
def calls():
    """Return the calls that reached the agents' door."""
    return read_calls()


@pytest.fixture(scope="module")
def summary():
    """Return the published figures of January by code of type, and of all."""
    return json.loads(SUMMARY.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def january():
    """Return the shipped facts."""
    return json.loads(shipped.JANUARY_JSON.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def scenario():
    """Return the scenario as typed."""
    return YAML(typ="safe").load(SCENARIO.read_text(encoding="utf-8"))


def of_type(calls, name):
    """Return the calls of one type."""
    return [c for c in calls if c.type_ == name]


def seconds(typed):
    """`192.0 s` → 192.0."""
    return float(typed.removesuffix(" s"))


def percent(typed):
    """`20%` → 0.2."""
    return float(typed.removesuffix("%")) / 100


def rows_of(file):
    """Return the rows of a shipped table by weekday and start."""
    with file.open(encoding="utf-8", newline="") as lines:
        return {(row["weekday"], row["start"]): row for row in csv.DictReader(lines)}


@needs_calls
def test_shipped_files_are_made_from_the_calls(calls):
    """Computing them again changes no byte of the tables and the json."""
    for file, text in shipped.files(calls).items():
        assert file.read_text(encoding="utf-8") == text, f"run make_bank_1999.py: {file.name}"


@needs_calls
def test_overall_figures_are_the_published_ones(calls, summary):
    """Calls, givings-up, waits and answers in time of the whole month."""
    went, all_ = facts.how_it_went(calls), summary["all"]
    assert went["calls"] == all_["calls"]
    assert sum(c.answered for c in calls) == all_["answered"]
    assert went["abandoned"] == pytest.approx(all_["abandon_share"], abs=5e-5)
    assert went["wait_s"] == pytest.approx(all_["mean_wait_s_all"], abs=5e-3)
    assert went["within_20_s"] == pytest.approx(all_["answered_within_20s_of_all"], abs=5e-5)


@needs_calls
@pytest.mark.parametrize(("code", "name"), NAMES.items())
def test_figures_by_type_are_the_published_ones(calls, summary, code, name):
    """Counts, handling (calls of 0 s left out, as published), patience and waits."""
    same, published = of_type(calls, name), summary[code]
    mean_s, cv = facts.handling(same, zeros=False)
    assert len(same) == published["calls"]
    assert sum(not c.answered for c in same) == published["hung_up"]
    assert mean_s == pytest.approx(published["handle_mean_s"], abs=0.05)
    assert cv == pytest.approx(published["handle_cv"], abs=3e-3)
    assert facts.patience_s(same) == pytest.approx(published["patience_exp_mle_mean_s"], abs=0.05)
    assert facts.how_it_went(same)["wait_s"] == pytest.approx(
        published["mean_wait_s_all"], abs=5e-3
    )
    queued = sum(c.wait_s > 0 for c in same) / len(same)
    assert queued == pytest.approx(published["queued_share"], abs=5e-5)


@needs_calls
def test_profile_is_the_published_one(calls):
    """Calls by weekday, half hour and type, and agents seen, cell by cell.

    The published agents differ beside midnight: those of calls without a recorded start stand
    at 00:00, and a service that goes on past midnight is missing at 23:30.
    """
    profile, seen = facts.profile(calls), seats.agents_seen(calls)
    with PROFILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        hours, minutes = map(int, row["start"].split(":"))
        cell = WEEKDAYS.index(row["dow"]), 2 * hours + minutes // 30
        for code, name in NAMES.items():
            assert profile[name][cell] == pytest.approx(float(row[code]), abs=6e-4), row
        published = float(row["agents_seen"])
        if row["start"] == "00:00":
            assert seen[cell] <= published, row
        elif row["start"] == "23:30":
            assert seen[cell] == pytest.approx(published, abs=0.201), row
        else:
            assert seen[cell] == pytest.approx(published, abs=6e-4), row
    assert len(rows) == np.count_nonzero(sum(profile.values()))


def test_tables_have_the_same_rows():
    """Wherever calls come there is a seat, and seats stand nowhere else."""
    profile, manned = rows_of(shipped.PROFILE_CSV), rows_of(shipped.SEATS_CSV)
    assert list(profile) == list(manned)
    for key, row in manned.items():
        has_calls = sum(float(profile[key][t]) for t in TYPES) > 0
        assert (int(row["agents"]) >= 1) == has_calls, key
        assert (int(row["manned"]) >= 1) == has_calls, key


def test_tables_hold_the_volume_of_the_scenario(scenario):
    """A week of the profile adds up to the volume that the scenario states."""
    rows = rows_of(shipped.PROFILE_CSV).values()
    for name in TYPES:
        stated = float(scenario["contacts"][name]["volume"]["per_week"])
        assert sum(float(row[name]) for row in rows) == pytest.approx(stated, abs=0.051), name


@pytest.mark.parametrize("name", TYPES)
def test_scenario_states_the_facts(scenario, january, name):
    """Talk, wrap-up, patience, busyness and shares in the file are the computed ones, rounded."""
    spec, fact = scenario["contacts"][name], january["by_type"][name]
    assert seconds(spec["talk"]["mean"]) == pytest.approx(fact["talk_mean_s"], abs=0.051)
    assert spec["talk"]["cv"] == pytest.approx(fact["talk_cv"], abs=0.0051)
    assert seconds(spec["wrap_up"]["mean"]) == pytest.approx(
        january["after_call"]["mean_s"], abs=0.051
    )
    assert spec["wrap_up"]["cv"] == pytest.approx(january["after_call"]["cv"], abs=0.0051)
    assert seconds(spec["patience"]["mean"]) == pytest.approx(fact["patience_s"], abs=0.051)
    busyness = spec["volume"]["busyness"]
    assert percent(busyness["day"]) == pytest.approx(fact["busy_day"], abs=0.0051)
    assert percent(busyness["interval"]) == pytest.approx(fact["busy_interval"], abs=0.0051)
    assert percent(spec["shares"]["high"]) == pytest.approx(fact["share_high"], abs=0.00051)
    assert percent(spec["shares"]["high"]) + percent(spec["shares"]["regular"]) == pytest.approx(1)


def test_today_states_how_it_went(scenario, january):
    """The block today holds the real figures of January."""
    today, went = scenario["today"], january["overall"]
    assert percent(today["service_level"].split()[0]) == pytest.approx(
        went["within_20_s"], abs=5.1e-4
    )
    assert percent(today["abandoned"]) == pytest.approx(went["abandoned"], abs=5.1e-4)
    assert seconds(today["wait"]) == pytest.approx(went["wait_of_answered_s"], abs=0.051)
    per_week = sum(fact["per_week"] for fact in january["by_type"].values())
    assert float(today["volume"].split()[0]) == pytest.approx(per_week, abs=0.51)


def test_head_start_is_in_the_data(january):
    """High priority goes ahead of regular calls at most 90 s older, and only since 13 January."""
    ahead = january["put_ahead"]
    assert ahead["before"] < 0.02
    assert ahead["since"] > 0.5
    assert ahead["since_but_later"] < 0.02


def test_course_adds_up_to_the_month(january):
    """Weighted by days and calls, the half hours give the overall figures."""
    days = january["days_by_weekday"]
    n_days = {
        span: sum(days[WEEKDAYS[w]] for w in weekdays) for span, weekdays in facts.SPANS.items()
    }
    weight = [row["calls"] * n_days[row["days"]] for row in january["course"]]
    assert sum(weight) == pytest.approx(january["overall"]["calls"], rel=1e-5)
    for key in ("abandoned", "wait_s", "within_20_s"):
        mean = np.average([row[key] for row in january["course"]], weights=weight)
        assert mean == pytest.approx(january["overall"][key], rel=1e-3), key

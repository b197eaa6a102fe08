"""The same world typed otherwise gives the same tables, to the bit where dice keep their names."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest

import sim
from sim.scenario.load import load

from .centers import (
    Typed,
    assert_same_tables,
    center,
    changed,
    played,
    reordered,
    scenario,
    written,
)

SEEDS = range(4)


def in_short_forms(typed: Typed) -> None:
    """A bare value stands for the main key of its block."""
    for contact in typed["contacts"].values():
        contact["volume"] = contact["volume"] | {"profile": "office-hours"}
        contact["patience"] = contact["patience"]["mean"]
    for group in typed["agents"].values():
        group["positions"] = group["positions"]["seats"]
    for segment in typed["customers"].values():
        segment["churn"]["due_to_service"] = segment.pop("due_to_service")
    offer = typed["offers"]["broadband"]
    if set(offer["policy"]) == {"offer"}:
        offer["policy"] = offer["policy"]["offer"]


def offer_beside_policy(typed: Typed) -> None:
    """`offer:` is the short form of a policy of one word."""
    offer = typed["offers"]["broadband"]
    if set(offer["policy"]) == {"offer"}:
        offer["offer"] = offer.pop("policy")["offer"]


def in_other_units(typed: Typed) -> None:
    """Every quantity in another unit, or as a number without one where that is legal."""
    for contact in typed["contacts"].values():
        for block, key in (("talk", "mean"), ("wrap_up", "mean"), ("patience", "mean")):
            seconds = int(contact[block][key].removesuffix(" s"))
            contact[block][key] = f"{seconds / 60:g} min" if seconds % 3 == 0 else f"{seconds} s"
        contact["redial"]["delay"] = {"mean": "1200 s", "cv": 1.5}
        contact["resolution"]["delay"] = {"mean": "1 d", "cv": 1.2}
        contact["resolution"]["comes_back"] = 0.6
        per_week = contact["volume"]["per_week"].removesuffix(" per week")
        contact["volume"]["per_week"] = f"{int(per_week) / 1000:g}k per week"
    for segment in typed["customers"].values():
        segment["due_to_service"] = 0.25
    typed["offers"]["broadband"]["cool_down"] = "2 wk"
    typed["offers"]["broadband"]["talk"]["mean"] = "1.5 min"
    typed["matters_from"] = "50000 per year"
    typed["forecast_error"] = 0.06


def in_another_order(typed: Typed) -> None:
    """Keys of blocks in the opposite order; names keep theirs, which may mean priority."""
    keep = ("customers", "contacts", "agents", "offers")
    other = reordered(typed, keep)
    for key in keep:
        other[key] = {name: reordered(block) for name, block in other[key].items()}
    typed.clear()
    typed.update(other)


def with_what_changes_nothing(typed: Typed) -> None:
    """Additions that say what is so anyway."""
    typed["lines"] = 100_000
    typed["horizon"] |= {"interval": "30 min", "warm_up": "0 d"}
    for contact in typed["contacts"].values():
        contact["volume"] |= {"trend": "0% per year", "season": [1, 1]}
        contact["balk"] = "0%"
        contact["head_start"] = {"gold": "0 s"}
    typed["agents"]["first"]["serves"]["service"]["handle"] = "100%"
    typed["agents"]["first"]["serves"]["service"]["after"] = "0 s"


def with_words_of_its_own(typed: Typed) -> None:
    """What a reader is told, and what decides, is not played."""
    typed |= {"name": "another", "question": "Is it the same?", "decide_on": "csat"}
    typed["matters_from"] = 1
    typed["today"] = {"csat": "77%"}


WAYS = (
    in_other_units,
    in_short_forms,
    offer_beside_policy,
    in_another_order,
    with_what_changes_nothing,
    with_words_of_its_own,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("seed", SEEDS)
def test_typed_otherwise(tmp_path, seed, way):
    """One way to type it at a time."""
    typed = center(seed)
    other = changed(typed, way)
    assert json.dumps(other) != json.dumps(typed) or way is offer_beside_policy
    one, two = (scenario(tmp_path, t, name=f"{n}.yaml") for n, t in enumerate((typed, other)))
    assert_same_tables(played(one), played(two))


@pytest.mark.parametrize("seed", SEEDS)
def test_all_ways_at_once(tmp_path, seed):
    """They do not disturb one another."""
    ways = [way for way in WAYS if way is not offer_beside_policy]
    one = scenario(tmp_path, center(seed), name="one.yaml")
    two = scenario(tmp_path, changed(center(seed), *ways), name="two.yaml")
    assert_same_tables(played(one), played(two))


@pytest.mark.parametrize("seed", SEEDS)
def test_in_a_chain_of_files(tmp_path, seed):
    """A root that says all, and files above it that say nothing new, or part of it again."""
    typed = center(seed)
    written(tmp_path, typed, "root.yaml")
    again = {"based_on": "root.yaml", "agents": typed["agents"]}
    written(tmp_path, again, "middle.yaml")
    last = {"based_on": "middle.yaml", "question": "The same?", "customers": typed["customers"]}
    chain = load(written(tmp_path, last, "last.yaml"))
    assert_same_tables(played(load(tmp_path / "root.yaml")), played(chain))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_variant_in_one_step_or_in_two(tmp_path, seed):
    """Two changes in two files, or both in one."""
    written(tmp_path, center(seed), "root.yaml")
    seats = {"agents": {"first": {"positions": 4}}}
    policy: dict[str, Any] = {"offers": {"broadband": {"policy": None, "offer": "always"}}}
    written(tmp_path, {"based_on": "root.yaml"} | seats, "seats.yaml")
    in_two = load(written(tmp_path, {"based_on": "seats.yaml"} | policy, "two.yaml"))
    in_one = load(written(tmp_path, {"based_on": "root.yaml"} | seats | policy, "one.yaml"))
    assert_same_tables(played(in_one), played(in_two))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_variant_by_file_or_by_set(tmp_path, seed):
    """`run FILE --set` is a variant of the file."""
    written(tmp_path, center(seed), "root.yaml")
    typed = {"based_on": "root.yaml", "agents": {"first": {"positions": 4, "wage": "20 per hour"}}}
    by_file = load(written(tmp_path, typed, "variant.yaml"))
    sets = ("agents.first.positions=4", "agents.first.wage=20 per hour")
    assert_same_tables(played(by_file), played(load(tmp_path / "root.yaml", sets)))
    assert_same_tables(played(by_file), played(load(tmp_path / "root.yaml", sets[::-1])))


@pytest.mark.parametrize("seed", SEEDS)
def test_one_group_or_two_halves(tmp_path, seed):
    """Who is answered by the first half or the second waits as long: only names of agents differ.

    Agents of both halves are the same to a customer, and the shares of overhead and preparation
    follow heads, so counts of contacts and all money are equal.
    """
    typed = center(seed)
    del typed["agents"]["second"]
    typed["agents"]["first"]["positions"] = {"seats": 6}
    halves = copy.deepcopy(typed)
    half = halves["agents"].pop("first") | {"positions": {"seats": 3}}
    halves["agents"] = {"left": half, "right": copy.deepcopy(half)}
    for one in (typed, halves):  # an offer looks at the agent's own group
        one["offers"]["broadband"]["policy"] = {"offer": "random", "share": "40%"}
    one, two = (
        played(scenario(tmp_path, t, name=f"{n}.yaml")) for n, t in enumerate((typed, halves))
    )
    np.testing.assert_array_equal(one.tally.contacts, two.tally.contacts)
    np.testing.assert_array_equal(one.tally.waits, two.tally.waits)
    np.testing.assert_array_equal(one.tally.sales, two.tally.sales)
    np.testing.assert_array_equal(one.tally.customers, two.tally.customers)
    first, second = (run.ledger.total("contribution") for run in (one, two))
    np.testing.assert_allclose(first, second, rtol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_segments_in_another_order(tmp_path, seed):
    """Dice keep the names of segments, so each has the same customers with the same fate."""
    typed = center(seed)
    other = changed(typed)
    other["customers"] = dict(reversed(other["customers"].items()))
    one, two = (
        played(scenario(tmp_path, t, name=f"{n}.yaml")) for n, t in enumerate((typed, other))
    )
    np.testing.assert_array_equal(one.tally.contacts["offered"], two.tally.contacts["offered"])
    np.testing.assert_array_equal(one.tally.customers, two.tally.customers[:, :, ::-1])


@pytest.mark.parametrize("seed", SEEDS)
def test_never_offering_is_no_product(tmp_path, seed):
    """What is never offered might as well not be there."""
    typed = center(seed)
    typed["offers"]["broadband"]["policy"] = {"offer": "never"}
    without = changed(typed)
    del without["offers"]
    one, two = (
        played(scenario(tmp_path, t, name=f"{n}.yaml")) for n, t in enumerate((typed, without))
    )
    np.testing.assert_array_equal(one.tally.contacts, two.tally.contacts)
    np.testing.assert_array_equal(one.tally.customers, two.tally.customers)
    np.testing.assert_array_equal(
        one.ledger.total("contribution"), two.ledger.total("contribution")
    )


def test_another_seed_is_another_luck(tmp_path):
    """These tests can fail: other dice give other tables."""
    typed = center(0)
    other = typed | {"seed": 99}
    one, two = (
        played(scenario(tmp_path, t, name=f"{n}.yaml")) for n, t in enumerate((typed, other))
    )
    assert not np.array_equal(one.tally.contacts, two.tally.contacts)
    assert sim.compare([one, one]).variants[0].verdict.difference == 0.0

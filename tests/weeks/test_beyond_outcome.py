"""What annoys counts in churn, however an issue ends: `beyond_outcome`."""

from __future__ import annotations

import math
import re
import zlib
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.core.errors import ScenarioError
from sim.core.tables import ANSWERED, CLOSED, WITHDRAWN
from sim.domain.customers.customers import (
    AFTER_REPEATS,
    AT_FIRST_CONTACT,
    NO_ANSWER,
    UNRESOLVED,
    behaviour_of,
    excess_intent,
)
from sim.engine import nothing_yet, simulate
from sim.plan.anchors import UNANCHORED
from sim.plan.luck import fortune_of
from sim.plan.plan import Planner
from sim.scenario.load import load
from sim.weeks.counts import blank_tally
from sim.weeks.play import open_people, size_of
from sim.weeks.tally import count_span

MILLION = 1_000_000
SHIPPED = Path(__file__).parent.parent.parent / "scenarios"
BETA = {
    "wait": -0.2405, "held": -0.2596, "offer_declined": -0.1386, "offer_accepted": 0.1066,
    "offer_on_unresolved": -0.30,
}  # fmt: skip


# --- the rule -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ending", "beyond", "weight", "points"),
    [
        (AT_FIRST_CONTACT, 0.0, 0.25, 0.0),
        (AFTER_REPEATS, 0.0, 1.0, 4.0),
        (UNRESOLVED, 0.0, 1.0, 20.0),
        (NO_ANSWER, 0.0, 1.0, 7.0),
        (AT_FIRST_CONTACT, -0.1386, 0.25, 0.5329),  # a declined offer: .25 × 15.38 × .1386
        (UNRESOLVED, -1.3006, 1.0, 40.0032),
        (UNRESOLVED, -1.3006, 0.0, 20.0),  # only endings count
        (AT_FIRST_CONTACT, 0.5, 1.0, -5.0),  # no more than the ordinary 5 % can be taken away
        (AFTER_REPEATS, 0.5, 1.0, -3.69),
    ],
)
def test_intent_is_that_of_the_ending_and_of_what_annoyed(ending, beyond, weight, points):
    """Max(−5, excess of the ending − b · 15.38 · Σ), in millionths of a point."""
    found = excess_intent(ending, round(beyond * MILLION), weight * 15.38)
    assert isinstance(found, int)
    assert found / MILLION == pytest.approx(points, abs=1e-4)


def test_behaviour_is_solved_on_clipped_weeks():
    """Where no week is clipped it is a division; else clipped weeks add up to what is due."""
    hazard, due = 0.1625, 0.25
    small = [-0.5, 0.0, 20.0]
    assert behaviour_of(due, hazard, 0.2, small) == (due * hazard / 0.2, 0.0)
    clipped = [-4.0] * 8 + [20.0] * 3
    found = behaviour_of(due, hazard, 0.2, clipped)
    ordinary = -math.expm1(-(1 - due) * hazard / 52)
    added = [min(1.0, max(-ordinary / (1 - ordinary), found.share * s / 100)) for s in clipped]
    assert min(added) > found.share * min(clipped) / 100
    whole = due * hazard / 0.2 * np.mean(clipped) / 100
    assert np.mean(added) == pytest.approx(whole, rel=1e-9)
    assert found.clipped > 0.05
    assert behaviour_of(due, hazard, 0.0, []) == (0.0, 0.0)
    assert behaviour_of(due, hazard, -0.1, small) == (0.0, 0.0)


# --- issues, contact by contact -----------------------------------------------------------------


def busy(**churn) -> dict:
    """Redials, repeats, holds, and offers also where nothing was solved."""
    return {
        "name": "busy",
        "horizon": {"weeks": 1},
        "forecast_error": "none",
        "customers": {"count": 3000, "churn": {"rate": "30% per year", **churn}},
        "contacts": {
            "calls": {
                "volume": {"per_week": 1500, "counts": "first"},
                "talk": "5 min",
                "hold": {"share": "30%", "mean": "60 s"},
                "patience": "4 min",
            }
        },
        "agents": {"positions": 3},
        "offers": {
            "add": {
                "candidates": 1, "offer": "always", "acceptance": "40%", "price": 10,
                "margin": "10%", "on_unresolved": True, "cool_down": "0 d",
            }
        },
    }  # fmt: skip


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_all_contacts_of_an_issue_count(scenario_of, engine):
    """Once more from the contacts: waits, holds and offers of each, and how the issue ended."""
    scenario = scenario_of(busy(beyond_outcome="60%"))
    plan = Planner(scenario, UNANCHORED).plan(0, 672)
    fortune = fortune_of(scenario, 1, 0)
    people = open_people(scenario, plan, fortune)
    span = simulate(plan, fortune, people, nothing_yet(plan), engine)
    count_span(blank_tally(size_of(scenario)), plan, people, span)
    expected = np.zeros(len(people.rows), np.int64)
    sums: dict[int, int] = {}
    closed = several = 0
    contacts = span.contacts[span.contacts.phase == CLOSED]
    for contact in contacts[np.argsort(contacts.attempt, kind="stable")]:
        if contact.outcome == WITHDRAWN:
            continue
        assert contact.beyond == sums.get(int(contact.name), 0)
        total = sums[int(contact.name)] = int(contact.beyond) + round(MILLION * effect_of(contact))
        if contact.last:
            closed += 1
            several += contact.attempt > 2
            answered, resolved = contact.outcome == ANSWERED, bool(contact.resolved)
            ending = 7 if not answered else 20 if not resolved else 4 * (contact.attempt > 1)
            points = ending * MILLION - round(0.6 * 15.38 * total)
            expected[contact.customer] += max(-5 * MILLION, points)
    assert closed > 500
    assert several > 50
    np.testing.assert_array_equal(people.rows.felt, expected)


def effect_of(contact) -> float:
    """What a contact did to satisfaction, how it ended apart."""
    answered = contact.outcome == ANSWERED
    until = contact.answered_ms if answered else contact.left_ms
    effect = BETA["wait"] * (math.log(1 + (until - contact.arrived_ms) / 60_000) - math.log(1.5))
    if answered and contact.hold_ms > 0:
        effect += BETA["held"]
    if answered and contact.product >= 0:
        effect += BETA["offer_accepted" if contact.accepted else "offer_declined"]
        effect += 0 if contact.resolved else BETA["offer_on_unresolved"]
    return effect


# --- the whole ----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "weight"), [("issue", 0), ("issue", 0.25), ("issue", 1), ("relationship", 0.25)]
)
def test_service_causes_the_share_that_is_typed(scenario_of, model, weight):
    """Net of those who stay for service: whatever annoyance weighs, today's churn is as typed."""
    what = busy(model=model, beyond_outcome=weight, due_to_service="25%")
    what["customers"]["count"] = 100_000
    what |= {"horizon": {"weeks": 4}, "agents": {"positions": 4}, "replications": 20}
    run = sim.run(scenario_of(what), workers=1)
    left, service, stayed, active = (
        float(run.facts.customers(name).sum())
        for name in ("left", "left_for_service", "stayed_for_service", "active")
    )
    error = math.sqrt(left) / left
    assert left / active == pytest.approx(-math.log1p(-0.30) / 52, rel=4 * error)
    assert (service - stayed) / left == pytest.approx(0.25, abs=4 * error)
    assert error < 0.01
    assert (stayed > 0) == (weight > 0 and model == "issue")


def test_where_customers_remember_all_counts_anyway(scenario_of):
    """How much counts beside the ending is a question of the other model alone."""
    found = []
    for weight in (0, 0.25, 1):
        what = busy(model="relationship", beyond_outcome=weight) | {"horizon": {"weeks": 3}}
        found.append(sim.run(scenario_of(what), workers=1, replications=1).tally)
    assert found[0].customers["left_for_service"].sum() > 0
    for other in found[1:]:
        for one, two in zip(found[0], other, strict=True):
            np.testing.assert_array_equal(one, two)


def test_insults_cost_value(scenario_of):
    """An insult at every declined offer loses customers, and with them value; before it did not."""
    found = {}
    for weight in (0, 0.25):
        what = busy(beyond_outcome=weight) | {"horizon": {"weeks": 6}}
        what["customers"]["margin"] = "20 per month"
        base = scenario_of(what)
        insulting = scenario_of(what, "experience.offer_declined=-2")
        one = sim.run(base, workers=1, replications=4)
        two = sim.run(insulting, workers=1, replications=4, anchors=one.anchors)
        gaps = sim.compare([one, two]).variants[0].differences
        found[weight] = [gaps[name].gap.value for name in ("left_for_service", "economic_value")]
    assert found[0] == [0.0, 0.0]
    assert found[0.25][0] > 10
    assert found[0.25][1] < -1000


def test_a_share_that_service_cannot_cause_is_refused(scenario_of):
    """Where nearly all issues please, little can be due to service; the remedy is accepted."""
    what = busy(beyond_outcome=1, due_to_service="97%") | {
        "agents": {"positions": 12},
        "offers": {},
    }
    with pytest.raises(ScenarioError) as raised:
        sim.run(scenario_of(what), workers=1)
    (problem,) = raised.value.problems
    assert problem.path == "customers.customers.churn"
    assert "count for nothing" in problem.what
    most = re.fullmatch(r"write due_to_service: (\d+)%, or less", problem.remedy)
    assert most
    what["customers"]["churn"]["due_to_service"] = f"{most[1]}%"
    assert counted_left(sim.run(scenario_of(what), workers=1)) > 0
    what["customers"]["churn"]["due_to_service"] = f"{int(most[1]) + 1}%"
    with pytest.raises(ScenarioError):
        sim.run(scenario_of(what), workers=1)


def counted_left(run: sim.Run) -> float:
    """Customers who left."""
    return float(run.facts.customers("left").sum())


# As it was before what annoys counted. By scenario over 6 weeks and 2 replications: offered,
# answered, wait and talk in ms, accepted, issues of high score, customers who left, and who left
# for service; margin, labour, overhead, licences, hiring to the cent; CRC-32 of the contact tables.
BEFORE = {
    "cost-center-baseline": (
        (269452, 263568, 1766219292, 71167134666, 0, 170325, 6233, 1447),
        (0.0, -1098704.27, -187584.43, -32466.54, -26794.62),
        22_624_516,
    ),
    "cross-sell-threshold": (
        (269894, 262865, 2112789416, 70989521552, 5712, 168710, 6241, 1455),
        (126336.0, -1098844.86, -187596.93, -32468.7, -26794.62),
        4_139_389_506,
    ),
    "cross-sell-always": (
        (271020, 261008, 3020168620, 70510076727, 6925, 166905, 6251, 1465),
        (152808.0, -1099027.97, -187613.2, -32471.52, -26794.62),
        3_533_877_353,
    ),
    "cost-cutting": (
        (273083, 257842, 4592272811, 69647091095, 0, 165225, 6284, 1498),
        (0.0, -991717.68, -175694.4, -30408.65, -24175.96),
        2_187_184_587,
    ),
}
NEW_COLUMNS = ("beyond", "bot", "rung", "hand_over_ms", "brought_by", "told_again", "rounds")
COUNTS = ("offered", "answered", "wait_ms", "talk_ms", "accepted", "issues_high")
LINES = ("margin:", "cost:labour:", "cost:overhead:", "cost:licences:", "cost:hiring")


@pytest.mark.slow
@pytest.mark.parametrize("name", BEFORE)
def test_without_it_all_is_as_it_was(name):
    """Only endings count where it is 0."""
    short = ["horizon.weeks=6", "replications=2"]
    scenario = load(SHIPPED / f"{name}.yaml", short, ["customers.*.churn.beyond_outcome=0"])
    run = sim.run(scenario, keep_contacts=True)
    counts = [int(run.facts.count(count).sum()) for count in COUNTS]
    counts += [int(run.facts.customers(n).sum()) for n in ("left", "left_for_service")]
    money = [float(run.ledger.total(line).sum()) for line in LINES]
    assert tuple(counts) == BEFORE[name][0]
    assert money == pytest.approx(BEFORE[name][1], abs=0.006)
    assert checksum(run.contacts) == BEFORE[name][2]
    assert not np.concatenate([rows["bot"] for spans in run.contacts for rows in spans]).any()


def checksum(contacts: list[list[np.ndarray]]) -> int:
    """CRC-32 of all columns that there were, replication by replication; [replication][span]."""
    crc = 0
    for rows in map(np.concatenate, contacts):
        names = [one for one in rows.dtype.names if one not in (*NEW_COLUMNS, "segment")]
        names.insert(names.index("group"), "segment")  # it stood there, and was as wide
        for column in names:
            width = np.int16 if column == "segment" else rows[column].dtype
            crc = zlib.crc32(np.ascontiguousarray(rows[column].astype(width)).tobytes(), crc)
    return crc


# --- what expected value charges ------------------------------------------------------------------


@pytest.mark.parametrize("model", ["issue", "relationship"])
def test_expected_value_charges_what_the_world_charges(scenario_of, model):
    """The value of the customers whom a declined offer drives away; a typed amount replaces it."""
    what = busy(beyond_outcome="50%", model=model)
    what["customers"]["margin"] = "20 per month"
    what["offers"]["add"]["offer"] = {"offer": "expected-value"}
    what["offers"]["typed"] = what["offers"]["add"] | {
        "offer": {"offer": "expected-value", "annoyance": 3}
    }
    run = sim.run(scenario_of(what), workers=1, replications=1)
    plan = Planner(run.scenario, run.anchors).plan(0, 672)
    charged, typed = plan.policies.annoyance[:, 0].tolist()
    assert typed == 3
    interest = 1.1 ** (1 / 12) - 1
    value = 20 * (1 + interest) / (interest + 1 - 0.7 ** (1 / 12))
    issues = run.tally.endings.sum() / 3000 * 52
    share = 0.5 * 15.38 / 100 * plan.churn[0].behaviour
    if model == "relationship":
        assert run.anchors.issues["customers"] == pytest.approx(issues, rel=0.1)
        share = -math.log1p(-0.3) * plan.churn[0].sensitivity / run.anchors.issues["customers"]
    assert share > 0
    assert charged == pytest.approx(value * share * 0.1386)

"""Bots in front of agents: what they say, solve and bill, counted again contact by contact."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.core.moments import FIRST_LEG
from sim.core.tables import (
    CLAIMED_BY_BOT,
    CLOSED,
    ESCALATED,
    NOT_YET,
    SOLVED_BY_BOT,
    WITH_BOT,
)
from sim.metrics import METRICS
from sim.metrics.registry import telling

MS_PER_WEEK = 7 * 24 * 3600 * 1000
CENT = 0.005
SESSION_MIN = 2
PRICES = {
    "claims": {"per": "claimed", "amount": 1.5},
    "sessions": {"per": "session", "amount": 0.4},
    "minutes": {"per": "minute", "amount": 0.13},
    "actions": {"per": "action", "amount": 0.1, "actions": 7},
}


def center(*types: str) -> dict:
    """A busy center; these types have a bot."""
    contacts = {
        type_: {
            "volume": {"per_week": 150, "counts": "first", "busyness": "none"},
            "handle": "9 min",
            "patience": "2 min",
        }
        for type_ in (*PRICES, "none")
    }
    for type_ in types:
        contacts[type_]["self_service"] = {
            "eligible": "80%",
            "solved": "40%",
            "claimed": "20%",
            "time": {"mean": f"{SESSION_MIN} min", "distribution": "constant"},
            "price": PRICES[type_],
        }
    return {
        "name": "bots",
        "horizon": {"weeks": 2},
        "replications": 2,
        "open": "Mon-Fri 08:00-20:00",
        "contacts": contacts,
        "agents": {"line": {"positions": 2}},
    }


@pytest.fixture
def run(scenario_of):
    """Two weeks of four types that bots meet, and one that none does, with all contacts."""
    return sim.run(scenario_of(center(*PRICES)), workers=1, keep_contacts=True)


def sessions(run, *fates) -> np.ndarray:
    """[replication, week, type] sessions that ended so, in the weeks in which they are counted."""
    shape = (run.replications, 2, len(run.scenario.types))
    found = np.zeros(shape, int)
    for r, spans in enumerate(run.contacts):
        rows = {(c.name, c.attempt, c.leg): c for span in spans for c in span.view(np.recarray)}
        for c in rows.values():
            is_over = c.phase != WITH_BOT and c.arrived_ms != NOT_YET
            if c.leg == FIRST_LEG and c.bot in fates and is_over:
                found[r, c.arrived_ms // MS_PER_WEEK, c.type] += 1
    return found


def test_each_session_is_billed_as_its_vendor_does(run):
    """By the claim, the session, the minute, or the action."""
    claimed = sessions(run, SOLVED_BY_BOT, CLAIMED_BY_BOT)
    every = claimed + sessions(run, ESCALATED)
    units = {
        "claims": claimed,
        "sessions": every,
        "minutes": every * SESSION_MIN,
        "actions": every * 7,
    }
    lines = {n: a for n, a in run.ledger.lines.items() if n.startswith("cost:self_service:")}
    assert lines.keys() == {f"cost:self_service:{name}" for name in PRICES}
    for t, (name, price) in enumerate(PRICES.items()):
        bill = price["amount"] * units[name][:, :, t]
        assert bill.min() > 5
        np.testing.assert_allclose(
            lines[f"cost:self_service:{name}"], -bill, atol=CENT, rtol=0, err_msg=name
        )


def test_what_bots_claim_and_what_they_solve(run):
    """Of sessions, of all types; what they bill, by what they solve."""
    solved = sessions(run, SOLVED_BY_BOT).sum(axis=(1, 2))
    claimed = solved + sessions(run, CLAIMED_BY_BOT).sum(axis=(1, 2))
    every = claimed + sessions(run, ESCALATED).sum(axis=(1, 2))
    lines = run.ledger.lines.items()
    bills = -sum(a.sum(axis=1) for n, a in lines if n.startswith("cost:self_service:"))
    expected = {
        "bot_claims": (claimed, every),
        "bot_solves": (solved, every),
        "bot_cost_per_solved": (bills, solved),
    }
    for name, (numerators, denominators) in expected.items():
        sample = run.samples[name]
        assert sample.numerators.tolist() == pytest.approx(numerators.tolist())
        assert sample.denominators.tolist() == denominators.tolist()


def test_an_issue_that_a_bot_keeps_is_an_issue(run):
    """Resolution and satisfaction are of all issues, or else a bot would look free."""
    closed, solved = np.zeros(run.replications), np.zeros(run.replications)
    for r, spans in enumerate(run.contacts):
        for span in spans:
            last = span[(span["phase"] == CLOSED) & (span["last"] == 1)]
            closed[r] += len(last)
            solved[r] += last["resolved"].sum()
    for name, numerators in (("resolution", solved), ("csat", None)):
        sample = run.samples[name]
        assert sample.denominators.tolist() == closed.tolist()
        assert numerators is None or sample.numerators.tolist() == numerators.tolist()
    kept = sessions(run, SOLVED_BY_BOT, CLAIMED_BY_BOT).sum()
    assert kept > 100


def summed(counts, axes) -> dict[str, np.ndarray]:
    """[replication] each count, added over the other axes."""
    return {name: counts[name].sum(axis=axes) for name in counts.dtype.names}


@pytest.fixture
def selling(scenario_of):
    """A bot billed by the minute sells cinema, and agents sell it too, for a commission."""
    typed = center("minutes")
    bot = typed["contacts"]["minutes"]["self_service"]
    bot["offers"] = {"products": ["cinema"], "acceptance_odds": 1, "time": "30 s"}
    typed["offers"] = {
        "cinema": {
            "price": 100,
            "margin": 40,
            "commission": "10%",
            "acceptance": "50%",
            "returns": "20%",
            "offer": "always",
        }
    }
    return sim.run(scenario_of(typed), workers=1, keep_contacts=True)


def test_nobody_has_a_commission_for_what_a_bot_sells(selling):
    """Both bring the margin; the bot's session is billed for as long as its offer takes, too."""
    sales = summed(selling.tally.sales, (1, 2, 3))
    kept = sales["accepted"] - sales["returned"]
    assert (sales["kept_by_bot"] > 5).all()
    assert (kept - sales["kept_by_bot"] > 10).all()

    def booked(account):
        return selling.ledger.lines[account].sum(axis=1)

    by_agents = kept - sales["kept_by_bot"]
    np.testing.assert_allclose(booked("cost:commission:cinema"), -4.0 * by_agents)
    np.testing.assert_allclose(booked("margin:cinema:sold"), 40.0 * sales["accepted"])
    sessions = summed(selling.tally.self_service, (1, 2))
    ended = sessions["solved"] + sessions["claimed"] + sessions["escalated"]
    minutes = SESSION_MIN * ended + 0.5 * sessions["offers"]
    np.testing.assert_allclose(booked("cost:self_service:minutes"), -0.13 * minutes)


def test_agents_and_bots_are_told_apart(selling):
    """Offers and acceptance are those of agents; together they are all that was offered."""
    sales, bots = summed(selling.tally.sales, (1, 2, 3)), selling.tally.self_service
    by_bots = bots["offers"].sum(axis=(1, 2))
    assert by_bots.tolist() == sales["offered_by_bot"].tolist()
    assert selling.samples["bot_offers"].numerators.tolist() == by_bots.tolist()
    assert selling.samples["bot_acceptance"].numerators.tolist() == (
        bots["accepted"].sum(axis=(1, 2)).tolist()
    )
    of_agents = selling.samples["offers"].numerators
    assert (of_agents + by_bots).tolist() == sales["offered"].tolist()


def test_metrics_of_bots_where_there_is_one(scenario_of):
    """They say nothing elsewhere."""
    of_bots = {name for name, one in METRICS.items() if one.of == "bots"}
    told = {"bot_claims", "bot_solves", "bot_cost_per_solved"}
    assert of_bots == told | {"sent_to_bot", "out_of_bot"}
    of_sellers = {name for name, one in METRICS.items() if one.of == "bots that sell"}
    assert of_sellers == {"bot_offers", "bot_acceptance"}
    assert not of_sellers & set(telling(scenario_of(center("claims"), name="none.yaml")))
    assert of_bots <= set(telling(scenario_of(center("claims"), name="bot.yaml")))
    assert not of_bots & set(telling(scenario_of(center())))

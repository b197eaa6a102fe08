"""Every contact of a run as a file shows it: whatever became of it has a word."""

from collections import Counter

import numpy as np

import sim
from sim.runs.contacts import OUTCOMES, contact_columns

CENTER = {
    "name": "all-channels",
    "horizon": {"days": 2},
    "contacts": {
        "calls": {
            "volume": {"per_week": 900, "profile": "flat"},
            "handle": "5 min",
            "balk": "5%",
            "self_service": {"eligible": "60%", "solved": "40%", "claimed": "20%"},
            "callback": {"above": "30 s", "reached": "30%", "attempts": 2},
        },
        "chat": {
            "channel": "chat",
            "volume": {"per_week": 700, "profile": "flat"},
            "handle": "8 min",
            "silent": "60%",
            "patience": "2 min",
        },
        "mail": {
            "channel": "email",
            "volume": {"per_week": 300, "profile": "flat"},
            "handle": "6 min",
            "deferred": 0,
        },
    },
    "agents": {"all": {"positions": 1}},
    "lines": 3,
}


def test_every_outcome_has_a_word(scenario_of):
    """As many words as outcomes occur, and no contact is lost between tables and file."""
    run = sim.run(scenario_of(CENTER), replications=1, workers=1, keep_contacts=True)
    columns = contact_columns(run)
    found = Counter(columns["outcome"].tolist())
    expected = {"answered", "gave up", "blocked", "balked", "kept by a bot", "nobody there"}
    assert expected | {"not reached"} <= set(found) <= set(OUTCOMES)
    counts = run.tally.contacts
    first = columns["leg"] == 1
    at_agents = first & ~np.isin(columns["outcome"], ["kept by a bot"])
    assert at_agents.sum() == counts["offered"].sum()
    assert (columns["outcome"][first] == "not reached").sum() == counts["not_reached"].sum()
    assert found["balked"] == counts["balked"].sum()

"""A bot that meets nobody is none, and one that does nothing moves all by its own time."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.moments import FIRST_LEG
from sim.core.tables import CLOSED, ESCALATED, NO_BOT, NOT_YET
from sim.metrics import METRICS
from sim.runs.run import run

from .centers import assert_same_tables, center, changed, played, scenario

BOT = {"solved": "40%", "claimed": "10%", "price": {"per": "session", "amount": 2}}
IDLE = {
    "eligible": "100%",
    "solved": "0%",
    "claimed": "0%",
    "human_option": "none",
    "time": {"mean": "0.001 s", "distribution": "constant"},
    "asks_again": "0 s",
}
BY_THE_CLOCK = ("time", "handled")
"""What is cut at the edges of weeks and intervals, where a millisecond is a millisecond."""
MOMENTS = ("arrived_ms", "joined_ms", "answered_ms", "left_ms", "until_ms")


@pytest.mark.parametrize("seed", [0, 1])
def test_a_bot_that_meets_nobody(tmp_path, seed):
    """It is no bot in every table, to the bit; all that is new is a line of money, of zeros."""
    typed = center(seed)
    other = changed(typed)
    other["contacts"]["service"]["self_service"] = BOT | {"eligible": "0%"}
    one, two = (
        played(scenario(tmp_path, t, name=f"{n}.yaml")) for n, t in enumerate((typed, other))
    )
    bill = two.ledger.lines.pop("cost:self_service:service")
    assert not bill.any()
    assert_same_tables(one, two)
    assert two.ledger.total("cost:").tolist() == one.ledger.total("cost:").tolist()


@pytest.mark.parametrize("seed", [0, 1])
def test_a_bot_that_does_nothing(tmp_path, seed):
    """It hands all on after a millisecond, with what it was told, and annoys nobody.

    Round the clock with the same seats every contact is the same, a millisecond later: to the bit,
    where no two moments are so near that it matters on which side of an edge they lie.
    """
    typed = center(seed) | {"open": "always"}
    other = changed(typed)
    other["contacts"]["service"]["self_service"] = IDLE
    other["contacts"]["sales"]["self_service"] = IDLE
    other["experience"] = {"failed_bot": 0}
    one, two = (
        run(scenario(tmp_path, t, name=f"{n}.yaml"), workers=1, keep_contacts=True)
        for n, t in enumerate((typed, other))
    )
    assert two.tally.segments["met_bot"].sum() == two.tally.segments["left_bot"].sum() > 0
    for name in ("met_bot", "left_bot"):
        two.tally.segments[name] = 0
    for name, first, second in zip(one.tally._fields, one.tally, two.tally, strict=True):
        if name != "self_service" and name not in BY_THE_CLOCK:
            np.testing.assert_array_equal(first, second, err_msg=name)
    sessions = two.tally.self_service
    assert sessions["escalated"].sum() > 1000
    assert sessions["bot_ms"].tolist() == sessions["escalated"].tolist()
    assert_same_but_later(all_closed(one), all_closed(two))
    for name, sample in one.samples.items():
        if METRICS[name].of != "bots":
            found = two.samples[name].numerators
            np.testing.assert_allclose(found, sample.numerators, rtol=1e-6, atol=1e-6, err_msg=name)


def all_closed(played) -> np.recarray:
    """Contacts of the first replication that closed, by name, attempt and leg."""
    spans = [span[span["phase"] == CLOSED] for span in played.contacts[0]]
    rows = np.concatenate(spans).view(np.recarray)
    return rows[np.lexsort((rows.leg, rows.attempt, rows.name))]


def assert_same_but_later(rows: np.recarray, later: np.recarray) -> None:
    """The same contacts, each a millisecond later; the first of each issue met a bot."""
    assert len(rows) == len(later) > 1000
    for column in rows.dtype.names:
        found, expected = later[column], rows[column]
        if column == "bot":
            met = (rows.attempt == 1) & (rows.leg == FIRST_LEG)
            expected = np.where(met, ESCALATED, NO_BOT)
        elif column in MOMENTS:
            expected = np.where(expected == NOT_YET, NOT_YET, expected + 1)
        np.testing.assert_array_equal(found, expected, err_msg=column)

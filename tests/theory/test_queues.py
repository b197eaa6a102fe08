"""The engine against exact queueing results: every case of the reference, and the selling chain.

What is judged, and how sharply, is told in `judge`; `report` prints the same as a table.
"""

import numpy as np
import pytest

from sim.core.clock import MS_PER_WEEK
from sim.core.tables import BLOCKED, CLOSED, GAVE_UP, NOT_YET

from . import cases
from .judge import judge, replications
from .report import table


def params():
    """Every case; one is skipped that says why where those of the reference are not here."""
    if cases.QUEUES.exists() and cases.CHAIN.exists():
        played, missing = cases.all_cases(), []
    else:
        skip = pytest.mark.skip(reason="no exact cases here")
        played, missing = cases.changing_cases(), [pytest.param(None, marks=skip)]
    return [pytest.param(case, id=case.name.replace(" ", "_")) for case in played] + missing


@pytest.mark.slow
@pytest.mark.parametrize("case", params())
def test_case(case, capsys):
    """All that the tables show is what theory says; a miss is played again, and must then hold."""
    rounds = judge(case)
    if len(rounds) > 1:
        with capsys.disabled():
            print("", *table(case.name, rounds), sep="\n")
    assert not rounds[-1].misses, "\n".join(table(case.name, rounds))
    assert rounds[0].batches >= 200
    blunt = [f for f in rounds[-1].findings if not f.is_sharp]
    assert not blunt, "standard errors too large to prove anything"


@pytest.mark.parametrize("name", ["retrial_0", "V_prio", "mmnK_3_n4_K8"])
def test_tally_counts_what_the_contacts_say(name):
    """The sums that reports are made of are those of the contacts judged here, to the last one."""
    if not cases.QUEUES.exists():
        pytest.skip("no exact cases here")
    case = next(c for c in cases.queueing_cases() if c.name == name)
    weekly = case._replace(scenario=case.scenario | {"horizon": {"weeks": 2, "warm_up": "1 d"}})
    played = next(replications(weekly, 1, 1))
    contacts = np.concatenate(played.contacts).view(np.recarray)
    closed = contacts[(contacts.phase == CLOSED) & (contacts.arrived_ms >= 0)]
    last = played.contacts[-1]
    inside = last[(last.phase != CLOSED) & (last.answered_ms != NOT_YET) & (last.arrived_ms >= 0)]
    over = np.concatenate([closed, inside]).view(np.recarray)
    for week in range(2):
        counts = played.tally.contacts[week]
        counted = {name: counts[name].sum() for name in counts.dtype.names}
        mine = over[over.arrived_ms // MS_PER_WEEK == week]
        answered = mine.answered_ms != NOT_YET
        wait_ms = np.where(answered, mine.answered_ms, mine.left_ms) - mine.arrived_ms
        assert counted["offered"] - counted["open"] == len(mine)
        assert counted["answered"] == answered.sum()
        assert counted["gave_up"] == (mine.outcome == GAVE_UP).sum()
        assert counted["blocked"] == (mine.outcome == BLOCKED).sum()
        assert counted["waited"] == (wait_ms > 0).sum()
        assert counted["wait_ms"] == wait_ms.sum()
        assert counted["talk_ms"] == mine.talk_ms[answered].sum()

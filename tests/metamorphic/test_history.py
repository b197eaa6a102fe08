"""A history that everybody sees is none; the less is seen, the more is told again, and no other."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.moments import FIRST_LEG
from sim.core.statistics import estimate
from sim.core.tables import ANSWERED
from sim.plan.work_of_contact import handle_s
from sim.runs.run import run

from .centers import assert_same_tables, center, changed, played, scenario

ALWAYS_OPEN = {"open": "always"}


def with_history(typed, known, asks_again="20 s"):
    """The center where agents of the first type see that share of what went before."""
    other = changed(typed)
    other["contacts"]["service"]["history"] = {"known": known, "asks_again": asks_again}
    return other


@pytest.mark.parametrize("seed", [0, 1])
def test_a_history_that_everybody_sees(tmp_path, seed):
    """It is none in every table, to the bit."""
    typed = center(seed)
    one, two = (
        played(scenario(tmp_path, t, name=f"{n}.yaml"))
        for n, t in enumerate((typed, with_history(typed, "100%")))
    )
    assert_same_tables(one, two)


@pytest.fixture(scope="module")
def by_known(tmp_path_factory):
    """Runs of one world in which agents see all, half or none of it, and ask nobody for long."""
    folder, typed = tmp_path_factory.mktemp("known"), center(0) | ALWAYS_OPEN
    scenarios = {
        known: scenario(folder, with_history(typed, known, "0 s"), name=f"{known[:-1]}.yaml")
        for known in ("100%", "50%", "0%")
    }
    return {known: run(one, workers=1, keep_contacts=True) for known, one in scenarios.items()}


def told(run_):
    """Names and attempts of the contacts in which something was told again, and of all answered."""
    rows = np.concatenate(run_.contacts[0]).view(np.recarray)
    rows = rows[(rows.leg == FIRST_LEG) & (rows.outcome == ANSWERED) & (rows.type == 0)]
    again = rows[rows.told_again == 1]
    return set(zip(again.name.tolist(), again.attempt.tolist(), strict=True)), rows


def test_whoever_tells_it_again_does_so_where_less_is_seen(by_known):
    """With nothing seen it is everybody who was answered before; with half of it half of them."""
    none, half, every = (told(by_known[known])[0] for known in ("100%", "50%", "0%"))
    rows = told(by_known["0%"])[1]
    before = rows[rows.answers > 1]
    assert every == set(zip(before.name.tolist(), before.attempt.tolist(), strict=True))
    assert not none
    assert half < every
    assert len(half) / len(every) == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / len(every)))


def test_it_is_felt_and_that_is_all_where_it_takes_no_time(by_known):
    """The same contacts; satisfaction falls by what is felt, the more is told the more."""
    seen, half, none = (by_known[known] for known in ("100%", "50%", "0%"))
    for name in ("offered", "answered", "talk_ms", "issues_resolved"):
        counts = [one.tally.contacts[name].sum() for one in (seen, half, none)]
        assert counts[0] == counts[1] == counts[2], name
    csat = [estimate(one.samples["csat"]).value for one in (seen, half, none)]
    assert csat[0] > csat[1] > csat[2]


def test_the_expected_load_knows_it(tmp_path):
    """Of answered contacts so many come again as are not solved and come back."""
    typed = center(0)
    resolution = typed["contacts"]["service"]["resolution"]
    first_contact = float(resolution["first_contact"].rstrip("%")) / 100
    plain = scenario(tmp_path, typed, name="a.yaml")
    asked = scenario(tmp_path, with_history(typed, "40%", "50 s"), name="b.yaml")
    group = next(g for g in plain.groups if "service" in plain.serves(g))
    factor = plain.serves(group)["service"].handle
    more = handle_s(asked, group, "service") - handle_s(plain, group, "service")
    assert factor == 1.0
    assert more == pytest.approx((1 - first_contact) * 0.6 * 0.6 * 50)

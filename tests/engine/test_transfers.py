"""Random worlds in which most is handed on: the engines agree, and nobody is handed on twice."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, seed

from sim.core.tables import HANDING_OVER, STAYING

from .random_worlds import quietly
from .sums import assert_every_issue_is_somewhere
from .test_agreement import agree_on_weeks, assert_same_carry, assert_same_spans
from .transfers import handed_on_are_once, worlds_with_transfers
from .worlds import assert_same_end, loaded, play_cut


def test_days_with_transfers(tmp_path):
    """Cut at random, and whole; agents who stay are carried over."""
    n: Counter = Counter()

    @quietly(100)
    @seed(1)
    @given(worlds_with_transfers())
    def one(case):
        scenario = loaded(tmp_path, case.world)
        ref, comp = (
            play_cut(scenario, engine, case.cuts, seed=case.seed)
            for engine in ("reference", "compiled")
        )
        assert_same_spans(ref.spans, comp.spans)
        for i, (r, c) in enumerate(zip(ref.carries, comp.carries, strict=True)):
            assert_same_carry(r, c, f"carry {i}")
        assert_same_end(ref, comp)
        assert_same_end(play_cut(scenario, "compiled", seed=case.seed), comp)
        assert_every_issue_is_somewhere(comp.tally, comp.contacts)
        handed_on_are_once(comp, n)
        phases = np.concatenate([carry.contacts.phase for carry in comp.carries[:-1]] or [[]])
        n["carried staying"] += int((phases == STAYING).sum())
        n["carried handing over"] += int((phases == HANDING_OVER).sum())

    one()
    print(dict(n))
    for name in ("stayed", "gave up beside an agent", "solved by specialists"):
        assert n[name] > 10, name
    assert n["carried staying"] and n["carried handing over"]


@pytest.mark.slow
def test_weeks_with_transfers(tmp_path):
    """Two weeks, played one by one by both engines, in which customers leave and join."""
    found = agree_on_weeks(tmp_path, 30, worlds_with_transfers(weekly=True))
    assert found["customers who left"]

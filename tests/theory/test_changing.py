"""The equations of changing days: against the reference, and against what is written down."""

import json

import pytest

from . import cases, changing

FEW_STATES = "day balk"


def assert_exact(name):
    """What stands in the table is what the equations say."""
    found = changing.exact(changing.params_of()[name])
    assert found == pytest.approx(changing.SHOWN[name], rel=1e-6, abs=1e-9)


def test_a_day_is_as_written_down():
    """The quickest of them."""
    assert_exact(FEW_STATES)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in changing.DAYS if name != FEW_STATES])
def test_days_are_as_written_down(name):
    """All others."""
    assert_exact(name)


@pytest.mark.slow
def test_seats_that_drop_are_as_the_reference_has_them():
    """The day of 12, 7 and 12 seats: to six digits, computed by another hand."""
    if not cases.QUEUES.exists():
        pytest.skip("no exact cases here")
    told = json.loads(cases.QUEUES.read_text(encoding="utf-8"))
    drop = next(c for c in told if c["name"] == "tv_drop")
    found = changing.exact(drop["params"])
    same = found.keys() & drop["expected"].keys()
    assert {"served_all", "p_ab_all", "asa_all", "sl_offered", "sl_answered"} <= same
    known = {name: drop["expected"][name] for name in same}
    assert {name: found[name] for name in same} == pytest.approx(known, rel=1e-6)


def test_where_nobody_waits_all_are_answered_at_once():
    """A call in a thousand minutes for six seats."""
    told = changing.COMMON | {"lam": [0.001], "n": [6], "theta": 0.1, "balk": 0.5}
    found = changing.exact(told)
    assert found["sl_offered"] == found["sl_both"] == pytest.approx(1, abs=1e-9)
    assert found["arrivals"] == pytest.approx(0.03)
    assert found["asa"] == pytest.approx(0, abs=1e-9)

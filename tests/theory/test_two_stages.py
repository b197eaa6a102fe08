"""A front desk before experts: the printed metrics against exact chains, cold and warm."""

import json

import numpy as np
import pytest

from sim.core.clock import DAYS_PER_WEEK, MINUTES_PER_DAY
from sim.metrics import METRICS, weeks_of
from sim.metrics.ledger import book
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.runs.run import Run
from sim.scenario.load import load
from sim.weeks.counts import stack
from sim.weeks.play import play

from .two_stages import TwoStages, cold, warm

WEEKS, REPLICATIONS = 40, 3
PRINTED = ("wait", "transfer_wait", "occupancy", "transfers", "aht", "fcr")


def played(folder, center, transfer):
    """Metrics of every week: [metric, week] by name."""
    exponential = {"distribution": "exponential"}
    per_week = center.arrivals * MINUTES_PER_DAY * DAYS_PER_WEEK
    world = {
        "name": "two-stages",
        "horizon": {"weeks": WEEKS, "warm_up": "2 d"},
        "forecast_error": "none",
        "contacts": {
            "calls": {
                "volume": {
                    "per_week": f"{per_week} per week",
                    "profile": "flat",
                    "counts": "first",
                    "busyness": "none",
                },
                "patience": "none",
                "talk": {"mean": f"{center.talk} min", **exponential},
                "hold": "none",
                "wrap_up": "none",
                "resolution": {"first_contact": 1 - center.handed_on, "comes_back": 0},
                "transfer": {
                    "to": "experts",
                    "share": 1.0,
                    "resolves": 0.5,
                    "talk": {"mean": f"{center.advice} min", **exponential},
                    **transfer,
                },
            }
        },
        "agents": {
            "desk": {"serves": ["calls"], "positions": center.desk},
            "experts": {"serves": [], "positions": center.experts},
        },
    }
    file = folder / "two-stages.yaml"
    file.write_text(json.dumps(world), encoding="utf-8")
    scenario = load(file)
    planner = Planner(scenario, UNANCHORED)
    tally = stack([play(planner, 3, number).tally for number in range(REPLICATIONS)])
    ledger = book(scenario, UNANCHORED, tally)
    facts = Run(scenario, UNANCHORED, 0, REPLICATIONS, "compiled", tally, ledger, []).facts
    weeks = [weeks_of(facts, slice(week, week + 1)) for week in range(WEEKS)]
    return {name: [METRICS[name].measure(f)[:2] for f in weeks] for name in PRINTED}


def assert_close(parts, exact):
    """The ratio of sums lies within 3.5 standard errors (jackknife), which are small."""
    above, below = np.array(parts, float).transpose(1, 0, 2).reshape(2, -1)
    n = len(above)
    without = (above.sum() - above) / (below.sum() - below)
    error = np.sqrt(((without - without.mean()) ** 2).sum() * (n - 1) / n)
    found = above.sum() / below.sum()
    assert abs(found - exact) < 3.5 * error, (found, exact, error)
    assert error < 0.04 * exact


@pytest.mark.parametrize(
    ("center", "transfer", "exact"),
    [
        (TwoStages(4.0, 10, 2.0, 0.3, 6, 4.0), {"asks_again": "0 s"}, cold),
        (TwoStages(0.9, 4, 2.0, 0.4, 2, 4.0), {"asks_again": "0 s"}, cold),
        (TwoStages(0.9, 4, 2.0, 0.4, 2, 4.0), {"hand_over": "0.001 s"}, warm),
        (TwoStages(2.0, 8, 3.0, 0.2, 3, 5.0), {"hand_over": "0.001 s"}, warm),
    ],
    ids=["cold", "cold-small", "warm-small", "warm"],
)
def test_waits_are_exact(tmp_path, center, transfer, exact):
    parts, waits = played(tmp_path, center, transfer), exact(center)
    assert_close(parts["wait"], waits.desk_s)
    assert_close(parts["transfer_wait"], waits.experts_s)
    seats = center.desk + center.experts
    busy = (waits.desk_busy * center.desk + waits.experts_busy * center.experts) / seats
    assert_close(parts["occupancy"], busy)
    assert_close(parts["transfers"], center.handed_on)
    assert_close(parts["aht"], 60 * busy * seats / center.arrivals)
    assert_close(parts["fcr"], 1 - center.handed_on / 2)


def test_the_chain_without_transfers_is_erlang_c():
    """Where nobody is handed on, both say the same of the desk; where experts abound, nearly."""
    alone = TwoStages(1.0, 4, 3.0, 0.0001, 1, 0.001)
    assert warm(alone).desk_s == pytest.approx(cold(alone).desk_s, rel=1e-4)
    plenty = TwoStages(1.0, 4, 2.0, 0.3, 9, 1.0)
    assert warm(plenty).desk_s == pytest.approx(cold(plenty).desk_s, rel=1e-4)
    assert warm(plenty).experts_s == pytest.approx(0, abs=0.01)

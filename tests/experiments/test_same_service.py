"""Same service beside same seats: what a variant would need is what was taken from it."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.core.clock import MS_PER_HOUR
from sim.experiments.comparison import compare
from sim.experiments.same_service import Serving

CENTER = {
    "name": "center",
    "horizon": {"weeks": 2},
    "replications": 3,
    "forecast_error": "none",
    "open": "Mon-Fri 08:00-18:00",
    "contacts": {"service": {"volume": "4000 per week", "handle": "348 s"}},
    "agents": {
        "line": {
            "positions": {"meet": "service_level"},
            "wage": "20 per hour",
            "turnover": "0% per year",
        }
    },
    "offers": {
        "broadband": {"price": 120, "margin": 30, "offer": "never", "preparation": "0 h"},
    },
}
SCALE, OFFER = "agents.line.positions.scale", "offers.broadband.offer"


@pytest.fixture
def played(scenario_of):
    """Runs of the center, and of variants of it by what they set."""
    base = sim.run(scenario_of(CENTER), workers=1)

    def play(*sets: str):
        file = base.scenario.tree.file
        return sim.run(sim.load(file, list(sets)), workers=1) if sets else base

    return play


def needed(base, *runs):
    """What each run would need to serve as the base."""
    serving = Serving(base)
    return [serving.like_it(against) for against in compare([base, *runs]).variants]


def on_duty(run) -> np.ndarray:
    """[replication] hours on duty."""
    return run.tally.time["scheduled_ms"].sum(axis=(1, 2)) / MS_PER_HOUR


def test_a_cut_needs_what_was_cut_and_who_has_more_can_spare_it(played):
    """Erlang A finds by what is lost alone how many seats were taken or given, to 2 points."""
    base, runs = played(), [played(f"{SCALE}={one}") for one in ("0.85", "1.1")]
    cut, spare = needed(base, *runs)
    for found, run in zip((cut, spare), runs, strict=True):
        taken = float(on_duty(base).mean() / on_duty(run).mean()) - 1
        assert found.more == pytest.approx(taken, abs=0.02)
    assert cut.more > 0.1
    assert cut.cost.value > 0 > spare.cost.value


def test_seats_that_offers_need_give_the_service_back(played):
    """Played with as many seats more, those who offer always lose as few as nobody did."""
    base, sells = played(), played(f"{OFFER}=always")
    (found,) = needed(base, sells)
    assert found.more > 0.02
    again = played(f"{OFFER}=always", f"{SCALE}={1 + found.more}")
    lost = [float(one.samples["abandonment"].numerators.sum()) for one in (base, sells, again)]
    assert abs(lost[2] - lost[0]) < 0.35 * (lost[1] - lost[0])


def test_hours_are_booked_with_all_that_goes_with_them(played):
    """Wages, social charges, who leads and plans, and what of overhead and licences falls."""
    run = played(f"{SCALE}=0.85")
    (found,) = needed(played(), run)
    loaded = 20 * 1.3 * (1 + 1.4 / 15 + 1 / 50)
    an_hour = loaded + 0.65 * (4 + 120 * 12 / (52 * 40))
    more_hours = found.more * on_duty(run) / 0.7
    assert found.cost.value == pytest.approx(float(more_hours.mean()) * an_hour)
    (against,) = compare([played(), run]).variants
    gap = against.differences["contribution"].gap.value
    assert found.result.value == pytest.approx(gap - found.cost.value)


def test_who_serves_alike_needs_nothing(played):
    """Against itself; and where nobody gives up, nobody can say."""
    assert needed(played(), played()) == [None]
    patient = ["contacts.service.patience=none"]
    assert needed(played(*patient), played(*patient, f"{SCALE}=1.1")) == [None]

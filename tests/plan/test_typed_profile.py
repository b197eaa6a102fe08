"""The typed profile comes out: every interval shows what was typed, redials and repeats included."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.core.statistics import estimate
from sim.plan.plan import forecast_factor
from sim.report.pages.today import gaps
from sim.weeks.pilot import solve_anchors

DEFAULT_REPEATS = {"first_contact": "70%", "comes_back": "60%"}
PLAIN = {
    "name": "plain",
    "horizon": {"weeks": 4, "warm_up": "14 d"},
    "replications": 4,
    "forecast_error": "none",
    "open": "Mon-Fri 08:00-18:00",
    "contacts": {
        "calls": {
            "volume": {"per_week": 20000, "profile": "flat", "busyness": "none"},
            "patience": "none",
            "redial": "none",
            "talk": {"mean": "300 s", "distribution": "exponential"},
            "hold": "none",
            "wrap_up": "none",
            "resolution": DEFAULT_REPEATS,
        }
    },
    "agents": {"agents": {"positions": 40}},
}
OFFICE_HOURS = {"per_week": 20000, "profile": "office-hours", "busyness": "none"}
"""From 08:00 to 20:00: nobody calls in the other hours in which it is open, nor calls again."""
HOURS_OF_OLD_CENTERS = "Mon-Fri 07:00-19:00, Sat 09:00-13:00"


def center(open_: str, seats: int, **more) -> dict:
    """A plain center with other hours, seats and keys of its calls."""
    calls = {**PLAIN["contacts"]["calls"], **more}
    return PLAIN | {
        "open": open_,
        "contacts": {"calls": calls},
        "agents": {"agents": {"positions": seats}},
    }


@pytest.mark.parametrize(
    "what",
    [
        PLAIN,
        center(HOURS_OF_OLD_CENTERS, 36),
        center("Mon-Sat 08:00-12:00, Mon-Fri 14:00-18:00", 42),
        center("always", 15),
        center("Mon-Fri 08:00-18:00", 46, resolution={"first_contact": 0.5, "comes_back": 0.8}),
        center(HOURS_OF_OLD_CENTERS, 33, patience="5 min", redial="50%"),
        center("Mon-Sat 07:00-22:00", 38, patience="5 min", redial="50%", volume=OFFICE_HOURS),
    ],
    ids=[
        "plain",
        "saturday",
        "twice a day",
        "round the clock",
        "many repeats",
        "redials",
        "longer",
    ],
)
def test_every_interval_shows_what_was_typed(scenario_of, what):
    """Within the errors of the pilot and of the run: a maximum over all of the week."""
    scenario = scenario_of(what)
    run = sim.run(scenario, workers=1)
    weeks = run.replications * scenario.spec.horizon.n_weeks
    seen = run.tally.intervals["offered"][:, :, 0].sum(axis=0) / weeks
    typed = 20000 * scenario.profile("calls").reshape(len(seen), -1).sum(axis=1)
    assert not run.anchors.gaps
    assert not seen[typed == 0].any()
    z = (seen - typed)[typed > 0] / np.sqrt(typed[typed > 0] * (1 / weeks + 0.5 / 12))
    assert np.abs(z).max() < 5
    assert z.mean() == pytest.approx(0, abs=0.6)
    assert seen.sum() == pytest.approx(20000, rel=0.01)


def test_a_flat_week_waits_as_erlang_says(scenario_of):
    """Erlang C says 87.8 % and 8.6 s; a day that opens empty 88.9 % and 7.7 s."""
    what = PLAIN | {"horizon": {"weeks": 8, "warm_up": "14 d"}, "replications": 8}
    found = sim.run(scenario_of(what), workers=1).samples
    level, wait = (estimate(found[name]) for name in ("service_level", "asa"))
    assert level.half_width < 0.012
    assert 0.873 - level.half_width < level.value < 0.894 + level.half_width
    assert 7.1 - wait.half_width < wait.value < 9.2 + wait.half_width


def test_where_more_come_again_than_were_typed_the_table_says_so(scenario_of):
    """Nearly nothing is typed for 12:00: what comes again there alone is more."""
    day = [0.0] * 16 + [1.0] * 8 + [0.001] + [1.0] * 11 + [0.0] * 12
    volume = {"per_week": 20000, "profile": day, "busyness": "none"}
    what = center("Mon-Fri 08:00-18:00", 44, volume=volume) | {"replications": 2}
    run = sim.run(scenario_of(what), workers=1)
    noons = [day * 48 + 24 for day in range(5)]
    assert [number for number, _, _ in run.anchors.gaps["calls"]] == noons
    row = next(gap for gap in gaps(run) if "12:00" in gap.name)
    assert row.name.endswith("and 4 other intervals")
    assert row.is_large
    seen = run.tally.intervals["offered"][:, :, 0].sum(axis=0) / 8
    others = [place for place in range(240) if day[place % 48] == 1.0]
    assert seen[others].sum() == pytest.approx(20000, rel=0.01)


def test_the_seed_of_the_run_reaches_the_pilot(scenario_of):
    """`--seed 11` and `seed: 11` are the same, in a variant too."""
    small = center("Mon-Fri 08:00-18:00", 40) | {"horizon": {"weeks": 1}, "replications": 1}
    given = sim.run(scenario_of(small), seed=11, workers=1)
    typed = sim.run(scenario_of(small | {"seed": 11}), workers=1)
    assert given.anchors == typed.anchors
    assert all(np.array_equal(a, b) for a, b in zip(given.tally, typed.tally, strict=True))
    assert given.anchors != solve_anchors(scenario_of(small))
    scenario_of(small, name="base.yaml")
    variant = scenario_of({"name": "v", "based_on": "base.yaml"}, name="v.yaml")
    assert solve_anchors(variant, 11) == given.anchors


def test_forecast_factors_fill_their_range_evenly():
    """A pure function of seed and replication; the mean of 50 errs by less than half of luck's."""
    factors = np.array([[forecast_factor(0.25, s, r) for r in range(50)] for s in range(40)])
    errors = factors.mean(axis=1) - 1
    assert np.sqrt((errors**2).mean()) < 0.5 * 0.25 / np.sqrt(50)
    assert factors.std() == pytest.approx(0.25, rel=0.05)
    assert forecast_factor(0.25, 3, 7) == forecast_factor(0.25, 3, 7)
    assert len({forecast_factor(0.06, seed, 0) for seed in range(100)}) == 100
    assert forecast_factor(0.0, 3, 7) == 1.0


def test_replications_share_the_evenness(scenario_of):
    """The factor of a replication does not depend on how many there are."""
    small = center("Mon-Fri 08:00-18:00", 40) | {
        "horizon": {"days": 1}, "forecast_error": "25%",
    }  # fmt: skip
    scenario = scenario_of(small)
    anchors = solve_anchors(scenario)
    few, many = (sim.run(scenario, anchors=anchors, replications=n, workers=1) for n in (2, 5))
    assert np.array_equal(few.tally.contacts, many.tally.contacts[:2])

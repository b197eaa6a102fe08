"""Selection: a bot solves the easier issues, and all together are as much work as before."""

from __future__ import annotations

import pytest

from sim.domain.channels.self_service import SelfServiceSpec
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.plan.workload import handle_s

SOLVED = 0.9 * 0.8 * 0.5  # of all: met by the bot, did not ask for a human, solved
BOT = {"eligible": "90%", "human_option": "20%", "solved": "50%", "easy": "70%"}
NOTHING_ELSE = {"claimed": "0%", "asks_again": "0 s"}
CENTER = {
    "name": "selection",
    "horizon": {"weeks": 1},
    "contacts": {
        "service": {
            "volume": {"per_week": 600, "counts": "first"},
            "talk": "240 s",
            "hold": "none",
            "wrap_up": "60 s",
            "resolution": {"first_contact": "70%", "comes_back": "60%"},
        }
    },
    "agents": {"line": {"serves": {"service": {"handle": "120%"}}, "positions": 4}},
}


def with_bot(**bot):
    """The center with a bot."""
    service = CENTER["contacts"]["service"] | {"self_service": BOT | NOTHING_ELSE | bot}
    return CENTER | {"contacts": {"service": service}}


@pytest.fixture
def plans(scenario_of):
    """Plans of the center without a bot and with one that claims nothing falsely."""
    scenarios = [scenario_of(CENTER, name="without.yaml"), scenario_of(with_bot())]
    return [Planner(one, UNANCHORED).plan(0, 1) for one in scenarios]


def test_the_mean_work_of_an_issue_is_kept(plans):
    """What the bot solves, at 70 % of the mean, and what is left make the mean of before."""
    before, after = (plan.handling.factor[0, 0] for plan in plans)
    assert before == pytest.approx(1.2)
    assert SOLVED * 0.7 * before + (1 - SOLVED) * after == pytest.approx(before, rel=1e-12)
    assert after > 1.15 * before


def test_unsolved_answers_are_kept_by_the_same_rule(plans):
    """So what is left is solved less often."""
    before, after = (1 - plan.resolution.first_contact[0] for plan in plans)
    assert before == pytest.approx(0.3)
    assert SOLVED * 0.7 * before + (1 - SOLVED) * after == pytest.approx(before, rel=1e-12)


def test_the_expected_load_knows_it(scenario_of):
    """300 s by 1.2, harder; and of each answer that follows a bot, which are not all, 20 s more."""
    harder = (1 - SOLVED * 0.7) / (1 - SOLVED)
    alone = scenario_of(with_bot(), name="alone.yaml")
    assert handle_s(alone, "line", "service") == pytest.approx(360 * harder)
    asking = scenario_of(with_bot(asks_again="20 s"))
    of_first = 0.9 * 0.8 * 0.5 / (1 - SOLVED)
    repeats = 0.6 * 0.3 * harder
    added = handle_s(asking, "line", "service") - 360 * harder
    assert added == pytest.approx(20 * of_first * (1 - repeats))


@pytest.mark.parametrize(
    ("share", "harder"), [(0.0, 1.0), (0.35, 1.0592307692307692), (0.5, 1.11), (1.0, 1.0)]
)
def test_how_much_harder_the_rest_is(share, harder):
    """By (1 − share · 0.89) ÷ (1 − share); of nothing left over nothing is harder."""
    spec = SelfServiceSpec.model_validate(
        {"eligible": 1.0, "human_option": "none", "solved": share, "claimed": 0.0}
    )
    assert spec.harder == pytest.approx(harder, rel=1e-12)

"""Selection: a bot solves the easier issues, and all together are as much work as before."""

from __future__ import annotations

import pytest

from sim.core.clock import CELLS_PER_WEEK
from sim.domain.channels.self_service import SelfServiceSpec
from sim.plan.anchors import UNANCHORED
from sim.plan.plan import Planner
from sim.plan.work_of_contact import handle_s
from sim.weeks.pilot import solve_anchors

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


# --- volumes that count what comes to agents, and what is anchored to them -----------------------

KEPT = 0.9 * 0.8 * (0.5 + 0.1)  # solved, or claimed


def quiet(**more):
    """A center round the clock in which nobody gives up, redials or comes back."""
    service = {
        "volume": {"per_week": 600, "profile": "flat", "busyness": "none"} | more.pop("volume", {}),
        "talk": "240 s",
        "patience": "none",
        "redial": "none",
        "resolution": "none",
    }
    frame = {"name": "quiet", "horizon": {"weeks": 1}, "open": "always", "forecast_error": "none"}
    agents = {"line": {"positions": 12}}
    return frame | {"contacts": {"service": service | more}, "agents": agents}


def new_issues(scenario, anchors):
    """Expected new issues of a week."""
    return Planner(scenario, anchors).plan(0, CELLS_PER_WEEK).demand.expected.sum()


def test_a_typed_volume_counts_what_comes_to_agents(scenario_of):
    """So today's bot stands before more issues than were typed, whoever takes it away later."""
    bot = {"self_service": BOT | {"claimed": "10%"}}
    root = scenario_of(quiet(**bot), name="root.yaml")
    anchors = solve_anchors(root)
    assert new_issues(root, anchors) == pytest.approx(600 / (1 - KEPT), rel=1e-9)
    contacts = {"service": {"self_service": None}}
    variant = {"name": "without", "based_on": "root.yaml", "contacts": contacts}
    without = scenario_of(variant, name="variant.yaml")
    assert new_issues(without, solve_anchors(without)) == pytest.approx(600 / (1 - KEPT))


def test_a_bot_that_comes_later_takes_of_what_was_typed(scenario_of):
    """No pilot of the variant makes up for what it keeps; but it may call forth issues."""
    scenario_of(quiet(), name="root.yaml")
    bot = BOT | {"claimed": "10%", "rebound": "50%"}
    contacts = {"service": {"self_service": bot}}
    variant = {"name": "with", "based_on": "root.yaml", "contacts": contacts}
    one = scenario_of(variant, name="variant.yaml")
    assert new_issues(one, solve_anchors(one)) == pytest.approx(600 * (1 + 0.5 * SOLVED))


def test_issues_that_a_bot_keeps_are_anchored_too(scenario_of):
    """A customer has as many issues in a year with a bot as without, and all may annoy her."""
    customers = {"count": 1000, "churn": {"rate": "14% per year", "due_to_service": "25%"}}
    volume = {"volume": {"counts": "first"}}
    claims = {"self_service": BOT | {"claimed": "10%"}}
    found = {}
    for name, bot in (("without", {}), ("with", claims)):
        what = quiet(**volume, **bot) | {"customers": customers}
        found[name] = solve_anchors(scenario_of(what, name=f"{name}.yaml"))
    for anchors in found.values():
        assert anchors.issues["customers"] == pytest.approx(600 * 52 / 1000, rel=0.01)
    assert found["with"].intent["customers"] > found["without"].intent["customers"]

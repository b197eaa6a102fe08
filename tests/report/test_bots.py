"""A bot in front of agents, on pages: does it pay, who meets it, and did seats follow?"""

from __future__ import annotations

import pytest

import sim
from sim.experiments.comparison import Comparison, compare
from sim.experiments.judging import seats_stay
from sim.experiments.same_service import Serving
from sim.report.board.content import NOT_PRICED, OF_BOTS, not_modelled
from sim.report.pages.broken_down import fairness_sheets
from sim.report.pages.of_questions import questions_page
from sim.report.pages.remarks import remarks
from sim.report.pages.sheets import metric_sheets
from sim.report.pages.views import VIEWS
from sim.scenario.load import load

CENTER = """\
name: center
contacts: {service: {volume: 900 per week, handle: 6 min, patience: 3 min, resolution: 70%}}
customers:
  gold: {count: 2000, margin: 10 per month, churn: 20% per year}
  basic: {count: 8000, margin: 5 per month, churn: 20% per year}
agents: {positions: 6}
open: Mon-Fri 08:00-18:00
horizon: {weeks: 2}
replications: 2
"""
PRICE = "price: {per: claimed, amount: 1.50}"
BOT = f"self_service: {{eligible: 50%, solved: 40%, claimed: 20%, disclosed: false, {PRICE}}}"
VARIANTS = {
    "bot": f"contacts: {{service: {{{BOT}}}}}",
    "bot-and-fewer": f"contacts: {{service: {{{BOT}}}}}\nagents: {{positions: {{scale: 83.4%}}}}",
    "plain": "agents: {positions: 7}",
}


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """A center with a bot, with a bot and fewer seats, and with a seat more and no bot."""
    folder = tmp_path_factory.mktemp("bots")
    (folder / "center.yaml").write_text(CENTER)
    for name, text in VARIANTS.items():
        (folder / f"{name}.yaml").write_text(f"name: {name}\nbased_on: center.yaml\n{text}\n")
    files = [folder / f"{name}.yaml" for name in ("center", *VARIANTS)]
    return compare([sim.run(load(file), workers=1) for file in files])


def without_bots(comparison: Comparison) -> Comparison:
    """The same without the variants that have a bot."""
    return compare([comparison.base, comparison.variants[-1].run])


def test_that_seats_did_not_follow_is_said_of_a_bot_alone(comparison):
    """Agents idle more in two variants; a bot is the reason in one of them."""
    base = comparison.base
    occupancy = [a.differences["occupancy"].gap.value for a in comparison.variants]
    assert [value < -0.03 for value in occupancy] == [True, False, True]
    runs = [against.run for against in comparison.variants]
    assert [seats_stay(base, run) for run in runs] == [True, False, False]
    assert not seats_stay(runs[0], base)
    told = [against.verdict.told for against in comparison.variants]
    assert [("seats did not follow; " in one) for one in told] == [True, False, False]
    assert told[0].startswith("seats did not follow; ")
    assert any(limit in comparison.variants[0].verdict.sentence for limit in NOT_PRICED)


def test_whether_the_bot_pays(comparison):
    """What it claims and solves stand beside the bill; who has no bot tells nothing."""
    found = questions_page(comparison, (), Serving(comparison.base)).sheets
    (pays,) = (one for one in found if one.name.startswith("Does the bot pay"))
    assert [line.partition(":")[0] for line in pays.details] == ["bot", "bot-and-fewer"]
    run = comparison.variants[0].run
    counts = run.tally.self_service
    sessions = sum(counts[name].sum() for name in ("solved", "claimed", "escalated"))
    claims = (counts["solved"].sum() + counts["claimed"].sum()) / sessions
    solves = counts["solved"].sum() / sessions
    assert 0.55 < claims < 0.65
    assert 0.35 < solves < 0.45
    said = pays.details[0].replace("\N{NO-BREAK SPACE}", " ")
    assert f"counts {100 * claims:.1f} % of its sessions as solved, and solves" in said
    assert f"and solves {100 * solves:.1f} %" in said
    each = 1.50 * (counts["solved"] + counts["claimed"]).sum() / counts["solved"].sum()
    assert f"{each:.2f} for each issue that it solves" in said
    others = questions_page(without_bots(comparison), (), Serving(comparison.base)).sheets
    (unknown,) = (one for one in others if one.name.startswith("Does the bot pay"))
    assert "self_service" in unknown.text


def test_segments_tell_who_meets_the_bot_and_who_leaves_it(comparison):
    """By segment they add up to the metric; without a bot no row is shown."""
    (sheet,) = fairness_sheets(comparison, None)
    assert [row[0] for row in sheet.rows if row[0]][-2:] == ["sent to bot", "out of bot"]
    run = comparison.variants[0].run
    counts, segments = run.tally.self_service, run.tally.segments
    escaped = counts["asked"] + counts["escalated"]
    assert segments["left_bot"].sum() == escaped.sum() > 0
    assert segments["met_bot"].sum() == (escaped + counts["solved"] + counts["claimed"]).sum()
    (other,) = fairness_sheets(without_bots(comparison), None)
    assert "sent to bot" not in {row[0] for row in other.rows}


def test_operations_see_claimed_beside_true(comparison):
    """Only where there is a bot."""
    groups = {"": VIEWS["coo"].metrics}
    rows = [
        {row[0] for row in metric_sheets("figures", c, groups, None)[0].rows}
        for c in (comparison, without_bots(comparison))
    ]
    of_bot = {"sent to bot", "out of bot", "bot claims", "bot solves", "bot cost per solved"}
    assert of_bot <= rows[0]
    assert not of_bot & rows[1]


def test_disclosure_and_limits_are_printed(comparison):
    """Of scenarios with a bot, and of no other."""
    run = comparison.variants[0].run
    assert any("nobody is told that a machine answers first" in line for line in remarks(run))
    assert not any("machine" in line for line in remarks(comparison.base))
    assert OF_BOTS in not_modelled(comparison)
    assert OF_BOTS not in not_modelled(without_bots(comparison))

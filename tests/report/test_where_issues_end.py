"""Where issues end: what the picture says and shows, which numbers go into it, and when."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

import sim
from sim.experiments.comparison import Comparison, compare
from sim.report.board.picture_data import sheet_of
from sim.report.figures import Footer, Interval, IssuesOf, Solves, title_of, where_issues_end
from sim.report.figures.drawn import Picture
from sim.report.figures.of_comparison import ENDED, N_SOLVED, pictures_of
from sim.report.figures.where_issues_end import WAYS
from sim.scenario.load import load

FOOTER = Footer(("base-1a2b3c", "variant-4d5e6f"), 7, 20, "95 % intervals, paired: dice only")
ISSUES = [
    IssuesOf("today", "voice", (0.0, 600.0, 150.0, 30.0, 0.0, 200.0, 20.0), 1234.4),
    IssuesOf("bot", "voice", (250.0, 400.0, 100.0, 30.0, 10.0, 160.0, 50.0), 12.0),
    IssuesOf("bot", "chat", (0.0, 5.0, 2.0, 2.0, 0.0, 1.0, 0.0), 0.0),
]
SURE, UNSURE = Interval(-0.03, -0.04, -0.02), Interval(0.05, -0.01, 0.11)

CENTER = """\
name: center
contacts:
  service: {volume: 900 per week, handle: 6 min, patience: 3 min, resolution: 70%}
  orders: {volume: 100 per week, handle: 4 min}
agents: {positions: 6}
open: Mon-Fri 08:00-18:00
horizon: {weeks: 2}
replications: 2
"""
CHANGES = {
    "seat": "agents: {positions: 7}",
    "bot": "contacts: {service: {self_service: {eligible: 50%, solved: 40%, claimed: 20%}}}",
    "mail": "contacts: {mail: {channel: email, volume: 50 per week, handle: 6 min}}",
}


def texts(figure: Figure) -> list[str]:
    """Every text inside the axes, with ordinary spaces."""
    return [text.get_text().replace("\N{NO-BREAK SPACE}", " ") for text in figure.axes[0].texts]


@pytest.mark.parametrize(
    ("variants", "title"),
    [
        ([Solves("bot", 0.75, SURE)], "bot solves 75.0 % of its issues, today 78.0 %"),
        ([Solves("bot", 0.83, UNSURE), Solves("two", 0.75, SURE)],
         "two solves 75.0 % of its issues, today 78.0 %"),
        ([Solves("bot", 0.83, UNSURE)],
         "No scenario clearly solves more or less than today: 78.0 % of its issues"),
        ([Solves("bot", 0.78, Interval(4e-4, 3e-4, 5e-4))],
         "No scenario clearly solves more or less than today: 78.0 % of its issues"),
    ],
)  # fmt: skip
def test_the_title_names_who_clearly_solves_more_or_less(variants, title):
    """The largest certain difference, if one reads as a difference."""
    figure = where_issues_end(ISSUES, [Solves("today", 0.78), *variants], FOOTER)
    assert title_of(figure).replace("\N{NO-BREAK SPACE}", " ") == title


def test_bars_are_whole_and_in_percent_of_what_closed():
    """Each from 0 to 1 in the order of ways; numbers where there is room, then closed and open."""
    figure = where_issues_end(ISSUES, [Solves("today", 0.78)], FOOTER)
    bars = [bar for one in figure.axes[0].containers for bar in one]
    assert len(bars) == len(WAYS) * len(ISSUES)
    for row, one in enumerate(ISSUES):
        mine = bars[len(WAYS) * row : len(WAYS) * (row + 1)]
        assert [bar.get_width() for bar in mine] == pytest.approx(one.shares)
        assert mine[0].get_x() == 0.0
        assert mine[-1].get_x() + mine[-1].get_width() == pytest.approx(1.0)
        assert len({bar.get_y() for bar in mine}) == 1
    first = ["voice", "60", "15", "3", "20", "1 000", "1 234"]  # 2 % is too narrow for a number
    second = ["25", "40", "10", "3", "16", "5", "1 000", "12"]
    chat = ["chat", "50", "20", "20", "10", "10", "0"]
    assert texts(figure) == [*first, *second, *chat, "closed", "open"]
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names == ["today", "bot", "bot"]


def test_only_ways_that_occur_are_in_the_legend_and_the_table():
    """Nobody met a bot."""
    first = ISSUES[:1]
    legend = where_issues_end(first, [Solves("today", 0.78)], FOOTER).axes[0].get_legend()
    assert legend is not None
    ways = [text.get_text() for text in legend.get_texts()]
    assert ways == [way for way in WAYS if "bot" not in way]
    sheet = sheet_of(first)
    assert sheet.columns == ("channel", "scenario", *ways, "closed", "open at the end")
    shares = ("60.0 %", "15.0 %", "3.0 %", "20.0 %", "2.0 %")
    assert sheet.rows == (("voice", "today", *shares, "1000", "1234"),)


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """A center with two types of calls; with a seat more, with a bot, and with emails beside."""
    folder = tmp_path_factory.mktemp("issues")
    (folder / "center.yaml").write_text(CENTER)
    for name, text in CHANGES.items():
        (folder / f"{name}.yaml").write_text(f"name: {name}\nbased_on: center.yaml\n{text}\n")
    files = [folder / f"{name}.yaml" for name in ("center", *CHANGES)]
    return compare([sim.run(load(file), workers=1) for file in files])


def among(comparison: Comparison, *names: str) -> list[Picture]:
    """The picture, if there is one in a comparison with these variants alone."""
    runs = [one.run for one in comparison.variants if one.run.scenario.spec.name in names]
    pictures = pictures_of(compare([comparison.base, *runs]), ("label",) * (1 + len(runs)))
    return [one for one in pictures if one.file == "issues.png"]


@pytest.mark.parametrize(("name", "is_drawn"), [("seat", False), ("bot", True), ("mail", True)])
def test_it_is_drawn_for_bots_and_several_channels(comparison, name, is_drawn):
    """Where agents alone solve issues of one channel, metrics tell as much."""
    assert bool(among(comparison, name)) == is_drawn


def test_its_numbers_are_those_of_the_tally(comparison):
    """Types of a channel are added up; channels in their order, scenarios in that of the command."""
    [picture] = among(comparison, *CHANGES)
    shown: list[IssuesOf] = picture.shows
    calls = [(name, "voice") for name in ("center", *CHANGES)]
    assert [(one.scenario, one.channel) for one in shown] == [*calls, ("mail", "email")]
    runs = [comparison.base, *(one.run for one in comparison.variants)]
    for one, run in zip(shown, [*runs, runs[-1]], strict=True):
        types = [2] if one.channel == "email" else [0, 1]
        counts = {
            name: run.tally.issues[name][..., types].sum() / run.replications
            for name in run.tally.issues.dtype.names or ()
        }
        contacts = run.tally.contacts[..., types]
        assert one.closed * run.replications == contacts["issues"].sum()
        solved = sum(one.ended[:N_SOLVED]) * run.replications
        assert solved == contacts["issues_resolved"].sum()
        assert one.ended == tuple(sum(counts[name] for name in names) for names in ENDED)
        assert one.open == counts["open"]
    by_bot = [one.ended[0] > 0 and one.ended[4] > 0 for one in shown]
    assert by_bot == [False, False, True, False, False]
    assert len(ENDED) == len(WAYS)
    assert title_of(picture.draw())

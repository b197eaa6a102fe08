"""A page is data: terminal and Markdown say the same; what is printed is free of noise."""

from __future__ import annotations

import json
import math
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from sim.core.statistics import Estimate
from sim.metrics.labels import LEVELS, repeated
from sim.report.pages.on_terminal import print_page
from sim.report.pages.page import Finding, Page, Sheet, as_markdown
from sim.report.pages.sheets import amount_texts, gap_text
from sim.report.pages.texts import difference_text, width_text
from sim.scenario.load import load
from tests.cli.terminal import ccprofit
from tests.cli.test_first_hour import compared, here, told_before

__all__ = ["compared", "here", "told_before"]  # fixtures

PAGE = Page(
    "center",
    ("a lead",),
    (
        Sheet("", ("today", "gap"), (("wait", "+12 s"),), tones=("careful",), wraps=False),
        Sheet("figures", ("metric", "value"), (("csat", "77 %"),), ("a footnote",), lead=("before",)),
        Finding("variant", "better: earns more", ("to believe: everything",)),
    ),
    ("an end",),
    beside="what does it cost?",
    remarks=("too early",),
)  # fmt: skip
WORDS = ("center", "what does it cost?", "a lead", "wait", "+12 s", "figures", "csat", "77 %", "a footnote",
         "before", "variant", "better: earns more", "to believe: everything", "an end", "too early")  # fmt: skip


def on_terminal(page: Page, width: int = 80) -> str:
    """What is printed."""
    screen = StringIO()
    print_page(page, Console(width=width, file=screen))
    return screen.getvalue()


def test_both_say_the_same():
    """Every word of the page, in its order."""
    for text in (on_terminal(PAGE), as_markdown(PAGE)):
        assert all(word in text for word in WORDS)
        places = [text.index(word) for word in WORDS if word != "before"]
        assert places == sorted(places)
    assert "| wait | +12 s |" in as_markdown(PAGE)
    assert "\n    to believe: everything\n" in on_terminal(PAGE)


def test_tones_are_colours_of_the_last_cell_alone():
    """On a terminal; nothing of them is in Markdown."""
    screen = StringIO()
    print_page(PAGE, Console(width=80, file=screen, force_terminal=True, color_system="standard"))
    (row,) = [line for line in screen.getvalue().splitlines() if "+12 s" in line]
    assert row.index("wait") < row.index("\x1b[33m") < row.index("+12 s")
    assert "careful" not in as_markdown(PAGE)


def test_what_is_typed_is_text_in_markdown_too():
    """No HTML, no end of a cell or line; of a question no code. What is less than 5 stays so."""
    typed = "<b>a</b> | <5 <!-- c\n# e"
    shown = r"\<b>a\</b> | <5 \<!-- c # e"
    sheet = Sheet(typed, (typed, typed), ((typed, typed),), (typed,), lead=(typed,))
    beside = f"`{typed}`"
    found = Finding(typed, typed, (typed,))
    page = Page(typed, (typed,), (sheet, found), (typed,), beside, (typed,))
    lines = [line for line in as_markdown(page).splitlines() if line]
    cell = shown.replace("|", r"\|")
    row = f"| {cell} | {cell} |"
    assert lines == [
        f"# {shown}", rf"\`{shown}\`", shown, f"## {shown}", shown, row, "| --- | ---: |", row,
        shown, f"**{shown}** — {shown}", f"- {shown}", shown, f"Note: {shown}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "args",
    [
        ("run", "base.yaml", "two.yaml"),
        ("compare", "base.yaml", "never.yaml", "--full"),
        ("sweep", "base.yaml", "--vary", "offers.broadband.price=60,120"),
        ("breakeven", "base.yaml", "offers.broadband.price"),
    ],
    ids=lambda args: args[0],
)
def test_every_command_that_plays_writes_markdown_and_json(compared, capsys, args):
    """The cells of the terminal's tables, in a file; beside JSON as well."""
    if args[0] == "compare":
        printed = compared("--full")
    else:
        assert ccprofit(*args, "--workers", "1") == 0
        printed = capsys.readouterr().out
    printed = " ".join(printed.replace("\N{NO-BREAK SPACE}", " ").split())
    assert ccprofit(*args, "--workers", "1", "--markdown", "page.md") == 0
    assert "written to page.md" in capsys.readouterr().out
    text = Path("page.md").read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    assert text.startswith("# ")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    for row in rows:
        if set("".join(row)) - set("-: "):  # heads may be broken over lines
            assert all(word in printed for cell in row for word in cell.split()), row
    assert (len(rows) > 4) == (args[0] != "breakeven")
    assert ccprofit(*args, "--workers", "1", "--markdown", "again.md", "--json") == 0
    told = capsys.readouterr()
    assert json.loads(told.out)
    assert "written to again.md" in told.err
    assert Path("again.md").read_text(encoding="utf-8").startswith("# ")


def test_a_verdict_says_its_kind_in_json_too(compared):
    """The sentence is that of the screen."""
    screen = " ".join(compared().split())
    (variant,) = json.loads(compared("--json"))["variants"]
    verdict = variant["verdict"]
    assert verdict["kind"] in verdict["sentence"]
    assert f"never — {' '.join(verdict['sentence'].split())}" in screen


def test_sweep_and_break_even_say_over_what_they_were_played(here, capsys):
    """Length, replications and seed, and what a comparison would remark of the scenario as it is."""
    monthly = ("--set", "offers.broadband.margin={per_month: 4}", "--workers", "1")
    vary = ("sweep", "base.yaml", "--vary", "offers.broadband.price=60,120")
    for args in (vary, ("breakeven", "base.yaml", "offers.broadband.price")):
        assert ccprofit(*args, *monthly) == 0
        out = " ".join(capsys.readouterr().out.split())
        assert ": 1 week, 2 replications, seed 1, paired 95 % intervals (dice only)" in out
        assert "note this is only what happens in the first week" in out or args[0] == "breakeven"


def test_the_service_level_stands_once_among_all_metrics(compared):
    """By its definition; the three other definitions stay."""
    table = compared("--full").partition("differences from")[2]
    lines = [line for line in table.splitlines() if line.startswith("service level")]
    levels = [line.partition("  ")[0] for line in lines]
    assert levels[0] == "service level, of offered"
    assert len(levels) == 4
    assert "service level of offered" not in levels
    other = load("base.yaml", ["contacts.service.service_level.definition=answered-of-answered"])
    assert repeated(other) == {LEVELS["answered-of-answered"]}
    assert repeated(other, load("base.yaml")) == set()


@pytest.mark.parametrize("noise", [7.6e-12, 1e-11])
def test_the_rounding_of_equal_sums_is_no_difference(noise):
    """0 by construction is 0 ± 0, in metrics and in lines of money; what is small but real stays."""
    large = Estimate(469_400.0, 469_400.0 - noise, 469_400.0 + noise, noise, 5)
    gap = Estimate(noise / 2, -noise / 2, 1.5 * noise, noise, 5)
    assert difference_text("cost", large, gap) == "0 ± 0"
    assert width_text("cost", large) == "0"
    assert gap_text(gap) == "0 ± 0"
    assert amount_texts(large, alone=True)[1] == "0"
    real = Estimate(0.02, 0.01, 0.03, 0.01, 5)
    assert (
        difference_text("cost_per_contact", Estimate(5.0, 4.0, 6.0, 1.0, 5), real)
        == "+0.020 ± 0.010"
    )
    assert gap_text(real).endswith("0.010")
    large = Estimate(34_012.0, math.nan, math.nan, math.nan, 1)
    assert difference_text("cost", large, large).replace("\N{NO-BREAK SPACE}", " ") == "+34 k"
    alone = Estimate(5.0, math.nan, math.nan, math.nan, 1)
    assert width_text("cost", alone) == ""

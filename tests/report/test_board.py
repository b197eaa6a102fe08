"""The page for a board: one sound HTML file without a browser; in a browser, numbers that follow."""

from __future__ import annotations

import json
import shutil
from html.parser import HTMLParser
from importlib.util import find_spec
from itertools import pairwise

import pytest

import sim
from sim.experiments.booked_numbers import DISCOUNT
from sim.experiments.comparison import Comparison, compare
from sim.experiments.forms import Seen, Shift
from sim.experiments.turning_points import beliefs_of, booked
from sim.report.board.page import board_page
from sim.report.figures.drawn import drawing
from sim.report.figures.of_comparison import pictures_of
from sim.scenario.load import load
from tests.experiments.test_breakeven import TINY

EVIL = "<script>alert(1)</script> [b] =1+1 & \"'"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(
    CHROMIUM is None or find_spec("playwright") is None,
    reason="needs chromium and the Python package playwright",
)
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Reader(HTMLParser):
    """Elements, ids and text of a page; every element must be closed where HTML asks for it."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("script", "style"):
            self.text.append(data)


def read(page: str) -> Reader:
    """The page, which is well formed."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert not reader.open
    return reader


@pytest.fixture(scope="module")
def comparison(tmp_path_factory) -> Comparison:
    """Two months of a small center, that sells always or while nobody waits; an enemy asks the questions."""
    folder = tmp_path_factory.mktemp("board")
    small = {
        **TINY,
        "name": "today",
        "question": EVIL,
        "replications": 3,
        "horizon": {"weeks": 27, "start": "2027-01-04"},
        "contacts": {"service": {"volume": "300 per week", "handle": "348 s"}},
        "today": {"csat": "70%"},
    }
    small["offers"] = {"broadband": {**TINY["offers"]["broadband"], "offer": "never"}}
    (folder / "today.yaml").write_text(json.dumps(small))
    for name, more in (
        ("sells", {"offers": {"broadband": {"offer": "always"}}}),
        ("rarely", {"offers": {"broadband": {"offer": "while-nobody-waits"}}}),
    ):
        text = {"name": name, "question": EVIL, "based_on": "today.yaml", **more}
        (folder / f"{name}.yaml").write_text(json.dumps(text))
    runs = [sim.run(load(folder / f"{n}.yaml"), workers=1) for n in ("today", "sells", "rarely")]
    return compare(runs, [[Shift("customers remember", "x", Seen(-9e9, -9e9, 0.0))], []])


@pytest.fixture(scope="module")
def page(comparison) -> str:
    """The page of the comparison."""
    about = {"command": f"ccprofit compare {EVIL}", "runs": "a, b, c"}
    with drawing(pictures_of(comparison, ("a", "b", "c")), "f") as pictures:
        return board_page(comparison, beliefs_of(comparison), pictures, about)


def test_one_file_that_asks_for_nothing(page):
    """No address is fetched, no id stands twice, every picture has a name and a table."""
    reader = read(page)
    fetched = [
        (tag, key, value)
        for tag, attrs in reader.found
        for key, value in attrs.items()
        if key in ("src", "href", "action", "data", "srcset", "poster") and value[:1] != "#"
    ]
    assert not fetched
    assert "@import" not in page
    assert page.count("url(") == page.count("url(#")
    ids = [attrs["id"] for _, attrs in reader.found if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = [a["href"][1:] for t, a in reader.found if t == "a"]
    assert set(links) <= set(ids)
    drawings = [attrs for tag, attrs in reader.found if tag == "svg"]
    assert drawings
    assert all(attrs["role"] == "img" and attrs["aria-label"] for attrs in drawings)
    assert sum(tag == "figure" for tag, _ in reader.found) == len(drawings)
    assert len(page.encode()) < 3_000_000


def test_headings_in_order_language_and_labels(page):
    """One h1, no level left out, a language, a way past the links, a label for each input."""
    reader = read(page)
    levels = [int(tag[1]) for tag, _ in reader.found if tag in ("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert ("html", {"lang": "en"}) in reader.found
    assert reader.found[[t for t, _ in reader.found].index("body") + 1][1]["class"] == "skip"
    labelled = {a["for"] for t, a in reader.found if t == "label"}
    inputs = [a for t, a in reader.found if t in ("input", "select")]
    assert inputs
    assert all(a["id"] in labelled or a.get("aria-label") for a in inputs)


def test_what_people_type_is_text(page):
    """Names and questions with markup are shown as typed, and run nowhere."""
    reader = read(page)
    assert sum(tag == "script" for tag, _ in reader.found) == 2
    assert EVIL in " ".join(reader.text)
    assert "alert(1)</script>" not in page.replace("&lt;/script&gt;", "")


def test_answers_lead_to_their_figures_on_the_page(page):
    """No file is named that a reader of the page does not have; a link has the picture's name."""
    asked = page.partition('<section id="questions"')[2].partition("</section>")[0]
    assert ".png" not in asked
    links = {attrs["href"][1:] for tag, attrs in read(asked).found if tag == "a"}
    figures = {attrs["id"] for tag, attrs in read(page).found if tag == "figure"}
    assert links
    assert links <= figures
    for name in ("sells", "rarely"):
        target = asked.partition(f">see bridge-{name}</a>")[0].rpartition('href="#')[2].strip('"')
        about = page.partition(f'<figure id="{target}">')[2].partition("</figcaption>")[0]
        assert name in about


@pytest.fixture(scope="module")
def browser():
    """Debian's chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM)
        yield found
        found.close()


@pytest.fixture
def shown(browser, page, tmp_path):
    """The page in a browser that is offline; what went wrong is collected, and must be nothing."""
    file = tmp_path / "report.html"
    file.write_text(page, encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    tab, wrong = context.new_page(), []
    tab.on("console", lambda message: wrong.append(message.text))
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("requestfailed", lambda request: wrong.append(request.url))
    tab.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    tab.goto(file.as_uri())
    yield tab
    assert wrong == []
    context.close()


FIGURES = "board.figures().map(({ first, pace, value, kind }) => ({ first, pace, value, kind }))"


def figures_of(comparison: Comparison) -> list[dict]:
    """What the page must show."""
    return [
        {
            "first": one.first_year_result,
            "pace": one.money["result"].pace,
            "value": one.money["result"].value,
            "kind": one.verdict.kind,
        }
        for one in comparison.variants
    ]


def same_to_the_cent(told: list[dict], true: list[dict]) -> None:
    """Values and both ends of each interval."""
    for one, other in zip(told, true, strict=True):
        assert one["kind"] == other["kind"]
        for name in ("first", "pace", "value"):
            ends = [one[name][key] for key in ("value", "low", "high")]
            assert ends == pytest.approx(list(other[name][:3]), abs=0.005), name


@needs_browser
def test_three_numbers_moved_at_once_are_those_of_set(comparison, shown):
    """The page's own code against the ledger, with the discount rate and without."""
    same_to_the_cent(shown.evaluate(FIGURES), figures_of(comparison))
    numbers = shown.evaluate("board.numbers.map(({ path, low, high }) => ({ path, low, high }))")
    paths = [one["path"] for one in numbers]
    runs = [comparison.base, *(one.run for one in comparison.variants)]
    shifts = [one.shifts for one in comparison.variants]
    for chosen in (
        ["agents.line.wage", "offers.broadband.margin", "customers.standard.margin"],
        ["costs.on_cost", "offers.broadband.price", DISCOUNT],
    ):
        shown.evaluate("document.getElementById('reset').click()")
        for path in chosen:
            i = paths.index(path)
            value = float(f"{0.3 * numbers[i]['low'] + 0.7 * numbers[i]['high']:.4g}")
            shown.evaluate(f"board.set({i}, {value})")
        command = shown.evaluate("board.command()")
        sets = [part.split("'")[0] for part in command.split(" --set '")[1:]]
        assert [text.split("=")[0] for text in sets] == sorted(chosen, key=paths.index)
        again = [booked(load(run.scenario.tree.file, (), sets), run) for run in runs]
        true = compare(again, shifts)
        same_to_the_cent(shown.evaluate(FIGURES), figures_of(true))


@needs_browser
def test_sliders_by_keyboard_and_back(comparison, shown):
    """An arrow key moves a number, all figures and the command follow; the button takes it back."""
    before = shown.inner_text("#verdicts .three")
    shown.focus("#r0")
    for _ in range(9):
        shown.keyboard.press("PageUp")
    assert shown.inner_text("#verdicts .three") != before
    assert "--set" in shown.inner_text("#command")
    assert shown.is_visible("#moved")
    shown.click("#reset")
    shown.wait_for_function("document.getElementById('moved').hidden")
    assert shown.inner_text("#verdicts .three") == before
    texts = [text.replace("\xa0", " ") for text in shown.locator("[data-of=v0]").all_inner_texts()]
    from sim.report.pages.sheets import gap_text

    first = gap_text(comparison.variants[0].first_year_result).replace("\xa0", " ")
    assert texts[0] == first


@needs_browser
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen(shown, width):
    """On a phone and on a desk, with all folds open; on paper no table is cut."""
    shown.set_viewport_size({"width": width, "height": 844})
    shown.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    if width == 1280:
        shown.emulate_media(media="print")
        shown.set_viewport_size({"width": 718, "height": 1000})  # A4 with its margins, at 96 dpi
        wide = "[...document.querySelectorAll('main *')].filter((e) => !e.closest('svg') && e.getBoundingClientRect().right > 719).length"
        assert shown.evaluate(wide) == 0

"""What stands on the page for a board, in its order: sentences, tables, pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sim.core.machine_code import versions
from sim.core.version import VERSION
from sim.experiments.closing import level_line
from sim.experiments.comparison import Against, Comparison
from sim.experiments.figures import RESULT
from sim.experiments.same_service import Serving
from sim.experiments.turning_points import TurningPoints
from sim.experiments.verdict import PEOPLE, SEATS, UNDONE, UNPRICED
from sim.report.board.along_number import sheet_along
from sim.report.board.picture_data import sheet_of
from sim.report.figures.drawn import Drawn, drawn
from sim.report.figures.inline_svg import Drawing
from sim.report.figures.of_beliefs import pictures_of_beliefs
from sim.report.pages.assumptions import assumption_sheet
from sim.report.pages.broken_down import fairness_sheets
from sim.report.pages.forms import form_sheets
from sim.report.pages.of_comparison import below_verdict, remarks_on
from sim.report.pages.of_questions import questions_page
from sim.report.pages.of_report import page_of
from sim.report.pages.of_run import gap_sheets
from sim.report.pages.page import Page, Sheet
from sim.report.pages.remarks import played_text
from sim.report.pages.returns import return_sheets
from sim.report.pages.sheets import gap_text, when
from sim.report.pages.turning_points import belief_line, belief_sheet
from sim.report.pages.views import VIEWS

TONES = {"better": "good", "worse": "bad", "practically equal": "even"}
NOT_PRICED = {
    PEOPLE: "people work harder or fewer hours are paid, and in this comparison nobody reacts",
    UNPRICED: "an outcome is better than in the baseline, and no cost of that was typed",
    SEATS: "a bot takes work over and agents idle more: that saves nothing until seats follow",
    UNDONE: "many contacts wait unanswered in one of the two, and no figure knows what they think",
}
NOT_MODELLED = (
    "no calls of ours but about an offer, and back to who hung up",
    "no competitor reacts, and a price moves no volume",
    "a group of positions or heads never learns, tires or leaves because of its load",
    "intervals contain the dice, not the doubt about what was typed",
)
OF_BOTS = "a bot is never busy, learns nothing, and what it solves, truly or not, is assumed"


class Shown(NamedTuple):
    """A picture with its table."""

    id: str
    drawing: Drawing
    data: Sheet
    about: str
    """The scenario that it is of; empty: of all."""


class Variant(NamedTuple):
    """What the first screen says of one variant."""

    id: str
    name: str
    question: str
    kind: str
    tone: str
    told: str
    figures: tuple[tuple[str, str], ...]
    """By column of the table of three figures, its text."""
    believe: str
    level: str
    details: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    curves: tuple[Shown, ...]
    """Numbers that were played at several values."""


def content_of(
    comparison: Comparison,
    beliefs: Sequence[TurningPoints],
    provenance: Mapping[str, str],
) -> dict[str, Any]:
    """All texts and tables of the page, by the names that its template uses."""
    base = comparison.base
    spec = base.scenario.spec
    serving = Serving(base)
    variants = [
        _variant(comparison, i, against, believed, serving)
        for i, (against, believed) in enumerate(zip(comparison.variants, beliefs, strict=True))
    ]
    views = [(key, one.title, _view(comparison, key)) for key, one in VIEWS.items()]
    return {
        "base": spec.name,
        "question": spec.question,
        "currency": spec.currency,
        "played": played_text(base),
        "when": when(comparison),
        "variants": variants,
        "base_level": level_line(base),
        "not_modelled": not_modelled(comparison),
        "today": gap_sheets(base),
        "questions": questions_page(comparison, beliefs, serving).sheets,
        "joint": _view(comparison, "cxo"),
        "views": views,
        "returns": return_sheets(comparison, None),
        "fairness": fairness_sheets(comparison, None),
        "assumptions": assumption_sheet(comparison),
        "provenance": {**provenance, **_made_by(comparison)},
    }


def shown_on_page(pictures: Sequence[Drawn]) -> dict[str, Any]:
    """The pictures by kind, and the place of each on the page by its file."""
    shown = [_shown(i, one) for i, one in enumerate(pictures)]
    return {
        "pictures": {kind: _of_kind(shown, kind) for kind in KINDS},
        "figure_of": {one.file: each.id for one, each in zip(pictures, shown, strict=True)},
    }


def headline_of(comparison: Comparison, path: Page | None) -> dict[str, str]:
    """What stands above the page: its title, what it is about, and the question it answers."""
    base, (first, *others) = comparison.base.scenario.spec.name, comparison.variants
    if path:
        return {
            "title": f"Path of {base}",
            "over": f"Path of {base}",
            "asks": "Do these steps lead to a profit center?",
        }
    what = f"{1 + len(others)} changes" if others else first.run.scenario.spec.name
    return {
        "title": f"{base}: what the others would bring",
        "over": f"Against {base}",
        "asks": f"What {what} would bring",
    }


KINDS = (
    "path",
    "profit-csat",
    "sold-against-lost",
    "issues",
    "bridge",
    "weeks",
    "cash",
    "people",
    "service-level",
)


def _of_kind(shown: Sequence[Shown], kind: str) -> list[Shown]:
    return [one for one in shown if one.id.startswith(f"p-{kind}")]


def _shown(i: int, picture: Drawn) -> Shown:
    stem = picture.file.removesuffix(".png")
    kind = next(kind for kind in KINDS if stem.startswith(kind))
    about = stem.removeprefix(kind).removeprefix("-")
    return Shown(f"p-{kind}-{i}", picture.drawing, sheet_of(picture.shows), about)


def _variant(
    comparison: Comparison, i: int, against: Against, beliefs: TurningPoints, serving: Serving
) -> Variant:
    spec, verdict = against.run.scenario.spec, against.verdict
    figures = against.money[RESULT]._replace(first=against.first_year_result)
    names = ("first", "pace", "value")
    texts = tuple(
        (name, "–" if e is None else gap_text(e)) for name, e in zip(names, figures, strict=True)
    )
    details = [
        (key, text)
        for line in below_verdict(comparison, against, beliefs, serving)
        for key, _, text in [line.partition(": ")]
        if key not in ("to believe", "level")
    ]
    limits = tuple(text for limit, text in NOT_PRICED.items() if limit in verdict.sentence)
    sheets = (*form_sheets(comparison, against), belief_sheet(comparison, against, beliefs))
    about = spec.name, spec.question, verdict.kind, TONES.get(verdict.kind, "open"), verdict.told
    believe = belief_line(comparison, against, beliefs)
    level, curves = level_line(against.run), _curves(f"v{i}", comparison, beliefs)
    return Variant(f"v{i}", *about, texts, believe, level, tuple(details), limits, sheets, curves)


def _curves(variant: str, comparison: Comparison, beliefs: TurningPoints) -> tuple[Shown, ...]:
    ids = f"{variant}-believed-"
    return tuple(
        Shown(f"{ids}{k}", one.drawing, sheet_along(one.shows), "")
        for k, one in enumerate(drawn(pictures_of_beliefs(comparison, beliefs), ids))
    )


def _view(comparison: Comparison, key: str) -> list[Sheet]:
    """The tables of one reader, without what stands elsewhere on the page."""
    elsewhere = ("assumptions on weak", "return on what is paid", "fairness")
    sheets = page_of(comparison, key, by="quarter").sheets
    return [
        one
        for one in sheets
        if isinstance(one, Sheet) and one.rows and not one.heading.startswith(elsewhere)
    ]


def not_modelled(comparison: Comparison) -> list[str]:
    """Every remark on these runs, then what the program leaves out."""
    runs = [comparison.base, *(one.run for one in comparison.variants)]
    everybody = all(g.people for run in runs for g in run.scenario.spec.agents.values())
    general = [one for one in NOT_MODELLED if not (everybody and one.startswith("a group of"))]
    of_bots = [OF_BOTS] if any(run.scenario.has_bot for run in runs) else []
    return [*remarks_on(comparison), *of_bots, *general]


def _made_by(comparison: Comparison) -> dict[str, str]:
    base = comparison.base
    runs = [base, *(one.run for one in comparison.variants)]
    used = ", ".join(f"{name} {version}" for name, version in versions().items())
    return {
        "scenarios": ", ".join(run.scenario.tree.file for run in runs),
        "seed": str(base.seed),
        "replications": str(base.replications),
        "program": f"ccprofit {VERSION}; {used}",
    }

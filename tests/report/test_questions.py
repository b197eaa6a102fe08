"""The questions that boards ask: each once, with a computed sentence or what would answer it."""

from __future__ import annotations

import pytest

import sim
from sim.core.errors import ComparisonError
from sim.experiments.comparison import Comparison, compare
from sim.experiments.same_service import Serving
from sim.experiments.turning_points import beliefs_of
from sim.report.pages.of_questions import MODEL_DOES_NOT_SAY, QUESTIONS, questions_page
from sim.report.pages.page import Finding, Page, as_markdown
from sim.scenario.load import load

CENTER = """\
name: center
contacts: {service: {volume: 900 per week, handle: 6 min, patience: 3 min, resolution: 70%}}
customers:
  gold: {count: 2000, margin: 10 per month, churn: 20% per year}
  basic: {count: 8000, margin: 5 per month, churn: 20% per year}
agents: {positions: 12}
offers: {broadband: {price: 20, margin: 25%, acceptance: 20%, offer: never}}
open: Mon-Fri 08:00-18:00
horizon: {weeks: 2}
replications: 2
"""
VARIANTS = {
    "sells": "offers: {broadband: {offer: always}}",
    "fewer": "agents: {positions: {scale: 80%}}",
    "vendor": "agents: {paid: {per: contact, amount: 5}}",
}


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """A center that sells, one with fewer seats, and one whose seats a vendor fills."""
    folder = tmp_path_factory.mktemp("questions")
    (folder / "center.yaml").write_text(CENTER)
    for name, text in VARIANTS.items():
        (folder / f"{name}.yaml").write_text(f"name: {name}\nbased_on: center.yaml\n{text}\n")
    files = [folder / f"{name}.yaml" for name in ("center", *VARIANTS)]
    return compare([sim.run(load(file), workers=1) for file in files])


@pytest.fixture(scope="module")
def page(comparison: Comparison) -> Page:
    """The questions with booked beliefs."""
    return questions_page(comparison, beliefs_of(comparison), Serving(comparison.base))


def answers(page: Page, question: str) -> list[str]:
    """Names of the variants that answer a question that begins so."""
    (found,) = (f for f in page.sheets if f.name.startswith(question))
    return [line.partition(":")[0] for line in found.details]


def test_every_question_stands_once_and_those_without_an_answer_last(page):
    names = [found.name for found in page.sheets]
    assert sorted(names) == sorted(question.text for question in QUESTIONS)
    has_answer = [bool(found.details) for found in page.sheets]
    assert has_answer == sorted(has_answer, reverse=True)
    for found in page.sheets:
        assert isinstance(found, Finding)
        assert bool(found.details) != found.text.startswith(MODEL_DOES_NOT_SAY)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Does it pay", ["sells", "fewer", "vendor"]),
        ("Is it, or can it be", ["sells", "fewer", "vendor"]),
        ("Do we lose customers", ["sells"]),
        ("What if we take out", ["fewer"]),
        ("Should we outsource", ["vendor"]),
        ("Who is treated worse", ["sells", "fewer", "vendor"]),
        ("Do our people", ["sells", "fewer", "vendor"]),
    ],
)
def test_a_variant_answers_what_it_can_tell(page, question, told):
    assert answers(page, question) == told


def test_the_gain_is_that_of_the_ledgers(comparison, page):
    """Of the variant whose every quarter gains, or loses, the sentence says which."""
    (found,) = (f for f in page.sheets if f.name.startswith("Does it pay"))
    for against, line in zip(comparison.variants, found.details, strict=True):
        base = comparison.base.against(comparison.base).weekly_result
        gained = (against.run.weekly_result - base).sum(axis=1).mean()
        assert ("gains" in line) == (gained >= 0), line


def test_markdown_names_each_question_and_no_empty_dash(page):
    text = as_markdown(page)
    assert all(f"**{question.text}**" in text for question in QUESTIONS)
    assert "** — \n" not in text


def test_a_run_alone_is_refused(comparison):
    with pytest.raises(ComparisonError, match="is a run alone"):
        questions_page(comparison._replace(variants=[]), [], Serving(comparison.base))

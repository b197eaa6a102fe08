"""The reference is what the code declares, and no page points to papers that readers do not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from sim.cli import COMMANDS, EXIT_CODES, main
from sim.cli.reference import pages
from sim.language.allowed import blocks_in, forms_of, named_blocks
from sim.language.block import Block
from sim.language.evidence import GROUNDS, Evidence, evidence_of
from sim.metrics import METRICS
from sim.metrics.lines import LINES, line_of
from sim.runs.files import RUN_FILES
from sim.runs.folder import OF_A_RUN, RESOLVED, TABLES, TALLY
from sim.scenario.editor_schema import schema_text
from sim.scenario.spec import ScenarioSpec
from sim.scenario.values import defaults_of
from tests.conftest import ROOT

REFERENCE = ROOT / "docs" / "reference"
PAGES = pages()
MARKS = re.compile(r"\[(?:P|R|GK|V|E)\b[^\]]*\](?!\()|\b(?:domain|design|style)(?:\.md)? §")
WIDEST = 70


def blocks_below(block: type[Block], seen: set[type[Block]]) -> set[type[Block]]:
    """Every block that may stand in a scenario."""
    if block not in seen:
        seen.add(block)
        for field in block.model_fields.values():
            forms = forms_of(field.annotation)
            inner = [one for form in forms for one in getattr(form, "__args__", ())]
            below = [*blocks_in(forms), *named_blocks(forms)]
            below += [one for form in inner for one in blocks_in(forms_of(form))]
            for one in below:
                blocks_below(one, seen)
    return seen


BLOCKS = sorted(blocks_below(ScenarioSpec, set()), key=lambda block: block.__name__)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_the_generated_one(name):
    """After a change of what it tells: make reference."""
    assert (REFERENCE / name).read_text(encoding="utf-8") == PAGES[name]


def test_there_is_no_other_page():
    """Whoever removes a page removes its file."""
    assert {file.name for file in REFERENCE.iterdir()} == set(PAGES)


def test_nothing_is_left_out():
    """Each key, metric, line, command, code and file has its row."""
    for value in defaults_of():
        assert f"| `{'.'.join(map(str, value.path))}` |" in PAGES["keys.md"]
    assert "| `contacts.*.volume.calls.at` |" in PAGES["keys.md"]  # of what stands in a list
    assert "Also written `first_contact`." in PAGES["keys.md"]
    for name in METRICS:
        assert f"| `{name}` |" in PAGES["metrics.md"]
    for line in LINES:
        assert f"| `{line.account}` |" in PAGES["ledger.md"]
    for command in COMMANDS:
        assert f"\n## {command}\n" in PAGES["commands.md"]
    for code, meaning in EXIT_CODES.items():
        assert f"| {code} | {meaning} |" in PAGES["exit-codes.md"]
    for file in RUN_FILES:
        assert f"| `{file}` |" in PAGES["files.md"]


def test_every_key_says_in_one_line_what_it_is():
    """A docstring under its field."""
    rows = [row for row in PAGES["keys.md"].splitlines() if row.startswith("| `")]
    assert len(rows) > 200
    for row in rows:
        meaning = re.split(r"(?<!\\)\|", row)[-2].strip()
        assert meaning, row


def test_the_files_of_a_run_are_those_that_are_written():
    """In the order in which they are."""
    assert list(RUN_FILES) == [OF_A_RUN, RESOLVED, *TABLES, TALLY]


def test_a_line_that_was_not_told_cannot_be_booked():
    """Names stand for what a scenario calls them, and for nothing else."""
    assert line_of("margin:broadband:sold").sign == "+"
    assert line_of("cost:labour:idle").account == "cost:labour:idle"
    for name in ("cost:labour:tea", "margin:sold", "margin:a:b:sold", "cost:telecoms"):
        with pytest.raises(KeyError, match=r"sim/metrics/lines\.py"):
            line_of(name)


# --- evidence -----------------------------------------------------------------------------------


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.__name__)
def test_every_key_declares_on_what_it_rests(block):
    """By kind and words, which fit into a cell of a table."""
    for name, field in block.model_fields.items():
        evidence = evidence_of(field)
        assert isinstance(field.json_schema_extra, dict), name
        assert GROUNDS in field.json_schema_extra, name
        assert evidence.words, name
        assert len(evidence.words) <= WIDEST, evidence.words


def test_evidence_is_no_mere_text():
    """A text does not say of which kind it is."""
    from sim.language.block import decision

    with pytest.raises(AttributeError):
        decision(1, evidence="read somewhere")  # pyright: ignore[reportArgumentType]


def test_what_is_weak_is_said_by_the_kind():
    """Words decide nothing, whatever they are."""
    assert Evidence("proposal", "SQM Group: measured").is_weak
    assert not Evidence("source", "proposal of this project, weak").is_weak


# --- what people see ----------------------------------------------------------------------------


def told() -> Iterator[tuple[str, str]]:
    """Where something stands that people read, and what."""
    yield "schema", schema_text()
    for file in [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        *(ROOT / "docs").rglob("*.md"),
    ]:
        yield file.name, file.read_text(encoding="utf-8")
    for folder in ("sim", "scenarios", "tests", "benchmarks"):  # messages are texts of sources
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in (".py", ".yaml", ".txt", ".json") and file != Path(__file__):
                yield (
                    str(file.relative_to(ROOT)),
                    file.read_text(encoding="utf-8", errors="replace"),
                )
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        yield f"{name} --help", command.get_help(click.Context(command, parent=context))


def test_nothing_points_to_papers_that_readers_do_not_have():
    """Neither marks in brackets nor sections of them."""
    found = [(where, mark.group()) for where, text in told() for mark in MARKS.finditer(text)]
    assert found == []


@pytest.mark.parametrize("text", ["[P]", "[R abstract]", "[GK] 80/20", "domain §4.1", "design §9"])
def test_a_mark_is_seen(text):
    """The pattern can fail."""
    assert MARKS.search(text)


def test_links_of_the_reference_lead_somewhere():
    """To files of the repository."""
    for name, text in PAGES.items():
        for target in re.findall(r"\]\(([^)#\s]+)", text):
            assert Path(REFERENCE / target).resolve().exists(), (name, target)

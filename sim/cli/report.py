"""`ccprofit report`: pages of a run or a comparison that is kept; it never plays anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import as_json as json_option
from sim.cli.options import markdown as markdown_option

if TYPE_CHECKING:
    from sim.core.fiscal import By
    from sim.report.sweep_folder import KeptSweep


@click.command("report", short_help="Print pages for a board, of results that are kept.")
@click.argument("result", metavar="RUN|COMPARISON|PATH|SWEEP")
@click.option(
    "--view",
    type=click.Choice(["cfo", "coo", "cmo", "chro", "cxo"]),
    show_default="cxo; of a path, its own page",
    help="Whose page: finance, operations, customers, people, or all in one.",
)
@click.option(
    "--by",
    type=click.Choice(["month", "quarter", "year"]),
    show_default="quarter; of the people of a run alone, month",
    help="Fiscal periods of the pages of finance and people.",
)
@click.option("--questions", is_flag=True, help="The questions that boards ask, answered.")
@markdown_option
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the page for a board of a comparison, a path or a sweep as one HTML file.",
)
@click.option(
    "--xlsx", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write an Excel workbook that adds up, with inputs that can be changed.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("results"),
    show_default=True, help="Where results are.",
)  # fmt: skip
@json_option
def command(
    result: str,
    view: str | None,
    by: By | None,
    questions: bool,
    markdown: Path | None,
    html: Path | None,
    xlsx: Path | None,
    out: Path,
    as_json: bool,
) -> None:
    """Print a page about a result of `run`, `compare`, `path` or `sweep`: its folder, or `latest`.

    Of a path all but its own page is about the base beside the base after all steps. Where --html
    or --xlsx is all that is asked for, nothing else is printed.

    \b
    Examples:
      ccprofit report latest
      ccprofit report results/20270104-101500-my-center-3f9c1a
      ccprofit report 20270104-101500-compare-my-center-77aa01 --view cfo --by month
      ccprofit report latest --view chro
      ccprofit report latest --questions
      ccprofit report 20270104-101500-compare-my-center-77aa01 --markdown board.md
      ccprofit report latest --html board.html
      ccprofit report latest --xlsx board.xlsx
    """
    from sim.core.workers import get_ready_for

    if html:
        get_ready_for("sim.report.figures.drawn")

    from sim.cli.playing import say_aside
    from sim.cli.printing import console, say_json, say_pages
    from sim.experiments.same_service import Serving
    from sim.report.as_json import report_facts
    from sim.report.kept_result import board_again, read_kept
    from sim.report.pages.of_path import path_page
    from sim.report.pages.of_questions import questions_page
    from sim.report.pages.of_report import page_of
    from sim.report.sweep_folder import read_sweep

    if swept := read_sweep(result, out):
        if questions or xlsx or view or by:
            asked = "--view, --by, --questions and --xlsx"
            raise click.UsageError(f"a sweep has one page alone: leave out {asked}")
        _say_sweep(swept, html, markdown, as_json=as_json)
        return
    kept = read_kept(result, out)
    say_aside(kept.said)
    if html:
        html.write_text(board_again(result, kept, out), encoding="utf-8")
        say_aside([f"written to {html}"])
    if xlsx:
        from sim.report.workbook.workbook import write_workbook

        write_workbook(kept.comparison, kept.beliefs, xlsx)
        say_aside([f"written to {xlsx}"])
    if (html or xlsx) and not (questions or view or by or markdown or as_json):
        return
    width = None if markdown or as_json else console().width
    if questions:
        page = questions_page(kept.comparison, kept.beliefs, Serving(kept.comparison.base))
    elif kept.path and not view:
        page = path_page(kept.path.path, kept.path.found, width)
    else:
        page = page_of(kept.comparison, view or "cxo", width, beliefs=kept.beliefs, by=by)
    if as_json:
        say_json(report_facts(kept.comparison, kept.beliefs, kept.folders, by or "quarter"))
    say_pages([page], markdown, as_json=as_json)


def _say_sweep(kept: KeptSweep, html: Path | None, markdown: Path | None, *, as_json: bool) -> None:
    """What `sweep` said; with `html` also as a file, with its pictures."""
    from sim.cli.playing import say_aside
    from sim.cli.printing import say_json, say_pages
    from sim.report.pages.of_sweep import sweep_page
    from sim.report.sweep_folder import sweep_facts

    page = sweep_page(kept.swept, ("wait", "csat"))
    if html:
        from sim.report.board.sweep_page import sweep_board_page
        from sim.report.figures.of_sweep import pictures_of_sweep

        text = sweep_board_page(page, pictures_of_sweep(kept.swept), kept.command)
        html.write_text(text, encoding="utf-8")
        say_aside([f"written to {html}"])
    if as_json:
        say_json(sweep_facts(kept.swept))
    say_pages([page], markdown, as_json=as_json)

"""`ccprofit report`: pages of a run or a comparison that is kept; it never plays anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import as_json as json_option
from sim.cli.options import markdown as markdown_option

if TYPE_CHECKING:
    from sim.core.fiscal import By


@click.command("report", short_help="Print pages for a board, of results that are kept.")
@click.argument("result", metavar="RUN|COMPARISON")
@click.option(
    "--view",
    type=click.Choice(["cfo", "coo", "cmo", "chro", "cxo"]),
    default="cxo",
    show_default=True,
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
    help="Write the page for a board of a comparison as one HTML file.",
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
    view: str,
    by: By | None,
    questions: bool,
    markdown: Path | None,
    html: Path | None,
    xlsx: Path | None,
    out: Path,
    as_json: bool,
) -> None:
    """Print a page about a result of `run` or `compare`: the folder's path, its name, or `latest`.

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
    from sim.cli.playing import say_aside
    from sim.cli.printing import console, say_json, say_pages
    from sim.experiments.comparison import compare
    from sim.report.as_json import report_facts
    from sim.report.comparison_folder import read_beliefs, read_result, read_shifts
    from sim.report.pages.of_questions import questions_page
    from sim.report.pages.of_report import page_of
    from sim.runs.kept import told_apart

    played, lines = told_apart(read_result(result, out))
    say_aside(lines)
    runs = [one.run for one in played]
    comparison, beliefs = compare(runs, read_shifts(result, out)), read_beliefs(result, out)
    if html:
        from sim.report.comparison_folder import board_page_again

        html.write_text(board_page_again(result, comparison, out), encoding="utf-8")
    if xlsx:
        from sim.report.workbook.workbook import write_workbook

        write_workbook(comparison, beliefs, xlsx)
        say_aside([f"written to {xlsx}"])
    width = None if markdown or as_json else console().width
    if questions:
        page = questions_page(comparison, beliefs)
    else:
        page = page_of(comparison, view, width, beliefs=beliefs, by=by)
    if as_json:
        folders = [one.folder for one in played]
        say_json(report_facts(comparison, beliefs, folders, by or "quarter"))
    say_pages([page], markdown, as_json=as_json)

"""`ccprofit report`: the pages of a run or a comparison that was kept; never simulates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.fiscal import By


@click.command("report", short_help="Pages for a board, of results that are there.")
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
    default="quarter",
    show_default=True,
    help="Fiscal periods of the finance page.",
)
@click.option(
    "--markdown", type=click.Path(dir_okay=False, path_type=Path), help="Write Markdown instead."
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("results"),
    show_default=True, help="Where results are.",
)  # fmt: skip
def command(result: str, view: str, by: By, markdown: Path | None, out: Path) -> None:
    """Print a page about results: a folder of `run` or `compare`, by its path or its name.

    \b
    Examples:
      ccprofit report results/20270104-101500-my-center-3f9c1a
      ccprofit report 20270104-101500-compare-my-center-77aa01 --view cfo --by month
      ccprofit report 20270104-101500-compare-my-center-77aa01 --markdown board.md
    """
    from sim.cli.playing import console, told_apart
    from sim.comparison import compare
    from sim.report.comparisons import read_beliefs, read_result
    from sim.report.page import as_markdown, print_page
    from sim.report.pages import page_of

    runs = [run for run, *_ in told_apart(read_result(result, out))]
    comparison, beliefs = compare(runs), read_beliefs(result, out)
    if markdown is not None:
        markdown.write_text(
            as_markdown(page_of(comparison, view, beliefs=beliefs, by=by)), encoding="utf-8"
        )
        click.echo(f"written to {markdown}")
        return
    screen = console()
    print_page(page_of(comparison, view, screen.width, beliefs=beliefs, by=by), screen)

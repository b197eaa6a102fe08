"""`ccprofit init`: a scenario to start from, as shipped or from the answers to a few questions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.streams import visible

if TYPE_CHECKING:
    from sim.scenario.starter import Question


@click.command("init", short_help="Write a scenario to start from.")
@click.argument("file", default="my-center.yaml", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--ask", is_flag=True, help="Ask sixteen questions about your center.")
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
def command(file: Path, ask: bool, force: bool) -> None:
    """Write a scenario to start from (default: my-center.yaml), and the schema for editors.

    \b
    Examples:
      ccprofit init
      ccprofit init studies/berlin.yaml --ask
    """
    from sim.scenario.starter import SCHEMA, TEMPLATE, shipped

    if file.exists() and not force:
        raise click.UsageError(f"{file} exists already; --force overwrites it.")
    text = _asked() if ask else shipped(TEMPLATE)
    file.parent.mkdir(parents=True, exist_ok=True)
    _write(file, text)
    if not (file.parent / SCHEMA).exists():
        _write(file.parent / SCHEMA, shipped(SCHEMA))
    text = f"wrote {file}; look at its numbers, then: ccprofit validate {file}"
    click.echo(visible(text), err=True)


def _asked() -> str:
    """The template with the answers in it; each question is asked until its answer is legal."""
    from sim.core.errors import ScenarioError
    from sim.scenario.starter import QUESTIONS, all_answered, not_answered

    text = not_answered()
    for question in QUESTIONS:

        def check(typed: str, question: Question = question, before: str = text) -> str:
            try:
                return question.answered(before, typed)
            except ScenarioError as error:
                raise click.UsageError(str(error.problems[0].fault)) from None

        text = click.prompt(question.asks, default=question.default, value_proc=check, err=True)
    return all_answered(text)


def _write(file: Path, text: str) -> None:
    """Write a file as a whole or not at all."""
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)

"""The pages of `docs/reference/`, written by `python -m sim.cli.reference FOLDER`.

The pages of commands and exit codes are made here, as no room below knows them; sim/report makes
all others.
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

from sim.cli import COMMANDS, EXIT_CODES, main
from sim.report.reference.files import files_page
from sim.report.reference.keys import keys_page
from sim.report.reference.ledger import ledger_page
from sim.report.reference.markdown import code, page, table
from sim.report.reference.metrics import metrics_page

ABOUT = "Every command with its options, as `ccprofit COMMAND --help` prints them."


def pages() -> dict[str, str]:
    """Return the text of every page, by the name of its file."""
    return {
        "keys.md": keys_page(),
        "metrics.md": metrics_page(),
        "ledger.md": ledger_page(),
        "commands.md": commands_page(),
        "exit-codes.md": exit_codes_page(),
        "files.md": files_page(),
    }


def commands_page() -> str:
    """Return the page of the commands, in the order of `--help`."""
    context = click.Context(main, info_name="ccprofit")
    parts: list[str] = []
    for name in COMMANDS:
        command = main.get_command(context, name)
        if command is not None:
            below = click.Context(command, info_name=name, parent=context)
            parts += _section(command, below)
    return page("Commands", ABOUT, *parts)


def exit_codes_page() -> str:
    """Return the page of the exit codes."""
    rows = ((str(number), meaning) for number, meaning in EXIT_CODES.items())
    about = "What `ccprofit` returns to the shell. The message of a failure is on stderr."
    return page("Exit codes", about, table(("code", "meaning"), rows))


def _section(command: click.Command, context: click.Context) -> list[str]:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    records = [option.get_help_record(context) for option in command.get_params(context)]
    rows = [(code(record[0]), record[1]) for record in records if record and record[1]]
    return [
        f"## {command.name}",
        *_paragraphs(cleandoc(command.help or "")),
        f"Usage: {code(usage)}",
        table(("option", "meaning"), rows),
    ]


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a help text; those that keep their lines, as code."""
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("\b"):
            yield f"```text\n{paragraph.removeprefix(chr(8)).strip(chr(10))}\n```"
        else:
            yield paragraph


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def command(folder: Path) -> None:
    """Write the pages into FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    command()

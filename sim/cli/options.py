"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

sets = click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change a value, as in agents.heads=110 or agents.heads+=10%; again for more.",
)
markdown = click.option(
    "--markdown", type=click.Path(dir_okay=False, path_type=Path), help="Write Markdown instead."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")

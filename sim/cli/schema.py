"""`ccprofit schema`: the JSON Schema that tells editors what a scenario file may hold."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.streams import visible


@click.command("schema")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file."
)
def command(output: Path | None) -> None:
    """Print the JSON Schema of scenario files.

    An editor that knows YAML completes keys and marks mistakes in a file that begins with
    `# yaml-language-server: $schema=scenario.schema.json`.

    \b
    Example: ccprofit schema -o scenarios/scenario.schema.json
    """
    from sim.scenario.editor_schema import schema_text

    if output is None:
        click.echo(schema_text(), nl=False)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(schema_text(), encoding="utf-8")
    click.echo(visible(f"wrote {output}"), err=True)

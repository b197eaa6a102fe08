"""`ccprofit show`: every value of a scenario, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import as_json, sets
from sim.cli.streams import visible

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.values import Value


@click.command("show", short_help="Print every value of a scenario, and where it comes from.")
@click.argument("file", required=False)
@sets
@click.option(
    "--changes", "view", flag_value="changes", help="Only what it changes against its base."
)
@click.option(
    "--sources", "view", flag_value="sources", help="Each value with its source and its evidence."
)
@click.option(
    "--levers",
    "view",
    flag_value="levers",
    help="Only what the company decides, with plausible ranges.",
)
@click.option(
    "--defaults",
    "block",
    metavar="[BLOCK]",
    is_flag=False,
    flag_value="",
    help="Defaults of a block such as experience, or of all; needs no FILE.",
)
@as_json
def command(
    file: str | None, sets: tuple[str, ...], view: str | None, block: str | None, as_json: bool
) -> None:
    """Print a scenario with everything it inherits and every default, as a scenario file.

    \b
    Examples:
      ccprofit show my-center.yaml
      ccprofit show scenarios/cross-sell-threshold.yaml --changes
      ccprofit show my-center.yaml --set agents.heads=110 --sources
      ccprofit show --defaults experience
    """
    if block is not None:
        if file or view or sets:
            raise click.UsageError("--defaults needs no FILE and no other option.")
        _show_defaults(block, as_json)
        return
    if file is None:
        raise click.UsageError("Missing argument 'FILE'.")
    from sim.cli.playing import say_understood
    from sim.scenario.load import load

    scenario = load(file, sets)
    say_understood(scenario)
    {
        None: _show_resolved,
        "changes": _show_changes,
        "sources": _show_sources,
        "levers": _show_levers,
    }[view](scenario, as_json)


def _show_resolved(scenario: Scenario, as_json: bool) -> None:
    from sim.cli.printing import say_json
    from sim.scenario.as_yaml import explained_yaml

    if as_json:
        say_json(scenario.spec.as_typed())
    else:
        click.echo("\n".join(map(visible, explained_yaml(scenario).split("\n"))))


def _show_changes(scenario: Scenario, as_json: bool) -> None:
    from sim.cli.printing import say_json
    from sim.language.node import dotted
    from sim.scenario.values import changes_of

    tree = scenario.tree
    changes = changes_of(scenario)
    base = tree.files[-2] if len(tree.files) > 1 else tree.file
    if as_json:
        entries = [{**c._asdict(), "path": dotted(c.path), "place": str(c.place)} for c in changes]
        say_json({"file": tree.file, "base": base, "sets": tree.sets, "changes": entries})
        return
    if not changes:
        is_root = len(tree.files) == 1
        text = f"{tree.file} is based on nothing" if is_root else f"nothing against {base}"
        click.echo(visible(text))
    for change in changes:
        click.echo(visible(str(change)))


def _show_sources(scenario: Scenario, as_json: bool) -> None:
    from sim.scenario.values import values_of

    values = [value for value in values_of(scenario) if value.value is not None]
    columns = ("path", "value", "source", "mark", "evidence")
    _print(values, columns, as_json, {"file": scenario.tree.file, "sets": scenario.tree.sets})


def _show_levers(scenario: Scenario, as_json: bool) -> None:
    from sim.scenario.levers import levers_of

    values = list(levers_of(scenario))
    columns = ("path", "value", "range", "source")
    _print(values, columns, as_json, {"file": scenario.tree.file, "sets": scenario.tree.sets})


def _show_defaults(block: str, as_json: bool) -> None:
    from sim.core.errors import Fault, did_you_mean
    from sim.scenario.values import block_names, defaults_of

    values = list(defaults_of(block))
    if not values:
        names = block_names()
        blocks = sorted({name.partition(".")[0] for name in names if "." in name})
        remedy = did_you_mean(block, names, f"known here: {', '.join(blocks)}")
        raise click.UsageError(str(Fault(f"There is no block `{block}`", remedy)))
    columns = ("path", "value", "mark", "evidence", "description")
    _print(values, columns, as_json, {"block": block})


def _print(
    values: list[Value], columns: tuple[str, ...], as_json: bool, about: dict[str, Any]
) -> None:
    from sim.cli.printing import say_json, say_sheet
    from sim.report.pages.of_values import value_rows, values_sheet

    if as_json:
        say_json({**about, "values": value_rows(values, columns)})
    else:
        say_sheet(values_sheet(values, columns))

"""`ccprofit validate`: is a scenario sound, and how busy will people be?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import as_json, sets

if TYPE_CHECKING:
    from sim.plan.outlook import Outlook
    from sim.scenario.scenario import Scenario


@click.command("validate", short_help="Is a scenario sound, and how busy will people be?")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@sets
@as_json
@click.pass_context
def command(
    ctx: click.Context, files: tuple[str, ...], sets: tuple[str, ...], as_json: bool
) -> None:
    """Check scenarios without playing them: prints every mistake with its line and a remedy.

    Of a sound scenario it prints paid hours, expected load and expected occupancy of an average
    week, and warns if they are odd. Exit code 2 if a scenario is faulty.

    \b
    Examples:
      ccprofit validate my-center.yaml
      ccprofit validate scenarios/*.yaml
      ccprofit validate my-center.yaml --set agents.heads=90 --json
    """
    from sim.cli import BAD_INPUT, FINE
    from sim.cli.playing import say_understood
    from sim.cli.printing import say_json, tell_error
    from sim.core.errors import ScenarioError
    from sim.metrics.check_metrics import check_metrics
    from sim.plan.outlook import outlook
    from sim.scenario.load import load

    entries: list[dict[str, Any]] = []
    for file in files:
        try:
            scenario = load(file, sets)
            check_metrics(scenario)
        except ScenarioError as error:
            tell_error(str(error))
            entries.append(_refused(file, error))
        else:
            say_understood(scenario)
            found = outlook(scenario)
            entries.append(_accepted(file, scenario, found))
            if not as_json:
                _tell(file, scenario, found)
    is_fine = all(entry["ok"] for entry in entries)
    if as_json:
        say_json({"ok": is_fine, "scenarios": entries})
    ctx.exit(FINE if is_fine else BAD_INPUT)


def _tell(file: str, scenario: Scenario, found: Outlook) -> None:
    from sim.cli.printing import say, say_sheet
    from sim.report.pages.of_outlook import outlook_sheet

    sheet = outlook_sheet(scenario, found)
    say(f"{file}: OK", fg="green", bold=True)
    for line in sheet.lead:
        say(f"  {line}")
    say_sheet(sheet, indent="  ")
    for warning in found.warnings:
        say(f"  warning: {warning}", fg="yellow")


def _accepted(file: str, scenario: Scenario, found: Outlook) -> dict[str, Any]:
    return {
        "file": file,
        "ok": True,
        "name": scenario.spec.name,
        "hash": scenario.hash,
        "groups": [{**g._asdict(), "occupancy": g.occupancy} for g in found.groups],
        "occupancy": found.occupancy,
        "warnings": found.warnings,
    }


def _refused(file: str, error: Any) -> dict[str, Any]:
    problems = [
        {"place": p.place, "path": p.path, "what": p.what, "remedy": p.remedy}
        for p in error.problems
    ]
    return {"file": file, "ok": False, "problems": problems}

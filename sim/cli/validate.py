"""`ccprofit validate`: is a scenario sound, and how busy will people be?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import as_json, sets

if TYPE_CHECKING:
    from sim.plan.outlook import GroupOutlook, Outlook
    from sim.scenario.scenario import Scenario


@click.command("validate", short_help="Is a scenario sound, and how busy will people be?")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@sets
@as_json
@click.pass_context
def command(
    ctx: click.Context, files: tuple[str, ...], sets: tuple[str, ...], as_json: bool
) -> None:
    """Check scenarios without simulating them: every mistake, with its line and a remedy.

    Prints paid hours, expected load and expected occupancy of an average week, and warns where
    they are odd. Exit code 2 if a scenario is faulty.

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
    from sim.cli.printing import NUMBERS, say, say_table

    say(f"{file}: OK", fg="green", bold=True)
    head = ("group", "seats", "paid hours a week", "expected load", "expected occupancy")
    rows = [_row(group) for group in found.groups]
    if len(rows) > 1:
        paid = sum(group.paid_hours for group in found.groups)
        load = sum(group.load_hours for group in found.groups)
        rows.append(("all", "", f"{paid:,.0f}", f"{load:,.0f} h", _percent(found.occupancy)))
    for name in scenario.types:
        if scenario.spec.contacts[name].volume.calls is None:
            say(f"  {name}: {scenario.weekly_contacts(name):,.0f} contacts a week")
    say_table([head, *rows], "<" + NUMBERS * 4, indent="  ")
    if any(not offer.policy.is_never for offer in scenario.spec.offers.values()):
        say("  offers come on top")
    for warning in found.warnings:
        say(f"  warning: {warning}", fg="yellow")


def _row(group: GroupOutlook) -> tuple[str, ...]:
    seats = str(group.most_seats)
    if group.fewest_seats < group.most_seats:
        seats = f"{group.fewest_seats}–{group.most_seats}"
    load = f"{group.load_hours:,.0f} h ({group.load_erlangs:.1f} erlangs)"
    return group.group, seats, f"{group.paid_hours:,.0f}", load, _percent(group.occupancy)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


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

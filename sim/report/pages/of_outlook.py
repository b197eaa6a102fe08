"""The table of `validate`: how busy the people of each group will be."""

from __future__ import annotations

from sim.plan.outlook import GroupOutlook, Outlook
from sim.report.pages.page import Sheet
from sim.scenario.scenario import Scenario

COLUMNS = ("group", "seats", "paid hours a week", "expected load", "expected occupancy")


def outlook_sheet(scenario: Scenario, found: Outlook) -> Sheet:
    """A row for each group in an average week, and one for all if there are several."""
    rows = [_row(group) for group in found.groups]
    if len(rows) > 1:
        paid = sum(group.paid_hours for group in found.groups)
        load = sum(group.load_hours for group in found.groups)
        rows.append(("all", "", f"{paid:,.0f}", f"{load:,.0f} h", _percent(found.occupancy)))
    lead = tuple(
        f"{name}: {scenario.weekly_contacts(name):,.0f} contacts a week{_closed(scenario, name)}"
        for name in scenario.types
        if scenario.spec.contacts[name].volume.calls is None
    )
    return Sheet("", COLUMNS, tuple(rows), _left_out(scenario), lead=lead, wraps=False)


def _left_out(scenario: Scenario) -> tuple[str, ...]:
    """What a play has and the table has not."""
    contacts = scenario.spec.contacts.values()
    notes = []
    if any(not offer.policy.is_never for offer in scenario.spec.offers.values()):
        notes.append("offers come on top")
    if to := sorted({spec.transfer.to for spec in contacts if spec.transfer}):
        notes.append(f"what is handed on to {', '.join(to)} comes on top")
    if any(spec.concurrency and spec.concurrency.most > 1 for spec in contacts):
        notes.append("each agent in chats is taken to have as many at once as she may")
    return tuple(notes)


def _closed(scenario: Scenario, type_: str) -> str:
    days = int(scenario.closed_days(type_).sum())
    return f", closed on {days} day{'' if days == 1 else 's'} of the horizon" if days else ""


def _row(group: GroupOutlook) -> tuple[str, ...]:
    seats = str(group.most_seats)
    if group.fewest_seats < group.most_seats:
        seats = f"{group.fewest_seats}–{group.most_seats}"
    load = f"{group.load_hours:,.0f} h ({group.load_erlangs:.1f} erlangs)"
    is_vendors = group.most_seats > 0 and group.paid_hours == 0
    paid = "a vendor's" if is_vendors else f"{group.paid_hours:,.0f}"
    return group.group, seats, paid, load, _percent(group.occupancy)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"

"""What the CHRO sees: people by fiscal period, what a leaver costs, and people beside customers."""

from __future__ import annotations

from typing import Any

from sim.core.fiscal import By
from sim.core.statistics import Estimate, estimate
from sim.experiments.comparison import Against, Comparison, Difference
from sim.language.quantities import typeset
from sim.metrics import METRICS, weeks_of
from sim.metrics.periods import fiscal_periods
from sim.metrics.turnover import leaver_costs
from sim.report.amounts import ABSENT, money, ratio
from sim.report.pages.page import Sheet
from sim.report.pages.periods import NOTE_ON_WEEKS
from sim.report.pages.texts import difference_text, scenarios_of, value_text
from sim.runs.run import Run
from sim.scenario.scenario import Scenario

WHO_IS_THERE = {
    "headcount": "headcount", "in_class": "in class", "joiners": "joiners", "leavers": "leavers",
    "cut": "cut", "tenure": "tenure", "cost_of_turnover": "cost of turnover",
}  # fmt: skip
WHAT_THEY_BEAR = {
    "occupancy": "occupancy", "hot_half_hours": "hot hours", "selling_pressure": "selling",
    "overtime": "overtime", "training_hours": "training", "absence": "absence",
    "engagement": "engaged",
}  # fmt: skip
"""Metric → head of its column, short enough for a terminal of 80 columns."""
CUSTOMERS_AND_PEOPLE = ("csat", "engagement", "turnover")


def people_sheets(comparison: Comparison, by: By) -> list[Sheet]:
    """Who is there, and what they bear, by fiscal period: two tables for each run with people."""
    runs = [comparison.base, *(against.run for against in comparison.variants)]
    sheets = [
        sheet
        for run in runs
        if run.scenario.has_people
        for sheet in _of_run(run, by, name=run.scenario.spec.name if len(runs) > 1 else "")
    ]
    sheets[-1:] = [sheet._replace(notes=_notes(comparison)) for sheet in sheets[-1:]]
    return sheets


def leaver_sheets(comparison: Comparison) -> list[Sheet]:
    """What somebody who leaves costs in the end, a sentence for each group with people.

    Scenarios of which the sentence is the same share it.
    """
    told: dict[str, list[str]] = {}
    for scenario in scenarios_of(comparison):
        for line in _leaver_lines(scenario.at_the_end):
            told.setdefault(line, []).append(scenario.spec.name)
    lines = [
        f"{', '.join(names)}: a{line}" if len(told) > 1 else f"A{line}"
        for line, names in told.items()
    ]
    notes = (
        "The vacancy and severance are not in it. Cost of turnover counts it for each who left: a"
        " memo that is booked nowhere.",
    )
    return [Sheet("cost of a leaver", (), (), notes, lead=tuple(lines))] if lines else []


def _leaver_lines(scenario: Scenario) -> list[str]:
    currency, lines = scenario.spec.currency, []
    for group, one in leaver_costs(scenario).items():
        of_group = "" if len(scenario.groups) == 1 else f" of {group}"
        lines.append(
            f" leaver{of_group} costs about {currency} {money(one.total)}, of which"
            f" {money(one.booked)} is booked as another comes ({money(one.recruiting)} to recruit,"
            f" {money(one.class_wages)} in class) and {money(one.learning)} is not:"
            f" {one.lost_weeks:.1f} weeks of work are lost while that one learns."
        )
    return lines


def people_line(against: Against) -> str:
    """How customers and people fare; empty where people do not react to their load.

    `csat 77.1 % instead of 77.3 % (−0.20 pt ± 0.10 pt), engagement …, turnover …`
    """
    parts = []
    for name, (_, before, after, gap) in _beside(against).items():
        values = (value_text(name, e) for e in (after, before))
        how = " instead of ".join(values)
        parts.append(f"{name} {how} ({difference_text(name, after, gap)})")
    return ", ".join(parts)


def people_facts(against: Against) -> dict[str, Any]:
    """The same as plain values, by metric; empty where people do not react."""
    return {
        name: {"baseline": d.base.value, "value": d.variant.value, "difference": d.gap.value}
        for name, d in _beside(against).items()
    }


def _beside(against: Against) -> dict[str, Difference]:
    found = {name: against.differences[name] for name in CUSTOMERS_AND_PEOPLE}
    has_both = all(d.base.value == d.base.value for d in found.values())
    return found if has_both and against.run.scenario.people_react else {}


def _of_run(run: Run, by: By, name: str) -> list[Sheet]:
    spec = run.scenario.spec
    of_run = f"{name}: " if name else ""
    return [
        Sheet(
            f"{of_run}who is there, by fiscal {by}; tenure in months, cost in {spec.currency}",
            (by, *WHO_IS_THERE.values()),
            _rows(run, by, WHO_IS_THERE),
        ),
        Sheet(
            f"{of_run}what they bear, by fiscal {by}",
            (by, *WHAT_THEY_BEAR.values()),
            _rows(run, by, WHAT_THEY_BEAR),
        ),
    ]


def _notes(comparison: Comparison) -> tuple[str, ...]:
    n = comparison.base.replications
    return (
        f"Means of {n} replication{'' if n == 1 else 's'}. Overtime and training in hours; hot"
        " hours: share of hot half hours; selling: share of contacts with an offer; engaged: mean"
        f" engagement. {NOTE_ON_WEEKS}",
        "By week, month and replication: weeks.csv and months.csv of each run.",
    )


def _rows(run: Run, by: By, columns: dict[str, str]) -> tuple[tuple[str, ...], ...]:
    rows = []
    for period in fiscal_periods(run.scenario, by):
        facts = weeks_of(run.facts, slice(period.weeks[0], period.weeks[-1] + 1))
        found = {name: estimate(METRICS[name].measure(facts)) for name in columns}
        rows.append((period.name, *(_cell(name, e) for name, e in found.items())))
    return tuple(rows)


def _cell(name: str, e: Estimate) -> str:
    """A mean without its unit, which the heads and notes tell; people to a tenth."""
    if e.value != e.value:
        return ABSENT
    match METRICS[name].unit:
        case "share":
            return ratio(e.value)
        case "money":
            return money(e.value, half_width=e.half_width)
        case "h":
            return typeset(f"{e.value:,.0f}")
        case _:
            return typeset(f"{e.value:.1f}")

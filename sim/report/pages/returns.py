"""One-off costs and what they return: a line for a variant, and a table for finance."""

from __future__ import annotations

from sim.experiments.comparison import Against, Comparison
from sim.experiments.returns import Return
from sim.language.quantities import typeset
from sim.metrics.returns import HALF_A_CENT
from sim.report.amounts import ABSENT, money, percent_exact, ratio
from sim.report.pages.page import Sheet
from sim.report.pages.sheets import gap_text, in_chunks
from sim.report.pages.texts import value_text
from sim.scenario.scenario import Scenario

NOTES = (
    "Cash is contribution and what is kept. One-off costs fall at the start of the week in which"
    " they are paid, all else at the end of its month (52/12 weeks). Nothing after the horizon is"
    " counted: economic value does that.",
    "Payback counts from the first payment, on the mean of the replications, and holds to the end"
    " of the horizon. The internal rate is given where cash is first paid and then only earned.",
)


def within(scenario: Scenario) -> str:
    """The time in which a return is counted: `within 52 weeks`."""
    weeks = scenario.spec.horizon.length_weeks
    return f"within {weeks:.3g} week{'' if weeks == 1 else 's'}"


def return_line(against: Against) -> str:
    """A line on one-off costs and what they return; empty where there are none."""
    found, spec = against.returned, against.run.scenario.spec
    if found is None:
        return ""
    parts = [f"NPV {gap_text(found.npv)}", f"ROI {value_text('roi', found.roi)} undiscounted"]
    back = f"not paid back {within(against.run.scenario)}"
    if found.payback is not None:
        back = f"paid back after {_months(found.payback)}"
    rate = [f"IRR {_rate(found.rate)}"] if found.rate is not None else []
    line = (
        f"{spec.currency} {money(found.invested)} paid once: {', '.join([*parts, back, *rate])};"
        f" NPV above 0 in {positive_text(found)}"
    )
    return f"{line}; {cut_off(found)}" if cut_off(found) else line


def cut_off(found: Return) -> str:
    """A clause on the part that is written off after the horizon; empty where there is none."""
    if abs(found.written_off_later) < HALF_A_CENT:
        return ""
    booked = found.invested - found.written_off_later
    return f"the result bears {money(booked)} of it, {money(found.written_off_later)} falls later"


def positive_text(found: Return) -> str:
    """The number of replications with an NPV above 0, with the interval of that share."""
    n, interval = found.positive.replications, found.positive
    ends = f"{100 * interval.low:.0f} to {100 * interval.high:.0f} %"
    return typeset(f"{found.times_positive} of {n} replications ({ends}, dice only)")


def return_sheets(comparison: Comparison, width: int | None) -> list[Sheet]:
    """A row for each figure, a column for each variant; no sheet without one-off costs."""
    if not any(against.returned for against in comparison.variants):
        return []
    scenario = comparison.base.scenario
    spec = scenario.spec
    sheets = []
    for chunk in in_chunks(comparison, width):
        names = (against.run.scenario.spec.name for against in chunk)
        columns = tuple(_column(against.returned) for against in chunk)
        labels = (
            "paid once",
            f"NPV at {percent_exact(spec.finance.discount_rate)} a year",
            "ROI, undiscounted",
            "payback",
            "payback, discounted",
            "internal rate (IRR)",
            "NPV above 0 (dice only)",
            "written off later",
        )
        rows = tuple(zip(labels, *columns, strict=True))
        heading = f"return on what is paid once, {spec.currency} {within(scenario)}"
        sheets.append(Sheet(heading, ("cash against the baseline", *names), rows, NOTES))
    return sheets


def _column(found: Return | None) -> tuple[str, ...]:
    if found is None:
        return ("nothing", *["n/a"] * 7)
    never = "not within the horizon"
    paybacks = (found.payback, found.discounted_payback)
    later = found.written_off_later
    return (
        money(found.invested),
        gap_text(found.npv),
        value_text("roi", found.roi),
        *(never if months is None else _months(months) for months in paybacks),
        "n/a" if found.rate is None else _rate(found.rate),
        positive_text(found).replace(", dice only", ""),
        ABSENT if abs(later) < HALF_A_CENT else money(later),
    )


def _months(months: float) -> str:
    return typeset(f"{months:.1f} months")


def _rate(rate: float) -> str:
    return f"{ratio(rate, 2)} a month"

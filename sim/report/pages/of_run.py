"""The page of a run: today's figures beside the simulated ones, then its metrics."""

from __future__ import annotations

from sim.core.clock import WEEKS_PER_YEAR
from sim.core.statistics import estimate
from sim.experiments.closing import level_line
from sim.metrics import label_of
from sim.report.pages.broken_down import types_of_run
from sim.report.pages.money import level_sheet
from sim.report.pages.page import Page, Sheet, Tone
from sim.report.pages.remarks import length_text, remarks
from sim.report.pages.texts import check_texts, value_text, width_text
from sim.report.pages.today import gaps
from sim.report.pages.worth import COLUMNS, CONVENTION, worth_rows
from sim.runs.expected import expectations_met
from sim.runs.run import Run

SHOWN = (
    "offered", "abandonment", "service_level", "asa", "aht", "occupancy", "fcr", "offer_rate",
    "acceptance", "revenue", "margin", "cost", "contribution", "cost_per_resolved",
    "self_funding", "csat", "nps", "churn", "customers", "paid_hours",
)  # fmt: skip
OF_PEOPLE = ("engagement", "turnover")
OUTCOMES: dict[str, Tone] = {"met": "good", "not met": "bad"}


def run_page(run: Run) -> Page:
    """Today's figures, checks, metrics with their intervals, and the worth of a customer."""
    spec = run.scenario.spec
    money = [level_sheet(run)] if run.pace else []
    sheets = [
        *gap_sheets(run), *_checks(run), _metrics(run), *types_of_run(run), *money, *_worth(run),
    ]  # fmt: skip
    notes = (level_line(run), *remarks(run))
    return Page(spec.name, (), tuple(sheets), beside=spec.question, remarks=notes)


def gap_sheets(run: Run) -> list[Sheet]:
    """The table typed | simulated | gap; no sheet if no figure of today is typed."""
    found = gaps(run)
    if not found:
        return []
    columns = ("today", "typed", "simulated", "± 95 %", "gap")
    rows = tuple((gap.name, gap.typed, gap.simulated, gap.half_width, gap.gap) for gap in found)
    tones: tuple[Tone, ...] = tuple("careful" if gap.is_large else "" for gap in found)
    return [Sheet("", columns, rows, tones=tones, wraps=False)]


def over(run: Run) -> str:
    """Words for the time over which sums are, such as ` over 4 weeks`; empty for a whole year."""
    length = length_text(run.scenario)
    return "" if length == f"{WEEKS_PER_YEAR} weeks" else f" over {length}"


def _checks(run: Run) -> list[Sheet]:
    rows = tuple(check_texts(one, run.scenario) for one in expectations_met(run))
    tones: tuple[Tone, ...] = tuple(OUTCOMES.get(row[-1], "careful") for row in rows)
    columns = ("checks", "expected", "simulated", "")
    return [Sheet("", columns, rows, ends_in_text=True, tones=tones, wraps=False)] if rows else []


def _metrics(run: Run) -> Sheet:
    columns = (f"metric{over(run)}", "value", "± 95 % (dice only)")
    rows = []
    for name in _shown_of(run):
        e = estimate(run.samples[name])
        rows.append((label_of(name, run.scenario), value_text(name, e), width_text(name, e)))
    return Sheet("", columns, tuple(rows), wraps=False)


def _shown_of(run: Run) -> tuple[str, ...]:
    """The metrics that a run's page shows: blocked contacts only if `lines` are typed, how people
    feel only if they are typed one by one.
    """
    after, last = SHOWN.index("abandonment") + 1, SHOWN.index("churn")
    blocked = ("blocked",) if run.scenario.spec.lines is not None else ()
    people = OF_PEOPLE if run.scenario.has_people else ()
    return (*SHOWN[:after], *blocked, *SHOWN[after:last], *people, *SHOWN[last:])


def _worth(run: Run) -> list[Sheet]:
    """The worth of a customer of each segment, and how it is reckoned."""
    rows = tuple(worth_rows(run.scenario))
    return [Sheet("", COLUMNS, rows, (CONVENTION,), wraps=False)] if rows else []

"""The page of a path: whether it leads to a profit center, and what each step is worth."""

from __future__ import annotations

from collections.abc import Sequence

from sim.core.statistics import Estimate
from sim.experiments.floors import Held
from sim.experiments.path import (
    CONTRIBUTION,
    MEASURES,
    RETAINED,
    Path,
    Quarter,
    Worth,
    answer,
    estimates,
)
from sim.language.quantities import MINUS, typeset
from sim.report.amounts import ABSENT, money
from sim.report.pages.page import Page, Sheet, Tone
from sim.report.pages.remarks import played_text, remarks
from sim.report.pages.sheets import gap_text
from sim.report.pages.texts import value_text

WIDTH_OF_NAMES, WIDTH_OF_FIGURES = 28, 11


def path_page(path: Path, found: Sequence[Held], width: int | None = None) -> Page:
    """The answer, money by quarter, the steps, and metrics of customers and people with floors."""
    base = path.base
    shown = [name for name in MEASURES if any(path.money(-1, RETAINED).ravel())]
    sheets = [
        sheet
        for measure in shown or [CONTRIBUTION]
        for sheet in _money_sheets(path, measure, width)
    ]
    notes = ("A step's result depends on those that are there: in this order, alone, added last.",)
    return Page(
        f"path of {base.scenario.spec.name}: {played_text(base)}",
        (f"{answer(path)}.",),
        (*sheets, _steps_sheet(path), _held_sheet(path, found)),
        notes,
        remarks=(*_of_steps(path), *remarks(path.runs[-1])),
    )


def _of_steps(path: Path) -> list[str]:
    """Remarks on steps that improve something for nothing, strain people, or free agents."""
    found = []
    for step, worth in zip(path.steps, path.worth, strict=True):
        if worth.unpriced:
            found.append(f"{step.name}: unpriced: improves {', '.join(worth.unpriced)} for nothing")
        if worth.strains_people:
            found.append(
                f"{step.name}: not priced: people: fewer hours are paid, or people are busier or"
                " paid less, and nobody reacts"
            )
        if worth.seats_stay:
            found.append(
                f"{step.name}: seats did not follow: a bot takes work over, and agents idle more"
            )
        if worth.leaves_work:
            found.append(
                f"{step.name}: work left undone: {worth.leaves_work} contacts wait unanswered at"
                " the end, and no figure knows what these customers think"
            )
    return found


def _money_sheets(path: Path, measure: str, width: int | None) -> list[Sheet]:
    """A row for the base and with each step added, a column for each quarter."""
    quarters = path.quarters
    room = len(quarters) if width is None else (width - WIDTH_OF_NAMES) // WIDTH_OF_FIGURES
    at_once = max(1, room)
    by_row = [estimates(path.money(row, measure)) for row in range(len(path.runs))]
    sheets = []
    for first in range(0, len(quarters), at_once):
        chosen = range(first, min(first + at_once, len(quarters)))
        rows = []
        for name, found in zip(path.names, by_row, strict=True):
            cells = (found[q] for q in chosen)
            is_base = name == path.names[0] and measure == RETAINED
            rows.append((name, *(MINUS if is_base else _amount(e) for e in cells)))
        currency = path.base.scenario.spec.currency
        heading = f"{measure}, {currency} by 13 weeks" if not first else ""
        columns = ("with", *(_head(quarters[q]) for q in chosen))
        sheets.append(Sheet(heading, columns, tuple(rows), wraps=False))
    return sheets


def _amount(e: Estimate) -> str:
    return money(e.value, half_width=e.half_width)


def _head(quarter: Quarter) -> str:
    """The name of a quarter, with the number of its weeks unless these are 13."""
    weeks = quarter.weeks.stop - quarter.weeks.start
    return quarter.name if weeks == 13 else f"{quarter.name} ({weeks} wk)"


def _steps_sheet(path: Path) -> Sheet:
    """What each step adds to the result over the horizon, and when it is paid back."""
    base = path.base.scenario
    rows = tuple(
        (
            step.name,
            step.starts(base).isoformat(),
            *(gap_text(e) for e in (worth.in_order, worth.alone, worth.last)),
            _payback(worth),
        )
        for step, worth in zip(path.steps, path.worth, strict=True)
    )
    weeks = base.spec.horizon.length_weeks
    few = f", the last two of {path.few} replications" if path.few < path.base.replications else ""
    heading = f"what a step adds to the result, {base.spec.currency} over {weeks:.3g} weeks{few}"
    columns = ("step", "from", "in this order", "alone", "added last", "payback in this order")
    return Sheet(heading, columns, rows, ends_in_text=True, names=2, wraps=False)


def _payback(worth: Worth) -> str:
    if worth.returned is None:
        return "nothing is paid once"
    if worth.returned.payback is None:
        return "not within the horizon"
    return typeset(f"{worth.returned.payback:.1f} months")


def _held_sheet(path: Path, found: Sequence[Held]) -> Sheet:
    """Mean of the last quarter, and the worst quarter, beside the floors."""
    rows = []
    for one in found:
        worst = one.worst
        at_worst = f"{value_text(one.metric, one.path[worst])} in {path.quarters[worst].name}"
        floor = one.floor.words if one.floor else ABSENT
        rows.append(
            (
                one.label,
                value_text(one.metric, one.base[-1]),
                value_text(one.metric, one.path[-1]),
                at_worst,
                floor,
                _outcome(path, one),
            )
        )
    last = path.quarters[-1].name
    columns = ("customers and people", f"base, {last}", f"all steps, {last}", "worst quarter",
               "floor", "")  # fmt: skip
    tones: tuple[Tone, ...] = tuple(
        "bad" if one.broken else "good" if one.floor else "" for one in found
    )
    return Sheet("", columns, tuple(rows), ends_in_text=True, tones=tones, wraps=False)


def _outcome(path: Path, one: Held) -> str:
    """Whether a floor holds in every quarter; else in how many it does not, and from when on."""
    if one.floor is None:
        return ""
    if not one.broken:
        return "holds"
    n, of = len(one.broken), len(path.quarters)
    return f"broken in {n} of {of} quarters, first in {path.quarters[one.broken[0]].name}"

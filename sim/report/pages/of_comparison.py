"""The pages of a comparison: one screen of verdicts, and with `--full` all differences."""

from __future__ import annotations

from collections.abc import Sequence

from sim.experiments.closing import level_line
from sim.experiments.comparison import Against, Comparison
from sim.experiments.rounding import rounded
from sim.experiments.same_service import Serving
from sim.experiments.turning_points import TurningPoints
from sim.language.quantities import typeset
from sim.metrics import METRICS
from sim.metrics.labels import repeated
from sim.metrics.periods import first_year_text
from sim.report.pages.forms import form_sheets
from sim.report.pages.money import money_sheets
from sim.report.pages.of_run import gap_sheets, over, run_page
from sim.report.pages.page import Finding, Page, Sheet
from sim.report.pages.people import people_line
from sim.report.pages.remarks import far_from_today, played_text, remarks, remarks_of_play
from sim.report.pages.returns import return_line, return_sheets
from sim.report.pages.texts import (
    compared_label,
    difference_text,
    says_something,
    scenarios_of,
    value_text,
)
from sim.report.pages.turning_points import belief_line, belief_sheet

ROUGHLY = 0.05  # what a cost in closed form is true to
NARROW, WIDE = 42, 22  # columns for names and baseline, and for each variant


def comparison_pages(
    comparison: Comparison,
    beliefs: Sequence[TurningPoints],
    width: int | None = None,
    *,
    full: bool = False,
) -> list[Page]:
    """The screen of verdicts; with `full` also the baseline, all differences and turning points.

    The screen comes last. Without a width (Markdown) all variants stand side by side.
    """
    screen = _screen(comparison, beliefs)
    if not full:
        return [screen]
    return [run_page(comparison.base), _differences(comparison, beliefs, width), screen]


def _screen(comparison: Comparison, beliefs: Sequence[TurningPoints]) -> Page:
    """A verdict for each variant; typed figures of today only if the simulation is far off."""
    base = comparison.base
    today = gap_sheets(base) if far_from_today(base) else []
    serving = Serving(base)
    found = [
        Finding(
            against.run.scenario.spec.name,
            against.verdict.told,
            below_verdict(comparison, against, believed, serving),
        )
        for against, believed in zip(comparison.variants, beliefs, strict=True)
    ]
    title = f"against {base.scenario.spec.name}: {played_text(base)}"
    return Page(title, (), (*today, *found), remarks=tuple(remarks_on(comparison)))


def below_verdict(
    comparison: Comparison, against: Against, beliefs: TurningPoints, serving: Serving
) -> tuple[str, ...]:
    """Lines below a verdict: people, what to believe, levels, same service, one-off costs."""
    returned, beside = return_line(against), people_line(against)
    return (
        *([f"customers and people: {beside}"] if beside else []),
        f"to believe: {belief_line(comparison, against, beliefs)}",
        f"level: {level_line(against.run)}",
        *same_service_lines(comparison, against, serving),
        *([f"return: {returned}"] if returned else []),
    )


def same_service_lines(comparison: Comparison, against: Against, serving: Serving) -> list[str]:
    """What serving as well as the baseline would take; empty where the variant serves alike."""
    found = serving.like_it(against)
    if found is None:
        return []
    spec, result = comparison.base.scenario.spec, found.result
    told = first_year_text(spec.horizon.length_weeks)
    does = "costs" if found.more > 0 else "saves"
    seats = typeset(f"{found.more:+.1%}")
    money = f"{spec.currency} {rounded(abs(found.cost.value), ROUGHLY * abs(found.cost.value))}"
    left = rounded(abs(result.value), max(result.half_width, ROUGHLY * abs(found.cost.value)))
    return [
        f"same service: to lose as few contacts as {spec.name} it would need about {seats} seats,"
        f" which {does} {money} {told}; it then earns {spec.currency} {left}"
        f" {'more' if result.value >= 0 else 'less'} (in closed form, not played)"
    ]


def _differences(
    comparison: Comparison, beliefs: Sequence[TurningPoints], width: int | None
) -> Page:
    """The differences in every metric with paired intervals, and the tables of turning points."""
    base = comparison.base
    title = (
        f"differences from {base.scenario.spec.name}{over(base)},"
        " with paired 95 % intervals (dice only)"
    )
    room = len(comparison.variants) if width is None else (width - NARROW) // WIDE
    at_once = max(1, room)
    tables = [
        _table(comparison, comparison.variants[first : first + at_once])
        for first in range(0, len(comparison.variants), at_once)
    ]
    pairs = zip(comparison.variants, beliefs, strict=True)
    boxes = [
        sheet
        for against, believed in pairs
        for sheet in (
            *form_sheets(comparison, against),
            belief_sheet(comparison, against, believed),
        )
    ]
    money = [*money_sheets(comparison)[1:], *return_sheets(comparison, width)]
    return Page(title, (), (*tables, *money, *boxes))


def _table(comparison: Comparison, variants: Sequence[Against]) -> Sheet:
    names = [against.run.scenario.spec.name for against in variants]
    alike = repeated(*scenarios_of(comparison))
    rows = tuple(
        (
            compared_label(name, comparison),
            value_text(name, comparison.metrics[name]),
            *(
                difference_text(name, a.differences[name].variant, a.differences[name].gap)
                for a in variants
            ),
        )
        for name in METRICS
        if name not in alike and says_something(name, comparison)
    )
    columns = ("metric", comparison.base.scenario.spec.name, *names)
    return Sheet("", columns, rows, wraps=False)


def remarks_on(comparison: Comparison) -> list[str]:
    """Each remark once; a remark that does not concern all runs names those that it concerns."""
    runs = (comparison.base, *(against.run for against in comparison.variants))
    found: dict[str, list[str]] = {}
    for run in runs:
        for line in remarks(run) if run is comparison.base else remarks_of_play(run):
            found.setdefault(line, []).append(run.scenario.spec.name)
    return [
        line if len(names) == len(runs) else f"{', '.join(names)}: {line}"
        for line, names in found.items()
    ]

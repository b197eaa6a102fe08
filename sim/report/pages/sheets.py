"""Tables of figures for reports: metrics with their benchmarks, lines of the ledger.

A run alone is a comparison without variants. Sums are shown for the first year, or for the weeks
that were played. The baseline shows no metric that means something only as a difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.core.statistics import Estimate, Sample, difference, estimate
from sim.experiments.comparison import Against, Comparison, line_differences
from sim.experiments.level import ONLY_AS_DIFFERENCE
from sim.language.quantities import MINUS
from sim.metrics import METRICS
from sim.metrics.ledger import COMING_AND_GOING, SUPPORT
from sim.metrics.paid_contacts import ACCOUNT
from sim.metrics.periods import FIRST_YEAR, first_year_text
from sim.metrics.returns import HALF_A_CENT
from sim.report.amounts import money
from sim.report.pages.page import Sheet
from sim.report.pages.texts import (
    compared_label,
    difference_text,
    says_something,
    value_text,
    width_text,
)

RETAINED, RESULT = "retained margin, less discounts", "result"
ONLY_AGAINST_BASELINE = (RETAINED, RESULT)
"""Lines that have no amount for the baseline: they are differences from it."""
WIDTH_OF_NAMES, WIDTH_OF_FIGURES = 52, 24  # names, baseline and benchmark; each variant


def when(comparison: Comparison) -> str:
    """Words for the time over which sums are: `in the first year`, or the weeks played."""
    return first_year_text(comparison.base.scenario.spec.horizon.length_weeks)


def in_chunks(comparison: Comparison, width: int | None) -> list[list[Against]]:
    """Variants in groups, as many at once as fit the width; all at once without a width."""
    variants = comparison.variants
    room = len(variants) if width is None else (width - WIDTH_OF_NAMES) // WIDTH_OF_FIGURES
    at_once = max(1, room)
    chunks = [variants[i : i + at_once] for i in range(0, len(variants), at_once)]
    return chunks or [[]]


def metric_sheets(
    heading: str, comparison: Comparison, groups: Mapping[str, Sequence[str]], width: int | None
) -> list[Sheet]:
    """Metrics of the baseline, and what each variant changes in them.

    `groups` are metrics by the title that stands above them; an empty title is not shown.
    """
    sheets = []
    for chunk in in_chunks(comparison, width):
        columns = (*columns_of("metric", comparison, chunk), "benchmark")
        rows = []
        for title, names in groups.items():
            if title:
                rows.append((f"– {title}", *[""] * (len(columns) - 1)))
            rows += [
                _metric_row(comparison, chunk, name)
                for name in names
                if says_something(name, comparison)
            ]
        sheets.append(Sheet(heading, columns, tuple(rows), ends_in_text=True))
    return sheets


def statement_sheets(comparison: Comparison, width: int | None) -> list[Sheet]:
    """Profit and loss by lines that add up to contribution."""
    groups, base = statement(comparison), comparison.base
    first_year = base.ledger.of_weeks(FIRST_YEAR)
    sheets = []
    for chunk in in_chunks(comparison, width):
        gaps = [line_differences(base, a.run, groups) for a in chunk]
        rows = []
        for label, accounts in groups.items():
            own = estimate(Sample(first_year.total(*accounts).sum(axis=1)))
            cells = [gap_text(gap[label]) for gap in gaps]
            shown = amount_texts(own, alone=not chunk)
            if label in ONLY_AGAINST_BASELINE:
                shown = (MINUS,)
            rows.append((label, *shown, *cells))
        heading = f"profit and loss, {base.scenario.spec.currency} {when(comparison)}"
        sheets.append(Sheet(heading, columns_of("line", comparison, chunk), tuple(rows)))
    return sheets


def statement(comparison: Comparison) -> dict[str, tuple[str, ...]]:
    """Label → accounts of the ledger: every line of contribution once, then contribution.

    Compared with a baseline, what is kept follows, and the result.
    """
    others = [against.run for against in comparison.variants]
    runs = (comparison.base, *others)
    products = dict.fromkeys(p for run in runs for p in run.scenario.products)
    specs = [spec for run in runs for spec in run.scenario.spec.contacts.values()]
    labour = "cost:labour:"
    paid = {"margin of paid contacts": (f"margin:{ACCOUNT.format('')}",)}
    leads = {"leads": ("cost:leads:",)}
    initiatives = {"initiatives": ("cost:initiatives:",)}
    vendors = {"outsourcing": ("cost:outsourcing:",)}
    bots = {"bots": ("cost:self_service:",)}
    has_vendor = any(
        name.startswith(vendors["outsourcing"]) for r in runs for name in r.ledger.lines
    )
    return {
        **{f"margin of {product}": (f"margin:{product}:",) for product in products},
        **(paid if any(spec.price for spec in specs) else {}),
        "commission": ("cost:commission:",),
        **(leads if any(spec.lead_cost for spec in specs) else {}),
        "wages: handling": tuple(labour + p for p in ("talk", "hold", "offers", "wrap_up")),
        "wages: idle": (f"{labour}idle",),
        "wages: shrinkage": (f"{labour}shrinkage",),
        "overtime premium": (f"{labour}overtime_premium",),
        "charges on wages": (f"{labour}on_cost",),
        **(vendors if has_vendor else {}),
        **(bots if any(run.scenario.has_bot for run in runs) else {}),
        "hiring, training, severance": COMING_AND_GOING,
        "supervision, quality, planning": SUPPORT,
        "overhead and licences": ("cost:overhead:", "cost:licences:"),
        "telecom": ("cost:telecom",),
        **(initiatives if any(run.scenario.spec.initiatives for run in runs) else {}),
        "contribution": ("margin:", "cost:"),
        **({RETAINED: ("kept:",), RESULT: ("margin:", "cost:", "kept:")} if others else {}),
    }


def amount_texts(e: Estimate, *, alone: bool) -> tuple[str, ...]:
    """Cells of an amount; `alone`, the half-width of its interval is a second cell."""
    e = _to_the_cent(e)
    value = money(e.value, half_width=e.half_width) if abs(e.value) >= 0.5 else "0"
    if not alone:
        return (value,)
    return value, _half_width(e)


def gap_text(gap: Estimate) -> str:
    """A difference of money with the half-width of its paired interval."""
    gap = _to_the_cent(gap)
    value = money(gap.value, signed=True, half_width=gap.half_width)
    return f"{value} ± {_half_width(gap)}" if gap.has_interval else value


def _to_the_cent(e: Estimate) -> Estimate:
    """The estimate with 0 in place of less than half a cent: equal sums differ by rounding."""
    value, half_width = (0.0 if abs(x) < HALF_A_CENT else x for x in (e.value, e.half_width))
    return e._replace(value=value, half_width=half_width)


def _half_width(e: Estimate) -> str:
    return money(e.half_width, half_width=e.half_width) if e.has_interval else ""


def label_of(name: str, comparison: Comparison) -> str:
    """A metric's name as reports show it; with the horizon if it is only a difference."""
    label = compared_label(name, comparison)
    if name in ONLY_AS_DIFFERENCE:
        return f"{label}, {comparison.base.scenario.spec.horizon.length_weeks:.3g} weeks"
    return label


def columns_of(first: str, comparison: Comparison, chunk: Sequence[Against]) -> tuple[str, ...]:
    """The heads of columns: of names, of the baseline, and of each variant."""
    if not chunk:
        return first, "value", "± 95 %"
    names = [against.run.scenario.spec.name for against in chunk]
    return first, comparison.base.scenario.spec.name, *names


def _metric_row(comparison: Comparison, chunk: Sequence[Against], name: str) -> tuple[str, ...]:
    base, adds_up = comparison.base, METRICS[name].adds_up
    own = estimate(base.first_year[name]) if adds_up else comparison.metrics[name]
    if name in ONLY_AS_DIFFERENCE:
        shown = ["as a difference only" if not chunk else MINUS, *([""] * (not chunk))]
    else:
        shown = [value_text(name, own), *([width_text(name, own)] if not chunk else [])]
    cells = []
    for against in chunk:
        variant, gap = against.differences[name][2:]
        if adds_up:
            first = against.run.first_year[name]
            variant, gap = estimate(first), difference(base.first_year[name], first)
        cells.append(difference_text(name, variant, gap))
    return label_of(name, comparison), *shown, *cells, METRICS[name].benchmark

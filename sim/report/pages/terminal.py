"""What a run and a comparison say in the terminal."""

from __future__ import annotations

from math import nan

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.core.clock import WEEKS_PER_YEAR
from sim.core.statistics import Estimate, estimate
from sim.experiments.comparison import Against, Comparison
from sim.experiments.verdict import ANOTHER_WORLD, UNPRICED, Verdict, rounded
from sim.language.quantities import typeset
from sim.metrics import METRICS, label_of
from sim.report.amounts import money
from sim.report.pages.first_look import told_too_early
from sim.report.pages.today import gaps
from sim.report.pages.worth import COLUMNS, CONVENTION, worth_rows
from sim.runs.expected import Met, expectations_met
from sim.runs.run import Run
from sim.scenario.check_initiatives import not_reached
from sim.scenario.hints import said_of
from sim.scenario.scenario import Scenario
from sim.weeks.counts import OFFERED, STILL_OPEN

SHOWN = (
    "offered", "abandonment", "service_level", "asa", "aht", "occupancy", "fcr", "offer_rate",
    "acceptance", "revenue", "margin", "cost", "contribution", "cost_per_resolved",
    "self_funding", "csat", "nps", "churn", "customers", "paid_hours",
)  # fmt: skip
DIFFERENCES = {"base_margin": "base, retained margin"}  # its difference is the retained margin
NARROW, WIDE = 42, 22  # columns for names and baseline, and for each variant


def print_run(run: Run, console: Console) -> None:
    """Today's figures beside the simulated ones, then the metrics with their intervals."""
    spec = run.scenario.spec
    console.print(Text.assemble("\n", (spec.name, "bold"), f"  {spec.question}"))
    print_gaps(run, console)
    _print_checks(run, console)
    table = Table(box=None, pad_edge=False)
    metric = f"metric{_over(run)}"
    for column, side in ((metric, "left"), ("value", "right"), ("± 95 % (dice only)", "right")):
        table.add_column(column, justify=side)  # type: ignore[arg-type]
    for name in _shown_of(run):
        e = estimate(run.samples[name])
        table.add_row(label_of(name, run.scenario), value_text(name, e), width_text(name, e))
    console.print(table)
    _print_worth(run, console)
    for line in remarks(run):
        console.print(Text.assemble(("note", "yellow"), f" {line}"))


def _shown_of(run: Run) -> tuple[str, ...]:
    """The metrics of a run; blocked contacts where lines are typed."""
    if run.scenario.spec.lines is None:
        return SHOWN
    after = SHOWN.index("abandonment") + 1
    return (*SHOWN[:after], "blocked", *SHOWN[after:])


def _print_worth(run: Run, console: Console) -> None:
    """What a customer of each segment is worth, and what that means."""
    rows = worth_rows(run.scenario)
    if not rows:
        return
    table = Table(box=None, pad_edge=False)
    for i, column in enumerate(COLUMNS):
        table.add_column(column, justify="right" if i else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print()
    console.print(table)
    console.print(Text(CONVENTION, "dim"))


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Differences from the baseline in every metric, with paired intervals."""
    base = comparison.base.scenario.spec.name
    over = _over(comparison.base)
    paired = f"{over}, with paired 95 % intervals (dice only)"
    console.print(Text.assemble("\ndifferences from ", (base, "bold"), paired))
    at_once = max(1, (console.width - NARROW) // WIDE)
    for first in range(0, len(comparison.variants), at_once):
        variants = comparison.variants[first : first + at_once]
        console.print(_differences(comparison, variants, tuple(METRICS)))
        console.print()


def _over(run: Run) -> str:
    """Over which time sums are, where that is not a year."""
    horizon = run.scenario.spec.horizon
    if horizon.n_weeks == WEEKS_PER_YEAR:
        return ""
    n, unit = (horizon.days, "day") if horizon.days else (horizon.n_weeks, "week")
    return f" over {n} {unit}{'' if n == 1 else 's'}"


def verdict_text(verdict: Verdict) -> str:
    """Kind and sentence, each said once; what is unpriced, or of another world, begins so."""
    lead, sentence = "", verdict.sentence
    if sentence.startswith(ANOTHER_WORLD):
        lead, joint, sentence = sentence.partition("; ")
        lead += joint
    if sentence.startswith(UNPRICED):
        lead, sentence = f"{lead}{UNPRICED}", sentence.removeprefix(UNPRICED)
    kind = "" if sentence.startswith(verdict.kind) else f"{verdict.kind}: "
    return f"{lead}{kind}{sentence}"


def _differences(comparison: Comparison, variants: list[Against], names: tuple[str, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("metric")
    table.add_column(comparison.base.scenario.spec.name, justify="right", overflow="fold")
    for against in variants:
        table.add_column(against.run.scenario.spec.name, justify="right", overflow="fold")
    for name in names:
        cells = [
            difference_text(name, a.differences[name].variant, a.differences[name].gap)
            for a in variants
        ]
        label = compared_label(name, comparison)
        table.add_row(label, value_text(name, comparison.metrics[name]), *cells)
    return table


def compared_label(name: str, comparison: Comparison) -> str:
    """What a metric is called beside its differences."""
    scenarios = [run.scenario for run in (comparison.base, *(a.run for a in comparison.variants))]
    return DIFFERENCES.get(name, label_of(name, *scenarios))


def remarks(run: Run) -> list[str]:
    """What a reader must know before believing a run."""
    return [*_beside_today(run), *remarks_of_play(run)]


def far_from_today(run: Run) -> list[str]:
    """Figures of today from which the simulation is far."""
    return [gap.name for gap in gaps(run) if gap.is_large]


def _beside_today(run: Run) -> list[str]:
    """How much the figures of today say about this run."""
    found, spec = [], run.scenario.spec
    large = far_from_today(run)
    if large:
        found.append(
            f"the simulation is far from today's {', '.join(large)}: correct the scenario before"
            " trusting its what-ifs, unless it is itself one"
            + (", or this one replication is an odd one" if run.replications == 1 else "")
        )
    if spec.initiatives and gaps(run):
        found.append("today's figures stand beside a center that initiatives have changed since")
    return found


def remarks_of_play(run: Run) -> list[str]:
    """What a reader must know of how a run went."""
    found = told_too_early(run.scenario) + not_reached(run.scenario.spec)
    found += said_of(run.scenario)
    inside = run.tally.contacts[..., STILL_OPEN].sum(axis=(1, 2)).mean()
    if inside > 0.001 * max(1.0, run.tally.contacts[..., OFFERED].sum(axis=(1, 2)).mean()):
        found.append(
            f"the queue did not drain: {inside:,.0f} contacts were still waiting at the end"
        )
    return found


def value_text(name: str, e: Estimate) -> str:
    """A value in its unit."""
    if e.value != e.value:
        return "n/a"
    match METRICS[name].unit:
        case "share":
            return typeset(f"{100 * e.value:.1f} %")
        case "money":
            small = abs(e.value) < 1000
            if not small:
                return money(e.value, half_width=e.half_width or None)
            return typeset(f"{e.value:.2f}")
        case "s":
            return typeset(f"{e.value:.1f} s")
        case "points":
            return typeset(f"{e.value:+.1f}")
        case _:
            return typeset(f"{e.value:,.0f}")


def width_text(name: str, e: Estimate) -> str:
    """The half-width of a value's interval in its unit."""
    return "" if not e.has_interval else _plain(name, e.half_width, e.half_width)


def difference_text(name: str, variant: Estimate, gap: Estimate) -> str:
    """A difference and the half-width of its interval, or the value where none can be formed."""
    if gap.value != gap.value:
        return value_text(name, variant) if variant.value == variant.value else "n/a"
    sign = "+" if gap.value > 0 else ""
    text = f"{sign}{_plain(name, gap.value, gap.half_width)}"
    return f"{text} ± {_plain(name, gap.half_width, gap.half_width)}" if gap.has_interval else text


def _plain(name: str, value: float, half_width: float) -> str:
    unit = METRICS[name].unit
    if unit == "share":
        return typeset(f"{100 * value:.2f} pt")
    if half_width != half_width:
        return typeset(f"{value:,.4g}")
    suffix = {"s": " s", "points": " pt"}.get(unit, "")
    return rounded(value, half_width) + suffix


def print_gaps(run: Run, console: Console) -> None:
    """The table typed | simulated | gap; nothing where nothing is typed of today."""
    found = gaps(run)
    if not found:
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("today")
    for column in ("typed", "simulated", "± 95 %", "gap"):
        table.add_column(column, justify="right")
    for gap in found:
        style = "yellow" if gap.is_large else ""
        table.add_row(
            gap.name, gap.typed, gap.simulated, gap.half_width, Text(gap.gap, style=style)
        )
    console.print(table)
    console.print()


def check_texts(one: Met, scenario: Scenario) -> tuple[str, str, str, str]:
    """Name, what was expected, what came out with its interval, and whether that is met."""
    name = label_of(one.metric, scenario) + (f" a {one.per}" if one.per else "")
    low, high = (
        value_text(one.metric, one.found._replace(value=v, half_width=nan)) for v in one[1:3]
    )
    value, width = value_text(one.metric, one.found), width_text(one.metric, one.found)
    return name, f"{low} to {high}", f"{value} ± {width}" if width else value, one.outcome


def _print_checks(run: Run, console: Console) -> None:
    found = expectations_met(run)
    if not found:
        return
    table = Table(box=None, pad_edge=False)
    for column, side in (("checks", "left"), ("expected", "right"), ("simulated", "right")):
        table.add_column(column, justify=side)  # type: ignore[arg-type]
    table.add_column("")
    for one in found:
        *cells, outcome = check_texts(one, run.scenario)
        style = {"met": "green", "not met": "red"}.get(outcome, "yellow")
        table.add_row(*cells, Text(outcome, style=style))
    console.print(table)
    console.print()

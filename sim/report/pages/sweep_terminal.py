"""What a sweep says in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.core.statistics import estimate
from sim.experiments.axes import listed
from sim.experiments.comparison import CONTAINS
from sim.experiments.sweep import Sweep, best, gap, indistinct, judged
from sim.metrics import label_of
from sim.report.pages.terminal import difference_text, value_text, verdict_text, width_text

_MOST_NAMED = 6


def print_sweep(swept: Sweep, beside: tuple[str, ...], console: Console) -> None:
    """A row for each point, then what the best of them is worth, and which are as good."""
    spec = swept.unswept.scenario.spec
    head = Text.assemble("\n", (spec.name, "bold"), f"  {spec.question}")
    console.print(head, soft_wrap=True)
    console.print(f"differences from it as it is, with paired 95 % intervals ({CONTAINS})")
    console.print(_table(swept, (swept.metric, *(n for n in beside if n != swept.metric))))
    for line in _best_lines(swept):
        console.print(Text(line), soft_wrap=True)
    reused = sum(point.reused for point in swept.points) + swept.reused
    runs = len(swept.points) + 1
    console.print(f"{runs} runs: {runs - reused} played, {reused} reused", soft_wrap=True)


def _table(swept: Sweep, names: tuple[str, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for axis in swept.axes:
        side = "right" if axis.is_numeric else "left"
        table.add_column(axis.short, justify=side, overflow="fold")
    for name in names:
        table.add_column(label_of(name, swept.unswept.scenario), justify="right")
        table.add_column("difference" if name == swept.metric else "", justify="right")
    unswept = [estimate(swept.samples[name]) for name in names]
    cells = [
        cell
        for name, e in zip(names, unswept, strict=True)
        for cell in (value_text(name, e), f"± {width_text(name, e)}" if e.has_interval else "")
    ]
    table.add_row("as it is", *[""] * (len(swept.axes) - 1), *cells)
    for point in swept.points:
        cells = []
        for name in names:
            e = estimate(point.samples[name])
            cells += [value_text(name, e), difference_text(name, e, gap(swept, point, name))]
        table.add_row(*(Text(value.label) for value in point.point.values), *cells)
    return table


def _best_lines(swept: Sweep) -> list[str]:
    place = best(swept, swept.metric)
    if place is None:
        return [f"{swept.metric} has no value at any point"]
    verdict = judged(swept, place)
    label = swept.points[place].point.label
    of = f"best by {swept.metric} of {len(swept.points)} points, judged together"
    lines = [f"{of}: {label} — {verdict_text(verdict)}"]
    like = [point.point.label for point in indistinct(swept, place, swept.metric)]
    if like:
        more = len(like) - _MOST_NAMED
        named = listed([*like[:_MOST_NAMED], f"{more} more"] if more > 0 else like)
        lines.append(f"not to be told apart from it: {named} (paired, {CONTAINS})")
    return lines

"""Results as tables of pandas, for notebooks: the rows that the CSV files hold, with their types.

Tables are tidy: one observation a row, the unit in a column beside the value or in the column's
name. Money is in the scenario's currency, over the horizon unless the column says otherwise; shares
are 0..1; missing values are nan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import nan
from typing import Any

import pandas as pd

from sim.core.errors import did_you_mean
from sim.experiments.breakeven import BreakEven
from sim.experiments.comparison import Comparison
from sim.experiments.path import Path
from sim.experiments.sweep import Sweep
from sim.report.tables import (
    comparison_table,
    evaluated_table,
    path_table,
    points_table,
    returns_table,
    roots_table,
)
from sim.runs.contacts import contact_columns
from sim.runs.folder import TABLES
from sim.runs.run import Run

Result = Run | Comparison | Sweep | BreakEven | Path

_OF_COMPARISON = {"differences": comparison_table, "returns": returns_table}
_OF_SWEEP = {"points": points_table}
_OF_PATH = {"quarters": path_table}
_OF_BREAK_EVEN = {"evaluated": evaluated_table, "roots": roots_table}


def frame(of: Result, what: str = "") -> pd.DataFrame:
    """One table of a result; without `what` the first of its kind.

    Of a run:
      metrics      metric, unit, replication, value
      weeks        week (from 1), metric, replication, value: sums and ratios
      months       the same by fiscal month, such as Jan 2027
      segments     segment, metric, unit, replication, value
      intervals    weekday, start (HH:MM), type, counts of contacts over all weeks and replications,
                   occupancy (share)
      seats        weekday, start, group, seats, heads_to_schedule
      ledger       line, replication, amount (money over the horizon; costs are negative)
      assumptions  path, value (as typed), mark, evidence, overridden (yes, no)
      contacts     a row a contact: replication, issue, attempt, leg, type, segment, customer,
                   outcome, arrived_s, answered_s, left_s (from the start), group, seat, talk_s,
                   hold_s, offer_s, wrap_up_s, resolved, product, accepted, last_of_issue;
                   only of a run with `keep_contacts=True`
    Of a comparison:
      differences  variant, metric, unit, baseline, value, difference, low, high (paired, 95 %)
      returns      variant, month (from the start), cash, accrual, cumulative, low, high, discounted
                   (cumulative): mean differences of variants that pay more once
    Of a sweep, from `vary`:
      points       a column for each parameter (a number where it is one: 20% is 0.2), metric, unit,
                   value, low, high, difference, difference_low, difference_high (from the scenario
                   as it is; paired, 95 %)
    Of a path, from `take_path`:
      quarters     with (the base, then `+ step`), measure (contribution, retained margin, result),
                   quarter, week (its first), value, low, high (money of 13 weeks)
    Of a break-even, from `break_even`:
      evaluated    the parameter in the unit in which it is typed, difference, low, high (of the
                   deciding metric, in its unit; paired, 95 %)
      roots        the parameter where there is no difference, low, high (nan: beyond the range)

    Raises ValueError, with a remedy, where there is no such table.
    """
    if what == "contacts" and isinstance(of, Run):
        return _contacts(of)
    kind, tables = _tables_of(of)
    name = what or next(iter(tables))
    if name not in tables:
        known = [*tables, "contacts"] if kind == "run" else list(tables)
        raise ValueError(f"a {kind} has no table '{name}': {did_you_mean(name, known)}")
    header, rows = tables[name](of)
    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    found = pd.DataFrame(dict(zip(header, map(_typed, columns), strict=True)))
    return _with_numbers(found, of) if isinstance(of, Sweep) else found


def _with_numbers(points: pd.DataFrame, swept: Sweep) -> pd.DataFrame:
    """What a sweep varied, as numbers where all its values are."""
    for axis in swept.axes:
        if axis.is_numeric:
            numbers = {value.text: value.number for value in axis.values}
            points[axis.name] = [numbers[text] for text in points[axis.name]]
    return points


def _tables_of(of: Result) -> tuple[str, dict[str, Callable[[Any], Any]]]:
    if isinstance(of, Run):
        return "run", {file.removesuffix(".csv"): table for file, table in TABLES.items()}
    if isinstance(of, Comparison):
        return "comparison", _OF_COMPARISON
    if isinstance(of, Sweep):
        return "sweep", _OF_SWEEP
    if isinstance(of, Path):
        return "path", _OF_PATH
    return "break-even", _OF_BREAK_EVEN


def _contacts(run: Run) -> pd.DataFrame:
    if not run.contacts:
        remedy = "play it with sim.run(scenario, keep_contacts=True)"
        raise ValueError(f"this run kept no contacts: {remedy}")
    return pd.DataFrame(contact_columns(run))


def _typed(cells: Sequence[Any]) -> pd.Series:
    """Numbers where all are numbers or missing; what is written as text stays text."""
    if any(isinstance(cell, str) and cell for cell in cells):
        return pd.Series(cells)
    if "" in cells:
        return pd.Series([nan if cell == "" else cell for cell in cells], dtype=float)
    return pd.Series(cells)

"""The files of a result: what each holds, and the columns of its tables.

Tables take their headers from here, and the reference prints all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sim.weeks.counts import CONTACT_COUNTS


class KeptFile(NamedTuple):
    """One file of a folder of results."""

    holds: str
    columns: Mapping[str, str] = {}
    """What each column of a table holds, by the name of the column."""


_METRIC = {"metric": "the key of a metric", "unit": "its unit"}
_LUCK = {"replication": "0, 1, …"}
_COUNTED = {
    name: f"{'milliseconds' if name.endswith('_ms') else 'contacts'}, summed"
    for name in CONTACT_COUNTS.names or ()
}
_WHEN = {"weekday": "Mon … Sun", "start": "time of day at which the interval starts"}

RUN_FILES = {
    "provenance.json": KeptFile(
        "what was played, when, with which seed and program; checksums of the other files"
    ),
    "scenario.yaml": KeptFile("the scenario with all that it inherits, readable again"),
    "metrics.csv": KeptFile(
        "every metric over the horizon, by replication",
        {**_METRIC, **_LUCK, "value": "empty where nothing can be divided"},
    ),
    "weeks.csv": KeptFile(
        "every metric that is a sum or a ratio, by week and replication",
        {"week": "1 is the first", "metric": "its key", **_LUCK, "value": "of that week"},
    ),
    "months.csv": KeptFile(
        "the same by fiscal month, to which the weeks that start in it belong",
        {"month": "such as Jan 2027", "metric": "its key", **_LUCK, "value": "of that month"},
    ),
    "segments.csv": KeptFile(
        "what each customer segment got, by replication",
        {"segment": "its name", **_METRIC, **_LUCK, "value": "of that segment"},
    ),
    "intervals.csv": KeptFile(
        "contacts by interval of the week and type, summed over replications and weeks",
        {
            **_WHEN,
            "type": "contact type",
            **_COUNTED,
            "occupancy": "handling ÷ time on duty of all groups",
        },
    ),
    "seats.csv": KeptFile(
        "seats on duty by interval of the week and group",
        {
            **_WHEN,
            "group": "group of agents",
            "seats": "seats on duty",
            "heads_to_schedule": "seats ÷ (1 − shrinkage), rounded up",
        },
    ),
    "ledger.csv": KeptFile(
        "every line of the ledger over the horizon, by replication",
        {"line": "its account", **_LUCK, "amount": "in the scenario's currency; costs below 0"},
    ),
    "assumptions.csv": KeptFile(
        "every number that has a default",
        {
            "path": "the key",
            "value": "what is played",
            "mark": "decision, environment or outcome",
            "evidence": "what the default rests on",
            "overridden": "yes: the scenario typed it",
        },
    ),
    "tally.npz": KeptFile("all counts as arrays of whole numbers, from which a run is read again"),
}
"""In the order in which they are written."""

_MOMENT = "seconds from the start of the horizon"
CONTACTS_FILE = KeptFile(
    "every contact of a run, one row each; written with `--contacts`, as Parquet where pyarrow is",
    {
        **_LUCK,
        "issue": "contacts about one thing share it",
        "attempt": "1 is the first",
        "leg": "1 is the call that came in",
        "type": "contact type",
        "segment": "customer segment",
        "customer": "number of the customer, over all segments; -1: not modelled",
        "outcome": "how it ended",
        "arrived_s": _MOMENT,
        "answered_s": f"{_MOMENT}; empty: never",
        "left_s": f"{_MOMENT}; empty: not yet",
        "group": "group of agents who answered",
        "seat": "number of the seat, over all groups; -1: nobody answered",
        "talk_s": "seconds",
        "hold_s": "seconds",
        "offer_s": "seconds",
        "wrap_up_s": "seconds",
        "resolved": "whether it solved the issue",
        "product": "what was offered",
        "accepted": "whether it was bought",
        "last_of_issue": "whether no other contact follows",
    },
)
"""Of `contacts.parquet` or `contacts.csv.gz`, with `--contacts`."""
PICTURES = KeptFile(
    "pictures, with `--figures`: service level and seats over the week, people by week"
)
"""Of the `*.png` of a run."""

_SPAN = {"low": "lower end of its 95 % interval", "high": "upper end"}
COMPARISON_FILES = {
    "comparison.csv": KeptFile(
        "every metric of every variant beside the baseline",
        {
            "variant": "name of the scenario",
            **_METRIC,
            "baseline": "value of the baseline",
            "value": "value of the variant",
            "difference": "variant − baseline, paired",
            **_SPAN,
        },
    ),
    "returns.csv": KeptFile(
        "cash minus that of the baseline, of each variant with more one-off costs",
        {
            "variant": "name of the scenario",
            "month": "when it falls, in months of 52/12 weeks from the start",
            "cash": "one-off costs when they are paid; mean of the replications",
            "accrual": "the result: one-off costs as they are written off",
            "cumulative": "cash since the start",
            **_SPAN,
            "discounted": "cash since the start, each flow in money of the start",
        },
    ),
    "comparison.json": KeptFile(
        "the same with verdicts, turning points and, after `--believe`, the points behind them;"
        " names the folders of its runs"
    ),
    "*.png": KeptFile(
        "pictures: profit and satisfaction, bridges, weeks, cash, service level; where issues end,"
        " if there is a bot or more than one channel"
    ),
    "report.html": KeptFile("all of it as one page for a board, with numbers that can be moved"),
}
PATH_FILES = {
    "path.csv": KeptFile(
        "money by 13 weeks, of the base and with each step added",
        {
            "with": "the base, or + the step that is added",
            "measure": "contribution, retained margin (against the base), result",
            "quarter": "the calendar quarter in which most of the weeks lie",
            "week": "the first of them; 1 is the first",
            "value": "mean of the replications",
            **_SPAN,
        },
    ),
    "path.json": KeptFile("the same with the answer, steps, floors; names the folders of its runs"),
    "path.png": KeptFile("contribution, result and what each step adds, by quarter"),
}
SWEEP_FILES = {
    "points.csv": KeptFile(
        "a row for each point and metric, after a column for each parameter that varies",
        {
            **_METRIC,
            "value": "at the point",
            **_SPAN,
            "difference": "from the scenario as typed, paired",
            "difference_low": "lower end of its 95 % interval",
            "difference_high": "upper end",
        },
    ),
    "sweep.json": KeptFile("the same, with the best point; names the folders of its runs"),
    "*.png": KeptFile("pictures: curves, a map or dots"),
}

"""Forms of the model: what each difference would be if customers reacted in another way."""

from __future__ import annotations

from sim.core.statistics import Estimate
from sim.experiments.comparison import Against, Comparison
from sim.experiments.few import REPLICATIONS
from sim.experiments.figures import RESULT, VALUE
from sim.experiments.forms import moved
from sim.metrics import label_of
from sim.metrics.periods import first_year_text
from sim.report.amounts import ABSENT
from sim.report.pages.page import Sheet
from sim.report.pages.texts import difference_text

NOTE = (
    f"Played with {REPLICATIONS} replications; each form moves the difference by what it changes in"
    " them. How they react is not known better than this range."
)


def form_sheets(comparison: Comparison, against: Against) -> list[Sheet]:
    """A row for the form that is typed, and one for each other form; no sheet if none was tried."""
    if not against.shifts:
        return []
    base = comparison.base.scenario
    metric, weeks = base.spec.decide_on, base.spec.horizon.length_weeks
    is_sum = metric in against.money
    first = against.money[metric].first if is_sum else against.differences[metric].gap
    value = against.money[RESULT].value if is_sum else None
    beside = against.money[RESULT].first if metric == VALUE else value
    rows = [
        ("as it is typed", "", difference_text(metric, first, first), _text(beside)),
        *(
            (
                f"if {one.form}",
                one.key,
                difference_text(metric, there := moved(first, one.by.first), there),
                _text(beside and moved(beside, one.by.other or 0.0)),
            )
            for one in against.shifts
        ),
    ]
    head = f"{label_of(metric, base)}{f', {first_year_text(weeks)}' if is_sum else ''}"
    columns = ("customers", "typed as", head, "result" if metric == VALUE else "value")
    if beside is None:
        columns, rows = columns[:3], [row[:3] for row in rows]
    who = "customers and agents" if base.has_people else "customers"
    heading = f"how {who} may react: {against.run.scenario.spec.name}"
    return [Sheet(heading, columns, tuple(rows), (NOTE,), names=2)]


def _text(e: Estimate | None) -> str:
    return ABSENT if e is None else difference_text(VALUE, e, e)

"""The table of assumptions: defaults with weak evidence that can move the deciding metric.

A value without a default, such as a volume, is a fact of the scenario and no assumption.
"""

from __future__ import annotations

from sim.experiments.comparison import Comparison
from sim.experiments.weak_numbers import OPINION
from sim.language.node import dotted
from sim.language.quantities import read_quantity
from sim.report.pages.page import Sheet
from sim.scenario.assumptions import Assumption, assumptions_of


def assumption_sheet(comparison: Comparison) -> Sheet:
    """The defaults with weak evidence that some scenario uses and the deciding metric feels."""
    runs = (comparison.base, *(against.run for against in comparison.variants))
    found = {one.path: one for run in runs for one in assumptions_of(run.scenario)}
    weak = [one for one in found.values() if one.is_weak]
    shown = [one for one in weak if _matters(one, comparison.base.scenario.spec.decide_on)]
    rows = tuple((dotted(one.path), str(one.value), one.evidence.words) for one in shown)
    more = f"{len(weak) - len(shown)} more" if len(weak) > len(shown) else "All"
    note = f"{more} with their evidence, and all that were overridden: assumptions.csv of each run."
    return Sheet(
        "assumptions on weak evidence", ("number", "default", "evidence"), rows, (note,), True
    )


def _matters(one: Assumption, decide_on: str) -> bool:
    """Whether a number is not 0 and can move the deciding metric."""
    quantity = read_quantity(one.value)
    if quantity is None or quantity.number == 0:
        return False
    return one.path[0] != "experience" or decide_on in OPINION

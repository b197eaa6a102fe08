"""Assumptions: every number that the program would fill in, on what evidence, and who overrode it.

A value without a default, such as a volume, is a fact of the scenario and no assumption.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.beliefs import OPINION
from sim.comparison import Comparison
from sim.explain import TYPED, values_of
from sim.nodes import Path_, dotted
from sim.report.page import Sheet
from sim.scenario import Scenario
from sim.units import read_quantity

WEAK = ("[P]", "[GK]", "weak")
"""Our proposals, general knowledge not read again, and what says so of itself."""


class Assumption(NamedTuple):
    """One number that has a default."""

    path: Path_
    value: Any
    mark: str
    """decision, environment or outcome."""
    evidence: str
    """Of the default."""
    overridden: bool
    """Whether the scenario typed it."""

    @property
    def is_weak(self) -> bool:
        """Whether a default is in use that the world, not the company, decides, on weak grounds."""
        is_poor = any(sign in self.evidence for sign in WEAK)
        return is_poor and not self.overridden and self.mark != "decision"


def assumptions_of(scenario: Scenario) -> list[Assumption]:
    """In the order of the blocks."""
    found = []
    for value in values_of(scenario):
        typed = value.place is not None
        evidence = value.default_evidence if typed else value.evidence
        if value.value is not None and evidence not in ("", TYPED):
            found.append(Assumption(value.path, value.value, value.mark, evidence, typed))
    return found


def assumption_sheet(comparison: Comparison) -> Sheet:
    """The weakly supported defaults in use that matter to what decides, of all scenarios."""
    runs = (comparison.base, *(against.run for against in comparison.variants))
    found = {one.path: one for run in runs for one in assumptions_of(run.scenario)}
    weak = [one for one in found.values() if one.is_weak]
    shown = [one for one in weak if _matters(one, comparison.base.scenario.spec.decide_on)]
    rows = tuple((dotted(one.path), str(one.value), one.evidence) for one in shown)
    more = f"{len(weak) - len(shown)} more" if len(weak) > len(shown) else "All"
    note = f"{more} with their evidence, and all that were overridden: assumptions.csv of each run."
    return Sheet(
        "assumptions on weak evidence", ("number", "default", "evidence"), rows, (note,), True
    )


def _matters(one: Assumption, decide_on: str) -> bool:
    """A number that is not switched off and that the deciding metric can feel."""
    quantity = read_quantity(one.value)
    if quantity is None or quantity.number == 0:
        return False
    return one.path[0] != "experience" or decide_on in OPINION

"""The assumptions of a scenario: every number that has a default, and whether it is weak."""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.language.evidence import TYPED, Evidence
from sim.language.node import KeyPath
from sim.scenario.scenario import Scenario
from sim.scenario.values import values_of


class Assumption(NamedTuple):
    """One number that has a default."""

    path: KeyPath
    value: Any
    mark: str
    """decision, environment or outcome."""
    evidence: Evidence
    """Of the default."""
    overridden: bool
    """Whether the scenario typed it."""

    @property
    def is_weak(self) -> bool:
        """Whether a default is in use that the world, not the company, decides, on weak grounds."""
        return self.evidence.is_weak and not self.overridden and self.mark != "decision"


def assumptions_of(scenario: Scenario) -> list[Assumption]:
    """Every number that has a default, in the order of the blocks."""
    found = []
    for value in values_of(scenario):
        typed = value.place is not None
        evidence = value.default_evidence if typed else value.evidence
        if value.value is not None and evidence.kind != TYPED.kind:
            found.append(Assumption(value.path, value.value, value.mark, evidence, typed))
    return found
